"""Total Jacobians, direct partials and tangents equal complex steps on a net whose equation is nudged."""

from dataclasses import replace

import gradients as witness
import nets
import numpy as np
import pytest
from nets import T, U, W, a, b, h, m, n, t, x

from lstm_sym.calculus.jacobian import direct_jacobian
from lstm_sym.calculus.sensitivity import adjoint_sensitivity, sensitivity, transition_product
from lstm_sym.calculus.tangent import tangent
from lstm_sym.errors import NotDefined, ShapeMismatch, UnknownName
from lstm_sym.expr.evaluate import Evaluation, evaluate_affine
from lstm_sym.expr.fields import COMPLEX
from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import Tangent
from lstm_sym.expr.nodes import Diag, Named
from lstm_sym.expr.recurrence import Recurrence

SIZES = {**nets.SIZES, "T": 4}
TOLERANCE = 1e-11


def nudged(recurrence: Recurrence, label: str) -> tuple[Recurrence, str]:
    """The recurrence with v = rhs + nudge in the equations of v: d/d(nudge) is the total derivative by v itself."""
    def equation(e):
        return replace(e, rhs=e.rhs + Named("nudge", *e.lhs.shape, *e.lhs.indices)) if e.lhs.name == label else e

    scans = tuple(replace(scan, equations=tuple(map(equation, scan.equations))) for scan in recurrence.scans)
    extra = tuple(Named("nudge", *e.lhs.shape, *e.lhs.indices) for e in recurrence.equations if e.lhs.name == label)
    return replace(recurrence, scans=scans, given=recurrence.given + extra), "nudge" if extra else label


def jacobians(recurrence, of, by, sizes, values):
    """dv_s/du_k for every member s of `of` and k of `by`, by complex steps: {(s, k): array}."""
    net, entry = nudged(recurrence, by)
    values = {**{key: np.zeros(shape_of(net, "nudge", sizes)) for key in keys(net, "nudge", sizes)}, **values}
    found = {}
    for key in [*keys(net, entry, sizes), *([] if entry == by else keys(recurrence, by, sizes, free=True))]:
        start = witness.in_field(values, COMPLEX)
        for j in range(len(start[key])):
            moved = start[key].copy()
            moved[j, 0] += 1e-30j
            run = Evaluation(net, sizes, {**start, key: moved}, COMPLEX)
            for name, s in keys(net, of, sizes, free=False):
                column = run.quantity(net.quantity(name), s)[:, 0].imag / 1e-30
                found.setdefault((s, key[1]), []).append(column)
    return {at: np.array(columns).T for at, columns in found.items()}


def keys(recurrence, name, sizes, free=None):
    patterns = {None: recurrence.quantities, True: recurrence.free,
                False: [e.lhs for e in recurrence.equations]}[free]
    return list(dict.fromkeys(key for q in patterns if q.name == name for key in witness.members(recurrence, q, sizes)))


def shape_of(recurrence, name, sizes):
    found = [q for q in recurrence.quantities if q.name == name]
    return tuple(evaluate_affine(affine(i), sizes) for i in found[0].shape) if found else ()


PAIRS = [
    (nets.rnn, "h", "h"), (nets.rnn, "a", "h"), (nets.rnn, "h", "a"), (nets.rnn, "h", "x"), (nets.rnn, "h", "b"),
    (nets.lstm, "c", "c"), (nets.lstm, "h", "c"), (nets.lstm, "c", "h"), (nets.lstm, "h", "x"), (nets.lstm, "h", "b_f"),
    (nets.lstm, "h", "i"), (nets.lstm, "c", "a_o"), (nets.peephole_lstm, "c", "c"), (nets.peephole_lstm, "h", "p_f"),
    (nets.stacked_lstm, "c", "c"), (nets.stacked_lstm, "h", "a"), (nets.stacked_lstm, "c", "x"),
    (nets.grid, "h", "h"), (nets.grid, "h", "z"), (nets.grid, "h", "b"), (nets.with_running_sum, "r", "h"),
    (nets.with_running_sum, "r", "b"), (nets.bidirectional, "e", "h"), (nets.bidirectional, "e", "r"),
    (nets.bidirectional, "e", "x"), (nets.bidirectional, "r", "r_end"), (nets.variational, "z", "z"),
    (nets.variational, "kl", "h"), (nets.variational, "h", "eps"), (nets.variational, "z", "b"),
    (nets.computed_start, "h", "h"), (nets.computed_start, "h", "h_start"), (nets.computed_start, "h", "k"),
    (nets.with_time_sum, "L", "h"), (nets.with_double_sum, "L", "h"), (nets.with_condition, "L", "a"),
    (nets.softmax_readout, "L", "y"), (nets.softmax_readout, "L", "h"),
]


@pytest.mark.parametrize("derive", [sensitivity, adjoint_sensitivity])
@pytest.mark.parametrize("net, of, by", PAIRS, ids=lambda p: getattr(p, "__name__", p))
def test_total_jacobians_are_those_of_complex_steps_forward_and_backward(net, of, by, derive):
    recurrence = net()
    values = witness.drawn(recurrence, SIZES, seed=5)
    derived = derive(recurrence, of, by)
    run = Evaluation(derived, SIZES, {key: np.asarray(v, dtype=float) for key, v in values.items()})
    expected = jacobians(recurrence, of, by, SIZES, values)
    compared = 0
    for out in derived.outputs:
        for _, at in witness.members(derived, out, SIZES):
            s, k = at[:out.label.arity], at[out.label.arity:]
            found = run.quantity(out, at)
            assert np.max(np.abs(found - expected[s, k].reshape(found.shape))) < TOLERANCE, (out, at)
            compared += 1
    assert compared == sum(s in {s for _, s in keys_of_general(recurrence, of)} for s, _ in expected)


def keys_of_general(recurrence, of):
    return witness.members(recurrence, recurrence.quantity(of), SIZES)


f, o = Named("f", n)[t], Named("o", n)[t]
theta = Named("theta", n)[t]


def test_the_direct_partial_of_the_rnn_state_is_diag_of_the_slope_times_the_weights():
    net, slope = nets.rnn(), Diag(1 - h[t] * h[t])
    assert direct_jacobian(net, h[t], h[t - 1]) == slope @ W
    assert direct_jacobian(net, h[t], x[t]) == slope @ U
    assert direct_jacobian(net, h[t], b) == direct_jacobian(net, h[t], a[t]) == slope
    assert direct_jacobian(net, h[T], h[T - 1]) == Diag(1 - h[T] * h[T]) @ W
    assert direct_jacobian(net, h[t], h[t - 2]).func.__name__ == "Zeros"


def test_the_direct_partial_of_the_cell_by_the_cell_before_is_diag_of_the_forget_gate():
    net, before, cell = nets.lstm(), Named("c", n)[t - 1], Named("c", n)[t]
    assert direct_jacobian(net, cell, before) == Diag(f)
    assert direct_jacobian(net, h[t], cell) == Diag(o * (1 - theta * theta))
    assert direct_jacobian(net, h[t], before) == Diag(o * (1 - theta * theta) * f)


BLOCKS = [(net, of, by) for net in (nets.lstm, nets.peephole_lstm, nets.stacked_lstm)
          for of in "hc" for by in "hcx"] + [(nets.variational, "h", "h"), (nets.grid, "h", "h")]


@pytest.mark.parametrize("net, of, by", BLOCKS, ids=lambda p: getattr(p, "__name__", p))
def test_direct_partials_are_the_total_jacobians_of_one_step(net, of, by):
    recurrence, sizes = net(), {**SIZES, "T": 1}
    values = witness.drawn(recurrence, sizes, seed=7)
    before = 1 if by == "x" else 0
    source = Named(by, *recurrence.quantity(by).shape)[recurrence.quantity(by).indices]
    source = source if by == "x" else source[(t - 1, *source.indices[1:])]
    J = direct_jacobian(recurrence, recurrence.quantity(of), source)
    run = Evaluation(recurrence, sizes, {key: np.asarray(v, dtype=float) for key, v in values.items()})
    depth = (1,) * (len(source.indices) - 1)
    expected = jacobians(recurrence, of, by, sizes, values)[(1, *depth), (before, *depth)]
    assert np.max(np.abs(run(J, {"t": 1, "l": 1}) - expected)) < TOLERANCE


def test_the_total_jacobian_of_the_rnn_is_the_ordered_product_with_the_latest_factor_on_the_left():
    net = nets.rnn()
    values = {k: np.asarray(v, dtype=float) for k, v in witness.drawn(net, SIZES, seed=9).items()}
    derived = sensitivity(net, "h", "h")
    run, product = Evaluation(derived, SIZES, values), transition_product(net, "h")
    for start in range(SIZES["T"] + 1):
        total = run.quantity(derived.outputs[0], (SIZES["T"], start))
        assert np.max(np.abs(run(product, {"t": start}) - total)) < TOLERANCE


@pytest.mark.parametrize("net, state", [(nets.lstm, "c"), (nets.lstm, "h"), (nets.grid, "h"), (nets.bidirectional, "r"),
                                        (nets.with_running_sum, "r")])
def test_a_state_that_does_not_carry_the_past_alone_has_no_product(net, state):
    with pytest.raises(NotDefined):
        transition_product(net(), state)


DIRECTIONS = [{"W": Named("dW", n, n)}, {"b": Named("db", n)}, {"x": Named("dx", m)[t]}, {"h": Named("dh", n)[0]},
              {"W": Named("dW", n, n), "h": Named("dh", n)[0], "x": Named("dx", m)[t]}]
MOVED = [net for net in nets.NETS if net not in (nets.grid, nets.grid_over_all)]


@pytest.mark.parametrize("net", MOVED, ids=lambda net: net.__name__)
@pytest.mark.parametrize("along", DIRECTIONS, ids=" ".join)
def test_tangents_are_the_derivatives_along_a_direction(net, along):
    recurrence = net()
    along = {name: d for name, d in along.items() if any(
        q.name == name and q.indices == d.indices and q.shape == d.shape for q in recurrence.free)}
    if not along:
        return
    derived = tangent(recurrence, along)
    values = witness.drawn(derived, nets.SIZES, seed=11)
    moved = {key: np.asarray(v, dtype=complex) for key, v in values.items()}
    for name, direction in along.items():
        for _, at in witness.members(recurrence, direction, nets.SIZES):
            moved[name, at] = moved[name, at] + 1e-30j * moved[direction.name, at]
    nudged_run = Evaluation(recurrence, nets.SIZES, moved, COMPLEX)
    run = Evaluation(derived, nets.SIZES, {key: np.asarray(v, dtype=float) for key, v in values.items()})
    for e in derived.equations:
        if isinstance(e.lhs.label, Tangent):
            plain = Named(e.lhs.label.of, *e.lhs.shape, *e.lhs.indices)
            for _, at in witness.members(derived, e.lhs, nets.SIZES):
                slope = nudged_run.quantity(plain, at).imag / 1e-30
                assert np.max(np.abs(run.quantity(e.lhs, at) - slope)) < TOLERANCE, (e.lhs, at)


def test_what_does_not_move_has_no_tangent_and_h0_has_its_own():
    derived = tangent(nets.rnn(), {"W": Named("dW", n, n)})
    first = next(e for e in derived.equations if str(e.lhs.label) == "D[dW]a")
    assert str(first.rhs) == "(dW @ h[t - 1] + [t - 2 >= 0] W @ D[dW]h[t - 1])"
    from_start = tangent(nets.rnn(), {"h": Named("u", n)[0]})
    assert [str(e.lhs) for e in from_start.equations if not e.over] == ["D[u]h[0]"]


def test_questions_without_an_answer_are_refused_by_name():
    net = nets.rnn()
    with pytest.raises(NotDefined, match="tangent"):
        sensitivity(net, "h", "W")
    with pytest.raises(NotDefined, match="tangent"):
        direct_jacobian(net, h[t], W)
    with pytest.raises(UnknownName, match="x"):
        direct_jacobian(net, x[t], h[t])
    with pytest.raises(UnknownName, match="no quantity"):
        sensitivity(net, "h", "nothing")
    with pytest.raises(UnknownName, match="direction"):
        tangent(net, {"h": Named("u", n)[t]})
    with pytest.raises(ShapeMismatch):
        tangent(net, {"W": Named("u", n)})
