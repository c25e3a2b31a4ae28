"""Where the quantities of a program live: one array a store, its kind by its readers."""
from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import takewhile

import sympy as sp

from lstm_sym.codegen.lowering.program import (
    Affine,
    Block,
    Compute,
    Contract,
    Fan,
    Lowered,
    Program,
    targets,
    values_read,
)
from lstm_sym.codegen.numpy.names import Names, Place, beyond, first_of, identifier
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import Named


@dataclass
class Layout:
    """One direction of a model and the places of its quantities."""

    model: Lowered
    program: Program
    forward: bool
    local: dict[int, tuple[Compute, ...]] = field(default_factory=dict)
    c: dict[str, str] | None = None
    origin: dict[Label, Place] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    places: dict[Label, Place] = field(default_factory=dict)

    @property
    def summed(self) -> set[Label]:
        """Sums over the samples."""
        sums = (i for b in self.program.blocks for i in b.instructions if isinstance(i, Contract))
        return {t.label for i in sums for t in i.targets}

    @property
    def operands(self) -> set[Label]:
        """What stands side by side as one operand of a product."""
        programs = (self.model.forward, self.model.backward, self.program)
        found = [i for p in programs for b in p.blocks for i in b.instructions]
        groups = [term.operands for i in found if isinstance(i, Affine) for term in i.terms]
        groups += [tuple(x for x in i.lefts if isinstance(x, Named)) for i in found if isinstance(i, Contract)]
        return {q.label for qs in groups if len(qs) > 1 for q in qs}

    def is_static(self, label: Label) -> bool:
        """Does its array live in the work, so that views of it can be kept?  Not what is handed in or out."""
        if self._is_handed_out(label):
            return False
        computed = {x for slots in self.model.forward.stores for slot in slots for x in slot}
        if self.forward:
            return label in computed
        return label in computed or (
            label in self.places
            and label not in self.program.kept
            and label not in {q.label for q in self.program.given}
        )

    def _is_handed_out(self, label: Label) -> bool:
        """C hands out the trajectory's own arrays; NumPy hands out copies."""
        places = self.places if self.forward else self.origin
        arrays = {places[q.label].array for q in self.model.trajectory if q.label in places}
        return self.c is not None and label in places and places[label].array in arrays

    def place(self) -> None:
        r = self.model.recurrence
        for q in r.parameters:
            self.names(q.label, identifier(q.label))
        families: dict[Label, list[Named]] = {}
        for q in self.model.adjoint.quantities:
            families.setdefault(q.label, []).append(q)
        for slots in self.program.stores:
            self._store(slots, families)
        for q in self.program.given:
            if q.label not in self.places and q.label not in self.model.unbatched and q.indices:
                self._given(q, tuple(families.get(q.label, ())))

    def _store(self, slots: tuple[tuple[Label, ...], ...], families: dict[Label, list[Named]]) -> None:
        rows = self._rows()
        total = sum((rows[s[0]] for s in slots), sp.S.Zero)
        labels = [label for slot in slots for label in slot]
        wish = identifier(labels[0]) if len(slots) == 1 and len(labels) == 1 else self._wish(slots)
        array, start = self.names(("store", tuple(labels)), wish), sp.S.Zero
        kind = self._kind(labels)
        alike = len({rows[s[0]] for s in slots}) == 1
        blocks = len(slots) if alike and self.c is None and not self.operands & set(labels) else 1
        first = self._first(labels, kind, families)
        length = self.model.axis.length
        after = max(beyond(tuple(families.get(label, ())), length) for label in labels) if kind == "time" else 0
        after = max(after, int(kind == "time" and -1 in self.carried(labels)))
        for slot in slots:
            for label in slot:
                place = Place(array, sp.expand(start), rows[label], sp.expand(total), kind, first, blocks, after)
                self.places[label] = place
            start += rows[slot[0]]

    def _first(self, labels: list[Label], kind: str, families: dict[Label, list[Named]]) -> sp.Expr:
        """The time of row 0; of what is carried upwards, and in a chunk that runs so, it is the step before."""
        if kind == "chunk":
            return sp.S.Zero if any(b.direction > 0 for b in self.writers(labels)) else sp.S.One
        if kind == "time":
            return min([first_of(tuple(families.get(x, ()))) for x in labels] + [sp.S.Zero] * (1 in self.carried(labels)))
        return sp.S.One

    def carried(self, labels: list[Label]) -> set[int]:
        """The directions of the loops that carry any of the labels."""
        return {b.direction for b in self.program.blocks for c in b.carries if c.label in labels}

    def writers(self, labels: list[Label]) -> list[Block]:
        """The blocks that compute any of the labels, local derivatives with their loop."""
        wanted = set(labels)
        return [b for b in self.program.blocks
                if wanted & {t.label for i in (*b.instructions, *self.local.get(id(b), ())) for t in targets(i)}]

    def behind(self, loop: Block) -> tuple[Block, ...]:
        """The blocks behind a loop, up to the next one: only these can run with it, chunk by chunk."""
        rest = self.program.blocks[self.program.blocks.index(loop) + 1:]
        return tuple(takewhile(lambda b: b.kind != "loop", rest))

    def _wish(self, slots: tuple[tuple[Label, ...], ...]) -> str:
        kept = [next((x for x in slot if x in self.program.kept), slot[-1]) for slot in slots]
        return "_".join(identifier(x) for x in kept) if len(kept) < 5 else identifier(kept[0]) + "_etc"

    def _given(self, q: Named, family: tuple[Named, ...]) -> None:
        if q.label in self.origin:
            place = self.origin[q.label]
            self.places[q.label] = replace(place, array=self.names(("tape", place.array), place.array))
            return
        name = self.names(q.label, identifier(q.label))
        self.places[q.label] = Place(name, sp.S.Zero, q.shape[0], q.shape[0], "time", first_of(family))

    def _rows(self) -> dict[Label, sp.Expr]:
        found = {t.label: t.shape[0] for b in self.program.blocks for i in b.instructions for t in targets(i)}
        return found | {c.target.label: c.target.shape[0] for computes in self.local.values() for c in computes}

    def _kind(self, labels: list[Label]) -> str:
        """time: outlives its loop, or other blocks read it; chunk: only blocks that run with its loop; else step."""
        if any(c.target.label in labels for computes in self.local.values() for c in computes):
            return "chunk"
        if any(label in self.program.kept for label in labels):
            return "time"
        writers = self.writers(labels)
        readers = [
            (b, q) for b in self.program.blocks for i in b.instructions for q in values_read(i) if q.label in labels
        ]
        if any(b.kind == "bulk" for b in writers):
            return "time"
        far = {q.indices[0] - self.model.axis.index for b, q in readers if b.kind == "loop"} - {0}
        carries = {c.label for b in writers for c in b.carries}
        shifted = {q.label for b, q in readers if b.kind == "loop" and q.indices[0] != self.model.axis.index}
        if far and (shifted - carries or far != {-writers[0].direction}):
            return "time"
        outside = [(b, q) for b, q in readers if b.kind != "loop" and q.indices[0].has(self.model.axis.index)]
        fanned = any(
            isinstance(i, Fan) and set(labels) & {t.label for t in i.targets} for b in writers for i in b.instructions
        )
        if not outside and not (fanned and len(labels) > 1):
            return "step"
        together = len(writers) == 1 and all(any(b is c for c in self.behind(writers[0])) for b, _ in outside)
        return "chunk" if not self.forward and together and all(self.by_chunk(b) for b, _ in outside) else "time"

    def by_chunk(self, block: Block) -> bool:
        """Can this block behind the loop run chunk by chunk?  A whole sum over time, or rows of the same step."""
        t, length = self.model.axis.index, self.model.axis.length
        computed = {x.label for b in self.program.blocks for i in b.instructions for x in targets(i)}
        read = [q for i in block.instructions for q in values_read(i) if q.label in computed]
        whole = all(i.low == 1 and i.high == length for i in block.instructions if isinstance(i, Contract))
        kinds = block.kind == "bulk" or all(isinstance(i, Contract) for i in block.instructions)
        return kinds and whole and all(q.indices == (t,) for q in read)

    def shape(self, place: Place) -> str:
        """The shape of the array of a place."""
        if place.kind == "step":
            return f"({place.axes()})"
        if place.kind == "chunk":
            return f"(chunk + 1, {place.axes()})"
        extent = sp.expand(self.model.axis.length + 1 + place.beyond - place.first)
        return f"({extent}, {place.axes()})"
