"""What a proof tries on a polynomial that should be 0: each step keeps its being 0, and says under which condition.

Ordered products of one factor are peeled to one range, like sums are cut at each other's bounds, denominators cleared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from lstm_sym.equality.canonical import rank
from lstm_sym.equality.ordered import is_constant, number_of_factors, split
from lstm_sym.equality.simplify import collected
from lstm_sym.equality.terms import Atom, Polynomial, Term, Work, indices_of, is_bound, refresh, times, variables_of
from lstm_sym.expr.affine import ONE, Affine, Domain, complement, implies, minus

Tactic: TypeAlias = Callable[[Polynomial, Domain, Work], Polynomial | None]
ROUNDS, MOST_PEELED, MOST_POWER = 16, 8, 4


def reduce_terms(polynomial: Polynomial, context: Domain, work: Work) -> Polynomial:
    """Every tactic applied as long as one applies; () if the polynomial is found to be 0."""
    for _ in range(ROUNDS):
        work.spend()
        changed = next((p for tactic in TACTICS if (p := tactic(polynomial, context, work)) is not None), None)
        if not polynomial or changed is None:
            return polynomial
        polynomial = collected(changed, context, work)
    return polynomial


# --- ordered products ---------------------------------------------------------------------------------------


def peel(polynomial: Polynomial, context: Domain, work: Work) -> Polynomial | None:
    """prod_{a}^{b} F = F_a prod_{a + 1}^{b} = prod_{a}^{b - 1} F_b for a <= b, where another term has the shorter range.

    Where b is a bound index, the sum is cut into a <= b and a > b first.
    """
    found = [(t, n, a) for t in polynomial for n, a in enumerate(t.atoms) if a[0] == "p"]
    for term, n, a in found:
        for _, _, other in found:
            first = _surplus(a, other) if a[1:3] == other[1:3] else None
            if first is not None:
                there = minus(a[6], a[5])
                bound = any(s in term.time for s, _ in there.terms)
                parts = (
                    split(term, n, work, first)
                    if implies(context | term.guards, there)
                    else (_halves(term, there, context) if bound else [term])
                )
                if len(parts) != 1 or parts[0] is not term:
                    return (*(t for t in polynomial if t is not term), *parts)
    return None


def _surplus(a: Atom, shorter: Atom) -> bool | None:
    """Has `a` a few factors more at its beginning (True) or at its end (False)?"""
    if is_constant(a):
        more = minus(number_of_factors(a), number_of_factors(shorter))
        absorbed = len(a[1]) == 1 and len(a[1][0].atoms) == 1 and a[1][0].atoms[0][0] == "x"
        return True if not more.terms and 0 < more.constant <= MOST_PEELED and not absorbed else None
    for more, first in ((minus(shorter[5], a[5]), True), (minus(a[6], shorter[6]), False)):
        if not more.terms and 0 < more.constant <= MOST_PEELED:
            return first
    return None


# --- sums ---------------------------------------------------------------------------------------------------


def cut(polynomial: Polynomial, context: Domain, work: Work) -> Polynomial | None:
    """sum_D f = sum_{D and g} f + sum_{D and not g} f, for the bounds g of other sums of the same f."""
    bounds: dict[tuple[Any, ...], set[Affine]] = {}
    for term in polynomial:
        bounds.setdefault(term[1:4], set()).update(term.guards)
    pieces = [piece for term in polynomial for piece in _pieces(term, bounds[term[1:4]] - term.guards, context, work)]
    return tuple(pieces) if len(pieces) > len(polynomial) else None


def _pieces(term: Term, bounds: set[Affine], context: Domain, work: Work) -> list[Term]:
    pieces = [term]
    for g in sorted(bounds) if term.time else ():
        work.spend(len(pieces))
        pieces = [half for piece in pieces for half in _halves(piece, g, context)]
    return pieces


def _halves(term: Term, g: Affine, context: Domain) -> list[Term]:
    if any(implies(context | term.guards, h) for h in (g, complement(g))):
        return [term]
    return [term._replace(guards=term.guards | {h}) for h in (g, complement(g))]


# --- denominators -------------------------------------------------------------------------------------------


def clear(polynomial: Polynomial, context: Domain, work: Work) -> Polynomial | None:
    """P = 0 if s^m P = 0, where 1/s stands in P under no condition, so that s is not 0 where P is defined."""
    for below in sorted({a for t in polynomial for a in t.atoms if a[0] == "f" and a[1][0] == "reciprocal"}, key=rank):
        users = [t for t in polynomial if below in t.atoms]
        free = not any({v for v, _ in t.space} & variables_of(below) | {*t.time} & indices_of(below) for t in users)
        certain = any(
            not t.guards and not t.time and all(implies(context, minus(n, ONE)) for _, n in t.space) for t in users
        )
        power = max(t.atoms.count(below) for t in users)
        if free and certain and power <= MOST_POWER:
            return tuple(u for t in polynomial for u in _multiplied(t, below, power, work))
    return None


def _multiplied(term: Term, below: Atom, power: int, work: Work) -> Polynomial:
    """s^power * term, where `below` is 1/s."""
    here = term.atoms.count(below)
    result: Polynomial = (term._replace(atoms=tuple(a for a in term.atoms if a != below)),)
    for _ in range(power - here):
        result = tuple(times(t, refresh(s, work)) for t in result for s in below[2])
        work.spend(len(result))
    return result


TACTICS: tuple[Tactic, ...] = (peel, cut, clear)


def open_question(polynomial: Polynomial, context: Domain) -> Affine | None:
    """A condition on free indices that decides a guard, or whether an ordered product is empty; None if all are decided."""
    return next(
        (
            g
            for g in _conditions(polynomial)
            if not any(is_bound(s) for s, _ in g.terms)
            and not implies(context, g)
            and not implies(context, complement(g))
        ),
        None,
    )


def _conditions(polynomial: Polynomial) -> list[Affine]:
    guards = [g for t in polynomial for g in sorted(t.guards)]
    nested = [
        g for t in polynomial for a in t.atoms if a[0] in "fp" for g in _conditions(a[2] if a[0] == "f" else a[1])
    ]
    return guards + nested + [minus(a[6], a[5]) for t in polynomial for a in t.atoms if a[0] == "p"]
