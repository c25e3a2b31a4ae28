"""Closed forms of what is carried: each suggested by its equation, proved by induction, then put in for the quantity.

With both sides of a claim in closed forms, sums over sums can be exchanged: what a forward pass collects in traces is
compared with what a backward pass sums up, and a gradient with the explicit sum of products of Jacobians.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial

from sympy.core.symbol import Str

from lstm_sym.equality.existence import existence
from lstm_sym.equality.induction import ENOUGH, Induction, within_budget
from lstm_sym.equality.linear import closed_form, readers_of
from lstm_sym.equality.prove import Proof
from lstm_sym.equality.terms import Undecidable, Work
from lstm_sym.equality.unfold import Closed, Definitions
from lstm_sym.expr.affine import Domain
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import Node
from lstm_sym.expr.recurrence import Equation, Recurrence
from lstm_sym.expr.substitute import named_in


def by_closed_forms(proof: Proof, a: Node, b: Node, context: Domain) -> str | None:
    """a = b with everything carried in its closed form, itself proved by induction: "induction", or None."""
    closed = closed_forms(proof.definitions.recurrence, a, b)
    whole = replace(proof, lowest=0, margin=1, definitions=replace(proof.definitions, closed=closed))
    try:
        if not closed or not within_budget(whole, partial(whole.is_zero, a - b, context), ENOUGH):
            return None
    except Undecidable:                                      # a form may hold what the normal form has no law for
        return None
    proof.steps.append(f"closed forms of {', '.join(sorted(str(c.general) for c in closed.values()))}")
    return "induction"


def closed_forms(recurrence: Recurrence, *claim: Node) -> dict[Label, Closed]:
    """Of each cycle of quantities that carry one another one with its closed form, where that is proved by induction.

    Of what the sides of the claim read in turn: what they are computed without needs no form.
    """
    read = recurrence.reached(q.label for side in claim for q in named_in(side))
    computed = [e for e in recurrence.equations if e.lhs.label in read]
    found: dict[Label, Closed] = {}
    for e in sorted(computed, key=lambda e: not is_of_states(e.lhs.label, recurrence)):
        if found.keys().isdisjoint(readers_of(e, recurrence)) and (closed := _proved(e, recurrence)):
            found[e.lhs.label] = closed
    return found


@lru_cache(maxsize=256)
def _proved(e: Equation, recurrence: Recurrence) -> Closed | None:
    """The closed form that an equation suggests, if it is proved: once for all claims about the recurrence."""
    definitions = Definitions.of(recurrence)
    suggested = closed_form(e, definitions)
    if suggested is None:
        return None
    place, form = suggested
    for domain in (existence(recurrence, e.lhs) | recurrence.context, e.domain | recurrence.context):
        proof = Proof(definitions, Work())
        if _succeeds(proof, Induction(proof, e.lhs, form, place, domain)):
            return Closed(e.lhs, form, domain)
    return None


def _succeeds(proof: Proof, induction: Induction) -> bool:
    """Within the budget of one way?"""
    try:
        return bool(within_budget(proof, induction.succeeds, ENOUGH))
    except Undecidable:                                      # a suggestion may hold what the normal form has no law for
        return False


def is_of_states(label: Label, recurrence: Recurrence) -> bool:
    """A state, or a derivative of and by nothing computed but states: papers multiply Jacobians of states."""
    states = {q.label for q in recurrence.states}
    return not (label.atoms(Str) & {e.lhs.label for e in recurrence.equations}) - states
