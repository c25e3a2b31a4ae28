"""Time and memory of LSTM forward and backward, all gradients, on one thread: ours, torch.nn.LSTM, plain NumPy.

Every implementation runs in a process of its own, the processes alternate; the table shows medians of CPU time relative
to torch.  Settings that force a BLAS kernel are removed from the children's environment, so that each library chooses.

    python benchmarks/numeric.py [--dtype float32] [--rounds 5] [--sizes 0,1,2,3,4]
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


def data(size: tuple[int, ...], dtype: str) -> dict:
    import numpy as np
    T, B, m, n = size
    r, k = np.random.default_rng(0), n**-0.5
    arrays = {f"W_{g}": r.uniform(-k, k, (n, n)) for g in "ifgo"} | {f"U_{g}": r.uniform(-k, k, (n, m)) for g in "ifgo"}
    arrays |= {f"b_{g}": r.uniform(-k, k, n) for g in "ifgo"}
    rest = {"x": r.normal(size=(T, B, m)), "h": np.zeros((B, n)), "c": np.zeros((B, n)), "d": r.normal(size=(T, B, n))}
    return {k: {q: v.astype(dtype) for q, v in part.items()} for k, part in (("params", arrays), ("rest", rest))}


def ours(target: str) -> Callable:
    def make(size: tuple[int, ...], dtype: str) -> Callable[[], object]:
        from lstm_sym.codegen.compile import compile
        net, d = compile("lstm", target, dtype), data(size, dtype)
        state = {k: d["rest"][k] for k in "hc"}

        def run() -> object:
            trajectory, tape = net.forward(d["params"], d["rest"]["x"], state)
            return trajectory, net.backward(d["params"], tape, {"h": d["rest"]["d"]})
        return run
    return make


def torch(size: tuple[int, ...], dtype: str) -> Callable[[], object]:
    import torch

    from lstm_sym.codegen.torch_layout import params_to_torch
    torch.set_num_threads(1)
    d = data(size, dtype)
    module = torch.nn.LSTM(size[2], size[3], dtype=getattr(torch, dtype))
    module.load_state_dict({k: torch.from_numpy(v) for k, v in params_to_torch(d["params"]).items()})
    x, h, c, w = (torch.from_numpy(d["rest"][k]) for k in "xhcd")
    leaves = [x.requires_grad_(), h[None].requires_grad_(), c[None].requires_grad_(), *module.parameters()]

    def run() -> object:
        y, _ = module(leaves[0], (leaves[1], leaves[2]))
        return y, torch.autograd.grad(y, leaves, w)
    return run


def plain(size: tuple[int, ...], dtype: str) -> Callable[[], object]:
    """Gate by gate and step by step, as one writes it first."""
    import numpy as np
    d = data(size, dtype)
    p, x, w = d["params"], d["rest"]["x"], d["rest"]["d"]

    def sigma(a: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-a))

    def run() -> object:
        h, c, seen = d["rest"]["h"], d["rest"]["c"], []
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


MAKERS = {"torch": torch, "numpy": ours("numpy"), "c": ours("c"), "plain": plain}


def measure(name: str, size: tuple[int, ...], dtype: str) -> dict:
    """In a child: CPU seconds of one forward and backward (median), and floats of memory for each T B n."""
    run = MAKERS[name](size, dtype)
    run()
    times, total = [], 0.0
    while total < SECONDS or len(times) < 3:
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
        total += times[-1]
    return {"seconds": median(times), "floats": memory(MAKERS[name], size, dtype)}


def memory(maker: Callable, size: tuple[int, ...], dtype: str) -> float:
    """Peak of one fresh forward and backward, in numbers for each T B n; NaN for torch, which allocates by itself."""
    if maker is torch:
        return float("nan")
    run = maker(size, dtype)
    tracemalloc.start()
    result = run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del result
    return peak / (size[0] * size[1] * size[3] * (4 if dtype == "float32" else 8))


def child(name: str, size: tuple[int, ...], dtype: str) -> dict:
    clean = {k: v for k, v in os.environ.items() if k not in FORCED} | dict.fromkeys(THREADS, "1")
    command = [sys.executable, __file__, "--child", json.dumps([name, size, dtype])]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dtype", default="float32", choices=("float32", "float64"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", default="0,1,2,3,4", help="which of the sizes, by number")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        name, size, dtype = json.loads(options.child)
        print(json.dumps(measure(name, tuple(size), dtype)))
        return
    names = [n for n in MAKERS if n != "torch" or find_spec("torch")]
    columns = " | ".join(f"{n} / torch | {n} floats" for n in names if n != "torch")
    print(f"{options.dtype}, CPU time, median of {options.rounds} processes; aim in brackets")
    print(f"| (T, B, m, n) | torch ms | {columns} |")
    print("|---" * (2 * len(names)) + "|")
    for k in map(int, options.sizes.split(",")):
        found = {n: [] for n in names}
        for _ in range(options.rounds):
            for n in names:
                found[n].append(child(n, SIZES[k], options.dtype))
        seconds = {n: median(r["seconds"] for r in rows) for n, rows in found.items()}
        base = seconds.get("torch", float("nan"))
        cells = [str(SIZES[k]), f"{base * 1e3:.2f}"]
        for n in names:
            if n != "torch":
                aim = TARGETS.get((options.dtype, n))
                cells += [f"{seconds[n] / base:.2f}" + (f" ({aim[k]})" if aim else ""), f"{found[n][0]['floats']:.1f}"]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
