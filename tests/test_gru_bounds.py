"""The bounds of a GRU that resets after the product hold for random nets, and the Jacobian they are about is the derivative."""
from __future__ import annotations

import numpy as np
import pytest

from lstm_sym.proof.registry import theorem
from lstm_sym.proof.write import text


def sigmoid(a): return 1 / (1 + np.exp(-a))
def size(a): return np.abs(a).sum(axis=1).max()


def drawn(seed, n=3):
    r = np.random.default_rng(seed)
    weights = {k: r.normal(size=(n, n)) * 0.3 for k in ("W_r", "W_z", "W_g")}
    return weights, {k: r.normal(size=n) * 0.5 for k in ("u_r", "u_z", "u_g", "d_g")}, r.uniform(-1, 1, n)


def step(w, u, h):
    r, z = (sigmoid(w[f"W_{k}"] @ h + u[f"u_{k}"]) for k in "rz")
    q = w["W_g"] @ h + u["d_g"]
    g = np.tanh(u["u_g"] + r * q)
    return z * h + (1 - z) * g, (r, z, q, g)


def jacobians(w, u, h):
    """J and M as the theorems have them."""
    _, (r, z, q, g) = step(w, u, h)
    m = np.diag(1 - g ** 2) @ (np.diag(r) @ w["W_g"] + np.diag(q * r * (1 - r)) @ w["W_r"])
    return np.diag(z) + np.diag(1 - z) @ m + np.diag((h - g) * z * (1 - z)) @ w["W_z"], m


@pytest.mark.parametrize("seed", range(30))
def test_the_jacobian_of_the_theorem_is_the_derivative_and_is_bounded(seed):
    w, u, h = drawn(seed)
    j, m = jacobians(w, u, h)
    tiny = 1e-30
    derived = np.column_stack([step(w, u, h + 1j * tiny * e)[0].imag / tiny for e in np.eye(len(h))])
    assert np.allclose(j, derived, rtol=1e-12, atol=1e-14)
    _, (r, z, _, _) = step(w, u, h)
    k = r.max() * size(w["W_g"]) + (size(w["W_g"]) + np.abs(u["d_g"]).max()) * size(w["W_r"]) / 4
    assert size(m) <= k
    assert k > 1 or size(j) <= z.max() + (1 - z.max()) * k + size(w["W_z"]) / 2


def test_the_bound_is_stated_for_the_cell_with_its_second_bias():
    assert text(theorem("gru-after-candidate").conclusion).endswith("≤ x ‖W_g‖_∞ + (1/4) (‖W_g‖_∞ + ‖d_g‖_∞) ‖W_r‖_∞")


def test_the_cell_of_an_lstm_is_bounded_by_the_number_of_its_steps():
    found = theorem("lstm-cell-state")
    assert text(found.conclusion) == "|c_T| ≤ C + Σ_{k=1}^T 1 entrywise"
    assert "|c_0| ≤ C entrywise" in map(text, found.hypotheses)
