"""Witnesses: every one is certified, and a second reader in balls and one in floats see the difference too."""

import math
from fractions import Fraction

import flint
import pytest
import sympy as sp
from expressions import CONTEXT, NET, pair
from plain_values import BALLS, Reader
from proving import FREE, A, B, T, f, m, n, t, u, v, x

from lstm_sym.calculus.backward import backward
from lstm_sym.cells.catalogue import model
from lstm_sym.equality.decide import decide
from lstm_sym.equality.verdicts import Different
from lstm_sym.equality.witness import find_witness
from lstm_sym.expr.affine import between, constant, variable
from lstm_sym.expr.evaluate import Evaluation
from lstm_sym.expr.fields import FLOAT
from lstm_sym.expr.functions import apply, exp, log, relu, tanh
from lstm_sym.expr.labels import Total
from lstm_sym.expr.nodes import Named, Ones, Stack, SumOver, When, Zeros

INSIDE = between(constant(1), variable("t"), variable("T"))
FLOATS = {
    "tanh": math.tanh,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "exp": math.exp,
    "relu": lambda x: max(x, 0.0),
    "softplus": lambda x: math.log1p(math.exp(x)),
    "phi": math.tanh,
    "log": math.log,
    "reciprocal": lambda x: 1 / x,
}


def parsed(text, number):
    """An exact text such as "1/2*ln(3) - 4" as a ball or float."""
    total = number(0)
    for term in text.replace("- ", "+ -").split(" + "):
        value = number(1)
        sign, term = (-1, term[1:]) if term.startswith("-") else (1, term)
        for factor in term.split("*"):
            if factor.startswith("ln("):
                base, _, power = factor.partition("^")
                value = value * logarithm(int(base[3:-1]), number) ** int(power or 1)
            else:
                value = value * number(Fraction(factor))
        total = total + sign * value
    return total


def logarithm(prime, number):
    return flint.arb(prime).log() if number is as_ball else math.log(prime)


def as_ball(value):
    q = sp.Rational(value) if not isinstance(value, Fraction) else value
    return flint.arb(flint.fmpq(int(q.numerator), int(q.denominator)))


def key(name):
    head, _, rest = name.partition("[")
    return head, tuple(int(i) for i in rest.rstrip("]").split(",") if i)


def values(witness, number):
    return {
        key(name): [[parsed(text, number) for text in row] for row in rows] for name, rows in witness.assign.items()
    }


def confirm(a, b, witness):
    """Both readers see different values at the entry; the texts of the witness are those values."""
    at = {**witness.sizes, **witness.at}
    i, j = (k - 1 for k in witness.entry)
    with flint.ctx.workprec(200):
        reader = Reader(values(witness, as_ball), as_ball, BALLS)
        left, right = (reader.entry(side, i, j, at) for side in (a, b))
        assert not flint.arb(left).overlaps(flint.arb(right))
    reader = Reader(values(witness, float), float, FLOATS)
    left, right = (reader.entry(side, i, j, at) for side in (a, b))
    assert left != right
    assert math.isclose(left, said(witness.left), rel_tol=1e-6, abs_tol=1e-9)
    assert math.isclose(right, said(witness.right), rel_tol=1e-6, abs_tol=1e-9)


def said(text):
    return parsed(text, float) if "e" not in text else float(text)


WRONG = {
    "order": (A @ B, B @ A),
    "transpose": (A @ u, A.T @ u),
    "sign": (tanh(u - v), tanh(v - u)),
    "blocks": (Stack(Ones(n), -Ones(m)), Zeros(n + m)),
    "one entry": (Stack(u, f[t]), Stack(u, f[t] + f[t])),
    "log": (log(exp(u) + exp(v)), u + v),
    "sum": (SumOver(x[t], t, 1, T), x[t]),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_witness_shows_the_difference_to_two_other_readers(name):
    answer = decide(*WRONG[name], FREE, INSIDE)
    assert isinstance(answer, Different)
    confirm(*WRONG[name], answer.witness)


def test_witnesses_of_random_pairs_are_confirmed():
    confirmed = 0
    for seed in range(1, 240, 2):
        a, b = pair(seed)
        answer = decide(a, b, NET, CONTEXT, seconds=1.0)
        if isinstance(answer, Different):
            confirm(a, b, answer.witness)
            confirmed += 1
    assert confirmed > 50


@pytest.mark.parametrize("net", ["rnn", "rnn-linear", "lstm"])
def test_a_witness_assigns_only_what_is_given(net):
    recurrence = backward(model(net))
    h = Named("h", n)
    answer = decide(Named(Total("L", "h"), n)[t], h[t], recurrence)
    assert isinstance(answer, Different)
    free = {q.name for q in recurrence.free}
    assert {key(name)[0] for name in answer.witness.assign} <= free
    assert answer.witness.at.keys() == {"t"}


@pytest.mark.parametrize("net", ["rnn", "lstm"])
def test_the_recurrence_at_the_values_of_the_witness_gives_different_floats(net):
    recurrence, h = backward(model(net)), Named("h", n)
    a, b = Named(Total("L", "h"), n)[t], h[t - 1]
    confirm_in(recurrence, a, b, decide(a, b, recurrence).witness)


def confirm_in(recurrence, a, b, witness):
    run = Evaluation(recurrence, witness.sizes, values(witness, float), FLOAT)
    i, j = (k - 1 for k in witness.entry)
    assert abs(run(a, witness.at)[i, j] - run(b, witness.at)[i, j]) > 1e-9


def test_the_rnn_has_exact_witnesses():
    h = Named("h", n)
    assert decide(h[t], h[t - 1], model("rnn")).witness.exact


@pytest.mark.parametrize("net", ["rnn", "lstm", "lstm-peephole", "gru", "gru-after"])
def test_a_witness_can_be_followed_by_hand(net):
    recurrence, gradient = backward(model(net)), Named(Total("L", "h"), n)
    claim = gradient[t], gradient[t + 1]
    witness = decide(*claim, recurrence).witness
    told = [rows for rows in witness.assign.values() if any(v != "0" for row in rows for v in row)]
    assert witness.exact and len(told) <= 3 and set(witness.sizes.values()) <= {1, 3}
    confirm_in(recurrence, *claim, witness)


@pytest.mark.parametrize(
    "a, b",
    [
        (relu(u - u), Ones(n)),
        (apply("reciprocal", u - u), u),
        (log(u - u), u),
        (log(-exp(u)), v),
        (apply("sqrt", -exp(u)), v),
        (tanh(apply("reciprocal", u - u)), u),
    ],
)
def test_where_a_side_is_not_defined_there_is_no_witness(a, b):
    assert find_witness(a, b, FREE, frozenset()) is None


def test_interior_indices_come_first():
    answer = decide(x[t], When(x[t], t - 2), FREE, INSIDE)
    assert isinstance(answer, Different) and answer.witness.at == {"t": 1} and not answer.witness.interior
    assert decide(x[t], x[t] + x[t], FREE, INSIDE).witness.interior
