"""A loop over time as one C function: packed products, and all that is entry by entry in one pass over the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp

from lstm_sym.codegen.lowering.program import Affine, Block, Compute, Instruction, targets
from lstm_sym.codegen.numpy.names import identifier
from lstm_sym.codegen.numpy.text import fixed_column, minus, row_of
from lstm_sym.errors import NotLowered
from lstm_sym.expr.functions import function, is_generic
from lstm_sym.expr.labels import Direct
from lstm_sym.expr.nodes import Add, Elementwise, Hadamard, Named, Node, Ones, Scale, Slice, Stack, Zeros, is_zero

if TYPE_CHECKING:
    from lstm_sym.codegen.numpy.blocks import BlockWriter

OWN = {"tanh": "tanh_({})", "sigmoid": "sigmoid_({})"}  # other functions as their rows have them


class CLoop:
    """The C text of one loop and the line of Python that calls it."""

    def __init__(self, blocks: BlockWriter, block: Block, low: str, high: str, name: str) -> None:
        self.b, self.block, self.low, self.high, self.name = blocks, block, low, high, name
        self.pointers: dict[str, str] = {}  # C name -> Python text of the array
        self.lines: list[str] = []

    def call(self) -> list[str]:
        """The Python lines."""
        arrays = ", ".join(self.pointers.values())
        return [f"run(library.{self.name}, {minus(self.high, self.low)}, B, sizes, [{arrays}])"]

    def text(self, sizes: list[str]) -> str:
        """The C function."""
        for group in grouped(self.block.instructions):
            self._affine(group[0]) if isinstance(group[0], Affine) else self._rows(group)
        arguments = [f"    real *const {p}_ = p[{k}];" for k, p in enumerate(self.pointers)]
        given = [f"    const long {name} = size[{k}];" for k, name in enumerate(sizes)]
        forward = "long s = 0; s < steps; s++" if self.block.direction > 0 else "long s = steps - 1; s >= 0; s--"
        return "\n".join(
            [
                f"void {self.name}(long steps, long B, const long *size, real **p) {{",
                *given,
                *arguments,
                f"    for ({forward}) {{",
                *("        " + x for x in self.lines),
                "    }",
                "}",
                "",
            ]
        )

    # --- where a quantity is ----------------------------------------------------------------------------------------

    def base(self, q: Named) -> str:
        """The first sample of a quantity at step s; (B, total) with rows from `start`."""
        if q.label not in self.b.w.places:
            raise NotLowered(f"{q} in a loop is no array of steps")
        place, text = self.b.w.places[q.label], self.b.rows_of(q, self.low, self.high, trim=False)
        if isinstance(q.label, Direct):
            text = f"None if {place.array} is None else {text}"
        shift = sp.expand(q.indices[0] - self.b.t)
        timed = place.kind != "step" and q.indices[0].has(self.b.t)
        wish = place.array + ("" if shift == 0 else "_before" if shift == -1 else "_after" if shift == 1 else "_at")
        name = self.pointer(text, wish)
        parts = (
            [name + "_"]
            + ([f"s * B * ({place.total})"] if timed else [])
            + ([f"({place.start})"] if place.start != 0 else [])
        )
        return " + ".join(parts)

    def pointer(self, text: str, wish: str) -> str:
        """The C name of a Python array."""
        name = self.b.w.names((self.name, text), wish)
        self.pointers[name] = text
        return name

    def zeros(self, rows: sp.Expr) -> str:
        """The C name of a row of zeros, for a direct partial that is not given."""
        name = self.b.w.names(("zeros", rows), "zeros")
        self.b.once_in(self.b.made, f"{name} = np.zeros({rows}, dtype)")
        return self.pointer(name, name)

    def total(self, q: Named) -> str:
        """Numbers from one sample to the next."""
        return f"({self.b.w.places[q.label].total})"

    # --- products ---------------------------------------------------------------------------------------------------

    def _affine(self, i: Affine) -> None:
        if self.b.side_by_side(i.targets, self.low, self.high)[0] is None:
            for k in range(len(i.targets)):
                self._affine(row_of(i, k))
            return
        there = self.b.is_in_place(i)
        columns = sp.expand(sum((t.shape[0] for t in i.targets), sp.S.Zero))
        add = int(there)
        for term in i.terms:
            for part, qs in self.b.split(term):
                rows = sp.expand(sum((q.shape[0] for q in qs), sp.S.Zero))
                packed = self.pointer(self.b.packed(part), "packed")
                self.lines.append(
                    f"product(B, {rows}, {columns}, {self.base(qs[0])}, {self.total(qs[0])}, {packed}_, "
                    f"{self.base(i.targets[0])}, {self.total(i.targets[0])}, {add});"
                )
                add = 1
        if not there:
            bases = [Compute(t, Add(t, b)) for t, b in zip(i.targets, i.bases, strict=True) if not is_zero(b)]
            for group in grouped(tuple(bases)):
                self._rows(group)

    # --- entry by entry ---------------------------------------------------------------------------------------------

    def _rows(self, group: tuple[Instruction, ...]) -> None:
        """One pass over the rows for instructions with equally many of them."""
        self.arrays: dict[str, str] = {}
        body: list[str] = []
        known: dict[Named, str] = {}
        rows = targets(group[0])[0].shape[0]
        for i in group:
            if not isinstance(i, Compute):
                raise NotLowered(f"a C loop holds no {type(i).__name__}")
            if isinstance(i.value, Stack):
                self._stack(i)
                continue
            value = self.entry(i.value, known, rows)
            name = self.b.w.names(("entry", self.name, i.target), identifier(i.target.label) + "_j")
            body += [f"const real {name} = {value};", f"{self.row(i.target)}[j] = {name};"]
            known[i.target] = name
        if body:
            opening = [f"real *const {v} = {text};" for text, v in self.arrays.items()]
            self.lines += [
                "for (long b = 0; b < B; b++) {",
                *("    " + x for x in opening),
                '    _Pragma("GCC ivdep")',
                f"    for (long j = 0; j < {rows}; j++) {{",
                *("        " + x for x in body),
                "    }",
                "}",
            ]

    def _stack(self, i: Compute) -> None:
        start = self.b.w.places[i.target.label].start
        for block in i.value.args:
            self.arrays = {}
            value = self.entry(block, {}, block.shape[0])
            out = f"({self.base(i.target).split(' + (')[0]} + {sp.expand(start)} + b * {self.total(i.target)})[j]"
            opening = [f"real *const {v} = {text};" for text, v in self.arrays.items()]
            self.lines += [
                "for (long b = 0; b < B; b++) {",
                *("    " + x for x in opening),
                f"    for (long j = 0; j < {block.shape[0]}; j++) {out} = {value};",
                "}",
            ]
            start = sp.expand(start + block.shape[0])

    def row(self, q: Named) -> str:
        """The C name of a quantity's row of the sample b."""
        text = f"{self.base(q)} + b * {self.total(q)}"
        if isinstance(q.label, Direct):                      # a load masked for a null pointer is slow on some processors
            text = f"{self.base(q).split(' + ')[0]} ? {text} : {self.zeros(q.shape[0])}_"
        if text not in self.arrays:
            self.arrays[text] = self.b.w.names(("row", self.name, text), "row_" + identifier(q.label))
        return self.arrays[text]

    def entry(self, n: Node, known: dict[Named, str], rows: sp.Expr) -> str:
        """Entry j of an expression."""
        at = "j" if n.shape[0] == rows else "0"
        if isinstance(n, Named) and n in known:
            return known[n]
        if isinstance(n, Ones | Zeros):
            return "(real)1" if isinstance(n, Ones) else "(real)0"
        if self.b.is_fixed(n):
            text = fixed_column(n, self.b.fixed_leaf)
            name = self.b.w.names(("column", text), "column")
            line = f"{name} = np.ascontiguousarray({text}, dtype=dtype)"
            if line not in self.b.setup:
                self.b.setup.append(line)
            return f"{self.pointer(name, name)}_[{at}]"
        if isinstance(n, Named):
            return f"{self.row(n)}[{at}]"
        if isinstance(n, Slice) and isinstance(n.args[0], Named):
            return f"{self.row(n.args[0])}[{at} + {n.args[1]}]"
        if isinstance(n, Add | Hadamard):
            sign = " + " if isinstance(n, Add) else " * "
            return f"({sign.join(self.entry(a, known, rows) for a in n.args)})"
        if isinstance(n, Scale):
            return f"({real(n.args[0])} * {self.entry(n.args[1], known, rows)})"
        if isinstance(n, Elementwise) and not is_generic(str(n.args[0])):
            name = str(n.args[0])
            return OWN.get(name, function(name).c).format(self.entry(n.args[1], known, rows))
        raise NotLowered(f"no C text for {type(n).__name__} in a loop: {n}")


def real(c: sp.Expr) -> str:
    """A coefficient as C."""
    if c.is_Rational:
        return f"((real){c.p} / (real){c.q})" if c.q != 1 else f"(real){c.p}"
    return "((real)" + str(c).replace("/", "/(real)") + ")"


def grouped(instructions: tuple[Instruction, ...]) -> list[tuple[Instruction, ...]]:
    """Neighbours that are entry by entry with equally many rows."""
    groups: list[list[Instruction]] = []
    for i in instructions:
        last = groups[-1][-1] if groups else None
        if (
            isinstance(i, Compute)
            and isinstance(last, Compute)
            and last.target.shape == i.target.shape
            and not isinstance(i.value, Stack)
            and not isinstance(last.value, Stack)
        ):
            groups[-1].append(i)
        else:
            groups.append([i])
    return [tuple(g) for g in groups]
