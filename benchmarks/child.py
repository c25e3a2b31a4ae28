"""One task in a fresh process: what it took, as one line of JSON for `symbolic.py`."""
from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

Task = Callable[[], Any]                                     # its result is a note for the table, or None


def seconds(work: Task, runs: int = 1) -> float:
    """Median time of `work`."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main(tasks: Mapping[str, Callable[[], dict[str, Any]]]) -> None:
    """Run the task named on the command line; an error is a result too, since peers end in errors."""
    try:
        found = tasks[sys.argv[1]]()
    except (Exception, RecursionError) as error:
        found = {"error": type(error).__name__}
    print(json.dumps(found))
