r"""A sigma that the text leaves open: false of one function it may be, a claim may be true of another.

    \sigma, called an activation function and no more     read as the logistic function; it may be tanh
    \sigma_g, of which nothing is said                    read as any function; it may be the logistic one or tanh
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from lstm_sym.documents.layout.mapped import mapped as layout_mapped
from lstm_sym.documents.layout.tree import Function, Layout, Symbol
from lstm_sym.documents.repairs.contrary import mapped
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.judged import Judged
from lstm_sym.documents.sections.outcomes import Outcome, proved, refuted
from lstm_sym.equality.verdicts import Equal
from lstm_sym.expr.functions import apply
from lstm_sym.expr.nodes import Elementwise, Named, Node

OPEN, GATES = r"\sigma_", r"\sigma_g"
SPELLED = {"sigmoid": r"\sigma", "tanh": r"\tanh"}
Meaning = dict[str, str]


def for_another(judge: Judge, first: Outcome) -> Judged | None:
    """True or open if sigma is another function that the text leaves open; None if the claim is false of all of them."""
    undecided = False
    for condition, meaning in _meanings(judge.section):
        outcomes = _with(judge, meaning).outcomes(first.convention)
        held = next(proved(outcomes), None)
        if held is not None and isinstance(held.answer, Equal):
            text = f"{condition}, which the text leaves open"
            return Judged("conditional", f"true if {text}", condition=text, evidence=held.answer.evidence, outcome=held)
        undecided = undecided or held is not None or not refuted(outcomes)
    text = "false of the function it is taken for; the text does not say which function \\sigma is"
    return Judged("undecided", text, outcome=first) if undecided else None


def _meanings(section: Section) -> Iterator[tuple[str, Meaning]]:
    """What sigma may be, by the names of functions as the model has them."""
    equations = [e.rhs for scan in section.recurrence.scans for e in scan.equations]
    used = {str(n.args[0]) for rhs in equations for n in sp.preorder_traversal(rhs) if isinstance(n, Elementwise)}
    names = sorted(name for name in used if name.startswith(OPEN))
    if section.any_sigma and "sigmoid" in used and not names:
        yield r"\sigma is \tanh", {"sigmoid": "tanh"}
    if names:
        listed = ", ".join(names)
        yield rf"{listed} {'is' if len(names) == 1 else 'are'} the logistic function", dict.fromkeys(names, "sigmoid")
        yield rf"{listed} {'is' if len(names) == 1 else 'are'} \tanh", dict.fromkeys(names, "tanh")
    if GATES in names and len(names) > 1:
        others = [name for name in names if name != GATES]
        yield rf"{GATES} is the logistic function, {', '.join(others)} \tanh", {**dict.fromkeys(others, "tanh"), GATES: "sigmoid"}


def _with(judge: Judge, meaning: Meaning) -> Judge:
    """The same claim of the net with these functions."""
    def node(old: Node) -> Node:
        if isinstance(old, Named):
            return old
        new: Node = old.func(*(node(a) if isinstance(a, Node) else a for a in old.args))
        name = meaning.get(str(new.args[0])) if isinstance(new, Elementwise) else None
        return apply(name, new.args[1]) if name is not None else new

    def sign(old: Layout) -> Layout:
        name = SPELLED.get(meaning.get(old.name, "")) if isinstance(old, Symbol) else None
        if name is None:
            return old
        return Function(name, span=old.span) if name == r"\tanh" else Symbol(name, span=old.span)

    section = replace(judge.section, recurrence=mapped(judge.section.recurrence, node), later={},
                      written=[(name, layout_mapped(right, sign)) for name, right in judge.section.written])
    return Judge(section, layout_mapped(judge.left, sign), layout_mapped(judge.right, sign), judge.where)
