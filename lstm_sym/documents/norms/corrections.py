"""The nearest true statement to a false claim about sizes: what is edited, why, and the proof that it holds then."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from lstm_sym.documents.norms import reals
from lstm_sym.documents.norms.claims import Claim, Outcome, is_possible
from lstm_sym.documents.norms.formulas import recurrent
from lstm_sym.documents.norms.reals import (
    PLAIN,
    Entries,
    Hypothesis,
    Measure,
    Number,
    Power,
    Quotient,
    Real,
    Relation,
    changed,
    matrices,
    parts,
)
from lstm_sym.documents.reading.shapes import Typed
from lstm_sym.expr.affine import combine, constant
from lstm_sym.expr.labels import Total
from lstm_sym.expr.nodes import Named, Node
from lstm_sym.expr.substitute import named_in
from lstm_sym.notation.latex import latex
from lstm_sym.notation.style import DEFAULT

OF_EIGENVALUES = "an eigenvalue does not bound what a multiplication does, the largest singular value does"
FROM_BELOW = "what a multiplication does at least is said by the smallest singular value"
EQUALITY = "equality is possible"
TURNED, ONE_WAY = "the other one may be larger", "one of them may be larger"
EIGEN = ("largest", "radius", "det")
SIZES = (*EIGEN, "2", PLAIN)


@dataclass(frozen=True, slots=True)
class Correction:
    """A statement that is proved: its text, its code, why the claim needed it; condition: what is supposed in addition."""

    text: str
    code: str | None
    why: str
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Other hypotheses and another claim, and how they are told."""

    supposed: tuple[Hypothesis, ...]
    claim: Relation
    told: Hypothesis                                         # what is shown as the correction
    code: str | None
    why: str
    condition: Hypothesis | None = None


def corrected(claim: Claim, outcome: Outcome) -> Correction | None:
    """The first edit that makes the claim true."""
    if outcome.claim is None:
        return None
    for edit in dict.fromkeys(_edits(claim, outcome.hypotheses, outcome.claim)):
        if edit.claim.left == edit.claim.right:
            continue                                         # says nothing
        found = claim.sought(outcome.choice, edit.supposed, edit.claim, doubtful=True)
        if found.theorem is not None and is_possible(claim, found):
            condition = written(edit.condition) if edit.condition is not None else None
            return Correction(written(edit.told), edit.code, edit.why, condition)
    return None


def _edits(claim: Claim, supposed: tuple[Hypothesis, ...], relation: Relation) -> Iterator[Edit]:
    singular = tuple(_singular(h) for h in supposed)
    if singular != supposed:
        told = next(a for a, b in zip(singular, supposed, strict=True) if a != b)
        yield Edit(singular, relation, told, "E106", OF_EIGENVALUES)
    right = _singular(relation, ("largest", "radius"))
    if right != relation and isinstance(right, Relation):
        yield Edit(supposed, right, right, "E106", OF_EIGENVALUES)
    yield from _from_below(supposed, relation)
    if relation.sign in ("<=", "="):
        turned = Relation("<=", relation.right, relation.left)
        yield Edit(supposed, turned, turned, _code_of(relation), TURNED)
    if relation.sign == "=":
        weak = replace(relation, sign="<=")
        yield Edit(supposed, weak, weak, _code_of(relation), ONE_WAY)
    if relation.sign == "<":
        weak = replace(relation, sign="<=")
        yield Edit(supposed, weak, weak, None, EQUALITY)
    for step in (-1, 1, -2, 2):
        moved = _with_exponents(relation, step)
        if moved != relation:
            yield Edit(supposed, moved, moved, "E110", "the number of factors is another")
    yield from _under_more(claim, supposed, relation)
    yield from _bounds(claim, supposed, relation)


def _from_below(supposed: tuple[Hypothesis, ...], relation: Relation) -> Iterator[Edit]:
    """What grows, or is at least so large: by the smallest singular value."""
    least = tuple(_singular(h, SIZES, "least") for h in supposed)
    if least != supposed and (relation.sign == "away" or relation.right == Number(None)):
        told = next(a for a, b in zip(least, supposed, strict=True) if a != b)
        yield Edit(least, relation, told, None, FROM_BELOW)
    left = _singular(relation, SIZES, "least")
    derived = any(isinstance(q.label, Total) for m in matrices(relation.right) for q in named_in(m))
    if derived and relation.sign in ("<=", "<") and isinstance(left, Relation) and left.left != relation.left:
        better = replace(relation, left=left.left)
        yield Edit(supposed, better, better, _code_of(relation), FROM_BELOW)


def _code_of(relation: Relation) -> str | None:
    """E106 where an eigenvalue stands for a norm."""
    return "E106" if any(isinstance(p, Measure) and p.kind in EIGEN for p in parts(relation)) else None


def _under_more(claim: Claim, supposed: tuple[Hypothesis, ...], relation: Relation) -> Iterator[Edit]:
    """A hypothesis that is missing: of the spectral radius, of the largest singular value."""
    if relation.sign == "=" or supposed:
        return
    for w in recurrent(claim.section):
        for kind, limit in (("radius", 1), ("2", 1), ("2", 4)):
            more = Relation("<", Measure(kind, w), Number(Fraction(limit)))
            yield Edit((*supposed, more), relation, relation, None, "it needs a hypothesis about the matrix", more)


def _bounds(claim: Claim, supposed: tuple[Hypothesis, ...], relation: Relation) -> Iterator[Edit]:
    """The bound that holds of what is on the left."""
    if relation.sign not in ("<=", "<") or not isinstance(relation.left, Measure):
        return
    for w in recurrent(claim.section):
        norm = Measure("2" if relation.left.kind == PLAIN else relation.left.kind, w)
        powers = (Power(norm, p.exponent) for p in parts(relation.right) if isinstance(p, Power))
        bounds: tuple[Real, ...] = (norm, *powers, Number(Fraction(1)))
        for bound in bounds:
            better = Relation("<=", relation.left, bound)
            if bound != relation.left:
                yield Edit(supposed, better, better, None, "the bound is too small")


def _singular(x: Hypothesis, kinds: tuple[str, ...] = EIGEN, instead: str = "2") -> Hypothesis:
    """x with singular values for eigenvalues and determinants, without a power of them."""
    table: dict[object, object] = {}
    for p in parts(x):
        if isinstance(p, Measure) and p.kind in kinds:
            table[p] = Measure(instead, p.of)
        if isinstance(p, reals.Absolute) and isinstance(p.of, Measure) and p.of.kind == "det" and "det" in kinds:
            table[p] = Measure(instead, p.of.of)
    plain = {p: table[p.base] for p in parts(x) if isinstance(p, Power) and p.base in table and isinstance(x, Relation)
             and x.right == Number(Fraction(1)) and x.left == p}
    return changed(x, {**table, **plain})


def _with_exponents(relation: Relation, step: int) -> Relation:
    table = {p: replace(p, exponent=combine(p.exponent, constant(step))) for p in parts(relation.right)
             if isinstance(p, Power) and p.exponent.terms}
    return replace(relation, right=changed(relation.right, table))


# --- as LaTeX -------------------------------------------------------------------------------------------------------

SIGNS = {"<=": r"\le", "<": "<", "=": "=", "->": r"\to"}
TURNED_SIGNS = {"<=": r"\ge", "<": ">"}
SPECTRAL = {"radius": r"\rho", "largest": r"\lambda_{\max}", "least": r"\sigma_{\min}", "det": r"\det"}


def written(x: Hypothesis) -> str:
    """A relation as LaTeX."""
    if not isinstance(x, Relation):
        return f"{_matrix(x.of)} \\text{{ is {x.kind}}}"
    if x.sign == "bounded":
        return rf"{real(x.left)} \text{{ is bounded}}"
    if x.sign == "away":
        return rf"{real(x.left)} \text{{ does not tend to 0}}"
    limit = rf" \text{{ as }} {x.index} \to \infty" if x.sign == "->" else ""
    if isinstance(x.left, Number) and x.sign in TURNED_SIGNS:
        return f"{real(x.right)} {TURNED_SIGNS[x.sign]} {real(x.left)}"
    return f"{real(x.left)} {SIGNS[x.sign]} {real(x.right)}{limit}"


def real(x: Real) -> str:
    """A number as LaTeX."""
    match x:
        case Number(value=None):
            return r"\infty"
        case Number(value=Fraction() as value):
            return str(value) if value.denominator == 1 else rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
        case reals.Name(key=key):
            return key
        case Measure(kind="2", of=Named() as w) if not w.indices:
            return rf"\sigma_{{\max}}({_matrix(w)})"
        case Measure(kind="entries", of=of):
            return rf"\prod_i ({_matrix(of)})_i"
        case Measure(kind=kind, of=of) if kind in SPECTRAL:
            return rf"{SPECTRAL[kind]}({_matrix(of)})"
        case Measure(kind=kind, of=of):
            mark = "" if kind == PLAIN else "_" + kind.replace("inf", r"\infty")
            return rf"\left\|{_matrix(of)}\right\|{mark}"
        case Entries(of=of, absolute=absolute):
            return rf"\left|{_matrix(of)}\right|" if absolute else _matrix(of)
        case reals.Length(form=form):
            return str(form)
        case reals.Total(terms=terms):
            return " + ".join(map(real, terms))
        case reals.Times(factors=factors):
            return " ".join(map(real, factors))
        case Quotient(top=top, bottom=bottom):
            return rf"\frac{{{real(top)}}}{{{real(bottom)}}}"
        case Power(base=base, exponent=exponent):
            inner = real(base)
            simple = isinstance(base, reals.Name | Measure) and not (isinstance(base, Measure) and "(" in inner)
            return f"{inner if simple else f'({inner})'}^{{{exponent}}}"
        case reals.Absolute(of=of):
            return rf"\left|{real(of)}\right|"
        case reals.OverTime(body=body, index=index, low=low, high=high):
            return rf"\prod_{{{index}={low}}}^{{{high}}} {real(body)}"
    return str(x)


def _matrix(of: Node | Typed) -> str:
    """In the author's names."""
    return latex(of, DEFAULT.named({q.name: q.name for q in named_in(of)})) if isinstance(of, Node) else ""
