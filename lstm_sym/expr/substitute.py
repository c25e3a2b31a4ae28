"""Substitution: memoised over shared nodes, aware of binders, never capturing.

`replace_indices` moves time (t -> t - 1), `replace_named` unfolds quantities; a bound index that would capture a free
symbol of the replacement is renamed first.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import TypeAlias, overload

import sympy as sp

from lstm_sym.expr.indices import integer
from lstm_sym.expr.nodes import BINDERS, Named, Node

Indices: TypeAlias = Mapping[sp.Symbol, sp.Expr]


@overload
def replace_indices(node: Named, values: Indices) -> Named: ...
@overload
def replace_indices(node: Node, values: Indices) -> Node: ...
def replace_indices(node: Node, values: Indices) -> Node:
    """node with every free index or size symbol of `values` replaced, all at once."""
    values = {s: sp.Integer(v) if isinstance(v, int) else v for s, v in values.items() if s != v}
    return _Indices(values)(node) if values else node


def replace_named(node: Node, unfold: Callable[[Named], Node]) -> Node:
    """node with every named quantity q replaced by unfold(q); return q itself to keep it."""
    return _Quantities(unfold)(node)


def exchanged(node: Node, values: Mapping[Named, Node]) -> Node:
    """node with each named quantity of `values` replaced by its value, all at once."""
    return replace_named(node, lambda q: values.get(q, q))


def nodes_in(node: Node) -> tuple[Node, ...]:
    """Every node in `node`, each once, in order of appearance; no recursion."""
    found: dict[Node, None] = {}
    pending = [node]
    while pending:
        here = pending.pop()
        if here not in found:
            found[here] = None
            pending.extend(a for a in reversed(here.args) if isinstance(a, Node))
    return tuple(found)


@lru_cache(maxsize=16384)
def named_in(node: Node) -> tuple[Named, ...]:
    """Every named quantity in `node`, each once, in order of appearance; bound indices as they stand."""
    return tuple(n for n in nodes_in(node) if isinstance(n, Named))


def free_indices(node: Node) -> frozenset[sp.Symbol]:
    """Index and size symbols that are not bound in `node`."""
    return _free(node)


@lru_cache(maxsize=65536)
def _free(part: sp.Basic) -> frozenset[sp.Symbol]:
    if isinstance(part, sp.Expr):
        return frozenset(part.free_symbols)
    if isinstance(part, BINDERS):
        body, bound, *limits = part.args
        return (_free(body) - {bound}).union(*map(_free, limits))
    return frozenset().union(*map(_free, part.args)) if isinstance(part, Node) else frozenset()


class _Indices:
    """One simultaneous replacement of index symbols."""

    def __init__(self, values: Indices) -> None:
        self.values = values
        self.incoming = {s for v in values.values() for s in v.free_symbols}
        self.memo: dict[Node, Node] = {}

    def __call__(self, node: Node) -> Node:
        if self.values.keys().isdisjoint(_free(node)):
            return node
        if node not in self.memo:
            moved = self._binder(node) if isinstance(node, BINDERS) else node.func(*map(self._argument, node.args))
            self.memo[node] = moved
        return self.memo[node]

    def _argument(self, argument: sp.Basic) -> sp.Basic:
        if isinstance(argument, Node):
            return self(argument)
        return argument.xreplace(self.values) if isinstance(argument, sp.Expr) else argument

    def _binder(self, node: Node) -> Node:
        body, bound, *limits = node.args
        limits = [self._argument(a) for a in limits]
        inner = {s: v for s, v in self.values.items() if s != bound}
        if bound in self.incoming and inner.keys() & free_indices(body):
            fresh = fresh_index(bound, self.incoming | free_indices(body) | set(self.values))
            body, bound = replace_indices(body, {bound: fresh}), fresh
        return node.func(replace_indices(body, inner), bound, *limits)


class _Quantities:
    """One unfolding of named quantities; bound indices of the surroundings are never captured by the replacement,
    because a replacement is made from the occurrence itself, and binders inside it are its own."""

    def __init__(self, unfold: Callable[[Named], Node]) -> None:
        self.unfold = unfold
        self.memo: dict[Node, Node] = {}

    def __call__(self, node: Node) -> Node:
        if node not in self.memo:
            self.memo[node] = self.unfold(node) if isinstance(node, Named) else self._rebuild(node)
        return self.memo[node]

    def _rebuild(self, node: Node) -> Node:
        arguments = [self(a) if isinstance(a, Node) else a for a in node.args]
        return node if all(a is b for a, b in zip(arguments, node.args, strict=True)) else node.func(*arguments)


def fresh_index(like: sp.Symbol, taken: Collection[sp.Symbol]) -> sp.Symbol:
    """A symbol named after `like` that is not in `taken`: k, k1, k2 ..."""
    stem, number = like.name.rstrip("0123456789"), 1
    while integer(f"{stem}{number}") in taken:
        number += 1
    return integer(f"{stem}{number}")
