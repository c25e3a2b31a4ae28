"""Running traces: a truncated gradient computed forward, one trace a weight, nothing sent back in time.

Where the cut net is diagonal, the adjoint of the one state that is still carried is d[t] = e[t] + f[t+1] o d[t+1], and a
weight P has the gradient sum_t diag(d[t]) B[t] + (what does not pass through the state).  The two sums, exchanged:

    E[t] = diag(f[t]) E[t-1] + B[t],  E[0] = 0,        dL/dP = sum_t diag(e[t]) E[t] + (the same)
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import sympy as sp

from lstm_sym.calculus.backward import backward
from lstm_sym.calculus.truncate import Edge, recurrent_edges
from lstm_sym.errors import ModelError, NotDefined
from lstm_sym.expr.nodes import (
    Add,
    Diag,
    Hadamard,
    MatMul,
    Named,
    Node,
    Ones,
    Scale,
    SumOver,
    When,
    Zeros,
    add,
    hadamard,
    is_zero,
    matmul,
    scale,
    sum_over,
)
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, Scan, once
from lstm_sym.expr.substitute import named_in, replace_indices


@dataclass(frozen=True, slots=True)
class Split:
    """diag(d) slope + rest, where d is the adjoint of the carried state at the same step."""

    slope: Node
    rest: Node


Known: TypeAlias = dict[Named, Split]                        # the adjoints that the one of the state moves, at t


def traces(recurrence: Recurrence, loss: str | None = None, *, name: str = "L", reads: Collection[str] | None = None,
           cut: Iterable[Edge] | None = None) -> Recurrence:
    """The gradients by the parameters as `backward` has them with these edges cut, but by forward scans alone.

    cut: the recurrent edges, if nothing is said.  Names: e_c for the error that enters the carried state c, E_W for the
    trace of the parameter W, in its shape.
    Errors: NotDefined where the cut net carries several states, or is not diagonal in its state; ModelError for a taken name.
    Source: Hochreiter & Schmidhuber 1997 (Neural Computation 9(8)), appendix A.1, where c carries all of itself: f = 1.
    """
    axis = _one_axis(recurrence)
    back = backward(recurrence, loss, name=name, reads=reads, cut=recurrent_edges(recurrence) if cut is None else cut)
    added = back.equations[len(recurrence.equations):]
    gradients = _by(added, recurrence.parameters)
    running = _read(_by(added, _names(recurrence.equations)), gradients)
    state = _carried(running, axis)
    if state is None:                                        # every step stands alone: nothing to remember
        return recurrence.then(Scan(tuple(running), (1,)), once(*gradients), outputs=_names(gradients), given=back.given)
    known = _moved(running, state)
    error, factor = _arriving(state, known, axis)
    local = [error if e is state else e for e in running if e is state or e.lhs not in known]
    remembered = [_remembered(g, _collected(g, known, axis), error.lhs, factor, axis) for g in gradients]
    starts, steps, totals = ([e for each in column for e in each] for column in zip(*remembered, strict=True))
    _free(recurrence, error, *steps)
    return recurrence.then(once(*starts), Scan((*local, *steps), (1,)), once(*totals), outputs=_names(totals), given=back.given)


def _by(gradients: Iterable[Equation], quantities: Iterable[Named]) -> list[Equation]:
    """Those by one of the quantities; h[0] is not h[t]."""
    wanted = {(q.label, q.indices) for q in quantities}
    return [e for e in gradients if (e.lhs.label.by, e.lhs.indices) in wanted]


def _read(running: list[Equation], gradients: list[Equation]) -> list[Equation]:
    """The equations that the gradients need; each stands before those that read it."""
    read = {q.label for g in gradients for q in named_in(g.rhs)}
    kept = []
    for e in reversed(running):
        if e.lhs.label in read:
            kept.append(e)
            read |= {q.label for q in named_in(e.rhs)}
    return kept[::-1]


def _names(equations: Iterable[Equation]) -> tuple[Named, ...]:
    return tuple(e.lhs for e in equations)


def _one_axis(recurrence: Recurrence) -> Axis:
    if len(recurrence.axes) != 1:
        raise NotDefined(f"traces run along one axis, got {len(recurrence.axes)}")
    return recurrence.axes[0]


def _free(recurrence: Recurrence, *equations: Equation) -> None:
    taken = {q.label for q in recurrence.quantities} & {e.lhs.label for e in equations}
    if taken:
        raise ModelError(f"the name {', '.join(map(str, taken))} is taken, and a trace or its error has it; rename it")


# --- the state ----------------------------------------------------------------------------------------------------

def _carried(running: list[Equation], axis: Axis) -> Equation | None:
    """The equation of the one adjoint that is sent back in time: d[t] from d[t+1].  Errors: NotDefined if there are more."""
    names = {e.lhs.label for e in running}
    links = [(e, q) for e in running for q in named_in(e.rhs) if q.label in names and q.indices != e.lhs.indices]
    for e, q in links:
        if e is not links[0][0] or q != e.lhs[axis.index + 1]:
            raise NotDefined(f"{e.lhs} reads {q}: traces are for one state that is carried by itself alone, step after step")
    return links[0][0] if links else None


def _moved(running: list[Equation], state: Equation) -> Known:
    """How d at a step moves the adjoints of that step, d itself by 1."""
    known: Known = {state.lhs: Split(Ones(*state.lhs.shape), Zeros(*state.lhs.shape))}
    for e in running[running.index(state) + 1:]:
        found = split(e.rhs, known)
        if not is_zero(found.slope):
            known[e.lhs] = found
    return known


def _arriving(state: Equation, known: Known, axis: Axis) -> tuple[Equation, Node]:
    """e[t] = d[t] without what comes back, and f[t], the factor between d[t] and d[t-1]."""
    t, d = axis.index, state.lhs
    terms = state.rhs.args if isinstance(state.rhs, Add) else (state.rhs,)
    after = {d[t + 1]: known[d]}
    parts = [split(_while_there(x, axis) if d[t + 1] in named_in(x) else x, after) for x in terms]
    error = Named(f"e_{d.label.by}", *d.shape, t)
    factor = replace_indices(add(*(p.slope for p in parts)), {t: t - 1})
    return Equation(error, add(*(p.rest for p in parts)), (axis,)), factor


def _while_there(term: Node, axis: Axis) -> Node:
    """The term without its condition t + 1 <= T.  Errors: NotDefined for another."""
    if isinstance(term, When) and term.args[1:] == (sp.expand(axis.length - axis.index - 1),):
        return term.args[0]
    raise NotDefined(f"{term} does not come from the step after, whichever that is")


# --- the weights --------------------------------------------------------------------------------------------------

def _collected(gradient: Equation, known: Known, axis: Axis) -> Split:
    """dL/dP = sum_t diag(d[t]) slope + rest."""
    t, found = axis.index, []
    for term in gradient.rhs.args if isinstance(gradient.rhs, Add) else (gradient.rhs,):
        if isinstance(term, SumOver) and term.args[2:] == (1, axis.length):
            at = split(replace_indices(term.args[0], {term.args[1]: t}), known)
            found.append(replace(at, rest=sum_over(at.rest, t, 1, axis.length)))
        else:
            found.append(split(term, known))
            if not is_zero(found[-1].slope):
                raise NotDefined(f"{term} in {gradient.lhs} is no sum over all steps")
    return Split(add(*(x.slope for x in found)), add(*(x.rest for x in found)))


def _remembered(
    gradient: Equation, by: Split, error: Named, factor: Node, axis: Axis,
) -> tuple[list[Equation], list[Equation], list[Equation]]:
    """E[0] = 0;  E[t] = diag(f[t]) E[t-1] + B[t];  the gradient by what E has gathered."""
    total = gradient.lhs
    if is_zero(by.slope):
        return [], [], [gradient]
    E = Named(f"E_{total.label.by}", *total.shape, axis.index)
    collected = sum_over(_by_rows(error, E), axis.index, 1, axis.length)
    return ([Equation(E[0], Zeros(*E.shape))], [Equation(E, add(_by_rows(factor, E.previous), by.slope), (axis,))],
            [Equation(total, add(collected, by.rest))])


def _by_rows(a: Node, X: Node) -> Node:
    """diag(a) X."""
    return X if isinstance(a, Ones) else hadamard(a, X) if X.shape == a.shape else matmul(Diag(a), X)


# --- one expression -----------------------------------------------------------------------------------------------

def split(n: Node, known: Known) -> Split:
    """n = diag(d) slope + rest.  Errors: NotDefined where rows of n depend on other rows of d."""
    if n in known:
        return known[n]
    if not any(q.label == k.label for q in named_in(n) for k in known):
        return Split(Zeros(*n.shape), n)
    if type(n) not in SPLIT:
        raise NotDefined(f"the cut net is not diagonal in its state, or not at one step: {n}")
    return SPLIT[type(n)](n, [split(x, known) for x in n.args if isinstance(x, Node)])


def _product(times: Callable[..., Node], n: Node, parts: list[Split]) -> Split:
    """One factor moves, and row by row: of a matrix product the first."""
    moving = [k for k, p in enumerate(parts) if not is_zero(p.slope)]
    k = moving[0]
    if len(moving) > 1 or (times is matmul and k) or parts[k].slope.shape[0] != n.shape[0]:
        raise NotDefined(f"the cut net is not diagonal in its state: {n}")
    slope, rest = (times(*n.args[:k], x, *n.args[k + 1:]) for x in (parts[k].slope, parts[k].rest))
    return Split(slope, rest)


SPLIT: dict[type[Node], Callable[[Any, list[Split]], Split]] = {
    Add:      lambda n, p: Split(add(*(x.slope for x in p)), add(*(x.rest for x in p))),
    Scale:    lambda n, p: Split(scale(n.args[0], p[0].slope), scale(n.args[0], p[0].rest)),    # c diag(d) B = diag(d) (c B)
    Hadamard: lambda n, p: _product(hadamard, n, p),                                    # (diag(d) B) o x = diag(d) (B o x)
    MatMul:   lambda n, p: _product(matmul, n, p),                                      # (diag(d) B) x = diag(d) (B x)
}
