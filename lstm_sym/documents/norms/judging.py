"""From the outcomes of a claim about sizes to its verdict, condition and correction."""
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from lstm_sym.documents.norms.claims import Choice, Claim, Outcome, choices, is_possible
from lstm_sym.documents.norms.corrections import EQUALITY, Correction, corrected, written
from lstm_sym.documents.norms.reals import Measure, Name, Number, Relation, matrices, parts
from lstm_sym.documents.norms.supposing import is_positive
from lstm_sym.documents.norms.terms import DETERMINANTS
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.equality.verdicts import Witness
from lstm_sym.errors import Undeclared, Unreadable
from lstm_sym.expr.nodes import ProductOver, is_zero
from lstm_sym.expr.substitute import named_in
from lstm_sym.proof.cited import LAWS

NAMED_NORM = re.compile(r"spectral norm|euclidean|2-norm|two-norm|\bL2\b|ell_2|operator norm|induced norm|singular value", re.I)
CONDITIONS = {
    "norm": {"2": "the norm is the spectral one (of vectors the Euclidean)", "1": "the norm is that of column sums",
             "inf": "the norm is that of row sums", "F": "the norm is the Frobenius norm"},
    "eigenvalue": {"modulus": "the largest eigenvalue is the one of largest absolute value",
                   "signed": "the largest eigenvalue is the rightmost real one"},
    "power": {"power": "the superscript T is a power", "transpose": "the superscript T is a transpose"},
    "scope": {"long": "the product runs over all factors behind it", "short": "the product ends before what does not change"},
    "loss": {"last": "the loss reads the last step only", "every": "the loss reads every step"},
    "layout": {"numerator": "the gradient of a number is a row", "columns": "gradients are columns",
               "denominator": "Jacobians are transposed"},
    "derivative": {"direct": "the derivative is the direct partial, the other states held fixed",
                   "total": "the derivative is the total one, through all paths"},
}
CONTRADICTION = "what is supposed contradicts itself: everything follows from it, so nothing is proved by it"
PARTLY = "no proof was found; what the text supposes is not read in full, so that no net speaks against it"
CITED = f"; laws of determinants are cited there, not proved ({', '.join(LAWS)})"
CONDITION = "a condition on the weights: some nets meet it, and nothing is drawn from it here that is read"
NEVER_MET = "it follows from what is supposed, but no net was found that meets what is supposed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a claim about sizes."""

    verdict: str
    message: str
    code: str | None = None
    also: tuple[str, ...] = ()
    condition: str | None = None
    correction: str | None = None
    correction_condition: str | None = None
    witness: Witness | None = None
    evidence: str | None = None


def judge(claim: Claim, assumed: Convention, text: str, nearby: Claim | None = None) -> Verdict:
    """text: the words of the document, which may say what norm is meant.  nearby: the claim with what was supposed before."""
    assumed = replace(assumed, **claim.section.declared)
    claim = claim.without_unread(assumed)
    every = list(choices(claim, assumed))
    first = claim.proved(every[0])
    if first.contradictory:
        return Verdict("undecided", CONTRADICTION)
    if first.theorem is not None and not is_possible(claim, first):
        return Verdict("undecided", NEVER_MET)
    if first.theorem is not None:
        return _proved(claim, first, every, text)
    others = (o for o in (claim.proved(c, doubtful=True) for c in every[1:]) if not says_nothing(o))
    read = [o for o in (first, *others) if o.fault is None]
    if not read and isinstance(first.fault, Undeclared):
        return Verdict("undecided", str(first.fault), "W204")
    if not read:
        return Verdict("not_read", str(first.fault), "N301" if isinstance(first.fault, Unreadable) else "N302")
    held = next((o for o in read if o.theorem is not None and is_possible(claim, o)), None)
    if held is not None:
        condition = " and ".join(_differences(held.choice, every[0])) or "it is read so"
        code = _code(held.choice, every[0])
        return Verdict("conditional", f"true if {condition}", code, condition=condition, evidence="kernel")
    positive = _for_positive(claim, first)
    if positive is not None:
        return Verdict("conditional", f"true if {positive}", condition=positive, evidence="kernel")
    if first.unknown:
        return Verdict("undecided", f"nothing says what {', '.join(sorted(first.unknown))} is", "W204")
    if not first.hypotheses and first.claim is not None and is_condition(claim.section, first.claim):
        return Verdict("undecided", CONDITION)
    against: list[Outcome] = []
    for o in read:
        found = claim.refuted(o)
        if found.witness is None:
            text = "no proof was found, and no net against it in every reading" if claim.whole else PARTLY
            return Verdict("undecided", text)
        against.append(found)
    return _refuted(claim, against, nearby)


def _for_positive(claim: Claim, first: Outcome) -> str | None:
    """0 <= beta of the author's numbers, where the claim is proved under that."""
    said = {h.right for h in first.hypotheses if isinstance(h, Relation) and is_positive(h.left)}
    names = {p for x in (*first.hypotheses, first.claim) for p in parts(x) if isinstance(p, Name)} - said
    more = tuple(Relation("<=", Number(Fraction(0)), x) for x in sorted(names, key=lambda x: x.key))
    if first.claim is None or first.unknown or not more:
        return None
    found = claim.sought(first.choice, (*first.hypotheses, *more), first.claim)
    return " and ".join(map(written, more)) if found.theorem is not None and is_possible(claim, found) else None


def says_nothing(outcome: Outcome) -> bool:
    """Is what is measured 0 in this reading, as the direct partial of a pre-activation by an earlier one is?"""
    return outcome.unfolded is not None and any(map(is_zero, matrices(outcome.unfolded)))


def is_condition(section: Section, claim: Relation) -> bool:
    """rho(W) < 1: does it compare numbers of the weights with a number, so that it says which nets are meant?"""
    weights = {q.name for q in section.recurrence.parameters}
    sides = [side for side in (claim.left, claim.right) if matrices(side)]
    return claim.sign in ("<=", "<", "=") and len(sides) == 1 and all(
        q.name in weights for m in matrices(claim) for q in named_in(m))


def _proved(claim: Claim, first: Outcome, every: list[Choice], text: str) -> Verdict:
    """Proved in the usual reading; under a condition if another reading of what is written plainly is not."""
    norms = [c for c in every if c.norm in ("1", "inf") and c == replace(first.choice, norm=c.norm)]
    values = [c for c in every if c.eigenvalue != first.choice.eigenvalue and c == replace(first.choice, eigenvalue=c.eigenvalue)]
    scopes = [c for c in every if c.scope != first.choice.scope and c == replace(first.choice, scope=c.scope)]
    conditions = [CONDITIONS["scope"]["long"]] if any(map(partial(_is_open, claim), scopes)) else []
    if not NAMED_NORM.search(text) and any(map(partial(_is_open, claim), norms)):
        conditions.append(CONDITIONS["norm"]["2"])
    if any(map(partial(_is_open, claim), values)):
        conditions.append(CONDITIONS["eigenvalue"]["modulus"])
    if conditions:
        condition = " and ".join(conditions)
        code = "E106" if CONDITIONS["eigenvalue"]["modulus"] in conditions else None
        return Verdict("conditional", f"true if {condition}", code, condition=condition, evidence="kernel")
    used = len(first.theorem.hypotheses) if first.theorem is not None else 0
    plural = " under what is supposed" if first.hypotheses and used else ""
    everything = parts((*first.hypotheses, first.claim))
    laws = CITED if any(isinstance(p, Measure) and p.kind in DETERMINANTS for p in everything) else ""
    return Verdict("proved", f"by the kernel, for all sizes, inputs and numbers of steps{plural}{laws}", evidence="kernel")


def _is_open(claim: Claim, choice: Choice) -> bool:
    """Is it read so, and not proved?"""
    found = claim.proved(choice)
    return found.fault is None and found.theorem is None


def _refuted(claim: Claim, against: list[Outcome], nearby: Claim | None) -> Verdict:
    """False in every reading: the net, the nearest true statement; under a condition if the text supposed it nearly."""
    first = against[0]
    found = corrected(claim, first) or _corrected_at_the_end(claim, against)
    if nearby is not None and found is not None and found.condition is not None:
        message = f"true if {found.condition}, which the text supposes in another form{_of_powers(first)}"
        return Verdict("conditional", message, found.code, condition=found.condition, evidence="kernel")
    witness = first.witness
    evidence = "exact" if witness is not None and witness.exact else "ball"
    refuted = Verdict("refuted", _because(found, against), witness=witness, evidence=evidence)
    if found is None:
        return refuted
    return replace(refuted, code=found.code, correction=found.text, correction_condition=found.condition)


def _corrected_at_the_end(claim: Claim, against: list[Outcome]) -> Correction | None:
    """What holds where the loss reads the last step only."""
    other = next((o for o in against if o.choice.convention.loss == "last" != against[0].choice.convention.loss), None)
    found = corrected(claim, other) if other is not None else None
    if found is None:
        return None
    condition = " and ".join(c for c in (found.condition, CONDITIONS["loss"]["last"]) if c is not None)
    return replace(found, condition=condition)


def _because(found: Correction | None, against: list[Outcome]) -> str:
    """Why it is false; a strict inequality often because both sides can be 0."""
    if found is None:
        return "false at the net below"
    nothing = any(o.witness is not None and o.witness.left == o.witness.right == "0" for o in against)
    return f"{found.why}: both sides can be 0" if nothing and found.why == EQUALITY else found.why


def _of_powers(first: Outcome) -> str:
    """What powers of a matrix have to do with the net."""
    powers = [m for m in matrices(first.claim) if isinstance(m, ProductOver) and len(named_in(m)) == 1]
    return "; the powers of a matrix are the Jacobians of a net without activation" if powers else ""


def _differences(held: Choice, usual: Choice) -> list[str]:
    pairs = [("power", held.power, usual.power), ("scope", held.scope, usual.scope), ("norm", held.norm, usual.norm),
             ("eigenvalue", held.eigenvalue, usual.eigenvalue),
             ("loss", held.convention.loss, usual.convention.loss),
             ("layout", held.convention.layout, usual.convention.layout),
             ("derivative", held.convention.derivative, usual.convention.derivative)]
    return [CONDITIONS[name][a] for name, a, b in pairs if a != b]


def _code(held: Choice, usual: Choice) -> str | None:
    if held.eigenvalue != usual.eigenvalue:
        return "E106"
    if held.power != usual.power:
        return "W201"
    if held.convention.derivative != usual.convention.derivative:
        return "E112"
    return "E108" if held.convention.loss != usual.convention.loss else None


