"""The claims about sizes of one part of a document: what each supposes, in every reading, and what came of it."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product, starmap

from lstm_sym.documents.norms.arguments import arguments, at_the_net, is_told_at_zero
from lstm_sym.documents.norms.carried import STEP, equations
from lstm_sym.documents.norms.links import Link
from lstm_sym.documents.norms.places import letters, where_it_exists
from lstm_sym.documents.norms.reading import RealReader
from lstm_sym.documents.norms.reals import (
    PLAIN,
    Hypothesis,
    Length,
    Measure,
    Name,
    Number,
    Relation,
    built,
    changed,
    kind_of,
    matrices,
    parts,
)
from lstm_sym.documents.norms.refuting import Case
from lstm_sym.documents.norms.relations import claimed, hypothesis
from lstm_sym.documents.norms.supposing import from_one, prove, suppose
from lstm_sym.documents.norms.terms import Model, latest_gradient
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.reading.conventions import Reading as Formula
from lstm_sym.documents.reading.losses import LOSS
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.equality.verdicts import Witness
from lstm_sym.errors import LstmSymError, ProofError
from lstm_sym.expr.affine import Domain, constant, minus, variable
from lstm_sym.expr.labels import Total
from lstm_sym.expr.nodes import Named
from lstm_sym.expr.substitute import named_in
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.reading import Refused
from lstm_sym.proof.recheck import recheck

AFTER_THE_START: Domain = frozenset({minus(variable(STEP), constant(1))})
FEW = 40                                    # nets that are asked before a proof is sought


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to read a claim: conventions, what ^T is, which norm, which eigenvalue is the largest, where a product ends."""

    convention: Convention
    power: str = "transpose"
    norm: str = "2"
    eigenvalue: str = "modulus"
    scope: str = "long"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one choice."""

    choice: Choice
    theorem: Theorem | None = None
    witness: Witness | None = None
    fault: LstmSymError | None = None
    contradictory: bool = False
    unknown: frozenset[str] = frozenset()                    # names that nothing declares
    claim: Relation | None = None
    unfolded: Relation | None = None                         # the claim with derivatives as products over time
    hypotheses: tuple[Hypothesis, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """left relation right under what is supposed, all as laid out; or a relation that words claim of the net's Jacobian."""

    section: Section
    supposed: tuple[Link, ...]
    link: Link | None
    tends: str | None = ""
    said: str = ""                                           # the consequence that words claim
    whole: bool = True                                       # all that the text supposes is among `supposed`
    within: Domain = frozenset()                             # where the text says that indices run

    def read(self, choice: Choice) -> tuple[tuple[Hypothesis, ...], Relation, frozenset[str]]:
        """What is supposed and claimed, in one reading.  Errors: LstmSymError where the claim is not read."""
        reader = RealReader.of(self.section, choice.convention, Formula(power=choice.power), choice.scope)
        claim = claimed(reader, *self.link, self.tends) if self.link is not None else said_of(self.section, self.said)
        supposed = [hypothesis(reader, *link) for link in self.supposed]
        relations = built((*supposed, claim))
        relations = changed(relations, {Name(k): Length(variable(k)) for k in letters(relations)})
        if choice.eigenvalue == "modulus":
            relations = tuple(_of_modulus(x) for x in relations)
        anything = reader.unknown & arguments(relations)
        there = [x for h in relations[:-1] for x in at_the_net(h, anything, self.section)]
        return (*relations[:-1], *there), relations[-1], frozenset(reader.unknown - anything)

    def without_unread(self, convention: Convention) -> Claim:
        """The claim under what is read of its suppositions."""
        read = tuple(x for x in self.supposed if _is_read(self.section, x, convention))
        return self if read == self.supposed else replace(self, supposed=read, whole=False)

    def proved(self, choice: Choice, doubtful: bool = False) -> Outcome:
        """Proved, or not; what is doubtful is first looked at in a few nets."""
        try:
            supposed, claim, unknown = self.read(choice)
        except LstmSymError as fault:
            return Outcome(choice, fault=fault)
        return self.sought(choice, supposed, claim, unknown, doubtful)

    def sought(self, choice: Choice, supposed: tuple[Hypothesis, ...], claim: Relation, unknown: frozenset[str] = frozenset(),
               doubtful: bool = False) -> Outcome:
        """A claim that is read, for the kernel; if it is doubtful, only where a few nets do not speak against it."""
        letter = self.section.vocabulary.indexing.letter
        free = _names(claim) - {key for x in supposed for key in _names(x)}
        base = Outcome(choice, claim=claim, hypotheses=supposed, unknown=unknown | frozenset(free))
        try:
            around, there = (where_it_exists(self.section.recurrence, letter, x) | self.within for x in (claim, supposed))
            unfolded = Model(self.section, choice.convention, around)(claim)
            end = latest_gradient(claim)
            given = Model(self.section, choice.convention, around | there)(supposed, end)
            later = Model(self.section, choice.convention, around | there | from_one(supposed))(supposed, end)
            laws = equations(Model(self.section, choice.convention, AFTER_THE_START), unfolded)
            assumed = suppose(given, unfolded, choice.norm, self.within, laws, later)
            base = replace(base, unfolded=unfolded, contradictory=assumed.contradict())
        except LstmSymError as fault:
            return replace(base, fault=fault)
        if base.contradictory or (doubtful and _case(self, base).search(True, FEW).witness is not None):
            return base
        try:
            theorem = assumed.settled(prove(unfolded, choice.norm, assumed.search), around)
            recheck(theorem)                                 # what the second reader refuses is not proved
        except (ProofError, Refused):
            return base
        return replace(base, theorem=theorem)

    def refuted(self, outcome: Outcome) -> Outcome:
        """What is not proved, with the net against it if there is one."""
        return _refuted(self, outcome) if self.whole and not dangling(outcome) else outcome


def _is_read(section: Section, link: Link, convention: Convention) -> bool:
    try:
        built((hypothesis(RealReader.of(section, convention, Formula()), *link),))
    except LstmSymError:
        return False
    return True


def dangling(outcome: Outcome) -> bool:
    """Does a hypothesis speak of a number that neither the claim nor another hypothesis connects to anything?"""
    supposed = [key for x in outcome.hypotheses for key in _names(x)]
    tied = {key for x in outcome.hypotheses for key in _names(x) if matrices(x) or _is_value(x)}
    claimed = _names(outcome.claim) if outcome.claim is not None else set()
    return any(key not in tied | claimed and supposed.count(key) < 2 for key in supposed)


def _is_value(x: Hypothesis) -> bool:
    """gamma = 1."""
    return isinstance(x, Relation) and x.sign == "=" and isinstance(x.right, Number)


def is_possible(claim: Claim, outcome: Outcome) -> bool:
    """Does any net meet what is supposed?"""
    return not outcome.hypotheses or _case(claim, outcome).search(False).possible


def _refuted(claim: Claim, outcome: Outcome) -> Outcome:
    """A claim that is not proved, for the nets; not where it speaks of what nothing declares."""
    blind = any(arguments((h,)) - _quantities(claim.section) and not is_told_at_zero(h) for h in outcome.hypotheses)
    if outcome.unknown or outcome.fault is not None or outcome.contradictory or blind:
        return outcome
    return replace(outcome, witness=_case(claim, outcome).search(True).witness)


def _case(claim: Claim, outcome: Outcome) -> Case:
    if outcome.claim is None or outcome.unfolded is None:
        raise ProofError("not read")
    choice = outcome.choice
    return Case(claim.section, choice.convention, outcome.hypotheses, outcome.claim, outcome.unfolded, choice.norm,
                claim.section.vocabulary.indexing.letter, claim.within)


def _quantities(section: Section) -> set[str]:
    return {q.name for q in section.recurrence.quantities}


def _names(x: Hypothesis) -> set[str]:
    return {p.key for p in parts(x) if isinstance(p, Name)}


def _of_modulus(x: Hypothesis) -> Hypothesis:
    """The largest eigenvalue as the one of largest modulus."""
    table = {m: replace(m, kind="radius") for m in parts(x) if isinstance(m, Measure) and m.kind == "largest"}
    return changed(x, table)


def choices(claim: Claim, assumed: Convention) -> Iterator[Choice]:
    """Every way to read it that makes a difference, the usual one first."""
    first = Choice(assumed)
    try:
        supposed, relation, _ = claim.read(first)
    except LstmSymError:
        yield first
        yield Choice(assumed, power="power")
        if "layout" not in claim.section.declared:
            yield Choice(replace(assumed, layout="numerator"))
        return
    everything = (*supposed, relation)
    derived = {str(q.label.of) == LOSS for m in matrices(everything) for q in named_in(m) if isinstance(q.label, Total)}
    matters = {"loss": True in derived, "derivative": bool(derived)}
    others = [replace(assumed, **{k: v}) for k, v in (("loss", "last"), ("derivative", "direct"))
              if matters[k] and k not in claim.section.declared]
    powers = ["transpose", *(["power"] if _differs(claim, replace(first, power="power"), (supposed, relation)) else [])]
    kinds = {p.kind for x in everything for p in parts(x) if isinstance(p, Measure)}
    norms = ("2", "1", "inf", "F") if PLAIN in kinds and "2" not in kinds and relation.sign != "->" else ("2",)
    largest = _differs(claim, replace(first, eigenvalue="signed"), (supposed, relation))
    scopes = ("long", "short") if _differs(claim, replace(first, scope="short"), (supposed, relation)) else ("long",)
    values = ("modulus", "signed") if largest else ("modulus",)
    yield from starmap(Choice, product(dict.fromkeys((assumed, *others)), powers, norms, values, scopes))


def _differs(claim: Claim, choice: Choice, usual: tuple[tuple[Hypothesis, ...], Relation]) -> bool:
    """Is it read, and another statement than the usual one?"""
    try:
        return claim.read(choice)[:2] != usual
    except LstmSymError:
        return False


# --- what words claim -----------------------------------------------------------------------------------------------

def said_of(section: Section, consequence: str) -> Relation:
    """The relation that a consequence in words is, for the Jacobian of the one state."""
    (h,) = section.recurrence.states
    t, late = section.recurrence.axes[0].index, section.recurrence.axes[0].length
    label = Total(h.name, h.name, 1)
    kind = "inf" if kind_of(h) == "inf" else "2"
    step, far = (Measure(kind, Named(label, h.shape[0], h.shape[0], *at)) for at in ((t, t - 1), (late, t)))
    zero, one, endless, index = Number(Fraction(0)), Number(Fraction(1)), Number(None), str(late)
    return {"shrinks": Relation("<", step, one), "vanishes": Relation("->", far, zero, index),
            "explodes": Relation("->", far, endless, index), "bounded": Relation("bounded", far, endless, index),
            "persists": Relation("away", far, zero, index)}[consequence]
