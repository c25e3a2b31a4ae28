"""Typed operations: what may be added, multiplied, transposed, by shapes alone; and repairs of what does not fit."""
from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeAlias

import sympy as sp

from lstm_sym.documents.layout.tree import Layout, Symbol, walk
from lstm_sym.documents.reading.shapes import SCALAR, Shape, Shapes, Typed
from lstm_sym.errors import ShapeMismatch, Unreadable
from lstm_sym.expr import nodes as e
from lstm_sym.expr.affine import Affine
from lstm_sym.expr.functions import apply
from lstm_sym.expr.indices import expression, integer

ELEMENTWISE = frozenset((r"\odot", r"\circ", r"\otimes", r"\ast", "*", r"\star", r"\bullet", r"\bigodot"))
CONVOLUTIONS = frozenset((r"\ast", r"\star"))
ALWAYS = frozenset((r"\odot", r"\bigodot", r"\circ", r"\bullet"))
PRODUCTS = frozenset(("", r"\cdot", r"\times", "*", r"\ast"))


Signed: TypeAlias = tuple[str, Typed, Layout]                # a term of a sum


class Algebra:
    """Operations on typed expressions over one set of shapes; `mend` names the repair of what does not fit, if any."""

    shapes: Shapes
    mend: str
    expected: Shape | None

    @property
    def always(self) -> frozenset[str]:
        """The signs that are entrywise products between matrices, too."""
        return ALWAYS

    def size(self, dimension: Any) -> sp.Expr:
        """The symbol of a dimension, once sizes are known."""
        return self.shapes.size(dimension)

    def is_scalar(self, x: Typed) -> bool:
        """Known to be (1, 1)?"""
        return self.shapes.is_one(x.shape[0]) and self.shapes.is_one(x.shape[1])

    def is_column(self, x: Typed) -> bool:
        """(n, 1) with n not known to be 1?"""
        return not self.shapes.is_one(x.shape[0]) and self.shapes.is_one(x.shape[1])

    def is_row(self, x: Typed) -> bool:
        """(1, n) with n not known to be 1?"""
        return self.shapes.is_one(x.shape[0]) and not self.shapes.is_one(x.shape[1])

    def is_matrix(self, x: Typed) -> bool:
        """Neither dimension known to be 1?"""
        return not self.shapes.is_one(x.shape[0]) and not self.shapes.is_one(x.shape[1])

    def number(self, value: sp.Expr) -> Typed:
        """An exact constant."""
        return Typed(SCALAR, lambda: e.scale(value, e.Ones(1, 1)))

    def add(self, terms: list[Signed]) -> Typed:
        """a + b - c; a scalar beside a column or matrix stands for all its entries (the 1 in 1 - h)."""
        if self.mend == "diag" and any(self.is_matrix(x) for _, x, _ in terms):
            terms = [(sign, as_diagonal(self, x) if self.is_column(x) else x, where) for sign, x, where in terms]
        if any(self.is_scalar(x) and has_names(where) for _, x, where in terms):
            for _, x, _ in terms:
                self.shapes.made_number(x.shape[0])          # the d_t of v^T h_t - d_t
        shape = next((x.shape for _, x, _ in terms if not self.is_scalar(x)), SCALAR)
        parts = []
        for sign, x, _ in terms:
            if self.is_scalar(x) and shape is not SCALAR:
                x = self.spread(x, shape)
            self.shapes.unify_shapes(shape, x.shape)
            parts.append(Typed(x.shape, lambda x=x: e.scale(-1, x.build())) if sign in ("-", r"\mp") else x)
        return Typed(shape, lambda: e.add(*(p.build() for p in parts)))

    def spread(self, x: Typed, shape: Shape) -> Typed:
        """A scalar as a matrix with equal entries."""
        return Typed(shape, lambda: e.hadamard(x.build(), e.Ones(self.size(shape[0]), self.size(shape[1]))))

    def matmul(self, a: Typed, b: Typed) -> Typed:
        """A B, or a scalar times B."""
        if self.is_scalar(a) or self.is_scalar(b):
            return Typed(b.shape if self.is_scalar(a) else a.shape, lambda: e.hadamard(a.build(), b.build()))
        if self.mend:
            a, b = MENDS[self.mend](self, a, b)
        self.shapes.unify(a.shape[1], b.shape[0])
        return Typed((a.shape[0], b.shape[1]), lambda: _by_blocks(a.build(), b.build()))

    def hadamard(self, a: Typed, b: Typed) -> Typed:
        """a o b."""
        if self.mend == "diag" and self.is_column(a) and self.is_matrix(b):
            return self.matmul(a, b)
        if self.mend == "diag" and self.is_matrix(a) and self.is_column(b):      # row by row, as the column's entries say
            return self.matmul(b, a)
        if not (self.is_scalar(a) or self.is_scalar(b)):
            self.shapes.unify_shapes(a.shape, b.shape)
        return Typed(b.shape if self.is_scalar(a) else a.shape, lambda: e.hadamard(a.build(), b.build()))

    def transpose(self, a: Typed) -> Typed:
        """A^T."""
        return Typed((a.shape[1], a.shape[0]), lambda: e.transpose(a.build()))

    def apply(self, name: str, a: Typed) -> Typed:
        """f(A) entry by entry."""
        return Typed(a.shape, lambda: apply(name, a.build()))

    def matrix_power(self, a: Typed, exponent: Affine) -> Typed:
        """A^k for an affine k: an ordered product with a constant factor."""
        self.shapes.unify(a.shape[0], a.shape[1])
        k = integer("_power")
        return Typed(a.shape, lambda: e.ProductOver(a.build(), k, 1, expression(exponent)))

    def entry_power(self, a: Typed, exponent: int) -> Typed:
        """a^2 of a vector or scalar: entry by entry."""
        return Typed(a.shape, lambda: e.power(a.build(), exponent))

    def product(self, a: Typed, b: Typed, operator: str, where: Layout) -> Typed:
        """a operator b, by the only way that fits; columns side by side are multiplied entry by entry."""
        if operator == "/":
            return self.divide(a, b, where)
        if operator in CONVOLUTIONS - self.always:
            return self._unless_convolved(a, b, operator, where)
        if self.mend == "entrywise" and self.is_column(a) and self.is_column(b):
            return self.matmul(a, self.transpose(b))
        if operator == r"\otimes" and self.is_column(a) and self.is_column(b) and self._is_outer(a, b):
            return self.matmul(a, self.transpose(b))
        outer = self.is_column(a) and self.is_row(b)             # a * b^T of an author who writes * for every product
        if operator in self.always or (operator in ELEMENTWISE and not self.is_matrix(a) and not outer):
            return self.hadamard(a, b)
        if operator not in PRODUCTS | ELEMENTWISE:
            raise Unreadable(f"the operator {operator} has no meaning between these", where.span)
        if self.is_column(a) and self.is_column(b):
            return self.matmul(a, self.transpose(b)) if self.mend == "outer" else self.hadamard(a, b)
        if self.is_row(a) and self.is_row(b):
            return self.hadamard(a, b)
        return self.matmul(a, b)

    def _unless_convolved(self, a: Typed, b: Typed, operator: str, where: Layout) -> Typed:
        """The product, where it fits; else the sign may be meant for a convolution, which is no error of shapes."""
        try:
            return self.product(a, b, "*", where)
        except ShapeMismatch as fault:
            raise Unreadable(f"{operator} is no product here, as the shapes do not fit: {fault}", where.span) from fault

    def _is_outer(self, a: Typed, b: Typed) -> bool:
        """Does a sign between columns mean a b^T: where a matrix is expected, or they differ in length?"""
        matrix = self.expected is not None and not any(map(self.shapes.is_one, self.expected))
        return matrix or self.shapes.find(a.shape[0]) != self.shapes.find(b.shape[0])

    def divide(self, a: Typed, b: Typed, where: Layout) -> Typed:
        """a / b for a scalar b."""
        if not self.is_scalar(b):
            raise Unreadable("division is only by scalars", where.span)
        return Typed(a.shape, lambda: _over(a.build(), b.build()))


def has_names(node: Layout) -> bool:
    """Does it hold a letter, so that it is no plain constant?"""
    return any(isinstance(x, Symbol) for x in walk(node))


# --- blocks and pairings --------------------------------------------------------------------------------------------

def pairing(r: Algebra, a: Typed, b: Typed, expected: Shape | None) -> Typed:
    """<a, b>: the outer product a b^T where a matrix is meant or the lengths differ, else the number a^T b."""
    sizes = r.shapes.find(a.shape[0]), r.shapes.find(b.shape[0])
    matrix = expected is not None and not any(map(r.shapes.is_one, expected))
    return r.matmul(a, r.transpose(b)) if matrix or sizes[0] != sizes[1] else r.matmul(r.transpose(a), b)


def stacked(blocks: list[Typed], r: Algebra) -> Typed:
    """[h; x]: blocks above one another."""
    for block in blocks[1:]:
        r.shapes.unify(blocks[0].shape[1], block.shape[1])
    rows = tuple(b.shape[0] for b in blocks)
    return Typed((rows, blocks[0].shape[1]), lambda: e.Stack(*(b.build() for b in blocks)))


def side_by_side(blocks: list[Typed], r: Algebra) -> Typed:
    """[W, U]: the transpose of the transposes one above the other."""
    return blocks[0] if len(blocks) == 1 else r.transpose(stacked([r.transpose(b) for b in blocks], r))


# --- repairs of what does not fit -----------------------------------------------------------------------------------

def _fits(r: Algebra, *factors: Typed) -> bool:
    """Do neighbours fit, one after the other?"""
    trial = r.shapes.copy()
    try:
        for a, b in pairwise(factors):
            trial.unify(a.shape[1], b.shape[0])
    except ShapeMismatch:
        return False
    return True


def _is_number(r: Algebra, *factors: Typed) -> bool:
    """Is it a^T b where a matrix is meant?"""
    matrix = r.expected is not None and not any(map(r.shapes.is_one, r.expected))
    return matrix and bool(factors) and r.is_row(factors[0]) and r.is_column(factors[-1])


def in_order(r: Algebra, factors: list[Typed]) -> list[Typed]:
    """Factors that do not fit, with one of them moved, by as few places as makes them fit."""
    wide = [x for x in factors if not r.is_scalar(x)]
    if _fits(r, *wide) and not _is_number(r, *wide):
        return factors
    moves = ((i, j) for i in range(len(wide)) for j in range(len(wide)) if i != j)
    for i, j in sorted(moves, key=lambda move: abs(move[0] - move[1])):
        moved = [x for n, x in enumerate(wide) if n != i]
        moved.insert(j, wide[i])
        if _fits(r, *moved) and not _is_number(r, *moved):
            return [*(x for x in factors if r.is_scalar(x)), *moved]
    return factors


def as_diagonal(r: Algebra, a: Typed) -> Typed:
    """diag(a)."""
    return Typed((a.shape[0], a.shape[0]), lambda: _diagonal(a.build()))


def over_steps(r: Algebra, factor: Typed, product: Callable[[e.Node], e.Node]) -> Typed:
    """A product over time of square matrices; of columns entry by entry, as (product of their diagonal matrices) 1."""
    if not r.is_column(factor):
        return Typed(factor.shape, lambda: product(factor.build()))
    return Typed(factor.shape, lambda: e.MatMul(product(e.Diag(factor.build())), e.Ones(r.size(factor.shape[0]), 1)))


def _diagonal(column: e.Node) -> e.Node:
    """diag(v); of P 1, for a product P of diagonal matrices, P itself."""
    rows = column.args if isinstance(column, e.MatMul) else ()
    bare = len(rows) == 2 and isinstance(rows[1], e.Ones) and is_diagonal(rows[0])
    return rows[0] if bare else e.Diag(column)


def is_diagonal(matrix: e.Node) -> bool:
    """diag(v), or a product over time of such?"""
    return isinstance(matrix, e.Diag) or (isinstance(matrix, e.ProductOver) and is_diagonal(matrix.args[0]))


def _mend_diag(r: Algebra, a: Typed, b: Typed) -> tuple[Typed, Typed]:
    """A column in front of a matrix, or behind one that it does not fit, becomes its diagonal matrix."""
    if r.is_column(a) and not r.shapes.is_one(b.shape[0]):
        return as_diagonal(r, a), b
    return a, b


def _mend_transpose(r: Algebra, a: Typed, b: Typed) -> tuple[Typed, Typed]:
    """The factor whose transpose fits is transposed."""
    if not _fits(r, a, b):
        for x, y in ((r.transpose(a), b), (a, r.transpose(b)), (r.transpose(a), r.transpose(b))):
            if _fits(r, x, y):
                return x, y
    return a, b


def _no_mend(r: Algebra, a: Typed, b: Typed) -> tuple[Typed, Typed]:
    return a, b


MENDS: dict[str, Callable[[Algebra, Typed, Typed], tuple[Typed, Typed]]] = {
    "diag": _mend_diag, "outer": _no_mend, "transpose": _mend_transpose, "order": _no_mend, "entrywise": _no_mend,
    "ones": _no_mend, "turned": _no_mend,
}
MEND_CODES = {"diag": "E105", "outer": "E102", "transpose": "E102", "order": "E104", "entrywise": "E105",
              "ones": "E109", "turned": "E102"}


def _by_blocks(a: e.Node, b: e.Node) -> e.Node:
    """[W, U] [h; x] = W h + U x."""
    across, down = (a.args[0] if isinstance(a, e.Transpose) else a), b
    if isinstance(across, e.Stack) and isinstance(down, e.Stack) and a is not across:
        if [x.shape[0] for x in across.args] == [y.shape[0] for y in down.args]:
            return e.add(*(e.matmul(e.transpose(x), y) for x, y in zip(across.args, down.args, strict=True)))
    return e.matmul(a, b)


def _over(a: e.Node, b: e.Node) -> e.Node:
    if isinstance(b, e.Ones):
        return a
    return e.divide(a, b.args[0]) if isinstance(b, e.Scale) and isinstance(b.args[1], e.Ones) else e.divide(a, b)
