r"""Kronecker's delta as a condition, \mathbf{1}(i = j), and products over sums of it told term by term.

    y_i (\mathbf{1}(i = j) - y_j) = y_i \mathbf{1}(i = j) - y_i y_j
    \sum_k a_k (b_k + c_i) = \sum_k a_k b_k + \sum_k a_k c_i
"""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.layout.tree import (
    BigOperator,
    Chain,
    Delimited,
    Layout,
    Node,
    Number,
    Product,
    Sum,
    Symbol,
    Term,
    tokens,
)


def kronecker(head: Node, condition: Node) -> tuple[str, ...]:
    """The i and j of \\mathbf{1}(i = j), \\mathbb{1}\\{i = j\\}, \\mathbb{I}[i = j]; () for anything else."""
    one = isinstance(head, Number | Symbol) and head.font in ("bold", "blackboard") and (
        getattr(head, "text", "") == "1" or getattr(head, "name", "") in ("1", "I"))
    chain = condition.body if one and isinstance(condition, Delimited) else None
    if not isinstance(chain, Chain) or [r.name for r in chain.relations] != ["="]:
        return ()
    return tuple(side.name for side in chain.sides if isinstance(side, Symbol) and not side.font)


def termwise(node: Layout) -> Sum | None:
    """A product with a sum in brackets, or the sum over an index of one, as a sum of products; None for anything else."""
    if isinstance(node, BigOperator) and node.name == "sum":
        body = node.body if isinstance(node.body, Sum) else termwise(node.body)
        terms = body.terms if body is not None else ()
        apart = tuple(replace(t, body=replace(node, body=t.body)) for t in terms)
        return Sum(apart, span=node.span, marks=tokens(node)) if terms else None
    if not isinstance(node, Product):
        return None
    for n, factor in enumerate(node.factors):
        inner = factor.body if isinstance(factor, Delimited) else None
        if isinstance(inner, Sum):
            made = ((t.sign, replace(node, factors=(*node.factors[:n], t.body, *node.factors[n + 1:]))) for t in inner.terms)
            return Sum(tuple(Term(sign, body) for sign, body in made), span=node.span, marks=tokens(node))
    return None
