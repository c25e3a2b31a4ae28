"""What the numbers and properties of a matrix are, as the kernel is told, and what it proves of them at once.

The spectral radius and the Frobenius norm are names to the kernel; they stand there with what defines them.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import starmap

from lstm_sym.documents.norms.entries import within
from lstm_sym.documents.norms.places import dimension
from lstm_sym.documents.norms.reals import PLAIN, Fact, Hypothesis, Measure, parts
from lstm_sym.documents.norms.terms import frozen, term
from lstm_sym.errors import ProofError
from lstm_sym.expr.nodes import Node
from lstm_sym.proof.arithmetic import value
from lstm_sym.proof.kernel import Theorem, assume, discharge, modus_ponens
from lstm_sym.proof.statements import Term, canonical
from lstm_sym.proof.syntax import (
    absolute,
    entry,
    eq,
    eye,
    had,
    implies,
    le,
    mul,
    named,
    norm,
    ones,
    power,
    prod,
    radius,
    same,
    tr,
)
from lstm_sym.proof.syntax import within as between
from lstm_sym.proof.tactics import chain, identity, linear, rewritten, symmetric, unfolded, use


def meanings(claim: tuple[Hypothesis, ...], kind: str) -> list[Term]:
    """What is true of the numbers that occur: rho bounds every eigenvalue, the square of ||A||_F is the sum of the squares."""
    measures = [p for x in claim for p in parts(x) if isinstance(p, Measure) and isinstance(p.of, Node)]
    found = dict.fromkeys((*measures, *(Measure("radius", p.of) for p in measures if p.kind == "det")))
    known = ((p, MEANINGS.get(kind if p.kind == PLAIN else p.kind)) for p in found)
    det = ((frozen(p.of), term(Measure("radius", p.of), kind), term(p, kind)) for p in found if p.kind == "det")
    of_det = starmap(_at_most_product, det)
    return [*(s for p, meaning in known if meaning is not None for s in meaning(frozen(p.of), term(p, kind))), *of_det]


MEANINGS: dict[str, Callable[[Term, Term], list[Term]]] = {
    "radius":  lambda a, x: [radius(a, x), le(0, x), _least(a, x)],
    "largest": lambda a, x: [_least(a, x)],
    "least":   lambda a, x: [le(0, x), *_attained(a, x)],
    "F":       lambda a, x: [le(0, x), same(prod(x, x), _squares(a))],
    "entries": lambda v, x: [implies(between(v, -1, 1), le(absolute(x), 1))],
}


def _at_most_product(a: Term, rho: Term, d: Term) -> Term:
    """|det A| <= rho^n, by DET_RADIUS."""
    n = a[1][0]
    return le(absolute(d), power(rho, dimension(n, [name for name, _ in n.terms])))


def _least(a: Term, x: Term) -> Term:
    """x is at most the norm if every eigenvalue is: x is an eigenvalue, or the modulus of one."""
    return implies(radius(a, norm(a, "2")), le(x, norm(a, "2")))


def _attained(a: Term, x: Term) -> list[Term]:
    """||A v|| is the smallest singular value of A for some v of length 1."""
    v = named(f"v of {x[1]}", a[1][1]) if x[2] == () else None
    return [] if v is None else [same(norm(v, "2"), 1), same(norm(mul(a, v), "2"), x)]


def least(claim: tuple[Hypothesis, ...], kind: str) -> Iterator[tuple[Term, Term]]:
    """The square matrices whose smallest singular value occurs, with it; the transpose has the same one."""
    found = dict.fromkeys(p for x in claim for p in parts(x) if isinstance(p, Measure) and p.kind == "least")
    for p in found:
        if isinstance(p.of, Node) and p.of.shape[0] == p.of.shape[1]:
            a, x = frozen(p.of), term(p, kind)
            yield from ((a, x), (canonical(tr(a)), x))


def _squares(a: Term) -> Term:
    """1'(A o A) 1."""
    return entry(mul(ones(1, a[1][0]), had(a, a), ones(a[1][1])))


def property_of(fact: Fact) -> Term:
    """W' = W, W'W = WW', W'W = I or WW' = I."""
    w = frozen(fact.of)
    if fact.kind == "orthogonal":
        return eq(w, eye(w[1][0]))
    return eq(tr(w), w) if fact.kind == "symmetric" else eq(mul(tr(w), w), mul(w, tr(w)))


def consequences(assumed: list[Theorem]) -> list[Theorem]:
    """What follows at once from assumptions of these forms."""
    found: list[Theorem] = []
    for t, rule in ((t, rule) for t in assumed for holds, rule in CONSEQUENCES if holds(t.conclusion)):
        with suppress(ProofError):                           # of a column whose range is not known
            found.append(rule(t))
    large = [t for t in assumed if t.conclusion[0] == "lt" and (value(t.conclusion[1]) or 0) >= 1]
    of_det = [t for t in assumed if t.conclusion[0] == "le" and t.conclusion[1][0] == "abs" and t.conclusion[2][0] == "^"]
    return [*found, *(d for t in large for p in of_det for d in _large_radius(p, t))]


#  |det| <= rho^n    rho <= 1 -> rho^n <= 1    1 < |det|
# ------------------------------------------------------- CONTRAPOSITIVE
#                        1 < rho
def _large_radius(of_det: Theorem, large: Theorem) -> Iterator[Theorem]:
    """|det| is the product of the moduli of the eigenvalues, so that it is at most 1 if they are."""
    _, size, (_, rho, n) = of_det.conclusion
    few = le(rho, 1)
    with suppress(ProofError):
        small = linear("le", size, 1, of_det, use("POW_LE_ONE", assume(le(0, rho)), assume(few), k=n))
        least = linear("lt", 1, size, large, *([] if large.conclusion[2] == size else [use("LE_ABS", x=size[1])]))
        yield use("CONTRAPOSITIVE", discharge(few, small), least)


#  every |lambda| <= ||W||_2
# --------------------------- RADIUS_NORM
#      rho <= ||W||_2
def _radius_at_most_norm(least: Theorem) -> Theorem:
    return modus_ponens(least, use("RADIUS_NORM", S=least.conclusion[1][1]))


#  ||A||_2^2 <= the sum of the squares = x x    0 <= x
# ----------------------------------------------------- SQUARE_LE
#                   ||A||_2 <= x
def _norm_at_most_frobenius(squared: Theorem) -> Theorem:
    (_, x, _), squares = squared.conclusion[1:]
    a = squares[1][3][2][2]
    size = norm(a, "2")
    enough = linear("le", prod(size, size), prod(x, x), use("NORM_FROBENIUS", A=a), (-1, squared))
    return use("SQUARE_LE", assume(le(0, x)), enough)


#  -1 <= v <= 1
# ---------------------------------
#  |the product of the entries| <= 1
def _small_product(least: Theorem) -> Theorem:
    v = least.conclusion[1][1]
    inside = within(v)
    ends = (linear("le", -1, inside.conclusion[2]), linear("le", inside.conclusion[3], 1))
    return modus_ponens(least, use("WITHIN_WIDEN", *ends, inside))


#  W' = W
# -----------
#  W'W = WW'
def _normal(symmetry: Theorem) -> Theorem:
    w = symmetry.conclusion[2]
    return chain(unfolded(mul(tr(w), w), symmetry), symmetric(unfolded(mul(w, tr(w)), symmetry)))


#  ||W||^2 = ||W'W|| = ||I|| <= 1
# -------------------------------- SQUARE_LE
#            ||W|| <= 1
def _orthogonal(unit: Theorem) -> Theorem:
    _, product, one = unit.conclusion
    w = product[3]
    size, gram = norm(w, "2"), mul(tr(w), w)
    same_product = chain(identity(gram, product), unit)
    squared = linear("le", prod(size, size), prod(1, 1), (-1, use("NORM_GRAM", A=w)),
                     unfolded(norm(gram, "2"), same_product), use("NORM_EYE", n=one[1][0], p="2"))
    small = use("SQUARE_LE", linear("le", 0, 1), squared)
    return rewritten(use("NORM_TRANSPOSE", A=w[2]), small) if w[0] == "transpose" else small


CONSEQUENCES: tuple[tuple[Callable[[Term], bool], Callable[[Theorem], Theorem]], ...] = (
    (lambda p: p[0] == "imp" and p[1][0] == "radius", _radius_at_most_norm),
    (lambda p: p[0] == "imp" and p[1][0] == "within", _small_product),
    (lambda p: p[0] == "same" and p[2][0] == "entry" and p[1][0] == "*", _norm_at_most_frobenius),
    (lambda p: p[0] == "eq" and p[1][0] == "transpose", _normal),
    (lambda p: p[0] == "eq" and p[2][0] == "identity", _orthogonal),
)
