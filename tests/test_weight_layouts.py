"""Weights go to the layouts of PyTorch, ONNX and Keras and back unchanged, and mean the same network there."""

from itertools import permutations

import numpy as np
import pytest

import lstm_sym as ls
from lstm_sym.codegen.oracles import ONNX, TORCH

# library, our models that it has, there, back
LIBRARIES = {
    "torch": (("rnn", "lstm", "gru-after"), ls.params_to_torch, ls.params_from_torch),
    "onnx":  (("rnn", "lstm", "lstm-vanilla", "gru"), ls.params_to_onnx, ls.params_from_onnx),
    "onnx, linear_before_reset": (("gru-after", "lstm"), ls.params_to_onnx, lambda a: ls.params_from_onnx(a, True)),
    "keras": (("rnn", "lstm", "gru", "gru-after"), ls.params_to_keras, ls.params_from_keras),
}
CASES = [(library, model) for library, (models, _, _) in LIBRARIES.items() for model in models]


def drawn(model: str, seed: int = 0) -> tuple[dict, np.ndarray, dict]:
    params, x, state = ls.compile(model).signature.draw({"n": 3, "m": 2, "T": 4, "B": 2}, np.random.default_rng(seed))
    return params, x["x"], state


@pytest.mark.parametrize(("library", "model"), CASES)
def test_a_round_trip_changes_no_bit(library, model):
    _, there, back = LIBRARIES[library]
    params = drawn(model)[0]
    found = back(there(params))
    assert found.keys() == params.keys()
    assert all(np.array_equal(found[k], params[k]) and found[k].shape == params[k].shape for k in params)


# --- what the layouts mean, computed as the libraries document it ---------------------------------------------------

def sigma(a):
    return 1 / (1 + np.exp(-a))


def keras_lstm(weights, x, h, c):
    """keras LSTM: z = x K + h R + b, split into columns i, f, c, o."""
    K, R, b = weights
    for x_t in x:
        i, f, g, o = np.split(x_t @ K + h @ R + b, 4, axis=1)
        c = sigma(f) * c + sigma(i) * np.tanh(g)
        h = sigma(o) * np.tanh(c)
    return h


def keras_gru(weights, x, h):
    """keras GRU: columns z, r, h; reset_after where the bias has an input row and a recurrent row."""
    K, R, b = weights
    for x_t in x:
        if b.ndim == 2:
            x_z, x_r, x_h = np.split(x_t @ K + b[0], 3, axis=1)
            h_z, h_r, h_h = np.split(h @ R + b[1], 3, axis=1)
            z, g = sigma(x_z + h_z), np.tanh(x_h + sigma(x_r + h_r) * h_h)
        else:
            x_z, x_r, x_h = np.split(x_t @ K + b, 3, axis=1)
            R_z, R_r, R_h = np.split(R, 3, axis=1)
            z, g = sigma(x_z + h @ R_z), np.tanh(x_h + (sigma(x_r + h @ R_r) * h) @ R_h)
        h = z * h + (1 - z) * g
    return h


@pytest.mark.parametrize("model", ["lstm", "gru", "gru-after"])
def test_keras_weights_mean_what_keras_documents(model):
    params, x, state = drawn(model, seed=1)
    run = keras_lstm if model == "lstm" else keras_gru
    ours = ls.compile(model).forward(params, x, state)[0]["h"][-1]
    assert abs(run(ls.params_to_keras(params), x, *state.values()) - ours).max() < 1e-14


@pytest.mark.parametrize("model", ["lstm", "gru", "gru-after"])
def test_every_wrong_order_of_gates_is_seen_in_the_outputs(model):
    """With weights that differ everywhere; constant ones would hide it."""
    params, x, state = drawn(model, seed=2)
    net, suffixes = ls.compile(model), sorted({k[1:] for k in params if k[0] == "W"})
    right = net.forward(params, x, state)[0]["h"]
    for wrong in permutations(suffixes):
        renamed = {k: params[k[0] + wrong[suffixes.index(k[1:])]] if k[0] in "WUb" else v for k, v in params.items()}
        apart = abs(net.forward(renamed, x, state)[0]["h"] - right).max()
        assert (apart == 0) == (list(wrong) == suffixes) and (apart == 0 or apart > 1e-3)


@pytest.mark.parametrize("model", sorted({*TORCH, *ONNX}))
def test_torch_and_onnx_compute_the_same(model):
    torch, onnx = pytest.importorskip("torch"), pytest.importorskip("onnx")
    assert torch and onnx
    report = ls.gradcheck(ls.compile(model), seed=3, sizes={"n": 4, "m": 3, "T": 6, "B": 3})
    found = {row.method for row in report.rows if row.method in ("torch", "onnx reference")}
    assert found == {library for library, has in (("torch", TORCH), ("onnx reference", ONNX)) if model in has}
    assert all(row.error < 1e-12 for row in report.rows if row.method in found), str(report)


def test_the_second_direction_of_onnx_and_torch_is_its_own_layer():
    one, other = drawn("lstm", 4)[0], drawn("lstm", 5)[0]
    both = {k: np.concatenate([a, b]) for (k, a), b in zip(
        ls.params_to_onnx(one).items(), ls.params_to_onnx(other).values(), strict=True)}
    torch = {**ls.params_to_torch(one), **ls.params_to_torch(other, reverse=True)}
    for found in (ls.params_from_onnx(both, direction=1), ls.params_from_torch(torch, reverse=True)):
        assert all(np.array_equal(found[k], other[k]) for k in other)


def test_two_biases_that_a_library_adds_are_one_of_ours():
    arrays = ls.params_to_onnx(drawn("lstm")[0])
    first, _ = np.split(arrays["B"], 2, axis=1)
    doubled = ls.params_from_onnx({**arrays, "B": np.concatenate([first, first], axis=1)})
    assert np.array_equal(doubled["b_f"], 2 * drawn("lstm")[0]["b_f"])


@pytest.mark.parametrize(("call", "message"), [
    (lambda: ls.params_to_torch(drawn("gru")[0]), "resets before"),
    (lambda: ls.params_to_torch(drawn("lstm-vanilla")[0]), "no RNN, LSTM or GRU"),
    (lambda: ls.params_to_keras(drawn("lstm-cifg")[0]), "no RNN, LSTM or GRU"),
    (lambda: ls.params_to_onnx(drawn("lstm-nig")[0]), "no RNN, LSTM or GRU"),
    (lambda: ls.params_from_onnx({"W": np.ones((1, 3, 2))}), "expected the inputs W, R"),
    (lambda: ls.params_from_onnx({"W": np.ones((1, 10, 2)), "R": np.ones((1, 10, 2))}), r"\(10, 2\)"),
    (lambda: ls.params_from_keras([np.ones((2, 12))]), "got 1 arrays"),
])
def test_what_a_layout_has_no_place_for_is_refused(call, message):
    with pytest.raises(ls.LstmSymError, match=message):
        call()
