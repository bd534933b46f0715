"""The autoloader for the pools of examples/autoloader. Argument: JSON list of due ingestions. Prints the ids of the runs."""

import json
import sys
import time
from pathlib import Path

from prefect import flow, task
from prefect.deployments import run_deployment


@task(tags=["autoloader-dev-object-store"])
def read(gate: str | None):
    """Waits until the gate file exists."""
    while gate and not Path(gate).exists():
        time.sleep(0.1)


@flow
def ingest(size_gb: float, gate: str | None = None):
    read(gate)


def place(size_gb: float, trigger: str):
    """Deployment, queue and job variables."""
    if size_gb > 10:
        return "ingest/large", "high-memory", {"memory": "128Gi"} if size_gb > 100 else {}
    return "ingest/small", "priority" if trigger == "manual" else "default", {}


if __name__ == "__main__":
    for ingestion in json.loads(sys.argv[1]):
        deployment, queue, job_variables = place(ingestion["size_gb"], ingestion.pop("trigger"))
        run = run_deployment(
            deployment,
            parameters=ingestion,
            work_queue_name=queue,
            job_variables=job_variables,
            timeout=0,
        )
        print(run.id)
