"""What is false: nets whose recurrent matrix has spectral radius 0 and whose gradients grow without bound, exactly."""
from __future__ import annotations

from fractions import Fraction

from lstm_sym.proof.checks import entries
from lstm_sym.proof.kernel import Theorem, compute, conjoin
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    add,
    call,
    diag,
    eye,
    had,
    log,
    mul,
    norm,
    ones,
    plus,
    prod,
    scaled,
    sub,
    table,
    zeros,
)
from lstm_sym.proof.tactics import linear, rewritten, symmetric, use
from lstm_sym.proof.theory.growth import grows, grows_by, grows_in_a_cone, size_of

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
    return _radius_of_square(W, F(0), F(0))


def false_claim(activation: str, W: list[list[F]], b: list[Term], h: list[F], rate: F, large: tuple[int, int]) -> Theorem:
    """h* = phi(W h* + b), every eigenvalue of W is 0, and ||dh[k+1]/dh[0]|| -> infinity at h*, all exact."""
    fixed, step = _at_rest(activation, W, b, h)
    return conjoin(fixed, radius_zero(table(W)), rewritten(symmetric(step), grows(step.conclusion[2], rate, large)))


def _at_rest(activation: str, W: list[list[F]], b: list[Term], h: list[F]) -> tuple[Theorem, Theorem]:
    """h* = phi(W h* + b), and the Jacobian there as a table."""
    w, bias, state = table(W), table([[x] for x in b]), table([[x] for x in h])
    pre = add(mul(w, state), bias)
    d = [1 - x * x if activation == "tanh" else x * (1 - x) if activation == "sigmoid" else F(x > 0) for x in h]
    jacobian = table([[d[i] * x for x in row] for i, row in enumerate(W)])
    return evaluated(call(activation, pre), state), evaluated(mul(diag(SLOPES[activation](pre, state)), w), jacobian)


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


def tanh_net_in_a_cone() -> Theorem:
    """tanh, W = [[2,-3],[3/2,-2]], all eigenvalues of modulus < 3/4, h* = (0, 12/13): ||dh[k]/dh[0]|| grows like (7/5)^k."""
    W = [[F(2), F(-3)], [F(3, 2), F(-2)]]
    fixed, step = _at_rest("tanh", W, [number(F(36, 13)), plus(F(24, 13), log(5))], [F(0), F(12, 13)])
    J = step.conclusion[2]
    growth = grows_in_a_cone(_numbers(J), F(7, 5), F(1, 5))
    return conjoin(fixed, _radius_of_square(table(W), F(-1, 2), F(3, 4)), rewritten(symmetric(step), growth))


def alternating_net() -> Theorem:
    """tanh, h alternates between (0, 24/25) and (24/25, 0): the gradient grows although |w_ii| < 1 and every eigenvalue of W,
    and of the Jacobian at either state, has modulus < 1.  Growth in four steps: at least 9/5."""
    W = table([[F(9, 10), F(3, 2)], [-1, F(-9, 10)]])
    odd, even = table([[0], [F(24, 25)]]), table([[F(24, 25)], [0]])
    to_odd = table([[F(-108, 125)], [plus(F(24, 25), log(7))]])
    to_even = table([[plus(log(7), F(-36, 25))], [F(108, 125)]])
    moves = [evaluated(call("tanh", add(mul(W, h), x)), then)
             for h, x, then in ((even, to_odd, odd), (odd, to_even, even))]
    def jacobian(h: Term) -> Term: return mul(diag(sub(ones(2), had(h, h))), W)
    four = mul(jacobian(odd), jacobian(even), jacobian(odd), jacobian(even))
    step = evaluated(four, _table_of(four))
    growth = grows_in_a_cone(_numbers(step.conclusion[2]), F(9, 5), F(1, 20))
    return conjoin(*moves, _radius_of_square(W, F(-69, 100), F(5, 6)), rewritten(symmetric(step), growth))


def negative_eigenvalue() -> Theorem:
    """W = [-2] has the one eigenvalue -2 < 1, yet ||W^(k+1)|| -> infinity: what counts is the modulus."""
    W, v = table([[-2]]), table([[1]])
    size = linear("le", 2, norm(W), (-1, use("NORM_SCALAR", A=W, p="p")), (-1, rewritten(
        symmetric(use("ENTRY_NUMBER", x=number(-2))), size_of(F(-2)))))
    return conjoin(evaluated(mul(W, v), scaled(-2, v)), grows_by(W, F(-2), number(2), size))


def _radius_of_square(W: Term, y: F, x: F) -> Theorem:
    """Every eigenvalue of W has modulus at most x, from W W = y I and |y| <= x x."""
    small = linear("le", ("abs", number(y)), prod(x, x), size_of(y))
    return use("RADIUS_SQUARE", linear("le", 0, x), small, evaluated(mul(W, W), scaled(y, eye(W[1][0]))))


def _table_of(e: Term) -> Term:
    """The value of an expression of tables of rationals."""
    return table([[("num", x.get((), F(0))) for x in row] for row in entries(e)])


def _numbers(a: Term) -> tuple[tuple[F, ...], ...]:
    return tuple(tuple(x[1] for x in row) for row in a[2])


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
