"""A correction in the author's notation, read back: it is shown only if the equation it is pasted into is proved."""
from __future__ import annotations

from lstm_sym.documents.layout.parse import parse
from lstm_sym.documents.layout.tree import Node, Statement
from lstm_sym.documents.reading.conventions import Convention, Reading, readings
from lstm_sym.documents.repairs.style import author_style
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.judged import Judged
from lstm_sym.documents.sections.lines import Line, Part, source
from lstm_sym.documents.sections.outcomes import proved
from lstm_sym.documents.sections.targets import with_unit_targets
from lstm_sym.documents.sources.items import Document
from lstm_sym.equality.verdicts import Equal
from lstm_sym.errors import LayoutError
from lstm_sym.expr import nodes as e
from lstm_sym.notation.latex import latex


def right_side(document: Document, part: Part, line: Line, judge: Judge, judged: Judged, assumed: Convention) -> str | None:
    """The corrected right side as LaTeX; None if there is none, or none that reads back as it was meant.

    Where the left side is an entry, A_{ij}, the right side is one too, [...]_{ij}.
    A correction that holds under a condition is proved in one of the conventions left open.
    """
    if judged.correction is None:
        return None
    unit = with_unit_targets(judge.section)
    sections = (judge.section, *(unit[:1] if unit is not None and "gradient" in judge.relevant else ()))
    style, best = author_style(part), judged.outcome.convention if judged.outcome is not None else assumed
    for form in dict.fromkeys((_upward(judged.correction), judged.correction)):
        told = _told(latex(form, style), document, part, line, judge)
        conditional = judged.correction_condition is not None
        if told is not None and any(_holds(Judge(s, *told[1]), best, assumed, conditional) for s in sections):
            return told[0]
    return None


def _told(text: str, document: Document, part: Part, line: Line, judge: Judge) -> tuple[str, tuple[Node, Node]] | None:
    """The right side as it is pasted, and the two sides as they are read then; None if they cannot be laid out."""
    left = source(line.item, judge.left)
    try:
        text = _entry_of(text, part, _parsed(document, line, left))
        left_again, right = part.writing.told(_parsed(document, line, f"{left} = {text}")).sides
    except (LayoutError, ValueError):
        return None
    return text, (left_again, right)


def _holds(pasted: Judge, best: Convention, assumed: Convention, conditional: bool) -> bool:
    """Is it proved, in the usual reading or another; where it holds under a condition, in one of the conventions left open?"""
    if any(isinstance(pasted.outcome(c, Reading()).answer, Equal) for c in (best, assumed)):
        return True
    others = (pasted.outcome(best, r) for r in readings(frozenset(pasted.relevant)))
    return any(isinstance(o.answer, Equal) for o in others) or (conditional and any(proved(pasted.outcomes(best))))


def _upward(node: e.Node) -> e.Node:
    r"""Products over time from their first step on, \prod_{k=t+1}^{T}, as most authors write them in either order."""
    if isinstance(node, e.Named):
        return node
    args = [_upward(a) if isinstance(a, e.Node) else a for a in node.args]
    return e.ProductOver(*args[:4], 1) if isinstance(node, e.ProductOver) else node.func(*args)


def _parsed(document: Document, line: Line, text: str) -> Statement:
    """Errors: LayoutError, ValueError if it is more than one statement."""
    (statement,) = parse(text, document.macros_at(line.item)).statements
    return statement


def _entry_of(text: str, part: Part, left: Statement) -> str:
    letters = part.writing.axes(left)
    return rf"\left[{text}\right]_{{{''.join(letters)}}}" if letters else text
