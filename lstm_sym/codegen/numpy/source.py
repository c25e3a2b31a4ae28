"""Program -> the text of a NumPy module with forward and backward; it needs nothing but NumPy."""

from __future__ import annotations

import sympy as sp

from lstm_sym.codegen.lowering.activation import one_tanh
from lstm_sym.codegen.lowering.fan import Fanned, fan_out
from lstm_sym.codegen.lowering.known import Known
from lstm_sym.codegen.lowering.program import Lowered, Program, values_read
from lstm_sym.codegen.numpy.blocks import BlockWriter
from lstm_sym.codegen.numpy.header import header
from lstm_sym.codegen.numpy.layout import Layout
from lstm_sym.codegen.numpy.names import identifier, size_symbols
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Named


def numpy_source(model: Lowered) -> str:
    """The module's text: equations, shapes, forward, backward."""
    ahead, behind, fanned = numpy_programs(model)
    local = {id(f.loop): f.local for f in fanned}
    forward = ProgramWriter(model, ahead, forward=True)
    return _module(model, forward, ProgramWriter(model, behind, forward=False, local=local))


def numpy_programs(model: Lowered) -> tuple[Program, Program, tuple[Fanned, ...]]:
    """Both directions as NumPy runs them: one tanh for all gates, local derivatives in bulk."""
    program, fanned = model.backward, []
    known = Known(model.axis, model.unbatched, {q.label for q in model.adjoint.quantities})
    for block in model.backward.blocks:
        if block.kind == "loop":
            program, made = fan_out(program, block, known)
            fanned.append(made)
    return one_tanh(model.forward), program, tuple(fanned)


def c_sources(model: Lowered) -> tuple[str, str]:
    """The module's text with its loops called from a library, and their C."""
    loops: dict[str, str] = {}
    text = _module(
        model,
        ProgramWriter(model, model.forward, forward=True, c=loops),
        ProgramWriter(model, model.backward, forward=False, c=loops),
    )
    return text, "\n".join(loops.values())


def _module(model: Lowered, forward: ProgramWriter, backward: ProgramWriter) -> str:
    first = forward.lines()
    backward.origin = {label: place for label, place in forward.places.items() if place.kind == "time"}
    return "\n".join([header(model), *first, "", "", *backward.lines(), ""])


class ProgramWriter(Layout):
    """One direction as a function body."""

    def lines(self) -> list[str]:
        """The function that makes arrays and views, and the function that computes."""
        self.place()
        opening = [*self._sizes(), *self._arguments()]  # names of what is given come first
        blocks = BlockWriter(self)
        body, closing = blocks.written(), self._results()
        work, fresh, begin = self._arrays()
        making, fetching = self._work([*blocks.chunking, *work, *blocks.made])
        lines = [*opening, *blocks.opening, *fetching, *fresh, *begin, *blocks.setup, *body, *closing]
        what = "Trajectory and tape" if self.forward else "Gradients"
        return [
            *making,
            f"def {'forward(params, inputs, state, work=None)' if self.forward else 'backward(params, tape, d_trajectory)'}:",
            f'    """{what} of the {self.model.name}; shapes as in the module\'s docstring."""',
            *("    " + line if line else "" for line in lines),
        ]

    def _work(self, made: list[str]) -> tuple[list[str], list[str]]:
        """The function that makes what one call leaves to the next, and the lines that fetch it; nothing for nothing."""
        if not made:
            return [], []
        held = [line.split(" = ")[0] for line in made]
        names = ", ".join(held) + ("," if len(held) == 1 else "")
        which, arguments = ("forward", "T, B, sizes, dtype") if self.forward else ("backward", "tape")
        making = [
            f"def {which}_work({arguments}):",
            f'    """Arrays and the views of each step, for {which}."""',
            *("    " + line for line in [*self._work_opening(), *made, f"return {names}"]),
            "",
            "",
        ]
        fetching = [
            f'if "{which}" not in work:',
            f'    work["{which}"] = {which}_work({arguments})',
            f'{names} = work["{which}"]',
        ]
        return making, fetching

    def _work_opening(self) -> list[str]:
        own = {place.array for label, place in self.places.items() if self.is_static(label)}
        if self.forward:
            return self._size_lines("sizes")
        return [
            *self._sizes()[:1],
            *self._size_lines("sizes"),
            *(line for line in self._arguments() if line.split(" = ")[0] in own and "tape[" in line),
        ]

    # --- opening and closing ------------------------------------------------------------------------------------

    def _sizes(self) -> list[str]:
        if not self.forward:
            return [
                'T, B, sizes, dtype, work = (tape[name] for name in ("T", "B", "sizes", "dtype", "work"))',
                *self._size_lines("sizes"),
            ]
        return [
            "T, B, sizes, dtype = shapes(params, inputs, state)",
            "work = {} if work is None else work",
            *self._size_lines("sizes"),
        ]

    def _size_lines(self, where: str) -> list[str]:
        names = size_symbols(self.model.recurrence)
        return [f"{', '.join(names)} = " + ", ".join(f'{where}["{n}"]' for n in names)] if names else []

    def _arguments(self) -> list[str]:
        r = self.model.recurrence
        used = {q.label for q in self.program.given} | {
            q.label for b in self.program.blocks for i in b.instructions for q in values_read(i)
        }
        lines = [f'{self.names.of[q.label]} = params["{q.name}"]' for q in r.parameters if q.label in used]
        if self.forward:
            lines += [
                f'{self.names.of[q.label]} = inputs["{q.name}"]'
                for q in (*r.inputs, *r.noise)
                if q.label in self.places
            ]
            return lines
        given = {q.label: q for q in self.program.given}
        for label, place in sorted(self.places.items(), key=lambda p: p[1].array):
            if label in given:
                lines.append(
                    f'{place.array} = d_trajectory.get("{label.by}")'
                    if isinstance(label, Direct)
                    else f'{place.array} = tape["{self.origin[label].array}"]'
                )
        lines = list(dict.fromkeys(lines))
        parameters = {q.label for q in r.parameters}
        for label, q in given.items():
            if label not in self.places and label not in parameters:
                lines.append(
                    f"{self.names(q, identifier(label))} = "
                    + (f'd_trajectory.get("{label.by}", 0)' if isinstance(label, Direct) else f'tape["{label}"]')
                )
        return lines

    def _arrays(self) -> tuple[list[str], list[str], list[str]]:
        """Arrays that the work holds, arrays made afresh for each call, and what they hold at the beginning."""
        work: list[str] = []
        fresh: list[str] = []
        begin: list[str] = []
        given = {q.label for q in self.program.given}
        made: set[str] = set()
        carries = {(self.places[c.label].array, b.direction) for b in self.program.blocks for c in b.carries}
        for label, place in self.places.items():
            if label not in given and place.array not in made:
                made.add(place.array)
                (work if self.is_static(label) else fresh).append(
                    f"{place.array} = np.empty({self.shape(place)}, dtype)"
                )
                for direction, before in ((1, sp.S.Zero), (-1, self.model.axis.length + 1)):
                    if (place.array, direction) in carries:
                        row = {"step": "...", "chunk": "0", "time": str(sp.expand(before - place.first))}[place.kind]
                        begin.append(f"{place.array}[{row}] = 0  # nothing is carried yet")
        for q in self.model.recurrence.initial if self.forward else ():
            if q.label in self.places:
                place = self.places[q.label]
                at = ", ".join([str(sp.expand(q.indices[0] - place.first)), *place.to(place)])
                begin.append(f'{place.array}[{at}] = state["{q.name}"]')
        return work, fresh, begin

    def _results(self) -> list[str]:
        if self.forward:
            return self._trajectory()
        r = self.model.recurrence

        def grads(qs: tuple[Named, ...], shape: str) -> str:
            return "{" + ", ".join(f'"{q.name}": {self._gradient(q, shape)}' for q in qs) + "}"

        return [
            f"d_params = {grads(r.parameters, '')}",
            f"d_inputs = {grads((*r.inputs, *r.noise), 'T, B, ')}",
            f"d_state = {grads(r.initial, 'B, ')}",
            "return Gradients(d_params, d_inputs, d_state)",
        ]

    def _gradient(self, q: Named, shape: str) -> str:
        """The gradient by q; zeros if the loss cannot depend on it."""
        label = Total("L", q.label)
        found = next((x for x in self.program.results if x.label == label and x.indices == q.indices), None)
        if found is not None:
            return self.result(found)
        columns = "" if q.shape[1] == 1 else f", {q.shape[1]}"
        return f"np.zeros(({shape}{q.shape[0]}{columns or ','}), dtype)"

    def _trajectory(self) -> list[str]:
        rows = [f'"{q.name}": {self.result(q)}' for q in self.model.trajectory]
        tape = sorted(
            {q.label for q in self.model.backward.given} - {q.label for q in self.model.recurrence.parameters}, key=str
        )
        kept = []
        for label in tape:
            if label in self.places:
                kept.append(f'"{self.places[label].array}": {self.places[label].array}')
            elif not isinstance(label, Direct):
                name = self.names.of[next(q for q in self.names.of if isinstance(q, Named) and q.label == label)]
                kept.append(f'"{label}": {name}')
        held = [*(f'"{k}": {k}' for k in ("T", "B", "sizes", "dtype", "work")), *dict.fromkeys(kept)]
        return [f"trajectory = {{{', '.join(rows)}}}", f"tape = {{{', '.join(held)}}}", "return trajectory, tape"]

    def result(self, q: Named) -> str:
        """A result: a family without its boundary rows, or a single quantity."""
        if q.label in self.places and q.indices and q.indices[0].has(self.model.axis.index):
            place = self.places[q.label]
            steps = f"{1 - place.first}:{sp.expand(self.model.axis.length + 1 - place.first)}"
            return f"{place.array}[{', '.join([steps, *place.to(place)])}]"
        return self.names.of[q]
