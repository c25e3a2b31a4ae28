"""A cell written equation by equation is a Recurrence with the names papers use; a wrong one says what is wrong."""

import subprocess
import sys

import pytest

import lstm_sym as ls
from lstm_sym.cells.catalogue import MODELS, as_recurrence, model
from lstm_sym.cells.rnn import rnn
from lstm_sym.expr.functions import apply
from lstm_sym.expr.recurrence import Recurrence


def small() -> ls.Cell:
    """A cell with x, h, W, U, b and no equation yet."""
    cell = ls.Cell("small")
    n, m = cell.sizes("n m")
    cell.x, cell.h = cell.input("x", m), cell.state("h", n)
    cell.W, cell.U, cell.b = cell.parameter("W", n, n), cell.parameter("U", n, m), cell.parameter("b", n)
    return cell


def mgu() -> ls.Cell:
    """The minimal gated unit, word for word as the interface promises it."""
    cell = ls.Cell("mgu", cite="Zhou et al. 2016")              # minimal gated unit
    n, m = cell.sizes("n m")
    x, h = cell.input("x", m), cell.state("h", n)
    W_f, W = cell.parameters("W_f W", n, n)
    U_f, U = cell.parameters("U_f U", n, m)
    b_f, b = cell.parameters("b_f b", n)
    f = cell.let("f", ls.sigmoid(W_f @ h.previous + U_f @ x + b_f))
    g = cell.let("g", ls.tanh(W @ (f * h.previous) + U @ x + b))
    cell.let(h, (1 - f) * h.previous + f * g)
    return cell


def names(recurrence: Recurrence) -> str:
    return " ".join(e.lhs.name for e in recurrence.equations)


def test_a_cell_of_ones_own_is_differentiated_and_printed_like_any_model():
    printed = ls.latex(ls.backward(mgu()))
    assert printed.startswith(r"\begin{aligned}") and r"\frac{\partial L}{\partial W_f} &= \sum_{t=1}^{T}" in printed


def test_preactivations_are_named_after_their_gate():
    assert names(mgu().recurrence) == "a_f f a_g g h"


def test_the_preactivation_of_a_state_is_called_a_and_an_inner_tanh_theta():
    cell = small()
    cell.let(cell.h, ls.tanh(cell.W @ cell.h.previous + cell.b))
    assert names(cell.recurrence) == "a h"
    cell = small()
    cell.let(cell.h, cell.b * ls.tanh(cell.W @ cell.h.previous))
    assert names(cell.recurrence) == "a theta h"


def test_one_value_has_one_name():
    cell = small()
    s = cell.let("s", cell.W @ cell.h.previous)
    cell.let("u", s * ls.tanh(s))
    cell.let(cell.h, 2 * ls.tanh(s))
    assert names(cell.recurrence) == "s theta u h"


def test_the_scale_of_a_preactivation_stays_with_the_function():
    cell = small()
    g = cell.let("g", 2 * ls.tanh((cell.W @ cell.h.previous + cell.b) / 2))
    assert names_of(cell, g) == ["a_g[t] = (W @ h[t - 1] + b)", "theta[t] = tanh(1/2*a_g[t])", "g[t] = 2*theta[t]"]


def names_of(cell: ls.Cell, last: ls.Named) -> list[str]:
    cell.let(cell.h, last)
    return [f"{e.lhs} = {e.rhs}" for e in cell.recurrence.equations[:-1]]


def test_a_named_preactivation_is_not_named_again():
    cell = small()
    a = cell.let("s", cell.W @ cell.h.previous)
    cell.let(cell.h, ls.tanh(a))
    assert names(cell.recurrence) == "s h"


def test_sums_and_functions_that_do_not_squash_stay_in_line():
    cell = small()
    cell.let("p", ls.softmax(cell.W @ cell.h.previous))
    cell.let(cell.h, ls.exp(cell.U @ cell.x))
    assert names(cell.recurrence) == "p h"


def test_several_states_noise_outputs_and_scalars_have_their_places():
    cell = ls.Cell("noisy")
    n, = cell.sizes("n")
    h, c, e = cell.state("h", n), cell.state("c", n), cell.noise("e", n)
    eta, = cell.parameters("eta")
    cell.let(c, c.previous + eta * e)
    cell.let(h, ls.tanh(c) * h.previous)
    y = cell.output("y", h.T @ c)
    r = cell.recurrence
    assert (r.parameters, r.noise, r.initial, r.outputs) == ((eta,), (e,), (h[0], c[0]), (y,))
    assert eta.is_scalar and y.is_scalar and r.states == (c, h)


def test_a_block_of_states_and_inputs_is_one_column():
    cell = ls.Cell("block")
    n, m = cell.sizes("n m")
    x, h = cell.input("x", m), cell.state("h", n)
    K = cell.parameter("K", n, n + m)
    cell.let(h, ls.tanh(K @ ls.stack(h.previous, x)))
    assert str(cell.recurrence.equations[0].rhs) == "K @ [h[t - 1]; x[t]]"


def test_a_loss_is_a_sum_over_time_or_the_value_at_the_last_step():
    for steps, expected in (("every", "sum(h[t]^T @ h[t], t = 1 .. T)"), ("last", "h[T]^T @ h[T]")):
        cell = small()
        cell.let(cell.h, ls.tanh(cell.b))
        loss = cell.loss("E", cell.h.T @ cell.h, steps)
        equation = cell.recurrence.equations[-1]
        assert (equation.lhs, str(equation.rhs), equation.over) == (loss, expected, ())
        assert ls.backward(cell, "E").quantity("b") == cell.b


WRONG = {
    "a name twice":           (ls.ModelError,      "the name W is taken by a parameter",
                               lambda c: c.parameter("W", 1, 1)),
    "no name":                (ls.ModelError,      "no name", lambda c: c.parameter("2 W", 1, 1)),
    "the time index":         (ls.ModelError,      "taken by the time index", lambda c: c.parameter("t")),
    "a state never defined":  (ls.ModelError,      "never defined", lambda c: c.recurrence),
    "a state twice":          (ls.ModelError,      "defined twice",
                               lambda c: (c.let(c.h, ls.tanh(c.b)), c.let(c.h, ls.tanh(c.b)))),
    "an input defined":       (ls.ModelError,      "no state", lambda c: c.let(c.x, c.b)),
    "another shape":          (ls.ShapeMismatch,   "h\\[t\\] has shape", lambda c: c.let(c.h, c.x)),
    "shapes in a product":    (ls.ShapeMismatch,   "\\(n, m\\) @ \\(n, 1\\)", lambda c: c.let(c.h, c.U @ c.h.previous)),
    "shapes in a sum":        (ls.ShapeMismatch,   "\\(n, 1\\) \\+ \\(m, 1\\)", lambda c: c.let(c.h, c.b + c.x)),
    "a float":                (TypeError,          "floats are refused", lambda c: c.let(c.h, 0.5 * c.b)),
    "a float as a term":      (TypeError,          "floats are refused", lambda c: c.let(c.h, c.b + 0.5)),
    "a number as a value":    (TypeError,          "needs an expression", lambda c: c.let("k", 2)),
    "a name from elsewhere":  (ls.UnknownName,     "q is not declared; there are W, U, b, x, h",
                               lambda c: c.let("k", ls.Named("q", 2))),
    "the state at its step":  (ls.DomainViolation, "before it is defined", lambda c: c.let("k", c.W @ c.h)),
    "an input a step back":   (ls.DomainViolation, "only states have a value at 0", lambda c: c.let("k", c.x.previous)),
    "a gate a step back":     (ls.DomainViolation, "declare f with cell.state",
                               lambda c: c.let("k", c.let("f", c.b).previous)),
    "two steps back":         (ls.DomainViolation, "does not exist", lambda c: c.let("k", c.h.previous.previous)),
    "a parameter in time":    (ls.DomainViolation, "no time index", lambda c: c.let("k", c.b.previous)),
    "a loss of vectors":      (ls.ShapeMismatch,   "scalar", lambda c: c.loss("E", c.b)),
    "a loss at other steps":  (ls.ModelError,      "'every' or 'last'", lambda c: c.loss("E", c.b.T @ c.b, "first")),
    "an unknown model":       (ls.UnknownName,     "there are rnn", lambda c: ls.backward("lsmt")),
}


@pytest.mark.parametrize("error, message, wrong", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_cell_says_what_is_wrong(error, message, wrong):
    with pytest.raises(error, match=message):
        wrong(small())


@pytest.mark.parametrize("row", ls.models(), ids=lambda row: row.name)
def test_every_row_of_the_catalogue_is_a_recurrence_with_its_states(row):
    recurrence = row.build()
    assert isinstance(recurrence, Recurrence)
    assert tuple(q.name for q in recurrence.initial) == row.states
    assert recurrence.cite == row.paper and row.differs


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_known_by_its_name_its_cell_or_its_recurrence(name):
    assert as_recurrence(name) is as_recurrence(model(name)) is model(name)


def test_the_lstm_names_its_quantities_as_the_tutorial_does():
    assert names(model("lstm")) == "a_i i a_f f a_o o a_g g c theta h"
    parameters = " ".join(q.name for q in model("lstm").parameters)
    assert parameters == "W_i W_f W_o W_g U_i U_f U_o U_g b_i b_f b_o b_g"


@pytest.mark.parametrize("activation", ["tanh", "relu", "phi"])
def test_the_rnn_takes_any_activation(activation):
    a, h = rnn(activation).equations
    assert h.rhs == apply(activation, a.lhs) and rnn("identity").equations[1].rhs == a.lhs


def test_every_public_name_exists_and_an_unknown_one_is_refused():
    assert all(getattr(ls, name) is not None for name in dir(ls))
    with pytest.raises(AttributeError, match="no public name 'lstm'"):
        _ = ls.lstm


def test_importing_the_package_imports_no_library():
    """So `import lstm_sym` is quick: each public name loads its part when it is first used."""
    code = "import lstm_sym, sys; sys.exit(any(name in sys.modules for name in ('sympy', 'numpy', 'flint')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
