"""A net at which everything supposed holds and the claim does not, each certainly."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product

from lstm_sym.documents.norms.nets import SMALL, STEPS, Net, nets
from lstm_sym.documents.norms.places import LAST, letters, where_it_exists
from lstm_sym.documents.norms.points import Point
from lstm_sym.documents.norms.reals import (
    Entries,
    Fact,
    Hypothesis,
    Measure,
    Name,
    Number,
    Real,
    Relation,
    matrices,
    parts,
)
from lstm_sym.documents.norms.values import Matrix, Value, largest, least, radius
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.reading.losses import LOSS
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.equality.verdicts import Witness
from lstm_sym.errors import LstmSymError
from lstm_sym.expr.affine import Domain, minus
from lstm_sym.expr.evaluate import evaluate_affine
from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import Total
from lstm_sym.expr.nodes import Node, ProductOver, Transpose
from lstm_sym.expr.substitute import named_in

MOST_NETS = 3000                            # with numbers for the names, for one reading of one claim
INSIDE = 2                                  # an index that is no end of 0 .. STEPS
INWARD = sorted(product((2, 3, 4, 1), repeat=2), key=lambda at: at[0] == at[1])     # two indices, not the same if it may be


@dataclass(frozen=True, slots=True)
class Found:
    """What the nets say: a witness against the claim, and whether any net meets what is supposed."""

    witness: Witness | None
    possible: bool


@dataclass(frozen=True)
class Case:
    """A claim to be refuted: as read, and with derivatives as products over time (for limits)."""

    section: Section
    convention: Convention
    hypotheses: tuple[Hypothesis, ...]
    claim: Relation
    unfolded: Relation
    kind: str
    letter: str
    within: Domain = frozenset()                             # where the text says that indices run

    @cached_property
    def _free(self) -> set[str]:
        return letters((*self.hypotheses, self.claim)) - {self.letter}

    @cached_property
    def _asked(self) -> Domain:
        """Where the names of the claim exist, and where the text says they are."""
        return where_it_exists(self.section.recurrence, self.letter, self.claim) | self.within

    @cached_property
    def _when(self) -> dict[Hypothesis, tuple[dict[str, int], ...]]:
        """All times at which the names of each hypothesis exist."""
        return {h: tuple(self._everywhere(h)) for h in self.hypotheses}

    def search(self, may_refute: bool, most: int = MOST_NETS) -> Found:
        """The first net that meets what is supposed and not the claim, among at most so many."""
        possible = False
        for net, names in islice(self._nets(), most):
            point = self._point(net, names)
            try:
                if not all(self._supposed(h, point) for h in self.hypotheses):
                    continue
                possible = True
                witness = self._against(net, point) if may_refute else None
            except (LstmSymError, ArithmeticError):
                continue
            if witness is not None or not may_refute:
                return Found(witness, True)
        return Found(None, possible)

    def _nets(self) -> Iterator[tuple[Net, dict[str, Value]]]:
        nodes = tuple(matrices((*self.hypotheses, self.claim, self.unfolded)))
        given = self.section.given(self.convention, nodes)
        known = set(given.quantities)
        extra = tuple(dict.fromkeys(q for node in nodes for q in named_in(node) if q not in known and not q.indices))
        keys = sorted({p.key for x in (*self.hypotheses, self.claim) for p in parts(x) if isinstance(p, Name)})
        for net in nets(given, extra):
            yield from ((net, names) for names in self._names(net, keys))

    def _names(self, net: Net, keys: list[str]) -> Iterator[dict[str, Value]]:
        """Values of the author's numbers: small ones, and what they are compared with."""
        point = self._point(net, {})
        compared = {k: list(self._compared(k, point)) for k in keys}
        small = list(map(Value.of, SMALL))
        return (dict(zip(keys, chosen, strict=True)) for chosen in product(*([*compared[k], *small] for k in keys)))

    def _compared(self, key: str, point: Point) -> Iterator[Value]:
        for h in self.hypotheses:
            if isinstance(h, Relation) and Name(key) in (h.left, h.right):
                other = h.left if h.right == Name(key) else h.right
                try:
                    ends = [end for here in self._when[h] for end in point.at_times(here).ends(other)]
                    yield from (largest(ends), least(ends))
                except (LstmSymError, ArithmeticError):
                    continue

    def _point(self, net: Net, names: dict[str, Value]) -> Point:
        """The net at a place inside, t later than any other index, where the names of the claim exist."""
        free = sorted(self._free - set(net.sizes))
        point = Point(net.evaluation, {**dict.fromkeys(free, INSIDE), self.letter: INSIDE + bool(free)}, names, self.kind)
        moved = (point.at_times({**dict.fromkeys(free, k), self.letter: t}) for t, k in INWARD)
        return next((p for p in (point, *moved) if p.is_within(self._asked)), point)

    def _everywhere(self, h: Hypothesis) -> Iterator[dict[str, int]]:
        moving, asked = sorted(letters(h)), where_it_exists(self.section.recurrence, self.letter, h)
        for times in product(range(STEPS + 1), repeat=len(moving)):
            here = dict(zip(moving, times, strict=True))
            known = {LAST: STEPS, self.letter: 1, **here}
            if all(evaluate_affine(f, known) >= 0 for f in asked if all(name in known for name, _ in f.terms)):
                yield here

    def _supposed(self, h: Hypothesis, point: Point) -> bool:
        """Does it hold, at every step?"""
        if isinstance(h, Fact):
            w = point.matrix(h.of)
            if h.kind == "orthogonal":
                return _equal(w, _identity(len(w)))
            turned = [list(column) for column in zip(*w, strict=True)]
            return _equal(w, turned) if h.kind == "symmetric" else _equal(_times(w, turned), _times(turned, w))
        return all(point.at_times(here).holds(h) for here in self._when[h])

    def _against(self, net: Net, point: Point) -> Witness | None:
        if self.claim.sign in ("->", "bounded", "away"):
            return self._in_the_limit(net, point)
        failing = point.failing(self.claim)
        if failing is None:
            return None
        left, right = failing
        return self._witness(net, point, str(left), str(right), left.exact is not None and right.exact is not None)

    def _in_the_limit(self, net: Net, point: Point) -> Witness | None:
        """A net at rest multiplies by the same matrix at every step: by its eigenvalues."""
        body, index = _factor(self.unfolded)
        if body is None or not net.still:
            return None
        one, two = (point.moved(index, k).matrix(body) for k in (INSIDE, INSIDE + 1))
        if not _equal(one, two):
            return None
        rate = radius(one)
        if (rate - Value.of(1)).sign not in self._wrong_rates():
            return None
        rows = "; ".join(" ".join(map(str, row)) for row in one)
        limit = "some number" if self.claim.sign == "bounded" else _text(self.claim.right)
        goes = "like" if self.claim.sign == "away" else "at least"
        return self._witness(net, point, f"the norm of J^k, J = [{rows}], {goes} ({rate})^k", limit, rate.exact is not None)

    def _wrong_rates(self) -> tuple[int, ...]:
        """The signs of rate - 1 that speak against the claim."""
        match self.claim:
            case Relation(sign="bounded"):
                return (1,)
            case Relation(sign="away") | Relation(right=Number(value=None)):
                return (-1,)
            case Relation(right=Number(value=0)):
                return (0, 1)
        return ()

    def _witness(self, net: Net, point: Point, left: str, right: str, exact: bool) -> Witness:
        """Every value that is assigned, parameters first; what the loss reads only where the claim speaks of a loss."""
        nodes = matrices((*self.hypotheses, self.claim))
        of_loss = any(isinstance(q.label, Total) and str(q.label.of) == LOSS for node in nodes for q in named_in(node))
        used = [key for key in net.values if of_loss or not str(key[0]).startswith("∂")]
        assign = {spelled(name, at): [[str(x) for x in row] for row in net.values[name, at]]
                  for name, at in sorted(used, key=lambda key: (len(key[1]), str(key[0]), key[1]))}
        numbers = {k: [[str(v)]] for k, v in point.names.items()}
        return Witness(dict(net.sizes), {**numbers, **assign}, (1, 1), left, right, exact, dict(point.at))


def spelled(name: str, at: tuple[int, ...]) -> str:
    """x[2], or W."""
    return f"{name}[{', '.join(map(str, at))}]" if at else name


def _text(limit: Real) -> str:
    return "infinity" if limit == Number(None) else "0"


def _factor(claim: Relation) -> tuple[Node | None, str]:
    """The body and the index of the product over time that is measured, if it gets longer as the limit is taken."""
    of = claim.left.of if isinstance(claim.left, Measure | Entries) and isinstance(claim.left.of, Node) else None
    of = of.args[0] if isinstance(of, Transpose) else of
    longer = isinstance(of, ProductOver) and dict(minus(affine(of.args[3]), affine(of.args[2])).terms).get(claim.index) == 1
    return (of.args[0], str(of.args[1])) if isinstance(of, ProductOver) and longer else (None, "")


def _times(a: Matrix, b: Matrix) -> Matrix:
    return [[sum((x * y for x, y in zip(row, column, strict=True)), Value.of(0)) for column in zip(*b, strict=True)] for row in a]


def _identity(n: int) -> Matrix:
    return [[Value.of(i == j) for j in range(n)] for i in range(n)]


def _equal(a: Matrix, b: Matrix) -> bool:
    return all((x - y).sign == 0 for p, q in zip(a, b, strict=True) for x, y in zip(p, q, strict=True))
