"""Translation validation: a finished program, read back as equations, equals the recurrence it came from.

Every quantity of the recurrence that a program computes gives one obligation: the right side of its own equation, and
what the instructions compute, with every name that only the program has unfolded.  `equality.decide` decides it.
"""
from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from lstm_sym.codegen.lowering.fan import Fanned
from lstm_sym.codegen.lowering.program import (
    Activate,
    Affine,
    Assign,
    Block,
    Compute,
    Contract,
    Fan,
    Instruction,
    Obligation,
    Program,
)
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import Elementwise, Named, Node, Ones, Scale, Stack, SumOver, When, add, hadamard, take
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import replace_indices, replace_named

HALF = sp.Rational(1, 2)


def obligations(program: Program, recurrence: Recurrence, fanned: tuple[Fanned, ...] = ()) -> tuple[Obligation, ...]:
    """What has to be proved for `program` to compute the quantities of `recurrence`.

    fanned: the loops whose local derivatives were taken out, with these.
    """
    return tuple(_Reading(program, recurrence, fanned).owed())


class _Reading:
    """Meanings of names: from the instructions of every block, general in time."""

    def __init__(self, program: Program, recurrence: Recurrence, fanned: tuple[Fanned, ...]) -> None:
        self.recurrence, self.axis = recurrence, recurrence.axes[0]
        self.meaning: dict[Named, Node] = {}
        self.carried: dict[Label, int] = {}
        own = {q.label for q in recurrence.quantities}
        self.fresh: set[Label] = set()
        for block in (*program.blocks, *(Block("bulk", f.local) for f in fanned)):
            self.carried |= {c.label: block.direction for c in block.carries}
            for i in block.instructions:
                self.meaning.update(meanings(i))
                self.fresh |= {z.label for z in i.sums} if isinstance(i, Activate) else set()
        self.fresh |= {q.label for q in self.meaning} - own

    def owed(self) -> Iterator[Obligation]:
        """One obligation for each equation of the recurrence that an instruction computes."""
        for e in self.recurrence.equations:
            if e.lhs in self.meaning and e.lhs.label not in self.fresh:
                yield Obligation(str(e.lhs), e.rhs, self.unfold(self.meaning[e.lhs]))

    def unfold(self, node: Node) -> Node:
        """`node` without names of the program's own."""
        return replace_named(node, lambda q: self.unfold(self.at(q)) if q.label in self.fresh else q)

    def at(self, q: Named) -> Node:
        """What q stands for at its own indices; a carried quantity only where its step exists."""
        if q in self.meaning:
            return self.meaning[q]
        general = next(m for m in self.meaning if m.label == q.label)
        moved = replace_indices(self.meaning[general], {self.axis.index: q.indices[0]})
        if q.label in self.carried and q.indices[0].has(self.axis.index):
            return When(moved, self.exists(q.indices[0], self.carried[q.label]))
        return moved

    def exists(self, at: sp.Expr, direction: int) -> sp.Expr:
        """The condition that the step the carried value comes from was taken."""
        return at - 1 if direction > 0 else self.axis.length - at


def meanings(i: Instruction) -> dict[Named, Node]:
    """What each target of an instruction is."""
    match i:
        case Compute() | Assign():
            return {i.target: i.value}
        case Affine():
            return _rows(i.targets, i.node())
        case Contract():
            stacked = i.lefts[0] if len(i.lefts) == 1 else Stack(*i.lefts)
            body = stacked if i.right is None else stacked @ i.right.T
            return _rows(i.targets, SumOver(body, i.index, i.low, i.high))
        case Activate():
            parts = {t: Elementwise("tanh", z) for t, z in zip(i.targets, i.sums, strict=True)}
            return {t: _half(p) if k < i.gates else p for k, (t, p) in enumerate(parts.items())}
        case Fan():
            return {t: hadamard(i.source, q) for t, q in zip(i.targets, i.locals, strict=True)}


def _half(node: Node) -> Node:
    """1/2 + 1/2 node."""
    return add(Scale(HALF, Ones(*node.shape)), Scale(HALF, node))


def _rows(targets: tuple[Named, ...], whole: Node) -> dict[Named, Node]:
    """Each target as its rows of the stacked whole."""
    starts = [sp.expand(sp.Add(*(t.shape[0] for t in targets[:k]))) for k in range(len(targets))]
    return {t: take(whole, start, t.shape[0]) for t, start in zip(targets, starts, strict=True)}
