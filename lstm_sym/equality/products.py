"""The law of ordered products, with its side condition: peel a factor off an end of a product that is not empty.

It is not part of the normal form; a proof uses it and says so.
"""
from __future__ import annotations

from lstm_sym.equality.canonical import Labels, polynomial_key
from lstm_sym.equality.terms import Atom, Polynomial, Slot, Term, indices_of, move_polynomial, times
from lstm_sym.expr.affine import ONE, ZERO, Affine, Domain, combine, implies, minus, variable


def align(polynomial: Polynomial, context: Domain, fresh: int) -> Polynomial | None:
    """Ordered products of one factor brought to one range by peeling the longer ones; None if nothing can be peeled.

    prod_{a}^{b} F = F_a prod_{a + 1}^{b}  and  = prod_{a}^{b - 1} F_b,  both for a <= b.
    """
    found: dict[str, list[tuple[Affine, Affine]]] = {}
    for t in polynomial:
        for a in t.atoms:
            if a[0] == "p":
                found.setdefault(_body(a), []).append((a[5], a[6]))
    for body, ranges in found.items():
        for n, term in enumerate(polynomial):
            for m, a in enumerate(term.atoms):
                if a[0] == "p" and _body(a) == body:
                    peeled = _peel(term, m, a, ranges, context | term.guards, fresh)
                    if peeled is not None:
                        return (*polynomial[:n], *peeled, *polynomial[n + 1:])
    return None


def _body(a: Atom) -> str:
    row, column, k, _ = a[2]
    factor = move_polynomial(a[1], {}, {k: variable("step")})
    return repr(polynomial_key(factor, {row: "row", column: "column"}, frozenset(), Labels()))


def _peel(term: Term, m: int, a: Atom, ranges: list[tuple[Affine, Affine]], given: Domain, fresh: int) -> Polynomial | None:
    low, high = a[5], a[6]
    if not implies(given, minus(high, low)):                 # the side condition: not empty
        return None
    constant_factor = a[2][2] not in _times_in(a)
    for other_low, other_high in ranges:
        shorter = _number(minus(minus(high, low), minus(other_high, other_low)))
        if constant_factor and shorter is not None and 0 < shorter <= 8:
            return _split(term, m, a, low, combine(low, ONE), high, fresh, left=True)
        front, back = _number(minus(other_low, low)), _number(minus(high, other_high))
        if not constant_factor and front is not None and 0 < front <= 8:
            return _split(term, m, a, low, combine(low, ONE), high, fresh, left=True)
        if not constant_factor and back is not None and 0 < back <= 8:
            return _split(term, m, a, high, low, minus(high, ONE), fresh, left=False)
    return None


def _times_in(a: Atom) -> set[str]:
    return {k for t in a[1] for atom in t.atoms for k in indices_of(atom)}


def _number(form: Affine) -> int | None:
    return None if form.terms else form.constant


def _split(term: Term, m: int, a: Atom, at: Affine, low: Affine, high: Affine, fresh: int, left: bool) -> Polynomial:
    """One factor at `at` beside the product over low .. high, summed over a new entry index between them."""
    row, column, k, size = a[2]
    name = f"%peel{fresh}"
    middle: Slot = (ZERO, name, size)
    outer, inner = ((a[3], middle), (middle, a[4])) if left else ((middle, a[4]), (a[3], middle))
    factor = move_polynomial(a[1], {row: outer[0], column: outer[1]}, {k: at})
    rest: Atom = ("p", a[1], a[2], *inner, low, high)
    atoms = (*term.atoms[:m], *term.atoms[m + 1:], rest)
    base = term._replace(atoms=atoms, space=(*term.space, (name, size)))
    return tuple(times(base, _apart(f, fresh)) for f in factor)


def _apart(term: Term, fresh: int) -> Term:
    """A copy of a factor with bound indices of its own."""
    entries = {v: (ZERO, f"{v}'{fresh}", size) for v, size in term.space}
    steps = {k: variable(f"{k}'{fresh}") for k in term.time}
    moved = move_polynomial((term,), entries, steps)[0]
    return moved._replace(space=tuple((f"{v}'{fresh}", s) for v, s in term.space), time=tuple(f"{k}'{fresh}" for k in term.time))
