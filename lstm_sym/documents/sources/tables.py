"""Pipe tables of Markdown, cell by cell."""
from __future__ import annotations

import re
from itertools import pairwise

from lstm_sym.documents.sources.items import Cell, Source, Table

PART = re.compile(r"\\.|`[^`\n]*`|\$[^$\n]*\$|\|")


def table(source: Source, text: str, lines: list[tuple[int, int]]) -> Table:
    """The table on these lines of a text, the second of which only rules: |---|---|."""
    rows = [row(source, text, *line) for k, line in enumerate(lines) if k != 1]
    return Table(source.place(lines[0][0], lines[-1][1]), rows[0], tuple(rows[1:]))


def row(source: Source, text: str, start: int, end: int) -> tuple[Cell, ...]:
    """The cells of a line, parted by | that is not escaped and not within `..` or $..$."""
    line = text[start:end].rstrip()
    cuts = [m.start() for m in PART.finditer(line) if m.group() == "|"]
    cuts = ([] if line.lstrip().startswith("|") else [-1]) + cuts + ([] if line.endswith("|") else [len(line)])
    return tuple(cell(source, text, start + a + 1, start + b) for a, b in pairwise(cuts))


def cell(source: Source, text: str, start: int, end: int) -> Cell:
    """What stands between two bars, without the spaces around it."""
    words = text[start:end]
    start += len(words) - len(words.lstrip()) if words.strip() else 0
    return Cell(source.place(start, start + len(words.strip())), words.strip())
