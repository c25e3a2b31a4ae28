"""A checked document beside its source, and what is counted over several."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lstm_sym.documents.findings import VERDICTS, Checked, Finding

JUDGED = ("proved", "refuted", "conditional", "undecided")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A checked document and the lines it was read from; no lines where they are not at hand."""

    checked: Checked
    lines: tuple[str, ...] = ()

    def shown(self, finding: Finding) -> tuple[str, int, int]:
        """(text, from, to): the source line and where the equation stands in it; else the equation alone."""
        equation = (finding.latex.splitlines() or [""])[0].rstrip()
        start = finding.column - 1
        line = self.lines[finding.line - 1] if 0 < finding.line <= len(self.lines) else ""
        if equation and line.startswith(equation, start):
            return line, start, start + len(equation)
        return equation, 0, len(equation)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run has judged.  displays: displayed lines that are judged, and all of them."""

    models: int
    verdicts: dict[str, int]
    displays: tuple[int, int]
    inline: int
    kinds: dict[str, int]

    @property
    def judged(self) -> int:
        """How many claims have been decided, or honestly left open."""
        return sum(self.verdicts[v] for v in JUDGED)


def tally(sheets: Sequence[Sheet]) -> Tally:
    """The counts over all documents; two findings of one displayed line (hypothesis and claim) are one display."""
    verdicts = Counter(f.verdict for f in all_findings(sheets))
    kinds = Counter(f.kind for f in all_findings(sheets) if f.verdict is None)
    displays = {(n, f.line, f.column): False for n, s in enumerate(sheets) for f in s.checked.findings if f.display}
    displays |= {(n, f.line, f.column): True for n, s in enumerate(sheets) for f in s.checked.findings
                 if f.display and f.verdict in JUDGED}
    return Tally(
        kinds["model"],
        {v: verdicts[v] for v in VERDICTS},
        (sum(displays.values()), len(displays)),
        sum(f.verdict in JUDGED for f in all_findings(sheets) if not f.display),
        {k: n for k, n in sorted(kinds.items())},
    )


def all_findings(sheets: Iterable[Sheet]) -> Iterator[Finding]:
    """Every finding, document by document."""
    return (f for sheet in sheets for f in sheet.checked.findings)


def told_apart(finding: Finding) -> str | None:
    """The condition, where the message does not end with it already."""
    return finding.condition if finding.condition not in finding.message.split("true if ") else None


def summary(sheets: Sequence[Sheet]) -> str:
    """5 of 7 displays judged: 2 proved, 2 refuted (1 expected), 1 conditional; 2 model lines."""
    t = tally(sheets)
    unread = t.verdicts["not_read"]
    if not t.judged:
        return "nothing was checked: no claim was found" if not unread else f"nothing was checked: {unread} not read"
    expected = sum(f.expected and f.verdict == "refuted" for f in all_findings(sheets))
    counts = [f"{n} {v.replace('_', ' ')}" + (f" ({expected} expected)" if v == "refuted" and expected else "")
              for v, n in t.verdicts.items() if n]
    rest = [f"{n} {kind} line{'s' if n > 1 else ''}" for kind, n in t.kinds.items()]
    inline = f" and {t.inline} inline" if t.inline else ""
    head = f"{t.displays[0]} of {t.displays[1]} displays{inline} judged: {', '.join(counts)}"
    return "; ".join((head, *(", ".join(rest),) * bool(rest)))
