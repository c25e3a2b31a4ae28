"""Arithmetics an expression can be evaluated in: floats, complex floats, exact numbers, balls, dual numbers.

Exact numbers are polynomials in logarithms of primes with rational coefficients, so that tanh(ln 2) = 3/5 is exact.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import numpy as np
import sympy as sp

from lstm_sym.errors import Inexact
from lstm_sym.expr.functions import function

Array = Any                                                  # numpy.ndarray, of dtype object but for floats


@dataclass(frozen=True, slots=True)
class Field:
    """number: a rational into the field; apply: a named function on an entry (an array unless dtype is object)."""

    name: str
    dtype: Any
    number: Callable[[Fraction], Any]
    apply: Callable[[str, Any], Any]

    def array(self, rows: int, columns: int, value: int | Fraction = 0) -> Array:
        """The constant matrix."""
        return np.full((rows, columns), self.number(Fraction(value)), dtype=self.dtype)

    def map(self, name: str, values: Array) -> Array:
        """f entry by entry."""
        if self.dtype is not object:
            return self.apply(name, values)
        out = np.empty(values.shape, dtype=object)
        for at in np.ndindex(values.shape):
            out[at] = self.apply(name, values[at])
        return out


def _float_apply(name: str, values: Any) -> Any:
    return function(name).number(values)


FLOAT = Field("float", np.float64, float, _float_apply)
COMPLEX = Field("complex", np.complex128, complex, _float_apply)


# --- balls: a true value is inside, so disjoint balls prove a difference ---------------------------------

def ball(value: Fraction) -> flint.arb:
    """The ball around a rational."""
    return flint.arb(flint.fmpq(value.numerator, value.denominator))


BALL = Field("ball", object, ball, lambda name, x: function(name).ball(x))


# --- exact numbers ---------------------------------------------------------------------------------------

Monomial = tuple[tuple[int, int], ...]                       # ((prime, power of its logarithm), ...)


class Exact:
    """sum of rational * product of ln(p): closed under + - *; functions where the value is rational."""

    __slots__ = ("terms",)

    def __init__(self, terms: dict[Monomial, Fraction]) -> None:
        self.terms = {m: c for m, c in terms.items() if c}

    @classmethod
    def of(cls, value: Any) -> Exact:
        """A rational number as Exact."""
        return value if isinstance(value, Exact) else cls({(): Fraction(value)})

    def __add__(self, other: Any) -> Exact:
        terms = dict(self.terms)
        for m, c in Exact.of(other).terms.items():
            terms[m] = terms.get(m, Fraction(0)) + c
        return Exact(terms)

    def __mul__(self, other: Any) -> Exact:
        terms: dict[Monomial, Fraction] = {}
        for m, c in self.terms.items():
            for n, d in Exact.of(other).terms.items():
                product = _times(m, n)
                terms[product] = terms.get(product, Fraction(0)) + c * d
        return Exact(terms)

    def __neg__(self) -> Exact: return self * -1
    def __sub__(self, other: Any) -> Exact: return self + -Exact.of(other)
    def __rsub__(self, other: Any) -> Exact: return Exact.of(other) - self
    def __pow__(self, k: int) -> Exact: return Exact.of(1) if k == 0 else self * self ** (k - 1)
    def __hash__(self) -> int: return hash(frozenset(self.terms.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Exact | int | Fraction) and not (self - other).terms

    __radd__, __rmul__ = __add__, __mul__

    @property
    def rational(self) -> Fraction:
        """The value as a rational.  Errors: Inexact."""
        if set(self.terms) - {()}:
            raise Inexact(f"{self} is not rational")
        return self.terms.get((), Fraction(0))

    @property
    def positive(self) -> bool:
        """Is the value above 0?  Errors: Inexact at 0 and where balls cannot tell."""
        value = self.enclosure()
        if not (value > 0 or value < 0):
            raise Inexact(f"the sign of {self} is not certain")
        return bool(value > 0)

    def enclosure(self) -> flint.arb:
        """A ball that contains the value."""
        total = flint.arb(0)
        for monomial, c in self.terms.items():
            factor = ball(c)
            for prime, k in monomial:
                factor *= flint.arb(prime).log() ** k
            total += factor
        return total

    def exponential(self, times: int) -> Fraction:
        """exp(times * value) as a rational.  Errors: Inexact unless the value combines logarithms to one."""
        result = Fraction(1)
        for monomial, c in self.terms.items():
            power = c * times
            if len(monomial) != 1 or monomial[0][1] != 1 or power.denominator != 1 or abs(power) > 64:
                raise Inexact(f"exp({times} * ({self})) is not known to be rational")
            result *= Fraction(monomial[0][0]) ** int(power)
        return result

    def __str__(self) -> str:
        if not self.terms:
            return "0"
        return " + ".join(_term_text(m, c) for m, c in sorted(self.terms.items())).replace("+ -", "- ")

    __repr__ = __str__


def _times(m: Monomial, n: Monomial) -> Monomial:
    powers = dict(m)
    for prime, k in n:
        powers[prime] = powers.get(prime, 0) + k
    return tuple(sorted(powers.items()))


def _term_text(monomial: Monomial, c: Fraction) -> str:
    logs = "*".join(f"ln({p})" + (f"^{k}" if k > 1 else "") for p, k in monomial)
    return str(c) if not logs else logs if c == 1 else f"-{logs}" if c == -1 else f"{c}*{logs}"


@lru_cache(maxsize=1024)
def ln(value: Fraction | int) -> Exact:
    """ln of a positive rational."""
    above, below = sp.factorint(Fraction(value).numerator), sp.factorint(Fraction(value).denominator)
    factors = above | {p: -k for p, k in below.items()}
    return Exact({((int(p), 1),): Fraction(int(k)) for p, k in factors.items() if p != 1})


def _exact_apply(name: str, x: Exact) -> Exact:
    row, x = function(name), Exact.of(x)
    if row.exact is not None:
        return Exact.of(row.exact(x))
    if row.exp_form is None:
        raise Inexact(f"{name}({x}) has no exact value")
    times, form = row.exp_form
    return Exact.of(form(x.exponential(times)))


EXACT = Field("exact", object, Exact.of, _exact_apply)


# --- dual numbers over any field: exact forward derivatives ------------------------------------------------

class Dual:
    """value + tangent * epsilon, epsilon^2 = 0."""

    __slots__ = ("tangent", "value")

    def __init__(self, value: Any, tangent: Any) -> None:
        self.value, self.tangent = value, tangent

    def __add__(self, other: Any) -> Dual:
        o = _dual(other)
        return Dual(self.value + o.value, self.tangent + o.tangent)

    def __mul__(self, other: Any) -> Dual:
        o = _dual(other)
        return Dual(self.value * o.value, self.value * o.tangent + self.tangent * o.value)

    def __neg__(self) -> Dual: return self * -1
    def __sub__(self, other: Any) -> Dual: return self + -_dual(other)
    def __rsub__(self, other: Any) -> Dual: return _dual(other) - self

    __radd__, __rmul__ = __add__, __mul__


def _dual(value: Any) -> Dual:
    return value if isinstance(value, Dual) else Dual(value, 0 * value)


def dual(field: Field) -> Field:
    """Dual numbers over `field`."""

    def apply(name: str, x: Any) -> Dual:
        x = _dual(x)
        y = field.apply(name, x.value)
        return Dual(y, function(name).slope(field, x.value, y) * x.tangent)

    return Field(f"dual {field.name}", object, lambda c: Dual(field.number(c), field.number(Fraction(0))), apply)
