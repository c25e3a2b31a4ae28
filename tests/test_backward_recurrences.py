"""Backpropagation through time equals complex steps and dual numbers for every kind of recurrence."""

from time import process_time

import gradients as witness
import nets
import numpy as np
import pytest

from lstm_sym.calculus.backward import backward
from lstm_sym.calculus.unroll import unroll
from lstm_sym.expr.evaluate import Evaluation
from lstm_sym.expr.nodes import Named, Ones, SumOver
from lstm_sym.expr.recurrence import Equation, once
from lstm_sym.expr.substitute import nodes_in

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


@pytest.mark.parametrize("net", [nets.with_time_sum, nets.lstm, nets.grid, nets.bidirectional, nets.with_product])
def test_backward_twice_gives_the_hessian_vector_product(net):
    """The gradient of <dL/dW, V> is the complex step of dL/dW along V."""
    recurrence, sizes = net(), nets.SIZES
    first = backward(recurrence, "L")
    slope = gradient = first.outputs[0]
    direction = Named("direction", *slope.shape, *slope.indices)
    along = Ones(1, slope.shape[0]) @ (slope * direction) @ Ones(slope.shape[1], 1)
    for axis in recurrence.axes:
        along = SumOver(along, axis.index, 1, axis.length) if axis.index in slope.indices else along
    target = Named("s", 1, 1)
    inner = first.then(once(Equation(target, along)), given=(*first.given, direction))
    second = backward(inner, "s")
    values = witness.drawn(inner, sizes, seed=19)
    run = Evaluation(second, sizes, witness.in_field(values, witness.FLOAT))
    moved = witness.in_field(values, witness.COMPLEX)
    of = str(gradient.label.by)
    for key in [key for key in moved if key[0] == of]:
        moved[key] = moved[key] + 1e-30j * moved["direction", key[1]]
    stepped = Evaluation(first, sizes, moved, witness.COMPLEX)
    compared = 0
    for out in second.outputs:
        if str(out.label.by) == of:
            for _, at in witness.members(second, out, sizes):
                expected = stepped.quantity(gradient, at).imag / 1e-30
                assert np.max(np.abs(run.quantity(out, at) - expected)) < 1e-11
                compared += 1
    assert compared


def test_the_lstm_is_differentiated_at_symbolic_length_in_milliseconds():
    net = nets.lstm()
    backward(net, "L")
    start = process_time()
    backward(net, "L")
    assert process_time() - start < 0.25                     # 10 ms on an idle machine


def test_the_derived_equations_of_an_unrolled_net_grow_linearly_with_its_length():
    sizes = {steps: nodes_of(backward(unroll(nets.lstm(), {"T": steps}), "L")) for steps in (4, 8, 16)}
    assert sizes[16] - sizes[8] == 2 * (sizes[8] - sizes[4])


def nodes_of(recurrence):
    """Nodes of all right sides."""
    return sum(len(nodes_in(e.rhs)) for e in recurrence.equations)


@pytest.mark.bench
def test_256_unrolled_lstm_steps_are_differentiated_in_two_seconds():
    for steps in (64, 128, 256):
        flat = unroll(nets.lstm(), {"T": steps})
        start = process_time()
        backward(flat, "L")
        spent = process_time() - start
        print(f"{steps} steps: {spent:.2f} s")
    assert spent < 2
