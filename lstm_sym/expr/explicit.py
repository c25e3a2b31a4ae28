"""Explicit forms: sums, products and conditions written out, matrices entry by entry, as SymPy scalars.

SymPy's own scalar `diff` of an explicit form is a witness that shares no rule with the matrix calculus.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import sympy as sp

from lstm_sym.expr.evaluate import Evaluation, Key, Sizes, evaluate_affine, points
from lstm_sym.expr.fields import Array, Field
from lstm_sym.expr.functions import function
from lstm_sym.expr.indices import affine, integer
from lstm_sym.expr.nodes import (
    Add,
    Hadamard,
    Identity,
    MatMul,
    Named,
    Node,
    ProductOver,
    Scale,
    SumOver,
    Transpose,
    When,
    Zeros,
    add,
    hadamard,
    matmul,
    scale,
    transpose,
)
from lstm_sym.expr.recurrence import Axis, Recurrence
from lstm_sym.expr.substitute import named_in


def expand(node: Node, at: Sizes) -> Node:
    """node with every index at its number: sums, products and conditions are written out; other sizes stay symbols.

    Errors: UnknownName for a bound or a condition without a value.
    """
    return _Expansion(at)(node)


class _Expansion:
    """One expansion at fixed numbers; shared nodes once."""

    def __init__(self, at: Sizes) -> None:
        self.at = dict(at)
        self.values = {integer(name): sp.Integer(value) for name, value in at.items()}
        self.memo: dict[Node, Node] = {}

    def __call__(self, node: Node) -> Node:
        if node not in self.memo:
            self.memo[node] = WRITTEN_OUT[type(node)](self, node) if type(node) in WRITTEN_OUT else self._rebuild(node)
        return self.memo[node]

    def argument(self, argument: sp.Basic) -> sp.Basic:
        """An operand expanded, an index or a size with its numbers."""
        if isinstance(argument, Node):
            return self(argument)
        return argument.xreplace(self.values) if isinstance(argument, sp.Expr) else argument

    def bodies(self, node: Node) -> list[Node]:
        """The body of a binder at each value of its index."""
        body, k, low, high = node.args[:4]
        first, last = (evaluate_affine(affine(bound), self.at) for bound in (low, high))
        return [_Expansion({**self.at, k.name: value})(body) for value in range(first, last + 1)]

    def holds(self, node: Node) -> bool:
        """Are the conditions true here?"""
        return all(evaluate_affine(affine(condition), self.at) >= 0 for condition in node.args[1:])

    def zeros(self, node: Node) -> Node:
        """The zero of the shape of `node`."""
        return Zeros(*map(self.argument, node.shape))

    def _rebuild(self, node: Node) -> Node:
        build: Callable[..., Node] = BUILD.get(type(node), type(node))
        return build(*map(self.argument, node.args))


def _product(x: _Expansion, n: Node) -> Node:
    return matmul(Identity(x.argument(n.shape[0])), *x.bodies(n)[:: int(n.args[4])])


WRITTEN_OUT: dict[type[Node], Callable[[_Expansion, Any], Node]] = {
    SumOver:     lambda x, n: add(x.zeros(n), *x.bodies(n)),
    ProductOver: _product,
    When:        lambda x, n: x(n.args[0]) if x.holds(n) else x.zeros(n),
}
BUILD: dict[type[Node], Callable[..., Node]] = {             # without units and zeros
    Add: add, Hadamard: hadamard, MatMul: matmul, Scale: scale, Transpose: transpose,
}


# --- SymPy scalars ----------------------------------------------------------------------------------------

SYMBOLIC = Field("symbolic", object, lambda c: sp.Rational(c.numerator, c.denominator),
                 lambda name, x: function(name).scalar(x))


def scalars(named: Named, at: tuple[int, ...], sizes: Sizes) -> Array:
    """One real SymPy symbol for each entry of a quantity: h[1]_0_0."""
    rows, columns = (evaluate_affine(affine(size), sizes) for size in named.shape)
    stem = f"{named.name}[{', '.join(map(str, at))}]" if at else named.name
    entries = [[sp.Symbol(f"{stem}_{i}_{j}", real=True) for j in range(columns)] for i in range(rows)]
    return np.array(entries, dtype=object).reshape(rows, columns)


def as_explicit(node: Node, sizes: Sizes) -> sp.ImmutableMatrix:
    """The matrix of SymPy scalars at concrete sizes and indices; named quantities are symbols, entry by entry."""
    written = expand(node, sizes)
    values = _symbols(((q, ()) for q in named_in(written)), sizes)
    return sp.ImmutableMatrix(Evaluation(Recurrence(), sizes, values, SYMBOLIC)(written))


def explicit(recurrence: Recurrence, sizes: Sizes) -> Evaluation:
    """An evaluation whose free quantities are symbols: explicit(net, sizes)(h[T]) is the unrolled net, unfolded."""
    quantities = ((q, recurrence.axes) for q in recurrence.free)
    return Evaluation(recurrence, sizes, _symbols(quantities, sizes), SYMBOLIC)


def _symbols(quantities: Iterable[tuple[Named, tuple[Axis, ...]]], sizes: Sizes) -> dict[Key, Array]:
    return {(q.name, at): scalars(q, at, sizes) for q, axes in quantities
            for at in points(q.indices, axes, sizes)}
