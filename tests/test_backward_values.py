"""Derived gradients equal those of dual numbers and of complex steps, and the exact values worked out by hand."""

from fractions import Fraction as F

import gradients as witness
import pytest

from lstm_sym.calculus import vjp
from lstm_sym.calculus.backward import backward
from lstm_sym.cells.catalogue import MODELS, model
from lstm_sym.cells.rnn import rnn
from lstm_sym.expr.evaluate import Evaluation
from lstm_sym.expr.fields import EXACT, Exact, ln
from lstm_sym.expr.functions import FUNCTIONS
from lstm_sym.expr.nodes import Named, Ones
from lstm_sym.expr.recurrence import Equation, Recurrence, once

ACTIVATIONS = ["identity", *sorted(FUNCTIONS.keys() - {"log", "reciprocal", "sqrt", "step"}), "phi"]
SIZES = [{"n": 1, "m": 1, "T": 1}, {"n": 3, "m": 2, "T": 1}, {"n": 2, "m": 3, "T": 4}]
TOLERANCE = 1e-13


def name_of(sizes: dict[str, int]) -> str:
    return " ".join(f"{k}={v}" for k, v in sizes.items())


@pytest.mark.parametrize("sizes", SIZES, ids=name_of)
@pytest.mark.parametrize("steps", ["every", "last"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_of_the_rnn_are_those_of_dual_numbers_and_complex_steps(activation, steps, sizes):
    agree(witness.linear_loss(rnn(activation), steps), sizes)


@pytest.mark.parametrize("sizes", [{"n": 1, "m": 2, "T": 1}, {"n": 2, "m": 1, "T": 3}], ids=name_of)
@pytest.mark.parametrize("steps", ["every", "last"])
@pytest.mark.parametrize("name", [name for name in MODELS if not name.startswith("rnn")])
def test_gradients_of_every_model_are_those_of_dual_numbers_and_complex_steps(name, steps, sizes):
    agree(witness.linear_loss(model(name), steps), sizes)


def agree(recurrence: Recurrence, sizes: dict[str, int]) -> None:
    values = witness.drawn(recurrence, sizes, seed=7)
    found = witness.derived(recurrence, sizes, values)
    wanted = recurrence.parameters + recurrence.inputs + recurrence.initial
    assert set(found) == {key for q in wanted for key in witness.members(recurrence, q, sizes)}
    for by in (witness.by_dual_numbers, witness.by_complex_steps):
        assert witness.largest_gap(found, by(recurrence, sizes, values)) < TOLERANCE


@pytest.mark.parametrize("steps", ["every", "last"])
@pytest.mark.parametrize("activation", ["identity", "relu"])
def test_gradients_of_a_piecewise_linear_rnn_are_exactly_those_of_dual_numbers(activation, steps):
    recurrence, sizes = witness.linear_loss(rnn(activation), steps), {"n": 3, "m": 2, "T": 3}
    values = witness.drawn(recurrence, sizes, seed=11)
    found = witness.derived(recurrence, sizes, values, EXACT)
    expected = witness.by_dual_numbers(recurrence, sizes, values, EXACT)
    assert all((found[key] == expected[key]).all() for key in found)


@pytest.mark.parametrize("name", list(MODELS))
def test_an_arbitrary_loss_is_the_one_whose_direct_partials_are_given(name):
    sizes, recurrence = {"n": 2, "m": 3, "T": 3}, witness.linear_loss(model(name), "every")
    values = witness.drawn(recurrence, sizes, seed=3)
    arbitrary = backward(model(name))
    partials = {(f"∂L/∂{n[2:]}", at): v for (n, at), v in values.items() if n.startswith("v_")}
    evaluation = Evaluation(arbitrary, sizes, witness.in_field({**values, **partials}, witness.FLOAT))
    found = {(str(g.label.by), at): evaluation.quantity(g, at)
             for g in arbitrary.outputs for _, at in witness.members(arbitrary, g, sizes)}
    assert witness.largest_gap(found, witness.derived(recurrence, sizes, values)) < TOLERANCE


# --- exact values -------------------------------------------------------------------------------------------------

def gradients_at(recurrence: Recurrence, sizes: dict[str, int], values: dict, of: str) -> dict[str, Exact]:
    """d(sum of entries of `of` at the last step), exactly; scalars by name."""
    state = recurrence.quantity(of)[recurrence.axes[0].length]
    loss = recurrence.then(once(Equation(witness.LOSS, Ones(1, state.shape[0]) @ state)))
    shaped = {key: [[value]] for key, value in values.items()}
    evaluation = Evaluation(backward(loss, "L"), sizes, shaped, EXACT)
    return {str(g.label.by): evaluation.quantity(g, at)[0, 0]
            for g in backward(loss, "L").outputs for _, at in witness.members(loss, g, sizes)}


def test_two_steps_of_a_scalar_rnn_have_the_gradients_36_and_159_over_625():
    """w = 1/2, h_0 = 1/3, inputs chosen so that a_1 = ln 2 and a_2 = ln 3: h_1 = 3/5, h_2 = 4/5."""
    values = {("W", ()): F(1, 2), ("U", ()): F(1), ("b", ()): F(0), ("h", (0,)): F(1, 3),
              ("x", (1,)): ln(2) - F(1, 6), ("x", (2,)): ln(3) - F(3, 10)}
    found = gradients_at(rnn(), {"n": 1, "m": 1, "T": 2}, values, "h")
    assert (found["h"], found["W"]) == (F(36, 625), F(159, 625))


ONE_STEP = {                                                 # by of h_1                                    of c_1
    "c":   (Exact.of(F(6, 25)),                                     Exact.of(F(3, 4))),
    "h":   (F(1787, 7500) + ln(2) * F(4, 25),                       F(91, 75) + ln(2) * F(1, 2)),
    "b_i": (Exact.of(F(16, 375)),                                   Exact.of(F(2, 15))),
    "b_f": (ln(2) * F(2, 25) - F(4, 125),                           ln(2) * F(1, 4) - F(1, 10)),
    "b_o": (Exact.of(F(3, 20)),                                     Exact.of(0)),
    "b_g": (Exact.of(F(256, 1875)),                                 Exact.of(F(32, 75))),
}


@pytest.mark.parametrize("state, column", [("h", 0), ("c", 1)])
def test_one_step_of_a_scalar_lstm_has_the_gradients_worked_out_by_hand(state, column):
    """i = 2/3, f = 3/4, o = 1/2, g = 3/5, c_1 = ln 2, h_1 = 3/10."""
    values = {(f"W_{k}", ()): F(w) for k, w in zip("ifog", (1, 2, -1, 3), strict=True)}
    values |= {(f"U_{k}", ()): F(0) for k in "ifog"} | {("x", (1,)): F(1), ("h", (0,)): F(0)}
    values |= {("b_i", ()): ln(2), ("b_f", ()): ln(3), ("b_o", ()): F(0), ("b_g", ()): ln(2)}
    values |= {("c", (0,)): F(4, 3) * (ln(2) - F(2, 5))}
    found = gradients_at(model("lstm"), {"n": 1, "m": 1, "T": 1}, values, state)
    expected = {by: pair[column] for by, pair in ONE_STEP.items()}
    assert {by: found.get(by, Exact.of(0)) for by in expected} == expected


def test_a_loss_that_reads_only_the_last_step_differs_from_one_that_reads_every_step():
    sizes = {"n": 2, "m": 2, "T": 3}
    every, last = (witness.linear_loss(rnn(), steps) for steps in ("every", "last"))
    values = witness.drawn(every, sizes, seed=1)
    W = ("W", ())
    assert abs(witness.derived(every, sizes, values)[W] - witness.derived(last, sizes, values)[W]).max() > 1e-3


WRONG = {
    "tanh' = 1":           ("tanh", lambda x, y: Ones(*y.shape)),
    "tanh' = 1 - y":       ("tanh", lambda x, y: 1 - y),
    "tanh' twice":         ("tanh", lambda x, y: (1 - y * y) * (1 - y * y)),
    "sigma' = y":          ("sigmoid", lambda x, y: y),
}


@pytest.mark.parametrize("name, rule", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_derivative_of_an_activation_is_found_by_both_witnesses(monkeypatch, name, rule):
    recurrence, sizes = witness.linear_loss(rnn(name), "every"), {"n": 2, "m": 3, "T": 4}
    values = witness.drawn(recurrence, sizes, seed=7)
    monkeypatch.setattr(vjp, "derivative", lambda node, value: rule(node.args[1], value))
    wrong = witness.derived(recurrence, sizes, values)
    for by in (witness.by_dual_numbers, witness.by_complex_steps):
        assert witness.largest_gap(wrong, by(recurrence, sizes, values)) > 1e-3


def test_every_quantity_that_a_loss_reads_has_its_gradient_in_its_own_shape():
    back = backward(model("lstm"))
    shapes = {q.label: q.shape for q in model("lstm").quantities}
    assert all(isinstance(g, Named) and g.shape == shapes[g.label.by] for g in back.outputs)
