"""Total Jacobians in the sides of a claim: those of one step as the model's equations have them, those over many steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from lstm_sym.calculus.jacobian import direct_jacobian
from lstm_sym.documents.reading.losses import OF_LOSS
from lstm_sym.documents.reading.step_losses import of_any_step
from lstm_sym.documents.sections.direct_paths import is_path
from lstm_sym.equality.existence import local_domain
from lstm_sym.expr.affine import ONE, Domain, implies, minus, substitute, symbols, variable
from lstm_sym.expr.indices import affine, integer
from lstm_sym.expr.labels import Total, label_text
from lstm_sym.expr.nodes import BINDERS, Elementwise, MatMul, Named, Node, ProductOver, Transpose, matmul, transpose
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices, fresh_index, named_in, nodes_in, replace_indices, replace_named

Sides: TypeAlias = tuple[Node, Node]


def is_jacobian(q: Named) -> bool:
    """A total derivative of anything but the loss?"""
    return isinstance(q.label, Total) and label_text(q.label.of) not in OF_LOSS


def is_far(sides: Sides) -> bool:
    """Does it hold a Jacobian over many steps, dh_T/dh_t?  Then a proof goes backward in time."""
    apart = [
        affine(q.indices[0] - q.indices[1])
        for side in sides
        for q in named_in(side)
        if is_jacobian(q) and len(q.indices) == 2
    ]
    return any(d.terms for d in apart) or (
        bool(apart) and any(isinstance(n, BINDERS) for side in sides for n in nodes_in(side))
    )


def untransposed(left: Node, right: Node) -> Sides:
    """A' = B as A = B': a bare name on the left is what an induction is about."""
    return (left.args[0], flipped(right)) if isinstance(left, Transpose) else (left, right)


def flipped(node: Node) -> Node:
    """A' with (A B)' = B' A' carried into products over time."""
    if isinstance(node, ProductOver):
        body, k, low, high, step = node.args
        return ProductOver(flipped(body), k, low, high, -int(step))
    return matmul(*map(flipped, reversed(node.args))) if isinstance(node, MatMul) else transpose(node)


def in_order(sides: Sides) -> Domain:
    """dh_t/dh_k is about k <= t, and a product over the steps from k + 1 to t about 0 <= k <= t <= T."""
    pairs = [
        (affine(q.indices[0]), affine(q.indices[1]))
        for side in sides
        for q in named_in(side)
        if (is_jacobian(q) or is_path(q) or of_any_step(q)) and len(q.indices) == 2 and free_indices(q) <= free_indices(side)
    ]
    for side in sides:
        for low, high in (map(affine, n.args[2:4]) for n in nodes_in(side) if isinstance(n, ProductOver)):
            if symbols((low, high)) <= {s.name for s in free_indices(side)}:
                pairs += [(high, minus(low, ONE)), (low, ONE), (variable("T"), high)]
    return frozenset(minus(late, early) for late, early in pairs if minus(late, early).terms)


def from_the_earlier_step(sides: Sides, where: Domain) -> tuple[Sides, Domain] | None:
    """The sides with dv_t/dv_{t-k} as dv_t/dv_s, t - s put for k throughout; None without such a Jacobian."""
    named = [q for side in sides for q in named_in(side) if (is_jacobian(q) or is_path(q)) and len(q.indices) == 2]
    for late, early in (q.indices for q in named):
        steps = affine(late - early)
        if not steps.constant and [n for _, n in steps.terms] == [1] and symbols((affine(early),)) > symbols((affine(late),)):
            k = integer(steps.terms[0][0])
            s = fresh_index(integer("s"), free_indices(sides[0]) | free_indices(sides[1]))
            left, right = (replace_indices(side, {k: late - s}) for side in sides)
            return (left, right), frozenset(substitute(f, {k.name: affine(late - s)}) for f in where)
    return None


def of_the_model(left: Node, right: Node, recurrence: Recurrence) -> Sides:
    """The sides with the Jacobians of one step as what its equations say, if no other Jacobian is in them."""
    near = replace_named(left, lambda q: _stepped(q, recurrence)), replace_named(right, lambda q: _stepped(q, recurrence))
    return (left, right) if any(is_jacobian(q) for side in near for q in named_in(side)) else near


def one_step(node: Node, recurrence: Recurrence) -> Node:
    """node with the Jacobians of one step, inside products and sums, as what they are: diag(f'(a_k)) W."""
    return inside(node, lambda q, around: _stepped(q, recurrence) if around else q, frozenset())


def _stepped(q: Named, recurrence: Recurrence) -> Node:
    """dv_t/dh_{t-1} of the only state h as the equations of the step have it, and dv_t/du_t = diag(f'(u_t)) of v_t = f(u_t)."""
    if not is_jacobian(q) or len(q.indices) != 2 or len(recurrence.states) != 1:
        return q
    h, t = recurrence.states[0], recurrence.axes[0].index
    computed = {label_text(e.lhs.label): e for e in recurrence.equations if e.over}
    v, u = (computed.get(label_text(name)) for name in (q.label.of, q.label.by))
    if v is None or u is None:
        return q
    steps, slope = q.indices[0] - q.indices[1], isinstance(v.rhs, Elementwise) and v.rhs.args[1] == u.lhs
    if steps == 1 and u.lhs.label == h.label:
        return replace_indices(direct_jacobian(recurrence, v.lhs, h.previous), {t: q.indices[0]})
    return replace_indices(direct_jacobian(recurrence, v.lhs, u.lhs), {t: q.indices[0]}) if steps == 0 and slope else q


def folded(node: Node, whole: Callable[[ProductOver], Node | None], around: Domain) -> Node:
    """node with whole(P) for each product P over k = s + 1 .. t with s <= t: dv_t/dv_s for dv_t/dv_{t-1} ... dv_{s+1}/dv_s."""
    if isinstance(node, Named):
        return node
    if isinstance(node, ProductOver) and implies(around, affine(node.args[3] - node.args[2] + 1)):
        found = whole(node)
        if found is not None:
            return found
    within = around | local_domain(node)
    inner = [folded(a, whole, within if n == 0 else around) if isinstance(a, Node) else a for n, a in enumerate(node.args)]
    rebuilt: Node = node.func(*inner)
    return rebuilt


def inside(node: Node, change: Callable[[Named, Domain], Node], around: Domain) -> Node:
    """node with each quantity q changed to change(q, what binders say of the indices there)."""
    if isinstance(node, Named):
        return change(node, around)
    within = around | local_domain(node)
    inner = [
        inside(a, change, within if n == 0 else around) if isinstance(a, Node) else a for n, a in enumerate(node.args)
    ]
    rebuilt: Node = node.func(*inner)
    return rebuilt
