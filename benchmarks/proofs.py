"""Seconds of computing to prove and to replay each theorem, and to certify matrices: python benchmarks/proofs.py

With --coq also the time that Coq takes for the library and for every exported proof.  With --markdown a table.
"""
from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")           # threads that wait for each other would be counted as work

import numpy as np

from lstm_sym.proof.certify import certify
from lstm_sym.proof.coq_check import check, compile_library, is_available
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.registry import THEOREMS, theorem

Row = tuple[str, float, float | None, str]                   # what, seconds, seconds to replay, remark
MATRICES = ((2, 0.6), (6, 0.6), (6, 1.4), (64, 0.4), (64, 0.6), (64, 1.4), (128, 0.4))


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of computing, and the result."""
    start = process_time()
    result = work()
    return process_time() - start, result


def theorems() -> list[Row]:
    """Each proof made and replayed; a theorem that another one used before is there already, as in any session."""
    rows: list[Row] = []
    for name in THEOREMS:
        proving, proved = timed(lambda name=name: theorem(name))
        replaying, steps = timed(lambda proved=proved: recheck(proved))
        rows.append((name, proving, replaying, f"{steps} steps"))
    rows.append(("all", sum(r[1] for r in rows), sum(r[2] or 0 for r in rows), f"{len(rows)} theorems"))
    return rows


def matrices() -> list[Row]:
    """Random matrices, entries normal with deviation size / sqrt(n)."""
    rows = []
    for n, size in MATRICES:
        W = np.random.default_rng(1).normal(size=(n, n)) * size / np.sqrt(n)
        seconds, report = timed(lambda W=W: certify(W))
        rows.append((f"certify, n = {n}, size {size}", seconds, None, report.verdict))
    return rows


def coq() -> list[Row]:
    """Coq's own time, in its processes: the library once, then every theorem."""
    if not is_available():
        return [("Coq", 0.0, None, "not installed")]
    with tempfile.TemporaryDirectory() as folder:
        before = os.times().children_user
        broken = compile_library(Path(folder))
        library = os.times().children_user
        refused = broken or {n: why for n, why in check({n: theorem(n) for n in THEOREMS}, Path(folder)).items() if why}
        return [("Coq: library", library - before, None, broken or "compiled"),
                ("Coq: all theorems", os.times().children_user - library, None, str(refused or "accepted"))]


def main() -> None:
    """Prints the table."""
    rows = [*theorems(), *matrices(), *(coq() if "--coq" in sys.argv else [])]
    if "--markdown" in sys.argv:
        print("| what | seconds | replayed in | |\n|---|---|---|---|")
    shape = "| {} | {:.2f} | {} | {} |" if "--markdown" in sys.argv else "{:32}{:8.3f} s {:>10}  {}"
    for what, seconds, replayed, remark in rows:
        print(shape.format(what, seconds, "" if replayed is None else f"{replayed:.3f} s", remark))


if __name__ == "__main__":
    main()
