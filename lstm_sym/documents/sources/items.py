"""What a document is made of, in order: formulas, prose between them, headings, directives, tables, faults.

Every item stands at a Place: line and column count from 1 at its own first character that is no space; start and end
are offsets in `Document.text`, so `document.position(display.at.start + k)` is the place of character k of a formula.
"""
from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TypeAlias

from lstm_sym.documents.layout.languages import in_english
from lstm_sym.documents.layout.macros import Macro


@dataclass(frozen=True, slots=True)
class Place:
    """line:column to end_line; path if it is another file than the document, cell (from 1) in a notebook."""
    line: int
    column: int
    end_line: int
    start: int
    end: int
    path: str = ""
    cell: int = 0


# --- items ----------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Display:
    """A displayed formula; fence: "$$" "\\\\[" "```math" or the environment's name."""
    at: Place
    latex: str
    fence: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Inline:
    """A formula within a line; fence: "$" "\\\\(" "$`" or "$$"."""
    at: Place
    latex: str
    fence: str


@dataclass(frozen=True, slots=True)
class Prose:
    """Words of one paragraph between two other items; those that carry an argument in English."""
    at: Place
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """level from 1."""
    at: Place
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Directive:
    """`<!-- lstm-sym: expect refuted E101 -->` or `% lstm-sym: ...`: name "expect", value "refuted E101"."""
    at: Place
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of the front matter; nested keys are joined by dots: "shapes.W"."""
    key: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The entries under `lstm_sym:` of the YAML front matter."""
    at: Place
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table, its Markdown as written."""
    at: Place
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A pipe table; the formulas in its cells follow as items of their own."""
    at: Place
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be read, and what was expected."""
    at: Place
    message: str


Item: TypeAlias = Display | Inline | Prose | Heading | Directive | FrontMatter | Table | Fault
Formula: TypeAlias = Display | Inline


# --- places ---------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Segment:
    """From offset `start` on, the text comes from this file or notebook cell, at this line and column."""
    start: int
    path: str = ""
    cell: int = 0
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Source:
    """A text, perhaps put together from several files or cells, and where each part of it comes from."""
    text: str
    segments: tuple[Segment, ...] = (Segment(0),)
    breaks: tuple[int, ...] = field(default=(), repr=False)       # offsets after each line feed

    @classmethod
    def of(cls, text: str, segments: tuple[Segment, ...] = (Segment(0),)) -> Source:
        """The source with its line table."""
        ends, at = [], text.find("\n")
        while at >= 0:
            ends.append(at + 1)
            at = text.find("\n", at + 1)
        return cls(text, segments, tuple(ends))

    def segment(self, offset: int) -> Segment:
        """The part an offset lies in."""
        if len(self.segments) == 1:
            return self.segments[0]
        return self.segments[bisect_right(self.segments, offset, key=lambda s: s.start) - 1]

    def position(self, offset: int) -> tuple[int, int]:
        """(line, column) of an offset, from 1, in its own file or cell."""
        part = self.segment(offset)
        row, first = bisect_right(self.breaks, offset), bisect_right(self.breaks, part.start)
        if row == first:
            return part.line, part.column + offset - part.start
        return part.line + row - first, offset - self.breaks[row - 1] + 1

    def place(self, start: int, end: int) -> Place:
        """The place of text[start:end]."""
        part, last = self.segment(start), max(start, end - 1)
        line, column = self.position(start)
        end_line = max(line, self.position(last)[0]) if self.segment(last) == part else line
        return Place(line, column, end_line, start, end, part.path, part.cell)


# --- the document ---------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Document:
    """A scanned document."""
    path: str
    format: str
    source: Source = field(repr=False)
    items: tuple[Item, ...]            # sorted by their place
    macros: tuple[Macro, ...]          # in order; a later definition of a name wins

    @property
    def text(self) -> str:
        """All the text the offsets count in."""
        return self.source.text

    @property
    def displays(self) -> tuple[Display, ...]:
        """The displayed formulas in order."""
        return tuple(item for item in self.items if isinstance(item, Display))

    def position(self, offset: int) -> tuple[int, int]:
        """(line, column) of an offset."""
        return self.source.position(offset)

    def macros_at(self, item: Item) -> tuple[Macro, ...]:
        """The definitions in force at an item: those before it win over those after it."""
        later = [m for m in self.macros if m.start >= item.at.end]
        return (*later, *(m for m in self.macros if m.start < item.at.end))

    def words_before(self, item: Item) -> str:
        """The prose with its inline formulas between the display, heading or paragraph before and the item."""
        return self._words(item, -1)

    def words_after(self, item: Item) -> str:
        """The same after the item, up to the next display, heading or directive."""
        return self._words(item, 1)

    def _words(self, item: Item, step: int) -> str:
        k = bisect_left(self.items, item.at.start, key=lambda i: i.at.start)
        k = edge = self.items.index(item, k)
        while 0 <= k + step < len(self.items) and isinstance(self.items[k + step], Prose | Inline):
            k += step
        if k == edge:
            return ""
        first, last = (k, edge - 1) if step < 0 else (edge + 1, k)
        return in_english(self.text[_outer(self.items[first])[0]:_outer(self.items[last])[1]])


def _outer(item: Item) -> tuple[int, int]:
    """Offsets with the fences of an inline formula."""
    width = {"$": 1, "$$": 2, "\\(": 2, "$`": 2, "\\\\(": 3}.get(item.fence, 0) if isinstance(item, Inline) else 0
    return item.at.start - width, item.at.end + width
