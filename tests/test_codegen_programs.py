"""Programs: each is proved equal to its recurrence, and a wrong one is not."""

from dataclasses import replace

import pytest
from compiled_nets import FEW, MODELS

from lstm_sym.codegen.compile import lowered, named, source
from lstm_sym.codegen.lowering.lower import lower
from lstm_sym.codegen.lowering.program import Affine, Compute, Contract, Fan
from lstm_sym.codegen.lowering.validate import obligations
from lstm_sym.codegen.numpy.source import numpy_programs
from lstm_sym.equality.decide import decide
from lstm_sym.equality.verdicts import Equal
from lstm_sym.errors import NotLowered
from lstm_sym.expr.indices import integers
from lstm_sym.expr.nodes import Named
from lstm_sym.expr.recurrence import Axis, Recurrence, Scan


def verdicts(owed, given):
    return {o.step: type(decide(o.original, o.lowered, given)).__name__ for o in owed}


@pytest.mark.parametrize("name", FEW)
def test_every_quantity_of_the_plain_program_is_proved_equal_to_its_equation(name):
    model = lowered(named(MODELS[name])[1], name)
    owed = obligations(model.forward, model.adjoint) + obligations(model.backward, model.adjoint)
    assert owed and set(verdicts(owed, model.adjoint).values()) == {"Equal"}


@pytest.mark.parametrize("name", MODELS)
def test_every_quantity_of_the_numpy_program_is_proved_equal_to_its_equation(name):
    model = lowered(named(MODELS[name])[1], name)
    ahead, behind, fanned = numpy_programs(model)
    owed = obligations(ahead, model.adjoint) + obligations(behind, model.adjoint, fanned)
    assert owed and set(verdicts(owed, model.adjoint).values()) == {"Equal"}


def changed(program, kind, change):
    """`program` with the first instruction of a kind changed."""
    done = []

    def once(i):
        if isinstance(i, kind) and not done and (new := change(i)) is not None:
            done.append(new)
            return new
        return i

    blocks = tuple(replace(b, instructions=tuple(map(once, b.instructions))) for b in program.blocks)
    assert done
    return replace(program, blocks=blocks)


def swap(pair):
    return (pair[1], pair[0], *pair[2:])


WRONG = {
    "gates in another order":     ("forward",  Affine,   lambda i: replace(i, targets=swap(i.targets))),
    "a bias at another gate":     ("forward",  Affine,   lambda i: replace(i, bases=swap(i.bases))),
    "state of the step itself":   ("forward",  Compute,  lambda i: replace(i, value=i.value + i.value)),
    "gradients exchanged":        ("backward", Contract, lambda i: replace(i, targets=swap(i.targets))),
    "a sum without its end":      ("backward", Contract, lambda i: replace(i, high=i.high - 1)),
    "a sum from the second step": ("backward", Contract, lambda i: replace(i, low=i.low + 1)),
    "a weight at another gate":   ("backward", Affine,   lambda i: replace(i, terms=(replace(
        i.terms[0], matrices=(swap(i.terms[0].matrices[0]),)), *i.terms[1:]))),
}


@pytest.mark.parametrize("which, kind, change", WRONG.values(), ids=WRONG)
def test_a_wrong_lowering_is_refused(which, kind, change):
    model = lowered(named("lstm")[1], "lstm")
    program = changed(getattr(model, which), kind, change)
    assert set(verdicts(obligations(program, model.adjoint), model.adjoint).values()) != {"Equal"}


def test_local_derivatives_at_the_wrong_target_are_refused():
    model = lowered(named("lstm")[1], "lstm")
    _, behind, fanned = numpy_programs(model)
    wrong = changed(behind, Fan, lambda i: replace(i, locals=swap(i.locals)))
    assert set(verdicts(obligations(wrong, model.adjoint, fanned), model.adjoint).values()) != {"Equal"}


def test_gates_of_an_lstm_share_one_product_and_gradients_one_sum():
    model = lowered(named("lstm")[1], "lstm")
    loop = next(b for b in model.forward.blocks if b.kind == "loop")
    assert [len(i.targets) for i in loop.instructions if isinstance(i, Affine)] == [4]
    sums = [i for b in model.backward.blocks for i in b.instructions if isinstance(i, Contract)]
    assert [len(i.targets) for i in sums] == [4, 4, 4]


def test_products_of_the_input_are_outside_the_loop():
    model = lowered(named("lstm")[1], "lstm")
    loop = next(b for b in model.forward.blocks if b.kind == "loop")
    products = [t for i in loop.instructions if isinstance(i, Affine) for t in i.terms]
    assert products and not any(v.name == "x" for t in products for v in t.operands)


@pytest.mark.parametrize("name", ["lstm", "lstm-peephole", "lstm-fgr", "gru"])
def test_the_input_enters_all_gates_by_one_product_for_many_steps(name):
    assert sum(line.strip().startswith("# in_") for line in source(name).splitlines()) == 1


def test_the_size_of_a_program_depends_on_no_length():
    model = lowered(named("lstm")[1], "lstm")
    assert sum(len(b.instructions) for p in (model.forward, model.backward) for b in p.blocks) < 30


def test_two_axes_are_refused_with_a_reason():
    t, s, n, T, S = integers("t s n T S")
    two = Recurrence((Axis(t, T), Axis(s, S)), initial=(Named("h", n, 1, 0, s),), scans=(Scan(()),))
    with pytest.raises(NotLowered, match="one time axis, this recurrence has: t, s"):
        lower(two)


def test_decide_proves_what_is_owed_and_nothing_else():
    model = lowered(named("rnn")[1], "rnn")
    first, second = obligations(model.forward, model.adjoint)[:2]
    assert isinstance(decide(first.original, first.lowered, model.adjoint), Equal)
    assert not isinstance(decide(first.original, second.lowered, model.adjoint), Equal)
