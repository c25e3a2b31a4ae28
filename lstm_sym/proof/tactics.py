"""Tactics: they search and guess, and can only call the kernel.  What they get wrong the kernel refuses."""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import Affine, combine, constant, minus, variable
from lstm_sym.proof.arithmetic import value
from lstm_sym.proof.grammar import names
from lstm_sym.proof.kernel import (
    Theorem,
    apply,
    assume,
    compute,
    discharge,
    generalise,
    induction,
    modus_ponens,
    rewrite,
    specialise,
)
from lstm_sym.proof.kernel import substitute as kernel_substitute
from lstm_sym.proof.matching import Letters, match, shape_letters
from lstm_sym.proof.rules import RULES
from lstm_sym.proof.statements import SIGNATURE, Substitution, Term, substituted
from lstm_sym.proof.syntax import Index, index, le, named, neg, real


def use(name: str, *premises: Theorem, goal: Term | None = None, **letters: Any) -> Theorem:
    """The row `name` for these premises; letters are found by matching the premises, the goal, then as given.

    letters: a term for a matrix or a real, (parameters, term) for a family, a form or its name for an index, p for the norm.
    """
    row = RULES[name]
    found: Letters = {}
    given = names(("and", *row.premises, row.conclusion))
    for letter, body in letters.items():
        is_term = ("named", letter) in given or ("real", letter) in given
        if is_term and not (isinstance(body, tuple) and isinstance(body[0], tuple)):
            body = (), real(body)
        if is_term and ("named", letter) in given:
            shape_letters(given["named", letter][0], body[1][1], found)
        found[letter] = body if is_term or letter == "p" else index(body)
    for pattern, premise in zip(row.premises, premises, strict=False):
        match(pattern, premise.conclusion, found)
    if goal is not None:
        match(row.conclusion, goal, found)
    forms = {k: v for k, v in found.items() if isinstance(v, Affine)}
    terms = {k: v for k, v in found.items() if isinstance(v, tuple) and not isinstance(v, Affine)}
    kinds = {k: v for k, v in found.items() if isinstance(v, str)}
    return apply(name, Substitution(forms, terms, kinds), *premises)


# --- equations ----------------------------------------------------------------------------------------------

def identity(left: Term, right: Term) -> Theorem:
    """left = right, both sides written out."""
    return compute("IDENTITY", (left, right))


def identity_in(left: Term, right: Term, **parts: Term) -> Theorem:
    """left = right as an identity in some of its parts, whatever they are: smaller to check than with the parts spelled out."""
    for letter, term in parts.items():
        left, right = (replaced(e, term, named(letter, *term[1])) for e in (left, right))
    return kernel_substitute(identity(left, right), Substitution(terms={letter: ((), e) for letter, e in parts.items()}))


def reflexive(a: Term) -> Theorem:
    """a = a."""
    return use("EQ_SAME", A=a) if SIGNATURE[a[0]][0] == "s" else linear("same", a, a)


def symmetric(equation: Theorem) -> Theorem:
    """b = a from a = b."""
    kind, a, _ = equation.conclusion
    hole = ("real", "?", ()) if kind == "same" else ("named", a[1], "?", ())
    return rewrite(equation, reflexive(a), (kind, hole, a), "?")


def rewritten(equation: Theorem, theorem: Theorem) -> Theorem:
    """theorem with every occurrence of the equation's left side replaced by its right side."""
    a = equation.conclusion[1]
    hole = ("real", "?", ()) if equation.conclusion[0] == "same" else ("named", a[1], "?", ())
    return rewrite(equation, theorem, replaced(theorem.conclusion, a, hole), "?")


def replaced(e: Any, old: Term, new: Term) -> Any:
    """e with each occurrence of the term `old` replaced, but where e speaks of a whole curve."""
    if e == old:
        return new
    if type(e) is not tuple or not e or e[0] == "always":
        return e
    start = 2 if e[0] == "derivative" else 0
    return (*e[:start], *(replaced(x, old, new) for x in e[start:]))


def chain(*equations: Theorem) -> Theorem:
    """a = d from a = b, b = c, c = d."""
    result = equations[0]
    for e in equations[1:]:
        kind, a, b = result.conclusion
        hole = ("real", "?", ()) if kind == "same" else ("named", b[1], "?", ())
        result = rewrite(e, result, (kind, a, hole), "?")
    return result


def unfolded(e: Term, *equations: Theorem) -> Theorem:
    """e = e with the equations used from left to right, one after the other."""
    result = reflexive(e)
    for equation in equations:
        kind, left, right = result.conclusion
        old = equation.conclusion[1]
        hole = ("real", "?", ()) if equation.conclusion[0] == "same" else ("named", old[1], "?", ())
        result = rewrite(equation, result, (kind, left, replaced(right, old, hole)), "?")
    return result


def chain_in(equation: Theorem, *equations: Theorem) -> Theorem:
    """a = b with the equations used in b."""
    return chain(equation, unfolded(equation.conclusion[2], *equations))


def equal(left: Theorem, right: Theorem) -> Theorem:
    """a = b from a = c and b = d, where c = d written out."""
    return chain(left, identity(left.conclusion[2], right.conclusion[2]), symmetric(right))


# --- inequalities -------------------------------------------------------------------------------------------

def linear(relation: str, x: Any, y: Any, *items: Any, known: tuple[Theorem, ...] = ()) -> Theorem:
    """x <= y, x < y or x = y from theorems, each with its multiplier: a number or a term that is >= 0 by `known`.

    items: a theorem (multiplier 1), or (multiplier, theorem).
    """
    data, premises = [], []
    for item in items:
        m, theorem = item if isinstance(item, tuple) else (1, item)
        factor = real(m)
        data.append((factor, theorem.conclusion))
        premises.append(theorem)
        if theorem.conclusion[0] != "same" and value(factor) is None:
            premises.append(nonnegative(factor, *known))
    return compute("LINEAR", (relation, real(x), real(y), *data), *premises)


def nonnegative(x: Term, *known: Theorem) -> Theorem:
    """0 <= x for norms, numbers, their sums, products and powers, and what is known.  Errors: ProofError."""
    for theorem in known:
        if theorem.conclusion == le(0, x):
            return theorem
    number = value(x)
    if number is not None:
        return linear("le", 0, x)
    match x:
        case ("norm", kind, a):
            return use("NORM_NONNEG", A=a, p=kind)
        case ("abs", a):                                     # 2 |a| = (|a| - a) + (|-a| + a)
            half = Fraction(1, 2)
            above = (use("LE_ABS", x=a), use("LE_ABS", x=neg(a)), use("ABS_NEG", x=a))
            return linear("le", 0, x, *((half, t) for t in above))
        case ("^", base, k):
            return use("POW_NONNEG", nonnegative(base, *known), k=k)
        case ("+", *terms):
            return linear("le", 0, x, *(nonnegative(t, *known) for t in terms))
        case ("*", first, *rest):
            right = nonnegative(("*", *rest) if len(rest) > 1 else rest[0], *known)
            return linear("le", 0, x, (first, right), known=known)
    raise ProofError(f"no proof that {x} is not negative")


#  0 <= c <= u
# ------------------------- COLUMN_LOW
#  c ||v|| <= ||diag(u) v||
def column_low(positive: Theorem, inside: Theorem, v: Term, kind: str = "p") -> Theorem:
    """c ||v|| <= ||diag(u) v|| from 0 <= c and c <= u <= x."""
    return use("COLUMN_LOW", positive, use("WITHIN_HAD", positive, positive, inside, inside), v=v, p=kind)


def transitive(*theorems: Theorem) -> Theorem:
    """x <= z from x <= y, y <= z."""
    return linear("le", theorems[0].conclusion[1], theorems[-1].conclusion[2], *theorems)


# --- conditions and quantifiers -----------------------------------------------------------------------------

def condition(form: Affine, *given: Theorem) -> Theorem:
    """form >= 0 from conditions."""
    for theorem in given:
        if theorem.conclusion == ("dom", form):
            return theorem
    return compute("DOMAIN", (form, *(g.conclusion[1] for g in given)), *given)


def at(theorem: Theorem, *forms: Index, given: tuple[Theorem, ...] = ()) -> Theorem:
    """A statement for all k at one k, its conditions discharged from `given`."""
    for form in forms:
        theorem = _free(specialise(theorem, index(form)), given)
    return _free(theorem, given)


def _free(theorem: Theorem, given: tuple[Theorem, ...]) -> Theorem:
    while theorem.conclusion[0] == "imp":
        wanted = theorem.conclusion[1]
        if wanted[0] == "dom":
            theorem = modus_ponens(theorem, condition(wanted[1], *(g for g in given if g.conclusion[0] == "dom")))
            continue
        held = next((g for g in given if g.conclusion == wanted), None)
        if held is None:
            break
        theorem = modus_ponens(theorem, held)
    return theorem


def at_any(theorem: Theorem, form: Index) -> Theorem:
    """A statement for all k at one k, its conditions on indices supposed."""
    theorem = specialise(theorem, index(form))
    while theorem.conclusion[0] == "imp" and theorem.conclusion[1][0] == "dom":
        theorem = modus_ponens(theorem, assume(theorem.conclusion[1]))
    return theorem


def cut(theorem: Theorem, *proofs: Theorem) -> Theorem:
    """The theorem with the hypotheses that are proved taken away."""
    for proof in proofs:
        if proof.conclusion in theorem.hypotheses:
            theorem = modus_ponens(discharge(proof.conclusion, theorem), proof)
    return theorem


def instantiated(theorem: Theorem, forms: dict[str, Index] | None = None, **terms: Any) -> Theorem:
    """An instance: forms for indices; terms, or (parameters, term), for matrices and reals."""
    bodies = {k: v if isinstance(v[0], tuple) else ((), v) for k, v in terms.items()}
    return kernel_substitute(theorem, Substitution({k: index(v) for k, v in (forms or {}).items()}, bodies))


def for_all(name: str, conditions: tuple[Term, ...], prove: Callable[..., Theorem]) -> Theorem:
    """for all k: conditions -> what `prove` proves from them."""
    assumed = [assume(c) for c in conditions]
    theorem = prove(*assumed)
    for c in reversed(assumed):
        theorem = discharge(c.conclusion, theorem)
    return generalise(name, theorem)


def upward(k: str, low: Index, high: Index, claim: Term, base: Theorem, step: Callable[..., Theorem]) -> Theorem:
    """Induction from low to high; `step` proves the claim at k + 1 from k >= low, k + 1 <= high and the claim at k."""
    return _inductive(1, k, index(low), index(high), claim, base, step)


def downward(k: str, low: Index, high: Index, claim: Term, base: Theorem, step: Callable[..., Theorem]) -> Theorem:
    """Induction from high to low; `step` proves the claim at k from k >= low, k + 1 <= high and the claim at k + 1."""
    return _inductive(-1, k, index(low), index(high), claim, base, step)


def _inductive(direction: int, k: str, low: Affine, high: Affine, claim: Term, base: Theorem,
               step: Callable[..., Theorem]) -> Theorem:
    inside = ("dom", minus(variable(k), low)), ("dom", minus(high, combine(variable(k), constant(1))))
    known = claim if direction == 1 else instance(claim, {k: combine(variable(k), constant(1))})
    return induction(direction, k, low, high, claim, base, for_all(k, (*inside, known), step))


def instance(e: Term, forms: dict[str, Any]) -> Term:
    """e at other indices."""
    return substituted(e, Substitution({k: index(v) for k, v in forms.items()}))
