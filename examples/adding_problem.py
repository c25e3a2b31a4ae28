"""The adding problem at T = 100: an RNN, an LSTM with forget bias 1, and chrono initialisation; and why, as a picture.

    python examples/adding_problem.py [--quick] [--plot adding_problem.png]       (pip install '.[examples]')

Each step shows a number and a mark; the answer is the sum of the two marked numbers (Hochreiter & Schmidhuber 1997,
section 5.4).  Who answers 1 always has the mean squared error 1/6.  The picture shows, before training, how the
gradient decays with the lag, beside what the kernel has proved: the theorems rnn-gradient-bound, cell-path-lower and
cell-path-upper.  Chrono initialisation (Tallec & Ollivier 2018): b_f = ln u, u uniform in (1, T - 1), b_i = -b_f.
"""
from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from autograd.misc.optimizers import adam
from matplotlib.figure import Figure
from rich.progress import Progress

import lstm_sym as ls

matplotlib.use("Agg")
Params = dict[str, Any]
CONSTANT = 1 / 6                                             # error of the answer 1: twice the variance 1/12
NETS = {"RNN": "rnn", "LSTM, forget bias 1": "lstm", "LSTM, chrono": "lstm"}


def task(steps: int, samples: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """x (T, B, 2) of numbers and marks, one mark in each half; the sums (B,)."""
    x = np.zeros((steps, samples, 2))
    x[:, :, 0] = rng.uniform(size=(steps, samples))
    for low, high in ((0, steps // 2), (steps // 2, steps)):
        x[rng.integers(low, high, samples), np.arange(samples), 1] = 1
    return x, (x[:, :, 0] * x[:, :, 1]).sum(axis=0)


def initial(name: str, n: int, steps: int, rng: np.random.Generator) -> Params:
    """Uniform weights within 1 / sqrt(n), biases as the name says, and a readout v, e; RNN: sigma_max(W) = 0.95."""
    gates = [""] if NETS[name] == "rnn" else ["_i", "_f", "_o", "_g"]
    params = {f"{k}{g}": rng.uniform(-n**-0.5, n**-0.5, (n, w)) for k, w in (("W", n), ("U", 2)) for g in gates}
    params |= {f"b{g}": np.zeros(n) for g in gates} | {"v": rng.uniform(-n**-0.5, n**-0.5, n), "e": np.zeros(1)}
    if name == "RNN":
        params["W"] = 0.95 * np.linalg.qr(params["W"])[0]
    if name == "LSTM, forget bias 1":
        params["b_f"] = np.ones(n)
    if name == "LSTM, chrono":
        params["b_f"] = np.log(rng.uniform(1, steps - 1, n))
        params["b_i"] = -params["b_f"]
    return params


def parts(params: Params) -> tuple[Params, Params]:
    """Parameters of the net and of the readout."""
    return {k: v for k, v in params.items() if k not in "ve"}, {k: params[k] for k in "ve"}


def states(net: Any, samples: int, n: int) -> Params:
    """Zeros at t = 0."""
    return {e.name: np.zeros((samples, n)) for e in net.signature.state}


def error(net: Any, params: Params, x: Any, y: Any) -> tuple[float, Params]:
    """Mean squared error of v' h[T] + e, and its gradient."""
    inner, outer = parts(params)
    trajectory, tape = net.forward(inner, x, states(net, x.shape[1], len(outer["v"])))
    h = trajectory["h"]
    miss = h[-1] @ outer["v"] + outer["e"] - y
    d_y = 2 * miss / len(y)
    d_h = np.zeros_like(h)
    d_h[-1] = d_y[:, None] * outer["v"]
    readout = {"v": h[-1].T @ d_y, "e": d_y.sum(keepdims=True)}
    return float((miss**2).mean()), net.backward(inner, tape, {"h": d_h}).params | readout


def trained(name: str, n: int, steps: int, rounds: int, progress: Progress, seed: int) -> float:
    """Mean squared error on fresh sequences after so many rounds of Adam; gradients are clipped to norm 1."""
    rng, net = np.random.default_rng(seed), ls.compile(NETS[name])
    bar = progress.add_task(name, total=rounds)

    def gradient(params: Params, k: int) -> Params:
        loss, grads = error(net, params, *task(steps, 32, rng))
        size = np.sqrt(sum((g**2).sum() for g in grads.values()))
        progress.update(bar, advance=1, description=f"{name}: {loss:.3f}")
        return {key: grads[key] / max(1.0, size) for key in params}

    params = adam(gradient, initial(name, n, steps, rng), num_iters=rounds, step_size=1e-2)
    return error(net, params, *task(steps, 512, rng))[0]


# --- the gradient against the lag -------------------------------------------------------------------------------------

def decay(name: str, n: int, steps: int, seed: int) -> tuple[Any, Any, Any]:
    """||dL/ds[T-k]|| / ||dL/ds[T]|| for k = 0 .. T - 1, a lower and an upper curve that theorems give; one sequence.

    RNN: s = h, the whole gradient, at most sigma_max(W)^k.  LSTM: s = c along the cell path, the product of the forget
    gates, between the powers of the smallest and of the largest gate that occurred.
    """
    rng, net = np.random.default_rng(seed), ls.compile(NETS[name])
    inner, outer = parts(initial(name, n, steps, rng))
    x, _ = task(steps, 1, rng)
    start = states(net, 1, n)
    trajectory, _ = net.forward(inner, x, start)
    lags = np.arange(steps)
    if name == "RNN":
        sizes = [np.linalg.norm(at_lag(net, inner, x, trajectory, outer["v"], k)) for k in lags]
        return np.array(sizes) / sizes[0], np.zeros(steps), np.linalg.norm(inner["W"], 2) ** lags
    before = np.concatenate([start["h"][None], trajectory["h"]])[:-1]
    f = 1 / (1 + np.exp(-(before @ inner["W_f"].T + x @ inner["U_f"].T + inner["b_f"])))[:, 0]
    path = np.cumprod(np.concatenate([np.ones((1, n)), f[:0:-1]]), axis=0)
    return np.linalg.norm(path * outer["v"], axis=1) / np.linalg.norm(outer["v"]), f.min() ** lags, f.max() ** lags


def at_lag(net: Any, inner: Params, x: Any, trajectory: Params, v: Any, k: int) -> Any:
    """dL/dh[T-k] of L = v' h[T]: the gradient by the initial state of the last k steps."""
    if k == 0:
        return v
    last, tape = net.forward(inner, x[-k:], {"h": np.ascontiguousarray(trajectory["h"][-k - 1])})
    d_h = np.zeros_like(last["h"])
    d_h[-1] = v
    return net.backward(inner, tape, {"h": d_h}).state["h"]


def plot(path: Path, n: int, steps: int, seed: int) -> dict[str, Any]:
    """A panel a net; hands back the curves."""
    curves = {name: decay(name, n, steps, seed) for name in NETS}
    figure = Figure(figsize=(11, 3.6), layout="constrained")
    for axes, (name, (found, low, high)) in zip(figure.subplots(1, 3, sharey=True), curves.items(), strict=True):
        rnn = name == "RNN"
        axes.semilogy(found, label="gradient" if rnn else "cell path", color="black")
        axes.semilogy(high, "--", label=r"proved: $\sigma_{\max}(W)^k$" if rnn else r"proved: $(\max f)^k$", color="tab:red")
        if not rnn:
            axes.semilogy(low, ":", label=r"proved: $(\min f)^k$", color="tab:blue")
        axes.set(title=name, xlabel="lag k", ylim=(1e-20, 10))
        axes.legend()
    figure.supylabel("norm, over that at lag 0")
    figure.savefig(path, dpi=120)
    return curves


def run(quick: bool = False, path: Path = Path("adding_problem.png"), seed: int = 0) -> tuple[dict[str, float], Any]:
    """Errors after training by net, and the curves of the picture."""
    n, steps, rounds = (16, 20, 60) if quick else (32, 100, 1000)
    with Progress() as progress:
        errors = {name: trained(name, n, steps, rounds, progress, seed) for name in NETS}
    return errors, plot(path, n, steps, seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="short sequences and few rounds")
    parser.add_argument("--plot", type=Path, default=Path("adding_problem.png"), help="where the picture goes")
    options = parser.parse_args()
    errors, _ = run(options.quick, options.plot)
    for name, value in errors.items():
        print(f"{name:<20} mean squared error {value:.4f} (always 1: {CONSTANT:.4f})")


if __name__ == "__main__":
    main()
