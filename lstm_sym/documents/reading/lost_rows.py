r"""Rows of which the end got lost on the way, as \\ does between plain dollars: told as a statement each.

    o_t = \sigma(a_t) h_t = o_t \odot \tanh(c_t)     is   o_t = \sigma(a_t),   h_t = o_t \odot \tanh(c_t)
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstm_sym.documents.layout.tree import Product, Scripts, Statement, walk


def rows_apart(statement: Statement) -> Iterator[Statement]:
    """The statement; two, where a chain that says what a name is goes on with what is made of it."""
    first, sides = statement.sides[0], statement.sides
    for n, middle in enumerate(sides[1:-1], 1):
        if not isinstance(middle, Product) or not isinstance(first, Scripts) or first not in walk(sides[n + 1]):
            continue
        *factors, name = middle.factors
        if isinstance(name, Scripts) and not middle.operators[-1]:
            value = replace(middle, factors=tuple(factors), operators=middle.operators[:-1]) if len(factors) > 1 else factors[0]
            yield replace(statement, sides=(*sides[:n], value), relations=statement.relations[:n])
            rest = replace(statement, sides=(name, *sides[n + 1:]), relations=statement.relations[n:], span=name.span)
            yield from rows_apart(rest)
            return
    yield statement
