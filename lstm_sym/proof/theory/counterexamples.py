"""What is false: nets whose recurrent matrix has spectral radius 0 and whose gradients grow without bound, exactly."""
from __future__ import annotations

from fractions import Fraction
from typing import Any

from lstm_sym.proof.kernel import Theorem, compute, conjoin
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    add,
    call,
    descending,
    diag,
    eq,
    eye,
    had,
    index,
    log,
    mul,
    norm,
    ones,
    plus,
    power,
    prod,
    scaled,
    shift,
    sub,
    table,
    zeros,
)
from lstm_sym.proof.tactics import (
    at,
    chain,
    condition,
    for_all,
    linear,
    rewritten,
    symmetric,
    unfolded,
    upward,
    use,
)

F = Fraction
SLOPES = {
    "tanh":    lambda a, h: sub(ones(2), had(h, h)),
    "sigmoid": lambda a, h: had(h, sub(ones(2), h)),
    "relu":    lambda a, h: call("step", a),
}


def evaluated(e: Term, value: Term) -> Theorem:
    """An expression of tables and its value."""
    return compute("EVALUATE", (e, value))


def radius_zero(W: Term) -> Theorem:
    """Every eigenvalue of W is 0, from W W = 0."""
    size = W[1][0]
    square = evaluated(mul(W, W), scaled(0, eye(size)))
    zero = linear("le", 0, 0)
    small = linear("le", ("abs", ("num", F(0))), prod(0, 0), use("ABS_POSITIVE", zero))
    return use("RADIUS_SQUARE", zero, small, square)


def grows(J: Term, rate: Fraction, large: tuple[int, int]) -> Theorem:
    """||J^(k+1)|| -> infinity for J J = rate J, rate > 1, and one positive entry of J."""
    size = J[1][0]
    def product(high: Any) -> Any: return descending("i", 1, high, J)
    def claim(k: Any) -> Any: return eq(product(shift(k, 1)), scaled(power(rate, k), J))
    square = evaluated(mul(J, J), scaled(rate, J))
    empty = use("DESCENDING_EMPTY", h=0, F=(("i",), J))

    def last(k: object, low: Theorem) -> Theorem:
        return use("DESCENDING_LAST", low, goal=eq(product(k), J))

    start = unfolded(product(1), last(index(1), condition(index(0))), empty)
    base = chain(start, evaluated(mul(J, eye(size)), scaled(power(rate, 0), J)))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        top = condition(shift("k", 1), above)
        x = power(rate, "k")
        opened = unfolded(product(shift("k", 2)), last(shift("k", 2), top), known)
        moved = use("SCALED_MUL", goal=eq(opened.conclusion[2], J))
        grow = use("POW_STEP", above, x=("num", rate))
        twice = use("SCALED_SCALED", x=x, y=("num", rate), A=J)
        same = linear("same", prod(x, rate), power(rate, shift("k", 1)), (-1, grow))
        return chain(opened, moved, unfolded(moved.conclusion[2], square, twice, same))

    return _infinite(upward("k", 0, "K", claim("k"), base, step), J, rate, large)


def _infinite(every_k: Theorem, J: Term, rate: Fraction, large: tuple[int, int]) -> Theorem:
    i, j = large
    x, bottom = power(rate, "K"), ("num", J[2][i][j][1])
    inside = use("WITHIN_NORM", linear("le", norm(J), norm(J)))
    entry = compute("TABLE_ENTRY", (J, *inside.conclusion[2:], i, j), inside)

    def one(low: Theorem) -> Theorem:
        power_law = at(every_k, "K", given=(low,))
        size = use("NORM_SCALED", x=x, A=J, p="p")
        positive = use("POW_NONNEG", linear("le", 0, rate), k="K", x=("num", rate))
        whole = rewritten(symmetric(power_law), size)
        return linear("le", prod(bottom, x), norm(power_law.conclusion[1]), (-1, whole), (x, entry),
                      (norm(J), use("LE_ABS", x=x)), known=(positive,))

    below = for_all("K", (("dom", index("K")),), one)
    growing = use("INF_SCALED", linear("lt", 0, bottom), use("INF_POW", linear("lt", 1, rate)))
    return use("INF_LE", below, growing)


def false_claim(activation: str, W: list[list[F]], b: list[Term], h: list[F], rate: F, large: tuple[int, int]) -> Theorem:
    """h* = phi(W h* + b), every eigenvalue of W is 0, and ||dh[k+1]/dh[0]|| -> infinity at h*, all exact."""
    w, bias, state = table(W), table([[x] for x in b]), table([[x] for x in h])
    pre = add(mul(w, state), bias)
    fixed = evaluated(call(activation, pre), state)
    slope = mul(diag(SLOPES[activation](pre, state)), w)
    d = [1 - x * x if activation == "tanh" else x * (1 - x) if activation == "sigmoid" else F(x > 0) for x in h]
    jacobian = table([[d[i] * x for x in row] for i, row in enumerate(W)])
    step = evaluated(slope, jacobian)
    return conjoin(fixed, radius_zero(w), rewritten(symmetric(step), grows(jacobian, rate, large)))


def number(x: int | F) -> Term:
    """A rational number as a term."""
    return "num", F(x)


def tanh_net() -> Theorem:
    """tanh, spectral radius 0: ||dh[k+1]/dh[0]|| grows like (32/25)^k.  W = [[2,-4],[1,-2]], h* = (0, 4/5)."""
    return false_claim("tanh", [[F(2), F(-4)], [F(1), F(-2)]], [number(F(16, 5)), plus(F(8, 5), log(3))], [F(0), F(4, 5)],
                       F(32, 25), (0, 0))


def tanh_net_of_integers() -> Theorem:
    """tanh, spectral radius 0, integer weights: W = 5 [[1,-1],[1,-1]], h* = (0, 3/5), growth (9/5)^k."""
    return false_claim("tanh", [[F(5), F(-5)], [F(5), F(-5)]], [number(3), plus(3, log(2))], [F(0), F(3, 5)], F(9, 5), (0, 0))


def relu_net() -> Theorem:
    """ReLU, spectral radius 0, all rational: W = [[2,-4],[1,-2]], b = (-1,-2), h* = (1, 0), growth 2^k."""
    return false_claim("relu", [[F(2), F(-4)], [F(1), F(-2)]], [number(-1), number(-2)], [F(1), F(0)], F(2), (0, 0))


def sigmoid_net() -> Theorem:
    """Logistic, spectral radius 0: W = 10 [[1,-1],[1,-1]], b = (4, 4 + ln 9), h* = (1/2, 9/10), growth (8/5)^k."""
    return false_claim("sigmoid", [[F(10), F(-10)], [F(10), F(-10)]], [number(4), plus(4, log(9))], [F(1, 2), F(9, 10)],
                       F(8, 5), (0, 0))


def one_step_growth() -> Theorem:
    """Every eigenvalue of W = [[1/2,10],[0,1/2]] is 1/2, yet 10 <= ||W' g|| for g = (1, 0): one step can grow."""
    half = F(1, 2)
    W, g = table([[half, 10], [0, half]]), table([[1], [0]])
    shifted = sub(W, scaled(half, eye(2)))
    small = linear("le", ("abs", number(half)), half, use("ABS_POSITIVE", linear("le", 0, half)))
    radius = use("RADIUS_SHIFT", linear("le", 0, half), small, evaluated(mul(shifted, shifted), zeros(2, 2)))
    column = table([[half], [10]])
    inside = use("WITHIN_NORM", linear("le", norm(column), norm(column)))
    entry = compute("TABLE_ENTRY", (column, *inside.conclusion[2:], 1, 0), inside)
    back = evaluated(mul(("transpose", W[1], W), g), column)
    return conjoin(radius, rewritten(symmetric(back), entry))


def lstm_explodes() -> Theorem:
    """An LSTM of size 1 at h = c = 0 (W_g = 4, all else 0): block Jacobian J with J J = 3/2 J; ||J^(k+1)|| -> infinity."""
    return conjoin(_lstm_block(4), grows(table([[1, F(1, 4)], [2, F(1, 2)]]), F(3, 2), (0, 0)))


def _lstm_block(w_g: int) -> Theorem:
    """At h = c = 0 with zero biases: dc/dh = i g' W_g, dc/dc = f, dh/dh = o tanh'(c) dc/dh, dh/dc = o tanh'(c) f."""
    zero = table([[0]])
    gate, g = call("sigmoid", zero), call("tanh", zero)
    slope = sub(ones(1), had(g, g))
    B, A = had(had(gate, slope), table([[w_g]])), gate
    E = had(gate, slope)
    half = F(1, 2)
    values = ((had(E, B), half * half * w_g), (had(E, A), half * half), (B, half * w_g), (A, half))
    return conjoin(*(evaluated(e, table([[v]])) for e, v in values))


def lstm_vanishes_with_open_gates() -> Theorem:
    """f = 1 (the carousel), W_g = -4: the block Jacobian [[-1,1/2],[-2,1]] has square 0, so the gradient is exactly 0."""
    J = table([[-1, F(1, 2)], [-2, 1]])
    return evaluated(mul(J, J), zeros(2, 2))
