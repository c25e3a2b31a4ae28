"""Snippets of documents from tests/data: a model as an author writes it, then equations about it with the verdict each must get.

A snippet is `== name`, the lines of the document, `--`, and one claim a line: `verdict code | LaTeX`, the code left out where any
will do.  The verdicts are those of the mathematics, worked out by hand.
"""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lstm_sym.documents.check import check_text
from lstm_sym.documents.findings import Finding


@dataclass(frozen=True)
class Row:
    """One claim and what must be said of it."""

    verdict: str
    code: str
    latex: str


@dataclass(frozen=True)
class Snippet:
    """Lines before the claims (prose, declarations, model), and the claims."""

    name: str
    before: str
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """The document: one claim a line, behind the lines of the model."""
        return self.before + "\n" + "\n".join(f"$${row.latex}$$" for row in self.rows) + "\n"

    def line(self, n: int) -> int:
        """Where claim n stands."""
        return self.before.count("\n") + 2 + n


def snippets(name: str) -> tuple[Snippet, ...]:
    """The snippets of a file in tests/data."""
    text = (Path(__file__).parent / "data" / name).read_text(encoding="utf-8")
    return tuple(_snippet(part) for part in text.split("== ")[1:])


def _snippet(part: str) -> Snippet:
    head, _, claims = part.partition("\n--\n")
    name, _, before = head.partition("\n")
    return Snippet(name, before, tuple(_row(line) for line in claims.splitlines() if line.strip()))


def _row(line: str) -> Row:
    label, _, latex = line.partition(" | ")
    verdict, _, code = label.strip().partition(" ")
    return Row(verdict, code, latex.strip())


def said(findings: list[Finding], row: Row) -> str:
    """The wanted line if it was found, else what was found instead."""
    if findings and all(f.verdict == row.verdict and (not row.code or row.code in (f.code, *f.also)) for f in findings):
        return f"{row.verdict} {row.code}"
    return "; ".join(f"{f.kind} {f.verdict} {f.code} {f.message}" for f in findings) or "no finding"


def last_claim(model: str, text: str) -> Finding:
    """The last claim of a document about the model; $$ ... $$ stands on lines of its own."""
    found = check_text(model + "\n\n" + text.replace("$$", "\n$$\n") + "\n").findings
    return [f for f in found if f.kind == "claim"][-1]
