"""Quantities as rows of arrays: which array, which rows and steps, which name in the generated text."""

from __future__ import annotations

import keyword
from dataclasses import dataclass

import sympy as sp

from lstm_sym.codegen.lowering.products import plain
from lstm_sym.expr.labels import Derivative, Direct, Label
from lstm_sym.expr.nodes import Named
from lstm_sym.expr.recurrence import Recurrence

RESERVED = {
    "np",
    "T",
    "B",
    "lo",
    "hi",
    "t",
    "params",
    "inputs",
    "state",
    "sizes",
    "trajectory",
    "Gradients",
    "shapes",
    "tape",
    "given",
    "dtype",
    "steps",
    "zip",
    "len",
    "chunk",
    "chunks_up",
    "chunks_down",
    "d_params",
    "d_inputs",
    "d_state",
    "product",
    "packed",
    "library",
    "run",
}


def identifier(label: Label) -> str:
    """d_h for dL/dh, given_h for its direct part, W_f as it is."""
    if isinstance(label, Derivative):
        return ("given_" if isinstance(label, Direct) else "d_") + identifier(label.by)
    name = plain(str(label)) or "q"
    name = name if not name[0].isdigit() else "q" + name
    return name + "_" if keyword.iskeyword(name) or name in RESERVED or name.startswith(("tmp", "row_", "M_")) else name


@dataclass(frozen=True, slots=True)
class Place:
    """Rows start .. start + rows - 1 of `array`; first: the time of its row 0; kind: time, chunk, step or once.

    beyond: how many times after the last step have a place too, for initial values of a scan that runs backward.
    blocks: of equal rows, with an axis of their own before the samples; 1 where rows stand side by side.
    """

    array: str
    start: sp.Expr
    rows: sp.Expr
    total: sp.Expr
    kind: str
    first: sp.Expr = sp.S.One
    blocks: int = 1
    beyond: int = 0

    @property
    def whole(self) -> bool:
        """Is it all rows of its array?"""
        return bool(self.rows == self.total)

    def to(self, last: Place) -> tuple[str, ...]:
        """Indices behind the time for the rows from here to the end of `last`; none for all rows."""
        end = sp.expand(last.start + last.rows)
        if self.start == 0 and end == self.total:
            return ()
        if self.blocks == 1:
            return ":", f"{self.start}:{end}"
        a, b = sp.cancel(self.start / self.rows), sp.cancel(end / self.rows)
        return (f"{a}",) if b - a == 1 else (f"{a}:{b}",)

    def axes(self) -> str:
        """The shape of one step."""
        return f"B, {self.total}" if self.blocks == 1 else f"{self.blocks}, B, {self.rows}"


class Names:
    """Unique identifiers, one for each key."""

    def __init__(self) -> None:
        self.of: dict[object, str] = {}
        self.used: set[str] = set(RESERVED)

    def __call__(self, key: object, wish: str) -> str:
        """The name of `key`, `wish` or like it."""
        if key not in self.of:
            name, number = wish, 1
            while name in self.used:
                number += 1
                name = f"{wish}_{number}"
            self.of[key] = name
            self.used.add(name)
        return self.of[key]


def first_of(family: tuple[Named, ...]) -> sp.Expr:
    """The earliest fixed time index of a given family that is before 1, else 1."""
    fixed = [q.indices[0] for q in family if q.indices and q.indices[0].is_Integer]
    return min([sp.S.One, *fixed])


def beyond(family: tuple[Named, ...], length: sp.Expr) -> int:
    """How many steps after the last one the latest fixed time index lies: 1 for h[T + 1], else 0."""
    after = [q.indices[0] - length for q in family if q.indices]
    return max((int(n) for n in after if n.is_Integer and n > 0), default=0)


def size_symbols(r: Recurrence) -> list[str]:
    """Names of the sizes, without the number of steps."""
    found = {s.name for q in r.quantities for e in q.shape for s in e.free_symbols}
    return sorted(found - {s.name for a in r.axes for s in (a.index, *a.length.free_symbols)})
