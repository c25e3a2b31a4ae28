"""A claim that is false of any targets may be true of those a cross-entropy has: they sum to 1, and may be one-hot."""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.judged import Judged, conditional
from lstm_sym.documents.sections.outcomes import Outcome
from lstm_sym.documents.sections.targets import with_one_hot, with_unit_targets
from lstm_sym.equality.decide import answer as first_answer
from lstm_sym.equality.verdicts import Different, Equal, Undecided
from lstm_sym.expr.substitute import named_in


def for_targets(section: Section, outcomes: list[Outcome]) -> Judged | None:
    """True, in some reading, once the targets of a cross-entropy sum to 1?"""
    unit = with_unit_targets(section)
    return None if unit is None else next(filter(None, (_for_targets(section, *unit, o, outcomes[0]) for o in outcomes)), None)


def _for_targets(
    section: Section, summing: Section, condition: str, names: frozenset[str], found: Outcome, first: Outcome
) -> Judged | None:
    """In one reading.  Of the usual one it is said, too, if that stays open."""
    if found.sides is None:
        return None
    answer = first_answer(*found.sides, summing.given(found.convention, found.sides))
    if isinstance(answer, Undecided) and found is first:
        return Judged("undecided", f"false in general; in numbers true if {condition}, and no proof found", outcome=first)
    if not isinstance(answer, Equal):
        return None
    stated = section.values.targets or names <= section.values.summing
    if found is first and stated:
        return Judged("proved", f"where {condition}, as the text says", evidence=answer.evidence, outcome=first)
    if found is first:
        return Judged("conditional", f"true if {condition}", condition=condition, evidence=answer.evidence, outcome=first)
    held = conditional(replace(found, answer=answer), first)
    whole = " and ".join(filter(None, (held.condition, None if stated else condition)))
    return replace(held, message=f"true if {whole}", condition=whole)


def for_one_hot(section: Section, first: Outcome) -> Judged | None:
    """Open, unless it is false of columns that are one-hot as well, where the text calls them so."""
    special = with_one_hot(section) if first.sides is not None else None
    if special is None or first.sides is None or first.given is None:
        return None
    read = first.given.reached(q.label for side in first.sides for q in named_in(side))
    about = [q.name for q in section.recurrence.inputs if q.label in read and q.name in section.values.one_hot]
    if not about:
        return None
    answer = first_answer(*first.sides, special.given(first.convention, first.sides))
    text = f"false in general; {', '.join(about)} is one-hot, and no witness of that kind was found"
    return None if isinstance(answer, Different) else Judged("undecided", text, outcome=first)
