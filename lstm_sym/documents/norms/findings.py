"""The findings of the formulas of one part that speak of sizes: hypotheses, claims, and what words claim."""
from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property

from lstm_sym.documents.findings import Finding
from lstm_sym.documents.layout.tree import Node, Product, Scripts, Symbol, walk
from lstm_sym.documents.norms.claims import Claim
from lstm_sym.documents.norms.existence import CONTRARY, claimed_of, judge_existence
from lstm_sym.documents.norms.formulas import LOOSE, ORDERS, TENDS, of_every, speaks_of_sizes
from lstm_sym.documents.norms.judging import Verdict, judge
from lstm_sym.documents.norms.links import (
    Link,
    beside,
    conditions_of,
    is_initial,
    is_more_than_one,
    is_of_indices,
    is_supposition,
    links_of,
    of_directive,
    said_in,
    symbols_in,
    tending,
)
from lstm_sym.documents.norms.nearby import Nearby, under_nearby
from lstm_sym.documents.norms.quantified import runs_over
from lstm_sym.documents.norms.sentences import Clause, clauses, consequences
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.reading.spelling import affine_of
from lstm_sym.documents.reading.superscripts import is_transpose
from lstm_sym.documents.sections.denied import affirmed, denial, denies, is_asked, opened
from lstm_sym.documents.sections.implied import DERIVES, is_drawn, is_premise, premises
from lstm_sym.documents.sections.lines import Line, Part
from lstm_sym.documents.sources.items import Document, Formula, Prose
from lstm_sym.expr.affine import Domain, variable

EVERY = re.compile(r"\b(?:all|every|each)\b", re.I)
SUPPOSES = frozenset(("if", "when", "for", "provided", "whenever", "where", "assuming"))


class Sizes:
    """The clauses of a document, and the findings they give for the lines of one part."""

    def __init__(self, document: Document, part: Part) -> None:
        self.document, self.part = document, part

    @cached_property
    def clauses(self) -> dict[int, Clause]:
        """The clause of every formula, by its place."""
        return {f.at.start: c for c in clauses(self.document) for f in (*c.supposed, *c.claimed)}

    @cached_property
    def text(self) -> str:
        """The words of the document."""
        return " ".join(i.text for i in self.document.items if isinstance(i, Prose))

    def findings(self, line: Line, base: Finding, assumed: Convention) -> list[Finding] | None:
        """None where the line is no matter of sizes."""
        section = self.part.section
        if section is None or line.left is None or line.right is None or line.fault is not None:
            return None
        link = line.relation, line.left, line.right
        if _concerns(link) and is_premise(line, self.part.lines) and is_supposition(link):
            return [replace(base, kind="hypothesis", message="supposed, for what the arrow draws from it")]
        clause = self.clauses.get(line.item.at.start) if _concerns(link) or line.relation in ORDERS else None
        if clause is None:
            return None
        if line.item in clause.supposed and not is_drawn(line.statement):
            of_sizes = any(_concerns(x) for x in self._links(line.item)) or _is_gram(link)
            if not is_supposition(link) or not (of_sizes or self._decides(clause)):
                return None
            hypothesis = replace(base, kind="hypothesis", message="supposed by its sentence")
            return [hypothesis, *self._said(clause, line, base, assumed)]
        if not _concerns(link):
            return None
        if self._is_needed(clause, link):
            without = (CONTRARY[link[0]], *link[1:])
            claim = Claim(section, (without,), None, said="bounded")
            found = judge(claim, assumed, self.text)
            told = f"without it they stay bounded: {found.message}"
            return [self._finding(base, replace(found, message=told, correction=None, correction_condition=None), line)]
        if not clause.plain or is_more_than_one(line.item.latex):
            return [replace(base, verdict="undecided", message="its sentence is more than one implication")]
        words = [*self._conditions(line), *((x.relation, x.left, x.right) for x in premises(line, self.part.lines)
                                            if x.left is not None and x.right is not None)]
        tends = tending(words, [x for f in clause.claimed for x in self._links(f)], line.left)
        given = [x for x in (*self._supposed(clause), *words) if is_supposition(x)]
        whole = self._whole(clause, words) and link[0] not in LOOSE
        claim = Claim(section, tuple(given), link, tends, whole=whole, within=self._within(clause, words))
        earlier = tuple(x for f in clause.earlier for x in self._links(f) if is_supposition(x) and speaks_of_sizes(*x[1:]))
        exists = clause.exists or claimed_of(beside(line.item.latex))
        if exists:
            return [self._finding(base, judge_existence(exists, claim, assumed, self.text), line)]
        found = judge(claim, assumed, self.text, replace(claim, supposed=earlier) if earlier else None)
        return [self._finding(base, under_nearby(found, claim, self._nearby(clause, line), assumed, self.text), line)]

    def _nearby(self, clause: Clause, line: Line) -> Nearby:
        """What sentences nearby say a matrix to be, and what they state, the nearest first."""
        there = sorted({f.at.start: f for f in (*clause.stated, line.item)}.values(),
                       key=lambda f: abs(f.at.start - line.item.at.start))
        stated = (tuple(x for x in said_in(f.latex, self.document.macros_at(f)) if is_supposition(x)) for f in there)
        return Nearby(clause.kinds, tuple(filter(None, stated)))

    def _is_needed(self, clause: Clause, link: Link) -> bool:
        """A is necessary for gradients to explode: without A, and under nothing else, they stay bounded."""
        alone = sum(_concerns(x) for f in clause.claimed for x in self._links(f)) == 1
        given = clause.standing or clause.assumed
        explodes = clause.necessary and consequences(clause.words) == ("explodes",)
        single = self.part.section is not None and len(self.part.section.recurrence.states) == 1
        return explodes and alone and single and not given and link[0] in CONTRARY

    def _whole(self, clause: Clause, words: list[Link]) -> bool:
        """Is all that is supposed of the kind that is read?"""
        links = [*self._supposed(clause), *words]
        read = all(is_supposition(x) or is_of_indices(x) or runs_over(x) is not None for x in links)
        return read and not clause.named

    def _within(self, clause: Clause, words: list[Link]) -> Domain:
        """Where the text says that indices run."""
        links = [*(x for f in (*clause.supposed, *clause.standing) for x in self._links(f, supposed=True)), *words]
        return frozenset(form for x in links if x[0] not in TENDS for form in runs_over(x) or ())

    @cached_property
    def _defining(self) -> frozenset[int]:
        """Where formulas stand that do no more than define and declare, "where a_t = ..."; c_0 = 0 supposes something."""
        others = {line.item.at.start for line in self.part.lines if line.kind not in ("model", "definition", "declaration")
                  or (line.left is not None and is_initial(line.left))}
        return frozenset(line.item.at.start for line in self.part.lines) - others

    def _decides(self, clause: Clause) -> bool:
        """Does the clause claim anything about sizes?"""
        return bool(consequences(clause.words)) or any(_concerns(x) for f in clause.claimed for x in self._links(f))

    def _links(self, item: Formula, supposed: bool = False) -> list[Link]:
        return links_of(item.latex, self.document.macros_at(item), supposed)

    def _supposed(self, clause: Clause) -> list[Link]:
        supposed = () if clause.once else clause.supposed
        formulas = (f for f in (*supposed, *clause.standing) if f.at.start not in self._defining)
        of_all = bool(EVERY.search(clause.condition))
        return [*(of_largest(x) if of_all else x for f in formulas for x in self._links(f, supposed=True)),
                *(x for text in clause.assumed for x in links_of(of_directive(text)))]

    def _conditions(self, line: Line) -> list[Link]:
        """The relations in words beside the formula: \\text{if } ..., \\text{as } T \\to \\infty."""
        return conditions_of(line.statement) if line.statement is not None else []

    def _said(self, clause: Clause, line: Line, base: Finding, assumed: Convention) -> list[Finding]:
        """What the words of the clause claim, found at the first of its suppositions about sizes."""
        section, said = self.part.section, consequences(affirmed(clause.words))
        first = next((f for f in clause.supposed if any(_concerns(x) or _is_gram(x) for x in self._links(f))), None)
        here = first is line.item and line.first and clause.plain and not self._is_of_weights(clause)
        if not said or not here or section is None or len(section.recurrence.states) != 1:
            return []
        given = tuple(x for x in self._supposed(clause) if is_supposition(x))
        whole = self._whole(clause, [])
        claims = {s: Claim(section, given, None, said=s, whole=whole, within=self._within(clause, [])) for s in said}
        near = self._nearby(clause, line)
        found = [(s, judge_existence(clause.exists, c, assumed, self.text) if clause.exists
                  else under_nearby(judge(c, assumed, self.text), c, near, assumed, self.text)) for s, c in claims.items()]
        order = ("refuted", "not_read", "undecided", "conditional", "proved")
        _, worst = min(found, key=lambda pair: order.index(pair[1].verdict))
        told: dict[str, list[str]] = {}
        for what, v in found:
            told.setdefault(v.message if v.verdict == worst.verdict else f"{v.verdict}, {v.message}", []).append(SAID[what])
        text = "; ".join(f"{' and '.join(what)}: {why}" for why, what in told.items())
        growth = next((v.witness.left for _, v in found if v.witness is not None and "J^k" in v.witness.left), "")
        text += f"; there {growth}" if growth else ""
        spoken = replace(worst, message=text)
        judged = denial(spoken, len(said) == 1) if denies(clause.words) else spoken
        judged = opened(judged) if is_asked(self.document.words_after(line.item)) else judged
        return [self._finding(replace(base, kind="claim"), judged, line)]

    def _is_of_weights(self, clause: Clause) -> bool:
        """Is the claim in words about a derivative by a weight: "the gradient $dL/dW$ vanishes"?"""
        weights = {q.name for q in self.part.section.recurrence.parameters} if self.part.section is not None else set()
        named = (symbols_in(f.latex, self.document.macros_at(f)) for f in clause.claimed if not self._links(f))
        return any(DERIVES & letters and weights & letters for letters in named)

    def _finding(self, base: Finding, found: Verdict, line: Line) -> Finding:
        also = (*found.also, *(("W201",) if _powers(line) and found.code != "W201" else ()))
        code = found.code
        if code is None and also and found.verdict in ("conditional", "undecided"):
            code, also = also[0], also[1:]
        return replace(base, verdict=found.verdict, code=code, also=also, message=found.message, condition=found.condition,
                       correction=found.correction, correction_condition=found.correction_condition, witness=found.witness,
                       evidence=found.evidence)


SAID = {"shrinks": "that each step shrinks it", "vanishes": "that it vanishes", "explodes": "that it explodes",
        "bounded": "that it stays bounded", "persists": "that it does not vanish"}


def of_largest(link: Link) -> Link:
    r"""|\lambda_i| < 1 of all eigenvalues: of the largest."""
    sign, left, right = link
    direction = ORDERS[sign][1] if sign in ORDERS and sign != "=" else 0
    return sign, of_every(left) if direction > 0 else left, of_every(right) if direction < 0 else right


def _concerns(link: Link) -> bool:
    """Is the formula about sizes, a limit of what is no index, the slope of a function, or what a matrix is?"""
    sign, left, right = link
    if sign in TENDS:
        return affine_of(left) is None
    if speaks_of_sizes(left, right):
        return True
    if sign == "=":
        return _is_transposed(left, right) or _is_transposed(right, left)
    return any(isinstance(n, Scripts) and n.primes for side in (left, right) for n in walk(side))


def _is_transposed(a: Node, b: Node) -> bool:
    """W = W^T."""
    return isinstance(a, Symbol) and isinstance(b, Scripts) and b.base == a and b.sup is not None and (
        is_transpose(b.sup) or affine_of(b.sup) == variable("T"))


def _is_gram(link: Link) -> bool:
    """W^T W = I: a product of two, one of them transposed."""
    sign, left, _ = link
    return sign == "=" and isinstance(left, Product) and len(left.factors) == 2 and any(
        _is_transposed(a, b) for a, b in (left.factors, left.factors[::-1]))


def _powers(line: Line) -> bool:
    """Is a letter T a transpose and a power in the formula, or beside a limit in T?"""
    return r"^T" in line.latex and (")^T" in line.latex or "T}" in line.latex or "T-" in line.latex)


