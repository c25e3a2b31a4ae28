"""Substitution is simultaneous, knows its binders, never captures and is fast on shared nodes."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_sym.expr.evaluate import Evaluation
from lstm_sym.expr.indices import integers
from lstm_sym.expr.nodes import Named, ProductOver, SumOver, When
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices, fresh_index, named_in, nodes_in, replace_indices, replace_named

n, s, t, k, T = integers("n s t k T")
h, x = Named("h", 1), Named("x", 1)
VALUES = {(name, (i,)): [[float(i * i + (7 if name == "x" else 2))]] for name in "hx" for i in range(-9, 30)}


def value(node, **at):
    return Evaluation(Recurrence(), at, VALUES)(node)[0, 0]


def test_indices_are_replaced_all_at_once():
    assert replace_indices(h[s] + h[t], {s: t, t: s}) == h[t] + h[s]
    assert replace_indices(h[t - 1], {t: t + 1}) == h[t]


def test_a_bound_index_is_not_replaced_but_its_limits_are():
    total = SumOver(h[k] + h[t], k, 1, t)
    assert replace_indices(total, {k: s}) == total
    assert replace_indices(total, {t: s}) == SumOver(h[k] + h[s], k, 1, s)


def test_a_bound_index_that_would_capture_is_renamed():
    moved = replace_indices(SumOver(h[k] * x[t], k, 1, T), {t: k})
    assert free_indices(moved) == {k, T}
    assert value(moved, k=3, T=4) == value(SumOver(h[s] * x[3], s, 1, 4))


EXPRESSIONS = [SumOver(h[k] * x[t], k, 1, t), SumOver(SumOver(h[k] * x[s + t], s, 1, k), k, 1, t + 1),
               ProductOver(h[k] + x[t - k], k, t, t + 2), When(h[t], t - 2) + SumOver(When(x[k], k - t), k, 1, 5)]


@pytest.mark.parametrize("node", EXPRESSIONS, ids=str)
@given(shift=st.integers(-2, 3), at=st.integers(1, 4), name=st.sampled_from([s, t, k, T]))
def test_replacing_then_evaluating_is_evaluating_there(node, shift, at, name):
    assert value(replace_indices(node, {t: name + shift}), **{name.name: at}) == value(node, t=at + shift)


def test_unfolding_replaces_each_quantity_and_keeps_the_others():
    unfolded = replace_named(h[t] @ x[t] + h[t], lambda q: x[t - 1] if q.label == h.label else q)
    assert unfolded == x[t - 1] @ x[t] + x[t - 1]


def test_shared_levels_are_visited_once():
    node = h[t]
    for _ in range(18):
        node = node * node + node
    start = process_time()
    moved = replace_named(replace_indices(node, {t: t - 1}), lambda q: x[t])
    assert named_in(moved) == (x[t],) and len(nodes_in(moved)) < 60 and free_indices(moved) == {t}
    assert process_time() - start < 0.5


def test_a_fresh_index_is_none_of_the_taken():
    taken = {k, *integers("k1 k2")}
    assert fresh_index(k, taken) not in taken
