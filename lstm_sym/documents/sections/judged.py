"""What was decided of a claim, and the words for the choices under which it holds."""
from __future__ import annotations

from dataclasses import dataclass, fields

from lstm_sym.documents.sections.outcomes import Outcome
from lstm_sym.equality.verdicts import Equal, Witness
from lstm_sym.expr.nodes import Node

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
    ("own", "total"): "the derivative that stands on both sides is the total one",
    ("chain", "transposed"): "a gradient times Jacobians stands for the column of the chain rule, beside gradients as columns",
    ("chain", "as written"): "a gradient times Jacobians is that product",
}
ABSENT = "what does not exist, beyond the ends of a sum, counts as zero"
CODES = {"derivative": "E112", "layout": "E111", "hadamard": "W202", "power": "W201", "chain": "E111"}


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
    shown: Outcome | None = None  # that the witness belongs to


def changed(new: Outcome, old: Outcome) -> list[tuple[str, str]]:
    """The choices in which two outcomes differ."""
    return [
        (f.name, getattr(a, f.name))
        for a, b in ((new.convention, old.convention), (new.reading, old.reading))
        for f in fields(a)
        if getattr(a, f.name) != getattr(b, f.name)
    ]


def conditional(held: Outcome, first: Outcome) -> Judged:
    """True under another choice than the assumed one: say which."""
    choices = changed(held, first)
    condition = " and ".join([*(CONDITIONS[c] for c in choices), *([ABSENT] if held.absent else [])])
    code = next((CODES[n] for n, _ in choices if n in CODES), "E103" if held.absent else None)
    if code is None and ("loss", "last") in choices:
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
