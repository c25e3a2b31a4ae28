r"""The derivative of a function by its argument, \partial \tanh(c_t) / \partial c_t or \frac{d}{dx} \sigma(x), as its slope.

Of a column at a time it is diag(f'(c_t)); of a letter without one, f'(x) as of a number. What \frac{\partial}{\partial h} stands
before, a sum or \ell(o_t, y_t), is differentiated term by term.
"""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.layout.mapped import mapped
from lstm_sym.documents.layout.tree import (
    BigOperator,
    Delimited,
    Fraction,
    Function,
    Layout,
    List,
    Node,
    Product,
    Scripts,
    Statement,
    Sum,
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
        slope = _slope(head, argument, _factors(by.denominator), node) if sign_of(by.numerator) else node
        return _distributed(node) if slope is node else slope
    return _distributed(node) if isinstance(node, Product) else node


def _distributed(node: Product) -> Node:
    r"""\frac{\partial}{\partial h} before a sum or a call \ell(o_t, y_t) that end a product, written before each of the terms."""
    n = next((n for n, x in enumerate(node.factors) if isinstance(x, Fraction) and _is_operator(x)), len(node.factors))
    rest = node.factors[n + 1:]
    if not rest or any(node.operators[n:]):
        return node
    applied = _applied(node.factors[n], rest)
    if applied is None:
        return node
    if n == 0:
        return replace(applied, marks=(*applied.marks, *node.marks))
    return replace(node, factors=(*node.factors[:n], applied), operators=node.operators[:n])


def _is_operator(fraction: Fraction) -> bool:
    return bool(sign_of(fraction.numerator)) and len(_factors(fraction.denominator)) == 2


def _applied(by: Node, rest: tuple[Node, ...]) -> Node | None:
    """The derivative of the rest; None where the rest is a name, or anything else."""
    whole = rest[0]
    if len(rest) == 1 and isinstance(whole, BigOperator) and whole.name.lstrip("\\") == "sum":
        inner = _of_body(by, whole.body)
        return None if inner is None else replace(whole, body=inner)
    if len(rest) == 1 and isinstance(whole, Delimited) and isinstance(whole.body, Sum):
        terms = [_of_body(by, t.body) for t in whole.body.terms]
        if any(t is None for t in terms):
            return None
        parts = tuple(replace(t, body=x) for t, x in zip(whole.body.terms, terms, strict=True) if x is not None)
        return replace(whole, body=replace(whole.body, terms=parts))
    if len(rest) == 2 and isinstance(by, Fraction) and isinstance(rest[1], Delimited) and isinstance(rest[1].body, List):
        return replace(by, numerator=Product((by.numerator, *rest), ("", ""), span=by.span), span=(by.span[0], rest[1].span[1]))
    return None


def _of_body(by: Node, body: Node) -> Node | None:
    """The derivative of one term: of a name it is the operator before it."""
    inner = body.factors if isinstance(body, Product) and not any(body.operators) else (body,)
    found = _applied(by, inner)
    plain = len(inner) == 1 and isinstance(body, Symbol | Scripts)
    return Product((by, body), ("",), span=body.span) if found is None and plain else found


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
