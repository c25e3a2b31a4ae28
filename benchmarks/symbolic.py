"""What the symbolic side takes, beside SymPy's own matrix derivative and tensorgrad: a table in Markdown.

    python benchmarks/symbolic.py                            # make bench runs it
    python benchmarks/symbolic.py --runs 9 --tensorgrad PYTHON

Each run is a process of its own with one implementation in it, implementations take turns, medians are shown.
Imports and the excerpt are wall time, process start included for the excerpt; the rest is time of the processor.
tensorgrad is left out where it is not installed; PYTHON names the interpreter of an environment that has it.
"""
from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
EXCERPT = ROOT / "tests" / "data" / "tutorial_excerpt.md"
PATIENCE = 40                                                # seconds for one process
Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.  target: what we promise, in `unit`; key: the field of the results that is shown."""

    what: str
    task: str
    target: float | None = None
    unit: str = "s"
    key: str = "seconds"


ROWS = (
    Row("`import lstm_sym`, fresh process",                              "import",       0.7),
    Row("the same with everything behind `backward`, `latex`, `decide`", "import-all"),
    Row("gradient of one tanh layer, warm",                              "layer",        None, "ms"),
    Row("LSTM, all gradients: ours for every t, the others for one step", "gradients",   50,   "ms"),
    Row("sigma' = sigma (1 - sigma) and tanh' = 1 - tanh^2, the slower", "slopes",       20,   "ms"),
    Row("26 forms of papers against the derived ones, median",           "identities",   20,   "ms", "median"),
    Row("the same, the slowest",                                         "identities",   20,   "ms"),
    Row("2 unrolled steps differentiated",                               "unrolled-2",   None, "s"),
    Row("32 unrolled steps",                                             "unrolled-32",  None, "s"),
    Row("64 unrolled steps",                                             "unrolled-64",  None, "s"),
    Row("128 unrolled steps",                                            "unrolled-128", None, "s"),
    Row("256 unrolled steps (ours: the LSTM; the others: a tanh net)",   "unrolled-256", 2,    "s"),
    Row("tutorial excerpt checked, process start included",              "excerpt",      2,    "s"),
    Row("its peak memory",                                               "excerpt",      300,  "MB", "megabytes"),
)
SCALE = {"s": 1, "ms": 1000, "MB": 1}
PEERS = {"lstm_sym": "ours.py", "SymPy": "with_sympy.py", "tensorgrad": "with_tensorgrad.py"}


def child(command: list[str]) -> Result:
    """Wall time, peak memory and, if it printed any, the JSON of a process."""
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT,
                                   env={**os.environ, "PYTHONPATH": str(ROOT)})
        watch = threading.Timer(PATIENCE, process.kill)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        taken = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.cancel()
        out.seek(0)
        lines = out.read().decode("utf-8", errors="replace").splitlines()
    if taken >= PATIENCE:
        return {"error": f"> {PATIENCE} s"}
    found = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {"seconds": taken}
    return {**found, "megabytes": usage.ru_maxrss / 1024, "code": process.returncode}


def command(peer: str, task: str, tensorgrad: str | None) -> list[str] | None:
    """How `peer` does `task`; None where it cannot be asked."""
    if task == "excerpt":
        here = peer == "lstm_sym" and EXCERPT.exists()
        return [sys.executable, "-m", "lstm_sym", "check", str(EXCERPT.relative_to(ROOT))] if here else None
    python = tensorgrad if peer == "tensorgrad" else sys.executable
    asked = f'"{task}"' in (HERE / PEERS[peer]).read_text(encoding="utf-8") or task.startswith("unrolled")
    return [python, str(HERE / PEERS[peer]), task] if python and asked else None


def measured(runs: int, tensorgrad: str | None) -> dict[tuple[str, str], list[Result]]:
    """Every task by every peer, `runs` times, the peers in turn; what ended in an error is not run again."""
    results: dict[tuple[str, str], list[Result]] = {}
    for _ in range(runs):
        for task in dict.fromkeys(row.task for row in ROWS):
            for peer in PEERS:
                before = results.setdefault((peer, task), [])
                how = command(peer, task, tensorgrad)
                if how and not gave_up(peer, task, results):
                    before.append(child(how))
    return results


def gave_up(peer: str, task: str, results: dict[tuple[str, str], list[Result]]) -> bool:
    """Did this task end in an error, or unrolling over fewer steps?"""
    alike = {what for _, what in results if what.startswith("unrolled")} if task.startswith("unrolled") else {task}
    return any("error" in r for what in alike for r in results.get((peer, what), ()))


def cell(row: Row, found: list[Result]) -> str:
    """The median in the unit of the row, or the error."""
    errors = [r["error"] for r in found if "error" in r]
    if errors or not found:
        return errors[0] if errors else "-"
    if "each" in found[0] and any(verdict not in ("Equal", "True") for verdict, _ in found[0]["each"].values()):
        return ", ".join(f"{name} {verdict}" for name, (verdict, _) in found[0]["each"].items())
    values = [value(row, r) * SCALE[row.unit] for r in found]
    digits = 0 if row.unit == "MB" else 1 if row.unit == "ms" else 2
    return f"{statistics.median(values):.{digits}f} {row.unit}"


def value(row: Row, result: Result) -> float:
    """The field of a result that the row shows."""
    if row.key == "median":
        return statistics.median(taken for _, taken in result["each"].values())
    return float(result.get(row.key, 0.0))


def table(results: dict[tuple[str, str], list[Result]]) -> str:
    """Markdown: a row a task, a column a peer, the target and whether it is met."""
    head = ["| | target | " + " | ".join(PEERS) + " |", "|---|---|" + "---|" * len(PEERS)]
    return "\n".join([*head, *(line(row, results) for row in ROWS)])


def line(row: Row, results: dict[tuple[str, str], list[Result]]) -> str:
    """One row; a missed target is said so."""
    cells = [cell(row, results[peer, row.task]) for peer in PEERS]
    if row.target is None:
        return f"| {row.what} | | " + " | ".join(cells) + " |"
    number = cells[0].split()[0]
    met = number.replace(".", "").isdigit() and float(number) < row.target
    return f"| {row.what} | < {row.target:g} {row.unit}{'' if met else ', missed'} | " + " | ".join(cells) + " |"


def growth(results: dict[tuple[str, str], list[Result]]) -> str:
    """Time and nodes a step at each number of unrolled steps: constant if both are linear."""
    rows = ["| T | nodes | nodes a step | ms a step |", "|---|---|---|---|"]
    for steps in (32, 64, 128, 256):
        found = results["lstm_sym", f"unrolled-{steps}"]
        nodes, taken = found[0]["nodes"], statistics.median(r["seconds"] for r in found)
        rows.append(f"| {steps} | {nodes} | {nodes / steps:.1f} | {1000 * taken / steps:.2f} |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="processes for each number")
    parser.add_argument("--tensorgrad", metavar="PYTHON", help="interpreter of an environment with tensorgrad")
    given = parser.parse_args()
    own = sys.executable if find_spec("tensorgrad") else None
    results = measured(given.runs, given.tensorgrad or own)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, median of {given.runs} processes\n")
    print(table(results), growth(results), sep="\n\n")


if __name__ == "__main__":
    main()
