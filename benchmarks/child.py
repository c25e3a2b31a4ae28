"""One task in a fresh process: what it took, as one line of JSON for `symbolic.py`."""
from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

Task = Callable[[], Any]                                     # its result is a note for the table, or None


def seconds(work: Task, runs: int = 1, clock: Callable[[], float] = time.process_time) -> float:
    """Median time of `work`: of the processor, because one thread works and the machine may be shared."""
    times = []
    for _ in range(runs):
        start = clock()
        work()
        times.append(clock() - start)
    return statistics.median(times)


def main(tasks: Mapping[str, Callable[[], dict[str, Any]]]) -> None:
    """Run the task named on the command line; an error is a result too, since peers end in errors."""
    try:
        found = tasks[sys.argv[1]]()
    except (Exception, RecursionError) as error:
        found = {"error": type(error).__name__}
    print(json.dumps(found))
