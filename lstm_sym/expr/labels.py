"""Labels: what a named quantity is called, before its indices.  A plain name, or a derivative of one by another.

Total and direct partial derivatives are different labels, so they can never be taken for one another.
"""
from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import sympy as sp
from sympy.core.symbol import Str

from lstm_sym.expr.interned import Interned, interned

Label: TypeAlias = sp.Basic


class Derivative(Interned):
    """d(of)/d(by).  `arity`: how many of the leading indices belong to `of`; the rest belong to `by`.

    The shape follows the house layout: a gradient (scalar `of`) has the shape of `by`; a Jacobian is output x input.
    """

    __slots__ = ()
    symbol = "d"

    def __new__(cls, of: str | Label, by: str | Label, arity: int = 0) -> Any:
        return interned(cls, label(of), label(by), sp.Integer(arity))

    @property
    def of(self) -> Label:
        """What is differentiated."""
        return self.args[0]

    @property
    def by(self) -> Label:
        """The variable."""
        return self.args[1]

    @property
    def arity(self) -> int:
        """How many leading indices belong to `of`."""
        return int(self.args[2])

    def _sympystr(self, printer: Any) -> str:
        return f"{self.symbol}{label_text(self.of)}/{self.symbol}{label_text(self.by)}"


class Total(Derivative):
    """The total derivative: through all paths."""

    __slots__ = ()


class Direct(Derivative):
    """The direct (immediate) partial derivative: the other arguments held fixed.

    For states: the gates of the same step are followed, the other states and inputs of the step before are held fixed.
    """

    __slots__ = ()
    symbol = "∂"


class Tangent(Interned):
    """The derivative of `of` in the direction `along`: forward mode."""

    __slots__ = ()

    def __new__(cls, of: str | Label, along: str | Label) -> Any:
        return interned(cls, label(of), label(along))

    @property
    def of(self) -> Label:
        """What is differentiated."""
        return self.args[0]

    def _sympystr(self, printer: Any) -> str:
        return f"D[{self.args[1]}]{self.of}"


class Excess(Interned):
    """What the derivative `of` through all paths exceeds a truncated one by."""

    __slots__ = ()

    def __new__(cls, of: Derivative) -> Any:
        return interned(cls, of)

    @property
    def of(self) -> Derivative:
        """The derivative."""
        return self.args[0]

    def _sympystr(self, printer: Any) -> str:
        return f"Δ({self.of})"


LABELS: tuple[type, ...] = (Str, Total, Direct, Tangent, Excess)


def label(name: str | Label) -> Label:
    """`name` as a label."""
    return _plain(name) if isinstance(name, str) else name


@lru_cache(maxsize=4096)
def _plain(name: str) -> Str:
    return Str(name)


@lru_cache(maxsize=4096)
def label_text(name: Label) -> str:
    """A label as text: h, dL/dh."""
    return str(name)
