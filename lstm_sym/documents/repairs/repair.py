"""Which error was made, and the corrected equation, proved before it is shown.

A product over time is compared with the derived closed form; else edits are tried one class at a time, then in pairs,
and numbers sort out candidates before anything is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lstm_sym.documents.repairs.case import Case
from lstm_sym.documents.repairs.closed import closed_form, differences
from lstm_sym.documents.repairs.derived import by_names
from lstm_sym.documents.repairs.edits import EDITS, FOLLOWERS, ErrorClass
from lstm_sym.documents.repairs.factors import MISSING, constant_missing
from lstm_sym.documents.repairs.paths import MOST, jacobian_form, paths
from lstm_sym.documents.repairs.sieve import Sieve
from lstm_sym.documents.sections.deciding import known
from lstm_sym.errors import LstmSymError
from lstm_sym.expr.affine import Domain
from lstm_sym.expr.nodes import Node, add
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices, named_in

MOST_TRIED = 1500  # candidates for one reading of a claim: a count, so that a busy machine finds the same
MOST_EDITS = 2
NAMES = {row.code: row.name for row in reversed(EDITS)}        # the first of a code
PATH_MISSING = NAMES["E108"]


@dataclass(frozen=True, slots=True)
class Repair:
    """The classes of error, by their codes, that were undone, and the right side that is proved."""

    codes: tuple[str | None, ...]
    names: tuple[str, ...]
    right: Node


def repair(claims: Sequence[tuple[Node, Node, Recurrence, Domain]]) -> tuple[Repair, int] | None:
    """The fewest edits that make one of the readings (left, right, given, at which times) of a claim true, and which; or None."""
    for n, (left, right, given, where) in enumerate(claims):
        closed = closed_form(left, right, given)
        if closed is not None and known((left, closed), given, where):
            found = differences(right, closed)
            return Repair(tuple(found), tuple(NAMES[code] for code in found), closed), n
    searches = [_Search(*claim) for claim in claims]
    for n, search in enumerate(searches):
        whole = search.with_constant() or search.with_all_paths()
        if whole is not None and search.proves(whole):
            return whole, n
    for _ in range(MOST_EDITS):
        for n, search in enumerate(searches):
            repaired = next(filter(search.proves, search.deeper()), None)
            if repaired is not None:
                return repaired, n
    return None


class _Search:
    """Candidates one edit deeper at a time; those that agree in numbers are handed out."""

    def __init__(self, left: Node, right: Node, given: Recurrence, where: Domain) -> None:
        self.left, self.given, self.where = left, given, where
        self.derived = by_names(left, right, given) or jacobian_form(left, given)
        self.sieve = Sieve(left, right, given, where)
        self.level = [Repair((), (), right)]
        lengths = {s for a in given.axes for s in a.length.free_symbols}
        sizes = {s for q in given.quantities for n in q.shape for s in n.free_symbols}
        self.allowed = free_indices(left) | free_indices(right) | lengths | sizes

    def proves(self, found: Repair) -> bool:
        """Is the claim with this right side true?"""
        return known((self.left, found.right), self.given, self.where) is not None

    def with_constant(self) -> Repair | None:
        """The claim times a number that it lacks."""
        candidates = constant_missing(Case(self.left, self.level[0].right, self.given, self.derived))
        right = next(filter(self.sieve.passes, candidates), None)
        return None if right is None else Repair((None,), (MISSING,), right)

    def with_all_paths(self) -> Repair | None:
        """The claim with what it lacks of the derived equation, if it is the sum of some of that equation's paths."""
        true = paths(self.derived) if self.derived is not None else []
        right = self.level[0].right
        missing = self.sieve.beside(right, true) if 1 < len(true) <= MOST else []
        return Repair(("E108",), (PATH_MISSING,), add(right, *missing)) if missing else None

    def deeper(self) -> Iterator[Repair]:
        """Every candidate with one edit more that equals the left side in numbers."""
        following: list[Repair] = []
        for found in self._candidates():
            if self.sieve.tried > MOST_TRIED:
                return
            if self.sieve.passes(found.right) and free_indices(found.right) <= self.allowed:
                yield found
            following.append(found)
        self.level = sorted(following, key=_likely)

    def _says_something(self, candidate: Node) -> bool:
        """Not in terms of the left side itself."""
        return self.left not in named_in(candidate)

    def _candidates(self) -> Iterator[Repair]:
        seen: set[Node] = set()
        for base in self.level:
            rows = EDITS if not base.codes else [r for r in EDITS if r.code in FOLLOWERS.get(base.codes[-1], ())]
            for row in rows:
                for candidate in _distinct(row, Case(self.left, base.right, self.given, self.derived)):
                    if candidate not in seen and self._says_something(candidate):
                        seen.add(candidate)
                        yield Repair((*base.codes, row.code), (*base.names, row.name), candidate)


def _likely(found: Repair) -> tuple[int, int]:
    """Pairs that occur together in real errors first."""
    order = {"E110": 0, "E101": 1, "E103": 2, "E108": 3, "E102": 4, "E104": 5}
    return sum(order.get(c or "", 9) for c in found.codes), len(named_in(found.right))


def _distinct(row: ErrorClass, case: Case) -> Iterator[Node]:
    seen: set[Node] = {case.right}
    try:
        for candidate in row.edit(case):
            if candidate not in seen and candidate.shape == case.left.shape:
                seen.add(candidate)
                yield candidate
    except LstmSymError:
        return
