"""Reals at a net: exact fractions where they are rational, else real balls; what is not certain has no value.

Matrices have at most two rows or columns, where norms and eigenvalues are roots of quadratic equations.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import isqrt
from operator import add, mul, sub, truediv
from typing import Any, TypeAlias

import flint

from lstm_sym.errors import Inexact
from lstm_sym.expr.fields import Exact, ball

PRECISION = 160                             # bits of the balls


@dataclass(frozen=True, slots=True)
class Value:
    """A real number: exact if it is known to be this fraction, else somewhere in a ball."""

    exact: Fraction | None
    somewhere: flint.arb | None = None

    @classmethod
    def of(cls, x: Fraction | int) -> Value:
        """A rational number."""
        return cls(Fraction(x))

    @property
    def ball(self) -> flint.arb:
        """It lies in here in any case."""
        return self.somewhere if self.exact is None else ball(self.exact)

    def _with(self, other: Value, apply: Callable[[Any, Any], Any]) -> Value:
        if self.exact is not None and other.exact is not None:
            return Value(apply(self.exact, other.exact))
        with flint.ctx.workprec(PRECISION):
            return Value(None, apply(self.ball, other.ball))

    def __add__(self, other: Value) -> Value: return self._with(other, add)
    def __sub__(self, other: Value) -> Value: return self._with(other, sub)
    def __mul__(self, other: Value) -> Value: return self._with(other, mul)
    def __truediv__(self, other: Value) -> Value: return self._with(other, truediv)
    def __neg__(self) -> Value: return ZERO - self
    def __abs__(self) -> Value: return self._with(self, lambda a, _: abs(a))

    @property
    def sign(self) -> int | None:
        """-1, 0 or 1; None where it is not certain."""
        if self.exact is not None:
            return (self.exact > 0) - (self.exact < 0)
        return 1 if self.ball > 0 else -1 if self.ball < 0 else 0 if self.ball == 0 else None

    def __str__(self) -> str:
        return str(self.exact) if self.exact is not None else str(self.ball.str(8, radius=False))


ZERO, ONE = Value.of(0), Value.of(1)
Matrix: TypeAlias = list[list[Value]]


def number(x: Any) -> Value:
    """An entry as a fraction, or as a ball."""
    if isinstance(x, flint.arb):
        return Value(None, x)
    x = Exact.of(x)
    with flint.ctx.workprec(PRECISION):
        return Value(None, x.enclosure()) if set(x.terms) - {()} else Value.of(x.rational)


def root(x: Value) -> Value:
    """The square root, exact of a square.  Errors: Inexact if x may be negative."""
    if x.exact is not None and x.exact >= 0:
        top, bottom = isqrt(x.exact.numerator), isqrt(x.exact.denominator)
        if top * top == x.exact.numerator and bottom * bottom == x.exact.denominator:
            return Value.of(Fraction(top, bottom))
    with flint.ctx.workprec(PRECISION):
        found = x.ball.sqrt()
    if not found.is_finite():
        raise Inexact("a root of what may be negative")
    return Value(None, found)


def larger(a: Value, b: Value) -> Value:
    """The larger of two."""
    order = (a - b).sign
    if order is None:
        with flint.ctx.workprec(PRECISION):
            return Value(None, a.ball.max(b.ball))
    return a if order >= 0 else b


def largest(values: Iterable[Value]) -> Value:
    """The largest of several."""
    return reduce(larger, values)


def least(values: Iterable[Value]) -> Value:
    """The least of several."""
    return -largest(-v for v in values)


def total(values: Iterable[Value]) -> Value:
    """The sum."""
    return reduce(add, values, ZERO)


# --- one matrix -----------------------------------------------------------------------------------------------------

def trace_and_det(a: Matrix) -> tuple[Value, Value]:
    """Of a matrix of two rows and columns."""
    return a[0][0] + a[1][1], a[0][0] * a[1][1] - a[0][1] * a[1][0]


def eigenvalues(a: Matrix) -> tuple[Value, Value] | None:
    """The two real ones, the larger first; None if they are complex.  Errors: Inexact if that is not certain."""
    if len(a) == 1:
        return a[0][0], a[0][0]
    _square_of_two(a)
    trace, det = trace_and_det(a)
    discriminant = trace * trace - Value.of(4) * det
    if discriminant.sign is None:
        raise Inexact("real or complex eigenvalues")
    if discriminant.sign < 0:
        return None
    half, apart = Value.of(Fraction(1, 2)), root(discriminant)
    return (trace + apart) * half, (trace - apart) * half


def radius(a: Matrix) -> Value:
    """The largest modulus of an eigenvalue."""
    real = eigenvalues(a)
    return root(trace_and_det(a)[1]) if real is None else largest(map(abs, real))


def signed(a: Matrix) -> Value:
    """The largest eigenvalue where all are real."""
    real = eigenvalues(a)
    if real is None:
        raise Inexact("complex eigenvalues have no largest")
    return real[0]


def determinant(a: Matrix) -> Value:
    """ad - bc."""
    if len(a) == 1:
        return a[0][0]
    _square_of_two(a)
    return trace_and_det(a)[1]


def _square_of_two(a: Matrix) -> None:
    if len(a) != 2 or len(a[0]) != 2:
        raise Inexact("a matrix of more than two rows or columns")


def spectral_norm(a: Matrix) -> Value:
    """The root of the largest eigenvalue of A'A."""
    if len(a[0]) > len(a):
        a = [list(column) for column in zip(*a, strict=True)]
    if len(a[0]) == 1:
        return root(total(x[0] * x[0] for x in a))
    if len(a[0]) != 2:
        raise Inexact("a matrix of more than two columns")
    gram = [[total(row[i] * row[j] for row in a) for j in range(2)] for i in range(2)]
    return root(signed(gram))


def least_singular(a: Matrix) -> Value:
    """The root of the least eigenvalue of A'A, A with no more columns than rows."""
    if len(a[0]) == 1:
        return spectral_norm(a)
    gram = [[total(row[i] * row[j] for row in a) for j in range(2)] for i in range(2)]
    real = eigenvalues(gram)
    if real is None or len(a) < len(a[0]):
        raise Inexact("a matrix with more columns than rows")
    return root(real[1])


def _row_sums(a: Matrix) -> Value:
    return largest(total(map(abs, row)) for row in a)


MEASURES: dict[str, Callable[[Matrix], Value]] = {
    "2":       spectral_norm,
    "least":   least_singular,
    "1":       lambda a: _row_sums([list(column) for column in zip(*a, strict=True)]),
    "inf":     _row_sums,
    "F":       lambda a: root(total(x * x for row in a for x in row)),
    "radius":  radius,
    "largest": signed,
    "det":     determinant,
    "entries": lambda a: reduce(mul, (x for row in a for x in row), ONE),
}
