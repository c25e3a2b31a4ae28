r"""Displays of several rows that cannot be laid out as a whole: each row stands for itself, so that none hides another."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lstm_sym.documents.layout.alphabet import ALIGNED
from lstm_sym.documents.layout.parse import parse
from lstm_sym.documents.sources.items import Display, Document, Formula, Inline, Item
from lstm_sym.errors import LayoutError

END_OF_ROW = re.compile(r"\\\\(?:\[[^\]\n]{0,20}\])?")
ENVIRONMENT = re.compile(r"\\(?:begin|end)\{(\w+\*?)\}(?:\{\d+\})?")
BRACES = re.compile(r"\{[^{}]*\}")
WHOLE = re.compile(r"(?!\s*(?:[-+*/|)\]}=<>]|\\(?:cdot|times|odot|circ|right|left\s*[)\]])))[^=]*?[^=\s][^=]*=")


def in_rows(document: Document) -> Document:
    """The document with such displays in rows."""
    items = tuple(part for item in document.items for part in _parts(document, item))
    return document if len(items) == len(document.items) else replace(document, items=items)


def _parts(document: Document, item: Item) -> tuple[Item, ...]:
    rows = END_OF_ROW.search(item.latex) if isinstance(item, Display | Inline) else None
    if rows is None or not isinstance(item, Display | Inline) or _is_laid_out(document, item):
        return (item,)
    if any(name not in ALIGNED for name in ENVIRONMENT.findall(item.latex)):
        return (item,)
    parts = tuple(_rows(document, item))
    if not all(_is_whole(part.latex) for part in parts):
        return (item,)
    return parts if any(_is_laid_out(document, part) for part in parts) else (item,)


def _is_laid_out(document: Document, item: Formula) -> bool:
    try:
        return bool(parse(item.latex, document.macros_at(item)))
    except (LayoutError, RecursionError):
        return False


def _is_whole(row: str) -> bool:
    """Has a row a left side of its own, so that it goes on with no other?"""
    while (shorter := BRACES.sub("", row)) != row:
        row = shorter
    return WHOLE.match(row) is not None


def _rows(document: Document, item: Formula) -> Iterator[Display]:
    """The rows of a display, without marks of alignment, each at its place."""
    plain = ENVIRONMENT.sub(lambda m: " " * len(m[0]), item.latex).replace("&", " ")
    at = 0
    for end in (*END_OF_ROW.finditer(plain), None):
        row = plain[at:end.start() if end is not None else len(plain)]
        if row.strip():
            start = item.at.start + at + len(row) - len(row.lstrip())
            yield Display(document.source.place(start, start + len(row.strip())), row.strip(), item.fence)
        at = end.end() if end is not None else at
