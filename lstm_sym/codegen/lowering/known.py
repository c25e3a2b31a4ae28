"""What every lowering step knows: the axis, what no sample enters, fresh names, what a loop has at its end."""

from __future__ import annotations

from dataclasses import dataclass, field

from sympy.core.symbol import Str

from lstm_sym.codegen.lowering.columns import is_fixed
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import Add, Named, Node, add
from lstm_sym.expr.recurrence import Axis


@dataclass
class Known:
    """ends: the terms of what a loop carries, at its last step -> the name of that value."""

    axis: Axis
    unbatched: frozenset[Label]
    taken: set[Label]
    ends: dict[frozenset[Node], Named] = field(default_factory=dict)

    def is_fixed(self, node: Node) -> bool:
        """Does no sample enter `node`?"""
        return (
            is_fixed(node, lambda q: q.label in self.unbatched)
            if not isinstance(node, Named)
            else node.label in self.unbatched
        )

    def fresh(self, stem: str) -> Label:
        """A label that no quantity has yet."""
        number, label = 1, Str(stem)
        while label in self.taken:
            number += 1
            label = Str(f"{stem}{number}")
        self.taken.add(label)
        return label

    def introduce(self, stem: str, value: Node) -> Named:
        """A new time family for `value`."""
        return Named(self.fresh(stem), *value.shape, self.axis.index)

    def ended(self, node: Node) -> Node:
        """`node` with sums that a loop has computed already replaced by their names."""
        if not isinstance(node, Add):
            return self.ends.get(frozenset({node}), node)
        terms = set(node.args)
        for parts, name in self.ends.items():
            if parts <= terms and len(terms) == len(node.args):
                node = add(*(t for t in node.args if t not in parts), name)
                return node
        return node
