"""The straight-line program: what is computed once, for all steps at a time, and step by step.

Nothing is unrolled, neither over time nor over components.  Every instruction is an equation between nodes for one
column; a target carries a sample axis, and what belongs to a parameter is summed over the samples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import Add, MatMul, Named, Node, Stack, Transpose, is_zero, matmul
from lstm_sym.expr.recurrence import Axis, Recurrence


@dataclass(frozen=True, slots=True)
class Compute:
    """target[t] = value: entry by entry in quantities of the same step, the step before, and earlier blocks."""

    target: Named
    value: Node


@dataclass(frozen=True, slots=True)
class Term:
    """Block matrix times stacked operands: matrices[i][k] in block row i (a target), block column k (an operand)."""

    matrices: tuple[tuple[Node, ...], ...]
    operands: tuple[Named, ...]

    def node(self) -> Node:
        """[M_11 M_12; M_21 M_22] [v_1; v_2]."""
        return matmul(_stack(*(_beside(*row) for row in self.matrices)), _stack(*self.operands))


@dataclass(frozen=True, slots=True)
class Affine:
    """[z_1; z_2; ...][t] = sum of block matrix times operands + [base_1; base_2; ...]: one product for each term."""

    targets: tuple[Named, ...]
    terms: tuple[Term, ...]
    bases: tuple[Node, ...]

    def node(self) -> Node:
        """The stacked right side."""
        parts = [term.node() for term in self.terms]
        return Add(*parts, *([] if all(map(is_zero, self.bases)) else [_stack(*self.bases)]))


@dataclass(frozen=True, slots=True)
class Contract:
    """target_i = sum over t = low .. high and the samples of left_i[t] right[t]^T; of left_i[t] if right is None."""

    targets: tuple[Named, ...]
    lefts: tuple[Node, ...]
    right: Node | None
    low: sp.Expr
    high: sp.Expr
    index: sp.Symbol


@dataclass(frozen=True, slots=True)
class Assign:
    """target = value, any expression; for a quantity of the parameters alone, summed over the samples."""

    target: Named
    value: Node


@dataclass(frozen=True, slots=True)
class Activate:
    """targets = tanh(sums) in place; targets[:gates] = 1/2 + 1/2 of that, whose sums hold half the argument."""

    targets: tuple[Named, ...]
    sums: tuple[Named, ...]
    gates: int


@dataclass(frozen=True, slots=True)
class Fan:
    """target_k[t] = local_k[t] o source[t]: one broadcast product where locals are adjacent, and so are the targets."""

    targets: tuple[Named, ...]
    locals: tuple[Named, ...]
    source: Named


Instruction: TypeAlias = Compute | Affine | Contract | Assign | Activate | Fan


def targets(i: Instruction) -> tuple[Named, ...]:
    """What an instruction computes."""
    return (i.target,) if isinstance(i, Compute | Assign) else i.targets


def values_read(i: Instruction) -> list[Named]:
    """What an instruction reads, with repetition."""
    match i:
        case Affine():
            return [v for term in i.terms for v in term.operands] + [q for b in i.bases for q in occurrences(b)]
        case Contract():
            return [q for n in (*i.lefts, *([i.right] if i.right is not None else [])) for q in occurrences(n)]
        case Compute() | Assign():
            return occurrences(i.value)
        case Activate():
            return list(i.sums)
        case Fan():
            return [i.source, *i.locals]


def occurrences(node: Node) -> list[Named]:
    """Named quantities with repetition."""
    if isinstance(node, Named):
        return [node]
    return [q for a in node.args if isinstance(a, Node) for q in occurrences(a)]


@dataclass(frozen=True, slots=True)
class Block:
    """Instructions in order.  kind: "once"; "bulk", each for all t at a time; "loop", all of them step by step.

    direction: +1 or -1 in a loop; carries: names that are 0 before the first step of a loop and read one step later.
    """

    kind: str
    instructions: tuple[Instruction, ...]
    direction: int = 1
    carries: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Obligation:
    """The lowered expression equals the original one, both in quantities of the recurrence: for the prover."""

    step: str
    original: Node
    lowered: Node


@dataclass(frozen=True, slots=True)
class Program:
    """One direction of a model, forward or backward.

    given: what comes from outside or from the tape; results: what is handed back; stores: labels of one store are
    adjacent rows of one array, and labels in the same tuple of `stores` share those rows one after the other.
    """

    blocks: tuple[Block, ...]
    given: tuple[Named, ...]
    results: tuple[Named, ...]
    stores: tuple[tuple[tuple[Label, ...], ...], ...]
    kept: frozenset[Label]


@dataclass(frozen=True, slots=True)
class Lowered:
    """A model as two programs.  tape: labels that backward reads of what forward computed."""

    name: str
    recurrence: Recurrence
    adjoint: Recurrence
    axis: Axis
    trajectory: tuple[Named, ...]
    forward: Program
    backward: Program
    unbatched: frozenset[Label]


def _stack(*blocks: Node) -> Node:
    return blocks[0] if len(blocks) == 1 else Stack(*blocks)


def _beside(*blocks: Node) -> Node:
    return blocks[0] if len(blocks) == 1 else Transpose(Stack(*(b.T for b in blocks)))


def members(node: Node, kind: type[Add] | type[MatMul]) -> tuple[Node, ...]:
    """The operands of a flat sum or product, or the node alone."""
    return tuple(node.args) if isinstance(node, kind) else (node,)
