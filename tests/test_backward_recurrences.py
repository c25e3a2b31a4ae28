"""Backpropagation through time equals complex steps and dual numbers for every kind of recurrence."""

import gradients as witness
import nets
import numpy as np
import pytest

SIZES = [nets.SIZES, {"n": 1, "m": 1, "q": 3, "T": 1, "D": 1}, {"n": 3, "m": 1, "q": 1, "T": 2, "D": 3}]


@pytest.mark.parametrize("sizes", SIZES, ids=lambda s: " ".join(f"{k}={v}" for k, v in s.items()))
@pytest.mark.parametrize("net", nets.NETS, ids=lambda net: net.__name__)
def test_derived_gradients_are_those_of_complex_steps_and_of_dual_numbers(net, sizes):
    recurrence = net()
    values = witness.drawn(recurrence, sizes, seed=3)
    found = witness.derived(recurrence, sizes, values)
    for by in (witness.by_complex_steps, witness.by_dual_numbers):
        expected = by(recurrence, sizes, values)
        assert witness.largest_gap(found, expected) < 1e-11
        assert all(np.all(expected[key] == 0) for key in expected.keys() - found.keys())
