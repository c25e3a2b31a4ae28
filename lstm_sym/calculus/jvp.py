"""Forward mode on one expression: the JVP table, one line a node, and the sweep that forward modes share.

n node, y its value (the named quantity where there is one), d the tangents of its operands, in their shapes.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from lstm_sym.calculus.landing import Range, narrow, when
from lstm_sym.calculus.vjp import SCOPES, children_first, others, renamed
from lstm_sym.errors import MissingRule
from lstm_sym.expr.affine import Domain, symbols
from lstm_sym.expr.functions import derivative
from lstm_sym.expr.indices import affine, integer
from lstm_sym.expr.nodes import (
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
    sum_over,
    take,
)

Leaf: TypeAlias = Callable[[Named, Domain], Node]            # the tangent of a named quantity, where it is looked at
Rule: TypeAlias = Callable[[Any, Node, tuple[Node, ...]], Node]


@dataclass(frozen=True, slots=True)
class Forward:
    """A forward mode: its table, what a constant's tangent is, the tangents of named quantities, and how it sums."""

    name: str
    table: Mapping[type[Node], Rule]
    zero: Callable[[Node], Node]
    leaf: Leaf
    sum: Callable[[Node, Range, Domain], Node] = narrow

    def __call__(self, root: Node, value: Node, inside: Domain) -> Node:
        """The tangent of `root`, whose value is known as `value`, at the points of the domain `inside`."""
        tangents: dict[Node, Node] = {}
        for n in children_first(root):
            if isinstance(n, Named):
                tangents[n] = self.leaf(n, inside)
            elif isinstance(n, SCOPES):
                tangents[n] = self._scope(n, inside)
            else:
                tangents[n] = self._apply(n, value if n is root else n, tuple(tangents[x] for x in operands(n)))
        return tangents[root]

    def _apply(self, n: Node, y: Node, d: tuple[Node, ...]) -> Node:
        moving = [i for i, x in enumerate(d) if not is_zero(x)]
        if not moving:
            return self.zero(n)
        if type(n) not in self.table:
            raise MissingRule.for_node(self.name, n)
        if not any(isinstance(d[i], When) for i in moving):
            return self.table[type(n)](n, y, d)
        return add(*(self._alone(n, y, d[i], i) for i in moving))          # every rule is linear in d

    def _alone(self, n: Node, y: Node, d: Node, i: int) -> Node:
        """The part of one operand; a condition on its tangent is one on the part."""
        body, conditions = (d.args[0], d.args[1:]) if isinstance(d, When) else (d, ())
        part = self.table[type(n)](n, y, tuple(body if i == j else self.zero(x) for j, x in enumerate(operands(n))))
        return When(part, *conditions) if conditions else part

    def _scope(self, n: Node, inside: Domain) -> Node:
        """Below a binder or a condition more is known of the indices."""
        if isinstance(n, When):
            conditions = frozenset(map(affine, n.args[1:]))
            tangent = self(n.args[0], n.args[0], inside | conditions)
            return self.zero(n) if is_zero(tangent) else when(tangent, conditions, inside)
        n = renamed(n, {integer(s) for s in symbols(inside)})
        body, k, low, high = n.args[:4]
        here = Range(k, low, high)
        d = self(body, body, inside | here.domain)
        if isinstance(n, SumOver):
            return self.zero(n) if is_zero(d) else self.sum(d, here, inside)
        return self._apply(n, n, (d,))


def pushforward(root: Node, value: Node, leaf: Leaf, inside: Domain = frozenset()) -> Node:
    """d root in the direction that `leaf` gives for each named quantity; the shape of root."""
    return Forward("JVP", JVP, lambda n: Zeros(*n.shape), leaf)(root, value, inside)


def _each(n: Node, d: tuple[Node, ...], product: Callable[..., Node]) -> Node:
    """The product rule: sum over the factors, one replaced by its tangent."""
    return add(*(product(*n.args[:i], d[i], *n.args[i + 1:]) for i in range(len(d))))


def _product_over(n: ProductOver, y: Node, d: tuple[Node, ...]) -> Node:
    left, right = others(n)
    return sum_over(matmul(left, d[0], right), *n.args[1:4])


JVP: dict[type[Node], Rule] = {
    Add:         lambda n, y, d: add(*d),                                          # dA + dB
    Hadamard:    lambda n, y, d: _each(n, d, hadamard),                            # dA o B + A o dB
    MatMul:      lambda n, y, d: _each(n, d, matmul),                              # dA B + A dB
    Scale:       lambda n, y, d: scale(n.args[0], d[0]),                           # c dA
    Transpose:   lambda n, y, d: d[0].T,
    Diag:        lambda n, y, d: Diag(d[0]),
    Elementwise: lambda n, y, d: hadamard(derivative(n, y), d[0]),                 # f'(x) o dx
    Stack:       lambda n, y, d: Stack(*d),
    Slice:       lambda n, y, d: take(d[0], *n.args[1:]),
    ProductOver: _product_over,                                                    # sum of left d(body) right
}
BY_SWEEP: dict[type[Node], str] = {                          # nodes without a line, and why
    Named:       "the caller gives its tangent",
    SumOver:     "the sweep goes into its body: sum of d body, its conditions made bounds",
    When:        "the sweep goes into its body: [condition] d body",
    Ones:        "constant",
    Zeros:       "constant",
    Identity:    "constant",
}
