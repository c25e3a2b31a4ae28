"""x <= y between products, sums and powers of numbers that are not negative, from what is known of their parts."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import combinations

from lstm_sym.documents.norms.entries import symmetrical, within
from lstm_sym.documents.norms.search import ONE, Search, factors, first_of, multiple, product
from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import constant
from lstm_sym.proof.arithmetic import difference, value
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import prod
from lstm_sym.proof.tactics import linear, transitive, use


def _directly(s: Search, x: Term, y: Term) -> Theorem:
    return linear("le", x, y)


#  x <= m supposed    m <= y
# --------------------------
#         x <= y
def _by_hypothesis(s: Search, x: Term, y: Term) -> Theorem:
    def by(t: Theorem) -> Theorem:
        kind, a, b = t.conclusion
        if not difference(a, x):
            return linear("le", x, y, t, s.at_most(b, y))
        if kind == "same" and not difference(b, x):
            return linear("le", x, y, (-1, t), s.at_most(a, y))
        raise ProofError("about something else")

    return first_of(partial(by, t) for t in s.facts(x, y))


#  a <= b supposed    x <= c a
# -----------------------------  y = c b, c > 0 a number and b none
#            x <= y
def _by_greater(s: Search, x: Term, y: Term) -> Theorem:
    def by(t: Theorem) -> Theorem:
        c = multiple(y, t.conclusion[2])
        return linear("le", x, y, s.at_most(x, t.conclusion[1] if c == 1 else prod(c, t.conclusion[1])), (c, t))

    orders = (t for t in s.facts(x, y) if t.conclusion[0] != "same")
    return first_of(partial(by, t) for t in orders if value(t.conclusion[2]) is None and value(t.conclusion[1]) != 0)


#  f <= g    X <= Y
# -----------------  f, X, g, Y >= 0; g may be 1
#     f X <= g Y
def _by_factors(s: Search, x: Term, y: Term) -> Theorem:
    left, right = factors(x), factors(y)
    if len(left) < 2:
        raise ProofError("no product of several")
    f, rest = left[0], product(left[1:])

    def compared(g: Term, other: Term) -> Theorem:
        one, more = s.at_most(f, g), s.at_most(rest, other)
        return linear("le", x, y, (rest, one), (g, more), known=s.positive)

    return first_of(partial(compared, *parts) for parts in _partings(right))


def _partings(right: list[Term]) -> Iterator[tuple[Term, Term]]:
    """The ways to part a product in two, single factors first."""
    for size in (1, 0, *range(2, len(right) + 1)):
        for chosen in combinations(range(len(right)), size):
            yield product([right[n] for n in chosen]), product([x for n, x in enumerate(right) if n not in chosen])


#  f <= c    c X <= y          X <= y / c
# --------------------        ------------  c > 0 a number
#      f X <= y                  c X <= y
def _by_bounds(s: Search, x: Term, y: Term) -> Theorem:
    left = factors(x)
    c, rest = value(left[-1]), product(left[:-1])
    if c is not None and c > 0 and c != 1 and rest != ONE:
        number = value(y)
        z = prod(1 / c, y) if number is None else prod(number / c)
        return linear("le", x, y, (c, s.at_most(rest, z)))

    def by(t: Theorem, others: Term) -> Theorem:
        less = prod(*factors(t.conclusion[2]), *factors(others))
        return linear("le", x, y, (others, t), s.at_most(less, y), known=s.positive)

    return first_of(partial(by, t, product(left[:n] + left[n + 1:])) for n, f in enumerate(left) for t in _bounds(s, f))


def _bounds(s: Search, f: Term) -> Iterator[Theorem]:
    """f <= c by the largest entry of a diagonal matrix or of a column, or as supposed."""
    with suppress(ProofError):
        yield largest_entry(s, f, s.ranges(f))
    yield from (linear("le", f, t.conclusion[2], t) for t in s.facts(f) if t.conclusion[0] != "same" and t.conclusion[1] == f)


def largest_entry(s: Search, x: Term, known: tuple[Theorem, ...]) -> Theorem:
    """||diag(v)|| <= c and ||v||_inf <= c from -c <= v <= c."""
    if x[0] != "norm" or not (x[2][0] == "diag" or (x[1] == "inf" and x[2][1][1] == constant(1))):
        raise ProofError("neither a diagonal matrix nor a column in the norm infinity")
    v = x[2][2] if x[2][0] == "diag" else x[2]
    inside = symmetrical(within(v, known))
    positive = s.nonnegative(inside.conclusion[3])
    return use("NORM_DIAG", positive, inside, p=x[1]) if x[2][0] == "diag" else use("NORM_COLUMN_INF", positive, inside)


def _by_terms(s: Search, x: Term, y: Term) -> Theorem:
    if x[0] != "+" or y[0] != "+" or len(x) != len(y):
        raise ProofError("no sums")
    return linear("le", x, y, *(s.at_most(a, b) for a, b in zip(x[1:], y[1:], strict=True)))


#  0 <= x <= y            0 <= x <= 1
# ------------- POW_LE   ------------- POW_LE_ONE
#  x^k <= y^k              x^k <= 1
def _powers(s: Search, x: Term, y: Term) -> Theorem:
    if x[0] != "^":
        raise ProofError("no power")
    base, k = x[1:]
    positive = s.nonnegative(base)
    if y[0] == "^" and y[2] == k:
        return use("POW_LE", positive, s.at_most(base, y[1]), k=k)
    return transitive(use("POW_LE_ONE", positive, s.at_most(base, ONE), k=k), s.at_most(ONE, y))


def _nonnegative(s: Search, x: Term, y: Term) -> Theorem:
    """x <= 0 <= y."""
    return linear("le", x, y, s.nonnegative(y))


NUMBERS = (_directly, _nonnegative, _by_hypothesis, _powers, _by_terms, _by_factors)
LAST = (_by_bounds, _by_greater)
