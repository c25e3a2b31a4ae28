"""Certificates about a numeric W hold exactly, and agree with floats."""
from fractions import Fraction
from math import inf, nan
from time import process_time

import numpy as np
import pytest

from lstm_sym.errors import BadMatrix, UnknownName
from lstm_sym.proof.certify import certify, exact, first_below

F = Fraction


@pytest.mark.parametrize("seed", range(12))
def test_the_enclosures_hold_the_floating_point_values(seed):
    W = np.random.default_rng(seed).normal(size=(5, 5)) * 0.4
    report = certify(W.tolist())
    sigma, rho = np.linalg.norm(W, 2), np.abs(np.linalg.eigvals(W)).max()
    assert float(report.sigma_max[0]) - 1e-9 <= sigma <= float(report.sigma_max[1]) + 1e-9
    assert report.radius is not None and float(report.radius[0]) - 1e-9 <= rho <= float(report.radius[1]) + 1e-9


def test_a_scaling_certifies_vanishing_where_the_norm_does_not():
    W = [[F(0), F(4)], [F(1, 16), F(0)]]                     # sigma_max = 4, spectral radius 1/2
    report = certify(W)
    assert report.sigma_max[0] > 1 and report.vanishes and report.growth is None
    assert report.scaling is not None and report.scaling.holds(exact(W))


def test_growing_units_are_found_although_the_spectral_radius_is_zero():
    W = [[2, -4], [1, -2]]
    report = certify(W)
    assert report.growth is not None and report.growth.units == (0,) and report.growth.holds(exact(W))
    assert not report.vanishes


def test_a_certificate_does_not_hold_for_another_matrix():
    report = certify([[F(0), F(4)], [F(1, 16), F(0)]])
    assert report.scaling is not None and not report.scaling.holds(exact([[0, 40], [1, 0]]))


@pytest.mark.parametrize("rate, epsilon, k", [(F(9, 10), F(1, 100), 44), (F(1, 2), F(1, 1000), 10),
                                              (F(99, 100), F(1, 10**6), 1375),
                                              (F(1, 2), F(1, 8), 4), (F(1), F(1, 2), None), (F(1, 2), F(2), 0)])
def test_the_horizon_is_the_first_step_below(rate, epsilon, k):
    assert first_below(rate, epsilon) == k


@pytest.mark.parametrize("W", [[], [[1, 2]], [[nan]], [[inf]], [["x"]], [[1, 2], [3]]])
def test_what_is_no_square_matrix_of_numbers_is_an_error(W):
    with pytest.raises(BadMatrix):
        certify(W)


def test_an_activation_without_a_slope_is_an_error():
    with pytest.raises(UnknownName):
        certify([[1]], "exp")


def test_a_matrix_of_64_units_is_certified_in_seconds():
    W = np.random.default_rng(1).normal(size=(64, 64)) / 20
    start = process_time()
    assert certify(W.tolist()).sigma_max[1] > 0
    assert process_time() - start < 10
