"""Reals at one place of a net: what the names of a claim are worth there, and whether a relation is certain."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from operator import mul
from typing import Any

from lstm_sym.documents.norms import reals
from lstm_sym.documents.norms.reals import PLAIN, Entries, Measure, Name, Number, Real, Relation
from lstm_sym.documents.norms.values import MEASURES, ONE, Matrix, Value, largest, least, number, total
from lstm_sym.errors import Inexact
from lstm_sym.expr.affine import Affine, Domain
from lstm_sym.expr.evaluate import Evaluation, evaluate_affine
from lstm_sym.expr.nodes import Node


class Point:
    """A net at one place: its evaluation, indices, the author's numbers, the kind of unmarked norms."""

    def __init__(self, evaluation: Evaluation, at: Mapping[str, int], names: Mapping[str, Value], kind: str = "2") -> None:
        self.evaluation, self.at, self.names, self.kind = evaluation, dict(at), dict(names), kind

    def moved(self, index: str, value: int) -> Point:
        """The same with one index elsewhere."""
        return self.at_times({index: value})

    def at_times(self, here: Mapping[str, int]) -> Point:
        """The same with some indices elsewhere."""
        return Point(self.evaluation, {**self.at, **here}, self.names, self.kind)

    def is_within(self, asked: Domain) -> bool:
        """Are the indices where they are asked to be?"""
        known = {*self.evaluation.sizes, *self.at}
        return all(self.index(form) >= 0 for form in asked if all(name in known for name, _ in form.terms))

    def matrix(self, node: Node) -> Matrix:
        """The entries of an expression."""
        return _entries(self.evaluation, node, frozenset(self.at.items()))

    def __call__(self, x: Real) -> Value:
        """The value of x.  Errors: Inexact where it is not certain or not known."""
        rule = VALUES.get(type(x))
        if rule is None:
            raise Inexact(f"{type(x).__name__} has no one value")
        return rule(self, x)

    def ends(self, x: Real) -> tuple[Value, Value]:
        """The least and the largest of what x stands for: of entries, else both its value."""
        entries = self._entries(x)
        return least(entries), largest(entries)

    def index(self, form: Affine) -> int:
        """The value of an index."""
        return evaluate_affine(form, {**self.evaluation.sizes, **self.at})

    def holds(self, relation: Relation) -> bool:
        """Is the relation certain here?  Errors: Inexact where it has no value."""
        return all(HOLDS[relation.sign]((a - b).sign) for a, b in self._compared(relation))

    def failing(self, relation: Relation) -> tuple[Value, Value] | None:
        """Two numbers of which the contrary is certain here, if there are such."""
        return next(((a, b) for a, b in self._compared(relation) if FAILS[relation.sign]((a - b).sign)), None)

    def _compared(self, relation: Relation) -> list[tuple[Value, Value]]:
        """What a relation compares: of two columns the entries in the same place, else each entry with the number."""
        left, right = (self._entries(x) for x in (relation.left, relation.right))
        if len(left) == len(right):
            return list(zip(left, right, strict=True))
        if 1 not in (len(left), len(right)):
            raise Inexact("matrices of different sizes")
        return [(a, b) for a in left for b in right]

    def _entries(self, x: Real) -> list[Value]:
        if not isinstance(x, Entries) or not isinstance(x.of, Node):
            return [self(x)]
        return [abs(v) if x.absolute else v for row in self.matrix(x.of) for v in row]


@lru_cache(maxsize=8192)
def _entries(evaluation: Evaluation, node: Node, at: frozenset[tuple[str, int]]) -> Matrix:
    """Of the same matrices the claims of a document speak again and again, and nets are shared."""
    return [[number(x) for x in row] for row in evaluation(node, dict(at))]


# A sign is -1, 0, 1, or None where it is not certain.
HOLDS: dict[str, Callable[[int | None], bool]] = {"<=": lambda s: s in (-1, 0), "<": lambda s: s == -1, "=": lambda s: s == 0}
FAILS: dict[str, Callable[[int | None], bool]] = {"<=": lambda s: s == 1, "<": lambda s: s in (0, 1), "=": lambda s: s in (-1, 1)}


# --- one rule a kind of real ----------------------------------------------------------------------------------------

def _name(p: Point, x: Name) -> Value:
    if x.key not in p.names:
        raise Inexact(f"{x.key} has no value")
    return p.names[x.key]


def _measure(p: Point, x: Measure) -> Value:
    if not isinstance(x.of, Node):
        raise Inexact("not built")
    return MEASURES[p.kind if x.kind == PLAIN else x.kind](p.matrix(x.of))


def _number(p: Point, x: Number) -> Value:
    if x.value is None:
        raise Inexact("infinity")
    return Value.of(x.value)


def _over(p: Point, x: reals.OverTime) -> Value:
    return reduce(mul, (p.moved(x.index, k)(x.body) for k in range(p.index(x.low), p.index(x.high) + 1)), ONE)


def _power(p: Point, x: reals.Power) -> Value:
    exponent = p.index(x.exponent)
    if exponent < 0:
        raise Inexact("a negative exponent")
    return reduce(mul, [p(x.base)] * exponent, ONE)


def _quotient(p: Point, x: reals.Quotient) -> Value:
    bottom = p(x.bottom)
    if not bottom.sign:
        raise Inexact("a quotient by what may be 0")
    return p(x.top) / bottom


VALUES: dict[type, Callable[[Point, Any], Value]] = {
    Number:         _number,
    Name:           _name,
    Measure:        _measure,
    reals.Length:   lambda p, x: Value.of(p.index(x.form)),
    reals.Total:    lambda p, x: total(p(y) for y in x.terms),
    reals.Times:    lambda p, x: reduce(mul, (p(y) for y in x.factors), ONE),
    reals.Quotient: _quotient,
    reals.Power:    _power,
    reals.Absolute: lambda p, x: abs(p(x.of)),
    reals.OverTime: _over,
}
