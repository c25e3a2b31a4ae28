"""Total Jacobians dv_s/du_k as quantities of their own, defined by recurrences: forward in s, or backward in k.

dv_s/du_k is I where v_s is u_k itself, and absent (0) where no path leads from u_k to v_s.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator

import sympy as sp

from lstm_sym.calculus.influence import (
    Moving,
    Steps,
    axes_of,
    domain_of,
    influenced,
    is_boundary,
    occurrences,
    patterns,
)
from lstm_sym.calculus.jacobian import JACOBIAN, direct_jacobian, identity, jacobian_of, length, meet, recurrent
from lstm_sym.calculus.jvp import Forward
from lstm_sym.calculus.landing import Contribution, Range, contribution_at, when
from lstm_sym.errors import NotDefined
from lstm_sym.expr.affine import Domain
from lstm_sym.expr.indices import integer
from lstm_sym.expr.labels import Label, Total
from lstm_sym.expr.nodes import Named, Node, ProductOver, Zeros, add, matmul
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, Scan, once
from lstm_sym.expr.substitute import fresh_index, named_in, replace_indices


def total(v: Named, u: Named) -> Named:
    """The name of dv/du at the indices of both: output x input; for a scalar v the gradient, shaped as u."""
    rows, columns = (u.shape[0], 1) if v.is_scalar else (length(v), u.shape[0])
    return Named(Total(v.label, u.label, len(v.indices)), rows, columns, *v.indices, *u.indices)


def _as_jacobian(v: Named, named: Node) -> Node:
    """The gradient of a scalar as a row, and back."""
    return named.T if v.is_scalar else named


def second_axes(recurrence: Recurrence, letter: str = "k", taken: Iterable[sp.Symbol] = ()) -> dict[sp.Symbol, Axis]:
    """A second copy of each axis, so that dv_s/du_k has two times: k, k1, k2 ..."""
    used = {s for q in recurrence.quantities for i in (*q.shape, *q.indices) for s in i.free_symbols}
    used |= {s for a in recurrence.axes for s in a.length.free_symbols} | set(taken)
    copies: dict[sp.Symbol, Axis] = {}
    for axis in recurrence.axes:
        symbol = integer(letter)
        symbol = fresh_index(symbol, used) if symbol in used else symbol
        used.add(symbol)
        copies[axis.index] = Axis(symbol, axis.length)
    return copies


def moved_to(named: Named, copies: dict[sp.Symbol, Axis]) -> Named:
    """The quantity at the second copy of its axes."""
    return named[tuple(copies[i].index if i in copies else i for i in named.indices)] if named.indices else named


def upstream(recurrence: Recurrence, target: Label) -> frozenset[Label]:
    """Labels from which some path leads to `target`; the target too."""
    reached, before = {target}, 0
    while len(reached) != before:
        before = len(reached)
        reached |= {q.label for e in recurrence.equations if e.lhs.label in reached for q in named_in(e.rhs)}
    return frozenset(reached)


# --- forward in s -----------------------------------------------------------------------------------------

def sensitivity(recurrence: Recurrence, of: str, by: str) -> Recurrence:
    """dv_s/du_k = sum over what v_s reads of direct partial * total: real-time recurrent learning, for columns.

    One equation for each v on a path from u = `by` to `of`, over the axes of v and a second copy (k) of those of u; if
    u has an end u[0], one more over the axes of v with k = 0.  by: any column, computed or given.
    Shapes: rows of v x rows of u; a scalar v has a gradient, the column.  Errors: UnknownName, NotDefined for a matrix.
    """
    target, source = recurrence.quantity(of), recurrence.quantity(by)
    copies, steps = second_axes(recurrence), Steps(recurrence, source.label)
    wanted = upstream(recurrence, target.label)
    lanes = [_Lane(recurrence, u, copies, steps) for u in patterns(recurrence)[source.label]]
    ends = once(*(Equation(total(lane.u, lane.u), identity(lane.u)) for lane in lanes if lane.begins))
    scans = [Scan(tuple(lane.equation(e) for e in scan.equations for lane in lanes
                        if e.lhs in lane.moving.reached and e.lhs.label in wanted), scan.direction)
             for scan in recurrence.scans]
    axes = tuple(copies[a.index] for a in axes_of(recurrence, source))
    return recurrence.then(*(s for s in (ends, *scans) if s.equations), axes=recurrence.axes + axes,
                           outputs=tuple(total(target, lane.at) for lane in lanes if target in lane.moving.reached))


class _Lane:
    """The totals by one pattern of u: the general u_k, or an end such as u_0."""

    def __init__(self, recurrence: Recurrence, u: Named, copies: dict[sp.Symbol, Axis], steps: Steps) -> None:
        self.recurrence, self.u, self.steps = recurrence, u, steps
        self.at, self.unit = moved_to(u, copies), identity(u)
        self.axes = tuple(copies[a.index] for a in axes_of(recurrence, u))
        self.moving = Moving(recurrence, [u])
        self.given = u in recurrence.free
        self.begins = self.given and is_boundary(recurrence, u)

    def equation(self, e: Equation) -> Equation:
        """dv/du = I where v is u itself, and through all that v reads."""
        inside = domain_of(self.recurrence, e.over + self.axes)
        support = self.steps.through(e, domain_of(self.recurrence, e.over), self.at.indices)
        J = jacobian_of(e.rhs, e.lhs, self.leaf, self.u.shape[0], inside | support)
        parts = [when(J, support, inside)]
        if e.lhs == self.u:
            parts.insert(0, when(self.unit, meet(e.lhs.indices, self.at.indices), inside))
        return Equation(total(e.lhs, self.at), _as_jacobian(e.lhs, add(*parts)), e.over + self.axes)

    def leaf(self, at: Named, inside: Domain) -> Node:
        """What an occurrence reads: I if it is u_k and given, else its own total."""
        found: list[Node] = [Zeros(length(at), self.u.shape[0])]
        support = self.steps.domain(at.label, at.indices, self.at.indices)
        for name, conditions in self.moving.cases(at, inside, lambda pattern: self._name(pattern, at)):
            if name == at:
                found.append(when(self.unit, conditions | meet(at.indices, self.at.indices), inside))
            else:
                found.append(when(_as_jacobian(at, name), conditions | support, inside))
        return add(*found)

    def _name(self, pattern: Named, at: Named) -> Named:
        return at if self.given and pattern == self.u and not self.begins else total(at, self.at)


# --- backward in k ----------------------------------------------------------------------------------------

def adjoint_sensitivity(recurrence: Recurrence, of: str, by: str) -> Recurrence:
    """dv_s/du_k = sum over what reads u_k of total * direct partial: the same Jacobians, backward in k.

    v = `of` is one family and u every family on a path from `by` to it; at the last k it starts with I.
    Shapes and errors as `sensitivity`.
    """
    target, source = recurrence.quantity(of), recurrence.quantity(by)
    copies, wanted = second_axes(recurrence), upstream(recurrence, target.label)
    uses = _Uses(recurrence, target, copies)
    between = {q.label for q in influenced(recurrence, patterns(recurrence)[source.label])} & wanted
    identity(source), identity(target)
    family = patterns(recurrence)[source.label]
    any_way = (1,) * len(axes_of(recurrence, target))        # the axes of v come first, and no step is taken along them
    scans = [Scan(tuple(uses.equation(e.lhs) for e in reversed(scan.equations) if e.lhs.label in between),
                  any_way + tuple(-d for d in scan.direction)) for scan in reversed(recurrence.scans)]
    ends = once(*(uses.equation(u) for u in family if u in recurrence.free))
    axes = tuple(a for a in copies.values() if any(a in e.over for scan in (*scans, ends) for e in scan.equations))
    return recurrence.then(*(s for s in (*scans, ends) if s.equations), axes=recurrence.axes + axes,
                           outputs=tuple(total(target, moved_to(u, copies)) for u in family))


class _Uses:
    """What each reader of u_k adds to dv_s/du_k: its own total times its direct partial by that occurrence."""

    def __init__(self, recurrence: Recurrence, target: Named, copies: dict[sp.Symbol, Axis]) -> None:
        self.recurrence, self.target, self.copies = recurrence, target, copies
        self.steps = Steps(recurrence, target.label, towards=True)
        self.readers = second_axes(recurrence, "j", {a.index for a in copies.values()})
        self.wanted = upstream(recurrence, target.label)

    def equation(self, u: Named) -> Equation:
        """dv_s/du_k = [v_s is u_k] I + sum over the readers."""
        at = moved_to(u, self.copies)
        own = axes_of(self.recurrence, self.target)
        axes = own + tuple(self.copies[a.index] for a in axes_of(self.recurrence, u))
        domain = domain_of(self.recurrence, axes)
        parts: list[Node] = [Zeros(length(self.target), length(u))]
        if u.label == self.target.label:
            parts.append(when(identity(u), meet(self.target.indices, at.indices), domain))
        for use, support in self._reading(u.label):
            part = contribution_at(at, use, domain, support)
            parts.extend([] if part is None else [part])
        return Equation(total(self.target, at), _as_jacobian(self.target, add(*parts)), axes)

    def _reading(self, name: Label) -> Iterator[tuple[Contribution, Domain]]:
        """Each occurrence of the family `name` in an equation on the way to the target, and where it counts."""
        for e in self.recurrence.equations:
            if e.lhs.label in self.wanted:
                reader, over = moved_to(e.lhs, self.readers), tuple(self.readers[a.index] for a in e.over)
                rhs = replace_indices(e.rhs, {old: axis.index for old, axis in self.readers.items()})
                inside = domain_of(self.recurrence, over)
                support = self.steps.domain(reader.label, reader.indices, self.target.indices)
                outer = _as_jacobian(self.target, total(self.target, reader))
                for o in dict.fromkeys(o for o in occurrences(rhs, inside) if o.named.label == name):
                    J = matmul(outer, _partial(rhs, reader, o.named, o.inside, inside))
                    ranges = tuple(Range(a.index, sp.S.One, a.length) for a in over) + o.ranges
                    yield Contribution(o.named, J, ranges), support


def _partial(rhs: Node, value: Named, by: Named, there: Domain, inside: Domain) -> Node:
    """The Jacobian of `rhs` by one occurrence, the sums around it left open: their indices stay free."""
    unit, columns = identity(by), by.shape[0]

    def leaf(at: Named, here: Domain) -> Node:
        return unit if at == by and here == there else Zeros(length(at), columns)

    return Forward("JACOBIAN", JACOBIAN, lambda n: Zeros(length(n), columns), leaf, lambda J, *_: J)(rhs, value, inside)


# --- closed form ------------------------------------------------------------------------------------------

def transition_product(recurrence: Recurrence, state: str) -> Node:
    """dh_T/dh_t = J_T J_(T-1) ... J_(t+1), the latest factor on the left, J_k the direct partial of h_k by h_(k-1).

    For a state h along one axis through which alone the past acts.  Free: t and T; I for t = T.
    Errors: NotDefined if another quantity carries something from step to step: then `sensitivity`.
    """
    h = recurrence.quantity(state)
    time, previous = _only_axis(recurrence, h)
    cycle = recurrent(recurrence) & upstream(recurrence, h.label)
    for e in recurrence.equations:
        for q in named_in(e.rhs):
            if e.lhs.label in cycle and q.label in cycle and q.indices != e.lhs.indices and q != previous:
                raise NotDefined(f"{e.lhs} reads {q}, so {state} alone does not carry the past; take `sensitivity`")
    k = second_axes(recurrence)[time.index].index
    J = replace_indices(direct_jacobian(recurrence, h, previous), {time.index: k})
    return ProductOver(J, k, time.index + 1, time.length, -1)


def _only_axis(recurrence: Recurrence, h: Named) -> tuple[Axis, Named]:
    """The axis of a state with one, and the state one step before."""
    axes = axes_of(recurrence, h)
    forward = any(e.lhs == h and scan.direction == (1,) for scan in recurrence.scans for e in scan.equations)
    if len(axes) != 1 or not forward:
        raise NotDefined(f"{h} does not run forward along one axis; take `sensitivity`")
    return axes[0], h[axes[0].index - 1]
