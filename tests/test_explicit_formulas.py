"""The explicit formula of backpropagation through time, sums over products of Jacobians, is proved against the recurrence."""

import pytest
from proving import TIME, T, equal, j, k, n, proves, s, t

from lstm_sym.calculus.backward import backward
from lstm_sym.calculus.sensitivity import adjoint_sensitivity, sensitivity
from lstm_sym.cells.catalogue import model
from lstm_sym.equality.decide import decide
from lstm_sym.equality.linear import closed_form
from lstm_sym.equality.unfold import Definitions
from lstm_sym.equality.verdicts import Different
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Diag, Named, Node, Ones, ProductOver, Scale, SumOver, When
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan, once

W, h = Named("W", n, n), Named("h", n)
partial, jacobian = Named(Direct("L", "h"), n), Named(Total("h", "h", 1), n, n)
dh, dW, db = Named(Total("L", "h"), n), Named(Total("L", "W"), n, n), Named(Total("L", "b"), n)
NET = model("rnn")


def slope(at) -> Node:
    return Diag(1 - h[at] * h[at])


def chain(low, high) -> Node:
    """dh_high/dh_(low - 1) transposed: (W' D_low) ... (W' D_high)."""
    return ProductOver(W.T @ slope(j), j, low, high)


def with_jacobians():
    whole, more = backward(NET), adjoint_sensitivity(NET, "h", "h")
    axes = tuple(a for a in more.axes if a not in whole.axes)
    return whole.then(*more.scans[len(NET.scans):], axes=whole.axes + axes)


EVERY, LAST, BOTH = backward(NET), backward(NET, "last"), with_jacobians()


def twice(body: Node, first=1) -> Node:
    """sum over t and k <= t."""
    return SumOver(SumOver(body, k, first, t), t, 1, T)


TERM = slope(k) @ chain(k + 1, t) @ partial[t]
TRUE = {
    "dL/dW, losses at every step": (dW, twice(TERM @ h[k - 1].T), EVERY),
    "the sums exchanged": (dW, SumOver(SumOver(TERM @ h[k - 1].T, t, k, T), k, 1, T), EVERY),
    "dL/db": (db, twice(TERM), EVERY),
    "dL/dW, a loss at the last step": (dW, SumOver(slope(k) @ chain(k + 1, T) @ partial[T] @ h[k - 1].T, k, 1, T), LAST),
    "with Jacobians by name": (dW, twice(slope(k) @ jacobian[t, k].T @ partial[t] @ h[k - 1].T), BOTH),
    "dL/dh[0]": (dh[0], SumOver(jacobian[s, 0].T @ partial[s], s, 1, T), BOTH),
}
WRONG = {
    "one Jacobian more": (dW, twice(slope(k) @ chain(k, t) @ partial[t] @ h[k - 1].T), EVERY),
    "no slope": (dW, twice(chain(k + 1, t) @ partial[t] @ h[k - 1].T), EVERY),
    "the first term left out": (dW, twice(TERM @ h[k - 1].T, first=2), EVERY),
    "no transpose": (dW, twice(slope(k) @ jacobian[t, k] @ partial[t] @ h[k - 1].T), BOTH),
}


@pytest.mark.parametrize("formula", TRUE)
def test_the_explicit_formula_is_proved(formula):
    assert equal(*TRUE[formula])


@pytest.mark.parametrize("formula", WRONG)
def test_a_wrong_one_is_refuted(formula):
    assert isinstance(decide(*WRONG[formula]), Different)


STEPS = [slope(t - i) @ W for i in range(3)]


@pytest.mark.parametrize("derive", [adjoint_sensitivity, sensitivity])
@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_jacobian_over_a_few_steps_is_their_product_written_out(derive, number):
    product = STEPS[0]
    for factor in STEPS[1:number]:
        product = product @ factor
    given = derive(NET, "h", "h")
    assert equal(jacobian[t, t - number], product, given)
    assert isinstance(decide(jacobian[t, t - number], product.T, given), Different)


def test_of_two_states_that_carry_each_other_there_is_no_such_closed_form():
    lstm = backward(model("lstm"))
    definitions = Definitions.of(lstm)
    assert not any(closed_form(e, definitions) for e in lstm.equations)


def test_a_gated_state_has_one_with_all_its_paths():
    gru = backward(model("gru"))
    found = {str(e.lhs) for e in gru.equations if closed_form(e, Definitions.of(gru))}
    assert found == {"dL/dh[t]"}


# --- side conditions of closed forms: a guess that does not hold where it is used proves nothing ------------------

q, r, total, one = Named("q", 1), Named("r", 1), Named("c", 1), Ones(1, 1)


def carried(body: Node, read: Node, *others: Equation) -> Recurrence:
    """q[t] = body, and c, which reads it."""
    scan = Scan((Equation(q[t], body, (TIME,)), *others), (1,))
    return Recurrence((TIME,), inputs=(r[t],), initial=(q[0],), scans=(scan, once(Equation(total, read))))


def upto(last) -> Node:
    """r[1] + ... + r[last]."""
    return SumOver(r[k], k, 1, last)


EACH, BEFORE = SumOver(q[t], t, 1, T), SumOver(q[t - 1], t, 1, T)
SUMS = {
    "a sum of sums": (carried(q[t - 1] + r[t], EACH), SumOver(upto(t), t, 1, T) + Scale(T, q[0])),
    "a reset at the last step": (carried(When(q[t - 1], T - t - 1) + r[t], q[T]), r[T]),
    "carried twice": (carried(q[t - 1] + q[t - 1] + r[t], q[T]),
                      ProductOver(2 * one, k, 1, T) * q[0] + SumOver(ProductOver(2 * one, k, s + 1, T) * r[s], s, 1, T)),
}
NO_SUMS = {
    "an end left out": (carried(q[t - 1] + r[t], EACH), SumOver(upto(t), t, 1, T)),
    "an initial value that is not read": (carried(When(q[t - 1], t - 2) + r[t], BEFORE), SumOver(upto(t - 1), t, 1, T)),
    "a reset at the last step": (carried(When(q[t - 1], T - t - 1) + r[t], q[T]), q[0] + upto(T)),
    "carried twice": (carried(q[t - 1] + q[t - 1] + r[t], q[T]), q[0] + upto(T)),
    "not linear": (carried(q[t - 1] * q[t - 1] + r[t], q[T]), q[0] + upto(T)),
    "a value of its own": (carried(q[t - 1] + r[t], EACH, Equation(q[3], one)), SumOver(upto(t), t, 1, T) + Scale(T, q[0])),
}


@pytest.mark.parametrize("sums", SUMS)
def test_what_is_carried_is_summed_up_from_where_it_begins(sums):
    net, closed = SUMS[sums]
    assert proves(total, closed, net)


@pytest.mark.parametrize("sums", NO_SUMS)
def test_a_sum_that_does_not_begin_so_is_not_proved(sums):
    net, closed = NO_SUMS[sums]
    assert not proves(total, closed, net)
