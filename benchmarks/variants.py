"""Time of every gated cell beside the plain LSTM, at equal matrix-product work: forward and all gradients, one thread, float32.

All cells take turns in one process; the table shows medians of CPU time, divided by the entries of the weight matrices and
relative to the LSTM.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/variants.py [--seconds 75]
"""
from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median

import numpy as np

from lstm_sym.cells.catalogue import MODELS, model
from lstm_sym.codegen.compile import compile

STEPS, BATCH, SIZES = 100, 32, {"m": 128, "n": 128}
CELLS = [name for name in MODELS if name.startswith(("lstm", "gru"))]
TARGETS = ("numpy", "c")


def prepared(name: str, target: str) -> tuple[Callable[[], object], int]:
    """One forward and backward, and the entries of the weight matrices."""
    r, rng, bound = model(name), np.random.default_rng(0), SIZES["n"] ** -0.5
    shapes = {q.name: [int(s.subs({x: SIZES[x.name] for x in s.free_symbols})) for s in q.shape if s != 1] for q in r.parameters}
    params = {k: rng.uniform(-bound, bound, shape).astype("float32") for k, shape in shapes.items()}
    x, d = (rng.normal(size=(STEPS, BATCH, SIZES[k])).astype("float32") for k in "mn")
    state = {q.name: np.zeros((BATCH, SIZES["n"]), "float32") for q in r.initial}
    net = compile(name, target, "float32")

    def run() -> object:
        _, tape = net.forward(params, x, state)
        return net.backward(params, tape, {"h": d})
    return run, sum(v.size for v in params.values() if v.ndim == 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=75.0, help="of measuring, all together")
    seconds = parser.parse_args().seconds
    nets = {(name, target): prepared(name, target) for target in TARGETS for name in CELLS}
    times: dict[tuple[str, str], list[float]] = {key: [] for key in nets}
    end = time.monotonic() + seconds
    while time.monotonic() < end or not all(times.values()):
        for key, (run, _) in nets.items():
            start = time.process_time()
            run()
            times[key].append(time.process_time() - start)
    by_work = {key: median(times[key]) / work for key, (_, work) in nets.items()}
    print("| cell |" + "".join(f" {target} ms | ratio |" for target in TARGETS) + "\n" + "|---" * (1 + 2 * len(TARGETS)) + "|")
    for name in CELLS:
        cells = (f" {median(times[name, t]) * 1e3:.1f} | {by_work[name, t] / by_work['lstm', t]:.2f} |" for t in TARGETS)
        print(f"| {name} |" + "".join(cells))


if __name__ == "__main__":
    main()
