"""Differentiating an unrolled net: the work and the size of the result are linear in the number of steps."""

from itertools import pairwise

import pytest

import lstm_sym as ls
from lstm_sym.calculus import backward as module
from lstm_sym.calculus.unroll import unroll
from lstm_sym.expr.substitute import nodes_in


def unrolled(name: str, steps: int) -> ls.Recurrence:
    return unroll(ls.as_recurrence(name), {"T": steps})


@pytest.mark.parametrize("name", ["rnn", "lstm"])
def test_each_unrolled_equation_is_pulled_back_once(name, monkeypatch):
    seen, pullback = [], module.pullback
    monkeypatch.setattr(module, "pullback", lambda *args: seen.append(args[1]) or pullback(*args))
    net = unrolled(name, 6)
    module.backward(net)
    assert sorted(map(str, seen)) == sorted(str(e.lhs) for e in net.equations)


@pytest.mark.parametrize("name", ["rnn", "lstm", "gru"])
def test_every_further_step_adds_the_same_number_of_nodes(name):
    nets = [module.backward(unrolled(name, steps)) for steps in (4, 5, 6, 7)]
    sizes = [sum(len(nodes_in(e.rhs)) for e in net.equations) for net in nets]
    assert len({b - a for a, b in pairwise(sizes)}) == 1
