"""`lstm-sym bound` says of a matrix what is certified, with its certificate, and refuses in one line what is no matrix."""
from __future__ import annotations

import json
import re
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_sym.cli import main
from lstm_sym.cli.bounding import number, parsed
from lstm_sym.errors import BadMatrix

F = Fraction
NILPOTENT, SCALED, OPEN = "[[2,-4],[1,-2]]", "[[0,4],[1/16,0]]", "[[1,0],[0,1]]"


@pytest.fixture
def bound(tmp_path, monkeypatch, capsys):
    """Run the command in an empty folder: bound(*arguments, a=array) saves a.npy first -> code, out, err."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **arrays: object) -> SimpleNamespace:
        for name, array in arrays.items():
            np.save(f"{name}.npy", array, allow_pickle=array.dtype == object)
        code = main(("bound", *arguments))
        return SimpleNamespace(code=code, **capsys.readouterr()._asdict())

    return run


# --- answers ------------------------------------------------------------------------------------------------------

def test_growth_is_shown_with_inputs_states_and_rate(bound):
    run = bound("--matrix", NILPOTENT)
    assert run.code == 0 and "rank 1 (singular)" in run.out and re.search(r"spectral radius +0\n|spectral radius += 0\n", run.out)
    assert "gradients GROW" in run.out and "x_1 = (-8/5 + ln 3, -4/5)" in run.out and "h_1 = (4/5, 0)" in run.out
    assert "the kernel" in run.out and "replayed by the second reader" in run.out


def test_vanishing_is_shown_with_the_scale_and_the_horizon(bound):
    run = bound("--matrix", SCALED)
    assert run.code == 0 and "gradients VANISH, whatever the inputs" in run.out
    assert "8 * (1/2)^(T-t)" in run.out and "S = diag(1, 8)" in run.out and "from T - t = 23 on" in run.out


def test_what_is_not_certified_is_not_claimed(bound):
    out = bound("--matrix", OPEN).out
    assert "neither" in out and "no proof that there are none" in out and "VANISH" not in out and "GROW" not in out


def test_the_horizon_follows_eps(bound):
    runs = [bound("--matrix", SCALED, "--eps", eps, "--format", "json") for eps in ("1/2", "1e-6", "1e-9")]
    assert [json.loads(run.out)["horizon"] for run in runs] == [5, 23, 33]


@pytest.mark.parametrize("dtype", ["int8", "uint16", "int64", "float16", "float32", "float64", ">f8"])
def test_every_real_type_is_read_exactly(bound, dtype):
    run = bound("W.npy", "--format", "json", W=np.array([[0, 4], [0, 1]], dtype=dtype))
    assert run.code == 0 and json.loads(run.out)["spectral_radius"]["low"] == "1"


@pytest.mark.parametrize("matrix, verdict", [(NILPOTENT, "grows"), (SCALED, "vanishes"), (OPEN, "open")])
def test_json_has_the_same_keys_for_every_answer(bound, matrix, verdict):
    data = json.loads(bound("--matrix", matrix, "--format", "json").out)
    assert list(data) == ["version", "size", "rank", "activation", "slope", "verdict", "spectral_radius", "sigma_max", "epsilon",
                          "horizon", "decay", "growth"]
    assert data["verdict"] == verdict and (data["decay"] is not None, data["growth"] is not None) == (
        verdict == "vanishes", verdict == "grows")


def test_the_certificate_in_json_is_enough_to_check_it_by_hand(bound):
    """J'QJ - y Q is the identity, exactly, and v'Qv > 0: recomputed here from the printed strings alone."""
    g = json.loads(bound("--matrix", NILPOTENT, "--format", "json").out)["growth"]
    J, Q = (np.array([[F(x) for x in row] for row in g[key]], dtype=object) for key in ("jacobian", "form"))
    v, y = np.array([F(x) for x in g["start"]], dtype=object), F(g["rate"])
    assert (J.T @ Q @ J - y * Q == np.eye(2, dtype=int)).all() and y > 1 and v @ Q @ v > 0
    (h,), W = [[F(x) for x in row] for row in g["states"]], np.array([[2, -4], [1, -2]])
    assert (np.diag([1 - x * x for x in h]) @ W == J).all()


def test_the_scale_in_json_is_enough_to_check_it_by_hand(bound):
    d = json.loads(bound("--matrix", SCALED, "--format", "json").out)["decay"]
    s, c = [F(x) for x in d["scale"]], F(d["norm"])
    V = np.array([[F(0), 4 * s[0] / s[1]], [F(1, 16) * s[1] / s[0], F(0)]], dtype=object)
    gap = c * c * np.eye(2, dtype=int) - V.T @ V
    assert gap[0, 0] >= 0 and gap[0, 0] * gap[1, 1] - gap[0, 1] ** 2 >= 0 and d["evidence"] == "kernel"


def test_a_large_matrix_says_that_balls_were_used(bound):
    run = bound("W.npy", W=np.random.default_rng(1).normal(size=(16, 16)) / 10)
    assert run.code == 0 and "in balls" in run.out and "theorem rnn-scaled-decay" in run.out


def test_output_is_the_same_at_every_run(bound):
    assert bound("--matrix", NILPOTENT, "--format", "json").out == bound("--matrix", NILPOTENT, "--format", "json").out


# --- what is read -------------------------------------------------------------------------------------------------

def test_entries_of_rows_are_exact():
    assert parsed(" [ [1/2, -3.5] , [1e-3, +.25] ] ") == [[F(1, 2), F(-7, 2)], [F(1, 1000), F(1, 4)]]


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.text(alphabet="[]0123456789.,/eE+- xn_()", max_size=30))
def test_any_text_is_rows_of_numbers_or_an_error(text):
    try:
        rows = parsed(text)
    except BadMatrix:
        return
    assert all(isinstance(x, Fraction) for row in rows for x in row)


@pytest.mark.parametrize("x, value", [
    ("2", F(2)), (" -1/3 ", F(-1, 3)), ("1e-6", F(1, 10**6)), (".5", F(1, 2)), ("0.1", F(1, 10))])
def test_a_number_is_read_exactly(x, value):
    assert number(x, "--eps") == value


@pytest.mark.parametrize("arguments, words", [
    (("none.npy",),                                  ("none.npy", "no such file")),
    ((".",),                                         ("no such file",)),
    ((),                                             ("expected one matrix", "--matrix")),
    (("W.npy", "--matrix", OPEN),                    ("expected one matrix",)),
    (("--matrix", "np.eye(2)"),                      ("--matrix", "[[2,-4],[1,-2]]")),
    (("--matrix", "[[1,x],[2,3]]"),                  ("row 1, column 2", "'x'")),
    (("--matrix", "[[1,nan],[2,3]]"),                ("row 1, column 2", "nan")),
    (("--matrix", "[[1/0]]"),                        ("row 1, column 1",)),
    (("--matrix", "[[1,2]]"),                        ("square", "1 rows of 2")),
    (("--matrix", "[[1,2],[3]]"),                    ("square", "1 and 2")),
    (("--matrix", "[[1e400]]"),                      ("1e150",)),
    (("--matrix", OPEN, "--eps", "0"),               ("epsilon", "positive")),
    (("--matrix", OPEN, "--eps", "little"),          ("--eps", "1e-6")),
    (("--matrix", OPEN, "--activation", "tahn"),     ("did you mean tanh?",)),
    (("--matrix", OPEN, "--format", "jsn"),          ("did you mean json?",)),
])
def test_bad_input_is_one_clear_line_and_exit_2(bound, arguments, words):
    run = bound(*arguments)
    assert run.code == 2 and run.out == "" and run.err.startswith("lstm-sym: ") and run.err.count("\n") == 1
    assert [w for w in words if w not in run.err] == []


@pytest.mark.parametrize("W, words", [
    (np.ones((2, 3)),                            ("square", "2 rows of 3")),
    (np.ones(3),                                 ("matrix", "(3,)")),
    (np.full((2, 2), np.nan),                    ("row 1, column 1", "nan")),
    (np.array([[0, np.inf], [0, 0]]),            ("row 1, column 2", "inf")),
    (np.ones((2, 2)) * 1j,                       ("complex128",)),
    (np.array([["a"]]),                          ("<U1",)),
    (np.ones((2, 2), dtype=bool),                ("bool",)),
    (np.array([[1, None]], dtype=object),        ("this file is none",)),
    (np.zeros((0, 0)),                           ("square",)),
    (np.broadcast_to(np.zeros(1), (300, 300)),   ("at most 256", "300 x 300")),
])
def test_a_file_that_holds_no_usable_matrix_is_refused_with_what_it_holds(bound, W, words):
    run = bound("W.npy", W=np.array(W))
    assert run.code == 2 and run.err.count("\n") == 1 and [w for w in words if w not in run.err] == []


@pytest.mark.parametrize("content", [b"", b"hello", b"\x93NUMPY\x01\x00", b"\x80\x04K\x01.", b"PK\x03\x04"])
def test_a_file_that_is_no_array_is_refused_and_not_executed(bound, tmp_path, content):
    (tmp_path / "W.npy").write_bytes(content)
    run = bound("W.npy")
    assert run.code == 2 and run.err.count("\n") == 1 and "W.npy: expected" in run.err


def test_a_pickle_is_not_loaded(bound, tmp_path):
    class Bomb:
        def __reduce__(self):
            return (open, (str(tmp_path / "exploded"), "w"))

    run = bound("W.npy", W=np.array([Bomb()], dtype=object))
    assert run.code == 2 and not (tmp_path / "exploded").exists()


def test_an_archive_is_refused_by_its_names(bound):
    np.savez("W.npz", W_hh=np.eye(2))
    run = bound("W.npz")
    assert run.code == 2 and "W_hh" in run.err and "numpy.save" in run.err
