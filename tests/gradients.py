"""Gradients by witnesses that share nothing with the symbolic rules: dual numbers and complex steps."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from lstm_sym.calculus.backward import backward
from lstm_sym.expr.evaluate import Evaluation, Key, evaluate_affine
from lstm_sym.expr.fields import COMPLEX, FLOAT, Dual, Field, dual
from lstm_sym.expr.indices import affine
from lstm_sym.expr.nodes import Named, SumOver, add
from lstm_sym.expr.recurrence import Equation, Recurrence, once

Values = dict[Key, np.ndarray]
STEP = 1e-30
LOSS = Named("L", 1, 1)


def linear_loss(recurrence: Recurrence, steps: str) -> Recurrence:
    """L = sum of v[t]' h[t] over the states, at every step or at the last one; v_h, v_c are given."""
    (time,) = recurrence.axes
    t, T = time.index, time.length
    weights = [Named(f"v_{s.name}", *s.shape, t) for s in recurrence.states]
    terms = [(w.T @ s) for w, s in zip(weights, recurrence.states, strict=True)]
    if steps == "last":
        at_end = zip(weights, recurrence.states, strict=True)
        total = add(*(w[T].T @ s[T] for w, s in at_end))
        return recurrence.then(once(Equation(LOSS, total)), given=tuple(w[T] for w in weights))
    return recurrence.then(once(Equation(LOSS, SumOver(add(*terms), t, 1, T))), given=tuple(weights))


def members(recurrence: Recurrence, named: Named, sizes: dict[str, int]) -> Iterator[Key]:
    """Every concrete member of the family of `named`."""
    points: list[tuple[int, ...]] = [()]
    lengths = {axis.index: evaluate_affine(affine(axis.length), sizes) for axis in recurrence.axes}
    for i in named.indices:
        here = range(1, lengths[i] + 1) if i in lengths else [evaluate_affine(affine(i), sizes)]
        points = [(*p, k) for p in points for k in here]
    return ((named.name, p) for p in points)


def drawn(recurrence: Recurrence, sizes: dict[str, int], seed: int) -> Values:
    """A multiple of 1/16 in [-1/2, 1/2] for every entry of every free quantity."""
    rng = np.random.default_rng(seed)
    values = {}
    for named in recurrence.free:
        shape = tuple(evaluate_affine(affine(s), sizes) for s in named.shape)
        for key in members(recurrence, named, sizes):
            values[key] = np.vectorize(lambda k: Fraction(int(k), 16), otypes=[object])(rng.integers(-8, 9, shape))
    return values


def in_field(values: Values, field: Field) -> Values:
    """The values as numbers of a field."""
    return {k: np.vectorize(field.number, otypes=[field.dtype])(v) for k, v in values.items()}


def derived(recurrence: Recurrence, sizes: dict[str, int], values: Values, field: Field = FLOAT,
            loss: str | None = "L") -> Values:
    """The derived gradient of every parameter, input, initial value: one array for each free member."""
    back = backward(recurrence, loss)
    evaluation = Evaluation(back, sizes, in_field(values, field), field)
    found = {}
    for gradient in back.outputs:
        for _, at in members(recurrence, gradient, sizes):
            found[str(gradient.label.by), at] = evaluation.quantity(gradient, at)
    return found


def by_dual_numbers(recurrence: Recurrence, sizes: dict[str, int], values: Values, field: Field = FLOAT) -> Values:
    """The same by dual numbers over a field: one forward run an entry."""
    zero, one = field.number(Fraction(0)), field.number(Fraction(1))
    return _slopes(recurrence, sizes, in_field(values, dual(field)), dual(field), Dual(zero, one), lambda y: y.tangent)


def by_complex_steps(recurrence: Recurrence, sizes: dict[str, int], values: Values) -> Values:
    """The same by complex steps: Im L(x + i s) / s."""
    return _slopes(recurrence, sizes, in_field(values, COMPLEX), COMPLEX, STEP * 1j, lambda y: y.imag / STEP)


def _slopes(recurrence: Recurrence, sizes: dict[str, int], values: Values, field: Field, step: Any,
            slope: Callable[[Any], Any]) -> Values:
    found = {}
    for key, value in values.items():
        out = np.empty(value.shape, dtype=object)
        for entry in np.ndindex(value.shape):
            moved = value.copy()
            moved[entry] = moved[entry] + step
            out[entry] = slope(Evaluation(recurrence, sizes, {**values, key: moved}, field)(LOSS)[0, 0])
        found[key] = out
    return found


def largest_gap(found: Values, expected: Values) -> float:
    """The largest difference over the members of `found`, absolute below 1 and relative above; all must be expected."""
    return max(float(np.max(abs(a - b) / np.maximum(1, abs(b)))) for k in found
               for a, b in [(found[k], expected[k].astype(float))])
