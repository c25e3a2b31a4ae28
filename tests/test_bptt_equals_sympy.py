"""Derived gradients equal SymPy's scalar diff of the explicit unrolled net: two witnesses, no rule in common.

Each entry is compared as a rational function of exponentials for one step, at rational points to 40 digits for more,
and as an exact rational number where every pre-activation is a logarithm.
"""

from fractions import Fraction

import gradients as witness
import mpmath
import nets
import numpy as np
import pytest
import sympy as sp

from lstm_sym.calculus.backward import backward
from lstm_sym.calculus.tangent import tangent
from lstm_sym.calculus.unroll import unroll
from lstm_sym.expr.explicit import as_explicit, explicit
from lstm_sym.expr.functions import tanh
from lstm_sym.expr.nodes import Named, SumOver

RNN = [{"n": 1, "m": 1, "T": 1}, {"n": 2, "m": 1, "T": 1}, {"n": 1, "m": 1, "T": 3}, {"n": 2, "m": 1, "T": 2}]
CASES = [(nets.with_time_sum, sizes) for sizes in RNN] + [
    (nets.with_last_step, RNN[2]), (nets.lstm, {"n": 1, "m": 1, "T": 1}), (nets.lstm, {"n": 1, "m": 1, "T": 2}),
    (nets.peephole_lstm, {"n": 1, "m": 1, "T": 1}), (nets.computed_start, {"n": 1, "T": 2}),
    (nets.softmax_readout, {"n": 1, "m": 1, "q": 2, "T": 1}), (nets.grid, {"n": 1, "T": 2, "D": 2}),
]


def entries(net, sizes):
    """(name, derived gradient, SymPy's derivative) for each entry of each derived gradient, as SymPy scalars."""
    recurrence = net()
    derived = backward(recurrence, "L")
    forward, run = explicit(recurrence, sizes), explicit(derived, sizes)
    loss = forward(nets.LOSS)[0, 0]
    for gradient in derived.outputs:
        for _, at in witness.members(derived, gradient, sizes):
            variables = forward.known[str(gradient.label.by), at]
            for entry in np.ndindex(variables.shape):
                yield f"{gradient}{at}{entry}", run.quantity(gradient, at)[entry], sp.diff(loss, variables[entry])


def agree(a, b, seed):
    """Equal to 30 digits at a rational point."""
    rng = np.random.default_rng(seed)
    symbols = sorted(a.free_symbols | b.free_symbols, key=str)
    with mpmath.workdps(40):
        memo = {s: mpmath.mpf(int(rng.integers(-12, 13))) / 7 for s in symbols}
        x, y = value(a, memo), value(b, memo)
        return abs(x - y) <= mpmath.mpf("1e-30") * (1 + abs(x))


NUMBERS = {sp.Add: lambda *a: sum(a), sp.Mul: lambda *a: mpmath.fprod(a), sp.Pow: mpmath.power, sp.tanh: mpmath.tanh,
           sp.exp: mpmath.exp, sp.log: mpmath.log}


def value(e, memo):
    """The value of a SymPy scalar, each shared part once."""
    if e not in memo:
        rational = mpmath.mpf(int(e.p)) / int(e.q) if e.is_Rational else None
        memo[e] = rational if rational is not None else NUMBERS[e.func](*(value(x, memo) for x in e.args))
    return memo[e]


def in_exponentials(e):
    """The expression as a rational function of exponentials and its symbols."""
    return sp.sympify(e, strict=True).rewrite(sp.exp)


@pytest.mark.parametrize("net, sizes", CASES, ids=lambda p: getattr(p, "__name__", str(p)))
def test_each_derived_gradient_is_sympys_scalar_derivative(net, sizes):
    compared = 0
    for name, found, expected in entries(net, sizes):
        for seed in range(2):
            assert agree(found, expected, seed), name
        compared += 1
    assert compared > 0


@pytest.mark.parametrize("sizes", RNN[:1], ids=str)
def test_for_one_step_the_difference_is_zero_as_an_expression(sizes):
    for name, found, expected in entries(nets.with_time_sum, sizes):
        assert sp.cancel(in_exponentials(found - expected)) == 0, name


def test_the_scalar_example_of_two_steps_is_exact():
    """w = 1/2, h[0] = 1/3, a[1] = ln 2, a[2] = ln 3: dh[2]/dw = 159/625 and dh[2]/dh[0] = 36/625."""
    net = nets.rnn(nets.Equation(nets.LOSS, nets.Ones(1, nets.n) @ nets.h[nets.T]))
    found = backward(net, "L")
    run = explicit(found, {"n": 1, "m": 1, "T": 2})
    names = "W_0_0", "U_0_0", "b_0_0", "x[1]_0_0", "x[2]_0_0", "h[0]_0_0"
    w, u, b, x1, x2, h0 = (sp.Symbol(name, real=True) for name in names)
    third, half = sp.Rational(1, 3), sp.Rational(1, 2)
    point = {w: half, h0: third, u: 1, b: 0, x1: sp.log(2) - third / 2, x2: sp.log(3) - sp.Rational(3, 10)}
    values = {str(g.label.by): run.quantity(g, tuple(map(int, g.indices))) for g in found.outputs
              if all(i.is_Integer for i in g.indices)}
    exact = {name: sp.simplify(v[0, 0].subs(point).rewrite(sp.exp)) for name, v in values.items()}
    assert exact["W"] == sp.Rational(159, 625)
    assert exact["h"] == sp.Rational(36, 625)


@pytest.mark.parametrize("net", nets.NETS, ids=lambda net: net.__name__)
def test_unrolling_and_then_differentiating_is_differentiating(net):
    recurrence, sizes = net(), nets.SIZES
    lengths = {"T": sizes["T"], "D": sizes["D"]}
    values = witness.drawn(recurrence, sizes, seed=13)
    direct = witness.derived(recurrence, sizes, values)
    flat = unroll(recurrence, lengths)
    assert flat.axes == ()
    unrolled = witness.derived(flat, sizes, values)
    assert direct.keys() >= unrolled.keys()
    assert all(np.allclose(direct[key], unrolled.get(key, 0), rtol=0, atol=1e-12) for key in direct)


@pytest.mark.parametrize("net", nets.NETS, ids=lambda net: net.__name__)
def test_what_is_unrolled_is_computed_before_it_is_read(net):
    flat = unroll(net(), {"T": 3, "D": 2})
    known = set(flat.free)
    for e in flat.equations:
        assert {q for q in e.rhs.atoms(Named)} <= known, e.lhs
        known.add(e.lhs)


def test_explicit_matrices_are_those_of_sympy():
    sizes = {"n": 2, "m": 1, "T": 2}
    W, v = Named("W", nets.n, nets.n), Named("v", nets.n)
    Ws = sp.Matrix(2, 2, lambda i, j: sp.Symbol(f"W_{i}_{j}", real=True))
    vs = sp.Matrix(2, 1, lambda i, j: sp.Symbol(f"v_{i}_{j}", real=True))
    assert as_explicit(W @ v + 2 * v, sizes) == sp.ImmutableMatrix(Ws * vs + 2 * vs)
    assert as_explicit(tanh(W).T, sizes) == sp.ImmutableMatrix(Ws.applyfunc(sp.tanh).T)
    total = as_explicit(SumOver(v[nets.t], nets.t, 1, nets.T), sizes)
    assert total[0] == sum(sp.Symbol(f"v[{k}]_0_0", real=True) for k in (1, 2))


def test_sympys_derivative_of_the_explicit_net_is_the_tangent():
    recurrence, sizes = nets.rnn(), {"n": 2, "m": 1, "T": 2}
    direction = Named("dW", nets.n, nets.n)
    derived = tangent(recurrence, {"W": direction})
    run, plain = explicit(derived, sizes), explicit(recurrence, sizes)
    state = plain.quantity(nets.h, (2,))
    moves = run.quantity(derived.outputs[0], (2,))
    for i in range(2):
        slope = sum(sp.diff(state[i, 0], w) * d for w, d in zip(plain.known["W", ()].flat, run.known["dW", ()].flat,
                                                                strict=True))
        assert agree(slope, moves[i, 0], i)


def test_fractions_stay_fractions():
    assert as_explicit(Named("v", 1) / 3, {})[0] == sp.Symbol("v_0_0", real=True) * sp.Rational(Fraction(1, 3))
