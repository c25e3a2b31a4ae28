"""A loop over time, lowered: names used once inlined, products stacked, what needs no step before hoisted out.

Going backward, what step t + k gives to step t is computed at t + k and carried; before the first step it is 0.
"""

from __future__ import annotations

from collections import Counter

import sympy as sp

from lstm_sym.codegen.lowering.known import Known
from lstm_sym.codegen.lowering.products import Extraction, Sum, together
from lstm_sym.codegen.lowering.program import Block, Compute, Instruction, members, occurrences
from lstm_sym.errors import NotLowered
from lstm_sym.expr.affine import coefficient
from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import Add, MatMul, Named, Node, SumOver, When, add, is_zero
from lstm_sym.expr.recurrence import Equation
from lstm_sym.expr.substitute import named_in, replace_indices, replace_named


def lower_bulk(e: Equation, known: Known) -> list[Instruction]:
    """One equation for all t at a time."""
    extraction = Extraction(known, lambda v: not known.is_fixed(v), lambda term: True)
    extraction.equation(e.lhs, e.rhs)
    return together(extraction.found)


def lower_loop(equations: list[Equation], known: Known, direction: int, kept: frozenset[Label]) -> list[Block]:
    """The hoisted block and the loop."""
    t = known.axis.index
    values = {e.lhs.label: e.rhs for e in equations}
    names = {e.lhs.label: e.lhs for e in equations}
    inline(values, t, kept, known)
    carries = carry(values, names, known, direction)
    inside = set(values)
    extraction = Extraction(known, lambda v: touches(v, inside), lambda term: not touches(term, inside))
    for label, value in values.items():
        extraction.equation(names[label], value)
    inside |= {item.target.label for item in extraction.found}
    hoisted: list[Sum | Compute] = []
    steps = [hoist(item, inside, hoisted, known) for item in extraction.found]
    instructions = together(steps, carries)
    before = together(hoisted)
    blocks = [Block("bulk", tuple(before))] if before else []
    return [*blocks, Block("loop", tuple(instructions), direction, carries)]


def touches(node: Node, labels: set[Label]) -> bool:
    """Does `node` read one of the labels?"""
    return any(q.label in labels for q in named_in(node))


# --- names used once ---------------------------------------------------------------------------------------


def inline(values: dict[Label, Node], t: sp.Symbol, kept: frozenset[Label], known: Known) -> None:
    """A name that one equation of the same step reads once, and nobody else, gives way to its value."""
    for label in list(values):
        reads = Counter(q for v in values.values() for q in occurrences(v) if q.label == label)
        value = values[label]
        if (
            label in kept
            or sum(reads.values()) != 1
            or next(iter(reads)).indices != (t,)
            or holds_product(value, known)
        ):
            continue
        user = next(u for u, v in values.items() if next(iter(reads)) in named_in(v))
        if user != label and not under_when_or_product(values[user], label):
            values[user] = replaced(values[user], label, value)
            del values[label]


def replaced(node: Node, label: Label, value: Node) -> Node:
    """`node` with the quantity `label`, read at the step itself, replaced by its value."""
    return replace_named(node, lambda q: value if q.label == label else q)


def holds_product(node: Node, known: Known) -> bool:
    """Is there a matrix product of a sample's column in `node`?"""
    if isinstance(node, MatMul | SumOver) and not known.is_fixed(node):
        return True
    return any(holds_product(a, known) for a in node.args if isinstance(a, Node))


def under_when_or_product(node: Node, label: Label) -> bool:
    """Is `label` read below a condition or as a factor of a product?"""
    if isinstance(node, When | MatMul):
        return touches(node, {label})
    return any(under_when_or_product(a, label) for a in node.args if isinstance(a, Node))


# --- what a step gives to a later one -----------------------------------------------------------------------


def carry(values: dict[Label, Node], names: dict[Label, Named], known: Known, direction: int) -> tuple[Named, ...]:
    """Every [t + k exists] body[t + k] becomes carry[t + k], with carry[t] = body[t] computed at the end of step t."""
    made: list[Named] = []
    for label in list(values):
        by_lag: dict[int, list[Node]] = {}
        rest: list[Node] = []
        for term in members(values[label], Add):
            lag = lag_of(term, set(names), known, direction)
            if lag:
                body = term.args[0]
                by_lag.setdefault(lag, []).append(
                    replace_indices(body, {known.axis.index: known.axis.index + direction * lag})
                )
            else:
                rest.append(term)
        for lag, bodies in by_lag.items():
            value = add(*bodies)
            name = known.introduce("carry", value)
            end = sp.S.One if direction < 0 else known.axis.length
            known.ends[frozenset(replace_indices(b, {known.axis.index: end}) for b in members(value, Add))] = name[end]
            values[name.label], names[name.label] = value, name
            made.append(name)
            rest.append(name[known.axis.index - direction * lag])
        if by_lag:
            values[label] = add(*rest)
    return tuple(made)


def lag_of(term: Node, inside: set[Label], known: Known, direction: int) -> int:
    """k for [the step k before exists] body with every read of the loop k steps before; 0 without such reads.

    Errors: NotLowered for another condition on values of the loop.
    """
    if not isinstance(term, When) or not touches(term, inside):
        if any(isinstance(q, When) and touches(q, inside) for q in walk(term)):
            raise NotLowered(f"a condition inside the term {term} of a loop; use target='reference'")
        return 0
    t, length = known.axis.index, affine(known.axis.length)
    shifts = {sp.expand(q.indices[0] - t) for q in named_in(term) if q.label in inside and q.indices}
    lag = -direction * next(iter(shifts)) if len(shifts) == 1 and next(iter(shifts)).is_Integer else 0
    exists = {t - 1 - lag} if direction > 0 else {sp.expand(known.axis.length - t - lag)}
    if lag < 1 or set(term.args[1:]) != exists or coefficient(length, t.name):
        raise NotLowered(
            f"the condition of {term} in a loop is not that one step before exists; use target='reference'"
        )
    return int(lag)


def walk(node: Node) -> list[Node]:
    """`node` and all below it."""
    return [node, *(m for a in node.args if isinstance(a, Node) for m in walk(a))]


# --- what needs no step before -------------------------------------------------------------------------------


def hoist(item: Sum | Compute, inside: set[Label], hoisted: list[Sum | Compute], known: Known) -> Sum | Compute:
    """The same step with its loop-free products, conditions and base computed for all t at a time."""
    extraction = Extraction(known, lambda v: not known.is_fixed(v), lambda term: True, hoisted)
    if isinstance(item, Sum):
        if is_zero(item.base):
            return item
        name = known.introduce("in_" + str(item.target.name).removeprefix("sum_"), item.base)
        extraction.equation(name, item.base)
        return Sum(item.target, item.products, name)
    return Compute(item.target, free(item.value, inside, extraction))


def free(n: Node, inside: set[Label], extraction: Extraction) -> Node:
    """Maximal subexpressions that the loop does not touch and that are not entry by entry get names."""
    if not touches(n, inside):
        return n if not needs_bulk(n, extraction.known) else bulk_name(n, extraction)
    if isinstance(n, Named):
        return n
    return n.func(*(free(a, inside, extraction) if isinstance(a, Node) else a for a in n.args))


def needs_bulk(n: Node, known: Known) -> bool:
    """Is `n` more than entry by entry: products, conditions, quantities of the parameters that are no names?"""
    return any(isinstance(m, When | SumOver | MatMul) for m in walk(n))


def bulk_name(n: Node, extraction: Extraction) -> Named:
    """A name for a loop-free expression, computed in bulk."""
    name = extraction.known.introduce("outer", n)
    extraction.equation(name, n)
    return name
