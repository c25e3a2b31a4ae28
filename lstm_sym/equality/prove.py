"""Proofs of a = b: the normal form, cases, definitions unfolded from the latest to the earliest, declared identities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lstm_sym.equality.freeze import freeze, name_of
from lstm_sym.equality.identities import rewritings
from lstm_sym.equality.normal_form import normal_form
from lstm_sym.equality.tactics import open_question, reduce_terms
from lstm_sym.equality.terms import Polynomial, Work, atoms_in
from lstm_sym.equality.unfold import Definitions, fold, level_binders, replace_free
from lstm_sym.expr.affine import Affine, Domain, combine, complement, implies, is_empty, negative, variable
from lstm_sym.expr.indices import affine, expression, integer
from lstm_sym.expr.nodes import Named, Node
from lstm_sym.expr.substitute import named_in, replace_indices

MOST_UNFOLDINGS = 60
MOST_CASES = 8  # conditions in a row that one proof may split on
Fact = tuple[Named, Node]  # a quantity, and what it is equal to


@dataclass(slots=True)
class Proof:
    """One attempt: what is given, the work it may cost, and the steps made."""

    definitions: Definitions
    work: Work
    lowest: int = 0  # definitions of earlier scans stay folded
    margin: int = 1  # how far beyond the claim's own times definitions are unfolded
    steps: list[str] = field(default_factory=list)
    rests: dict[tuple[Node, Domain], Polynomial] = field(default_factory=dict)

    def is_zero(self, node: Node, context: Domain, hypothesis: Fact | None = None) -> bool:
        """node = 0 in `context`: by normal form, unfolding the latest definitions as long as that may help.

        hypothesis: a quantity with its closed form, used wherever the quantity turns up; it holds all over `context`.
        """
        node = level_binders(fold(level_binders(node), self.definitions.recurrence, context))
        floor = self._floor(node)
        for _ in range(MOST_UNFOLDINGS):
            rest = self.rest(node, context)
            if self.cases(node, context, rest) or self._by_identity(node, context, rest):
                return True
            latest = self._latest(rest, node, floor)
            if not latest:
                return False
            self.steps.append("by the definition of " + ", ".join(sorted(str(q) for q in latest)))
            node = self.definitions.unfold(node, latest.__contains__, context)
            if hypothesis:
                node = level_binders(replace_free(node, *hypothesis))
        return False

    def rest(self, node: Node, context: Domain) -> Polynomial:
        """What the normal form and the tactics leave of node: () if it is 0; of several blocks the first that is not."""
        if (node, context) not in self.rests:
            blocks = normal_form(freeze(node), context, self.work)
            lefts = (reduce_terms(block, context, self.work) for block in blocks)
            self.rests[node, context] = next(filter(None, lefts), ())
        return self.rests[node, context]

    def cases(self, node: Node, context: Domain, rest: Polynomial, depth: int = MOST_CASES) -> bool:
        """Is node 0 whichever way its conditions fall?"""
        if not rest:
            return True
        condition = open_question(rest, context) if depth else None
        return condition is not None and all(
            self._case(node, context, form, depth - 1) for form in (condition, complement(condition))
        )

    def _case(self, node: Node, context: Domain, form: Affine, depth: int) -> bool:
        inside = context | {form}
        if is_empty(inside):
            return True
        fixed = _equality(form, inside)
        node = replace_indices(node, {integer(s): expression(v) for s, v in fixed.items()})
        return self.cases(node, inside, self.rest(node, inside), depth)

    def _by_identity(self, node: Node, context: Domain, rest: Polynomial) -> bool:
        functions = {a[1][0] for a in atoms_in(rest) if a[0] == "f"}
        for law, rewritten in rewritings(node, functions):
            if self.cases(rewritten, context, self.rest(rewritten, context)):
                self.steps.append(law)
                return True
        return False

    # --- which definitions to unfold -------------------------------------------------------------------------

    def _floor(self, node: Node) -> dict[int, int]:
        """For each scan the earliest time that unfolding may reach: dh_t/dh_{t-2} starts at t - 2."""
        reached = [(level.scan, self.definitions.earliest(q)) for q in named_in(node)
                   if (level := self.definitions.level(q)) is not None]
        anywhere = min((time for _, time in reached), default=0)
        return {n: min((time for scan, time in reached if scan == n), default=anywhere) - self.margin
                for n in range(len(self.definitions.recurrence.scans))}

    def _latest(self, rest: Polynomial, node: Node, floor: dict[int, int]) -> frozenset[Named]:
        """The quantities of `node`, among those left in `rest`, that were computed last and that none of them reads."""
        left = {(a[1], *_mark(a[4])) for a in atoms_in(rest) if a[0] == "x"}
        levels = {
            q: level
            for q in named_in(node)
            if (name_of(q.label), *_mark(map(affine, q.indices))) in left
            and (level := self.definitions.level(q)) is not None
            and level.scan >= self.lowest
            and level.time >= floor[level.scan]
        }
        last = max(((v.scan, v.time) for v in levels.values()), default=None)
        together = {q for q, v in levels.items() if (v.scan, v.time) == last}
        read = frozenset().union(*(self.definitions.below[q.label] for q in together))
        return frozenset(q for q in together if q.label not in read) or frozenset(together)


def _mark(times: Iterable[Affine]) -> Iterable[Affine | None]:
    """Times, those that hold bound indices made one: they are named anew in the normal form."""
    return (None if any(s[0] in "#~" and s != "#t" for s, _ in form.terms) else form for form in times)


def _equality(form: Affine, context: Domain) -> dict[str, Affine]:
    """The symbol that form >= 0 fixes, if the context leaves form only 0."""
    if implies(context, negative(form)):
        for symbol, c in form.terms:
            if abs(c) == 1:
                return {symbol: combine(variable(symbol), form, -c)}
    return {}
