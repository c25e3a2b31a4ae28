"""Where to look for a witness: concrete sizes, lengths and indices inside the context of a claim, interior ones first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from random import Random

from lstm_sym.equality.existence import sizes_of
from lstm_sym.expr.affine import Domain, symbols
from lstm_sym.expr.evaluate import Key, evaluate_affine
from lstm_sym.expr.indices import affine
from lstm_sym.expr.nodes import BINDERS, Named, Node, When, operands
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices

LENGTHS = (4, 7)  # lengths tried: room for an interior index
SHORT = (3, 4, 7)  # the same where a witness is to be checked by hand
MOST_POINTS, POINTS = 4_000, 3  # looked at, and used, for each choice of sizes
Sizes = dict[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Concrete sizes and lengths, and one value for each free index of the claim.  interior: away from every bound."""

    sizes: Sizes
    at: Sizes
    interior: bool


def places(a: Node, b: Node, recurrence: Recurrence, context: Domain, distinct: bool) -> Iterator[Place]:
    """Indices with the most room to every bound of the context come first; distinct: all sizes differ and are >= 2."""
    lengths = sorted({s.name for axis in recurrence.axes for s in axis.length.free_symbols})
    shapes = {s.name for q in (*recurrence.quantities, a, b) for n in q.shape for s in n.free_symbols}
    shapes |= symbols(sizes_of(a) | sizes_of(b))
    names = {s.name for side in (a, b) for s in free_indices(side)} | symbols(context)
    indices = sorted(names - set(lengths) - shapes)
    dimensions = sorted(shapes - set(lengths))
    for number in (2, 3) if distinct else (1, 2):
        sizes = {s: number + (n if distinct else 0) for n, s in enumerate(dimensions)}
        yield from _inside(sizes, lengths, indices, context, LENGTHS if distinct else SHORT)


def _inside(
    sizes: Sizes, lengths: list[str], indices: list[str], context: Domain, tried: tuple[int, ...]
) -> Iterator[Place]:
    edges = frozenset(f for f in context if symbols([f]) & set(indices))  # what an index can be close to
    for steps in tried:
        known = sizes | dict.fromkeys(lengths, steps)
        points = [p for p in _points(indices, steps) if all(evaluate_affine(f, {**known, **p}) >= 0 for f in context)]
        points.sort(key=lambda p: -_room(edges, {**known, **p}))
        best = _room(edges, {**known, **points[0]}) if points else 0
        for point in points[:POINTS]:
            yield Place(known, point, _room(edges, {**known, **point}) == best)
        if points:
            return


def _points(indices: list[str], steps: int) -> list[Sizes]:
    """Every point of a small box, or a sample of them that is the same each time."""
    if (steps + 1) ** len(indices) <= MOST_POINTS:
        return [dict(zip(indices, p, strict=True)) for p in product(range(steps + 1), repeat=len(indices))]
    random = Random(0)
    return [{i: random.randint(0, steps) for i in indices} for _ in range(MOST_POINTS)]


def _room(context: Domain, at: Mapping[str, int]) -> int:
    return min((min(evaluate_affine(f, at), 1) for f in context), default=0)


def members(node: Node, at: Mapping[str, int]) -> Iterator[tuple[Named, Key]]:
    """Every named quantity that the value of `node` at one point reads."""
    if isinstance(node, Named):
        yield node, (node.name, tuple(evaluate_affine(affine(i), at) for i in node.indices))
    elif isinstance(node, BINDERS):
        body, k, low, high = node.args[:4]
        for value in range(evaluate_affine(affine(low), at), evaluate_affine(affine(high), at) + 1):
            yield from members(body, {**at, k.name: value})
    elif not isinstance(node, When) or all(evaluate_affine(affine(c), at) >= 0 for c in node.args[1:]):
        for x in operands(node):
            yield from members(x, at)


def cost(node: Node, memo: dict[Node, int], terms: int = max(LENGTHS)) -> int:
    """How many operations a value of `node` takes, about: shared nodes count each time, sums so many terms."""
    if node not in memo:
        inside = 1 + sum(cost(x, memo, terms) for x in operands(node))
        memo[node] = inside * (terms if isinstance(node, BINDERS) else 1)
    return memo[node]
