"""A correction in the author's notation, read back: it is shown only if the equation it is pasted into is proved."""
from __future__ import annotations

from lstm_sym.documents.claims import Judge, proved
from lstm_sym.documents.conventions import Convention
from lstm_sym.documents.judged import Judged
from lstm_sym.documents.layout import parse
from lstm_sym.documents.lines import Part
from lstm_sym.documents.style import author_style
from lstm_sym.errors import LayoutError
from lstm_sym.notation.latex import latex


def right_side(part: Part, judge: Judge, judged: Judged, assumed: Convention) -> str | None:
    """The corrected right side as LaTeX; None if there is none, or none that reads back as it was meant.

    A correction that holds under a condition is proved in one of the conventions left open.
    """
    if judged.correction is None:
        return None
    text = latex(judged.correction, author_style(part))
    try:
        (statement,) = parse(text).statements
    except (LayoutError, ValueError):
        return None
    pasted = Judge(judge.section, judge.left, statement.sides[0])
    best = judged.outcome.convention if judged.outcome is not None else assumed
    outcomes = pasted.outcomes(best)
    holds = any(o.convention in (best, assumed) for o in proved(outcomes)) or (
        judged.correction_condition is not None and any(proved(outcomes)))
    return text if holds else None
