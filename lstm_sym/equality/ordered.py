"""Laws of ordered products in one term: an empty one is I, a short one is written out, adjacent ones merge, scalars commute.

Each has its side condition; the number of factors is high - low + 1.  A product of scalars has the size 1 and the slots WHOLE.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import combinations
from math import gcd, lcm
from operator import and_

from lstm_sym.equality.canonical import components, inside
from lstm_sym.equality.terms import (
    UNIT,
    WHOLE,
    Atom,
    Polynomial,
    Slot,
    Term,
    Work,
    forms_in,
    move,
    refresh,
    times,
    variables_of,
)
from lstm_sym.expr.affine import ONE, ZERO, Affine, Domain, coefficient, combine, implies, minus

SHORT = 8  # products of so many factors are written out


def number_of_factors(a: Atom) -> Affine:
    """high - low + 1."""
    return combine(minus(a[6], a[5]), ONE)


def _products(term: Term) -> list[tuple[int, Atom]]:
    return [(n, a) for n, a in enumerate(term.atoms) if a[0] == "p"]


def _replaced(term: Term, atoms: tuple[Atom, ...], *gone: int) -> Term:
    return term._replace(atoms=(*(a for n, a in enumerate(term.atoms) if n not in gone), *atoms))


def empty(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """prod_{a}^{b} F = I for a > b."""
    for n, a in _products(term):
        if implies(context | term.guards, minus(ZERO, number_of_factors(a))):
            return (_replaced(term, (("d", *a[3:5]),), n),)
    return None


def short(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """prod_{a}^{a + c} F = F_a prod_{a + 1}^{a + c} F for a small number c >= 0."""
    for n, a in _products(term):
        count = number_of_factors(a)
        if not count.terms and 0 < count.constant <= SHORT:
            return split(term, n, work, first=True)
    return None


def split(term: Term, n: int, work: Work, first: bool) -> Polynomial:
    """Atom n, an ordered product that is not empty, as its first (or last) factor beside the product of the others."""
    _, body, names, left, right, low, high = term.atoms[n]
    row, column, k, size = names
    middle: Slot = WHOLE if size == ONE else (ZERO, work.fresh("%"), size)
    at, ends, inner_ends = (low, (left, middle), (middle, right)) if first else (high, (middle, right), (left, middle))
    rest: Atom = ("p", body, names, *inner_ends, *((combine(low, ONE), high) if first else (low, minus(high, ONE))))
    base = _replaced(term, (rest,), n)._replace(space=(*term.space, *([] if size == ONE else [(middle[1], size)])))
    factor = (move(refresh(t, work), {row: ends[0], column: ends[1]}, {k: at}) for t in body)
    return tuple(times(base, t) for t in factor)


def merge(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """prod_{a}^{b} F prod_{b + 1}^{c} F = prod_{a}^{c} F for a <= b + 1 <= c + 1; of a constant factor the numbers add."""
    for n, left in _products(term):
        for m, right in _products(term):
            joined = _joined(left, right) if n != m and left[1:3] == right[1:3] else None
            if (
                joined
                and (is_scalar(left) or _meet(term, left[3:5], right[3:5], n, m))
                and all(implies(context | term.guards, number_of_factors(a)) for a in (left, right))
            ):
                return (_fused(term, left, left[3], right[4], joined, left[4], n, m),)
    return None


def _fused(term: Term, a: Atom, row: Slot, column: Slot, ends: tuple[Affine, Affine], middle: Slot, *gone: int) -> Term:
    rest = _replaced(term, (("p", *a[1:3], row, column, *ends),), *gone)
    return rest._replace(space=tuple(s for s in term.space if s[0] != middle[1]))


def _joined(left: Atom, right: Atom) -> tuple[Affine, Affine] | None:
    if is_constant(left):
        return ONE, combine(number_of_factors(left), number_of_factors(right))
    return (left[5], right[6]) if right[5] == combine(left[6], ONE) else None


def _meet(term: Term, left: tuple[Slot, Slot], right: tuple[Slot, Slot], *atoms: int) -> bool:
    """Is the column of `left` the row of `right`, one bound index over its whole size that stands nowhere else?"""
    s = left[1]
    elsewhere = {v for n, a in enumerate(term.atoms) if n not in atoms for v in variables_of(a)} | {
        left[0][1],
        right[1][1],
    }
    return s == right[0] and s[0] == ZERO and (s[1], s[2]) in term.space and s[1] not in elsewhere


def is_constant(a: Atom) -> bool:
    """Does the factor not depend on the index of the product?"""
    return not any(coefficient(f, a[2][2]) for f in forms_in(a[1]))


def is_scalar(a: Atom) -> bool:
    """Is it a product of scalars?"""
    return bool(a[2][3] == ONE)


def absorb(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """W W^k = W^k W = W^(k + 1) for k >= 0 and one matrix W."""
    for n, a in _products(term):
        if is_constant(a) and implies(context | term.guards, number_of_factors(a)):
            longer = ONE, combine(number_of_factors(a), ONE)
            for m, w in enumerate(term.atoms):
                ends = _ends_of(w, a) if m != n else None
                for left, right in ((ends, a[3:5]), (a[3:5], ends)):
                    if left and right and (is_scalar(a) or _meet(term, left, right, n, m)):
                        return (_fused(term, a, left[0], right[1], longer, left[1], n, m),)
    return None


def _ends_of(atom: Atom, a: Atom) -> tuple[Slot, Slot] | None:
    """The row and column slot of an atom that is one factor of the product `a`."""
    row, column, *_ = a[2]
    if (
        atom[0] != "x"
        or len(a[1]) != 1
        or a[1][0][0] != 1
        or a[1][0][2:] != ((), (), frozenset())
        or len(a[1][0][1]) != 1
    ):
        return None
    factor = a[1][0][1][0]
    if is_scalar(a):
        return (WHOLE, WHOLE) if factor == atom else None
    if factor[:2] != atom[:2] or factor[4] != atom[4]:
        return None
    slots = {s[1]: actual for s, actual in zip(factor[2:4], atom[2:4], strict=True) if s[0] == ZERO}
    return (slots[row], slots[column]) if row in slots and column in slots else None


# --- scalars ------------------------------------------------------------------------------------------------


def commuting(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """prod (c r A) = (prod c) (prod r) (prod A) for a number c and a scalar r, in sums too: r A + r B = r (A + B)."""
    for n, a in _products(term):
        scalars, rest = _parted(a[1], a[2][:2])
        whole = is_scalar(a)
        if len(scalars) > (whole and rest == UNIT) or (whole and a[1] == UNIT):
            alone = (*a[2][:3], ONE), WHOLE, WHOLE, *a[5:]
            found = [("p", r, *alone) for r in scalars] + ([] if whole and rest == UNIT else [("p", rest, *a[2:])])
            return (_replaced(term, tuple(inside(p, context, work) for p in found), n),)
    return None


@lru_cache(maxsize=4096)
def _parted(body: Polynomial, ends: tuple[str, str]) -> tuple[list[Polynomial], Polynomial]:
    """The number and the atoms that divide every term of a factor and hold neither its row nor its column; and the rest."""
    if not body or any(t.guards for t in body):
        return [], body
    number = _content(body)
    loose = (Counter(x for x in components(t)[0].atoms if variables_of(x).isdisjoint(ends)) for t in body)
    shared = reduce(and_, loose)
    rest = tuple(t._replace(coefficient=t.coefficient / number, atoms=_less(t.atoms, shared)) for t in body)
    scalars = [(Term(number),)] if number != 1 else []
    return [*scalars, *((Term(Fraction(1), (x,)),) for x in shared.elements())], rest


def _content(body: Polynomial) -> Fraction:
    """The number that divides a factor; its sign must be the same for the transposed and the reversed factor."""
    coefficients = [t.coefficient for t in body]
    content = Fraction(gcd(*(c.numerator for c in coefficients)), lcm(*(c.denominator for c in coefficients)))
    up, down = sorted(coefficients), sorted(-c for c in coefficients)
    constant = next((t.coefficient for t in body if not t.atoms), 0)
    return -content if up < down or (up == down and constant < 0) else content


def _less(atoms: tuple[Atom, ...], shared: Counter[Atom]) -> tuple[Atom, ...]:
    left = Counter(atoms)
    left.subtract(shared)
    return tuple(left.elements())


def numbers(term: Term, context: Domain, work: Work) -> Polynomial | None:
    """prod c prod d = prod (c d) for two numbers and equally many factors."""
    found = [(n, a) for n, a in _products(term) if is_scalar(a) and len(a[1]) == 1 and a[1][0][1:] == UNIT[0][1:]]
    for (n, a), (m, b) in combinations(found, 2):
        if number_of_factors(a) == number_of_factors(b):
            both = Term(a[1][0].coefficient * b[1][0].coefficient)
            return (_replaced(term, (("p", (both,), *a[2:]),), n, m),)
    return None
