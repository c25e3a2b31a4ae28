"""Corrections: each class of error is named, and the corrected equation, pasted in place of the wrong one, is proved."""
from __future__ import annotations

import pytest
from claims import Row, Snippet, snippets

from lstm_sym.documents.check import check_text

WRONG = [(snippet, row) for snippet in snippets("wrong.txt") for row in snippet.rows]


@pytest.mark.parametrize(("snippet", "row"), WRONG, ids=[f"{row.code}, {snippet.name}" for snippet, row in WRONG])
def test_a_correction_is_proposed_and_proved_where_it_is_pasted(snippet: Snippet, row: Row) -> None:
    line = snippet.line(0)
    finding = next(f for f in check_text(f"{snippet.before}\n$${row.latex}$$\n").findings if f.line == line)
    assert finding.verdict == "refuted" and row.code in (finding.code, *finding.also), finding
    assert finding.correction is not None and finding.correction_condition is None, finding
    pasted = [f for f in check_text(f"{snippet.before}\n$${finding.correction}$$\n").findings if f.line == line]
    assert [f.verdict for f in pasted] == ["proved"], (finding.correction, pasted)
    assert finding.correction.partition("=")[0].strip() == row.latex.partition("=")[0].strip()


def test_every_class_with_a_repair_is_corrected_somewhere() -> None:
    assert {row.code for _, row in WRONG} >= {"E101", "E102", "E103", "E104", "E105", "E107", "E108", "E109", "E110"}
