"""What a document says about its own check: directives that ignore and expect."""
from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.documents.findings import Finding
from lstm_sym.documents.sources.items import Directive, Display, Document, Formula, Inline


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a finding on a line is expected to be: the verdict, and the code if one is named."""

    path: str
    line: int
    verdict: str
    code: str | None = None

    def met_by(self, finding: Finding) -> bool:
        """The same verdict, and the code among the finding's."""
        return finding.line == self.line and self.fits(finding)

    def fits(self, finding: Finding) -> bool:
        """Verdict and code, wherever it stands."""
        return finding.verdict == self.verdict and (self.code is None or self.code in (finding.code, *finding.also))


@dataclass(frozen=True, slots=True)
class Within(Expectation):
    """An expectation that any line of a formula may meet."""

    lines: range = range(0)

    def met_by(self, finding: Finding) -> bool:
        """On one of the lines."""
        return finding.line in self.lines and self.fits(finding)


@dataclass(frozen=True, slots=True)
class Directives:
    """The directives of a document about verdicts: what to ignore, what to expect of the next formula."""

    ignored: frozenset[int]                                  # offsets of formulas that are not checked
    expected: tuple[tuple[str, Formula], ...]

    @classmethod
    def of(cls, document: Document) -> Directives:
        """Read off the items, in order."""
        ignored, expected = set(), []
        pending: list[Directive] = []
        off = False
        for item in document.items:
            if isinstance(item, Directive):
                off = item.name == "off" or (off and item.name != "on")
                pending.append(item)
            elif isinstance(item, Display | Inline):
                if off or "ignore" in {d.name for d in pending}:
                    ignored.add(item.at.start)
                expected += [(d.value, item) for d in pending if d.name == "expect"]
                pending = []
        return cls(frozenset(ignored), tuple(expected))

    def expectations(self, path: str) -> tuple[Expectation, ...]:
        """`expect refuted E101` before a formula expects it of one of the formula's findings."""
        found = []
        for value, formula in self.expected:
            verdict, _, code = value.strip().partition(" ")
            lines = range(formula.at.line, formula.at.end_line + 1)
            found.append(Within(path, formula.at.line, verdict.replace("-", "_"), code.strip() or None, lines))
        return tuple(found)
