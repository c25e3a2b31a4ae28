"""Certificates that all gradients of a given W vanish: a diagonal S with ||S W S^-1||_2 below 1 over the largest slope.

The scale is a guess; that it works is proved: by the kernel for small W, else c^2 I - V'V is certified in balls.
"""
from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

from lstm_sym.errors import ProofError
from lstm_sym.proof.balls import Rows, diagonal, factors, floats, fractions, is_positive_definite, matrix, rounded
from lstm_sym.proof.kernel import Theorem, compute
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    add,
    diag,
    eye,
    had,
    mul,
    ones,
    prod,
    scaled,
    table,
    tr,
)
from lstm_sym.proof.tactics import cut, instantiated, linear, rewritten, symmetric, use
from lstm_sym.proof.theory.scaled import scaled_decay

Floats = np.ndarray[Any, np.dtype[np.float64]]
WORK = 3200                                                  # steps times units of the descent that looks for a scale
SMALL = 6                                                    # units up to which the kernel proves all of it
FARTHEST = 10**6                                             # the longest horizon that is looked for


@dataclass(frozen=True, slots=True)
class Decay:
    """||S W S^-1||_2 <= norm with S = diag(scale): ||dh[T]/dh[t]||_2 <= spread rate^(T - t) for all inputs.

    slope: the largest of the activation;  theorem: the bound for this W, by the kernel; None where balls were used.
    """

    scale: tuple[Fraction, ...]
    norm: Fraction
    slope: Fraction
    theorem: Theorem | None = field(default=None, repr=False)

    @property
    def rate(self) -> Fraction:
        """What a step multiplies the bound by."""
        return self.slope * self.norm

    @property
    def spread(self) -> Fraction:
        """||S|| ||S^-1||."""
        return max(self.scale) / min(self.scale)

    def holds(self, W: Rows) -> bool:
        """norm^2 I - V'V, V = S W S^-1, is positive semidefinite: by exact factors where W is small, else in balls."""
        if min(self.scale) <= 0 or self.norm <= 0:
            return False
        gap = _gap(_scaled(W, self.scale), self.norm)
        return factors(gap) is not None if len(W) <= SMALL else is_positive_definite(matrix(gap))

    def horizon(self, epsilon: Fraction) -> int | None:
        """The first k with spread rate^k < epsilon; None beyond FARTHEST."""
        return first_below(self.spread, self.rate, epsilon)


def decay(W: Rows, slope: Fraction, epsilon: Fraction) -> Decay | None:
    """The certificate with the shortest horizon, with its theorem where W is small; None if none was found."""
    found = [x for scale in _scales(floats(W), float(slope)) if (x := _with(W, scale, slope)) is not None]
    if not found:
        return None
    best = min(found, key=lambda x: (x.horizon(epsilon) or FARTHEST, x.spread))
    return replace(best, theorem=vanishing(W, best)) if len(W) <= SMALL else best


def _with(W: Rows, scale: tuple[Fraction, ...], slope: Fraction) -> Decay | None:
    size = float(np.linalg.norm(floats(_scaled(W, scale)), 2))
    for bits in (10, 30):                                    # a short number first; it may be the norm itself
        near = rounded(size, bits) or Fraction(1, 2**bits)
        for c in (near, near * (1 + Fraction(1, 2**(bits - 1)))):
            found = Decay(scale, c, slope)
            if 0 < found.rate < 1 and c > size * (1 - 1e-12) and found.holds(W):
                return found
    return None


def _scaled(W: Rows, s: tuple[Fraction, ...]) -> Rows:
    return tuple(tuple(s[i] * x / s[j] for j, x in enumerate(row)) for i, row in enumerate(W))


def _gap(V: Rows, size: Fraction) -> Rows:
    A = matrix(V)
    return fractions(matrix(diagonal([size * size] * len(V))) - A.transpose() * A)


# --- guesses --------------------------------------------------------------------------------------------------

def _scales(W: Floats, slope: float) -> Iterator[tuple[Fraction, ...]]:
    """1, and where no eigenvalue forbids it the scales that a descent finds, in few digits and in more."""
    yield (Fraction(1),) * len(W)
    radius = float(np.abs(np.linalg.eigvals(W)).max())
    if W.any() and slope * radius < 1:
        best = _descent(W, radius)
        for bits in (4, 20):
            yield tuple(rounded(x, bits) for x in np.exp(best - best.min()))


def _descent(W: Floats, radius: float) -> Floats:
    """Logarithms of a scale that makes ||S W S^-1||_2 small: its slope by log s_i is proportional to u_i^2 - v_i^2."""
    here = _perron(W)
    best, least = np.zeros(len(W)), float(np.linalg.norm(W, 2))
    for k in range(WORK // (len(W) + 25)):
        u, sizes, v = np.linalg.svd(W * np.exp(here[:, None] - here[None, :]))
        if sizes[0] < least:
            best, least = here, float(sizes[0])
        if not sizes[0] > radius * 1.0001:
            break
        here = np.clip(here - (u[:, 0]**2 - v[0]**2) / (1 + k / 10), -40, 40)
    return best


def _perron(W: Floats) -> Floats:
    """log sqrt(u / v) for the Perron vectors of |W|, left and right: the best scale where W has no signs."""
    size = np.abs(W) + 1e-9 * np.abs(W).max() + np.abs(W).max() * np.eye(len(W))       # the same vectors, and no cycles
    left, right = np.ones(len(W)), np.ones(len(W))
    for _ in range(200):
        left, right = left @ size, size @ right
        left, right = left / left.max(), right / right.max()
    return 0.5 * np.log(np.maximum(left, 1e-30) / np.maximum(right, 1e-30))


# --- the theorem ----------------------------------------------------------------------------------------------

def vanishing(W: Rows, found: Decay) -> Theorem:
    """||dh[k]/dh[0]||_2 <= spread rate^k for k >= 0, so -> 0, for this W and all slopes up to the largest."""
    n, c, a, b = len(W), found.norm, 1 / min(found.scale), max(found.scale)
    s, r = (table([[x] for x in column]) for column in (found.scale, [1 / x for x in found.scale]))
    general = instantiated(scaled_decay(), {"n": n}, W=table(W), s=s, r=r, gamma=("num", found.slope),
                           c=("num", c), a=("num", a), b=("num", b))
    proved = cut(general, compute("EVALUATE", (had(s, r), ones(n))), linear("le", 0, found.slope), linear("lt", found.rate, 1),
                 linear("lt", prod(found.slope, c), 1),
                 norm_below(_scaled(W, found.scale), mul(diag(s), mul(table(W), diag(r))), c), _largest(r, a), _largest(s, b))
    short = linear("same", prod(found.slope, c), found.rate), linear("same", prod(a, b), found.spread)
    return rewritten(short[1], rewritten(short[0], proved))


def norm_below(V: Rows, e: Term, c: Fraction) -> Theorem:
    """||e||_2 <= c for e = V, by the kernel, from c^2 I - V'V = R' diag(d) R.  Errors: ProofError."""
    found = factors(_gap(V, c))
    if found is None:
        raise ProofError(f"{c}^2 I - V'V is not positive semidefinite")
    v, R, d = table(V), table(found[0]), table([[x] for x in found[1]])
    n, top = len(V), max(found[1])
    squares = compute("EVALUATE", (add(mul(tr(v), v), mul(tr(R), mul(diag(d), R))), scaled(prod(c, c), eye(n))))
    size = use("NORM_CERTIFICATE", linear("le", 0, c), _within(d, Fraction(0), top), squares)
    return rewritten(symmetric(compute("EVALUATE", (e, v))), size)


def _within(column: Term, low: Fraction, high: Fraction) -> Theorem:
    ends = [linear("le", *pair) for (x,) in column[2] for pair in ((low, x), (x, high))]
    return compute("TABLE_WITHIN", (column, ("num", low), ("num", high)), *ends)


def _largest(column: Term, c: Fraction) -> Theorem:
    """||diag(column)||_2 <= c."""
    inside = use("WITHIN_WIDEN", linear("le", prod(-1, c), -c), linear("le", c, c), _within(column, -c, c))
    return use("NORM_DIAG", linear("le", 0, c), inside, p="2")


def first_below(factor: Fraction, rate: Fraction, epsilon: Fraction) -> int | None:
    """The first k with factor rate^k < epsilon; None if rate >= 1 or it is beyond FARTHEST.

    Powers are rounded up to 128 digits, so the inequality holds at the answer, which may come one step late at a tie.
    """
    if rate >= 1 or epsilon <= 0:
        return None
    def below(k: int) -> bool: return factor * _power_above(rate, k) < epsilon
    high = 1
    while not below(high):
        high *= 2
        if high > 2 * FARTHEST:
            return None
    return bisect_left(range(high + 1), True, key=below)


def _power_above(x: Fraction, k: int) -> Fraction:
    """x^k or a little more: powers by squaring, rounded up to 128 digits."""
    result, base = Fraction(1), x
    while k:
        if k & 1:
            result = _up(result * base)
        base, k = _up(base * base), k >> 1
    return result


def _up(x: Fraction) -> Fraction:
    """The next number with 128 binary digits behind the leading one."""
    shift = 128 + x.denominator.bit_length() - x.numerator.bit_length()
    return Fraction(-(-x.numerator * 2**shift // x.denominator), 2**shift) if x.denominator.bit_length() > 256 else x
