"""A W that the model does not have, in derivatives by it: any of the weights, as in dL/dW = sum_t dL/dh_t dh_t/dW."""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.layout.tree import walk
from lstm_sym.documents.reading.derivatives import differential
from lstm_sym.documents.sections.claims import Judge

WEIGHTS = frozenset(("W", "U", "V", "R", "b", r"\theta", r"\Theta", "w", r"\mathbf{W}", r"\mathbf{U}", r"\mathbf{b}"))
MOST = 4  # weights that it is tried for


def generic(judge: Judge) -> tuple[str, dict[str, Judge]] | None:
    """The name of any weight, and the claim about each of those it may stand for; None if there is no such name."""
    v = judge.section.vocabulary
    found = [differential(node, v.indexing) for side in (judge.left, judge.right) for node in walk(side)]
    names = dict.fromkeys(d.by.key for d in found if d is not None and d.by.time is None and d.by.key not in v.quantities)
    if len(names) != 1 or (name := next(iter(names))) not in WEIGHTS:
        return None
    model, of = judge.section.recurrence, {d.of.key for d in found if d is not None and d.by.key == name}
    read = [model.reached((q.label,)) for q in model.quantities if q.name in of]   # dh_t/dtheta is by a weight of h
    parameters = [q.name for q in model.parameters if all(q.label in labels for labels in read)]
    near = [p for p in parameters if p.startswith(f"{name}_")] or parameters
    judges = {p: _about(judge, name, p) for p in near[:MOST]}
    return (name, judges) if judges else None


def _about(judge: Judge, name: str, parameter: str) -> Judge:
    v = judge.section.vocabulary
    quantities = {**v.quantities, name: v.quantities[parameter]}
    section = replace(judge.section, vocabulary=replace(v, quantities=quantities), later={})
    return Judge(section, judge.left, judge.right, judge.where, judge.warnings, judge.relevant)
