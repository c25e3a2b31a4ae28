"""A correction in the author's notation, read back: it is shown only if the equation it is pasted into is proved."""
from __future__ import annotations

from lstm_sym.documents.layout.parse import parse
from lstm_sym.documents.layout.tree import Statement
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.repairs.style import author_style
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.judged import Judged
from lstm_sym.documents.sections.lines import Line, Part, source
from lstm_sym.documents.sections.outcomes import proved
from lstm_sym.documents.sources.items import Document
from lstm_sym.errors import LayoutError
from lstm_sym.notation.latex import latex


def right_side(document: Document, part: Part, line: Line, judge: Judge, judged: Judged, assumed: Convention) -> str | None:
    """The corrected right side as LaTeX; None if there is none, or none that reads back as it was meant.

    Where the left side is an entry, A_{ij}, the right side is one too, [...]_{ij}.
    A correction that holds under a condition is proved in one of the conventions left open.
    """
    if judged.correction is None:
        return None
    text = latex(judged.correction, author_style(part))
    left = source(line.item, judge.left)
    try:
        text = _entry_of(text, part, _parsed(document, line, left))
        pasted = part.writing.told(_parsed(document, line, f"{left} = {text}"))
    except (LayoutError, ValueError):
        return None
    best = judged.outcome.convention if judged.outcome is not None else assumed
    outcomes = Judge(judge.section, *pasted.sides).outcomes(best)
    holds = any(o.convention in (best, assumed) for o in proved(outcomes)) or (
        judged.correction_condition is not None and any(proved(outcomes)))
    return text if holds else None


def _parsed(document: Document, line: Line, text: str) -> Statement:
    """Errors: LayoutError, ValueError if it is more than one statement."""
    (statement,) = parse(text, document.macros_at(line.item)).statements
    return statement


def _entry_of(text: str, part: Part, left: Statement) -> str:
    letters = part.writing.axes(left)
    return rf"\left[{text}\right]_{{{''.join(letters)}}}" if letters else text
