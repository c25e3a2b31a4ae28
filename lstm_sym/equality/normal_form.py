"""The normal form: an entry e[i, j] as a polynomial whose monomials are products of atoms with index slots.

Works on frozen tuples, imports no SymPy.  Two expressions with the same normal form are equal for all sizes, lengths
and index values in the context, and all values where both are defined.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

from lstm_sym.equality.canonical import inside
from lstm_sym.equality.elementwise import STEP, applied
from lstm_sym.equality.simplify import apart, collected, within
from lstm_sym.equality.terms import (
    UNIT,
    WHOLE,
    Atom,
    Polynomial,
    Slot,
    Term,
    Times,
    Undecidable,
    Work,
    is_bound,
    times,
)
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
    symbols,
    variable,
)


def normal_form(e: Any, context: Domain, work: Work) -> tuple[Polynomial, ...]:
    """The entries of e, one polynomial for each of its blocks; all of them empty if e is found to be 0.

    context: what is known of the free indices, and every size >= 1.  Errors: BudgetExceeded, Undecidable.
    """
    x = Expansion(context, work)
    rows, columns = (list(x.blocks(e[1][axis], x.cuts(e, axis, {}))) for axis in (0, 1))
    return tuple(collected(x.entry(e, i, j, {}), context, work) for i in rows for j in columns)


class Expansion:
    """One expansion: the context (what the free indices satisfy), fresh names and a budget."""

    def __init__(self, context: Domain, work: Work) -> None:
        self.context, self.work = context, work

    def entry(self, e: tuple[Any, ...], i: Slot, j: Slot, at: Times) -> Polynomial:
        """e[i, j] with time indices replaced as `at` says."""
        return ENTRY[e[0]](self, e, i, j, at)

    def product(self, factors: Iterable[Polynomial]) -> Polynomial:
        """The product, distributed."""
        result = UNIT
        for factor in factors:
            self.work.spend(len(result) * len(factor))
            result = tuple(times(a, b) for a in result for b in factor)
        return result

    def cuts(self, e: tuple[Any, ...], axis: int, at: Times) -> set[Affine]:
        """Where stacked blocks meet along an axis (0 rows, 1 columns) of e, strictly inside it."""
        size, parts = substitute(e[1][axis], at), [x for x in e[2:] if _is_frozen(x)]
        if e[0] in ("transpose", "diag"):
            return self.cuts(e[2], 1 - axis if e[0] == "transpose" else 0, at)
        if e[0] == "matmul":
            return self.cuts(e[2], 0, at) if axis == 0 else self.cuts(e[-1], 1, at)
        found: set[Affine] = set()
        if e[0] == "stack" and axis == 0:
            low = ZERO
            for block in parts:
                found |= {combine(low, c) for c in self.cuts(block, 0, at)} | {low}
                low = combine(low, substitute(block[1][0], at))
        elif e[0] == "slice" and axis == 0:
            found = {minus(c, substitute(e[2], at)) for c in self.cuts(e[3], 0, at)}
        else:
            found = found.union(*(self.cuts(x, axis, at) for x in parts if x[1][axis] == e[1][axis]))
        return {c for c in found if not implies(self.context, minus(ZERO, c)) and not implies(self.context, minus(c, size))}

    def blocks(self, size: Affine, cuts: set[Affine]) -> Iterator[Slot]:
        """An index of the given size as slots, one for each block between consecutive cuts."""
        if any(map(is_bound, symbols([size, *cuts]))):
            raise Undecidable("a size that depends on a bound index")
        for low, high in pairwise(self.ordered(cuts, size)):
            block = minus(high, low)
            yield (low, "" if block == ONE else self.work.fresh("%"), block)

    def ordered(self, cuts: set[Affine], size: Affine) -> list[Affine]:
        """0, the cuts inside the block, size: in ascending order."""
        chain = [ZERO, size]
        for cut in sorted(cuts - {ZERO, size}, key=lambda c: (len(c.terms), c)):
            place = next((n for n, other in enumerate(chain) if implies(self.context, minus(other, cut))), len(chain))
            if any(not implies(self.context, minus(cut, other)) for other in chain[:place]):
                raise Undecidable(f"block boundaries {cut} and {', '.join(map(str, chain))} cannot be ordered")
            if 0 < place < len(chain):                                         # beyond an end there are no rows
                chain.insert(place, cut)
        return chain


def _is_frozen(x: Any) -> bool:
    return isinstance(x, tuple) and len(x) > 1 and isinstance(x[0], str) and x[0] in ENTRY and isinstance(x[1], tuple)


# --- one line a node: the entry [i, j] ----------------------------------------------------------------------

def _term(*atoms: Atom) -> Polynomial:
    return (Term(Fraction(1), atoms),)


def _hadamard(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    return x.product(x.entry(a, i, j, at) if a[1] == e[1] else x.entry(a, WHOLE, WHOLE, at) for a in e[2:])


def _matmul(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    """sum over the inner index, block by block."""
    if len(e) == 3:
        return x.entry(e[2], i, j, at)
    left, right = e[2], ("matmul", (e[3][1][0], e[1][1]), *e[3:])
    terms: list[Term] = []
    for k in x.blocks(substitute(left[1][1], at), x.cuts(left, 1, at) | x.cuts(right, 0, at)):
        bound = ((k[1], k[2]),) if k[1] else ()
        terms += x.product([(Term(Fraction(1), (), bound),), x.entry(left, i, k, at), x.entry(right, k, j, at)])
    return tuple(terms)


def _scale(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    if any(s in at for _, powers in e[2] for s, _ in powers):
        raise Undecidable("a bound index as a coefficient")
    factor = tuple(Term(c, tuple(("z", s, k) for s, k in powers)) for c, powers in e[2])
    return x.product([factor, x.entry(e[3], i, j, at)])


def _function(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    """f of an entry; relu(a) = a step(a)."""
    facts, operand = e[2], collected(x.entry(e[3], i, j, at), x.context, x.work)
    if facts[0] == "relu":
        return x.product([x.entry(e[3], i, j, at), applied(STEP, operand, x.context, x.work)])
    return applied(facts, operand, x.context, x.work)


def _stack(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    low = ZERO
    for block in e[2:]:
        rows: Slot = (low, "", substitute(block[1][0], at))
        if within(i, rows, x.context):
            return x.entry(block, (minus(i[0], low), *i[1:]), j, at)
        if not apart(i, rows, x.context):
            raise Undecidable("an index across two blocks")
        low = combine(low, rows[2])
    raise Undecidable("an index beyond the stack")


def _slice(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    return x.entry(e[3], (combine(i[0], substitute(e[2], at)), *i[1:]), j, at)


def _sum(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    k = x.work.fresh("~")
    guards = between(substitute(e[3], at), variable(k), substitute(e[4], at))
    body = x.entry(e[5], i, j, {**at, e[2]: variable(k)})
    return x.product([(Term(Fraction(1), (), (), (k,), guards),), body])


def _product(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    """Factors in descending order are transposed factors in ascending order, the entry transposed."""
    low, high, size = substitute(e[3], at), substitute(e[4], at), e[1][0]
    if x.cuts(e[6], 0, at) | x.cuts(e[6], 1, at) or any(map(is_bound, symbols([substitute(size, at)]))):
        raise Undecidable("an ordered product of stacked blocks, or of a size that depends on a bound index")
    row, column, k = x.work.fresh("%"), x.work.fresh("%"), x.work.fresh("~")
    r, c = (WHOLE, WHOLE) if size == ONE else ((ZERO, row, size), (ZERO, column, size))[:: e[5]]
    ends = (WHOLE, WHOLE) if size == ONE else (i, j)[:: e[5]]
    body = collected(x.entry(e[6], r, c, {**at, e[2]: variable(k)}), x.context, x.work)
    return _term(inside(("p", body, (row, column, k, size), *ends, low, high), x.context, x.work))


def _when(x: Expansion, e: Any, i: Slot, j: Slot, at: Times) -> Polynomial:
    guards = frozenset(substitute(g, at) for g in e[2])
    return x.product([(Term(Fraction(1), guards=guards),), x.entry(e[3], i, j, at)])


Rule: TypeAlias = Callable[[Expansion, Any, Slot, Slot, Times], Polynomial]
ENTRY: dict[str, Rule] = {
    "named":     lambda x, e, i, j, at: _term(("x", e[2], i, j, tuple(substitute(t, at) for t in e[3]))),
    "ones":      lambda x, e, i, j, at: UNIT,
    "zeros":     lambda x, e, i, j, at: (),
    "identity":  lambda x, e, i, j, at: _term(("d", i, j)),
    "add":       lambda x, e, i, j, at: tuple(t for a in e[2:] for t in x.entry(a, i, j, at)),
    "hadamard":  _hadamard,
    "matmul":    _matmul,
    "scale":     _scale,
    "transpose": lambda x, e, i, j, at: x.entry(e[2], j, i, at),
    "diag":      lambda x, e, i, j, at: x.product([_term(("d", i, j)), x.entry(e[2], i, WHOLE, at)]),
    "function":  _function,
    "stack":     _stack,
    "slice":     _slice,
    "sum":       _sum,
    "product":   _product,
    "when":      _when,
}
