r"""Arguments that are not written out: f'(\cdot), f'(\dots), diag(f') are at what the model applies f to, at their step.

In a product or sum over j that is the step j, else that of the left side, \partial h_k / \partial h_{k-1}, or t.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from lstm_sym.documents.layout.mapped import mapped
from lstm_sym.documents.layout.tree import (
    BigOperator,
    Blank,
    Chain,
    Delimited,
    Dots,
    Fraction,
    Function,
    Group,
    Layout,
    Node,
    Operator,
    Product,
    Scripts,
    Symbol,
    walk,
)
from lstm_sym.documents.reading.calls import FUNCTION_NAMES, is_generic
from lstm_sym.documents.reading.spelling import affine_of
from lstm_sym.documents.sections.lines import Line, has_derivative

Arguments = dict[str, Node]                                  # of a function, what the model applies it to at the step t


def with_arguments(lines: list[Line], letter: str) -> Iterator[Line]:
    """The lines with such arguments put in, where the model applies the function to one thing only.  letter: t."""
    found = [pair for line in lines for pair in _applied(line)]
    known = {name: x for name, x in found if len({y for other, y in found if other == name}) == 1}
    for line in lines:
        if not (known and any(map(_is_open, (x for side in (line.left, line.right) if side is not None for x in walk(side))))):
            yield line
            continue
        step = _step(line.left) or Symbol(letter)
        sides = {name: side if side is None else _filled(side, known, letter, step)
                 for name, side in (("left", line.left), ("right", line.right))}
        yield replace(line, **sides)


def _applied(line: Line) -> Iterator[tuple[str, Node]]:
    """f and a_t of h_t = f(a_t), and of h_t = o_t f(a_t)."""
    defines = line.is_equation and line.first and isinstance(line.left, Scripts)
    for node in walk(line.right) if defines and line.right is not None and not has_derivative(line.right) else ():
        for f, x in pairwise(node.factors) if isinstance(node, Product) else ():
            if _function(f) and isinstance(x, Delimited) and not _is_left_out(x):
                yield _function(f), x


def _function(node: Layout) -> str:
    """The name of a function; "" for anything else."""
    name = getattr(node, "name", "") if isinstance(node, Function | Symbol) else ""
    return FUNCTION_NAMES.get(name, name if is_generic(name) else "") if name else ""


def _slope(node: Layout) -> str:
    """The f of f'."""
    primed = isinstance(node, Scripts) and node.primes == 1 and node.sub is None and node.sup is None
    return _function(node.base) if primed and isinstance(node, Scripts) else ""


def _is_open(node: Layout) -> bool:
    """Is it f'(\\cdot), or f' in a bracket of its own?"""
    if isinstance(node, Delimited):
        return bool(_slope(node.body))
    factors = node.factors if isinstance(node, Product) else ()
    return any(_slope(f) and _is_left_out(x) for f, x in pairwise(factors))


def _is_left_out(node: Node) -> bool:
    """Is it (\\cdot), (...) or ()?"""
    return isinstance(node, Delimited) and isinstance(node.body, Operator | Dots | Blank)


def _filled(side: Node, known: Arguments, letter: str, step: Node) -> Node:
    """The side with the arguments at the step of the sum or product around, or at that of the claim."""
    def within(node: Layout) -> Layout:
        counted = isinstance(node, BigOperator) and isinstance(node.lower, Chain) and affine_of(node.lower.sides[0])
        if not counted or not isinstance(node, BigOperator) or not isinstance(node.lower, Chain):
            return node
        return replace(node, body=_put(node.body, known, letter, node.lower.sides[0]))

    return _put(mapped(side, within), known, letter, step)


def _put(part: Node, known: Arguments, letter: str, step: Node) -> Node:
    def at_step(x: Layout) -> Layout:
        return Group(step, span=x.span) if x == Symbol(letter) else x

    def put(node: Layout) -> Layout:
        if isinstance(node, Delimited) and (name := _slope(node.body)) in known:
            call = Product((node.body, mapped(known[name], at_step)), ("",), span=node.body.span)
            return replace(node, body=call)
        if not isinstance(node, Product):
            return node
        factors = tuple(mapped(known[name], at_step) if n and _is_left_out(x) and (name := _slope(node.factors[n - 1])) in known
                        else x for n, x in enumerate(node.factors))
        return node if factors == node.factors else replace(node, factors=factors)

    return mapped(part, put)


def _step(node: Node | None) -> Node | None:
    """The k of \\partial h_k / \\partial h_{k-1}."""
    top = node.numerator if isinstance(node, Fraction) else None
    name = top.factors[-1] if isinstance(top, Product) else None
    return name.sub if isinstance(name, Scripts) and affine_of(name.sub) is not None else None
