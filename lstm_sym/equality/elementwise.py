"""Laws of one function of one entry: the operand is a polynomial, and so is the result.

f(delta_ij a + b) = delta_ij f(a + b) + (1 - delta_ij) f(b); parity; exp, log and step have laws of their own.
"""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

from lstm_sym.equality.factors import factor_out
from lstm_sym.equality.simplify import collected
from lstm_sym.equality.terms import Atom, Polynomial, Term, Work, move, refresh, times
from lstm_sym.expr.affine import Domain, minus

Facts: TypeAlias = tuple[Any, ...]                           # name, f(0), parity
STEP: Facts = ("step", None, None)


def applied(facts: Facts, operand: Polynomial, context: Domain, work: Work) -> Polynomial:
    """f of a canonical operand."""
    delta = next((a for t in operand for a in t.atoms if a[0] == "d" and not {a[1][1], a[2][1]} & {v for v, _ in t.space}), None)
    if delta is None:
        return LAW.get(facts[0], _signed)(facts, operand, work)
    keep, drop = delta[1:] if delta[2][1] else delta[:0:-1]
    at = {drop[1]: (minus(keep[0], drop[0]), *keep[1:])}
    on = tuple(move(_less(t, delta), at, {}) for t in operand)
    outside = applied(facts, tuple(t for t in operand if delta not in t.atoms), context, work)
    diagonal = applied(facts, collected(on, context, work), context, work)
    return (*(times(Term(Fraction(1), (delta,)), t) for t in diagonal), *outside,
            *(times(Term(Fraction(-1), (delta,)), t) for t in outside))


def _less(term: Term, atom: Atom) -> Term:
    return term._replace(atoms=tuple(a for a in term.atoms if a != atom))


def _plain(facts: Facts, operand: Polynomial) -> Polynomial:
    return (Term(Fraction(1), (("f", facts, operand),)),)


def _negated(operand: Polynomial) -> Polynomial:
    return tuple(t._replace(coefficient=-t.coefficient) for t in operand)


def _signed(facts: Facts, operand: Polynomial, work: Work) -> Polynomial:
    """f(-a) = constant + sign f(a): the operand gets a positive first coefficient."""
    if facts[2] is None or not operand or operand[0].coefficient > 0:
        return _plain(facts, operand)
    constant, sign = facts[2]
    return (Term(Fraction(sign), (("f", facts, _negated(operand)),)), Term(constant))


def _reciprocal(facts: Facts, operand: Polynomial, work: Work) -> Polynomial:
    """1/(c p) = 1/c 1/p: the first coefficient of a sum is 1."""
    c = operand[0].coefficient if len(operand) > 1 else Fraction(1)
    first = tuple(t._replace(coefficient=t.coefficient / c) for t in operand)
    return tuple(t._replace(coefficient=t.coefficient / c) for t in _plain(facts, first))


def _exp(facts: Facts, operand: Polynomial, work: Work) -> Polynomial:
    """exp(p + q) = exp(p) exp(q), exp(log(a)) = a where it is defined."""
    inverse = _only(operand, "log")
    if inverse is not None:
        return tuple(refresh(t, work) for t in inverse)
    return (Term(Fraction(1), tuple(("f", facts, (t,)) for t in operand)),)


def _log(facts: Facts, operand: Polynomial, work: Work) -> Polynomial:
    """log(exp(p) a) = p + log(a), log(1/a) = -log(a)."""
    if len(operand) != 1:
        return _plain(facts, operand)
    loose, rest = factor_out(operand[0])
    powers = [a for a in loose.atoms if a[0] == "f" and a[1][0] == "exp"]
    left = Term(operand[0].coefficient, tuple(a for a in loose.atoms if a not in powers), guards=loose.guards)
    if loose.guards or (not powers and not _only((left,), "reciprocal")):
        return _plain(facts, operand)
    found = tuple(refresh(t, work) for a in powers for t in a[2])
    other = (times(left, rest),)
    below = _only(other, "reciprocal")
    if below is not None:
        return (*found, *_negated(_log(facts, below, work)))
    return found if other == (Term(Fraction(1)),) else (*found, *_plain(facts, other))


def _step(facts: Facts, operand: Polynomial, work: Work) -> Polynomial:
    """step(c a) = step(a) for c > 0;  step(a step(a)) = step(a)."""
    if not operand:
        return _plain(facts, operand)
    for atom in operand[0].atoms:
        if atom[0] == "f" and atom[1] == STEP and all(atom in t.atoms for t in operand):
            if tuple(_less(t, atom) for t in operand) == atom[2]:
                return (Term(Fraction(1), (atom,)),)
    c = abs(operand[0].coefficient)
    return _plain(facts, tuple(t._replace(coefficient=t.coefficient / c) for t in operand))


def _only(operand: Polynomial, name: str) -> Polynomial | None:
    """p where the operand is f(p) for the function of this name."""
    if len(operand) == 1 and operand[0][2:] == ((), (), frozenset()) and operand[0].coefficient == 1:
        atoms = operand[0].atoms
        return atoms[0][2] if len(atoms) == 1 and atoms[0][0] == "f" and atoms[0][1][0] == name else None
    return None


LAW: dict[str, Callable[[Facts, Polynomial, Work], Polynomial]] = {
    "reciprocal": _reciprocal, "exp": _exp, "log": _log, "step": _step,
}
