r"""Arrows inside a formula: what A \Rightarrow B supposes, and what it draws from that.

An A that no proof is known for, and that is no derivative, is supposed: it is not called false, and neither is B, which
is claimed under it. An equation of derivatives before an arrow is a step of a derivation, and is judged.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence

from lstm_sym.documents.layout.tree import Statement, Symbol, walk
from lstm_sym.documents.sections.lines import Line

ARROW = r"\Rightarrow"
DERIVES = frozenset((r"\partial", r"\nabla", r"\delta"))


def is_drawn(statement: Statement | None) -> bool:
    """Does an arrow lead it?"""
    return statement is not None and statement.lead is not None and statement.lead.text.strip() == ARROW


def premises(line: Line, lines: Sequence[Line]) -> Iterator[Line]:
    """What stands before the arrow that leads the line's statement, and may be supposed."""
    if is_drawn(line.statement):
        before = [x for x in lines if x.item is line.item and x.start < line.start and x.statement is not line.statement]
        yield from (x for x in before if may_be_supposed(x) and not is_drawn(x.statement))


def is_premise(line: Line, lines: Sequence[Line]) -> bool:
    """Does an arrow of its formula draw something from the line, a formula or words?"""
    if not may_be_supposed(line) or is_drawn(line.statement) or line.statement is None:
        return False
    draws_words = any(note.text.strip() == ARROW for note in line.statement.notes)
    return draws_words or any(x.item is line.item and x.start > line.start and is_drawn(x.statement) for x in lines)


def may_be_supposed(line: Line) -> bool:
    """An inequality, or an equation without a derivative."""
    sides = [side for side in (line.left, line.right) if side is not None]
    derives = any(isinstance(n, Symbol) and n.name in DERIVES for side in sides for n in walk(side))
    return line.kind in ("claim", "hypothesis") and not (line.is_equation and derives)
