r"""Conditions on indices: those of a bracket of Iverson, [t < T] x, which is x where they hold and 0 elsewhere.

    t < T   T - t - 1 at least 0        t = T   both T - t and t - T at least 0        t < T, k \le t   both
"""
from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from lstm_sym.documents.layout.tree import Chain, Delimited, List, Node
from lstm_sym.documents.reading.over_time import DOWN, UP
from lstm_sym.documents.reading.shapes import Typed
from lstm_sym.documents.reading.spelling import affine_of
from lstm_sym.expr.affine import Affine, constant, minus
from lstm_sym.expr.indices import expression
from lstm_sym.expr.nodes import When

if TYPE_CHECKING:
    from lstm_sym.documents.reading.reader import Reader


def iverson(node: Node) -> tuple[Affine, ...] | None:
    """The forms that [..] asks to be at least 0; None for what is no bracket of Iverson."""
    bracket = isinstance(node, Delimited) and (node.open, node.close) == ("[", "]")
    return conditions(node.body) if isinstance(node, Delimited) and bracket else None


def when(forms: tuple[Affine, ...], body: Node, r: Reader) -> Typed:
    """[t < T] body: all that follows, so that it may name there what does not exist elsewhere."""
    value = r.read(body)
    return Typed(value.shape, lambda: When(value.build(), *map(expression, forms)))


def conditions(node: Node) -> tuple[Affine, ...] | None:
    """The forms that are at least 0 where the relations hold; None for what is no condition on indices."""
    if isinstance(node, List):
        parts = [conditions(item) for item in node.items]
        return None if None in parts else tuple(form for part in parts for form in part or ())
    if not isinstance(node, Chain):
        return None
    sides = [affine_of(side) for side in node.sides]
    found: list[Affine] = []
    for relation, (a, b) in zip(node.relations, pairwise(sides), strict=True):
        if a is None or b is None or relation.name not in DOWN.keys() | UP.keys():
            return None
        if relation.name in DOWN:
            found.append(minus(minus(b, a), constant(DOWN[relation.name])))
        if relation.name in UP or relation.name == "=":
            found.append(minus(minus(a, b), constant(UP.get(relation.name, 0))))
    return tuple(found)
