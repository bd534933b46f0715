"""A flow of one of the users who share a machine, as in examples/per-user-pools."""

import json
import time
from pathlib import Path

from prefect import flow
from prefect.concurrency.sync import concurrency


@flow
def work(user: str, number: int, gate: str):
    """Runs until the gate file exists, and writes a note with start and end."""
    with concurrency("machine", strict=True):
        start = time.time()
        while not Path(gate).exists():
            time.sleep(0.1)
        # So that runs that start after the gate exists overlap, too.
        time.sleep(0.5)
        Path(gate).with_name(f"{user}-{number}.note").write_text(json.dumps({"start": start, "end": time.time()}))
