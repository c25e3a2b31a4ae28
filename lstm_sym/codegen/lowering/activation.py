"""One tanh for all gates: sigma(a) = 1/2 + 1/2 tanh(a / 2), the halves in the stacked matrices.  A pass."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import sympy as sp

from lstm_sym.codegen.lowering.program import Activate, Affine, Compute, Instruction, Program, Term
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import Elementwise, Named, Node, scale

HALF = sp.Rational(1, 2)


def one_tanh(program: Program) -> Program:
    """Every stacked sum of sigmoids and tanhs with one call of tanh behind it, the sigmoids' rows first."""
    for block in program.blocks:
        for item in block.instructions if block.kind == "loop" else ():
            if isinstance(item, Affine) and len(item.targets) > 1:
                program = _together(program, item)
    return program


def _together(program: Program, item: Affine) -> Program:
    activations = {
        c.value.args[1].label: c
        for b in program.blocks
        for c in b.instructions
        if isinstance(c, Compute) and _is_activation(c, item, program)
    }
    if not activations:
        return program
    gates = [z for z in item.targets if z.label in activations and _function(activations[z.label]) == "sigmoid"]
    rest = [z for z in item.targets if z.label in activations and z not in gates]
    order = [*gates, *rest, *(z for z in item.targets if z.label not in activations)]
    whole = Activate(tuple(activations[z.label].target for z in gates + rest), tuple(gates + rest), len(gates))
    halved = {
        n.label
        for z, base in zip(item.targets, item.bases, strict=True)
        if z in gates
        for n in (z, base)
        if isinstance(n, Named)
    }
    gone = set(map(id, activations.values()))

    def rewrite(i: Instruction) -> list[Instruction]:
        if id(i) in gone:
            return []
        if isinstance(i, Affine) and set(i.targets) & set(item.targets):
            return [halve(reorder(i, [item.targets.index(z) for z in order]), halved), whole]
        if isinstance(i, Affine) and {t.label for t in i.targets} & halved:
            places = {label: slot for slots in program.stores for slot in slots for label in slot}
            at = [
                next(k for k, t in enumerate(i.targets) if places[t.label] == places[z.label])
                for z in order
                if any(places[t.label] == places[z.label] for t in i.targets)
            ]
            return [halve(reorder(i, [*at, *(k for k in range(len(i.targets)) if k not in at)]), halved)]
        if isinstance(i, Compute) and i.target.label in halved:
            return [Compute(i.target, scale(HALF, i.value))]
        return [i]

    blocks = tuple(
        replace(b, instructions=tuple(n for i in b.instructions for n in rewrite(i))) for b in program.blocks
    )
    return replace(program, blocks=blocks, stores=tuple(_ordered(slots, order) for slots in program.stores))


def _is_activation(c: Compute, item: Affine, program: Program) -> bool:
    """c: target = tanh or sigmoid of one of the sums, in the same place."""
    if (
        not isinstance(c.value, Elementwise)
        or str(c.value.args[0]) not in ("tanh", "sigmoid")
    ):
        return False
    z = c.value.args[1]
    return z in item.targets and any(
        {z.label, c.target.label} <= set(slot) for slots in program.stores for slot in slots
    )


def _function(c: Compute) -> str:
    return str(c.value.args[0])


def reorder(i: Affine, order: list[int]) -> Affine:
    """The same sums in another order."""
    terms = tuple(Term(tuple(t.matrices[k] for k in order), t.operands) for t in i.terms)
    return Affine(tuple(i.targets[k] for k in order), terms, tuple(i.bases[k] for k in order))


def halve(i: Affine, labels: set[Label], factor: Fraction | sp.Expr = HALF) -> Affine:
    """Half of the sums in `labels`: matrices and bases; a base that is one of `labels` holds its half."""

    def of(target: Named, node: Node) -> Node:
        return (
            scale(factor, node)
            if target.label in labels and not (isinstance(node, Named) and node.label in labels)
            else node
        )

    terms = tuple(
        Term(tuple(tuple(of(z, m) for m in row) for z, row in zip(i.targets, t.matrices, strict=True)), t.operands)
        for t in i.terms
    )
    return Affine(i.targets, terms, tuple(of(z, b) for z, b in zip(i.targets, i.bases, strict=True)))


def _ordered(slots: tuple[tuple[Label, ...], ...], order: list[Named]) -> tuple[tuple[Label, ...], ...]:
    at = {z.label: k for k, z in enumerate(order)}
    if not any(label in at for slot in slots for label in slot):
        return slots
    return tuple(sorted(slots, key=lambda slot: min(at.get(label, len(at)) for label in slot)))
