"""Two recurrences side by side: what each says of every quantity that either of them computes."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from operator import eq

from lstm_sym.expr.nodes import Named, Node
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.notation.present import present


@dataclass(frozen=True, slots=True)
class Row:
    """of = left in one recurrence and = right in the other; None where it is not computed, or at no such end.

    differs: the two do not say the same of their names, whatever these stand for.
    """

    of: Named
    left: Node | None
    right: Node | None
    differs: bool


def compared(left: Recurrence, right: Recurrence, same: Callable[[Node, Node], bool] = eq) -> tuple[Row, ...]:
    """One row for each left side of the presented equations, in the order of `left`, those of `right` in their places.

    same: whether two right sides of a row are one; as they are written, if nothing else is said.
    """
    ours, theirs = (dict(_equations(r)) for r in (left, right))
    order = list(ours)
    for before, of in pairwise((None, *theirs)):
        if of is not None and of not in ours:
            order.insert(order.index(before) + 1 if before is not None else 0, of)
    return tuple(_row(of, ours.get(of), theirs.get(of), same) for of in order)


def _row(of: Named, left: Node | None, right: Node | None, same: Callable[[Node, Node], bool]) -> Row:
    return Row(of, left, right, left is None or right is None or not same(left, right))


def _equations(recurrence: Recurrence) -> Iterator[tuple[Named, Node]]:
    for scan in present(recurrence):
        yield from ((e.lhs, e.rhs) for e in scan.equations)
