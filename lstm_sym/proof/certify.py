"""What the matrix W itself proves about h[t] = phi(W h[t-1] + U x[t] + b): enclosures, and certificates either way.

Floats only guess; every answer is an exact inequality between rationals, checked again by `Certificate.holds`.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import isqrt
from typing import Any

import flint
import numpy as np

from lstm_sym.errors import BadMatrix, UnknownName
from lstm_sym.expr.functions import FUNCTIONS

Rows = tuple[tuple[Fraction, ...], ...]
DIGITS = 20                                                  # binary digits to which guesses are rounded
LARGEST_SUBSET = 3                                           # principal submatrices searched for growth
MOST_UNITS = 24                                              # beyond this only single units and the whole matrix


@dataclass(frozen=True, slots=True)
class Scaling:
    """||S |W| S^-1||_inf <= norm for S = diag(scale): every product of diag(d) W with |d| <= 1 is bounded by its powers."""

    scale: tuple[Fraction, ...]
    norm: Fraction

    def holds(self, W: Rows) -> bool:
        """sum_j s_i |W_ij| / s_j <= norm for every row i, in exact arithmetic."""
        s = self.scale
        return min(s) > 0 and all(
            sum((s[i] * abs(x) / s[j] for j, x in enumerate(row)), Fraction(0)) <= self.norm for i, row in enumerate(W))


@dataclass(frozen=True, slots=True)
class Growth:
    """A set of units on which W has spectral radius > 1: |trace((W_SS)^power)| > size of the set.

    Inputs that keep these units at slope near its largest value and the others saturated make the gradient grow.
    """

    units: tuple[int, ...]
    power: int

    def holds(self, W: Rows) -> bool:
        """|tr A^k| > n gives rho(A) > 1, because |tr A^k| <= n rho(A)^k."""
        A = flint.fmpq_mat([[_fmpq(W[i][j]) for j in self.units] for i in self.units])
        trace = sum(((A ** self.power)[n, n] for n in range(len(self.units))), flint.fmpq(0))
        return bool(abs(trace) > len(self.units))


@dataclass(frozen=True, slots=True)
class Report:
    """What is certain of W.  Enclosures are (low, high); None where nothing was found."""

    sigma_max: tuple[Fraction, Fraction]
    radius: tuple[Fraction, Fraction] | None
    slope: Fraction
    scaling: Scaling | None
    growth: Growth | None
    horizon: int | None

    @property
    def vanishes(self) -> bool:
        """Certified: all gradients vanish, whatever the inputs."""
        return self.slope * self.sigma_max[1] < 1 or (self.scaling is not None and self.slope * self.scaling.norm < 1)


def certify(W: Sequence[Sequence[Any]], activation: str = "tanh", epsilon: Fraction = Fraction(1, 1000)) -> Report:
    """Enclosures of sigma_max and of the spectral radius; a certificate of vanishing or of growth, if one is found.

    horizon: the first k with (slope sigma_max)^k < epsilon.
    Errors: BadMatrix if W is not square, is empty or has an entry that is no finite number; UnknownName.
    """
    rows = exact(W)
    slope = FUNCTIONS[activation].lipschitz if activation in FUNCTIONS else None
    if slope is None:
        raise UnknownName(f"no activation with a bounded slope is called {activation!r}")
    sigma = singular_value(rows)
    scaling = diagonal_scaling(rows)
    growth = growing_units(rows) if activation in ("tanh", "relu") and (scaling is None or scaling.norm >= 1) else None
    rates = [slope * sigma[1], *([slope * scaling.norm] if scaling else [])]
    return Report(sigma, spectral_radius(rows), slope, scaling, growth, first_below(rates[0], epsilon))


def exact(W: Sequence[Sequence[Any]]) -> Rows:
    """The entries as the rationals they are.  Errors: BadMatrix."""
    rows = [list(row) for row in W]
    if not rows or any(len(row) != len(rows) for row in rows):
        raise BadMatrix(f"W must be square and not empty, got rows of lengths {[len(row) for row in rows]}")
    try:
        return tuple(tuple(x if isinstance(x, Fraction) else Fraction(x) for x in row) for row in rows)
    except (ValueError, OverflowError, TypeError) as problem:
        raise BadMatrix(f"W has an entry that is no finite number: {problem}") from problem


def _fmpq(x: Fraction) -> flint.fmpq:
    return flint.fmpq(x.numerator, x.denominator)


def singular_value(W: Rows) -> tuple[Fraction, Fraction]:
    """low <= sigma_max(W) <= high: a Rayleigh quotient from below, c^2 I - W'W positive definite by exact LDL' from above."""
    values = np.array([[float(x) for x in row] for row in W])
    _, sigma, right = np.linalg.svd(values)
    v = [_rounded(x) for x in right[0]]
    moved = [sum((x * y for x, y in zip(row, v, strict=True)), Fraction(0)) for row in W]
    low = _root_below(sum((x * x for x in moved), Fraction(0)) / sum((x * x for x in v), Fraction(0)))
    margin = Fraction(1, 2**DIGITS)
    high = _rounded(float(sigma[0])) * (1 + margin) + margin
    if not exceeds(W, high):
        high = _root_below(sum((x * x for row in W for x in row), Fraction(0))) + margin         # Frobenius: always true
    return low, high


def exceeds(W: Rows, c: Fraction) -> bool:
    """sigma_max(W) < c, proved: c^2 I - W'W in balls has a Cholesky factor."""
    n = len(W)
    A = flint.arb_mat([[flint.arb(_fmpq(x)) for x in row] for row in W])
    gap = flint.arb(_fmpq(c * c))
    M = A.transpose() * A
    M = [[(gap if i == j else flint.arb(0)) - M[i, j] for j in range(n)] for i in range(n)]
    for k in range(n):                                       # every pivot certainly positive
        if not M[k][k] > 0:
            return False
        for i in range(k + 1, n):
            factor = M[i][k] / M[k][k]
            for j in range(k + 1, n):
                M[i][j] = M[i][j] - factor * M[k][j]
    return True


def spectral_radius(W: Rows) -> tuple[Fraction, Fraction] | None:
    """An enclosure of max |lambda| from balls around the eigenvalues; None where they cannot be isolated."""
    A = flint.acb_mat([[flint.acb(_fmpq(x)) for x in row] for row in W])
    try:
        sizes = [abs(z) for z in A.eig(multiple=True)]
    except ValueError:
        return None
    return max(_end(x.lower()) for x in sizes), max(_end(x.upper()) for x in sizes)


def _end(x: flint.arb) -> Fraction:
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def diagonal_scaling(W: Rows) -> Scaling | None:
    """S from the Perron vector of |W|, guessed in floats and rounded; the norm it gives is exact."""
    size = np.array([[abs(float(x)) for x in row] for row in W]) + 1e-9
    size += size.max() * np.eye(len(W))                      # the same Perron vector, and no cycles
    v = np.ones(len(W))
    for _ in range(200):
        v = size @ v
        v /= v.max()
    if not np.all(np.isfinite(v)) or v.min() <= 0:
        return None
    scale = tuple(1 / max(_rounded(x), Fraction(1, 2**DIGITS)) for x in v)
    rows = (sum((scale[i] * abs(x) / scale[j] for j, x in enumerate(row)), Fraction(0)) for i, row in enumerate(W))
    return Scaling(scale, max(rows))


def growing_units(W: Rows) -> Growth | None:
    """A principal submatrix with spectral radius > 1, by a trace of a power; the whole matrix last."""
    n = len(W)
    values = np.array([[float(x) for x in row] for row in W])
    largest = min(LARGEST_SUBSET, n) if n <= MOST_UNITS else 1
    for units in (*(c for k in range(1, largest + 1) for c in combinations(range(n), k)), tuple(range(n))):
        part = values[np.ix_(units, units)]
        if np.abs(np.linalg.eigvals(part)).max() > 1:
            for power in (1, 2, 3, 4, 8, 16, 32):
                found = Growth(units, power)
                if abs(np.trace(np.linalg.matrix_power(part, power))) > len(units) and found.holds(W):
                    return found
    return None


def first_below(rate: Fraction, epsilon: Fraction) -> int | None:
    """The first k with rate^k < epsilon, exact; None if rate >= 1 or it is beyond a million steps."""
    if rate >= 1 or epsilon <= 0:
        return None
    low, high = 0, 1
    coarse = Fraction(-(-rate.numerator * 2**64 // rate.denominator), 2**64)                      # rounded up: still a bound
    if coarse >= 1:
        return None
    def below(k: Any) -> Any: return _power_above(coarse, k) < epsilon
    while not below(high):
        low, high = high, 2 * high
        if high > 10**6:
            return None
    if below(0):
        return 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if below(middle) else (middle, high)
    return high


def _power_above(x: Fraction, k: int) -> Fraction:
    """x^k or a little more: powers by squaring, rounded up to 128 digits."""
    result, base, digits = Fraction(1), x, 128
    def up(y: Any) -> Any: return Fraction(-(-y.numerator * 2**digits // y.denominator), 2**digits)
    while k:
        if k & 1:
            result = up(result * base)
        base, k = up(base * base), k >> 1
    return result


def _rounded(x: float) -> Fraction:
    return Fraction(round(float(x) * 2**DIGITS), 2**DIGITS)


def _root_below(x: Fraction) -> Fraction:
    """A rational at most sqrt(x), close to it."""
    return Fraction(isqrt(x.numerator * 2**(4 * DIGITS) // x.denominator), 2**(2 * DIGITS))
