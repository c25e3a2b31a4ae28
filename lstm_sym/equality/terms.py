"""Terms of the normal form: products of atoms with index slots, and the moves of their indices.

A *slot* is (offset, variable, size): the rows offset + variable of a block, variable = 0 .. size - 1; "" for one row.
Atoms:  ("x", name, row, column, times)  an entry of a named quantity    ("f", facts, polynomial)  f of a scalar
        ("d", slot, slot)  Kronecker delta                               ("z", symbol, exponent)   a size as a factor
        ("p", polynomial, (row, column, time, size), row slot, column slot, low, high)  an entry of an ordered product, the
        factor at `low` leftmost; the polynomial is one factor's entry in the three named indices.
A *term* is a coefficient times atoms, summed over bound entry indices (each runs over its size) and bound time indices
(each over the integers its guards allow); a guard is an affine form that must be >= 0, else the term is absent.

Names: an index bound inside an atom is never bound or free outside it (raw names are fresh, canonical ones carry their
depth), so moves capture nothing; what is lifted out of an atom gets fresh names first (`refresh`).
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from time import process_time
from typing import Any, NamedTuple, TypeAlias

from lstm_sym.errors import BudgetExceeded, LstmSymError
from lstm_sym.expr.affine import ONE, ZERO, Affine, Domain, combine, substitute, variable

Slot: TypeAlias = tuple[Affine, str, Affine]
Atom: TypeAlias = tuple[Any, ...]
Slots: TypeAlias = Mapping[str, Slot]
Times: TypeAlias = Mapping[str, Affine]
TOO_MUCH = "more terms or more ways to name bound indices than one question may have"
SELDOM = 1000  # the clock is looked at every so many times: it takes as long as the step itself
WHOLE: Slot = (ZERO, "", ONE)                                # the only row or column there is


class Undecidable(LstmSymError):
    """The normal form has no law for this: the question stays open."""


class Term(NamedTuple):
    """coefficient * product of atoms, summed over `space` (index, size) and `time`, where `guards` hold."""

    coefficient: Fraction
    atoms: tuple[Atom, ...] = ()
    space: tuple[tuple[str, Affine], ...] = ()
    time: tuple[str, ...] = ()
    guards: Domain = frozenset()


Polynomial: TypeAlias = tuple[Term, ...]


class Nested(tuple[Term, ...]):
    """A polynomial whose hash is computed once: what stands inside atoms is looked up again and again."""

    known: int

    def __hash__(self) -> int:
        try:
            return self.known
        except AttributeError:
            self.known = super().__hash__()
            return self.known


@lru_cache(maxsize=65536)
def the_one(polynomial: Nested) -> Nested:
    """The first of all that are equal: comparing two of these costs no walk."""
    return polynomial


UNIT: Polynomial = (Term(Fraction(1)),)


class Work:
    """Fresh names and the budget of one question, in steps and in time."""

    def __init__(self, deadline: float = float("inf"), steps: int = 100_000) -> None:
        self.deadline, self.steps, self.count, self.asked = deadline, steps, 0, 0
        self.given_up = 0                                    # ways to a proof that took more than their share
        self.memo: dict[Any, Any] = {}

    def fresh(self, prefix: str) -> str:
        """A name no other index has: % for entries, ~ for time."""
        self.count += 1
        return f"{prefix}{self.count}"

    def spend(self, steps: int = 1) -> None:
        """Errors: BudgetExceeded."""
        self.steps -= steps
        self.asked += 1
        if self.steps < 0:
            raise BudgetExceeded(TOO_MUCH)
        if self.asked % SELDOM == 0 and self.is_late():
            raise BudgetExceeded("the time for one question is used up")

    def is_late(self) -> bool:
        """A last resort: where the clock ends a question, a busy machine answers fewer."""
        return process_time() > self.deadline


def times(a: Term, b: Term) -> Term:
    """The product of two terms whose bound indices are apart."""
    return Term(a.coefficient * b.coefficient, a.atoms + b.atoms, a.space + b.space, a.time + b.time, a.guards | b.guards)


def affine_polynomial(form: Affine) -> Polynomial:
    """A size or count, such as n + m or T - t, as a polynomial."""
    terms = [Term(Fraction(c), (("z", s, 1),)) for s, c in form.terms]
    return (*terms, Term(Fraction(form.constant))) if form.constant else tuple(terms)


# --- moving indices -----------------------------------------------------------------------------------------

def move(term: Term, slots: Slots, at: Times) -> Term:
    """`term` with entry indices replaced by slots and time indices by affine forms."""
    if not slots and not at:
        return term

    def slot(s: Slot) -> Slot:
        offset, name, size = s
        offset = substitute(offset, at)
        if name not in slots:
            return s if offset is s[0] else (offset, name, size)
        base, name, size = slots[name]
        return combine(offset, base), name, size

    return remake(term, slot, lambda form: substitute(form, at))


def remake(term: Term, slot: Callable[[Slot], Slot], form: Callable[[Affine], Affine]) -> Term:
    """`term` with every slot and every affine form changed, inside atoms too."""
    atoms = tuple(REMAKE[a[0]](a, slot, form) for a in term.atoms)
    return Term(term.coefficient, atoms, term.space, term.time, frozenset(map(form, term.guards)))


def _all(polynomial: Polynomial, slot: Callable[[Slot], Slot], form: Callable[[Affine], Affine]) -> Polynomial:
    same = all(slot(s) == s for s in _slots_in(polynomial)) and all(form(f) == f for f in _times_in(polynomial))
    return polynomial if same else Nested(remake(t, slot, form) for t in polynomial)


REMAKE: dict[str, Callable[[Atom, Callable[[Slot], Slot], Callable[[Affine], Affine]], Atom]] = {
    "x": lambda a, slot, form: ("x", a[1], slot(a[2]), slot(a[3]), tuple(map(form, a[4]))),
    "f": lambda a, slot, form: ("f", a[1], _all(a[2], slot, form)),
    "d": lambda a, slot, form: ("d", slot(a[1]), slot(a[2])),
    "z": lambda a, slot, form: a,
    "p": lambda a, slot, form: ("p", _all(a[1], slot, form), a[2], slot(a[3]), slot(a[4]), form(a[5]), form(a[6])),
}


def refresh(term: Term, work: Work) -> Term:
    """The same term with bound indices of its own."""
    entries = {v: (ZERO, work.fresh("%"), n) for v, n in term.space}
    steps = {k: work.fresh("~") for k in term.time}
    moved = move(term, entries, {k: variable(s) for k, s in steps.items()})
    return moved._replace(space=tuple((s[1], s[2]) for s in entries.values()), time=tuple(steps.values()))


# --- which indices occur -----------------------------------------------------------------------------------

def inner(atom: Atom) -> Polynomial:
    """The polynomial inside a function or an ordered product."""
    return atom[2] if atom[0] == "f" else atom[1] if atom[0] == "p" else ()


def slots_of(atom: Atom) -> Iterable[Slot]:
    """Every slot in an atom, inside functions and ordered products too."""
    if atom[0] == "x":
        return (atom[2], atom[3])
    return atom[1:3] if atom[0] == "d" else (*atom[3:5], *_slots_in(inner(atom)))


def forms_of(atom: Atom) -> Iterator[Affine]:
    """Every affine form in which a time index may occur in an atom."""
    yield from (s[0] for s in slots_of(atom))
    yield from times_of(atom)


def times_of(atom: Atom) -> Iterable[Affine]:
    """Every affine form of an atom but the offsets of its slots."""
    if atom[0] == "x":
        times: tuple[Affine, ...] = atom[4]
        return times
    return (*atom[5:], *_times_in(inner(atom)))


def bound_in(atom: Atom) -> frozenset[str]:
    """Time indices bound inside an atom."""
    below = _bound_below(inner(atom))
    return below | {atom[2][2]} if atom[0] == "p" else below


@lru_cache(maxsize=65536)
def _slots_in(polynomial: Polynomial) -> frozenset[Slot]:
    return frozenset(s for t in polynomial for a in t.atoms for s in slots_of(a))


@lru_cache(maxsize=65536)
def _times_in(polynomial: Polynomial) -> frozenset[Affine]:
    return frozenset().union(*(t.guards for t in polynomial), *(times_of(a) for t in polynomial for a in t.atoms))


@lru_cache(maxsize=65536)
def _bound_below(polynomial: Polynomial) -> frozenset[str]:
    return frozenset().union(*(t.time for t in polynomial), *(bound_in(a) for t in polynomial for a in t.atoms))


def forms_in(polynomial: Polynomial) -> frozenset[Affine]:
    """Every affine form in a polynomial, those of its guards too."""
    return _times_in(polynomial).union(s[0] for s in _slots_in(polynomial))


def variables_of(atom: Atom) -> set[str]:
    """Entry indices that occur in an atom."""
    return {v for _, v, _ in slots_of(atom) if v}


def indices_of(atom: Atom) -> set[str]:
    """Time indices and lengths that occur in an atom."""
    return {s for form in forms_of(atom) for s, _ in form.terms}


def is_bound(name: str) -> bool:
    """Is this the name of a bound time index?"""
    return name.startswith("~")


def atoms_in(polynomial: Polynomial) -> Iterator[Atom]:
    """Every atom of a polynomial, those inside functions and ordered products too."""
    for t in polynomial:
        for a in t.atoms:
            yield a
            yield from atoms_in(inner(a))
