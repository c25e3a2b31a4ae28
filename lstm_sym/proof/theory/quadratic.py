"""Growth by a quadratic form: if J'QJ = y Q + R'R with y > 1 and v'Qv > 0, the powers of J are unbounded.

Such a Q exists whenever the spectral radius of J exceeds sqrt(y): it is positive on growing directions only.
"""
from __future__ import annotations

from functools import cache

from lstm_sym.proof.kernel import Theorem, assume, conjoin
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    add,
    at_least,
    descending,
    entry,
    eq,
    had,
    index,
    le,
    lt,
    mul,
    named,
    norm,
    ones,
    power,
    prod,
    shift,
    tr,
)
from lstm_sym.proof.tactics import (
    at,
    chain,
    condition,
    for_all,
    identity,
    instance,
    linear,
    rewritten,
    symmetric,
    unfolded,
    upward,
    use,
)

J, Q, R, v, Y = named("J", "n", "n"), named("Q", "n", "n"), named("R", "n", "n"), named("v", "n"), named("Y", 1)
RATE = entry(Y)
SIZE = prod(norm(Q, "2"), norm(v, "2"), norm(v, "2"))
FORM = eq(mul(tr(J), mul(Q, J)), add(had(Y, Q), mul(tr(R), R)))


def powers(a: Term, high: Index) -> Term:
    """A ... A, `high` times."""
    return descending("i", 1, high, a)


def value(z: Term) -> Term:
    """z'Qz."""
    return entry(mul(tr(z), mul(Q, z)))


@cache
def quadratic_growth() -> Theorem:
    """c y^k <= ||Q|| ||v||^2 ||J^k||^2, so ||J^k||^2 -> infinity, if J'QJ = y Q + R'R, 1 < y, 0 < c <= v'Qv."""
    large, positive = assume(lt(1, RATE)), assume(lt(0, "c"))
    every_k = _values_grow(large, assume(le("c", value(v))))

    def sized(low: Theorem) -> Theorem:
        P, grown = powers(J, "K"), at(every_k, "K", given=(low,))
        return linear("le", prod("c", power(RATE, "K")), prod(SIZE, norm(P, "2"), norm(P, "2")), grown, _size_of_value(P))

    below = for_all("K", (at_least("K", 0),), sized)
    growing = use("INF_LE", below, use("INF_SCALED", positive, use("INF_POW", large)))
    return conjoin(below, growing)


def _values_grow(large: Theorem, start: Theorem) -> Theorem:
    """y^k c <= (J^k v)'Q(J^k v) for 0 <= k <= K."""
    def z(k: Index) -> Term: return mul(powers(J, k), v)
    claim = le(prod(power(RATE, "k"), "c"), value(z("k")))
    empty = unfolded(z(0), use("DESCENDING_EMPTY", h=0, F=(("i",), J)))
    none = chain(empty, identity(empty.conclusion[2], v))
    base = rewritten(symmetric(none), linear("le", prod(power(RATE, 0), "c"), value(v), start))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        one_more = use("DESCENDING_LAST", condition(index("k"), above), goal=eq(powers(J, shift("k", 1)), J))
        last = unfolded(z(shift("k", 1)), one_more)
        moved = chain(last, identity(last.conclusion[2], mul(J, z("k"))))
        one_step = rewritten(symmetric(moved), _one_step(z("k")))
        return linear("le", *instance(claim, {"k": shift("k", 1)})[1:], one_step, (RATE, known),
                      ("c", use("POW_STEP", above, x=RATE)), known=(linear("le", 0, RATE, large),))

    return upward("k", 0, "K", claim, base, step)


def _one_step(z: Term) -> Theorem:
    """y z'Qz <= (Jz)'Q(Jz): the difference is (Rz)'(Rz), a sum of squares."""
    w, q = mul(R, z), mul(tr(z), mul(Q, z))
    after = mul(tr(mul(J, z)), mul(Q, mul(J, z)))
    grouped = identity(after, mul(tr(z), mul(mul(tr(J), mul(Q, J)), z)))
    opened = chain(grouped, unfolded(grouped.conclusion[2], assume(FORM)))
    spread = chain(opened, identity(opened.conclusion[2], add(mul(Y, q), mul(tr(w), w))))
    sizes = unfolded(entry(after), spread, use("ENTRY_ADD", A=mul(Y, q), B=mul(tr(w), w)), use("ENTRY_MUL", A=Y, B=q))
    squares = identity(mul(ones(1, "n"), had(w, w), ones(1)), mul(tr(w), w))
    above_norm = rewritten(squares, use("NORM_FROBENIUS", A=w))
    return linear("le", prod(RATE, entry(q)), entry(after), (-1, sizes), above_norm,
                  (norm(w, "2"), use("NORM_NONNEG", A=w, p="2")))


def _size_of_value(P: Term) -> Theorem:
    """(Pv)'Q(Pv) <= ||Q|| ||v||^2 ||P||^2."""
    t = mul(P, v)
    a, b, q, p, u = (norm(x, "2") for x in (tr(t), t, Q, P, v))
    product = mul(tr(t), mul(Q, t))
    outer, inner = use("NORM_MUL", A=tr(t), B=mul(Q, t), p="2"), use("NORM_MUL", A=Q, B=t, p="2")
    longest = use("NORM_MUL", A=P, B=v, p="2")
    return linear("le", entry(product), prod(SIZE, p, p), use("LE_ABS", x=entry(product)),
                  (-1, use("NORM_SCALAR", A=product, p="2")), outer, (a, inner), (prod(q, b), use("NORM_TRANSPOSE", A=t)),
                  (prod(q, b), longest), (prod(q, p, u), longest))
