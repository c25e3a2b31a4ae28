"""Corrections written, baselines, the cache, several processes and a project's settings change how a run is made, never
what is true."""
from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from lstm_sym.cli import caching, judging
from lstm_sym.cli.fixing import corrected_text
from lstm_sym.documents.check import check_text
from lstm_sym.documents.findings import Checked, Finding

MODEL = "$$\nh_t = \\tanh(W h_{t-1} + U x_t + b)\n$$\n"
STEP = "\n$$\n\\frac{\\partial h_t}{\\partial h_{t-1}} = %s,\n$$\n"                 # line 6, after MODEL
TRUE, FALSE, UNKNOWN = (STEP % right for right in ("\\operatorname{diag}(1 - h_t^2) W", "(1 - h_t^2) W", "\\oint W"))
BACK = "\n$$\n\\begin{aligned}\n\\frac{\\partial L}{\\partial h_t} &= W^\\top \\frac{\\partial L}{\\partial h_{t+1}} \\\\\n" \
       "a_t &= W h_{t-1} + U x_t + b\n\\end{aligned}\n$$\n"
EXPECTED = "\n<!-- lstm-sym: expect refuted E105 -->" + FALSE


# --- --fix and --diff ------------------------------------------------------------------------------------------------

def test_fix_writes_corrections_that_are_then_proved_and_leaves_every_other_byte(lstm_sym):
    before = "\ufeff" + (MODEL + FALSE + BACK + EXPECTED).replace("\n", "\r\n")
    assert lstm_sym("check", "a.md", files={"a.md": before}).code == 1
    run = lstm_sym("check", "a.md", "--fix", "--format", "json")
    after = Path("a.md").read_bytes().decode()
    assert run.code == 0 and "a.md: 2 equations corrected" in run.err
    assert [f["verdict"] for f in json.loads(run.out)["documents"][0]["findings"] if not f["expected"]].count("proved") == 2
    same = [(a, b) for a, b in zip(before.split("\r\n"), after.split("\r\n"), strict=True) if a != b]
    assert len(same) == 2 and same[0][1].endswith(",") and same[1][1].endswith(" \\\\")


def test_diff_shows_what_fix_would_write_and_writes_nothing(lstm_sym):
    run = lstm_sym("check", "a.md", "--diff", files={"a.md": MODEL + FALSE})
    assert run.code == 1 and Path("a.md").read_text() == MODEL + FALSE
    removed, added = (line for line in run.out.splitlines() if line[0] in "+-" and line[:3] not in ("+++", "---"))
    lstm_sym("check", "a.md", "--fix")
    assert removed[1:] in MODEL + FALSE and added[1:] in Path("a.md").read_text()
    assert lstm_sym("check", "a.md", "--diff").code == 0


def test_what_is_expected_undecided_or_unread_is_not_corrected(lstm_sym):
    text = MODEL + EXPECTED + UNKNOWN
    assert lstm_sym("check", "a.md", "--fix", files={"a.md": text}).code == 0
    assert Path("a.md").read_text() == text


@pytest.mark.parametrize("name", ["-", "a.ipynb"])
def test_fix_needs_a_file_that_is_its_own_source(lstm_sym, name):
    run = lstm_sym("check", name, "--fix", files={"a.ipynb": '{"cells": [], "nbformat": 4}'})
    assert run.code == 2 and "only Markdown and TeX files" in run.err


def test_a_correction_that_makes_another_equation_wrong_is_taken_back():
    one, two = (Finding(n, 1, n, f"x = {n}", "claim", "refuted", edit=(str(n), "0")) for n in (1, 2))

    def judge(text: str) -> Checked:
        """Wrong: the first line unless it is x = 0; the second one always."""
        return Checked("", None, tuple(f for f in (one, two) if f is two or text.startswith("x = 1")))

    assert corrected_text("x = 1\nx = 2\n", judge) == ("x = 0\nx = 2\n", 1)


# --- baseline --------------------------------------------------------------------------------------------------------

def test_a_baseline_excuses_as_many_findings_as_it_knows_wherever_they_stand(lstm_sym):
    files = {"docs/a.md": MODEL + FALSE}
    assert lstm_sym("check", "docs", "--baseline", "known.json", "--write-baseline", files=files).code == 0
    assert lstm_sym("check", "docs", "--baseline", "known.json").code == 0
    moved = {"docs/a.md": "words\n\n" + MODEL + FALSE}
    assert lstm_sym("check", "docs", "--baseline", "known.json", files=moved).code == 0
    twice = {"docs/a.md": MODEL + FALSE + FALSE}
    assert lstm_sym("check", "docs", "--baseline", "known.json", files=twice).code == 1


def test_a_baseline_knows_verdicts_that_fail_a_stricter_run(lstm_sym):
    strict = ("check", "a.md", "--fail-on", "undecided,not-read", "--baseline", "known.json")
    lstm_sym(*strict, "--write-baseline", files={"a.md": MODEL + UNKNOWN})
    assert lstm_sym(*strict).code == 0 and lstm_sym(*strict[:4]).code == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 2, "findings": []}', '{"version": 1, "findings": [3]}'])
def test_a_wrong_baseline_is_one_clear_line(lstm_sym, content):
    run = lstm_sym("check", "a.md", "--baseline", "k.json", files={"a.md": MODEL, "k.json": content})
    assert run.code == 2 and "k.json: this is no baseline" in run.err


def test_a_baseline_is_not_written_from_a_run_that_could_not_judge(lstm_sym):
    run = lstm_sym("check", "a.md", "--baseline", "k.json", "--write-baseline", files={"a.md": "é".encode("utf-16")})
    assert run.code == 2 and not os.path.exists("k.json")


# --- cache -----------------------------------------------------------------------------------------------------------

@pytest.fixture
def judgings(monkeypatch):
    """How often a document has been judged and not remembered."""
    seen: list[str] = []
    real = judging.load()
    monkeypatch.setattr(judging, "load", lambda: lambda document, path, *rest: seen.append(path) or real(document, path, *rest))
    return seen


def test_an_unchanged_document_is_judged_once_and_reported_the_same(lstm_sym, judgings):
    files = {"a.md": MODEL + FALSE + TRUE + BACK + UNKNOWN}
    first, second = (lstm_sym("check", "a.md", "--format", "json", files=files) for _ in range(2))
    assert first.out == second.out and first.code == second.code and judgings == ["a.md"]
    assert lstm_sym("check", "a.md", "--no-cache", "--format", "json").out == first.out and len(judgings) == 2


@pytest.mark.parametrize("change", [
    ("a.md", MODEL + TRUE), ("e.toml", '[[expect]]\npath = "a.md"\nline = 6\nverdict = "refuted"\n')])
def test_what_a_verdict_depends_on_makes_a_new_one(lstm_sym, judgings, change):
    arguments = ("check", "a.md", "--expect", "e.toml")
    files = {"a.md": MODEL + FALSE, "e.toml": "expect = []"}
    assert lstm_sym(*arguments, files=files).code == 1
    assert lstm_sym(*arguments, files=dict([change])).code == 0 and len(judgings) == 2


def test_another_program_asks_again(lstm_sym, judgings, monkeypatch):
    lstm_sym("check", "a.md", files={"a.md": MODEL + TRUE})
    monkeypatch.setattr(caching, "program", lambda: "another")
    lstm_sym("check", "a.md")
    assert len(judgings) == 2


def test_an_included_file_belongs_to_the_document(lstm_sym, judgings):
    main = "\\documentclass{article}\n\\begin{document}\n\\input{m}\n\\[ h_t = h_t \\]\n\\end{document}\n"
    lstm_sym("check", "a.tex", files={"a.tex": main, "m.tex": "\\[ h_t = \\tanh(W h_{t-1}) \\]"})
    lstm_sym("check", "a.tex", files={"m.tex": "\\[ h_t = \\sigma(W h_{t-1}) \\]"})
    assert len(judgings) == 2


def test_a_damaged_entry_is_judged_again(lstm_sym, judgings):
    lstm_sym("check", "a.md", files={"a.md": MODEL + TRUE})
    (entry,) = Path(os.environ["LSTM_SYM_CACHE"]).glob("checked-*.json")
    entry.write_text(entry.read_text()[:-20])
    assert "1 proved" in lstm_sym("check", "a.md").out and len(judgings) == 2


def test_a_cache_that_cannot_be_written_is_no_error(lstm_sym, monkeypatch):
    monkeypatch.setenv("LSTM_SYM_CACHE", os.devnull)
    assert "1 proved" in lstm_sym("check", "a.md", files={"a.md": MODEL + TRUE}).out


def test_a_verdict_that_lacked_time_is_not_kept(lstm_sym, monkeypatch):
    hurried = Checked("a.md", None, (Finding(1, 1, 1, "x = y", "claim", "undecided", message="budget: time"),))
    monkeypatch.setattr(judging, "load", lambda: lambda *_: hurried)
    lstm_sym("check", "a.md", files={"a.md": MODEL})
    assert not list(Path(os.environ["LSTM_SYM_CACHE"]).glob("checked-*"))


# --- several processes, settings of a project -----------------------------------------------------------------------

def test_several_processes_say_what_one_says_in_the_same_order(lstm_sym):
    files = {f"{n}.md": MODEL + (TRUE, FALSE, BACK)[n % 3] for n in range(4)} | {"x.md": "é".encode("utf-16")}
    runs = [lstm_sym("check", ".", "--jobs", jobs, "--no-cache", "--format", "json", files=files) for jobs in "12"]
    assert runs[0] == runs[1] and len(json.loads(runs[0].out)["documents"]) == 4 and "x.md" in runs[0].err


def test_a_project_chooses_how_its_documents_are_checked(lstm_sym):
    project = '[tool.lstm-sym]\nfail-on = ["not-read"]\nexclude = ["drafts/*"]\n'
    files = {"pyproject.toml": project, "drafts/a.md": MODEL + FALSE, "b.md": MODEL + TRUE}
    assert lstm_sym("check", ".", files=files).code == 0
    assert lstm_sym("check", ".", files={"b.md": MODEL + UNKNOWN}).code == 1
    assert lstm_sym("check", "drafts/a.md").code == 1                       # named: not a find of the folder


@pytest.mark.parametrize("line, words", [
    ("fail_on = []", ("'fail_on'", "did you mean fail-on?")), ("jobs = true", ("jobs", "expected int", "True")),
    ("exclude = [3]", ("exclude", "list of texts"))])
def test_a_wrong_setting_of_a_project_says_where(lstm_sym, line, words):
    run = lstm_sym("check", "a.md", files={"a.md": MODEL, "pyproject.toml": f"[tool.lstm-sym]\n{line}\n"})
    assert run.code == 2 and all(word in run.err for word in ("pyproject.toml", *words)), run.err


def test_the_hook_of_this_project_runs_a_command_that_exists(lstm_sym):
    (hook,) = hooks = [line.split(":", 1)[1].strip() for line in _hooks().splitlines() if line.strip().startswith("entry:")]
    assert hooks == ["lstm-sym check"] and lstm_sym(*hook.split()[1:], "a.md", files={"a.md": MODEL + TRUE}).code == 0


def _hooks() -> str:
    return (Path(__file__).parents[1] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")


def test_check_text_and_the_command_agree(lstm_sym):
    found = json.loads(lstm_sym("check", "a.md", "--format", "json", files={"a.md": MODEL + FALSE}).out)
    assert [f["verdict"] for f in found["documents"][0]["findings"]] == [f.verdict for f in check_text(MODEL + FALSE).findings]
