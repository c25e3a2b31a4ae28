"""Two sides in a section: what defines their names there, and whether they are equal.

A total Jacobian can be defined forward or backward in time; a sum may name what does not exist for some of its terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from sympy.core.symbol import Str, Symbol

from lstm_sym.calculus.backward import backward
from lstm_sym.calculus.jacobian import direct_jacobian
from lstm_sym.calculus.sensitivity import adjoint_sensitivity, sensitivity
from lstm_sym.documents.layout.tree import Layout
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.reading.losses import LOSS, Loss, of_step, step_scans
from lstm_sym.documents.reading.model import Vocabulary, helpers
from lstm_sym.documents.reading.reader import Quantity
from lstm_sym.documents.reading.spelling import Spelled
from lstm_sym.documents.reading.step_losses import equations, of_any_step, partials, read_of, through
from lstm_sym.documents.sections.direct_paths import is_path, path_scans
from lstm_sym.documents.sections.jacobians import (
    Sides,
    folded,
    from_the_earlier_step,
    in_order,
    inside,
    is_far,
    is_jacobian,
    of_the_model,
    one_step,
    untransposed,
)
from lstm_sym.equality.decide import answer as first_answer
from lstm_sym.equality.decide import decide, proof_of
from lstm_sym.equality.existence import existence
from lstm_sym.equality.verdicts import Answer, Different, Equal, Undecided, Witness
from lstm_sym.expr.affine import Domain, implies, is_empty
from lstm_sym.expr.indices import affine, expression, integer
from lstm_sym.expr.labels import Total, label_text
from lstm_sym.expr.nodes import BINDERS, Named, Node, ProductOver, Transpose, When, Zeros, transpose
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan, once
from lstm_sym.expr.substitute import fresh_index, named_in, nodes_in, replace_indices, replace_named


@dataclass(frozen=True, slots=True)
class Values:
    """What the text states of values: the names that are one-hot, those that sum to 1, and whether all targets do."""

    one_hot: frozenset[str] = frozenset()
    summing: frozenset[str] = frozenset()
    targets: bool = False


@dataclass(slots=True)
class Section:
    """A model with its vocabulary and the author's further definitions."""

    vocabulary: Vocabulary
    recurrence: Recurrence
    declared: dict[str, str] = field(default_factory=dict)  # conventions the document fixes
    loss: Loss = field(default_factory=Loss)
    written: list[tuple[Spelled, Layout]] = field(
        default_factory=list
    )  # definitions with derivatives: delta_t = dL/da_t
    later: dict[Convention, tuple[dict[str, Quantity], tuple[Equation, ...]]] = field(default_factory=dict)  # as read
    zero: set[str] = field(default_factory=set)  # quantities whose initial value is taken as 0
    values: Values = field(default_factory=Values)
    any_sigma: bool = False  # the words call sigma an activation function, and not which
    answers: dict[object, tuple[Answer, bool]] = field(default_factory=dict, init=False)  # to the same sides, defined alike

    @property
    def explicit(self) -> bool:
        """Is the loss an equation of the model?"""
        return any(e.lhs.name == LOSS and not e.lhs.indices for e in self.recurrence.equations)

    def without_helpers(self, node: Node) -> Node:
        """The expression with the author's names for derived expressions, A_t = diag(1 - h_t^2) W, put in."""
        model = self.recurrence
        named = {e.lhs.label: e for e in helpers(model.equations, [q.label for q in model.states]) if e.over}
        for _ in named:
            node = replace_named(node, lambda q: _at(named[q.label], q) if q.label in named else q)
        return node

    def reads(self, convention: Convention) -> tuple[str, ...] | None:
        """The quantities a loss that is no equation reads."""
        chosen = self.recurrence.outputs if convention.reads == "output" else self.recurrence.states
        of_convention = tuple(q.name for q in chosen or self.recurrence.outputs)
        return None if self.explicit else self.loss.reads or of_convention

    def seed(self, convention: Convention) -> str | None:
        """The loss as `backward` names it."""
        return LOSS if self.explicit else "last" if convention.loss == "last" else None

    def with_gradients(self, convention: Convention) -> Recurrence:
        """The model and the gradients of its loss."""
        return _gradients(self.recurrence, self.seed(convention), self.reads(convention))

    def given(self, convention: Convention, sides: tuple[Node, ...], adjoint: bool = False) -> Recurrence:
        """Everything that defines the names of a claim: gradients, later definitions, total Jacobians."""
        read = self.explicit or self.reads(convention) or self.recurrence.states
        base = self.with_gradients(convention) if read else self.recurrence
        _, later = self.later.get(convention, ({}, ()))
        if later:
            base = base.then(once(*later))
        pairs = dict.fromkeys(
            (label_text(q.label.of), label_text(q.label.by))
            for side in (*sides, *(e.rhs for e in later))
            for q in named_in(side)
            if is_jacobian(q)
        )
        named = [q for side in (*sides, *(e.rhs for e in later)) for q in named_in(side)]
        steps = tuple(dict.fromkeys(q.label.by for q in named if of_any_step(q)))
        seeds = partials(self.recurrence, self.seed(convention), self.reads(convention)) if steps else ()
        of_seeds = [(str(s.source.label), str(v)) for v in through(self.recurrence, steps)
                    for s in read_of(self.recurrence, v, seeds) if s.source.indices]
        jacobians: list[Named] = []
        for of, by in dict.fromkeys((*pairs, *of_seeds)):
            extra = _jacobian(self.recurrence, of, by, adjoint)
            axes = tuple(a for a in extra.axes if a not in base.axes)
            base = base.then(*_new(extra.scans[len(self.recurrence.scans) :], base), axes=base.axes + axes)
            jacobians += extra.outputs
        of_steps = tuple(equations(self.recurrence, steps, seeds, jacobians)) if steps else ()
        if any(of_step(q) for side in (*sides, *(e.rhs for e in (*later, *of_steps))) for q in named_in(side)):
            base = base.then(*step_scans(self.recurrence, self.seed(convention), self.reads(convention)))
        base = base.then(once(*of_steps)) if of_steps else base
        for name in dict.fromkeys(str(q.label.of) for side in sides for q in named_in(side) if is_path(q)):
            axes, scans = path_scans(self.recurrence, name)
            base = base.then(*scans, axes=base.axes + tuple(a for a in axes if a not in base.axes))
        free = dict.fromkeys(q for side in sides for q in named_in(side) if isinstance(q.label, Str) and not q.indices)
        return base.then(given=(*base.given, *(q for q in free if q not in base.quantities)))

    def from_zero(self, given: Recurrence) -> Recurrence:
        """The initial values that the author takes as 0 put in."""
        ends = tuple(q for q in given.initial if q.name in self.zero)
        kept = tuple(q for q in given.initial if q not in ends)
        start = once(*(Equation(q, Zeros(*q.shape)) for q in ends))
        return replace(given, initial=kept, scans=(start, *given.scans)) if ends else given


@lru_cache(maxsize=64)
def _gradients(recurrence: Recurrence, seed: str | None, reads: tuple[str, ...] | None) -> Recurrence:
    return backward(recurrence, seed, name=LOSS, reads=reads)


@lru_cache(maxsize=256)
def _jacobian(recurrence: Recurrence, of: str, by: str, adjoint: bool) -> Recurrence:
    """The total Jacobian of one quantity by another, forward in time or backward."""
    derive = adjoint_sensitivity if adjoint else sensitivity
    return derive(recurrence, of, by)


def _new(scans: tuple[Scan, ...], base: Recurrence) -> Iterator[Scan]:
    """The scans without what is defined already: dh_t/dc_k on the way to dc_t/dc_k, and by itself."""
    defined = {e.lhs.label for e in base.equations}
    for scan in scans:
        equations = tuple(e for e in scan.equations if e.lhs.label not in defined)
        if equations:
            yield replace(scan, equations=equations)


def _at(equation: Equation, q: Named) -> Node:
    """The right side of the equation of q at q's own times."""
    return replace_indices(equation.rhs, dict(zip(equation.lhs.indices, q.indices, strict=True)))


def decided(
    section: Section, sides: Sides, convention: Convention, where: Domain, how: Callable[..., Answer] = first_answer
) -> tuple[Answer, bool]:
    """left = right at these times?  And whether terms that name what does not exist were taken as 0 to say so.

    A claim that is too hard names nothing of the kind.
    """
    answer = _either_way(how, section, sides, convention, where)
    if not isinstance(answer, Equal) and section.zero:
        answer = _either_way(how, section, sides, convention, where, from_zero=True)
    if isinstance(answer, Undecided) and not answer.is_hard:
        present = tuple(absent_as_zero(side, section.given(convention, sides)) for side in sides)
        if present != sides:
            found = _either_way(how, section, (present[0], present[1]), convention, where)
            return (answer, False) if isinstance(found, Undecided) else (found, True)
    return answer, False


def witness_of(section: Section, sides: Sides, convention: Convention, where: Domain) -> Witness | None:
    """Where a refuted claim fails, with numbers that can be followed by hand."""
    answer, _ = decided(section, sides, convention, where, decide)
    return answer.witness if isinstance(answer, Different) else None


def is_true(section: Section, sides: Sides, convention: Convention) -> bool:
    """Is left = right proved?  No witness is looked for."""
    return any(_is_proved(*question) for question in _ways(section, sides, convention))


@lru_cache(maxsize=256)
def _is_proved(a: Node, b: Node, given: Recurrence, where: Domain) -> bool:
    """The claims about sizes of one document ask again and again whether a derivative is a product over time."""
    return proof_of(a, b, given, where) is not None


def _either_way(
    how: Callable[..., Answer], section: Section, sides: Sides, convention: Convention, where: Domain, from_zero: bool = False
) -> Answer:
    """What one way of defining total Jacobians, or of counting their steps, leaves open, another may not."""
    answer: Answer = Undecided("no way to decide this")
    for question in _ways(section, sides, convention, where, from_zero):
        answer = how(*question)
        if not isinstance(answer, Undecided):
            return answer
    moved = from_the_earlier_step(sides, where)
    ways = () if moved is None else _ways(section, moved[0], convention, moved[1], from_zero)
    return next(filter(None, (proof_of(*question) for question in ways)), answer)


def _ways(
    section: Section, sides: Sides, convention: Convention, where: Domain = frozenset(), from_zero: bool = False
) -> Iterator[tuple[Node, Node, Recurrence, Domain]]:
    """The questions a claim is: about the model alone, where its Jacobians are of one step; with total Jacobians defined
    forward in time, or backward.
    """
    near = of_the_model(*sides, section.recurrence)
    if near != sides:
        given = section.given(convention, near)
        yield *near, section.from_zero(given) if from_zero else given, in_order(sides) | where
    around = in_order(sides) | where
    alone = any(isinstance(side, ProductOver) for side in sides)     # what a product is equal to is proved by its own induction
    short = sides if alone else tuple(folded(side, lambda P: _whole(section.recurrence, P), around) for side in sides)
    if short != sides:
        given = section.given(convention, short)
        yield *short, section.from_zero(given) if from_zero else given, around
    far = is_far(sides)
    fixed = any((is_jacobian(q) or of_any_step(q)) and len(set(q.indices)) > 1 for side in sides for q in named_in(side))
    if any(isinstance(n, BINDERS) for side in sides for n in nodes_in(side)):
        sides = untransposed(*(one_step(side, section.recurrence) for side in sides))
    for adjoint in (far, not far) if fixed else (False,):
        given = section.given(convention, sides, adjoint)
        yield *sides, section.from_zero(given) if from_zero else given, in_order(sides) | where


def known(sides: Sides, given: Recurrence, where: Domain = frozenset()) -> Equal | None:
    """The proof that a corrected claim is true."""
    near = of_the_model(*sides, given)
    return proof_of(*near, given, where) or (proof_of(*sides, given, where) if near != sides else None)


def _whole(model: Recurrence, product: ProductOver) -> Node | None:
    """dv_t/dv_s of the only state v, for the product over k = s + 1 .. t of dv_k/dv_{k-1} as it is named or derived."""
    body, k, low, high, way = product.args
    body, turned = (body.args[0], True) if isinstance(body, Transpose) else (body, False)
    if len(model.states) != 1 or (way == 1) != turned:
        return None
    v = model.states[0]
    named = Named(Total(v.label, v.label, 1), v.shape[0], v.shape[0], high, low - 1)
    one, step = Named(named.label, *named.shape, k, k - 1), direct_jacobian(model, v[k], v[k - 1])
    if body not in (one, step) or not _is_chain(model, step, k):
        return None
    return transpose(named) if turned else named


@lru_cache(maxsize=64)
def _is_chain(model: Recurrence, step: Node, k: Symbol) -> bool:
    """Is dv_t/dv_s the product of these steps for all s <= t?"""
    v, t, s = model.states[0], model.axes[0].index, fresh_index(integer("s"), frozenset((k, model.axes[0].index)))
    J = Named(Total(v.label, v.label, 1), v.shape[0], v.shape[0], t, s)
    given, where = _jacobian(model, str(v.label), str(v.label), True), frozenset((affine(t - s), affine(s)))
    return proof_of(J, ProductOver(step, k, s + 1, t, -1), given, where) is not None


# --- terms that do not exist ----------------------------------------------------------------------------------------


def absent_as_zero(node: Node, given: Recurrence) -> Node:
    """node where a quantity below a sum counts only where it exists: delta_0 and h_{T+1} as 0."""

    def guarded(q: Named, around: Domain) -> Node:
        bound = {s for f in around for s, _ in f.terms}
        if not around and is_empty(existence(given, q) | given.context):
            return Zeros(*q.shape)
        if not around or not bound & {s.name for i in q.indices for s in i.free_symbols}:
            return q
        doubtful = sorted(
            f for f in existence(given, q) if {s for s, _ in f.terms} & bound and not implies(around | given.context, f)
        )
        return When(q, *map(expression, doubtful)) if doubtful else q

    return inside(node, guarded, frozenset())
