"""Runs many `prefect` commands without importing Prefect for each of them.

Reads a JSON list of arguments per line from stdin, and prints a JSON line with code, stdout and stderr for each. Every
command runs in a process of its own, forked from one that has only imported the CLI, and uses the CLI's own entry
point. Profile and environment, which Prefect reads on import, are those of the start of the session.
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

# A forked process has one thread: a lock held by another would stay locked.
if threading.active_count() != 1:
    sys.exit(f"imports have started threads: {threading.enumerate()}")

# Otherwise garbage collection in each child would copy all imported objects, which doubles the time of a command.
gc.collect()
gc.freeze()


def run_prefect(args, stdout, stderr):
    """In the child. Ends the process as `prefect` does."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(stdout.fileno(), 1)
    os.dup2(stderr.fileno(), 2)
    sys.argv = ["prefect", *args]
    sys.exit(app())


for line in sys.stdin:
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        child = os.fork()
        if child == 0:
            run_prefect(json.loads(line), stdout, stderr)
        result = {"code": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}
        for what, file in [("stdout", stdout), ("stderr", stderr)]:
            file.seek(0)
            result[what] = file.read().decode()
    print(json.dumps(result), flush=True)
