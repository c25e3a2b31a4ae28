"""Markdown to items: one pass from left to right over the places where a formula, comment, code or block may begin.

A display that never closes is a Fault, and the scan goes on behind its `$$`, so the formulas after it are found.
Each step looks at its own stretch of text only, so the time is linear in the length.
"""
from __future__ import annotations

import itertools
import re
from bisect import bisect_left

from lstm_sym.documents.layout.alphabet import ONE_FORMULA
from lstm_sym.documents.layout.languages import in_english
from lstm_sym.documents.sources.blocks import Block, blocks
from lstm_sym.documents.sources.directives import directives, front_matter
from lstm_sym.documents.sources.events import Events
from lstm_sym.documents.sources.items import Display, Fault, Heading, Inline, Item, Prose, Source
from lstm_sym.documents.sources.tables import table

COLUMNS = re.compile(r"\s*\{\d+\}")
MOST_FAULTS = 100
LABEL = re.compile(r"[ \t]*(?:\{#([\w:.-]+)[^}\n]{0,200}\}|\(([\w:.-]+)\))[ \t\r]*$", re.MULTILINE)
MATHEMATICAL = re.compile(r"\\[A-Za-z]|[=_^<>+]")
QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")
OPTION = re.compile(r"[ \t]*:(\w+):[ \t]*(\S*)[^\n]*\n")
CLOSERS = {r"\[": r"\]", r"\(": r"\)", r"\\[": r"\\]", r"\\(": r"\\)"}


def items(source: Source, start: int, end: int) -> list[Item]:
    """The items of the Markdown text[start:end]."""
    return _Scanner(source, start, end).run()


class _Scanner:
    """The cursor `at` moves right only; `told` is where the prose not yet told begins."""

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source, self.end = source, end
        self.found: list[Item] = []
        front, self.at = front_matter(source, start, end)
        self.found += [front] if front else []
        self.told = self.at
        self.blocks, self.lines = self.read_blocks()
        self.text = self.without_quotes()
        bars = [b for b in self.blocks if b.kind in ("code", "math") or (b.kind == "heading" and b.closed)]
        self.events = Events(self.text, self.at, end, [self.lines[b.first] for b in bars])

    def read_blocks(self) -> tuple[list[Block], list[int]]:
        """The blocks, and the offset of each line and of the end."""
        text = self.source.text[self.at:self.end]
        lines, offsets = text.split("\n"), [self.at]
        for line in lines:
            offsets.append(offsets[-1] + len(line) + 1)
        offsets[-1] = self.end
        return blocks(lines), offsets

    def without_quotes(self) -> str:
        """The text with the `>` of quotations turned into spaces, place by place."""
        text = self.source.text
        quoted = sorted({k for b in self.blocks if b.kind == "quote" for k in range(b.first, b.last)})
        if not quoted:
            return text
        pieces, at = [], 0
        for k in quoted:
            mark = QUOTE.match(text, self.lines[k], self.lines[k + 1])
            if mark:
                pieces += [text[at:mark.start()], " " * len(mark.group())]
                at = mark.end()
        return "".join((*pieces, text[at:]))

    def run(self) -> list[Item]:
        """Blocks and events in the order of their places."""
        k = 0
        for block in self.blocks:
            k = self.events_before(self.lines[block.first], k)
            if block.kind != "quote" and self.at <= self.lines[block.first]:
                self.at = self.block(block)
        self.events_before(self.end, k)
        self.prose(self.end)
        return self.found

    def events_before(self, limit: int, k: int) -> int:
        """Handles events up to an offset; the index of the first one left."""
        while k < len(self.events.all) and self.events.starts[k] < limit:
            place, event = self.events.all[k]
            if place >= self.at:
                self.at = place + len(event)
                self.at = self.event(place, event, k)
            k += 1
        return k

    # --- telling ----------------------------------------------------------------------------------------------------

    def prose(self, until: int) -> None:
        """Tells the words since the last item, one Prose a paragraph."""
        at = self.told
        blanks = self.events.blank
        for blank in blanks[bisect_left(blanks, at):bisect_left(blanks, until)]:
            self.paragraph(at, blank)
            at = blank
        self.paragraph(at, until)
        self.told = max(self.told, until)

    def paragraph(self, start: int, end: int) -> None:
        words = self.text[start:end]
        if words.strip():
            start += len(words) - len(words.lstrip())
            words = words.strip()
            self.found.append(Prose(self.source.place(start, start + len(words)), in_english(words)))

    def formula(self, start: int, end: int, outer: tuple[int, int], fence: str, shown: bool, label: str = "") -> int:
        """Tells text[start:end] as a formula; outer are the offsets with its fences."""
        latex = self.text[start:end]
        start += len(latex) - len(latex.lstrip())
        latex = latex.strip()
        self.prose(outer[0])
        at = self.source.place(start, start + len(latex))
        if latex:
            self.found.append(Display(at, latex, fence, label) if shown else Inline(at, latex, fence))
        self.told = outer[1]
        return outer[1]

    def fault(self, start: int, end: int, message: str) -> int:
        """Tells that text[start:end] cannot be read."""
        count = sum(isinstance(item, Fault) for item in self.found[-MOST_FAULTS:])
        if count < MOST_FAULTS:
            self.prose(start)
            self.told = end
            self.found.append(Fault(self.source.place(start, end), message))
        return end

    # --- blocks -----------------------------------------------------------------------------------------------------

    def block(self, block: Block) -> int:
        start, end = self.lines[block.first], self.lines[block.last]
        self.prose(start)
        if block.kind == "heading":
            line = self.text[start:end]
            first = start + len(line) - len(line.lstrip())
            self.found.append(Heading(self.source.place(first, start + len(line.rstrip())), block.level, block.info))
            return self.inside(start, end)
        if block.kind == "table":
            lines = list(itertools.pairwise(self.lines[block.first:block.last + 1]))
            self.found.append(table(self.source, self.text, lines))
            return self.inside(start, end)
        if not block.closed:
            message = f"the code block opened here is never closed; expected a line {self.text[start:start + 3]}"
            self.fault(start, min(end, start + 3), message)
        if block.kind == "math":
            return self.math_fence(block)
        self.told = end
        return end

    def inside(self, start: int, end: int) -> int:
        """A heading's or table's formulas follow it as items; its words are told already."""
        k = bisect_left(self.events.starts, start)
        self.at = start
        while k < len(self.events.all) and self.events.starts[k] < end:
            place, event = self.events.all[k]
            self.told = max(self.told, place)
            if place >= self.at:
                self.at = place + len(event)
                self.at = self.event(place, event, k)
            k += 1
        self.told = max(self.told, end)
        return max(self.at, end)

    def math_fence(self, block: Block) -> int:
        """```math, and MyST's ```{math} with its options."""
        start, end = self.lines[block.first + 1], self.lines[block.last]
        last = self.lines[block.last - 1] if block.closed else end
        label = ""
        while (option := OPTION.match(self.text, start, last)) is not None:
            label, start = option[2] if option[1] == "label" else label, option.end()
        return self.formula(start, max(start, last), (self.lines[block.first], end), "```math", True, label)

    # --- events -----------------------------------------------------------------------------------------------------

    def event(self, place: int, event: str, k: int) -> int:
        """Handles one event; the offset to go on from."""
        if event[0] == "`":
            return self.code(place, event)
        if event == "<!--":
            return self.comment(place)
        if event[0] in "<{":
            return self.skipped(place, event)
        if event == "$$":
            return self.dollars(place)
        if event == "$":
            return self.dollar(place, k)
        if event in CLOSERS:
            return self.bracket(place, event)
        if event.startswith(r"\begin{"):
            return self.environment(place, event)
        return place + len(event)

    def code(self, place: int, run: str) -> int:
        """`code`: to the next run of as many backticks in the same paragraph."""
        closing = self.events.next(run, place + len(run))
        return closing + len(run) if 0 <= closing < self.events.paragraph_end(place) else place + len(run)

    def comment(self, place: int) -> int:
        closing = self.text.find("-->", place, self.end) if place <= self.events.last_comment else -1
        if closing < 0:
            return self.fault(place, place + 4, "the comment opened here is never closed; expected -->")
        self.prose(place)
        self.found += directives(self.source, place + 4, closing)
        self.told = closing + 3
        return closing + 3

    def skipped(self, place: int, opening: str) -> int:
        """<pre> .. </pre>, {% highlight %} .. {% endhighlight %}: no mathematics inside."""
        closing = self.events.end_of_tag(opening.strip("<{%- ").lower(), place)
        return closing if closing >= 0 else place + len(opening)

    def dollars(self, place: int) -> int:
        """$$ .. $$."""
        closing = self.events.next("$$", place + 2)
        if closing < 0 or self.events.is_unclosed(place + 2, closing):
            return self.fault(place, place + 2, "the display opened here is never closed; expected $$")
        label = LABEL.match(self.text, closing + 2, self.end)
        after = label.end() if label else closing + 2
        shown = self.events.is_alone(place, after) or "\n" in self.text[place:closing] or label is not None
        name = (label[1] or label[2]) if label else ""
        return self.formula(place + 2, closing, (place, after if label else closing + 2), "$$", shown, name)

    def dollar(self, place: int, k: int) -> int:
        """$x$: no space inside the dollars and no digit behind, as Pandoc reads; or $ x_t $ if plainly mathematics."""
        if self.text.startswith("$`", place):
            closing = self.text.find("`$", place + 2, min(self.end, self.events.paragraph_end(place)))
            return self.formula(place + 2, closing, (place, closing + 2), "$`", False) if closing > 0 else place + 1
        closing = self.events.next_dollar(k)
        if closing < 0 or closing > self.events.paragraph_end(place):
            return place + 1
        inside, behind = self.text[place + 1:closing], self.text[closing + 1:closing + 2]
        tight = inside.strip() and not inside[0].isspace() and not inside[-1].isspace() and not behind.isdigit()
        spaced = inside[:1] == inside[-1:] == " " and MATHEMATICAL.search(inside)
        if not (tight or spaced):
            return place + 1
        shown = self.events.is_item(place, closing + 1)
        return self.formula(place + 1, closing, (place, closing + 1), "$", shown)

    def bracket(self, place: int, opening: str) -> int:
        r"""\[ .. \], \( .. \), and with two backslashes as Kramdown wants them."""
        closing, width = self.events.next(CLOSERS[opening], place), len(opening)
        again = self.events.next(opening, place + width)
        if closing < 0 or 0 <= again < closing or self.events.is_unclosed(place, closing):
            if "[" not in opening or self.text[place + width:place + width + 1] != "\n":
                return place + width
            message = f"the display opened here is never closed; expected {CLOSERS[opening]}"
            return self.fault(place, place + width, message)
        inside = self.text[place + width:closing]
        shown = "[" in opening
        if (shown and not MATHEMATICAL.search(inside)) or (not shown and closing > self.events.paragraph_end(place)):
            return place + width
        shown = shown or self.events.is_item(place, closing + width)
        return self.formula(place + width, closing, (place, closing + width), opening, shown)

    def environment(self, place: int, opening: str) -> int:
        r"""\begin{align} .. \end{align} with no dollars around."""
        name = opening[7:-1]
        closing = self.events.next(rf"\end{{{name}}}", place)
        again = self.events.next(opening, place + len(opening))
        if closing < 0 or 0 <= again < closing or self.events.is_unclosed(place, closing):
            return self.fault(place, place + len(opening), rf"{opening} is never closed; expected \end{{{name}}}")
        start = place + len(opening)
        argument = COLUMNS.match(self.text, start, closing) if name.startswith("align") and "at" in name else None
        after = closing + len(name) + 6
        if name in ONE_FORMULA:
            return self.formula(place, after, (place, after), name, True)
        return self.formula(argument.end() if argument else start, closing, (place, after), name, True)
