r"""Rows of a stacked column: (v)_{1:n} and (v)_{n+1:n+m} are its blocks, counted from 1, both ends included."""
from __future__ import annotations

from lstm_sym.documents.layout.tree import Chain, Node
from lstm_sym.documents.reading.algebra import Algebra
from lstm_sym.documents.reading.shapes import Dimension, Typed
from lstm_sym.documents.reading.spelling import affine_of
from lstm_sym.errors import Unreadable
from lstm_sym.expr.affine import Affine, constant, minus
from lstm_sym.expr.indices import expression
from lstm_sym.expr.nodes import take


def rows_of(node: Node | None) -> tuple[Affine, Affine] | None:
    """The rows before those of `a:b`, and how many they are; None for any other subscript."""
    if not (isinstance(node, Chain) and [r.name for r in node.relations] == [":"]):
        return None
    first, last = map(affine_of, node.sides)
    if first is None or last is None:
        return None
    before = minus(first, constant(1))
    return before, minus(last, before)


def sliced(x: Typed, rows: tuple[Affine, Affine], node: Node, r: Algebra) -> Typed:
    """Whole blocks of x behind whole blocks of x, so that the rows exist for all sizes.  Errors: Unreadable for others."""
    whole = r.shapes.find(x.shape[0])
    blocks = {str(r.size(d)): d for d in (whole if isinstance(whole, tuple) else (whole,))}
    before, taken = (_letters(form) for form in rows)
    if before is None or not taken or not before | taken <= blocks.keys() or before & taken:
        raise Unreadable("of the rows of a column, whole blocks of those it is stacked of are read", node.span)
    parts: tuple[Dimension, ...] = tuple(d for letter, d in blocks.items() if letter in taken)
    start, count = map(expression, rows)
    return Typed((parts if len(parts) > 1 else parts[0], x.shape[1]), lambda: take(x.build(), start, count))


def _letters(form: Affine) -> frozenset[str] | None:
    """The letters of a plain sum of letters."""
    return frozenset(letter for letter, _ in form.terms) if {k for _, k in form.terms} <= {1} and not form.constant else None
