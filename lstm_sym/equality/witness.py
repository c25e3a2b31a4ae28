"""Witnesses: values of what is free at which two sides differ, every named quantity computed by the recurrence.

A witness is certified: exactly, or in balls that do not meet.  Only parameters, inputs, noise, initial values and given
quantities (such as direct partials of an arbitrary loss) are assigned.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from random import Random
from typing import Any

import flint
import numpy as np

from lstm_sym.equality.verdicts import Witness
from lstm_sym.errors import LstmSymError
from lstm_sym.expr.affine import Domain, symbols
from lstm_sym.expr.evaluate import Evaluation, Key, evaluate_affine
from lstm_sym.expr.fields import BALL, EXACT, FLOAT, Exact, Field, ln
from lstm_sym.expr.indices import affine
from lstm_sym.expr.nodes import MatMul, Named, Node, operands
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices, named_in

PRECISION = 160                                              # bits of the balls
STEPS = 4                                                    # the length used: room for an interior index
Sizes = dict[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Concrete sizes and lengths, and one value for each free index of the claim."""

    sizes: Sizes
    at: Sizes


def find_witness(a: Node, b: Node, recurrence: Recurrence, context: Domain, seed: int = 0) -> Witness | None:
    """A certified difference of a and b inside `context`, or None; the simplest that is found."""
    certified = next(_certified(a, b, recurrence, context, seed), None)
    if certified is None:
        return None
    return next(_exact(a, b, recurrence, context), certified)


def agree_in_floats(a: Node, b: Node, recurrence: Recurrence, context: Domain, seed: int = 0) -> bool:
    """Do a and b agree at a few random points?  A hint which way to look first, no verdict."""
    for place in _places(a, b, recurrence, context, distinct=True):
        values = _random(recurrence, place.sizes, Random(seed))
        try:
            left, right = _both(a, b, recurrence, place, _numbers(values, FLOAT), FLOAT)
        except (LstmSymError, ArithmeticError):
            continue
        if not np.allclose(left, right, rtol=1e-9, atol=1e-12, equal_nan=True):
            return False
    return True


# --- where ----------------------------------------------------------------------------------------------------

def _places(a: Node, b: Node, recurrence: Recurrence, context: Domain, distinct: bool) -> Iterator[Place]:
    """Interior indices first: those with the most room to every bound of the context."""
    lengths = sorted({s.name for axis in recurrence.axes for s in axis.length.free_symbols})
    shapes = {s.name for q in (*recurrence.quantities, a, b) for n in q.shape for s in n.free_symbols}
    indices = sorted({s.name for side in (a, b) for s in free_indices(side)} - set(lengths) - shapes)
    dimensions = sorted(shapes - set(lengths))
    for number in (range(2, 4) if distinct else (1, 2)):
        sizes = {s: number + (n if distinct else 0) for n, s in enumerate(dimensions)} | {s: STEPS for s in lengths}
        points = [dict(zip(indices, p, strict=True)) for p in product(range(STEPS + 1), repeat=min(len(indices), 4))]
        inside = [p for p in points if len(p) == len(indices) and _holds(context, {**sizes, **p})]
        for point in sorted(inside, key=lambda p: -_room(context, {**sizes, **p}))[:3]:
            yield Place(sizes, point)


def _holds(context: Domain, at: Mapping[str, int]) -> bool:
    known = [f for f in context if symbols([f]) <= at.keys()]
    return all(evaluate_affine(f, at) >= 0 for f in known)


def _room(context: Domain, at: Mapping[str, int]) -> int:
    return min((min(evaluate_affine(f, at), 1) for f in context if symbols([f]) <= at.keys()), default=0)


def _keys(recurrence: Recurrence, sizes: Sizes) -> Iterator[tuple[Named, Key]]:
    """Every member of every free family."""
    lengths = {axis.index: evaluate_affine(affine(axis.length), sizes) for axis in recurrence.axes}
    for q in recurrence.free:
        ranges = [range(1, lengths[i] + 1) if i in lengths else [evaluate_affine(affine(i), sizes)] for i in q.indices]
        for at in product(*ranges):
            yield q, (q.name, tuple(at))


# --- with what ------------------------------------------------------------------------------------------------

Values = dict[Key, list[list[Any]]]


def _random(recurrence: Recurrence, sizes: Sizes, random: Random) -> Values:
    """Small distinct rationals."""
    return {key: _matrix(q, sizes, lambda: Fraction(random.randint(-12, 12) or 5, random.choice((7, 8, 9, 11))))
            for q, key in _keys(recurrence, sizes)}


def _matrix(q: Named, sizes: Sizes, entry: Callable[[], Any]) -> list[list[Any]]:
    rows, columns = (evaluate_affine(affine(n), sizes) for n in q.shape)
    return [[entry() for _ in range(columns)] for _ in range(rows)]


def _numbers(values: Values, field: Field) -> dict[Key, Any]:
    def convert(v: Any) -> Any:
        return v if isinstance(v, Exact) and field is EXACT else field.number(v)

    return {key: np.array([[convert(v) for v in row] for row in rows], dtype=field.dtype).reshape(len(rows), -1)
            for key, rows in values.items()}


def _both(a: Node, b: Node, recurrence: Recurrence, place: Place, values: Mapping[Key, Any], field: Field) -> tuple[Any, Any]:
    evaluation = Evaluation(recurrence, place.sizes, values, field)
    return evaluation(a, place.at), evaluation(b, place.at)


# --- certified ------------------------------------------------------------------------------------------------

def _certified(a: Node, b: Node, recurrence: Recurrence, context: Domain, seed: int) -> Iterator[Witness]:
    """Balls at small distinct sizes."""
    with flint.ctx.workprec(PRECISION):
        for place in _places(a, b, recurrence, context, distinct=True):
            values = _random(recurrence, place.sizes, Random(seed))
            try:
                left, right = _both(a, b, recurrence, place, _numbers(values, BALL), BALL)
            except (LstmSymError, ArithmeticError):
                continue
            for entry in np.ndindex(left.shape):
                if not left[entry].overlaps(right[entry]):
                    yield _witness(place, values, entry, left[entry].str(12, radius=False), right[entry].str(12, radius=False), False)


def _exact(a: Node, b: Node, recurrence: Recurrence, context: Domain) -> Iterator[Witness]:
    """Exact values at small equal sizes: inputs are chosen so that pre-activations are logarithms and states rational."""
    for place in _places(a, b, recurrence, context, distinct=False):
        for attempt in range(3):
            try:
                values = _chosen(recurrence, place.sizes, Random(attempt))
                left, right = _both(a, b, recurrence, place, _numbers(values, EXACT), EXACT)
            except (LstmSymError, ArithmeticError):
                continue
            for entry in np.ndindex(left.shape):
                difference = Exact.of(left[entry]) - Exact.of(right[entry])
                if difference.terms and (not set(difference.terms) - {()} or not difference.enclosure().contains(0)):
                    yield _witness(place, values, entry, str(left[entry]), str(right[entry]), True)


def _witness(place: Place, values: Values, entry: tuple[int, ...], left: str, right: str, exact: bool) -> Witness:
    assign = {_spell(name, at): [[str(v) for v in row] for row in rows] for (name, at), rows in values.items()}
    return Witness(place.sizes, assign, (entry[0] + 1, entry[1] + 1), left, right, exact, place.at)


def _spell(name: str, at: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, at))}]" if at else name


def _chosen(recurrence: Recurrence, sizes: Sizes, random: Random) -> Values:
    """Small rationals, and identity weights at the inputs, which are set so that what each first enters is ln 2, ln 3 ..."""
    values = {key: _matrix(q, sizes, lambda: Fraction(random.choice((-1, 1, 1, 2)), random.choice((1, 1, 2))))
              for q, key in _keys(recurrence, sizes)}
    for source in recurrence.inputs:
        entered = next((e for e in recurrence.equations if any(q.label == source.label for q in named_in(e.rhs))), None)
        if entered is not None:
            for weight in _weights(entered.rhs, source):
                rows = values[weight.name, ()]
                rows[:] = [[Fraction(int(i == j)) for j in range(len(row))] for i, row in enumerate(rows)]
            for name, at in sorted(k for k in values if k[0] == source.name):
                _drive(recurrence, sizes, values, entered.lhs, (name, at), random)
    return values


def _weights(node: Node, source: Named) -> Iterator[Named]:
    """Parameters that multiply the input from the left."""
    if isinstance(node, MatMul):
        for left, right in pairwise(node.args):
            if isinstance(left, Named) and isinstance(right, Named) and right.label == source.label and not left.indices:
                yield left
    for x in operands(node):
        yield from _weights(x, source)


def _drive(recurrence: Recurrence, sizes: Sizes, values: Values, entered: Named, key: Key, random: Random) -> None:
    """The input at `key` becomes target - (what is entered without it)."""
    values[key] = [[Fraction(0)] for _ in values[key]]
    without = Evaluation(recurrence, sizes, _numbers(values, EXACT), EXACT).quantity(entered, key[1])
    if len(without) == len(values[key]):
        values[key] = [[ln(Fraction(random.choice((2, 3, Fraction(1, 2))))) - w[0]] for w in without]
