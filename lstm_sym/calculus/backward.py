"""Backpropagation through time as a transformation: Recurrence in, Recurrence out.

Each scan gives a scan in the opposite direction with the equations in opposite order, one adjoint name for each named
quantity; parameters, inputs and initial values get their gradients in a last group.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sympy as sp

from lstm_sym.calculus.vjp import Contribution, Range, pullback
from lstm_sym.errors import UnknownName
from lstm_sym.expr.affine import (
    Affine,
    Domain,
    between,
    coefficient,
    combine,
    equal_to,
    implies,
    is_empty,
    minus,
    reduce_domain,
    substitute,
    variable,
)
from lstm_sym.expr.indices import affine, expression, integer
from lstm_sym.expr.labels import Direct, Label, Total, label
from lstm_sym.expr.nodes import Named, Node, Ones, When, Zeros, add, sum_over
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, Scan, once
from lstm_sym.expr.substitute import named_in, replace_indices


@dataclass(frozen=True, slots=True)
class Edge:
    """The dependence of the equation of `user` on the quantity `source`: an edge that truncation can cut."""

    user: Label
    source: Label

    @classmethod
    def between(cls, user: str | Label, source: str | Label) -> Edge:
        """Edge by names."""
        return cls(label(user), label(source))


def backward(recurrence: Recurrence, loss: str | None = None, *, name: str = "L",
             reads: Collection[str] | None = None, cut: Iterable[Edge] = ()) -> Recurrence:
    """dL/dv[t] = direct partial + sum over all uses: the total derivative of a loss by every quantity.

    loss: the name of a loss equation of the recurrence; None for an arbitrary loss called `name`, which has a direct
    partial by every state at every step (or only by those in `reads`); "last" for one that reads the last step only.
    cut: edges through which no gradient flows (truncation).
    Shapes: each gradient as its variable.  Errors: UnknownName.
    """
    seeds = _arbitrary(recurrence, label(name), reads, loss == "last") if loss in (None, "last") else _named(recurrence, loss)
    target = label(name) if loss in (None, "last") else label(loss)
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
    for state in recurrence.states:
        if reads is None or state.name in reads:
            axes = _axes(recurrence, state)
            end = {axes[0].index: axes[0].length} if last and axes else {}
            at = replace_indices(state, end)
            partial = Named(Direct(loss, state.label), *state.shape, *at.indices)
            seeds.append(Contribution(at, partial, _ranges(a for a in axes if a.index not in end)))
    if not seeds:
        raise UnknownName("no state for the loss to read: name a loss equation, or give some state an initial value")
    return seeds


def _named(recurrence: Recurrence, loss: str) -> list[Contribution]:
    quantity = recurrence.quantity(loss)
    if not quantity.is_scalar or quantity.indices:
        raise UnknownName(f"the loss {loss} must be a scalar without time index, got shape {quantity.shape} at {quantity}")
    return [Contribution(quantity, Ones(1, 1))]


def _uses(recurrence: Recurrence, target: Label, seeds: list[Contribution], cut: frozenset[Edge]) -> dict[Label, list[Contribution]]:
    """For each quantity that the loss depends on: what each of its uses contributes to its adjoint."""
    uses: dict[Label, list[Contribution]] = {}
    for seed in seeds:
        uses.setdefault(seed.source.label, []).append(seed)
    active = _active(recurrence, set(uses))
    for equation in recurrence.equations:
        if equation.lhs.label in active:
            g = Ones(1, 1) if equation.lhs.label == target else adjoint(target, equation.lhs)
            for c in pullback(equation.rhs, equation.lhs, g):
                if Edge(equation.lhs.label, c.source.label) not in cut:
                    ranges = _ranges(equation.over) + c.ranges
                    uses.setdefault(c.source.label, []).append(Contribution(c.source, c.cotangent, ranges))
    return uses


def _active(recurrence: Recurrence, wanted: set[Label]) -> set[Label]:
    """Every label that some wanted label depends on."""
    depends: dict[Label, set[Label]] = {}
    for equation in recurrence.equations:
        depends.setdefault(equation.lhs.label, set()).update(q.label for q in named_in(equation.rhs))
    pending = list(wanted)
    active = set(wanted)
    while pending:
        new = depends.get(pending.pop(), set()) - active
        active |= new
        pending.extend(new)
    return active


def _adjoint(recurrence: Recurrence, uses: dict[Label, list[Contribution]], loss: Label, named: Named,
             axes: tuple[Axis, ...]) -> Equation:
    """The equation of the adjoint of `named` at its general indices."""
    domain = recurrence.context.union(*(a.domain for a in axes))
    terms = [term for use in uses[named.label] if (term := contribution_at(named, use, domain)) is not None]
    return Equation(adjoint(loss, named), add(*terms) if terms else Zeros(*named.shape), axes)


# --- where a contribution lands ---------------------------------------------------------------------------

def contribution_at(target: Named, use: Contribution, domain: Domain) -> Node | None:
    """What `use` adds to the cotangent of `target`: solve source indices = target indices, keep what stays free as sums.

    None if no equation that uses the source lies in its own domain there: the term is absent.
    """
    use = _apart(use, {s for i in target.indices for s in i.free_symbols})
    solved, conditions = _solve(target, use)
    node = replace_indices(use.cotangent, {integer(s): expression(v) for s, v in solved.items()})
    left = [r for r in use.ranges if r.index.name not in solved]
    bounds = {r.index: (substitute(affine(r.low), solved), substitute(affine(r.high), solved)) for r in left}
    inside = domain.union(*(between(low, variable(s.name), high) for s, (low, high) in bounds.items()))
    if is_empty(inside | conditions):
        return None
    conditions = frozenset(c for c in conditions if not implies(inside, c))
    for r in reversed(left):
        low, high, conditions = _tighten(r.index.name, *bounds[r.index], conditions, inside)
        mine = frozenset(c for c in conditions if coefficient(c, r.index.name))
        node, conditions = _when(node, mine, inside), conditions - mine
        node = sum_over(node, r.index, expression(low), expression(high))
    return _when(node, conditions, domain)


def _when(node: Node, conditions: Domain, given: Domain) -> Node:
    needed = sorted(reduce_domain(conditions, given))
    return When(node, *map(expression, needed)) if needed else node


def _apart(use: Contribution, taken: set[sp.Symbol]) -> Contribution:
    """`use` with its range symbols renamed away from `taken` (primes), so that solving cannot confuse them."""
    renamed = {r.index: integer(r.index.name + "'") for r in use.ranges if r.index in taken}
    if not renamed:
        return use
    ranges = tuple(Range(renamed.get(r.index, r.index), r.low.xreplace(renamed), r.high.xreplace(renamed)) for r in use.ranges)
    return Contribution(replace_indices(use.source, renamed), replace_indices(use.cotangent, renamed), ranges)


def _solve(target: Named, use: Contribution) -> tuple[dict[str, Affine], Domain]:
    """Range symbols that source = target determines, and the conditions under which it can hold."""
    free = [r.index.name for r in use.ranges]
    solved: dict[str, Affine] = {}
    conditions: set[Affine] = set()
    for wanted, given in zip(target.indices, use.source.indices, strict=True):
        here, there = affine(wanted), substitute(affine(given), solved)
        symbol = next((s for s in free if s not in solved and abs(coefficient(there, s)) == 1), None)
        if symbol is None:
            conditions |= equal_to(here, there)
        else:
            sign = coefficient(there, symbol)
            value = combine(variable(symbol), minus(here, there), sign)        # s + sign * (here - there)
            solved = {s: substitute(v, {symbol: value}) for s, v in solved.items()} | {symbol: value}
    for r in use.ranges:
        if r.index.name in solved:
            low, high = (substitute(affine(b), solved) for b in (r.low, r.high))
            conditions |= between(low, solved[r.index.name], high)
    return solved, frozenset(conditions)


def _tighten(s: str, low: Affine, high: Affine, conditions: Domain, given: Domain) -> tuple[Affine, Affine, Domain]:
    """Conditions s >= a, s <= b that are sharper than the sum's own bounds become its bounds."""
    for c in sorted(conditions):
        at = coefficient(c, s)
        bound = minus(variable(s), c) if at == 1 else combine(variable(s), c)  # s - c or s + c, free of s
        if at == 1 and implies(given, minus(bound, low)):
            low, conditions = bound, conditions - {c}
        elif at == -1 and implies(given, minus(high, bound)):
            high, conditions = bound, conditions - {c}
    return low, high, conditions
