"""rho(A) is the modulus of an eigenvalue: rho(A)^k <= ||A^k||, and the powers of A grow without bound where it is above 1."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial

from lstm_sym.documents.norms.over_time import Factors
from lstm_sym.documents.norms.reals import Hypothesis, Measure, parts
from lstm_sym.documents.norms.search import ONE, Search, first_of
from lstm_sym.documents.norms.terms import frozen, term
from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import combine, constant, substitute, variable
from lstm_sym.expr.nodes import Node
from lstm_sym.proof.kernel import Theorem, assume
from lstm_sym.proof.kernel import substitute as instance_of
from lstm_sym.proof.statements import Substitution, Term
from lstm_sym.proof.syntax import at_least, descending, named, norm, tr
from lstm_sym.proof.tactics import at, for_all, identity, instance, linear, transitive, unfolded, use
from lstm_sym.proof.theory.linear_net import powers_are_large

STEPS = "k"                                 # how many steps there are


def powers(claim: tuple[Hypothesis, ...], kind: str) -> Iterator[tuple[Term, Theorem]]:
    """Each A whose spectral radius occurs, and for all k: rho(A)^k <= ||A^k||; supposed is an eigenvector of length 1."""
    found = dict.fromkeys(replace(p, kind="radius") for x in claim for p in parts(x)
                          if isinstance(p, Measure) and p.kind in ("radius", "det"))
    for p in found:
        if isinstance(p.of, Node) and (rho := term(p, kind))[2] == ():
            a = frozen(p.of)
            here = Substitution({"n": a[1][0]}, {"W": ((), a), "rho": ((), rho), **_eigenvector(rho, a)})
            yield a, instance_of(_general(), here)


@cache
def _general() -> Theorem:
    return powers_are_large()


def _eigenvector(rho: Term, a: Term) -> dict[str, tuple[tuple[str, ...], Term]]:
    """Names of its own for each matrix."""
    sizes = {"alpha": constant(1), "beta": constant(1), "u": a[1][0], "v": a[1][0]}
    return {letter: ((), named(f"{letter} of {rho[1]}", size)) for letter, size in sizes.items()}


#  rho^k <= ||A^k||    ||A^k|| = x
# ----------------------------------
#            rho^k <= x
def of_power(s: Search, x: Term, y: Term) -> Theorem:
    """rho(A)^k <= ||A^k||_2 in whatever form the power is written."""
    if x[0] != "^" or y[0] != "norm" or y[1] != "2":
        raise ProofError("no power below a spectral norm")
    def by(a: Term, bound: Theorem) -> Theorem:
        here = at(bound, x[2], given=(assume(("dom", x[2])),))
        if here.conclusion[1] != x:
            raise ProofError("a power of another number")
        return linear("le", x, y, here, _written(here.conclusion[2], y))

    return first_of(partial(by, *pair) for pair in s.powers)


#  1 <= rho
# --------------- POW_GE_ONE
#  1 <= ||A^k||
def stays(x: Term, s: Search) -> Theorem:
    """1 <= x, x the norm of a product of the same matrix or of its transpose."""
    if x[0] != "norm" or x[2][0] != "product":
        raise ProofError("no product over time")
    count = Factors.of(x[2]).count(x[2][4])

    def by(a: Term, bound: Theorem) -> Theorem:
        rho = at(bound, count, given=(assume(("dom", count)),)).conclusion[1]
        return transitive(use("POW_GE_ONE", s.at_most(ONE, rho[1]), k=count), of_power(s, rho, x))

    return first_of(partial(by, *pair) for pair in s.powers)


def _written(power: Term, y: Term) -> Theorem:
    """||A^k||_2 = ||B||_2 where B is A^k or its transpose."""
    p, e = power[2], y[2]
    def directly() -> Theorem: return linear("same", power, y, unfolded(power, identity(p, e)))
    def turned() -> Theorem:
        return linear("same", power, y, (-1, use("NORM_TRANSPOSE", A=p)), unfolded(norm(tr(p), "2"), identity(tr(p), e)))
    return first_of((directly, turned))


#  1 < rho(A)
# --------------- INF_POW, INF_LE
#  ||A^k|| -> oo
def grows(x: Term, index: str, s: Search) -> Theorem:
    """x -> infinity with the index, x the norm of a product of the same matrix or of its transpose."""
    if x[0] != "norm" or x[1] != "2" or x[2][0] != "product" or dict(x[2][4].terms).get(index) != 1:
        raise ProofError("no product over time that grows with the index")
    e = x[2]
    steps = combine(Factors.of(e).start, variable(STEPS))
    moved = instance(x, {index: combine(steps, substitute(e[4], {index: constant(0)}), -1)})

    def by(a: Term, bound: Theorem) -> Theorem:
        y = norm(descending("l", 1, STEPS, a), "2")
        rho = at(bound, STEPS, given=(assume(at_least(STEPS, 0)),)).conclusion[1][1]
        same = _written(y, moved)
        below: Callable[[Theorem], Theorem] = lambda low: transitive(at(bound, STEPS, given=(low,)), linear("le", y, moved, same))
        return use("INF_LE", for_all(STEPS, (at_least(STEPS, 0),), below), use("INF_POW", s.below(ONE, rho)))

    return first_of(partial(by, *pair) for pair in s.powers)
