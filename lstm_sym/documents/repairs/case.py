"""A wrong claim and what an edit of it may use: its sides, what defines its names, the slopes of its activations."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from lstm_sym.errors import ShapeMismatch
from lstm_sym.expr import nodes as e
from lstm_sym.expr.functions import derivative
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Named, Node
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import named_in, replace_indices

Candidates: TypeAlias = Iterator[Node]


@dataclass(frozen=True, slots=True)
class Case:
    """What an edit may use: the claim's sides, and what defines its names."""

    left: Node
    right: Node
    given: Recurrence
    derived: Node | None                                     # the left side's own equation, if it has one

    def slopes(self) -> tuple[Named | Node, ...]:
        """f'(a) of every activation, in the quantity's own value, at the times of the claim and one beside them."""
        times = dict.fromkeys(i for side in (self.right, self.left) for i in (*indices_of(side), *_bound(side)))
        near = list(dict.fromkeys(sp.expand(t + s) for t in times for s in (0, 1, -1)))
        found = (
            replace_indices(derivative(f, value), {over: t}) for over, f, value in self._activations() for t in near
        )
        return tuple(dict.fromkeys(found))

    def _activations(self) -> Iterator[tuple[sp.Symbol, e.Elementwise, Node]]:
        """Every activation of the model: its axis, the node, and its value (the quantity it defines, if it does)."""
        for equation in self.given.equations:
            if equation.over and not isinstance(equation.lhs.label, Total | Direct):
                for f in _functions(equation.rhs):
                    yield equation.over[0].index, f, equation.lhs if f is equation.rhs else f


def _functions(node: Node) -> Iterator[e.Elementwise]:
    if isinstance(node, e.Elementwise):
        yield node
    for x in e.operands(node):
        yield from _functions(x)


def indices_of(node: Node) -> Iterator[sp.Expr]:
    for q in named_in(node):
        yield from q.indices


def _bound(node: Node) -> Iterator[sp.Expr]:
    if isinstance(node, e.BINDERS):
        yield node.args[1]
    for x in e.operands(node):
        yield from _bound(x)


def rewritten(node: Node, rule: Callable[[Node], Iterator[Node]]) -> Candidates:
    """Every tree with one subtree replaced by what the rule makes of it."""
    yield from rule(node)
    for n, x in enumerate(node.args):
        if isinstance(x, Node):
            for y in rewritten(x, rule):
                yield from _rebuilt(node, n, y)


def _rebuilt(node: Node, n: int, y: Node) -> Candidates:
    try:
        yield node.func(*node.args[:n], y, *node.args[n + 1:])
    except (TypeError, ShapeMismatch):
        return
