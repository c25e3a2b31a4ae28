"""Nets of several layers, of two directions and with an output layer are derived, compiled and checked like any cell."""

import shutil

import numpy as np
import pytest
from compiled_nets import drawn, run

import lstm_sym as ls
from lstm_sym.cells.catalogue import model
from lstm_sym.cells.compose import LOSSES, bidirectional, readout, stacked
from lstm_sym.codegen.numpy import blocks
from lstm_sym.equality.verdicts import Equal
from lstm_sym.expr.functions import sigmoid, softmax
from lstm_sym.expr.nodes import Node

NETS = {
    "two lstms": stacked(model("lstm"), model("lstm")),
    "rnn on gru": stacked(model("gru"), model("rnn")),
    "two directions": bidirectional(model("rnn"), model("rnn")),
    "two layers of two directions": stacked(*[bidirectional(model("rnn"), model("rnn"))] * 2),
    "lstms in two directions": bidirectional(model("lstm"), model("lstm")),
    "peepholes and gru in two directions": bidirectional(model("lstm-peephole"), model("gru-after")),
    "two layers of lstms in two directions": stacked(*[bidirectional(model("lstm"), model("lstm"))] * 2),
}


TARGETS = ("numpy", "c") if any(map(shutil.which, ("cc", "gcc", "clang"))) else ("numpy",)


@pytest.mark.parametrize("name", NETS)
def test_a_net_passes_complex_steps(name):
    report = ls.gradcheck(ls.compile(NETS[name]), methods=("directional complex step",), oracles=False)
    assert report.passed, str(report)


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("target", TARGETS)
def test_a_net_has_the_numbers_of_its_recurrence(name, target):
    agree(NETS[name], target, steps=5)


@pytest.mark.parametrize("name", NETS)
def test_a_net_that_runs_in_many_chunks_has_the_numbers_of_its_recurrence(name, monkeypatch):
    monkeypatch.setattr(blocks, "CHUNK_BYTES", 1)
    monkeypatch.setattr(blocks, "ROWS_A_SAMPLE", 4)
    agree(NETS[name], "numpy", steps=9)


def agree(net, target, steps):
    """Trajectory and every gradient, entry by entry, with sizes that differ."""
    exact, compiled = ls.compile(net, "reference"), ls.compile(net, target)
    sizes = sorted({str(s) for q in (*net.parameters, *net.inputs) for e in q.shape for s in e.free_symbols})
    arguments = drawn(exact, seed=9, T=steps, B=4, **{name: 2 + k % 2 for k, name in enumerate(sizes)})
    expected, found = run(exact, *arguments), run(compiled, *arguments)
    assert expected.keys() == found.keys()
    assert all(abs(found[k] - expected[k]).max() < 1e-12 for k in expected)


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
