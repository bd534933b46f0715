"""Deploys `pipeline.report` from this folder. Argument: JSON of `flow.deploy()`'s options. Prints the deployment's id."""

import json
import sys
from pathlib import Path

from prefect import flow

source = str(Path(__file__).parent)
report = flow.from_source(source=source, entrypoint="pipeline.py:report")
print(report.deploy(print_next_steps=False, ignore_warnings=True, **json.loads(sys.argv[1])))
