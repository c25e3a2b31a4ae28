"""Recurrence: the central type.  A cell is one, its backpropagation through time is one.

Axes (time, depth ...), parameters, inputs, noise, initial values, and scans: ordered named equations that run along
the axes in a direction.  A later scan reads the trajectories of the earlier ones.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp

from lstm_sym.errors import UnknownName
from lstm_sym.expr.affine import ONE, Affine, Domain, between, equal_to, variable
from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import Label, label
from lstm_sym.expr.nodes import Named, Node
from lstm_sym.expr.substitute import named_in


@dataclass(frozen=True, slots=True)
class Axis:
    """index runs 1 .. length; 0 is the boundary."""

    index: sp.Symbol
    length: sp.Expr

    @property
    def domain(self) -> Domain:
        """1 <= index <= length."""
        return between(ONE, variable(self.index.name), affine(self.length))


@dataclass(frozen=True, slots=True)
class Equation:
    """lhs[t, l] = rhs for all values of the axes in `over`; () = once.

    The indices of lhs are the axes' symbols, or constants for a boundary: h[0], c[0, l].
    """

    lhs: Named
    rhs: Node
    over: tuple[Axis, ...] = ()

    @property
    def domain(self) -> Domain:
        """Where the equation holds, over the axes' symbols."""
        return frozenset().union(*(axis.domain for axis in self.over))


@dataclass(frozen=True, slots=True)
class Scan:
    """Equations evaluated in order at each point, the points in the given direction (+1 / -1 for each axis)."""

    equations: tuple[Equation, ...]
    direction: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Axes; what is given: parameters, inputs, noise, initial values; what is computed: scans; what is read: outputs.

    given: further free quantities, such as the direct partial derivatives of an arbitrary loss.
    """

    axes: tuple[Axis, ...] = ()
    parameters: tuple[Named, ...] = ()
    inputs: tuple[Named, ...] = ()
    noise: tuple[Named, ...] = ()
    initial: tuple[Named, ...] = ()
    scans: tuple[Scan, ...] = ()
    outputs: tuple[Named, ...] = ()
    cite: str = ""
    given: tuple[Named, ...] = ()
    _families: dict[Label, list[Equation]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __hash__(self) -> int:
        """Of a little that tells most apart: what is derived from a recurrence is kept by it."""
        return hash((self.outputs, self.given, len(self.scans)))

    @property
    def equations(self) -> tuple[Equation, ...]:
        """Every equation, in order of evaluation."""
        return tuple(equation for scan in self.scans for equation in scan.equations)

    @property
    def free(self) -> tuple[Named, ...]:
        """Every quantity that is given and not computed."""
        return self.parameters + self.inputs + self.noise + self.initial + self.given

    @property
    def quantities(self) -> tuple[Named, ...]:
        """Every named quantity: given ones, then computed ones."""
        return self.free + tuple(equation.lhs for equation in self.equations)

    @property
    def states(self) -> tuple[Named, ...]:
        """The computed quantities with an initial value: what is carried from step to step."""
        carried = {named.label for named in self.initial}
        return tuple(e.lhs for e in self.equations if e.lhs.label in carried)

    def quantity(self, name: str | Label) -> Named:
        """The quantity of this name at general indices, boundary values last.  Errors: UnknownName."""
        found = [q for q in self.quantities if q.label == label(name)]
        if not found:
            known = ", ".join(dict.fromkeys(q.name for q in self.quantities))
            raise UnknownName(f"no quantity is called {name}; there are {known}")
        running = {a.index for a in self.axes}
        return max(found, key=lambda q: (sum(i in running for i in q.indices), sum(bool(i.free_symbols) for i in q.indices)))

    def definitions(self, name: Label) -> tuple[Equation, ...]:
        """The equations that define the family `name`: the general one and those of boundary values."""
        if not self._families:
            for e in self.equations:
                self._families.setdefault(e.lhs.label, []).append(e)
        return tuple(self._families.get(name, ()))

    def reached(self, labels: Iterable[Label]) -> frozenset[Label]:
        """The labels, and all that their equations read in turn."""
        found: set[Label] = set()
        pending = list(labels)
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += [q.label for e in self.definitions(name) for q in named_in(e.rhs)]
        return frozenset(found)

    def defining(self, labels: Iterable[Label]) -> frozenset[Equation | Named]:
        """The equations and the free quantities that say what the labels are: what else there is says nothing of them."""
        names = self.reached(labels)
        return frozenset((*(e for name in names for e in self.definitions(name)), *(q for q in self.free if q.label in names)))

    def domain_of(self, named: Named) -> Domain:
        """Where a given or computed quantity exists, over the symbols of its own indices; lengths are >= 1."""
        axes = {axis.index: axis for axis in self.axes}
        return frozenset().union(*(axes[i].domain for i in named.indices if i in axes))

    @property
    def context(self) -> Domain:
        """What always holds: every length is at least 1."""
        return frozenset(Affine(f.terms, f.constant - 1) for f in (affine(a.length) for a in self.axes) if f.terms)

    def then(self, *scans: Scan, **changes: Any) -> Recurrence:
        """This recurrence with more scans behind it, and other fields replaced."""
        return replace(self, scans=self.scans + scans, **changes)


def once(*equations: Equation) -> Scan:
    """Equations without an axis, or whose order does not matter: one group, evaluated last."""
    return Scan(equations)


def member_domain(pattern: Named, at: Named, over: tuple[Axis, ...]) -> Domain:
    """Where `at` is a member of the family `pattern`: its indices in the axes' ranges, constants equal.

    >>> member_domain(h[t], h[s - 1], (time,))  is  1 <= s - 1 <= T
    """
    axes = {axis.index: axis for axis in over}
    conditions: set[Affine] = set()
    for general, here in zip(pattern.indices, at.indices, strict=True):
        if general in axes:
            conditions |= between(ONE, affine(here), affine(axes[general].length))
        else:
            conditions |= equal_to(affine(general), affine(here))
    return frozenset(conditions)


def instances(recurrence: Recurrence, at: Named) -> Iterator[tuple[Equation, dict[sp.Symbol, sp.Expr], Domain]]:
    """Each equation that can define `at`, with the values of its axes there and the conditions under which it does."""
    for equation in recurrence.definitions(at.label):
        if len(equation.lhs.indices) == len(at.indices):
            values = {g: h for g, h in zip(equation.lhs.indices, at.indices, strict=True) if isinstance(g, sp.Symbol)}
            yield equation, values, member_domain(equation.lhs, at, equation.over)
