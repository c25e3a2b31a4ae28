r"""A sigma that the text calls an activation function and no more: false of the logistic one, a claim may be true of tanh."""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.repairs.contrary import mapped
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.judged import Judged
from lstm_sym.documents.sections.outcomes import Outcome, proved, refuted
from lstm_sym.equality.verdicts import Equal
from lstm_sym.expr.functions import apply
from lstm_sym.expr.nodes import Elementwise, Named, Node


def for_tanh(judge: Judge, first: Outcome) -> Judged | None:
    """True or open if sigma is tanh, where the text leaves that open; None if it does not, or if the claim is false then too."""
    if not judge.section.any_sigma:
        return None
    section = replace(judge.section, recurrence=mapped(judge.section.recurrence, _as_tanh), later={})
    other = Judge(section, judge.left, judge.right, judge.where)
    outcomes = other.outcomes(first.convention)
    held = next(proved(outcomes), None)
    if held is None or not isinstance(held.answer, Equal):
        text = "false of the logistic function; the text calls \\sigma an activation function, and does not say which"
        return None if refuted(outcomes) else Judged("undecided", text, outcome=first)
    condition = r"\sigma is \tanh, which the text leaves open"
    return Judged("conditional", f"true if {condition}", condition=condition, evidence=held.answer.evidence, outcome=held)


def _as_tanh(node: Node) -> Node:
    if isinstance(node, Named):
        return node
    inner = [_as_tanh(a) if isinstance(a, Node) else a for a in node.args]
    changed: Node = node.func(*inner)
    is_sigma = isinstance(changed, Elementwise) and str(changed.args[0]) == "sigmoid"
    return apply("tanh", changed.args[1]) if is_sigma else changed
