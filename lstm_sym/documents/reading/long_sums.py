r"""-\sum_t y_t \log p_t + (1 - y_t) \log (1 - p_t): what follows a sum and holds its letter is summed as well.

The letter has no other meaning there, so the brackets are only not written; the sign of the sum goes before them.
"""
from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from lstm_sym.documents.layout.fold import build
from lstm_sym.documents.layout.tree import BigOperator, Chain, Layout, Node, Product, Statement, Sum, Symbol, Term, walk
from lstm_sym.documents.reading.spelling import TIME_LETTERS


def told(statement: Statement) -> Statement:
    """The statement with the brackets; as it is, where a side before the sum holds the letter, too."""
    sides = statement.sides
    return replace(statement, sides=(*sides[:1], *(_summed(side, sides[0]) for side in sides[1:])))


def _summed(side: Node, left: Layout) -> Node:
    if not isinstance(side, Sum):
        return side
    first, rest = side.terms[0], side.terms[1:]
    big = first.body.factors[-1] if isinstance(first.body, Product) else first.body
    letter = _letter(big)
    last = sum(1 for _ in takewhile(lambda term: letter and _holds(term, letter), rest))
    if not last or _holds(left, letter) or not isinstance(big, BigOperator):
        return side
    whole: Node = replace(big, body=build(Sum, (build(Term, "", big.body), *rest[:last])))
    if isinstance(first.body, Product):
        whole = replace(first.body, factors=(*first.body.factors[:-1], whole))
    terms = (replace(first, body=whole), *rest[last:])
    return whole if len(terms) == 1 and not first.sign else replace(side, terms=terms)


def _letter(node: Node) -> str:
    r"""The t of \sum_t and \sum_{t=1}^T; "" where it is no sum over times."""
    if not isinstance(node, BigOperator) or "sum" not in node.name or node.lower is None:
        return ""
    lower = node.lower.sides[0] if isinstance(node.lower, Chain) else node.lower
    return lower.name if isinstance(lower, Symbol) and lower.name in TIME_LETTERS else ""


def _holds(node: Layout, letter: str) -> bool:
    """Does it hold the letter free, other than in a sum over it?"""
    own = [n for n in walk(node) if isinstance(n, BigOperator) and _letter(n) == letter]
    return not own and any(isinstance(n, Symbol) and n.name == letter for n in walk(node))
