"""The search for x <= y: goals, what is known, and the ways that are tried in turn.

The search only calls the kernel: what it gets wrong is refused there.  Errors: ProofError where nothing is found.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial, reduce
from typing import TypeAlias

from lstm_sym.documents.norms.entries import below_one
from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import Affine
from lstm_sym.proof.arithmetic import value
from lstm_sym.proof.kernel import Theorem, assume, conjoin
from lstm_sym.proof.statements import Term, canonical, indices
from lstm_sym.proof.syntax import every, prod, shift
from lstm_sym.proof.tactics import at_any, linear, nonnegative

MOST = 400                                  # goals of one search
ONE = ("num", Fraction(1))
Way: TypeAlias = Callable[["Search", Term, Term], Theorem]


@dataclass(slots=True)
class Search:
    """Proofs from what is supposed: inequalities between reals, ranges of entries, what matrices are."""

    ways: tuple[Way, ...]
    known: tuple[Theorem, ...] = ()
    families: tuple[Theorem, ...] = ()                       # for all k: ...
    positive: tuple[Theorem, ...] = ()                       # 0 <= x
    laws: tuple[Theorem, ...] = ()                           # equations of the model
    powers: tuple[tuple[Term, Theorem], ...] = ()            # of A: for all k, rho(A)^k <= ||A^k||
    least: tuple[tuple[Term, Term], ...] = ()                # A and its smallest singular value
    said: set[Term] = field(default_factory=set)             # what is supposed of columns that the search meets
    spent: int = 0
    open: list[tuple[Term, Term]] = field(default_factory=list)

    def at_most(self, x: Term, y: Term) -> Theorem:
        """x <= y."""
        self.spent += 1
        if self.spent > MOST or (x, y) in self.open:
            raise ProofError("nothing found")
        self.open.append((x, y))
        try:
            return first_of(partial(way, self, x, y) for way in self.ways)
        finally:
            self.open.pop()

    def below(self, x: Term, y: Term) -> Theorem:
        """x < y: by numbers, or through a strict inequality that is known, perhaps a multiple of it, or a lesser number."""
        def through(t: Theorem) -> Theorem:
            return linear("lt", x, y, self.at_most(x, t.conclusion[1]), t, self.at_most(t.conclusion[2], y))

        def through_multiple(t: Theorem) -> Theorem:
            c = multiple(y, t.conclusion[2])
            return linear("lt", x, y, self.at_most(x, prod(c, t.conclusion[1])), (c, t))

        def under(c: Term) -> Theorem:
            return linear("lt", x, y, self.at_most(x, c))

        limit, ends = value(y), dict.fromkeys(t.conclusion[2] for t in self.facts(x))
        less = [c for c in ends if limit is not None and (n := value(c)) is not None and n < limit]
        strict = sorted((t for t in (*self.facts(x, y), *below_one(x)) if t.conclusion[0] == "lt"),
                        key=lambda t: (t.conclusion[2] != y, t.conclusion[1] != x))
        by = (partial(self._apart, partial(way, t)) for t in strict for way in (through, through_multiple))
        return first_of([lambda: linear("lt", x, y), *by, *(partial(under, c) for c in less)])

    def _apart(self, way: Callable[[], Theorem]) -> Theorem:
        """What a way finds; what it spends in vain is not taken from the next one."""
        before = self.spent
        try:
            return way()
        except ProofError:
            self.spent = before
            raise

    def same(self, x: Term, y: Term) -> Theorem:
        """x <= y and y <= x."""
        return conjoin(self.at_most(x, y), self.at_most(y, x))

    def facts(self, *near: Term) -> list[Theorem]:
        """What is known of numbers, families at the times that occur."""
        return [t for t in (*self.known, *self._members(*near)) if t.conclusion[0] in ("le", "lt", "same")]

    def ranges(self, *near: Term) -> tuple[Theorem, ...]:
        """What is known of entries."""
        return tuple(t for t in (*self.known, *self._members(*near)) if t.conclusion[0] == "within")

    def _members(self, *near: Term) -> Iterator[Theorem]:
        forms = dict.fromkeys(i for x in near for i in times_in(x))
        return (at_any(family, form) for family in self.families for form in forms)

    def given(self, statement: Term) -> Theorem:
        """What holds at every time by what a number is, or what a column is chosen for."""
        times = sorted(indices(statement, "iI"))
        family = canonical(reduce(lambda body, k: every(k, body), times, statement))
        self.said.add(family)
        return reduce(at_any, reversed(times), assume(family))

    def nonnegative(self, x: Term) -> Theorem:
        """0 <= x."""
        return nonnegative(x, *self.positive)


def multiple(y: Term, x: Term) -> Fraction:
    """The c of y = c x, positive.  Errors: ProofError where there is none."""
    parts = [(value(product([f for f in factors(e) if f[0] == "num"])), product([f for f in factors(e) if f[0] != "num"]))
             for e in (y, x)]
    (a, rest), (b, same) = parts
    if a is None or b is None or a <= 0 or b <= 0 or rest != same:
        raise ProofError("no positive multiple")
    return a / b


def first_of(ways: Iterable[Callable[[], Theorem]]) -> Theorem:
    """What the first way finds.  Errors: ProofError if none does."""
    for way in ways:
        try:
            return way()
        except ProofError:
            continue
    raise ProofError("nothing found")


def times_in(e: Term) -> list[Affine]:
    """The times at which members of families stand in e."""
    found: dict[Affine, None] = {}
    pending: list[object] = [e]
    while pending:
        x = pending.pop()
        if isinstance(x, tuple) and x and x[0] == "named" and len(x) == 4:
            near = (f for i in x[3] for f in (i, shift(i, 1)))
            found.update(dict.fromkeys(f for f in near if not any(s.startswith("#") for s, _ in f.terms)))
        if isinstance(x, tuple) and not isinstance(x, Affine):
            pending.extend(x)
    return list(found)


def factors(x: Term) -> list[Term]:
    """The factors of a product, a numeric one last; powers with a number of at most 3 written out."""
    if x[0] == "*":
        return sorted((f for y in x[1:] for f in factors(y)), key=lambda f: f[0] == "num")
    if x[0] == "^" and not x[2].terms and 1 < x[2].constant <= 3:
        return factors(x[1]) * int(x[2].constant)
    return [x]


def product(parts: list[Term]) -> Term:
    return prod(*parts) if parts else ONE
