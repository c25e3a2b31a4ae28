"""The normal form: an entry e[i, j] as a polynomial whose monomials are products of atoms with index slots.

Works on frozen tuples, imports no SymPy.  Two expressions with the same normal form are equal for all sizes >= 1, all
lengths and index values in the context, and all values where both are defined.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

from lstm_sym.equality.canonical import Collected, Labels, collect
from lstm_sym.equality.simplify import apart, simplify, within
from lstm_sym.equality.terms import UNIT, WHOLE, Polynomial, Slot, Term, Times, move_polynomial, times
from lstm_sym.errors import BudgetExceeded, LstmSymError
from lstm_sym.expr.affine import (
    ONE,
    ZERO,
    Affine,
    Domain,
    between,
    combine,
    implies,
    minus,
    substitute,
    variable,
)


class Undecidable(LstmSymError):
    """Two block boundaries cannot be compared for all sizes."""


class Expansion:
    """One expansion: the context (what the free indices satisfy), fresh names and a budget of terms."""

    def __init__(self, context: Domain, budget: int = 20_000) -> None:
        self.context, self.budget, self.count = context, budget, 0
        self.labels = Labels()

    def fresh(self, prefix: str) -> str:
        """A name no other index has: % for entries, ~ for time."""
        self.count += 1
        return f"{prefix}{self.count}"

    def spend(self, terms: int) -> None:
        """Errors: BudgetExceeded."""
        self.budget -= terms
        if self.budget < 0:
            raise BudgetExceeded("more terms than one question may have")

    def entry(self, e: tuple[Any, ...], i: Slot, j: Slot, at: Times) -> Polynomial:
        """e[i, j] with time indices replaced as `at` says."""
        return ENTRY[e[0]](self, e, i, j, at)

    def product(self, factors: Iterable[Polynomial]) -> Polynomial:
        """The product, distributed."""
        result = UNIT
        for factor in factors:
            self.spend(len(result) * len(factor))
            result = tuple(times(a, b) for a in result for b in factor)
        return result

    def blocks(self, size: Affine, cuts: set[Affine]) -> Iterator[Slot]:
        """An index of the given size as slots, one for each block between consecutive cuts."""
        chain = self.ordered(cuts | {ZERO, size})
        for low, high in pairwise(chain):
            block = minus(high, low)
            yield (low, "" if block == ONE else self.fresh("%"), block)

    def ordered(self, cuts: set[Affine]) -> list[Affine]:
        """Boundaries in ascending order, for all sizes >= 1."""
        positive = self.context | {Affine(((s, 1),), -1) for c in cuts for s, _ in c.terms}
        chain: list[Affine] = []
        for cut in sorted(cuts, key=lambda c: (len(c.terms), c)):
            place = next((n for n, other in enumerate(chain) if implies(positive, minus(other, cut))), len(chain))
            if any(not implies(positive, minus(cut, other)) for other in chain[:place]):
                raise Undecidable(f"block boundaries {cut} and {chain} cannot be ordered")
            chain.insert(place, cut)
        return chain

    def collected(self, polynomial: Polynomial) -> Collected:
        """Simplified, like terms added."""
        return collect(simplify(polynomial, self.context), self.context, self.labels)


def cuts(e: tuple[Any, ...], axis: int, at: Times) -> set[Affine]:
    """Where stacked blocks meet along an axis (0 rows, 1 columns) of e."""
    tag = e[0]
    if tag == "transpose":
        return cuts(e[2], 1 - axis, at)
    if tag == "matmul":
        return cuts(e[2], 0, at) if axis == 0 else cuts(e[-1], 1, at)
    if tag == "diag":
        return cuts(e[2], 0, at)
    if tag == "stack" and axis == 0:
        found, low = set(), ZERO
        for block in e[2:]:
            found |= {combine(low, c) for c in cuts(block, 0, at)} | {low}
            low = combine(low, block[1][0])
        return {substitute(c, at) for c in found}
    if tag == "slice" and axis == 0:
        inner = (minus(c, substitute(e[2], at)) for c in cuts(e[3], 0, at))
        return {c for c in inner if c.constant > 0 or c.terms}
    full = [x for x in e[2:] if isinstance(x, tuple) and x and isinstance(x[0], str) and x[0] in ENTRY and x[1] == e[1]]
    return set().union(*(cuts(x, axis, at) for x in full)) if tag not in ("named", "identity") else set()


# --- one line a node: the entry [i, j] ----------------------------------------------------------------------

def _named(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    return (Term(Fraction(1), (("x", e[2], i, j, tuple(substitute(t, at) for t in e[3])),)),)


def _hadamard(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    return x.product(x.entry(a, *((i, j) if a[1] == e[1] else (WHOLE, WHOLE)), at) for a in e[2:])


def _matmul(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    """sum over the inner index, block by block."""
    if len(e) == 3:
        return x.entry(e[2], i, j, at)
    left, right = e[2], ("matmul", (e[3][1][0], e[1][1]), *e[3:])
    size = substitute(left[1][1], at)
    terms: list[Term] = []
    for k in x.blocks(size, cuts(left, 1, at) | cuts(right, 0, at)):
        bound = ((k[1], k[2]),) if k[1] else ()
        terms += x.product([(Term(Fraction(1), (), bound),), x.entry(left, i, k, at), x.entry(right, k, j, at)])
    return tuple(terms)


def _scale(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    if any(s in at for _, powers in e[2] for s, _ in powers):
        raise Undecidable("a bound index as a coefficient")
    factor = tuple(Term(c, tuple(("z", s, k) for s, k in powers)) for c, powers in e[2])
    return x.product([factor, x.entry(e[3], i, j, at)])


def _function(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    """f of an entry; f(delta_ij a + b) = delta_ij f(a + b) + (1 - delta_ij) f(b); relu(a) = a step(a); f odd or the like."""
    facts, operand = e[2], tuple(x.collected(x.entry(e[3], i, j, at)).values())
    if facts[0] == "relu":
        step = ("f", ("step", None, None), operand)
        return x.product([x.entry(e[3], i, j, at), (Term(Fraction(1), (step,)),)])
    if facts[0] == "log" and (power := _exponent(operand)) is not None:
        return power
    deltas = [a for t in operand for a in t.atoms if a[0] == "d" and not t.space]
    if not deltas:
        return _signed(facts, operand)
    _, s, t = deltas[0]
    off = tuple(term for term in operand if deltas[0] not in term.atoms)
    on = move_polynomial(tuple(term._replace(atoms=tuple(a for a in term.atoms if a != deltas[0])) for term in operand),
                         {t[1]: (ZERO, *s[1:])}, {})
    diagonal = (Term(Fraction(1), (deltas[0],)),)
    outside = tuple(times(Term(Fraction(-1), (deltas[0],)), u) for u in _signed(facts, off))
    return x.product([diagonal, _signed(facts, on)]) + _signed(facts, off) + outside


def _exponent(operand: Polynomial) -> Polynomial | None:
    """p where the operand is exp(p)."""
    if len(operand) == 1 and operand[0].coefficient == 1 and len(operand[0].atoms) == 1 and not operand[0].guards:
        atom = operand[0].atoms[0]
        return atom[2] if atom[0] == "f" and atom[1][0] == "exp" else None
    return None


def _signed(facts: Any, operand: Polynomial) -> Polynomial:
    """f(-a) = constant + sign f(a): the operand gets a positive first coefficient."""
    if facts[2] is None or not operand or operand[0].coefficient > 0:
        return (Term(Fraction(1), (("f", facts, operand),)),)
    constant, sign = facts[2]
    negated = tuple(t._replace(coefficient=-t.coefficient) for t in operand)
    flipped = Term(Fraction(sign), (("f", facts, negated),))
    return (flipped, Term(constant)) if constant else (flipped,)


def _stack(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    low = ZERO
    for block in e[2:]:
        rows: Slot = (low, "", substitute(block[1][0], at))
        if within(i, rows):
            return x.entry(block, (minus(i[0], low), *i[1:]), j, at)
        if not apart(i, rows):
            raise Undecidable("an index across two blocks")
        low = combine(low, rows[2])
    raise Undecidable("an index beyond the stack")


def _slice(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    return x.entry(e[3], (combine(i[0], substitute(e[2], at)), *i[1:]), j, at)


def _sum(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    k = x.fresh("~")
    guards = between(substitute(e[3], at), variable(k), substitute(e[4], at))
    body = x.entry(e[5], i, j, {**at, e[2]: variable(k)})
    return x.product([(Term(Fraction(1), (), (), (k,), guards),), body])


def _product(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    """Factors in descending order are transposed factors in ascending order, the entry transposed."""
    low, high, size = substitute(e[3], at), substitute(e[4], at), e[1][0]
    if implies(x.context, minus(low, combine(high, ONE))):
        return (Term(Fraction(1), (("d", i, j),)),)                            # empty: I
    if cuts(e[6], 0, at) or cuts(e[6], 1, at):
        raise Undecidable("an ordered product of stacked blocks")
    row, column, k = x.fresh("%"), x.fresh("%"), x.fresh("~")
    slots = ((ZERO, row, size), (ZERO, column, size))[:: e[5]]
    body = tuple(x.collected(x.entry(e[6], *slots, {**at, e[2]: variable(k)})).values())
    return (Term(Fraction(1), (("p", body, (row, column, k, size), *(i, j)[:: e[5]], low, high),)),)


def _when(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    guards = frozenset(substitute(g, at) for g in e[2])
    return x.product([(Term(Fraction(1), guards=guards),), x.entry(e[3], i, j, at)])


Rule: TypeAlias = Callable[[Expansion, Any, Slot, Slot, Times], Polynomial]
ENTRY: dict[str, Rule] = {
    "named":     _named,
    "ones":      lambda x, e, i, j, at: UNIT,
    "zeros":     lambda x, e, i, j, at: (),
    "identity":  lambda x, e, i, j, at: (Term(Fraction(1), (("d", i, j),)),),
    "add":       lambda x, e, i, j, at: tuple(t for a in e[2:] for t in x.entry(a, i, j, at)),
    "hadamard":  _hadamard,
    "matmul":    _matmul,
    "scale":     _scale,
    "transpose": lambda x, e, i, j, at: x.entry(e[2], j, i, at),
    "diag":      lambda x, e, i, j, at: x.product([(Term(Fraction(1), (("d", i, j),)),), x.entry(e[2], i, WHOLE, at)]),
    "function":  _function,
    "stack":     _stack,
    "slice":     _slice,
    "sum":       _sum,
    "product":   _product,
    "when":      _when,
}


def normal_form(e: Any, context: Domain, budget: int = 20_000) -> Collected:
    """The terms of e by their canonical keys, over all its blocks; empty if and only if e is found to be 0."""
    x = Expansion(context, budget)
    terms: list[Term] = []
    rows, columns = (list(x.blocks(e[1][axis], cuts(e, axis, {}))) for axis in (0, 1))
    for i in rows:
        for j in columns:
            terms += x.entry(e, i, j, {})
    return x.collected(tuple(terms))
