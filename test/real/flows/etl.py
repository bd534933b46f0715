"""An orchestrator whose subflows run on workers, and whose queries share a database."""

import asyncio
import time
from pathlib import Path

from prefect import flow, task
from prefect.deployments import run_deployment
from prefect.flow_runs import wait_for_flow_run
from prefect.futures import wait


@task(tags=["database"])
def query(table: int, part: int, seconds: float, until: str):
    """Takes this many seconds and, if a file is named, waits until it exists."""
    time.sleep(seconds)
    while until and not Path(until).exists():
        time.sleep(0.1)


@flow
def process_table(table: int, parts: int = 2, seconds: float = 1, until: str = ""):
    parts_of_it = [query.submit(table, part, seconds, until) for part in range(parts)]
    wait(parts_of_it)
    for part in parts_of_it:
        part.result()


@flow
async def main_etl(tables: int):
    started = [
        await run_deployment("process-table/etl", parameters={"table": table}, timeout=0) for table in range(tables)
    ]
    ended = await asyncio.gather(*[wait_for_flow_run(run.id) for run in started])
    print(f"{sum(run.state.is_completed() for run in ended)} of {tables} tables are done")


if __name__ == "__main__":
    asyncio.run(main_etl(20))
