"""Flows that use tasks, subflows, artifacts, variables, blocks, results and run input."""

import os

from prefect import flow, pause_flow_run, task
from prefect.artifacts import create_markdown_artifact
from prefect.blocks.system import Secret
from prefect.context import TaskRunContext
from prefect.deployments import run_deployment
from prefect.input import RunInput
from prefect.variables import Variable


class Verdict(RunInput):
    approved: bool
    by: str = "nobody"


@task
def rows(count: int):
    return list(range(count))


@task(retries=1)
def shaky():
    if TaskRunContext.get().task_run.run_count < 2:
        raise ValueError("the first try fails")


@flow(persist_result=True)
def summed(numbers: list[int]):
    return sum(numbers)


@flow(log_prints=True, persist_result=True)
def report(count: int = 3, ask: bool = False):
    """Counts rows and reports them."""
    shaky()
    total = summed(rows(count))
    name = f"total-of-{count}"
    Secret(value=f"{total} in all").save(name, overwrite=True)
    text = f"# {Variable.get('title')}\n\n{Secret.load(name).get()}"
    create_markdown_artifact(key="report", markdown=text, description="What was counted.")
    if ask:
        verdict = pause_flow_run(wait_for_input=Verdict, poll_interval=1)
        print(f"{verdict.by} says {verdict.approved}")
        if not verdict.approved:
            raise ValueError("not approved")
    return total


@flow
def calls(deployment: str):
    called = run_deployment(deployment, parameters={"count": 1}, poll_interval=1)
    assert called.state.is_completed(), called.state


@flow(log_prints=True)
def placed(region: str, size: int = 1):
    """Says where it runs and with what."""
    print(f"{os.getcwd()} of {os.environ.get('TEAM')}: {region}, {size}")
