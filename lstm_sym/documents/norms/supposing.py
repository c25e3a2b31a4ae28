"""What a claim supposes, as assumptions of the kernel, and the claim proved from them."""
from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from lstm_sym.documents.norms.below import grows_steadily
from lstm_sym.documents.norms.carried import carried
from lstm_sym.documents.norms.eigenvectors import grows, powers, stays
from lstm_sym.documents.norms.entries import symmetrical, within
from lstm_sym.documents.norms.limits import tends_to_zero
from lstm_sym.documents.norms.meanings import consequences, least, meanings, property_of
from lstm_sym.documents.norms.places import DIMENSION, LAST, letters
from lstm_sym.documents.norms.proving import WAYS
from lstm_sym.documents.norms.reals import (
    Absolute,
    Entries,
    Fact,
    Hypothesis,
    Measure,
    Number,
    Quotient,
    Real,
    Relation,
    kind_of,
    product,
)
from lstm_sym.documents.norms.search import ONE, Search, first_of
from lstm_sym.documents.norms.terms import frozen, known_by_name, term
from lstm_sym.errors import LstmSymError, ProofError
from lstm_sym.expr.affine import Domain, constant, minus, variable
from lstm_sym.expr.nodes import Node
from lstm_sym.proof.arithmetic import value
from lstm_sym.proof.kernel import Theorem, assume, conjoin
from lstm_sym.proof.statements import Term, canonical, indices
from lstm_sym.proof.syntax import every, had, le, lt, neg, norm, prod, same
from lstm_sym.proof.syntax import within as between
from lstm_sym.proof.tactics import at_any, condition, cut, linear, nonnegative
from lstm_sym.proof.vacuous import contradiction

RELATIONS = {"<=": le, "<": lt, "=": same}


@dataclass(frozen=True, slots=True)
class Supposed:
    """Hypotheses in the words of the kernel, those it has no words for left out."""

    search: Search
    theorems: tuple[Theorem, ...]

    def contradict(self) -> bool:
        """Can they not hold together?"""
        inequalities = (t for t in (*self.theorems, *self.search.known) if t.conclusion[0] in ("le", "lt", "same"))
        known = [assume(t.conclusion) for t in inequalities]     # with what follows at once, as rho <= ||W||
        return bool(known) and contradiction(conjoin(*known)) is not None

    def settled(self, theorem: Theorem, around: Domain) -> Theorem:
        """What is proved where the names of the claim exist.  Errors: ProofError where it rests on more than is supposed."""
        given = [assume(("dom", form)) for form in around]
        for h in theorem.hypotheses:
            if h[0] == "dom":
                theorem = cut(theorem, condition(h[1], *given))
        search = self.search
        eigen = (t for _, t in search.powers)
        allowed = {h for t in (*self.theorems, *search.positive, *search.families, *search.laws, *eigen) for h in t.hypotheses}
        allowed |= search.said
        more = [h for h in theorem.hypotheses if h not in allowed and not (h[0] == "dom" and h[1] in around)]
        if more:
            raise ProofError(f"{more} is not among what is supposed")
        return theorem


def suppose(hypotheses: tuple[Hypothesis, ...], claim: Relation, kind: str, within: Domain = frozenset(),
            laws: tuple[Theorem, ...] = (), later: tuple[Hypothesis, ...] = ()) -> Supposed:
    """Assumptions for the search; what is supposed at a time is supposed at all times within the domain.

    laws: of the model.  later: the hypotheses as they read from step 1 on.
    """
    plain: list[Theorem] = []
    families: dict[Theorem, str] = {}
    positive = {h.right for h in hypotheses if isinstance(h, Relation) and h.sign in ("<", "<=") and is_positive(h.left)}
    since = {x: from_one((x,)) for x in later if x not in hypotheses}
    for x in (*meanings((*hypotheses, claim), kind), *hypotheses, *since):
        try:
            found = [x] if isinstance(x, tuple) else _assumed(x, kind, positive)
        except LstmSymError:
            continue                                         # not used
        for statement in found:
            times = {k for k in indices(statement, "iI") - {LAST} if not k.startswith(DIMENSION)}
            if not times:
                plain.append(assume(canonical(statement)))
            elif len(times) == 1:
                (k,) = times
                inside = within | since.get(x, frozenset()) if not isinstance(x, tuple) else frozenset()
                where = tuple(sorted(f for f in inside if k in dict(f.terms)))
                families[assume(canonical(every(k, *(("dom", f) for f in where), statement)))] = k
                plain += [assume(p.conclusion) for p in _positive(assume(canonical(statement))) if where]
    members = [at_any(f, k) for f, k in families.items()]
    search = Search(WAYS, (*plain, *consequences([*plain, *members])), tuple(families),
                    tuple(p for t in (*plain, *members) for p in _positive(t)), laws,
                    tuple(powers((*hypotheses, claim), kind)), tuple(least((*hypotheses, claim), kind)))
    return Supposed(search, (*plain, *members))


def from_one(hypotheses: tuple[Hypothesis, ...]) -> Domain:
    """Where every index is at least 1."""
    return frozenset(minus(variable(k), constant(1)) for k in letters(hypotheses))


def _assumed(x: Hypothesis, kind: str, positive: set[Real]) -> list[Term]:
    if isinstance(x, Fact):
        return [property_of(x)]
    if isinstance(x.right, Entries) and x.right.absolute and x.sign != "=":
        return _from_below(x, kind, positive)
    if isinstance(x.left, Entries) or isinstance(x.right, Entries):
        return _range(x, kind)
    left, right = _multiplied(x.left, x.right, positive)
    return [RELATIONS[x.sign](term(left, kind), term(right, kind))] if x.sign in RELATIONS else []


def _multiplied(left: Real, right: Real, positive: set[Real]) -> tuple[Real, Real]:
    """x < 1 / c is c x < 1, and 1 / c < x is 1 < c x, of a c that is known to be positive, or must be as x is not negative."""
    if isinstance(right, Quotient) and (is_positive(left) or right.bottom in positive):
        return product(right.bottom, left), right.top
    if isinstance(left, Quotient) and left.bottom in positive:
        return left.top, product(left.bottom, right)
    return left, right


def _range(x: Relation, kind: str) -> list[Term]:
    """|A_ij| <= c, A_ij <= c, c <= A_ij: as a range, the other end as the function has it."""
    upper = isinstance(x.left, Entries)
    entries: Real = x.left if upper else x.right
    other: Real = x.right if upper else x.left
    if not isinstance(entries, Entries) or not isinstance(entries.of, Node):
        raise ProofError("a comparison of entries with entries")
    c, e = term(other, kind), frozen(entries.of)
    if x.sign == "=" and not entries.absolute:
        return [between(e, c, c)]
    if entries.absolute:
        return [le(0, c), between(e, neg(c), c)]
    if not upper:
        return [between(e, c, _upper_end(e, entries.of))]
    low = within(e).conclusion[2]
    return [le(0, c), between(e, neg(c), c)] if (value(low) or 0) >= 0 else [between(e, low, c)]


def is_positive(x: Real) -> bool:
    """Is it not negative, whatever it is of: a number from 0, a norm, an absolute value?"""
    if isinstance(x, Number):
        return x.value is not None and x.value >= 0
    return (isinstance(x, Measure) and x.kind not in ("largest", "det", "entries")) or isinstance(x, Absolute) or (
        isinstance(x, Entries) and x.absolute)


def _upper_end(e: Term, of: Node) -> Term:
    """As the function has it; of one that nothing is known of its largest entry."""
    try:
        return within(e).conclusion[3]
    except ProofError:
        return known_by_name("top", of)


def _from_below(x: Relation, kind: str, positive: set[Real]) -> list[Term]:
    """c c <= A_ij A_ij <= the largest of them, for a c that is not negative."""
    of = x.right.of if isinstance(x.right, Entries) else None
    if not isinstance(of, Node) or not ((isinstance(x.left, Number) and is_positive(x.left)) or x.left in positive):
        raise ProofError("of a bound that may be negative")
    c, e = term(x.left, kind), frozen(of)
    return [le(0, c), between(had(e, e), prod(c, c), known_by_name("top", of))]


def _positive(t: Theorem) -> list[Theorem]:
    """0 <= c where a norm is at most c."""
    if t.conclusion == le(0, t.conclusion[-1]):
        return [t]
    if t.conclusion[0] not in ("le", "lt"):
        return []
    try:
        return [linear("le", 0, t.conclusion[2], nonnegative(t.conclusion[1]), t)]
    except ProofError:
        return []


def prove(claim: Relation, kind: str, search: Search) -> Theorem:
    """The claim from what is supposed; what is at most 1 or tends to 0 is bounded, what is at least 1 persists.

    Errors: ProofError where nothing is found.
    """
    if claim.sign == "bounded":
        x = _size(claim, kind)
        return first_of([lambda: search.at_most(x, ONE), lambda: tends_to_zero(x, claim.index, search)])
    if claim.sign == "away":
        x = _size(claim, kind)
        return first_of([lambda: search.at_most(ONE, x), lambda: stays(x, search)])
    if claim.sign == "->":
        if claim.right not in (Number(Fraction(0)), Number(None)):
            raise ProofError("of limits only those to 0 and to infinity are proved")
        ways = (tends_to_zero,) if claim.right.value == 0 else (grows, grows_steadily)
        return first_of(partial(way, _size(claim, kind), claim.index, search) for way in ways)
    if isinstance(claim.left, Entries) or isinstance(claim.right, Entries):
        return _entrywise(claim, kind, search)
    x, y = (canonical(term(side, kind)) for side in (claim.left, claim.right))
    found = {"<=": search.at_most, "<": search.below, "=": search.same}[claim.sign](x, y)
    wanted = ("and", le(x, y), le(y, x)) if claim.sign == "=" else RELATIONS[claim.sign](x, y)
    if found.conclusion != wanted:
        raise ProofError(f"{found.conclusion} is not what is claimed")
    return found


def _size(claim: Relation, kind: str) -> Term:
    """What tends to 0; of a matrix its norm."""
    left = Measure(kind_of(claim.left.of), claim.left.of) if isinstance(claim.left, Entries) else claim.left
    return canonical(term(left, kind))


def _entrywise(claim: Relation, kind: str, search: Search) -> Theorem:
    """A_ij <= c, c <= A_ij, |A_ij| <= c; |v_i| < c of a column, whose norm infinity is below c."""
    upper = isinstance(claim.left, Entries)
    entries, other = (claim.left, claim.right) if upper else (claim.right, claim.left)
    if claim.sign == "<" and upper and isinstance(entries, Entries) and isinstance(entries.of, Node) and entries.absolute:
        if entries.of.shape[1] != 1:
            raise ProofError("of entries of a matrix only <= is proved")
        return search.below(canonical(norm(frozen(entries.of), "inf")), canonical(term(other, kind)))
    if claim.sign != "<=" or not isinstance(entries, Entries) or not isinstance(entries.of, Node):
        raise ProofError("of entries only <= is proved")
    c, e = canonical(term(other, kind)), canonical(frozen(entries.of))
    if entries.absolute and upper and search.laws:
        return carried(search, e, c)
    inside = within(e, search.ranges(e))
    if entries.absolute:
        inside = symmetrical(inside)
    low, high = inside.conclusion[2:]
    return conjoin(inside, search.at_most(high, c) if upper else search.at_most(c, low))
