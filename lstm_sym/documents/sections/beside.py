r"""Two lower-case letters side by side, u x_t or \mathbf{w} \mathbf{h}_{t-1}: two columns have no product, so one is none.

a plain letter where the states are bold       \mathbf{u} x_t               x_t is a number
an input beside a matrix that acts on a state  W h_{t-1} + u x_t            x_t is a number
a state beside a matrix that acts on another   U h_{t-1} + p c_{t-1}        a peephole: both are columns, entry by entry
else                                           \mathbf{w} \mathbf{h}_{t-1}  w is a matrix

What is added to a matrix times a vector is a column, whatever its letter: the \beta of W h_{t-1} + \beta.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstm_sym.documents.layout.tree import Layout, Product, Sum, walk
from lstm_sym.documents.reading.algebra import PRODUCTS
from lstm_sym.documents.reading.model import SCALAR_GREEK
from lstm_sym.documents.reading.spelling import Indexing, Spelled, spell
from lstm_sym.documents.sections.lines import Line, has_derivative


def with_kinds(indexing: Indexing, lines: list[Line]) -> Indexing:
    """The indexing that knows which lower-case letters are matrices, and which names at a time are numbers."""
    defining = [(name, line.right) for line in lines if line.is_equation and line.left is not None and line.right is not None
                and (name := spell(line.left, indexing)) is not None and name.time is not None and not has_derivative(line.right)]
    computed = frozenset(name.key for name, _ in defining)
    bold = any(key.startswith(r"\mathbf{") for key in computed)
    matrices: set[str] = set()
    numbers: set[str] = set()
    vectors: set[str] = set()
    for _, right in defining:
        pairs = list(beside(right, indexing))
        capital = {vector.key for weight, vector in pairs if weight.is_upper}
        vectors |= capital
        for weight, vector in pairs:
            if weight.is_upper or weight.key in SCALAR_GREEK:
                continue
            if (bold and not vector.key.startswith(r"\mathbf{")) or (capital & computed and vector.key not in computed):
                numbers.add(vector.key)
            elif not capital & computed:
                matrices.add(weight.key)
    biases = frozenset(key for _, right in defining for key in _added(right, indexing))
    return replace(indexing, matrices=frozenset(matrices), numbers=frozenset(numbers - vectors - computed), biases=biases)


def _added(right: Layout, indexing: Indexing) -> Iterator[str]:
    r"""The \beta of W h_{t-1} + \beta: a letter that is a term of its own beside a matrix that acts on a vector."""
    for node in walk(right):
        products = [term.body for term in node.terms if isinstance(term.body, Product)] if isinstance(node, Sum) else []
        if isinstance(node, Sum) and any(weight.is_upper for body in products for weight, _ in beside(body, indexing)):
            names = (spell(term.body, indexing) for term in node.terms)
            yield from (name.key for name in names if name is not None and name.time is None)


def beside(right: Layout, indexing: Indexing) -> Iterator[tuple[Spelled, Spelled]]:
    """A name without a time and one with a time, side by side in either order."""
    for node in walk(right):
        if isinstance(node, Product) and len(node.factors) == 2 and node.operators[0] in PRODUCTS:
            first, second = (spell(x, indexing) for x in node.factors)
            if first is None or second is None or first.sup is not None or second.sup is not None:
                continue
            if (first.time is None) != (second.time is None):
                yield (first, second) if first.time is None else (second, first)
