"""Time and memory of LSTM and RNN forward and backward, all gradients, on one thread: ours, torch.nn, JAX, plain NumPy.

Every implementation runs in a process of its own, the processes alternate; the table shows medians of CPU time relative
to torch.  Settings that force a BLAS kernel are removed from the children's environment, so that each library chooses.

    python benchmarks/numeric.py [--model lstm] [--dtype float32] [--rounds 5] [--sizes 0,1,2,3,4] [--only torch,numpy,c]
"""
from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from importlib.util import find_spec
from statistics import median

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
FORCED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
SIZES = ((50, 1, 32, 64), (1000, 1, 16, 32), (784, 16, 1, 128), (100, 32, 128, 128), (256, 64, 512, 512))   # T, B, m, n
TARGETS = {                                                  # relative to torch, what we aim at
    ("float32", "numpy"): (1.2, 3.8, 1.3, 1.6, 1.1), ("float32", "c"): (0.25, 0.25, 0.7, 1.05, 0.9),
    ("float64", "numpy"): (1.0,) * 5,                ("float64", "c"): (1.0,) * 5,
}
SECONDS = 1.0                                                # of work in each process


GATES = {"lstm": ("_i", "_f", "_g", "_o"), "rnn": ("",)}


def data(size: tuple[int, ...], dtype: str, model: str = "lstm") -> dict:
    import numpy as np
    T, B, m, n = size
    r, k, gates = np.random.default_rng(0), n**-0.5, GATES[model]
    arrays = {f"W{g}": r.uniform(-k, k, (n, n)) for g in gates} | {f"U{g}": r.uniform(-k, k, (n, m)) for g in gates}
    arrays |= {f"b{g}": r.uniform(-k, k, n) for g in gates}
    rest = {"x": r.normal(size=(T, B, m)), "d": r.normal(size=(T, B, n))}
    state = {name: np.zeros((B, n)) for name in ("hc" if model == "lstm" else "h")}
    groups = (("params", arrays), ("rest", rest), ("state", state))
    return {k: {q: v.astype(dtype) for q, v in part.items()} for k, part in groups}


def ours(target: str) -> Callable:
    def make(size: tuple[int, ...], dtype: str, model: str) -> Callable[[], object]:
        from lstm_sym.codegen.compile import compile
        net, d = compile(model, target, dtype), data(size, dtype, model)

        def run() -> object:
            trajectory, tape = net.forward(d["params"], d["rest"]["x"], d["state"])
            return trajectory, net.backward(d["params"], tape, {"h": d["rest"]["d"]})
        return run
    return make


def torch(size: tuple[int, ...], dtype: str, model: str) -> Callable[[], object]:
    import torch

    from lstm_sym.codegen.weights.torch_layout import params_to_torch
    torch.set_num_threads(1)
    d = data(size, dtype, model)
    module = getattr(torch.nn, model.upper())(size[2], size[3], dtype=getattr(torch, dtype))
    module.load_state_dict({k: torch.from_numpy(v) for k, v in params_to_torch(d["params"]).items()})
    leaves = [torch.from_numpy(v).requires_grad_() for v in (d["rest"]["x"], *(v[None] for v in d["state"].values()))]
    w, start = torch.from_numpy(d["rest"]["d"]), tuple(leaves[1:]) if model == "lstm" else leaves[1]
    leaves += module.parameters()

    def run() -> object:
        y, _ = module(leaves[0], start)
        return y, torch.autograd.grad(y, leaves, w)
    return run


def jax(size: tuple[int, ...], dtype: str, model: str) -> Callable[[], object]:
    """A jitted scan and its automatic derivative."""
    import jax

    from lstm_sym.codegen.jax_oracle import differentiated
    jax.config.update("jax_enable_x64", dtype == "float64")
    d = data(size, dtype, model)
    given = (d["params"], d["rest"]["x"], d["state"])
    given = jax.tree.map(jax.numpy.asarray, given)
    both = jax.jit(lambda p, x, s, w: differentiated(jax, model, p, x, s, {"h": w}))
    return lambda: jax.block_until_ready(both(*given, d["rest"]["d"]))


def products(size: tuple[int, ...], dtype: str, model: str) -> Callable[[], object]:
    """Nothing but the matrix products, by NumPy's BLAS: a limit for what calls it at every step."""
    import numpy as np
    T, B, m, n = size
    d, g = data(size, dtype, model), len(GATES[model])
    x, h, a = d["rest"]["x"].reshape(T * B, m), d["rest"]["d"], np.ones((T, B, g * n), dtype)
    W, U = (np.concatenate([d["params"][k + gate] for gate in GATES[model]]) for k in "WU")
    W_T, U_T = np.ascontiguousarray(W.T), np.ascontiguousarray(U.T)
    sums, carry, flat = np.empty((B, g * n), dtype), np.empty((B, n), dtype), a.reshape(T * B, g * n)

    def run() -> object:
        in_a = np.dot(x, U_T)
        for h_t in h:
            np.dot(h_t, W_T, sums)
        for a_t in a:
            np.dot(a_t, W, carry)
        return in_a, np.dot(flat, U), np.dot(flat.T, h.reshape(T * B, n)), np.dot(flat.T, x)
    return run


def plain(size: tuple[int, ...], dtype: str, model: str) -> Callable[[], object]:
    """The LSTM gate by gate and step by step, as one writes it first."""
    import numpy as np
    d = data(size, dtype, model)
    p, x, w = d["params"], d["rest"]["x"], d["rest"]["d"]

    def sigma(a: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-a))

    def run() -> object:
        h, c, seen = d["state"]["h"], d["state"]["c"], []
        for t in range(len(x)):
            i, f, o = (sigma(h @ p[f"W_{k}"].T + x[t] @ p[f"U_{k}"].T + p[f"b_{k}"]) for k in "ifo")
            g, before = np.tanh(h @ p["W_g"].T + x[t] @ p["U_g"].T + p["b_g"]), (h, c)
            c = f * c + i * g
            h = o * np.tanh(c)
            seen.append((i, f, o, g, c, *before))
        grads = {k: np.zeros_like(v) for k, v in p.items()}
        dx, dh, dc = np.zeros_like(x), np.zeros_like(h), np.zeros_like(c)
        for t in reversed(range(len(x))):
            i, f, o, g, c, h_before, c_before = seen[t]
            dh = dh + w[t]
            theta = np.tanh(c)
            dc = dc + dh * o * (1 - theta**2)
            d_a = {"i": dc * g * i * (1 - i), "f": dc * c_before * f * (1 - f), "g": dc * i * (1 - g**2),
                   "o": dh * theta * o * (1 - o)}
            for k, a in d_a.items():
                grads[f"W_{k}"] += a.T @ h_before
                grads[f"U_{k}"] += a.T @ x[t]
                grads[f"b_{k}"] += a.sum(0)
                dx[t] += a @ p[f"U_{k}"]
            dh, dc = sum(a @ p[f"W_{k}"] for k, a in d_a.items()), dc * f
        return h, grads, dx, dh, dc
    return run


MAKERS = {"torch": torch, "numpy": ours("numpy"), "c": ours("c"), "products": products, "jax": jax, "plain": plain}


def measure(name: str, size: tuple[int, ...], dtype: str, model: str) -> dict:
    """In a child: CPU seconds of one forward and backward (median), and floats of memory for each T B n."""
    run = MAKERS[name](size, dtype, model)
    run()
    times, total = [], 0.0
    while total < SECONDS or len(times) < 3:
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
        total += times[-1]
    return {"seconds": median(times), "floats": memory(MAKERS[name], size, dtype, model)}


def memory(maker: Callable, size: tuple[int, ...], dtype: str, model: str) -> float:
    """Peak of one fresh forward and backward, in numbers for each T B n; NaN for what allocates by itself."""
    if maker in (torch, jax):
        return float("nan")
    run = maker(size, dtype, model)
    tracemalloc.start()
    result = run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del result
    return peak / (size[0] * size[1] * size[3] * (4 if dtype == "float32" else 8))


def child(name: str, size: tuple[int, ...], dtype: str, model: str) -> dict:
    clean = {k: v for k, v in os.environ.items() if k not in FORCED} | dict.fromkeys(THREADS, "1")
    command = [sys.executable, __file__, "--child", json.dumps([name, size, dtype, model])]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dtype", default="float32", choices=("float32", "float64"))
    parser.add_argument("--model", default="lstm", choices=tuple(GATES))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", default="0,1,2,3,4", help="which of the sizes, by number")
    parser.add_argument("--only", default=",".join(MAKERS), help="which implementations; torch is the measure")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        name, size, dtype, model = json.loads(options.child)
        print(json.dumps(measure(name, tuple(size), dtype, model)))
        return
    missing = {"torch", "jax"} - {n for n in ("torch", "jax") if find_spec(n)} | ({"plain"} if options.model == "rnn" else set())
    names = [n for n in MAKERS if n in options.only.split(",") and n not in missing]
    print(f"{options.model}, {options.dtype}, CPU time, median of {options.rounds} processes; aim in brackets")
    print("| (T, B, m, n) | torch ms | " + " | ".join(f"{n} / torch | {n} floats" for n in names if n != "torch") + " |")
    print("|---" * (2 * len(names)) + "|")
    for k in map(int, options.sizes.split(",")):
        print(row(names, k, options.dtype, options.model, options.rounds), flush=True)


def row(names: list[str], k: int, dtype: str, model: str, rounds: int) -> str:
    """A line of the table: the implementations take turns, one process each."""
    found = {n: [] for n in names}
    for _ in range(rounds):
        for n in names:
            found[n].append(child(n, SIZES[k], dtype, model))
    seconds = {n: median(r["seconds"] for r in runs) for n, runs in found.items()}
    base = seconds.get("torch", float("nan"))
    cells = [str(SIZES[k]), f"{base * 1e3:.2f}"]
    for n in names:
        if n != "torch":
            aim = TARGETS.get((dtype, n)) if model == "lstm" else None
            cells += [f"{seconds[n] / base:.2f}" + (f" ({aim[k]})" if aim else ""), f"{found[n][0]['floats']:.1f}"]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
