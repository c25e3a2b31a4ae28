"""What is certified of a numeric W holds: in exact arithmetic, by the second reader, and in floats along real runs of the net."""
from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import inf, nan
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_sym.errors import BadMatrix, UnknownName
from lstm_sym.proof.balls import (
    MOST,
    diagonal,
    eigenvalue_sizes,
    exact,
    factors,
    floats,
    fractions,
    is_positive_definite,
    matrix,
)
from lstm_sym.proof.certify import certify
from lstm_sym.proof.decay import SMALL, decay, first_below
from lstm_sym.proof.grammar import names
from lstm_sym.proof.growth import growth
from lstm_sym.proof.nets import NETS
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.theory.quadratic import quadratic_growth
from lstm_sym.proof.theory.scaled import scaled_decay
from lstm_sym.proof.write import text

F = Fraction
NILPOTENT = [[2, -4], [1, -2]]                               # spectral radius 0
SCALED = [[0, 4], [F(1, 16), 0]]                             # sigma_max 4, vanishing all the same
ALTERNATING = [[F(9, 10), F(3, 2)], [-1, F(-9, 10)]]         # every principal radius below 1, growing with period 2
PHI = {"tanh": np.tanh, "sigmoid": lambda a: 1 / (1 + np.exp(-a)), "relu": lambda a: np.maximum(a, 0), "linear": lambda a: a}
SLOPE = {"tanh": lambda h: 1 - h * h, "sigmoid": lambda h: h * (1 - h), "relu": lambda h: (h > 0) * 1.0, "linear": np.ones_like}


def normal(seed, n, size=1.0):
    return np.random.default_rng(seed).normal(size=(n, n)) * size / np.sqrt(n)


# --- enclosures ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("n", [1, 2, 5, 9])
@pytest.mark.parametrize("seed", range(4))
def test_the_enclosures_hold_the_floating_point_values(seed, n):
    W = normal(seed, n)
    report = certify(W)
    sigma, rho = np.linalg.norm(W, 2), np.abs(np.linalg.eigvals(W)).max()
    for found, x in ((report.sigma_max, sigma), (report.radius, rho)):
        assert found.low <= found.high and float(found.low) - 1e-9 <= x <= float(found.high) + 1e-9
        assert float(found.high - found.low) < 1e-9 * max(1, x)


@pytest.mark.parametrize("W, radius, rank", [
    (NILPOTENT, 0, 1), ([[F(1, 2), 10], [0, F(1, 2)]], F(1, 2), 2), ([[0]], 0, 0), ([[-2]], 2, 1), ([[1, 0], [0, 1]], 1, 2)])
def test_the_spectral_radius_of_a_defective_or_singular_matrix_is_exact(W, radius, rank):
    report = certify(W)
    assert (report.radius.low, report.radius.high, report.rank) == (radius, radius, rank)


@pytest.mark.parametrize("W", [NILPOTENT, SCALED, normal(0, SMALL)])
def test_the_upper_end_of_sigma_max_is_a_theorem_for_small_matrices(W):
    found = certify(W).sigma_max
    assert found.theorem is not None and recheck(found.theorem) and not found.theorem.hypotheses
    assert found.theorem.conclusion[0] == "le" and found.theorem.conclusion[2] == ("num", found.high)


# --- vanishing ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("W", [SCALED, [[F(1, 2), 10], [0, F(1, 2)]], [[0]], [[0.3, 0.2], [0.1, -0.4]], normal(0, SMALL, 0.6)])
def test_vanishing_is_proved_by_the_kernel_and_replayed(W):
    report = certify(W)
    assert report.verdict == "vanishes" and report.growth is None and report.decay is not None
    t = report.decay.theorem
    assert t is not None and recheck(t) and report.decay.holds(report.W)
    assert len(t.hypotheses) == 1 and text(t.hypotheses[0]).startswith("|φ'_k| ≤ 1")
    assert "→ 0 as k → ∞" in text(t.conclusion)


@pytest.mark.parametrize("n", [2, 8, 20])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_runs_of_the_net_stay_below_the_certified_bound(n, activation):
    W, rng = normal(3, n, 0.45), np.random.default_rng(5)
    found = certify(W, activation).decay
    assert found is not None and found.holds(exact(W))
    h, P = rng.uniform(0, 1, n), np.eye(n)
    for k in range(1, 40):
        h = PHI[activation](W @ h + rng.normal(size=n))
        P = np.diag(SLOPE[activation](h)) @ W @ P
        assert np.linalg.norm(P, 2) <= float(found.spread) * float(found.rate)**k * (1 + 1e-9)


def test_a_certificate_does_not_hold_for_another_matrix():
    found = certify(SCALED).decay
    assert found is not None and not found.holds(exact([[0, 40], [1, 0]]))
    assert not replace(found, norm=F(49, 100)).holds(exact(SCALED))
    assert not replace(found, scale=(F(-1), F(8))).holds(exact(SCALED))


@pytest.mark.parametrize("W", [NILPOTENT, ALTERNATING, [[1]], [[1, 0], [0, 1]], [[-2]]])
def test_vanishing_is_not_certified_where_some_product_does_not_vanish(W):
    assert certify(W).decay is None


@pytest.mark.parametrize("factor, rate, epsilon, k", [
    (1, F(9, 10), F(1, 100), 44), (1, F(1, 2), F(1, 1000), 10), (1, F(99, 100), F(1, 10**6), 1375), (1, F(1, 2), F(1, 8), 4),
    (1, F(1), F(1, 2), None), (1, F(1, 2), F(2), 0), (8, F(1, 2), F(1, 10**6), 23), (1, 1 - F(1, 10**12), F(1, 2), None)])
def test_the_horizon_is_the_first_step_below(factor, rate, epsilon, k):
    assert first_below(F(factor), rate, epsilon) == k


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.fractions(F(1, 10), F(95, 100)), st.fractions(1, 50), st.fractions(F(1, 10**6), F(1, 2)))
def test_the_bound_is_below_epsilon_at_the_horizon_and_not_before(rate, factor, epsilon):
    k = first_below(factor, rate, epsilon)
    assert k is not None and factor * rate**k < epsilon and (k == 0 or factor * rate**(k - 1) >= epsilon)


# --- growth -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("W, activation, period", [
    (NILPOTENT, "tanh", 1), (NILPOTENT, "relu", 1), ([[10, -10], [10, -10]], "sigmoid", 1), ([[1, 1], [-1, 1]], "linear", 1),
    (ALTERNATING, "tanh", 2), ([[-2]], "tanh", 1), (normal(1, SMALL, 1.4), "tanh", 1)])
def test_growth_is_proved_by_the_kernel_and_replayed(W, activation, period):
    report = certify(W, activation)
    found = report.growth
    assert report.verdict == "grows" and report.decay is None and found is not None and found.period == period
    assert found.holds() and found.theorem is not None and recheck(found.theorem) and not found.theorem.hypotheses
    assert "→ ∞ as k → ∞" in text(found.theorem.conclusion)


@pytest.mark.parametrize("W, activation", [
    (NILPOTENT, "tanh"), (NILPOTENT, "relu"), ([[10, -10], [10, -10]], "sigmoid"), (ALTERNATING, "tanh"),
    (normal(1, 9, 1.5), "tanh")])
def test_a_run_with_the_printed_inputs_visits_the_states_and_grows(W, activation):
    W, found = floats(exact(W)), certify(W, activation).growth
    assert found is not None
    h, P = np.array([float(x) for x in found.states[-1]]), np.eye(len(W))
    periods = 12
    for t in range(found.period * periods):
        i = t % found.period
        h = PHI[activation](W @ h + np.array([number(x) for x in found.inputs[i]]))
        assert np.allclose(h, [float(x) for x in found.states[i]], atol=1e-6)
        P = np.diag(SLOPE[activation](h)) @ W @ P
    least = float(found.factor) * float(found.rate)**periods
    assert least > 0 and np.linalg.norm(P, 2)**2 >= least * (1 - 1e-4)


def number(x):
    """The float of an input: a rational, a logarithm, or their sum."""
    match x:
        case ("num", q):
            return float(q)
        case ("log", q):
            return float(np.log(float(q)))
        case ("+", *terms):
            return sum(map(number, terms))
    raise ValueError(x)


def test_a_quadratic_form_that_does_not_grow_is_refused():
    found = growth(exact(NILPOTENT), NETS["tanh"])
    assert found is not None
    assert not replace(found, rate=F(99, 100)).holds() and not replace(found, rate=found.rate * 2).holds()
    assert not replace(found, start=(F(0), F(0))).holds()


@pytest.mark.parametrize("W", [SCALED, [[F(1, 2), 10], [0, F(1, 2)]], [[1, 0], [0, 1]], normal(1, 9, 0.3)])
def test_growth_is_not_certified_where_gradients_stay_bounded(W):
    assert growth(exact(W), NETS["tanh"]) is None


@pytest.mark.parametrize("seed", range(20))
def test_no_matrix_is_certified_both_ways(seed):
    W = exact(normal(seed, 3, 0.9))
    net = NETS["tanh"]
    assert decay(W, net.largest, F(1, 100)) is None or growth(W, net) is None


@pytest.mark.parametrize("theorem", [scaled_decay, quadratic_growth])
def test_the_general_theorems_hold_for_every_size_and_are_replayed(theorem):
    t = theorem()
    assert recheck(t) and ("named", "v" if theorem is quadratic_growth else "W") in names(("and", *t.hypotheses, t.conclusion))


# --- checks -------------------------------------------------------------------------------------------------------

@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.lists(st.integers(-4, 4), min_size=3, max_size=3), min_size=3, max_size=3), st.integers(-3, 3))
def test_positive_definite_means_that_every_exact_factor_is_positive(rows, shift):
    A = matrix(exact(rows))
    M = fractions(A.transpose() * A + matrix(diagonal([F(shift)] * 3)))
    found = factors(M)
    assert is_positive_definite(matrix(M)) == (found is not None and min(found[1]) > 0)


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.lists(st.lists(st.integers(-4, 4), min_size=2, max_size=2), min_size=3, max_size=3))
def test_factors_multiply_to_what_they_factor_even_if_it_is_singular(rows):
    A = np.array(rows, dtype=object)
    M = A @ A.T                                              # positive semidefinite, of rank at most 2
    found = factors(tuple(tuple(F(x) for x in row) for row in M))
    assert found is not None
    R, d = np.array(found[0], dtype=object), np.diag(np.array(found[1], dtype=object))
    assert (R.T @ d @ R == M).all() and min(found[1]) >= 0


def test_sizes_of_eigenvalues_are_enclosed_whatever_their_multiplicity():
    W = exact([[F(1, 3), 1, 0], [0, F(1, 3), 1], [0, 0, F(1, 3)]])
    assert all(low <= F(1, 3) <= high and high - low < F(1, 10**15) for low, high in eigenvalue_sizes(W))


# --- what is read -------------------------------------------------------------------------------------------------

def test_floats_are_read_as_the_numbers_they_are():
    assert exact([[0.1]]) == ((F(3602879701896397, 36028797018963968),),)
    assert exact(np.array([[0.1]], dtype="float32")) == ((F(13421773, 134217728),),)
    assert exact(np.array([[3]], dtype="int8")) == ((F(3),),)


@pytest.mark.parametrize("W", [
    [], [[]], [[1, 2]], [[nan]], [[inf]], [["x"]], [[1, 2], [3]], [[True]], [[None]], "12", [[1j]], [1], np.ones(3),
    np.ones((2, 3)),
    np.array([[1, None]], dtype=object), np.ones((2, 2)) * 1j, np.array([["a"]]), np.ones((1, 1, 1)), np.full((2, 2), nan),
    [[1e300]], [[F(10)**400]], [[1e-300]], np.ones((1, 1), dtype=bool)])
def test_what_is_no_square_matrix_of_finite_numbers_is_an_error(W):
    with pytest.raises(BadMatrix, match="expected"):
        certify(W)


def test_a_matrix_that_is_too_large_is_an_error():
    with pytest.raises(BadMatrix, match=f"at most {MOST}"):
        certify(np.zeros((MOST + 1, MOST + 1)))


@pytest.mark.parametrize("epsilon", [0, -1, inf, nan])
def test_an_epsilon_that_is_not_positive_is_an_error(epsilon):
    with pytest.raises(BadMatrix, match="epsilon"):
        certify([[0]], epsilon=epsilon)


def test_an_activation_without_a_net_is_an_error_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean tanh"):
        certify([[1]], "tan")


@pytest.mark.parametrize("size", [0.05 * 8, 0.6, 1.4])
def test_a_matrix_of_64_units_is_certified_in_seconds(size):
    start = process_time()
    report = certify(normal(1, 64, size))
    assert process_time() - start < 5
    assert report.verdict == {0.4: "vanishes", 0.6: "open", 1.4: "grows"}[size]
