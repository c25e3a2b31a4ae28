"""Evaluation of expressions and recurrences at concrete sizes and lengths, in any field.

Named quantities are computed by the recurrence, each once; only what is free is taken from the given values.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from operator import add, matmul, mul
from typing import Any

import numpy as np
import sympy as sp

from lstm_sym.errors import DomainViolation, MissingRule, ShapeMismatch, UnknownName
from lstm_sym.expr.affine import Affine
from lstm_sym.expr.fields import FLOAT, Array, Field
from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import (
    Add,
    Diag,
    Elementwise,
    Hadamard,
    Identity,
    MatMul,
    Named,
    Node,
    Ones,
    ProductOver,
    Scale,
    Slice,
    Stack,
    SumOver,
    Transpose,
    When,
    Zeros,
)
from lstm_sym.expr.recurrence import Axis, Recurrence

Key = tuple[str, tuple[int, ...]]                            # name, concrete indices
Sizes = Mapping[str, int]


class Evaluation:
    """Values of one recurrence at concrete sizes.

    sizes: every size and length by name; values: free quantities by (name, indices).
    """

    def __init__(self, recurrence: Recurrence, sizes: Sizes, values: Mapping[Key, Any], field: Field = FLOAT) -> None:
        self.recurrence, self.sizes, self.field = recurrence, dict(sizes), field
        self.known: dict[Key, Array] = {k: np.asarray(v, dtype=field.dtype) for k, v in values.items()}

    def __call__(self, node: Node, at: Sizes | None = None) -> Array:
        """The value of `node` with its free indices at `at`.

        Errors: DomainViolation where a name does not exist, UnknownName for a free quantity without a value.
        """
        return self.at(at or {}).value(node)

    def at(self, indices: Sizes) -> Point:
        """Where the free indices have these values: for many expressions there, what they share is computed once."""
        return Point(self, {**self.sizes, **indices})

    def quantity(self, named: Named, at: tuple[int, ...]) -> Array:
        """The member of the family of `named` at concrete indices."""
        key = named.name, at
        if key not in self.known:
            self.known[key] = self._compute(named.label, named, at)
        return self.known[key]

    def _compute(self, name: Label, named: Named, at: tuple[int, ...]) -> Array:
        for equation in self.recurrence.definitions(name):
            if self._holds(equation.lhs, at, equation.over):
                moved = zip(equation.lhs.indices, at, strict=True)
                return self(equation.rhs, {s.name: value for s, value in moved if isinstance(s, sp.Symbol)})
        where = f"{named.name}[{', '.join(map(str, at))}]"
        if any(self._is_member(q, at) for q in self.recurrence.free if q.label == name):
            raise UnknownName(f"{where} is given from outside and has no value; sizes {self.sizes}")
        raise DomainViolation(f"{where} does not exist at sizes {self.sizes}")

    def _is_member(self, pattern: Named, at: tuple[int, ...]) -> bool:
        return self._holds(pattern, at, tuple(a for a in self.recurrence.axes if a.index in pattern.indices))

    def _holds(self, pattern: Named, at: tuple[int, ...], over: tuple[Axis, ...]) -> bool:
        """Is there a member of the family at these indices: in the axes' ranges, constants equal?"""
        lengths = {axis.index: axis.length for axis in over}
        return len(pattern.indices) == len(at) and all(
            1 <= here <= self._size(lengths[i]) if i in lengths else self._size(i) == here
            for i, here in zip(pattern.indices, at, strict=True))

    def _size(self, expression: sp.Expr) -> int:
        return evaluate_affine(affine(expression), self.sizes)

    def run(self) -> dict[Key, Array]:
        """Every quantity of every scan, in scan order: the trajectory."""
        for scan in self.recurrence.scans:
            for equation in scan.equations:
                for at in points(equation.lhs.indices, equation.over, self.sizes, scan.direction):
                    self.quantity(equation.lhs, at)
        return self.known


class Point:
    """One evaluation at one point: short access for the rules below."""

    def __init__(self, evaluation: Evaluation, at: dict[str, int]) -> None:
        self.evaluation, self.at, self.field = evaluation, at, evaluation.field
        self.known: dict[Node, Array] = {}
        self.beside: dict[tuple[str, int], Point] = {}

    def value(self, node: Node) -> Array:
        """Errors: as for an evaluation."""
        if node not in self.known:
            rule = EVAL.get(type(node))
            if rule is None:
                raise MissingRule.for_node("EVAL", node)
            self.known[node] = rule(node, self)
        return self.known[node]

    def integer(self, expression: sp.Expr) -> int:
        return evaluate_affine(affine(expression), self.at)

    def moved(self, index: sp.Symbol, value: int) -> Point:
        where = index.name, value
        if where not in self.beside:
            self.beside[where] = Point(self.evaluation, {**self.at, index.name: value})
        return self.beside[where]

    def constant(self, node: Node, value: int) -> Array:
        return self.field.array(self.integer(node.shape[0]), self.integer(node.shape[1]), value)


def evaluate_affine(form: Affine, at: Sizes) -> int:
    """The integer value.  Errors: UnknownName for a symbol without a value."""
    value = form.constant
    try:
        for s, c in form.terms:
            value += c * at[s]
        return value
    except KeyError as missing:
        raise UnknownName(f"no value for the size or index {missing} in {form}; given are {sorted(at)}") from None


def points(indices: tuple[sp.Expr, ...], over: tuple[Axis, ...], sizes: Sizes,
           direction: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    """The concrete indices of a quantity that runs over some axes, in a direction (+1 / -1 per axis; forward)."""
    lengths = {a.index: evaluate_affine(affine(a.length), sizes) for a in over}
    signs = dict(zip(lengths, direction, strict=False))
    points: list[tuple[int, ...]] = [()]
    for i in indices:
        if i in lengths:
            steps = range(1, lengths[i] + 1)[:: signs.get(i, 1)]
        else:
            value = evaluate_affine(affine(i), sizes)
            steps = range(value, value + 1)
        points = [(*p, k) for p in points for k in steps]
    return points


# --- one line a node -----------------------------------------------------------------------------------

@lru_cache(maxsize=16384)
def _indices(named: Named) -> tuple[Affine, ...]:
    return tuple(map(affine, named.indices))


def _identity(n: Node, p: Point) -> Array:
    return np.eye(p.integer(n.shape[0]), dtype=int) * p.constant(n, 1)


def _coefficient(value: sp.Expr, p: Point) -> Any:
    number = value if value.is_Rational else value.subs({s: p.at[s.name] for s in value.free_symbols})
    return p.field.number(Fraction(int(number.p), int(number.q)))


def _diag(n: Node, p: Point) -> Array:
    column = p.value(n.args[0])
    out = p.constant(n, 0)
    for i in range(len(column)):
        out[i, i] = column[i, 0]
    return out


def _slice(n: Node, p: Point) -> Array:
    start, rows = p.integer(n.args[1]), p.integer(n.args[2])
    whole = p.value(n.args[0])
    if not 0 <= start <= start + rows <= len(whole):
        raise DomainViolation(f"rows {start} .. {start + rows - 1} of a block of {len(whole)} rows in {n}")
    return whole[start:start + rows]


def _range(n: Node, p: Point) -> range:
    return range(p.integer(n.args[2]), p.integer(n.args[3]) + 1)


def _product_over(n: Node, p: Point) -> Array:
    factors = [p.moved(n.args[1], k).value(n.args[0]) for k in _range(n, p)]
    return reduce(matmul, factors[:: int(n.args[4])], _identity(n, p))


def _matmul(a: Array, b: Array) -> Array:
    """a b, at sizes at which they fit: those of a document's names may be told apart and stand stacked."""
    if a.shape[1] != b.shape[0]:
        raise ShapeMismatch(f"{a.shape} and {b.shape}: sizes do not fit")
    return matmul(a, b)


def _when(n: Node, p: Point) -> Array:
    holds = all(p.integer(c) >= 0 for c in n.args[1:])
    return p.value(n.args[0]) if holds else p.constant(n, 0)


EVAL: dict[type[Node], Callable[[Any, Point], Array]] = {
    Named:       lambda n, p: p.evaluation.quantity(n, tuple([evaluate_affine(i, p.at) for i in _indices(n)])),
    Ones:        lambda n, p: p.constant(n, 1),
    Zeros:       lambda n, p: p.constant(n, 0),
    Identity:    _identity,
    Add:         lambda n, p: reduce(add, map(p.value, n.args)),
    Hadamard:    lambda n, p: reduce(mul, map(p.value, n.args)),
    MatMul:      lambda n, p: reduce(_matmul, map(p.value, n.args)),
    Scale:       lambda n, p: p.value(n.args[1]) * _coefficient(n.args[0], p),
    Transpose:   lambda n, p: p.value(n.args[0]).T,
    Diag:        _diag,
    Elementwise: lambda n, p: p.field.map(n.args[0].name, p.value(n.args[1])),
    Stack:       lambda n, p: np.concatenate([p.value(a) for a in n.args]),
    Slice:       _slice,
    SumOver:     lambda n, p: sum((p.moved(n.args[1], k).value(n.args[0]) for k in _range(n, p)), p.constant(n, 0)),
    ProductOver: _product_over,
    When:        _when,
}
