"""Nets of several layers, of two directions and with an output layer are derived, compiled and checked like any cell."""

import shutil

import numpy as np
import pytest

import lstm_sym as ls
from lstm_sym.cells.catalogue import model
from lstm_sym.cells.compose import LOSSES, bidirectional, readout, stacked
from lstm_sym.equality.verdicts import Equal
from lstm_sym.expr.functions import sigmoid, softmax
from lstm_sym.expr.nodes import Node

NETS = {
    "two lstms": stacked(model("lstm"), model("lstm")),
    "rnn on gru": stacked(model("gru"), model("rnn")),
    "two directions": bidirectional(model("rnn"), model("rnn")),
    "two layers of two directions": stacked(*[bidirectional(model("rnn"), model("rnn"))] * 2),
    "lstms in two directions": bidirectional(model("lstm"), model("lstm")),
}


@pytest.mark.parametrize("name", NETS)
def test_a_net_passes_complex_steps(name):
    target = "reference" if name == "lstms in two directions" else "numpy"
    report = ls.gradcheck(ls.compile(NETS[name], target), methods=("directional complex step",), oracles=False)
    assert report.passed, str(report)


def test_numpy_refuses_what_it_would_compute_wrongly():
    with pytest.raises(ls.LstmSymError, match="target='c'"):
        ls.compile(NETS["lstms in two directions"])


@pytest.mark.skipif(not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="no C compiler here")
def test_c_and_the_reference_agree_on_lstms_in_two_directions():
    net, rng = NETS["lstms in two directions"], np.random.default_rng(9)
    sizes = {"n_f": 3, "n_b": 2, "m": 2}
    params = {p.name: rng.normal(size=[sizes[str(s)] for s in p.shape if s != 1]) for p in net.parameters}
    state = {q.name: rng.normal(size=(4, sizes[str(q.shape[0])])) for q in net.initial}
    x, d = rng.normal(size=(5, 4, 2)), {"y": rng.normal(size=(5, 4, 5))}
    (y, grads), (other, others) = (run(ls.compile(net, target), params, x, state, d) for target in ("reference", "c"))
    assert all(abs(y[k] - other[k]).max() < 1e-12 for k in y) and abs(grads.x - others.x).max() < 1e-12
    for ours, theirs in ((grads.params, others.params), (grads.state, others.state)):
        assert ours.keys() == theirs.keys() and all(abs(ours[k] - theirs[k]).max() < 1e-12 for k in ours)


def run(compiled, params, x, state, d):
    trajectory, tape = compiled.forward(params, x, state)
    return trajectory, compiled.backward(params, tape, d)


def test_a_later_layer_reads_the_one_below_and_both_directions_read_the_input():
    equations = {str(e.lhs): str(e.rhs) for e in NETS["two lstms"].equations}
    assert equations["a_f_2[t]"] == "(W_f_2 @ h_2[t - 1] + U_f_2 @ h_1[t] + b_f_2)"
    assert equations["a_f_1[t]"] == "(W_f_1 @ h_1[t - 1] + U_f_1 @ x[t] + b_f_1)"
    both = {str(e.lhs): str(e.rhs) for e in NETS["two directions"].equations}
    assert both["a_b[t]"] == "(W_b @ h_b[t + 1] + U_b @ x[t] + b_b)" and both["y[t]"] == "[h_f[t]; h_b[t]]"


def test_torch_computes_the_same_with_two_layers_and_with_two_directions():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(7)
    for name, options in (("two lstms", {"num_layers": 2}), ("lstms in two directions", {"bidirectional": True})):
        module = torch.nn.LSTM(2, 3, dtype=torch.float64, **options)
        ends = {"_1": (0, False), "_2": (1, False)} if "num_layers" in options else {"_f": (0, False), "_b": (0, True)}
        params = {k + end: v for end, (layer, reverse) in ends.items()
                  for k, v in ls.params_from_torch(module, layer, reverse).items()}
        state = {k + end: rng.normal(size=(4, 3)) for k in "hc" for end in ends}
        x = rng.normal(size=(5, 4, 2))
        start = tuple(torch.from_numpy(np.stack([state[k + end] for end in ends])) for k in "hc")
        expected = module(torch.from_numpy(x), start)[0].detach().numpy()
        found = ls.compile(NETS[name], "reference").forward(params, x, state)[0]
        assert abs(found["h_2" if "num_layers" in options else "y"] - expected).max() < 1e-12


# --- output layers ------------------------------------------------------------------------------------------------

def by_output(loss: str, y: Node, tau: Node) -> Node:
    p = {"squared": lambda: y, "softmax": lambda: softmax(y), "logistic": lambda: sigmoid(y)}[loss]()
    return (ls.Ones(1, tau.shape[0]) @ tau) * p - tau if loss == "softmax" else p - tau


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("steps", ["every", "last"])
def test_the_gradient_at_the_output_is_prediction_minus_target(loss, steps):
    """With the sum of the targets at the prediction of a softmax, where they need not sum to 1."""
    net = readout(model("rnn"), loss, steps)
    back = ls.backward(net, "L")
    y, tau, T = back.quantity("out"), back.quantity("tau"), net.axes[0].length
    at = net.axes[0].index if steps == "every" else T
    found = next(e.lhs for e in back.equations if str(e.lhs) == "dL/dout[t]")[at]
    assert isinstance(ls.decide(found, by_output(loss, y[at], tau[at]), back), Equal)


def test_a_readout_stands_on_any_net_and_is_compiled_with_it():
    report = ls.gradcheck(ls.compile(readout(NETS["two lstms"], "softmax")), methods=("directional complex step",))
    assert report.passed and ls.latex(ls.backward(readout(NETS["two lstms"], "softmax"), "L"))


def test_another_loss_or_other_steps_are_refused():
    for arguments in (("hinge",), ("squared", "first")):
        with pytest.raises(ls.UnknownName, match="none of"):
            readout(model("rnn"), *arguments)
