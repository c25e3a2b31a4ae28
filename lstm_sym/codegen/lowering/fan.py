"""Local derivatives in bulk: what multiplies one adjoint in several equations is computed for many steps at a time.

v_1[t] = q_1[t] o s[t], v_2[t] = q_2[t] o s[t] ...: the q, in which no adjoint occurs, stand side by side, and one
broadcast product serves them all.  A pass on programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lstm_sym.codegen.lowering.known import Known
from lstm_sym.codegen.lowering.loop import touches
from lstm_sym.codegen.lowering.places import Slots
from lstm_sym.codegen.lowering.program import (
    Block,
    Compute,
    Fan,
    Instruction,
    Program,
    members,
    occurrences,
    targets,
    values_read,
)
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import Add, Hadamard, Named, Node, Scale, add, hadamard, scale


@dataclass(frozen=True, slots=True)
class Fanned:
    """A loop with local derivatives: `local` is computed for a chunk of steps, then the steps run."""

    local: tuple[Compute, ...]
    loop: Block


def fan_out(program: Program, block: Block, known: Known) -> tuple[Program, Fanned]:
    """The loop `block` of `program` with its local derivatives taken out."""
    inside = {t.label for i in block.instructions for t in targets(i)}
    local: list[Compute] = []
    steps: list[Instruction] = []
    for i in block.instructions:
        steps.extend(_taken_out(i, inside, local, known) if isinstance(i, Compute) else [i])
    steps = _gathered(steps, {c.label for c in block.carries})
    fans = [s for s in steps if isinstance(s, Fan)]
    wide = _adjacent(fans, program.stores)
    by_target = {t.label: q for f in fans for t, q in zip(f.targets, f.locals, strict=True)}
    order = {label: k for k, label in enumerate(wide)}
    steps = [_sorted(s, order) if isinstance(s, Fan) else s for s in steps]
    others = tuple(
        tuple(rest for s in slots if (rest := tuple(x for x in s if x not in wide))) for slots in program.stores
    )
    placed = {label for slots in program.stores for s in slots for label in s}
    made = {t.label for s in steps for t in targets(s)} - placed
    single = tuple(((label,),) for label in sorted(made - set(wide), key=str))
    places = tuple(((by_target[label].label,),) for label in by_target if label not in order)
    stores: tuple[Slots, ...] = tuple(s for s in others if s) + single + places
    if wide:
        stores += (tuple((label,) for label in wide), tuple((by_target[label].label,) for label in wide))
    new = replace(block, instructions=tuple(steps))
    at = program.blocks.index(block)
    return replace(program, blocks=(*program.blocks[:at], new, *program.blocks[at + 1 :]), stores=stores), Fanned(
        tuple(local), new
    )


def _taken_out(i: Compute, inside: set[Label], local: list[Compute], known: Known) -> list[Instruction]:
    """target = sum of terms; each term that is source o coefficient becomes a fan of one."""
    steps: list[Instruction] = []
    terms = members(i.value, Add)
    kept: list[Node] = []
    for term in terms:
        split = _split(term, inside)
        if split is None or known.is_fixed(split[1]):        # a parameter is there already
            kept.append(term)
            continue
        source, coefficient = split
        if not isinstance(source, Named):
            name = known.introduce("source", source)
            steps.append(Compute(name, source))
            source = name
        target = i.target if len(terms) == 1 else known.introduce("term", term)
        q = known.introduce("local", coefficient)
        local.append(Compute(q, coefficient))
        steps.append(Fan((target,), (q,), source))
        if target != i.target:
            kept.append(target)
    return [*steps, Compute(i.target, add(*kept))] if kept else steps


def _split(term: Node, inside: set[Label]) -> tuple[Node, Node] | None:
    """(source, coefficient) of c * (source o coefficient) with exactly one factor that the loop touches."""
    number, bare = term.args if isinstance(term, Scale) else (1, term)
    if not isinstance(bare, Hadamard) or any(f.shape != bare.shape for f in bare.args):
        return None
    touched = [f for f in bare.args if touches(f, inside)]
    rest = [f for f in bare.args if not touches(f, inside)]
    if len(touched) != 1 or not rest or (isinstance(touched[0], Named) and touched[0].indices != _time(bare, inside)):
        return None
    return touched[0], scale(number, hadamard(*rest))


def _time(node: Node, inside: set[Label]) -> tuple[object, ...]:
    """The running index, as the loop's own quantities have it."""
    return next((q.indices for q in occurrences(node) if q.label in inside and q.indices[0].is_Symbol), ())


def _gathered(steps: list[Instruction], carries: set[Label]) -> list[Instruction]:
    """Fans with one source together at the first; a carry moves up only past steps that do not read it."""
    result: list[Instruction] = []
    at: dict[Named, int] = {}
    for k, s in enumerate(steps):
        if isinstance(s, Fan) and s.source in at:
            first = at[s.source]
            between = [r for r in steps[:k] if not isinstance(r, Fan)]
            free = s.targets[0].label not in carries or _last_read(s.targets[0].label, between) <= _made_at(
                s.source, between
            )
            if free:
                before = result[first]
                if isinstance(before, Fan):
                    result[first] = Fan(before.targets + s.targets, before.locals + s.locals, s.source)
                    continue
        if isinstance(s, Fan) and s.source not in at:
            at[s.source] = len(result)
        result.append(s)
    return result


def _last_read(label: Label, steps: Sequence[Instruction]) -> int:
    return max((k for k, s in enumerate(steps) if any(q.label == label for q in values_read(s))), default=-1)


def _made_at(source: Named, steps: Sequence[Instruction]) -> int:
    return max((k for k, s in enumerate(steps) if source in targets(s)), default=-1)


def _adjacent(fans: list[Fan], stores: tuple[Slots, ...]) -> list[Label]:
    """One order of places in which each fan is a run and the operands of a product stay a run; () if there is none."""
    runs = [frozenset(s[0] for s in slots) for slots in stores if len(slots) > 1]
    mine = [[t.label for t in f.targets] for f in fans]
    flat = {label for m in mine for label in m}
    run = next((r for r in runs if r & flat), frozenset())
    if not run <= flat:
        return []
    first = [m for m in mine if set(m) & run]
    order: list[Label] = []
    for k, m in enumerate(first):
        ins, out = [x for x in m if x in run], [x for x in m if x not in run]
        order.extend(out + ins if k == 0 else ins + out if k == len(first) - 1 else ins)
    return order


def _sorted(f: Fan, order: dict[Label, int]) -> Fan:
    pairs = sorted(zip(f.targets, f.locals, strict=True), key=lambda p: order.get(p[0].label, len(order)))
    return Fan(tuple(p[0] for p in pairs), tuple(p[1] for p in pairs), f.source)
