"""Every row of the rules is true of numbers: values that meet its premises never contradict its conclusion."""
from dataclasses import replace
from random import Random

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numbers_of_rules import example

from lstm_sym.proof.rules import RULES
from lstm_sym.proof.syntax import absolute, call, derivative, le, lt, mul, named, norm, power, prod, same, scaled, tr


@pytest.fixture(scope="module", autouse=True)
def precision():
    before, flint.ctx.prec = flint.ctx.prec, 160
    yield
    flint.ctx.prec = before


@pytest.mark.parametrize("row", RULES.values(), ids=RULES)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_values_that_meet_the_premises_never_contradict_the_conclusion(row, seed):
    numbers = example(row, Random(seed))
    assert numbers is not None, "no values meet the premises: the row was not tested"
    assert numbers.holds(row.conclusion) is not False


A, B = named("A", "n", "m"), named("B", "m", "q")
WRONG = {
    "sum for product":          replace(RULES["NORM_MUL"], conclusion=le(norm(mul(A, B)), norm(A))),
    "transpose in every norm":  replace(RULES["NORM_TRANSPOSE"], conclusion=same(norm(tr(A)), norm(A))),
    "not squared":              replace(RULES["NORM_GRAM"], conclusion=same(norm(mul(tr(A), A), "2"), norm(A, "2"))),
    "no sign":                  replace(RULES["POW_LE"], premises=RULES["POW_LE"].premises[1:]),
    "a limit of any power":     replace(RULES["LIM_POW"], premises=RULES["LIM_POW"].premises[:1]),
    "no lower end":             replace(RULES["ABS_LE"], premises=RULES["ABS_LE"].premises[1:]),
    "negative factors":         replace(RULES["WITHIN_HAD"], premises=RULES["WITHIN_HAD"].premises[2:]),
    "the slope left out":       replace(RULES["D_TANH"], conclusion=derivative(call("tanh", A), named("dA", "n", "m"))),
    "one step too many":        replace(RULES["POW_STEP"], conclusion=same(power("x", "k"), prod("x", power("x", "k")))),
    "any eigenvalue":           replace(RULES["NORMAL"], premises=(RULES["NORMAL"].premises[0], RULES["NORMAL"].premises[2])),
    "absolute value dropped":   replace(RULES["NORM_SCALED"], conclusion=same(norm(scaled("x", A)), prod("x", norm(A)))),
    "the length of a column":   replace(RULES["NORM_TANH"], conclusion=lt(norm(call("tanh", named("u", "n")), "1"), 1)),
    "triangle turned":          replace(RULES["NORM_ADD"], conclusion=le(absolute("x"), "x")),
}


@pytest.mark.parametrize("row", WRONG.values(), ids=WRONG)
def test_a_wrong_row_is_caught(row):
    found = (example(row, Random(seed)) for seed in range(150))
    assert any(numbers is not None and numbers.holds(row.conclusion) is False for numbers in found)
