"""Numbers of a given matrix, exact or in balls: what is read, and the checks on which a certificate rests.

Floats only guess.  Errors: BadMatrix for what is no square matrix of finite numbers.
"""
from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isfinite
from numbers import Rational
from typing import Any, TypeAlias

import flint
import numpy as np

from lstm_sym.errors import BadMatrix

Rows: TypeAlias = tuple[tuple[Fraction, ...], ...]
MOST = 256                                                   # units; beyond this a check takes minutes
BITS = 128                                                   # of a ball
RANGE = 2**500                                               # sizes of entries, other than 0, within which floats can guess


def exact(W: Sequence[Sequence[Any]] | np.ndarray[Any, Any]) -> Rows:
    """The entries as the rationals they are; floats are dyadic numbers.  Errors: BadMatrix, with the place."""
    rows = [_row(row, i) for i, row in enumerate(_rows(W), 1)]
    if not rows or any(len(row) != len(rows) for row in rows):
        lengths = sorted({len(row) for row in rows})
        raise BadMatrix(f"expected a square matrix, got {len(rows)} rows of {' and '.join(map(str, lengths)) or 'no'} entries")
    if len(rows) > MOST:
        raise BadMatrix(f"expected at most {MOST} units, got {len(rows)}; certify a block of the matrix")
    return tuple(rows)


def _rows(W: Any) -> list[Any]:
    if isinstance(W, np.ndarray):
        if W.ndim != 2 or W.dtype.kind not in "iuf" or W.dtype.itemsize > 8:
            raise BadMatrix(f"expected a matrix of integers or of floats of at most 64 bits, got {W.ndim} axes of {W.dtype}")
        return list(W.tolist())
    if not isinstance(W, Sequence) or isinstance(W, str):
        raise BadMatrix(f"expected rows of numbers, got {type(W).__name__}")
    return list(W)


def _row(row: Any, i: int) -> tuple[Fraction, ...]:
    if not isinstance(row, Sequence) or isinstance(row, str):
        raise BadMatrix(f"row {i}: expected numbers, got {row!r}")
    return tuple(_entry(x, f"row {i}, column {j}") for j, x in enumerate(row, 1))


def _entry(x: Any, where: str) -> Fraction:
    if isinstance(x, bool) or not isinstance(x, Rational | float | np.integer | np.floating):
        raise BadMatrix(f"{where}: expected a number, got {x!r}")
    if isinstance(x, float | np.floating) and not isfinite(x):
        raise BadMatrix(f"{where}: expected a finite number, got {x}")
    value = Fraction(x) if isinstance(x, Rational | float) else Fraction(x.item())
    if value and not 1 < abs(value) * RANGE < RANGE**2:
        raise BadMatrix(f"{where}: expected 0 or a size between 1e-150 and 1e150, got {'more' if abs(value) > 1 else 'less'}")
    return value


def floats(W: Rows) -> np.ndarray[Any, Any]:
    """The nearest floats: for guesses."""
    return np.array([[float(x) for x in row] for row in W])


def rational(x: Fraction) -> flint.fmpq:
    """x for FLINT."""
    return flint.fmpq(x.numerator, x.denominator)


def matrix(W: Sequence[Sequence[Fraction]]) -> flint.fmpq_mat:
    """W for FLINT."""
    return flint.fmpq_mat([[rational(x) for x in row] for row in W])


def fractions(A: flint.fmpq_mat) -> Rows:
    """A matrix of FLINT as fractions."""
    return tuple(tuple(Fraction(int(A[i, j].p), int(A[i, j].q)) for j in range(A.ncols())) for i in range(A.nrows()))


def diagonal(d: Sequence[Fraction]) -> Rows:
    """diag(d)."""
    return tuple(tuple(x if i == j else Fraction(0) for j in range(len(d))) for i, x in enumerate(d))


def rounded(x: float, bits: int = 20) -> Fraction:
    """The nearest number with so many binary digits."""
    mantissa, exponent = np.frexp(x)
    return Fraction(round(float(mantissa) * 2**bits)) * Fraction(2) ** (int(exponent) - bits)


# --- checks ---------------------------------------------------------------------------------------------------

#  X' M X has rows with a diagonal entry above the sum of the others
# ------------------------------------------------------------------- (Gershgorin, and Sylvester's law of inertia)
#                      M is positive definite
def is_positive_definite(M: flint.fmpq_mat) -> bool:
    """Certain that the symmetric M is positive definite: by a congruence, in balls.  False: not certain."""
    n = M.nrows()
    values = floats(fractions(M))
    try:
        X = np.linalg.inv(np.linalg.cholesky(values)).T
    except np.linalg.LinAlgError:
        return False
    if not np.all(np.isfinite(X)):
        return False
    with flint.ctx.workprec(BITS):
        B = flint.arb_mat(X.tolist())
        G = B.transpose() * flint.arb_mat(M) * B
        return all(G[i, i] > sum((abs(G[i, j]) for j in range(n) if j != i), flint.arb(0)) for i in range(n))


def factors(M: Rows) -> tuple[Rows, tuple[Fraction, ...]] | None:
    """M = R' diag(d) R with d >= 0, exact; None if M is not positive semidefinite."""
    n, rest = len(M), [list(row) for row in M]
    R, d = [[Fraction(0)] * n for _ in range(n)], []
    for k in range(n):
        pivot = rest[k][k]
        if pivot < 0 or (not pivot and any(rest[k])):
            return None
        R[k] = [x / pivot for x in rest[k]] if pivot else [Fraction(int(j == k)) for j in range(n)]
        d.append(pivot)
        for i in range(k + 1, n):
            factor = R[k][i]
            rest[i] = [x - factor * y for x, y in zip(rest[i], rest[k], strict=True)]
        rest[k] = [Fraction(0)] * n
    return tuple(map(tuple, R)), tuple(d)


def eigenvalue_sizes(W: Rows) -> list[tuple[Fraction, Fraction]]:
    """low <= |lambda| <= high for every complex eigenvalue: the roots of the exact characteristic polynomial, isolated."""
    with flint.ctx.workprec(BITS):
        return [(_end(abs(z).lower()), _end(abs(z).upper())) for z, _ in matrix(W).charpoly().numer().complex_roots()]


def _end(x: flint.arb) -> Fraction:
    x = flint.arb(x) if not isinstance(x, flint.arb) else x
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
