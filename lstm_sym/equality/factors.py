"""Laws of the factors of one term: sizes, functions at 0, exponentials, steps, roots and reciprocals."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from typing import Any

from lstm_sym.equality.canonical import canonical, components, rank
from lstm_sym.equality.terms import UNIT, Atom, Polynomial, Term, Work, indices_of, refresh, times, variables_of
from lstm_sym.expr.affine import Domain, symbols


def without(term: Term, *atoms: int) -> Term:
    """The term less the atoms at these places."""
    return term._replace(atoms=tuple(a for n, a in enumerate(term.atoms) if n not in atoms))


def sizes(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """n^a n^b = n^(a + b), n^0 = 1."""
    powers: dict[str, int] = {}
    found = [a for a in term.atoms if a[0] == "z"]
    for _, symbol, exponent in found:
        powers[symbol] = powers.get(symbol, 0) + exponent
    merged = tuple(("z", s, k) for s, k in sorted(powers.items()) if k)
    if len(merged) == len(found):
        return None
    return (term._replace(atoms=(*(a for a in term.atoms if a[0] != "z"), *merged)),)


def _named(atom: Atom, name: str) -> bool:
    return bool(atom[0] == "f" and atom[1][0] == name)


def constant(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """f(0) where it is known."""
    for n, a in enumerate(term.atoms):
        if a[0] == "f" and not a[2] and a[1][1] is not None:
            return (without(term, n)._replace(coefficient=term.coefficient * a[1][1]),)
    return None


def exponentials(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """exp(a m) exp(b m) = exp((a + b) m) for a monomial m, exp(0) = 1."""
    found: dict[tuple[Any, ...], Fraction] = {}
    powers = [a for a in term.atoms if _named(a, "exp") and len(a[2]) == 1]
    for a in powers:
        found[a[2][0][1:]] = found.get(a[2][0][1:], Fraction(0)) + a[2][0].coefficient
    if len(found) == len(powers):
        return None
    merged = (("f", powers[0][1], (Term(c, *m),)) for m, c in found.items() if c)
    return (term._replace(atoms=(*(a for a in term.atoms if a not in powers), *merged)),)


def idempotent(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """step(a) step(a) = step(a)."""
    steps = [n for n, a in enumerate(term.atoms) if _named(a, "step") and a in term.atoms[:n]]
    return (without(term, steps[0]),) if steps else None


def roots(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """sqrt(a) sqrt(a) = a, where sqrt(a) is defined."""
    for n, a in enumerate(term.atoms):
        if _named(a, "sqrt") and a in term.atoms[:n]:
            rest = without(term, term.atoms.index(a), n)
            return tuple(times(rest, refresh(t, work)) for t in a[2])
    return None


def reciprocal(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """1/(c a b) = 1/c 1/a 1/b, and s 1/s = 1 for an atom or a sum s, both where they are defined."""
    for n, atom in enumerate(term.atoms):
        if _named(atom, "reciprocal") and len(atom[2]) == 1:
            rest, (s,) = without(term, n), atom[2]
            loose, parts = components(s)
            if not loose.guards and (len(loose.atoms) + len(parts) != 1 or s.coefficient != 1):
                factors = (*(Term(Fraction(1), (a,)) for a in loose.atoms), *parts)
                opened = tuple((*atom[:2], (factor,)) for factor in factors)
                return (rest._replace(coefficient=term.coefficient / s.coefficient, atoms=rest.atoms + opened),)
            single = _inverse(loose.atoms[0], work) if loose.atoms and not (parts or loose.guards) else None
            if single is not None:
                return tuple(times(rest, t) for t in single)
            left = _cancelled(rest, s, context, work)
            if left is not None:
                return (left,)
    return None


def division(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """m 1/(c m + r) = (1 - r 1/(c m + r))/c for the highest monomial m of a sum without bound indices, where it is defined.

    By degree, then by the order of the atoms, each m gives way to lower monomials, so this ends.
    """
    for atom in term.atoms:
        if _named(atom, "reciprocal") and len(atom[2]) > 1 and all(s[2:] == ((), (), frozenset()) for s in atom[2]):
            highest = max(atom[2], key=lambda s: (len(s.atoms), rank(s.atoms)))
            if not Counter(highest.atoms) - Counter(term.atoms):
                quotient = _without_each(term, highest.atoms)._replace(coefficient=term.coefficient / highest.coefficient)
                others = (times(quotient, refresh(s, work)) for s in atom[2] if s is not highest)
                return (_without_each(quotient, (atom,)), *(t._replace(coefficient=-t.coefficient) for t in others))
    return None


def _without_each(term: Term, atoms: Iterable[Atom]) -> Term:
    """The term less one of each of these atoms."""
    left = list(term.atoms)
    for atom in atoms:
        left.remove(atom)
    return term._replace(atoms=tuple(left))


def _inverse(a: Atom, work: Work) -> Polynomial | None:
    """1/n^k = n^-k, 1/exp(p) = exp(-p), 1/(1/p) = p."""
    if a[0] == "z":
        return (Term(Fraction(1), (("z", a[1], -a[2]),)),)
    if _named(a, "exp"):
        return (Term(Fraction(1), ((*a[:2], tuple(t._replace(coefficient=-t.coefficient) for t in a[2])),)),)
    return tuple(refresh(t, work) for t in a[2]) if _named(a, "reciprocal") else None


def _cancelled(rest: Term, s: Term, context: Domain, work: Work) -> Term | None:
    """`rest` without one factor s: an atom, or a sum that shares no index with the other factors."""
    if s[2:] == ((), (), frozenset()):
        return without(rest, rest.atoms.index(s.atoms[0])) if s.atoms[0] in rest.atoms else None
    wanted = canonical(s, context, work)[1:]
    outer = symbols(s.guards).union(*(variables_of(a) | indices_of(a) for a in s.atoms))   # a sum for each of these
    space, time = tuple(v for v in rest.space if v[0] in outer), tuple(k for k in rest.time if k in outer)
    loose, parts = components(rest._replace(space=tuple(v for v in rest.space if v not in space),
                                            time=tuple(k for k in rest.time if k not in time)))
    for n, part in enumerate(parts):
        if canonical(part, context, work)[1:] == wanted:
            left = reduce(times, (*parts[:n], *parts[n + 1:]), loose)
            return left._replace(space=left.space + space, time=left.time + time)
    return None


def factor_out(term: Term) -> tuple[Term, Term]:
    """The factors that hold no bound index, with their guards and coefficient 1, and the sum over the others."""
    loose, parts = components(term)
    return loose._replace(coefficient=Fraction(1)), reduce(times, parts, UNIT[0])
