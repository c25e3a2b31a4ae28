"""Laws of one term, each on one line of a table: deltas, unused indices, guards, reciprocals, exponentials.

A law takes a term and gives the terms it equals, or None if it does not apply; `simplify` applies them to the end.
"""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from lstm_sym.equality.terms import (
    Atom,
    Polynomial,
    Slot,
    Term,
    affine_polynomial,
    indices_of,
    move,
    times,
    variables_of,
)
from lstm_sym.expr.affine import (
    ONE,
    ZERO,
    Affine,
    Domain,
    coefficient,
    combine,
    equal_to,
    implies,
    is_empty,
    minus,
    negative,
    reduce_domain,
    variable,
)

Law: TypeAlias = Callable[[Term, Domain], Polynomial | None]


def simplify(polynomial: Polynomial, context: Domain) -> Polynomial:
    """Every law applied to the end; like terms are not collected (see `canonical`)."""
    pending, done = list(polynomial), []
    while pending:
        term = pending.pop()
        result = next((r for law in LAWS if (r := law(term, context)) is not None), None)
        if result is None:
            done.append(term)
        else:
            pending.extend(result)
    return tuple(reversed(done))


def _without(term: Term, *atoms: int) -> tuple[Atom, ...]:
    return tuple(a for n, a in enumerate(term.atoms) if n not in atoms)


def _zero(term: Term, context: Domain) -> Polynomial | None:
    """0 * anything; a term whose guards no index satisfies."""
    return () if not term.coefficient or (term.guards and is_empty(term.guards | context)) else None


def _delta(term: Term, context: Domain) -> Polynomial | None:
    """sum_j delta_ij v_j = v_i;  delta_ij v_j = delta_ij v_i for free i, j."""
    for n, atom in enumerate(term.atoms):
        if atom[0] == "d":
            result = _use_delta(term, n, atom[1], atom[2], dict(term.space))
            if result is not None:
                return result
    return None


def _use_delta(term: Term, n: int, s: Slot, t: Slot, bound: dict[str, Affine]) -> Polynomial | None:
    rest = term._replace(atoms=_without(term, n))
    if s == t:
        return (rest,)                                                         # delta_ii = 1
    if not s[1] and not t[1]:
        return (rest._replace(guards=rest.guards | equal_to(s[0], t[0])),)     # two single entries
    if apart(s, t):
        return ()
    for keep, drop in ((s, t), (t, s)):
        if drop[1] in bound and (within(keep, drop) or not keep[1]):
            return (_identify(rest, keep, drop),)
    low, high = sorted((s, t), key=lambda slot: slot[1])
    if low[1] and low[0] == high[0] and low[2] == high[2] and any(high[1] in variables_of(a) for a in rest.atoms):
        moved = move(rest, {high[1]: (ZERO, *low[1:])}, {})
        return (moved._replace(atoms=(*moved.atoms, ("d", low, high))),)
    return None


def _identify(term: Term, keep: Slot, drop: Slot) -> Term:
    """The bound index of `drop` takes the one value at which the slots agree, if it is in range."""
    offset = minus(keep[0], drop[0])
    inside = frozenset() if within(keep, drop) else frozenset({offset, minus(minus(drop[2], ONE), offset)})
    space = tuple((v, n) for v, n in term.space if v != drop[1])
    return move(term._replace(space=space, guards=term.guards | inside), {drop[1]: (offset, *keep[1:])}, {})


def _positive(*slots: Slot) -> Domain:
    return frozenset(Affine(((s, 1),), -1) for slot in slots for a in (slot[0], slot[2]) for s, _ in a.terms)


def within(s: Slot, t: Slot) -> bool:
    """Are the rows of s among the rows of t, for all sizes >= 1?"""
    end = minus(combine(t[0], t[2]), combine(s[0], s[2]))
    return implies(_positive(s, t), minus(s[0], t[0])) and implies(_positive(s, t), end)


def apart(s: Slot, t: Slot) -> bool:
    """Have s and t no row in common, for all sizes >= 1?"""
    given = _positive(s, t)
    return implies(given, minus(t[0], combine(s[0], s[2]))) or implies(given, minus(s[0], combine(t[0], t[2])))


def _unused_entry(term: Term, context: Domain) -> Polynomial | None:
    """sum_i 1 = n."""
    used = {v for a in term.atoms for v in variables_of(a)}
    for v, size in term.space:
        if v not in used:
            rest = term._replace(space=tuple(s for s in term.space if s[0] != v))
            return tuple(times(rest, factor) for factor in affine_polynomial(size))
    return None


def _fixed_time(term: Term, context: Domain) -> Polynomial | None:
    """sum_k [k = s] f(k) = f(s)."""
    for guard in term.guards:
        if negative(guard) in term.guards:
            for k in term.time:
                sign = coefficient(guard, k)
                if abs(sign) == 1:
                    value = combine(variable(k), guard, -sign)
                    return (move(term._replace(time=tuple(v for v in term.time if v != k)), {}, {k: value}),)
    return None


def _unused_time(term: Term, context: Domain) -> Polynomial | None:
    """sum_{k = a}^{b} 1 = b - a + 1 for a <= b + 1."""
    used = {k for a in term.atoms for k in indices_of(a)}
    for k in set(term.time) - used:
        bounds = [g for g in term.guards if coefficient(g, k)]
        if len(bounds) == 2 and sorted(coefficient(g, k) for g in bounds) == [-1, 1]:
            count = combine(combine(bounds[0], bounds[1]), ONE)
            rest = term._replace(time=tuple(v for v in term.time if v != k), guards=term.guards - set(bounds))
            free = not any(s.startswith("~") for s, _ in count.terms)          # no bound index as a factor
            if free and implies(context | rest.guards, count):
                return tuple(times(rest, factor) for factor in affine_polynomial(count))
    return None


def _guards(term: Term, context: Domain) -> Polynomial | None:
    """Guards that follow from the others and the context say nothing."""
    needed = reduce_domain(term.guards, context) if term.guards else term.guards
    return None if needed == term.guards else (term._replace(guards=needed),)


def _sizes(term: Term, context: Domain) -> Polynomial | None:
    """n^a n^b = n^(a + b), n^0 = 1."""
    powers: dict[str, int] = {}
    found = [a for a in term.atoms if a[0] == "z"]
    for _, symbol, exponent in found:
        powers[symbol] = powers.get(symbol, 0) + exponent
    merged = tuple(("z", s, k) for s, k in sorted(powers.items()) if k)
    return None if merged == tuple(found) else (term._replace(atoms=(*(a for a in term.atoms if a[0] != "z"), *merged)),)


def _named(atom: Atom, name: str) -> bool:
    return bool(atom[0] == "f" and atom[1][0] == name)


def _exponentials(term: Term, context: Domain) -> Polynomial | None:
    """exp(p) exp(q) = exp(p + q), exp(0) = 1."""
    found = [n for n, a in enumerate(term.atoms) if _named(a, "exp")]
    if len(found) > 1:
        p, q = (term.atoms[n] for n in found[:2])
        return (term._replace(atoms=(*_without(term, *found[:2]), (*p[:2], simplify(p[2] + q[2], context)))),)
    return None


def _constant(term: Term, context: Domain) -> Polynomial | None:
    """f(0) where it is known; p of an empty polynomial."""
    for n, a in enumerate(term.atoms):
        if a[0] == "f" and not a[2] and a[1][1] is not None:
            return (term._replace(coefficient=term.coefficient * a[1][1], atoms=_without(term, n)),)
    return None


def _reciprocal(term: Term, context: Domain) -> Polynomial | None:
    """1/(c a b) = 1/c 1/a 1/b, and a 1/a = 1 where both are defined."""
    for n, atom in enumerate(term.atoms):
        if _named(atom, "reciprocal") and len(atom[2]) == 1:
            inner = atom[2][0]
            if len(inner.atoms) != 1 or inner.coefficient != 1 or inner.atoms[0][0] in "z" or _named(inner.atoms[0], "exp"):
                if not (inner.space or inner.time or inner.guards):
                    atoms = (*_without(term, n), *(_inverse(atom[1], a) for a in inner.atoms))
                    return (term._replace(coefficient=term.coefficient / inner.coefficient, atoms=atoms),)
            elif not (inner.space or inner.time or inner.guards) and inner.atoms[0] in term.atoms:
                return (term._replace(atoms=_without(term, n, term.atoms.index(inner.atoms[0]))),)
    return None


def _inverse(facts: tuple[object, ...], a: Atom) -> Atom:
    if a[0] == "z":
        return ("z", a[1], -a[2])
    if _named(a, "exp"):
        return (*a[:2], tuple(t._replace(coefficient=-t.coefficient) for t in a[2]))
    return ("f", facts, (Term(Fraction(1), (a,)),))


def _steps(term: Term, context: Domain) -> Polynomial | None:
    """step(a) step(a) = step(a)."""
    steps = [a for a in term.atoms if _named(a, "step")]
    doubled = next((a for n, a in enumerate(steps) if a in steps[:n]), None)
    return None if doubled is None else (term._replace(atoms=_without(term, term.atoms.index(doubled))),)


LAWS: tuple[Law, ...] = (
    _zero, _delta, _fixed_time, _guards, _unused_entry, _unused_time, _sizes, _constant, _exponentials, _reciprocal,
    _steps,
)
