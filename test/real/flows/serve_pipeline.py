"""Serves one of the flows of `pipeline`. Arguments: its name, JSON of `flow.serve()`'s options."""

import json
import sys

import pipeline

if __name__ == "__main__":
    getattr(pipeline, sys.argv[1]).serve(**json.loads(sys.argv[2]))
