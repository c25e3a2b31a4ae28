"""Proofs of a = b: the normal form, definitions unfolded from the latest to the earliest, cases, induction over time."""
from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic

import sympy as sp

from lstm_sym.equality.canonical import Labels, collect
from lstm_sym.equality.freeze import freeze
from lstm_sym.equality.normal_form import normal_form
from lstm_sym.equality.products import align
from lstm_sym.equality.simplify import simplify
from lstm_sym.equality.terms import Polynomial, move_polynomial, names_in
from lstm_sym.equality.unfold import Definitions, existence, level_binders, replace_free
from lstm_sym.errors import BudgetExceeded
from lstm_sym.expr.affine import (
    Affine,
    Domain,
    coefficient,
    combine,
    complement,
    constant,
    implies,
    is_empty,
    minus,
    negative,
    substitute,
    variable,
)
from lstm_sym.expr.indices import affine, expression, integer
from lstm_sym.expr.nodes import BINDERS, Named, Node
from lstm_sym.expr.substitute import named_in, replace_indices

MOST_UNFOLDINGS = 60
MARGIN = 1                                                   # how far beyond the claim's own times definitions are unfolded


@dataclass(slots=True)
class Proof:
    """One attempt: what is given, what time is left, and the steps made."""

    definitions: Definitions
    deadline: float
    lowest: int = 0                                          # definitions of earlier scans stay folded
    steps: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Errors: BudgetExceeded once the time is used up."""
        if monotonic() > self.deadline:
            raise BudgetExceeded("the time for one question is used up")

    def is_zero(self, node: Node, context: Domain, hypothesis: tuple[Named, Node] | None = None) -> bool:
        """node = 0 in `context`: by normal form, unfolding the latest definitions as long as that may help.

        hypothesis: a quantity with its closed form, used wherever the quantity turns up.
        """
        node = level_binders(node)
        floor = self._floor(node)
        for _ in range(MOST_UNFOLDINGS):
            self.check()
            rest = tuple(normal_form(freeze(node), context).values())
            if self.cases(rest, context):
                return True
            latest = self._latest(rest, node, floor)
            if not latest:
                return False
            self.steps.append("by the definition of " + ", ".join(sorted(str(q) for q in latest)))
            node = self.definitions.unfold(node, latest.__contains__, context)
            if hypothesis:
                node = level_binders(replace_free(node, *hypothesis))
        return False

    def _floor(self, node: Node) -> dict[int, int]:
        """For each scan the earliest time that unfolding may reach."""
        levels = [level for q in named_in(node) if (level := self.definitions.level(q)) is not None]
        times = [level.time for level in levels]
        return {n: min((v.time for v in levels if v.scan == n), default=min(times, default=0)) - MARGIN
                for n in range(len(self.definitions.recurrence.scans))}

    def _latest(self, rest: Polynomial, node: Node, floor: dict[int, int]) -> frozenset[Named]:
        """The quantities of `node`, among those left in `rest`, that were computed last."""
        left = {(name, *map(_mark, times)) for name, times in names_in(rest)}
        levels = {q: level for q in named_in(node) if (q.name, *(_mark(affine(i)) for i in q.indices)) in left
                  and (level := self.definitions.level(q)) is not None
                  and level.scan >= self.lowest and level.time >= floor[level.scan]}
        last = max(levels.values(), default=None)
        return frozenset(q for q, level in levels.items() if level == last)

    def holds(self, a: Node, b: Node, context: Domain) -> str | None:
        """How a = b was proved, "normal-form" or "induction": first with the definitions of the last scan only, then all."""
        scans = [level.scan for q in named_in(a - b) if (level := self.definitions.level(q)) is not None]
        for self.lowest in dict.fromkeys((max(scans, default=0), 0)):
            self.steps.clear()
            if self.is_zero(a - b, context):
                return "normal-form"
            if self.by_induction(a, b, context):
                return "induction"
        return None

    # --- zero as polynomials: guards by cases, ordered products by peeling -----------------------------------

    def cases(self, terms: Polynomial, context: Domain, depth: int = 8) -> bool:
        """Is the sum of the terms 0 whichever way their guards fall?"""
        terms = self._aligned(terms, context)
        if not terms:
            return True
        guard = next((g for t in terms for g in sorted(t.guards) if not _bound(g)), None)
        if guard is None or depth == 0:
            return False
        return all(self._case(terms, context, form, depth - 1) for form in (guard, complement(guard)))

    def _case(self, terms: Polynomial, context: Domain, form: Affine, depth: int) -> bool:
        inside = context | {form}
        if is_empty(inside):
            return True
        fixed = _equality(form, inside)
        if fixed:
            terms = move_polynomial(terms, {}, fixed)
        return self.cases(tuple(collect(simplify(terms, inside), inside, Labels()).values()), inside, depth)

    def _aligned(self, terms: Polynomial, context: Domain) -> Polynomial:
        for fresh in range(16):
            peeled = align(terms, context, fresh) if terms else None
            if peeled is None:
                return terms
            self.check()
            terms = tuple(collect(simplify(peeled, context), context, Labels()).values())
        return terms

    # --- induction -------------------------------------------------------------------------------------------

    def by_induction(self, left: Node, right: Node, context: Domain) -> bool:
        """left = right for all values of a time index, where one side is a carried quantity and the other its closed form.

        Base: the end where the quantity is first computed.  Step: its definition, with the claim at the step before; a
        boundary value with an equation of its own is a step of its own.
        """
        for claim, closed in ((left, right), (right, left)):
            if isinstance(claim, Named) and self.definitions.level(claim) is not None:
                for place, index in enumerate(claim.indices):
                    if isinstance(index, sp.Symbol) and self._induct(claim, closed, place, context):
                        return True
                    if index.is_number and self._generalised(claim, closed, place, context):
                        return True
        return False

    def _induct(self, claim: Named, closed: Node, place: int, context: Domain) -> bool:
        index, direction = claim.indices[place], self.definitions.directions[claim.label][place]
        end = _end(index.name, direction, context)
        if end is None or index in expression(end).free_symbols:
            return False
        far = [c for c in self.definitions.boundaries(claim, place) if affine(c) != end]
        if not self._at(claim, closed, index, expression(end), context):
            return False
        before = {index: index - direction}
        hypothesis = replace_indices(claim, before), replace_indices(closed, before)
        beyond = combine(combine(constant(-1), variable(index.name), direction), end, -direction)
        apart = {combine(combine(constant(-1), variable(index.name), -direction), affine(c), direction) for c in far}
        self.steps.append(f"induction over {index}: true at {index} = {end}, and from {index - direction} to {index}")
        return self.is_zero(claim - closed, context | {beyond} | apart, hypothesis) and all(
            self._at(claim, closed, index, c, context, c - direction) for c in far)

    def _at(self, claim: Named, closed: Node, index: sp.Symbol, value: sp.Expr, context: Domain,
            before: sp.Expr | None = None) -> bool:
        """claim = closed at one value of the index, given the claim at `before`."""
        here = {index: value}
        inside = frozenset(substitute(f, {index.name: affine(value)}) for f in context)
        there = {index: before}
        hypothesis = (replace_indices(claim, there), replace_indices(closed, there)) if before is not None else None
        difference = replace_indices(claim, here) - replace_indices(closed, here)
        return is_empty(inside) or self.is_zero(difference, inside, hypothesis)

    def _generalised(self, claim: Named, closed: Node, place: int, context: Domain) -> bool:
        """A claim at the boundary value c follows from the claim for all t whose sums and products start at t + 1."""
        c, t = claim.indices[place], integer("#t")
        general = Named(claim.label, *claim.shape, *claim.indices[:place], t, *claim.indices[place + 1:])
        lifted = _lift_bounds(closed, c + 1, t + 1)
        if lifted == closed or c not in self.definitions.boundaries(claim, place):
            return False
        return self._induct(general, lifted, place, context | existence(self.definitions.recurrence, general))


def _lift_bounds(node: Node, old: sp.Expr, new: sp.Expr) -> Node:
    """node with the lower bounds `old` of its sums and products replaced by `new`."""
    arguments = [_lift_bounds(a, old, new) if isinstance(a, Node) else a for a in node.args]
    if isinstance(node, BINDERS) and arguments[2] == old:
        arguments[2] = new
    return node.func(*arguments)


def _mark(form: Affine) -> tuple[object, ...]:
    """A time, with bound indices made one: #0 + 1 in the expression is ~7 + 1 in its normal form."""
    return tuple(sorted(("bound" if s[0] in "#~" and s != "#t" else s, c) for s, c in form.terms)), form.constant


def _bound(form: Affine) -> bool:
    return any(s.startswith("~") for s, _ in form.terms)


def _equality(form: Affine, context: Domain) -> dict[str, Affine]:
    """The symbol that form >= 0 fixes, if the context leaves form only 0."""
    if implies(context, negative(form)):
        for symbol, c in form.terms:
            if abs(c) == 1:
                return {symbol: combine(variable(symbol), form, -c)}
    return {}


def _end(name: str, direction: int, context: Domain) -> Affine | None:
    """Where an index starts in its scan's direction: the sharpest bound of the context on that side."""
    ends = {combine(variable(name), f, -direction) for f in context if coefficient(f, name) == direction}
    sharpest = (e for e in sorted(ends) if all(implies(context, combine(negative(f), e)) if direction == 1
                                               else implies(context, minus(f, e)) for f in ends))
    return next(sharpest, None)
