"""What every lowering step knows: the axis, which quantities no sample enters, fresh names and what they stand for."""

from __future__ import annotations

from dataclasses import dataclass, field

from sympy.core.symbol import Str

from lstm_sym.codegen.columns import is_fixed
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import Add, Named, Node, When, add
from lstm_sym.expr.recurrence import Axis
from lstm_sym.expr.substitute import replace_indices, replace_named


@dataclass
class Known:
    """meaning: fresh label -> its general member and what it stands for; ends: final value of a loop's sum -> its name;
    carried: names that are 0 before the first step of their loop -> its direction.
    """

    axis: Axis
    unbatched: frozenset[Label]
    taken: set[Label]
    meaning: dict[Label, tuple[Named, Node]] = field(default_factory=dict)
    ends: dict[frozenset[Node], Named] = field(default_factory=dict)
    carried: dict[Label, int] = field(default_factory=dict)

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
        member = Named(self.fresh(stem), *value.shape, self.axis.index)
        self.meaning[member.label] = (member, value)
        return member

    def at(self, q: Named, value: Node) -> Node:
        """`value`, general in time, at the indices of q; a carried one only where its step exists."""
        t = self.axis.index
        moved = replace_indices(value, {t: q.indices[0]}) if q.indices else value
        if q.label not in self.carried or not q.indices[0].has(t) or q.indices[0] == t:
            return moved
        return When(moved, q.indices[0] - 1 if self.carried[q.label] > 0 else self.axis.length - q.indices[0])

    def unfold(self, node: Node) -> Node:
        """`node` with every fresh name replaced by what it stands for."""

        def meaning(q: Named) -> Node:
            if q.label not in self.meaning:
                return q
            return self.unfold(self.at(q, self.meaning[q.label][1]))

        return replace_named(node, meaning)

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
