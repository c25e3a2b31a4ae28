"""Is a = b?  Proved for all sizes, lengths and values, refuted by a certified witness, or undecided with the reason."""
from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from lstm_sym.equality.normal_form import Undecidable
from lstm_sym.equality.prove import Proof
from lstm_sym.equality.unfold import Definitions, domain_of, level_binders
from lstm_sym.equality.verdicts import Answer, Different, Equal, Undecided
from lstm_sym.equality.witness import agree_in_floats, find_witness
from lstm_sym.errors import BudgetExceeded, DomainViolation, ShapeMismatch
from lstm_sym.expr.affine import Domain, is_empty
from lstm_sym.expr.nodes import Node
from lstm_sym.expr.recurrence import Recurrence

NOTHING = Recurrence()
SECONDS = 2.0                                                # for one question


@dataclass(frozen=True, slots=True)
class Question:
    """a = b, with the recurrence that defines the names, and further conditions on the indices (forms >= 0)."""

    a: Node
    b: Node
    given: Recurrence = NOTHING
    where: Domain = frozenset()


def decide(a: Node, b: Node, given: Recurrence | None = None, where: Domain = frozenset(), seconds: float = SECONDS) -> Answer:
    """a = b for all sizes >= 1, all values where both are defined, and all indices at which every name exists?

    Errors: ShapeMismatch if the shapes differ, MissingRule if a node has no line in a table; never on an open question.
    """
    if a.shape != b.shape:
        raise ShapeMismatch.between("=", a, b)
    return _Decision(Question(a, b, given or NOTHING, where), seconds).answer()


class _Decision:
    """One question on its way to an answer: the likelier of proof and witness is tried first."""

    def __init__(self, question: Question, seconds: float) -> None:
        self.question = question
        self.proof = Proof(Definitions.of(question.given), monotonic() + seconds)

    def answer(self) -> Answer:
        q = self.question
        try:
            context = domain_of(level_binders(q.a - q.b), q.given, q.where)
        except DomainViolation as violation:
            return Undecided(str(violation))
        if is_empty(context):
            return Undecided("no index values at which every name exists")
        if agree_in_floats(q.a, q.b, q.given, context):
            return self._prove(context) or self._refute(context) or self._open("numbers agree, no proof found")
        return self._refute(context) or self._prove(context) or self._open("numbers differ, no certified witness found")

    def _open(self, reason: str) -> Undecided:
        return Undecided(self.reason or reason)

    reason = ""

    def _prove(self, context: Domain) -> Equal | None:
        q = self.question
        try:
            evidence = self.proof.holds(q.a, q.b, context)
            return Equal(evidence, tuple(self.proof.steps)) if evidence else None
        except BudgetExceeded as exceeded:
            self.reason = f"budget: {exceeded}"
        except Undecidable as undecidable:
            self.reason = str(undecidable)
        return None

    def _refute(self, context: Domain) -> Different | None:
        witness = find_witness(self.question.a, self.question.b, self.question.given, context)
        return Different(witness) if witness else None
