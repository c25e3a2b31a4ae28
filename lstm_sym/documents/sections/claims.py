"""One claim under every convention and reading that its section leaves open: built, decided, remembered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from itertools import groupby

from lstm_sym.documents.layout.tree import Function, Layout, Symbol, walk
from lstm_sym.documents.layout.tree import Node as Formula
from lstm_sym.documents.reading.algebra import MENDS, as_diagonal
from lstm_sym.documents.reading.calls import FUNCTION_NAMES
from lstm_sym.documents.reading.conventions import CHOICES, SHORT, Convention, Reading, conventions, differing, readings
from lstm_sym.documents.reading.derivatives import differential, with_direct_inside, with_own_direct
from lstm_sym.documents.reading.losses import as_number, named_loss
from lstm_sym.documents.reading.reader import Quantity, Reader
from lstm_sym.documents.reading.shapes import ONE, Shapes, Typed
from lstm_sym.documents.reading.slopes import ends_by_matrix
from lstm_sym.documents.reading.spelling import names_in
from lstm_sym.documents.reading.step_losses import without_sums
from lstm_sym.documents.sections.deciding import Section, decided
from lstm_sym.documents.sections.jacobians import in_order, is_far
from lstm_sym.documents.sections.later import later_definitions, no_new_names
from lstm_sym.documents.sections.meaning import Derivatives
from lstm_sym.documents.sections.outcomes import Outcome, proved
from lstm_sym.equality.decide import NOWHERE, proof_of
from lstm_sym.equality.verdicts import Equal, Undecided
from lstm_sym.errors import (
    Broken,
    DomainViolation,
    LstmSymError,
    OutOfReach,
    ShapeMismatch,
    UnknownName,
)
from lstm_sym.expr.affine import Domain, constant, minus, variable
from lstm_sym.expr.labels import Total
from lstm_sym.expr.nodes import Named, Node, transpose
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import named_in

MOST_HARD = 3  # readings of one claim that run out of their budget


@dataclass(slots=True)
class Judge:
    """Reads and decides the two sides of one relation."""

    section: Section
    left: Layout
    right: Layout
    where: Domain = frozenset()  # forms at least 0 at the times of which the claim is made
    head: Layout | None = None  # what its chain begins with, if not with the left side
    warnings: set[str] = field(default_factory=set)
    relevant: set[str] = field(default_factory=set)
    known: dict[tuple[Convention, Reading], Outcome] = field(default_factory=dict)
    hard: int = 0

    def assumed(self) -> Outcome:
        """What comes of it under the conventions assumed where nothing is said, in the usual reading."""
        return self.outcome(Convention(**{**_defaults(), **self.section.declared}), Reading())

    def outcomes(self, base: Convention | None = None) -> list[Outcome]:
        """The conventions and readings that make a difference, that of `base` (or the usual one) first.

        Those that change fewer choices come first; once some of them prove the claim, those that change more are left.
        """
        first = self.outcome(base, Reading()) if base is not None else self.assumed()
        choices = {n: c for n, c in self._choices().items() if n not in self.section.declared}
        fixed = {f.name: getattr(first.convention, f.name) for f in fields(Convention) if f.name not in choices}
        every = [(c, r) for c in conventions(fixed, choices) for r in readings(frozenset(self.relevant))]

        def distance(other: tuple[Convention, Reading]) -> int:
            return differing(other[0], first.convention) + differing(other[1], first.reading)

        found = [first]
        for away, those in groupby(sorted(every, key=distance), distance):
            if any(proved(found)):
                break
            found += [self.outcome(c, r) for c, r in those] if away else []
        return found

    def _choices(self) -> dict[str, tuple[str, ...]]:
        """The conventions that can matter to this formula."""
        found: dict[str, tuple[str, ...]] = {"layout": ("columns",)}
        if "gradient" in self.relevant:
            found["layout"] += ("numerator",)
        if "jacobian" in self.relevant:
            found["layout"] += ("denominator",)
            found["derivative"] = CHOICES["derivative"]
        if "gradient" in self.relevant:
            found["loss"] = CHOICES["loss"]
            model = self.section.recurrence
            if {q.name for q in model.states} != {q.name for q in model.outputs} and not self.section.loss.reads:
                found["reads"] = CHOICES["reads"]
        return found

    def outcome(self, convention: Convention, reading: Reading) -> Outcome:
        """Decided once for each convention and reading; left open once too many of them were too hard."""
        if convention.layout != "columns":
            reading = replace(reading, chain="as written")
        key = convention, reading
        if key not in self.known:
            if self.hard == MOST_HARD:
                return Outcome(convention, reading, Undecided("budget: too many readings of a hard claim"))
            self.known[key] = self._decided(convention, reading)
            self.hard += self.known[key].is_hard
        return self.known[key]

    def _decided(self, convention: Convention, reading: Reading) -> Outcome:
        found = self._decided_as(convention, reading, self)
        direct = convention.derivative == "direct" and self._with_direct_inside()
        if not direct or isinstance(found.answer, Equal):
            return found
        other = self._decided_as(replace(convention, derivative="total"), reading, direct)
        return replace(other, convention=convention) if isinstance(other.answer, Equal) else found

    def _with_direct_inside(self) -> Judge | None:
        """dv_t/db = sum_k dv_t/dv_k dv_k/db, whose inner dv_k/db are direct partials, though all the others are total."""
        right = self.right
        if isinstance(self.left, Formula) and isinstance(right, Formula):
            right = with_direct_inside(self.left, right, self.section.vocabulary.indexing)
        return None if right is self.right else replace(self, right=right, known={})

    def _decided_as(self, convention: Convention, reading: Reading, judge: Judge) -> Outcome:
        try:
            sides = judge._read(convention, reading)
            given = self.section.given(convention, sides, is_far(sides))
            _all_defined(sides, given)
            where, answers = self.where | self._steps(), self.section.answers
            question = sides, where, given.axes, given.defining(q.label for side in sides for q in named_in(side))
            if question not in answers:
                answers[question] = decided(self.section, sides, convention, where)
            answer, absent = answers[question]
            if isinstance(answer, Undecided) and answer.reason == NOWHERE:
                raise DomainViolation(f"{NOWHERE}, where the loss reads: {convention.loss}")
            return Outcome(convention, reading, answer, None, sides, given, absent)
        except LstmSymError as fault:
            return Outcome(convention, reading, fault=fault)
        except Exception as bug:                             # ours: other readings and claims are judged all the same
            return Outcome(convention, reading, fault=Broken(bug))

    def _steps(self) -> Domain:
        """1 <= t <= T of a claim about dv_t/dW, whose names all stand below sums."""
        found = differential(self.left, self.section.vocabulary.indexing)
        if found is None or found.of.time is None or found.by.time is not None:
            return frozenset()
        return frozenset((minus(found.of.time, constant(1)), minus(variable("T"), found.of.time)))

    def mended(self, convention: Convention) -> Iterator[tuple[str, Node, Node, Recurrence]]:
        """The claim with what does not fit repaired in one way throughout, where that makes it true."""
        for mend in MENDS:
            try:
                left, right = self._read(convention, Reading(), mend)
                given = self.section.given(convention, (left, right))
                if proof_of(left, right, given, in_order((left, right)) | self.where):
                    yield mend, left, right, given
            except LstmSymError:
                continue

    def fits(self, convention: Convention, mend: str) -> bool:
        """Do the shapes fit with this repair?"""
        try:
            return bool(self._read(convention, Reading(), mend))
        except LstmSymError:
            return False

    def _read(self, convention: Convention, reading: Reading, mend: str = "") -> tuple[Node, Node]:
        v = self.section.vocabulary
        meaning, quantities = Derivatives(self.section), later_definitions(self.section, convention)
        shapes = v.shapes.copy()
        quantities = {**quantities, **self._arbitrary(shapes)}
        r = Reader(shapes, quantities, v.indexing, meaning, no_new_names, convention, reading,
                   mend=mend, warnings=self.warnings, relevant=self.relevant, functions=v.functions)
        try:
            left = r.read(self.left)
        except (OutOfReach, ShapeMismatch):
            if not ends_by_matrix(self.left, r):
                raise
            return self._beside_any(r, reading)
        r.expected = left.shape
        right = r.read(self._right(reading))
        left, right = self._level(left, right, r)
        if mend == "turned":
            right = r.transpose(right)
        if mend == "diag" and r.is_column(right) and r.is_matrix(left):
            right = as_diagonal(r, right)
        r.shapes.unify_shapes(left.shape, right.shape)
        sides = self._simple(left.build()), self._simple(right.build())
        names = {name.key for name, _ in self.section.written}
        if any(q.name in names for side in sides for q in named_in(side)):
            self.relevant.add("gradient")
        return sides

    def _right(self, reading: Reading) -> Layout:
        """The right side, in which the derivative on the left may stand for its direct partial."""
        if not isinstance(self.left, Formula) or not isinstance(self.right, Formula):
            return self.right
        direct = with_own_direct(self.left, self.right, self.section.vocabulary.indexing)
        if direct is not self.right:
            self.relevant.add("own")
        return direct if reading.own == "direct" else self.right

    def _beside_any(self, r: Reader, reading: Reading) -> tuple[Node, Node]:
        """Both sides of a claim about dv/dW beside an arbitrary row; nothing is concluded where they do not fit."""
        d = r.shapes.fresh(wide=True)
        row = Typed((ONE, d), lambda: transpose(Named(r"\mathbf{g}", r.size(d), 1)))
        plain, r = r, replace(r, beside=row)
        try:
            left, right = _of_all_paths(r).read(self.left), r.read(self._right(reading))
            if not plain.is_matrix(right) and differential(self.left, r.indexing) is not None:
                left, right = _immediate(r).read(self.left), self._for_short(plain, row, right)
            r.shapes.unify_shapes(left.shape, right.shape)
        except ShapeMismatch as fault:
            raise OutOfReach(f"a derivative by a matrix has more than two indices: {fault}", (0, 0)) from fault
        return self._simple(left.build()), self._simple(right.build())

    def _for_short(self, r: Reader, g: Typed, x: Typed) -> Typed:
        """The x_t or x_t' of dz_t/dW = x_t: behind a gradient g of z_t it stands for g x_t'."""
        self.relevant.add(SHORT)
        whole = r.matmul(r.transpose(g), r.transpose(x) if r.is_column(x) else x)
        return r.transpose(whole) if r.convention.layout == "numerator" else whole

    def _simple(self, side: Node) -> Node:
        """Without the author's names for derived expressions, and sums of gradients as gradients of the sum."""
        return without_sums(self.section.without_helpers(side), self.section.recurrence)

    def _level(self, left: Typed, right: Typed, r: Reader) -> tuple[Typed, Typed]:
        """A number, written without names, stands for all entries: h_0 = 0."""
        indexing = self.section.vocabulary.indexing
        if r.is_scalar(right) and not r.is_scalar(left) and not any(names_in(self.right, indexing)):
            return left, r.spread(right, left.shape)
        if r.is_scalar(left) and r.is_column(right) and named_loss(self.left, indexing) is not None:
            return left, Typed(left.shape, lambda: as_number(right.build()))
        if r.is_scalar(left) and not r.is_scalar(right) and not any(names_in(self.left, indexing)):
            return r.spread(left, right.shape), right
        return left, right

    @property
    def is_about_a_function(self) -> bool:
        """Is it about a function at any argument, as tanh'(x) = 1 - tanh^2(x) is?"""
        return bool(self._arbitrary(self.section.vocabulary.shapes.copy()))

    def _arbitrary(self, shapes: Shapes) -> dict[str, Quantity]:
        """The x of tanh'(x) = 1 - tanh^2(x): the one name of a claim about a function, not defined anywhere."""
        v = self.section.vocabulary
        names = {
            n for side in (self.left, self.right) for n in names_in(side, v.indexing) if n.key not in FUNCTION_NAMES
        }
        functions = any(
            isinstance(n, Function) or (isinstance(n, Symbol) and n.name in FUNCTION_NAMES)
            for side in (self.left, self.right)
            for n in walk(side)
        )
        if len({n.key for n in names}) != 1 or not functions or any(n.time is not None or n.primes for n in names):
            return {}
        key = next(iter(names)).key
        known = v.quantities.get(key)
        if known is not None and not known.indexed:
            return {}
        return {key: Quantity(key + "'" if known is not None else key, (shapes.fresh(wide=True), ONE))}


def _all_defined(sides: tuple[Node, Node], given: Recurrence) -> None:
    """Errors: UnknownName for a gradient by a quantity that the loss, as this convention has it, does not depend on."""
    known = {q.label for q in given.quantities}
    reached = given.reached(q.label for side in sides for q in named_in(side))
    absent = [str(name) for name in reached if isinstance(name, Total) and name not in known]
    if absent:
        raise UnknownName(f"{min(absent)} is no quantity here: what it differentiates does not depend on it")


def _of_all_paths(r: Reader) -> Reader:
    """dv/dW alone on the left is the total derivative, though the sum beside it be one of direct partials."""
    return replace(r, convention=replace(r.convention, derivative="total"))


def _immediate(r: Reader) -> Reader:
    """dz_t/dW = x_t' is about the W of that step alone."""
    return replace(r, convention=replace(r.convention, derivative="direct"))


def _defaults() -> dict[str, str]:
    return {f.name: getattr(Convention(), f.name) for f in fields(Convention)}
