"""Vacuous truth: hypotheses that contradict each other prove everything, so a theorem with them says nothing.

Found are contradictions between the inequalities among the hypotheses (as linear ones, in whatever they are about), with
0 <= ||A|| and 0 <= |x| known, and empty ranges of indices.  The kernel proves the 0 < 0; not found does not mean possible.
"""
from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import is_empty
from lstm_sym.proof.arithmetic import Polynomial, difference, total
from lstm_sym.proof.kernel import Theorem, assume
from lstm_sym.proof.statements import Term, children
from lstm_sym.proof.tactics import linear, use

MOST = 400                                                   # combinations kept while eliminating
Row = tuple[Polynomial, bool, dict[int, Fraction]]           # 0 <= p, strictly?, from which facts with what multiplier


def contradiction(theorem: Theorem) -> Theorem | None:
    """hypotheses |- 0 < 0, if it is found."""
    facts = list(_facts(theorem.hypotheses))
    rows: list[Row] = []
    for n, fact in enumerate(facts):
        kind, a, b = fact.conclusion
        rows.append((difference(b, a), kind == "lt", {n: Fraction(1)}))
        if kind == "same":
            rows.append((difference(a, b), False, {n: Fraction(-1)}))
    multipliers = _combination(rows)
    if multipliers is None:
        return None
    try:
        return linear("lt", 0, 0, *((m, facts[n]) for n, m in multipliers.items()))
    except ProofError:
        return None


def is_vacuous(theorem: Theorem) -> bool:
    """Do the hypotheses contradict each other, as far as can be found?"""
    ranges = frozenset(h[1] for h in theorem.hypotheses if h[0] == "dom")
    return is_empty(ranges) or contradiction(theorem) is not None


def _facts(hypotheses: tuple[Term, ...]) -> Iterator[Theorem]:
    """Inequalities between reals among the hypotheses, and what is never negative in them."""
    inequalities = [h for h in hypotheses if h[0] in ("le", "lt", "same")]
    yield from map(assume, inequalities)
    for atom in dict.fromkeys(a for h in inequalities for a in _atoms(h)):
        yield use("NORM_NONNEG", A=atom[2], p=atom[1])


def _atoms(e: Term) -> Iterator[Term]:
    if e[0] == "norm":
        yield e
    else:
        for x in children(e):
            yield from _atoms(x)


def _combination(rows: list[Row]) -> dict[int, Fraction] | None:
    """Multipliers that make 0 < 0 or 0 <= -1: the monomials are eliminated one after the other (Fourier and Motzkin)."""
    while (found := next((r for r in rows if _is_absurd(r)), None)) is None:
        monomial = next((m for p, _, _ in rows for m in p if m), None)
        if monomial is None or len(rows) > MOST:
            return None
        low = [r for r in rows if r[0].get(monomial, 0) > 0]
        high = [r for r in rows if r[0].get(monomial, 0) < 0]
        rest = [r for r in rows if not r[0].get(monomial, 0)]
        rows = [*rest, *(_sum(a, b, -b[0][monomial], a[0][monomial]) for a in low for b in high)]
    return found[2]


def _is_absurd(row: Row) -> bool:
    p, strict, _ = row
    constant = p.get((), Fraction(0))
    return not set(p) - {()} and (constant < 0 or (strict and constant <= 0))


def _sum(a: Row, b: Row, x: Fraction, y: Fraction) -> Row:
    """x a + y b, both multipliers positive."""
    def scaled(p: Polynomial, c: Fraction) -> Polynomial: return {m: c * v for m, v in p.items()}
    used = {n: x * a[2].get(n, 0) + y * b[2].get(n, 0) for n in a[2] | b[2]}
    return total(scaled(a[0], x), scaled(b[0], y)), a[1] or b[1], {n: Fraction(v) for n, v in used.items() if v}
