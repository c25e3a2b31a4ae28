"""Corrections written into documents: each was proved on its own, and stays only if the whole document gains by it."""
from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import TypeAlias

from lstm_sym.cli.judging import Request, checked
from lstm_sym.cli.sources import STDIN
from lstm_sym.documents.findings import Checked, Finding
from lstm_sym.documents.sources import scan
from lstm_sym.errors import DocumentError

Judge: TypeAlias = Callable[[str], Checked]


@dataclass(frozen=True, slots=True)
class Fix:
    """A document before and after, and how many of its equations were corrected."""

    path: str
    before: str
    after: str
    corrected: int

    def diff(self) -> str:
        """What changes, as a unified diff."""
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        return "".join(unified_diff(before, after, self.path, self.path))

    def write(self) -> None:
        """Write the corrected document: its bytes but for the equations.  Errors: OSError."""
        mark = codecs.BOM_UTF8 if Path(self.path).read_bytes().startswith(codecs.BOM_UTF8) else b""
        Path(self.path).write_bytes(mark + self.after.encode("utf-8"))


def fix(path: str, request: Request) -> Fix:
    """The document with its refuted, unexpected equations corrected.

    Errors: DocumentError for standard input, a notebook, or a file that is not UTF-8.
    """
    if path == STDIN or Path(path).suffix == ".ipynb":
        raise DocumentError(f"{path}: only Markdown and TeX files are corrected in place; the report shows the corrections")
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path}: not corrected, as it is not UTF-8") from error
    after, corrected = corrected_text(text, lambda candidate: _judged(candidate, path, request))
    return Fix(path, text, after, corrected)


def _judged(text: str, path: str, request: Request) -> Checked:
    format = scan.FORMATS.get(Path(path).suffix.lower(), "markdown")
    return checked(scan.scan(text, format, path, Path(path).parent), path, request)


def corrected_text(text: str, judge: Judge) -> tuple[str, int]:
    """The text with as many corrections as make the document better, and their number.

    All at once if every one of them is then no longer refuted and nothing else has become so; else one by one.
    """
    now = judge(text)
    edits = [f for f in _faults(now) if f.edit is not None]
    together = text
    for finding in reversed(edits):
        together = _replaced(together, finding) or together
    if together != text and len(_faults(judge(together))) == len(_faults(now)) - len(edits):
        return together, len(edits)
    return _one_by_one(text, now, judge)


def _one_by_one(text: str, now: Checked, judge: Judge) -> tuple[str, int]:
    tried: set[tuple[int, str]] = set()
    done = 0
    while (finding := next(_untried(now, tried), None)) is not None:
        tried.add((finding.line, finding.latex))
        candidate = _replaced(text, finding)
        after = None if candidate is None else judge(candidate)
        if candidate is not None and after is not None and len(_faults(after)) < len(_faults(now)):
            text, now, done = candidate, after, done + 1
    return text, done


def _untried(checked: Checked, tried: set[tuple[int, str]]) -> Iterator[Finding]:
    return (f for f in _faults(checked) if f.edit is not None and (f.line, f.latex) not in tried)


def _faults(checked: Checked) -> list[Finding]:
    """What is wrong or cannot be read: a correction must not trade the one for the other."""
    return [f for f in checked.findings if f.verdict in ("refuted", "not_read") and not f.expected]


def _replaced(text: str, finding: Finding) -> str | None:
    """The text with the equation's right side corrected; None where the equation does not stand as it was read."""
    old, new = finding.edit or ("", "")
    lines = text.split("\n")[:finding.line - 1]
    start = sum(len(line) + 1 for line in lines) + finding.column - 1
    end = start + len(finding.latex)
    if not old or text[start:end] != finding.latex or not finding.latex.endswith(old):
        return None
    return text[:end - len(old)] + new + text[end:]
