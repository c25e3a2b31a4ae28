r"""Derivatives of what has a name, written out: \frac{\partial}{\partial c}(f_t c_{t-1} + g_t) is \partial c_t / \partial c."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lstm_sym.documents.layout.mapped import mapped
from lstm_sym.documents.layout.tree import Delimited, Fraction, Layout, Node, Product, Scripts
from lstm_sym.documents.reading.derivatives import sign_of
from lstm_sym.documents.sections.lines import Line, has_derivative


def by_names(lines: list[Line]) -> Iterator[Line]:
    """The lines with the names in place of what defines them, behind a sign of differentiation."""
    named = {line.right: line.left for line in lines if line.is_equation and line.first and isinstance(line.left, Scripts)
             and line.right is not None and not has_derivative(line.right)}
    for line in lines:
        sides = {name: mapped(side, lambda node: _named(node, named)) for name, side in _sides(line) if has_derivative(side)}
        yield replace(line, **sides) if any(sides[name] is not getattr(line, name) for name in sides) else line


def _sides(line: Line) -> Iterable[tuple[str, Node]]:
    return ((name, side) for name, side in (("left", line.left), ("right", line.right)) if side is not None)


def _named(node: Layout, named: dict[Node, Node]) -> Layout:
    if not isinstance(node, Product):
        return node
    for n, sign in enumerate(node.factors[:-1]):
        if isinstance(sign, Fraction) and sign_of(sign.numerator) and not any(node.operators[n:n + 1]):
            rest, signs = node.factors[n + 1:], node.operators[n + 1:]
            for stop in range(len(rest), 0, -1):
                name = named.get(_whole(rest[:stop], signs[:stop - 1]))
                if name is not None:
                    top = Product((sign.numerator, name), ("",), span=sign.span)
                    factors = (*node.factors[:n], replace(sign, numerator=top), *rest[stop:])
                    operators = (*node.operators[:n], *signs[stop - 1:])
                    return factors[0] if len(factors) == 1 else replace(node, factors=factors, operators=operators)
    return node


def _whole(factors: tuple[Node, ...], operators: tuple[str, ...]) -> Node:
    """What the factors are together, without a bracket around all."""
    if len(factors) == 1:
        return factors[0].body if isinstance(factors[0], Delimited) else factors[0]
    return Product(factors, operators)
