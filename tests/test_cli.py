"""The command line keeps its word: exit codes, one clear line an error, nothing executed, the rest still judged."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from lstm_sym.cells.catalogue import MODELS
from lstm_sym.cli import checking, comparing, deriving, gradchecking, judging
from lstm_sym.cli.expectations import from_file, of_document
from lstm_sym.cli.help import EXAMPLES
from lstm_sym.cli.names import chosen
from lstm_sym.codegen.gradcheck import Report, Row
from lstm_sym.documents.check import check_text
from lstm_sym.errors import DocumentError, UnknownName
from lstm_sym.report.explain import codes
from lstm_sym.report.formats import FORMATS

MODEL = "$$\nh_t = \\tanh(W h_{t-1} + U x_t + b)\n$$\n"
STEP = "\n$$\n\\frac{\\partial h_t}{\\partial h_{t-1}} = "                 # line 6, after MODEL
TRUE = STEP + "\\operatorname{diag}(1 - h_t^2) W\n$$\n"
FALSE = STEP + "(1 - h_t^2) W\n$$\n"
EXPECTED = "\n<!-- lstm-sym: expect refuted E105 -->" + FALSE
UTF16 = "é".encode("utf-16")
UNKNOWN = STEP + "\\oint W\n$$\n"


# --- exit codes ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("text, options, code", [
    (MODEL + TRUE,                  (),                                0),
    (MODEL + FALSE,                 (),                                1),
    (MODEL + EXPECTED,              (),                                0),
    (MODEL + TRUE + EXPECTED,       ("--fail-on", "undecided"),        0),
    (MODEL + UNKNOWN,               (),                                0),
    (MODEL + UNKNOWN,               ("--fail-on", "not-read"),         1),
    (MODEL + UNKNOWN,               ("--fail-on=undecided,not-read",), 1),
    (MODEL + UNKNOWN,               ("--fail-on", "undecided"),        0),
    ("\n<!-- lstm-sym: expect refuted -->" + MODEL + TRUE, (),         1),
    ("no mathematics",              (),                                0),
    ("",                            (),                                0),
])
def test_check_ends_with_0_if_nothing_unexpected_is_refuted_and_1_otherwise(lstm_sym, text, options, code):
    assert lstm_sym("check", "a.md", *options, files={"a.md": text}).code == code


def test_an_expectation_that_nothing_meets_is_named(lstm_sym):
    run = lstm_sym("check", "a.md", files={"a.md": MODEL + EXPECTED.replace("E105", "E101")})
    assert run.code == 1 and run.err.startswith("lstm-sym: a.md:7: expected refuted E101")


@pytest.mark.parametrize("arguments, words", [
    (("check", "none.md"),                         ("none.md", "no such file")),
    (("check", "empty"),                           ("empty", "no document", "*.md")),
    (("check", "a.md", "--format", "jsn"),         ("jsn", "did you mean json?", "concise")),
    (("check", "a.md", "--fail-on", "not-red"),    ("not-red", "did you mean not-read?")),
    (("check", "a.md", "--color", "alway"),        ("alway", "did you mean always?")),
    (("check", "a.md", "--expect", "none.toml"),   ("none.toml", "cannot be read")),
    (("check", "a.md", "--declare", "W n x n"),    ("W n x n", "such as W: n x m")),
    (("check", "utf16.md"),                        ("utf16.md:1:1", "UTF-16")),
    (("check", "wrong.ipynb"),                     ("wrong.ipynb", "notebook")),
    (("derive", "lsmt"),                           ("lsmt", "did you mean lstm?", "gru")),
    (("derive", "none.md"),                        ("none.md", "cannot be read")),
    (("derive", "words.md"),                       ("words.md", "no model line")),
    (("derive", "lstm", "--format", "html"),       ("html", "latex, text, markdown")),
    (("derive", "lstm", "--loss", "lst"),          ("lst", "did you mean last?")),
    (("code", "rnn", "--target", "nunpy"),         ("nunpy", "did you mean numpy?")),
    (("code", "rnn", "-o", "no/where.py"),         ("no/where.py", "No such file")),
    (("symbols", "words.md"),                      ("words.md", "no name")),
    (("explain", "E101x"),                         ("E101X", "did you mean E101?")),
])
def test_a_wrong_request_is_one_clear_line_and_exit_code_2(lstm_sym, arguments, words):
    files = {"a.md": MODEL, "empty/x.txt": "", "words.md": "just words", "utf16.md": UTF16, "wrong.ipynb": "[]"}
    run = lstm_sym(*arguments, files=files)
    assert run.code == 2 and run.out == ""
    assert run.err.startswith("lstm-sym: ") and run.err.count("\n") == 1
    assert all(word in run.err for word in words), run.err


@pytest.mark.parametrize("arguments", [(), ("chekc", "a.md"), ("check",), ("check", "a", "--frmt", "x"), ("derive",)])
def test_wrong_usage_is_exit_code_2_and_shows_the_usage(lstm_sym, arguments):
    run = lstm_sym(*arguments)
    assert run.code == 2 and "Usage: lstm-sym" in run.out + run.err and "Traceback" not in run.err


def test_a_mistyped_command_is_answered_with_the_nearest_one(lstm_sym):
    assert "Did you mean 'check'?" in lstm_sym("chekc", "a.md").err


def test_an_internal_error_names_its_document_and_asks_for_a_report(lstm_sym, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(judging, "load", lambda: broken)
    run = lstm_sym("check", "a.md", files={"a.md": MODEL})
    assert run.code == 2 and run.err.startswith("lstm-sym: a.md: not judged\n") and run.err.count("\n") == 2
    assert "please report" in run.err and "ZeroDivisionError: planted" in run.err and "Traceback" not in run.err
    with pytest.raises(ZeroDivisionError, match="planted"):
        lstm_sym("check", "a.md", "--debug")


def test_an_internal_error_in_one_document_does_not_hide_the_others(lstm_sym, monkeypatch):
    real = judging.load()
    monkeypatch.setattr(judging, "load", lambda: (
        lambda document, path, *rest: 1 / 0 if path == "a.md" else real(document, path, *rest)))
    run = lstm_sym("check", "a.md", "b.md", "--jobs", "1", "--format", "concise", files={"a.md": MODEL, "b.md": MODEL + TRUE})
    assert run.code == 2 and "b.md:6:1: - proved" in run.out and "please report" in run.err


def test_one_unreadable_file_does_not_hide_the_others(lstm_sym):
    run = lstm_sym("check", "docs", "--format", "concise", files={
        "docs/a.md": MODEL + TRUE, "docs/b.md": UTF16, "docs/c/d.md": MODEL + FALSE})
    assert run.code == 2 and "b.md:1:1" in run.err
    assert "docs/a.md:6:1: - proved" in run.out and "docs/c/d.md:6:1: E105 refuted" in run.out


# --- what is checked -----------------------------------------------------------------------------------------------

def test_a_folder_is_searched_for_documents_in_order_without_hidden_folders(lstm_sym):
    names = ["a.md", "b.markdown", "c.tex", "d.ipynb", "e/f.MD"]
    files = dict.fromkeys([*names, "g.txt", "h.py", ".hidden/i.md"], "") | {"d.ipynb": '{"cells": [], "nbformat": 4}'}
    run = lstm_sym("check", ".", "g.txt", "./a.md", "a.md", "--format", "json", files=files)
    assert [d["path"] for d in json.loads(run.out)["documents"]] == [*names, "g.txt"]


def test_standard_input_is_a_document(lstm_sym):
    run = lstm_sym("check", "-", "--format", "concise", stdin=(MODEL + FALSE).encode())
    assert run.code == 1 and run.out.startswith("-:6:1: E105 refuted")


def test_every_format_comes_from_the_same_findings(lstm_sym):
    for name in FORMATS:
        run = lstm_sym("check", "a.md", "--format", name, files={"a.md": MODEL + FALSE})
        assert run.code == 1 and "E105" in run.out and run.err == ""


def test_the_same_run_twice_prints_the_same(lstm_sym):
    first, second = (lstm_sym("check", "a.md", "--format", "json", files={"a.md": MODEL + FALSE}) for _ in range(2))
    assert first.out == second.out


def test_nothing_checked_is_said(lstm_sym):
    assert "nothing was checked" in lstm_sym("check", "a.md", files={"a.md": "words"}).out


@pytest.mark.parametrize("mode, variables, coloured", [
    ("auto", {}, True), ("auto", {"NO_COLOR": "1"}, False), ("auto", {"NO_COLOR": ""}, True),
    ("auto", {"TERM": "dumb"}, False), ("never", {}, False), ("always", {"NO_COLOR": "1"}, True)])
def test_colour_follows_the_option_then_no_color_then_the_terminal(monkeypatch, mode, variables, coloured):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", SimpleNamespace(isatty=lambda: True))
    assert checking.in_colour(mode) is coloured


def test_output_that_is_no_terminal_has_no_escape_sequence(lstm_sym):
    run = lstm_sym("check", ".", files={"a.md": MODEL + FALSE, "b.md": MODEL})
    assert "\x1b" not in run.out + run.err


# --- bad input -----------------------------------------------------------------------------------------------------

def of_bad_input() -> dict[str, tuple[bytes, str, int]]:
    """name -> content after a model and a true equation, what the message says, line of it."""
    def displayed(text: str) -> bytes:
        return f"\n$$\n{text}\n$$\n".encode()

    one, other = "(U x_t + W h_{t-1} + b + W b)", "(W b + b + W h_{t-1} + U x_t)"
    return {
        "not UTF-8":     (b"\ncaf\xe9\n",                                       "UTF-8",        9),
        "a NUL byte":    (b"\na\0b\n",                                          "NUL",          9),
        "unclosed":      (b"\n$$\nh_t = 0\n\nand words\n",                      "never closed", 9),
        "nested braces": (displayed("{" * 100_000 + "x" + "}" * 100_000),       "characters",   10),
        "nested, short": (displayed("h_t = " + "{" * 20_000 + "x" + "}" * 20_000), "nest",      10),
        "a 20 MB line":  (displayed("h_t = " + "a+" * 10_000_000 + "a"),        "characters",   10),
        "a loop of def": (displayed(r"\def\a{\b\b}\def\b{\a\a} h_t = \a"),      "call itself",  10),
        "no end of def": (displayed(r"\def\a{x\a} h_t = \a"),                   "call itself",  10),
        "a great power": (displayed(rf"{one}^{{40}} = {other}^{{20}} \odot {other}^{{20}}"), "- undecided", 10),
    }


BAD = of_bad_input()


@pytest.mark.parametrize("name", BAD)
def test_bad_input_has_a_message_with_its_place_in_seconds_and_the_rest_is_judged(lstm_sym, name):
    content, words, line = BAD[name]
    started = time.process_time()
    run = lstm_sym("check", "a.md", "--format", "concise", files={"a.md": (MODEL + TRUE).encode() + content})
    assert time.process_time() - started < 5
    assert "a.md:6:1: - proved" in run.out, run.out
    about = [text for text in (run.out + run.err).splitlines() if words in text]
    assert about and all(f"a.md:{line}:" in text for text in about), run.out + run.err
    assert "Traceback" not in run.err and (run.code == 2 or "not_read" in run.out or "undecided" in run.out)


@pytest.mark.parametrize("text", [
    r"h_t = __import__('os').system('touch pwned')", r"h_t = \input{/etc/passwd}", r"h_t = \write18{touch pwned}",
    r"h_t = exec(open('pwned','w'))", r"\openout\x=pwned h_t = 0", r"h_t = \text{$(touch pwned)`touch pwned`}"])
def test_nothing_in_a_document_is_executed_or_read_from_elsewhere(lstm_sym, text):
    files = {"a.md": MODEL + f"\n$$\n{text}\n$$\n", "b.tex": f"\\[{text}\\]"}
    run = lstm_sym("check", ".", "--format", "json", files=files)
    assert run.code in (0, 1) and "root:" not in run.out and sorted(os.listdir()) == ["a.md", "b.tex"]


# --- expectations --------------------------------------------------------------------------------------------------

ROW = '[[expect]]\npath = "a.md"\nline = 6\nverdict = "refuted"\ncode = "E105"\n'


def test_an_expectations_file_accepts_what_it_names(lstm_sym):
    files = {"docs/a.md": MODEL + FALSE, "docs/expect.toml": ROW}
    assert lstm_sym("check", "docs", "--expect", "docs/expect.toml", files=files).code == 0
    assert lstm_sym("check", "docs/../docs/a.md", "--expect", "docs/expect.toml").code == 0
    assert lstm_sym("check", "docs").code == 1


def test_an_expectation_of_another_code_line_or_verdict_is_not_met(lstm_sym):
    for old, new in (("E105", "E101"), ("line = 6", "line = 7"), ('"refuted"', '"proved"')):
        files = {"a.md": MODEL + FALSE, "e.toml": ROW.replace(old, new)}
        run = lstm_sym("check", "a.md", "--expect", "e.toml", files=files)
        assert run.code == 1 and "a.md:" in run.err and "expected" in run.err


def test_the_nearest_pyproject_holds_expectations_too(lstm_sym):
    files = {"pyproject.toml": ROW.replace("[[expect]]", "[[tool.lstm-sym.expect]]").replace("a.md", "docs/a.md"),
             "docs/a.md": MODEL + FALSE}
    assert lstm_sym("check", "docs", files=files).code == 0
    assert lstm_sym("check", "docs", files={"docs/pyproject.toml": "[tool.other]\n"}).code == 1


@pytest.mark.parametrize("toml, words", [
    ("[[expect]",                                           ("no TOML", "line 1")),
    ("",                                                    ("[[expect]]", "none")),
    ("[[expected]]\nline = 1",                              ("[[expect]]", "'expected'")),
    ("expect = 3",                                          ("list", "int")),
    (ROW.replace("line", "lines"),                          ("expectation 1", "'lines'", "did you mean line?")),
    (ROW.replace("line = 6\n", ""),                         ("expectation 1", "line is missing")),
    (ROW.replace("= 6", '= "6"'),                           ("line", "expected int", "'6'")),
    (ROW.replace("= 6", "= true"),                          ("line", "expected int", "True")),
    (ROW.replace("= 6", "= 0"),                             ("count from 1", "0")),
    (ROW.replace("refuted", "refutd"),                      ("'refutd'", "did you mean refuted?")),
    (ROW.replace("E105", "E15"),                            ("'E15'", "did you mean E105?")),
    (ROW + ROW.replace("a.md", "none.md"),                  ("expectation 2", "none.md")),
])
def test_a_wrong_expectations_file_is_an_error_that_says_where(tmp_path, toml, words):
    (tmp_path / "a.md").write_text("")
    (tmp_path / "e.toml").write_text(toml)
    with pytest.raises(DocumentError) as caught:
        from_file(str(tmp_path / "e.toml"))
    assert all(word in str(caught.value) for word in ("e.toml", *words)), caught.value


def test_an_expectation_may_write_not_read_as_the_option_does(tmp_path, monkeypatch):
    (tmp_path / "a.md").write_text("")
    (tmp_path / "e.toml").write_text(ROW.replace("refuted", "not-read").replace('code = "E105"', ""))
    monkeypatch.chdir(tmp_path)
    (found,) = of_document(from_file("e.toml"), "./a.md")
    assert (found.path, found.line, found.verdict, found.code) == ("./a.md", 6, "not_read", None)
    assert of_document(from_file("e.toml"), "b.md") == ()


# --- other commands ------------------------------------------------------------------------------------------------

def test_derive_prints_the_gradients_of_a_model_in_three_formats(lstm_sym):
    assert r"\frac{\partial L}{\partial W} &= \sum_{t=1}^{T}" in lstm_sym("derive", "rnn").out
    assert "∂L/∂h_0 = W^T ∂L/∂a_1" in lstm_sym("derive", "rnn", "--format", "text").out
    assert r"\delta h_0 &= W^{\top} \delta a_1" in lstm_sym("derive", "rnn", "--delta").out


def test_a_loss_at_the_last_step_has_a_direct_partial_there_only(lstm_sym):
    every, last = (lstm_sym("derive", "rnn", "--format", "text", "--loss", loss).out for loss in ("every", "last"))
    assert "∂L/∂h_t = ∂⁺L/∂h_t +" in every and "∂L/∂h_t = W^T" in last


def test_derive_takes_a_document_with_model_lines_in_its_authors_notation(lstm_sym):
    text = "$$\ns^{(t)} = \\tanh(A s^{(t-1)} + B u^{(t)})\n$$\n"
    run = lstm_sym("derive", "own.md", "--format", "markdown", files={"own.md": text})
    assert run.code == 0 and run.out.startswith("# own\n") and r"\frac{\partial L}{\partial A} &=" in run.out
    assert "s^{(t)} &=" in run.out


def test_what_derive_writes_as_markdown_is_proved_by_check(lstm_sym):
    text = lstm_sym("derive", "own.md", "--format", "markdown", files={"own.md": MODEL}).out
    findings = check_text(text).findings
    assert [f.latex for f in findings if f.verdict not in (None, "proved")] == []
    assert sum(f.verdict == "proved" for f in findings) >= 4


@pytest.mark.parametrize("model, target, words", [
    ("rnn", "numpy", "def backward("), ("rnn", "c", "#include"), ("own.md", "numpy", "def forward(")])
def test_code_prints_the_program_of_a_model_or_writes_it_to_a_file(lstm_sym, model, target, words):
    run = lstm_sym("code", model, "--target", target, files={"own.md": MODEL})
    assert run.code == 0 and words in run.out
    assert lstm_sym("code", model, "--target", target, "-o", "made").out == ""
    assert Path("made").read_text(encoding="utf-8") == run.out


def test_code_of_a_document_needs_one_model(lstm_sym):
    text = f"# A\n\n{MODEL}\n# B\n\n{MODEL}"
    assert "2 models" in lstm_sym("code", "two.md", files={"two.md": text}).err
    assert lstm_sym("derive", "two.md").out.count(r"\begin{aligned}") == 2


@pytest.mark.parametrize("model", ["rnn", "own.md"])
def test_gradcheck_compares_and_passes(lstm_sym, model):
    run = lstm_sym("gradcheck", model, "--seed", "3", files={"own.md": MODEL})
    assert run.code == 0 and "params W" in run.out and "FAIL" not in run.out and run.out.endswith("comparisons agree\n")


def test_gradcheck_ends_with_1_if_a_comparison_does_not_agree(lstm_sym, monkeypatch):
    monkeypatch.setattr(gradchecking, "gradcheck", lambda *_, **__: Report((Row("params W", "planted", 1.0, 1e-9),)))
    run = lstm_sym("gradcheck", "rnn")
    assert run.code == 1 and run.out.startswith("FAIL params W") and "0 of 1" in run.out


def test_models_lists_the_whole_catalogue(lstm_sym):
    lines = lstm_sym("models").out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(MODELS)
    assert deriving.catalogue() == "\n".join(lines) + "\n"


def test_the_printed_symbols_declare_themselves_when_they_are_pasted_back(lstm_sym):
    table = lstm_sym("symbols", "a.md", files={"a.md": MODEL}).out
    assert r"| $W$ | $W \in \mathbb{R}^{n \times n}$ | parameter" in table
    assert r"| $h_t$ | $h_t \in \mathbb{R}^{n}$ | state" in table
    again = lstm_sym("symbols", "-", stdin=(table + "\n" + MODEL).encode())
    assert again.code == 0 and r"$U \in \mathbb{R}^{n \times m}$" in again.out


def test_explain_prints_the_page_of_a_code_and_lists_all(lstm_sym):
    assert lstm_sym("explain", "e101").out.startswith("# E101: missing activation derivative\n")
    assert [line.split()[0] for line in lstm_sym("explain").out.splitlines()] == list(codes())


@pytest.mark.parametrize("command", EXAMPLES)
def test_the_help_of_each_command_shows_examples_of_it(lstm_sym, command):
    run = lstm_sym(command, "--help")
    assert run.code == 0 and f"\n    lstm-sym {command}" in run.out


def test_the_version_is_the_packages(lstm_sym):
    assert lstm_sym("--version").out == f"lstm-sym {sys.modules['lstm_sym'].__version__}\n"


def test_a_name_is_chosen_exactly_or_refused_with_the_nearest():
    assert chosen("lstm", MODELS, "model") == "lstm"
    with pytest.raises(UnknownName, match="no model is called 'GRU'; did you mean gru"):
        chosen("GRU", MODELS, "model")
    with pytest.raises(UnknownName, match="no model is called 'xyz'; there are"):
        chosen("xyz", MODELS, "model")


# --- as a program --------------------------------------------------------------------------------------------------

def program(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "lstm_sym", *arguments], capture_output=True, timeout=120, **options)


def test_the_module_runs_as_a_program_and_returns_the_exit_code(tmp_path):
    (tmp_path / "a.md").write_text(MODEL + FALSE)
    done = program("check", "a.md", "--format", "concise", cwd=tmp_path)
    assert done.returncode == 1 and done.stdout.startswith(b"a.md:6:1: E105 refuted") and done.stderr == b""


def test_a_terminal_without_unicode_gets_escapes_instead_of_an_error(tmp_path):
    done = program("derive", "rnn", "--format", "text", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0 and rb"\u2202L/\u2202W" in done.stdout


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("check", "--help"), ("explain", "E101")])
def test_commands_that_need_no_mathematics_load_none(arguments):
    code = ("import sys\nfrom lstm_sym.cli import main\nmain(sys.argv[1:])\n"
            "sys.exit(', '.join({'sympy', 'numpy', 'flint', 'rich'} & sys.modules.keys()) or 0)")
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


# --- two models side by side ---------------------------------------------------------------------------------------

def test_compare_shows_both_models_and_marks_what_differs(lstm_sym):
    rows = json.loads(lstm_sym("compare", "lstm", "lstm-cifg", "--format", "json").out)["rows"]
    by = {row["of"]: row for row in rows}
    assert (by["f_t"]["left"], by["f_t"]["right"]) == (r"\sigma\left(a_{f,t}\right)", "1 - i_t")
    assert by["a_{f,t}"]["right"] is None and by["a_{f,t}"]["differs"]
    assert not by["h_t"]["differs"] and by["h_t"]["left"] == by["h_t"]["right"]


@pytest.mark.parametrize("format", comparing.WRITERS)
def test_every_format_of_compare_shows_every_row(lstm_sym, format):
    run = lstm_sym("compare", "rnn", "rnn-linear", "--format", format)
    assert run.code == 0 and "rnn-linear" in run.out
    assert sum(line.count("tanh") for line in run.out.splitlines()) >= 1


def test_a_model_compared_with_itself_has_no_mark(lstm_sym):
    assert not any(row["differs"] for row in json.loads(lstm_sym("compare", "gru", "--format", "json").out)["rows"])


def test_terms_in_another_order_are_no_difference_and_a_name_of_another_shape_is_one(lstm_sym):
    def differs(*models):
        return {row["of"]: row["differs"] for row in json.loads(lstm_sym("compare", *models, "--format", "json").out)["rows"]}

    assert not any(differs("lstm", "lstm-np").values())
    assert differs("lstm", "lstm-concatenated")["a_{f,t}"] and differs("gru", "gru-renewing")["h_t"]


def test_in_a_terminal_what_differs_has_a_colour_unless_none_is_wanted(monkeypatch):
    def shown(*models):
        return comparing.comparison(*models, "text", "every", False, False)

    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[33m" in shown("rnn", "rnn-linear") and "\x1b[33m" not in shown("rnn", "")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in shown("rnn", "rnn-linear")


def test_truncation_takes_from_the_gradient_of_1997_what_comes_back_through_the_gates_and_nothing_else(lstm_sym):
    rows = json.loads(lstm_sym("compare", "lstm-1997", "--truncated", "--delta", "--format", "json").out)["rows"]
    changed = {row["of"]: (row["left"], row["right"]) for row in rows if row["differs"]}
    assert set(changed) == {r"\delta h_t", r"\delta h_T", r"\delta h_0"}
    left, right = changed[r"\delta h_t"]
    assert right == r"\frac{\partial^{+} L}{\partial h_t}" and left.startswith(right) and left.count(r"\top") == 3
    assert changed[r"\delta h_0"][1] == "0"


def test_below_a_truncated_gradient_stands_what_the_full_one_exceeds_it_by(lstm_sym):
    table = json.loads(lstm_sym("compare", "lstm-1997", "--truncated", "--delta", "--format", "json").out)
    difference = {row["of"]: row["value"] for row in table["difference"]}
    assert difference[r"\Delta \delta h_t"].count(r"\top") == 3 and difference[r"\Delta \delta h_T"] == "0"
    assert difference[r"\Delta \delta c_0"] == r"\Delta \delta c_1" and len(difference) == 19
    for format in ("text", "markdown", "latex"):
        assert "ull minus truncated" in lstm_sym("compare", "lstm-1997", "--truncated", "--format", format).out
        assert "ull minus truncated" not in lstm_sym("compare", "rnn", "lstm", "--format", format).out


def test_derive_names_the_edges_that_truncation_cuts(lstm_sym):
    cut = "h[t - 1] -> a_i[t], h[t - 1] -> a_o[t], h[t - 1] -> a_g[t]"
    for format, line in (("text", f"cut: {cut}"), ("latex", f"% cut: {cut}"), ("markdown", f"`{cut}`")):
        assert line in lstm_sym("derive", "lstm-1997", "--truncated", "--format", format).out


def test_a_truncated_gradient_is_not_judged_as_the_full_one(lstm_sym):
    text = lstm_sym("derive", "lstm-1997", "--truncated", "--format", "markdown").out
    assert lstm_sym("check", "a.md", files={"a.md": text}).code == 0


def test_all_models_are_gradchecked_in_one_run(lstm_sym):
    run = lstm_sym("gradcheck", "--all")
    assert run.code == 0 and run.out.endswith(f"{len(MODELS)} of {len(MODELS)} models pass\n")
    assert lstm_sym("gradcheck").code == lstm_sym("gradcheck", "rnn", "--all").code == 2
