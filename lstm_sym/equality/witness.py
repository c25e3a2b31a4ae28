"""Witnesses: values of what is free at which two sides differ, every named quantity computed by the recurrence.

A witness is certified: exactly, or in balls that do not meet.  Only parameters, inputs, noise, initial values and given
quantities (such as direct partials of an arbitrary loss) are assigned.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, product
from random import Random
from time import process_time
from typing import Any, TypeAlias

import flint
import numpy as np

from lstm_sym.equality.places import Place, Sizes, cost, members, places
from lstm_sym.equality.verdicts import Witness
from lstm_sym.errors import LstmSymError
from lstm_sym.expr.affine import Domain
from lstm_sym.expr.evaluate import Evaluation, Key, evaluate_affine
from lstm_sym.expr.fields import BALL, EXACT, FLOAT, Exact, Field, ln
from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import label_text
from lstm_sym.expr.nodes import Elementwise, MatMul, Named, Node, operands
from lstm_sym.expr.recurrence import Equation, Recurrence
from lstm_sym.expr.substitute import named_in

PRECISION = 160  # bits of the balls
MOST_OPERATIONS = 100_000  # a claim that takes more is not evaluated
ATTEMPTS = 2  # choices of values at each place
Keys: TypeAlias = tuple[tuple[Named, Key], ...]
Known: TypeAlias = tuple[tuple[str, int], ...]                  # sizes and lengths by name
Values: TypeAlias = dict[Key, list[list[Any]]]
NOWHERE = (LstmSymError, ArithmeticError)  # a value that does not exist, or is not certain


def find_witness(
    a: Node, b: Node, recurrence: Recurrence, context: Domain, deadline: float = float("inf")
) -> Witness | None:
    """A certified difference of a and b inside `context`, at small distinct sizes; or None."""
    names = {q.label for q in (*recurrence.quantities, *named_in(a), *named_in(b))}
    if _too_long(a, b, recurrence) or len(set(map(label_text, names))) < len(names):  # values go by the text of a name
        return None
    for place, seed in product(places(a, b, recurrence, context, distinct=True), range(ATTEMPTS)):
        if process_time() > deadline:
            break
        values, evaluation = _net(recurrence, _keys(a, b, recurrence, place), _known(place), seed, BALL)
        witness = _apart(a, b, place, values, [evaluation])
        if witness is not None:
            return witness
    return None


def by_hand(
    a: Node, b: Node, recurrence: Recurrence, context: Domain, deadline: float = float("inf")
) -> Witness | None:
    """A certified difference at small equal sizes, with few values that are not 0; exact, if it can be."""
    for place, seed in product(places(a, b, recurrence, context, distinct=False), range(ATTEMPTS + 1)):
        keys = _keys(a, b, recurrence, place)

        def apart(zeros: list[Key], *fields: Field, place: Place = place, seed: int = seed, keys: Keys = keys) -> Witness | None:
            if process_time() > deadline:
                return None
            values = _chosen(keys, recurrence, place.sizes, seed, zeros)
            return _apart(a, b, place, values, (_evaluation(recurrence, place.sizes, values, f) for f in fields))

        found = apart([], EXACT, BALL)
        if found is not None:
            return _with_zeros(found, [key for _, key in keys], apart)
    return None


def agree_in_floats(a: Node, b: Node, recurrence: Recurrence, context: Domain) -> bool:
    """Do a and b agree at a few random points?  A hint which way to look first, no verdict."""
    if _too_long(a, b, recurrence):
        return True
    with np.errstate(all="ignore"):
        for place in places(a, b, recurrence, context, distinct=True):
            _, evaluation = _net(recurrence, _keys(a, b, recurrence, place), _known(place), 0, FLOAT)
            try:
                left, right = evaluation(a, place.at), evaluation(b, place.at)
            except NOWHERE:
                continue
            if not np.allclose(left, right, rtol=1e-9, atol=1e-12, equal_nan=True):
                return False
    return True


def _too_long(a: Node, b: Node, recurrence: Recurrence) -> bool:
    return _dearest((a, b)) > MOST_OPERATIONS or _dearest(tuple(e.rhs for e in recurrence.equations)) > MOST_OPERATIONS


@lru_cache(maxsize=64)
def _dearest(nodes: tuple[Node, ...]) -> int:
    memo: dict[Node, int] = {}
    return max((cost(node, memo) for node in nodes), default=0)


def _keys(a: Node, b: Node, recurrence: Recurrence, place: Place) -> Keys:
    """Every member of every free family; of names that are arbitrary, because no recurrence gives them, those that are read."""
    if recurrence.axes or recurrence.scans:
        return _families(recurrence, _known(place))
    return tuple(dict((key[1], key) for side in (a, b) for key in members(side, {**place.sizes, **place.at})).values())


@lru_cache(maxsize=64)
def _families(recurrence: Recurrence, known: Known) -> Keys:
    sizes = dict(known)
    lengths = {axis.index: evaluate_affine(affine(axis.length), sizes) for axis in recurrence.axes}
    found: list[tuple[Named, Key]] = []
    for q in recurrence.free:
        ranges = [range(1, lengths[i] + 1) if i in lengths else [evaluate_affine(affine(i), sizes)] for i in q.indices]
        found += [(q, (q.name, tuple(at))) for at in product(*ranges)]
    return tuple(found)


def _known(place: Place) -> Known:
    return tuple(place.sizes.items())


# --- with what ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _net(recurrence: Recurrence, keys: Keys, known: Known, seed: int, field: Field) -> tuple[Values, Evaluation]:
    """Random values of what is free; what follows from them is computed once, for every claim about the recurrence."""
    values = _random(keys, dict(known), Random(seed))
    return values, _evaluation(recurrence, dict(known), values, field)


def _evaluation(recurrence: Recurrence, sizes: Sizes, values: Values, field: Field) -> Evaluation:
    with flint.ctx.workprec(PRECISION):
        return Evaluation(recurrence, sizes, _numbers(values, field), field)


def _random(keys: Keys, sizes: Sizes, random: Random) -> Values:
    """Small distinct rationals."""
    return {
        key: _matrix(q, sizes, lambda: Fraction(random.randint(-12, 12) or 5, random.choice((7, 8, 9, 11))))
        for q, key in keys
    }


def _matrix(q: Named, sizes: Sizes, entry: Callable[[], Any]) -> list[list[Any]]:
    rows, columns = (evaluate_affine(affine(n), sizes) for n in q.shape)
    return [[entry() for _ in range(columns)] for _ in range(rows)]


def _numbers(values: Values, field: Field) -> dict[Key, Any]:
    def convert(v: Any) -> Any:
        return field.number(v) if not isinstance(v, Exact) else v if field is EXACT else v.enclosure()

    return {
        key: np.array([[convert(v) for v in row] for row in rows], dtype=field.dtype).reshape(len(rows), -1)
        for key, rows in values.items()
    }


# --- certified ------------------------------------------------------------------------------------------------


def _with_zeros(found: Witness, keys: list[Key], apart: Callable[..., Witness | None]) -> Witness:
    """The witness with 0 for all keys it can do without: whole groups are tried first, then their halves; twice, since
    one that was needed may not be once others are 0.
    """
    zeros: list[Key] = []
    for _ in range(2):
        groups = [[key for key in keys if key not in zeros]]
        while groups:
            group = groups.pop()
            fewer = apart(zeros + group, EXACT) or (None if found.exact else apart(zeros + group, BALL))
            if fewer is not None:
                found, zeros = fewer, zeros + group
            elif len(group) > 1:
                groups += [group[: len(group) // 2], group[len(group) // 2 :]]
    return found


def _apart(a: Node, b: Node, place: Place, values: Values, evaluations: Iterable[Evaluation]) -> Witness | None:
    """The first entry at which the sides certainly differ, in the first field that can tell."""
    with flint.ctx.workprec(PRECISION):
        for evaluation in evaluations:
            field = evaluation.field
            try:
                left, right = evaluation(a, place.at), evaluation(b, place.at)
                entry = next((e for e in np.ndindex(left.shape) if DIFFER[field.name](left[e], right[e])), None)
            except NOWHERE:
                continue
            if entry is not None:
                return _witness(place, values, entry, left[entry], right[entry], field is EXACT)
    return None


def _disjoint(left: Any, right: Any) -> bool:
    l, r = flint.arb(left), flint.arb(right)
    return l.is_finite() and r.is_finite() and not l.overlaps(r)


def _differ(left: Any, right: Any) -> bool:
    """A nonzero rational, or a polynomial in logarithms whose ball does not contain 0: not equal to 0 as a number."""
    difference = Exact.of(left) - Exact.of(right)
    return bool(difference.terms) and (set(difference.terms) == {()} or not difference.enclosure().contains(0))


DIFFER: dict[str, Callable[[Any, Any], bool]] = {"ball": _disjoint, "exact": _differ}


def _witness(place: Place, values: Values, entry: tuple[int, ...], left: Any, right: Any, exact: bool) -> Witness:
    assign = {_spell(name, at): [[str(v) for v in row] for row in rows] for (name, at), rows in values.items()}
    left, right = (str(side) if exact else flint.arb(side).str(12, radius=False) for side in (left, right))
    return Witness(place.sizes, assign, (entry[0] + 1, entry[1] + 1), left, right, exact, place.at, place.interior)


def _spell(name: str, at: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(map(str, at))}]" if at else name


def _chosen(
    keys: Keys, recurrence: Recurrence, sizes: Sizes, seed: int, zeros: Collection[Key]
) -> Values:
    """0 for `zeros`; small rationals; identity weights at the inputs, which are set so that what each first enters is
    ln 2, ln 3 ..., where what else enters is exact.
    """
    random = Random(seed)
    values = {
        key: _matrix(q, sizes, lambda: Fraction(random.choice((-1, 1, 1, 2)), random.choice((1, 1, 2))))
        for q, key in keys
    }
    values |= {key: _matrix(q, sizes, lambda: Fraction(0)) for q, key in keys if key in zeros}
    for source in recurrence.inputs:
        entered = next((e for e in recurrence.equations if any(q.label == source.label for q in named_in(e.rhs))), None)
        if entered is not None:
            for weight in _weights(entered.rhs, source):
                rows = values.get((weight.name, ()), []) if (weight.name, ()) not in zeros else []
                rows[:] = [[Fraction(int(i == j)) for j in range(len(row))] for i, row in enumerate(rows)]
            for name, at in sorted(k for k in values if k[0] == source.name and k not in zeros):
                _drive(recurrence, sizes, values, entered, (name, at), random)
    return values


def _weights(node: Node, source: Named) -> Iterator[Named]:
    """Parameters that multiply the input: W x of a column, x W of a row."""
    if isinstance(node, MatMul):
        for pair in pairwise(node.args):
            for weight, other in (pair, pair[::-1]):
                named = isinstance(weight, Named) and isinstance(other, Named)
                if named and other.label == source.label and not weight.indices:
                    yield weight
    for x in operands(node):
        yield from _weights(x, source)


def _drive(recurrence: Recurrence, sizes: Sizes, values: Values, entered: Equation, key: Key, random: Random) -> None:
    """The input at `key` becomes target - (what is entered without it: the argument of the activation, if there is one)."""
    silent = values | {key: [[Fraction(0)] * len(row) for row in values[key]]}
    entrance = entered.rhs.args[1] if isinstance(entered.rhs, Elementwise) else entered.rhs
    at = {i.name: k for i, k in zip(entered.lhs.indices, key[1], strict=False) if i.is_Symbol}
    try:
        without = _evaluation(recurrence, sizes, silent, EXACT)(entrance, at)
    except NOWHERE:
        return
    if without.shape == (len(values[key]), len(values[key][0])):
        values[key] = [[ln(Fraction(random.choice((2, 3, Fraction(1, 2))))) - w for w in row] for row in without]
