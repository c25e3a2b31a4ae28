"""A character model of this project's own texts, trained with a compiled LSTM; held against unigrams and bigrams.

    python examples/char_lm.py [--quick] [--target c] [--save char_lm.npz]        (pip install '.[examples]')

The net is written as equations; forward and backward are the compiled ones; Adam comes from the package autograd, whose
optimisers ask for nothing but gradients.  The loss is the cross entropy of the next character, in bits.
"""
from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from autograd.misc.optimizers import adam
from rich.progress import Progress

import lstm_sym as ls

ROOT = Path(__file__).parents[1]
HELD_OUT = 0.1                                               # of every file, its end
Params = dict[str, Any]


def model() -> ls.Cell:
    """y[t] = V h[t] + d behind an LSTM: the logits of the character after x[t]."""
    cell = ls.Cell("character model")
    n, m = cell.sizes("n m")
    x, h, c = cell.input("x", m), cell.state("h", n), cell.state("c", n)
    W_i, W_f, W_o, W_g = cell.parameters("W_i W_f W_o W_g", n, n)
    U_i, U_f, U_o, U_g = cell.parameters("U_i U_f U_o U_g", n, m)
    b_i, b_f, b_o, b_g = cell.parameters("b_i b_f b_o b_g", n)
    V, d = cell.parameter("V", m, n), cell.parameter("d", m)
    i = cell.let("i", ls.sigmoid(W_i @ h.previous + U_i @ x + b_i))
    f = cell.let("f", ls.sigmoid(W_f @ h.previous + U_f @ x + b_f))
    o = cell.let("o", ls.sigmoid(W_o @ h.previous + U_o @ x + b_o))
    g = cell.let("g", ls.tanh(W_g @ h.previous + U_g @ x + b_g))
    cell.let(c, f * c.previous + i * g)
    cell.let(h, o * ls.tanh(c))
    cell.output("y", V @ h + d)
    return cell


def initial(n: int, m: int, rng: np.random.Generator) -> Params:
    """Uniform weights within 1 / sqrt(n); forget bias 1, so that the cell keeps what it holds."""
    def weights(*shape: int) -> Any:
        return rng.uniform(-n**-0.5, n**-0.5, shape).astype(np.float32)

    params = {f"W_{k}": weights(n, n) for k in "ifog"} | {f"U_{k}": weights(n, m) for k in "ifog"}
    params |= {f"b_{k}": np.full(n, k == "f", np.float32) for k in "ifog"}
    return params | {"V": weights(m, n), "d": np.zeros(m, np.float32)}


# --- text ---------------------------------------------------------------------------------------------------------

def texts() -> tuple[Any, Any, str]:
    """Characters to learn from and characters held out, as numbers, and the alphabet."""
    found = [p.read_text(encoding="utf-8") for d in ("derivations", "docs/decisions") for p in sorted((ROOT / d).glob("*.md"))]
    alphabet = "".join(sorted(set("".join(found))))
    number = {character: k for k, character in enumerate(alphabet)}
    cuts = [int(len(text) * (1 - HELD_OUT)) for text in found]
    learn, held = ("".join(part) for part in zip(*((t[:k], t[k:]) for t, k in zip(found, cuts, strict=True)), strict=True))
    return np.array([number[k] for k in learn]), np.array([number[k] for k in held]), alphabet


def batches(text: Any, steps: int, samples: int, rng: np.random.Generator) -> Iterator[tuple[Any, Any]]:
    """(T, B) characters and those that follow them, from random places, for ever."""
    while True:
        at = rng.integers(0, len(text) - steps - 1, samples) + np.arange(steps)[:, None]
        yield text[at], text[at + 1]


# --- loss and gradient ----------------------------------------------------------------------------------------------

def bits(net: Any, params: Params, seen: Any, following: Any) -> tuple[float, Any, Any]:
    """Mean bits a character, the tape, and the loss's partial by the logits: (softmax(y) - one-hot) / (T B ln 2)."""
    n, m = params["W_f"].shape[0], params["d"].shape[0]
    zero = np.zeros((seen.shape[1], n), np.float32)
    trajectory, tape = net.forward(params, np.eye(m, dtype=np.float32)[seen], {"h": zero, "c": zero})
    y = trajectory["y"] - trajectory["y"].max(axis=2, keepdims=True)
    log_p = y - np.log(np.exp(y).sum(axis=2, keepdims=True))
    right = np.arange(seen.shape[0])[:, None], np.arange(seen.shape[1]), following
    partial = np.exp(log_p)
    partial[right] -= 1
    return float(-log_p[right].mean() / np.log(2)), tape, partial / np.float32(seen.size * np.log(2))


def trained(net: Any, params: Params, text: Any, rounds: int, samples: int, rng: np.random.Generator) -> Params:
    """Adam over random pieces of 64 characters, with a bar that shows the loss; the step size falls to a tenth."""
    pieces = batches(text, 64, samples, rng)
    with Progress() as progress:
        bar = progress.add_task("training", total=rounds)

        def gradient(params: Params, k: int) -> Params:
            single = {name: value.astype(np.float32) for name, value in params.items()}
            loss, tape, partial = bits(net, single, *next(pieces))
            progress.update(bar, advance=1, description=f"{loss:.2f} bits a character")
            return net.backward(single, tape, {"y": partial}).params

        for share, size in ((0.6, 1e-2), (0.3, 3e-3), (0.1, 1e-3)):
            params = adam(gradient, params, num_iters=round(share * rounds), step_size=size)
    return {name: value.astype(np.float32) for name, value in params.items()}


# --- what has to be beaten ----------------------------------------------------------------------------------------

def unigram(learn: Any, held: Any, m: int) -> float:
    """Bits a character of the frequencies of characters, one added to each count."""
    counts = np.bincount(learn, minlength=m) + 1
    return float(-np.log2(counts / counts.sum())[held[1:]].mean())


def bigram(learn: Any, held: Any, m: int) -> float:
    """Bits a character of the frequencies of pairs, with the smoothing that serves the held-out text best."""
    counts = np.zeros((m, m))
    np.add.at(counts, (learn[:-1], learn[1:]), 1)
    single = (np.bincount(learn, minlength=m) + 1) / (len(learn) + m)

    def at(weight: float) -> float:
        p = (counts + weight * single) / (counts.sum(axis=1, keepdims=True) + weight)
        return float(-np.log2(p[held[:-1], held[1:]]).mean())

    return min(map(at, (0.5, 1, 2, 4, 8, 16)))


def run(quick: bool = False, target: str = "numpy", save: Path | None = None, seed: int = 0) -> dict[str, float]:
    """Bits a character on the held-out text: of the LSTM, and of the baselines."""
    rng = np.random.default_rng(seed)
    learn, held, alphabet = texts()
    m, n, rounds, samples = (len(alphabet), 48, 250, 32) if quick else (len(alphabet), 96, 800, 32)
    net = ls.compile(model(), target, np.float32)
    params = trained(net, initial(n, m, rng), learn, rounds, samples, rng)
    if save is not None:
        np.savez(save, alphabet=np.array(list(alphabet)), **params)
    ours = bits(net, params, held[:-1, None], held[1:, None])[0]
    return {"LSTM": ours, "bigram": bigram(learn, held, m), "unigram": unigram(learn, held, m)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a small net and few rounds")
    parser.add_argument("--target", default="numpy", choices=("numpy", "c"))
    parser.add_argument("--save", type=Path, default=Path("char_lm.npz"), help="where the parameters go")
    options = parser.parse_args()
    for name, value in run(options.quick, options.target, options.save).items():
        print(f"{name:<8} {value:.2f} bits a character on held-out text")


if __name__ == "__main__":
    main()
