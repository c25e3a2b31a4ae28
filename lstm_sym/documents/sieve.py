"""Random numbers at one place sort out candidates for a claim: only those that agree there go on to a proof."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lstm_sym.errors import LstmSymError
from lstm_sym.expr.evaluate import Evaluation, Key
from lstm_sym.expr.fields import FLOAT
from lstm_sym.expr.nodes import Node
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices

STEPS = 4     # T
HERE = 2      # the time of the claim


class Sieve:
    """The left side of a claim at one random point, to hold candidates for the right side against."""

    def __init__(self, left: Node, right: Node, given: Recurrence) -> None:
        self.tried = 0
        lengths = {s.name: STEPS for a in given.axes for s in a.length.free_symbols}
        sizes = sorted({s.name for q in (*given.quantities, left) for n in q.shape for s in n.free_symbols})
        self.sizes = {name: 2 + n for n, name in enumerate(sizes)} | lengths
        self.at = dict.fromkeys(_names(left) - set(self.sizes), HERE)
        self.others = (_names(right) | {a.index.name for a in given.axes}) - set(self.sizes) - set(self.at)
        self.evaluation = Evaluation(given, self.sizes, dict(self._random(given)), FLOAT)
        self.value = self._value(left)

    def _random(self, given: Recurrence) -> Iterator[tuple[Key, NDArray[np.float64]]]:
        """A number for every entry of what is free, at all the times that are asked for."""
        random = np.random.default_rng(7)
        for q in given.free:
            shape = tuple(int(n.subs({s: self.sizes[s.name] for s in n.free_symbols})) for n in q.shape)
            times = [range(STEPS + 3) if i.free_symbols else (int(i),) for i in q.indices]
            yield from (((q.name, at), random.normal(size=shape)) for at in product(*times))

    def _value(self, node: Node, elsewhere: int = HERE + 1) -> NDArray[np.float64] | None:
        """The value with the left side's free indices HERE, and any other `elsewhere`; None where it does not exist."""
        try:
            return self.evaluation(node, dict.fromkeys(self.others, elsewhere) | self.at)
        except (LstmSymError, ArithmeticError, KeyError):
            return None

    def passes(self, candidate: Node) -> bool:
        """Equal to the left side, as far as floats can tell?"""
        self.tried += 1
        if not _close(self._value(candidate), self.value):
            return False
        return not _names(candidate) & self.others or _close(self._value(candidate, HERE - 1), self.value)

    def is_one_of(self, node: Node, others: Sequence[Node]) -> bool:
        """Does it equal one of the others, as far as floats can tell?"""
        value = self._value(node)
        return any(_close(value, self._value(other)) for other in others)


def _names(node: Node) -> set[str]:
    return {s.name for s in free_indices(node)}


def _close(a: NDArray[np.float64] | None, b: NDArray[np.float64] | None) -> bool:
    return a is not None and b is not None and a.shape == b.shape and np.allclose(a, b, rtol=1e-8, atol=1e-10)
