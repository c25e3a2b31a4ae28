"""gradcheck accepts right gradients of every target and refuses a gradient that is wrong in one entry."""

import shutil

import numpy as np
import pytest
from compiled_nets import MODELS, drawn

from lstm_sym.codegen.compile import compile
from lstm_sym.codegen.compiled import Gradients
from lstm_sym.codegen.gradcheck import Report, Row, gradcheck
from lstm_sym.codegen.weights.torch_layout import params_from_torch, params_to_torch
from lstm_sym.errors import BadArgument

needs_compiler = pytest.mark.skipif(not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="no C compiler here")
TARGETS = ["numpy", "reference", pytest.param("c", marks=needs_compiler)]


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSTM_SYM_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["rnn", "mgu", "two layers"])
def test_gradients_agree_with_complex_steps_and_differences(name, target):
    report = gradcheck(compile(MODELS[name], target), oracles=False)
    assert report.passed, str(report)
    assert {row.method for row in report.rows} == {"complex step", "directional complex step", "central difference"}


def test_single_precision_is_checked_against_double():
    report = gradcheck(compile("lstm", "numpy", np.float32), oracles=False)
    assert report.passed, str(report)


class Wrong:
    """A net whose gradient by one parameter is wrong by a relative amount in one entry."""

    def __init__(self, net, amount):
        self.net, self.amount, self.signature, self.as_complex = net, amount, net.signature, net.as_complex

    def forward(self, params, x, state):
        return self.net.forward(params, x, state)

    def backward(self, params, tape, weights):
        g = self.net.backward(params, tape, weights)
        W = g.params["W_f"].copy()
        W.flat[np.abs(W).argmin()] *= 1 + self.amount
        return Gradients({**g.params, "W_f": W}, g.x, g.state)


@pytest.mark.parametrize("method", ["complex step", "directional complex step"])
@pytest.mark.parametrize("seed", range(5))
def test_an_entry_wrong_by_a_tenth_of_a_percent_is_caught(method, seed):
    assert not gradcheck(Wrong(compile("lstm"), 1e-3), seed=seed, methods=(method,), oracles=False).passed
    assert gradcheck(Wrong(compile("lstm"), 0.0), seed=seed, methods=(method,), oracles=False).passed


def test_an_entry_wrong_by_a_tenth_of_a_percent_escapes_the_gradcheck_of_torch():
    torch = pytest.importorskip("torch", reason="torch is not installed")
    net = Wrong(compile("lstm"), 1e-3)
    params, x, state, weights = drawn(net, T=4, B=2)

    class Forward(torch.autograd.Function):
        """Our net as a function of W_f, with the wrong gradient."""

        @staticmethod
        def forward(ctx, W):
            trajectory, ctx.tape = net.forward({**params, "W_f": W.detach().numpy().copy()}, x, state)
            return torch.tensor(float((trajectory["h"] * weights["h"]).sum()), dtype=W.dtype)

        @staticmethod
        def backward(ctx, g):
            at = ctx.tape.call.params
            return g * torch.from_numpy(net.backward(at, ctx.tape, {"h": weights["h"]}).params["W_f"])

    W = torch.from_numpy(params["W_f"]).requires_grad_()
    assert torch.autograd.gradcheck(Forward.apply, (W,))
    assert torch.autograd.gradcheck(Forward.apply, (W,), fast_mode=True)
    assert not gradcheck(net, params, x, state, methods=("complex step",), oracles=False).passed


def test_a_net_that_takes_no_complex_numbers_is_checked_by_differences():
    net = Wrong(compile("lstm"), 0.0)
    net.as_complex = None
    assert {row.method for row in gradcheck(net, oracles=False).rows} == {"central difference"}
    net.amount = 1e-1
    assert not gradcheck(net, oracles=False).passed


def test_a_report_without_comparisons_has_not_passed_and_nan_is_no_agreement():
    assert not Report(()).passed and not Row("W", "complex step", float("nan"), 1.0).passed
    assert "FAIL" in str(Report((Row("W", "complex step", 1.0, 1e-3),)))


def test_without_a_signature_arguments_are_asked_for():
    class Bare:
        pass

    with pytest.raises(BadArgument, match="give params, x and state"):
        gradcheck(Bare())


@pytest.mark.parametrize("name", ["rnn", "lstm"])
@pytest.mark.parametrize("library", ["torch", "jax", "onnx"])
def test_another_library_computes_the_same(name, library):
    pytest.importorskip(library, reason=f"{library} is not installed")
    report = gradcheck(compile(name))
    assert report.passed and any(library in row.method for row in report.rows), str(report)


@pytest.mark.parametrize("name", ["rnn", "lstm"])
def test_parameters_go_to_the_layout_of_torch_and_back(name):
    params = drawn(compile(name), T=1, B=1)[0]
    arrays = params_to_torch(params, layer=2)
    back = params_from_torch(arrays, layer=2)
    assert back.keys() == params.keys() and all((back[k] == params[k]).all() for k in params)
    if name == "lstm":
        assert (arrays["weight_hh_l2"][:4] == params["W_i"]).all()
        assert (arrays["weight_ih_l2"][-4:] == params["U_o"]).all()


def test_both_biases_count():
    arrays = params_to_torch(drawn(compile("rnn"), T=1, B=1)[0])
    doubled = {**arrays, "bias_hh_l0": arrays["bias_ih_l0"]}
    assert (params_from_torch(doubled)["b"] == 2 * arrays["bias_ih_l0"]).all()


def test_other_modules_and_names_are_refused():
    with pytest.raises(BadArgument, match="lacks weight_ih_l0"):
        params_from_torch({"weight": np.ones((2, 2))})
    with pytest.raises(BadArgument, match="no RNN, LSTM or GRU"):
        params_from_torch({"weight_ih_l0": np.ones((10, 2)), "weight_hh_l0": np.ones((10, 2))})
    with pytest.raises(BadArgument, match="no RNN, LSTM or GRU"):
        params_to_torch({"W": np.ones((2, 2))})
