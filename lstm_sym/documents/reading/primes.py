"""A prime that is part of a name: h'_t = \\tanh(...), the candidate of a GRU.

Where a line defines a name with a prime at a time, it is a name of its own: no line of a model defines a derivative or a
transpose. Elsewhere a prime is what it is of functions and matrices: \\sigma'(a), W'.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstm_sym.documents.layout.tree import Delimited, Layout, Scripts, Statement, Symbol
from lstm_sym.documents.reading.calls import FUNCTION_NAMES
from lstm_sym.documents.reading.spelling import RUNNING, affine_of, letters_of


def primed(statement: Statement) -> Iterator[Symbol]:
    """The h of h'_t = ..."""
    left = statement.sides[0]
    if not statement.relations or not isinstance(left, Scripts) or not isinstance(left.base, Symbol) or not left.primes:
        return
    times = (affine_of(left.sub), affine_of(left.sup.body) if isinstance(left.sup, Delimited) else None)
    if left.base.name not in FUNCTION_NAMES and any(form is not None and letters_of(form) & RUNNING for form in times):
        yield left.base


def with_prime(node: Layout, names: frozenset[Symbol]) -> Layout:
    """h'_t with the prime as a part of the name."""
    if not isinstance(node, Scripts) or not node.primes or node.base not in names:
        return node
    return replace(node, base=replace(node.base, name=node.base.name + "'" * node.primes), primes=0)
