"""A refuted claim: its witness, the error that was made, the corrected equation (proved), what it would hold for."""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.repairs.contrary import IDENTITY, would_hold
from lstm_sym.documents.repairs.derived import derived_form, with_diag, without_direct
from lstm_sym.documents.repairs.repair import Repair, repair
from lstm_sym.documents.repairs.sieve import Sieve
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.deciding import Section, witness_of
from lstm_sym.documents.sections.jacobians import in_order, is_far
from lstm_sym.documents.sections.judged import CONDITIONS, Judged
from lstm_sym.documents.sections.outcomes import Outcome
from lstm_sym.documents.sections.targets import with_unit_targets
from lstm_sym.equality.decide import proof_of
from lstm_sym.equality.verdicts import Different, Equal
from lstm_sym.expr.labels import Direct
from lstm_sym.expr.nodes import Node
from lstm_sym.expr.substitute import named_in

PARTIAL = ("true for the direct partial, the other states held fixed, and written as the total derivative",)
UNKNOWN = ("false, and no known error explains it",)


def refutation(judge_: Judge, outcomes: list[Outcome], first: Outcome) -> Judged:
    fitting = [o for o in outcomes if isinstance(o.answer, Different)]
    best = first if isinstance(first.answer, Different) else fitting[0]
    unit = with_unit_targets(judge_.section) if "gradient" in judge_.relevant else None
    if unit is not None:                                     # a mended p - y is true of targets that sum to 1
        best, *fitting = [_among(unit[0], o) for o in (best, *fitting)]
    tried = [o for o in _distinct([best, *fitting]) if o.sides is not None and o.given is not None]
    start = judge_.section.from_zero
    found = repair([(*o.sides, start(o.given), in_order(o.sides) | judge_.where) for o in tried if o.sides and o.given])
    fewest = (found[0], tried[found[1]]) if found else None
    shown = _shown(best, fewest)
    witness = witness_of(judge_.section, shown.sides, shown.convention, judge_.where) if shown.sides is not None else None
    names, codes = _of_direct(judge_, best) or ((fewest[0].names, fewest[0].codes) if fewest else (UNKNOWN, ()))
    hint = would_hold(judge_.section, best)
    named = tuple(dict.fromkeys(c for c in codes or (("E101",) if hint and IDENTITY in hint else ()) if c))
    correction, condition = _correction(best, fewest)
    if unit is not None and correction is not None and _needs(judge_, best, correction):
        condition = " and ".join(filter(None, (condition, unit[1])))
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
        shown=shown,
    )


def _among(section: Section, o: Outcome) -> Outcome:
    """The outcome with the definitions of another section."""
    return replace(o, given=section.given(o.convention, o.sides, is_far(o.sides))) if o.sides is not None else o


def _needs(judge_: Judge, best: Outcome, correction: Node) -> bool:
    """Is the correction false, as far as numbers can tell, of targets that do not sum to 1?"""
    plain = _among(judge_.section, best)
    if best.sides is None or plain.given is None or judge_.section.values.targets:
        return False
    return not Sieve(best.sides[0], correction, plain.given, in_order(best.sides)).passes(correction)


def _distinct(outcomes: list[Outcome]) -> list[Outcome]:
    """One outcome for each loss convention, in the usual reading of the rest."""
    found: dict[str, Outcome] = {}
    for o in outcomes:
        found.setdefault(o.convention.loss, o)
    return list(found.values())


def _shown(best: Outcome, fewest: tuple[Repair, Outcome] | None) -> Outcome:
    """Where the witness shows the error that is named and no other: where the fewest edits mend the claim."""
    return fewest[1] if fewest is not None and isinstance(fewest[1].answer, Different) else best


def _correction(best: Outcome, fewest: tuple[Repair, Outcome] | None) -> tuple[Node | None, str | None]:
    """The most general corrected right side that is proved: the derived equation, if it extends the repaired claim."""
    if best.sides is None or best.given is None:
        return None, None
    if fewest is not None and fewest[1].convention == best.convention:
        return fewest[0].right, None
    derived = derived_form(best.sides[0], best.given, frozenset(named_in(best.sides[1])))
    if derived is not None and (fewest is None or _extends(with_diag(derived), *fewest)):
        derived = with_diag(derived)
        if proof_of(best.sides[0], derived, best.given):
            return derived, _about(derived)
    return (None, None) if fewest is None else (fewest[0].right, CONDITIONS["loss", fewest[1].convention.loss])


def _extends(derived: Node, found: Repair, where: Outcome) -> bool:
    """Is the derived equation the repaired claim with the direct partial added?"""
    if _about(derived) is None or where.given is None:
        return False
    return proof_of(without_direct(derived), found.right, where.given) is not None


def _about(node: Node | None) -> str | None:
    if node is not None and any(isinstance(q.label, Direct) for q in named_in(node)):
        return "the direct partial is absent where the loss reads the last step only"
    return None


def _of_direct(judge_: Judge, best: Outcome) -> tuple[tuple[str, ...], tuple[str | None, ...]] | None:
    """True for the direct partial: the left side is another derivative than is written."""
    if "jacobian" not in judge_.relevant:
        return None
    direct = judge_.outcome(replace(best.convention, derivative="immediate"), best.reading)
    return (PARTIAL, ("E112",)) if isinstance(direct.answer, Equal) else None
