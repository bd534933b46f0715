"""Runs many `prefect` commands without paying for Prefect's imports each time.

A line of stdin is the JSON list of one command's words; the answer is a line of JSON with code, stdout and stderr. Each
command has a process of its own, forked from one that has imported the CLI and done nothing else, and goes through the
CLI's own entry point. What Prefect reads while it is imported, the profile and the environment, is as it was when the
session began.
"""

import gc
import importlib
import json
import os
import sys
import tempfile
import threading

from prefect.cli import app

# Imported by the commands when they need them.
for name in [
    "dateparser",
    "prefect.cli.artifact",
    "prefect.cli.automation",
    "prefect.cli.block",
    "prefect.cli.concurrency_limit",
    "prefect.cli.deployment",
    "prefect.cli.events",
    "prefect.cli.flow",
    "prefect.cli.flow_run",
    "prefect.cli.global_concurrency_limit",
    "prefect.cli.task_run",
    "prefect.cli.variable",
    "prefect.cli.work_pool",
    "prefect.cli.work_queue",
    "prefect.events.clients",
    "prefect.flow_engine",
    "prefect.flows",
    "prefect.workers.utilities",
]:
    importlib.import_module(name)

# A fork takes only its own thread along: what another one has locked would stay locked.
if threading.active_count() != 1:
    sys.exit(f"imports have started threads: {threading.enumerate()}")

# Else each child would look through, and so copy, all that was imported: twice the time of a command.
gc.collect()
gc.freeze()


def be_prefect(words, stdout, stderr):
    """In the child. Ends the process as `prefect` does."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(stdout.fileno(), 1)
    os.dup2(stderr.fileno(), 2)
    sys.argv = ["prefect", *words]
    sys.exit(app())


for line in sys.stdin:
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        child = os.fork()
        if child == 0:
            be_prefect(json.loads(line), stdout, stderr)
        ended = {"code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}
        for what, file in [("stdout", stdout), ("stderr", stderr)]:
            file.seek(0)
            ended[what] = file.read().decode()
    print(json.dumps(ended), flush=True)
