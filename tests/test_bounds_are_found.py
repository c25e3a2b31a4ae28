"""`bound` proves a norm bound of an expression by itself, and floats never exceed it."""
import numpy as np
import pytest

from lstm_sym.equality.freeze import freeze
from lstm_sym.errors import ProofError
from lstm_sym.expr.functions import sigmoid, tanh
from lstm_sym.expr.indices import integers
from lstm_sym.expr.nodes import Diag, Named, SumOver
from lstm_sym.proof.bounds import bound
from lstm_sym.proof.kernel import assume
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.syntax import within
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
    with pytest.raises(ProofError):
        bound(J)


def test_a_form_without_a_rule_is_an_error():
    with pytest.raises(ProofError):
        bound(SumOver(W, k, 1, n))


def test_floats_stay_below_the_bound():
    rng = np.random.default_rng(0)
    for _ in range(200):
        w, x = rng.normal(size=(3, 3)), rng.normal(size=3)
        assert np.linalg.norm(np.diag(np.tanh(x)) @ w, 2) <= np.linalg.norm(w, 2) + 1e-12
