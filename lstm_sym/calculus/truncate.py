"""Truncated backpropagation: named edges of the recurrence through which no gradient flows.

`backward(recurrence, cut=...)` takes such a set.  What it gives is the exact gradient of another net, the detached one.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lstm_sym.expr.labels import Label, label
from lstm_sym.expr.nodes import Elementwise
from lstm_sym.expr.recurrence import Equation, Recurrence
from lstm_sym.expr.substitute import named_in, nodes_in


@dataclass(frozen=True, slots=True)
class Edge:
    """The dependence of the equation of `user` on the quantity `source`: an edge that truncation can cut."""

    user: Label
    source: Label

    @classmethod
    def between(cls, user: str | Label, source: str | Label) -> Edge:
        """Edge by names."""
        return cls(label(user), label(source))


def edges(equations: Iterable[Equation]) -> frozenset[Edge]:
    """Every edge of the equations."""
    return frozenset(Edge(e.lhs.label, q.label) for e in equations for q in named_in(e.rhs))


def into(recurrence: Recurrence, *users: str | Label) -> frozenset[Edge]:
    """Every edge into the named quantities from a computed quantity or an initial value."""
    wanted, carried = set(map(label, users)), {q.label for q in recurrence.initial}
    computed = carried | {e.lhs.label for e in recurrence.equations}
    return frozenset(e for e in edges(recurrence.equations) if e.user in wanted and e.source in computed)


def preactivations(recurrence: Recurrence) -> frozenset[Label]:
    """Computed quantities that stand under an elementwise function, and what they read; states apart: a in h = tanh(a).

    What they read: v = [h[t-1]; x[t]] in a = K v + b.
    """
    inner = {e.lhs.label for e in recurrence.equations} - {q.label for q in recurrence.states}
    found = {q.label for e in recurrence.equations for n in nodes_in(e.rhs) if isinstance(n, Elementwise)
             for q in named_in(n)} & inner
    before = 0
    while len(found) != before:
        before = len(found)
        found |= {q.label for e in recurrence.equations if e.lhs.label in found for q in named_in(e.rhs)} & inner
    return frozenset(found)


def recurrent_edges(recurrence: Recurrence) -> frozenset[Edge]:
    """Edges from states of another step into pre-activations: the truncation of the LSTM of 1997.

    No error goes back from a net input into the outputs that feed it; the state's own edge, c[t-1] into c[t], stays.
    A pre-activation inside a state's own equation has no edge of its own: name it.
    Source: Hochreiter & Schmidhuber 1997 (Neural Computation 9(8)), section 4.
    """
    wanted, states = preactivations(recurrence), {q.label for q in recurrence.states}
    return frozenset(Edge(e.lhs.label, q.label) for e in recurrence.equations if e.lhs.label in wanted
                     for q in named_in(e.rhs) if q.label in states and q.indices != e.lhs.indices)
