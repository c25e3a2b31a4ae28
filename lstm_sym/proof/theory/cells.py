"""Gated cells: the additive cell path with the gates held fixed, the constant error carousel, bounds on states."""
from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from lstm_sym.expr.affine import minus
from lstm_sym.proof.kernel import Theorem, assume, compute, conjoin
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    add,
    always,
    at_least,
    between,
    call,
    derivative,
    descending,
    diag,
    eq,
    eye,
    had,
    index,
    le,
    log,
    mul,
    named,
    norm,
    ones,
    power,
    prod,
    real,
    scale,
    shift,
    sub,
    table,
    within,
    zeros,
)
from lstm_sym.proof.tactics import (
    at,
    chain,
    chain_in,
    column_low,
    condition,
    cut,
    for_all,
    identity,
    instance,
    instantiated,
    linear,
    rewritten,
    symmetric,
    unfolded,
    upward,
    use,
)

v = named("v", "n")


def c(t: Index) -> Term: return named("c", "n", 1, t)
def f(t: Index) -> Term: return named("f", "n", 1, t)
def written(t: Index) -> Term: return named("w", "n", 1, t)


def path(low: Index, high: Index) -> Term:
    """diag(f[high]) ... diag(f[low+1])."""
    return descending("k", shift(low, 1), high, diag(f("k")))


def _last(high: Index, above: Theorem) -> Theorem:
    return use("DESCENDING_LAST", above, goal=eq(path("t", high), eye("n")))


def cell_path() -> Theorem:
    """dc[T]/dc[t] = diag(f[T]) ... diag(f[t+1]) for c[k] = f[k] o c[k-1] + w[k] with the gates f and w = i o g held fixed."""
    model = assume(between("k", shift("t", 1), "T", always(c("k"), add(had(f("k"), c(shift("k", -1))), written("k")))))
    fixed_f = assume(between("k", shift("t", 1), "T", derivative(f("k"), zeros("n"))))
    fixed_w = assume(between("k", shift("t", 1), "T", derivative(written("k"), zeros("n"))))
    start = assume(derivative(c("t"), v))
    claim = derivative(c("s"), mul(path("t", "s"), v))
    empty = use("DESCENDING_EMPTY", h="t", F=(("k",), diag(f("k"))))
    base = rewritten(symmetric(chain_in(unfolded(mul(path("t", "t"), v), empty), identity(mul(eye("n"), v), v))), start)

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        s = shift("s", 1)
        def here(theorem: Any) -> Any: return at(theorem, s, given=(above, below))
        moved = use("D_EQUAL", here(model), use("D_ADD", use("D_HAD", here(fixed_f), known), here(fixed_w)))
        last = _last(s, condition(minus(index("s"), index("t")), above))
        return rewritten(equal_to(moved.conclusion[2], unfolded(mul(path("t", s), v), last)), moved)

    return at(upward("s", "t", "T", claim, base, step), "T", given=(assume(at_least("T", "t")),))


def equal_to(e: Term, right: Theorem) -> Theorem:
    """e = b from b = d and e = d."""
    return chain(identity(e, right.conclusion[2]), symmetric(right))


def carousel() -> Theorem:
    """dc[T]/dc[t] = I on the cell path if every forget gate is 1: constant error flow."""
    open_ = assume(between("k", shift("t", 1), "T", eq(f("k"), ones("n"))))
    claim = eq(path("t", "s"), eye("n"))
    base = use("DESCENDING_EMPTY", h="t", F=(("k",), diag(f("k"))))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        s = shift("s", 1)
        last = _last(s, condition(minus(index("s"), index("t")), above))
        opened = unfolded(path("t", s), last, known, at(open_, s, given=(above, below)))
        return chain(opened, identity(opened.conclusion[2], eye("n")))

    return at(upward("s", "t", "T", claim, base, step), "T", given=(assume(at_least("T", "t")),))


def truncated_path() -> Theorem:
    """dc[T]/dc[t] = I for c[k] = c[k-1] + w[k] with w = i o g held fixed: the truncated gradient of 1997."""
    model = assume(between("k", shift("t", 1), "T", always(c("k"), add(c(shift("k", -1)), written("k")))))
    fixed = assume(between("k", shift("t", 1), "T", derivative(written("k"), zeros("n"))))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        def here(theorem: Any) -> Any: return at(theorem, shift("s", 1), given=(above, below))
        moved = use("D_EQUAL", here(model), use("D_ADD", known, here(fixed)))
        return rewritten(identity(moved.conclusion[2], v), moved)

    return at(upward("s", "t", "T", derivative(c("s"), v), assume(derivative(c("t"), v)), step), "T",
              given=(assume(at_least("T", "t")),))


def cell_path_upper() -> Theorem:
    """||diag(f[T]) ... diag(f[t+1])|| <= x^(T - t) for 0 <= f <= x: the cell path cannot grow if x = 1."""
    positive = assume(le(0, "x"))
    bounded = assume(between("k", shift("t", 1), "T", within(f("k"), 0, "x")))
    claim = le(norm(path("t", "s")), power("x", minus(index("s"), index("t"))))
    empty = symmetric(use("DESCENDING_EMPTY", h="t", F=(("k",), diag(f("k")))))
    base = linear("le", *instance(claim, {"s": "t"})[1:], rewritten(empty, use("NORM_EYE", n="n", p="p")))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        s, before = shift("s", 1), path("t", "s")
        wide = use("WITHIN_WIDEN", linear("le", prod(-1, "x"), 0, positive), linear("le", "x", "x"),
                   at(bounded, s, given=(above, below)))
        factor = use("NORM_DIAG", positive, wide, p="p")
        last = _last(s, condition(minus(index("s"), index("t")), above))
        whole = rewritten(symmetric(last), use("NORM_MUL", A=diag(f(s)), B=before, p="p"))
        grow = use("POW_STEP", above, x=real("x"))
        return linear("le", *instance(claim, {"s": s})[1:], whole, (norm(before), factor), (real("x"), known), (-1, grow),
                      known=(positive,))

    return at(upward("s", "t", "T", claim, base, step), "T", given=(assume(at_least("T", "t")),))


@cache
def cell_path_lower() -> Theorem:
    """y^(T - t) ||v|| <= ||diag(f[T]) ... diag(f[t+1]) v|| for 0 <= y <= f: every direction of the cell path is kept."""
    positive = assume(le(0, "y"))
    bounded = assume(between("k", shift("t", 1), "T", within(f("k"), "y", 1)))
    claim = le(prod(power("y", minus(index("s"), index("t"))), norm(v)), norm(mul(path("t", "s"), v)))
    none = use("DESCENDING_EMPTY", h="t", F=(("k",), diag(f("k"))))
    empty = chain_in(unfolded(mul(path("t", "t"), v), none), identity(mul(eye("n"), v), v))
    base = rewritten_in(symmetric(empty), linear("le", prod(power("y", 0), norm(v)), norm(v)))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        s = shift("s", 1)
        last = _last(s, condition(minus(index("s"), index("t")), above))
        one = column_low(positive, at(bounded, s, given=(above, below)), mul(path("t", "s"), v))
        opened = unfolded(mul(path("t", s), v), last)
        same = chain(opened, identity(opened.conclusion[2], mul(diag(f(s)), mul(path("t", "s"), v))))
        longer = rewritten_in(symmetric(same), one)
        grow = use("POW_STEP", above, x=real("y"))
        return linear("le", *instance(claim, {"s": s})[1:], longer, (real("y"), known), (norm(v), grow), known=(positive,))

    return at(upward("s", "t", "T", claim, base, step), "T", given=(assume(at_least("T", "t")),))


def rewritten_in(equation: Theorem, theorem: Theorem) -> Theorem:
    """An inequality x <= ||A|| with A replaced on the right side only."""
    _, x, size = theorem.conclusion
    same = unfolded(size, equation)
    return linear("le", x, same.conclusion[2], theorem, same)


def hidden_state_bound() -> Theorem:
    """|h[t]| <= 1 for h[t] = o[t] o tanh(c[t]) with o[t] = sigma(...)."""
    gate = use("WITHIN_WIDEN", linear("le", prod(-1, 1), 0), linear("le", 1, 1), use("WITHIN_SIGMOID", A=named("a_o", "n")))
    value = use("WITHIN_WIDEN", linear("le", prod(-1, 1), -1), linear("le", 1, 1), use("WITHIN_TANH", A=named("c", "n")))
    one = linear("le", 0, 1)
    product = use("WITHIN_HAD_ABS", one, one, gate, value)
    return use("WITHIN_WIDEN", linear("le", -1, prod(-1, prod(1, 1))), linear("le", prod(1, 1), 1), product)


def forget_bias() -> Theorem:
    """The cell path under one forget value x is x^(T - t), neither less nor more; sigma(0) = 1/2, sigma(ln 9) = 9/10."""
    constant = assume(between("k", shift("t", 1), "T", within(f("k"), "x", "x")))
    positive, small = assume(le(0, "x")), assume(le("x", 1))
    def widened(low: Any, *facts: Theorem) -> Theorem:
        def one(above: Theorem, below: Theorem) -> Theorem:
            inside = at(constant, "k", given=(above, below))
            top = linear("le", "x", "x") if low == 0 else small
            return use("WITHIN_WIDEN", linear("le", low, "x", *facts), top, inside)
        return for_all("k", (at_least("k", shift("t", 1)), at_least("T", "k")), one)
    lower = cut(instantiated(cell_path_lower(), y=real("x")), widened("x"))
    upper = cut(cell_path_upper(), widened(0, positive))
    values = (compute("EVALUATE", (call("sigmoid", table([[b]])), table([[x]]))) for b, x in (
        (0, Fraction(1, 2)), (log(9), Fraction(9, 10))))
    return conjoin(lower, upper, *values)


# The least such x is logit(eps^(1 / (T - t))).
def forget_bias_needed() -> Theorem:
    """A forget bias of at least x keeps eps over T - t steps, eps ||v|| <= ||(dc[T]/dc[t]) v||, if eps <= sigma(x)^(T - t)."""
    b, at_x = named("b_f", "n"), table([["x"]])
    biased = assume(within(b, "x", "B"))
    gates = assume(between("k", shift("t", 1), "T", eq(f("k"), call("sigmoid", b))))
    positive = use("ENTRY_LOW", use("WITHIN_SIGMOID", A=at_x))
    least = positive.conclusion[2]
    inside = use("SIGMOID_GROWS", biased)
    top = use("ENTRY_HIGH", use("WITHIN_SIGMOID", A=inside.conclusion[3][1][3]))
    wide = use("WITHIN_WIDEN", linear("le", least, least), top, inside)
    def one(above: Theorem, below: Theorem) -> Theorem:
        return rewritten(symmetric(at(gates, "k", given=(above, below))), wide)
    kept = for_all("k", (at_least("k", shift("t", 1)), at_least("T", "k")), one)
    lower = cut(instantiated(cell_path_lower(), y=least), positive, kept)
    enough = assume(le("epsilon", lower.conclusion[1][1]))
    return linear("le", prod("epsilon", norm(v)), lower.conclusion[2], lower, (norm(v), enough))


def chrono_time() -> Theorem:
    """(1 - sigma(b)) (1 + exp(b)) = 1: with forget bias b a cell keeps for 1 / (1 - f) = 1 + exp(b) steps."""
    b = named("b", "n")
    gate, u = call("sigmoid", b), call("exp", b)
    one_more = add(ones("n"), u)
    split = identity(had(sub(ones("n"), gate), one_more), sub(one_more, had(gate, one_more)))
    opened = chain_in(split, use("SIGMOID_EXP", A=b))
    return chain(opened, identity(opened.conclusion[2], ones("n")))


def chrono_gates() -> Theorem:
    """sigma(-b) = 1 - sigma(b): with input bias -b the gates satisfy i = 1 - f exactly (chrono initialisation)."""
    b = named("b", "n")
    return identity(call("sigmoid", scale(-1, b)), sub(ones("n"), call("sigmoid", b)))
