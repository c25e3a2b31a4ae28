"""certify(W): what a given recurrent matrix proves of h[t] = phi(W h[t-1] + x[t]), each answer with its certificate.

Floats only guess.  Answers are exact: rationals that bound, theorems of the kernel, or a check in balls that is named.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np

from lstm_sym.errors import BadMatrix, UnknownName
from lstm_sym.proof.balls import (
    Rows,
    diagonal,
    eigenvalue_sizes,
    exact,
    floats,
    fractions,
    is_positive_definite,
    matrix,
    rounded,
)
from lstm_sym.proof.decay import SMALL, Decay, decay, norm_below
from lstm_sym.proof.growth import Growth, growth
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.nets import NETS, Net
from lstm_sym.proof.syntax import table

BITS = 40                                                    # of the ends of an enclosure
EPSILON = Fraction(1, 10**6)


@dataclass(frozen=True, slots=True)
class Enclosure:
    """low <= x <= high.  by: what shows it;  theorem: of the upper end, where the kernel proves it."""

    low: Fraction
    high: Fraction
    by: str
    theorem: Theorem | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What is certain of W.  At most one of decay and growth is there; None is "not found", never "not so".

    horizon: the first number of steps after which the bound of `decay` is below epsilon.
    """

    W: Rows
    net: Net
    epsilon: Fraction
    rank: int
    radius: Enclosure
    sigma_max: Enclosure
    decay: Decay | None
    growth: Growth | None
    horizon: int | None

    @property
    def verdict(self) -> str:
        """vanishes: all gradients, whatever the inputs; grows: for the inputs given; open: neither is certified."""
        return "vanishes" if self.decay else "grows" if self.growth else "open"


def certify(W: Sequence[Sequence[Any]] | np.ndarray[Any, Any], activation: str = "tanh",
            epsilon: Fraction | float = EPSILON) -> Report:
    """Enclosures of spectral radius and sigma_max; a diagonal scale that proves vanishing, or inputs that prove growth.

    W: rows of integers, fractions or floats, or an array; floats are read as the dyadic numbers they are.
    Errors: BadMatrix if W is not square, is empty, is too large or has an entry that is no finite number, or if epsilon is
    not positive; UnknownName for an activation without a row in NETS.
    """
    rows, net = exact(W), _net(activation)
    if not 0 < epsilon < np.inf:
        raise BadMatrix(f"epsilon: expected a positive number, got {epsilon}")
    bound = Fraction(epsilon)
    vanishing = decay(rows, net.largest, bound)
    growing = None if vanishing else growth(rows, net)
    return Report(rows, net, bound, matrix(rows).rank(), spectral_radius(rows), singular_value(rows), vanishing, growing,
                  vanishing.horizon(bound) if vanishing else None)


def _net(activation: str) -> Net:
    if activation not in NETS:
        near = get_close_matches(activation, NETS, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise UnknownName(f"no activation is called {activation!r}; {meant}there are {', '.join(NETS)}")
    return NETS[activation]


def spectral_radius(W: Rows) -> Enclosure:
    """max |lambda|, from the exact characteristic polynomial."""
    sizes = eigenvalue_sizes(W)
    return Enclosure(max(low for low, _ in sizes), max(high for _, high in sizes),
                     "the roots of the exact characteristic polynomial, isolated in balls")


def singular_value(W: Rows) -> Enclosure:
    """sigma_max: from below ||W v|| / ||v|| for a vector v, exact; from above c with c^2 I - W'W positive definite."""
    if not any(map(any, W)):
        return Enclosure(Fraction(0), Fraction(0), "W is 0")
    low, size = _stretch(W), rounded(float(np.linalg.norm(floats(W), 2)), BITS)
    high = size * (1 + Fraction(1, 2**(BITS - 2)))
    below = "below by an exact ||W v|| / ||v||"
    if len(W) <= SMALL:
        return Enclosure(low, high, f"{below}, above by the kernel", norm_below(W, table(W), high))
    A = matrix(W)
    if is_positive_definite(matrix(fractions(matrix(diagonal([high * high] * len(W))) - A.transpose() * A))):
        return Enclosure(low, high, f"{below}, above as c^2 I - W'W is positive definite (in balls)")
    frobenius = _root_above(sum((x * x for row in W for x in row), Fraction(0)))
    return Enclosure(low, frobenius, f"{below}, above by the Frobenius norm")


def _stretch(W: Rows) -> Fraction:
    """A rational at most ||W v|| / ||v|| for the guessed right singular vector v."""
    v = [rounded(float(x), BITS) for x in np.linalg.svd(floats(W))[2][0]]
    moved = [sum((x * y for x, y in zip(row, v, strict=True)), Fraction(0)) for row in W]
    return _root_below(sum((x * x for x in moved), Fraction(0)) / sum((x * x for x in v), Fraction(0)))


def _root_below(x: Fraction) -> Fraction:
    """A rational at most sqrt(x), close to it: the root of a numerator over a square."""
    shift = 64 + abs(x.numerator.bit_length() - x.denominator.bit_length())
    return Fraction(isqrt(x.numerator * 4**shift // x.denominator), 2**shift)


def _root_above(x: Fraction) -> Fraction:
    shift = 64 + abs(x.numerator.bit_length() - x.denominator.bit_length())
    return Fraction(isqrt(x.numerator * 4**shift // x.denominator) + 1, 2**shift)
