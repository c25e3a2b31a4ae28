"""Theorems that are false, made past the kernel's seal: what a recheck and Coq must refuse."""
from __future__ import annotations

from fractions import Fraction
from typing import Any

from lstm_sym.expr.affine import Affine, variable
from lstm_sym.proof.kernel import Theorem, apply
from lstm_sym.proof.registry import steps, theorem
from lstm_sym.proof.statements import Substitution, substituted
from lstm_sym.proof.syntax import (
    call,
    derivative,
    eq,
    eye,
    had,
    index,
    le,
    lt,
    mul,
    named,
    norm,
    ones,
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
    for name, value in zip(("hypotheses", "conclusion", "rule", "data", "premises"),
                           (hypotheses, conclusion, rule, data, premises), strict=True):
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


def _one_norm_for_another() -> Theorem:
    """||A'||_1 = ||A||_1, an instance of the law for the norm 2."""
    law = apply("NORM_TRANSPOSE", Substitution())
    return forge((), substituted(law.conclusion, Substitution(kinds={"2": "1"})), "SUBSTITUTE", (Substitution(kinds={"2": "1"}),),
                 (law,))


def _repeated_symbol() -> Theorem:
    """0 <= k from 0 <= -k + k, which holds for every k."""
    given = Affine((("k", -1), ("k", 1)), 0)
    assumed = forge((("dom", given),), ("dom", given), "ASSUME", (("dom", given),))
    return forge(assumed.hypotheses, ("dom", variable("k")), "DOMAIN", (variable("k"), given), (assumed,))


def _not_a_number() -> Theorem:
    """0 <= -1 from 0 <= 1, by a multiplier that is no number."""
    p = le(0, 1)
    assumed = forge((p,), p, "ASSUME", (p,))
    return forge((p,), le(0, -1), "LINEAR", ("le", real(0), real(-1), (("num", float("nan")), p)), (assumed,))


class _Agreeable(tuple[Any, ...]):
    """Equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = tuple.__hash__


def _of_a_class_of_its_own() -> Theorem:
    p = _Agreeable(lt(1, 0))
    return forge((), p, "LINEAR", ("lt", real(0), real(1)))


def _slots_that_meet() -> Theorem:
    """A tanh(B x) = A tanh(1 trace-like sum): what is bound inside tanh took the name of what is bound around it."""
    A, B, x = named("A", "n", "n"), named("B", "n", "n"), named("x", "n")
    left, right = (mul(A, call("tanh", e)) for e in (mul(B, x), mul(ones("n"), mul(ones(1, "n"), had(B, eye("n")), x))))
    return forge((), eq(left, right), "IDENTITY", (left, right))


FORGED = {f.__name__.strip("_"): f for f in (_one_more_factor, _dropped_transpose, _not_squared, _missing_side_condition,
                                             _lost_hypothesis, _out_of_nothing, _free_in_a_hypothesis, _bounded_twice,
                                             _normal_below_zero, _induction_from_the_wrong_end, _negative_multiplier,
                                             _rewritten_curve, _slope_of_a_kink, _one_norm_for_another, _repeated_symbol,
                                             _not_a_number, _of_a_class_of_its_own, _slots_that_meet)}
