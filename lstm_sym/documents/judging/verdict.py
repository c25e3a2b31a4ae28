"""From the outcomes of a claim to its verdict, code, reason and correction (decision: verdicts)."""
from __future__ import annotations

from dataclasses import fields, replace

from lstm_sym.documents.judging.cross_entropy import for_cross_entropy
from lstm_sym.documents.judging.fixed_length import for_fixed_length
from lstm_sym.documents.judging.generic import generic
from lstm_sym.documents.judging.left_open import given_name, of_any_shape, says_what_something_is, why_open
from lstm_sym.documents.judging.open_sigma import for_another
from lstm_sym.documents.judging.sizes import with_one_size
from lstm_sym.documents.judging.special_models import for_what_is_meant
from lstm_sym.documents.judging.special_targets import for_one_hot, for_targets
from lstm_sym.documents.judging.undefined import disputed, undefined, unread, with_meaning
from lstm_sym.documents.reading.algebra import MEND_CODES, is_diagonal
from lstm_sym.documents.reading.conventions import SHORT, SILENT, Convention, Reading
from lstm_sym.documents.reading.losses import LOSS
from lstm_sym.documents.repairs.refutation import refutation
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.judged import CONDITIONS, Judged, changed, conditional
from lstm_sym.documents.sections.outcomes import Outcome, ill_typed, proved, refuted
from lstm_sym.equality.decide import proof_of
from lstm_sym.equality.verdicts import Different, Equal, Undecided
from lstm_sym.errors import LstmSymError, OutOfReach, Undeclared, Unreadable
from lstm_sym.expr.affine import constant, minus, variable
from lstm_sym.expr.labels import Total
from lstm_sym.expr.substitute import named_in

FOR_SHORT = "the derivative by a matrix stands for what the gradient before it is multiplied by, g x' for g dz/dW"
SHORTHANDS = {"diag": "the right side stands for its diagonal matrix", "ones": "I stands for a column of ones"}


def judge(judge_: Judge, assumed: Convention) -> Judged:
    """The verdict of a claim under the conventions assumed for the document."""
    found = unless_false(judge_, assumed)
    return refutation(judge_, judge_.outcomes(assumed), judge_.outcome(assumed, Reading())) if found is None else found


def unless_false(judge_: Judge, assumed: Convention) -> Judged | None:
    """The verdict; None where every reading has a witness against it: then the error is still to be named and mended."""
    each = generic(judge_)
    if each is not None:
        return _of_each(*each, assumed)
    lost = unread(judge_)
    if lost is not None:
        return Judged("undecided", f"{lost} is computed by a line that is not read")
    names = undefined(judge_, assumed)
    return _of_undefined(judge_, names, assumed) if names else _of_defined(judge_, assumed)


def unless_open(judge_: Judge, assumed: Convention) -> Judged | None:
    """As `unless_false`; None as well where a name is not defined."""
    return None if generic(judge_) is not None or undefined(judge_, assumed) else unless_false(judge_, assumed)


def _of_defined(judge_: Judge, assumed: Convention) -> Judged | None:
    first = judge_.outcome(assumed, Reading())
    apart = _read_apart(judge_, first)
    if apart is not None:
        return Judged("undecided", f"the loss may depend on {apart} apart from the states, and its definition is not read",
                      outcome=first)
    if isinstance(first.answer, Equal) and SHORT in judge_.relevant:
        evidence = first.answer.evidence
        return Judged("conditional", f"true if {FOR_SHORT}", condition=FOR_SHORT, evidence=evidence, outcome=first)
    if isinstance(first.answer, Equal) and not first.absent:
        return Judged("proved", _how(first.answer), None, (), evidence=first.answer.evidence, outcome=first, left=None)
    outcomes = judge_.outcomes(assumed)
    misfit = ill_typed(outcomes)
    if misfit is not None and SILENT in judge_.relevant:
        return Judged("undecided", f"names without a time do not fit at the time t: {misfit}", outcome=outcomes[0])
    two = disputed(judge_) if misfit is not None else None
    if two is not None:
        return Judged("undecided", f"the text states another shape of {two} than its formulas have: {misfit}", outcome=first)
    put = given_name(judge_) if misfit is not None else None
    if put is not None:
        return Judged("undecided", f"it says what {put} is, which the model takes as given: {misfit}", outcome=first)
    free = of_any_shape(judge_) if misfit is not None else None
    if free is not None:
        return Judged("undecided", f"nothing says what shape {free} has: {misfit}", outcome=first)
    if misfit is not None:
        return _of_one_size(judge_, outcomes, misfit) or _ill_typed(judge_, misfit, assumed)
    if not any(o.answer is not None for o in outcomes):
        return for_cross_entropy(judge_, outcomes) or _unread(outcomes)
    open_ = why_open(judge_, first) if refuted(outcomes) else None
    if open_ is not None:
        meant = for_cross_entropy(judge_, outcomes) or for_fixed_length(judge_, outcomes)
        return meant or Judged("undecided", open_, outcome=first)
    if refuted(outcomes):
        of_targets = for_targets(judge_.section, outcomes) if "gradient" in judge_.relevant else None
        meant = of_targets or for_what_is_meant(judge_, outcomes)
        return meant or for_one_hot(judge_.section, first) or _inside(first) or for_another(judge_, first)
    held = min(proved(outcomes), key=lambda o: (len(changed(o, first)), o.absent), default=None)
    if held is not None:
        return conditional(held, first)
    short = for_fixed_length(judge_, outcomes)
    if short is not None:
        return short
    reasons = [o.answer.reason for o in outcomes if isinstance(o.answer, Undecided)]
    return Judged("undecided", reasons[0] if reasons else "no proof and no witness", outcome=first)


def _of_each(name: str, judges: dict[str, Judge], assumed: Convention) -> Judged:
    """A claim about any weight W: true if it is true of each, and never false: what W stands for is not said."""
    condition = f"{name} stands for any of {', '.join(judges)}"
    each: list[Judged] = []
    for other in judges.values():
        found = unless_false(other, assumed)
        if found is None or found.verdict not in ("proved", "conditional"):
            reason = "not true of each" if found is None else found.message
            outcome = other.outcome(assumed, Reading()) if found is None else found.outcome
            return Judged("undecided", f"where {condition}: {reason}", "W204", outcome=outcome)
        each.append(found)
    held = next((j for j in each if j.verdict == "conditional"), each[0])
    whole = " and ".join(filter(None, (condition, held.condition)))
    also = (held.code,) if held.code else ()
    return replace(held, verdict="conditional", message=f"true if {whole}", code="W204", also=also, condition=whole)


def _read_apart(judge_: Judge, first: Outcome) -> str | None:
    """A parameter whose gradient the claim names, where an unread loss may hold more of it than the states do."""
    names = (q for side in first.sides or () for q in named_in(side))
    gradients = (str(q.label.by) for q in names if isinstance(q.label, Total) and str(q.label.of) == LOSS and not q.indices)
    return next((by for by in gradients if judge_.section.loss.reads_apart(by)), None)


def _how(answer: Equal) -> str:
    if answer.evidence == "induction":
        return "by induction over time, for all sizes and all lengths"
    if answer.steps:
        return "by the definitions of the model, for all sizes and all lengths"
    return "the two sides have one normal form, for all sizes and all lengths"


def _of_undefined(judge_: Judge, names: tuple[str, ...], assumed: Convention) -> Judged:
    """A claim about a gradient that nobody defined: true under a condition, or open."""
    found = with_meaning(judge_, names, assumed)
    if found is None:
        text = rf"{names[0]} is used and not defined: say what it is the gradient of, as in \delta_t = \partial L / \partial a_t"
        return Judged("undecided", text, "W204", outcome=judge_.outcome(assumed, Reading()))
    words, held = found
    rest = conditional(held, replace(held, convention=assumed, reading=Reading()))
    condition = " and ".join(filter(None, (words, rest.condition)))
    return replace(rest, message=f"true if {condition}", code="W204", also=(rest.code,) if rest.code else (), condition=condition)


def _unread(outcomes: list[Outcome]) -> Judged:
    fault = next(o.fault for o in outcomes if o.fault is not None)
    if isinstance(fault, OutOfReach):
        return Judged("undecided", str(fault), outcome=outcomes[0])
    if isinstance(fault, Undeclared):
        return Judged("undecided", str(fault), "W204", outcome=outcomes[0])
    return Judged("not_read", str(fault), "N301" if isinstance(fault, Unreadable) else "N302", outcome=outcomes[0])


def _of_one_size(judge_: Judge, outcomes: list[Outcome], misfit: LstmSymError) -> Judged | None:
    """A claim that fits once sizes without a letter are equal to others: None if it fails then as well."""
    section = with_one_size(judge_.section)
    if section is None:
        return None
    same = Judge(section, judge_.left, judge_.right, judge_.where)
    found = [same.outcome(o.convention, o.reading) for o in outcomes]
    fits = next((o for o in found if o.answer is not None), None)
    if fits is None or (refuted(found) and not says_what_something_is(same, fits)):
        return None
    condition = f"sizes that the text does not tell apart are one ({misfit})"
    held = next(proved(found), None)
    if held is not None and isinstance(held.answer, Equal):
        evidence = held.answer.evidence
        return Judged("conditional", f"true if {condition}", "E109", condition=condition, outcome=held, evidence=evidence)
    return Judged("undecided", f"it fits only if {condition}", outcome=fits)


def _ill_typed(judge_: Judge, misfit: LstmSymError, assumed: Convention) -> Judged:
    """No reading fits: the shapes are the witness; if a repair of the misfit makes the claim true, it names the error.

    A column given for a Jacobian is usual shorthand for its diagonal matrix, and I for a column of ones: conditional.
    """
    for convention in dict.fromkeys((assumed, replace(assumed, loss="last"), replace(assumed, derivative="direct"))):
        choices = tuple(
            (f.name, getattr(convention, f.name))
            for f in fields(convention)
            if getattr(convention, f.name) != getattr(assumed, f.name)
        )
        condition = " and ".join(CONDITIONS[c] for c in choices) or None
        for mend, left, right, _ in judge_.mended(convention):
            if mend == "ones" or (mend == "diag" and is_diagonal(right)):
                also = ("E112",) if ("derivative", "direct") in choices else ()
                text = SHORTHANDS[mend] + (f", and {condition}" if condition else "")
                code = MEND_CODES[mend]
                return Judged("conditional", f"true if {text}", code, also, text, right, condition, left, evidence="normal-form")
            return Judged(
                "refuted",
                f"the shapes do not fit: {misfit}",
                MEND_CODES[mend],
                ("E109",),
                correction=right,
                left=left,
                correction_condition=condition,
                evidence="exact",
            )
    if judge_.fits(assumed, "diag"):
        text = f"the shapes do not fit: {misfit}; it is false with diagonal matrices for the columns beside matrices, too"
        return Judged("refuted", text, "E105", ("E109",), evidence="exact")
    return Judged("refuted", f"the shapes do not fit: {misfit}", "E109", evidence="exact")


def _inside(first: Outcome) -> Judged | None:
    """False at an end of the range only: h_t = tanh(c_t) says nothing of h_0, which is given."""
    if not isinstance(first.answer, Different) or first.answer.witness.interior or first.sides is None:
        return None
    at = {letter: value for letter, value in first.answer.witness.at.items() if value <= 1}
    where = frozenset(minus(variable(letter), constant(value + 1)) for letter, value in at.items())
    answer = proof_of(*first.sides, first.given, where) if at else None
    if answer is None:
        return None
    condition = " and ".join(f"{letter} >= {value + 1}" for letter, value in at.items())
    return Judged("conditional", f"true if {condition}", "E103", condition=condition, evidence=answer.evidence, outcome=first)
