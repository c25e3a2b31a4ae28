"""The simple recurrent net: its Jacobian product, the bound on it, what follows from the bound."""
from __future__ import annotations

from lstm_sym.expr.affine import minus
from lstm_sym.proof.kernel import Theorem, assume
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    at_least,
    between,
    descending,
    diag,
    eq,
    index,
    le,
    mul,
    named,
    norm,
    power,
    prod,
    shift,
    within,
)
from lstm_sym.proof.tactics import at, condition, instance, linear, rewritten, symmetric, upward, use

W = named("W", "n", "n")
RATE = prod("gamma", norm(W))


def slope(k: Index) -> Term:
    """phi'(a[k])."""
    return named("phi'", "n", 1, k)


def step_jacobian(k: Index) -> Term:
    """dh[k]/dh[k-1] = diag(phi'(a[k])) W."""
    return mul(diag(slope(k)), W)


def jacobian(low: Index, high: Index) -> Term:
    """dh[high]/dh[low] = J[high] ... J[low+1]."""
    return descending("k", shift(low, 1), high, step_jacobian("k"))


SLOPE = le(0, "gamma"), between("k", shift("t", 1), "T", within(slope("k"), prod(-1, "gamma"), "gamma"))


def jacobian_bound() -> Theorem:
    """||dh[T]/dh[t]|| <= (gamma ||W||)^(T - t) for |phi'| <= gamma, in the norms 1, 2, infinity."""
    positive, bounded = map(assume, SLOPE)
    claim = le(norm(jacobian("t", "s")), power(RATE, minus(index("s"), index("t"))))
    empty = symmetric(use("DESCENDING_EMPTY", h="t", F=(("k",), step_jacobian("k"))))
    one = rewritten(empty, use("NORM_EYE", n="n", p="p"))
    base = linear("le", *instance(claim, {"s": "t"})[1:], one)

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        s, before = shift("s", 1), jacobian("t", "s")
        factor = use("NORM_DIAG", positive, at(bounded, s, given=(above, below)), p="p")
        one_step = linear("le", norm(step_jacobian(s)), RATE, use("NORM_MUL", A=diag(slope(s)), B=W, p="p"), (norm(W), factor))
        last = use("DESCENDING_LAST", condition(minus(index("s"), index("t")), above), goal=eq(jacobian("t", s), W))
        whole = rewritten(symmetric(last), use("NORM_MUL", A=step_jacobian(s), B=before, p="p"))
        grow = use("POW_STEP", above, x=RATE)
        return linear("le", *instance(claim, {"s": s})[1:], whole, (norm(before), one_step), (RATE, known), (-1, grow),
                      known=(positive,))

    every = upward("s", "t", "T", claim, base, step)
    return at(every, "T", given=(assume(at_least("T", "t")),))
