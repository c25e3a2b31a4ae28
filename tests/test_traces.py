"""Running traces, one a weight and computed forward, give the truncated gradient: proved for all sizes and lengths."""

from dataclasses import replace

import pytest

import lstm_sym as ls
from lstm_sym.calculus.truncate import recurrent_edges
from lstm_sym.cells.catalogue import model
from lstm_sym.equality.verdicts import Different, Equal
from lstm_sym.expr.nodes import Diag, Named, Node, SumOver, Zeros
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan, once


def truncated(name: str) -> Recurrence:
    """The gradient of a loss of the outputs h, with no error into the pre-activations from the states before."""
    r = model(name)
    return ls.backward(r, reads=["h"], cut=recurrent_edges(r))


def local(r: Recurrence, gate: str) -> Node:
    """How a pre-activation moves the cell of its own step, entry by entry."""
    i, g, theta_g = (r.quantity(q) for q in ("i", "g", "theta_g"))
    return i * (1 - theta_g * theta_g) if gate == "g" else g * i * (1 - i)


def with_trace(r: Recurrence, gate: str) -> tuple[Recurrence, Named]:
    """E[t] = E[t-1] + (local slope) h[t-1]' from E[0] = 0."""
    (axis,), h = r.axes, r.quantity("h")
    t, n = axis.index, h.shape[0]
    E = Named("E", n, n, t)
    step = Equation(E, E.previous + local(r, gate) @ h.previous.T, (axis,))
    return replace(r, scans=(once(Equation(E[0], Zeros(n, n))), *r.scans, Scan((step,), (1,)))), E


def arriving(r: Recurrence) -> Node:
    """The error that enters the cell at a step: direct partial by h, through the output gate and the squashing."""
    theta, direct = r.quantity("theta"), r.given[0]
    return direct * r.quantity("o") * (1 - theta * theta) / 2


def collected(r: Recurrence, E: Named) -> Node:
    (axis,) = r.axes
    return SumOver(Diag(arriving(r)) @ E, axis.index, 1, axis.length)


@pytest.mark.parametrize("gate", "gi")
def test_traces_give_the_truncated_gradient(gate):
    r, E = with_trace(truncated("lstm-1997"), gate)
    by_weight = next(q for q in r.outputs if str(q) == f"dL/dW_{gate}")
    assert isinstance(ls.decide(by_weight, collected(r, E), r), Equal)


def test_traces_do_not_give_the_full_gradient():
    full = ls.backward(model("lstm-1997"), reads=["h"])
    r, E = with_trace(full, "g")
    by_weight = next(q for q in r.outputs if str(q) == "dL/dW_g")
    assert isinstance(ls.decide(by_weight, collected(r, E), r), Different)
