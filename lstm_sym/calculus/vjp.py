"""Reverse mode on one expression: the VJP table, one line a node, and the sweep that uses it.

n node, y its value (the named quantity where there is one), g cotangent of n; a gradient has its variable's shape.
"""
from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

import sympy as sp

from lstm_sym.calculus.landing import Contribution, Range
from lstm_sym.errors import MissingRule
from lstm_sym.expr.functions import derivative
from lstm_sym.expr.nodes import (
    BINDERS,
    Add,
    Diag,
    Elementwise,
    Hadamard,
    Identity,
    MatMul,
    Named,
    Node,
    Ones,
    ProductOver,
    Scale,
    Slice,
    Stack,
    SumOver,
    Transpose,
    When,
    Zeros,
    add,
    hadamard,
    is_zero,
    matmul,
    operands,
    scale,
    stack,
    take,
)
from lstm_sym.expr.substitute import free_indices, fresh_index, replace_indices

SCOPES: tuple[type[Node], ...] = (*BINDERS, When)            # below them more is known of the indices


def pullback(root: Node, value: Node, g: Node, taken: frozenset[sp.Symbol] = frozenset()) -> list[Contribution]:
    """<g, d root>: the contribution to every named quantity in `root`; one reverse sweep, shared nodes once.

    taken: indices of the surroundings; a bound index of that name becomes a range under a fresh one.
    """
    cotangents: dict[Node, list[Node]] = {root: [g]}
    found: list[Contribution] = []
    for n in reversed(children_first(root)):
        parts = [c for c in cotangents.get(n, ()) if not is_zero(c)]
        if not parts:
            continue
        total = add(*parts)
        if isinstance(n, Named):
            found.append(Contribution(n, total))
        elif isinstance(n, BINDERS):
            found.extend(_through_binder(renamed(n, taken | free_indices(total)), total, taken))
        elif isinstance(n, When):
            inner = pullback(n.args[0], n.args[0], total, taken)
            found.extend(replace(c, cotangent=When(c.cotangent, *n.args[1:])) for c in inner)
        else:
            for x, part in zip(operands(n), _rule(n)(n, value if n is root else n, total), strict=True):
                cotangents.setdefault(x, []).append(part)
    return found


def _rule(n: Node) -> Callable[..., list[Node]]:
    if type(n) not in VJP:
        raise MissingRule.for_node("VJP", n)
    return VJP[type(n)]


def children_first(root: Node) -> list[Node]:
    """Every node below `root`, not inside sums, products and conditions, operands before their users; no recursion."""
    done: dict[Node, None] = {}
    pending = [(root, False)]
    while pending:
        n, ready = pending.pop()
        if ready:
            done[n] = None
        elif n not in done:
            pending.append((n, True))
            pending.extend((x, False) for x in operands(n) if not isinstance(n, SCOPES))
    return list(done)


def renamed(n: Node, taken: AbstractSet[sp.Symbol]) -> Node:
    """The binder `n` with a bound index that is not in `taken`."""
    body, k, *limits = n.args
    if k not in taken:
        return n
    fresh = fresh_index(k, {*taken, *free_indices(n), *free_indices(body)})
    return n.func(replace_indices(body, {k: fresh}), fresh, *limits)


def _through_binder(n: Node, g: Node, taken: frozenset[sp.Symbol]) -> list[Contribution]:
    body, k, low, high = n.args[:4]
    if isinstance(n, ProductOver):
        left, right = others(n)
        g = matmul(left.T, g, right.T)                       # A^T g B^T around the k-th factor
    here = Range(k, low, high)
    return [replace(c, ranges=(here, *c.ranges)) for c in pullback(body, body, g, taken | {k})]


def others(n: ProductOver) -> tuple[Node, Node]:
    """The factors left and right of the one at the bound index."""
    body, k, low, high, step = n.args
    inner = fresh_index(k, free_indices(n) | free_indices(body))
    moved = replace_indices(body, {k: inner})
    below = ProductOver(moved, inner, low, k - 1, int(step))
    above = ProductOver(moved, inner, k + 1, high, int(step))
    return (below, above) if step == 1 else (above, below)


def _matmul(n: Node, y: Node, g: Node) -> list[Node]:
    return [matmul(*(x.T for x in n.args[:i][::-1]), g, *(x.T for x in n.args[:i:-1])) for i in range(len(n.args))]


def _hadamard(n: Node, y: Node, g: Node) -> list[Node]:
    parts = [hadamard(g, *n.args[:i], *n.args[i + 1:]) for i in range(len(n.args))]
    return [total_of(p) if x.is_scalar and not p.is_scalar else p for x, p in zip(n.args, parts, strict=True)]


def total_of(a: Node) -> Node:
    """1' A 1: the sum of all entries, a scalar."""
    rows, columns = a.shape
    left, right = ([] if rows == 1 else [Ones(1, rows)]), ([] if columns == 1 else [Ones(columns, 1)])
    return matmul(*left, a, *right)


def _stack(n: Node, y: Node, g: Node) -> list[Node]:
    starts = [sp.Add(*(b.shape[0] for b in n.args[:i])) for i in range(len(n.args))]
    return [take(g, start, block.shape[0]) for start, block in zip(starts, n.args, strict=True)]


def _slice(n: Node, y: Node, g: Node) -> list[Node]:
    x, start, rows = n.args
    columns = x.shape[1]
    return [stack(Zeros(start, columns), g, Zeros(x.shape[0] - start - rows, columns))]


def diagonal_of(a: Node) -> Node:
    """The diagonal of a square matrix as a column: (I o A) 1."""
    return matmul(hadamard(Identity(a.shape[0]), a), Ones(a.shape[0], 1))


VJP: dict[type[Node], Callable[[Any, Node, Node], list[Node]]] = {
    Add:         lambda n, y, g: [g for _ in n.args],                              # d(A + B)
    Hadamard:    _hadamard,                                                        # g o B, g o A; summed for a scalar
    MatMul:      _matmul,                                                          # A^T g B^T
    Scale:       lambda n, y, g: [scale(n.args[0], g)],                            # c g
    Transpose:   lambda n, y, g: [g.T],
    Diag:        lambda n, y, g: [diagonal_of(g)],
    Elementwise: lambda n, y, g: [hadamard(g, derivative(n, y))],                  # g o f'(x)
    Stack:       _stack,                                                           # the rows of g
    Slice:       _slice,                                                           # g between zeros
    Ones:        lambda n, y, g: [],
    Zeros:       lambda n, y, g: [],
    Identity:    lambda n, y, g: [],
}
BY_SWEEP: dict[type[Node], str] = {                          # nodes without a line, and why
    Named:       "the sweep collects it",
    When:        "the sweep goes into its body: [condition] holds for all that is found there",
    SumOver:     "the sweep goes into its body: the cotangent of each term is g",
    ProductOver: "the sweep goes into its body: left^T g right^T",
}
