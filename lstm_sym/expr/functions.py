"""Elementwise functions: one row holds every fact about one function, and no other table has to know it.

Derivatives are written in the function's own value y where that is how papers print them: tanh' = 1 - y o y.
A name without a row, such as "phi", is a *generic* smooth function: opaque to proofs, its derivative is "phi'".
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
import sympy as sp

from lstm_sym.expr.nodes import Elementwise, Node, Ones, Zeros, hadamard

Rule = Callable[[Any, Any], Node]                          # operators on nodes take numbers too: 1 - y
Number = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class ElementwiseFunction:
    """One elementwise function.

    derivative: f'(x), nodes, from x and y = f(x);  slope: the same in numbers of a field f, a witness that knows nothing
    of `derivative`;  number: on floats, complex and arrays of them;  ball: on flint.arb;  scalar: in SymPy's own words;
    latex: the function's name;  spellings: what authors write for it, words and commands;
    numpy, c: source text with {} for the operand;
    low, high: the range, None where unbounded; a bound is attained only by the piecewise ones and by sqrt;
    lipschitz: sup |f'|, None if infinite;  parity: f(-x) = constant + sign * f(x) as (constant, sign), or None;
    at_zero: f(0), exact, None if undefined or irrational;
    exp_form: f as a rational function of E = exp(scale * x), for exact values;  exact: on Exact, where there is no such form;
    piecewise: not smooth, has a kink or a jump at 0;  activation: papers name its argument, and its value inside others.
    """

    name: str
    derivative: Rule
    slope: Callable[[Any, Any, Any], Any]
    number: Number
    ball: Number
    scalar: Number
    latex: str
    spellings: str
    numpy: str
    c: str
    low: Fraction | None = None
    high: Fraction | None = None
    lipschitz: Fraction | None = None
    parity: tuple[Fraction, int] | None = None
    at_zero: Fraction | None = None
    exp_form: tuple[int, Callable[[Fraction], Fraction]] | None = None
    exact: Number | None = None
    piecewise: bool = False
    activation: bool = True


def apply(name: str, operand: Node) -> Node:
    """f(operand); the identity is the operand itself."""
    return operand if name == "identity" else Elementwise(name, operand)


def _ball_step(x: Any) -> Any:
    if x > 0 or x < 0:
        return type(x)(1 if x > 0 else 0)
    raise ArithmeticError(f"the sign of {x} is not certain")


def _real(x: Any) -> Any:
    return np.real(x) if isinstance(x, complex | np.ndarray | np.number) else x


def _step(x: Any) -> Any:
    return (_real(x) > 0) * 1.0


def _sigmoid(x: Any) -> Any:
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def _ball_sigmoid(x: Any) -> Any:
    return 1 / (1 + (-x).exp())


def _sympy_sigmoid(x: Any) -> Any:
    return 1 / (1 + sp.exp(-x))


def _sympy_softplus(x: Any) -> Any:
    return sp.log(1 + sp.exp(x))


F = Fraction
R = ElementwiseFunction
_ROWS = (
    # name          f'(x), y = f(x): nodes                  the same, numbers of a field f
    #               floats                                  balls                                 SymPy
    #               LaTeX                        spellings
    #               NumPy                                   C
    #               range; Lipschitz; parity; f(0); exact values
    R("tanh",       lambda x, y: 1 - y * y,                 lambda f, x, y: 1 - y * y,
                    np.tanh,                                lambda x: x.tanh(),                   sp.tanh,
                    r"\tanh",                    r"tanh Tanh \tanh",
                    "np.tanh({})",                          "tanh({})",
                    F(-1), F(1), F(1), (F(0), -1), F(0), (2, lambda e: (e - 1) / (e + 1))),
    R("sigmoid",    lambda x, y: y * (1 - y),               lambda f, x, y: y * (1 - y),
                    _sigmoid,                               _ball_sigmoid,                        _sympy_sigmoid,
                    r"\sigma",                   r"sigmoid Sigmoid sigm logistic \sigmoid \sigma",
                    "(0.5 + 0.5 * np.tanh(0.5 * {}))",      "(0.5 + 0.5 * tanh(0.5 * {}))",
                    F(0), F(1), F(1, 4), (F(1), -1), F(1, 2), (1, lambda e: e / (1 + e))),
    R("relu",       lambda x, y: apply("step", x),          lambda f, x, y: f.apply("step", x),
                    lambda x: x * (_real(x) > 0),           lambda x: x * _ball_step(x),          lambda x: sp.Max(x, 0),
                    r"\operatorname{relu}",      r"relu ReLU RELU \relu \ReLU",
                    "np.maximum({}, 0)",                    "fmax({}, 0)",
                    F(0), None, F(1), None, F(0), exact=lambda x: x if x.positive else 0, piecewise=True),
    R("step",       lambda x, y: Zeros(*x.shape),           lambda f, x, y: x * 0,
                    _step,                                  _ball_step,                           sp.Heaviside,
                    r"\operatorname{step}",      "step",
                    "({} > 0)",                             "({} > 0)",
                    exact=lambda x: int(x.positive), piecewise=True, activation=False),
    R("softplus",   lambda x, y: apply("sigmoid", x),       lambda f, x, y: f.apply("sigmoid", x),
                    lambda x: np.log1p(np.exp(x)),          lambda x: x.exp().log1p(),            _sympy_softplus,
                    r"\operatorname{softplus}",  "softplus",
                    "np.logaddexp(0, {})",                  "log1p(exp({}))",
                    F(0), None, F(1)),
    R("exp",        lambda x, y: y,                         lambda f, x, y: y,
                    np.exp,                                 lambda x: x.exp(),                    sp.exp,
                    r"\exp",                     r"exp \exp",
                    "np.exp({})",                           "exp({})",
                    F(0), None, None, None, F(1), (1, lambda e: e), activation=False),
    R("log",        lambda x, y: apply("reciprocal", x),    lambda f, x, y: f.apply("reciprocal", x),
                    np.log,                                 lambda x: x.log(),                    sp.log,
                    r"\log",                     r"log ln \log \ln",
                    "np.log({})",                           "log({})",
                    activation=False),
    R("reciprocal", lambda x, y: -(y * y),                  lambda f, x, y: -(y * y),
                    lambda x: 1 / x,                        lambda x: 1 / x,                      lambda x: 1 / x,
                    r"\operatorname{reciprocal}", "",
                    "(1 / {})",                             "(1 / {})",
                    parity=(F(0), -1), exact=lambda x: 1 / x.rational, activation=False),
    R("sqrt",       lambda x, y: apply("reciprocal", 2*y),  lambda f, x, y: f.apply("reciprocal", y + y),
                    np.sqrt,                                lambda x: x.sqrt(),                   sp.sqrt,
                    r"\operatorname{sqrt}",      "sqrt",
                    "np.sqrt({})",                          "sqrt({})",
                    F(0), None, None, None, F(0), activation=False),
)
FUNCTIONS: dict[str, ElementwiseFunction] = {row.name: row for row in _ROWS}


def spelled() -> dict[str, str]:
    """What authors write -> the function's name: \\sigma and logistic are the sigmoid."""
    return {spelling: row.name for row in FUNCTIONS.values() for spelling in row.spellings.split()}


# --- generic functions: phi stands for any smooth function; tanh is the instance that witnesses use ----------

@lru_cache(maxsize=64)
def _tanh_derivative(order: int) -> tuple[int, ...]:
    """Coefficients in y = tanh x of the derivative of tanh of this order:  d p(y)/dx = p'(y) (1 - y^2)."""
    if order == 0:
        return (0, 1)
    slope = [k * c for k, c in enumerate(_tanh_derivative(order - 1))][1:]
    return tuple(a - b for a, b in zip([*slope, 0, 0], [0, 0, *slope], strict=True))


@lru_cache(maxsize=256)
def function(name: str) -> ElementwiseFunction:
    """The row of `name`; a generic row for a name that has none."""
    return FUNCTIONS[name] if name in FUNCTIONS else _generic(name)


def is_generic(name: str) -> bool:
    """Has `name` no row of its own?"""
    return name not in FUNCTIONS


def _generic(name: str) -> ElementwiseFunction:
    stem = name.rstrip("'")
    order = len(name) - len(stem)
    coefficients = _tanh_derivative(order)

    def polynomial(y: Any) -> Any:
        return sum((c * y**k for k, c in enumerate(coefficients) if c), 0 * y)

    def scalar(x: Any) -> Any:
        plain, xi = sp.Function(stem), sp.Dummy("xi")
        return sp.Subs(plain(xi).diff(xi, order), xi, x) if order else plain(x)

    return ElementwiseFunction(
        name, lambda x, y: apply(name + "'", x), lambda f, x, y: f.apply(name + "'", x),
        lambda x: polynomial(np.tanh(x)), lambda x: polynomial(x.tanh()), scalar,
        rf"\{name}" if len(stem) > 1 else name, "", "", "",
        exp_form=(2, lambda e: Fraction(polynomial((e - 1) / (e + 1)))),
    )


def derivative(node: Elementwise, value: Node) -> Node:
    """f'(x) for the node f(x) whose value is known as `value` (the named quantity, if there is one)."""
    return function(node.args[0].name).derivative(node.args[1], value)


def tanh(x: Node) -> Node:
    """tanh(x), entries in (-1, 1)."""
    return Elementwise("tanh", x)


def sigmoid(x: Node) -> Node:
    """1 / (1 + exp(-x)), entries in (0, 1)."""
    return Elementwise("sigmoid", x)


def relu(x: Node) -> Node:
    """max(x, 0); derivative 0 or 1, undefined at 0."""
    return Elementwise("relu", x)


def softplus(x: Node) -> Node:
    """log(1 + exp(x)); derivative sigmoid."""
    return Elementwise("softplus", x)


def exp(x: Node) -> Node:
    """exp(x)."""
    return Elementwise("exp", x)


def log(x: Node) -> Node:
    """Natural logarithm; x > 0."""
    return Elementwise("log", x)


def softmax(x: Node) -> Node:
    """exp(x) / (1' exp(x)) for a column x; entries in (0, 1), sum 1."""
    e = exp(x)
    return hadamard(e, Elementwise("reciprocal", Ones(1, x.shape[0]) @ e))
