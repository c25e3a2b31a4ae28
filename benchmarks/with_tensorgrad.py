"""The tasks of `symbolic.py` by tensorgrad, where it is installed."""
from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from child import main, seconds


def load() -> tuple[Any, Any, Any, Any]:
    """The package, its functions, two sizes.  Errors: ModuleNotFoundError."""
    tg, functions = importlib.import_module("tensorgrad"), importlib.import_module("tensorgrad.functions")
    return tg, functions, *tg.symbols("n m")


def import_all() -> dict[str, Any]:
    """`import tensorgrad`; most of it is torch."""
    return {"seconds": seconds(load)}


def tanh_layer() -> dict[str, Any]:
    """Gradient of sum tanh(W h + b) by W."""
    tg, functions, n, _ = load()
    W, h, b = tg.Variable("W", i=n, j=n), tg.Variable("h", j=n), tg.Variable("b", i=n)
    loss = functions.sum(functions.tanh(W @ h + b))
    loss.grad(W).full_simplify()
    return {"seconds": seconds(lambda: loss.grad(W).full_simplify(), 5)}


def lstm_gradients() -> dict[str, Any]:
    """One step of the LSTM by its twelve parameters, x, h and c: there is no symbolic t to ask for."""
    tg, functions, n, m = load()
    h, c, x, v = (tg.Variable(k, **e) for k, e in (("h", {"j": n}), ("c", {"i": n}), ("x", {"k": m}), ("v", {"i": n})))
    gates = {k: (tg.Variable(f"W_{k}", i=n, j=n), tg.Variable(f"U_{k}", i=n, k=m), tg.Variable(f"b_{k}", i=n))
             for k in "ifog"}
    a = {k: W @ h + U @ x + b for k, (W, U, b) in gates.items()}
    i, f, o = (functions.sigmoid(a[k]) for k in "ifo")
    loss = functions.sum(v * o * functions.tanh(f * c + i * functions.tanh(a["g"])))
    wanted = [*(p for parameters in gates.values() for p in parameters), x, h, c]
    return {"seconds": seconds(lambda: [loss.grad(p).full_simplify() for p in wanted]), "count": len(wanted)}


def slopes() -> dict[str, Any]:
    """sigma' = sigma (1 - sigma) and tanh' = 1 - tanh^2 for columns of n entries."""
    tg, functions, n, _ = load()
    z, found = tg.Variable("z", i=n), {}
    for name, function, of in (("sigma'", functions.sigmoid, lambda y: y * (1 - y)),
                               ("tanh'", functions.tanh, lambda y: 1 - y * y)):
        y = function(z)
        slope, right = functions.sum(y).grad(z).full_simplify(), of(y).full_simplify()
        found[name] = [str(slope == right), seconds(lambda a=slope, b=right: a == b)]
    return {"each": found}


def unrolled(steps: int) -> Callable[[], dict[str, Any]]:
    """A tanh network unrolled over `steps` steps, differentiated by W."""
    def task() -> dict[str, Any]:
        tg, functions, n, m = load()
        W, U, h = tg.Variable("W", i=n, j=n), tg.Variable("U", i=n, k=m), tg.Variable("h", j=n)
        for k in range(steps):
            h = functions.tanh(W @ h + U @ tg.Variable(f"x_{k}", k=m)).rename(i="j")
        return {"seconds": seconds(lambda: functions.sum(h).grad(W).simplify())}
    return task


TASKS: dict[str, Callable[[], dict[str, Any]]] = {
    "import-all": import_all, "layer": tanh_layer, "gradients": lstm_gradients, "slopes": slopes,
    **{f"unrolled-{steps}": unrolled(steps) for steps in (2, 32, 64, 128, 256)},
}

if __name__ == "__main__":
    main(TASKS)
