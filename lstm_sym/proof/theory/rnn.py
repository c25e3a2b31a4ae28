"""The simple recurrent net: its Jacobian product, the bound on it, what follows from the bound."""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

from lstm_sym.expr.affine import minus
from lstm_sym.proof.kernel import Theorem, assume, compute, discharge, rewrite
from lstm_sym.proof.kernel import substitute as kernel_substitute
from lstm_sym.proof.statements import Substitution, Term
from lstm_sym.proof.syntax import (
    Index,
    at_least,
    between,
    call,
    descending,
    diag,
    eq,
    every,
    eye,
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
    real,
    shift,
    sub,
    tr,
    under,
    within,
)
from lstm_sym.proof.tactics import (
    at,
    chain,
    chain_in,
    condition,
    cut,
    equal,
    for_all,
    identity,
    instance,
    instantiated,
    linear,
    nonnegative,
    rewritten,
    symmetric,
    transitive,
    unfolded,
    upward,
    use,
)

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


@cache
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


@cache
def product_bound() -> Theorem:
    """||F[h] ... F[l]|| <= x^(h - l + 1) if every ||F[k]|| <= x: the bound of an ordered product."""
    F, x = named("F", "n", "n", "k"), real("x")
    positive = assume(le(0, x))
    bounded = assume(between("k", "l", "h", le(norm(F), x)))
    def product(high: Index) -> Term: return descending("k", "l", high, F)
    claim = le(norm(product("s")), power(x, minus(shift("s", 1), index("l"))))
    before = shift("l", -1)
    none = symmetric(use("DESCENDING_EMPTY", h=before, F=(("k",), F)))
    base = linear("le", *instance(claim, {"s": before})[1:], rewritten(none, use("NORM_EYE", n="n", p="p")))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        s, low = shift("s", 1), condition(minus(shift("s", 1), index("l")), above)
        one = at(bounded, s, given=(low, condition(minus(index("h"), s), below)))
        last = use("DESCENDING_LAST", low, goal=eq(product(s), W))
        whole = rewritten(symmetric(last), use("NORM_MUL", A=one.conclusion[1][2], B=product("s"), p="p"))
        return linear("le", *instance(claim, {"s": s})[1:], whole, (norm(product("s")), one), (x, known),
                      (-1, use("POW_STEP", low, x=x)), known=(positive,))

    long = assume(at_least(shift("h", 1), "l"))
    every_s = upward("s", before, "h", claim, base, step)
    return at(every_s, "h", given=(condition(minus(index("h"), before), long),))


@cache
def gradient_bound() -> Theorem:
    """||dl/dh[t]|| <= (gamma sigma_max(W))^(T - t) ||dl/dh[T]|| for dl/dh[t] = (dh[T]/dh[t])' dl/dh[T]."""
    bound = instantiated_norm(jacobian_bound(), "2")
    g, P = named("g", "n"), jacobian("t", "T")
    product = use("NORM_MUL", A=tr(P), B=g, p="2")
    return linear("le", norm(mul(tr(P), g), "2"), prod(bound.conclusion[2], norm(g, "2")), product,
                  (norm(g, "2"), use("NORM_TRANSPOSE", A=P)), (norm(g, "2"), bound))


def instantiated_norm(theorem: Theorem, kind: str) -> Theorem:
    """A theorem about any of the norms, for one of them."""
    return kernel_substitute(theorem, Substitution(kinds={"p": kind}))


ALWAYS_BOUNDED = every("k", at_least("k", 1), within(slope("k"), prod(-1, "gamma"), "gamma"))


def bound_from_start() -> Theorem:
    """||dh[k]/dh[0]|| <= (gamma ||W||)^k for every k >= 0."""
    bounded = assume(ALWAYS_BOUNDED)
    bound = kernel_substitute(jacobian_bound(), Substitution({"t": index(0), "T": index("k")}))
    def one(low: Theorem) -> Theorem:
        inside = for_all("s", (at_least("s", 1), at_least("k", "s")), lambda a, b: at(bounded, "s", given=(a,)))
        return cut(bound, inside, low)
    return for_all("k", (at_least("k", 0),), one)


def jacobian_vanishes() -> Theorem:
    """dh[k]/dh[0] -> 0 as k -> infinity if gamma ||W|| < 1, whatever the inputs."""
    bound, small = bound_from_start(), assume(lt(RATE, 1))
    rate = nonnegative(RATE, assume(SLOPE[0]))
    positive = for_all("k", (at_least("k", 0),), lambda low: use("NORM_NONNEG", A=jacobian(0, "k"), p="p"))
    return use("LIM_SQUEEZE", positive, bound, use("LIM_POW", rate, small))


def no_explosion() -> Theorem:
    """||dh[T]/dh[t]|| <= 1 if gamma ||W|| <= 1: growth needs gamma sigma_max(W) > 1."""
    bound, rate = jacobian_bound(), nonnegative(RATE, assume(SLOPE[0]))
    return transitive(bound, use("POW_LE_ONE", rate, assume(le(RATE, 1)), k=minus(index("T"), index("t"))))


def _elementwise(theorem: Theorem, function: str, lipschitz: Fraction, derivative: Callable[[Term], Term],
                 box: tuple[int, int], lower: Any, upper: Any) -> Theorem:
    """A theorem about any slope, for one activation: h[k] = phi(a[k]) and the slope in its own value."""
    def h(k: Index) -> Term: return named("h", "n", 1, k)
    a = named("a", "n", 1, "k")
    model = assume(between("k", shift("t", 1), "T", eq(h("k"), call(function, a))))
    chosen: dict[str, Any] = {"phi'": (("k",), derivative(h("k"))), "gamma": ("num", lipschitz)}
    general = instantiated(theorem, **chosen)

    def one(above: Theorem, below: Theorem) -> Theorem:
        value = at(model, "k", given=(above, below))
        inside = rewritten(symmetric(value), use(f"WITHIN_{function.upper()}", A=a))
        ends = tuple(map(Fraction, box))
        tight = compute("POLYNOMIAL", (h("k"), derivative(h("k")), ends, (Fraction(0), lipschitz), lower, upper), inside)
        return use("WITHIN_WIDEN", linear("le", prod(-1, lipschitz), 0), linear("le", lipschitz, lipschitz), tight)

    bounded = for_all("k", (at_least("k", shift("t", 1)), at_least("T", "k")), one)
    return cut(general, linear("le", 0, lipschitz), bounded)


def tanh_bound() -> Theorem:
    """||dh[T]/dh[t]|| <= ||W||^(T - t) for h[k] = tanh(a[k]), whatever the inputs and biases."""
    one, slope_of = Fraction(1), lambda y: sub(ones("n"), had(y, y))
    lower, upper = ((one, 1, 1, (one,)),), ((one, 0, 0, (Fraction(0), one)),)        # 1 - y^2 = (1 + y)(1 - y);  y^2
    theorem = _elementwise(jacobian_bound(), "tanh", one, slope_of, (-1, 1), lower, upper)
    return rewritten(linear("same", prod(1, norm(W)), norm(W)), theorem)


def sigmoid_bound() -> Theorem:
    """||dh[T]/dh[t]|| <= (||W|| / 4)^(T - t) for h[k] = sigma(a[k])."""
    one, quarter = Fraction(1), Fraction(1, 4)
    upper = ((one, 0, 0, (Fraction(1, 2), -one)),)                                  # 1/4 - y + y^2 = (1/2 - y)^2
    slope_of, lower = (lambda y: had(y, sub(ones("n"), y))), ((one, 1, 1, (one,)),)
    return _elementwise(jacobian_bound(), "sigmoid", quarter, slope_of, (0, 1), lower, upper)


def explosion_needs() -> Theorem:
    """1 < ||dh[T]/dh[t]|| only if 1 < gamma ||W||: the necessary condition for explosion, in the norms 1, 2, infinity."""
    return use("CONTRAPOSITIVE", discharge(le(RATE, 1), no_explosion()), assume(lt(1, norm(jacobian("t", "T")))))


def horizon() -> Theorem:
    """||dl/dh[T-k]|| < epsilon for every k >= K if (gamma sigma_max(W))^K ||dl/dh[T]|| < epsilon and gamma sigma_max(W) <= 1."""
    bound, rate = gradient_bound(), prod("gamma", norm(W, "2"))
    K, more = index("K"), minus(minus(index("T"), index("t")), index("K"))
    long, positive = assume(at_least(minus(index("T"), index("t")), "K")), assume(at_least("K", 0))
    enough = assume(lt(prod(power(rate, "K"), norm(named("g", "n"), "2")), "epsilon"))
    rate_positive = nonnegative(rate, assume(SLOPE[0]))
    later = use("POW_LE_ONE", rate_positive, assume(le(rate, 1)), k=more)
    split = use("POW_ADD", positive, long, x=rate)
    size, early = norm(named("g", "n"), "2"), power(rate, K)
    return linear("lt", bound.conclusion[1], "epsilon", bound, enough, (prod(size, early), later), (size, split),
                  known=(assume(SLOPE[0]),))


@cache
def scaled_bound() -> Theorem:
    """||dh[T]/dh[t]|| <= ||R|| (gamma ||S W R||)^(T - t) ||S|| for S = diag(s), R = diag(r), s o r = 1."""
    r, s = named("r", "n"), named("s", "n")
    R, S = diag(r), diag(s)
    inverse = assume(eq(had(s, r), ones("n")))
    V = mul(S, mul(W, R))
    bound = instantiated(jacobian_bound(), W=V)
    def inner(low: Any, high: Any) -> Any: return descending("k", shift(low, 1), high, mul(diag(slope("k")), V))
    claim = eq(jacobian("t", "u"), mul(R, mul(inner("t", "u"), S)))
    unit = chain(identity(mul(R, S), diag(had(s, r))), unfolded(diag(had(s, r)), inverse))
    left, right = instance(claim, {"u": "t"})[1:]
    empty = [use("DESCENDING_EMPTY", h="t", F=(("k",), body)) for body in (step_jacobian("k"), mul(diag(slope("k")), V))]
    folded = chain(identity(mul(R, mul(eye("n"), S)), mul(R, S)), unit)
    base = equal(unfolded(left, empty[0]), chain(unfolded(right, empty[1]), folded))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        u = shift("u", 1)
        ends = [use("DESCENDING_LAST", condition(minus(index("u"), index("t")), above), goal=eq(product, W))
                for product in (jacobian("t", u), inner("t", u))]
        left, right = instance(claim, {"u": u})[1:]
        opened = unfolded(right, ends[1])
        D, rest = diag(slope(u)), mul(W, mul(R, mul(inner("t", "u"), S)))
        grouped = identity(opened.conclusion[2], mul(mul(R, D), mul(S, rest)))
        swapped = chain_in(grouped, identity(mul(R, D), mul(D, R)))
        met = chain(swapped, identity(swapped.conclusion[2], mul(D, mul(mul(R, S), rest))))
        return equal(unfolded(left, ends[0], known), chain_in(chain(opened, met), unit))

    similar = at(upward("u", "t", "T", claim, base, step), "T", given=(assume(at_least("T", "t")),))
    middle = inner("t", "T")
    outer = use("NORM_MUL", A=R, B=mul(middle, S), p="p")
    inside = use("NORM_MUL", A=middle, B=S, p="p")
    total = linear("le", outer.conclusion[1], prod(norm(R), bound.conclusion[2], norm(S)), outer, (norm(R), inside),
                   (prod(norm(R), norm(S)), bound))
    return rewritten(symmetric(similar), total)


def entrywise_bound() -> Theorem:
    """||dh[T]/dh[t]|| <= ||B^(T - t)|| for |W_ij| <= B_ij and |phi'| <= 1; W entrywise nonnegative: B = W."""
    B = named("B", "n", "n")
    below_B = assume(under(W, B))
    bounded = assume(between("k", shift("t", 1), "T", within(slope("k"), -1, 1)))
    def powers(high: Any) -> Any: return descending("k", shift("t", 1), high, B)
    claim = under(jacobian("t", "s"), powers("s"))
    empty = [symmetric(use("DESCENDING_EMPTY", h="t", F=(("k",), body))) for body in (step_jacobian("k"), B)]
    base = use("UNDER_EYE", n="n")
    base = rewrite(empty[1], rewrite(empty[0], base, under(named("?", "n", "n"), eye("n")), "?"),
                   under(jacobian("t", "t"), named("?", "n", "n")), "?")

    def step(above: Theorem, inside: Theorem, known: Theorem) -> Theorem:
        s = shift("s", 1)
        diagonal = use("UNDER_DIAG", at(bounded, s, given=(above, inside)))
        one = rewritten(identity(mul(eye("n"), B), B), use("UNDER_MUL", diagonal, below_B))
        ends = [symmetric(use("DESCENDING_LAST", condition(minus(index("s"), index("t")), above), goal=eq(product, W)))
                for product in (jacobian("t", s), powers(s))]
        return rewritten(ends[1], rewritten(ends[0], use("UNDER_MUL", one, known)))

    every_s = upward("s", "t", "T", claim, base, step)
    return use("NORM_UNDER", at(every_s, "T", given=(assume(at_least("T", "t")),)), p="p")
