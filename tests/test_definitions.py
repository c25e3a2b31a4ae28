"""The definitions of a family are found by its label, in order of evaluation, whatever else the recurrence holds."""

import pytest

import lstm_sym as ls
from lstm_sym.calculus.unroll import unroll
from lstm_sym.expr.labels import label


@pytest.mark.parametrize("name", [model.name for model in ls.models()])
def test_definitions_are_the_equations_with_that_label_in_order(name):
    for recurrence in (ls.backward(name), unroll(ls.as_recurrence(name), {"T": 3})):
        for equation in recurrence.equations:
            family = equation.lhs.label
            assert recurrence.definitions(family) == tuple(e for e in recurrence.equations if e.lhs.label == family)
        assert recurrence.definitions(label("nobody")) == ()


def test_a_recurrence_that_was_asked_for_definitions_is_equal_to_one_that_was_not():
    asked, fresh = ls.backward("rnn"), ls.backward("rnn")
    asked.definitions(label("h"))
    assert asked == fresh and hash(asked) == hash(fresh) and repr(asked) == repr(fresh)


def test_a_scan_added_later_is_found():
    r = ls.as_recurrence("rnn")
    (equation,) = r.definitions(label("h"))
    assert r.then(r.scans[0]).definitions(label("h")) == (equation, equation)
