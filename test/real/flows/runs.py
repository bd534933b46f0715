"""What a program does with runs of deployments. Arguments: `run`, `wait` or `resume`; of which deployment or run; JSON of
options. Prints the run as it is then."""

import asyncio
import json
import sys
from uuid import UUID

from prefect.deployments import run_deployment
from prefect.flow_runs import resume_flow_run, wait_for_flow_run

what, which = sys.argv[1:3]
options = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}

if what == "run":
    run = run_deployment(which, poll_interval=1, **options)
elif what == "wait":
    print("waiting")
    run = asyncio.run(wait_for_flow_run(UUID(which), **options))
else:
    run = None
    resume_flow_run(UUID(which), **options)
if run is not None:
    result = run.state.result(raise_on_failure=False) if run.state.is_completed() else None
    print(json.dumps({"id": str(run.id), "state": run.state.name, "result": result}))
