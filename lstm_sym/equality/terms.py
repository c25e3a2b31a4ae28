"""Terms of the normal form: products of atoms with index slots, and the moves of their indices.

A *slot* is (offset, variable, size): the rows offset + variable of a block, variable = 0 .. size - 1; "" for one row.
Atoms:  ("x", name, row, column, times)  an entry of a named quantity    ("f", facts, polynomial)  f of a scalar
        ("d", slot, slot)  Kronecker delta                               ("z", symbol, exponent)   a size as a factor
        ("p", polynomial, (row, column, time, size), row slot, column slot, low, high)  an entry of an ordered product, the
        factor at `low` leftmost; the polynomial is one factor's entry in the three named indices.
A *term* is a coefficient times atoms, summed over bound entry indices (each runs over its size) and bound time indices
(each over the integers its guards allow); a guard is an affine form that must be >= 0, else the term is absent.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from lstm_sym.expr.affine import ONE, ZERO, Affine, Domain, combine, substitute

Slot: TypeAlias = tuple[Affine, str, Affine]
Atom: TypeAlias = tuple[Any, ...]
Slots: TypeAlias = Mapping[str, Slot]
Times: TypeAlias = Mapping[str, Affine]
WHOLE: Slot = (ZERO, "", ONE)                                # the only row or column there is


class Term(NamedTuple):
    """coefficient * product of atoms, summed over `space` (index, size) and `time`, where `guards` hold."""

    coefficient: Fraction
    atoms: tuple[Atom, ...] = ()
    space: tuple[tuple[str, Affine], ...] = ()
    time: tuple[str, ...] = ()
    guards: Domain = frozenset()


Polynomial: TypeAlias = tuple[Term, ...]
UNIT: Polynomial = (Term(Fraction(1)),)


def times(a: Term, b: Term) -> Term:
    """The product of two terms whose bound indices are apart."""
    return Term(a.coefficient * b.coefficient, a.atoms + b.atoms, a.space + b.space, a.time + b.time, a.guards | b.guards)


def affine_polynomial(form: Affine) -> Polynomial:
    """A size or count, such as n + m or T - t, as a polynomial."""
    terms = [Term(Fraction(c), (("z", s, 1),)) for s, c in form.terms]
    return (*terms, Term(Fraction(form.constant))) if form.constant else tuple(terms)


# --- moving indices; bound indices have names of their own everywhere, so nothing is captured --------------

def move(term: Term, slots: Slots, at: Times) -> Term:
    """`term` with entry indices replaced by slots and time indices by affine forms."""
    atoms = tuple(move_atom(a, slots, at) for a in term.atoms)
    return term._replace(atoms=atoms, guards=frozenset(substitute(g, at) for g in term.guards))


def move_polynomial(polynomial: Polynomial, slots: Slots, at: Times) -> Polynomial:
    """Every term moved."""
    return tuple(move(t, slots, at) for t in polynomial)


def move_slot(slot: Slot, slots: Slots, at: Times) -> Slot:
    """One slot moved."""
    offset, variable, size = substitute(slot[0], at), slot[1], slot[2]
    if variable not in slots:
        return offset, variable, size
    base, variable, size = slots[variable]
    return combine(offset, base), variable, size


def move_atom(atom: Atom, slots: Slots, at: Times) -> Atom:
    """One atom moved."""
    return MOVE[atom[0]](atom, slots, at)


MOVE: dict[str, Callable[[Atom, Slots, Times], Atom]] = {
    "x": lambda a, s, at: (*a[:2], move_slot(a[2], s, at), move_slot(a[3], s, at), tuple(substitute(t, at) for t in a[4])),
    "f": lambda a, s, at: (*a[:2], move_polynomial(a[2], s, at)),
    "d": lambda a, s, at: ("d", move_slot(a[1], s, at), move_slot(a[2], s, at)),
    "z": lambda a, s, at: a,
    "p": lambda a, s, at: ("p", move_polynomial(a[1], s, at), a[2], move_slot(a[3], s, at), move_slot(a[4], s, at),
                           substitute(a[5], at), substitute(a[6], at)),
}


# --- which indices occur -----------------------------------------------------------------------------------

def slots_of(atom: Atom) -> Iterator[Slot]:
    """Every slot in an atom, inside functions too."""
    if atom[0] in "xd":
        yield from atom[2:4] if atom[0] == "x" else atom[1:3]
    elif atom[0] == "f":
        yield from (s for t in atom[2] for a in t.atoms for s in slots_of(a))
    elif atom[0] == "p":
        yield from atom[3:5]
        yield from (s for t in atom[1] for a in t.atoms for s in slots_of(a))


def forms_of(atom: Atom) -> Iterator[Affine]:
    """Every affine form in which a time index may occur in an atom."""
    yield from (s[0] for s in slots_of(atom))
    if atom[0] == "x":
        yield from atom[4]
    elif atom[0] in "fp":
        yield from atom[5:]
        for t in atom[2 if atom[0] == "f" else 1]:
            yield from t.guards
            yield from (form for a in t.atoms for form in forms_of(a))


def variables_of(atom: Atom) -> set[str]:
    """Entry indices that occur in an atom."""
    return {v for _, v, _ in slots_of(atom) if v}


def indices_of(atom: Atom) -> set[str]:
    """Time indices and lengths that occur in an atom."""
    return {s for form in forms_of(atom) for s, _ in form.terms}


def names_in(polynomial: Polynomial) -> Iterator[tuple[str, tuple[Affine, ...]]]:
    """Every named quantity in a polynomial with its times, inside functions and ordered products too."""
    for t in polynomial:
        for a in t.atoms:
            if a[0] == "x":
                yield a[1], a[4]
            elif a[0] in "fp":
                yield from names_in(a[2 if a[0] == "f" else 1])
