"""Gradients as products over time: the derived closed form, and how a claimed product differs from it."""

from __future__ import annotations

import sympy as sp

from lstm_sym.calculus.jacobian import direct_jacobian
from lstm_sym.documents.repairs.derived import derived_form, with_diag
from lstm_sym.expr.indices import affine, integer
from lstm_sym.expr.labels import Total
from lstm_sym.expr.nodes import MatMul, Named, Node, ProductOver, Transpose, operands
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices, named_in, replace_indices

LETTERS = tuple(map(integer, ("k", "j", "i", "s")))


def closed_form(left: Node, right: Node, given: Recurrence) -> Node | None:
    """dL/dh_s = (prod_{k=s+1}^{T} M_k) dL/dh_T, if the claim is a product and dL/dh_t = M_{t+1} dL/dh_{t+1} is derived.

    dh_T/dh_s = prod_{k=s+1}^{T} J_k likewise.
    """
    total = isinstance(left, Named) and isinstance(left.label, Total)
    if total and len(left.indices) == 2 and affine(left.indices[0] - left.indices[1]).terms:
        return _transition(left, given)
    if not (
        isinstance(left, Named) and isinstance(left.label, Total) and len(left.indices) == 1 and _holds_product(right)
    ):
        return None
    time = _letter(left)
    here, following = left[time], left[time + 1]
    step = derived_form(here, given, frozenset((following,)))
    factors = with_diag(step).args if step is not None and isinstance(with_diag(step), MatMul) else ()
    if (
        len(factors) < 2
        or factors[-1] != following
        or following.label in {q.label for f in factors[:-1] for q in named_in(f)}
    ):
        return None
    factor = replace_indices(MatMul(*factors[:-1]), {time: time - 1})
    last = given.axes[0].length
    return MatMul(ProductOver(factor, time, left.indices[0] + 1, last, 1), left[last])


def _transition(left: Named, given: Recurrence) -> Node | None:
    """dh_t/dh_s of the only state."""
    if left.label.of != left.label.by or [q.label for q in given.states] != [left.label.of]:
        return None
    h, (late, early), time = given.states[0], left.indices, _letter(left)
    factor = replace_indices(direct_jacobian(given, h, h.previous), {given.axes[0].index: time})
    return ProductOver(factor, time, early + 1, late, -1)


def _letter(left: Named) -> sp.Symbol:
    """The letter that runs in the product: one that the claim itself is not about."""
    return next(x for x in LETTERS if x not in free_indices(left))


def _holds_product(node: Node) -> bool:
    return isinstance(node, ProductOver) or any(map(_holds_product, operands(node)))


def differences(claimed: Node, true: Node) -> list[str]:
    """The classes of error that part a claimed product from the true one, the gravest first."""
    more = len(_products(claimed)) > len(_products(true))                        # W^{t-k} beside the product of the slopes
    deeper, running = more or _nested(claimed) > _nested(true), bool(_quantities(claimed))
    checks = {
        "E110": deeper or (not _quantities(true) and _bounds(claimed) != _bounds(true)),
        "E101": bool(_quantities(true) - _quantities(claimed)) and not _holds_jacobian(claimed),
        "E102": _transposes(claimed) != _transposes(true),
        "E103": _ends(claimed) != _ends(true) or (running and not deeper and _bounds(claimed) != _bounds(true)),
        "E104": running and not deeper and _steps(claimed) != _steps(true),
    }
    return [code for code, differs in checks.items() if differs] or ["E110"]


def _products(node: Node) -> list[Node]:
    below = [p for x in operands(node) for p in _products(x)]
    return [node, *below] if isinstance(node, ProductOver) else below


def _nested(node: Node) -> int:
    """How deep products over time are nested: a power inside a product that already counts the steps."""
    return max((1 + _nested(x) if isinstance(node, ProductOver) else _nested(x) for x in operands(node)), default=0)


def _quantities(node: Node) -> set[str]:
    """The quantities at running times inside products: what the slopes are written in."""
    return {q.name for p in _products(node) for q in named_in(p) if q.indices}


def _holds_jacobian(node: Node) -> bool:
    """Is a factor of a product a matrix at a running time, J_k or dh_k/dh_{k-1}?"""
    return any(q.indices and 1 not in q.shape for p in _products(node) for q in named_in(p))


def _ends(node: Node) -> set[Node]:
    """The gradients outside the products."""
    return {q for q in named_in(node) if isinstance(q.label, Total)}


def _transposes(node: Node) -> bool:
    return isinstance(node, Transpose) or any(map(_transposes, operands(node)))


def _bounds(node: Node) -> list[tuple[object, ...]]:
    return [p.args[2:4] for p in _products(node)]


def _steps(node: Node) -> list[object]:
    return [p.args[4] for p in _products(node)]
