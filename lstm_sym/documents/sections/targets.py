"""Targets of a softmax with cross-entropy: dL/do = p - y holds where the targets y sum to 1, which is seldom said."""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.reading.losses import LOSS
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.expr.nodes import Elementwise, Named, Node, Ones, Zeros, hadamard, matmul, operands, scale, stack
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan, once
from lstm_sym.expr.substitute import named_in


def with_unit_targets(section: Section) -> tuple[Section, str, frozenset[str]] | None:
    """The section with every target written as one that sums to 1, y = u + (1 - 1'u)/n, that condition in words, and the
    targets; None without any.

    A target is a given column that only a loss with a logarithm reads.
    """
    recurrence = section.recurrence
    losses = _of_loss(recurrence)
    read = {q.label for e in recurrence.equations if e not in losses for q in named_in(e.rhs)}
    named = {q.label for e in losses if _holds_log(e.rhs) for q in named_in(e.rhs)}
    given = (*recurrence.inputs, *recurrence.parameters)
    targets = [q for q in given if q.label in named - read and q.shape[1] == 1 and not q.is_scalar]
    if not targets:
        return None
    free = {q: Named(f"_{q.name}", *q.shape, *q.indices) for q in targets}
    of_steps = Scan(tuple(Equation(q, summing_to_one(u), recurrence.axes) for q, u in free.items() if q.indices), (1,))
    of_all = once(*(Equation(q, summing_to_one(u)) for q, u in free.items() if not q.indices))
    summing = [s for s in (of_steps, of_all) if s.equations]
    first = next(n for n, scan in enumerate(recurrence.scans) if any(e in losses for e in scan.equations))
    scans = (*recurrence.scans[:first], *summing, *recurrence.scans[first:])     # just before: unfolded before the model is
    inputs, parameters = (tuple(free.get(q, q) for q in those) for those in (recurrence.inputs, recurrence.parameters))
    changed = replace(recurrence, inputs=inputs, parameters=parameters, scans=scans)
    names = [q.name for q in targets]
    condition = f"the entries of {', '.join(names)} sum to 1{' at each step' if of_steps.equations else ''}"
    return replace(section, recurrence=changed, later=dict(section.later)), condition, frozenset(names)


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
    return replace(section, recurrence=replace(recurrence, inputs=inputs, scans=(first, *recurrence.scans)),
                   later=dict(section.later))


def _of_loss(recurrence: Recurrence) -> list[Equation]:
    """The equation of the loss, and of those of its steps: numbers that nothing but it reads."""
    whole = [e for e in recurrence.equations if e.lhs.name == LOSS]
    read = {q.label for e in recurrence.equations if e not in whole for q in named_in(e.rhs)}
    steps = {q.label for e in whole for q in named_in(e.rhs) if q.is_scalar} - read
    return [*whole, *(e for e in recurrence.equations if e.lhs.label in steps)]


def summing_to_one(u: Named) -> Node:
    """u + (1 - 1'u)/n: any column that sums to 1, and none that does not."""
    n = u.shape[0]
    missing = Ones(1, 1) - matmul(Ones(1, n), u)
    return u + scale(1 / n, hadamard(missing, Ones(n, 1)))


def _holds_log(node: Node) -> bool:
    return (isinstance(node, Elementwise) and str(node.args[0]) == "log") or any(map(_holds_log, operands(node)))


