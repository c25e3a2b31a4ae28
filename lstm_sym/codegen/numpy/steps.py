"""One step of a loop in NumPy: quantities are views that the loop hands out, operations write in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp

from lstm_sym.codegen.lowering.program import Activate, Affine, Block, Compute, Fan, Instruction, Term
from lstm_sym.codegen.numpy.names import identifier
from lstm_sym.codegen.numpy.text import Calls, Rows, minus, row_of
from lstm_sym.expr.labels import Direct
from lstm_sym.expr.nodes import Named, Node, is_zero

if TYPE_CHECKING:
    from lstm_sym.codegen.numpy.blocks import BlockWriter


class StepWriter:
    """One step of a loop: every leaf is a view that the loop hands out."""

    def __init__(self, blocks: BlockWriter, low: str, high: str, block: Block) -> None:
        self.b, self.low, self.high, self.block = blocks, low, high, block
        self.views: dict[str, str] = {}
        self.static: set[str] = set()
        self.lines: list[str] = []

    def view(self, text: str, wish: str, q: Named, optional: str = "") -> str:
        """The loop variable for one step of an array of steps."""
        text = f"{text}[::-1]" if self.block.direction < 0 else text
        if optional:
            text = f"({text} if {optional} is not None else [None] * ({minus(self.high, self.low)}))"
        name = self.b.w.names(("view", text), wish)
        self.views[name] = text
        if self.b.w.is_static(q.label):
            self.static.add(name)
        return name

    def leaf(self, q: Named) -> str:
        if q.label not in self.b.w.places:
            return self.b.w.names.of.get(q) or self.b.w.names.of[q.label]
        place, text = self.b.w.places[q.label], self.b.rows_of(q, self.low, self.high)
        if place.kind == "step":
            return text
        if not q.indices[0].has(self.b.t):
            return text
        shift = sp.expand(q.indices[0] - self.b.t)
        wish = identifier(q.label) + (
            "_t" if shift == 0 else "_before" if shift == -1 else "_after" if shift == 1 else "_far"
        )
        return self.view(text, wish, q, place.array if isinstance(q.label, Direct) else "")

    def several(self, qs: tuple[Named, ...], wish: str) -> str | None:
        """One view of adjacent quantities; None if they are not."""
        if any(q.label not in self.b.w.places for q in qs):
            return None
        text, _ = self.b.side_by_side(qs, self.low, self.high)
        if text is None:
            return None
        return text if self.b.w.places[qs[0].label].kind == "step" else self.view(text, wish, qs[0])

    def write(self, i: Instruction) -> None:
        match i:
            case Compute():
                self._calls().into_lines(self, i.value, self.leaf(i.target))
            case Affine():
                self._affine(i)
            case Activate():
                self._activate(i)
            case Fan():
                self._fan(i)
            case _:
                raise TypeError(f"a loop holds no {type(i).__name__}")

    def _calls(self) -> _StepCalls:
        rows = Rows(self.leaf, self.b.fixed_leaf, self.b.is_fixed, "B")
        return _StepCalls(
            rows,
            lambda r: self.b.temporary(r, "step"),
            self.b.release,
            self.b.constant,
            lambda n: isinstance(n, Named) and isinstance(n.label, Direct),
        )

    def _affine(self, i: Affine) -> None:
        out = self.several(
            i.targets, "_".join(identifier(t.label) for t in i.targets[:1]) + ("_etc" if len(i.targets) > 1 else "_t")
        )
        if out is None:
            for k in range(len(i.targets)):
                self._affine(row_of(i, k))
            return
        there = self.b.is_in_place(i)
        blocks = self.b.w.places[i.targets[0].label].blocks
        direct = not there and blocks == 1 and out in self._step_arrays(i)
        self.lines.append(f"# {', '.join(map(str, i.targets))}")
        for k, (part, qs) in enumerate(p for term in i.terms for p in self.b.split(term)):
            operand = self._operand(qs)
            if direct and k == 0:
                self.lines.append(f"{self._function(qs)}({operand}, {self.b.matrix(part)}, {out})")
                continue
            buffer = self._product(i, part, operand, self._function(qs))
            self.lines.append(f"np.add({out}, {buffer}, {out})" if there or k else f"{out}[...] = {buffer}")
            self.b.release(buffer)
        if not there:
            for t, base in zip(i.targets, i.bases, strict=True):
                if not is_zero(base):
                    self.lines.append(f"np.add({self.leaf(t)}, {self._calls().rows(base)}, {self.leaf(t)})")

    def _operand(self, qs: tuple[Named, ...]) -> str:
        if len(qs) == 1:
            return self.leaf(qs[0])
        return self.several(qs, identifier(qs[0].label) + "_run") or ""

    def _function(self, qs: tuple[Named, ...]) -> str:
        """np.dot where the rows are all of an array; one sample is that as well."""
        return "np.dot" if self.b.multiplier(qs) == "np.dot" else self._dot_of_a_row()

    def _dot_of_a_row(self) -> str:
        self.b.once_in(self.b.made, "product = np.dot if B == 1 else np.matmul")
        return "product"

    def _product(self, i: Affine, part: Term, operand: str, function: str) -> str:
        """The array that a product is left in; with blocks of rows it is one product for each, but for one sample."""
        place, blocks = self.b.w.places[i.targets[0].label], len(i.targets)
        if place.blocks == 1 or blocks == 1:
            total = sp.expand(sum((t.shape[0] for t in i.targets), sp.S.Zero))
            buffer = self.b.temporary(total, "step")
            self.lines.append(f"{function}({operand}, {self.b.matrix(part)}, {buffer})")
            return buffer
        buffer = self.b.temporary(place.rows, "step", blocks)
        flat = self.b.w.names(("flat", buffer), f"{buffer}_out")
        self.b.once_in(self.b.made, f"{flat} = {buffer}.reshape(1, {sp.expand(blocks * place.rows)}) "
                                    f"if B == 1 else {buffer}")
        self.lines.append(f"{self._dot_of_a_row()}({operand}, {self.b.block_matrix(part)}, {flat})")
        return buffer

    def _step_arrays(self, i: Affine) -> set[str]:
        """Targets that fill a contiguous array of one step."""
        place = self.b.w.places[i.targets[0].label]
        whole = sp.expand(sum((t.shape[0] for t in i.targets), sp.S.Zero) - place.total) == 0
        return (
            {self.several(i.targets, "") or ""}
            if whole and place.kind == "step"
            else ({v for v in self.views} if whole else set())
        )

    def _activate(self, i: Activate) -> None:
        whole = self.several(i.targets, identifier(i.targets[0].label) + "_etc") or ""
        self.lines.append(f"np.tanh({whole}, {whole})")
        if i.gates:
            gates = self.several(i.targets[: i.gates], identifier(i.targets[0].label) + "_gates") or ""
            self.lines.append(f"np.multiply({gates}, {self.b.constant('0.5')}, {gates})")
            self.lines.append(f"np.add({gates}, {self.b.constant('0.5')}, {gates})")

    def _fan(self, i: Fan) -> None:
        """Runs of adjacent targets and locals by one broadcast product, the others one by one."""
        qs = list(zip(i.targets, i.locals, strict=True))
        source = self.leaf(i.source)
        while qs:
            k = next(k for k in range(len(qs), 0, -1) if k == 1 or self._run(qs[:k]))
            run, qs = qs[:k], qs[k:]
            if k == 1:
                self.lines.append(f"np.multiply({source}, {self.leaf(run[0][1])}, {self.leaf(run[0][0])})")
                continue
            targets, locals_ = (self._blocks(side) for side in zip(*run, strict=True))
            self.lines.append(f"np.multiply({source}, {locals_}, {targets})")

    def _blocks(self, side: tuple[Named, ...]) -> str:
        """The view of adjacent quantities with equal rows, each a block (B, rows)."""
        place, steps, wish = self.b.w.places[side[0].label], minus(self.high, self.low), identifier(side[0].label) + "_fan"
        if place.blocks > 1:
            return self.view(self.b.side_by_side(side, self.low, self.high)[0] or "", wish, side[0])
        blocks, first = sp.cancel(place.total / place.rows), sp.cancel(place.start / place.rows)
        part = f"{first}:{first + len(side)}"
        shape, (rows,) = f"({steps}, B, {blocks}, {place.rows})", self.b.steps_of(side[0], self.low, self.high)
        return self.view(f"{place.array}[{rows}].reshape{shape}[:, :, {part}].swapaxes(1, 2)", wish, side[0])

    def _run(self, pairs: list[tuple[Named, Named]]) -> bool:
        rows = pairs[0][0].shape[0]
        ok = all(
            self.b.w.places[q.label].kind != "step"
            and q.shape[0] == rows
            and (sp.expand(self.b.w.places[q.label].total / rows)).is_Integer
            for p in pairs
            for q in p
        )
        sides = [tuple(t for t, _ in pairs), tuple(q for _, q in pairs)]
        return ok and all(self.b.side_by_side(s, self.low, self.high)[0] is not None for s in sides)


class _StepCalls(Calls):
    def into_lines(self, step: StepWriter, n: Node, out: str) -> None:
        """out = n, appended to the step."""
        self.into(n, out)
        step.lines.extend(self.lines)
