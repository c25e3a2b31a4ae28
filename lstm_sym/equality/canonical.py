"""Canonical names for bound indices: two terms that differ by renaming, shifting or reflecting them get one key.

Entry indices: colours are refined by the atoms an index stands in, ties are tried.  Time indices: each is anchored on
the time of some atom (v = +-(u - rest)); the smallest key wins.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations, product
from typing import Any, TypeAlias

from lstm_sym.equality.terms import Atom, Polynomial, Slot, Term, forms_of, move, variables_of
from lstm_sym.errors import BudgetExceeded
from lstm_sym.expr.affine import ZERO, Affine, Domain, coefficient, combine, minus, reduce_domain, variable

Key: TypeAlias = tuple[Any, ...]
Collected: TypeAlias = dict[Key, Term]
Names: TypeAlias = dict[str, str]


class Labels:
    """A budget of relabelings, so that a product of many like factors cannot take for ever."""

    def __init__(self, budget: int = 5_000) -> None:
        self.budget = budget

    def spend(self) -> None:
        """Errors: BudgetExceeded."""
        self.budget -= 1
        if self.budget < 0:
            raise BudgetExceeded("more ways to name bound indices than one question may try")


def collect(polynomial: Polynomial, context: Domain, labels: Labels) -> Collected:
    """Like terms added; terms in the order of their keys."""
    found: Collected = {}
    for term in polynomial:
        k = key(term, context, labels)
        same = found.get(k)
        found[k] = term if same is None else same._replace(coefficient=same.coefficient + term.coefficient)
    return {k: found[k] for k in sorted(found, key=repr) if found[k].coefficient}


def key(term: Term, context: Domain, labels: Labels) -> Key:
    """The same for all names of the bound indices of `term`; its coefficient is left out."""
    return min((_entry_key(t, {}, context, labels) for t in _anchored(term, context)), key=repr)


# --- time ---------------------------------------------------------------------------------------------------

def _anchored(term: Term, context: Domain, depth: int = 0) -> Iterator[Term]:
    """`term` with its bound time indices named by anchoring each in turn, in every way."""
    if not term.time:
        guards = reduce_domain(term.guards, context) if term.guards else term.guards
        yield term._replace(guards=guards)
        return
    for v in term.time:
        rest = term._replace(time=tuple(k for k in term.time if k != v))
        for form in _anchors(term, v):
            sign, name = coefficient(form, v), variable(f"t{depth}")
            value = combine(variable(v), minus(name, form), sign)              # form = name, solved for v
            yield from _anchored(move(rest, {}, {v: value}), context, depth + 1)


def _anchors(term: Term, v: str) -> list[Affine]:
    forms = {f for a in term.atoms for f in forms_of(a) if abs(coefficient(f, v)) == 1}
    return sorted(forms or {g for g in term.guards if abs(coefficient(g, v)) == 1} or {variable(v)})


# --- entries ------------------------------------------------------------------------------------------------

def _entry_key(term: Term, outer: Names, context: Domain, labels: Labels) -> Key:
    sizes = dict(term.space)
    bound = [v for v in sizes if any(v in variables_of(a) for a in term.atoms)] if sizes else []
    if len(bound) < 2:
        orders: Iterator[tuple[str, ...]] = iter([tuple(bound)])
    else:
        orders = _orders(_colours(term, bound, sizes, outer, context, labels))
    best: Key | None = None
    for order in orders:
        labels.spend()
        names = {**outer, **{v: f"k{len(outer) + n}" for n, v in enumerate(order)}}
        found = _spell(term, names, context, labels), tuple(sizes[v] for v in order)
        if best is None or repr(found) < repr(best):
            best = found
    return (*(best or ()), tuple(sorted(term.guards)))


def _spell(term: Term, names: Names, context: Domain, labels: Labels) -> Key:
    return tuple(sorted((atom_key(a, names, context, labels) for a in term.atoms), key=repr))


def _colours(term: Term, bound: list[str], sizes: dict[str, Affine], outer: Names, context: Domain, labels: Labels) -> Names:
    """Indices with different colours can be told apart by the atoms they stand in."""
    colours = {v: f"c{sizes[v]}" for v in bound}
    for _ in bound:
        signs = {v: repr(sorted(repr(atom_key(a, {**outer, **colours, v: "*"}, context, labels))
                                for a in term.atoms if v in variables_of(a))) for v in bound}
        rank = {s: n for n, s in enumerate(sorted(set(signs.values())))}
        refined = {v: f"c{rank[signs[v]]}" for v in bound}
        if len(set(refined.values())) == len(set(colours.values())) and _:
            return refined
        colours = refined
    return colours


def _orders(colours: Names) -> Iterator[tuple[str, ...]]:
    classes = [[v for v in colours if colours[v] == c] for c in sorted(set(colours.values()), key=lambda c: (len(c), c))]
    for choice in product(*(permutations(members) for members in classes)):
        yield tuple(v for part in choice for v in part)


def atom_key(atom: Atom, names: Names, context: Domain, labels: Labels) -> Key:
    """The atom under the given names of entry indices; polynomials inside it get keys of their own."""
    return ATOM_KEY[atom[0]](atom, names, context, labels)


def _slot_key(slot: Slot, names: Names) -> Key:
    return slot[0], names.get(slot[1], slot[1])


def polynomial_key(polynomial: Polynomial, names: Names, context: Domain, labels: Labels) -> Key:
    """Key of a polynomial inside an atom."""
    found: dict[Key, Any] = {}
    for term in polynomial:
        k = min((_entry_key(t, names, context, labels) for t in _anchored(term, context, len(names))), key=repr)
        found[k] = found.get(k, 0) + term.coefficient
    return tuple(sorted(((k, c) for k, c in found.items() if c), key=repr))


def _product_key(a: Atom, names: Names, context: Domain, labels: Labels) -> Key:
    """An ordered product; of a constant factor only the number of factors matters: prod_{a}^{b} W = W^(b - a + 1)."""
    row, column, k = a[2][:3]
    inner = {**names, row: "row", column: "column"}
    forms = {f for t in a[1] for atom in t.atoms for f in forms_of(atom) if coefficient(f, k)}
    shifts = sorted({minus(f, variable(k)) for f in forms if coefficient(f, k) == 1})
    if not forms:
        return "p", polynomial_key(a[1], inner, context, labels), *_ends(a, names), "power", minus(a[6], a[5])
    return min((_shifted(a, k, shift, inner, names, context, labels) for shift in shifts or [ZERO]), key=repr)


def _shifted(a: Atom, k: str, shift: Affine, inner: Names, names: Names, context: Domain, labels: Labels) -> Key:
    body = tuple(move(t, {}, {k: minus(variable("step"), shift)}) for t in a[1])
    inside = polynomial_key(body, inner, context, labels)
    return "p", inside, *_ends(a, names), combine(a[5], shift), combine(a[6], shift)


def _ends(a: Atom, names: Names) -> Key:
    return _slot_key(a[3], names), _slot_key(a[4], names)


ATOM_KEY: dict[str, Callable[[Atom, Names, Domain, Labels], Key]] = {
    "x": lambda a, names, *_: ("x", a[1], _slot_key(a[2], names), _slot_key(a[3], names), a[4]),
    "f": lambda a, names, *rest: ("f", a[1][0], polynomial_key(a[2], names, *rest)),
    "d": lambda a, names, *_: ("d", *sorted((_slot_key(a[1], names), _slot_key(a[2], names)))),
    "z": lambda a, *_: a,
    "p": _product_key,
}
