"""Linear recurrences: q[t] = r[t] + A[t] q[t-d] suggests q[t] = sum_s A[t] A[t-d] ... A[s+d] r[s]; with A = I a running sum.

So are the adjoint and the Jacobians of a net with one state: what papers write out as sums of products of Jacobians.
What is found here is a guess, for an induction to prove.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import sympy as sp

from lstm_sym.equality.unfold import Definitions
from lstm_sym.expr.affine import ZERO, coefficient, combine, constant, minus, variable
from lstm_sym.expr.indices import affine, expression, integer
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import (
    Add,
    Diag,
    Hadamard,
    Identity,
    MatMul,
    Named,
    Node,
    ProductOver,
    Scale,
    When,
    Zeros,
    add,
    hadamard,
    matmul,
    scale,
    sum_over,
)
from lstm_sym.expr.recurrence import Equation, Recurrence
from lstm_sym.expr.substitute import named_in, replace_indices

SUMMED, FACTOR = integer("#s"), integer("#j")  # bound indices of a closed form; no names of a document


@dataclass(frozen=True, slots=True)
class Carried:
    """left q right, where every condition is >= 0."""

    q: Named
    left: Node
    right: Node
    conditions: frozenset[sp.Expr] = frozenset()


Split: TypeAlias = tuple[list[Carried], list[Node]]


def closed_form(e: Equation, definitions: Definitions) -> tuple[int, Node] | None:
    """The closed form that the equation of q suggests, and the place of the index that is stepped along."""
    general = all(isinstance(i, sp.Symbol) for i in e.lhs.indices) and len(set(e.lhs.indices)) == len(e.lhs.indices)
    whole = _between(e, definitions) if general else None
    found = split(whole, e.lhs.label) if whole is not None else None
    if found is None or not found[0]:
        return None
    carried, rest = found
    first = carried[0]
    if any((c.q, c.conditions) != (first.q, first.conditions) for c in carried):
        return None
    moved = [place for place, (i, j) in enumerate(zip(e.lhs.indices, first.q.indices, strict=True)) if i != j]
    if len(moved) != 1 or e.lhs.indices[moved[0]] - first.q.indices[moved[0]] not in (1, -1):
        return None
    closed = _solved(e, moved[0], carried, add(Zeros(*e.lhs.shape), *rest))
    return None if closed is None else (moved[0], closed)


def _solved(e: Equation, place: int, carried: list[Carried], rest: Node) -> Node | None:
    """sum_s chain r[s], and from an end without a condition chain q[end]."""
    t, before = e.lhs.indices[place], carried[0].q
    d = int(t - before.indices[place])
    end = _end(e, t, d, carried[0].conditions)
    if end is None:
        return None
    left, right = ({getattr(c, side) for c in carried} for side in ("left", "right"))
    if right == {Identity(e.lhs.shape[1])}:
        whole, forward = add(*(c.left for c in carried)), True
    elif left == {Identity(e.lhs.shape[0])}:
        whole, forward = add(*(c.right for c in carried)), False
    else:
        return None

    def chain(s: sp.Expr, x: Node) -> Node:
        product = _product(whole, t, d, s, d if forward else -d)
        return matmul(product, x) if forward else matmul(x, product)

    low, high = (end, t)[::d]
    total = sum_over(chain(SUMMED, replace_indices(rest, {t: SUMMED})), SUMMED, low, high)
    if carried[0].conditions:
        return total
    start = before[tuple(end - d if i == place else k for i, k in enumerate(before.indices))]
    return add(total, chain(end - d, start))


def _end(e: Equation, t: sp.Symbol, d: int, conditions: frozenset[sp.Expr]) -> sp.Expr | None:
    """The step that nothing is carried to: t - d of the first t with a condition >= 0, or else the end of the axis."""
    if not conditions:
        return next((sp.S.One if d == 1 else a.length for a in e.over if a.index == t), None)
    if len(conditions) > 1:
        return None
    (condition,) = map(affine, conditions)
    end = minus(minus(variable(t.name), constant(d)), combine(ZERO, condition, d))
    return None if coefficient(end, t.name) else expression(end)


def _product(body: Node, t: sp.Symbol, d: int, s: sp.Expr, outward: int) -> Node:
    """A[t] ... A[s + d], or in the other order."""
    if isinstance(body, Identity):
        return body
    low, high = (s + d, t)[::d]
    return ProductOver(replace_indices(body, {t: FACTOR}), FACTOR, low, high, -outward)


# --- what is carried, and what is added ---------------------------------------------------------------------


def _between(e: Equation, definitions: Definitions) -> Node | None:
    """The right side with what reads e.lhs in turn, in the same scan, replaced by its definition; None if that goes on."""
    node, inside = e.rhs, e.domain | definitions.recurrence.context
    readers = readers_of(e, definitions.recurrence) - {e.lhs.label}
    met: dict[Label, Named] = {}
    for _ in range(len(readers) + 1):                       # no chain of definitions at one step is longer
        found = [q for q in named_in(node) if q.label in readers]
        if not found:
            return node
        if any(met.setdefault(q.label, q) != q for q in found):        # another quantity carries something as well
            return None
        node = definitions.unfold(node, found.__contains__, inside)
    return None                                              # one is left as it is where it may not exist


def readers_of(e: Equation, recurrence: Recurrence) -> set[Label]:
    """e.lhs and what reads it in turn, in the same scan."""
    scan = next(s for s in recurrence.scans if e in s.equations)
    readers, size = {e.lhs.label}, 0
    while size != len(readers):
        size = len(readers)
        readers |= {x.lhs.label for x in scan.equations if any(q.label in readers for q in named_in(x.rhs))}
    return readers


def split(node: Node, label: Label) -> Split | None:
    """node as the sum of what is linear in a quantity of this label and what does not hold it; None if it is not so."""
    if isinstance(node, Named) and node.label == label:
        return [Carried(node, Identity(node.shape[0]), Identity(node.shape[1]))], []
    if not any(q.label == label for q in named_in(node)):
        return [], [node]
    rule = SPLIT.get(type(node))
    return rule(node, label) if rule is not None else None


def _sum(n: Add, label: Label) -> Split | None:
    parts = [split(x, label) for x in n.args]
    found = [p for p in parts if p is not None]
    return None if len(found) < len(parts) else ([c for p in found for c in p[0]], [r for p in found for r in p[1]])


def _matmul(n: MatMul, label: Label) -> Split | None:
    """L (A q B + r) R = L A q B R + L r R."""
    found = _factor(n, label)
    if found is None:
        return None
    before, (carried, rest), after = found
    return ([replace(c, left=matmul(*before, c.left), right=matmul(c.right, *after)) for c in carried],
            [matmul(*before, r, *after) for r in rest])


def _hadamard(n: Hadamard, label: Label) -> Split | None:
    """v o (A q + r) = diag(v) A q + v o r for columns."""
    found = _factor(n, label) if n.shape[1] == 1 and all(x.shape == n.shape for x in n.args) else None
    if found is None:
        return None
    before, (carried, rest), after = found
    v = hadamard(*before, *after)
    return ([replace(c, left=matmul(v if v.is_scalar else Diag(v), c.left)) for c in carried],
            [hadamard(v, r) for r in rest])


def _factor(n: Node, label: Label) -> tuple[tuple[Node, ...], Split, tuple[Node, ...]] | None:
    """The one factor that holds the quantity, split, between the factors before and after it."""
    holding = [i for i, x in enumerate(n.args) if any(q.label == label for q in named_in(x))]
    inner = split(n.args[holding[0]], label) if len(holding) == 1 else None
    return None if inner is None else (n.args[: holding[0]], inner, n.args[holding[0] + 1 :])


def _when(n: When, label: Label) -> Split | None:
    inner = split(n.args[0], label)
    if inner is None:
        return None
    return ([replace(c, conditions=c.conditions | set(n.args[1:])) for c in inner[0]],
            [When(r, *n.args[1:]) for r in inner[1]])


def _scale(n: Scale, label: Label) -> Split | None:
    inner = split(n.args[1], label)
    if inner is None:
        return None
    return [replace(c, left=scale(n.args[0], c.left)) for c in inner[0]], [scale(n.args[0], r) for r in inner[1]]


SPLIT: dict[type[Node], Callable[[Any, Label], Split | None]] = {
    Add:      _sum,
    MatMul:   _matmul,
    Hadamard: _hadamard,
    When:     _when,
    Scale:    _scale,
}
