"""Recurrence -> program: which equations are a loop, which hold for all t at a time, which are computed once."""

from __future__ import annotations

from collections.abc import Iterable

from lstm_sym.calculus.backward import backward
from lstm_sym.codegen.lowering.columns import columns
from lstm_sym.codegen.lowering.contract import contractions
from lstm_sym.codegen.lowering.known import Known
from lstm_sym.codegen.lowering.loop import lower_bulk, lower_loop
from lstm_sym.codegen.lowering.places import stores
from lstm_sym.codegen.lowering.program import Assign, Block, Instruction, Lowered, Program
from lstm_sym.errors import NotLowered
from lstm_sym.expr.labels import Direct, Label, Total
from lstm_sym.expr.nodes import Named
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, Scan
from lstm_sym.expr.substitute import named_in


def lower(recurrence: Recurrence, name: str = "model") -> Lowered:
    """The forward program of `recurrence` and the program of its backpropagation through time.

    The loss is arbitrary: it has a direct partial by every state and output at every step.
    Errors: NotLowered with several axes, no state and no output, or expressions that need a matrix for each sample.
    """
    axis = single_axis(recurrence)
    trajectory = outputs_of(recurrence)
    adjoint = backward(recurrence, None, reads=[q.name for q in trajectory])
    behind = adjoint.scans[len(recurrence.scans) :]
    unbatched = fixed_labels(adjoint)
    tape = {q.label for scan in behind for e in scan.equations for q in named_in(e.rhs)}
    kept = tape | {q.label for q in trajectory}
    gradients = frozenset(Total("L", q.label) for q in (*recurrence.inputs, *recurrence.noise))
    wanted = gradients | {Total("L", q.label) for q in (*recurrence.parameters, *recurrence.initial)}
    return Lowered(
        name,
        recurrence,
        adjoint,
        axis,
        trajectory,
        lower_scans(recurrence.scans, recurrence, axis, frozenset(kept), frozenset(kept), unbatched),
        lower_scans(behind, adjoint, axis, gradients, wanted, unbatched),
        unbatched,
    )


def single_axis(recurrence: Recurrence) -> Axis:
    """The time axis.  Errors: NotLowered unless there is exactly one axis."""
    if len(recurrence.axes) != 1:
        names = ", ".join(str(a.index) for a in recurrence.axes) or "none"
        raise NotLowered(f"programs run along one time axis, this recurrence has: {names}; use target='reference'")
    return recurrence.axes[0]


def outputs_of(recurrence: Recurrence) -> tuple[Named, ...]:
    """States, and computed outputs: what forward hands back.  Errors: NotLowered if there is none."""
    computed = {e.lhs.label for e in recurrence.equations}
    found = {q.label: q for q in recurrence.states}
    found |= {
        q.label: recurrence.quantity(q.label)
        for q in recurrence.outputs
        if q.label in computed and q.label not in found
    }
    if not found:
        raise NotLowered("nothing to hand back: give some state an initial value, or name an output")
    for q in found.values():
        if q.shape[1] != 1:
            raise NotLowered(f"{q} of shape {q.shape} depends on the sample; only columns may; use target='reference'")
    return tuple(found.values())


def fixed_labels(adjoint: Recurrence) -> frozenset[Label]:
    """Quantities that no sample enters: parameters, what is computed once from them, and gradients by these."""
    fixed = {q.label for q in adjoint.parameters}
    for e in adjoint.equations:
        by = e.lhs.label.by if isinstance(e.lhs.label, Total | Direct) else None
        if by in fixed or (by is None and not e.lhs.indices and all(q.label in fixed for q in named_in(e.rhs))):
            fixed.add(e.lhs.label)
    return frozenset(fixed)


def lower_scans(
    scans: Iterable[Scan],
    recurrence: Recurrence,
    axis: Axis,
    kept: frozenset[Label],
    wanted: frozenset[Label],
    unbatched: frozenset[Label],
) -> Program:
    """One direction: every scan as blocks, then where its quantities live.

    kept: families that outlive the program at every step; wanted: what it hands back.
    """
    scans = tuple(scans)
    known = Known(axis, unbatched, {q.label for q in recurrence.quantities})
    blocks: list[Block] = []
    read_after = [_reads(scans[i + 1 :]) for i in range(len(scans))]
    for scan, later in zip(scans, read_after, strict=True):
        blocks.extend(lower_scan(scan, known, kept | later))
    computed = {e.lhs.label for scan in scans for e in scan.equations}
    given = {q: None for scan in scans for e in scan.equations for q in named_in(e.rhs) if q.label not in computed}
    results = tuple(
        e.lhs for scan in scans for e in scan.equations if e.lhs.label in wanted and (not e.over or e.lhs.label in kept)
    )
    return Program(tuple(blocks), tuple(given), results, stores(blocks, kept, axis), kept)


def _reads(scans: Iterable[Scan]) -> frozenset[Label]:
    return frozenset(q.label for scan in scans for e in scan.equations for q in named_in(e.rhs))


def lower_scan(scan: Scan, known: Known, kept: frozenset[Label]) -> list[Block]:
    """Blocks before the loop, the loop, blocks behind it."""
    equations = [Equation(e.lhs, known.ended(columns(e.rhs, known.is_fixed)), e.over) for e in scan.equations]
    for e in equations:
        if e.lhs.label not in known.unbatched and e.lhs.shape[1] != 1:
            shape = f"{e.lhs} of shape {e.lhs.shape}"
            raise NotLowered(f"{shape} depends on the sample; only columns may; use target='reference'")
    before, inside, after = partition(equations)
    blocks = lower_group(before, known)
    if inside:
        direction = scan.direction[0] if scan.direction else 1
        blocks += lower_loop(inside, known, direction, kept | {q.label for e in after for q in named_in(e.rhs)})
    return blocks + lower_group([Equation(e.lhs, known.ended(e.rhs), e.over) for e in after], known)


def lower_group(equations: list[Equation], known: Known) -> list[Block]:
    """Equations without a loop among them.

    What parameters alone give comes first; then the equations in order, all t at a time or once; then sums
    over time, and what is left of the gradients by parameters.
    """
    sums, rest = contractions([e for e in equations if not e.over and e.lhs.label in known.unbatched], known)
    summed = {t for c in sums for t in c.targets}
    early: list[Assign] = []
    for a in rest:
        if known.is_fixed(a.value) and not summed & set(named_in(a.value)):
            early.append(a)
        else:
            summed.add(a.target)
    between = [Block("bulk", tuple(lower_bulk(e, known))) if e.over else Block("once", (Assign(e.lhs, e.rhs),))
               for e in equations if e.over or e.lhs.label not in known.unbatched]
    late: list[Instruction] = [a for a in rest if a not in early]
    instructions: list[Instruction] = [*sums]
    return [*(Block("once", (a,)) for a in early), *between, *(Block("once", (i,)) for i in [*instructions, *late])]


def partition(equations: list[Equation]) -> tuple[list[Equation], list[Equation], list[Equation]]:
    """Before, in and behind the cycles of "needs"."""
    names = {e.lhs.label for e in equations if e.over}       # dL/ds[0] may read dL/ds[1]: that is no cycle
    needs: dict[Label, set[Label]] = {label: set() for label in names}
    for e in equations:
        if e.over:
            needs[e.lhs.label] |= {q.label for q in named_in(e.rhs)} & names
    reach = {label: _reach(label, needs) for label in names}
    cyclic = {label for label in names if label in reach[label]}
    needed = cyclic.union(*(reach[c] for c in cyclic))
    inside = {a for a in needed if a in cyclic or reach[a] & cyclic}

    def is_behind(e: Equation) -> bool:
        read = {e.lhs.label} if e.over else {q.label for q in named_in(e.rhs)} & names
        return any(label in cyclic or reach[label] & cyclic for label in read)

    return (
        [e for e in equations if not is_behind(e)],
        [e for e in equations if e.over and e.lhs.label in inside],
        [e for e in equations if is_behind(e) and not (e.over and e.lhs.label in inside)],
    )


def _reach(start: Label, needs: dict[Label, set[Label]]) -> set[Label]:
    found: set[Label] = set()
    pending = list(needs[start])
    while pending:
        here = pending.pop()
        if here not in found:
            found.add(here)
            pending.extend(needs[here])
    return found
