r"""g' dv_k/dW: the derivative of a column by a matrix, which has three indices, beside the vector that takes one of them.

A claim about dv_k/dW itself is one about g' dv_k/dW for every g.
Read as what g' v_k gains by moving W: at the step k alone for an immediate partial, at all steps up to k for a total one.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import sympy as sp

from lstm_sym.calculus.jacobian import direct_jacobian
from lstm_sym.calculus.landing import contribution_at, when
from lstm_sym.calculus.vjp import pullback
from lstm_sym.documents.layout.tree import Annotated, BigOperator, Delimited, Group, Layout, Product, Sum
from lstm_sym.documents.reading.algebra import PRODUCTS
from lstm_sym.documents.reading.derivatives import LOSSES, differential, with_fractions
from lstm_sym.documents.reading.shapes import Typed
from lstm_sym.documents.reading.step_losses import users, uses
from lstm_sym.expr.indices import affine, integer
from lstm_sym.expr.labels import Total
from lstm_sym.expr.nodes import Named, Node, Zeros, add, is_zero, matmul, transpose
from lstm_sym.expr.recurrence import Equation, Recurrence
from lstm_sym.expr.substitute import free_indices, fresh_index, replace_indices

if TYPE_CHECKING:
    from lstm_sym.documents.reading.reader import Reader


def ends_by_matrix(node: Layout | Typed, r: Reader) -> bool:
    """Is it dv_k/dW, or a product that ends so, or a sum of such?"""
    if isinstance(node, Sum):
        return all(ends_by_matrix(term.body, r) for term in node.terms)
    if isinstance(node, Product) and set(node.operators) <= PRODUCTS:
        return ends_by_matrix(with_fractions(node)[0][-1], r)
    if isinstance(node, BigOperator):
        return "sum" in node.name and ends_by_matrix(node.body, r)
    if isinstance(node, Delimited | Group | Annotated):
        return ends_by_matrix(node.body, r)
    return is_by_matrix(node, r)


def is_by_matrix(last: Layout | Typed, r: Reader) -> bool:
    """Is it dv_k/dW, of what has a time and is no loss, by a matrix?"""
    found = None if isinstance(last, Typed) else differential(last, r.indexing)
    if found is None or found.of.time is None or found.of.key in LOSSES:
        return False
    by = r.quantities.get(found.by.key)
    return by is not None and not by.indexed and not r.shapes.is_one(by.shape[1])


def immediate(model: Recurrence, v: Named, parameter: Named, g: Node) -> Node:
    """g' d+v_k/dW: through the equations of the step k, what other steps carry held fixed; 0 before the first step."""
    k = v.indices[0]
    parts: list[Node] = []
    for e in users(model, parameter.label):
        value = e.lhs[k]
        J = None if value == v else direct_jacobian(model, v, value)
        if J is None or not is_zero(J):
            parts += _pulled(model, e, parameter, k, g if J is None else matmul(transpose(J), g))
    return when(add(*parts), frozenset((affine(k - 1),)), frozenset()) if parts else Zeros(*parameter.shape)


def total(model: Recurrence, v: Named, parameter: Named, g: Node) -> Node:
    """g' dv_k/dW = sum_{j=1..k} of what each equation at j that reads W adds, with (dv_k/du_j)' g at its value u_j."""
    k, taken = v.indices[0], free_indices(g) | v.indices[0].free_symbols
    j = integer("j")
    j = fresh_index(j, taken) if j in taken else j
    parts = []
    for e in users(model, parameter.label):
        J = Named(Total(v.label, e.lhs.label, 1), v.shape[0], e.lhs.shape[0], k, j)
        for use in uses(model, e, parameter, j, matmul(transpose(J), g)):
            part = contribution_at(parameter, use, model.context, frozenset((affine(k - j),)))
            parts += [] if part is None else [part]
    return add(*parts) if parts else Zeros(*parameter.shape)


def _pulled(model: Recurrence, e: Equation, parameter: Named, k: sp.Expr, g: Node) -> Iterator[Node]:
    """What the equation at k adds to the gradient by the parameter where its value has the gradient g."""
    at = {model.axes[0].index: k}
    for c in pullback(replace_indices(e.rhs, at), replace_indices(e.lhs, at), g, frozenset(k.free_symbols)):
        part = contribution_at(parameter, c, model.context) if c.source == parameter else None
        if part is not None:
            yield part
