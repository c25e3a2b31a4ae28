"""A model of the catalogue for a document that brings none: `<!-- lstm-sym: model: lstm -->`."""
from __future__ import annotations

from dataclasses import replace

import sympy as sp

from lstm_sym.documents.reading.model import Vocabulary, read_out
from lstm_sym.documents.reading.reader import Quantity
from lstm_sym.documents.reading.shapes import ONE, Dimension
from lstm_sym.documents.reading.spelling import Indexing
from lstm_sym.expr.labels import Label, label
from lstm_sym.expr.nodes import Named, Node
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan
from lstm_sym.expr.substitute import replace_named
from lstm_sym.notation.symbols import LETTER


def spelled(name: Label) -> str:
    """W_i as documents spell it: W_{i}; theta_g: \\theta_{g}."""
    base, _, rest = str(name).partition("_")
    base = LETTER[base].latex if base in LETTER else base
    return f"{base}_{{{rest}}}" if rest else base


def preset(recurrence: Recurrence, indexing: Indexing) -> tuple[Vocabulary, Recurrence]:
    """The names of a catalogue model with their shapes, and the model in these names."""
    model = respelled(recurrence)
    families = {q.name for q in model.quantities if q.indices}
    vocabulary = Vocabulary(replace(indexing, families=indexing.families | families))
    sizes: dict[sp.Symbol, Dimension] = {}
    for q in model.quantities:
        rows, columns = (_dimension(n, sizes, vocabulary) for n in q.shape)
        vocabulary.quantities.setdefault(q.name, Quantity(q.name, (rows, columns), bool(q.indices)))
    return vocabulary, model


def _dimension(size: sp.Expr, sizes: dict[sp.Symbol, Dimension], vocabulary: Vocabulary) -> Dimension:
    """A number of rows or columns: 1, a size, or a sum of sizes (stacked blocks)."""
    if size == 1:
        return ONE
    if isinstance(size, sp.Add):
        return tuple(_dimension(s, sizes, vocabulary) for s in size.args if isinstance(s, sp.Expr))
    if size not in sizes:
        sizes[size] = vocabulary.shapes.of_author(str(size))
    return sizes[size]


def respelled(r: Recurrence) -> Recurrence:
    """The recurrence with every name spelled as in documents."""
    def put(q: Named) -> Named:
        return Named(label(spelled(q.label)), *q.shape, *q.indices)

    def body(node: Node) -> Node:
        return replace_named(node, put)

    scans = tuple(Scan(tuple(Equation(put(e.lhs), body(e.rhs), e.over) for e in s.equations), s.direction) for s in r.scans)
    parts = (tuple(map(put, x)) for x in (r.parameters, r.inputs, r.noise, r.initial, r.outputs, r.given))
    parameters, inputs, noise, initial, outputs, given = parts
    equations = [e for s in scans for e in s.equations]
    read = read_out(equations, [q.label for q in initial]) or outputs
    return Recurrence(r.axes, parameters, inputs, noise, initial, scans, read, r.cite, given)
