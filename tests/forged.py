"""Theorems that are false, made past the kernel's seal: what a recheck and Coq must refuse."""
from __future__ import annotations

from fractions import Fraction
from typing import Any

from lstm_sym.expr.affine import variable
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.registry import steps, theorem
from lstm_sym.proof.statements import Substitution, substituted
from lstm_sym.proof.syntax import (
    call,
    derivative,
    eq,
    had,
    index,
    le,
    lt,
    mul,
    named,
    norm,
    power,
    prod,
    real,
    same,
    shift,
    tr,
    zeros,
)


def forge(hypotheses: Any, conclusion: Any, rule: str, data: Any = (), premises: Any = ()) -> Theorem:
    """A Theorem that no rule gave."""
    t = object.__new__(Theorem)
    for name, value in zip(("hypotheses", "conclusion", "rule", "data", "premises", "seal"),
                           (hypotheses, conclusion, rule, data, premises, None), strict=True):
        object.__setattr__(t, name, value)
    return t


def with_conclusion(t: Theorem, conclusion: Any) -> Theorem:
    """The same last step with another conclusion."""
    return forge(t.hypotheses, conclusion, t.rule, t.data, t.premises)


def _one_more_factor() -> Theorem:
    t = theorem("rnn-jacobian-bound")
    _, left, (_, base, k) = t.conclusion
    return with_conclusion(t, le(left, power(base, shift(k, 1))))


def _dropped_transpose() -> Theorem:
    W = named("W", "n", "n")
    step = next(s for s in steps(theorem("rnn-gradient-bound")) if s.rule == "NORM_TRANSPOSE")
    return with_conclusion(step, same(norm(tr(mul(W, W)), "2"), norm(mul(W, tr(W)), "2")))


def _not_squared() -> Theorem:
    """||A'A|| = ||A|| instead of its square."""
    A = named("A", "n", "n")
    return forge((), same(norm(mul(tr(A), A), "2"), norm(A, "2")), "NORM_GRAM", (Substitution(),))


def _missing_side_condition() -> Theorem:
    """x^k -> 0 without x < 1."""
    t = next(s for s in steps(theorem("rnn-vanishing")) if s.rule == "LIM_POW")
    return forge(t.premises[0].hypotheses, t.conclusion, t.rule, t.data, t.premises[:1])


def _lost_hypothesis() -> Theorem:
    t = theorem("rnn-jacobian-bound")
    return forge(t.hypotheses[1:], t.conclusion, t.rule, t.data, t.premises)


def _out_of_nothing() -> Theorem:
    return forge((), lt(1, 0), "LINEAR", ("lt", ("num", 1), ("num", 0)))


def _free_in_a_hypothesis() -> Theorem:
    """for all k: x[k] <= 0 from x[k] <= 0 at one k."""
    claim = le(("real", "x", (variable("k"),)), 0)
    assumed = forge((claim,), claim, "ASSUME", (claim,))
    body = substituted(claim, Substitution({"k": index("#0")}))
    return forge((claim,), ("all", "#0", body), "GENERALISE", ("k",), (assumed,))


def _normal_below_zero() -> Theorem:
    """||W|| <= x for a normal W without 0 <= x: false for a matrix without rows, which Coq's sizes allow."""
    t = next(s for s in steps(theorem("rnn-normal")) if s.rule == "NORMAL")
    return forge(t.hypotheses[1:], t.conclusion, t.rule, t.data, t.premises[1:])


def _induction_from_the_wrong_end() -> Theorem:
    """Upward induction whose base is the upper end."""
    t = next(s for s in steps(theorem("carousel")) if s.rule == "UP")
    k, low, high, claim = t.data
    return forge(t.hypotheses, t.conclusion, "UP", (k, high, low, claim), t.premises)


def _negative_multiplier() -> Theorem:
    """y <= x from x <= y, by the multiplier -1."""
    p = le("x", "y")
    assumed = forge((p,), p, "ASSUME", (p,))
    return forge((p,), le("y", "x"), "LINEAR", ("le", real("y"), real("x"), (("num", Fraction(-1)), p)), (assumed,))


def _rewritten_curve() -> Theorem:
    """d/de A = 0 from d/de B = 0 and A = B at one point of the curve."""
    A, B, zero = named("A", "n", "n"), named("B", "n", "n"), zeros("n", "n")
    equation, moved = (forge((p,), p, "ASSUME", (p,)) for p in (eq(B, A), derivative(B, zero)))
    pattern = derivative(named("?", "n", "n"), zero)
    return forge((*equation.hypotheses, *moved.hypotheses), derivative(A, zero), "REWRITE", (pattern, "?"), (equation, moved))


def _slope_of_a_kink() -> Theorem:
    """relu has a derivative at 0: the side condition is left out."""
    A, dA = named("A", "n", "m"), named("dA", "n", "m")
    p = derivative(A, dA)
    assumed = forge((p,), p, "ASSUME", (p,))
    return forge((p,), derivative(call("relu", A), had(call("step", A), dA)), "D_RELU", (Substitution(),), (assumed,))


def _bounded_twice() -> Theorem:
    """||A B|| <= ||A|| alone."""
    A, B = named("A", "n", "n"), named("B", "n", "n")
    return forge((), le(norm(mul(A, B)), prod(norm(A), norm(A))), "NORM_MUL",
                 (Substitution(terms={"A": ((), A), "B": ((), B)}, forms={"m": index("n"), "q": index("n")}),))


FORGED = {f.__name__.strip("_"): f for f in (_one_more_factor, _dropped_transpose, _not_squared, _missing_side_condition,
                                             _lost_hypothesis, _out_of_nothing, _free_in_a_hypothesis, _bounded_twice,
                                             _normal_below_zero, _induction_from_the_wrong_end, _negative_multiplier,
                                             _rewritten_curve, _slope_of_a_kink)}
