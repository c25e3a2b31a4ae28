"""Induction over a time index: a carried quantity has a closed form if its end has and one step of its definition keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import sympy as sp

from lstm_sym.equality.existence import existence
from lstm_sym.equality.prove import Fact, Proof
from lstm_sym.errors import BudgetExceeded
from lstm_sym.expr.affine import (
    Affine,
    Domain,
    coefficient,
    combine,
    constant,
    implies,
    implies_all,
    is_empty,
    minus,
    negative,
    substitute,
    variable,
)
from lstm_sym.expr.indices import affine, expression, integer
from lstm_sym.expr.nodes import BINDERS, Named, Node
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices, replace_indices

T = TypeVar("T")
SHARES = 3  # of the work left, one for each way tried
ENOUGH = 5_000  # steps for what is tried late: no proof of the tests or of others' documents needed 3,100
GENERAL = integer("#t")  # the index of a claim made general; no name of a document


def within_budget(proof: Proof, attempt: Callable[[], T], most: int | None = None) -> T | None:
    """One way to prove a claim, in `most` steps or a share of the work that is left; None if that does not do.

    Errors: BudgetExceeded once all the time is used up.
    """
    work, left = proof.work, proof.work.steps
    share = work.steps = left // SHARES if most is None else min(most, left)
    try:
        return attempt()
    except BudgetExceeded:
        if work.is_late():
            raise
        work.given_up += most in (None, ENOUGH)
        return None
    finally:
        work.steps += left - share


def by_induction(proof: Proof, left: Node, right: Node, context: Domain) -> bool:
    """left = right for all values of a time index, where one side is a carried quantity and the other its closed form."""
    for claim, closed in ((left, right), (right, left)):
        if isinstance(claim, Named) and proof.definitions.level(claim) is not None:
            fixed = _fixed(proof.definitions.recurrence)
            for place, index in enumerate(claim.indices):
                attempt = Induction(proof, claim, closed, place, context)
                if isinstance(index, sp.Symbol) and index not in fixed and within_budget(proof, attempt.succeeds):
                    return True
                if index.is_number and within_budget(
                    proof, partial(_generalised, proof, claim, closed, place, context)
                ):
                    return True
    return False


def _fixed(recurrence: Recurrence) -> set[sp.Symbol]:
    """Sizes, lengths and whatever else the definitions themselves name: P(T - 1) would be about another recurrence."""
    lengths = {s for axis in recurrence.axes for s in axis.length.free_symbols}
    named = (free_indices(side) - {a.index for a in e.over} for e in recurrence.equations for side in (e.lhs, e.rhs))
    return lengths.union(*named)


@dataclass(frozen=True, slots=True)
class Induction:
    """P(t): claim = closed, for every t = claim.indices[place] in `context`, the other free indices held fixed.

    Base: P(end), where end is the sharpest bound of the context on the side where the scan starts.
    Step: P(t) from P(t - d), d the scan's direction, for every t beyond end; the context must hold at t - d as well.
    A boundary value with an equation of its own is a step of its own, and must be the last value of all.
    """

    proof: Proof
    claim: Named
    closed: Node
    place: int
    context: Domain

    def succeeds(self) -> bool:
        """Are base, step and last value proved?"""
        t, d = self.index, self.direction
        end = _end(t.name, d, self.context)
        values = dict.fromkeys(map(affine, self.proof.definitions.boundaries(self.claim, self.place)))
        last = [c for c in values if c != end and not is_empty(frozenset(substitute(f, {t.name: c}) for f in self.context))]
        if end is None or coefficient(end, t.name) or len(last) > 1:
            return False
        if not self.at(end, self.context, ()):
            return False
        beyond = combine(combine(constant(-1), variable(t.name), d), end, -d)  # d t > d end
        before = [combine(combine(constant(-1), c, d), variable(t.name), -d) for c in last]  # d t < d c
        covered = all(implies(self.context, combine(f, constant(1))) for f in before)  # d t <= d c
        self.proof.steps.append(f"induction over {t}: true at {t} = {end}, and from {t - d} to {t}")
        return (
            covered
            and self.step(self.context.union({beyond}, before))
            and all(self.at(c, self.context, (beyond,)) for c in last)
        )

    @property
    def index(self) -> sp.Symbol:
        """t."""
        return self.claim.indices[self.place]

    @property
    def direction(self) -> int:
        """+1 if the scan runs forward along the index, else -1."""
        return self.proof.definitions.directions[self.claim.label][self.place]

    def step(self, inside: Domain) -> bool:
        """P(t - d) => P(t), for every t in `inside`."""
        before = {self.index.name: combine(variable(self.index.name), constant(-self.direction))}
        if not implies_all(inside, (substitute(f, before) for f in self.context)):
            return False
        return self.proof.is_zero(self.claim - self.closed, inside, self.fact(self.index - self.direction))

    def at(self, value: Affine, context: Domain, beyond: tuple[Affine, ...]) -> bool:
        """P(value); from P(value - d) where `beyond` (value lies beyond the end) is given and the context holds there."""
        inside = frozenset(substitute(f, {self.index.name: value}) for f in (*context, *beyond))
        earlier = {self.index.name: combine(value, constant(-self.direction))}
        usable = beyond and implies_all(inside, (substitute(f, earlier) for f in context))
        hypothesis = self.fact(expression(earlier[self.index.name])) if usable else None
        here = {self.index: expression(value)}
        difference = replace_indices(self.claim, here) - replace_indices(self.closed, here)
        return is_empty(inside) or self.proof.is_zero(difference, inside, hypothesis)

    def fact(self, at: sp.Expr) -> Fact:
        """P(at) as an equation."""
        named = replace_indices(self.claim, {self.index: at})
        return named, replace_indices(self.closed, {self.index: at})


def _generalised(proof: Proof, claim: Named, closed: Node, place: int, context: Domain) -> bool:
    """A claim at the boundary value c follows from the claim for all t whose sums and products start at t + 1."""
    c = claim.indices[place]
    general = Named(claim.label, *claim.shape, *claim.indices[:place], GENERAL, *claim.indices[place + 1 :])
    lifted = _lift_bounds(closed, c, GENERAL)
    around = context | existence(proof.definitions.recurrence, general)
    at_c = frozenset(substitute(f, {GENERAL.name: affine(c)}) for f in around)
    if lifted == closed or not implies_all(context, at_c) or c not in proof.definitions.boundaries(claim, place):
        return False
    return Induction(proof, general, lifted, place, around).succeeds()


def _lift_bounds(node: Node, c: sp.Expr, t: sp.Expr) -> Node:
    """node with the lower bounds c + 1 (or c) of its sums and products replaced by t + 1 (or t)."""
    arguments = [_lift_bounds(a, c, t) if isinstance(a, Node) else a for a in node.args]
    if isinstance(node, BINDERS) and arguments[2] in (c, c + 1):
        arguments[2] = arguments[2] - c + t
    return node.func(*arguments)


def _end(name: str, direction: int, context: Domain) -> Affine | None:
    """Where an index starts in its scan's direction: the sharpest bound of the context on that side."""
    ends = {combine(variable(name), f, -direction) for f in context if coefficient(f, name) == direction}
    sharpest = (
        e
        for e in sorted(ends)
        if all(
            implies(context, combine(negative(f), e)) if direction == 1 else implies(context, minus(f, e)) for f in ends
        )
    )
    return next(sharpest, None)
