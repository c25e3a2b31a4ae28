"""Where generated NumPy finds a quantity: rows of arrays over some steps, stacked matrices, working arrays."""
from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import sympy as sp

from lstm_sym.codegen.lowering.program import Affine, Term, members
from lstm_sym.codegen.numpy.names import Place
from lstm_sym.codegen.numpy.text import Rows, bounds, fixed, minus
from lstm_sym.expr.labels import Direct
from lstm_sym.expr.nodes import Add, Named, Node, Scale, When, transpose
from lstm_sym.expr.substitute import named_in

if TYPE_CHECKING:
    from lstm_sym.codegen.numpy.source import ProgramWriter


class RowWriter:
    """Text of quantities and expressions; collects what comes before the blocks.

    opening, setup: what comes before, at each call; chunking, made: what the work holds, arrays and views.
    """

    def __init__(self, writer: ProgramWriter) -> None:
        self.w, self.t, self.length = writer, writer.model.axis.index, writer.model.axis.length
        self.opening: list[str] = []
        self.setup: list[str] = []
        self.made: list[str] = []
        self.chunking: list[str] = []
        self.chunk_rows: list[str] = []
        self.chunks_of = ""
        self.free: dict[str, list[str]] = {}
        self.kinds: dict[str, str] = {}
        self.matrices: dict[str, str] = {}
        self.steps = ""

    def rows_of(self, q: Named, low: str, high: str, trim: bool = True) -> str:
        """Steps low + 1 .. high of a family, all samples, its rows."""
        place = self.w.places[q.label]
        return self._rows(q, low, high, place.to(place) if trim else ())

    def _rows(self, q: Named, low: str, high: str, part: tuple[str, ...]) -> str:
        """Steps low + 1 .. high of the array of a family."""
        indices = ", ".join((*self.steps_of(q, low, high), *part))
        array = self.w.places[q.label].array
        return f"{array}[{indices}]" if indices else array

    def steps_of(self, q: Named, low: str, high: str) -> tuple[str, ...]:
        """The index of steps low + 1 .. high; of a chunk these are all, and its row 0 holds what is left at the end."""
        place, at = self.w.places[q.label], q.indices[0]
        if place.kind == "step":
            return ()
        if not at.has(self.t):
            return ("0" if place.kind == "chunk" else str(sp.expand(at - place.first)),)
        if place.kind == "chunk":
            low, high = "0", minus(high, low)
        shift = sp.expand(at - self.t + 1 - place.first)
        return (f"{plus(low, shift)}:{plus(high, shift)}",)

    def fixed_leaf(self, q: Named) -> str:
        return self.w.names.of.get(q) or self.w.names.of[q.label]

    def over_steps(self, low: str, high: str) -> Rows:
        """Expressions over steps low + 1 .. high."""

        def leaf(q: Named) -> str:
            if q.label in self.w.places and q.indices:
                return self._given(q, self.rows_of(q, low, high))
            return self.w.names.of.get(q) or self.w.names.of[q.label]

        return Rows(leaf, self.fixed_leaf, self.is_fixed, f"{minus(high, low)}, B")

    def _given(self, q: Named, text: str) -> str:
        """A direct partial that is not given is 0 where it cannot simply be left out."""
        if isinstance(q.label, Direct):
            place = self.w.places[q.label]
            line = f"if {place.array} is None: {place.array} = np.zeros((T, B, {place.rows}), dtype)"
            if line not in self.opening:
                self.opening.append(line)
        return text

    def is_fixed(self, n: Node) -> bool:
        """Does no sample enter n, or is every quantity in it summed over the samples already?"""
        return all(q.label in self.w.model.unbatched or q.label in self.w.summed for q in named_in(n))

    def expression(self, n: Node, low: str, high: str) -> tuple[list[str], str]:
        """Lines that prepare, and the text: conditions become ranges of steps that are filled."""
        lines: list[str] = []
        texts = []
        for term in members(n, Add):
            number, inner = term.args if isinstance(term, Scale) and isinstance(term.args[1], When) else (1, term)
            if isinstance(inner, When):
                more, text = self._when(inner, low, high)
                lines += more
                texts.append(f"{text} * {number}" if number != 1 else text)
            else:
                texts.append(self.over_steps(low, high)(term))
        return lines, " + ".join(texts)

    def _when(self, n: Node, low: str, high: str) -> tuple[list[str], str]:
        """[conditions] body: zeros, with the steps filled where the conditions hold."""
        lows, highs, other = bounds(n.args[1:], self.t)
        out = self.w.names(("when", n), "part")
        a, b = self.w.names(("from", n), "a"), self.w.names(("to", n), "b")
        inner, text = self.expression(n.args[0], a, b)
        guard = " and ".join([f"{b} > {a}", *other])
        return [
            f"{out} = np.zeros(({minus(high, low)}, B, {n.shape[0]}), dtype)",
            f"{a}, {b} = max({', '.join([low, *(f'{x} - 1' for x in lows)])}{'' if lows else ', 0'}), "
            f"min({', '.join([high, *highs])}{'' if highs else ', T'})",
            f"if {guard}:",
            *("    " + x for x in inner),
            f"    {out}[{minus(a, low)}:{minus(b, low)}] = {text}",
        ], out

    def side_by_side(self, qs: tuple[Named, ...], low: str, high: str) -> tuple[str | None, bool]:
        """The rows of adjacent quantities as one array, and whether they are all of it."""
        found = [self.w.places[q.label] for q in qs if q.label in self.w.places]
        if len(found) < len(qs) or len({(p.array, q.indices) for p, q in zip(found, qs, strict=True)}) != 1:
            return None, False
        for a, b in pairwise(found):
            if sp.expand(a.start + a.rows - b.start) != 0:
                return None, False
        whole = sp.expand(sum((p.rows for p in found), sp.S.Zero) - found[0].total) == 0
        return self._rows(qs[0], low, high, found[0].to(found[-1])), whole

    def multiplier(self, qs: Sequence[Named]) -> str:
        """np.dot would copy rows that are part of an array, entry by entry if transposed; np.matmul reads them there."""
        part = any(q.label in self.w.places for q in qs) and not self.side_by_side(tuple(qs), "0", "T")[1]
        return "np.matmul" if part else "np.dot"

    def is_in_place(self, i: Affine) -> bool:
        """Does every base live where its target is put?"""
        places = [(self.w.places.get(b.label) if isinstance(b, Named) else None, self.w.places[t.label])
                  for t, b in zip(i.targets, i.bases, strict=True)]
        return all(p is not None and (p.array, p.start) == (q.array, q.start) for p, q in places)

    def split(self, term: Term) -> list[tuple[Term, tuple[Named, ...]]]:
        """The term as it is if its operands can stand side by side, in the order of their rows; else one by one."""
        if len(term.operands) > 1 and all(q.label in self.w.places for q in term.operands):
            order = sorted(range(len(term.operands)), key=lambda k: position(self.w.places[term.operands[k].label]))
            qs = tuple(term.operands[k] for k in order)
            if self.side_by_side(qs, "0", "T")[0] is not None:
                return [(Term(tuple(tuple(row[k] for k in order) for row in term.matrices), qs), qs)]
        return [(Term(tuple((row[k],) for row in term.matrices), (q,)), (q,)) for k, q in enumerate(term.operands)]

    def matrix(self, term: Term) -> str:
        """The name of the transposed block matrix: rows of samples times it."""
        if len(term.matrices) == 1:
            text = _stacked([fixed(transpose(m), self.fixed_leaf) for m in term.matrices[0]])
        else:
            columns = [_stacked([fixed(row[k], self.fixed_leaf) for row in term.matrices])
                       for k in range(len(term.operands))]
            text = columns[0] + ".T" if len(columns) == 1 else f"np.concatenate([{', '.join(columns)}], axis=1).T"
        if text not in self.matrices:
            name = self.w.names(("matrix", text), f"M_{len(self.matrices) + 1}")
            self.matrices[text] = name
            order = "asarray" if self.w.c is not None else "ascontiguousarray"
            self.setup.append(f"{name} = np.{order}({text}, dtype=dtype)")
        return self.matrices[text]

    def block_matrix(self, term: Term) -> str:
        """The name of the matrix for blocks of rows: one after the other for np.matmul, side by side for one sample."""
        text = _stacked([fixed(row[0], self.fixed_leaf) for row in term.matrices])
        if text not in self.matrices:
            stack = self.w.names(("stack", text), f"stack_{len(self.matrices) + 1}")
            name = self.w.names(("matrix", text), f"M_{len(self.matrices) + 1}")
            self.matrices[text] = name
            shape = f"({len(term.matrices)}, {term.matrices[0][0].shape[0]}, {term.operands[0].shape[0]})"
            self.setup += [f"{stack} = {text}",
                           f"{name} = np.ascontiguousarray({stack}.T if B == 1 else "
                           f"{stack}.reshape{shape}.swapaxes(1, 2), dtype=dtype)"]
        return self.matrices[text]

    def packed(self, term: Term) -> str:
        """The name of the packed matrix of a term."""
        matrix = self.matrix(term)
        name = self.w.names(("packed", matrix), f"packed_{matrix}")
        line = f"{name} = packed(library, {matrix})"
        if line not in self.setup:
            self.setup.append(line)
        return name

    def once_in(self, lines: list[str], line: str) -> None:
        """The line, unless it is there."""
        if line not in lines:
            lines.append(line)

    def constant(self, text: str) -> str:
        """A number as an array without axes, which a ufunc takes faster than a Python number."""
        name = self.w.names(("number", text), {"0.5": "half", "1": "one", "0": "zero"}.get(text, "number"))
        line = f"{name} = np.array({text}, dtype)"
        if line not in self.made:
            self.made.append(line)
        return name

    def temporary(self, rows: sp.Expr, kind: str, blocks: int = 1) -> str:
        key = f"{kind} {rows} {blocks}"
        pool = self.free.setdefault(key, [])
        if pool:
            return pool.pop()
        name = self.w.names(("tmp", key, len(self.kinds)), f"tmp{len(self.kinds) + 1}")
        steps, block = "" if kind == "step" else "chunk, ", "" if blocks == 1 else f"{blocks}, "
        shape = f"({steps}{block}B, {rows})"
        self.made.append(f"{name} = np.empty({shape}, dtype)")
        text = name if kind == "step" else f"{name}[:hi - lo]"
        self.kinds[text] = key
        return text

    def release(self, text: str) -> None:
        if text in self.kinds and text not in self.free[self.kinds[text]]:
            self.free[self.kinds[text]].append(text)


def _stacked(blocks: list[str]) -> str:
    return blocks[0] if len(blocks) == 1 else f"np.concatenate([{', '.join(blocks)}])"


def position(place: Place) -> tuple[str, int]:
    values = {s: 1000003 + k for k, s in enumerate(sorted(place.start.free_symbols, key=str))}
    return place.array, int(place.start.subs(values)) if place.start.free_symbols else int(place.start)


def plus(text: str, shift: sp.Expr) -> str:
    if text.lstrip("-").isdigit() and shift.is_Integer:
        return str(int(text) + int(shift))
    return (
        text if shift == 0 else f"{text} + {shift}" if not str(shift).startswith("-") else f"{text} - {str(shift)[1:]}"
    )


def count(high: str, low: str) -> str:
    return high if low == "0" and high.isidentifier() else f"({minus(high, low)})"
