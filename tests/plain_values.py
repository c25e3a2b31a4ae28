"""A second reader of expressions: one entry at a time, by the definition of each node, on floats, fractions or balls.

It shares no code with `expr.evaluate`, which witnesses use.  names: (name, indices) -> rows.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import flint
import sympy as sp

from lstm_sym.expr.nodes import (
    Add,
    Diag,
    Elementwise,
    Hadamard,
    Identity,
    MatMul,
    Named,
    Node,
    Ones,
    ProductOver,
    Scale,
    Slice,
    Stack,
    SumOver,
    Transpose,
    When,
    Zeros,
)

BALLS: dict[str, Callable[[Any], Any]] = {
    "tanh": lambda x: 1 - 2 / (1 + (2 * x).exp()), "sigmoid": lambda x: 1 / (1 + (-x).exp()), "exp": lambda x: x.exp(),
    "log": lambda x: x.log(), "reciprocal": lambda x: 1 / x, "sqrt": lambda x: x.sqrt(),
    "softplus": lambda x: (1 + x.exp()).log(), "phi": lambda x: x.tanh(), "phi'": lambda x: 1 - x.tanh() ** 2,
    "relu": lambda x: x * positive(x), "step": lambda x: positive(x),
}


def positive(x: Any) -> int:
    if x > 0 or x < 0:
        return int(x > 0)
    raise ArithmeticError("the sign is open")


def ball(value: Any) -> flint.arb:
    return flint.arb(flint.fmpq(int(sp.Rational(value).p), int(sp.Rational(value).q)))


class Reader:
    """Values at concrete sizes."""

    def __init__(self, names: Mapping[Any, Any], number: Callable[[Any], Any] = ball,
                 functions: Mapping[str, Callable[[Any], Any]] = BALLS) -> None:
        self.names, self.number, self.functions = names, number, functions

    def matrix(self, node: Node, at: Mapping[str, int]) -> list[list[Any]]:
        rows, columns = (whole(extent, at) for extent in node.shape)
        return [[self.entry(node, i, j, at) for j in range(columns)] for i in range(rows)]

    def entry(self, e: Node, i: int, j: int, at: Mapping[str, int]) -> Any:
        value = lambda x, i=i, j=j, at=at: self.entry(x, i, j, at)
        match e:
            case Named():
                return self.names[e.name, tuple(whole(k, at) for k in e.indices)][i][j]
            case Ones() | Zeros() | Identity():
                return self.number(int(isinstance(e, Ones) or (isinstance(e, Identity) and i == j)))
            case Add():
                return sum(map(value, e.args), self.number(0))
            case Hadamard():
                found = [value(x) if x.shape == e.shape else value(x, 0, 0) for x in e.args]
                return product(found, self.number(1))
            case MatMul():
                rest = e.args[1] if len(e.args) == 2 else MatMul(*e.args[1:])
                inner = range(whole(e.args[0].shape[1], at))
                return sum((value(e.args[0], i, k) * value(rest, k, j) for k in inner), self.number(0))
            case Scale():
                sizes = {s: at[s.name] for s in e.args[0].free_symbols}
                return self.number(e.args[0].subs(sizes)) * value(e.args[1])
            case Transpose():
                return value(e.args[0], j, i)
            case Diag():
                return value(e.args[0], i, 0) if i == j else self.number(0)
            case Elementwise():
                return self.functions[str(e.args[0])](value(e.args[1]))
            case Stack():
                for block in e.args:
                    if i < whole(block.shape[0], at):
                        return value(block, i, j)
                    i -= whole(block.shape[0], at)
                raise IndexError(e)
            case Slice():
                return value(e.args[0], i + whole(e.args[1], at), j)
            case SumOver(args=(body, k, low, high)):
                steps = range(whole(low, at), whole(high, at) + 1)
                return sum((value(body, i, j, {**at, k.name: s}) for s in steps), self.number(0))
            case ProductOver(args=(body, k, low, high, step)):
                return self.chain(body, k, range(whole(low, at), whole(high, at) + 1)[::int(step)], i, j, at)
            case When():
                there = all(whole(c, at) >= 0 for c in e.args[1:])
                return value(e.args[0]) if there else self.number(0)
        raise TypeError(e)

    def chain(self, body: Node, k: Any, steps: range, i: int, j: int, at: Mapping[str, int]) -> Any:
        size = whole(body.shape[0], at)
        row = [self.number(int(i == c)) for c in range(size)]
        for s in steps:
            factor = [[self.entry(body, r, c, {**at, k.name: s}) for c in range(size)] for r in range(size)]
            row = [sum((row[r] * factor[r][c] for r in range(size)), self.number(0)) for c in range(size)]
        return row[j]


def product(factors: list[Any], one: Any) -> Any:
    for factor in factors:
        one = one * factor
    return one


def whole(expression: Any, at: Mapping[str, int]) -> int:
    """An index or size as an integer."""
    return sum(c * (at[s] if s else 1) for s, c in parts(expression))


@cache
def parts(expression: Any) -> list[tuple[str, int]]:
    """(symbol, coefficient), the constant under no symbol."""
    found = sp.expand(expression).as_coefficients_dict().items()
    return [("" if s == 1 else s.name, int(c)) for s, c in found]
