"""Inequalities from the ranges of functions: -1 <= tanh <= 1, 0 < f_t < 1, |...| stays open.

A range is exact and open or closed at each end; what it does not settle is undecided, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import mul

from lstm_sym.documents.layout.tree import Function, Node, Scripts, Symbol
from lstm_sym.documents.reading.calls import FUNCTION_NAMES
from lstm_sym.expr import nodes as e
from lstm_sym.expr.fields import EXACT, ln
from lstm_sym.expr.functions import FUNCTIONS, ElementwiseFunction
from lstm_sym.expr.indices import affine
from lstm_sym.expr.recurrence import Recurrence, instances

FLIPPED = {r"\ge": r"\le", ">": "<", r"\geq": r"\le", r"\gt": "<"}


@dataclass(frozen=True, slots=True)
class Interval:
    """low .. high, None where unbounded; open: no end is reached for any finite argument."""

    low: Fraction | None
    high: Fraction | None
    open: bool = True

    def __neg__(self) -> Interval:
        return Interval(None if self.high is None else -self.high, None if self.low is None else -self.low, self.open)

    def __add__(self, other: Interval) -> Interval:
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Interval(low, high, self.open or other.open)


    def __mul__(self, other: Interval) -> Interval:
        """The extremes are at corners; 0 is reached where one factor reaches it, whatever the other does."""
        ends = (self.low, self.high), (other.low, other.high)
        if None in ends[0] + ends[1]:
            return Interval(None, None)
        corners = [a * b for a in ends[0] for b in ends[1] if a is not None and b is not None]
        reached = 0 in (min(corners), max(corners)) and (self.reaches_zero or other.reaches_zero)
        return Interval(min(corners), max(corners), (self.open or other.open) and not reached)

    @property
    def reaches_zero(self) -> bool:
        """Is 0 a value, as far as the ends tell?"""
        if self.open:
            return (self.low is None or self.low < 0) and (self.high is None or self.high > 0)
        return (self.low is None or self.low <= 0) and (self.high is None or self.high >= 0)


def of_row(row: ElementwiseFunction | None) -> Interval:
    """The range of a function of the table; relu and sqrt reach its end, at 0."""
    return Interval(None, None) if row is None else Interval(row.low, row.high, row.at_zero is None or row.at_zero != row.low)


def of_function(node: Node) -> Interval | None:
    """The range of a bare function name, tanh or \\sigma."""
    name = node.name.lstrip("\\") if isinstance(node, Function) else node.name if isinstance(node, Symbol) else ""
    row = FUNCTIONS.get(FUNCTION_NAMES.get(name, FUNCTION_NAMES.get("\\" + name, "")))
    return of_row(row) if row is not None and not isinstance(node, Scripts) else None


def interval(node: e.Node, given: Recurrence) -> Interval:
    """A range of every entry of `node`, by its definition and the functions table."""
    if isinstance(node, e.Elementwise):
        return of_row(FUNCTIONS.get(str(node.args[0])))
    if isinstance(node, e.Ones | e.Zeros):
        value = Fraction(int(isinstance(node, e.Ones)))
        return Interval(value, value, False)
    if isinstance(node, e.Scale) and node.args[0].is_Rational:
        return _scaled(Fraction(int(node.args[0].p), int(node.args[0].q)), interval(node.args[1], given))
    if isinstance(node, e.Add):
        total = Interval(Fraction(0), Fraction(0), False)
        for term in node.args:
            total = total + interval(term, given)
        return total
    if isinstance(node, e.Hadamard):
        return reduce(mul, (interval(f, given) for f in node.args))
    if isinstance(node, e.Named) and node.indices and not all(i.is_number for i in node.indices):
        if any(q.label == node.label for q in given.initial) and affine(node.indices[0]).constant < 0:
            return Interval(None, None)                      # h[t-1] may be the initial state
        found = [eq for eq, _, _ in instances(given, node) if not all(i.is_number for i in eq.lhs.indices)]
        return interval(found[0].rhs, given) if found else Interval(None, None)
    return Interval(None, None)


def _scaled(c: Fraction, x: Interval) -> Interval:
    if c < 0:
        return _scaled(-c, -x)
    return Interval(None if x.low is None else c * x.low, None if x.high is None else c * x.high, x.open)


def holds(a: Interval, b: Interval, strict: bool) -> bool:
    """a <= b (a < b) for all arguments?"""
    if a.high is None or b.low is None:
        return False
    return a.high < b.low or (a.high == b.low and (not strict or a.open or b.open))


def counterexample(node: Node, bound: Fraction, above: bool, strict: bool) -> tuple[str, str] | None:
    """An argument at which a bare function breaks its bound, exactly: (argument, value)."""
    name = node.name.lstrip("\\") if isinstance(node, Function | Symbol) else ""
    known = FUNCTION_NAMES.get(name, FUNCTION_NAMES.get("\\" + name, ""))
    row = FUNCTIONS.get(known)
    if row is None or row.exp_form is None:
        return None
    for power in (1, 2, 4, 8, 16):
        for argument in (ln(Fraction(2) ** power), ln(Fraction(1, 2) ** power)):
            value = EXACT.apply(known, argument).rational
            breaks = value > bound if above else value < bound
            if breaks or (strict and value == bound):
                return str(argument), str(value)
    return None
