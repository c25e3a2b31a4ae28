r"""Matrices of numbers, \begin{bmatrix} ... \end{bmatrix} \begin{bmatrix} ... \end{bmatrix} = ...: each entry by itself."""
from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from lstm_sym.documents.layout.tree import Delimited, Group, List, Matrix, Node, Product, Scripts, Sum, Term
from lstm_sym.documents.reading.superscripts import is_transpose
from lstm_sym.documents.sections.numeric import Numeric, is_number, numeric

Rows = tuple[tuple[Node, ...], ...]
MATRIX, ENTRYWISE = frozenset(("", r"\cdot", r"\times")), frozenset((r"\odot", r"\circ", "*"))
ORDER = {"refuted": 0, "conditional": 1, "proved": 2}
RELATIONS = frozenset(("=", r"\approx"))


def worked(left: Node, relation: str, right: Node) -> Numeric | None:
    """What the numbers say of left relation right, one on each side or a matrix; None where anything but numbers stands."""
    return numeric(left, relation, right) or _of_matrices(left, relation, right)


def _of_matrices(left: Node, relation: str, right: Node) -> Numeric | None:
    """What the entries say of left relation right; None unless both sides are matrices of numbers of one shape."""
    try:
        a, b = _rows(left), _rows(right)
    except _NoMatrix:
        return None
    if relation not in RELATIONS or _shape(a) != _shape(b) or _shape(a) == (1, 1):
        return None
    found = [(i, j, numeric(x, relation, y, given=True)) for i, (row, other) in enumerate(zip(a, b, strict=True), 1)
             for j, (x, y) in enumerate(zip(row, other, strict=True), 1)]
    if any(entry is None for _, _, entry in found):
        return None
    i, j, worst = min(((i, j, entry) for i, j, entry in found if entry is not None), key=lambda f: ORDER[f[2].verdict])
    if worst.verdict == "proved":
        return Numeric("proved", "every entry is right", evidence=worst.evidence)
    return Numeric(worst.verdict, f"in row {i}, column {j} {worst.message}", worst.condition, worst.evidence)


class _NoMatrix(Exception):
    """Not a matrix of numbers."""


def _shape(rows: Rows) -> tuple[int, int]:
    return len(rows), len(rows[0])


def _rows(node: Node) -> Rows:
    """The entries, each as what is to be computed; a number is a matrix of one entry, a list a column."""
    if isinstance(node, Delimited | Group) and not isinstance(node.body, List):
        return _rows(node.body)
    if isinstance(node, Delimited) and isinstance(node.body, List):
        return _numbers(tuple((x,) for x in node.body.items))
    if isinstance(node, Matrix):
        return _numbers(tuple(map(tuple, node.rows)))
    if isinstance(node, Scripts) and node.sup is not None and node.sub is None and (
            is_transpose(node.sup) or getattr(node.sup, "name", "") == "T"):
        return tuple(zip(*_rows(node.base), strict=True))
    if isinstance(node, Product):
        first, *others = map(_rows, node.factors)
        return reduce(lambda a, b: _times(a, *b), zip(node.operators, others, strict=True), first)
    if isinstance(node, Sum):
        return _sum([(t.sign, _rows(t.body)) for t in node.terms])
    return _numbers(((node,),))


def _numbers(rows: Rows) -> Rows:
    if not rows or not rows[0] or len({len(row) for row in rows}) != 1 or not all(is_number(x) for row in rows for x in row):
        raise _NoMatrix
    return rows


def _times(a: Rows, sign: str, b: Rows) -> Rows:
    one, other = sorted((a, b), key=lambda rows: _shape(rows) != (1, 1))
    if _shape(one) == (1, 1):
        return tuple(tuple(_multiplied(one[0][0], x) for x in row) for row in other)
    if sign in ENTRYWISE and _shape(a) == _shape(b):
        return tuple(tuple(map(_multiplied, row, other)) for row, other in zip(a, b, strict=True))
    if sign not in MATRIX or _shape(a)[1] != len(b):
        raise _NoMatrix
    return tuple(tuple(Sum(tuple(_terms(row, column))) for column in zip(*b, strict=True)) for row in a)


def _terms(row: tuple[Node, ...], column: tuple[Node, ...]) -> Iterator[Term]:
    return (Term("+" if n else "", _multiplied(x, y)) for n, (x, y) in enumerate(zip(row, column, strict=True)))


def _multiplied(x: Node, y: Node) -> Node:
    return Product((Delimited("(", x, ")"), Delimited("(", y, ")")), ("",))


def _sum(parts: list[tuple[str, Rows]]) -> Rows:
    """The sum of signed matrices of one shape, entry by entry."""
    shapes = {_shape(rows) for _, rows in parts}
    if len(shapes) != 1:
        raise _NoMatrix
    (height, width), = shapes
    return tuple(tuple(Sum(tuple(Term(sign, Delimited("(", rows[i][j], ")")) for sign, rows in parts)) for j in range(width))
                 for i in range(height))
