"""Rules whose conclusion is computed: data -> (premises, conclusion), or ProofError.  Certificates are only checked.

IDENTITY   A = B, both sides written out entry by entry             LINEAR    y - x = sum of m (b - a), m >= 0, a <= b
DOMAIN     a condition on indices that follows from others          EVALUATE  an expression of tables of numbers
TABLE_...  the entries of a table and the range of its entries
POLYNOMIAL the range of a polynomial in the entries of A on a box, by a certificate
"""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import Affine, implies
from lstm_sym.proof.arithmetic import Polynomial, difference, polynomial, times, total, value
from lstm_sym.proof.expander import equal
from lstm_sym.proof.grammar import conditions
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import eq, le, lt, same, within

Checked: TypeAlias = tuple[tuple[Term, ...], Term]
Square: TypeAlias = tuple[Fraction, int, int, tuple[Fraction, ...]]     # c (y - low)^i (high - y)^j q(y)^2, q by coefficients


def identity(left: Term, right: Term) -> Checked:
    """A = B for all sizes >= 1 and all values."""
    if left[1] != right[1] or not equal(left, right):
        raise ProofError(f"not equal written out: {left} and {right}")
    return (), eq(left, right)


# y - x = slack + m_1 (b_1 - a_1) + ...   slack >= 0   0 <= m_k   a_k <= b_k
# -------------------------------------------------------------------------- LINEAR  (relation <=)
#                                x <= y
# With < the slack is positive or some number m_k > 0 has a_k < b_k; with = only equations are used, of any multiplier.
def linear(relation: str, x: Term, y: Term, *items: tuple[Term, Term]) -> Checked:
    """x <= y, x < y or x = y from statements (m, relation): each with its multiplier."""
    premises: list[Term] = []
    rest, strict = difference(y, x), False
    for m, (kind, a, b) in items:
        rest = total(rest, times({(): Fraction(-1)}, times(polynomial(m), difference(b, a))))
        premises.append((kind, a, b))
        number = value(m)
        if kind != "same":
            if relation == "same" or kind not in ("le", "lt") or (number is not None and number < 0):
                raise ProofError(f"{kind} with multiplier {m} does not give {relation}")
            premises += [le(0, m)] if number is None else []
            strict = strict or (kind == "lt" and number is not None and number > 0)
    slack = rest.get((), Fraction(0))
    if set(rest) - {()} or slack < 0 or (relation == "same" and slack) or (relation == "lt" and not slack and not strict):
        raise ProofError(f"{x} {relation} {y} does not follow: left over {rest}")
    return tuple(premises), RELATION[relation](x, y)


RELATION: dict[str, Callable[[Term, Term], Term]] = {"le": le, "lt": lt, "same": same}


def domain(form: Affine, *given: Affine) -> Checked:
    """form >= 0 over the integers, from conditions."""
    if not implies(frozenset(given), form):
        raise ProofError(f"{form} >= 0 does not follow from {', '.join(map(str, given))}")
    return conditions(*given), ("dom", form)


# --- tables -------------------------------------------------------------------------------------------------

def evaluate(left: Term, right: Term) -> Checked:
    """An expression of tables of numbers equals another, entry by entry."""
    a, b = entries(left), entries(right)
    if left[1] != right[1] or a != b:
        raise ProofError(f"entries differ: {a} and {b}")
    return (), eq(left, right)


def entries(e: Term) -> list[list[Polynomial]]:
    """The entries of an expression built from tables."""
    rows, columns = (range(_size(n)) for n in e[1])
    match e[0]:
        case "table":
            return [[polynomial(x) for x in row] for row in e[2]]
        case "ones" | "zeros":
            return [[polynomial(("num", Fraction(e[0] == "ones"))) for _ in columns] for _ in rows]
        case "identity":
            return [[polynomial(("num", Fraction(i == j))) for j in columns] for i in rows]
        case "transpose":
            below = entries(e[2])
            return [[below[j][i] for j in columns] for i in rows]
        case "diag":
            below = entries(e[2])
            return [[below[i][0] if i == j else {} for j in columns] for i in rows]
        case "add":
            parts = [entries(x) for x in e[2:]]
            return [[total(*(p[i][j] for p in parts)) for j in columns] for i in rows]
        case "matmul":
            result = entries(e[2])
            for x in e[3:]:
                right = entries(x)
                result = [[total(*(times(p, q[j]) for p, q in zip(row, right, strict=True)))
                           for j in range(len(right[0]))] for row in result]
            return result
        case "hadamard":
            factors = [entries(x) for x in e[2:]]
            return [[_product(f[i][j] if len(f) > i and len(f[0]) > j else f[0][0] for f in factors)
                     for j in columns] for i in rows]
        case "scale" if all(not powers for _, powers in e[2]):
            return [[times({(): sum((c for c, _ in e[2]), Fraction(0))}, x) for x in row] for row in entries(e[3])]
        case "function":
            return [[_at(e[2][0], x) for x in row] for row in entries(e[3])]
    raise ProofError(f"{e} is no expression of tables")


def table_entry(a: Term, low: Term, high: Term, i: int, j: int) -> Checked:
    """A_ij <= high for one entry of a table within low .. high."""
    if a[0] != "table":
        raise ProofError(f"{a} is no table")
    return (within(a, low, high),), le(a[2][i][j], high)


def table_within(a: Term, low: Term, high: Term) -> Checked:
    """low <= A <= high, from every entry of a table."""
    if a[0] != "table":
        raise ProofError(f"{a} is no table")
    return tuple(p for row in a[2] for x in row for p in (le(low, x), le(x, high))), within(a, low, high)


def _product(factors: Any) -> Polynomial:
    result: Polynomial = {(): Fraction(1)}
    for f in factors:
        result = times(result, f)
    return result


def _size(n: Affine) -> int:
    if n.terms:
        raise ProofError(f"a table has a size that is a number, not {n}")
    return n.constant


def _at(name: str, x: Polynomial) -> Polynomial:
    """f(x) where it is rational: x = 0, a rational number for relu and step, or +-ln r."""
    row = AT.get(name)
    result = row(x) if row else None
    if result is None:
        raise ProofError(f"{name} at {x} is not known to be rational")
    return {(): result} if result else {}


def _number(x: Polynomial) -> Fraction | None:
    return x.get((), Fraction(0)) if not set(x) - {()} else None


def _exp(x: Polynomial) -> Fraction | None:
    """e^x for x = 0 or +-ln r."""
    if not x:
        return Fraction(1)
    (monomial, c), *more = x.items()
    if more or len(monomial) != 1 or monomial[0][0] != "log" or abs(c) != 1:
        return None
    return Fraction(monomial[0][1]) ** int(c)


AT: dict[str, Callable[[Polynomial], Fraction | None]] = {
    "tanh":    lambda x: None if (e := _exp(x)) is None else (e * e - 1) / (e * e + 1),
    "sigmoid": lambda x: None if (e := _exp(x)) is None else e / (1 + e),
    "relu":    lambda x: None if (q := _number(x)) is None else max(q, Fraction(0)),
    "step":    lambda x: None if not (q := _number(x)) else Fraction(q > 0),
}


# --- ranges of polynomials ----------------------------------------------------------------------------------

#  low <= A_ij <= high     p(y) - bottom = sum c (y - low)^i (high - y)^j q(y)^2,  c >= 0     the same for top - p(y)
# ------------------------------------------------------------------------------------------------ POLYNOMIAL
#                                      bottom <= p(A_ij) <= top
def polynomial_range(a: Term, e: Term, box: tuple[Fraction, Fraction], ends: tuple[Fraction, Fraction],
                     lower: tuple[Square, ...], upper: tuple[Square, ...]) -> Checked:
    """The range of p(A), p elementwise with rational coefficients, on a box."""
    p = _in(a, e)
    for target, squares in ((_plus(p, [-ends[0]]), lower), (_plus([ends[1]], [-c for c in p]), upper)):
        if _trim(target) != _trim(_sum_of(squares, *box)):
            raise ProofError(f"the certificate does not sum to {target}")
    low, high = (("num", x) for x in box)
    return (within(a, low, high),), within(e, ("num", ends[0]), ("num", ends[1]))


def _in(a: Term, e: Term) -> list[Fraction]:
    """The coefficients of e as an elementwise polynomial in the entries of a."""
    if e == a:
        return [Fraction(0), Fraction(1)]
    match e[0]:
        case "ones":
            return [Fraction(1)]
        case "add":
            return _plus(*(_in(a, x) for x in e[2:]))
        case "hadamard" if all(x[1] == e[1] for x in e[2:]):
            return _times(*(_in(a, x) for x in e[2:]))
        case "scale" if all(not powers for _, powers in e[2]):
            return [sum((c for c, _ in e[2]), Fraction(0)) * c for c in _in(a, e[3])]
    raise ProofError(f"{e} is no polynomial in {a}")


def _plus(*parts: list[Fraction]) -> list[Fraction]:
    return [sum((p[n] for p in parts if n < len(p)), Fraction(0)) for n in range(max(map(len, parts)))]


def _times(*parts: list[Fraction]) -> list[Fraction]:
    result = [Fraction(1)]
    for p in parts:
        result = [sum((result[i] * p[n - i] for i in range(len(result)) if 0 <= n - i < len(p)), Fraction(0))
                  for n in range(len(result) + len(p) - 1)]
    return result


def _sum_of(squares: tuple[Square, ...], low: Fraction, high: Fraction) -> list[Fraction]:
    if any(c < 0 or i < 0 or j < 0 for c, i, j, _ in squares):
        raise ProofError("a certificate has a negative coefficient or exponent")
    parts = [_times([c], *[[-low, Fraction(1)]] * i, *[[high, Fraction(-1)]] * j, list(q), list(q)) for c, i, j, q in squares]
    return _plus([Fraction(0)], *parts)


def _trim(p: list[Fraction]) -> tuple[Fraction, ...]:
    while p and not p[-1]:
        p = p[:-1]
    return tuple(p)


CHECKS: dict[str, Callable[..., Checked]] = {
    "IDENTITY":   identity,
    "LINEAR":     linear,
    "DOMAIN":     domain,
    "EVALUATE":   evaluate,
    "POLYNOMIAL": polynomial_range,
    "TABLE_ENTRY": table_entry,
    "TABLE_WITHIN": table_within,
}
