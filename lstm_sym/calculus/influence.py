"""What moves when some quantities move: members of families that are reached, and how many steps it takes.

A *pattern* is how a family member is introduced: the left side of an equation, or a quantity given from outside.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from lstm_sym.calculus.landing import Range
from lstm_sym.calculus.vjp import children_first, renamed
from lstm_sym.expr.affine import Affine, Domain, coefficient, combine, is_empty, minus, substitute, symbols
from lstm_sym.expr.indices import affine, integer
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import BINDERS, Named, Node, When
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, member_domain

Patterns = dict[Label, tuple[Named, ...]]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A named quantity where it stands in a right side: below these sums, and only where `inside` holds."""

    named: Named
    ranges: tuple[Range, ...]
    inside: Domain


def axes_of(recurrence: Recurrence, pattern: Named) -> tuple[Axis, ...]:
    """The axes a pattern runs over."""
    return tuple(a for a in recurrence.axes if a.index in pattern.indices)


def patterns(recurrence: Recurrence) -> Patterns:
    """Every pattern by its label."""
    found: dict[Label, dict[Named, None]] = {}
    for quantity in recurrence.quantities:
        found.setdefault(quantity.label, {})[quantity] = None
    return {name: tuple(those) for name, those in found.items()}


def occurrences(node: Node, inside: Domain, ranges: tuple[Range, ...] = ()) -> Iterator[Occurrence]:
    """Every named quantity in `node`, once in each scope."""
    for n in children_first(node, (*BINDERS, When)):
        if isinstance(n, Named):
            yield Occurrence(n, ranges, inside)
        elif isinstance(n, When):
            yield from occurrences(n.args[0], inside.union(map(affine, n.args[1:])), ranges)
        elif isinstance(n, BINDERS):
            body, k, low, high = renamed(n, {integer(s) for s in symbols(inside)}).args[:4]
            here = Range(k, low, high)
            yield from occurrences(body, inside | here.domain, (*ranges, here))


def domain_of(recurrence: Recurrence, axes: Iterable[Axis]) -> Domain:
    """What holds at a point of these axes."""
    return recurrence.context.union(*(a.domain for a in axes))


def can_be(recurrence: Recurrence, pattern: Named, at: Named, inside: Domain) -> bool:
    """Can the occurrence `at` be a member of `pattern`?  False is proved."""
    return not is_empty(inside | member_domain(pattern, at, axes_of(recurrence, pattern)))


def influenced(recurrence: Recurrence, moved: Collection[Named]) -> frozenset[Named]:
    """Every pattern some member of which depends on a moved one, through all paths; the moved ones too."""
    families = patterns(recurrence)
    reached, before = set(moved), -1
    while len(reached) != before:
        before = len(reached)
        reached |= {e.lhs for e in recurrence.equations if e.lhs not in reached and any(
            pattern in reached and can_be(recurrence, pattern, o.named, o.inside)
            for o in occurrences(e.rhs, domain_of(recurrence, e.over)) for pattern in families.get(o.named.label, ()))}
    return frozenset(reached)


def is_boundary(recurrence: Recurrence, pattern: Named) -> bool:
    """Is it an end of a family, such as h[0]?"""
    return bool(pattern.indices) and not axes_of(recurrence, pattern)


class Moving:
    """The patterns that move when those in `moved` do, and how an occurrence reads their derivatives."""

    def __init__(self, recurrence: Recurrence, moved: Collection[Named]) -> None:
        self.recurrence = recurrence
        self.reached = influenced(recurrence, moved)
        self.families = patterns(recurrence)

    def cases(self, at: Named, inside: Domain, name: Callable[[Named], Named]) -> list[tuple[Named, Domain]]:
        """The derivatives `name(pattern)` that `at` can read, each with the conditions under which it does.

        At a member that does not move there is none; conditions are left out where every possible member moves.
        """
        possible = [p for p in self.families.get(at.label, ()) if can_be(self.recurrence, p, at, inside)]
        names = {p: name(p) for p in possible if p in self.reached}
        if len(names) == len(possible) and len(set(names.values())) == 1:
            return [(names[possible[0]], frozenset())]
        return [(n, member_domain(p, at, axes_of(self.recurrence, p))) for p, n in names.items()]


# --- how many steps: sign * (index of the dependent - index of the source) >= lag ---------------------------

Lags = dict[Label, int]                                      # a label without a row has no bound


def step(equation: Equation, occurrence: Occurrence, place: tuple[int, int], sign: int) -> int | None:
    """The least value of sign * (index of the left side - index of the occurrence); None if it has no bound."""
    here, there = affine(equation.lhs.indices[place[0]]), affine(occurrence.named.indices[place[1]])
    distance = combine(Affine((), 0), minus(here, there), sign)
    for r in reversed(occurrence.ranges):
        c = coefficient(distance, r.index.name)
        distance = substitute(distance, {r.index.name: affine(r.low if c > 0 else r.high)})
    return None if distance.terms else distance.constant


def shortest(edges: Iterable[tuple[Label, Label, int | None]], start: Label) -> Lags:
    """The least number of steps from `start` along edges (from, to, steps); no row where it has no bound.

    A family that `start` reaches by an unbounded step, or by a cycle of negative length, has no bound (Bellman-Ford).
    """
    edges = tuple(edges)
    unbounded: set[Label] = set()
    lags: Lags = {start: 0}
    rounds = len({name for a, b, _ in edges for name in (a, b)}) + 1
    for turn in range(2 * rounds):
        for a, b, steps in edges:
            if a in unbounded or (a in lags and steps is None):
                unbounded.add(b)
            elif a in lags and steps is not None and lags[a] + steps < lags.get(b, lags[a] + steps + 1):
                lags[b] = lags[a] + steps
                unbounded |= {b} if turn >= rounds else set()
    return {name: lag for name, lag in lags.items() if name not in unbounded}
