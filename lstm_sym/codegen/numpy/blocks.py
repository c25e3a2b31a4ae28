"""The blocks of a program as lines of NumPy: bulk lines, loops with views made once, chunks going backward."""
from __future__ import annotations

import sympy as sp

from lstm_sym.codegen.c.loop import CLoop
from lstm_sym.codegen.lowering.program import Block, Compute, Instruction, values_read
from lstm_sym.codegen.numpy.bulk import BulkWriter
from lstm_sym.codegen.numpy.names import size_symbols
from lstm_sym.codegen.numpy.steps import StepWriter
from lstm_sym.codegen.numpy.text import Calls, minus
from lstm_sym.errors import NotLowered

CHUNK_BYTES = 512 * 1024  # what is computed for a chunk of steps stays in a second-level cache,
ROWS_A_SAMPLE = 2  # unless it has fewer samples than half its rows: a product that sums over so few is slow
CHUNKS = {  # by direction
    1: ("chunks_up", "[(lo, min(T, lo + chunk)) for lo in range(0, T, chunk)]"),
    -1: ("chunks_down", "[(max(0, hi - chunk), hi) for hi in range(T, 0, -chunk)]"),
}


class BlockWriter(BulkWriter):
    """Writes every block."""

    def written(self) -> list[str]:
        """The lines of all blocks."""
        blocks, lines, k = self.w.program.blocks, [], 0
        while k < len(blocks):
            block = blocks[k]
            if block.kind == "loop":
                chunked = self._behind(block) if not self.w.forward else []
                if chunked or id(block) in self.w.local:
                    lines += self.chunks(block, chunked)
                    done = set(map(id, chunked))
                    blocks = blocks[: k + 1] + tuple(b for b in blocks[k + 1 :] if id(b) not in done)
                else:
                    lines += self.loop(block, "0", str(self.length))
            elif block.kind == "bulk" and self._runs_with(block, blocks[k + 1 :]):
                lines += self._ahead(block, blocks[k + 1])
                k += 1
            elif block.kind == "bulk":
                for i in block.instructions:
                    lines += self.bulk(i, "0", str(self.length))
            else:
                for i in block.instructions:
                    lines += self.once(i)
            k += 1
        return lines

    def _behind(self, loop: Block) -> list[Block]:
        """The blocks behind a loop that run chunk by chunk with it."""
        return [b for b in self.w.behind(loop) if self.w.by_chunk(b) and any(map(self._reads_chunk, b.instructions))]

    def _reads_chunk(self, i: Instruction) -> bool:
        read = [q for q in values_read(i) if q.label in self.w.places]
        return any(self.w.places[q.label].kind == "chunk" for q in read)

    def _runs_with(self, bulk: Block, behind: tuple[Block, ...]) -> bool:
        """Can a bulk block run chunk by chunk with the loop behind it, so that the loop finds its rows in the cache?"""
        one_loop = sum(b.kind == "loop" for b in self.w.program.blocks) == 1
        return self.w.forward and one_loop and behind[:1] != () and behind[0].kind == "loop" and self.w.by_chunk(bulk)

    def _ahead(self, bulk: Block, loop: Block) -> list[str]:
        """for chunks of steps: what needs no step before, then the steps."""
        self._chunk(sp.expand(sum({p.array: p.total for p in self.w.places.values()}.values(), sp.S.Zero)), loop.direction)
        inner = [line for i in bulk.instructions for line in self.bulk(i, "lo", "hi")]
        return self._over_chunks(inner + self.loop(loop, "lo", "hi"))

    def chunks(self, block: Block, behind: list[Block]) -> list[str]:
        """for chunks of steps: local derivatives, the steps, what sums over them."""
        local = self.w.local.get(id(block), ())
        rows = sp.expand(sum((c.target.shape[0] for c in local), sp.S.One))
        if not local:
            chunked = {p.array: p.total for p in self.w.places.values() if p.kind == "chunk"}
            rows = sp.expand(sum(chunked.values(), sp.S.One))
        self._chunk(rows, block.direction)
        arrays = dict.fromkeys(
            self.w.places[c.label].array for c in block.carries if self.w.places[c.label].kind == "chunk"
        )
        inner = self._local(local) + self.loop(block, "lo", "hi")
        for b in behind:
            for i in b.instructions:
                inner += self.bulk(i, "lo", "hi")
        if block.direction < 0:
            before = [f"{a}[hi - lo] = {a}[0]  # what the step after this chunk has left" for a in arrays]
            return self._over_chunks(before + inner)
        return self._over_chunks(inner + [f"{a}[0] = {a}[hi - lo]  # what this chunk leaves to the next" for a in arrays])

    def _over_chunks(self, inner: list[str]) -> list[str]:
        """The lines for every chunk, with the views of its steps."""
        over = f"(lo, hi), steps in zip({self.chunks_of}, {self.steps})" if self.steps else f"lo, hi in {self.chunks_of}"
        self.steps = ""
        return [f"for {over}:", *("    " + x for x in inner)]

    def _chunk(self, rows: sp.Expr, direction: int) -> None:
        """How many steps are a chunk: all loops have the same; and where chunks begin and end."""
        self.once_in(self.chunk_rows, str(rows))
        widest = self.chunk_rows[0] if len(self.chunk_rows) == 1 else f"max({', '.join(self.chunk_rows)})"
        size = (f"chunk = max(1, min(T, max({CHUNK_BYTES} // max(1, B * ({widest}) * dtype.itemsize), "
                f"({widest}) // max(1, {ROWS_A_SAMPLE} * B))))")
        self.chunks_of = CHUNKS[direction][0]
        self.chunking = [size, *dict.fromkeys((*self.chunking[1:], " = ".join(CHUNKS[direction])))]

    def _local(self, local: tuple[Compute, ...]) -> list[str]:
        lines: list[str] = []
        for c in local:
            rows = self.over_steps("lo", "hi")
            calls = Calls(rows, lambda r: self.temporary(r, "chunk"), self.release, self.constant)
            calls.into(c.value, self.rows_of(c.target, "lo", "hi"))
            lines += calls.lines
        return lines

    def loop(self, block: Block, low: str, high: str) -> list[str]:
        """for each step, the views it reads and writes: the calls.  Views of the work's own arrays are made once."""
        if self.w.c is not None and (lines := self._in_c(block, low, high, self.w.c)):
            return lines
        step = StepWriter(self, low, high, block)
        for i in block.instructions:
            step.write(i)
        static = [v for v in step.views if v in step.static]
        other = [v for v in step.views if v not in step.static]
        steps = self._steps(static, step.views, low, high)
        names = [f"({', '.join(static)}{',' if len(static) == 1 else ''})"] if static else []
        arrays = [steps] if static else []
        names, arrays = [*names, *other], [*arrays, *(step.views[v] for v in other)]
        if not names:
            names, arrays = ["_"], [f"range({minus(high, low)})"]
        over = arrays[0] if len(arrays) == 1 else f"zip({', '.join(arrays)})"
        return [f"for {', '.join(names)} in {over}:", *("    " + x for x in step.lines)]

    def _in_c(self, block: Block, low: str, high: str, functions: dict[str, str]) -> list[str]:
        """The call of the loop's C function; nothing if C has no text for it, then NumPy runs it."""
        loop = CLoop(self, block, low, high, f"loop_{len(functions) + 1}")
        try:
            functions[loop.name] = loop.text(size_symbols(self.w.model.recurrence))
        except NotLowered:
            return []
        return loop.call()

    def _steps(self, static: list[str], views: dict[str, str], low: str, high: str) -> str:
        """The name of the list of views, one tuple a step."""
        if not static:
            return ""
        name = self.w.names(("steps", tuple(static)), "steps_1")
        zipped = "list(zip(\n        " + ",\n        ".join(views[v] for v in static) + "))"
        if low == "0":
            self.made.append(f"{name} = {zipped}")
            return name
        self.made.append(f"{name} = [{zipped} for lo, hi in {self.chunks_of}]")
        self.steps = name
        return "steps"
