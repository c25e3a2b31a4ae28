"""Real numbers as polynomials with rational coefficients in atoms: what `ring` and `linear` compare."""
from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from lstm_sym.proof.statements import Term

Polynomial: TypeAlias = dict[tuple[Term, ...], Fraction]    # a monomial is its atoms in order, with repetition


def polynomial(x: Term) -> Polynomial:
    """x as a polynomial; norms, entries, logarithms and powers with a symbolic exponent are atoms."""
    match x:
        case ("num", value):
            return {(): value} if value else {}
        case ("+", *terms):
            return total(*map(polynomial, terms))
        case ("*", *factors):
            result: Polynomial = {(): Fraction(1)}
            for factor in factors:
                result = times(result, polynomial(factor))
            return result
        case ("^", base, exponent) if not exponent.terms and exponent.constant >= 0:
            return polynomial(("*", *[base] * exponent.constant))
        case ("log", Fraction(numerator=1, denominator=1)):
            return {}                                        # ln 1 = 0
    return {(x,): Fraction(1)}


def total(*polynomials: Polynomial) -> Polynomial:
    """The sum."""
    result: Polynomial = {}
    for p in polynomials:
        for monomial, c in p.items():
            result[monomial] = result.get(monomial, Fraction(0)) + c
    return {m: c for m, c in result.items() if c}


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    """The product."""
    result: Polynomial = {}
    for a, c in p.items():
        for b, d in q.items():
            monomial = tuple(sorted(a + b, key=repr))
            result[monomial] = result.get(monomial, Fraction(0)) + c * d
    return {m: c for m, c in result.items() if c}


def difference(x: Term, y: Term) -> Polynomial:
    """x - y."""
    return total(polynomial(x), times({(): Fraction(-1)}, polynomial(y)))


def value(x: Term) -> Fraction | None:
    """x if it is a rational number."""
    p = polynomial(x)
    return p.get((), Fraction(0)) if not set(p) - {()} else None
