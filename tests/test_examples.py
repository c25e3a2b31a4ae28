"""The examples do what they say: learn more than counting does, and lie between the curves that are proved."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("autograd", reason="the examples take Adam from autograd: pip install '.[examples]'")
EXAMPLES = Path(__file__).parents[1] / "examples"
SLACK = 1 + 1e-9


@pytest.fixture(autouse=True, scope="module")
def own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSTM_SYM_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def example(name):
    """The module of an example."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_the_character_model_beats_unigrams_and_bigrams_on_held_out_text(tmp_path):
    found = example("char_lm").run(quick=True, save=tmp_path / "net.npz")
    assert found["LSTM"] < found["bigram"] < found["unigram"]
    with np.load(tmp_path / "net.npz", allow_pickle=False) as saved:
        assert saved["V"].shape[0] == len(saved["alphabet"]) and saved["W_f"].dtype == np.float32


def test_no_text_is_learnt_from_and_held_out():
    char_lm = example("char_lm")
    learn, held, alphabet = char_lm.texts()
    assert 0.08 < len(held) / (len(learn) + len(held)) < 0.12
    text, tail = ("".join(alphabet[k] for k in part) for part in (learn, held[-400:]))
    assert tail not in text


def test_the_losses_of_the_examples_have_the_gradients_they_say():
    char_lm, adding = example("char_lm"), example("adding_problem")
    rng = np.random.default_rng(0)
    net = char_lm.ls.compile(char_lm.model())
    params = {k: v.astype(float) for k, v in char_lm.initial(5, 7, rng).items()}
    seen, following = rng.integers(0, 7, (6, 3)), rng.integers(0, 7, (6, 3))
    net.forward, forward = lambda p, x, s: forward(p, x.astype(float), {k: v.astype(float) for k, v in s.items()}), net.forward
    _, tape, partial = char_lm.bits(net, params, seen, following)
    grads = net.backward(params, tape, {"y": partial}).params
    assert_slope(lambda p: char_lm.bits(net, p, seen, following)[0], params, grads, rng)
    for name, model in adding.NETS.items():
        net, params, (x, y) = adding.ls.compile(model), adding.initial(name, 5, 8, rng), adding.task(8, 3, rng)
        grads = adding.error(net, params, x, y)[1]
        assert_slope(lambda p, net=net, x=x, y=y: adding.error(net, p, x, y)[0], params, grads, rng)


def assert_slope(loss, params, grads, rng):
    """The difference quotient along one direction is <gradient, direction>."""
    along = {k: rng.normal(size=v.shape) for k, v in params.items()}
    up, down = (loss({k: v + sign * 1e-6 * along[k] for k, v in params.items()}) for sign in (1, -1))
    assert (up - down) / 2e-6 == pytest.approx(sum((grads[k] * along[k]).sum() for k in params), rel=1e-6)


def test_gradients_decay_between_the_proved_curves(tmp_path):
    pytest.importorskip("matplotlib", reason="the picture needs matplotlib")
    errors, curves = example("adding_problem").run(quick=True, path=tmp_path / "picture.png")
    assert all(np.isfinite(e) for e in errors.values()) and (tmp_path / "picture.png").stat().st_size > 10_000
    for found, low, high in curves.values():
        assert found[0] == pytest.approx(1)
        assert (low <= found * SLACK).all() and (found <= high * SLACK).all()


@pytest.mark.bench
def test_only_chrono_initialisation_solves_the_adding_problem_in_a_thousand_rounds(tmp_path):
    adding = example("adding_problem")
    errors, curves = adding.run(path=tmp_path / "picture.png")
    assert errors["LSTM, chrono"] < 0.01 < adding.CONSTANT / 2 < errors["RNN"]
    last = {name: found[-1] for name, (found, _, _) in curves.items()}
    assert last["LSTM, forget bias 1"] < last["RNN"] < last["LSTM, chrono"] / 100
