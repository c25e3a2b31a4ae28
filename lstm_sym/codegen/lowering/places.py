"""Where quantities live: targets of one product are adjacent; a value takes the place of what it was made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lstm_sym.codegen.lowering.program import Affine, Block, Compute, Instruction, occurrences, targets, values_read
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import Named
from lstm_sym.expr.recurrence import Axis

Slots = tuple[tuple[Label, ...], ...]  # places one after the other, each with the labels that use it


def stores(blocks: Iterable[Block], kept: frozenset[Label], axis: Axis) -> tuple[Slots, ...]:
    """Every computed time family in exactly one store."""
    instructions = [i for b in blocks for i in b.instructions]
    place = shared(instructions, kept, {c.label for b in blocks for c in b.carries})
    groups = adjacent(instructions, place)
    labels = {t.label for i in instructions for t in targets(i) if t.indices == (axis.index,)}
    users: dict[Label, list[Label]] = {}
    for label in labels:
        users.setdefault(root(label, place), []).append(label)
    grouped = {r for g in groups for r in g}
    singles = [(r,) for r in sorted(users, key=str) if r not in grouped]
    return tuple(tuple(tuple(sorted(users[r], key=str)) for r in g) for g in [*groups, *singles])


def root(label: Label, place: dict[Label, Label]) -> Label:
    """The label that stands for a place."""
    while label in place:
        label = place[label]
    return label


def shared(instructions: list[Instruction], kept: frozenset[Label], carries: set[Label]) -> dict[Label, Label]:
    """later -> earlier, where a quantity is read once, by the same step and row by row, and never again.

    What is carried keeps a place of its own: the step before left a value there that is still to be read.
    """
    reads = Counter(q.label for i in instructions for q in values_read(i))
    made = {t.label for i in instructions for t in targets(i)}
    place: dict[Label, Label] = {}

    def may_take(q: object, by: Named) -> bool:
        return (
            isinstance(q, Named)
            and q.label in made
            and q.label not in kept
            and reads[q.label] == 1
            and q.indices == by.indices
            and q.shape == by.shape
            and q.label not in place.values()
            and by.label not in carries
        )

    for i in instructions:
        if isinstance(i, Affine):
            bases = [b for t, b in zip(i.targets, i.bases, strict=True) if isinstance(b, Named) and may_take(b, t)]
            if len(bases) == len(i.targets):                 # the product is added to what is there, or to nothing
                place |= {t.label: b.label for t, b in zip(i.targets, bases, strict=True)}
        elif isinstance(i, Compute) and i.target.indices:
            taken = next((q for q in occurrences(i.value) if may_take(q, i.target)), None)
            if taken is not None:
                place[i.target.label] = taken.label
    return place


def adjacent(instructions: list[Instruction], place: dict[Label, Label]) -> list[tuple[Label, ...]]:
    """Places that a product wants side by side: its targets, then its operands; a place is in one group only."""
    wishes = [i.targets for i in instructions if isinstance(i, Affine)]
    wishes += [term.operands for i in instructions if isinstance(i, Affine) for term in i.terms]
    groups: list[tuple[Label, ...]] = []
    computed = {t.label for i in instructions for t in targets(i)}
    for wish in wishes:
        roots = tuple(dict.fromkeys(root(q.label, place) for q in wish))
        plain = all(q.label in computed and q.indices == wish[0].indices for q in wish)
        if len(roots) > 1 and len(roots) == len(wish) and plain and not any(r in g for g in groups for r in roots):
            groups.append(roots)
    return groups
