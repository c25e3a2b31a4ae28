"""Running traces, one a weight and computed forward, give the truncated gradient: proved for all sizes and lengths."""

from dataclasses import replace
from functools import cache

import gradients as witness
import pytest

import lstm_sym as ls
from lstm_sym.calculus.traces import traces
from lstm_sym.calculus.truncate import recurrent_edges
from lstm_sym.cells.catalogue import MODELS, model
from lstm_sym.cells.compose import readout, stacked
from lstm_sym.equality.verdicts import Equal
from lstm_sym.errors import ModelError, NotDefined
from lstm_sym.expr.affine import Affine
from lstm_sym.expr.evaluate import Evaluation
from lstm_sym.expr.indices import affine
from lstm_sym.expr.nodes import Diag, Named, Node, SumOver, matmul
from lstm_sym.expr.recurrence import Equation, Recurrence
from lstm_sym.expr.substitute import replace_indices, replace_named

SIZES = {"n": 2, "m": 3, "T": 4}
NOT_DIAGONAL = {"gru", "gru-renewing"}                       # r moves every unit through W_g (r o h[t-1])
STILL_COUPLED = {"rnn-linear", "lstm-niaf"}                  # a linear net input has no squashing, and is not cut
TRACED = [name for name in MODELS if name not in NOT_DIAGONAL | STILL_COUPLED]


@cache
def sent_back(name: str) -> Recurrence:
    """The truncated gradient by backpropagation."""
    r = model(name)
    return ls.backward(r, cut=recurrent_edges(r))


@cache
def remembered(name: str) -> Recurrence:
    """The same by traces."""
    return traces(model(name))


def both(name: str) -> Recurrence:
    """The first, and beside it what the second computes in addition."""
    known = {e.lhs for e in sent_back(name).equations}
    new = (replace(s, equations=tuple(e for e in s.equations if e.lhs not in known)) for s in remembered(name).scans)
    return sent_back(name).then(*(s for s in new if s.equations))


def of(r: Recurrence, gradient: str) -> Equation:
    return next(e for e in r.equations if e.lhs.name == gradient)


@pytest.mark.parametrize("name", TRACED)
def test_traces_run_forward_and_read_no_later_step(name):
    r = remembered(name)
    (axis,) = r.axes
    assert all(scan.direction in ((), (1,)) for scan in r.scans)
    assert not any(axis.index + 1 in q.indices for e in r.equations for q in e.rhs.atoms(Named))


@pytest.mark.parametrize("name", TRACED)
def test_traces_have_the_numbers_of_the_truncated_gradient(name):
    values = witness.drawn(sent_back(name), SIZES, seed=3)
    one, other = (Evaluation(r, SIZES, witness.in_field(values, witness.FLOAT)) for r in (sent_back(name), remembered(name)))
    assert {q.name for q in remembered(name).outputs} == {f"dL/d{p.name}" for p in model(name).parameters}
    assert all(abs(one(q) - other(q)).max() < 1e-14 for q in remembered(name).outputs)


@pytest.mark.parametrize("weight", [p.name for p in model("lstm-1997").parameters])
def test_the_traces_of_1997_are_proved_to_give_the_truncated_gradient(weight):
    e = of(remembered("lstm-1997"), f"dL/d{weight}")
    assert isinstance(ls.decide(e.lhs, e.rhs, both("lstm-1997")), Equal)


def rows(a: Node, X: Node) -> Node:
    return a * X if X.shape == a.shape else matmul(Diag(a), X)


@pytest.mark.parametrize("name, factor", [("lstm", "f"), ("lstm-vanilla", "f"), ("lstm-cifg", "f"), ("gru-after", "z")])
def test_every_step_of_the_exchange_of_sums_is_proved(name, factor):
    """diag(d[t]) E[t] - diag(f[t] o d[t]) E[t-1] is what step t gives to the gradient, and f[t] o d[t] = d[t-1] - e[t-1].

    Summed from 1 to T, where E[0] = 0 and d[T] = e[T], the left side is the sum of diag(e[t]) E[t].
    """
    r, defined = remembered(name), {e.lhs: e.rhs for e in sent_back(name).equations}
    (axis,) = r.axes
    t, T, f = axis.index, axis.length, r.quantity(factor)
    error = next(e for e in r.equations if e.lhs.name.startswith("e_"))
    d = of(sent_back(name), f"dL/d{error.lhs.name.removeprefix('e_')}")
    at_end, before = ({t: T}, {t: t - 1})
    assert proved(replace_indices(d.rhs, at_end), replace_indices(error.rhs, at_end))
    assert proved(replace_indices(d.rhs - error.rhs, before), f * d.lhs, affine(T - t))
    kept = [e for e in r.equations if e.lhs.name.startswith("E_") and e.lhs.indices == (t,)]
    assert len(kept) >= 6
    for e in kept:
        summed = of(sent_back(name), f"dL/d{e.lhs.name.removeprefix('E_')}").rhs
        assert isinstance(summed, SumOver) and summed.args[1:] == (t, 1, T)
        part = put_in(summed.args[0], {q: v for q, v in defined.items() if q.name.startswith("dL/d") and q != d.lhs})
        assert proved(rows(d.lhs, e.rhs) - rows(f * d.lhs, e.lhs.previous), part), e


def proved(a: Node, b: Node, *where: Affine) -> bool:
    return isinstance(ls.decide(a, b, where=frozenset(where)), Equal)


def put_in(n: Node, definitions: dict[Named, Node]) -> Node:
    """The definitions for their names, and in what they say again."""
    return replace_named(n, lambda q: put_in(definitions[q], definitions) if q in definitions else q)


def test_traces_do_not_give_the_full_gradient():
    full = ls.backward("lstm-1997")
    values = witness.in_field(witness.drawn(full, SIZES, seed=3), witness.FLOAT)
    one, other = (Evaluation(r, SIZES, values)(of(r, "dL/dW_g").lhs) for r in (full, remembered("lstm-1997")))
    assert abs(one - other).max() > 1e-4


def test_a_loss_of_an_output_layer_is_learnt_forward_too():
    net = readout(model("lstm-1997"), "squared")
    r = traces(net, "L")
    assert {q.name for q in r.outputs} == {f"dL/d{p.name}" for p in net.parameters}
    e = of(r, "dL/dV")
    assert str(e.rhs).startswith("sum(dL/dout[t] @ h[t]^T")


@pytest.mark.parametrize("name", sorted(NOT_DIAGONAL | STILL_COUPLED))
def test_a_net_whose_units_still_move_each_other_has_no_traces(name):
    with pytest.raises(NotDefined, match=r"diagonal|carried"):
        traces(model(name))


def test_two_states_above_each_other_have_no_traces():
    with pytest.raises(NotDefined, match="carried by itself alone"):
        traces(stacked(model("lstm"), model("lstm")))


def test_a_name_that_a_trace_would_take_is_refused():
    cell = ls.Cell("taken")
    n, = cell.sizes("n")
    c, E_b = cell.state("c", n), cell.parameter("E_b", n)
    cell.let(c, c.previous + cell.parameter("b", n) + E_b)
    with pytest.raises(ModelError, match="E_b is taken"):
        traces(cell.recurrence)
