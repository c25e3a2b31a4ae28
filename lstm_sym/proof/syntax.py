"""Words for statements: how rules and theorems are written down.  Shapes are computed, nothing is simplified."""
from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from lstm_sym.expr.affine import ONE, Affine, combine, constant, minus, variable
from lstm_sym.proof.statements import FACTS, REALS, Term, bind

Number: TypeAlias = int | Fraction | Term
Index: TypeAlias = int | str | Affine


def index(value: Index) -> Affine:
    """A size or time: a number, a name or a form."""
    return constant(value) if isinstance(value, int) else variable(value) if isinstance(value, str) else value


def named(name: str, rows: Index, columns: Index = 1, *times: Index) -> Term:
    """A named matrix, or a member of a family of them."""
    return "named", (index(rows), index(columns)), name, tuple(map(index, times))


def ones(rows: Index, columns: Index = 1) -> Term:
    """All entries 1."""
    return "ones", (index(rows), index(columns))


def zeros(rows: Index, columns: Index = 1) -> Term:
    """All entries 0."""
    return "zeros", (index(rows), index(columns))


def eye(size: Index) -> Term:
    """The identity."""
    return "identity", (index(size), index(size))


def mul(*factors: Term) -> Term:
    """A (B (...))."""
    if len(factors) == 1:
        return factors[0]
    rest = mul(*factors[1:])
    return "matmul", (factors[0][1][0], rest[1][1]), factors[0], rest


def add(*terms: Term) -> Term:
    """((A + B) + ...)."""
    return reduce(lambda a, b: ("add", a[1], a, b), terms)


def had(*factors: Term) -> Term:
    """A o B o ..., with 1 x 1 factors as scalars."""
    shape = next((f[1] for f in factors if f[1] != (ONE, ONE)), factors[0][1])
    return ("hadamard", shape, *factors) if len(factors) > 1 else factors[0]


def scale(factor: int | Fraction, a: Term) -> Term:
    """A rational multiple."""
    return "scale", a[1], ((Fraction(factor), ()),), a


def scaled(x: Number | str, a: Term) -> Term:
    """A real multiple."""
    return "hadamard", a[1], table([[x]]), a


def sub(a: Term, b: Term) -> Term:
    """A - B."""
    return add(a, scale(-1, b))


def tr(a: Term) -> Term:
    """The transpose."""
    return "transpose", a[1][::-1], a


def diag(v: Term) -> Term:
    """diag(v) of a column."""
    return "diag", (v[1][0], v[1][0]), v


def call(name: str, a: Term) -> Term:
    """An elementwise function."""
    return "function", a[1], FACTS.get(name, (name, None, None)), a


def total(k: str, low: Index, high: Index, body: Term) -> Term:
    """sum over k = low .. high."""
    return bind(("sum", body[1], k, index(low), index(high), body), k)


def descending(k: str, low: Index, high: Index, body: Term) -> Term:
    """body[high] ... body[low]: the latest factor leftmost."""
    return bind(("product", body[1], k, index(low), index(high), -1, body), k)


def ascending(k: str, low: Index, high: Index, body: Term) -> Term:
    """body[low] ... body[high]: the latest factor rightmost."""
    return bind(("product", body[1], k, index(low), index(high), 1, body), k)


def table(rows: Sequence[Sequence[Number | str]]) -> Term:
    """A matrix by its entries."""
    entries = tuple(tuple(real(x) for x in row) for row in rows)
    return "table", (constant(len(entries)), constant(len(entries[0]))), entries


def inner(a: Term, b: Term) -> Term:
    """<A, B> = the sum of A_ij B_ij, as a 1 x 1 matrix."""
    return mul(mul(ones(1, a[1][0]), had(a, b)), ones(a[1][1]))


# --- reals --------------------------------------------------------------------------------------------------

def real(x: Number | str) -> Term:
    """A number, a name or a term."""
    return x if isinstance(x, tuple) else ("real", x, ()) if isinstance(x, str) else ("num", Fraction(x))


def member(name: str, *times: Index) -> Term:
    """A member of a family of reals."""
    return "real", name, tuple(map(index, times))


def plus(*terms: Number | str) -> Term:
    """x + y + ..."""
    return ("+", *map(real, terms)) if len(terms) > 1 else real(terms[0])


def prod(*factors: Number | str) -> Term:
    """x y ..."""
    return ("*", *map(real, factors)) if len(factors) > 1 else real(factors[0])


def neg(x: Number | str) -> Term:
    """-x."""
    return ("num", -x[1]) if isinstance(x, tuple) and x[0] == "num" else prod(-1, x)


def power(x: Number | str, k: Index) -> Term:
    """x^k, k >= 0."""
    return "^", real(x), index(k)


def norm(a: Term, kind: str = "p") -> Term:
    """The induced norm of this kind: "1", "2", "inf", or a variable for one of them."""
    return "norm", kind, a


def entry(a: Term) -> Term:
    """The one entry of a 1 x 1 matrix."""
    return "entry", a


def absolute(x: Number | str) -> Term:
    """|x|."""
    return "abs", real(x)


def log(x: int | Fraction) -> Term:
    """ln x of a positive rational."""
    return "log", Fraction(x)


# --- propositions -------------------------------------------------------------------------------------------

def le(x: Number | str, y: Number | str) -> Term:
    """x <= y."""
    return "le", real(x), real(y)


def lt(x: Number | str, y: Number | str) -> Term:
    """x < y."""
    return "lt", real(x), real(y)


def same(x: Number | str, y: Number | str) -> Term:
    """x = y, reals."""
    return "same", real(x), real(y)


def eq(a: Term, b: Term) -> Term:
    """A = B, matrices."""
    return "eq", a, b


def within(a: Term, low: Number | str, high: Number | str) -> Term:
    """low <= A_ij <= high for every entry."""
    return "within", a, real(low), real(high)


def at_least(x: Index, y: Index) -> Term:
    """x >= y, times."""
    return "dom", minus(index(x), index(y))


def implies(*parts: Term) -> Term:
    """p -> q -> ... -> r."""
    return parts[0] if len(parts) == 1 else ("imp", parts[0], implies(*parts[1:]))


def both(*parts: Term) -> Term:
    """p and q and ..."""
    return ("and", *parts) if len(parts) > 1 else parts[0]


def every(k: str, *parts: Term) -> Term:
    """for all integers k: p -> q -> ... -> r."""
    return bind(("all", k, implies(*parts)), k)


def between(k: str, low: Index, high: Index, *parts: Term) -> Term:
    """for all k with low <= k <= high."""
    return every(k, at_least(k, low), at_least(high, k), *parts)


def limit(k: str, x: Term, value: Number = 0) -> Term:
    """x -> value as k -> infinity."""
    return bind(("limit", real(value), k, x), k)


def infinite(k: str, x: Term) -> Term:
    """x -> +infinity as k -> infinity."""
    return bind(("infinite", k, x), k)


def derivative(a: Term, moves: Term) -> Term:
    """dA/de = `moves` at e = 0, where named quantities may depend on a real e."""
    return "derivative", a, moves


def under(a: Term, b: Term) -> Term:
    """|A_ij| <= B_ij for every entry."""
    return "under", a, b


def strict(a: Term) -> Term:
    """A_ij = 0 for i >= j: only zeros on and below the diagonal."""
    return "strict", a


def slope(f: str, derivative: str) -> Term:
    """The elementwise function `derivative` is f' everywhere; both are variables."""
    return "slope", f, derivative


def always(a: Term, b: Term) -> Term:
    """A = B for every e of a curve: how a model's equations are given."""
    return "always", a, b


def radius(a: Term, x: Number | str) -> Term:
    """|lambda| <= x for every complex eigenvalue of a square A."""
    return "radius", a, real(x)


def shift(x: Index, steps: Index) -> Affine:
    """x + steps."""
    return combine(index(x), index(steps))


def is_real(e: Term) -> bool:
    """Is e a real number?"""
    return e[0] in REALS
