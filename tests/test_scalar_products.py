"""Ordered products of scalars commute: scalar models have their gradients in any order of factors; matrices do not."""

import pytest
from proving import FREE, TIME, A, T, equal, f, g, j, k, proves, t

from lstm_sym.calculus.sensitivity import adjoint_sensitivity
from lstm_sym.equality.decide import decide
from lstm_sym.equality.verdicts import Different
from lstm_sym.expr.affine import between, constant, variable
from lstm_sym.expr.functions import apply, tanh
from lstm_sym.expr.labels import Total
from lstm_sym.expr.nodes import Named, Ones, ProductOver, Scale, When
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan

w, h, x, one = Named("w", 1), Named("h", 1), Named("x", 1), Ones(1, 1)
STEP = Equation(h[t], tanh(w * h[t - 1] + x[t]), (TIME,))
NET = Recurrence((TIME,), (w,), (x[t],), initial=(h[0],), scans=(Scan((STEP,), (1,)),))
JACOBIANS, jacobian = adjoint_sensitivity(NET, "h", "h"), Named(Total("h", "h", 1), 1)
INSIDE = between(constant(0), variable("t"), variable("T"))
SLOPE = one - h[k] * h[k]


def product(body, low, high, step=1):
    return ProductOver(body, k, low, high, step)


FORMS = {
    "in order": product(w * SLOPE, t + 1, T),
    "latest first": product(w * SLOPE, t + 1, T, -1),
    "commuted": product(SLOPE * w, t + 1, T),
    "distributed": product(w - w * h[k] * h[k], t + 1, T),
    "a power and a product": product(w, t + 1, T) * product(SLOPE, t + 1, T),
    "signs": product(Scale(-1, w), t + 1, T) * product(h[k] * h[k] - one, t + 1, T),
    "numbers": product(Scale(6, w), t + 1, T) * product(SLOPE * 2, t + 1, T) * product(one / 12, t + 1, T),
}
WRONG = {
    "one factor more": product(w * SLOPE, t, T),
    "one slope less": product(w, t + 1, T) * product(SLOPE, t + 2, T),
    "one weight less": product(w, t + 2, T) * product(SLOPE, t + 1, T),
    "a sign": product(Scale(-1, w) * SLOPE, t + 1, T),
    "a factor 2": product(Scale(2, w), t + 1, T) * product(SLOPE, t + 1, T) / 2,
}


@pytest.mark.parametrize("form", FORMS)
def test_the_total_jacobian_of_a_scalar_state_is_proved_however_its_factors_are_arranged(form):
    assert equal(jacobian[T, t], FORMS[form], JACOBIANS, INSIDE)


@pytest.mark.parametrize("form", WRONG)
def test_a_wrong_arrangement_is_refuted_and_not_proved(form):
    assert not proves(jacobian[T, t], WRONG[form], JACOBIANS, INSIDE)
    assert isinstance(decide(jacobian[T, t], WRONG[form], JACOBIANS, INSIDE), Different)


def test_laws_of_scalar_products():
    assert equal(product(f[k] * g[k], 1, T), product(f[k], 1, T) * product(g[k], 1, T, -1))
    assert equal(product(f[k], 1, T) * product(f[k], 1, T), product(f[k] * f[k], 1, T))
    assert equal(product(f[k], 1, t) * product(f[k], t + 1, T), product(f[k], 1, T), where=INSIDE)
    assert equal(product(f[k], 1, T), product(f[T + 1 - k], 1, T))
    assert equal(product(one, 1, T), one) and equal(product(Scale(2, one), 1, 3), Scale(8, one))
    assert equal(product(Scale(-1, one), 1, T) * product(Scale(-1, one), 1, T), one)
    assert equal(product(f[k] * A, 1, T), product(f[k], 1, T) * product(A, 1, T))
    assert equal(product(f[k] * A - Scale(3, f[k] * A.T), 1, T), product(f[k], 1, T) * product(A - Scale(3, A.T), 1, T))


def test_what_only_looks_like_a_law_of_scalar_products_is_not_proved():
    assert not proves(product(f[k] + g[k], 1, T), product(f[k], 1, T) + product(g[k], 1, T))
    assert not proves(product(f[k], 1, T), product(f[j], 1, T))
    assert not proves(product(f[k], 1, T) * product(f[k], 1, T), product(f[k], 1, T))
    assert not proves(product(Scale(-1, one), 1, T), one) and not proves(product(Scale(0, f[k]), t, T), 0 * one)
    assert not proves(product(w, 1, t) * product(w, t + 1, T), product(w, 1, T), NET)   # t may lie beyond T
    assert not proves(product(When(f[k], k - 2), 1, T), product(f[k], 2, T))
    assert not proves(product(A, 1, T) @ A.T, A.T @ product(A, 1, T))


def test_a_scalar_product_with_no_factor_is_1():
    assert equal(product(f[k] * g[k] * 2, t + 1, t), one) and equal(product(A * f[t], t + 1, t), A @ A * 0 + product(A, 2, 1))


def test_a_denominator_in_a_product_is_not_lost():
    assert equal(product(apply("reciprocal", f[k]) * g[k], 1, T), product(g[k], 1, T) * product(apply("reciprocal", f[k]), 1, T))
    assert not proves(product(apply("reciprocal", f[k]), 1, T), product(f[k], 1, T), FREE)
