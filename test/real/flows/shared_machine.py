"""A flow of one of the people who share a machine, as in examples/per-user-pools."""

import json
import time
from pathlib import Path

from prefect import flow
from prefect.concurrency.sync import concurrency


@flow
def work(user: str, number: int, gate: str):
    """Works until the gate is there, and leaves a note of who worked when."""
    with concurrency("machine", strict=True):
        start = time.time()
        while not Path(gate).exists():
            time.sleep(0.1)
        # So that those who work after the gate has come work at the same time, too.
        time.sleep(0.5)
        Path(gate).with_name(f"{user}-{number}.note").write_text(json.dumps({"start": start, "end": time.time()}))
