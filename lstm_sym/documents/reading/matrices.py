"""Matrices written out: rows of blocks, one beside the other and one above the other."""
from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_sym.documents.layout.tree import Matrix, Node, Number
from lstm_sym.documents.reading.algebra import side_by_side, stacked
from lstm_sym.documents.reading.shapes import Typed
from lstm_sym.errors import Unreadable
from lstm_sym.expr.nodes import Zeros

if TYPE_CHECKING:
    from lstm_sym.documents.reading.reader import Reader


def matrix(node: Matrix, r: Reader) -> Typed:
    """Blocks in rows and columns; 0 is a block of zeros."""
    if len({len(row) for row in node.rows}) != 1:
        raise Unreadable("the rows of this matrix have different lengths", node.span)
    rows = [[_block(cell, r) for cell in row] for row in node.rows]
    for row in rows:
        for cell in row[1:]:
            r.shapes.unify(row[0].shape[0], cell.shape[0])
    return stacked([side_by_side(row, r) for row in rows], r) if len(rows) > 1 else side_by_side(rows[0], r)


def _block(cell: Node, r: Reader) -> Typed:
    if cell != Number("0"):
        return r.read(cell)
    rows, columns = r.shapes.fresh(), r.shapes.fresh()
    return Typed((rows, columns), lambda: Zeros(r.size(rows), r.size(columns)))
