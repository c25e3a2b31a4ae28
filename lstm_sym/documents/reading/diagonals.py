r"""Diagonal matrices written with their entries and dots, told with the column of these.

    diag(a_{t,1}, \dots, a_{t,n})                                       is diag(a_t)
    \begin{pmatrix} a_1 & & \\ & \ddots & \\ & & a_n \end{pmatrix}      is diag(a)
"""
from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from lstm_sym.documents.layout.mapped import L, mapped
from lstm_sym.documents.layout.tree import (
    Blank,
    Delimited,
    Dots,
    Function,
    Layout,
    List,
    Matrix,
    Node,
    Number,
    Product,
    Scripts,
    Symbol,
    tokens,
    walk,
)

LAST = frozenset("nmdpqrNMDHK")                            # the number of entries


def told(part: L) -> L:
    """The part with such matrices as diag of a column."""
    return mapped(part, _of_entries)


def _of_entries(node: Layout) -> Layout:
    if isinstance(node, Matrix):
        column = _column(_diagonal(node))
        return node if column is None else _diag(column, node)
    if not isinstance(node, Product):
        return node
    factors = list(node.factors)
    for n, (head, bracket) in enumerate(itertools.pairwise(factors), 1):
        named = getattr(head, "name", "").lstrip("\\") in ("diag", "Diag")
        items = bracket.body.items if named and isinstance(bracket, Delimited) and isinstance(bracket.body, List) else ()
        column = _column(items)
        if column is not None:
            factors[n] = Delimited("(", column, ")", span=bracket.span, marks=tokens(bracket))
    return node if factors == list(node.factors) else replace(node, factors=tuple(factors))


def _diag(column: Node, where: Matrix) -> Node:
    bracket = Delimited("(", column, ")", span=where.span)
    return Product((Function("diag", span=where.span), bracket), ("",), span=where.span, marks=tokens(where))


def _diagonal(node: Matrix) -> Sequence[Node]:
    """The diagonal of a square table with nothing, 0 or dots beside it; () for another."""
    if any(len(row) != len(node.rows) for row in node.rows):
        return ()
    beside = [cell for i, row in enumerate(node.rows) for j, cell in enumerate(row) if i != j]
    empty = all(map(_is_empty, beside)) and not all(isinstance(cell, Dots) for cell in beside)
    return [row[i] for i, row in enumerate(node.rows)] if empty else ()


def _is_empty(cell: Node) -> bool:
    return isinstance(cell, Blank | Dots) or cell == Number("0")


def _column(items: Sequence[Node]) -> Node | None:
    """The column with these first and last entries, dots between them or at the end."""
    entries = [x for x in items if not isinstance(x, Dots)]
    if len(entries) < 2 or len(entries) == len(items):
        return None
    last: list[Node] = [Number(str(len(entries)))] if isinstance(items[-1], Dots) else [Symbol(x) for x in LAST]
    first = _without(entries[0], Number("1"))
    same = (end for end in last if _holds(entries[-1], end))
    return first if first != entries[0] and any(_without(entries[-1], end) == first for end in same) else None


def _holds(node: Node, index: Node) -> bool:
    return any(_without(n, index) != n for n in walk(node) if isinstance(n, Scripts))


def _without(node: Node, index: Node) -> Node:
    """The entry with its place left out of every name: a_t of a_{t,1}."""

    def shorter(part: Layout) -> Layout:
        if not isinstance(part, Scripts):
            return part
        if part.sub == index:
            bare = part.sup is None and not part.primes
            return replace(part.base, span=part.span, marks=tokens(part)) if bare else replace(part, sub=None, sub_text="")
        if isinstance(part.sub, List) and len(part.sub.items) == 2 and part.sub.items[1] == index:
            return replace(part, sub=part.sub.items[0], sub_text=part.sub_text.split(",")[0])
        return part

    return mapped(node, shorter)
