"""Evaluation computes named quantities by the recurrence, in every field; what does not exist is an error."""

from fractions import Fraction as F

import gradients as witness
import nets
import numpy as np
import pytest
import rules
from nets import SIZES, T, a, h, n, t, x

from lstm_sym.errors import DomainViolation, UnknownName
from lstm_sym.expr.evaluate import Evaluation
from lstm_sym.expr.fields import BALL, COMPLEX, EXACT, FLOAT
from lstm_sym.expr.nodes import Named, ProductOver, Slice, SumOver, When
from lstm_sym.expr.recurrence import Recurrence


def numbers():
    """A net and float values."""
    net = nets.rnn()
    return net, witness.in_field(witness.drawn(net, SIZES, seed=1), FLOAT)


def test_the_trajectory_is_that_of_a_loop():
    net, values = numbers()
    run = Evaluation(net, SIZES, values)
    state = values["h", (0,)]
    for step in range(1, SIZES["T"] + 1):
        state = np.tanh(values["W", ()] @ state + values["U", ()] @ values["x", (step,)] + values["b", ()])
        assert np.allclose(run(h[step]), state, atol=1e-15)
    assert np.array_equal(run.run()["h", (SIZES["T"],)], run(h[T]))


def test_a_quantity_that_does_not_exist_is_an_error_that_says_where():
    net, values = numbers()
    run = Evaluation(net, SIZES, values)
    for beyond in (h[T + 1], a[0], h[-1], x[T + 1], x[0]):
        with pytest.raises(DomainViolation, match="does not exist"):
            run(beyond)
    with pytest.raises(UnknownName, match="no value"):
        run(h[t])
    del run.known["x", (2,)]
    with pytest.raises(UnknownName, match="given from outside"):
        run(x[2])


def test_where_a_condition_fails_the_body_is_never_looked_at():
    net, values = numbers()
    run = Evaluation(net, SIZES, values)
    assert np.array_equal(run(When(h[T + 1], -1)), np.zeros((SIZES["n"], 1)))
    with pytest.raises(DomainViolation):
        run(When(h[T + 1], 0))


def test_empty_sums_are_zero_empty_products_one_and_products_are_ordered():
    net, values = numbers()
    run, X = Evaluation(net, SIZES, values), Named("W", n, n) + h[t] @ h[t].T
    assert np.array_equal(run(SumOver(X, t, 2, 1)), np.zeros((2, 2)))
    assert np.array_equal(run(ProductOver(X, t, 2, 1)), np.eye(2))
    first, second, third = (run(X, {"t": k}) for k in (1, 2, 3))
    assert np.allclose(run(ProductOver(X, t, 1, 3)), first @ second @ third, atol=1e-15)
    assert np.allclose(run(ProductOver(X, t, 1, 3, -1)), third @ second @ first, atol=1e-15)


def test_rows_outside_a_block_are_an_error():
    net, values = numbers()
    with pytest.raises(DomainViolation, match="rows"):
        Evaluation(net, SIZES, values)(Slice(h[1], 1, n))


@pytest.mark.parametrize("name", rules.EXAMPLES)
@pytest.mark.parametrize("sizes", rules.SIZES, ids=str)
def test_fields_agree(name, sizes):
    """Floats, complex floats, balls, and exact numbers where they are defined."""
    node = rules.EXAMPLES[name]
    expected = Evaluation(Recurrence(), sizes, rules.values_of(node, sizes, 2))(node)
    plain = Evaluation(Recurrence(), sizes, rules.values_of(node, sizes, 2, COMPLEX), COMPLEX)(node)
    assert np.allclose(plain, expected, rtol=1e-12, atol=1e-12) and plain.shape == expected.shape
    balls = Evaluation(Recurrence(), sizes, rules.values_of(node, sizes, 2, BALL), BALL)(node)
    assert all(abs(float(b.mid()) - e) <= 1e-9 * (1 + abs(e)) for b, e in zip(balls.flat, expected.flat, strict=True))
    if name in rules.POLYNOMIAL:
        exact = Evaluation(Recurrence(), sizes, rules.values_of(node, sizes, 2, EXACT), EXACT)(node)
        assert all(float(x.rational) == pytest.approx(e) for x, e in zip(exact.flat, expected.flat, strict=True))


def test_coefficients_may_name_lengths():
    net, values = numbers()
    mean = SumOver(h[t], t, 1, T) / T
    assert np.allclose(Evaluation(net, SIZES, values)(mean), sum(
        Evaluation(net, SIZES, values)(h[k]) for k in (1, 2, 3)) / 3, atol=1e-15)


def test_an_exact_coefficient_stays_exact():
    half = Named("v", 1) / 3
    found = Evaluation(Recurrence(), {}, {("v", ()): [[EXACT.number(F(1))]]}, EXACT)(half)
    assert found[0, 0] == F(1, 3)
