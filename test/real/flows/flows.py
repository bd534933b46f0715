"""Flows that the tests deploy and run."""

import os
import sys
import time
from pathlib import Path

from prefect import flow


@flow
def fine(name: str = "world"):
    print(f"hello {name}")
    return name


@flow
def broken():
    raise ValueError("broken on purpose")


@flow
def needs(file: str):
    """Fails until the file exists."""
    Path(file).read_text()


@flow
def gone():
    """Exits the process unexpectedly."""
    os._exit(3)


@flow(retries=1, retry_delay_seconds=0)
def second_try():
    from prefect.context import FlowRunContext

    if FlowRunContext.get().flow_run.run_count < 2:
        raise ValueError("the first try fails")


@flow
def waits(file: str, seconds: float = 60):
    """Runs until the file exists."""
    end = time.monotonic() + seconds
    while not Path(file).exists():
        if time.monotonic() > end:
            sys.exit(f"{file} did not come")
        time.sleep(0.1)
