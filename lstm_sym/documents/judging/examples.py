r"""Numbers of an example: W = 0.8, h_1 = 0.537, 1 - h_1^2 = 0.712 say which values it has, not what the model does.

Such an equation follows from no model, so none speaks against it: a bare name gets its value, anything else stays open.
"""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.findings import Finding
from lstm_sym.documents.layout.tree import BigOperator, Delimited, List, Node, Number, Product, Scripts, walk
from lstm_sym.documents.norms.judging import CONDITION
from lstm_sym.documents.reading.calls import is_generic
from lstm_sym.documents.reading.spelling import Indexing, Spelled, base_text, names_in, spell
from lstm_sym.documents.sections.lines import Line, has_derivative, is_model_line
from lstm_sym.documents.sections.numeric import is_number
from lstm_sym.documents.sources.items import Inline


def of_example(line: Line, finding: Finding, indexing: Indexing, derived: frozenset[str], weights: frozenset[str]) -> Finding:
    """The finding, unless it speaks against numbers of an example or what weights are.  derived: names for gradients."""
    if finding.verdict == "proved" or not line.is_equation or line.left is None or line.right is None:
        return finding
    name = spell(line.left, indexing)
    if name is not None and is_number(line.right) and not (name.key in derived and line.right == Number("0")):
        return replace(_plain(finding), kind="definition", message="a value that the text takes")
    misfit = finding.code == "E109" and finding.correction is None and finding.witness is None
    reason = _reason(line, name if name is not None and name.key not in derived else None, indexing, misfit)
    reason = CONDITION if _is_condition(line, indexing, weights) else reason
    return replace(_plain(finding), verdict="undecided", message=reason) if finding.verdict == "refuted" and reason else finding


def _reason(line: Line, name: Spelled | None, indexing: Indexing, misfit: bool) -> str:
    """Why no model speaks against the line, if none does.  name: what stands alone on its left, and is no gradient.

    misfit: its shapes do not fit the model, and no repair makes them: it is about another one.
    """
    if name is not None and line.right is not None and has_derivative(line.right):
        return f"{name.key} has a meaning already, and is put for something else"
    if name is not None and (misfit or _is_variant(line, indexing)):
        return f"another formula for {name.key} than that of the model"
    return "numbers of an example, whose values are not followed here" if _is_example(line, indexing) else ""


def _is_condition(line: Line, indexing: Indexing, weights: frozenset[str]) -> bool:
    """W^T W = I: are its names those of weights, and stand on one side alone?"""
    names = [{x.key for x in names_in(side, indexing)} - {"I"} for side in (line.left, line.right) if side is not None]
    return not all(names) and bool(set().union(*names)) and set().union(*names) <= weights


def _is_variant(line: Line, indexing: Indexing) -> bool:
    """h_t = f(h_{t-1}), which says what it is computed from; in a sentence or under another heading, a step of another net."""
    factors = line.right.factors if isinstance(line.right, Product) and len(line.right.factors) == 2 else ()
    head = spell(factors[0], indexing) if factors else None
    generic = head is not None and is_generic(head.key)
    schematic = generic and isinstance(factors[1], Delimited) and _holds_names_only(factors[1].body)
    return schematic or ((line.apart or line.variant or isinstance(line.item, Inline)) and is_model_line(line))


def _holds_names_only(node: Node) -> bool:
    parts = node.items if isinstance(node, List) else node.factors if isinstance(node, Product) else (node,)
    return all(base_text(x.base if isinstance(x, Scripts) else x) is not None for x in parts)


def _is_example(line: Line, indexing: Indexing) -> bool:
    """Is a side a mere number though no derivative is on the other, or is any number measured: 0.537?"""
    sides = [side for side in (line.left, line.right) if side is not None]
    named = any(True for side in sides for _ in names_in(side, indexing))
    limits = any(isinstance(n, BigOperator) and n.name == "lim" for side in sides for n in walk(side))
    values = any(map(is_number, sides)) and not any(map(has_derivative, sides)) and not limits
    return (named and values) or any(isinstance(n, Number) and "." in n.text for side in sides for n in walk(side))


def _plain(finding: Finding) -> Finding:
    return replace(finding, verdict=None, code=None, also=(), condition=None, reading=None, correction=None,
                   correction_condition=None, witness=None, evidence=None, edit=None, script=None)
