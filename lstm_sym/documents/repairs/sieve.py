"""Random numbers at one place sort out candidates for a claim: only those that agree there go on to a proof."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lstm_sym.errors import LstmSymError
from lstm_sym.expr.affine import Affine, Domain, symbols
from lstm_sym.expr.evaluate import Evaluation, Key, Point
from lstm_sym.expr.fields import FLOAT
from lstm_sym.expr.nodes import Node
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices

STEPS = 4     # T
HERE = 2      # the time of the claim


class Sieve:
    """The left side of a claim at one random point, to hold candidates for the right side against.

    The left side's free indices are HERE, or as near to it as the conditions on them allow, and apart where these are about
    two of them; any others are a step later, or earlier.
    """

    def __init__(self, left: Node, right: Node, given: Recurrence, where: Domain = frozenset()) -> None:
        self.tried = 0
        lengths = {s.name: STEPS for a in given.axes for s in a.length.free_symbols}
        sizes = sorted({s.name for q in (*given.quantities, left) for n in q.shape for s in n.free_symbols})
        self.sizes = {name: 2 + n for n, name in enumerate(sizes)} | lengths
        at = _times(sorted(_names(left) - set(self.sizes)), where)
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

    def beside(self, node: Node, parts: Sequence[Node]) -> list[Node]:
        """The parts that the node lacks, if it is the sum of the others, as far as floats can tell; else none."""
        value, found = _value(node, self.late), [_value(p, self.late) for p in parts]
        if value is None:
            return []
        values = [v for v in found if v is not None and v.shape == value.shape]
        for chosen in product((False, True), repeat=len(parts)) if len(values) == len(parts) else ():
            total = sum((v for v, c in zip(values, chosen, strict=True) if c), 0 * value)
            if any(chosen) and not all(chosen) and _close(value, total):
                return [p for p, c in zip(parts, chosen, strict=True) if not c]
        return []


def _value(node: Node, where: Point) -> NDArray[np.float64] | None:
    """None where it does not exist."""
    try:
        return where.value(node)
    except (LstmSymError, ArithmeticError, KeyError):
        return None


def _times(letters: list[str], where: Domain) -> dict[str, int]:
    """t = 3, k = 2 where t - k is at least 0; HERE where nothing is said."""
    usual = dict.fromkeys(letters, HERE)
    every = (dict(zip(letters, values, strict=True)) for values in product(range(HERE, STEPS + 1), repeat=len(letters)))
    about = [f for f in where if len(f.terms) == 2 and symbols((f,)) <= set(letters)]
    return next((at for at in every if all(_value_at(f, at) > 0 for f in about)), usual)


def _value_at(form: Affine, at: dict[str, int]) -> int:
    return form.constant + sum(c * at[letter] for letter, c in form.terms)


def _names(node: Node) -> set[str]:
    return {s.name for s in free_indices(node)}


def _close(a: NDArray[np.float64] | None, b: NDArray[np.float64] | None) -> bool:
    return a is not None and b is not None and a.shape == b.shape and bool((abs(a - b) <= 1e-10 + 1e-8 * abs(b)).all())
