"""Forward mode as a transformation: Recurrence in, Recurrence out (real-time recurrent learning, in a direction).

Each scan gives a scan in the same direction, one tangent name for each quantity that the moved ones influence.
"""
from __future__ import annotations

from collections.abc import Mapping

from lstm_sym.calculus.influence import Moving, domain_of, is_boundary
from lstm_sym.calculus.jvp import Leaf, pushforward
from lstm_sym.calculus.landing import when
from lstm_sym.errors import ShapeMismatch, UnknownName
from lstm_sym.expr.affine import Domain
from lstm_sym.expr.labels import Label, Tangent, label
from lstm_sym.expr.nodes import Named, Node, Zeros, add
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan, once


def tangent(recurrence: Recurrence, along: Mapping[str, Named]) -> Recurrence:
    """D v[t] = the derivative of every quantity when each named given quantity moves along its direction.

    along: {"W": V} moves the parameter W along V; {"h": u[0]} the initial value, {"x": v[t]} the input at all steps.
    Shapes: a direction as its quantity, a tangent as its variable.  What does not move has no tangent.
    Errors: UnknownName if no given quantity of that name has these indices, ShapeMismatch.
    """
    moved = {_moved(recurrence, name, direction): direction for name, direction in along.items()}
    moving, towards = Moving(recurrence, moved), direction_label(along)
    leaf = _leaf(moving, moved, towards)

    def equation(e: Equation) -> Equation:
        moves = pushforward(e.rhs, e.lhs, leaf, domain_of(recurrence, e.over))
        return Equation(tangent_of(e.lhs, towards), moves, e.over)

    ends = once(*(Equation(tangent_of(q, towards), v) for q, v in moved.items() if is_boundary(recurrence, q)))
    scans = [Scan(tuple(equation(e) for e in scan.equations if e.lhs in moving.reached), scan.direction)
             for scan in recurrence.scans]
    return recurrence.then(*(s for s in (ends, *scans) if s.equations), given=recurrence.given + tuple(moved.values()),
                           outputs=tuple(tangent_of(q, towards) for q in recurrence.outputs if q in moving.reached))


def tangent_of(named: Named, towards: str | Label) -> Named:
    """The name of the tangent of a quantity."""
    return Named(Tangent(named.label, towards), *named.shape, *named.indices)


def direction_label(along: Mapping[str, Named]) -> Label:
    """One label for the direction: V, or "V, v" for a joint move along both."""
    names = [direction.label for direction in along.values()]
    return names[0] if len(names) == 1 else label(", ".join(map(str, names)))


def _moved(recurrence: Recurrence, name: str, direction: Named) -> Named:
    """The given quantity that moves along `direction`."""
    named = next((q for q in recurrence.free if q.name == name and q.indices == direction.indices), None)
    if named is None:
        free = ", ".join(map(str, recurrence.free))
        raise UnknownName(f"nothing given is called {name} with indices as its direction {direction}; given: {free}")
    if named.shape != direction.shape:
        raise ShapeMismatch.between("moved along", named, direction)
    return named


def _leaf(moving: Moving, moved: Mapping[Named, Named], towards: Label) -> Leaf:
    """The tangent of an occurrence: of a moved family its direction, of a computed one its tangent, else absent."""

    def leaf(at: Named, inside: Domain) -> Node:
        def name(pattern: Named) -> Named:
            whole = pattern in moved and not is_boundary(moving.recurrence, pattern)
            return Named(moved[pattern].label, *at.shape, *at.indices) if whole else tangent_of(at, towards)

        cases = moving.cases(at, inside, name)
        return add(Zeros(*at.shape), *(when(n, conditions, inside) for n, conditions in cases))

    return leaf
