"""One model of the family is another with some parameters fixed: proved for all sizes and lengths, step by step."""

from collections.abc import Callable
from dataclasses import replace

import pytest

import lstm_sym as ls
from lstm_sym.cells.catalogue import model
from lstm_sym.equality.verdicts import Different, Equal
from lstm_sym.expr.labels import label
from lstm_sym.expr.nodes import Named, Node, Zeros, scale
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan
from lstm_sym.expr.substitute import replace_named

STEP = "_before"                                             # both models get the same state before the step


def one_step(name: str, fixed: Callable[[Named], Node] = lambda q: q) -> Recurrence:
    """The equations of one step, the states before it given from outside, with what `fixed` puts for some quantities."""
    r = model(name)
    states = {s.label for s in r.states}
    (axis,) = r.axes
    t = axis.index

    def given(q: Named) -> Node:
        before = q.label in states and q.indices == (t - 1,)
        return fixed(Named(q.name + STEP, *q.shape, t) if before else q)

    scans = tuple(Scan(tuple(replace(e, rhs=replace_named(e.rhs, given)) for e in s.equations), s.direction) for s in r.scans)
    return replace(r, scans=scans, initial=(), given=tuple(Named(s.name + STEP, *s.shape, t) for s in r.states))


def apart(r: Recurrence) -> Recurrence:
    """The same with a prime at all it computes, so that two models stand side by side."""
    computed = {e.lhs.label for e in r.equations}

    def primed(q: Named) -> Named:
        return Named(q.name + "_other", *q.shape, *q.indices) if q.label in computed else q

    scans = tuple(Scan(tuple(Equation(primed(e.lhs), replace_named(e.rhs, primed), e.over) for e in s.equations), s.direction)
                  for s in r.scans)
    return replace(r, scans=scans)


def same_step(one: Recurrence, other: Recurrence, state: str) -> object:
    """Is the state after a step the same in both?"""
    second = apart(other)
    given = tuple(dict.fromkeys((*one.given, *second.given)))
    both = replace(one, scans=one.scans + second.scans, given=given,
                   parameters=tuple(dict.fromkeys(one.parameters + second.parameters)))
    h = one.quantity(state)
    return ls.decide(h, Named(f"{state}_other", *h.shape, *h.indices), both)


def without(*starts: str) -> Callable[[Named], Node]:
    """The parameters whose names begin so are 0."""
    return lambda q: Zeros(*q.shape) if not q.indices and q.name.startswith(starts) else q


def negated(*names: str) -> Callable[[Named], Node]:
    return lambda q: scale(-1, q) if q.name in names else q


GATE_RECURRENCE = tuple(f"W_{j}{k}" for j in "ifo" for k in "ifo")
NEGATED = negated("W_z", "U_z", "b_z")
REDUCTIONS = {
    "FGR without gate recurrence is vanilla": (one_step("lstm-fgr", without(*GATE_RECURRENCE)), one_step("lstm-vanilla")),
    "vanilla without peepholes is the LSTM":  (one_step("lstm-vanilla", without("p_")), one_step("lstm")),
    "vanilla without peepholes is NP":        (one_step("lstm-vanilla", without("p_")), one_step("lstm-np")),
    "the peephole LSTM is vanilla":           (one_step("lstm-peephole"), one_step("lstm-vanilla")),
    "a gate that renews, negated, keeps":     (one_step("gru-renewing", NEGATED), one_step("gru")),
    "also where the reset comes after":       (one_step("gru-after-renewing", NEGATED), one_step("gru-after")),
}


@pytest.mark.parametrize("name", REDUCTIONS)
def test_a_model_with_parameters_fixed_is_the_other(name):
    one, other = REDUCTIONS[name]
    for state in one.outputs:
        assert isinstance(same_step(one, other, state.name), Equal), state


def with_gate(name: str, gate: str, value: Callable[[Recurrence], Node]) -> Recurrence:
    """The step with an equation of its own for one gate."""
    r = one_step(name)
    put = {label(gate): value(r)}
    scans = tuple(Scan(tuple(replace(e, rhs=put.get(e.lhs.label, e.rhs)) for e in s.equations), s.direction) for s in r.scans)
    return replace(r, scans=scans)


GATES = {
    "lstm-cifg": ("f", lambda r: 1 - r.quantity("i")),
    "lstm-nig":  ("i", lambda r: ls.Ones(*r.quantity("i").shape)),
    "lstm-nfg":  ("f", lambda r: ls.Ones(*r.quantity("f").shape)),
    "lstm-nog":  ("o", lambda r: ls.Ones(*r.quantity("o").shape)),
    "lstm-niaf": ("g", lambda r: r.quantity("a_g")),
    "lstm-noaf": ("theta", lambda r: r.quantity("c")),
}


@pytest.mark.parametrize("name", GATES)
@pytest.mark.parametrize("state", "hc")
def test_a_variant_is_vanilla_with_one_equation_changed(name, state):
    assert isinstance(same_step(with_gate("lstm-vanilla", *GATES[name]), one_step(name), state), Equal)


@pytest.mark.parametrize(("one", "other"), [
    (one_step("gru"), one_step("gru-after", without("d_g"))),
    (one_step("lstm"), one_step("lstm-vanilla")),
    (one_step("gru-renewing"), one_step("gru")),
])
def test_models_that_are_no_form_of_each_other_differ_at_a_witness(one, other):
    assert isinstance(same_step(one, other, "h"), Different)
