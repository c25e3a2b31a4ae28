r"""The derivative of a function by its argument, \partial \tanh(c_t) / \partial c_t or \frac{d}{dx} \sigma(x), as its slope.

Of a column at a time it is diag(f'(c_t)); of a letter without one, f'(x) as of a number.
"""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.layout.mapped import mapped
from lstm_sym.documents.layout.tree import (
    Delimited,
    Fraction,
    Function,
    Layout,
    Node,
    Product,
    Scripts,
    Statement,
    Symbol,
    tokens,
)
from lstm_sym.documents.reading.calls import FUNCTION_NAMES
from lstm_sym.documents.reading.derivatives import sign_of


def told(statement: Statement) -> Statement:
    """The statement with slopes for such derivatives."""
    return replace(statement, sides=tuple(mapped(side, _of_call) for side in statement.sides))


def _of_call(node: Layout) -> Layout:
    """d f(x) / dx, or d/dx f(x)."""
    if isinstance(node, Fraction):
        top, below = _factors(node.numerator), _factors(node.denominator)
        return _slope(top[1], top[2], below, node) if len(top) == 3 and sign_of(top[0]) else node
    if isinstance(node, Product) and len(node.factors) == 3 and not any(node.operators) and isinstance(node.factors[0], Fraction):
        by, head, argument = node.factors
        return _slope(head, argument, _factors(by.denominator), node) if sign_of(by.numerator) else node
    return node


def _factors(node: Node) -> tuple[Node, ...]:
    return node.factors if isinstance(node, Product) and not any(node.operators) else ()


def _slope(head: Node, argument: Node, below: tuple[Node, ...], node: Node) -> Node:
    """f'(x), if what is differentiated is f(x) and it is by x."""
    function = isinstance(head, Function) or (isinstance(head, Symbol) and head.name in FUNCTION_NAMES)
    by = below[1] if len(below) == 2 and sign_of(below[0]) else None
    if not function or not isinstance(argument, Delimited) or argument.open != "(" or argument.body != by:
        return node
    slope = Product((Scripts(head, primes=1, span=head.span), argument), ("",), span=node.span, marks=tokens(node))
    if not isinstance(by, Scripts):
        return slope
    return Product((Function("diag", span=node.span), Delimited("(", slope, ")", span=node.span)), ("",), span=node.span)
