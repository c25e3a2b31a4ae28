"""What came of a claim in one convention and reading, and what several of them say together."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lstm_sym.documents.reading.conventions import Convention, Reading
from lstm_sym.equality.verdicts import Answer, Different, Equal, Undecided
from lstm_sym.errors import LstmSymError, ShapeMismatch
from lstm_sym.expr.nodes import Node
from lstm_sym.expr.recurrence import Recurrence


@dataclass(frozen=True, slots=True)
class Outcome:
    """One convention and reading of a claim, and what came of it."""

    convention: Convention
    reading: Reading
    answer: Answer | None = None  # None: the reading does not fit
    fault: LstmSymError | None = None
    sides: tuple[Node, Node] | None = None
    given: Recurrence | None = None
    absent: bool = False  # terms that name what does not exist were taken as 0

    @property
    def is_hard(self) -> bool:
        """Is it left open because it was too hard to prove?"""
        return isinstance(self.answer, Undecided) and self.answer.is_hard


def proved(outcomes: list[Outcome]) -> Iterator[Outcome]:
    """Those that hold."""
    return (o for o in outcomes if isinstance(o.answer, Equal))


def refuted(outcomes: list[Outcome]) -> bool:
    """Has every reading that fits a certified witness against it?"""
    fitting = [o for o in outcomes if o.answer is not None]
    return bool(fitting) and all(isinstance(o.answer, Different) for o in fitting)


def ill_typed(outcomes: list[Outcome]) -> ShapeMismatch | None:
    """The first misfit, if no reading fits."""
    faults = [o.fault for o in outcomes if isinstance(o.fault, ShapeMismatch)]
    return faults[0] if faults and all(isinstance(o.fault, ShapeMismatch) for o in outcomes) else None
