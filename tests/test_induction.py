"""Closed forms by induction over time: true ones are proved, near ones never; no hypothesis is used where it does not hold."""

import pytest
from proving import TIME, T, equal, j, k, n, proves, s, t
from proving import m as width

from lstm_sym.calculus.backward import backward
from lstm_sym.cells.catalogue import model
from lstm_sym.expr.affine import Affine
from lstm_sym.expr.indices import integers
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Diag, Identity, Named, Ones, ProductOver, Scale, SumOver, When, Zeros
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, Scan, once

W, h, x = Named("W", n, n), Named("h", n), Named("x", width)
adjoint, partial = Named(Total("L", "h"), n), Named(Direct("L", "h"), n)
da, dW = Named(Total("L", "a"), n), Named(Total("L", "W"), n, n)
LAST = {name: backward(model(name), "last") for name in ("rnn", "rnn-linear")}
EVERY = {name: backward(model(name)) for name in ("rnn", "rnn-linear")}
NETS = list(LAST)


def slope(net, at):
    """The derivative of the activation, on the diagonal."""
    return Diag(1 - h[at] * h[at]) if net == "rnn" else Identity(n)


def chain(net, low, high, step=1):
    """prod_{low}^{high} W' diag(1 - h o h)."""
    return ProductOver(W.T @ slope(net, k), k, low, high, step)


@pytest.mark.parametrize("net", NETS)
def test_the_adjoint_of_a_loss_at_the_last_step_is_a_product_of_jacobians(net):
    assert equal(adjoint[t], chain(net, t + 1, T) @ partial[T], LAST[net])
    assert equal(adjoint[0], chain(net, 1, T) @ partial[T], LAST[net])


@pytest.mark.parametrize("net", NETS)
def test_the_adjoint_of_a_loss_at_every_step_is_a_sum_of_such_products(net):
    assert proves(adjoint[t], SumOver(chain(net, t + 1, s) @ partial[s], s, t, T), EVERY[net])


WRONG = {
    "exponent T - t + 1": lambda net: chain(net, t, T) @ partial[T],
    "exponent T - t - 1": lambda net: chain(net, t + 1, T - 1) @ partial[T],
    "range moved": lambda net: chain(net, t, T - 1) @ partial[T] if net == "rnn" else chain(net, t, T) @ partial[T],
    "transposed factor": lambda net: ProductOver(W @ slope(net, k), k, t + 1, T) @ partial[T],
    "a missing factor": lambda net: ProductOver(W.T, k, t + 2, T) @ partial[T],
    "the partial at t": lambda net: chain(net, t + 1, T) @ partial[T] + (adjoint[t] - adjoint[T]),
    "a sign": lambda net: -(chain(net, t + 1, T) @ partial[T]),
}
ORDER = {
    "reversed order": chain("rnn", t + 1, T, -1) @ partial[T],
    "commuted factors": ProductOver(slope("rnn", k) @ W.T, k, t + 1, T) @ partial[T],
    "derivative one late": ProductOver(W.T @ slope("rnn", k - 1), k, t + 1, T) @ partial[T],
    "no derivative": ProductOver(W.T, k, t + 1, T) @ partial[T],
}


@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("wrong", WRONG)
def test_a_closed_form_with_an_error_is_not_proved(net, wrong):
    assert not proves(adjoint[t], WRONG[wrong](net), LAST[net])


@pytest.mark.parametrize("wrong", ORDER)
def test_a_closed_form_whose_factors_stand_wrong_is_not_proved(wrong):
    assert not proves(adjoint[t], ORDER[wrong], LAST["rnn"])


@pytest.mark.parametrize("low, high, shift", [(t, T - 1, 0), (t + 1, T, 0), (t, T, 1), (1, T, 0)])
def test_a_sum_over_later_losses_with_wrong_bounds_is_not_proved(low, high, shift):
    assert not proves(
        adjoint[t], SumOver(chain("rnn-linear", t + 1, s + shift) @ partial[s], s, low, high), EVERY["rnn-linear"]
    )


GRADIENTS = {
    "as it stands": SumOver(da[t] @ h[t - 1].T, t, 1, T),
    "shifted": SumOver(da[t + 1] @ h[t].T, t, 0, T - 1),
    "reversed": SumOver(da[T + 1 - t] @ h[T - t].T, t, 1, T),
    "both": SumOver(da[T - t] @ h[T - t - 1].T, t, 0, T - 1),
    "last apart": SumOver(da[t] @ h[t - 1].T, t, 1, T - 1) + da[T] @ h[T - 1].T,
    "first apart": da[1] @ h[0].T + SumOver(da[t] @ h[t - 1].T, t, 2, T),
    "written out": SumOver((adjoint[t] * (1 - h[t] * h[t])) @ h[t - 1].T, t, 1, T),
    "transposed": SumOver(h[t - 1] @ da[t].T, t, 1, T).T,
}
WRONG_GRADIENTS = {
    "h[t]": SumOver(da[t] @ h[t].T, t, 1, T),
    "no first": SumOver(da[t] @ h[t - 1].T, t, 2, T),
    "no derivative": SumOver(adjoint[t] @ h[t - 1].T, t, 1, T),
    "transposed": SumOver(h[t - 1] @ da[t].T, t, 1, T),
    "twice": SumOver((da[t] * (1 - h[t] * h[t])) @ h[t - 1].T, t, 1, T),
}


@pytest.mark.parametrize("way", GRADIENTS)
def test_the_gradient_of_the_recurrent_matrix_is_proved_however_its_sum_is_written(way):
    assert equal(dW, GRADIENTS[way], EVERY["rnn"]) and equal(dW, GRADIENTS[way], LAST["rnn"])


@pytest.mark.parametrize("way", WRONG_GRADIENTS)
def test_a_wrong_gradient_of_the_recurrent_matrix_is_not_proved(way):
    assert not proves(dW, WRONG_GRADIENTS[way], EVERY["rnn"]) and not equal(dW, WRONG_GRADIENTS[way], EVERY["rnn"])


# --- side conditions ----------------------------------------------------------------------------------------

q, c = Named("q", 1), Named("c", 1)
COUNT = Recurrence((TIME,), initial=(q[0],), scans=(Scan((Equation(q[t], q[t - 1] + Ones(1, 1), (TIME,)),), (1,)),))


def test_a_counter_counts():
    assert proves(q[t], q[0] + Scale(t, Ones(1, 1)), COUNT)
    assert not proves(q[t], q[0] + Scale(t - 1, Ones(1, 1)), COUNT)


def test_a_condition_with_a_coefficient_does_not_lend_a_hypothesis_that_does_not_hold():
    """2 t >= j: the step before may lie outside."""
    outside = frozenset({Affine((("j", -1), ("t", 2)), 0), Affine((("j", 1),), -1)})
    assert not proves(q[t], q[0] + Scale(j, Ones(1, 1)), COUNT, outside)
    assert not proves(q[t], Zeros(1, 1), COUNT, outside)


def test_induction_needs_the_value_at_the_end():
    """q[t] = q[t-1] + 1 keeps every claim q[t] = t + c."""
    assert not proves(q[t], Scale(t, Ones(1, 1)), COUNT)


def test_a_special_value_in_the_middle_is_not_jumped_over():
    """An equation at 3 among those for all t: the recurrence defines q[3] twice, so nothing is unfolded there."""
    steps = Equation(q[t], q[t - 1], (TIME,)), Equation(q[3], q[0] + Ones(1, 1))
    net = Recurrence((TIME,), initial=(q[0],), scans=(Scan(steps, (1,)),))
    assert not proves(q[t], q[0], net) and not proves(q[3], q[0], net)


def test_a_boundary_value_with_an_equation_of_its_own_is_a_step_of_its_own():
    """dL/dh[0] is W' dL/da[1]; were it the general formula at 0, it would hold another partial."""
    assert proves(adjoint[0], W.T @ da[1], EVERY["rnn"])
    assert not proves(adjoint[0], W.T @ da[1] + partial[1], EVERY["rnn"])


def test_what_holds_only_before_the_last_step_is_not_proved_at_the_last():
    last = once(Equation(c, q[T], ()))
    net = COUNT.then(last)
    assert proves(c, q[T - 1] + Ones(1, 1), net) and not proves(c, q[T - 1], net)


def test_other_free_indices_stay_fixed():
    """q[t] = q[j] + t - j for t >= j, by induction over t from j on; the order of t and j counts."""
    later = frozenset({Affine((("j", -1), ("t", 1)), 0)})
    assert proves(q[t], q[j] + Scale(t - j, Ones(1, 1)), COUNT, later)
    assert not proves(q[t], q[j] + Scale(j - t, Ones(1, 1)), COUNT, later)
    assert not proves(q[t], q[j] + Ones(1, 1), COUNT, later)


def test_an_induction_over_a_length_is_no_induction_because_the_definitions_name_it():
    """q[l] adds 1 at l = 1 and at l = T only, so q[T] is 2 more than q[0]; from T - 1 to T it looks like T more."""
    l, L = integers("l L")
    depth, one = Axis(l, L), Ones(1, 1)
    step = Equation(q[l], q[l - 1] + When(one, 1 - l) + When(one, l - T, l - 2), (depth,))
    net = Recurrence((TIME, depth), initial=(q[0],), scans=(Scan((step,), (1,)),))
    inside = frozenset({Affine((("L", 1), ("T", -1)), 0)})
    assert not proves(q[T], q[0] + Scale(T, one), net, inside)
