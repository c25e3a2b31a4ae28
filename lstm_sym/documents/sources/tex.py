"""TeX files to items: display environments, `\\[`, `$`, headings, comments with directives; verbatim is skipped."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict

from lstm_sym.documents.layout.alphabet import ONE_FORMULA
from lstm_sym.documents.layout.languages import in_english
from lstm_sym.documents.sources.directives import MARK, directives
from lstm_sym.documents.sources.items import Display, Fault, Heading, Inline, Item, Prose, Source

DISPLAYED = frozenset("""equation equation* align align* gather gather* multline multline* eqnarray eqnarray*
    displaymath flalign flalign* alignat alignat* dmath dmath* empheq IEEEeqnarray IEEEeqnarray*""".split())
VERBATIM = frozenset("""verbatim verbatim* lstlisting minted Verbatim comment alltt filecontents filecontents*
    tikzpicture""".split())
LEVELS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5, "subparagraph": 6}
EVENT = re.compile(
    r"%[^\n]*|\\(?:begin|end)\s*\{[A-Za-z]+\*?\}|\\verb\*?(?![A-Za-z])(?P<bar>[^\w\s])"
    rf"|\\(?:{'|'.join(LEVELS)})\*?(?![A-Za-z])|\\[\s\S]|\$\$|\$|\n[ \t\r]*\n\s*")
TITLE = re.compile(r"\s*(?:\[[^\]\n]*\])?\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([A-Za-z]+\*?)\}")
ARGUMENT = re.compile(r"\s*\{(?:\d+|[A-Za-z@{} ]{1,40})\}")
MOST_FAULTS = 100


def items(source: Source, start: int, end: int) -> list[Item]:
    """The items of the TeX text[start:end], of its document environment if it has one."""
    return _Scanner(source, *body(source.text, start, end)).run()


def body(text: str, start: int, end: int) -> tuple[int, int]:
    """What stands between \\begin{document} and \\end{document}."""
    first = text.find(r"\begin{document}", start, end)
    last = text.find(r"\end{document}", max(first, start), end)
    return (first + 16 if first >= 0 else start), (last if last >= 0 else end)


class _Scanner:
    """One pass over the events of a TeX text."""

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source, self.text, self.end = source, source.text, end
        self.found: list[Item] = []
        self.at = self.told = start
        self.faults = 0
        self.events = [(m.start(), m.end(), self.kind(m.group())) for m in EVENT.finditer(self.text, start, end)]
        self.starts = [e[0] for e in self.events]
        self.where: dict[str, list[int]] = defaultdict(list)
        for place, _, kind in self.events:
            self.where[kind].append(place)

    def kind(self, event: str) -> str:
        """One name for each spelling of an event: `\\begin {align}` is "begin align"."""
        environment = ENVIRONMENT.match(event)
        if environment:
            return f"{environment[1]} {environment[2]}"
        return "%" if event[0] == "%" else "blank" if event[0] == "\n" else event

    def run(self) -> list[Item]:
        """All items."""
        for place, after, kind in self.events:
            if place >= self.at:
                self.at = self.event(place, after, kind)
        self.prose(self.end)
        return self.found

    def event(self, place: int, after: int, kind: str) -> int:
        """Handles one event; the offset to go on from."""
        word = kind.partition(" ")[2]
        if kind == "%":
            return self.comment(place, after)
        if kind == "blank":
            self.prose(place)
            return after
        if kind in PAIRS:
            return self.pair(place, after, PAIRS[kind], kind, kind in ("$$", r"\["))
        if kind.startswith("begin ") and word in DISPLAYED | {"math"}:
            return self.pair(place, self.columns(after, word), f"end {word}", word, word != "math")
        if kind.startswith("begin ") and word in VERBATIM:
            closing = self.next(f"end {word}", after)
            self.prose(place)
            self.told = self.after(closing) if closing >= 0 else self.fault(place, after, rf"\end{{{word}}}")
            return self.told
        if kind.startswith(r"\verb"):
            closing = self.text.find(kind[-1], after, min(self.end, after + 1000))
            return closing + 1 if closing >= 0 else after
        if kind == "begin frame":
            return self.heading(place, after, LEVELS["paragraph"])
        if kind.lstrip("\\").rstrip("*") in LEVELS:
            return self.heading(place, after, LEVELS[kind.lstrip("\\").rstrip("*")])
        return after

    def columns(self, after: int, name: str) -> int:
        """Past the argument of alignat and its like."""
        takes = "alignat" in name or name in ("empheq",) or name.startswith("IEEE")
        argument = ARGUMENT.match(self.text, after) if takes else None
        return argument.end() if argument else after

    def pair(self, place: int, after: int, closer: str, fence: str, shown: bool) -> int:
        """A formula from its opening to its closer; none crosses an empty line, but a display may hold a comment."""
        closing = self.next(closer, after)
        blank = self.next("blank", after)
        if closing < 0 or (0 <= blank < closing and not self.only_comments(blank, closing, shown)):
            return self.fault(place, after, SPELLED.get(closer, rf"\{closer.replace(' ', '{')}}}"))
        within = (place, self.after(closing)) if fence in ONE_FORMULA else (after, closing)
        latex = self.text[slice(*within)]
        start = within[0] + len(latex) - len(latex.lstrip())
        latex = latex.strip()
        self.prose(place)
        at = self.source.place(start, start + len(latex))
        if latex:
            self.found.append(Display(at, latex, fence) if shown else Inline(at, latex, fence))
        self.told = self.after(closing)
        return self.told

    def only_comments(self, blank: int, closing: int, shown: bool) -> bool:
        """An empty line ends a formula in TeX; one right before the closer is forgiven."""
        return shown and not self.text[blank:closing].strip()

    def comment(self, place: int, after: int) -> int:
        self.prose(place)
        if MARK.match(self.text, place + 1, after):
            self.found += directives(self.source, place + 1, after)
        self.told = after
        return after

    def heading(self, place: int, after: int, level: int) -> int:
        title = TITLE.match(self.text, after, min(self.end, after + 2000))
        self.prose(place)
        self.told = title.end() if title else after
        if title:
            self.found.append(Heading(self.source.place(place, title.end()), level, title[1].strip()))
        return self.told

    def fault(self, place: int, after: int, expected: str) -> int:
        self.faults += 1
        if self.faults <= MOST_FAULTS:
            self.prose(place)
            self.told = after
            what = f"{self.text[place:after].strip()} is never closed; expected {expected} before an empty line"
            self.found.append(Fault(self.source.place(place, after), what))
        return after

    def prose(self, until: int) -> None:
        words = self.text[self.told:until]
        if words.strip():
            start = self.told + len(words) - len(words.lstrip())
            self.found.append(Prose(self.source.place(start, start + len(words.strip())), in_english(words.strip())))
        self.told = max(self.told, until)

    def next(self, kind: str, after: int) -> int:
        places = self.where.get(kind, [])
        k = bisect_left(places, after)
        return places[k] if k < len(places) else -1

    def after(self, place: int) -> int:
        """The offset after the event at a place."""
        return self.events[bisect_left(self.starts, place)][1]


PAIRS = {"$$": "$$", r"\[": r"\]", "$": "$", r"\(": r"\)"}
SPELLED = {"$$": "$$", r"\]": r"\]", "$": "$", r"\)": r"\)"}
