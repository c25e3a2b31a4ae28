"""The suite: equations of our own writing in many notations, each with the verdict the mathematics gives it; and its figures."""
from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from claims import Row, Snippet, snippets

from lstm_sym.documents.check import check_text
from lstm_sym.documents.findings import Finding

NOTATIONS = snippets("notations.txt")
SUITE = (*snippets("claims.txt"), *NOTATIONS)
CLASSES = {f"E{n}" for n in range(101, 113)}
ERRORS_OF_CLAIMS = CLASSES - {"E106", "E111"}                # of sizes and of layouts: they have tests of their own
DECIDED = {"proved", "refuted", "conditional"}
WRONG = {("proved", "refuted"), ("refuted", "proved"), ("conditional", "refuted"), ("refuted", "conditional"),
         ("proved", "conditional")}                          # (truth, verdict): undecided is never wrong


@cache
def found(snippet: Snippet) -> tuple[Finding, ...]:
    """The findings on the claims of a snippet, one a row."""
    of_line = {f.line: f for f in check_text(snippet.text).findings}
    return tuple(of_line[snippet.line(n)] for n in range(len(snippet.rows)))


def is_right(row: Row, finding: Finding) -> bool:
    return finding.verdict == row.verdict and (not row.code or row.code in (finding.code, *finding.also))


@pytest.mark.parametrize("snippet", NOTATIONS, ids=lambda s: s.name)
def test_no_verdict_is_wrong_and_every_equation_is_read(snippet: Snippet) -> None:
    told = list(zip(snippet.rows, found(snippet), strict=True))
    assert [(row.latex, f.verdict, f.message) for row, f in told if (row.verdict, f.verdict) in WRONG] == []
    assert [(row.latex, f.message) for row, f in told if f.verdict == "not_read"] == []


def test_models_and_definitions_of_the_suite_are_read() -> None:
    heads = [(s.name, f.latex, f.message) for s in NOTATIONS for f in check_text(s.before).findings if f.verdict == "not_read"]
    assert heads == [], heads


def test_the_suite_is_read_decided_and_its_errors_named(capsys: pytest.CaptureFixture[str]) -> None:
    told = [(row, f) for s in NOTATIONS for row, f in zip(s.rows, found(s), strict=True)]
    open_ones = [(row, f) for row, f in told if row.verdict in DECIDED]
    decided = sum(f.verdict in DECIDED for _, f in open_ones)
    refuted = [(row, f) for row, f in told if row.verdict == f.verdict == "refuted" and row.code]
    named = sum(is_right(row, f) for row, f in refuted)
    with capsys.disabled():
        print(f"\n{len(told)} equations, {decided} of {len(open_ones)} decided, {named} of {len(refuted)} errors named,",
              dict(Counter(f.verdict for _, f in told)))
    assert decided >= 0.95 * len(open_ones)
    assert named >= 0.9 * len(refuted), [(row.code, row.latex, f.code) for row, f in refuted if not is_right(row, f)]


def test_the_suite_has_three_hundred_equations_and_every_class_of_error() -> None:
    rows = [row for s in SUITE for row in s.rows]
    assert len(rows) >= 300 and {row.verdict for row in rows} >= DECIDED
    assert {row.code for row in rows if row.verdict == "refuted"} >= ERRORS_OF_CLAIMS
    assert {row.code for row in rows} >= CLASSES - {"E106"}


def test_a_state_whose_definition_stays_folded_at_its_end_does_not_keep_the_prover_going() -> None:
    net = r"$$h_t = \tanh(W h_{t-1} + U x_t), \quad o_t = V h_t + c, \quad p_t = \mathrm{softmax}(o_t), \quad L = \sum_t L_t$$"
    claim = r"$$\nabla_{h_t} L = \left(\frac{\partial h_{t+1}}{\partial h_t}\right)^\top \nabla_{h_{t+1}} L"
    onward = r" + \left(\frac{\partial o_t}{\partial h_t}\right)^\top \nabla_{o_t} L$$"
    assert check_text(f"{net}\n\n{claim}{onward}").findings[-1].verdict == "proved"
