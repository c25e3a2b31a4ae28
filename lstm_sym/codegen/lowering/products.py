"""Matrix products taken out of an expression: what is left is computed entry by entry.

z[t] = sum of M v[t] + base[t]: every sum that holds a product gets a name; those that share an operand are stacked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lstm_sym.codegen.lowering.known import Known
from lstm_sym.codegen.lowering.program import Affine, Compute, Instruction, Term, members
from lstm_sym.expr.nodes import Add, Elementwise, Hadamard, MatMul, Named, Node, Scale, Slice, Stack, Zeros, add, scale

Wanted = Callable[[Node], bool]


@dataclass(frozen=True, slots=True)
class Sum:
    """target = sum of matrix @ operand + base."""

    target: Named
    products: tuple[tuple[Node, Named], ...]
    base: Node

    @property
    def operands(self) -> tuple[Named, ...]:
        """Right factors, in order."""
        return tuple(v for _, v in self.products)


@dataclass
class Extraction:
    """Takes the products whose operand is `wanted` out of expressions; `found` is in order of evaluation."""

    known: Known
    wanted: Wanted
    belongs: Wanted  # is a term part of the base, apart from products?
    found: list[Sum | Compute] = field(default_factory=list)
    named: dict[Node, Named] = field(default_factory=dict)   # sums that have a name already

    def equation(self, target: Named, value: Node) -> None:
        """target = value, its products first."""
        inner = self.expression(value, target)
        if inner != target:
            self.found.append(Compute(target, inner))

    def expression(self, n: Node, target: Named | None = None) -> Node:
        """`n` with its products named; if all of `n` is one sum, its name is `target`."""
        if not self.has_product(n):
            return n
        if isinstance(n, Add | MatMul) or (isinstance(n, Scale) and isinstance(n.args[1], MatMul)):
            return self.sum(n, target)
        if isinstance(n, Hadamard | Elementwise | Scale | Slice | Stack):
            return n.func(*(self.expression(a) if isinstance(a, Node) else a for a in n.args))
        return n

    def has_product(self, n: Node) -> bool:
        """Is there a product with a wanted operand in `n`?"""
        if isinstance(n, MatMul) and n.shape[1] == 1 and self.wanted(n.args[-1]):
            return True
        return any(self.has_product(a) for a in n.args if isinstance(a, Node))

    def sum(self, n: Node, target: Named | None) -> Node:
        products: list[tuple[Node, Named]] = []
        base: list[Node] = []
        rest: list[Node] = []
        for term in members(n, Add):
            coefficient, inner = term.args if isinstance(term, Scale) else (1, term)
            if isinstance(inner, MatMul) and self.wanted(inner.args[-1]):
                matrix = inner.args[0] if len(inner.args) == 2 else MatMul(*inner.args[:-1])
                products.append((scale(coefficient, matrix), self.operand(inner.args[-1])))
            elif self.has_product(term):
                rest.append(self.expression(term))
            else:
                (base if self.belongs(term) else rest).append(term)
        if not products:
            return add(*base, *rest)
        whole = target is not None and not rest
        value = add(*(m @ v for m, v in products), *base)
        if not whole and value in self.named:
            return add(self.named[value], *rest)
        stem = "sum_" + (plain(target.name) if target is not None else "part")
        name = target if target is not None and not rest else self.known.introduce(stem, value)
        self.named.setdefault(value, name)
        self.found.append(Sum(name, tuple(products), add(*base) if base else Zeros(*n.shape)))
        return add(name, *rest)

    def operand(self, v: Node) -> Named:
        inner = self.expression(v)
        if isinstance(inner, Named):
            return inner
        name = self.known.introduce("operand", inner)
        self.found.append(Compute(name, inner))
        return name


def plain(name: str) -> str:
    """A name as part of an identifier."""
    return "".join(c if c.isalnum() else "_" for c in name).strip("_")


def together(found: list[Sum | Compute], carries: tuple[Named, ...] = ()) -> list[Instruction]:
    """Sums with the same operands become one product with stacked matrices, at the place of the first.

    A carried sum stays where it is, behind all that reads the value the step before has left.
    """
    groups: dict[tuple[Named, ...], list[Sum]] = {}
    for item in found:
        if isinstance(item, Sum) and item.target not in carries:
            groups.setdefault(item.operands, []).append(item)
    result: list[Instruction] = []
    for item in found:
        if isinstance(item, Compute):
            result.append(item)
        elif item.target in carries:
            result.append(affine([item]))
        elif item.operands in groups:
            result.append(affine(groups.pop(item.operands)))
    return result


def affine(group: list[Sum]) -> Affine:
    """One instruction for sums with the same operands; several operands of a single sum stand in one block row."""
    targets, bases = tuple(s.target for s in group), tuple(s.base for s in group)
    operands = group[0].operands
    if len(group) == 1 and len(set(operands)) == len(operands):
        terms: tuple[Term, ...] = (Term((tuple(m for m, _ in group[0].products),), operands),)
    else:
        terms = tuple(Term(tuple((s.products[k][0],) for s in group), (operands[k],)) for k in range(len(operands)))
    return Affine(targets, terms, bases)
