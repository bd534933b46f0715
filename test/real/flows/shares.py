"""Shares global concurrency limits with other processes: `python shares.py GO COMMAND LIMIT …`. Says that it is
ready, and begins when the file GO is there. Prints a line of JSON for each grant."""

import json
import sys
import time
from pathlib import Path

from prefect.concurrency.sync import concurrency, rate_limit


def say(**what):
    print(json.dumps(what), flush=True)


def wait_for(file: str):
    while not Path(file).exists():
        time.sleep(0.1)


def take_turns(limit: str, occupy: str, turns: str):
    """Holds some slots for a second, again and again."""
    for _ in range(int(turns)):
        with concurrency(limit, occupy=int(occupy), strict=True):
            start = time.time()
            time.sleep(1)
            end = time.time()
        say(start=start, end=end)


def keep_pace(limit: str, turns: str):
    """Acquires a slot repeatedly. Each slot was granted between start and end."""
    for _ in range(int(turns)):
        start = time.time()
        rate_limit(limit, strict=True)
        say(start=start, end=time.time())


def hold(limit: str, until: str):
    """Holds a slot until a file is there. The lease is as short as the API lets it be."""
    with concurrency(limit, occupy=1, lease_duration=60, strict=True):
        say(held=True)
        wait_for(until)
    say(held=False)


if __name__ == "__main__":
    commands = {command.__name__: command for command in (take_turns, keep_pace, hold)}
    say(ready=True)
    wait_for(sys.argv[1])
    commands[sys.argv[2]](*sys.argv[3:])
