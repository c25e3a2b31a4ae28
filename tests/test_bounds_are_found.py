"""`bound` proves a norm bound of an expression by itself, and floats never exceed it."""
import numpy as np
import pytest

from lstm_sym.calculus.jacobian import jacobian
from lstm_sym.cells.builder import Cell
from lstm_sym.cells.catalogue import as_recurrence, model, models
from lstm_sym.equality.freeze import freeze
from lstm_sym.errors import ProofError
from lstm_sym.expr.functions import sigmoid, tanh
from lstm_sym.expr.indices import integers
from lstm_sym.expr.nodes import Diag, Named, SumOver, Zeros
from lstm_sym.proof.bounds import bound, known_of, sharpen
from lstm_sym.proof.kernel import assume
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.syntax import call, descending, diag, mul, named, within
from lstm_sym.proof.write import text

n, k = integers("n k")
W, V, a = Named("W", n, n), Named("V", n, n), Named("a", n)


@pytest.mark.parametrize("expression, expected", [
    (W @ V, "‖W V‖_2 ≤ ‖W‖_2 ‖V‖_2"),
    (W + V, "‖W + V‖_2 ≤ ‖W‖_2 + ‖V‖_2"),
    (Diag(tanh(a)) @ W, "‖diag(tanh(a)) W‖_2 ≤ ‖W‖_2"),
    (Diag(sigmoid(a) * (1 - sigmoid(a))) @ W @ V, None),
    (tanh(a) * (W @ a), None),
    (W.T @ V, "‖Wᵀ V‖_2 ≤ ‖W‖_2 ‖V‖_2"),
])
def test_a_bound_is_proved_and_replayed(expression, expected):
    theorem = bound(expression)
    assert recheck(theorem) and not theorem.hypotheses
    assert expected is None or text(theorem.conclusion) == expected


def test_the_slope_of_a_named_state_needs_its_range():
    h = Named("h", n)
    J = Diag(1 - h * h) @ W
    inside = assume(within(freeze(h), -1, 1))
    assert text(bound(J, known=(inside,)).conclusion).endswith("≤ ‖W‖_2")
    assert text(bound(J).conclusion).endswith("(1 + ‖h‖_∞ ‖h‖_∞) ‖W‖_2")


def test_a_form_without_a_rule_is_an_error():
    with pytest.raises(ProofError):
        bound(SumOver(W, k, 1, n))


def test_floats_stay_below_the_bound():
    rng = np.random.default_rng(0)
    for _ in range(200):
        w, x = rng.normal(size=(3, 3)), rng.normal(size=3)
        assert np.linalg.norm(np.diag(np.tanh(x)) @ w, 2) <= np.linalg.norm(w, 2) + 1e-12


CELLS = [row.name for row in models() if row.name != "lstm-concatenated"]


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("kind", ["1", "2", "inf"])
def test_the_jacobian_of_every_cell_has_a_bound(name, kind):
    cell = model(name)
    theorem = bound(jacobian(cell, "h", "h"), kind, known_of(cell))
    assert recheck(theorem) and theorem.conclusion[0] == "le"


def test_a_cell_of_ones_own_has_a_bound():
    cell = Cell("mgu")
    n, m = cell.sizes("n m")
    x, h = cell.input("x", m), cell.state("h", n)
    W_f, W = cell.parameters("W_f W", n, n)
    U_f, U = cell.parameters("U_f U", n, m)
    f = cell.let("f", sigmoid(W_f @ h.previous + U_f @ x))
    g = cell.let("g", tanh(W @ (f * h.previous) + U @ x))
    cell.let(h, (1 - f) * h.previous + f * g)
    mgu = as_recurrence(cell)
    theorem = bound(jacobian(mgu, "h", "h"), "inf", known_of(mgu))
    assert recheck(theorem) and "W_f" in text(theorem.conclusion[2])


@pytest.mark.parametrize("expression, expected", [
    (2 * W, "‖2 W‖_2 ≤ 2 ‖W‖_2"),
    (W @ W @ W, "‖W W W‖_2 ≤ ‖W‖_2 (‖W‖_2 ‖W‖_2)"),
    (Zeros(n, n), "‖0‖_2 ≤ 0"),
])
def test_multiples_and_powers_have_bounds(expression, expected):
    theorem = bound(expression)
    assert recheck(theorem) and (expected is None or text(theorem.conclusion) == expected)


def test_an_ordered_product_is_bounded_by_a_power():
    h = named("h", "n", 1, "k")
    J = descending("k", "l", "T", mul(diag(call("tanh", h)), freeze(W)))
    theorem = bound(J, "2")
    assert recheck(theorem) and theorem.conclusion[2][0] == "^"


def test_diagonal_scaling_sharpens_a_bound():
    s, r = named("s", "n"), named("r", "n")
    theorem = sharpen(W, (s, r))
    assert recheck(theorem) and "‖diag(s) W diag(r)‖" not in text(theorem.conclusion[1])
    assert [text(h) for h in theorem.hypotheses] == ["s ⊙ r = 1"]


def test_a_matrix_of_numbers_is_sent_to_certify():
    with pytest.raises(ProofError, match="certify"):
        bound(np.eye(2))
