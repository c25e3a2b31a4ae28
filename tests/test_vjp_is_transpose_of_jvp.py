"""Reverse mode is the transpose of forward mode, and forward mode the complex step, for every node."""

import pytest
import rules

from lstm_sym.expr.fields import EXACT

EXAMPLES = pytest.mark.parametrize("name", rules.EXAMPLES)
COLUMNS = [name for name, e in rules.EXAMPLES.items() if rules.is_column(e) and rules.reads_vectors(e)]
SIZES = pytest.mark.parametrize("sizes", rules.SIZES, ids=lambda s: " ".join(f"{k}={v}" for k, v in s.items()))


@EXAMPLES
@SIZES
@pytest.mark.parametrize("seed", range(3))
def test_the_vjp_is_the_transpose_of_the_jvp(name, sizes, seed):
    assert rules.vjp_is_not_transposed(rules.EXAMPLES[name], sizes, seed) is None


@pytest.mark.parametrize("name", rules.POLYNOMIAL)
@SIZES
def test_the_vjp_is_exactly_the_transpose_of_the_jvp_where_values_are_rational(name, sizes):
    assert rules.vjp_is_not_transposed(rules.EXAMPLES[name], sizes, 4, EXACT) is None


@EXAMPLES
@SIZES
def test_the_jvp_is_the_complex_step(name, sizes):
    assert rules.jvp_is_not_a_complex_step(rules.EXAMPLES[name], sizes, 5) is None


@pytest.mark.parametrize("name", COLUMNS)
@SIZES
def test_the_jacobian_is_that_of_complex_steps(name, sizes):
    assert rules.jacobian_is_not_of_complex_steps(rules.EXAMPLES[name], sizes, 6) is None
