"""Backpropagation through time as a transformation: Recurrence in, Recurrence out.

Each scan gives a scan in the opposite direction with the equations in opposite order, one adjoint name for each named
quantity; parameters, inputs and initial values get their gradients in a last group.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import TypeAlias

import sympy as sp

from lstm_sym.calculus.landing import Contribution, Range, contribution_at
from lstm_sym.calculus.truncate import Edge
from lstm_sym.calculus.vjp import pullback
from lstm_sym.errors import UnknownName
from lstm_sym.expr.labels import Direct, Label, Total, label
from lstm_sym.expr.nodes import Named, Ones, Zeros, add
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, Scan, once
from lstm_sym.expr.substitute import replace_indices

# What each use of a quantity adds to its adjoint, by label and by indices where they are numbers.
Uses: TypeAlias = dict[Label, dict[tuple[sp.Expr, ...] | None, list[Contribution]]]


def backward(recurrence: Recurrence, loss: str | None = None, *, name: str = "L",
             reads: Collection[str] | None = None, cut: Iterable[Edge] = ()) -> Recurrence:
    """dL/dv[t] = direct partial + sum over all uses: the total derivative of a loss by every quantity.

    loss: the name of a loss equation of the recurrence; None for an arbitrary loss called `name`, which has a direct
    partial by every state at every step (or by the computed quantities in `reads`); "last" for the last step alone.
    cut: edges through which no gradient flows (truncation).
    Shapes: each gradient as its variable.  Errors: UnknownName.
    """
    if loss is None or loss == "last":
        target, seeds = label(name), _arbitrary(recurrence, label(name), reads, loss == "last")
    else:
        target, seeds = label(loss), _named(recurrence, loss)
    uses = _uses(recurrence, target, seeds, frozenset(cut))
    scans = [Scan(tuple(_adjoint(recurrence, uses, target, e.lhs, e.over) for e in reversed(scan.equations)
                        if e.lhs.label in uses and e.lhs.label != target), tuple(-d for d in scan.direction))
             for scan in reversed(recurrence.scans)]
    ends = [_adjoint(recurrence, uses, target, q, _axes(recurrence, q)) for q in _given(recurrence) if q.label in uses]
    given = tuple(c.cotangent for c in seeds if isinstance(c.cotangent, Named))
    return recurrence.then(*(s for s in scans if s.equations), once(*ends),
                           outputs=tuple(e.lhs for e in ends), given=recurrence.given + given)


def _given(recurrence: Recurrence) -> tuple[Named, ...]:
    return recurrence.parameters + recurrence.inputs + recurrence.initial + recurrence.noise


def _axes(recurrence: Recurrence, named: Named) -> tuple[Axis, ...]:
    return tuple(a for a in recurrence.axes if a.index in named.indices)


def _ranges(axes: Iterable[Axis]) -> tuple[Range, ...]:
    return tuple(Range(a.index, sp.S.One, a.length) for a in axes)


def adjoint(loss: Label, named: Named) -> Named:
    """The name of the total derivative of the scalar `loss` by `named`."""
    return Named(Total(loss, named.label), *named.shape, *named.indices)


def _arbitrary(recurrence: Recurrence, loss: Label, reads: Collection[str] | None, last: bool) -> list[Contribution]:
    """The direct partials of an arbitrary loss by the states it reads."""
    seeds = []
    for state in recurrence.states if reads is None else _computed(recurrence):
        if reads is None or state.name in reads:
            axes = _axes(recurrence, state)
            end = {axes[0].index: axes[0].length} if last and axes else {}
            at = replace_indices(state, end)
            partial = Named(Direct(loss, state.label), *state.shape, *at.indices)
            seeds.append(Contribution(at, partial, _ranges(a for a in axes if a.index not in end)))
    if not seeds:
        raise UnknownName("no state for the loss to read: name a loss equation, or give some state an initial value")
    return seeds


def _computed(recurrence: Recurrence) -> tuple[Named, ...]:
    return tuple({e.lhs.label: recurrence.quantity(e.lhs.label) for e in recurrence.equations}.values())


def _named(recurrence: Recurrence, loss: str) -> list[Contribution]:
    quantity = recurrence.quantity(loss)
    if not quantity.is_scalar or quantity.indices:
        raise UnknownName(f"a loss is a scalar without time index, got {quantity} of shape {quantity.shape} for {loss}")
    return [Contribution(quantity, Ones(1, 1))]


def _uses(recurrence: Recurrence, target: Label, seeds: list[Contribution], cut: frozenset[Edge]) -> Uses:
    """For each quantity that the loss depends on: what each of its uses contributes to its adjoint."""
    found: dict[int, list[Contribution]] = {}
    reached = {seed.source.label for seed in seeds}
    pending, equations = list(reached), recurrence.equations
    places: dict[Label, list[int]] = {}
    for place, equation in enumerate(equations):
        places.setdefault(equation.lhs.label, []).append(place)
    while pending:
        for place in places.get(pending.pop(), ()):
            found[place] = list(_contributions(equations[place], target, cut))
            new = {c.source.label for c in found[place]} - reached
            reached |= new
            pending.extend(new)
    uses: Uses = {}
    for c in chain(seeds, *(found[place] for place in sorted(found))):
        uses.setdefault(c.source.label, {}).setdefault(_fixed(c.source), []).append(c)
    return uses


def _contributions(equation: Equation, target: Label, cut: frozenset[Edge]) -> Iterator[Contribution]:
    """What one equation adds to the adjoints of the quantities it reads."""
    g = Ones(1, 1) if equation.lhs.label == target else adjoint(target, equation.lhs)
    axes = frozenset(a.index for a in equation.over)
    for c in pullback(equation.rhs, equation.lhs, g, axes):
        if Edge(equation.lhs.label, c.source.label) not in cut:
            yield replace(c, ranges=_ranges(equation.over) + c.ranges)


def _fixed(named: Named) -> tuple[sp.Expr, ...] | None:
    """The indices, if all are numbers: then only equal ones can meet."""
    return named.indices if all(isinstance(i, sp.Integer) for i in named.indices) else None


def _meeting(named: Named, uses: Uses) -> Iterable[Contribution]:
    """The uses that can fall on `named`."""
    there, at = uses[named.label], _fixed(named)
    return chain.from_iterable(there.values()) if at is None else (*there.get(None, ()), *there.get(at, ()))


def _adjoint(recurrence: Recurrence, uses: Uses, loss: Label, named: Named, axes: tuple[Axis, ...]) -> Equation:
    """The equation of the adjoint of `named` at its general indices."""
    domain = recurrence.context.union(*(a.domain for a in axes))
    terms = [term for use in _meeting(named, uses) if (term := contribution_at(named, use, domain)) is not None]
    return Equation(adjoint(loss, named), add(*terms) if terms else Zeros(*named.shape), axes)
