"""Corrections: each class of error is named, and the corrected equation, pasted in place of the wrong one, is proved."""
from __future__ import annotations

import pytest
from claims import Row, Snippet, last_claim, snippets

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


def test_a_number_left_out_is_put_back():
    net = r"$$h_t = \tanh(U x_t + W h_{t-1})$$ $$\hat y_t = v^\top h_t$$ $$L = \sum_{t=1}^T (\hat y_t - y_t)^2$$ "
    found = last_claim(net.replace("$$ ", "$$\n\n"), r"$$\frac{\partial L}{\partial v} = \sum_t (\hat y_t - y_t) h_t$$")
    assert (found.verdict, found.message) == ("refuted", "a factor is missing")
    assert "= 2 \\sum_{t=1}^{T}" in found.correction


def test_a_gate_left_out_is_put_back():
    cell = "\n\n".join((r"$$r_t = \sigma(R x_t + S h_{t-1})$$", r"$$h_t = \tanh(W x_t + U (r_t \odot h_{t-1}))$$", ""))
    wrong = r"$$\frac{\partial L}{\partial U} = \sum_t (\frac{\partial L}{\partial h_t} \odot (1 - h_t^2)) h_{t-1}^\top$$"
    found = last_claim(cell, wrong)
    assert (found.verdict, found.message) == ("refuted", "a factor is missing")
    assert last_claim(cell, f"$${found.correction}$$").verdict == "proved"
