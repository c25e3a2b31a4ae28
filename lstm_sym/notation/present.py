"""Presentation: a recurrence as a paper shows it.

Adjoints used once are inlined (dL/do, dL/dtheta ... vanish), and an equation with conditions on its index becomes the
form that holds in the interior, followed by the forms at the ends: t = T, t = 1.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import sympy as sp

from lstm_sym.expr.affine import Domain
from lstm_sym.expr.labels import Excess, Label, Total
from lstm_sym.expr.nodes import Add, Hadamard, Named, Node, Scale, add, hadamard, scale
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan
from lstm_sym.expr.substitute import replace_indices
from lstm_sym.notation.ends import forms, has_conditions, rebuilt


def present(recurrence: Recurrence) -> tuple[Scan, ...]:
    """The scans for reading: adjoints used once inlined, each equation as its interior form and its end forms."""
    short = inlined(recurrence)
    return tuple(replace(scan, equations=_all_forms(scan, short.context)) for scan in short.scans)


def _all_forms(scan: Scan, context: Domain) -> tuple[Equation, ...]:
    return tuple(form for equation in scan.equations for form in forms(equation, context))


# --- inlining ------------------------------------------------------------------------------------------------

def inlined(recurrence: Recurrence) -> Recurrence:
    """The recurrence without total derivatives that are used once, and not by states or outputs: an equal one."""
    keep = {q.label for q in recurrence.outputs}
    keep |= {label for loss in _losses(recurrence) for s in recurrence.states
             for total in (Total(loss, s.label),) for label in (total, Excess(total))}
    uses = Counter(use for e in recurrence.equations for use in _occurrences(e.rhs))
    gone: dict[Label, Equation] = {}
    scans = []
    for scan in recurrence.scans:
        kept = []
        for equation in scan.equations:
            equation = replace(equation, rhs=_unfolded(equation.rhs, gone))
            label = equation.lhs.label
            once = isinstance(label, Total | Excess) and label not in keep and uses[label] == 1
            if once and not has_conditions(equation.rhs):
                gone[label] = replace(equation, rhs=collected(equation.rhs))
            else:
                kept.append(equation)
        scans.append(replace(scan, equations=tuple(kept)))
    return replace(recurrence, scans=tuple(scans))


def _losses(recurrence: Recurrence) -> set[Label]:
    return {e.lhs.label.of for e in recurrence.equations if isinstance(e.lhs.label, Total)}


def _occurrences(node: Node) -> Iterator[Label]:
    """The label of every occurrence of a named quantity, shared nodes once for each user."""
    pending, seen = [node], set()
    while pending:
        here = pending.pop()
        if isinstance(here, Named):
            yield here.label
        elif here not in seen:
            seen.add(here)
            pending.extend(a for a in here.args if isinstance(a, Node))


def _unfolded(node: Node, gone: dict[Label, Equation]) -> Node:
    """`node` with the right sides of `gone` for their names, coefficients to the front."""
    if isinstance(node, Named):
        if node.label not in gone:
            return node
        equation = gone[node.label]
        return replace_indices(equation.rhs, dict(zip(equation.lhs.indices, node.indices, strict=True)))
    if not any(label in gone for label in _occurrences(node)):
        return node
    return rebuilt(node, *(_unfolded(a, gone) if isinstance(a, Node) else a for a in node.args))


def collected(node: Node) -> Node:
    """a o b - a o c = a o (b - c): the factors that all terms of a sum share, in front."""
    if not isinstance(node, Add):
        return node
    terms = [_factors(term) for term in node.args]
    common = [f for f in terms[0][1] if all(f in factors for _, factors in terms)]
    rests = [(c, _without(factors, common)) for c, factors in terms]
    if not common or not all(rest for _, rest in rests):
        return node
    rests.sort(key=lambda rest: rest[0].could_extract_minus_sign())       # h - g, not -g + h
    return hadamard(*common, add(*(scale(c, hadamard(*rest)) for c, rest in rests)))


def _factors(term: Node) -> tuple[sp.Expr, list[Node]]:
    c, x = term.args if isinstance(term, Scale) else (sp.S.One, term)
    return c, list(x.args) if isinstance(x, Hadamard) else [x]


def _without(factors: list[Node], common: list[Node]) -> list[Node]:
    left = list(factors)
    for f in common:
        left.remove(f)
    return left
