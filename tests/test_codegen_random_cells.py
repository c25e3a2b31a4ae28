"""NumPy and C compute what the recurrence says, for cells nobody has thought of."""

import shutil
from itertools import count
from random import Random

import pytest
from compiled_nets import drawn, run
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from test_codegen_targets import assert_same

from lstm_sym.cells.builder import Cell
from lstm_sym.codegen.compile import compile, lowered, named
from lstm_sym.codegen.lowering.validate import obligations
from lstm_sym.codegen.numpy.source import numpy_programs
from lstm_sym.equality.decide import decide
from lstm_sym.equality.verdicts import Equal
from lstm_sym.errors import NotLowered
from lstm_sym.expr.functions import sigmoid, softplus, tanh

needs_compiler = pytest.mark.skipif(not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="no C compiler here")
FAST = [pytest.param("numpy"), pytest.param("c", marks=needs_compiler)]


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSTM_SYM_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def random_cell(seed):
    """Up to two states and four gates, joined at random: products of products, gates that read gates, peepholes."""
    r, names, cell = Random(seed), count(), Cell(f"random {seed}")
    n, m = cell.sizes("n m")
    x = cell.input("x", m)
    states = [cell.state(name, n) for name in ("h", "s")[: r.choice((1, 2, 2))]]
    known = [s.previous for s in states]

    def total():
        parts = [cell.parameter(f"W_{next(names)}", n, n) @ r.choice(known) for _ in range(r.choice((1, 1, 2)))]
        parts += [cell.parameter(f"U_{next(names)}", n, m) @ x] if r.random() < 0.7 else []
        parts += [cell.parameter(f"p_{next(names)}", n) * r.choice(known)] if r.random() < 0.3 else []
        parts += [cell.parameter(f"b_{next(names)}", n)] if r.random() < 0.7 else []
        return sum(parts[1:], parts[0])

    for k in range(r.randint(1, 4)):
        function = r.choice((sigmoid, sigmoid, tanh, softplus))
        value = total() if r.random() < 0.8 else r.choice(known) * total()
        known.append(cell.let(f"g{k}", function(value)))
    for s in states:
        gate = r.choice(known)
        cell.let(s, r.choice((tanh(total()), gate * s.previous + (1 - gate) * r.choice(known), tanh(gate) * r.choice(known))))
        known.append(s)
    return cell


@pytest.mark.parametrize("target", FAST)
@settings(max_examples=6)
@given(seed=st.integers(0, 10**6), steps=st.integers(1, 4), samples=st.integers(1, 3), n=st.integers(1, 5))
@example(seed=6, steps=2, samples=2, n=2)                    # a state that nothing reads: its gradient is zero, (B, n)
@example(seed=9, steps=2, samples=2, n=2)                    # what two products with one operand leave is carried
@example(seed=16, steps=2, samples=2, n=2)                   # dL/ds[0] reads dL/ds[1], with a term that occurs twice
def test_a_random_cell_runs_as_its_recurrence_says(target, seed, steps, samples, n):
    cell = random_cell(seed)
    try:
        net, plain = compile(cell, target), compile(cell, "reference")
    except NotLowered:
        reject()
    arguments = drawn(plain, seed, 0.5, T=steps, B=samples, n=n)
    assert_same(run(net, *arguments), run(plain, *arguments), 1e-10)


@settings(max_examples=4)
@given(seed=st.integers(0, 10**6))
def test_the_programs_of_a_random_cell_are_proved_equal_to_its_recurrence(seed):
    try:
        model = lowered(named(random_cell(seed))[1], "random")
    except NotLowered:
        reject()
    ahead, behind, fanned = numpy_programs(model)
    owed = obligations(ahead, model.adjoint) + obligations(behind, model.adjoint, fanned)
    assert owed and all(isinstance(decide(o.original, o.lowered, model.adjoint), Equal) for o in owed)
