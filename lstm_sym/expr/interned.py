"""Equal terms are one object: comparing two costs no walk, and what expressions share is found by identity.

A term is known as long as something holds it.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import sympy as sp

if TYPE_CHECKING:                                            # SymPy ships no types, and what inherits Any passes for an int
    class Interned:
        """A class and its arguments."""

        args: tuple[Any, ...]
        func: Callable[..., Any]
        free_symbols: set[sp.Symbol]
else:
    class Interned(sp.Basic):
        """A class and its arguments."""

        __slots__ = ("__weakref__",)
        args = sp.Basic._args                                # the slot itself: arguments are read at every turn
        __eq__, __ne__, __hash__ = object.__eq__, object.__ne__, object.__hash__

KNOWN: WeakValueDictionary[tuple[Any, ...], Any] = WeakValueDictionary()


def interned(cls: type[Interned], *args: sp.Basic) -> Any:
    """The one term of this class with these arguments."""
    term = KNOWN.get((cls, args))
    if term is None:
        term = KNOWN[cls, args] = sp.Basic.__new__(cls, *args)
    return term
