"""The places of a Markdown text where a formula, code span or comment may begin or end, and what lies next to them."""
from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict

from lstm_sym.documents.layout.alphabet import ALIGNED

ENVIRONMENT = "|".join(re.escape(name) for name in sorted(ALIGNED, reverse=True))
EVENT = re.compile(
    rf"`+|<!--|<(?:pre|PRE|script|SCRIPT|style|STYLE|code|textarea)\b|\{{%-?\s*highlight\b|\$\$|\$"
    rf"|\\begin\{{(?:{ENVIRONMENT})\}}|\\end\{{(?:{ENVIRONMENT})\}}|\\\\[\[\]()]|\\[\s\S]")
BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
WIDEST_MARK = 80           # characters before a display in which the marks of a list are looked for
END_OF_LINE = re.compile(r"[ \t\r]*(?:\n|\Z)")
LIST_MARK = re.compile(r"^\s*(?:(?:[-*+]|\d+[.)])\s+)*|\s+$")
ITEM = re.compile(r"(?:[-*+]|\d+[.)])[ \t]+")
END_OF_ITEM = re.compile(r"[ \t\r]*[.,;]?[ \t\r]*(?:\Z|\n(?=[ \t\r]*(?:\Z|\n|(?:[-*+]|\d+[.)])[ \t]|#)))")
FORMULAS = re.compile(r"[ \t\r]*(?:(?:\$[^$\n]+\$|\\\([^\n]+?\\\))[ \t\r]*(?:[.,;][ \t\r]*)?(?:and[ \t]+)?)+")
ROW_APART = re.compile(r"[ \t]*(?:#|-{3}|\*{3}|```|<!--)")            # a heading, a line, a block, a comment
LONGEST_ROW = 2000         # characters of a line that is looked at for what else it says
WORDS = re.compile(r"(?<![A-Za-z\\{])(?:[A-Za-z]{2,}[ ,]+){4}")
TEXT_GROUP = re.compile(r"\\(?:text|mbox|textrm|intertext|textbf|textit|tag|label)\s*\{[^{}]*\}")


class Events:
    """All events of text[start:end], with the answers a scanner needs, each in logarithmic time."""

    def __init__(self, text: str, start: int, end: int, barriers: list[int]) -> None:
        self.text, self.end = text, end
        self.all = [(m.start(), m.group()) for m in EVENT.finditer(text, start, end)]
        self.starts = [place for place, _ in self.all]
        self.blank = [m.start() for m in BLANK_LINE.finditer(text, start, end)]
        self.barriers = barriers           # offsets no formula crosses: code blocks, headings
        self.where: dict[str, list[int]] = defaultdict(list)
        for place, event in self.all:
            self.where[event].append(place)
        self.ends: dict[str, list[int]] = {}
        self.last_comment = text.rfind("-->", start, end)

    def next(self, event: str, after: int) -> int:
        """The offset of the next event of a kind, or -1."""
        places = self.where.get(event, [])
        k = bisect_left(places, after)
        return places[k] if k < len(places) else -1

    def next_dollar(self, k: int) -> int:
        """The offset of the next `$` after event k with no `$$`, code or comment before it, or -1."""
        k += 1
        while k < len(self.all) and self.all[k][1][0] not in "$<`{":
            k += 1
        return self.starts[k] if k < len(self.all) and self.all[k][1] == "$" else -1

    def end_of_tag(self, name: str, after: int) -> int:
        """The offset behind the next </name> or {% endname, or -1."""
        if name not in self.ends:
            closing = re.compile(rf"</{name}\s*>|\{{%-?\s*end{name}\b", re.IGNORECASE)
            self.ends[name] = [m.end() for m in closing.finditer(self.text, after, self.end)]
        k = bisect_left(self.ends[name], after)
        return self.ends[name][k] if k < len(self.ends[name]) else -1

    def paragraph_end(self, place: int) -> int:
        """The offset of the next empty line, or of the end."""
        k = bisect_left(self.blank, place)
        return self.blank[k] if k < len(self.blank) else self.end

    def is_alone(self, start: int, end: int) -> bool:
        """Does text[start:end] fill its lines, but for spaces and the marks of a list?"""
        window = self.text[max(0, start - WIDEST_MARK):start]
        line = window[window.rfind("\n") + 1:]
        known = "\n" in window or start < WIDEST_MARK
        return known and not LIST_MARK.sub("", line) and END_OF_LINE.match(self.text, end, self.end) is not None

    def is_item(self, start: int, end: int) -> bool:
        """Is text[start:end] all that an item of a list says, or does it state something in a paragraph of formulas alone?"""
        first, last = self.text.rfind("\n", 0, start) + 1, self.text.find("\n", end)
        last = last if last >= 0 else self.end
        mark = self.text[max(first, start - WIDEST_MARK):start].lstrip()
        if ITEM.fullmatch(mark) and END_OF_ITEM.match(self.text, end, self.end):
            return True
        if "=" not in self.text[start:end] or last - first > LONGEST_ROW or not FORMULAS.fullmatch(self.text, first, last):
            return False
        before = self.text[max(first - 1 - LONGEST_ROW, 0):max(first - 1, 0)].rpartition("\n")[2]
        after = self.text[last + 1:last + LONGEST_ROW].partition("\n")[0]
        return all(not row.strip() or ROW_APART.match(row) or FORMULAS.fullmatch(row) for row in (before, after))

    def is_unclosed(self, start: int, end: int) -> bool:
        """Does text[start:end] hold what no display holds: a block of code, a heading, or a run of words?"""
        k = bisect_left(self.barriers, start)
        if k < len(self.barriers) and self.barriers[k] < end:
            return True
        return bool(WORDS.search(TEXT_GROUP.sub("", self.text[start:end])))
