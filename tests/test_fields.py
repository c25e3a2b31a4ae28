"""Exact numbers obey the laws of a ring and give tanh(ln 2) = 3/5; balls contain the exact values."""

import math
from fractions import Fraction as F

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_sym.errors import Inexact
from lstm_sym.expr.fields import BALL, EXACT, FLOAT, Dual, Exact, ball, dual, ln
from lstm_sym.expr.functions import FUNCTIONS, function

rationals = st.fractions(min_value=-20, max_value=20, max_denominator=30)
positive = st.fractions(min_value=F(1, 40), max_value=40, max_denominator=40)
numbers = st.builds(lambda a, b, c, d: Exact.of(a) + Exact.of(b) * ln(2) + Exact.of(c) * ln(3) * ln(d),
                    rationals, rationals, rationals, st.integers(1, 12))


@given(numbers, numbers, numbers)
def test_exact_numbers_are_a_commutative_ring(a, b, c):
    assert a + b == b + a and a * b == b * a
    assert (a + b) + c == a + (b + c) and (a * b) * c == a * (b * c)
    assert a * (b + c) == a * b + a * c
    assert a - a == 0 and a * 1 == a and a + 0 == a and hash(a + b) == hash(b + a)
    assert (a + b) ** 2 == a * a + 2 * (a * b) + b * b


@given(positive, positive)
def test_the_logarithm_of_a_product_is_the_sum(a, b):
    assert ln(a * b) == ln(a) + ln(b) and ln(1 / a) == -ln(a)


@pytest.mark.parametrize("name, of, value", [
    ("tanh", 2, F(3, 5)), ("tanh", 3, F(4, 5)), ("tanh", 7, F(24, 25)), ("tanh", F(1, 2), F(-3, 5)), ("tanh", 1, F(0)),
    ("sigmoid", 2, F(2, 3)), ("sigmoid", 3, F(3, 4)), ("sigmoid", 1, F(1, 2)), ("exp", F(5, 7), F(5, 7)),
    ("phi", 2, F(3, 5)), ("phi'", 2, F(16, 25)),
])
def test_functions_of_logarithms_are_rational(name, of, value):
    assert EXACT.apply(name, ln(of)) == value


def test_half_a_logarithm_is_enough_for_tanh():
    assert EXACT.apply("tanh", ln(3) * F(1, 2)) == F(1, 2)


@pytest.mark.parametrize("name, x", [("tanh", F(1)), ("exp", F(1, 2)), ("sqrt", F(4)), ("softplus", F(0)),
                                     ("relu", F(0))])
def test_what_is_not_known_to_be_rational_is_refused(name, x):
    with pytest.raises(Inexact):
        EXACT.apply(name, Exact.of(x))


@given(numbers)
def test_the_ball_of_an_exact_number_contains_it(a):
    expected = sum(float(c) * math.prod(math.log(p) ** k for p, k in m) for m, c in a.terms.items())
    assert abs(float(a.enclosure().mid()) - expected) <= 1e-9 * (1 + abs(expected))


@given(positive, st.sampled_from(["tanh", "sigmoid", "exp", "phi", "phi'", "phi''"]))
def test_the_ball_of_a_function_contains_its_exact_value(x, name):
    exact = EXACT.apply(name, ln(x)).rational
    enclosed = function(name).ball(ln(x).enclosure())
    assert (exact.denominator * enclosed - exact.numerator).contains(0)


@given(st.fractions(min_value=F(1, 50), max_value=15, max_denominator=50), st.sampled_from(sorted(FUNCTIONS)))
def test_floats_lie_in_slightly_wider_balls(x, name):
    mid = float(BALL.apply(name, ball(x)).mid())
    assert float(FLOAT.apply(name, np.float64(float(x)))) == pytest.approx(mid, rel=1e-12)


@given(st.fractions(min_value=F(1, 50), max_value=15, max_denominator=50),
       st.sampled_from([*sorted(FUNCTIONS), "phi", "phi'"]))
def test_dual_numbers_carry_the_derivative(x, name):
    field = dual(FLOAT)
    slope = field.apply(name, Dual(float(x), 1.0)).tangent
    here, step = float(x), 1e-6 * float(x)
    around = [float(FLOAT.apply(name, np.float64(here + s))) for s in (-step, step)]
    assert slope == pytest.approx((around[1] - around[0]) / (2 * step), rel=1e-5, abs=1e-8)


def test_exact_numbers_print_as_they_are_read():
    assert str(Exact.of(F(1, 2)) - ln(2) * 3 + ln(2) * ln(3)) == "1/2 - 3*ln(2) + ln(2)*ln(3)"
    assert str(Exact.of(0)) == "0"
