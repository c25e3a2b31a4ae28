"""c ||v|| <= ||A v|| from the form of A: the least singular value, diagonal matrices, products over time; and c <= ||A||.

The smallest singular value s of a square A is known by s ||v|| <= ||A v||, supposed for each column v that is met.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from lstm_sym.documents.norms.entries import within
from lstm_sym.documents.norms.over_time import Factors, Rates, kept, merged
from lstm_sym.documents.norms.search import ONE, Search, factors, first_of, product, times_in
from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import combine, constant, substitute, variable
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import ascending, at_least, descending, had, le, mul, named, norm, power, prod, same, tr
from lstm_sym.proof.tactics import (
    chain,
    column_low,
    for_all,
    identity,
    instance,
    linear,
    rewritten,
    symmetric,
    unfolded,
    use,
)

UNIT = "unit "                              # a column of length 1
STEPS = "k"                                 # how many steps there are


def from_below(s: Search, x: Term, y: Term) -> Theorem:
    """x <= ||A v|| and x <= ||A||."""
    if y[0] != "norm":
        raise ProofError("no norm")
    if y[2][1][1] == constant(1):
        return _of_column(s, x, y)
    bound = of_matrix(s, y, x)
    return linear("le", x, y, bound, s.at_most(x, bound.conclusion[1]))


#  c ||v|| <= ||A v||    x <= c ||v||
# -----------------------------------
#            x <= ||A v||
def _of_column(s: Search, x: Term, y: Term) -> Theorem:
    kind, e = y[1:]
    if e[0] != "matmul":
        raise ProofError("no matrix before a column")

    def split(n: int) -> Theorem:
        a, v = mul(*e[2:n]), mul(*e[n:])
        bound = low(s, kind, a, v, x)
        whole = linear("le", bound.conclusion[1], y, bound, unfolded(norm(mul(a, v), kind), identity(mul(a, v), e)))
        return linear("le", x, y, whole, s.at_most(x, whole.conclusion[1]))

    return first_of(partial(split, n) for n in range(len(e) - 1, 2, -1))


#  c ||e|| <= ||A e|| <= ||A|| ||e||    ||e|| = 1
# ------------------------------------------------
#                   c <= ||A||
def of_matrix(s: Search, y: Term, wanted: Term) -> Theorem:
    """c <= ||A||, by what A does to a column of length 1."""
    kind, a = y[1:]
    e = named(f"{UNIT}{kind}", a[1][1])
    unit = s.given(same(norm(e, kind), 1))
    bound = low(s, kind, a, e, wanted)
    c = product([f for f in factors(bound.conclusion[1]) if f != norm(e, kind)])
    return linear("le", c, y, bound, (prod(-1, c), unit), use("NORM_MUL", A=a, B=e, p=kind), (y, unit))


def low(s: Search, kind: str, a: Term, v: Term, wanted: Term) -> Theorem:
    """c ||v|| <= ||A v|| for a c found in A.  wanted: what it is for, which holds the powers that are asked for."""
    return first_of(partial(way, s, kind, a, v, wanted) for way in (_least, _orthogonal, *BY_FORM.get(a[0], ())))


Low = Callable[[Search, str, Term, Term, Term], Theorem]


def _least(s: Search, kind: str, a: Term, v: Term, wanted: Term) -> Theorem:
    """sigma_min(A) ||v|| <= ||A v||."""
    found = next((x for e, x in _smallest(s, a) if e == a), None)
    if found is None or kind != "2":
        raise ProofError("no least singular value is spoken of")
    return s.given(le(prod(found, norm(v, "2")), norm(mul(a, v), "2")))


def _smallest(s: Search, near: Term) -> Iterator[tuple[Term, Term]]:
    """Matrices with their smallest singular values, at the times that occur."""
    for a, x in s.least:
        yield a, x
        letters = {name for form in x[2] for name, _ in form.terms} if len(x[2]) == 1 else set()
        yield from ((instance(a, {k: form}), instance(x, {k: form})) for k in letters for form in times_in(near))


def _positive(s: Search, x: Term) -> Theorem:
    """0 <= x."""
    return s.given(le(0, x)) if any(x[:2] == y[:2] for _, y in s.least) else s.nonnegative(x)


#  ||A v||^2 = ||v'A'A v|| = ||v'v|| = ||v||^2
# --------------------------------------------- SQUARE_LE
#               ||v|| <= ||A v||
def _orthogonal(s: Search, kind: str, a: Term, v: Term, wanted: Term) -> Theorem:
    """||v|| <= ||A v|| of A with A'A = I."""
    if kind != "2":
        raise ProofError("an orthogonal matrix keeps Euclidean lengths only")

    def by(unit: Theorem) -> Theorem:
        z = mul(a, v)
        parted, inside = mul(tr(z), z), mul(tr(v), unit.conclusion[1], v)
        gram = chain(identity(parted, inside), unfolded(inside, unit), identity(mul(tr(v), unit.conclusion[2], v), mul(tr(v), v)))
        x, y = norm(v, "2"), norm(z, "2")
        square = linear("le", prod(x, x), prod(y, y), (-1, unfolded(norm(parted, "2"), gram)), use("NORM_GRAM", A=z),
                        (-1, use("NORM_GRAM", A=v)))
        return use("SQUARE_LE", use("NORM_NONNEG", A=z, p="2"), square)

    return first_of(partial(by, t) for t in s.known if t.conclusion[0] == "eq" and t.conclusion[2][0] == "identity")


#  c ||B v|| <= ||A B v||    d ||v|| <= ||B v||    0 <= c
# --------------------------------------------------------
#                 c d ||v|| <= ||A B v||
def _product(s: Search, kind: str, a: Term, v: Term, wanted: Term) -> Theorem:
    first, rest = a[2], mul(*a[3:])
    inner = low(s, kind, rest, v, wanted)
    outer = low(s, kind, first, mul(rest, v), wanted)
    c, d = (product([f for f in factors(t.conclusion[1]) if f != norm(x, kind)]) for t, x in ((outer, mul(rest, v)), (inner, v)))
    same_column = unfolded(norm(mul(first, mul(rest, v)), kind), identity(mul(first, mul(rest, v)), mul(a, v)))
    return linear("le", prod(c, d, norm(v, kind)), same_column.conclusion[2], (c, inner), outer, same_column, known=s.positive)


#  0 <= c <= u
# -------------------------
#  c ||v|| <= ||diag(u) v||
def _diagonal(s: Search, kind: str, a: Term, v: Term, wanted: Term) -> Theorem:
    u = a[2]
    squared = next((t for t in s.ranges(u) if t.conclusion[1] == had(u, u)), None)
    if squared is not None:                                  # c <= |u| is supposed
        c = squared.conclusion[2][1]
        return use("COLUMN_LOW", s.nonnegative(c), squared, v=v, p=kind)
    inside = within(u, s.ranges(u))
    return column_low(s.nonnegative(inside.conclusion[2]), inside, v, kind)


def _identity(s: Search, kind: str, a: Term, v: Term, wanted: Term) -> Theorem:
    return linear("le", norm(v, kind), norm(mul(a, v), kind), (-1, unfolded(norm(mul(a, v), kind), identity(mul(a, v), v))))


def _transposed(s: Search, kind: str, a: Term, v: Term, wanted: Term) -> Theorem:
    """Of a product: the transposes in the other order."""
    turned = _turned(a[2])
    found = low(s, kind, turned, v, wanted)
    return rewritten(unfolded(mul(turned, v), symmetric(identity(a, turned))), found)


def _turned(a: Term) -> Term:
    match a[0]:
        case "product":
            _, _, bound, first, last, direction, body = a
            return (ascending if direction == -1 else descending)(bound, first, last, tr(body))
        case "matmul":
            return mul(*map(tr, reversed(a[2:])))
        case "transpose":
            return a[2]
        case "diag":
            return a
    raise ProofError("a transpose that is no other product")


#  r ||u|| <= ||F[k] u|| for every u
# ----------------------------------------
#  r^(h - l + 1) ||v|| <= ||F[h] ... F[l] v||
def _over_time(s: Search, kind: str, a: Term, v: Term, wanted: Term) -> Theorem:
    f, size = Factors.of(a), norm(v, kind)
    count = f.count(a[4])
    def by(rates: Rates) -> Theorem:
        return kept(a, v, kind, rates, partial(_above, s, kind), partial(_positive, s))

    numbers = next((x[1] for x in factors(wanted) if x[0] == "entry" and x[1][0] == "product"), None)
    if numbers is not None:
        return by(Rates.numbers(f, numbers))
    bases = [p[1] for p in factors(wanted) if p[0] == "^" and p[2] == count]
    if not bases:
        bound = by(Rates.powers(f, ONE))
        return linear("le", size, bound.conclusion[2], bound, (prod(-1, size), use("POW_ONE", k=count)))
    grouped = merged(bases, count)
    bound = by(Rates.powers(f, grouped.conclusion[1][1]))
    return linear("le", prod(grouped.conclusion[2], size), bound.conclusion[2], bound, (prod(-1, size), grouped))


def _above(s: Search, kind: str, f: Term, u: Term, rate: Term) -> Theorem:
    """rate ||u|| <= ||F u||."""
    bound = low(s, kind, f, u, rate)
    size = norm(u, kind)
    c = product([x for x in factors(bound.conclusion[1]) if x != size])
    return linear("le", prod(rate, size), bound.conclusion[2], (size, s.at_most(rate, c)), bound)


#  r^k <= ||P[k]||    1 < r
# --------------------------- INF_POW, INF_LE
#        ||P[k]|| -> oo
def grows_steadily(x: Term, index: str, s: Search) -> Theorem:
    """x -> infinity with the index, x the norm of a product of which each factor multiplies by at least r."""
    e = x[2] if x[0] == "norm" else x
    over = e[2] if e[0] == "transpose" else e
    if over[0] != "product" or dict(over[4].terms).get(index) != 1 or index in dict(over[3].terms):
        raise ProofError("no product over time that grows with the index")
    f = Factors.of(over)
    until = combine(combine(f.start, variable(STEPS)), substitute(over[4], {index: constant(0)}), -1)
    moved, rate = instance(x, {index: until}), _rate(s, x[1], e, f)

    def below(enough: Theorem) -> Theorem:
        bound = of_matrix(s, moved, power(rate, STEPS))
        return linear("le", power(rate, STEPS), moved, bound)

    return use("INF_LE", for_all(STEPS, (at_least(STEPS, 0),), below), use("INF_POW", s.below(ONE, rate)))


def _rate(s: Search, kind: str, e: Term, f: Factors) -> Term:
    """What each factor multiplies by at least."""
    u = named(f"{UNIT}{kind}", e[1][1])
    bound = low(s, kind, tr(f.body) if e[0] == "transpose" else f.body, u, ONE)
    return product([x for x in factors(bound.conclusion[1]) if x != norm(u, kind)])


BY_FORM: dict[str, tuple[Low, ...]] = {
    "matmul":    (_product,),
    "diag":      (_diagonal,),
    "identity":  (_identity,),
    "transpose": (_transposed,),
    "product":   (_over_time,),
}
