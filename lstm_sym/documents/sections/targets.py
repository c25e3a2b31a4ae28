"""Targets of a softmax with cross-entropy: dL/do = p - y holds where the targets y sum to 1, which is seldom said."""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.reading.losses import LOSS
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.expr.nodes import Elementwise, Named, Node, Ones, Zeros, hadamard, matmul, operands, scale, stack
from lstm_sym.expr.recurrence import Equation, Scan
from lstm_sym.expr.substitute import named_in


def with_unit_targets(section: Section) -> tuple[Section, tuple[str, ...]] | None:
    """The section with every target written as one that sums to 1, y = u + (1 - 1'u)/n, and the targets; None without any.

    A target is an input column that only a loss with a logarithm reads.
    """
    recurrence = section.recurrence
    losses = [e for e in recurrence.equations if e.lhs.name == LOSS and _holds_log(e.rhs)]
    read = {q.label for e in recurrence.equations if e not in losses for q in named_in(e.rhs)}
    named = {q.label for e in losses for q in named_in(e.rhs)}
    targets = [q for q in recurrence.inputs if q.label in named - read and q.shape[1] == 1 and not q.is_scalar]
    if not targets:
        return None
    free = {q: Named(f"_{q.name}", *q.shape, *q.indices) for q in targets}
    summing = Scan(tuple(Equation(q, _unit(u), recurrence.axes) for q, u in free.items()), (1,))
    *model, last = recurrence.scans                          # beside the loss that reads them: unfolded before the model is
    changed = replace(recurrence, inputs=tuple(free.get(q, q) for q in recurrence.inputs), scans=(*model, summing, last))
    return replace(section, recurrence=changed, later={}), tuple(q.name for q in targets)


def with_one_hot(section: Section) -> Section | None:
    """The section with every input that the text calls one-hot as the first unit column; None without any.

    What is false there is false of one-hot inputs; what is true there may be so of this column alone.
    """
    recurrence = section.recurrence
    called = [q for q in recurrence.inputs if q.name in section.values.one_hot and q.shape[1] == 1 and not q.is_scalar]
    if not called:
        return None
    first = Scan(tuple(Equation(q, stack(Ones(1, 1), Zeros(q.shape[0] - 1, 1)), recurrence.axes) for q in called), (1,))
    inputs = tuple(q for q in recurrence.inputs if q not in called)
    return replace(section, recurrence=replace(recurrence, inputs=inputs, scans=(first, *recurrence.scans)), later={})


def _unit(u: Named) -> Node:
    """u + (1 - 1'u)/n: any column that sums to 1, and none that does not."""
    n = u.shape[0]
    missing = Ones(1, 1) - matmul(Ones(1, n), u)
    return u + scale(1 / n, hadamard(missing, Ones(n, 1)))


def _holds_log(node: Node) -> bool:
    return (isinstance(node, Elementwise) and str(node.args[0]) == "log") or any(map(_holds_log, operands(node)))


