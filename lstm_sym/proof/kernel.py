"""The only text that makes a Theorem: hypotheses |- conclusion, with the rule and the premises it came from.

Natural deduction, induction over the integers upward and downward, equals for equals, and `apply(rule)`.  Free names are
any matrices, reals, sizes and times, so a theorem holds for every substitution of them.
Errors: ProofError wherever a rule does not apply.
"""
from __future__ import annotations

from dataclasses import InitVar, dataclass, field
from typing import Any

from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import Affine, minus, variable
from lstm_sym.proof.checks import CHECKS
from lstm_sym.proof.grammar import admissible, exact, names, statement, well_formed
from lstm_sym.proof.rules import RULES
from lstm_sym.proof.statements import Substitution, Term, along_curves, bind, canonical, indices, renamed, substituted
from lstm_sym.proof.syntax import every, shift

_SEAL = object()


@dataclass(frozen=True, slots=True, eq=False)
class Theorem:
    """hypotheses |- conclusion.  Made here and nowhere else; `recheck` reads rule, data and premises again."""

    hypotheses: tuple[Term, ...]
    conclusion: Term
    rule: str
    data: tuple[Any, ...] = field(default=(), repr=False)
    premises: tuple[Theorem, ...] = field(default=(), repr=False)
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise ProofError("a theorem comes from a rule of the kernel")
        names(("and", *self.hypotheses, self.conclusion))               # one shape a name in the whole sequent

    def __reduce__(self) -> Any:
        raise ProofError("a theorem is not copied and not read from a file: it is proved again")


def _theorem(conclusion: Term, rule: str, data: tuple[Any, ...], *premises: Theorem, without: Term | None = None) -> Theorem:
    hypotheses = dict.fromkeys(h for p in premises for h in p.hypotheses if h != without)
    return Theorem(tuple(hypotheses), conclusion, rule, data, premises, _SEAL)


def _statement(p: Term) -> Term:
    statement(p)
    return canonical(p)


#  ------ ASSUME
#  p |- p
def assume(p: Term) -> Theorem:
    """p |- p."""
    p = _statement(p)
    return Theorem((p,), p, "ASSUME", (p,), (), _SEAL)


#  G, p |- q
#  ------------- DISCHARGE
#  G |- p -> q
def discharge(p: Term, theorem: Theorem) -> Theorem:
    """p moves from the hypotheses to the conclusion."""
    p = _statement(p)
    return _theorem(("imp", p, theorem.conclusion), "DISCHARGE", (p,), theorem, without=p)


#  G |- p -> q    H |- p
#  ---------------------- MODUS_PONENS
#  G, H |- q
def modus_ponens(implication: Theorem, theorem: Theorem) -> Theorem:
    """q from p -> q and p."""
    if implication.conclusion[0] != "imp" or implication.conclusion[1] != theorem.conclusion:
        raise ProofError(f"{theorem.conclusion} is not what {implication.conclusion} asks for")
    return _theorem(implication.conclusion[2], "MODUS_PONENS", (), implication, theorem)


#  G |- p
#  ------------------ GENERALISE  (k not free in G)
#  G |- for all k. p
def generalise(index: str, theorem: Theorem) -> Theorem:
    """p for all integers k."""
    exact(variable(index))
    if any(index in indices(h) for h in theorem.hypotheses) or index in indices(theorem.conclusion, "sc"):
        raise ProofError(f"{index} is free in a hypothesis or a size, so it is not any integer")
    return _theorem(bind(("all", index, theorem.conclusion), index), "GENERALISE", (index,), theorem)


#  G |- for all k. p
#  ------------------ SPECIALISE
#  G |- p[k := form]
def specialise(theorem: Theorem, form: Affine) -> Theorem:
    """p at one integer."""
    exact(form)
    if theorem.conclusion[0] != "all":
        raise ProofError(f"{theorem.conclusion} is not about all integers")
    opened = renamed(theorem.conclusion[2], theorem.conclusion[1], "!")
    return _theorem(substituted(opened, Substitution({"!": form})), "SPECIALISE", (form,), theorem)


#  G |- p
#  ------------ SUBSTITUTE  (any matrices, reals, sizes, times for the free names)
#  G[s] |- p[s]
def substitute(theorem: Theorem, s: Substitution) -> Theorem:
    """An instance of a theorem."""
    admissible(s, ("and", *theorem.hypotheses, theorem.conclusion))
    hypotheses = tuple(dict.fromkeys(substituted(h, s) for h in theorem.hypotheses))
    return Theorem(hypotheses, substituted(theorem.conclusion, s), "SUBSTITUTE", (s,), (theorem,), _SEAL)


#  G_1 |- p_1[s]  ...        p_1, ... |- q is a row of RULES
#  ---------------------------------------------------------- APPLY
#  G_1, ... |- q[s]
def apply(name: str, s: Substitution, *premises: Theorem) -> Theorem:
    """A row of the table of rules, for a substitution of its letters."""
    row = RULES[name]
    admissible(s, ("and", *row.premises, row.conclusion))
    _meet([substituted(p, s) for p in row.premises], premises, name)
    return _theorem(substituted(row.conclusion, s), name, (s,), *premises)


#  G_1 |- p_1  ...           checks.py computes p_1, ... and q from the data
#  ------------------------------------------------------------------------- COMPUTE
#  G_1, ... |- q
def compute(name: str, data: tuple[Any, ...], *premises: Theorem) -> Theorem:
    """A computed rule; its certificate stands in `data`."""
    for x in data:
        exact(x)
    expected, conclusion = CHECKS[name](*data)
    well_formed(conclusion)
    _meet(expected, premises, name)
    return _theorem(canonical(conclusion), name, data, *premises)


def _meet(expected: Any, premises: tuple[Theorem, ...], name: str) -> None:
    wanted, got = [canonical(p) for p in expected], [p.conclusion for p in premises]
    if wanted != got:
        missing = next((w for n, w in enumerate(wanted) if n >= len(got) or got[n] != w), "no further premise")
        raise ProofError(f"{name} asks for {missing}; got {got}")


#  G |- A = B    H |- p[z := A]
#  ----------------------------- REWRITE
#  G, H |- p[z := B]
def rewrite(equation: Theorem, theorem: Theorem, pattern: Term, hole: str) -> Theorem:
    """Equals for equals at the places where `hole` stands in the pattern."""
    if equation.conclusion[0] not in ("eq", "same"):
        raise ProofError(f"{equation.conclusion} is no equation")
    pattern = _statement(pattern)
    if any(hole in (n for _, n in names(x)) for x in along_curves(pattern)):
        raise ProofError("an equation at one point does not rewrite a curve: use D_EQUAL")
    before, behind = (substituted(pattern, Substitution(terms={hole: ((), side)})) for side in equation.conclusion[1:])
    if before != theorem.conclusion:
        raise ProofError(f"the pattern with {equation.conclusion[1]} is {before}, not {theorem.conclusion}")
    return _theorem(behind, "REWRITE", (pattern, hole), equation, theorem)


#  G |- p     H |- q                  G |- p and q
#  ------------------ CONJOIN         ------------- PART
#  G, H |- p and q                    G |- p
def conjoin(*theorems: Theorem) -> Theorem:
    """All of the statements."""
    return _theorem(("and", *(t.conclusion for t in theorems)), "CONJOIN", (), *theorems)


def part(theorem: Theorem, place: int) -> Theorem:
    """One of the statements, counted from 0."""
    if theorem.conclusion[0] != "and" or not 0 <= place < len(theorem.conclusion) - 1:
        raise ProofError(f"{theorem.conclusion} has no part {place}")
    return _theorem(theorem.conclusion[place + 1], "PART", (place,), theorem)


#  G |- p(low)     H |- for all k >= low with k + 1 <= high. p(k) -> p(k + 1)
#  --------------------------------------------------------------------------- UP
#  G, H |- for all k. low <= k -> k <= high -> p(k)
#  G |- p(high)    H |- for all k < high with low <= k. p(k + 1) -> p(k)
#  --------------------------------------------------------------------------- DOWN
#  G, H |- for all k. low <= k -> k <= high -> p(k)
def induction(direction: int, index: str, low: Affine, high: Affine, claim: Term, base: Theorem, step: Theorem) -> Theorem:
    """p(k) for low <= k <= high: true at one end (+1 from low upward, -1 from high downward) and passed on."""
    k, claim = variable(index), _statement(claim)
    exact((k, low, high))
    if index in indices(claim, "sc") or direction not in (1, -1) or any(index == s for s, _ in low.terms + high.terms):
        raise ProofError("induction goes upward (+1) or downward (-1), between ends that do not move")
    def here(form: Any) -> Any: return substituted(claim, Substitution({index: form}))                          # p(form)
    known, new = (k, shift(k, 1)) if direction == 1 else (shift(k, 1), k)
    inside = ("dom", minus(k, low)), ("dom", minus(high, shift(k, 1)))
    wanted = here(low if direction == 1 else high), every(index, *inside, here(known), here(new))
    if (base.conclusion, step.conclusion) != wanted:
        raise ProofError(f"induction asks for {wanted}; got {(base.conclusion, step.conclusion)}")
    conclusion = every(index, ("dom", minus(k, low)), ("dom", minus(high, k)), claim)
    return _theorem(conclusion, "UP" if direction == 1 else "DOWN", (index, low, high, claim), base, step)

