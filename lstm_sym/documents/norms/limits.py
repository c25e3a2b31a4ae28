"""||F[k] ... F[1]|| -> 0: squeezed under a power of a number below 1, or by the eigenvalues where every factor is the same."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lstm_sym.documents.norms.over_time import Factors, geometric
from lstm_sym.documents.norms.search import ONE, Search, first_of
from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import combine, constant, substitute, variable
from lstm_sym.proof.arithmetic import value
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import at_least, descending, norm, prod, tr
from lstm_sym.proof.tactics import cut, for_all, identity, instance, linear, unfolded, use

STEPS = "k"                                 # how many steps there are


def tends_to_zero(x: Term, index: str, s: Search) -> Theorem:
    """x -> 0 as `index` -> infinity.  Errors: ProofError where it is not found."""
    if x[0] == "^":
        return _power(x, index, s)
    if x[0] != "norm":
        raise ProofError("of sequences only norms and powers are proved to tend to 0")
    product = x[2][2] if x[2][0] == "transpose" else x[2]
    if product[0] != "product" or dict(product[4].terms).get(index) != 1 or any(n == index for n, _ in product[3].terms):
        raise ProofError("no product over time that grows with the index")
    steps = combine(Factors.of(product).start, variable(STEPS))
    moved = instance(x, {index: combine(steps, substitute(product[4], {index: constant(0)}), -1)})
    return first_of([lambda: _squeezed(moved, s), lambda: _linear(moved, s)])


#  0 <= r < 1
# ------------ LIM_POW
#  r^k -> 0
def _power(x: Term, index: str, s: Search) -> Theorem:
    if x[2] != variable(index):
        raise ProofError("no power of the index")
    return use("LIM_POW", s.nonnegative(x[1]), s.below(x[1], ONE))


#  ||P[k]|| <= r^k    r < 1
# -------------------------- LIM_SQUEEZE
#       ||P[k]|| -> 0
def _squeezed(x: Term, s: Search) -> Theorem:
    kind, product = x[1:]
    if product[0] == "transpose" and kind == "2":
        same = use("NORM_TRANSPOSE", A=product[2])
        return _below(x, _squeezed(same.conclusion[2], s), lambda low: linear("le", x, same.conclusion[2], same))

    def under(rate: Term) -> Theorem:
        bound = geometric(product, kind, rate, lambda f: s.at_most(norm(f, kind), rate), (*s.positive, s.nonnegative(rate)))
        small = use("LIM_POW", s.nonnegative(rate), s.below(rate, ONE))
        return _below(x, small, lambda low: cut(bound, low))

    return first_of(partial(under, r) for r in rates(s, product))


def _below(x: Term, small: Theorem, bound: Callable[[Theorem], Theorem]) -> Theorem:
    """x -> 0 from 0 <= x <= y -> 0, `bound` the proof of x <= y."""
    conditions = (at_least(STEPS, 0),)
    positive = for_all(STEPS, conditions, lambda low: use("NORM_NONNEG", A=x[2], p=x[1]))
    return use("LIM_SQUEEZE", positive, for_all(STEPS, conditions, bound), small)


def rates(s: Search, product: Term) -> list[Term]:
    """Numbers that are supposed to be below 1: a / c from a < c."""
    found = []
    for t in s.facts(product):
        kind, a, b = t.conclusion
        c = value(b)
        if kind in ("lt", "le") and c is not None and c > 0:
            found.append(a if c == 1 else prod(1 / c, a))
    return found


#  |lambda| <= x < 1
# ------------------- GELFAND
#     W^k -> 0
def _linear(x: Term, s: Search) -> Theorem:
    found = [t for t in s.known if t.conclusion[0] == "radius"]
    return first_of(partial(way, x, t, s) for t in found for way in (_as_power, _as_transposed))


def _as_power(x: Term, eigenvalues: Theorem, s: Search) -> Theorem:
    """The factors are W."""
    kind, e = x[1:]
    same = identity(e, descending("l", 1, STEPS, eigenvalues.conclusion[1]))
    powers = use("GELFAND", eigenvalues, s.below(eigenvalues.conclusion[2], ONE), p=kind)
    y = norm(same.conclusion[2], kind)
    return _below(x, powers, lambda low: linear("le", x, y, unfolded(x, same)))


def _as_transposed(x: Term, eigenvalues: Theorem, s: Search) -> Theorem:
    """The factors are W', and the spectral norm does not see it."""
    kind, e = x[1:]
    if kind != "2":
        raise ProofError("a transpose has another norm")
    power_ = descending("l", 1, STEPS, eigenvalues.conclusion[1])
    same, turned = identity(e, tr(power_)), use("NORM_TRANSPOSE", A=power_)
    powers = use("GELFAND", eigenvalues, s.below(eigenvalues.conclusion[2], ONE), p=kind)
    return _below(x, powers, lambda low: linear("le", x, norm(power_, kind), unfolded(x, same), turned))
