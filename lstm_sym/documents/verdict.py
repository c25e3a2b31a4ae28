"""From the outcomes of a claim to its verdict, code, reason and correction (decision: verdicts)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from lstm_sym.documents.algebra import MEND_CODES
from lstm_sym.documents.claims import Judge, Outcome, ill_typed, proved, refuted
from lstm_sym.documents.conventions import Convention, Reading
from lstm_sym.documents.deciding import Section, decided
from lstm_sym.documents.derived import derived_form, with_diag, without_direct
from lstm_sym.documents.repairs import Repair, repair
from lstm_sym.documents.targets import with_unit_targets
from lstm_sym.equality.decide import decide
from lstm_sym.equality.verdicts import Different, Equal, Undecided, Witness
from lstm_sym.errors import LstmSymError, Unreadable
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Diag, Elementwise, Named, Node
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan
from lstm_sym.expr.substitute import named_in, replace_indices

CONDITIONS = {
    ("loss", "last"): "the loss reads the last step only",
    ("loss", "every"): "the loss reads every step",
    ("derivative", "direct"): "the derivative is the direct partial, the other states held fixed",
    ("derivative", "total"): "the derivative is the total one, through all paths",
    ("reads", "states"): "the loss reads every state",
    ("reads", "output"): "the loss reads the output only",
    ("layout", "denominator"): "Jacobians are written in denominator layout",
    ("layout", "numerator"): "gradients are written as rows (numerator layout)",
    ("layout", "columns"): "gradients are columns and Jacobians output by input",
    ("power", "power"): "the superscript T is a power",
    ("power", "transpose"): "the superscript T is a transpose",
    ("order", "reversed"): "the product over time is taken in the other order",
    ("order", "as written"): "the product over time is taken in the usual order",
    ("hadamard", "loose"): "the entrywise product binds tighter than the matrix product: add parentheses",
    ("hadamard", "tight"): "the matrix product binds tighter",
}
IDENTITY = "for the identity activation"
ABSENT = "what does not exist, beyond the ends of a sum, counts as zero"
CODES = {"derivative": "E112", "layout": "E111", "hadamard": "W202", "power": "W201"}


@dataclass(frozen=True, slots=True)
class Judged:
    """What was decided of one claim."""

    verdict: str
    message: str
    code: str | None = None
    also: tuple[str, ...] = ()
    condition: str | None = None
    correction: Node | None = None  # the proved right side
    correction_condition: str | None = None
    left: Node | None = None
    witness: Witness | None = None
    evidence: str | None = None
    outcome: Outcome | None = None


def judge(judge_: Judge, assumed: Convention) -> Judged:
    """The verdict of a claim under the conventions assumed for the document."""
    first = judge_.outcome(assumed, Reading())
    if isinstance(first.answer, Equal) and not first.absent:
        return Judged("proved", _how(first.answer), None, (), evidence=first.answer.evidence, outcome=first, left=None)
    outcomes = judge_.outcomes(assumed)
    misfit = ill_typed(outcomes)
    if misfit is not None:
        return _ill_typed(judge_, misfit, assumed)
    if not any(o.answer is not None for o in outcomes):
        return _unread(outcomes)
    if refuted(outcomes) and _needs_the_loss(judge_, first):
        return Judged("undecided", "the loss as written is not read, so that its gradients are arbitrary here", outcome=first)
    if refuted(outcomes):
        return _for_targets(judge_.section, first) or _refuted(judge_, outcomes, first)
    held = min(proved(outcomes), key=lambda o: (len(_changed(o, first)), o.absent), default=None)
    if held is not None:
        return _conditional(held, first)
    reasons = [o.answer.reason for o in outcomes if isinstance(o.answer, Undecided)]
    return Judged("undecided", reasons[0] if reasons else "no proof and no witness", outcome=first)


def _needs_the_loss(judge_: Judge, first: Outcome) -> bool:
    """Does the claim say what a gradient is in terms of no other one, for a loss whose definition is not read?"""
    gradients = [any(isinstance(q.label, Total | Direct) for q in named_in(side)) for side in first.sides or ()]
    return judge_.section.vocabulary.opaque and "gradient" in judge_.relevant and gradients.count(True) == 1


def _how(answer: Equal) -> str:
    if answer.evidence == "induction":
        return "by induction over time, for all sizes and all lengths"
    if answer.steps:
        return "by the definitions of the model, for all sizes and all lengths"
    return "the two sides have one normal form, for all sizes and all lengths"


def _unread(outcomes: list[Outcome]) -> Judged:
    fault = next(o.fault for o in outcomes if o.fault is not None)
    if "W204" in str(fault) and r"\delta" in str(fault):
        text = r"\delta is used and not defined: say what it is the gradient of, as in \delta_t = \partial L / \partial a_t"
        return Judged("undecided", text, "W204", outcome=outcomes[0])
    return Judged("not_read", str(fault), "N301" if isinstance(fault, Unreadable) else "N302", outcome=outcomes[0])


def _ill_typed(judge_: Judge, misfit: LstmSymError, assumed: Convention) -> Judged:
    """No reading fits: the shapes are the witness; if a repair of the misfit makes the claim true, it names the error.

    A column given for a Jacobian is usual shorthand for its diagonal matrix: conditional.
    """
    for convention in dict.fromkeys((assumed, replace(assumed, loss="last"), replace(assumed, derivative="direct"))):
        changed = tuple(
            (f.name, getattr(convention, f.name))
            for f in fields(convention)
            if getattr(convention, f.name) != getattr(assumed, f.name)
        )
        condition = " and ".join(CONDITIONS[c] for c in changed) or None
        for mend, left, right, _ in judge_.mended(convention):
            if mend == "diag" and isinstance(right, Diag):
                also = ("E112",) if ("derivative", "direct") in changed else ()
                text = "the right side stands for its diagonal matrix" + (f", and {condition}" if condition else "")
                return Judged(
                    "conditional", f"true if {text}", "E105", also, text, right, condition, left, evidence="normal-form"
                )
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
    return Judged("refuted", f"the shapes do not fit: {misfit}", "E109", evidence="exact")


def _for_targets(section: Section, first: Outcome) -> Judged | None:
    """True once the targets of a cross-entropy sum to 1?"""
    unit = with_unit_targets(section) if first.sides is not None else None
    if unit is None or first.sides is None:
        return None
    answer = decide(*first.sides, unit[0].given(first.convention, first.sides))
    condition = f"the entries of {', '.join(unit[1])} sum to 1 at each step"
    if isinstance(answer, Different):
        return None
    if isinstance(answer, Undecided):
        return Judged("undecided", f"false in general; in numbers true if {condition}, and no proof found", outcome=first)
    return Judged("conditional", f"true if {condition}", condition=condition, evidence=answer.evidence, outcome=first)


def _conditional(held: Outcome, first: Outcome) -> Judged:
    """True under another choice than the assumed one: say which."""
    changed = _changed(held, first)
    condition = " and ".join([*(CONDITIONS[c] for c in changed), *([ABSENT] if held.absent else [])])
    code = next((CODES[n] for n, _ in changed if n in CODES), "E103" if held.absent else None)
    if code is None and ("loss", "last") in changed:
        code = "E108"
    answer = held.answer
    return Judged(
        "conditional",
        f"true if {condition}",
        code,
        condition=condition,
        outcome=held,
        evidence=answer.evidence if isinstance(answer, Equal) else None,
    )


def _changed(new: Outcome, old: Outcome) -> list[tuple[str, str]]:
    """The choices in which two outcomes differ."""
    return [
        (f.name, getattr(a, f.name))
        for a, b in ((new.convention, old.convention), (new.reading, old.reading))
        for f in fields(a)
        if getattr(a, f.name) != getattr(b, f.name)
    ]


# --- refuted --------------------------------------------------------------------------------------------------------


def _refuted(judge_: Judge, outcomes: list[Outcome], first: Outcome) -> Judged:
    fitting = [o for o in outcomes if isinstance(o.answer, Different)]
    best = first if isinstance(first.answer, Different) else fitting[0]
    tried = [o for o in _distinct([best, *fitting]) if o.sides is not None and o.given is not None]
    found = repair([(*o.sides, o.given) for o in tried if o.sides and o.given])
    fewest = (found[0], tried[found[1]]) if found else None
    answer = best.answer
    witness = answer.witness if isinstance(answer, Different) else None
    names, codes = (fewest[0].names, fewest[0].codes) if fewest else _unrepaired(judge_, best)
    hint = _would_hold(judge_.section, best)
    named = tuple(dict.fromkeys(c for c in codes or (("E101",) if hint and IDENTITY in hint else ()) if c))
    correction, condition = _correction(best, fewest)
    message = "; ".join(dict.fromkeys(names)) + (f"; would hold {hint}" if hint else "")
    return Judged(
        "refuted",
        message,
        named[0] if named else None,
        named[1:],
        correction=correction,
        correction_condition=condition,
        left=best.sides[0] if best.sides else None,
        witness=witness,
        evidence="exact" if witness is not None and witness.exact else "ball",
        outcome=best,
    )


def _distinct(outcomes: list[Outcome]) -> list[Outcome]:
    """One outcome for each loss convention, in the usual reading of the rest."""
    found: dict[str, Outcome] = {}
    for o in outcomes:
        found.setdefault(o.convention.loss, o)
    return list(found.values())


def _correction(best: Outcome, fewest: tuple[Repair, Outcome] | None) -> tuple[Node | None, str | None]:
    """The most general corrected right side that is proved: the derived equation, if it extends the repaired claim."""
    if best.sides is None or best.given is None:
        return None, None
    if fewest is not None and fewest[1].convention == best.convention:
        return fewest[0].right, None
    derived = derived_form(best.sides[0], best.given, frozenset(named_in(best.sides[1])))
    if derived is not None and (fewest is None or _extends(with_diag(derived), *fewest)):
        derived = with_diag(derived)
        if isinstance(decide(best.sides[0], derived, best.given), Equal):
            return derived, _about(derived)
    return (None, None) if fewest is None else (fewest[0].right, CONDITIONS["loss", fewest[1].convention.loss])


def _extends(derived: Node, found: Repair, where: Outcome) -> bool:
    """Is the derived equation the repaired claim with the direct partial added?"""
    if _about(derived) is None or where.given is None:
        return False
    return isinstance(decide(without_direct(derived), found.right, where.given), Equal)


def _about(node: Node | None) -> str | None:
    if node is not None and any(isinstance(q.label, Direct) for q in named_in(node)):
        return "the direct partial is absent where the loss reads the last step only"
    return None


def _unrepaired(judge_: Judge, best: Outcome) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    """Why, if no edit of the right side makes it true: the left side may be another derivative than is written."""
    if "jacobian" in judge_.relevant:
        direct = judge_.outcome(replace(best.convention, derivative="immediate"), best.reading)
        if isinstance(direct.answer, Equal):
            return ("true for the direct partial, the other states held fixed, and written as the total derivative",), (
                "E112",
            )
    return ("false, and no known error explains it",), ()


def _would_hold(section: Section, best: Outcome) -> str | None:
    """Contradicts the document, but is worth saying: true for the identity activation, or for a scalar state."""
    if best.sides is None or best.given is None:
        return None
    for loss in ("every", "last"):
        convention = Convention(best.convention.layout, loss, best.convention.reads, best.convention.derivative)
        linear = Section(section.vocabulary, _linear(section.recurrence), section.declared)
        if isinstance(_safely(best.sides, linear, convention), Equal):
            return IDENTITY + (", with a loss that reads the last step only" if loss == "last" else "")
    sizes = {s for q in section.recurrence.states for n in q.shape for s in n.free_symbols}
    scalar = (
        replace_indices(best.sides[0], dict.fromkeys(sizes, 1)),
        replace_indices(best.sides[1], dict.fromkeys(sizes, 1)),
    )
    given = _at_size_one(best.given, sizes)
    try:
        return "for a scalar state" if isinstance(decide(*scalar, given), Equal) else None
    except LstmSymError:
        return None


def _safely(sides: tuple[Node, Node], section: Section, convention: Convention) -> object:
    try:
        return decided(section, sides, convention)[0]
    except LstmSymError:
        return None


def _linear(recurrence: Recurrence) -> Recurrence:
    """The same model with the identity for every activation."""
    return _mapped(recurrence, _without_functions)


def _without_functions(node: Node) -> Node:
    if isinstance(node, Named):
        return node
    node = node.func(*(_without_functions(a) if isinstance(a, Node) else a for a in node.args))
    return node.args[1] if isinstance(node, Elementwise) else node


def _mapped(recurrence: Recurrence, change: object) -> Recurrence:
    from_scans = tuple(
        Scan(tuple(Equation(e.lhs, change(e.rhs), e.over) for e in s.equations), s.direction)  # type: ignore[operator]
        for s in recurrence.scans
    )
    return Recurrence(
        recurrence.axes,
        recurrence.parameters,
        recurrence.inputs,
        recurrence.noise,
        recurrence.initial,
        from_scans,
        recurrence.outputs,
        recurrence.cite,
        recurrence.given,
    )


def _at_size_one(recurrence: Recurrence, sizes: set[object]) -> Recurrence:
    one = dict.fromkeys(sizes, 1)

    def put(q: Named) -> Named:
        moved = replace_indices(q, one)  # type: ignore[arg-type]
        return moved if isinstance(moved, Named) else q

    scans = tuple(
        Scan(tuple(Equation(put(e.lhs), replace_indices(e.rhs, one), e.over) for e in s.equations), s.direction)  # type: ignore[arg-type]
        for s in recurrence.scans
    )
    r = recurrence
    return Recurrence(
        r.axes,
        tuple(map(put, r.parameters)),
        tuple(map(put, r.inputs)),
        tuple(map(put, r.noise)),
        tuple(map(put, r.initial)),
        scans,
        tuple(map(put, r.outputs)),
        r.cite,
        tuple(map(put, r.given)),
    )
