"""What moves when some quantities move: members of families that are reached, and how many steps it takes.

A *pattern* is how a family member is introduced: the left side of an equation, or a quantity given from outside.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from lstm_sym.calculus.landing import Range
from lstm_sym.calculus.vjp import children_first, renamed
from lstm_sym.expr.affine import (
    ZERO,
    Domain,
    coefficient,
    combine,
    constant,
    is_empty,
    minus,
    substitute,
    symbols,
)
from lstm_sym.expr.indices import affine, integer
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import BINDERS, Named, Node, When
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, member_domain

Patterns: TypeAlias = dict[Label, tuple[Named, ...]]
Indices: TypeAlias = tuple[sp.Expr, ...]


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
    for n in children_first(node):
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


# --- how many steps lie between ---------------------------------------------------------------------------

Lags: TypeAlias = dict[Label, int | None]                    # no row: not reached; None: reached, without a bound
Link: TypeAlias = tuple[Label, Label, int | None]            # from, to, least number of steps
Key: TypeAlias = tuple[sp.Symbol, int]                       # axis, sign


class Steps:
    """How far families are from `start`: sign * (index of the dependent - index of the source) >= lag, on each axis.

    towards: `start` depends on them; otherwise they depend on it.
    """

    def __init__(self, recurrence: Recurrence, start: Label, towards: bool = False) -> None:
        self.start, self.towards = start, towards
        self.place = {name: _places(recurrence, name) for name in patterns(recurrence)}
        read = [(e, o) for e in recurrence.equations for o in occurrences(e.rhs, domain_of(recurrence, e.over))]
        self.lags = {(a.index, sign): shortest([self._link(e, o, a.index, sign) for e, o in read], start)
                     for a in recurrence.axes for sign in (1, -1)}

    def domain(self, name: Label, at: Indices, start: Indices) -> Domain:
        """Where a member at `at` and the start at `start` can be connected."""
        return self._domain(name, at, start, {key: lags.get(name) for key, lags in self.lags.items()})

    def through(self, e: Equation, inside: Domain, start: Indices) -> Domain:
        """Where the left side depends on the start through something that its right side reads."""
        read = list(occurrences(e.rhs, inside))
        found = {(axis, sign): _least(_after(lags[o.named.label], self._link(e, o, axis, sign)[2])
                                      for o in read if o.named.label in lags)
                 for (axis, sign), lags in self.lags.items()}
        return self._domain(e.lhs.label, e.lhs.indices, start, found)

    def _domain(self, name: Label, at: Indices, start: Indices, lags: Mapping[Key, int | None]) -> Domain:
        here, there = self.place[name], self.place[self.start]
        forms = set()
        for (axis, sign), lag in lags.items():
            if lag is not None and axis in here and axis in there:
                distance = minus(affine(at[here[axis]]), affine(start[there[axis]]))
                distance = combine(ZERO, distance, -sign if self.towards else sign)
                forms.add(minus(distance, constant(lag)))
        return frozenset(forms)

    def _link(self, e: Equation, o: Occurrence, axis: sp.Symbol, sign: int) -> Link:
        here, there = self.place[e.lhs.label].get(axis), self.place[o.named.label].get(axis)
        steps = None if here is None or there is None else _step(e.lhs.indices[here], o, there, sign)
        return (e.lhs.label, o.named.label, steps) if self.towards else (o.named.label, e.lhs.label, steps)


def _places(recurrence: Recurrence, name: Label) -> dict[sp.Symbol, int]:
    axes = {a.index for a in recurrence.axes}
    return {i: place for place, i in enumerate(recurrence.quantity(name).indices) if i in axes}


def _step(here: sp.Expr, occurrence: Occurrence, place: int, sign: int) -> int | None:
    """The least value of sign * (index of the left side - index of the occurrence); None if it has no bound."""
    distance = combine(ZERO, minus(affine(here), affine(occurrence.named.indices[place])), sign)
    for r in reversed(occurrence.ranges):
        bound = r.low if coefficient(distance, r.index.name) > 0 else r.high
        distance = substitute(distance, {r.index.name: affine(bound)})
    return None if distance.terms else distance.constant


def _after(a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else a + b


def _least(values: Iterable[int | None]) -> int | None:
    known = list(values)
    return None if not known or None in known else min(v for v in known if v is not None)


def shortest(links: Iterable[Link], start: Label) -> Lags:
    """The least number of steps from `start` to whatever it reaches (Bellman-Ford).

    None after a link without a bound, and after a cycle of negative length.
    """
    links = tuple(links)
    lags: Lags = {start: 0}
    rounds = len({a for a, _, _ in links}) + 1
    for turn in range(2 * rounds):
        for a, b, steps in links:
            if a in lags and lags.get(b, 0) is not None:
                new, old = _after(lags[a], steps), lags.get(b)
                if old is None or new is None or new < old:
                    lags[b] = new if turn < rounds else None
    return lags
