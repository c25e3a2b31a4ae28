"""NumPy and C compute what the recurrence says, at every size, for every model, each time the same."""

import json
import shutil
import threading
from math import log
from pathlib import Path

import numpy as np
import pytest
from compiled_nets import FEW, MODELS, drawn, run
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_sym.codegen.compile import compile, source
from lstm_sym.codegen.numpy import blocks
from lstm_sym.errors import BadArgument, NoCompiler, NotLowered, UnknownName

needs_compiler = pytest.mark.skipif(not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="no C compiler here")
FAST = [pytest.param("numpy"), pytest.param("c", marks=needs_compiler)]


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSTM_SYM_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def assert_same(found, expected, rtol=1e-11):
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name].shape == value.shape and found[name].dtype == value.dtype, name
        atol = rtol * (1 + np.abs(value).max(initial=0))
        np.testing.assert_allclose(found[name], value, rtol=rtol, atol=atol, err_msg=name)


@pytest.mark.parametrize("target", FAST)
@pytest.mark.parametrize("name", FEW)
def test_a_fast_target_agrees_with_the_recurrence_as_it_stands(name, target):
    net, plain = compile(FEW[name], target), compile(FEW[name], "reference")
    for steps, samples in ((1, 1), (5, 3), (4, 8)):
        arguments = drawn(plain, T=steps, B=samples)
        assert_same(run(net, *arguments), run(plain, *arguments))


@needs_compiler
@pytest.mark.parametrize("samples, n", [(7, 300), (1, 257)])
def test_a_product_deeper_than_a_block_of_the_cache_is_whole(samples, n):
    net, other = compile("lstm", "c"), compile("lstm", "numpy")
    arguments = drawn(net, 3, 0.1, T=4, B=samples, n=n, m=2)
    assert_same(run(net, *arguments), run(other, *arguments))


@pytest.mark.parametrize("name", MODELS)
def test_every_model_runs_in_many_chunks_as_in_one(name, monkeypatch):
    arguments = drawn(compile(MODELS[name]), T=9, B=4, n=2)
    whole = run(compile(MODELS[name]), *arguments)
    monkeypatch.setattr(blocks, "CHUNK_BYTES", 1)
    monkeypatch.setattr(blocks, "ROWS_A_SAMPLE", 4)
    assert_same(run(compile(MODELS[name]), *arguments), whole)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_of_the_catalogue_runs_as_its_recurrence_says(name):
    net, plain = compile(MODELS[name]), compile(MODELS[name], "reference")
    arguments = drawn(plain, T=4, B=2, n=2)
    assert_same(run(net, *arguments), run(plain, *arguments))


@pytest.mark.parametrize("target", FAST)
@settings(max_examples=25)
@given(steps=st.integers(0, 9), samples=st.integers(0, 9), n=st.integers(1, 70), m=st.integers(1, 5),
       seed=st.integers(0, 99))
def test_an_lstm_agrees_with_a_loop_written_by_hand_at_every_size(target, steps, samples, n, m, seed):
    net = compile("lstm", target)
    p, x, state, _ = drawn(net, seed, 0.5, T=steps, B=samples, n=n, m=m)
    trajectory, _ = net.forward(p, x, state)
    h, c = state["h"], state["c"]
    for t in range(steps):
        i, f, o = (1 / (1 + np.exp(-(h @ p[f"W_{k}"].T + x["x"][t] @ p[f"U_{k}"].T + p[f"b_{k}"]))) for k in "ifo")
        c = f * c + i * np.tanh(h @ p["W_g"].T + x["x"][t] @ p["U_g"].T + p["b_g"])
        h = o * np.tanh(c)
        np.testing.assert_allclose(trajectory["h"][t], h, rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(trajectory["c"][t], c, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("target", FAST)
@settings(max_examples=10)
@given(steps=st.integers(0, 60), samples=st.integers(0, 7), n=st.integers(1, 40), m=st.integers(1, 3),
       seed=st.integers(0, 99))
def test_gradients_are_the_same_at_every_size_whichever_program_computes_them(target, steps, samples, n, m, seed):
    net, other = compile("lstm", target), compile("lstm-concatenated", "numpy")
    p, x, state, weights = drawn(net, seed, 0.5, T=steps, B=samples, n=n, m=m)
    joined = {f"W_{k}": np.concatenate([p[f"W_{k}"], p[f"U_{k}"]], axis=1) for k in "ifog"}
    joined |= {f"b_{k}": p[f"b_{k}"] for k in "ifog"}
    found, expected = run(net, p, x, state, weights), run(other, joined, x, state, weights)
    for k in "ifog":
        whole = expected.pop(f"params W_{k}")
        expected[f"params W_{k}"], expected[f"params U_{k}"] = whole[:, :n], whole[:, n:]
    assert_same(found, expected, 1e-10)


@pytest.mark.parametrize("target", FAST)
@pytest.mark.parametrize("scale", [0.0, 5e-324, 1e-310, 1e-160, 40.0, 1e3])
def test_zeros_denormal_numbers_and_saturation_are_computed_as_the_recurrence_says(target, scale):
    net, plain = compile("lstm", target), compile("lstm", "reference")
    arguments = drawn(plain, 3, scale, T=4, B=2)
    found = run(net, *arguments)
    assert all(np.isfinite(v).all() for v in found.values())
    assert_same(found, run(plain, *arguments), 1e-10)


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("target", FAST)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_stays_nan_and_infinity_saturates(target, bad):
    net, plain = compile("rnn", target), compile("rnn", "reference")
    p, x, state, _ = drawn(plain, T=2, B=1)
    x["x"][0, 0, 0] = bad
    np.testing.assert_allclose(net.forward(p, x, state)[0]["h"], plain.forward(p, x, state)[0]["h"], rtol=1e-12)


@pytest.mark.parametrize("target", FAST)
@pytest.mark.parametrize("name", ["rnn", "lstm", "mgu"])
def test_single_precision_agrees_with_double(name, target):
    net, double = compile(MODELS[name], target, np.float32), compile(MODELS[name], "numpy")
    arguments = drawn(net, 1, 0.5, T=7, B=3, n=19)
    wide = [{k: v.astype(float) for k, v in part.items()} for part in arguments]
    for key, value in run(net, *arguments).items():
        expected = run(double, *wide)[key]
        assert value.dtype == np.float32
        np.testing.assert_allclose(value, expected, rtol=2e-5, atol=2e-6 * (1 + np.abs(expected).max()))


@pytest.mark.parametrize("target", [*FAST, "reference"])
def test_the_exact_step_of_an_lstm(target):
    """n = m = 1: gates 2/3, 3/4, 1/2, candidate 3/5, c = ln 2, h = 3/10 and its derivatives."""
    net = compile("lstm", target)
    p = {f"U_{k}": np.zeros((1, 1)) for k in "ifog"}
    p |= {f"W_{k}": np.array([[w]]) for k, w in zip("ifog", (1.0, 2.0, -1.0, 3.0), strict=True)}
    p |= {f"b_{k}": np.array([b]) for k, b in zip("ifog", (log(2), log(3), 0.0, log(2)), strict=True)}
    state = {"h": np.zeros((1, 1)), "c": np.array([[4 / 3 * (log(2) - 2 / 5)]])}
    trajectory, tape = net.forward(p, np.zeros((1, 1, 1)), state)
    assert trajectory["c"].item() == pytest.approx(log(2), rel=1e-14)
    assert trajectory["h"].item() == pytest.approx(3 / 10, rel=1e-14)
    g = net.backward(p, tape, {"h": np.ones((1, 1, 1))})
    expected = {"b_i": 16 / 375, "b_f": 2 / 25 * log(2) - 4 / 125, "b_o": 3 / 20, "b_g": 256 / 1875}
    assert {k: g.params[k].item() for k in expected} == pytest.approx(expected, rel=1e-13)
    assert g.state["c"].item() == pytest.approx(6 / 25, rel=1e-13)
    assert g.state["h"].item() == pytest.approx(1787 / 7500 + 4 / 25 * log(2), rel=1e-13)


@pytest.mark.parametrize("target", [*FAST, "reference"])
def test_the_exact_two_steps_of_an_rnn(target):
    """w = 1/2, h[0] = 1/3, a[1] = ln 2, a[2] = ln 3: dh[2]/dh[0] = 36/625 and dh[2]/dw = 159/625."""
    net = compile("rnn", target)
    p = {"W": np.array([[0.5]]), "U": np.eye(1), "b": np.zeros(1)}
    x = np.array([log(2) - 1 / 6, log(3) - 3 / 10]).reshape(2, 1, 1)
    _, tape = net.forward(p, x, {"h": np.array([[1 / 3]])})
    g = net.backward(p, tape, {"h": np.array([0.0, 1.0]).reshape(2, 1, 1)})
    assert g.state["h"].item() == pytest.approx(36 / 625, rel=1e-14)
    assert g.params["W"].item() == pytest.approx(159 / 625, rel=1e-14)


@pytest.mark.parametrize("target", [*FAST, "reference"])
def test_the_vectors_of_the_lstm_without_peepholes(target):
    data = json.loads((Path(__file__).parent / "data" / "vectors_lstm.json").read_text())
    case, x = data["cases"]["NP"], np.array(data["X"])[:, None]
    ours = {"i": "i", "f": "f", "o": "o", "z": "g"}
    names = (("W", "R"), ("U", "W"), ("b", "b"))
    p = {f"{new}_{g}": np.array(case["params"][old + k]) for k, g in ours.items() for new, old in names}
    state = {"h": np.array([case["params"]["y0"]]), "c": np.array([case["params"]["c0"]])}
    net = compile("lstm", target)
    trajectory, tape = net.forward(p, x, state)
    np.testing.assert_allclose(trajectory["h"][:, 0], case["y"], rtol=1e-13)
    np.testing.assert_allclose(trajectory["c"][:, 0], case["c"], rtol=1e-13)
    last = np.zeros((3, 1, 2))
    last[-1] = data["Cc"]
    g = net.backward(p, tape, {"h": np.array(data["C"])[:, None], "c": last})
    for k, ours_k in ours.items():
        for new, old in names:
            np.testing.assert_allclose(g.params[f"{new}_{ours_k}"], case["grads"][old + k], rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(g.state["h"][0], case["grads"]["y0"], rtol=1e-12)
    np.testing.assert_allclose(g.state["c"][0], case["grads"]["c0"], rtol=1e-12)


@pytest.mark.parametrize("target", FAST)
def test_the_same_input_gives_the_same_bits_and_results_share_no_memory(target):
    net = compile("lstm", target)
    p, x, state, weights = drawn(net, T=6, B=2, n=9)
    first, tape = net.forward(p, x, state)
    kept = {k: v.copy() for k, v in first.items()}
    again, other = net.forward(p, x, state)
    g, h = net.backward(p, tape, weights), net.backward(p, other, weights)
    once_more = net.backward(p, tape, weights)
    for k in first:
        assert (again[k] == kept[k]).all() and (first[k] == kept[k]).all() and not np.shares_memory(first[k], again[k])
        if first[k].flags.writeable:                         # what the tape shares is read-only
            first[k][:] = 0
    for k in p:
        assert (g.params[k] == h.params[k]).all() and (g.params[k] == once_more.params[k]).all()
    assert (net.backward(p, tape, weights).params["W_f"] == h.params["W_f"]).all()


@pytest.mark.parametrize("target", FAST)
def test_threads_do_not_disturb_each_other(target):
    net = compile("lstm", target)
    given = [drawn(net, seed, T=40, B=3, n=17) for seed in range(4)]
    expected, wrong = [run(net, *a) for a in given], []

    def work(k):
        for _ in range(8):
            found = run(net, *given[k])
            wrong.extend(name for name in found if not (found[name] == expected[k][name]).all())

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("target", FAST)
def test_arrays_that_are_not_contiguous_give_the_same(target):
    net = compile("lstm", target)
    p, x, state, weights = drawn(net, T=4, B=3)
    loose = [{k: np.asfortranarray(v) for k, v in part.items()} for part in (p, x, state, weights)]
    assert_same(run(net, *loose), run(net, p, x, state, weights), 1e-14)


@pytest.mark.parametrize("target", FAST)
def test_a_partial_that_is_not_given_is_zero(target):
    net = compile("lstm", target)
    p, x, state, weights = drawn(net, T=4, B=3)
    for name in weights:
        zero = {k: v if k == name else np.zeros_like(v) for k, v in weights.items()}
        assert_same(run(net, p, x, state, {name: weights[name]}), run(net, p, x, state, zero), 1e-14)


WRONG = {
    "missing parameter": (lambda p, x, s: p.pop("W_f"), "params lacks W_f"),
    "extra parameter":   (lambda p, x, s: p.update(W_q=np.ones(1)), "params has W_q"),
    "transposed weight": (lambda p, x, s: p.update(U_f=p["U_f"].T), r'"U_f"\] has shape \(3, 4\), expected \(4, 3\)'),
    "another type":      (lambda p, x, s: p.update(b_i=p["b_i"].astype("f")), "has type float32, expected float64"),
    "integers":          (lambda p, x, s: x.update(x=np.ones((2, 2, 3), int)), r'x\["x"\] has type int64'),
    "too few axes":      (lambda p, x, s: x.update(x=np.ones((2, 3))), r'x\["x"\] has shape \(2, 3\), expected 3 axes'),
    "fewer samples":     (lambda p, x, s: s.update(h=np.ones((5, 4))), r'"h"\] has shape \(5, 4\), expected \(2, 4\)'),
}


@pytest.mark.parametrize("change, message", WRONG.values(), ids=WRONG)
def test_a_wrong_argument_is_named_with_what_was_expected(change, message):
    net = compile("lstm")
    p, x, state, _ = drawn(net, T=2, B=2)
    change(p, x, state)
    with pytest.raises(BadArgument, match=message):
        net.forward(p, x, state)


def test_wrong_partials_and_foreign_tapes_are_named():
    net = compile("lstm")
    p, x, state, weights = drawn(net, T=2, B=2)
    _, tape = net.forward(p, x, state)
    with pytest.raises(BadArgument, match="d_trajectory has y, the trajectory has"):
        net.backward(p, tape, {"y": weights["h"]})
    with pytest.raises(BadArgument, match=r'd_trajectory\["h"\] has shape \(1, 2, 4\), expected \(2, 2, 4\)'):
        net.backward(p, tape, {"h": weights["h"][:1]})
    with pytest.raises(BadArgument, match="the tape is not one"):
        compile("lstm").backward(p, tape, weights)


def test_a_single_array_stands_for_a_single_input():
    net = compile("lstm")
    p, x, state, weights = drawn(net, T=2, B=2)
    trajectory, tape = net.forward(p, x["x"], state)
    assert (trajectory["h"] == net.forward(p, x, state)[0]["h"]).all()
    assert net.backward(p, tape, weights).x.shape == (2, 2, 3)


def test_unknown_targets_and_models_are_named():
    with pytest.raises(UnknownName, match="no target is called 'fortran'; there are numpy, c, reference"):
        compile("lstm", "fortran")
    with pytest.raises(UnknownName, match="lstn"):
        compile("lstn")


def test_without_a_compiler_the_message_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    with pytest.raises(NoCompiler, match="needs a C compiler"):
        compile("lstm", "c")


def test_c_refuses_complex_numbers():
    with pytest.raises(NotLowered, match="float32 or float64"):
        compile("lstm", "c", complex)


def test_the_source_is_a_module_that_stands_alone(tmp_path):
    text = source("lstm")
    assert "c[t] = ((f[t] o c[t - 1]) + (i[t] o g[t]))" in text and "lstm_sym" not in "".join(
        line for line in text.splitlines() if line.startswith(("import", "from")))
    assert source("lstm") == text and "product(" in source("lstm", "c")
