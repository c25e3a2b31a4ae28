r"""A number above a name that is part of the name: z^1_t = W^1 x_t, z^2_t = W^2 h_t.

Where a line defines a name at a time with a number above it, the number tells it from its neighbours (the first layer, the
second sum): no line of a model defines a square. It then belongs to the name wherever that name stands, and so do the
numbers above other names that stand somewhere with a 1, which nobody writes as a power: W^1 and W^2.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lstm_sym.documents.layout.tree import Delimited, Layout, Number, Scripts, Statement, walk
from lstm_sym.documents.reading.spelling import RUNNING, affine_of, base_text, letters_of


def numbered_names(statements: Iterable[Statement]) -> frozenset[str]:
    """The bases of the names that are told apart by the number above them; none where no line defines such a name."""
    statements = tuple(statements)
    defined = frozenset(base for s in statements if s.relations and (base := _numbered(s.sides[0])) and _at_a_time(s.sides[0]))
    if not defined:
        return frozenset()
    first = (base for s in statements for node in walk(s) if (base := _numbered(node)) and _number(node) == "1")
    return defined | frozenset(first)


def with_number(node: Layout, names: frozenset[str]) -> Layout:
    """z^1_t with the number as a mark of the name, as in z^{(1)}_t."""
    if not isinstance(node, Scripts) or _numbered(node) not in names or node.sup is None:
        return node
    return replace(node, sup=Delimited("", node.sup, "", span=node.sup.span))


def _numbered(node: Layout) -> str:
    """The z of z^1 and z^1_t; "" of anything else."""
    return (base_text(node.base) or "") if _number(node) and isinstance(node, Scripts) and not node.primes else ""


def _number(node: Layout) -> str:
    """The number above a name."""
    return node.sup.text if isinstance(node, Scripts) and isinstance(node.sup, Number) and node.sup.text.isdigit() else ""


def _at_a_time(node: Layout) -> bool:
    form = affine_of(node.sub) if isinstance(node, Scripts) else None
    return form is not None and bool(letters_of(form) & RUNNING)
