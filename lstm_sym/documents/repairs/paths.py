"""The paths of a derived equation: its sums multiplied out, one term a way from the cause to the effect."""
from __future__ import annotations

from itertools import product

from lstm_sym.calculus.jacobian import direct_jacobian
from lstm_sym.documents.repairs.case import JOINED
from lstm_sym.errors import LstmSymError
from lstm_sym.expr import nodes as e
from lstm_sym.expr.labels import Total
from lstm_sym.expr.nodes import Named, Node, add, matmul
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import replace_indices

MOST = 10  # paths: of each choice of them it is asked whether a claim is their sum


def paths(node: Node) -> list[Node]:
    """A (B + C) as A B and A C; 1 - z is one factor, not two paths."""
    if isinstance(node, e.Add) and not any(isinstance(x, e.Ones | e.Identity) for x in node.args):
        return [p for x in node.args for p in paths(x)]
    if isinstance(node, e.MatMul | e.Hadamard):
        join = JOINED[type(node)]
        return [join(*factors) for factors in product(*map(paths, node.args))]
    if isinstance(node, e.Transpose | e.Diag | e.SumOver):
        return [node.func(p, *node.args[1:]) for p in paths(node.args[0])]
    if isinstance(node, e.Scale):
        return [e.scale(node.args[0], p) for p in paths(node.args[1])]
    return [node]


def jacobian_form(left: Node, given: Recurrence) -> Node | None:
    """dv_t/du_t or dv_t/du_{t-1} by the model's equations: through every state of the step before that u_{t-1} is in.

    Errors: none; None for other derivatives.
    """
    if not isinstance(left, Named) or not isinstance(left.label, Total) or len(left.indices) != 2:
        return None
    (late, early), t = left.indices, given.axes[0].index
    try:
        v, u = (given.quantity(str(name)) for name in (left.label.of, left.label.by))
        if late == early:
            return replace_indices(direct_jacobian(given, v, u), {t: late})
        if late - early != 1 or u.label not in {s.label for s in given.states}:
            return None
        through = (_through(s, v, u, given) for s in given.states)
        return replace_indices(add(*(path for path in through if not e.is_zero(path))), {t: late})
    except LstmSymError:
        return None


def _through(s: Named, v: Named, u: Named, given: Recurrence) -> Node:
    """dv_t/ds_{t-1} ds_{t-1}/du_{t-1}, the first a direct partial."""
    step = direct_jacobian(given, v, s.previous)
    if s.label == u.label:
        return step
    t = given.axes[0].index
    return matmul(step, replace_indices(direct_jacobian(given, s, u), {t: t - 1}))
