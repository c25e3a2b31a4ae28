"""Nets from cells: layers above one another, two directions side by side, an output layer with its loss.

A net is a Recurrence like any cell: each layer is a scan, and reads the trajectory of the layer below.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import sympy as sp

from lstm_sym.errors import ModelError, UnknownName
from lstm_sym.expr.functions import log, sigmoid, softmax
from lstm_sym.expr.indices import integer
from lstm_sym.expr.nodes import Named, Node, Ones, stack, sum_over
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan, once
from lstm_sym.expr.substitute import replace_indices, replace_named

Rename = Callable[[Named], Named]


def stacked(*layers: Recurrence) -> Recurrence:
    """h_2[t] reads h_1[t] where h_1[t] reads x[t]: layer k is the cell with _k at its names, above layer k - 1.

    What a layer hands on is its first output.  Sizes: n_k units each.  Errors: ModelError for a cell without one input.
    """
    net = _apart(layers[0], "1")
    for k, layer in enumerate(layers[1:], 2):
        net = _above(net, _apart(layer, str(k)))
    return net


def bidirectional(forward: Recurrence, backward: Recurrence) -> Recurrence:
    """y[t] = [h_f[t]; h_b[t]]: the one from 1 to T, the other from T to 1, its initial values at T + 1; both read x.

    Errors: ModelError for a cell without one input, or inputs of other names.
    """
    one, other = _apart(forward, "f"), _reversed(_apart(backward, "b"))
    x, same = _input(one), _input(other)
    if x.label != same.label:
        raise ModelError(f"both directions read one input, got {x} and {same}")
    other = _renamed(other, lambda q: x[q.indices] if q.label == x.label else q, {same.shape[0]: x.shape[0]})
    (axis,) = one.axes
    h_f, h_b = one.outputs[0], other.outputs[0]
    y = Named("y", h_f.shape[0] + h_b.shape[0], 1, axis.index)
    both = Scan((Equation(y, stack(h_f, h_b), (axis,)),), (1,))
    return replace(_joined(one, other), scans=(*one.scans, *other.scans, both), outputs=(y,))


def readout(net: Recurrence, loss: str, steps: str = "every") -> Recurrence:
    """y[t] = V h[t] + d, with a loss of y and targets tau: L = the sum over all steps, or the loss of the last one.

    loss: a name of LOSSES.  Shapes: y, tau, d (q, 1); V (q, n).  Errors: UnknownName for another loss or other steps.
    """
    for name, known in ((loss, LOSSES), (steps, ("every", "last"))):
        if name not in known:
            raise UnknownName(f"{name!r} is none of {', '.join(known)}")
    (axis,), h, q = net.axes, net.outputs[0], integer("q")
    t, T = axis.index, axis.length
    V, d, y, tau = Named("V", q, h.shape[0]), Named("d", q), Named("out", q, 1, t), Named("tau", q, 1, t)
    value = LOSSES[loss](y, tau)
    total = sum_over(value, t, 1, T) if steps == "every" else replace_indices(value, {t: T})
    return net.then(Scan((Equation(y, V @ h + d, (axis,)),), (1,)), once(Equation(Named("L", 1), total)), outputs=(y,),
                    parameters=(*net.parameters, V, d), inputs=(*net.inputs, tau))


LOSSES: dict[str, Callable[[Node, Node], Node]] = {
    "squared":  lambda y, tau: (y - tau).T @ (y - tau) / 2,                            # dL/dy = y - tau
    "softmax":  lambda y, tau: -tau.T @ log(softmax(y)),                               # dL/dy = (1' tau) p - tau
    "logistic": lambda y, tau: -tau.T @ log(sigmoid(y)) - (Ones(*tau.shape) - tau).T @ log(sigmoid(-y)),    # dL/dy = p - tau
}


# --- parts --------------------------------------------------------------------------------------------------------

def _apart(cell: Recurrence, suffix: str) -> Recurrence:
    """The cell with the suffix at every name and at the sizes of its states; its input keeps name and size."""
    inputs = {q.label for q in cell.inputs}
    sizes = {s for q in cell.initial for s in q.shape[0].free_symbols}
    return _renamed(cell, lambda q: q if q.label in inputs else Named(f"{q.name}_{suffix}", *q.shape, *q.indices),
                    {s: integer(f"{s}_{suffix}") for s in sizes})


def _above(below: Recurrence, layer: Recurrence) -> Recurrence:
    """The layer with what is handed on below as its input."""
    x, h = _input(layer), below.outputs[0]
    layer = _renamed(layer, lambda q: Named(h.label, *q.shape, *q.indices) if q.label == x.label else q, {x.shape[0]: h.shape[0]})
    return replace(_joined(below, layer), inputs=below.inputs, outputs=layer.outputs)


def _joined(one: Recurrence, other: Recurrence) -> Recurrence:
    """Both, one after the other; what both are given once."""
    def both(a: tuple[Named, ...], b: tuple[Named, ...]) -> tuple[Named, ...]:
        return tuple(dict.fromkeys(a + b))

    return replace(one, parameters=both(one.parameters, other.parameters), inputs=both(one.inputs, other.inputs),
                   initial=both(one.initial, other.initial), noise=both(one.noise, other.noise),
                   scans=one.scans + other.scans, cite="; ".join(dict.fromkeys((one.cite, other.cite))))


def _reversed(cell: Recurrence) -> Recurrence:
    """The cell from T to 1: the step before t is t + 1, the initial values stand at T + 1."""
    (axis,) = cell.axes
    t, T = axis.index, axis.length

    def turn(q: Named) -> Named:
        return q[{t - 1: t + 1, sp.S.Zero: T + 1}.get(q.indices[0], q.indices[0])] if q.indices else q

    turned = _renamed(cell, turn, {})
    return replace(turned, scans=tuple(replace(s, direction=tuple(-d for d in s.direction)) for s in turned.scans))


def _renamed(r: Recurrence, name: Rename, sizes: dict[sp.Expr, sp.Expr]) -> Recurrence:
    """Every quantity by its new name, then every size."""
    def node(value: Node) -> Node:
        return replace_indices(replace_named(value, name), sizes)

    def one(q: Named) -> Named:
        return replace_indices(name(q), sizes)

    def each(named: tuple[Named, ...]) -> tuple[Named, ...]:
        return tuple(map(one, named))

    scans = tuple(replace(s, equations=tuple(replace(e, lhs=one(e.lhs), rhs=node(e.rhs)) for e in s.equations)) for s in r.scans)
    return replace(r, parameters=each(r.parameters), inputs=each(r.inputs), noise=each(r.noise), initial=each(r.initial),
                   given=each(r.given), outputs=each(r.outputs), scans=scans)


def _input(cell: Recurrence) -> Named:
    if len(cell.inputs) != 1:
        raise ModelError(f"a layer has one input, got {', '.join(map(str, cell.inputs)) or 'none'}")
    return cell.inputs[0]
