"""Verdicts of documents: every equation of every snippet gets the verdict that the mathematics gives it."""
from __future__ import annotations

from pathlib import Path

import pytest
from claims import Snippet, said, snippets

from lstm_sym.cli.expectations import from_file
from lstm_sym.documents.check import check_file, check_text
from lstm_sym.errors import DocumentError

ROOT = Path(__file__).parent.parent
DERIVATIONS = sorted((ROOT / "derivations").glob("*.md"))
SNIPPETS = snippets("claims.txt") + snippets("losses.txt")
EXCERPT = ROOT / "tests" / "data" / "tutorial_excerpt.md"


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda s: s.name)
def test_each_equation_gets_its_verdict(snippet: Snippet) -> None:
    findings = check_text(snippet.text).findings
    found = [(row.latex, said([f for f in findings if f.line == snippet.line(n)], row)) for n, row in enumerate(snippet.rows)]
    assert found == [(row.latex, f"{row.verdict} {row.code}") for row in snippet.rows]


def test_the_table_covers_every_verdict_and_enough_equations() -> None:
    rows = [row for s in SNIPPETS for row in s.rows]
    assert len(rows) >= 120 and {row.verdict for row in rows} == {"proved", "refuted", "conditional", "undecided", "not_read"}


@pytest.mark.parametrize("path", DERIVATIONS, ids=lambda p: p.stem)
def test_every_claim_of_the_derivations_is_proved_or_expected_to_fail(path: Path) -> None:
    checked = check_file(path)
    assert not checked.unmet
    assert [(f.line, f.latex, f.verdict) for f in checked.findings
            if f.kind in ("claim", "numeric") and f.verdict != "proved" and not f.expected] == []
    assert checked.count("proved") >= 10


def test_the_excerpt_of_the_tutorial_gets_the_expected_verdicts() -> None:
    checked = check_file(EXCERPT, from_file(str(EXCERPT.with_suffix(".expect.toml"))))
    wanted = from_file(str(EXCERPT.with_suffix(".expect.toml")))
    assert [x.line for x in wanted if not any(x.met_by(f) for f in checked.findings)] == []


def test_a_document_without_a_model_proves_nothing_about_states() -> None:
    checked = check_text(r"$$\frac{\partial L}{\partial h_t} = W^\top \frac{\partial L}{\partial h_{t+1}}$$")
    assert [(f.verdict, f.code) for f in checked.findings] == [("undecided", "W204")]


TABLE = r"""
| symbol | shape |
|---|---|
| $W$ | $n \times n$ |
| $h_t$ | n |

$$h_t = \tanh(W h_{t-1} + U x_t + b)$$
"""


def test_shapes_of_a_table_and_of_the_command_line_hold() -> None:
    claim = r"$$\frac{\partial h_t}{\partial x_t} = \operatorname{diag}(1 - h_t^2) W$$"
    told = [check_text(TABLE + claim, declare=shapes).findings[-1] for shapes in ((), ("U: n x m", "x_t: m"))]
    assert [(f.verdict, f.code) for f in told] == [("refuted", "E109")] * 2
    clash = check_text(TABLE + claim, declare=("U: n x m", "x_t: k"))
    assert [f.verdict for f in clash.findings] == ["not_read", "undecided"]        # of a line that is not read nothing is known


def test_a_declaration_that_is_not_read_is_an_error_of_the_user() -> None:
    with pytest.raises(DocumentError, match="expected names, a colon and a shape"):
        check_text(TABLE, declare=("U n",))


def test_a_block_as_large_as_its_stack_is_a_misfit_and_no_endless_search() -> None:
    text = "$$z_t = [h_{t-1}, x_t]$$\n$$f_t = \\sigma(W_f z_t + b_f)$$\n$$h_t = f_t \\odot h_{t-1}$$\n"
    (claim,) = [f for f in check_text(text + "\n$$f_t = z_t$$\n").findings if f.line == 5]
    assert claim.verdict in ("refuted", "undecided", "not_read"), claim


ABOUT = "| name | size | meaning |\n|---|---|---|\n| hidden size | 128 | units |\n| dropout | 0.5 | rate |\n\n"
MODEL = "$$h_t = \\tanh(W h_{t-1} + U x_t + b)$$\n\n"


def test_a_table_that_states_no_shapes_hides_no_equation() -> None:
    checked = check_text(ABOUT + MODEL + r"$$\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) W$$")
    assert [f.verdict for f in checked.findings] == [None, "proved"]


@pytest.mark.parametrize("shape", ["n x (m + n)", r"$n \times (m+n)$", "(n, m + n)", r"$W \in \mathbb{R}^{n \times (n + m)}$"])
def test_a_size_may_be_a_sum(shape: str) -> None:
    text = f"| symbol | shape |\n|---|---|\n| $W$ | {shape} |\n| $h_t$ | n |\n\n$$h_t = \\tanh(W [h_{{t-1}}, x_t] + b)$$\n\n"
    misfit = r"$$\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) W$$"
    assert check_text(text + misfit).findings[-1].code == "E109"
    true = r"$$\frac{\partial L}{\partial b} = \sum_{t=1}^T \frac{\partial L}{\partial h_t} \odot (1 - h_t^2)$$"
    assert check_text(text + true).findings[-1].verdict == "proved"


def test_numbers_for_an_input_without_its_time_are_an_example() -> None:
    true = r"$$\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) W$$"
    checked = check_text(MODEL + r"$$x = \begin{bmatrix} 1 \\ 2 \end{bmatrix}$$" + "\n\n" + true)
    assert checked.findings[-1].verdict == "proved"
