"""Running traces, one a weight and computed forward, give the truncated gradient: proved for all sizes and lengths."""

from dataclasses import replace

import pytest

import lstm_sym as ls
from lstm_sym.calculus.truncate import recurrent_edges
from lstm_sym.cells.catalogue import model
from lstm_sym.equality.verdicts import Different, Equal
from lstm_sym.expr.nodes import Diag, Named, Node, SumOver, When, Zeros
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan, once


def truncated(name: str) -> Recurrence:
    """The gradient of a loss of the outputs h, with no error into the pre-activations from the states before."""
    r = model(name)
    return ls.backward(r, reads=["h"], cut=recurrent_edges(r))


def local(r: Recurrence, gate: str) -> Node:
    """How a pre-activation moves the cell of its own step, entry by entry."""
    i, g, c = (r.quantity(q) for q in "igc")
    if gate == "g":
        slope = 1 - g * g if all(q.name != "theta_g" for q in r.quantities) else 1 - r.quantity("theta_g") ** 2
        return i * slope
    return g * i * (1 - i) if gate == "i" else c.previous * r.quantity("f") * (1 - r.quantity("f"))


def with_trace(r: Recurrence, gate: str) -> tuple[Recurrence, Named]:
    """E[t] = f[t] E[t-1] + (local slope) h[t-1]' from E[0] = 0; without a forget gate f = 1."""
    (axis,), h = r.axes, r.quantity("h")
    t, n = axis.index, h.shape[0]
    E = Named("E", n, n, t)
    kept = Diag(r.quantity("f")) @ E.previous if any(q.name == "f" for q in r.quantities) else E.previous
    step = Equation(E, kept + local(r, gate) @ h.previous.T, (axis,))
    return replace(r, scans=(once(Equation(E[0], Zeros(n, n))), *r.scans, Scan((step,), (1,)))), E


def arriving(r: Recurrence) -> Node:
    """The error that enters the cell at a step: direct partial by h, through the output gate and the squashing."""
    theta, direct = r.quantity("theta"), r.given[0]
    inner = 1 if any(q.name == "f" for q in r.quantities) else 2      # tanh(c), or tanh(c / 2)
    return direct * r.quantity("o") * (1 - theta * theta) / inner


def collected(r: Recurrence, E: Named) -> Node:
    (axis,) = r.axes
    return SumOver(Diag(arriving(r)) @ E, axis.index, 1, axis.length)


@pytest.mark.parametrize("gate", "gi")
def test_traces_give_the_truncated_gradient(gate):
    r, E = with_trace(truncated("lstm-1997"), gate)
    by_weight = next(q for q in r.outputs if str(q) == f"dL/dW_{gate}")
    assert isinstance(ls.decide(by_weight, collected(r, E), r), Equal)


def test_with_a_forget_gate_what_the_trace_of_the_candidate_has_still_to_receive_is_the_carried_error():
    """D[t]: terms of backpropagation less those of the traces, up to t.  It is f[t+1] o dL/dc[t+1] times the trace, so 0 at T."""
    r, E = with_trace(truncated("lstm"), "g")
    (axis,), h, f = r.axes, r.quantity("h"), r.quantity("f")
    t, n = axis.index, h.shape[0]
    D, by_c = Named("D", n, n, t), next(e.lhs for e in r.equations if str(e.lhs) == "dL/dc[t]")
    term = (by_c * local(r, "g")) @ h.previous.T - Diag(arriving(r)) @ E
    both = replace(r, scans=(once(Equation(D[0], Zeros(n, n))), *r.scans, Scan((Equation(D, D.previous + term, (axis,)),), (1,))))
    carried = When(Diag(f[t + 1] * by_c[t + 1]) @ E, axis.length - 1 - t)
    assert isinstance(ls.decide(D, carried, both, where=axis.domain), Equal)


def test_traces_do_not_give_the_full_gradient():
    full = ls.backward(model("lstm-1997"), reads=["h"])
    r, E = with_trace(full, "g")
    by_weight = next(q for q in r.outputs if str(q) == "dL/dW_g")
    assert isinstance(ls.decide(by_weight, collected(r, E), r), Different)
