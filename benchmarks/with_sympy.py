"""The tasks of `symbolic.py` by SymPy's own matrix expressions (MatrixExpr.diff)."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from child import main, seconds

n, m = sp.symbols("n m", integer=True, positive=True)
Matrix = sp.MatrixSymbol


def applied(function: Any, x: Any) -> Any:
    """function entry by entry."""
    return x.applyfunc(function)


def sigmoid(z: Any) -> Any:
    """1 / (1 + exp(-z))."""
    return 1 / (1 + sp.exp(-z))


def tanh_layer() -> dict[str, Any]:
    """Gradient of v' tanh(W h + b) by W."""
    W, h, b, v = Matrix("W", n, n), Matrix("h", n, 1), Matrix("b", n, 1), Matrix("v", n, 1)
    loss = v.T * applied(sp.tanh, W * h + b)
    loss.diff(W)
    return {"seconds": seconds(lambda: loss.diff(W), 5)}


def lstm_gradients() -> dict[str, Any]:
    """One step of the LSTM by one of its matrices: there is no symbolic t to ask for."""
    h, c, x, v = Matrix("h", n, 1), Matrix("c", n, 1), Matrix("x", m, 1), Matrix("v", n, 1)
    a = {k: Matrix(f"W_{k}", n, n) * h + Matrix(f"U_{k}", n, m) * x + Matrix(f"b_{k}", n, 1) for k in "ifog"}
    i, f, o = (applied(sigmoid, a[k]) for k in "ifo")
    cell = sp.hadamard_product(f, c) + sp.hadamard_product(i, applied(sp.tanh, a["g"]))
    loss = v.T * sp.hadamard_product(o, applied(sp.tanh, cell))
    return {"seconds": seconds(lambda: loss.diff(Matrix("W_f", n, n)))}


def slopes() -> dict[str, Any]:
    """sigma' = sigma (1 - sigma) and tanh' = 1 - tanh^2 for columns of n entries, by `equals`."""
    z, one = Matrix("z", n, 1), sp.OneMatrix(n, 1)
    found = {}
    for name, function, of in (("sigma'", sigmoid, lambda y: sp.hadamard_product(y, one - y)),
                               ("tanh'", sp.tanh, lambda y: one - sp.hadamard_product(y, y))):
        y, slope = applied(function, z), applied(lambda s, f=function: f(s).diff(s), z)
        try:
            found[name] = [str((slope - of(y)).equals(sp.ZeroMatrix(n, 1))), 0.0]
        except Exception as error:
            found[name] = [type(error).__name__, 0.0]
    return {"each": found}


def unrolled(steps: int) -> Callable[[], dict[str, Any]]:
    """A tanh network unrolled over `steps` steps, differentiated by W."""
    def task() -> dict[str, Any]:
        W, h, v = Matrix("W", n, n), Matrix("h", n, 1), Matrix("v", n, 1)
        for k in range(steps):
            h = applied(sp.tanh, W * h + Matrix(f"x_{k}", n, 1))
        return {"seconds": seconds(lambda: (v.T * h).diff(W))}
    return task


TASKS: dict[str, Callable[[], dict[str, Any]]] = {
    "layer": tanh_layer, "gradients": lstm_gradients, "slopes": slopes,
    **{f"unrolled-{steps}": unrolled(steps) for steps in (2, 32, 64, 128, 256)},
}

if __name__ == "__main__":
    main(TASKS)
