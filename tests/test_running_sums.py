"""A quantity to which each step adds is a sum, forward and backward; so sums that are collected one way equal the other."""

from dataclasses import replace

import pytest
from proving import T, t

import lstm_sym as ls
from lstm_sym.equality.closed_forms import closed_forms
from lstm_sym.equality.linear import closed_form
from lstm_sym.equality.unfold import Definitions
from lstm_sym.equality.verdicts import Different, Equal
from lstm_sym.expr.nodes import Diag, SumOver, Zeros
from lstm_sym.expr.recurrence import Equation, Recurrence, once


def carousel() -> Recurrence:
    """c[t] = c[t-1] + g[t], h[t] = tanh(c[t]), with the trace E[t] = E[t-1] + g'[t] u[t]' from E[0] = 0, and gradients."""
    cell = ls.Cell("carousel")
    (n,) = cell.sizes("n")
    u, c, E = cell.input("u", n), cell.state("c", n), cell.state("E", n, n)
    g = cell.let("g", ls.tanh(cell.parameter("W", n, n) @ u))
    cell.let(c, c.previous + g)
    cell.let(E, E.previous + (1 - g * g) @ u.T)
    cell.let("h", ls.tanh(c))
    r = ls.backward(cell, reads=["h"])
    initial = tuple(q for q in r.initial if q.name != "E")
    return replace(r, initial=initial, scans=(once(Equation(E[0], Zeros(n, n))), *r.scans))


NET = carousel()
BY_W = next(q for q in NET.outputs if str(q) == "dL/dW")
DIRECT, h, E = NET.given[0], NET.quantity("h"), NET.quantity("E")


def forms() -> dict[str, str]:
    found = closed_forms(NET, BY_W, E)
    return {str(c.general): str(c.form) for c in found.values()}


def test_running_sums_forward_and_backward_have_their_closed_forms():
    assert forms() == {
        "c[t]": "(sum(g[#s], #s = 1 .. t) + c[0])",
        "E[t]": "(sum((1 + -1*(g[#s] o g[#s])) @ u[#s]^T, #s = 1 .. t) + E[0])",
        "dL/dc[t]": "sum((dL/dh[#s] o (1 + -1*(h[#s] o h[#s]))), #s = t .. T)",
    }


def test_what_traces_collect_forward_is_what_backpropagation_sums_up():
    collected = SumOver(Diag(DIRECT * (1 - h * h)) @ E, t, 1, T)
    assert isinstance(ls.decide(BY_W, collected, NET), Equal)


@pytest.mark.parametrize("wrong", [
    SumOver(Diag(DIRECT * (1 - h * h)) @ E.previous, t, 1, T),
    SumOver(Diag(DIRECT) @ E, t, 1, T),
    SumOver(Diag(DIRECT * (1 - h * h)) @ E, t, 1, T - 1),
])
def test_what_is_collected_wrongly_is_refuted(wrong):
    assert isinstance(ls.decide(BY_W, wrong, NET), Different)


def test_a_boundary_value_is_not_taken_for_a_sum():
    """dL/dc[0] = dL/dc[1] is no sum from 0 on: there is no gradient of step 0 to add."""
    by_start = next(q for q in NET.outputs if str(q) == "dL/dc[0]")
    assert isinstance(ls.decide(by_start, SumOver(DIRECT * (1 - h * h), t, 1, T), NET), Equal)
    assert not isinstance(ls.decide(by_start, SumOver(DIRECT * (1 - h * h), t, 2, T), NET), Equal)


def test_only_what_adds_to_the_step_before_suggests_a_sum():
    definitions = Definitions.of(NET)
    suggested = {str(e.lhs) for e in NET.equations if closed_form(e, definitions) is not None}
    assert suggested == {"c[t]", "E[t]", "dL/dc[t]"}
