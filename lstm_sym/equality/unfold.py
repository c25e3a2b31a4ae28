"""Definitions: which quantity was computed last, and its replacement by the equation that defines it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

import sympy as sp

from lstm_sym.equality.existence import local_domain
from lstm_sym.expr.affine import Domain, implies_all, is_empty, reduce_domain, substitute
from lstm_sym.expr.indices import affine, expression, integer
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import BINDERS, Elementwise, Named, Node, SumOver, When, Zeros, add, matmul
from lstm_sym.expr.recurrence import Recurrence, Scan, instances, member_domain
from lstm_sym.expr.substitute import named_in, replace_indices

FEW = 5                              # terms of a sum that are written out
Visit = Callable[[Named, Domain], Node]


def walk(node: Node, visit: Visit, domain: Domain, memo: dict[tuple[Node, Domain], Node] | None = None) -> Node:
    """node with each named quantity q replaced by visit(q, what binders and conditions say of the indices there)."""
    memo = {} if memo is None else memo
    if isinstance(node, Named):
        return visit(node, domain)
    key = node, domain
    if key not in memo:
        inside = domain | local_domain(node)
        first = walk(node.args[0], visit, inside, memo) if isinstance(node, (*BINDERS, When)) else None
        arguments = [
            first if n == 0 and first is not None else walk(a, visit, domain, memo) if isinstance(a, Node) else a
            for n, a in enumerate(node.args)
        ]
        memo[key] = node if all(a is b for a, b in zip(arguments, node.args, strict=True)) else node.func(*arguments)
    return memo[key]


def fold(node: Node, recurrence: Recurrence, domain: Domain) -> Node:
    """node with f(q[t]) replaced by the quantity that is defined as f(q[t]): theta[t] for tanh(c[t])."""
    inside = domain | local_domain(node)
    arguments = [
        fold(a, recurrence, inside if n == 0 else domain) if isinstance(a, Node) else a for n, a in enumerate(node.args)
    ]
    if isinstance(node, Elementwise) and isinstance(arguments[1], Named):
        for e in recurrence.equations:
            if isinstance(e.rhs, Elementwise) and e.rhs.args[0] == node.args[0] and isinstance(e.rhs.args[1], Named):
                found = _folded(e.lhs, e.rhs.args[1], arguments[1], member_domain(e.lhs, e.lhs, e.over), domain)
                if found is not None:
                    return found
    return node if all(a is b for a, b in zip(arguments, node.args, strict=True)) else node.func(*arguments)


def _folded(lhs: Named, pattern: Named, here: Named, where: Domain, domain: Domain) -> Named | None:
    """The member of the family `lhs` that is defined from `here`, if it exists all over `domain`."""
    if (
        pattern.label != here.label
        or pattern.indices != lhs.indices
        or not all(isinstance(i, sp.Symbol) for i in lhs.indices)
    ):
        return None
    at = {i.name: affine(j) for i, j in zip(lhs.indices, here.indices, strict=True)}
    if len(at) != len(lhs.indices) or not implies_all(domain, (substitute(f, at) for f in where)):
        return None
    return lhs[here.indices]


def level_binders(node: Node, depth: int = 0) -> Node:
    """node with the bound indices named #0, #1 ... by nesting depth: apart from every free index and from each other.

    A sum or product of a few terms, a known number of them, is written out.
    """
    if not any(isinstance(a, Node) for a in node.args):
        return node
    if isinstance(node, BINDERS):
        body, bound, *rest = node.args
        more = rest[1] - rest[0]
        if more.is_Integer and 0 <= more < FEW:
            return level_binders(_written_out(node, [rest[0] + n for n in range(more + 1)]), depth)
        name = integer(f"#{depth}")
        return node.func(level_binders(replace_indices(body, {bound: name}), depth + 1), name, *rest)
    arguments = [level_binders(a, depth) if isinstance(a, Node) else a for a in node.args]
    return node if all(a is b for a, b in zip(arguments, node.args, strict=True)) else node.func(*arguments)


def _written_out(node: Node, values: list[sp.Expr]) -> Node:
    """The terms or factors of a sum or product at these values of its index."""
    terms = [replace_indices(node.args[0], {node.args[1]: value}) for value in values]
    if isinstance(node, SumOver):
        return add(*terms)
    return matmul(*(terms if node.args[4] == 1 else reversed(terms)))


def replace_free(node: Node, old: Named, new: Node) -> Node:
    """node with the quantity `old` replaced by `new`; binders of `node` are at levels, so nothing is captured."""
    return walk(node, lambda q, _: new if q == old else q, frozenset())


# --- levels: what was computed later is unfolded first ------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class Level:
    """Place of a quantity in the order of evaluation: scan, time in the scan's direction, place among the equations."""

    scan: int
    time: int
    place: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A proved closed form: general[t] = form for all t in `domain`."""

    general: Named
    form: Node
    domain: Domain

    def at(self, q: Named, domain: Domain) -> Node | None:
        """The closed form of the member q, if it holds all over `domain`; none for an end in terms of which others are given."""
        values = dict(zip(self.general.indices, q.indices, strict=True))
        where = (substitute(f, {t.name: affine(i) for t, i in values.items()}) for f in self.domain)
        form = replace_indices(self.form, values) if implies_all(domain, where) else q
        return form if q not in named_in(form) else None


@dataclass(frozen=True, slots=True)
class Definitions:
    """The definitions of a recurrence, with the levels of its quantities.

    closed: what stands for some quantities instead of one step of their definition.
    """

    recurrence: Recurrence
    scan_of: dict[Label, tuple[int, int]]
    directions: dict[Label, tuple[int, ...]]
    steps: dict[Label, tuple[int, ...]]  # directions, 0 for an index along which no step is taken
    below: dict[Label, frozenset[Label]]  # what is read at the same step, in turn
    given: frozenset[Named]
    closed: dict[Label, Closed] = field(default_factory=dict)

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, recurrence: Recurrence) -> Definitions:
        """Read off the scans."""
        scans: dict[Label, tuple[int, int]] = {}
        directions: dict[Label, tuple[int, ...]] = {}
        general: dict[Label, int] = {}
        for n, scan in enumerate(recurrence.scans):
            for place, e in enumerate(scan.equations):
                free = sum(isinstance(i, sp.Symbol) for i in e.lhs.indices)
                if free > general.get(e.lhs.label, -1):  # the most general equation stands for the family
                    general[e.lhs.label] = free
                    scans[e.lhs.label] = n, place
                    axes = [a.index for a in e.over]
                    signs = dict(zip(axes, scan.direction, strict=False))
                    directions[e.lhs.label] = tuple(signs.get(i, 1) for i in e.lhs.indices)
        moved = {(n, i) for n, scan in enumerate(recurrence.scans) for i in _stepped(scan)}
        steps = {name: tuple(d if (scans[name][0], i) in moved else 0 for i, d in enumerate(along))
                 for name, along in directions.items()}
        below: dict[Label, frozenset[Label]] = {}
        for scan in recurrence.scans:
            labels = {e.lhs.label for e in scan.equations}
            for e in scan.equations:
                read = {q.label for q in named_in(e.rhs) if q.label in labels and q.indices == e.lhs.indices}
                below[e.lhs.label] = below.get(e.lhs.label, frozenset()).union(read, *(below.get(r, ()) for r in read))
        return cls(recurrence, scans, directions, steps, below, frozenset(recurrence.free))

    def level(self, q: Named) -> Level | None:
        """None for what is given and not computed."""
        if q.label not in self.scan_of or q in self.given:
            return None
        steps = zip(self.steps[q.label], q.indices, strict=False)
        scan, place = self.scan_of[q.label]
        return Level(scan, sum(d * affine(i).constant for d, i in steps), place)

    def earliest(self, q: Named) -> int:
        """The earliest time, in the direction of its scan, that one of the indices of a computed quantity names."""
        return min((d * affine(i).constant for d in self.steps[q.label] if d for i in q.indices), default=0)

    def boundaries(self, q: Named, place: int) -> tuple[sp.Expr, ...]:
        """The constant indices at `place` for which the family of q has an equation of its own."""
        return tuple(
            e.lhs.indices[place] for e in self.recurrence.definitions(q.label) if e.lhs.indices[place].is_number
        )

    def unfold(self, node: Node, chosen: Callable[[Named], bool], context: Domain) -> Node:
        """node with the chosen quantities replaced by their definitions, each piece under its conditions."""
        return level_binders(
            walk(node, lambda q, domain: self.replacement(q, domain | context) if chosen(q) else q, frozenset())
        )

    def replacement(self, q: Named, domain: Domain) -> Node:
        """The definition of q at its indices; pieces that cannot apply in `domain` are left out.

        q itself if two pieces could both apply: then the recurrence defines a member twice.
        """
        solved = self.closed[q.label].at(q, domain) if q.label in self.closed else None
        if solved is not None:
            return solved
        pieces = [(where, replace_indices(e.rhs, values)) for e, values, where in instances(self.recurrence, q)]
        for pattern in self.recurrence.free:
            if pattern.label == q.label and len(pattern.indices) == len(q.indices):
                fixed = [p if p.is_number else h for p, h in zip(pattern.indices, q.indices, strict=True)]
                pieces.append((member_domain(pattern, q, self.recurrence.axes), Named(q.label, *q.shape, *fixed)))
        found = [(where, body) for where, body in pieces if not is_empty(where | domain)]
        if any(not is_empty(v | w | domain) for (v, _), (w, _) in combinations(found, 2)):
            return q
        return add(*(_piece(body, where, domain) for where, body in found)) if found else Zeros(*q.shape)


def _stepped(scan: Scan) -> set[int]:
    """The places of indices at which some equation reads another member of its own scan: t of h[t] = f(h[t-1])."""
    labels = {e.lhs.label for e in scan.equations}
    pairs = ((e.lhs.indices, q.indices) for e in scan.equations for q in named_in(e.rhs) if q.label in labels)
    return {n for here, there in pairs for n, (i, j) in enumerate(zip(here, there, strict=False)) if i != j}


def _piece(body: Node, where: Domain, domain: Domain) -> Node:
    needed = sorted(reduce_domain(where, domain))
    return When(body, *map(expression, needed)) if needed else body
