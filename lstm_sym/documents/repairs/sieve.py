"""Random numbers at one place sort out candidates for a claim: only those that agree there go on to a proof."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lstm_sym.errors import LstmSymError
from lstm_sym.expr.evaluate import Evaluation, Key, Point
from lstm_sym.expr.fields import FLOAT
from lstm_sym.expr.nodes import Node
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices

STEPS = 4     # T
HERE = 2      # the time of the claim


class Sieve:
    """The left side of a claim at one random point, to hold candidates for the right side against.

    The left side's free indices are HERE, any others a step later, or earlier.
    """

    def __init__(self, left: Node, right: Node, given: Recurrence) -> None:
        self.tried = 0
        lengths = {s.name: STEPS for a in given.axes for s in a.length.free_symbols}
        sizes = sorted({s.name for q in (*given.quantities, left) for n in q.shape for s in n.free_symbols})
        self.sizes = {name: 2 + n for n, name in enumerate(sizes)} | lengths
        at = dict.fromkeys(_names(left) - set(self.sizes), HERE)
        self.others = (_names(right) | {a.index.name for a in given.axes}) - set(self.sizes) - set(at)
        evaluation = Evaluation(given, self.sizes, dict(self._random(given)), FLOAT)
        self.late, self.early = (evaluation.at({**dict.fromkeys(self.others, n), **at}) for n in (HERE + 1, HERE - 1))
        self.value = _value(left, self.late)

    def _random(self, given: Recurrence) -> Iterator[tuple[Key, NDArray[np.float64]]]:
        """A number for every entry of what is free, at all the times that are asked for."""
        random = np.random.default_rng(7)
        for q in given.free:
            shape = tuple(int(n.subs({s: self.sizes[s.name] for s in n.free_symbols})) for n in q.shape)
            times = [range(STEPS + 3) if i.free_symbols else (int(i),) for i in q.indices]
            yield from (((q.name, at), random.normal(size=shape)) for at in product(*times))

    def passes(self, candidate: Node) -> bool:
        """Equal to the left side, as far as floats can tell?"""
        self.tried += 1
        if not _close(_value(candidate, self.late), self.value):
            return False
        return not _names(candidate) & self.others or _close(_value(candidate, self.early), self.value)

    def is_one_of(self, node: Node, others: Sequence[Node]) -> bool:
        """Does it equal one of the others, as far as floats can tell?"""
        value = _value(node, self.late)
        return any(_close(value, _value(other, self.late)) for other in others)


def _value(node: Node, where: Point) -> NDArray[np.float64] | None:
    """None where it does not exist."""
    try:
        return where.value(node)
    except (LstmSymError, ArithmeticError, KeyError):
        return None


def _names(node: Node) -> set[str]:
    return {s.name for s in free_indices(node)}


def _close(a: NDArray[np.float64] | None, b: NDArray[np.float64] | None) -> bool:
    return a is not None and b is not None and a.shape == b.shape and bool((abs(a - b) <= 1e-10 + 1e-8 * abs(b)).all())
