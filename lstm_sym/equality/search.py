"""The ways to a proof of a = b, the quicker and likelier ones first."""

from __future__ import annotations

from functools import partial

from lstm_sym.equality.closed_forms import by_closed_forms
from lstm_sym.equality.induction import by_induction, within_budget
from lstm_sym.equality.prove import Proof
from lstm_sym.expr.affine import Domain
from lstm_sym.expr.nodes import BINDERS, Node
from lstm_sym.expr.substitute import named_in, nodes_in


def holds(proof: Proof, a: Node, b: Node, context: Domain) -> str | None:
    """How a = b was proved, "normal-form" or "induction": definitions of the last scan and of the claim's own times first,
    what is carried in closed form before the definitions of all scans.
    """
    scans = [level.scan for q in named_in(a - b) if (level := proof.definitions.level(q)) is not None]
    first, last = min(scans, default=0), max(scans, default=0)
    ways = [partial(_unfolding, proof, a, b, context, *depth) for depth in dict.fromkeys(
        ((last, 0), (last, 1), (0, 0), (first, 1), (0, 1)))]
    ways.insert(2, partial(by_closed_forms, proof, a, b, context))
    for way in ways:
        proof.steps.clear()
        evidence = way()
        if evidence is not None:
            return evidence
    return None


def _unfolding(proof: Proof, a: Node, b: Node, context: Domain, lowest: int, margin: int) -> str | None:
    """By definitions of scans from `lowest` on, `margin` steps beyond the claim's own times; a closed form by induction."""
    proof.lowest, proof.margin = lowest, margin
    closed = any(isinstance(n, BINDERS) for n in nodes_in(a - b))  # a closed form: unfolding alone has no end
    if closed and by_induction(proof, a, b, context):
        return "induction"
    if within_budget(proof, partial(proof.is_zero, a - b, context)):
        return "normal-form"
    return "induction" if not closed and by_induction(proof, a, b, context) else None
