r"""What a superscript does that is no part of a name: W^\top, W^k, h_t^2, h_t^{\odot 2}, v^{-1}, \|v\|^2."""
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lstm_sym.documents.layout.tree import Delimited, Group, Node, Scripts, Symbol
from lstm_sym.documents.reading.shapes import SCALAR, Typed
from lstm_sym.documents.reading.spelling import Spelled, affine_of, spell
from lstm_sym.documents.reading.superscripts import circled, is_transpose
from lstm_sym.errors import Unreadable
from lstm_sym.expr import nodes as e
from lstm_sym.expr.affine import constant, variable

if TYPE_CHECKING:
    from lstm_sym.documents.reading.reader import Reader


def raised(base: Typed, sup: Node, node: Node, r: Reader, parenthesised: bool = False) -> Typed:
    """base^sup: a transpose, a matrix power, or an entrywise power."""
    if is_transpose(sup):
        return r.transpose(base)
    exponent = circled(sup)
    if exponent is not None:
        return r.entry_power(base, exponent)
    form = affine_of(sup)
    if form is None:
        raise Unreadable("this superscript is neither a transpose nor a power", sup.span)
    if not form.terms:
        return _whole_power(base, form.constant, sup, r)
    if r.is_scalar(base):
        return r.matrix_power(base, form)
    if r.is_matrix(base) or r.shapes.find(base.shape[0]) == r.shapes.find(base.shape[1]):
        if form == variable("T") and not parenthesised:
            if not r.indexing.power:
                r.relevant.add("power")
                r.warnings.add("W201")
            if (r.indexing.power or r.reading.power) == "transpose":
                return r.transpose(base)
        return r.matrix_power(base, form)
    if form == variable("T"):
        return r.transpose(base)
    raise Unreadable("a power with a variable exponent needs a square matrix", sup.span)


def with_power(name: Spelled, node: Node, r: Reader) -> Spelled:
    r"""The \lambda of \lambda^k, of which k is no part where a sum binds it and \lambda alone is known."""
    if name.key in r.quantities or not isinstance(node, Scripts) or not isinstance(node.sup, Symbol):
        return name
    base = spell(replace(node, sup=None, sup_text=""), r.indexing) if node.sup.name in r.indexing.bound else None
    known = r.quantities.get(base.key) if base is not None else None
    return name if base is None or known is None or known.indexed else replace(base, sup=node.sup)


def primed(base: Typed, primes: int, node: Node, r: Reader) -> Typed:
    """W' of a matrix is its transpose."""
    if primes != 1 or not r.is_matrix(base):
        raise Unreadable("a prime stands for the transpose of a matrix or the derivative of a function", node.span)
    return r.transpose(base)


def _whole_power(base: Typed, exponent: int, sup: Node, r: Reader) -> Typed:
    if r.is_matrix(base) and r.shapes.may_be_one(*base.shape):   # states of a batch, N x H, are squared entry by entry
        if exponent < 0:
            raise Unreadable("an inverse is not read", sup.span)
        return r.matrix_power(base, constant(exponent))
    if exponent < 0:
        return Typed(base.shape, lambda: e.hadamard(*[e.Elementwise("reciprocal", base.build())] * -exponent))
    return r.entry_power(base, exponent)


def holds_transpose(node: Node) -> bool:
    """Is it (W^T), in a bracket?"""
    inner = node.body if isinstance(node, Delimited | Group) else None
    sup = inner.sup if isinstance(inner, Scripts) else None
    return isinstance(sup, Symbol) and (sup.name == "T" or is_transpose(sup))


def squared_length(v: Typed, node: Scripts, r: Reader) -> Typed:
    """||v||^2 = v' v of a column, v v' of a row; ||A||_F^2, the sum of the squares of all entries."""
    norm = node.sub_text if node.sub is not None else "2"
    if norm not in ("2", "F") or (norm == "2" and r.is_matrix(v)):
        raise Unreadable("of norms the squared Euclidean one, and of a matrix the squared Frobenius norm, are read", node.span)
    return Typed(SCALAR, lambda: _sum_of_squares(v.build()))


def _sum_of_squares(v: e.Node) -> e.Node:
    """v' v, v v', 1' (A o A) 1."""
    rows, columns = v.shape
    if 1 in v.shape:
        return e.matmul(e.transpose(v), v) if columns == 1 else e.matmul(v, e.transpose(v))
    return e.matmul(e.Ones(1, rows), e.hadamard(v, v), e.Ones(columns, 1))
