"""Two recurrences side by side: what each says of every quantity that either of them computes."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lstm_sym.expr.nodes import Named, Node
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.notation.present import present


@dataclass(frozen=True, slots=True)
class Row:
    """of = left in one recurrence and = right in the other; None where it is not computed, or at no such end."""

    of: Named
    left: Node | None
    right: Node | None

    @property
    def differs(self) -> bool:
        """Do the two say different things?  Compared as they are written: what differs may still be equal."""
        return self.left != self.right


def compared(left: Recurrence, right: Recurrence) -> tuple[Row, ...]:
    """One row for each left side of the presented equations, in the order of `left`, those of `right` in their places."""
    ours, theirs = (dict(_equations(r)) for r in (left, right))
    order = list(ours)
    for before, of in pairwise((None, *theirs)):
        if of is not None and of not in ours:
            order.insert(order.index(before) + 1 if before is not None else 0, of)
    return tuple(Row(of, ours.get(of), theirs.get(of)) for of in order)


def _equations(recurrence: Recurrence) -> Iterator[tuple[Named, Node]]:
    for scan in present(recurrence):
        yield from ((e.lhs, e.rhs) for e in scan.equations)
