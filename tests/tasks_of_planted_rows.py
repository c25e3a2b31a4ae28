"""What the package does with functions planted as one row each; test_one_row_is_enough.py runs it with `-p planted_row`."""

import shutil
from fractions import Fraction

import numpy as np
import planted_row
import pytest
from gradients import linear_loss
from test_bptt_equals_sympy import agree, entries

import lstm_sym as ls
from lstm_sym.cells.rnn import rnn
from lstm_sym.equality.verdicts import Different, Equal
from lstm_sym.expr.fields import BALL, COMPLEX, EXACT, FLOAT, Dual, ball, dual, ln
from lstm_sym.expr.functions import FUNCTIONS
from lstm_sym.expr.nodes import Elementwise, Named

needs_compiler = pytest.mark.skipif(not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="no C compiler here")
NAMES = [row.name for row in planted_row.ROWS]
HALF = Fraction(1, 2)
VALUES = {"cube": lambda x: x**3, "swish": lambda x: x / (1 + np.exp(-x))}
SLOPES = {                                                   # as authors write them, and with one error
    "cube":  ("3 a_t^2", "3 a_t"),
    "swish": (r"h_t + \sigma(a_t) \odot (1 - h_t)", r"h_t + \sigma(a_t) \odot (1 + h_t)"),
}


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_value_in_every_field(name):
    expected, point = VALUES[name](0.5), 0.5
    assert FLOAT.apply(name, np.float64(point)) == pytest.approx(expected, rel=1e-14)
    assert COMPLEX.apply(name, np.complex128(point)) == pytest.approx(expected, rel=1e-14)
    assert float(BALL.apply(name, ball(HALF)).mid()) == pytest.approx(expected, rel=1e-14)
    exact = EXACT.apply(name, ln(2))
    assert float(exact.enclosure().mid()) == pytest.approx(VALUES[name](np.log(2)), rel=1e-14)
    carried = dual(EXACT).apply(name, Dual(ln(2), Fraction(1)))
    step = VALUES[name](np.log(2) + 1e-6) - VALUES[name](np.log(2) - 1e-6)
    assert float(carried.tangent.enclosure().mid()) == pytest.approx(step / 2e-6, rel=1e-8) and carried.value == exact


@pytest.mark.parametrize("name", NAMES)
def test_derived_gradients_of_a_net_of_it_are_sympys_scalar_derivatives(name):
    compared = list(entries(lambda: linear_loss(rnn(name), "every"), {"n": 1, "m": 1, "T": 2}))
    assert len(compared) == 6 and all(agree(found, expected, seed=0) for _, found, expected in compared)


@pytest.mark.parametrize("name", NAMES)
def test_equality_knows_its_derivative_and_refutes_another(name):
    a = Named("a", 3)
    y, row = Elementwise(name, a), FUNCTIONS[name]
    assert isinstance(ls.decide(row.derivative(a, y) + y, y + row.derivative(a, y)), Equal)
    assert isinstance(ls.decide(Elementwise(name, -a) + row.derivative(a, y), y), Different)


def test_equality_uses_its_parity_and_its_value_at_zero():
    a = Named("a", 3)
    assert isinstance(ls.decide(Elementwise("cube", -a), -Elementwise("cube", a)), Equal)
    assert isinstance(ls.decide(Elementwise("swish", a - a), a - a), Equal)


@pytest.mark.parametrize("name", NAMES)
def test_it_prints_as_latex_and_as_text(name):
    assert ls.latex(rnn(name)) == ls.latex(rnn("tanh")).replace(r"\tanh", FUNCTIONS[name].latex)
    assert ls.text(rnn(name)) == ls.text(rnn("tanh")).replace("tanh", name)


def verdicts(text):
    return [finding.verdict for finding in ls.check_text(text).findings]


@pytest.mark.parametrize("name", NAMES)
def test_documents_that_use_it_are_proved_and_refuted(name):
    right, wrong = SLOPES[name]
    text = DOCUMENT.format(f=FUNCTIONS[name].latex, right=right, wrong=wrong)
    assert verdicts(text) == [None] * 2 + ["proved"] * 3 + ["refuted"] * 2


DOCUMENT = r"""
$$ a_t = W h_{{t-1}} + U x_t + b, \qquad h_t = {f}(a_t) $$
$$ {f}'(a_t) = {right} $$
$$ \frac{{\partial h_t}}{{\partial h_{{t-1}}}} = \operatorname{{diag}}({right}) W $$
$$ \frac{{\partial L}}{{\partial b}} = \sum_{{t=1}}^T \frac{{\partial L}}{{\partial h_t}} \odot ({right}) $$
$$ {f}'(a_t) = {wrong} $$
$$ \frac{{\partial h_t}}{{\partial h_{{t-1}}}} = \operatorname{{diag}}({wrong}) W $$
"""


@pytest.mark.parametrize("name", NAMES)
def test_documents_may_spell_it_in_each_of_its_ways(name):
    row = FUNCTIONS[name]
    for spelling in row.spellings.split():
        for sign in [spelling] if spelling[0] == "\\" else [rf"\operatorname{{{spelling}}}", rf"\text{{{spelling}}}", spelling]:
            said = rf"$$ h_t = {sign}(W h_{{t-1}}) $$ $$ {sign}(W h_{{t-1}}) + h_t = 2 {row.latex}(W h_{{t-1}}) $$"
            assert verdicts(said) == [None, "proved"], said


def test_a_bound_that_its_slope_breaks_is_refuted():
    *_, verdict = verdicts(r"""
$$ a_t = W h_{t-1} + U x_t + b, \qquad h_t = \operatorname{cube}(a_t) $$
$$ \left\| \frac{\partial h_t}{\partial h_{t-1}} \right\| \le \|W\| $$
""")
    assert verdict == "refuted"


@pytest.mark.parametrize("target", ["numpy", "reference", pytest.param("c", marks=needs_compiler)])
@pytest.mark.parametrize("name", NAMES)
def test_a_net_of_it_is_compiled_and_its_gradients_are_checked(name, target, tmp_path, monkeypatch):
    monkeypatch.setenv("LSTM_SYM_CACHE", str(tmp_path))
    report = ls.gradcheck(ls.compile(rnn(name), target), oracles=False)
    assert report.passed, str(report)
