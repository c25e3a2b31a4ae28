"""What a row of the functions table says, judged at a rational point: does it hold?  None where it says nothing.

A fact is compared with another fact of the row that was written apart from it; balls are the judge.
"""

from fractions import Fraction

import numpy as np
import sympy as sp

from lstm_sym.errors import Inexact
from lstm_sym.expr.evaluate import Evaluation
from lstm_sym.expr.fields import BALL, EXACT, Exact, ball, ln
from lstm_sym.expr.nodes import Elementwise, Named
from lstm_sym.expr.recurrence import Recurrence

POINTS = [Fraction(k, 7) for k in range(-60, 61) if k]
STEP = Fraction(1, 2**40)
X = Named("x", 1)


def value(row, x):
    """f(x) as a ball, None outside the domain."""
    y = row.ball(ball(x))
    return y if y.is_finite() else None


def in_range(row, x, y):
    """low <= f(x) <= high."""
    return not ((row.low is not None and y < ball(row.low)) or (row.high is not None and y > ball(row.high)))


def lipschitz(row, x, y):
    """|f'(x)| <= L."""
    return None if row.lipschitz is None else not abs(row.slope(BALL, ball(x), y)) > ball(row.lipschitz)


def parity(row, x, y):
    """f(-x) = constant + sign f(x)."""
    return None if row.parity is None else row.ball(ball(-x)).overlaps(ball(row.parity[0]) + row.parity[1] * y)


def at_zero(row, x, y):
    """f(0)."""
    return None if row.at_zero is None else float(row.number(0.0)) == float(row.at_zero)


def derivative(row, x, y):
    """f' written in nodes is the slope in numbers."""
    of_nodes = row.derivative(X, Elementwise(row.name, X))
    found = Evaluation(Recurrence(), {}, {("x", ()): np.array([[ball(x)]], dtype=object)}, BALL)(of_nodes)
    return found[0, 0].overlaps(row.slope(BALL, ball(x), y))


def slope(row, x, y):
    """f' is the central difference, to a step's square."""
    quotient = (row.ball(ball(x + STEP)) - row.ball(ball(x - STEP))) / ball(2 * STEP)
    found = row.slope(BALL, ball(x), y)
    return abs(float((quotient - found).mid())) <= 1e-3 * (1 + abs(float(found.mid())))


def floats(row, x, y):
    """The function of floats is near the ball."""
    return bool(np.isclose(row.number(float(x)), float(y.mid()), rtol=1e-12, atol=1e-13))


def complex_step(row, x, y):
    """f(x + i h) = f(x) + i h f'(x): the function of complex numbers is analytic, or its continuation along the line."""
    found = row.number(np.complex128(complex(float(x), 1e-20)))
    return bool(np.isclose(np.imag(found) / 1e-20, float(row.slope(BALL, ball(x), y).mid()), rtol=1e-9, atol=1e-12))


def exact(row, x, y):
    """Exact values at x and at ln|x| are in the balls."""
    held = []
    for point in (Exact.of(x), ln(abs(x))):
        try:
            held.append(EXACT.apply(row.name, point).enclosure().overlaps(row.ball(point.enclosure())))
        except (Inexact, ArithmeticError):
            continue
    return all(held) if held else None


def scalar(row, x, y):
    """SymPy's own function is near the ball."""
    found = sp.N(row.scalar(sp.Rational(x.numerator, x.denominator)), 20)
    return abs(float(found) - float(y.mid())) <= 1e-12 * (1 + abs(float(y.mid())))


FACTS = {f.__name__: f for f in (
    in_range, lipschitz, parity, at_zero, derivative, slope, floats, complex_step, exact, scalar)}


def wrong(row):
    """(fact, point) for every fact of the row that fails somewhere."""
    values = [(x, y) for x in POINTS if (y := value(row, x)) is not None]
    return [(name, x) for name, fact in FACTS.items() for x, y in values if fact(row, x, y) is False]
