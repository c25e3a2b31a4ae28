"""Laws of one term, each on one line of a table: deltas, unused indices, guards, reciprocals, exponentials, products.

A law takes a term and gives the terms it equals, or None if it does not apply; `simplify` applies them to the end.
"""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from lstm_sym.equality.canonical import canonical, collect, components
from lstm_sym.equality.ordered import absorb, empty, merge, short
from lstm_sym.equality.terms import (
    UNIT,
    Atom,
    Polynomial,
    Slot,
    Term,
    Work,
    affine_polynomial,
    forms_of,
    indices_of,
    is_bound,
    move,
    refresh,
    remake,
    times,
    times_of,
    variables_of,
)
from lstm_sym.errors import BudgetExceeded
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
    substitute,
    symbols,
    variable,
)

MOST_GUARDS = 80                                             # comparing conditions takes time that grows fast
Law: TypeAlias = Callable[[Term, Domain, Work], Polynomial | None]


def simplify(polynomial: Polynomial, context: Domain, work: Work) -> Polynomial:
    """Every law applied to the end; like terms are not collected (see `canonical`)."""
    pending, done = list(polynomial), []
    while pending:
        term = pending.pop()
        work.spend()
        result = next((r for law in LAWS if (r := law(term, context, work)) is not None), None)
        if result is None:
            done.append(term)
        else:
            pending.extend(result)
    return tuple(reversed(done))


def collected(polynomial: Polynomial, context: Domain, work: Work) -> Polynomial:
    """Simplified, like terms added, in canonical order."""
    return collect(simplify(polynomial, context, work), context, work)


def _without(term: Term, *atoms: int) -> Term:
    return term._replace(atoms=tuple(a for n, a in enumerate(term.atoms) if n not in atoms))


def _zero(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """0 * anything; a term whose guards no index satisfies."""
    return () if not term.coefficient or (term.guards and is_empty(term.guards | context)) else None


# --- deltas -------------------------------------------------------------------------------------------------

def _delta(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """sum_j delta_ij v_j = v_i;  delta_ij v_j = delta_ij v_i for free i, j."""
    for n, atom in enumerate(term.atoms):
        if atom[0] == "d":
            result = _use_delta(_without(term, n), atom[1], atom[2], context | term.guards)
            if result is not None:
                return result
    return None


def _use_delta(rest: Term, s: Slot, t: Slot, context: Domain) -> Polynomial | None:
    bound = {v for v, _ in rest.space}
    if s[1] == t[1]:                                                           # two single rows, or one index twice
        return (rest._replace(guards=rest.guards | equal_to(s[0], t[0])),)
    if apart(s, t, context):
        return ()
    for keep, drop in ((s, t), (t, s)):
        if drop[1] in bound and (not keep[1] or within(keep, drop, context)):
            return (_identify(rest, keep, drop, context),)
    low, high = sorted((s, t), key=lambda slot: (len(slot[1]), slot[1]))
    if low[1] and low[0] == high[0] and low[2] == high[2] and any(high[1] in variables_of(a) for a in rest.atoms):
        moved = move(rest, {high[1]: (ZERO, *low[1:])}, {})
        return (moved._replace(atoms=(*moved.atoms, ("d", low, high))),)
    return None


def _identify(term: Term, keep: Slot, drop: Slot, context: Domain) -> Term:
    """The bound index of `drop` takes the one value at which the slots agree, if it is in range."""
    offset = minus(keep[0], drop[0])
    inside = frozenset() if within(keep, drop, context) else frozenset({offset, minus(minus(drop[2], ONE), offset)})
    space = tuple((v, n) for v, n in term.space if v != drop[1])
    return move(term._replace(space=space, guards=term.guards | inside), {drop[1]: (offset, *keep[1:])}, {})


def within(s: Slot, t: Slot, context: Domain) -> bool:
    """Are the rows of s among the rows of t?"""
    end = minus(combine(t[0], t[2]), combine(s[0], s[2]))
    return implies(context, minus(s[0], t[0])) and implies(context, end)


def apart(s: Slot, t: Slot, context: Domain) -> bool:
    """Have s and t no row in common?"""
    return any(implies(context, minus(b[0], combine(a[0], a[2]))) for a, b in ((s, t), (t, s)))


# --- sums ---------------------------------------------------------------------------------------------------

def _unused_entry(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """sum_i 1 = n."""
    used = set().union(*map(variables_of, term.atoms))
    for v, size in term.space:
        if v not in used:
            rest = term._replace(space=tuple(s for s in term.space if s[0] != v))
            return tuple(times(rest, factor) for factor in affine_polynomial(size))
    return None


def _fixed_time(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """sum_k [k = s] f(k) = f(s)."""
    for guard in sorted(term.guards):
        if negative(guard) in term.guards:
            for k in term.time:
                sign = coefficient(guard, k)
                if abs(sign) == 1:
                    value = combine(variable(k), guard, -sign)
                    return (move(term._replace(time=tuple(v for v in term.time if v != k)), {}, {k: value}),)
    return None


def _range(term: Term, k: str, context: Domain) -> tuple[Affine, Affine] | None:
    """(low, number of values) of a bound time index whose only guards are low <= k <= high, known to be no less than 0."""
    lower, upper = ([g for g in term.guards if coefficient(g, k) == sign] for sign in (1, -1))
    if len(lower) != 1 or len(upper) != 1 or sum(bool(coefficient(g, k)) for g in term.guards) != 2:
        return None
    count = combine(combine(lower[0], upper[0]), ONE)
    known = context | (term.guards - {*lower, *upper})
    free = not any(is_bound(s) for s, _ in count.terms)                        # no bound index as a factor or size
    return (minus(variable(k), lower[0]), count) if free and implies(known, count) else None


def _unused_time(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """sum_{k = a}^{b} 1 = b - a + 1 for a <= b + 1."""
    used = set().union(*map(indices_of, term.atoms))
    for k in term.time:
        if k not in used and (found := _range(term, k, context)):
            rest = term._replace(time=tuple(v for v in term.time if v != k),
                                 guards=frozenset(g for g in term.guards if not coefficient(g, k)))
            return tuple(times(rest, factor) for factor in affine_polynomial(found[1]))
    return None


def _rows(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """sum_{k = a}^{b} A[k] = sum over the rows a .. b: an index that only picks rows is an entry index."""
    for k in term.time:
        elsewhere = {s for a in term.atoms for f in times_of(a) for s, _ in f.terms}
        picked = {coefficient(f, k) for a in term.atoms for f in forms_of(a)} - {0}
        if k not in elsewhere and picked == {1} and (found := _range(term, k, context)):
            return _as_rows(term, k, *found, work.fresh("%"))
    return None


def _as_rows(term: Term, k: str, low: Affine, count: Affine, row: str) -> Polynomial | None:
    fits = True

    def slot(s: Slot) -> Slot:
        nonlocal fits
        if not coefficient(s[0], k):
            return s
        fits = fits and not s[1]
        return substitute(s[0], {k: low}), row, count

    moved = remake(term, slot, lambda form: form)
    return (moved._replace(space=(*term.space, (row, count)), time=tuple(v for v in term.time if v != k),
                           guards=frozenset(g for g in term.guards if not coefficient(g, k))),) if fits else None


def _guards(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """Guards that follow from the others and the context say nothing."""
    if len(term.guards) > MOST_GUARDS:
        raise BudgetExceeded(f"more than {MOST_GUARDS} conditions on one term")
    needed = reduce_domain(term.guards, context) if term.guards else term.guards
    return None if needed == term.guards else (term._replace(guards=needed),)


# --- factors ------------------------------------------------------------------------------------------------

def _sizes(term: Term, context: Domain, work: Work) -> Polynomial | None:
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


def _constant(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """f(0) where it is known."""
    for n, a in enumerate(term.atoms):
        if a[0] == "f" and not a[2] and a[1][1] is not None:
            return (_without(term, n)._replace(coefficient=term.coefficient * a[1][1]),)
    return None


def _exponentials(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """exp(a m) exp(b m) = exp((a + b) m) for a monomial m, exp(0) = 1."""
    found: dict[tuple[object, ...], Fraction] = {}
    powers = [a for a in term.atoms if _named(a, "exp") and len(a[2]) == 1]
    for a in powers:
        found[a[2][0][1:]] = found.get(a[2][0][1:], Fraction(0)) + a[2][0].coefficient
    if len(found) == len(powers):
        return None
    merged = (("f", powers[0][1], (Term(c, *m),)) for m, c in found.items() if c)
    return (term._replace(atoms=(*(a for a in term.atoms if a not in powers), *merged)),)


def _idempotent(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """step(a) step(a) = step(a)."""
    steps = [n for n, a in enumerate(term.atoms) if _named(a, "step") and a in term.atoms[:n]]
    return (_without(term, steps[0]),) if steps else None


def _roots(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """sqrt(a) sqrt(a) = a, where sqrt(a) is defined."""
    for n, a in enumerate(term.atoms):
        if _named(a, "sqrt") and a in term.atoms[:n]:
            rest = _without(term, term.atoms.index(a), n)
            return tuple(times(rest, refresh(t, work)) for t in a[2])
    return None


def _reciprocal(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """1/(c a b) = 1/c 1/a 1/b, and s 1/s = 1 for an atom or a sum s, both where they are defined."""
    for n, atom in enumerate(term.atoms):
        if _named(atom, "reciprocal") and len(atom[2]) == 1:
            rest, (s,) = _without(term, n), atom[2]
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
        return _without(rest, rest.atoms.index(s.atoms[0])) if s.atoms[0] in rest.atoms else None
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


LAWS: tuple[Law, ...] = (
    _zero, _delta, _fixed_time, _guards, _unused_entry, _unused_time, _rows, _sizes, _constant, _exponentials, _idempotent,
    _roots, _reciprocal, empty, short, merge, absorb,
)
