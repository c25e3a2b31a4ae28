"""Certificates that gradients of a given W grow: inputs that hold chosen units where their slope is largest.

h[t] = phi(W h[t-1] + x[t]) with inputs x of some period: the states repeat, and so do the Jacobians, whose product J over a
period has powers without bound.  States are exact: tanh(ln r) is rational.  J'QJ - y Q positive definite, y > 1 and
v'Qv > 0 is the certificate; for small W the kernel proves all of it, else balls certify the positive definite matrix.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import flint
import numpy as np

from lstm_sym.proof.arithmetic import value
from lstm_sym.proof.balls import Rows, diagonal, floats, fractions, is_positive_definite, matrix, rounded
from lstm_sym.proof.kernel import Theorem, compute, conjoin
from lstm_sym.proof.nets import Net, State
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import add, diag, entry, eye, had, mul, plus, real, table, tr
from lstm_sym.proof.tactics import cut, instantiated, linear, rewritten, symmetric, use
from lstm_sym.proof.theory.quadratic import quadratic_growth

Floats = np.ndarray[Any, np.dtype[np.float64]]
Masks = tuple[frozenset[int], ...]                           # the open units of each step of a period
SMALL = 6                                                    # units up to which the kernel proves all of it
FEW, MANY = 6, 24                                            # units up to which pairs of masks, and triples of units, are tried
CLEAR = 1.001                                                # the growth of a period that is worth a certificate


@dataclass(frozen=True, slots=True)
class Growth:
    """Inputs, states and Jacobian of a period; the quadratic form that grows.

    inputs[i] leads from states[i - 1] to states[i] (states[-1] is where the period starts and ends), entries as terms;
    jacobian: J = dh[period]/dh[0];  form Q, rate y, start v: J'QJ - y Q is positive definite and v'Qv > 0.
    """

    inputs: tuple[tuple[Term, ...], ...]
    states: tuple[tuple[Fraction, ...], ...]
    jacobian: Rows
    form: Rows
    rate: Fraction
    start: tuple[Fraction, ...]
    theorem: Theorem | None = field(default=None, repr=False)

    @property
    def period(self) -> int:
        """How many steps repeat."""
        return len(self.states)

    def holds(self) -> bool:
        """J'QJ - y Q is certainly positive definite, y > 1, v'Qv > 0: then v'Qv y^k <= ||Q|| ||v||^2 ||J^k||^2."""
        J, Q = matrix(self.jacobian), matrix(self.form)
        gap = J.transpose() * Q * J - _multiple(Q, self.rate)
        return self.rate > 1 and self.value > 0 and is_positive_definite(gap)

    @property
    def value(self) -> Fraction:
        """v'Qv."""
        v = self.start
        return sum((x * y * q for x, row in zip(v, self.form, strict=True) for y, q in zip(v, row, strict=True)), Fraction(0))

    @property
    def factor(self) -> Fraction:
        """c with c y^k <= ||J^k||^2: at most v'Qv / (||Q|| ||v||^2), as ||Q|| is at most a sum of a row's sizes."""
        size = max(sum(map(abs, row), Fraction(0)) for row in self.form)
        return self.value / (size * sum((x * x for x in self.start), Fraction(0)))


def growth(W: Rows, net: Net) -> Growth | None:
    """Inputs under which gradients grow, certified; with its theorem where W is small; None if none were found."""
    for masks in _candidates(floats(W) * float(net.largest)):
        for closed in net.closed or (net.open,):
            units = [tuple(net.open if i in mask else closed for i in range(len(W))) for mask in masks]
            found = _certified(W, units)
            if found is not None:
                return replace(found, theorem=explosion(W, net, units, found)) if len(W) <= SMALL else found
    return None


# --- guesses --------------------------------------------------------------------------------------------------

def _candidates(W: Floats) -> Iterator[Masks]:
    """Open units whose product of masked W grows if all others are closed: the most growing first of each kind."""
    n = len(W)
    most = range(1, min(n, 3 if n <= MANY else 2) + 1)
    constant = [(frozenset(units),) for size in (*most, n) for units in combinations(range(n), size)]
    cycles = [tuple(frozenset({i}) for i in units) for size in (2, 3) if n <= MANY or size == 2
              for units in combinations(range(n), size)] if n > FEW else []
    subsets = [frozenset(u) for size in range(1, n + 1) for u in combinations(range(n), size)] if n <= FEW else []
    pairs = [pair for pair in product(subsets, repeat=2) if pair[0] != pair[1]]
    for kind in (constant, [*cycles, *pairs]):
        sized = [(_masked_radius(W, masks) ** (1 / len(masks)), n) for n, masks in enumerate(kind)]
        yield from (kind[n] for size, n in sorted(sized, reverse=True)[:4] if size > CLEAR)


def _masked_radius(W: Floats, masks: Masks) -> float:
    """The spectral radius of the product of masked W: that of the product of the blocks between open units."""
    J = np.eye(len(masks[-1]))
    for before, mask in zip((masks[-1], *masks), masks, strict=False):
        J = W[np.ix_(sorted(mask), sorted(before))] @ J
    return _radius(J)


def _radius(J: Floats) -> float:
    return float(np.abs(np.linalg.eigvals(J)).max())


def _certified(W: Rows, units: Sequence[tuple[State, ...]]) -> Growth | None:
    """The net held in these states, and its quadratic form; None if it does not certainly grow."""
    J = matrix(diagonal([Fraction(1)] * len(W)))
    for step in units:
        J = matrix(diagonal([slope for _, _, slope in step])) * matrix(W) * J
    jacobian = fractions(J)
    values = floats(jacobian)
    radius = _radius(values)
    if not radius > CLEAR:
        return None
    states = tuple(tuple(h for h, _, _ in step) for step in units)
    inputs = tuple(_inputs(W, states[i - 1], step) for i, step in enumerate(units))
    for rate in _rates(values, radius):
        for form in _forms(jacobian, rate):
            found = Growth(inputs, states, jacobian, form, rate, _start(floats(form)))
            if found.holds():
                return found
    return None


def _inputs(W: Rows, before: tuple[Fraction, ...], step: tuple[State, ...]) -> tuple[Term, ...]:
    """x = a - W h, so that the pre-activation is a."""
    rest = [sum((w * h for w, h in zip(row, before, strict=True)), Fraction(0)) for row in W]
    return tuple(_plus(real(a), -r) for (_, a, _), r in zip(step, rest, strict=True))


def _plus(a: Term, r: Fraction) -> Term:
    known = value(a)
    return ("num", known + r) if known is not None else plus(r, a) if r else a


def _rates(J: Floats, radius: float) -> Iterator[Fraction]:
    """y between 1 and the squared spectral radius, away from every squared eigenvalue; large ones first."""
    sizes = np.abs(np.linalg.eigvals(J))
    for part in (0.98, 0.9, 0.75, 0.5, 0.3, 0.1):
        y = rounded(float((1 + part * (radius - 1)) ** 2), 12)
        if y > 1 and np.all(np.abs(sizes**2 / float(y) - 1) > 1e-4):
            yield y


def _forms(J: Rows, rate: Fraction) -> Iterator[Rows]:
    """Q with J'QJ - y Q = I exactly where J is small; else near it, by the eigenvectors of J."""
    if len(J) <= SMALL:
        exact = _stein(J, rate)
        if exact is not None:
            yield exact
        return
    values = floats(J)
    sizes, X = np.linalg.eig(values)
    try:
        back = np.linalg.inv(X)
    except np.linalg.LinAlgError:
        return
    signs = np.where(np.abs(sizes)**2 > float(rate), 1.0, -1.0)
    Q = (back.conj().T * signs @ back).real
    if np.all(np.isfinite(Q)):
        top = np.abs(Q).max()
        half = [[rounded(float((x + y) / top), 40) for x, y in zip(*pair, strict=True)] for pair in zip(Q, Q.T, strict=True)]
        yield tuple(map(tuple, half))


def _stein(J: Rows, rate: Fraction) -> Rows | None:
    """The solution Q of J'QJ - y Q = I, exact: a linear system for its entries."""
    n = len(J)
    places = list(product(range(n), repeat=2))
    system = [[J[k][i] * J[m][j] - (rate if (k, m) == (i, j) else 0) for k, m in places] for i, j in places]
    try:
        solved = matrix(system).solve(matrix([[Fraction(int(i == j))] for i, j in places]))
    except ZeroDivisionError:
        return None
    Q = [x for (x,) in fractions(solved)]
    return tuple(tuple(Q[i * n:(i + 1) * n]) for i in range(n))


def _start(Q: Floats) -> tuple[Fraction, ...]:
    """A short vector v with a large v'Qv."""
    v = np.linalg.eigh((Q + Q.T) / 2)[1][:, -1]
    return tuple(rounded(float(x), 6) for x in v / np.abs(v).max())


def _multiple(Q: flint.fmpq_mat, x: Fraction) -> flint.fmpq_mat:
    return Q * flint.fmpq(x.numerator, x.denominator)


# --- the theorem ----------------------------------------------------------------------------------------------

def explosion(W: Rows, net: Net, units: Sequence[tuple[State, ...]], found: Growth) -> Theorem:
    """Each state from the one before by its input; J is the Jacobian of the period; ||J^k||^2 -> infinity."""
    w, states = table(W), [table([[h] for h in step]) for step in found.states]
    pre = [add(mul(w, states[i - 1]), table([[x] for x in inputs])) for i, inputs in enumerate(found.inputs)]
    fixed = [compute("EVALUATE", (net.phi(a), h)) for a, h in zip(pre, states, strict=True)]
    steps = [mul(diag(net.slope(a, h)), w) for a, h in zip(pre, states, strict=True)]
    jacobian = compute("EVALUATE", (mul(*reversed(steps)), table(found.jacobian)))
    return conjoin(*fixed, rewritten(symmetric(jacobian), _grows(found)))


def _grows(found: Growth) -> Theorem:
    """v'Qv y^k <= ||Q|| ||v||^2 ||J^k||^2 -> infinity for these numbers."""
    n = len(found.jacobian)
    J, Q, v, Y = table(found.jacobian), table(found.form), table([[x] for x in found.start]), table([[found.rate]])
    form = compute("EVALUATE", (mul(tr(J), mul(Q, J)), add(had(Y, Q), mul(tr(eye(n)), eye(n)))))
    number = use("ENTRY_NUMBER", x=real(found.rate))
    value_of = compute("EVALUATE", (mul(tr(v), mul(Q, v)), table([[found.value]])))
    at_start = rewritten(symmetric(value_of), linear("le", found.value, entry(table([[found.value]])),
                                                     (-1, use("ENTRY_NUMBER", x=real(found.value)))))
    general = instantiated(quadratic_growth(), {"n": n}, J=J, Q=Q, R=eye(n), v=v, Y=Y, c=("num", found.value))
    return rewritten(number, cut(general, form, linear("lt", 1, entry(Y), (-1, number)), linear("lt", 0, found.value), at_start))


