"""What the checker says of one equation, and of a document: plain data that reports print."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lstm_sym.equality.verdicts import Witness
from lstm_sym.errors import INTERNAL

VERDICTS = ("proved", "refuted", "conditional", "undecided", "not_read")


@dataclass(frozen=True, slots=True)
class Finding:
    """One equation: where it stands, what kind it is, what was decided and why.

    verdict is None unless kind is "claim" or "numeric".  correction is proved, in the author's notation.
    """

    line: int
    column: int
    end_line: int
    latex: str
    kind: str
    verdict: str | None = None
    code: str | None = None
    also: tuple[str, ...] = ()
    message: str = ""
    expected: bool = False
    scope: int = 0
    condition: str | None = None
    reading: dict[str, Any] | None = None
    correction: str | None = None
    correction_condition: str | None = None
    witness: Witness | None = None
    evidence: str | None = None
    display: bool = True  # stands in a display, not inline
    edit: tuple[str, str] | None = None  # the right side as it stands, and as the correction has it
    script: str | None = None  # a NumPy program that shows the witness


@dataclass(frozen=True, slots=True)
class Checked:
    """A document with its findings."""

    path: str
    model: str | None
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    unmet: tuple[str, ...] = field(default=())  # expectations that no finding met

    def count(self, verdict: str) -> int:
        """How many findings have this verdict."""
        return sum(f.verdict == verdict for f in self.findings)

    @property
    def bugs(self) -> tuple[str, ...]:
        """Where a formula met a bug of ours."""
        return tuple(f"{self.path}:{f.line}: {f.message}" for f in self.findings if f.message.startswith(INTERNAL))

    @property
    def models(self) -> int:
        """How many model lines."""
        return sum(f.kind == "model" for f in self.findings)
