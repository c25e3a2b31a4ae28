"""Batches, a row or a column for each sample: in X W + b the bias is added to every row, as 1 b, in W X + b to every column."""
from __future__ import annotations

from lstm_sym.documents.reading.algebra import Algebra, Signed
from lstm_sym.documents.reading.shapes import ONE, Shape, Typed
from lstm_sym.documents.reading.spelling import Spelled
from lstm_sym.expr import nodes as e


def repeated(r: Algebra, terms: list[Signed], names: list[Spelled | None]) -> list[Signed]:
    """The terms of a sum, with a bias that is a row beside a table of rows, or a column beside one of columns, repeated."""
    biases = [name is not None and name.time is None and name.sup is None for name in names]
    tables = [x for bias, (_, x, _) in zip(biases, terms, strict=True) if not bias]
    return [(sign, _for_each(r, x, tables) if bias else x, where) for bias, (sign, x, where) in zip(biases, terms, strict=True)]


def _for_each(r: Algebra, bias: Typed, tables: list[Typed]) -> Typed:
    """1 b for a row b beside what has several rows, b 1^T for a column beside what has several columns; else as it is."""
    for table in tables:
        if r.is_row(bias) and r.shapes.is_size(table.shape[0]):
            return r.matmul(_ones(r, (table.shape[0], ONE)), bias)
        if r.is_column(bias) and r.shapes.is_size(table.shape[1]):
            return r.matmul(bias, _ones(r, (ONE, table.shape[1])))
    return bias


def _ones(r: Algebra, shape: Shape) -> Typed:
    return Typed(shape, lambda: e.Ones(*map(r.size, shape)))
