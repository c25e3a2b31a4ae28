"""Factors left out: a number before the whole right side, a quantity of the model multiplied entry by entry."""
from __future__ import annotations

import sympy as sp

from lstm_sym.documents.repairs.case import Candidates, Case, indices_of, rewritten
from lstm_sym.expr import nodes as e
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Named, Node

MISSING = "a factor is missing"


def constant_missing(case: Case) -> Candidates:
    """2, 1/2, the number of steps or 1 over it, a number of the model, or 1 less that number."""
    lengths = [axis.length for axis in case.given.axes]
    for c in (2, sp.Rational(1, 2), *lengths, *(1 / length for length in lengths)):
        yield e.scale(c, case.right)
    for q in case.given.parameters:
        if q.is_scalar:
            yield from (e.hadamard(factor, case.right) for factor in (q, 1 - q))


def quantity_missing(case: Case) -> Candidates:
    """A gate, a state or one less it, at a time that the claim names; a number of the model, before one term."""
    times = [i for i in dict.fromkeys(indices_of(case.right)) if i.free_symbols]
    values = [Named(x.lhs.label, *x.lhs.shape, t) for x in case.given.equations for t in times
              if len(x.lhs.indices) == 1 and not isinstance(x.lhs.label, Total | Direct)]

    numbers = [factor for q in case.given.parameters if q.is_scalar for factor in (q, 1 - q)]

    def rule(node: Node) -> Candidates:
        for n, term in enumerate(node.args if isinstance(node, e.Add) else ()):
            yield from (e.add(*node.args[:n], e.hadamard(number, term), *node.args[n + 1:]) for number in numbers)
        if isinstance(node, e.MatMul) or (isinstance(node, Named) and node.indices):
            for value in dict.fromkeys(values):
                if value.shape == node.shape and value != node:
                    yield from (e.hadamard(node, value), e.hadamard(node, 1 - value))

    yield from rewritten(case.right, rule)
