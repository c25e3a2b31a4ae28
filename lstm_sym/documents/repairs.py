"""Which error was made, and the corrected equation, proved before it is shown.

Edits are tried one class at a time, then in pairs, then after a change of powers in threes; numbers sort out candidates
before anything is decided.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from time import monotonic

import numpy as np

from lstm_sym.documents.edits import EDITS, FOLLOWERS, Case, ErrorClass
from lstm_sym.equality.decide import decide
from lstm_sym.equality.verdicts import Equal
from lstm_sym.errors import LstmSymError
from lstm_sym.expr.evaluate import Evaluation, Key
from lstm_sym.expr.fields import FLOAT
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Add, Diag, Hadamard, MatMul, Named, Node, add, hadamard
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices, named_in, replace_indices, replace_named
from lstm_sym.notation.ends import forms

SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Repair:
    """The classes of error, by their codes, that were undone, and the right side that is proved."""

    codes: tuple[str | None, ...]
    names: tuple[str, ...]
    right: Node


def repair(left: Node, right: Node, given: Recurrence, seconds: float = SECONDS) -> Repair | None:
    """The fewest edits that make left = right true, or None."""
    sieve = _Sieve(left, given)
    deadline = monotonic() + seconds
    derived = derived_form(left, given, frozenset(named_in(right)))
    for found in _search(left, right, given, derived, sieve, deadline):
        if isinstance(decide(left, found.right, given), Equal):
            return found
    return None


def _search(left: Node, right: Node, given: Recurrence, derived: Node | None, sieve: _Sieve, deadline: float) -> Iterator[Repair]:
    """Candidates that agree in numbers, fewest edits first."""
    level = [Repair((), (), right)]
    allowed = free_indices(left) | free_indices(right) | {s for a in given.axes for s in a.length.free_symbols}
    for depth in range(3):
        following: list[Repair] = []
        for base in level:
            rows = EDITS if not base.codes else [r for r in EDITS if r.code in FOLLOWERS.get(base.codes[-1], ())]
            for row in rows:
                for candidate in _distinct(row, Case(left, base.right, given, derived)):
                    if monotonic() > deadline:
                        return
                    found = Repair((*base.codes, row.code), (*base.names, row.name), candidate)
                    if not free_indices(candidate) <= allowed:
                        continue
                    if sieve.passes(candidate):
                        yield found
                    elif depth < 1 or (depth < 2 and found.codes[0] == "E110"):
                        following.append(found)
        level = sorted(following, key=_likely)


def _likely(found: Repair) -> tuple[int, int]:
    """Pairs that occur together in real errors first."""
    order = {"E110": 0, "E101": 1, "E103": 2, "E108": 3, "E102": 4, "E104": 5}
    return sum(order.get(c or "", 9) for c in found.codes), len(named_in(found.right))


def _distinct(row: ErrorClass, case: Case) -> Iterator[Node]:
    seen: set[Node] = {case.right}
    try:
        for candidate in row.edit(case):
            if candidate not in seen and candidate.shape == case.left.shape:
                seen.add(candidate)
                yield candidate
    except LstmSymError:
        return


class _Sieve:
    """Random numbers at one place: which candidates equal the left side there?"""

    def __init__(self, left: Node, given: Recurrence) -> None:
        self.tried = 0
        names = {s.name for q in (*given.quantities, left) for n in q.shape for s in n.free_symbols}
        self.sizes = {s: 2 + n for n, s in enumerate(sorted(names))}
        self.sizes |= {s.name: 4 for a in given.axes for s in a.length.free_symbols}
        self.at = {s.name: 2 for s in free_indices(left) if s.name not in self.sizes}
        rng = np.random.default_rng(Random(7).randrange(10**6))
        values: dict[Key, object] = {}
        for q in given.free:
            ranges = [range(0, 7) if i.free_symbols else [int(i)] for i in q.indices]
            shape = tuple(int(n.subs({s: self.sizes[s.name] for s in n.free_symbols})) for n in q.shape)
            values |= {(q.name, (k,)): rng.normal(size=shape) for k in ranges[0]} if ranges else {(q.name, ()): rng.normal(size=shape)}
        self.evaluation = Evaluation(given, self.sizes, values, FLOAT)
        self.value = self._value(left)

    def _value(self, node: Node, other: int = 3) -> object:
        """The value with the left side's free indices at 2, and any other at `other`."""
        free = {s.name: self.at.get(s.name, other) for s in free_indices(node) if s.name not in self.sizes}
        try:
            return self.evaluation(node, free)
        except (LstmSymError, ArithmeticError, KeyError):
            return None

    def passes(self, candidate: Node) -> bool:
        """Equal to the left side, as far as floats can tell?"""
        self.tried += 1
        if not _close(self._value(candidate), self.value):
            return False
        strange = {s.name for s in free_indices(candidate)} - set(self.sizes) - set(self.at)
        return not strange or _close(self._value(candidate, 1), self.value)


def _close(a: object, b: object) -> bool:
    return a is not None and b is not None and np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-8, atol=1e-10))


# --- the derived equation of the left side ---------------------------------------------------------------------------

def derived_form(left: Node, given: Recurrence, wanted: frozenset[Named] = frozenset()) -> Node | None:
    """The interior form of the derived equation of `left`; adjoints that are not `wanted` are unfolded up to there."""
    if not isinstance(left, Named) or not isinstance(left.label, Total):
        return None
    node = _interior(left, given)
    for _ in range(4):
        labels = {q.label for q in wanted}
        unwanted = [q for q in named_in(node) if isinstance(q.label, Total) and q.label not in labels] if node is not None else []
        if node is None or not unwanted or not wanted:
            return node
        node = replace_named(node, lambda q: (_interior(q, given) or q) if q in unwanted else q)  # noqa: B023
    return node


def _interior(q: Named, given: Recurrence) -> Node | None:
    for equation in given.definitions(q.label):
        fixed = [p for p in equation.lhs.indices if p.is_number]
        if len(equation.lhs.indices) == len(q.indices) and all(p == i for p, i in zip(equation.lhs.indices, q.indices, strict=True)
                                                               if p.is_number) and (fixed or all(not i.is_number or i > 0 for i in q.indices)):
            interior = forms(equation, given.context)[0]
            values = {g: h for g, h in zip(interior.lhs.indices, q.indices, strict=True) if g.is_Symbol}
            return replace_indices(interior.rhs, values)
    return None


def without_direct(node: Node) -> Node:
    """A sum without its direct partials: what is left where the loss reads the last step only."""
    terms = node.args if isinstance(node, Add) else (node,)
    kept = [t for t in terms if not any(isinstance(q.label, Direct) for q in named_in(t))]
    return add(*kept) if kept else node


def with_diag(node: Node) -> Node:
    """g o f'(a) beside a matrix written as diag(f'(a)) g."""
    if isinstance(node, Named):
        return node
    node = node.func(*(with_diag(a) if isinstance(a, Node) else a for a in node.args))
    if isinstance(node, MatMul):
        factors = [x for f in node.args for x in (_split(f) if isinstance(f, Hadamard) else (f,))]
        return MatMul(*factors)
    return node


def _split(product: Hadamard) -> tuple[Node, ...]:
    gradients = [f for f in product.args if isinstance(f, Named) and isinstance(f.label, Total)]
    rest = [f for f in product.args if f not in gradients]
    if len(gradients) != 1 or not rest or product.shape[1] != 1:
        return (product,)
    return Diag(hadamard(*rest)), gradients[0]
