"""Direct partials over several steps: the product of the direct Jacobians of one step, the other states held fixed.

d+c_t/d+c_k = J_t J_{t-1} ... J_{k+1} with J_s = d+c_s/d+c_{s-1}: the path through the cell state alone.
"""

from __future__ import annotations

from lstm_sym.calculus.jacobian import direct_jacobian
from lstm_sym.calculus.sensitivity import second_axes
from lstm_sym.expr.labels import Direct
from lstm_sym.expr.nodes import Identity, Named, When, matmul
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, Scan, once
from lstm_sym.expr.substitute import replace_indices


def is_path(q: Named) -> bool:
    """A direct Jacobian of a state at one time by itself at another?"""
    return isinstance(q.label, Direct) and q.label.arity == 1 and len(q.indices) == 2 and q.label.of == q.label.by


def path(state: Named, late: object, early: object) -> Named:
    """Its name."""
    return Named(Direct(state.label, state.label, 1), state.shape[0], state.shape[0], late, early)


def path_scans(recurrence: Recurrence, name: str) -> tuple[tuple[Axis, ...], tuple[Scan, ...]]:
    """The equations that define it, backward in its second time, with the axes they run over."""
    state, (time,) = recurrence.quantity(name), recurrence.axes
    early = second_axes(recurrence)[time.index]
    t, k = time.index, early.index
    step = direct_jacobian(recurrence, state, state.previous)
    size = state.shape[0]
    onward = matmul(path(state, t, k + 1), replace_indices(step, {t: k + 1}))
    general = When(Identity(size), t - k, k - t) + When(onward, t - k - 1)
    start = matmul(path(state, t, 1), replace_indices(step, {t: 1}))
    scan = Scan((Equation(path(state, t, k), general, (time, early)),), (1, -1))
    ends = once(Equation(path(state, 0, 0), Identity(size)), Equation(path(state, t, 0), start, (time,)))
    return (early,), (scan, ends)
