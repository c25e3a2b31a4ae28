"""Where names exist: the domain of a claim, over its free indices and sizes."""

from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.errors import DomainViolation
from lstm_sym.expr.affine import (
    ONE,
    ZERO,
    Affine,
    Domain,
    between,
    coefficient,
    combine,
    complement,
    implies,
    is_empty,
    minus,
    symbols,
    variable,
)
from lstm_sym.expr.indices import affine
from lstm_sym.expr.nodes import BINDERS, Named, Node, Slice, When, operands
from lstm_sym.expr.recurrence import Recurrence, member_domain
from lstm_sym.expr.substitute import nodes_in

Scoped = tuple[Node, Domain]


def domain_of(node: Node, recurrence: Recurrence, given: Domain) -> Domain:
    """`given` and: every size >= 1, every name and every row of `node` exists.

    Errors: DomainViolation if a name or row below a sum or condition does not exist for all its terms.
    """
    context = set(recurrence.context | given | sizes_of(node, *recurrence.quantities))
    places = list(scoped(node, frozenset(), set()))
    for q, around in places:
        if not around:
            context |= existence(recurrence, q) if isinstance(q, Named) else rows_of(q)
    for q, around in places:
        boxes = _boxes(recurrence, q) if isinstance(q, Named) else [rows_of(q)]
        if around and len(boxes) == 1:
            context |= _ends(boxes[0], around, frozenset(context))
        if around and boxes and not is_covered(around.union(context), boxes):
            raise DomainViolation(f"{q} does not exist for every term of its sum")
    return frozenset(context)


def _ends(box: Domain, around: Domain, context: Domain) -> Domain:
    """Free indices at which the first or last term of a sum does not exist, though the sum has terms, are left out."""
    found: set[Affine] = set()
    for form in sorted(box):
        bound = [s for s, _ in form.terms if s.startswith("#")]
        if len(bound) == 1 and not implies(around | context, form):
            lower, upper = ([f for f in around if coefficient(f, bound[0]) == sign] for sign in (1, -1))
            if len(lower) == len(upper) == 1 and abs(coefficient(form, bound[0])) == 1:
                end = combine(form, (lower if coefficient(form, bound[0]) == 1 else upper)[0], -1)
                if implies(context | {complement(end)}, combine(lower[0], upper[0])):
                    found.add(end)
    return frozenset(found)


def scoped(node: Node, around: Domain, seen: set[Scoped]) -> Iterator[Scoped]:
    """Every named quantity and slice in `node`, with what binders and conditions around it say of the indices there."""
    if (node, around) in seen:
        return
    seen.add((node, around))
    if isinstance(node, Named | Slice):
        yield node, around
    within = around | local_domain(node)
    for n, a in enumerate(node.args):
        if isinstance(a, Node):
            yield from scoped(a, within if n == 0 else around, seen)


def local_domain(node: Node) -> Domain:
    """What a node promises of the indices inside it."""
    if isinstance(node, BINDERS):
        return between(affine(node.args[2]), variable(node.args[1].name), affine(node.args[3]))
    return frozenset(map(affine, node.args[1:])) if isinstance(node, When) else frozenset()


def sizes_of(*parts: Node) -> Domain:
    """Every size >= 1: a symbol in the shape of a name or constant that is no index of a name."""
    leaves = [n for part in parts for n in nodes_in(part) if not operands(n)]
    shapes = symbols(affine(extent) for n in leaves for extent in n.shape)
    indices = symbols(affine(i) for n in leaves if isinstance(n, Named) for i in n.indices)
    return frozenset(Affine(((s, 1),), -1) for s in shapes - indices if not s.startswith("#"))


def rows_of(node: Node) -> Domain:
    """The rows that a slice takes are rows of its operand."""
    start, rows, whole = affine(node.args[1]), affine(node.args[2]), affine(node.args[0].shape[0])
    return frozenset({start, minus(whole, combine(start, rows))})


def existence(recurrence: Recurrence, named: Named) -> Domain:
    """A box around the members of a family: each index from its first boundary value or 1 to its length or last one.

    A corner of a grid may lie in the box and not exist; there a quantity without a definition counts as 0, so that what
    is proved in the box holds for the members.
    """
    patterns = [q for q in recurrence.quantities if q.label == named.label and len(q.indices) == len(named.indices)]
    lengths = {a.index: affine(a.length) for a in recurrence.axes}
    found: set[Affine] = set()
    for place, here in enumerate(named.indices):
        column = [q.indices[place] for q in patterns]
        fixed = [affine(i) for i in column if i not in lengths]
        ends = [lengths[i] for i in column if i in lengths]
        if ends:
            beyond = combine(ends[0], ONE)
            found |= between(ZERO if ZERO in fixed else ONE, affine(here), beyond if beyond in fixed else ends[0])
        elif len(set(fixed)) == 1:
            found |= between(fixed[0], affine(here), fixed[0])
    return frozenset(found)


def _boxes(recurrence: Recurrence, named: Named) -> list[Domain]:
    return [
        member_domain(q, named, recurrence.axes)
        for q in dict.fromkeys(recurrence.quantities)
        if q.label == named.label and len(q.indices) == len(named.indices)
    ]


def is_covered(domain: Domain, boxes: list[Domain]) -> bool:
    """Does every point of `domain` lie in one of the boxes?  What is outside the first must lie in the others."""
    if is_empty(domain):
        return True
    return bool(boxes) and all(
        implies(domain, f) or is_covered(domain | {complement(f)}, boxes[1:]) for f in sorted(boxes[0])
    )
