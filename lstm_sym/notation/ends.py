"""Interior and end forms: an equation with conditions on its index, as the forms that hold where they are decided.

dL/dh[t] = ... + [t < T] W^T dL/da[t+1]  is shown as  dL/dh_t = ... + W^T dL/da_{t+1}  and  dL/dh_T = ...
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import sympy as sp

from lstm_sym.expr.affine import Affine, Domain, between, complement, constant, implies, is_empty, minus, variable
from lstm_sym.expr.indices import affine, expression
from lstm_sym.expr.nodes import (
    BINDERS,
    Add,
    Hadamard,
    MatMul,
    Named,
    Node,
    Scale,
    SumOver,
    When,
    Zeros,
    add,
    hadamard,
    matmul,
    scale,
    sum_over,
)
from lstm_sym.expr.recurrence import Axis, Equation
from lstm_sym.expr.substitute import replace_indices

MOST_ENDS = 3                                                # points at one end of a range that are listed one by one


@dataclass(frozen=True, slots=True)
class _Region:
    """A part of an axis: one of its ends (index = at), or its interior (at is None) within `domain`."""

    index: sp.Symbol
    at: sp.Expr | None
    domain: Domain


def forms(equation: Equation, context: Domain) -> tuple[Equation, ...]:
    """The form of an equation in the interior of its axes, then those at the ends that its conditions set apart."""
    conditions = _conditions(equation.rhs)
    regions = [_regions(axis, conditions, context) for axis in equation.over]
    return tuple(_form(equation, choice, context) for choice in product(*regions))


def _form(equation: Equation, regions: tuple[_Region, ...], context: Domain) -> Equation:
    ends = {r.index: r.at for r in regions if r.at is not None}
    domain = context.union(*(r.domain for r in regions))
    rhs = resolved(replace_indices(equation.rhs, ends), domain)
    return Equation(replace_indices(equation.lhs, ends), rhs, tuple(a for a in equation.over if a.index not in ends))


def _conditions(node: Node) -> set[Affine]:
    own = {affine(c) for c in node.args[1:]} if isinstance(node, When) else set()
    return own.union(*(_conditions(a) for a in node.args if isinstance(a, Node)))


def _regions(axis: Axis, conditions: set[Affine], context: Domain) -> list[_Region]:
    """The interior of an axis and its ends, last step first: the few points that a condition sets apart."""
    t, last = variable(axis.index.name), affine(axis.length)
    whole = axis.domain | context
    cuts = [whole | {form} for c in conditions for form in (c, complement(c)) if axis.index.name in dict(c.terms)]
    cuts = [cut for cut in cuts if not is_empty(cut)]
    high = max((_width(cut, lambda k: minus(t, minus(last, constant(k)))) for cut in cuts), default=0)
    low = max((_width(cut, lambda k: minus(constant(1 + k), t)) for cut in cuts), default=0)
    inside = between(constant(1 + low), t, minus(last, constant(high)))
    at = [expression(minus(last, constant(k))) for k in range(high)] + [sp.Integer(1 + k) for k in range(low)]
    exists = [frozenset({minus(affine(i), constant(1))}) for i in at]
    ends = [_Region(axis.index, i, domain) for i, domain in zip(at, exists, strict=True)]
    return [_Region(axis.index, None, inside), *ends]


def _width(cut: Domain, near: Callable[[int], Affine]) -> int:
    """How many points at an end contain the whole of `cut`; 0 if it reaches further than MOST_ENDS."""
    return next((k + 1 for k in range(MOST_ENDS) if implies(cut, near(k))), 0)


# --- conditions that are known -------------------------------------------------------------------------------

def has_conditions(node: Node) -> bool:
    """Does the node hold somewhere only?"""
    return isinstance(node, When) or any(has_conditions(a) for a in node.args if isinstance(a, Node))


REBUILD: dict[type[Node], Callable[..., Node]] = {           # so that absent terms vanish
    Add: add, Hadamard: hadamard, MatMul: matmul, Scale: scale, SumOver: sum_over,
}


def resolved(node: Node, domain: Domain) -> Node:
    """`node` where `domain` holds: conditions that follow are dropped, terms whose conditions fail are absent."""
    if isinstance(node, When):
        return _resolved_when(node, domain)
    if isinstance(node, Named) or not has_conditions(node):
        return node
    if isinstance(node, BINDERS):
        k, low, high = node.args[1:4]
        domain = domain | between(affine(low), variable(k.name), affine(high))
    return rebuilt(node, *(resolved(a, domain) if isinstance(a, Node) else a for a in node.args))


def rebuilt(node: Node, *arguments: sp.Basic) -> Node:
    """`node` with other arguments, without units and zeros."""
    return REBUILD[type(node)](*arguments) if type(node) in REBUILD else node.func(*arguments)


def _resolved_when(node: Node, domain: Domain) -> Node:
    body, *conditions = node.args
    if any(is_empty(domain | {affine(c)}) for c in conditions):
        return Zeros(*node.shape)
    open_ones = [c for c in conditions if not implies(domain, affine(c))]
    body = resolved(body, domain.union({affine(c) for c in open_ones}))
    return When(body, *open_ones) if open_ones else body
