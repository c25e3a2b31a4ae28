r"""Worked numbers, 0.9^{100} \approx 2.66 \times 10^{-5}: both sides in exact numbers or balls, against the digits shown.

A rounded number stands for all numbers that are rounded, or cut off, to its digits: |x - 0.123| < 0.001.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction as Rational
from operator import add, mul, sub
from typing import Any, TypeAlias

import flint

from lstm_sym.documents.layout.mapped import mapped
from lstm_sym.documents.layout.tree import (
    Abs,
    Delimited,
    Fraction,
    Function,
    Group,
    Matrix,
    Node,
    Number,
    Product,
    Root,
    Scripts,
    Sum,
    Symbol,
    walk,
)
from lstm_sym.documents.reading.calls import FUNCTION_NAMES
from lstm_sym.expr.functions import FUNCTIONS

Value: TypeAlias = "Rational | flint.arb"
CONSTANTS: dict[str, Callable[[], Any]] = {"e": lambda: flint.arb(1).exp(), r"\pi": flint.arb.pi}
LARGEST_POWER = 10_000


@dataclass(frozen=True, slots=True)
class Numeric:
    """A verdict on numbers, why, and under which condition."""

    verdict: str
    message: str
    condition: str | None = None
    evidence: str | None = "ball"


def numeric(left: Node, relation: str, right: Node, given: bool = False) -> Numeric | None:
    """What the numbers say of left relation right; None unless both sides are numbers, one to be computed or (given) neither."""
    if relation not in RELATIONS or (not given and all(_digits(side) for side in (left, right))):
        return None
    try:
        a, b = _value(left), _value(right)
    except (_NotANumber, ArithmeticError, ValueError, OverflowError):
        return None
    found = RELATIONS[relation](a, b, _digits(right) or _digits(left))
    if relation != "=" or found is None or found.verdict != "refuted":
        return found
    return ROUNDED if _ball(a).overlaps(_ball(_value(_rounded(right)))) else found


def is_number(node: Node) -> bool:
    r"""Has it a value by itself, or have all its entries: 0.8, (0.8)(0.0924), \tanh(0.6)?"""
    if isinstance(node, Matrix):
        return all(is_number(cell) for row in node.rows for cell in row)
    try:
        _value(node)
    except (_NotANumber, ArithmeticError, ValueError, OverflowError):
        return False
    return any(isinstance(n, Number) for n in walk(node))


ROUNDED = Numeric("conditional", "rounded to the digits shown", "the number is rounded to the digits shown")


# --- relations ------------------------------------------------------------------------------------------------------

def _equal(a: Value, b: Value, shown: Shown | None) -> Numeric | None:
    """Exactly, or rounded to the digits shown."""
    if isinstance(a, Rational) and isinstance(b, Rational) and a == b:
        return Numeric("proved", "the two numbers are equal", evidence="exact")
    if shown is not None and shown.decimal:
        near = _approximate(a, b, shown)
        if near is not None and near.verdict == "proved":
            return ROUNDED
    return _different(a, b)


def _approximate(a: Value, b: Value, shown: Shown | None) -> Numeric | None:
    if shown is None or not shown.value:
        return None                                          # close to how many digits? close to 0 by how much?
    distance = abs(_ball(a) - _ball(b))
    if distance < _ball(shown.unit):
        return Numeric("proved", "the digits shown are right, rounded or cut off")
    return _different(a, b) if shown.decimal and distance > _ball(shown.unit) else None


def _different(a: Value, b: Value) -> Numeric | None:
    if isinstance(a, Rational) and isinstance(b, Rational):
        apart = a != b
    else:
        apart = not _ball(a).overlaps(_ball(b))
    return Numeric("refuted", f"the left side is {_told(a)}, the right side {_told(b)}") if apart else None


def _less(a: Value, b: Value, shown: Shown | None) -> Numeric | None:
    if _ball(a) < _ball(b):
        return Numeric("proved", f"{_told(a)} < {_told(b)}")
    return Numeric("refuted", f"{_told(a)} >= {_told(b)}") if _ball(a) >= _ball(b) else None


def _at_most(a: Value, b: Value, shown: Shown | None) -> Numeric | None:
    if a == b if isinstance(a, Rational) and isinstance(b, Rational) else _ball(a) <= _ball(b):
        return Numeric("proved", f"{_told(a)} <= {_told(b)}")
    return _less(a, b, shown)


def _flipped(a: Value, b: Value, shown: Shown | None) -> Numeric | None:
    return _less(b, a, shown)


def _at_least(a: Value, b: Value, shown: Shown | None) -> Numeric | None:
    return _at_most(b, a, shown)


RELATIONS: dict[str, Callable[[Value, Value, Any], Numeric | None]] = {
    "=": _equal, r"\approx": _approximate, r"\simeq": _approximate, "<": _less, ">": _flipped,
    r"\le": _at_most, r"\leq": _at_most, r"\ge": _at_least, r"\geq": _at_least,
}


# --- digits ---------------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Shown:
    """A number in digits: its value, one unit of its last digit, and whether its digits are all meant."""

    value: Rational
    unit: Rational
    decimal: bool


def _digits(node: Node) -> Shown | None:
    r"""2.66, -0.5, 14000, 2.66 \times 10^{-5}; None for anything else."""
    if isinstance(node, Group):
        return _digits(node.body)
    if isinstance(node, Sum) and len(node.terms) == 1:
        inner = _digits(node.terms[0].body)
        return Shown(-inner.value, inner.unit, inner.decimal) if inner and node.terms[0].sign == "-" else inner
    if isinstance(node, Number):
        value, places = Decimal(node.text), node.text.partition(".")[2]
        zeros = 0 if places else len(node.text) - len(node.text.rstrip("0"))
        return Shown(Rational(value), Rational(10) ** (zeros - len(places)), bool(places) or not zeros)
    if isinstance(node, Product) and len(node.factors) == 2 and node.operators[0] in (r"\times", r"\cdot"):
        first, power = _digits(node.factors[0]), node.factors[1]
        if first is not None and isinstance(power, Scripts) and power.base == Number("10") and power.sub is None:
            scale = _value(power)
            if isinstance(scale, Rational):
                return Shown(first.value * scale, first.unit * scale, first.decimal)
    return None


@dataclass(frozen=True, slots=True)
class Rounded(Node):
    """A decimal fraction that stands for all numbers with its digits: the 0.288 of 1 - 0.537^2 = 1 - 0.288."""

    text: str


def _rounded(node: Node) -> Node:
    """A result on the way, with each of its decimal fractions as one that is rounded."""
    return mapped(node, lambda n: Rounded(n.text) if isinstance(n, Number) and "." in n.text else n)


def _near(node: Rounded) -> flint.arb:
    return flint.arb(_ball(Rational(Decimal(node.text))), _ball(Rational(10) ** -len(node.text.partition(".")[2])))


# --- values ---------------------------------------------------------------------------------------------------------

class _NotANumber(Exception):
    """A name, or an operation that has no value."""


def _ball(x: Value) -> flint.arb:
    return flint.arb(flint.fmpq(x.numerator, x.denominator)) if isinstance(x, Rational) else x


def _told(x: Value) -> str:
    return str(x) if isinstance(x, Rational) and len(str(x)) < 20 else _ball(x).str(8, radius=False)


def _value(node: Node) -> Value:
    if isinstance(node, Number):
        return Rational(Decimal(node.text))
    if isinstance(node, Symbol) and node.name in CONSTANTS and node.font in ("", "roman"):
        return CONSTANTS[node.name]()
    rule = VALUES.get(type(node))
    if rule is None:
        raise _NotANumber
    return rule(node)


def _both(operation: Callable[[Any, Any], Any], a: Value, b: Value) -> Value:
    exact = isinstance(a, Rational) and isinstance(b, Rational)
    return operation(a, b) if exact else operation(_ball(a), _ball(b))


def _sum(node: Sum) -> Value:
    total: Value = Rational(0)
    for term in node.terms:
        if term.sign not in ("", "+", "-"):
            raise _NotANumber
        total = _both(sub if term.sign == "-" else add, total, _value(term.body))
    return total


def _product(node: Product) -> Value:
    total: Value = Rational(1)
    n = 0
    while n < len(node.factors):
        operator = node.operators[n - 1] if n else ""
        if operator not in ("", r"\cdot", r"\times", "*", "/"):
            raise _NotANumber
        head, x = node.factors[n], None
        if _function(head) and n + 1 < len(node.factors):
            n += 1
            x = _applied(head, node.factors[n])
        total = _both(_over if operator == "/" else mul, total, _value(head) if x is None else x)
        n += 1
    return total


def _over(a: Any, b: Any) -> Any:
    if b == 0:
        raise _NotANumber
    return a / b


def _function(head: Node) -> str:
    """The name of a function, \\tanh or \\sigma'."""
    base = head.base if isinstance(head, Scripts) and head.sub is None and head.sup is None else head
    return FUNCTION_NAMES.get(base.name, "") if isinstance(base, Function | Symbol) else ""


def _applied(head: Node, argument: Node) -> Value:
    r"""f(x), or f(x)^k, which is the power of the value."""
    if isinstance(argument, Scripts) and isinstance(argument.base, Delimited):
        return _raised(_called(head, argument.base), argument)
    return _called(head, argument)


def _called(head: Node, argument: Node) -> Value:
    if not isinstance(argument, Delimited | Number):
        raise _NotANumber
    row, x = FUNCTIONS[_function(head)], _value(argument)
    y: Value = row.at_zero if x == 0 and row.at_zero is not None else row.ball(_ball(x))
    primes = head.primes if isinstance(head, Scripts) else 0
    if not primes:
        return y
    if primes > 1 or row.name not in SLOPES:
        raise _NotANumber
    slope: Value = SLOPES[row.name](y)
    return slope


SLOPES: dict[str, Callable[[Any], Any]] = {"tanh": lambda y: 1 - y * y, "sigmoid": lambda y: y - y * y, "exp": lambda y: y}


def _power(node: Scripts) -> Value:
    if _function(node.base):
        raise _NotANumber
    return _raised(_value(node.base), node)


def _raised(base: Value, node: Scripts) -> Value:
    if node.sub is not None or node.primes or node.sup is None:
        raise _NotANumber
    exponent = _value(node.sup)
    if isinstance(exponent, Rational) and exponent.denominator == 1 and abs(exponent) <= LARGEST_POWER:
        if base == 0 and exponent <= 0:
            raise _NotANumber
        return base ** int(exponent)
    return _ball(base) ** _ball(exponent)


VALUES: dict[type[Node], Callable[[Any], Value]] = {
    Rounded:     _near,
    Sum:         _sum,
    Product:     _product,
    Fraction:    lambda node: _both(_over, _value(node.numerator), _value(node.denominator)),
    Scripts:     _power,
    Group:       lambda node: _value(node.body),
    Delimited:   lambda node: _value(node.body),
    Abs:         lambda node: abs(_value(node.body)),
    Root:        lambda node: _ball(_value(node.body)).sqrt(),
}
