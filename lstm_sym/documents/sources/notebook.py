"""Notebooks to a Source: the Markdown cells one after another; places count in each cell, cells from 1."""
from __future__ import annotations

import json

from lstm_sym.documents.sources.items import Segment, Source
from lstm_sym.errors import DocumentError


def source_of(text: str, path: str) -> tuple[Source, tuple[tuple[int, int], ...]]:
    """The joined text, and the offsets of each Markdown cell.

    Errors: DocumentError if the text is no notebook, with the place of the first character that is wrong.
    """
    pieces: list[str] = []
    segments, spans = [], []
    at = 0
    for number, cell in enumerate(_cells(text, path), 1):
        words = _words(cell)
        if words is None:
            continue
        segments.append(Segment(at, cell=number))
        spans.append((at, at + len(words)))
        pieces.append(words)
        at += len(words) + 2
    return Source.of("\n\n".join(pieces), tuple(segments) or (Segment(0),)), tuple(spans)


def _cells(text: str, path: str) -> list[object]:
    try:
        notebook = json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError(f"{path}:{error.lineno}:{error.colno}: not a notebook: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise DocumentError(f"{path}:1:1: not a notebook: {type(error).__name__} while its JSON was read") from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise DocumentError(f"{path}:1:1: not a notebook of version 4; expected an object with a list `cells`")
    return cells


def _words(cell: object) -> str | None:
    """The text of a Markdown cell; None for any other."""
    if not isinstance(cell, dict) or cell.get("cell_type") != "markdown":
        return None
    words = cell.get("source", "")
    if isinstance(words, list):
        return "".join(w for w in words if isinstance(w, str))
    return words if isinstance(words, str) else None
