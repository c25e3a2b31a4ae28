"""The linear net, dh[k]/dh[0] = W^k: it vanishes if, and only if, every eigenvalue of W has modulus below 1."""
from __future__ import annotations

from functools import cache
from typing import Any

from lstm_sym.proof.kernel import Theorem, assume, conjoin, discharge, part
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    add,
    at_least,
    both,
    descending,
    entry,
    eq,
    eye,
    had,
    index,
    le,
    limit,
    lt,
    mul,
    named,
    norm,
    plus,
    power,
    prod,
    radius,
    same,
    shift,
    sub,
    tr,
)
from lstm_sym.proof.tactics import (
    at,
    chain,
    chain_in,
    condition,
    for_all,
    identity,
    identity_in,
    instance,
    instantiated,
    linear,
    symmetric,
    unfolded,
    upward,
    use,
)
from lstm_sym.proof.theory.rnn import W

a, b, u, v = named("alpha", 1), named("beta", 1), named("u", "n"), named("v", "n")
MODULUS = plus(prod(entry(a), entry(a)), prod(entry(b), entry(b)))               # of lambda = alpha + beta i, squared
WHOLE = plus(prod(norm(u, "2"), norm(u, "2")), prod(norm(v, "2"), norm(v, "2")))


def vanishes() -> Theorem:
    """W^k -> 0 if every eigenvalue of W has modulus at most x < 1: the linear net, where the eigenvalue is the right quantity."""
    return use("GELFAND", assume(radius(W, "x")), assume(lt("x", 1)), p="p")


def vanishing_needs() -> Theorem:
    """W^k -> 0 only if |lambda| < 1 for every eigenvalue lambda = alpha + beta i of W: W (u + v i) = lambda (u + v i), not 0.

    |lambda|^(2 k) |u + v i|^2 = |W^k (u + v i)|^2 <= ||W^k||^2 (||u||^2 + ||v||^2) -> 0: were |lambda| >= 1, the left
    side would stay at |u + v i|^2 > 0 or above.
    """
    positive, large = assume(lt(0, size(u, v))), assume(le(1, MODULUS))
    shrinks = assume(limit("k", norm(powers("k"), "2")))

    def below(low: Theorem) -> Theorem:
        P = powers("K")
        kept = part(at(instantiated(_sizes()), "K", given=(low,)), 2)
        above = _at_most(P), use("POW_GE_ONE", large, k="K")
        return linear("le", size(u, v), prod(WHOLE, prod(norm(P, "2"), norm(P, "2"))), above[0], (-1, kept),
                      (size(u, v), above[1]), known=(linear("le", 0, size(u, v), positive),))

    start = for_all("K", (at_least("K", 0),), lambda low: linear("le", 0, size(u, v), positive))
    limited = use("LIM_SCALED", use("LIM_MUL", shrinks, shrinks), c=WHOLE)
    nothing = use("LIM_CONSTANT", use("LIM_SQUEEZE", start, for_all("K", (at_least("K", 0),), below), limited))
    return use("CONTRAPOSITIVE", discharge(large.conclusion, linear("le", size(u, v), 0, nothing)), positive)


@cache
def powers_are_large() -> Theorem:
    """rho^k <= ||W^k||_2 for the modulus rho of any eigenvalue alpha + beta i of W, with u + v i of length 1.

    (rho^k)^2 = |W^k (u + v i)|^2 <= ||W^k||^2.
    """
    return for_all("K", (at_least("K", 0),), modulus_at_most_norm)


def modulus_at_most_norm(low: Theorem) -> Theorem:
    """rho^K <= ||W^K||_2.  low: 0 <= K."""
    P, r = powers("K"), power("rho", "K")
    p, squared = norm(P, "2"), prod(r, r)
    unit, square = assume(same(WHOLE, 1)), assume(same(prod("rho", "rho"), MODULUS))
    kept = part(at(instantiated(_sizes()), "K", given=(low,)), 2)
    same_power = unfolded(power(prod("rho", "rho"), "K"), square)
    enough = linear("le", squared, prod(p, p), (squared, _at_least_one(unit)), (size(u, v), same_power), (-1, kept),
                    (prod(-1, size(u, v)), use("POW_MUL", x="rho", y="rho", k="K")), _at_most(P), (prod(p, p), unit),
                    known=(assume(le(0, "rho")),))
    return use("SQUARE_LE", use("NORM_NONNEG", A=P, p="2"), enough)


def explodes() -> Theorem:
    """||W^k||_2 -> infinity if some eigenvalue alpha + beta i of W has modulus rho > 1: a linear net explodes."""
    return use("INF_LE", instantiated(powers_are_large()), use("INF_POW", assume(lt(1, "rho"))))


def powers(high: Index) -> Term:
    """W ... W, `high` times."""
    return descending("i", 1, high, W)


def size(x: Term, y: Term) -> Term:
    """x'x + y'y = |x + y i|^2."""
    return entry(add(mul(tr(x), x), mul(tr(y), y)))


def turned(x: Term, y: Term) -> tuple[Term, Term]:
    """The parts of lambda (x + y i)."""
    return sub(had(a, x), had(b, y)), add(had(b, x), had(a, y))


@cache
def _sizes() -> Theorem:
    """For 0 <= k <= K: x + y i = W^k (u + v i) is an eigenvector as u + v i is, and |x + y i|^2 = |lambda|^(2 k) |u + v i|^2."""
    pair = [assume(eq(mul(W, x), y)) for x, y in zip((u, v), turned(u, v), strict=True)]
    def x(k: Index) -> Term: return mul(powers(k), u)
    def y(k: Index) -> Term: return mul(powers(k), v)
    def claim(k: Index) -> Term:
        return both(*(eq(mul(W, left), right) for left, right in zip((x(k), y(k)), turned(x(k), y(k)), strict=True)),
                    same(size(x(k), y(k)), prod(power(MODULUS, k), size(u, v))))
    none = use("DESCENDING_EMPTY", h=0, F=(("i",), W))
    begin = [chain_in(unfolded(mul(powers(0), w), none), identity(mul(eye("n"), w), w)) for w in (u, v)]
    first = (*pair, linear("same", size(u, v), prod(power(MODULUS, 0), size(u, v))))
    base = conjoin(*(_with(e, goal, begin) for e, goal in zip(first, instance(claim("k"), {"k": 0})[1:], strict=True)))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        later, now = shift("k", 1), [part(known, n) for n in range(3)]
        last = use("DESCENDING_LAST", condition(index("k"), above), goal=eq(powers(later), W))
        longer = [chain_in(unfolded(mul(powers(later), w), last), identity(mul(mul(W, powers("k")), w), mul(W, powers("k"), w)))
                  for w in (u, v)]
        old, new = (x("k"), y("k")), (mul(W, x("k")), mul(W, y("k")))
        again = [chain_in(unfolded(mul(W, left), right), identity(mul(W, right.conclusion[2]), goal))
                 for left, right, goal in zip(new, now, turned(*new), strict=False)]
        S, grown = add(*(mul(tr(e), e) for e in old)), unfolded(size(*new), *now[:2])
        spread = identity_in(grown.conclusion[2][1], add(mul(a, mul(a, S)), mul(b, mul(b, S))), x=old[0], y=old[1])
        sums = [law for z in (a, b) for law in (use("ENTRY_MUL", A=z, B=mul(z, S)), use("ENTRY_MUL", A=z, B=S))]
        both_ = use("ENTRY_ADD", A=mul(a, mul(a, S)), B=mul(b, mul(b, S)))
        sized = chain(grown, unfolded(grown.conclusion[2], spread, both_, *sums))
        power_law = use("POW_STEP", above, x=MODULUS)
        last_size = linear("same", size(*new), prod(power(MODULUS, later), size(u, v)), sized, (MODULUS, now[2]),
                           (prod(-1, size(u, v)), power_law))
        return conjoin(*(_with(e, goal, longer) for e, goal in zip((*again, last_size), claim(later)[1:], strict=True)))

    return upward("k", 0, "K", claim("k"), base, step)


def _at_least_one(unit: Theorem) -> Theorem:
    """1 <= u'u + v'v if ||u||^2 + ||v||^2 = 1."""
    parts: list[Any] = [(-1, unit), (-1, use("ENTRY_ADD", A=mul(tr(u), u), B=mul(tr(v), v)))]
    for w in (u, v):
        summed = use("NORM_FROBENIUS", A=w)
        parts += [summed, unfolded(summed.conclusion[2], identity(summed.conclusion[2][1], mul(tr(w), w)))]
    return linear("le", 1, size(u, v), *parts)


def _with(theorem: Theorem, goal: Term, names: list[Theorem]) -> Theorem:
    """The goal, which says of the left sides of `names` what the theorem says of the right ones."""
    result = unfolded(goal[1], *names), unfolded(goal[2], *names)
    return chain(result[0], theorem, symmetric(result[1]))


def _at_most(P: Term) -> Theorem:
    """|P (u + v i)|^2 <= (||u||^2 + ||v||^2) ||P||^2."""
    p, parts = norm(P, "2"), []
    for w in (u, v):
        z = mul(P, w)
        square = mul(tr(z), z)
        parts += [use("LE_ABS", x=entry(square)), (-1, use("NORM_SCALAR", A=square, p="2")), use("NORM_GRAM", A=z)]
        longest = use("NORM_MUL", A=P, B=w, p="2")
        parts += [(norm(z, "2"), longest), (prod(p, norm(w, "2")), longest)]
    x, y = mul(P, u), mul(P, v)
    both_ = use("ENTRY_ADD", A=mul(tr(x), x), B=mul(tr(y), y))
    return linear("le", size(x, y), prod(WHOLE, prod(p, p)), both_, *parts)
