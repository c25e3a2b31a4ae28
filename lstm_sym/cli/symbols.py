"""symbols FILE: what the names of a document are taken for, as a Markdown table to paste into it and correct."""
from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.cli.sources import STDIN, standard_input, text_of
from lstm_sym.documents.check import read_parts
from lstm_sym.documents.repairs.style import author_style
from lstm_sym.documents.sections.lines import Part
from lstm_sym.documents.sources.items import Document
from lstm_sym.documents.sources.scan import read, scan
from lstm_sym.errors import DocumentError
from lstm_sym.expr.indices import integer
from lstm_sym.expr.nodes import Named
from lstm_sym.notation.latex import latex

HEAD = ("| symbol | shape | kind |", "|---|---|---|")


def table(path: str) -> str:
    """A table for each section with a model; its shapes are declarations that `check` reads.  Errors: DocumentError."""
    parts = list(read_parts(_document(path)))
    tables = ["\n".join((*HEAD, *rows)) for part in parts if (rows := list(_rows(part)))]
    if not tables:
        raise DocumentError(f"{path}: no name in it has a shape; a model line between $$ signs would give some")
    return "\n\n".join(tables) + "\n"


def _document(path: str) -> Document:
    return scan("\n".join(text_of(path, standard_input()).lines)) if path == STDIN else read(path)


def _rows(part: Part) -> Iterator[str]:
    if part.section is None:
        return
    style = author_style(part)
    v, r = part.section.vocabulary, part.section.recurrence
    roles = {q.name: role for role, group in (("parameter", r.parameters), ("input", r.inputs), ("output", r.outputs),
                                              ("state", r.states)) for q in group}
    for key, q in v.quantities.items():
        name = latex(Named(key, 1, 1, *([integer(v.indexing.letter)] if q.indexed else [])), style)
        rows, columns = (_factor(str(v.shapes.size(d))) for d in q.shape)
        size = "" if rows == columns == "1" else f"^{{{rows}}}" if columns == "1" else rf"^{{{rows} \times {columns}}}"
        guess = " (shape guessed)" if key in v.guessed else ""
        yield rf"| ${name}$ | ${name} \in \mathbb{{R}}{size}$ | {roles.get(key, 'quantity')}{guess} |"


def _factor(size: str) -> str:
    """A size beside \\times: a sum in parentheses."""
    return f"({size})" if "+" in size or "-" in size else size
