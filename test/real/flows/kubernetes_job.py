"""Prints what a Kubernetes worker would start for a run, made by Prefect's own code. Argument: the run's id."""

import asyncio
import sys
from typing import Any
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.workers.base import BaseJobConfiguration


class KubernetesJob(BaseJobConfiguration):
    namespace: str
    job_manifest: dict[str, Any]


async def main():
    async with get_client() as client:
        run = await client.read_flow_run(UUID(sys.argv[1]))
        pool = await client.read_work_pool(run.work_pool_name)
        job = await KubernetesJob.resolve_for_flow_run(run, client=client, work_pool=pool, worker_name="nobody")
        print(job.model_dump_json())


asyncio.run(main())
