"""A wrong claim and what an edit of it may use: its sides, what defines its names, the slopes of its activations."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from lstm_sym.errors import ShapeMismatch
from lstm_sym.expr import nodes as e
from lstm_sym.expr.functions import FUNCTIONS, derivative
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Named, Node
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import named_in, replace_indices

Candidates: TypeAlias = Iterator[Node]
SMOOTH = ("tanh", "sigmoid")                                 # whose derivatives are taken for each other
JOINED: dict[type[Node], Callable[..., Node]] = {e.Add: e.add, e.Hadamard: e.hadamard, e.MatMul: e.matmul}


@dataclass(frozen=True, slots=True)
class Case:
    """What an edit may use: the claim's sides, and what defines its names."""

    left: Node
    right: Node
    given: Recurrence
    derived: Node | None                                     # the left side's own equation, if it has one

    def slopes(self) -> tuple[Named | Node, ...]:
        """f'(a) of every activation, in the quantity's own value, at the times of the claim and one beside them."""
        near = self._times()
        found = (
            replace_indices(derivative(f, value), {over: t}) for over, f, value in self._activations() for t in near
        )
        return tuple(dict.fromkeys(found))

    def mistaken(self) -> Iterator[tuple[Node, Node]]:
        """What may stand by mistake for f'(a), and f'(a): the slope of another function, or of f in the argument's value."""
        near = self._times()
        for over, f, value in self._activations():
            true, (name, argument) = derivative(f, value), f.args
            forms = [FUNCTIONS[other].derivative(argument, y) for other in SMOOTH
                     for y in (value, argument, e.Elementwise(other, argument))]
            forms += [1 - value, value] if str(name) == "sigmoid" else []
            yield from (
                (replace_indices(form, {over: t}), replace_indices(true, {over: t}))
                for form in forms for t in near if form != true
            )

    def _times(self) -> list[sp.Expr]:
        """The times that the claim names, and those one beside them."""
        times = dict.fromkeys(i for side in (self.right, self.left) for i in (*indices_of(side), *_bound(side)))
        return list(dict.fromkeys(sp.expand(t + s) for t in times for s in (0, 1, -1)))

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


def made(make: Callable[..., Node], *args: Node) -> Candidates:
    """make(*args), if the shapes fit."""
    try:
        yield make(*args)
    except ShapeMismatch:
        return


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
