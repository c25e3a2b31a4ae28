"""Initial values that a document takes as zero."""
from __future__ import annotations

from lstm_sym.documents.layout.tree import Matrix, Number, Scripts, Symbol
from lstm_sym.documents.reading.spelling import Indexing, Spelled, spell
from lstm_sym.documents.sections.lines import Line


def starts_at_zero(line: Line, indexing: Indexing) -> set[str]:
    """The names in h_0 = c_0 = 0."""
    sides = line.statement.sides if line.statement is not None else ()
    last = sides[-1] if sides else None
    rows = last.rows if isinstance(last, Matrix) else ((last,),)
    nothing = all(isinstance(x, Number) and x.text == "0" for row in rows for x in row) or (
        isinstance(last, Scripts | Symbol) and spell(last, indexing) in (Spelled(r"\mathbf{0}"), Spelled(r"\vec{0}"))
    )
    names = [spell(side, indexing) for side in sides[:-1]]
    at_start = all(n is not None and n.time is not None and not n.time.terms and not n.time.constant for n in names)
    return {n.key for n in names if n is not None} if nothing and at_start and line.is_equation else set()
