"""Sizes of a document's quantities, found by unification: what is added has one shape, what is multiplied fits.

A dimension is ONE, a variable, or a sum of dimensions (stacked blocks).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from lstm_sym.errors import ShapeMismatch
from lstm_sym.expr.indices import integer
from lstm_sym.expr.nodes import Node

Dimension: TypeAlias = int | tuple["Dimension", ...]
ONE: Dimension = 0
Shape: TypeAlias = tuple[Dimension, Dimension]
SCALAR: Shape = (ONE, ONE)


class Shapes:
    """Union-find over dimensions.  Errors: ShapeMismatch where two dimensions cannot be one."""

    def __init__(self) -> None:
        self.parent: dict[int, Dimension] = {}
        self.names: dict[int, sp.Expr] = {}
        self.wide: set[int] = set()  # known not to be 1
        self.guessed: set[int] = set()  # taken not to be 1 for the letter's sake alone
        self.single: set[int] = set()  # taken to be 1 until something says another size
        self.modelled: set[int] = set()  # sizes of the model's own quantities
        self.reserved: frozenset[str] = frozenset()  # letters that count steps: no size is called so
        self.authors: dict[str, int] = {}  # sizes by the letters of the author, who may count steps by one, too
        self.invented: set[int] = set()  # sizes with a letter of ours, where the author gives none
        self.count = 0

    def copy(self) -> Shapes:
        """An independent copy, to try a reading."""
        other = Shapes()
        other.parent, other.names, other.count = dict(self.parent), dict(self.names), self.count
        other.wide, other.guessed, other.single = set(self.wide), set(self.guessed), set(self.single)
        other.modelled, other.invented = set(self.modelled), set(self.invented)
        other.reserved, other.authors = self.reserved, dict(self.authors)
        return other

    def settle(self, shapes: Iterable[Shape]) -> None:
        """The model is built: these are its shapes, and they stay apart from each other."""
        self.modelled = {d for shape in shapes for d in map(self.find, shape) if isinstance(d, int)}
        self.guessed.clear()
        self.parent |= dict.fromkeys((d for d in self.single if d not in self.parent), ONE)

    def made_one(self) -> dict[sp.Symbol, sp.Expr]:
        """Makes all sizes that have a letter one size: what each letter becomes."""
        first, *rest = sorted(d for d in self.names if self.find(d) == d)
        self.parent |= dict.fromkeys(rest, first)
        return {symbol: self.names[first] for d in rest for symbol in self.names[d].free_symbols}

    def fresh(self, name: str = "", wide: bool = False, guessed: bool = False, single: bool = False) -> Dimension:
        """A new dimension, with the author's name for it if there is one; wide: it is a size, not 1, as far as is guessed."""
        self.count += 1
        if wide:
            self.wide.add(self.count)
        if guessed:
            self.guessed.add(self.count)
        if single:
            self.single.add(self.count)
        if name:
            self.names[self.count] = integer(name)
        return self.count

    def of_author(self, letter: str) -> Dimension:
        """The size that the author calls by this letter."""
        if letter not in self.authors:
            self.authors[letter] = self.fresh("" if letter in self.reserved else letter, wide=True)
        return self.authors[letter]

    def find(self, d: Dimension) -> Dimension:
        """The representative."""
        while isinstance(d, int) and d in self.parent:
            d = self.parent[d]
        return tuple(map(self.find, d)) if isinstance(d, tuple) else d

    def unify(self, a: Dimension, b: Dimension) -> None:
        """a = b."""
        a, b = self.find(a), self.find(b)
        if a == b:
            return
        if isinstance(b, int) and b in self.single:
            a, b = b, a
        if isinstance(a, int) and a in self.single:
            self.parent[a] = b
            return
        if isinstance(b, int) and isinstance(a, int) and self._stranger(b, a):
            a, b = b, a
        if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
            only_a, only_b = Counter(a) - Counter(b), Counter(b) - Counter(a)          # n + k = m + n leaves k = m
            for x, y in zip(only_a.elements(), only_b.elements(), strict=True):
                self.unify(x, y)
        elif isinstance(a, int) and a != ONE and not self._named(a, b):
            if self._within(a, b):
                raise ShapeMismatch("sizes do not fit: a block is as large as the whole it is stacked into")
            self._widen(a, b)
            self.parent[a] = b
        elif isinstance(b, int) and b != ONE:
            self.unify(b, a)
        else:
            raise ShapeMismatch(f"sizes do not fit: {self.text(a)} and {self.text(b)}")

    def _within(self, a: int, b: Dimension) -> bool:
        """Is a among the blocks of b?"""
        return isinstance(b, tuple) and any(x == a or self._within(a, x) for x in map(self.find, b))

    def _widen(self, a: int, b: Dimension) -> None:
        if a in self.wide and b == ONE:
            raise ShapeMismatch("a matrix or vector where a single row, column or number is needed")
        if a in self.wide and isinstance(b, int):
            self.wide.add(b)
        if a not in self.guessed:
            self.guessed.discard(b)

    def fix(self, shape: Shape) -> None:
        """A formula is read with these sizes: they are guessed no longer."""
        for d in map(self.find, shape):
            self.guessed -= {d, *(map(self.find, d) if isinstance(d, tuple) else ())}

    def made_number(self, d: Dimension) -> bool:
        """A size that was guessed from a letter alone is 1, if nothing else depends on it: then, is it so?"""
        d = self.find(d)
        if d not in self.guessed:
            return False
        self.wide.discard(d)
        self.guessed.discard(d)
        self.parent[d] = ONE
        return True

    def _named(self, a: int, b: Dimension) -> bool:
        """Does a keep its name against b?  Two different letters of the author are different sizes."""
        if isinstance(b, tuple) and a in self.modelled:      # the model is built with it as any size
            raise ShapeMismatch(f"sizes do not fit: {self.text(a)} and {self.text(b)}")
        if a not in self.names or isinstance(b, tuple):
            return False
        if self._stranger(a, b):
            return False
        if b == ONE or (b in self.names and self.names[a] != self.names[b]):
            raise ShapeMismatch(f"sizes do not fit: {self.names[a]} and {self.text(b)}")
        return b not in self.names

    def _stranger(self, a: int, b: Dimension) -> bool:
        """A size of no quantity of the model, against one of the model: nothing was built with it, so it may be that one."""
        return a in self.names and b in self.names and b in self.modelled and a not in self.modelled

    def unify_shapes(self, a: Shape, b: Shape) -> None:
        """Both dimensions.  Errors: ShapeMismatch names both shapes."""
        try:
            self.unify(a[0], b[0])
            self.unify(a[1], b[1])
        except ShapeMismatch as mismatch:
            raise ShapeMismatch(f"{self.shape_text(a)} and {self.shape_text(b)}: {mismatch}") from None

    def size(self, d: Dimension) -> sp.Expr:
        """The symbol of a dimension; unnamed ones get n, m, p ... when they are first asked for."""
        d = self.find(d)
        if isinstance(d, tuple):
            return sp.expand(sp.Add(*map(self.size, d)))
        if self.is_one(d):
            return sp.S.One
        if d not in self.names:
            self.invented.add(d)
            taken = {s.name for s in self.names.values()} | self.reserved
            self.names[d] = integer(
                next(x for x in ("n", "m", "p", "q", "r", "d", *(f"n{i}" for i in range(1, 999))) if x not in taken)
            )
        return self.names[d]

    def text(self, d: Dimension) -> str:
        """A dimension for messages."""
        return str(self.size(d))

    def shape_text(self, shape: Shape) -> str:
        """(rows, columns) for messages."""
        return f"({self.text(shape[0])}, {self.text(shape[1])})"

    def is_one(self, d: Dimension) -> bool:
        """Is the dimension known to be 1?"""
        d = self.find(d)
        return d == ONE or d in self.single

    def may_be_one(self, a: Dimension, b: Dimension) -> bool:
        """Does nothing speak against a = b?"""
        try:
            self.copy().unify(a, b)
        except ShapeMismatch:
            return False
        return True

    def is_size(self, d: Dimension) -> bool:
        """Is the dimension known not to be 1, as one with a letter is?"""
        d = self.find(d)
        return isinstance(d, tuple) or d in self.wide or d in self.names


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression read with shapes; `build` makes the node once all sizes of the document are known."""

    shape: Shape
    build: Callable[[], Node]
