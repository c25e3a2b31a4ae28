"""Definitions: where names exist, which of them was computed last, and its replacement by the equation that defines it."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from lstm_sym.errors import DomainViolation
from lstm_sym.expr.affine import Domain, between, constant, implies_all, is_empty, reduce_domain, variable
from lstm_sym.expr.indices import affine, expression, integer
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import BINDERS, Named, Node, When, Zeros, add
from lstm_sym.expr.recurrence import Recurrence, instances, member_domain
from lstm_sym.expr.substitute import replace_indices

Visit = Callable[[Named, Domain], Node]


def existence(recurrence: Recurrence, named: Named) -> Domain:
    """Where `named` exists: each index from its boundary value (or 1) to its length."""
    patterns = [q for q in recurrence.quantities if q.label == named.label and len(q.indices) == len(named.indices)]
    lengths = {a.index: affine(a.length) for a in recurrence.axes}
    found: set = set()
    for place, here in enumerate(named.indices):
        column = [q.indices[place] for q in patterns]
        ends = [lengths[i] for i in column if i in lengths]
        fixed = [affine(i) for i in column if i not in lengths]
        if ends:
            low = constant(0) if constant(0) in fixed else constant(1)
            found |= between(low, affine(here), ends[0])
        elif len(set(fixed)) == 1:
            found |= between(fixed[0], affine(here), fixed[0])
    return frozenset(found)


def walk(node: Node, visit: Visit, domain: Domain,
         memo: dict[tuple[Node, Domain], Node] | None = None) -> Node:
    """node with each named quantity q replaced by visit(q, what binders and conditions say of the indices there)."""
    memo = {} if memo is None else memo
    if isinstance(node, Named):
        return visit(node, domain)
    key = node, domain
    if key not in memo:
        inside = domain | local_domain(node)
        first = walk(node.args[0], visit, inside, memo) if isinstance(node, (*BINDERS, When)) else None
        arguments = [first if n == 0 and first is not None else walk(a, visit, domain, memo) if isinstance(a, Node) else a
                     for n, a in enumerate(node.args)]
        memo[key] = node if all(a is b for a, b in zip(arguments, node.args, strict=True)) else node.func(*arguments)
    return memo[key]


def local_domain(node: Node) -> Domain:
    """What a node promises of the indices inside it."""
    if isinstance(node, BINDERS):
        return between(affine(node.args[2]), variable(node.args[1].name), affine(node.args[3]))
    return frozenset(map(affine, node.args[1:])) if isinstance(node, When) else frozenset()


def domain_of(node: Node, recurrence: Recurrence, given: Domain) -> Domain:
    """`given` and: every name of `node` exists.  Errors: DomainViolation if a name in a sum does not exist for all its terms."""
    context = set(recurrence.context | given)
    guarded: list[tuple[Named, Domain]] = []

    def visit(q: Named, domain: Domain) -> Node:
        if domain:
            guarded.append((q, domain))
        else:
            context.update(existence(recurrence, q))
        return q

    walk(node, visit, frozenset())
    for q, domain in guarded:
        if not implies_all(frozenset(context) | domain, existence(recurrence, q)):
            raise DomainViolation(f"{q} does not exist for every term of its sum")
    return frozenset(context)


def level_binders(node: Node, depth: int = 0) -> Node:
    """node with the bound indices named #0, #1 ... by nesting depth: apart from every free index and from each other."""
    if not any(isinstance(a, Node) for a in node.args):
        return node
    if isinstance(node, BINDERS):
        body, bound, *rest = node.args
        name = integer(f"#{depth}")
        return node.func(level_binders(replace_indices(body, {bound: name}), depth + 1), name, *rest)
    arguments = [level_binders(a, depth) if isinstance(a, Node) else a for a in node.args]
    return node if all(a is b for a, b in zip(arguments, node.args, strict=True)) else node.func(*arguments)


def replace_free(node: Node, old: Named, new: Node) -> Node:
    """node with the quantity `old` replaced by `new`; binders of `node` are at levels, so nothing is captured."""
    return walk(node, lambda q, _: new if q == old else q, frozenset())


# --- levels: what was computed later is unfolded first ------------------------------------------------------

@dataclass(frozen=True, slots=True, order=True)
class Level:
    """Place of a quantity in the order of evaluation: scan, then time in the scan's direction."""

    scan: int
    time: int


@dataclass(frozen=True, slots=True)
class Definitions:
    """The definitions of a recurrence, with the levels of its quantities."""

    recurrence: Recurrence
    scan_of: dict[Label, int]
    directions: dict[Label, tuple[int, ...]]

    @classmethod
    def of(cls, recurrence: Recurrence) -> Definitions:
        """Read off the scans."""
        scans, directions = {}, {}
        for n, scan in enumerate(recurrence.scans):
            for e in scan.equations:
                general = any(isinstance(i, sp.Symbol) for i in e.lhs.indices)
                if general or e.lhs.label not in scans:
                    scans[e.lhs.label] = n
                    axes = [a.index for a in e.over]
                    signs = dict(zip(axes, scan.direction, strict=False))
                    directions[e.lhs.label] = tuple(signs.get(i, 1) for i in e.lhs.indices)
        return cls(recurrence, scans, directions)

    def level(self, q: Named) -> Level | None:
        """None for what is given and not computed."""
        if q.label not in self.scan_of:
            return None
        steps = zip(self.directions[q.label], q.indices, strict=False)
        return Level(self.scan_of[q.label], sum(d * affine(i).constant for d, i in steps))

    def boundaries(self, q: Named, place: int) -> tuple[sp.Expr, ...]:
        """The constant indices at `place` for which the family of q has an equation of its own."""
        return tuple(e.lhs.indices[place] for e in self.recurrence.definitions(q.label) if e.lhs.indices[place].is_number)

    def unfold(self, node: Node, chosen: Callable[[Named], bool], context: Domain) -> Node:
        """node with the chosen quantities replaced by their definitions, each piece under its conditions."""
        return level_binders(
            walk(node, lambda q, domain: self.replacement(q, domain | context) if chosen(q) else q, frozenset()))

    def replacement(self, q: Named, domain: Domain) -> Node:
        """The definition of q at its indices; pieces that cannot apply in `domain` are left out."""
        pieces = [_piece(replace_indices(e.rhs, values), where, domain) for e, values, where in instances(self.recurrence, q)]
        for pattern in self.recurrence.free:
            if pattern.label == q.label and len(pattern.indices) == len(q.indices):
                where = member_domain(pattern, q, self.recurrence.axes)
                fixed = [p if p.is_number else h for p, h in zip(pattern.indices, q.indices, strict=True)]
                pieces.append(_piece(Named(q.label, *q.shape, *fixed), where, domain))
        found = [p for p in pieces if p is not None]
        return add(*found) if found else Zeros(*q.shape) if is_empty(domain) else q


def _piece(body: Node, where: Domain, domain: Domain) -> Node | None:
    if is_empty(where | domain):
        return None
    needed = sorted(reduce_domain(where, domain))
    return When(body, *map(expression, needed)) if needed else body


