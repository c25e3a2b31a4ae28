r"""Layout to relations between reals: \|W\| \le 1, \lim_{T \to \infty} x = 0, x \to 0, W = W^\top.

Errors: Unreadable, ShapeMismatch.
"""
from __future__ import annotations

from lstm_sym.documents.layout import tree
from lstm_sym.documents.norms.facts import fact
from lstm_sym.documents.norms.formulas import (
    INFINITE,
    LIMITS,
    ORDERS,
    PRODUCTS,
    TENDS,
    entries_told_apart,
    exponents,
    limit_index,
    of_every,
    powers,
    speaks_of_sizes,
)
from lstm_sym.documents.norms.reading import RealReader
from lstm_sym.documents.norms.reals import Entries, Hypothesis, Number, Real, Relation
from lstm_sym.errors import Unreadable


def hypothesis(r: RealReader, sign: str, left: tree.Node, right: tree.Node) -> Hypothesis:
    """A supposed formula: a relation, or what a matrix is.  Built by `built`."""
    of_matrices = sign == "=" and not speaks_of_sizes(left, right)
    return (fact(r.reader, left, right) if of_matrices else None) or relation(r, sign, left, right)


def claimed(r: RealReader, sign: str, left: tree.Node, right: tree.Node, tends: str | None = "") -> Relation:
    """What is claimed; of an eigenvalue that is any of them it is claimed of all."""
    direction = ORDERS[sign][1] if sign in ORDERS and sign != "=" else 0
    return relation(r, sign, of_every(left) if direction > 0 else left, of_every(right) if direction < 0 else right, tends)


def relation(r: RealReader, sign: str, left: tree.Node, right: tree.Node, tends: str | None = "") -> Relation:
    """What left sign right says.  tends: the index that tends to infinity, if words say so; None if they are not read."""
    left, right = entries_told_apart(left, right)
    for index in exponents((left, right), r.section.vocabulary.quantities):
        left, right = powers(left, index), powers(right, index)
    if isinstance(left, tree.BigOperator) and left.name in LIMITS and sign in ("=", *TENDS):
        tends, left, sign = limit_index(left.lower), left.body, r"\to"
    if sign in TENDS and tends is None:
        raise Unreadable("what tends to infinity is not read", left.span)
    if sign in TENDS and tends is not None:
        limit = Number(None) if right in INFINITE else side(r, right)
        return Relation("->", side(r, powers(left, tends)), limit, tends)
    if sign not in ORDERS:
        raise Unreadable(f"the relation {sign} is not read between numbers", left.span)
    order, direction = ORDERS[sign]
    return Relation(order, *(side(r, x) for x in (left, right)[::direction]))


def side(r: RealReader, node: tree.Node) -> Real:
    """A number, or all entries of a matrix."""
    try:
        return r.real(node)
    except Unreadable as fault:
        if isinstance(node, tree.BigOperator) and node.name in PRODUCTS:
            raise                                            # of numbers, over something: not of matrices over time
        try:
            return Entries(r.matrix(node))
        except Unreadable:
            raise fault from None
