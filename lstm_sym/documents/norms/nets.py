"""Small nets with exact weights that tell true claims about sizes from false ones.

Recurrent matrices come from a bank of known troublemakers; what enters an activation is steered to logarithms, at which
tanh and sigma are rational, by the bias (the state then never moves) or by the inputs.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import count, islice, product
from typing import Any

import numpy as np

from lstm_sym.errors import LstmSymError
from lstm_sym.expr.evaluate import Evaluation, Key, evaluate_affine
from lstm_sym.expr.fields import BALL, EXACT, Exact, Field, ln
from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import Direct
from lstm_sym.expr.nodes import Elementwise, Hadamard, MatMul, Named, Node, operands
from lstm_sym.expr.recurrence import Recurrence

STEPS = 5                                   # the length of a net's run
F = Fraction
Rows = list[list[Any]]

# One row and column; two.  Each is there for a reason.
BANK: dict[int, tuple[Rows, ...]] = {
    1: tuple([[F(x)]] for x in ("1/2", "1", "2", "-2", "-1/2", "-1", "4", "-4", "9/10", "3/2", "0", "5")),
    2: (
        [[F(2), F(-4)], [F(1), F(-2)]],                      # both eigenvalues 0, and tanh nets explode
        [[F(5), F(-5)], [F(5), F(-5)]],                      # the same in integers
        [[F(10), F(-10)], [F(10), F(-10)]],                  # the same for sigma
        [[F(1, 2), F(10)], [F(0), F(1, 2)]],                 # eigenvalues 1/2, one step grows tenfold
        [[F(1, 2), F(0)], [F(10), F(1, 2)]],
        [[F(1, 2), F(1, 4)], [F(0), F(1, 2)]],               # the same, and every step shrinks
        [[F(0), F(2)], [F(0), F(0)]],
        [[F(0), F(1)], [F(0), F(0)]],                        # the norm 1, and two steps leave nothing
        [[F(0), F(4)], [F(1, 16), F(0)]],                    # scaled it shrinks
        [[F(2), F(0)], [F(0), F(1, 4)]],                     # det 1/2, one direction grows
        [[F(1, 2), F(0)], [F(0), F(1, 4)]],
        [[F(1), F(0)], [F(0), F(1)]],
        [[F(0), F(-2)], [F(2), F(0)]],                       # no real eigenvalue
        [[F(3, 5), F(-4, 5)], [F(4, 5), F(3, 5)]],           # orthogonal
        [[F(-2), F(0)], [F(0), F(1, 2)]],                    # symmetric, the largest eigenvalue 1/2
        [[F(3, 5), F(2, 5)], [F(2, 5), F(3, 5)]],
        [[F(1, 2), F(1, 2)], [F(1, 2), F(1, 2)]],
        [[F(1), F(2)], [F(3), F(4)]],
        [[F(1), F(1)], [F(0), F(0)]],                        # the norms 1, 2 and infinity all differ
        [[F(1), F(0)], [F(1), F(0)]],
        [[F(2), F(1)], [F(0), F(2)]],
    ),
}
# The logarithm of this enters the activation: at ln 1 the slope of tanh is largest, at ln 3 it is 9/25.
TARGETS: dict[int, tuple[tuple[Any, ...], ...]] = {
    1: ((1,), (2,), (3,)),
    2: ((1, 3), (1, 2), (1, 9), (1, 1), (3, 3)),
}
SMALL = (F(0), F(1, 4), F(1, 2), F(9, 10), F(1), F(2), F(4))    # what a number of the author's may be


@dataclass(frozen=True, slots=True)
class Net:
    """Sizes and values; still: its state never moves, so that every step is like the first."""

    sizes: Mapping[str, int]
    values: Mapping[Key, Rows]
    evaluation: Evaluation
    still: bool


def nets(given: Recurrence, extra: tuple[Named, ...]) -> Iterator[Net]:
    """Nets of one unit, then of two, each made once.  extra: further free matrices of the claim."""
    made, more = _bank(given, extra)
    for n in count():
        if n == len(made):
            made.extend(islice(more, 1))
        if n == len(made):
            return
        yield made[n]


@lru_cache(maxsize=16)
def _bank(given: Recurrence, extra: tuple[Named, ...]) -> tuple[list[Net], Iterator[Net]]:
    """The nets that have been asked for, and those to come."""
    return [], _nets(given, extra)


def _nets(given: Recurrence, extra: tuple[Named, ...]) -> Iterator[Net]:
    free = dict.fromkeys((*given.free, *extra))
    symbols = {s.name for q in free for n in q.shape for s in n.free_symbols}
    lengths = {s.name for axis in given.axes for s in axis.length.free_symbols}
    recurrent = _recurrent(given) or [q for q in free if not q.indices and q.shape[1] != 1]
    for n in BANK if symbols else (1,):
        sizes = {**dict.fromkeys(symbols, n), **dict.fromkeys(lengths, STEPS)}
        for chosen, target in product(_choices(recurrent, n), TARGETS[n]):
            try:
                yield _net(given, tuple(free), sizes, chosen, target)
            except (LstmSymError, ArithmeticError):
                continue


def _recurrent(given: Recurrence) -> list[Named]:
    """The matrices that multiply a state one step back."""
    states = {q.previous for q in given.states}
    found: dict[Named, None] = {}
    for e in given.equations:
        for m in _below(e.rhs, MatMul):
            found.update({a: None for a, b in zip(m.args, m.args[1:], strict=False)
                          if b in states and isinstance(a, Named) and not a.indices and not isinstance(a.label, Direct)})
        for m in (m for m in _below(e.rhs, Hadamard) if states & set(m.args) and m.shape == (1, 1)):
            found.update({a: None for a in m.args if isinstance(a, Named) and not a.indices})          # w h of numbers
    return list(found)


def _below(node: Node, kind: type) -> Iterator[Node]:
    if isinstance(node, kind):
        yield node
    for x in operands(node):
        yield from _below(x, kind)


def _choices(matrices: list[Named], n: int) -> Iterator[dict[str, Rows]]:
    """One matrix from the bank, the others 0; all the same."""
    zero = [[F(0)] * n for _ in range(n)]
    for rows in BANK[n]:
        if len(matrices) > 1:
            yield {q.name: rows for q in matrices}
        for m in matrices:
            yield {q.name: rows if q == m else zero for q in matrices}
        if not matrices:
            yield {}
            return


def _net(given: Recurrence, free: tuple[Named, ...], sizes: dict[str, int], chosen: dict[str, Rows],
         target: tuple[Any, ...]) -> Net:
    values = {key: chosen.get(q.name) or _plain(q, sizes, target) for q in free for key in _members(q, given, sizes)}
    still = _steer(given, sizes, values, target)
    gated = len(given.states) > 1 and any(x != 1 for x in target)        # tanh(c) is not rational then
    numbers = BALL if gated else EXACT
    return Net(sizes, values, Evaluation(given, sizes, _arrays(values, numbers), numbers), still)


def _members(q: Named, given: Recurrence, sizes: dict[str, int]) -> Iterator[Key]:
    """Every member of a family; a quantity without an index once."""
    ranges = [range(1, STEPS + 1) if i.free_symbols else (evaluate_affine(affine(i), sizes),) for i in q.indices]
    return ((q.name, at) for at in product(*ranges))


def _plain(q: Named, sizes: dict[str, int], target: tuple[Any, ...]) -> Rows:
    """0 for inputs, biases and states, the identity for a square matrix, ones for what the loss reads."""
    rows, columns = (evaluate_affine(affine(n), sizes) for n in q.shape)
    if isinstance(q.label, Direct):
        return [[F(i + 1) for _ in range(columns)] for i in range(rows)]
    weight = not q.indices and q.shape[1] != 1
    return [[F(int(weight and i == j)) for j in range(columns)] for i in range(rows)]


def _arrays(values: Mapping[Key, Rows], field: Field = EXACT) -> dict[Key, Any]:
    def entry(x: Any) -> Any:
        return Exact.of(x).enclosure() if field is BALL else Exact.of(x)

    return {k: np.array([[entry(x) for x in row] for row in rows], dtype=object).reshape(len(rows), -1)
            for k, rows in values.items()}


def _steer(given: Recurrence, sizes: dict[str, int], values: dict[Key, Rows], target: tuple[Any, ...]) -> bool:
    """What enters the activation becomes ln of the target at every step; is the state at rest then?"""
    found = _entrance(given)
    if found is None:
        _bias(given, values, target)
        return not given.axes or (all(x == 1 for x in target) and _at_rest(given, sizes, values))
    function, entrance, driver = found
    wanted = [_aim(function, x) for x in target]
    reached = [[EXACT.apply(function, w)] for w in wanted]
    state = given.states[0]
    values[state.name, (0,)] = reached
    before = Evaluation(given, sizes, _arrays(values), EXACT)(entrance, {given.axes[0].index.name: 1})
    needed = [[w - Exact.of(x[0])] for w, x in zip(wanted, before, strict=True)]
    for key in [k for k in values if k[0] == driver.name]:
        values[key] = needed
    return _at_rest(given, sizes, values)


def _bias(given: Recurrence, values: dict[Key, Rows], target: tuple[Any, ...]) -> None:
    """The biases of a gated cell become ln of the target."""
    if len(given.states) > 1:
        for q in (q for q in given.parameters if q.shape[1] == 1):
            values[q.name, ()] = [[ln(F(x))] for x in target]


def _aim(function: str, x: Any) -> Any:
    """Where the function is rational and smooth: at a logarithm; for relu away from 0."""
    return Exact.of(F(x) - F(3, 2)) if function == "relu" else ln(F(x))


def _entrance(given: Recurrence) -> tuple[str, Node, Named] | None:
    """The activation of the one state, the sum it is applied to, and the bias or input that enters there."""
    if len(given.states) != 1:
        return None
    equation = next(e for e in given.equations if e.lhs == given.states[0])
    body = equation.rhs
    if not isinstance(body, Elementwise):
        return None
    inside = body.args[1]
    defined = next((e for e in given.equations if e.lhs == inside), None)
    entrance = defined.rhs if defined is not None else inside
    column = [x for x in entrance.args if isinstance(x, Named) and x in given.parameters]
    driven = [m.args[1] for m in entrance.args if isinstance(m, MatMul) and len(m.args) == 2 and m.args[1] in given.inputs]
    drivers = [d for d in (*column, *driven) if isinstance(d, Named)]
    return (str(body.args[0]), entrance, drivers[0]) if drivers else None


def _at_rest(given: Recurrence, sizes: dict[str, int], values: dict[Key, Rows]) -> bool:
    """Is the first state the initial one?"""
    evaluation = Evaluation(given, sizes, _arrays(values), EXACT)
    index = given.axes[0].index.name
    return all(np.array_equal(evaluation(q, {index: 1}), evaluation(q, {index: 0})) for q in given.states)
