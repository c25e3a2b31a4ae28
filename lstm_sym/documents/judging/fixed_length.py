"""A claim that names its steps by numbers, dL/dw = ... h_2 + ... h_1, may be about a sequence of just so many steps."""
from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Integer

from lstm_sym.documents.layout.tree import BigOperator, Fraction, walk
from lstm_sym.documents.reading.spelling import names_in
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.judged import Judged, conditional
from lstm_sym.documents.sections.outcomes import Outcome
from lstm_sym.equality.decide import proof_of
from lstm_sym.expr.affine import constant, substitute
from lstm_sym.expr.indices import integer
from lstm_sym.expr.nodes import Node
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence
from lstm_sym.expr.substitute import replace_indices

MOST = 5                                                     # steps
MOST_TRIED = 8                                               # readings


def fixed_steps(judge_: Judge) -> int:
    """The last step with a number on a side that names no others, beside all steps on the other: dL/dW = dL_1/dW + dL_2/dW.

    0 for no such side.
    """
    indexing, sides = judge_.section.vocabulary.indexing, (judge_.left, judge_.right)
    times = [[n.time for n in names_in(side, indexing) if n.time is not None] for side in sides]
    fixed = [max(t.constant for t in side) if side and not any(t.terms for t in side) else 0 for side in times]
    whole = [all(t.terms for t in side) and (not side or any(isinstance(n, BigOperator) for n in walk(x)))
             for side, x in zip(times, sides, strict=True)]
    derivatives = all(any(isinstance(n, Fraction) for n in walk(side)) for side in sides)
    return next((n for n, other in zip(fixed, reversed(whole), strict=True) if n > 1 and other and derivatives), 0)


def for_fixed_length(judge_: Judge, outcomes: list[Outcome]) -> Judged | None:
    """True, in some reading, of a sequence of as many steps as the claim names?"""
    steps = _steps_named(judge_)
    length = {integer("T"): Integer(steps)}
    for o in outcomes[:MOST_TRIED] if 1 < steps <= MOST else ():
        if o.sides is not None and o.given is not None:
            left, right = (replace_indices(side, length) for side in o.sides)
            where = frozenset(substitute(f, {"T": constant(steps)}) for f in judge_.where)
            answer = proof_of(left, right, _of_length(o.given, length), where, depth=steps + 1)
            if answer is not None:
                rest = conditional(replace(o, answer=answer), outcomes[0])
                whole = " and ".join(filter(None, (f"there are {steps} steps", rest.condition)))
                return replace(rest, message=f"true if {whole}", condition=whole)
    return None


def _steps_named(judge_: Judge) -> int:
    """The last step that the claim names by its number, if it names no other."""
    indexing = judge_.section.vocabulary.indexing
    times = [n.time for side in (judge_.left, judge_.right) for n in names_in(side, indexing) if n.time is not None]
    return max((t.constant for t in times), default=0) if not any(t.terms for t in times) else fixed_steps(judge_)


def _of_length(given: Recurrence, length: dict[Expr, Expr]) -> Recurrence:
    """The same with a number of steps for T."""
    axes = {a: Axis(a.index, a.length.subs(length)) for a in given.axes}

    def at(node: Node) -> Node:
        return replace_indices(node, length)

    scans = tuple(replace(s, equations=tuple(
        Equation(at(e.lhs), at(e.rhs), tuple(axes.get(a, a) for a in e.over)) for e in s.equations)) for s in given.scans)
    return replace(given, axes=tuple(axes.values()), scans=scans)
