"""Truncation is the exact gradient of the detached net: the cut source replaced by a given input with its values."""

from dataclasses import replace

import gradients as witness
import nets
import numpy as np
import pytest
from nets import T, a, h, n, t

from lstm_sym.calculus.backward import backward
from lstm_sym.calculus.excess import excess
from lstm_sym.calculus.truncate import Edge, edges, into, preactivations, recurrent_edges
from lstm_sym.cells.catalogue import model
from lstm_sym.equality.decide import decide
from lstm_sym.equality.verdicts import Equal
from lstm_sym.expr.evaluate import Evaluation
from lstm_sym.expr.labels import Excess, Total, label
from lstm_sym.expr.nodes import Named
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import replace_named

LSTMS = [nets.lstm, nets.peephole_lstm]


def detached(recurrence: Recurrence, cut: frozenset[Edge]) -> Recurrence:
    """The users of each cut edge read a given copy of the source."""
    def equation(e):
        def copy(q):
            return Named(f"copy_{q.name}", *q.shape, *q.indices) if Edge(e.lhs.label, q.label) in cut else q
        return replace(e, rhs=replace_named(e.rhs, copy))

    sources = {edge.source for edge in cut}
    copies = [Named(f"copy_{q.name}", *q.shape, *q.indices) for q in recurrence.quantities if q.label in sources]
    scans = tuple(replace(scan, equations=tuple(map(equation, scan.equations))) for scan in recurrence.scans)
    return replace(recurrence, scans=scans, given=recurrence.given + tuple(copies))


def with_copies(recurrence, sizes, values):
    """The values with those of each quantity under the name of its copy."""
    trajectory = Evaluation(recurrence, sizes, witness.in_field(values, witness.FLOAT)).run()
    return values | {(f"copy_{name}", at): v for (name, at), v in trajectory.items()}


def agree(recurrence, cut):
    sizes = nets.SIZES
    values = witness.drawn(recurrence, sizes, seed=17)
    derived = backward(recurrence, "L", cut=cut)
    run = Evaluation(derived, sizes, witness.in_field(values, witness.FLOAT))
    expected = witness.by_complex_steps(detached(recurrence, cut), sizes, with_copies(recurrence, sizes, values))
    for gradient in derived.outputs:
        for _, at in witness.members(derived, gradient, sizes):
            gap = run.quantity(gradient, at) - expected[str(gradient.label.by), at]
            assert np.max(np.abs(np.asarray(gap, dtype=float))) < 1e-12, gradient


@pytest.mark.parametrize("net", [nets.with_time_sum, *LSTMS, nets.stacked_lstm, nets.softmax_readout])
def test_cutting_the_recurrent_edges_into_preactivations_is_detaching_them(net):
    recurrence = net()
    assert recurrent_edges(recurrence)
    agree(recurrence, recurrent_edges(recurrence))


@pytest.mark.parametrize("net", LSTMS)
def test_cutting_every_edge_into_the_gates_is_detaching_them(net):
    agree(net(), into(net(), "a_i", "a_f", "a_o"))


@pytest.mark.parametrize("user, source", [("h", "theta"), ("c", "c"), ("theta", "c"), ("a_o", "h"), ("h", "o")])
def test_cutting_any_one_edge_is_detaching_it(user, source):
    cut = frozenset({Edge.between(user, source)})
    assert cut <= edges(nets.lstm().equations)
    agree(nets.lstm(), cut)


def test_the_truncation_of_1997_keeps_the_constant_error_carousel():
    net = nets.lstm()
    assert preactivations(net) == {label(name) for name in ("a_i", "a_f", "a_o", "a_g")}
    assert recurrent_edges(net) == {Edge.between(f"a_{gate}", "h") for gate in "ifog"}
    derived = backward(net, cut=recurrent_edges(net))
    by_cell = next(e for e in derived.equations if str(e.lhs) == "dL/dc[t]")
    assert Named("f", n)[t + 1] in by_cell.rhs.atoms(Named)
    by_state = next(e for e in derived.equations if str(e.lhs) == "dL/dh[t]")
    assert str(by_state.rhs) == "∂L/∂h[t]"


def test_what_only_a_cut_edge_reaches_has_no_adjoint_and_is_not_named():
    """The loss reads a alone; h reaches it only through the cut edge."""
    net = nets.rnn(nets.Equation(nets.LOSS, nets.square(a[T])))
    derived = backward(net, "L", cut=[Edge.between("a", "h")])
    names = {str(e.lhs.label) for e in derived.equations}
    assert "dL/da" in names and "dL/dh" not in names
    assert not any("dL/dh" in str(e.rhs) for e in derived.equations)
    assert h[T] not in derived.outputs


def of_the_detached_net(q):
    """The adjoint as the truncated gradient has it, under a name of its own."""
    return Named(Total("L_cut", q.label.by), *q.shape, *q.indices) if isinstance(q.label, Total) else q


@pytest.mark.parametrize("name", ["lstm-1997", "lstm-peephole", "lstm-fgr", "gru", "gru-after"])
def test_what_truncation_leaves_out_is_proved_to_be_the_difference(name):
    """full - truncated on the left; on the right every excess as the difference that it stands for."""
    net = model(name)
    cut = recurrent_edges(net)
    truncated = {e.lhs: replace_named(e.rhs, of_the_detached_net) for e in backward(net, cut=cut).equations}
    full = backward(net)
    left_out = excess(net, cut=cut).equations[len(full.equations):]
    moved = {e.lhs.label.of for e in left_out}
    as_full = {of_the_detached_net(q).label: q.label
               for q in full.quantities if isinstance(q.label, Total) and q.label not in moved}

    def of_the_cut(q):
        return Named(as_full.get(q.label, q.label), *q.shape, *q.indices)

    def stands_for(q):
        if not isinstance(q.label, Excess):
            return q
        whole = Named(q.label.of, *q.shape, *q.indices)
        return whole - of_the_detached_net(whole)

    for e in left_out:
        whole = Named(e.lhs.label.of, *e.lhs.shape, *e.lhs.indices)
        of_full = next(f.rhs for f in full.equations if f.lhs == whole)
        difference = of_full - replace_named(truncated[whole], of_the_cut)
        assert isinstance(decide(difference, replace_named(e.rhs, stands_for), full), Equal), e.lhs


@pytest.mark.parametrize("net", [*LSTMS, nets.stacked_lstm, nets.with_time_sum])
def test_what_truncation_leaves_out_has_the_numbers_of_the_difference(net):
    recurrence, sizes = net(), nets.SIZES
    cut, values = recurrent_edges(net()), witness.in_field(witness.drawn(net(), nets.SIZES, seed=5), witness.FLOAT)
    full, truncated, left_out = (Evaluation(r, sizes, values) for r in (
        backward(recurrence, "L"), backward(recurrence, "L", cut=cut), excess(recurrence, "L", cut=cut)))
    largest = 0.0
    for q in backward(recurrence, "L").outputs:
        named = Named(Excess(q.label), *q.shape, *q.indices)
        for _, at in witness.members(backward(recurrence, "L"), q, sizes):
            gap = np.asarray(full.quantity(q, at) - truncated.quantity(q, at), dtype=float)
            there = left_out.quantity(named, at) if named in excess(recurrence, "L", cut=cut).outputs else 0
            largest = max(largest, np.max(np.abs(gap)))
            assert np.max(np.abs(gap - np.asarray(there, dtype=float))) < 1e-12, q
    assert largest > 1e-3


def test_a_cut_that_cuts_nothing_leaves_nothing_out():
    assert excess(nets.lstm(), cut=()) == replace(backward(nets.lstm()), outputs=())
