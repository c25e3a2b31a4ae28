"""Models for the tests of generated code: of the catalogue, and of one's own with everything a cell may have."""

import numpy as np

from lstm_sym.cells.builder import Cell
from lstm_sym.cells.catalogue import models
from lstm_sym.expr.functions import exp, relu, sigmoid, softmax, tanh


def mgu():
    """A gate inside a product: two products that cannot be stacked."""
    cell = Cell("mgu")
    n, m = cell.sizes("n m")
    x, h = cell.input("x", m), cell.state("h", n)
    W_f, W = cell.parameters("W_f W", n, n)
    U_f, U = cell.parameters("U_f U", n, m)
    b_f, b = cell.parameters("b_f b", n)
    f = cell.let("f", sigmoid(W_f @ h.previous + U_f @ x + b_f))
    g = cell.let("g", tanh(W @ (f * h.previous) + U @ x + b))
    cell.let(h, (1 - f) * h.previous + f * g)
    return cell


def readout():
    """Noise, a scalar parameter, a softmax output behind the loop, and a scalar that joins all rows of the state."""
    cell = Cell("readout")
    n, m, q = cell.sizes("n m q")
    x, z, h = cell.input("x", m), cell.noise("z", n), cell.state("h", n)
    W, U, b = cell.parameter("W", n, n), cell.parameter("U", n, m), cell.parameter("b", n)
    V, d, s = cell.parameter("V", q, n), cell.parameter("d", q), cell.parameter("s")
    cell.let(h, tanh(W @ h.previous + U @ x + b + s * z) + z * h.previous)
    cell.output("y", softmax(V @ h + d))
    cell.output(h)
    return cell


def two_layers():
    """Two states in one loop, the second reads the first at the same step; two inputs; a parameter used twice."""
    cell = Cell("two layers")
    n, k, m = cell.sizes("n k m")
    x, u = cell.input("x", m), cell.input("u", k)
    h, s = cell.state("h", n), cell.state("s", k)
    U, R, W = cell.parameter("U", n, m), cell.parameter("R", k, n), cell.parameter("W", n, n)
    S, p = cell.parameter("S", k, k), cell.parameter("p", k)
    cell.let(h, tanh(W @ h.previous + U @ x))
    cell.let(s, sigmoid(S @ s.previous + R @ h + R @ (h * h.previous) + p * s.previous) * u)
    return cell


def other_functions():
    """relu, exp and an inner product as a gate."""
    cell = Cell("other functions")
    n, m = cell.sizes("n m")
    x, h = cell.input("x", m), cell.state("h", n)
    W, U, a = cell.parameter("W", n, n), cell.parameter("U", n, m), cell.parameter("a", n)
    g = cell.let("g", sigmoid(a.T @ h.previous))
    e = cell.let("e", exp(-1 * (U @ x) * (U @ x)))
    cell.let(h, g * relu(W @ h.previous + e) + (1 - g) * e)
    return cell


OWN = {
    "mgu": mgu(), "readout": readout(), "two layers": two_layers(), "other functions": other_functions(),
}
FEW = {"rnn": "rnn", "lstm": "lstm"} | OWN
MODELS = {row.name: row.name for row in models()} | OWN


def drawn(net, seed=0, scale=1.0, **sizes):
    """Random arguments and weights of a loss for a compiled net."""
    rng = np.random.default_rng(seed)
    params, x, state = net.signature.draw(sizes, rng)
    for part in (params, x, state):
        for array in part.values():
            array *= scale
    trajectory, _ = net.forward(params, x, state)
    weights = {name: rng.normal(size=v.shape).astype(v.dtype) for name, v in trajectory.items()}
    return params, x, state, weights


def run(net, params, x, state, weights):
    """Everything that a net computes, by name."""
    trajectory, tape = net.forward(params, x, state)
    grads = net.backward(params, tape, weights)
    inputs = grads.x if isinstance(grads.x, dict) else {"x": grads.x}
    parts = {"trajectory": trajectory, "params": grads.params, "x": inputs, "state": grads.state}
    return {f"{where} {name}": value for where, part in parts.items() for name, value in part.items()}
