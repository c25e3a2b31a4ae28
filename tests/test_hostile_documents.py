"""Any text in any format is checked without a crash, evaluates nothing, and a broken equation hides no other one."""
from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_sym.cli import main
from lstm_sym.documents.check import check_text
from lstm_sym.documents.findings import Finding
from lstm_sym.documents.judging.part_checker import PartChecker
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.sections.lines import Line
from lstm_sym.errors import DocumentError

NET = r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$"
CLAIM = r"$$\frac{\partial h_t}{\partial x_t} = \operatorname{diag}(1 - h_t^2) U$$"
PIECES = r"""h_t h^{(t)} h(t) W W_{ij} ^T ^\top \frac{a}{b} \partial \nabla_{h_t} L \sum_{t=1}^T \sum_j \prod_k \tanh ( ) { } [ ]
    = \approx < + - \odot \cdot \cdots , & \\ \begin{bmatrix} \end{bmatrix} \begin{cases} \end{cases} \left( \right) '
    0.5 2 t-1 \langle \rangle | __import__('os')"""
FORMULAS = st.lists(st.sampled_from(PIECES.split()), min_size=1, max_size=12).map(" ".join)


@settings(max_examples=60)
@given(FORMULAS)
def test_a_random_formula_has_a_verdict_or_a_reason_and_hides_no_other_one(formula: str) -> None:
    findings = check_text(f"{NET}\n\n$${formula}$$\n\n{CLAIM}\n").findings
    assert [f.verdict is not None for f in findings if f.line == 5] == [True]
    assert all(f.verdict != "not_read" or f.message for f in findings)
    assert not any("internal error" in f.message for f in findings)


@settings(max_examples=40)
@given(st.text(max_size=200), st.sampled_from(("markdown", "tex", "notebook")))
def test_any_text_in_any_format_is_checked_or_is_an_error_of_the_user(text: str, format: str) -> None:
    try:
        assert not any("internal error" in f.message for f in check_text(text, format=format).findings)
    except DocumentError as error:
        assert str(error)


BROKEN = (r"\frac{a", r"\left( a", r"\begin{bmatrix} a", "a } b", r"\nonsense{x}{y}", "{" * 300)


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("format", ["markdown", "tex", "notebook"])
def test_a_broken_equation_does_not_hide_the_next_one(broken: str, format: str) -> None:
    text = f"{NET}\n\n$${broken}$$\n\n{CLAIM}\n"
    if format == "notebook":
        text = json.dumps({"nbformat": 4, "cells": [{"cell_type": "markdown", "source": text}]})
    verdicts = [f.verdict for f in check_text(text, format=format).findings if f.kind == "claim"]
    assert verdicts[0] == "not_read" and verdicts[-1] == "proved"


def test_a_bug_of_ours_at_one_formula_hides_no_other_and_ends_with_2(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    of_line = PartChecker._finding

    def broken(self: PartChecker, n: int, line: Line, assumed: Convention) -> list[Finding]:
        if "W" in line.latex and line.kind == "claim":
            raise ZeroDivisionError("planted")
        return of_line(self, n, line, assumed)

    monkeypatch.setattr(PartChecker, "_finding", broken)
    wrong = r"$$\frac{\partial h_t}{\partial h_{t-1}} = W$$"
    checked = check_text(f"{NET}\n\n{wrong}\n\n{CLAIM}\n", "notes.md")
    assert [f.verdict for f in checked.findings if f.kind == "claim"] == ["not_read", "proved"]
    (bug,) = checked.bugs
    assert bug.startswith("notes.md:3: internal error") and "ZeroDivisionError: planted" in bug
    (tmp_path / "notes.md").write_text(f"{NET}\n\n{wrong}\n")
    assert main(["check", str(tmp_path / "notes.md"), "--no-cache"]) == 2
