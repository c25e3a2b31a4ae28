"""Tests of the tests: each wrong rule planted in a table is caught by the properties of `rules`."""

from dataclasses import replace

import pytest
import rules
import sympy as sp

from lstm_sym.calculus import jacobian, jvp, vjp
from lstm_sym.errors import ShapeMismatch
from lstm_sym.expr import functions
from lstm_sym.expr.functions import derivative
from lstm_sym.expr.nodes import (
    Add,
    Diag,
    Elementwise,
    Hadamard,
    MatMul,
    Ones,
    ProductOver,
    Scale,
    Slice,
    Stack,
    SumOver,
    Transpose,
    Zeros,
    add,
    hadamard,
    matmul,
    scale,
    stack,
    take,
)


def others(n, i):
    return (*n.args[:i], *n.args[i + 1:])


def starts(n):
    return [sp.Add(*(b.shape[0] for b in n.args[:i])) for i in range(len(n.args))]


def square(x):
    """Does a wrong order or a dropped transpose still fit?  Only then is it a silent bug."""
    return x.shape[0] == x.shape[1]


WRONG_VJP = {
    "a sum that scales":            (Add, lambda n, y, g: [scale(sp.Rational(1, len(n.args)), g) for _ in n.args]),
    "a sum without its last term":  (Add, lambda n, y, g: [*[g for _ in n.args[1:]], Zeros(*g.shape)]),
    "Hadamard with its own factor": (Hadamard, lambda n, y, g: [
        g if x.shape == g.shape else Ones(1, 1) for x in n.args]),
    "a product without transposes": (MatMul, lambda n, y, g: [
        matmul(*n.args[:i], g, *n.args[i + 1:]) if all(map(square, n.args)) else p
        for i, p in enumerate(TRUE_VJP[MatMul](n, y, g))]),
    "a product in the wrong order": (MatMul, lambda n, y, g: [
        matmul(g, *(x.T for x in others(n, i))) if all(map(square, n.args)) else p
        for i, p in enumerate(TRUE_VJP[MatMul](n, y, g))]),
    "a coefficient dropped":        (Scale, lambda n, y, g: [g]),
    "a coefficient inverted":       (Scale, lambda n, y, g: [scale(1 / n.args[0], g)]),
    "the transpose of all of diag": (Diag, lambda n, y, g: [matmul(g, Ones(g.shape[1], 1))]),
    "no slope":                     (Elementwise, lambda n, y, g: [g]),
    "the slope at the value":       (Elementwise, lambda n, y, g: [hadamard(g, derivative(n, n.args[1]))]),
    "the slope squared":            (Elementwise, lambda n, y, g: [hadamard(g, derivative(n, y), derivative(n, y))]),
    "rows from the first block":    (Stack, lambda n, y, g: [take(g, 0, b.shape[0]) for b in n.args]),
    "rows one later":               (Slice, lambda n, y, g: [stack(
        Zeros(n.args[0].shape[0] - n.args[2], g.shape[1]), g)]),
}
WRONG_JVP = {
    "one term of a sum":            (Add, lambda n, y, d: d[0]),
    "one term of the product rule": (Hadamard, lambda n, y, d: hadamard(d[0], *n.args[1:])),
    "Hadamard, all moved":          (Hadamard, lambda n, y, d: hadamard(*d)),
    "the last factor only":         (MatMul, lambda n, y, d: matmul(*n.args[:-1], d[-1])),
    "a coefficient dropped":        (Scale, lambda n, y, d: d[0]),
    "the slope as function":        (Elementwise, lambda n, y, d: hadamard(y, d[0])),
    "blocks of the first":          (Stack, lambda n, y, d: Stack(d[0], *(Zeros(*x.shape) for x in d[1:]))),
    "a slice from 0":               (Slice, lambda n, y, d: take(d[0], 0, n.args[2])),
    "a product without its right":  (ProductOver, lambda n, y, d: SumOver(
        matmul(vjp.others(n)[0], d[0]), *n.args[1:4])),
}
WRONG_JACOBIAN = {
    "Hadamard without diag":        (Hadamard, lambda n, y, J: add(*J) if len({j.shape for j in J}) == 1 else TRUE_J[
        Hadamard](n, y, J)),
    "a product without its matrix": (MatMul, lambda n, y, J: add(*(j for j in J if j.shape == J[-1].shape))),
    "a coefficient dropped":        (Scale, lambda n, y, J: J[0]),
    "no slope":                     (Elementwise, lambda n, y, J: J[0]),
    "the slope on the right":       (Elementwise, lambda n, y, J: matmul(J[0], Diag(derivative(n, y))) if square(J[0])
                                     else TRUE_J[Elementwise](n, y, J)),
    "one block only":               (Stack, lambda n, y, J: stack(J[0], *(Zeros(*j.shape) for j in J[1:]))),
    "a slice from 0":               (Slice, lambda n, y, J: take(J[0], 0, n.args[2])),
    "the transpose":                (Add, lambda n, y, J: add(*J).T if square(J[0]) else add(*J)),
}
TRUE_VJP, TRUE_J = dict(vjp.VJP), dict(jacobian.JACOBIAN)
WRONG = (vjp.VJP, WRONG_VJP), (jvp.JVP, WRONG_JVP), (jacobian.JACOBIAN, WRONG_JACOBIAN)
PLANTED = [(table, name, rule) for table, those in WRONG for name, rule in those.items()]


def caught() -> bool:
    """Does some example go wrong?  A shape that does not fit is a loud way of going wrong."""
    return any(goes_wrong(example) for example in rules.EXAMPLES.values())


def goes_wrong(example) -> bool:
    try:
        return rules.wrong(example) is not None
    except ShapeMismatch:
        return True


def test_the_rules_as_they_are_satisfy_every_property():
    assert not caught()


@pytest.mark.parametrize("table, name, rule", PLANTED, ids=[name for _, name, _ in PLANTED])
def test_each_planted_wrong_rule_is_caught(monkeypatch, table, name, rule):
    node, law = rule
    monkeypatch.setitem(table, node, law)
    assert caught()


@pytest.mark.parametrize("table, node", [(vjp.VJP, Transpose), (jvp.JVP, Transpose), (jvp.JVP, Diag)])
def test_a_rule_that_does_nothing_is_caught(monkeypatch, table, node):
    monkeypatch.setitem(table, node, lambda n, y, g: [g] if table is vjp.VJP else Zeros(*n.shape))
    assert caught()


@pytest.mark.parametrize("name, slope", [
    ("tanh", lambda x, y: 1 - x * x), ("tanh", lambda x, y: 1 - y), ("tanh", lambda x, y: 1 + y * y),
    ("sigmoid", lambda x, y: y), ("sigmoid", lambda x, y: 1 - y * y), ("sigmoid", lambda x, y: x * (1 - x)),
    ("exp", lambda x, y: x), ("log", lambda x, y: functions.apply("reciprocal", y)),
    ("reciprocal", lambda x, y: y * y), ("sqrt", lambda x, y: functions.apply("reciprocal", y)),
    ("softplus", lambda x, y: functions.apply("sigmoid", y)),
])
def test_each_wrong_derivative_of_a_function_is_caught(monkeypatch, name, slope):
    row = functions.FUNCTIONS[name]
    functions.function.cache_clear()                         # rows are remembered by name
    monkeypatch.setitem(functions.FUNCTIONS, name, replace(row, derivative=slope))
    wrong = [goes_wrong(example) for key, example in rules.EXAMPLES.items() if key.startswith(name)]
    functions.function.cache_clear()
    assert any(wrong)
