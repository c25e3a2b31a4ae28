"""The ways to a proof of a = b, the quicker and likelier ones first."""

from __future__ import annotations

from functools import partial

from lstm_sym.equality.closed_forms import by_closed_forms
from lstm_sym.equality.induction import ENOUGH, by_induction, within_budget
from lstm_sym.equality.prove import Proof
from lstm_sym.expr.affine import Domain
from lstm_sym.expr.nodes import BINDERS, Node
from lstm_sym.expr.substitute import named_in, nodes_in

LITTLE = 800  # steps of work


def holds(proof: Proof, a: Node, b: Node, context: Domain, depth: int = 1) -> str | None:
    """How a = b was proved, "normal-form" or "induction": definitions of the last scan and of the claim's own times first,
    what is carried in closed form before the definitions of all scans.  depth: how many steps beyond those times they go.
    """
    first, last = _scans(proof, a - b)
    ways = [partial(_unfolding, proof, a, b, context, *way) for way in dict.fromkeys(
        ((last, 0), (last, depth), (0, 0), (first, depth), (0, depth)))]
    soon = (partial(_in_little_work, proof, a, b, context, last), *ways[:2], partial(by_closed_forms, proof, a, b, context))
    for n, way in enumerate((*soon, *ways[2:])):
        proof.steps.clear()
        evidence = way() if n < len(soon) else within_budget(proof, way, 2 * ENOUGH)
        if evidence is not None:
            return evidence
    return None


def _in_little_work(proof: Proof, a: Node, b: Node, context: Domain, lowest: int) -> str | None:
    proof.lowest, proof.margin = lowest, 0
    return "normal-form" if within_budget(proof, partial(proof.is_zero, a - b, context), LITTLE) else None


def _scans(proof: Proof, node: Node) -> tuple[int, int]:
    """The first and the last scan of the names in a claim; what is computed once, from all steps, stands for the scan before."""
    found = [level.scan for q in named_in(node) if (level := proof.definitions.level(q)) is not None]
    last = max(found, default=0)
    scans = proof.definitions.recurrence.scans
    while last > 0 and not scans[last].direction:
        last -= 1
    return min(found, default=0), last


def _unfolding(proof: Proof, a: Node, b: Node, context: Domain, lowest: int, margin: int) -> str | None:
    """By definitions of scans from `lowest` on, `margin` steps beyond the claim's own times; a closed form by induction."""
    proof.lowest, proof.margin = lowest, margin
    closed = any(isinstance(n, BINDERS) for n in nodes_in(a - b))  # a closed form: unfolding alone has no end
    if closed and by_induction(proof, a, b, context):
        return "induction"
    if within_budget(proof, partial(proof.is_zero, a - b, context)):
        return "normal-form"
    return "induction" if not closed and by_induction(proof, a, b, context) else None
