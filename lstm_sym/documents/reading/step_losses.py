r"""The loss of one step by what belongs to any step, where L = sum_t l_t and l_t reads quantities q at its own step t.

dl_t/dv_k = sum_q (dq_t/dv_k)' dl_t/dq_t for a column v, and dl_t/dW sums what every use of W at the steps up to t adds.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator

import sympy as sp

from lstm_sym.calculus.landing import Contribution, Range, contribution_at
from lstm_sym.calculus.sensitivity import second_axes, upstream
from lstm_sym.calculus.vjp import pullback
from lstm_sym.documents.reading.losses import AT_STEP, LOSS, OF_STEP
from lstm_sym.errors import OutOfReach, Unreadable
from lstm_sym.expr.affine import ZERO
from lstm_sym.expr.indices import affine, integer
from lstm_sym.expr.labels import Direct, Label, Total, label
from lstm_sym.expr.nodes import Hadamard, Named, Node, Ones, SumOver, Zeros, add, hadamard, matmul, transpose
from lstm_sym.expr.recurrence import Equation, Recurrence
from lstm_sym.expr.substitute import named_in, replace_indices


def of_any_step(q: Named) -> bool:
    """A gradient of the loss of one step, dl_t/dv_k or dl_t/dW, with the step among its indices?"""
    return isinstance(q.label, Total) and q.label.of == label(AT_STEP)


def gradient(by: Label | str, shape: tuple[object, object], step: object, *at: object) -> Named:
    """Its name."""
    return Named(Total(AT_STEP, by, 1), *shape, step, *at)


def number_of_steps() -> Node:
    """T as a number: the sum of 1 over all steps."""
    return SumOver(Ones(1, 1), integer("k"), 1, integer("T"))


def without_sums(node: Node, model: Recurrence) -> Node:
    """sum_{t=1..T} dl_t/dv as dL/dv: the derivative of a sum."""
    if isinstance(node, SumOver):
        body, k, low, high, *_ = node.args
        whole = low == 1 and [high] == [a.length for a in model.axes]
        if whole and isinstance(body, Hadamard) and body.args[0] == number_of_steps():
            return hadamard(body.args[0], without_sums(SumOver(hadamard(*body.args[1:]), k, low, high), model))
        if whole and isinstance(body, Named) and of_any_step(body) and body.indices[0] == k:
            at = body.indices[1:]
            return node if any(i.has(k) for i in at) else Named(Total(LOSS, body.label.by), *body.shape, *at)
    if isinstance(node, Named):
        return node
    return node.func(*(without_sums(a, model) if isinstance(a, Node) else a for a in node.args))


# --- what the loss of a step reads ------------------------------------------------------------------------------------

def partials(model: Recurrence, loss: str | None, reads: tuple[str, ...] | None) -> tuple[Contribution, ...]:
    """dl_t/dq_t at the running step t, the other arguments held fixed.

    Errors: Unreadable where the loss is no sum over all steps of what is read at one step.
    """
    (time,) = model.axes
    if loss == LOSS:
        whole = next(e.rhs for e in model.equations if e.lhs.name == LOSS)
        if not isinstance(whole, SumOver) or whole.args[2] != 1 or whole.args[3] != time.length:
            raise Unreadable("the loss of a step, where the loss is no plain sum over the steps", (0, 0))
        one = replace_indices(whole.args[0], {whole.args[1]: time.index})
        found = tuple(pullback(one, Named(LOSS, 1, 1), Ones(1, 1), frozenset((time.index,))))
        if any(c.ranges or c.source.indices not in ((), (time.index,)) for c in found):
            raise Unreadable("the loss of a step that reads quantities of other steps", (0, 0))
        return found
    read = [model.quantity(name) for name in reads or ()]
    return tuple(Contribution(q, Named(Direct(LOSS, q.label), *q.shape, *q.indices)) for q in read)


# --- its gradients ----------------------------------------------------------------------------------------------------

def users(model: Recurrence, parameter: Label) -> Iterator[Equation]:
    """The equations of a step that read a parameter.

    Errors: OutOfReach for a matrix, or a value for all steps or before the first, computed from it; and for a step that
    reads what a later one computes: then the sum does not end at t.
    """
    (time,) = model.axes
    computed = {e.lhs.label for e in model.equations}
    for e in (e for e in model.equations if e.lhs.name != LOSS):
        read = named_in(e.rhs)
        if any(q.label in computed and q.indices and affine(q.indices[0] - time.index - 1) == ZERO for q in read):
            raise OutOfReach(f"the loss of one step, where {e.lhs} reads a later one", (0, 0))
        if any(q.label == parameter for q in read):
            if not e.over or e.lhs.shape[1] != 1:
                raise OutOfReach(f"the loss of one step by {parameter}, through {e.lhs}", (0, 0))
            yield e


def through(model: Recurrence, wanted: Iterable[Label]) -> tuple[Label, ...]:
    """The columns whose Jacobians the gradients by what is wanted are made of."""
    timed, carried = {q.label for q in model.quantities if q.indices}, _carried(model)
    return tuple(dict.fromkeys(v for by in wanted for v in ((by,) if by in timed else (
        e.lhs.label for e in users(model, by) if e.lhs.label in carried))))


def _carried(model: Recurrence) -> frozenset[Label]:
    """What a later step depends on; the loss of a step reads all the rest at its own step alone."""
    return frozenset().union(*(upstream(model, q.label) for q in model.states))


def read_of(model: Recurrence, v: Label, seeds: tuple[Contribution, ...]) -> tuple[Contribution, ...]:
    """What the loss of a step reads of what v_k changes: the one carried quantity that all the rest is made of, with its
    gradient inside the step, where v is carried too; else what it reads itself.
    """
    carried, computed = _carried(model), {e.lhs.label for e in model.equations}
    apart = {e.lhs.label: e for e in model.equations if e.over and e.lhs.label not in carried}
    if v not in carried or any(s.source.label not in apart for s in seeds if s.source.label in computed):
        return seeds
    read = {q for e in apart.values() if e.lhs.name != LOSS for q in named_in(e.rhs) if q.label in carried}
    return (Contribution(only, _within(only)),) if len(read) == 1 and (only := read.pop()) in model.quantities else seeds


def _within(q: Named) -> Named:
    """The gradient of the loss of a step by q inside that step."""
    return Named(Total(OF_STEP, q.label), *q.shape, *q.indices)


def equations(model: Recurrence, wanted: Iterable[Label], seeds: tuple[Contribution, ...],
              jacobians: Iterable[Named]) -> Iterator[Equation]:
    """The definitions of dl_t/dv for all v wanted, from Jacobians dq_t/dv_k that are defined."""
    timed = {q.label for q in model.quantities if q.indices}
    reached = dict.fromkeys(jacobians)
    for v in through(model, wanted):
        yield from _by_column(model, v, read_of(model, v, seeds), [J for J in reached if J.label.by == v])
    for by in wanted:
        if by not in timed:
            yield _by_parameter(model, model.quantity(by), seeds)


def _by_column(model: Recurrence, v: Label, seeds: tuple[Contribution, ...], jacobians: list[Named]) -> Iterator[Equation]:
    """dl_t/dv_k = sum_q (dq_t/dv_k)' dl_t/dq_t; one equation for v_k and one for an end v_0."""
    (time,) = model.axes
    copy = second_axes(model)[time.index]
    shape = model.quantity(v).shape
    for at in dict.fromkeys(J.indices[1:] for J in jacobians):
        terms = [_pulled(J, s) for J in jacobians for s in seeds if J.indices[1:] == at and J.label.of == s.source.label]
        over = (time, *((copy,) if at == (copy.index,) else ()))
        yield Equation(gradient(v, shape, time.index, *at), add(*terms), over)


def _pulled(J: Named, seed: Contribution) -> Node:
    """(dq/dv)' g, and g dq/dv for a number q, whose Jacobian is the column."""
    return hadamard(seed.cotangent, J) if seed.source.is_scalar else matmul(transpose(J), seed.cotangent)


def _by_parameter(model: Recurrence, parameter: Named, seeds: tuple[Contribution, ...]) -> Equation:
    """dl_t/dW = sum_{k=1..t} of what each equation at k that reads W adds, at t alone if no later step depends on it, and
    what the loss reads of it.
    """
    (time,) = model.axes
    copy = second_axes(model)[time.index]
    past = frozenset((affine(time.index - copy.index),))     # k <= t
    parts, carried = [s.cotangent for s in seeds if s.source == parameter], _carried(model)
    for e in users(model, parameter.label):
        if e.lhs.label not in carried:
            found = (c for c in pullback(e.rhs, e.lhs, _within(e.lhs), frozenset((time.index,))) if c.source == parameter)
        else:
            found = uses(model, e, parameter, copy.index, gradient(e.lhs.label, e.lhs.shape, time.index, copy.index))
        when = frozenset() if e.lhs.label not in carried else past
        added = (contribution_at(parameter, use, model.context | time.domain, when) for use in found)
        parts += [part for part in added if part is not None]
    value = add(*parts) if parts else Zeros(*parameter.shape)
    return Equation(gradient(parameter.label, parameter.shape, time.index), value, (time,))


def uses(model: Recurrence, e: Equation, parameter: Named, k: sp.Symbol, g: Node) -> Iterator[Contribution]:
    """What the equation at the steps k = 1 .. T adds to the gradient by the parameter, where its value has the gradient g."""
    (time,) = model.axes
    at = {time.index: k}
    for c in pullback(replace_indices(e.rhs, at), replace_indices(e.lhs, at), g, frozenset(g.free_symbols)):
        if c.source == parameter:
            yield Contribution(parameter, c.cotangent, (Range(k, sp.S.One, time.length), *c.ranges))
