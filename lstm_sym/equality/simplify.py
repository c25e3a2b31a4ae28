"""Laws of one term, each on one line of a table: deltas, unused indices, guards, reciprocals, exponentials, products.

A law takes a term and gives the terms it equals, or None if it does not apply; `simplify` applies them to the end.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from lstm_sym.equality.canonical import collect
from lstm_sym.equality.factors import constant, division, exponentials, idempotent, reciprocal, roots, sizes, without
from lstm_sym.equality.ordered import absorb, commuting, empty, merge, numbers, short
from lstm_sym.equality.terms import (
    Polynomial,
    Slot,
    Term,
    Work,
    affine_polynomial,
    forms_of,
    indices_of,
    is_bound,
    move,
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
        kinds = {"", *(a[0] for a in term.atoms)}
        result = next((r for kind, law in LAWS if kind in kinds and (r := law(term, context, work)) is not None), None)
        if result is None:
            done.append(term)
        else:
            pending.extend(result)
    return tuple(reversed(done))


def collected(polynomial: Polynomial, context: Domain, work: Work) -> Polynomial:
    """Simplified, like terms added, in canonical order."""
    return collect(simplify(polynomial, context, work), context, work)


def _zero(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """0 * anything; a term whose guards no index satisfies."""
    return () if not term.coefficient or (term.guards and is_empty(term.guards | context)) else None


# --- deltas -------------------------------------------------------------------------------------------------

def _delta(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """sum_j delta_ij v_j = v_i;  delta_ij v_j = delta_ij v_i for free i, j."""
    for n, atom in enumerate(term.atoms):
        if atom[0] == "d":
            result = _use_delta(without(term, n), atom[1], atom[2], context | term.guards)
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


LAWS: tuple[tuple[str, Law], ...] = (                        # the kind of atom that a law is about ("": any), the law
    ("", _zero), ("d", _delta), ("", _fixed_time), ("", _guards), ("", _unused_entry), ("", _unused_time), ("", _rows),
    ("z", sizes), ("f", constant), ("f", exponentials), ("f", idempotent), ("f", roots), ("f", reciprocal), ("f", division),
    ("p", empty), ("p", short), ("p", commuting), ("p", numbers), ("p", merge), ("p", absorb),
)
