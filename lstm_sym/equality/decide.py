"""Is a = b?  Proved for all sizes, lengths and values, refuted by a certified witness, or undecided with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import process_time

from lstm_sym.equality.existence import domain_of
from lstm_sym.equality.freeze import freeze
from lstm_sym.equality.places import cost
from lstm_sym.equality.prove import Proof
from lstm_sym.equality.search import holds
from lstm_sym.equality.terms import TOO_MUCH, Undecidable, Work
from lstm_sym.equality.unfold import Definitions, level_binders
from lstm_sym.equality.verdicts import Answer, Different, Equal, Undecided
from lstm_sym.equality.witness import agree_in_floats, by_hand, find_witness
from lstm_sym.errors import BudgetExceeded, DomainViolation, Inexact, ShapeMismatch
from lstm_sym.expr.affine import Domain, is_empty, symbols
from lstm_sym.expr.nodes import Node
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices, named_in

NOWHERE = "no index values at which every name exists"
STEPS = 40_000  # of work, for one question
SECONDS = 10.0  # a last resort
MOST_NODES = 20_000  # of both sides
RESERVED = "#~%"  # first characters of the names of bound indices


@dataclass(frozen=True, slots=True)
class Question:
    """a = b, with the recurrence that defines the names, and further conditions on the indices (forms >= 0)."""

    a: Node
    b: Node
    given: Recurrence
    where: Domain = frozenset()


def decide(
    a: Node, b: Node, given: Recurrence | None = None, where: Domain = frozenset(), seconds: float = SECONDS
) -> Answer:
    """a = b for all sizes >= 1, all values where both are defined, and all indices at which every name exists?

    given: the definitions of the names; without it every name is arbitrary.  A name it does not know may prove, not refute.
    A condition on values, such as 1' y = 1, is given by an equation that says all values it leaves: y = u + (1 - 1' u)/n.
    The witness of a difference is one that can be followed by hand, if there is one.
    Errors: ShapeMismatch if the shapes differ, MissingRule if a node has no line in a table; never on an open question.
    """
    return _answered(_Decision.by_hand, a, b, given, where, seconds)


def answer(
    a: Node, b: Node, given: Recurrence | None = None, where: Domain = frozenset(), seconds: float = SECONDS
) -> Answer:
    """As `decide`, in less time: the witness is the first that is certified."""
    return _answered(_Decision.answer, a, b, given, where, seconds)


def _answered(
    how: Callable[[_Decision], Answer], a: Node, b: Node, given: Recurrence | None, where: Domain, seconds: float
) -> Answer:
    try:
        return how(_decision(a, b, given, where, seconds))
    except Undecidable as beyond:
        return Undecided(str(beyond))
    except RecursionError:
        return Undecided("budget: nested too deeply")


def proof_of(
    a: Node, b: Node, given: Recurrence | None = None, where: Domain = frozenset(), seconds: float = SECONDS, depth: int = 1
) -> Equal | None:
    """The proof that a = b, or None; as `decide`, but where numbers differ nothing more is tried.

    depth: how many steps beyond the claim's own times definitions are unfolded.
    """
    try:
        return _decision(a, b, given, where, seconds).proof(depth)
    except (Undecidable, RecursionError):
        return None


def _decision(a: Node, b: Node, given: Recurrence | None, where: Domain, seconds: float) -> _Decision:
    """Errors: ShapeMismatch; Undecidable for a question that is not taken up."""
    if a.shape != b.shape:
        raise ShapeMismatch.between("=", a, b)
    known = given if given is not None else Recurrence(given=tuple(dict.fromkeys((*named_in(a), *named_in(b)))))
    names = {s.name for s in free_indices(a) | free_indices(b)} | symbols(where)
    if any(name.startswith(tuple(RESERVED)) for name in names):
        raise Undecidable(f"an index may not be called {', '.join(sorted(names))}: {RESERVED} begin the names of bound ones")
    if cost(a - b, {}, terms=1) > MOST_NODES:
        raise Undecidable(f"budget: more than {MOST_NODES} nodes, shared ones counted each time")
    return _Decision(Question(a, b, known, where), process_time() + seconds, given is None)


class _Decision:
    """One question on its way to an answer: the likelier of proof and witness first."""

    def __init__(self, question: Question, deadline: float, arbitrary: bool) -> None:
        self.question, self.deadline, self.arbitrary = question, deadline, arbitrary
        self.reason = ""

    def answer(self) -> Answer:
        try:
            context = self._context()
        except (DomainViolation, Inexact) as violation:
            return Undecided(str(violation))
        if is_empty(context):
            return Undecided(NOWHERE)
        if self._agree(context):
            return self._prove(context) or self._refute(context) or self._open("numbers agree, no proof found")
        return self._refute(context) or self._prove(context) or self._open("numbers differ, no certified witness found")

    def by_hand(self) -> Answer:
        """The answer, with a simpler witness than the first, if there is one."""
        found, q = self.answer(), self.question
        if not isinstance(found, Different):
            return found
        return Different(by_hand(q.a, q.b, q.given, self._context(), self.deadline) or found.witness)

    def proof(self, depth: int = 1) -> Equal | None:
        """The proof alone."""
        try:
            context = self._context()
        except (DomainViolation, Inexact):
            return None
        return None if is_empty(context) or not self._agree(context) else self._prove(context, depth)

    def _context(self) -> Domain:
        """Where every name exists.  Errors: DomainViolation, Inexact."""
        q = self.question
        freeze(q.a - q.b)
        return domain_of(level_binders(q.a - q.b), q.given if not self.arbitrary else Recurrence(), q.where)

    def _agree(self, context: Domain) -> bool:
        return agree_in_floats(self.question.a, self.question.b, self.question.given, context)

    def _open(self, reason: str) -> Undecided:
        late = "budget: the time for one question is used up" if process_time() > self.deadline else ""
        return Undecided(self.reason or late or reason)

    def _prove(self, context: Domain, depth: int = 1) -> Equal | None:
        q = self.question
        proof = Proof(Definitions.of(q.given), Work(self.deadline, STEPS))
        try:
            evidence = holds(proof, q.a, q.b, context, depth)
            if evidence:
                return Equal(evidence, tuple(proof.steps))
            self.reason = f"budget: {TOO_MUCH}" if proof.work.given_up else ""
        except BudgetExceeded as exceeded:
            self.reason = f"budget: {exceeded}"
        except (Undecidable, Inexact) as undecidable:
            self.reason = str(undecidable)
        return None

    def _refute(self, context: Domain) -> Different | None:
        q = self.question
        witness = find_witness(q.a, q.b, q.given, context, self.deadline)
        return Different(witness) if witness else None
