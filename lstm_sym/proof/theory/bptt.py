"""Backpropagation through time is the gradient of the loss: for every n, T, input and every direction at once.

First for any activation, by what it does to a derivative: h[t] moves by phi'[t] o a'[t] if a[t] moves by a'[t].  Then for each
activation with a derivative of its own, where that is proved and not assumed.
"""
from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from lstm_sym.expr.affine import minus
from lstm_sym.proof.kernel import Theorem, assume, modus_ponens
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    add,
    always,
    at_least,
    between,
    call,
    derivative,
    eq,
    had,
    implies,
    index,
    inner,
    lt,
    mul,
    named,
    ones,
    shift,
    sub,
    total,
    tr,
    within,
    zeros,
)
from lstm_sym.proof.syntax import slope as slope_fact
from lstm_sym.proof.tactics import (
    at,
    chain,
    chain_in,
    condition,
    cut,
    downward,
    equal,
    for_all,
    identity,
    instantiated,
    rewritten,
    symmetric,
    unfolded,
    upward,
    use,
)

W, U, b = named("W", "n", "n"), named("U", "n", "m"), named("b", "n")
dW, dU, db = named("W'", "n", "n"), named("U'", "n", "m"), named("b'", "n")         # a direction


Family: TypeAlias = Callable[[Index], Term]


def _family(name: str, rows: Index = "n") -> Family:
    return lambda t: named(name, rows, 1, t)


x, h, a = _family("x", "m"), _family("h"), _family("a")
dx, dh, da = _family("x'", "m"), _family("h'"), _family("a'")                       # along the direction
p, grad_h, grad_a = _family("p"), _family("delta_h"), _family("delta_a")            # direct partial; total derivatives
L = named("L", 1)


def back(t: Index) -> Index:
    """t - 1."""
    return shift(t, -1)


def moves(t: Index) -> Term:
    """What moves a[t] besides h[t-1]."""
    return add(mul(dW, h(back(t))), mul(dU, x(t)), mul(U, dx(t)), db)


def slope(t: Index) -> Term:
    """phi'(a[t])."""
    return named("phi'", "n", 1, t)


STEPS = ("t", 1, "T")
MODEL = between(*STEPS, always(a("t"), add(mul(W, h(back("t"))), mul(U, x("t")), b)))
CHAIN_RULE = between(*STEPS, implies(derivative(a("t"), da("t")), derivative(h("t"), had(slope("t"), da("t")))))
DIRECTION = (derivative(W, dW), derivative(U, dU), derivative(b, db), between(*STEPS, derivative(x("t"), dx("t"))),
             derivative(h(0), dh(0)))
TANGENT = (between(*STEPS, eq(da("t"), add(mul(W, dh(back("t"))), moves("t")))),
           between(*STEPS, eq(dh("t"), had(slope("t"), da("t")))))
ADJOINT = (eq(grad_a(shift("T", 1)), zeros("n")),
           between(*STEPS, eq(grad_h("t"), add(p("t"), mul(tr(W), grad_a(shift("t", 1)))))),
           between(*STEPS, eq(grad_a("t"), had(slope("t"), grad_h("t")))))
LOSS = implies(between(*STEPS, derivative(h("t"), dh("t"))),
               derivative(L, total("t", 1, "T", mul(tr(p("t")), dh("t")))))


def _tail(t: Index, body: Term) -> Term:
    """sum over s = t + 1 .. T of body(s)."""
    return total("s", shift(t, 1), "T", body)


_BODIES = mul(tr(p("s")), dh("s")), mul(tr(grad_a("s")), moves("s"))


def _claim(t: Index) -> Term:
    return eq(_tail(t, _BODIES[0]), add(mul(tr(mul(tr(W), grad_a(shift(t, 1)))), dh(t)), _tail(t, _BODIES[1])))


@cache
def forward_tangent() -> Theorem:
    """The derivative of h[t] along any direction is what the tangent recursion computes, for every t <= T."""
    model, chain_rule, in_W, in_U, in_b, in_x, in_h, tangent_a, tangent_h = map(
        assume, (MODEL, CHAIN_RULE, *DIRECTION, *TANGENT))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        def here(theorem: Any) -> Any: return at(theorem, shift("t", 1), given=(above, below))
        sum_rule = use("D_ADD", use("D_ADD", use("D_MUL", in_W, known), use("D_MUL", in_U, here(in_x))), in_b)
        of_a = use("D_EQUAL", here(model), sum_rule)
        expected = here(tangent_a)
        same = chain(identity(sum_rule.conclusion[2], expected.conclusion[2]), symmetric(expected))
        of_h = modus_ponens(here(chain_rule), rewritten(same, of_a))
        return rewritten(symmetric(here(tangent_h)), of_h)

    return upward("t", 0, "T", derivative(h("t"), dh("t")), in_h, step)


def duality() -> Theorem:
    """sum_{s>t} p[s]' dh[s] = (W' delta_a[t+1])' dh[t] + sum_{s>t} delta_a[s]' (what moves a[s]), for every t <= T."""
    tangent_a, tangent_h, last, of_h, of_a = map(assume, (*TANGENT, *ADJOINT))
    empty = [use("SUM_EMPTY", h="T", F=(("s",), body)) for body in _BODIES]
    left, right = _claim("T")[1:]
    base = equal(unfolded(left, empty[0]), unfolded(right, last, empty[1]))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        def here(theorem: Any) -> Any: return at(theorem, shift("t", 1), given=(above, below))
        ends = [use("SUM_FIRST", condition(minus(index("T"), shift("t", 1)), below), goal=eq(_tail("t", body), zeros(1)))
                for body in _BODIES]
        left, right = _claim("t")[1:]
        return equal(unfolded(left, ends[0], known, here(tangent_h), here(tangent_a)),
                     unfolded(right, ends[1], here(of_a), here(of_h)))

    return downward("t", 0, "T", _claim("t"), base, step)


@cache
def gradient() -> Theorem:
    """For any activation: dL = <dW, W.> + <dU, U.> + db' b. + sum dx[t]' x.[t] + dh[0]' h.[0], the gradients those of BPTT."""
    positive = assume(at_least("T", 1))
    moved = forward_tangent()
    inside = at_least("t", 1), at_least("T", "t")
    every_t = for_all("t", inside, lambda low, high: at(moved, "t", given=(low, high, condition(index("t"), low))))
    loss = modus_ponens(assume(LOSS), every_t)
    split = _split_sum()
    total_ = at(duality(), 0, given=(condition(index("T"), positive),))
    return rewritten(unfolded(total_.conclusion[1], total_, split), loss)


def _split_sum() -> Theorem:
    """sum delta_a' (W. h + U. x + U x. + b.) as inner products of gradients and directions."""
    ga, before = grad_a("t"), h(back("t"))
    parts = (inner(mul(ga, tr(before)), dW), inner(mul(ga, tr(x("t"))), dU), mul(tr(mul(tr(U), ga)), dx("t")), mul(tr(ga), db))
    outer = [use("INNER_OUTER", goal=eq(mul(tr(ga), mul(A, v)), zeros(1))) for A, v in ((dW, before), (dU, x("t")))]
    words = identity(mul(tr(ga), moves("t")), add(mul(tr(ga), mul(dW, before)), mul(tr(ga), mul(dU, x("t"))), *parts[2:]))
    one = chain(words, unfolded(words.conclusion[2], *outer))
    every_t = for_all("t", (at_least("t", 1), at_least("T", "t")), lambda low, high: one)
    sums = chain_in(use("SUM_SAME", every_t), *_distributed(add(*parts)))
    w, u, _, last = (total("t", 1, "T", p) for p in parts)
    bias = use("SUM_MUL", goal=eq(last, zeros(1)))
    return chain_in(sums, use("INNER_SUM", goal=eq(w, zeros(1))), use("INNER_SUM", goal=eq(u, zeros(1))), bias,
                     use("SUM_TRANSPOSE", goal=eq(total("t", 1, "T", tr(ga)), zeros(1, "n"))))


def _distributed(body: Term) -> list[Theorem]:
    """sum (F + G) = sum F + sum G, for each sum on the left side."""
    if body[0] != "add":
        return []
    return [use("SUM_ADD", goal=eq(total("t", 1, "T", body), zeros(1))), *_distributed(body[2])]


def _for_activation(theorem: Theorem, name: str, slope_of: Callable[[Term, Term], Term], rule: str, *conditions: Term) -> Theorem:
    """A theorem for any activation, for one: h[t] = phi(a[t]) all along the curve, and its chain rule proved."""
    model = assume(between(*STEPS, always(h("t"), call(name, a("t")))))
    facts = tuple(map(assume, conditions))

    def chain_rule(above: Theorem, below: Theorem, moved: Theorem) -> Theorem:
        def here(fact: Theorem) -> Theorem:
            return at(fact, "t", given=(above, below)) if fact.conclusion[0] == "all" else fact
        law = use(rule, *map(here, facts), moved)
        value = use("ALWAYS_NOW", here(model))
        of_h = use("D_EQUAL", here(model), rewritten(symmetric(value), law))
        return rewritten(identity(of_h.conclusion[2], had(slope_of(a("t"), h("t")), da("t"))), of_h)

    every_t = for_all("t", (at_least("t", 1), at_least("T", "t"), derivative(a("t"), da("t"))), chain_rule)
    slopes: dict[str, Any] = {"phi'": (("t",), slope_of(a("t"), h("t")))}
    return cut(instantiated(theorem, **slopes), every_t)


def tanh_gradient() -> Theorem:
    """dL = <dW, W.> + <dU, U.> + db' b. + sum dx[t]' x.[t] + dh[0]' h.[0] for h[t] = tanh(a[t]), for any direction."""
    return _for_activation(gradient(), "tanh", lambda a, h: sub(ones("n"), had(h, h)), "D_TANH")


def tanh_tangent() -> Theorem:
    """The derivative of h[t] = tanh(a[t]) along any direction is what the tangent recursion computes, for every t <= T."""
    return _for_activation(forward_tangent(), "tanh", lambda a, h: sub(ones("n"), had(h, h)), "D_TANH")


def sigmoid_gradient() -> Theorem:
    """BPTT is the gradient for h[t] = sigma(a[t]): slopes h o (1 - h)."""
    return _for_activation(gradient(), "sigmoid", lambda a, h: had(h, sub(ones("n"), h)), "D_SIGMOID")


def softplus_gradient() -> Theorem:
    """BPTT is the gradient for h[t] = softplus(a[t]): slopes sigma(a)."""
    return _for_activation(gradient(), "softplus", lambda a, h: call("sigmoid", a), "D_SOFTPLUS")


def exp_gradient() -> Theorem:
    """BPTT is the gradient for h[t] = exp(a[t]): slopes h."""
    return _for_activation(gradient(), "exp", lambda a, h: h, "D_EXP")


def relu_gradient() -> Theorem:
    """BPTT is the gradient for h[t] = relu(a[t]), slopes step(a), if no pre-activation is 0."""
    return _for_activation(gradient(), "relu", lambda a, h: call("step", a), "D_RELU", lt(0, "c"),
                           between(*STEPS, within(had(a("t"), a("t")), "c", "d")))


def smooth_gradient() -> Theorem:
    """BPTT is the gradient for h[t] = phi(a[t]) with any function phi that has a derivative phi' everywhere."""
    return _for_activation(gradient(), "phi", lambda a, h: call("phi'", a), "D_FUNCTION", slope_fact("phi", "phi'"))
