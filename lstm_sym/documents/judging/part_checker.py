"""The findings of one part of a document: a convention for all of its claims, then a verdict for each."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

from sympy.core.symbol import Str

from lstm_sym.codegen.witness_script import script
from lstm_sym.documents.findings import Finding
from lstm_sym.documents.judging import relations
from lstm_sym.documents.judging.examples import of_example
from lstm_sym.documents.judging.reused import is_reused
from lstm_sym.documents.judging.verdict import judge, unless_open
from lstm_sym.documents.layout.tree import Blank, Dots, List, Node, Scripts, Symbol, walk
from lstm_sym.documents.norms.findings import Sizes
from lstm_sym.documents.reading.branches import is_put, is_supposing, times_of
from lstm_sym.documents.reading.conventions import Convention, Reading, differing
from lstm_sym.documents.reading.spelling import affine_of
from lstm_sym.documents.repairs.pasting import right_side
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.denied import formula_denied, is_denied, is_open, opened
from lstm_sym.documents.sections.implied import is_premise, premises
from lstm_sym.documents.sections.judged import Judged
from lstm_sym.documents.sections.lines import EQUALS, Line, Part, source
from lstm_sym.documents.sections.numeric_matrices import worked
from lstm_sym.documents.sources.items import Display, Document, Inline
from lstm_sym.equality.verdicts import Equal
from lstm_sym.errors import Broken, NotLowered
from lstm_sym.expr.recurrence import once
from lstm_sym.expr.substitute import named_in


class PartChecker:
    """The findings of one part: conventions are chosen for all of its claims together."""

    def __init__(self, document: Document, part: Part) -> None:
        self.document, self.part = document, part
        self.notes: list[str] = []
        self.sizes = Sizes(document, part)
        self.supposed: list[Line] = []  # before an arrow
        self.judges: dict[int, Judge] = {
            n: Judge(part.section, line.left, line.right, times_of(line.statement), head=_head(line))
            for n, line in enumerate(part.lines)
            if part.section is not None
            and line.kind == "claim"
            and line.is_equation
            and line.fault is None
            and line.left is not None
            and line.right is not None
            and not _only_indices(line)
        }

    def findings(self, before: Sequence[PartChecker] = ()) -> list[Finding]:
        """One finding for each line that says something.  before: the parts of the document before this one."""
        assumed = self._assumed()
        found = ((line, self._unless_broken(n, line, assumed)) for n, line in enumerate(self.part.lines))
        return [f if any(f.kind == "hypothesis" for f in here) else self._as_told(line, self._elsewhere(line, f, before))
                for line, here in found for f in here]           # beside a hypothesis words claim, and not the formula

    def _as_told(self, line: Line, finding: Finding) -> Finding:
        """What the words around a formula deny or leave open."""
        finding = self._of_example(line, finding)
        if finding.kind != "claim":
            return finding
        before, after = self.document.words_before(line.item), self.document.words_after(line.item)
        if is_open(before, after):
            return opened(finding)
        if not is_denied(before, after):
            return finding
        return formula_denied(finding)

    def _elsewhere(self, line: Line, finding: Finding, before: Sequence[PartChecker]) -> Finding:
        """Under a heading without a model a claim may be about any model before it: true of one of them, it is not false."""
        if not (line.apart and finding.kind == "claim" and (finding.verdict == "refuted" or _has_no_meaning(finding))):
            return finding
        for other in reversed(before):
            found = other.finding_of(line)
            if found is not None and found.verdict in ("proved", "conditional"):
                where = f"the model is that of line {other.model_line}"
                if finding.verdict != "refuted":
                    return replace(found, message=f"{found.message}; {where}", scope=finding.scope)
                condition = " and ".join(filter(None, (found.condition, where)))
                told = f"true if {condition}"
                return replace(found, verdict="conditional", condition=condition, message=told, scope=finding.scope)
        return finding

    @property
    def model_line(self) -> int:
        """Where the part's model stands."""
        return next(self._base(line).line for line in self.part.lines if line.kind == "model")

    def finding_of(self, line: Line) -> Finding | None:
        """What is found of a claim that stands in another part, if all its names are defined here and it is not false.

        None where this part has no model of its own.
        """
        section, models = self.part.section, any(x.kind == "model" for x in self.part.lines)
        if section is None or not models or line.left is None or line.right is None or not line.is_equation:
            return None
        judge_ = Judge(section, line.left, line.right, times_of(line.statement))
        assumed = judge_.assumed().convention
        judged = unless_open(judge_, assumed)
        return None if judged is None else self._judged(self._base(line), judged, judge_, line, assumed)

    def _of_example(self, line: Line, finding: Finding) -> Finding:
        section = self.part.section
        if section is None or finding.kind != "claim":
            return finding
        weights = frozenset(q.name for q in section.recurrence.parameters)
        return of_example(line, finding, section.vocabulary.indexing, frozenset(name.key for name, _ in section.written), weights)

    def _assumed(self) -> Convention:
        """The convention that proves most of the section's claims; the usual one unless another proves more."""
        usual = next((j.assumed().convention for j in self.judges.values()), Convention())
        doubtful = [j for j in self.judges.values() if not isinstance(j.assumed().answer, Equal)]
        others = {
            o.convention
            for j in doubtful
            for o in j.outcomes()
            if isinstance(o.answer, Equal) and o.reading == Reading()
        }
        # a single claim does not make a convention: each change must prove one claim more, of those not proved in the usual one
        worth = [c for c in sorted(others - {usual}, key=str) if _proved_in(c, doubtful) > differing(c, usual)]
        best = max((usual, *worth), key=lambda c: _proved_in(c, self.judges.values()) - differing(c, usual))
        for f in fields(Convention):
            if getattr(best, f.name) != getattr(usual, f.name):
                self.notes.append(f"assumed: {f.name} = {getattr(best, f.name)}, which proves most of the claims")
        return best

    def _unless_broken(self, n: int, line: Line, assumed: Convention) -> list[Finding]:
        """What is found of a line; a bug of ours at one of them hides no other."""
        try:
            return self._finding(n, line, assumed)
        except Exception as bug:
            return [replace(self._base(line), kind="claim", verdict="not_read", code="N302", message=str(Broken(bug)))]

    def _finding(self, n: int, line: Line, assumed: Convention) -> list[Finding]:
        base = self._base(line)
        if line.fault is not None and line.kind == "claim":
            if isinstance(line.item, Inline) and not relations.WRITTEN.search(line.item.latex):
                return []
            return [replace(base, verdict="not_read", code="N301", message=str(line.fault))]
        if relations.draws(line) or _is_fragment(line):
            return []
        if line.kind != "claim":
            return [] if line.kind == "prose" else [base]
        numbers = worked(line.left, line.relation, line.right) if line.left is not None and line.right is not None else None
        if numbers is not None:
            told = (numbers.verdict, numbers.message, numbers.condition, numbers.evidence)
            return [replace(base, kind="numeric", verdict=told[0], message=told[1], condition=told[2], evidence=told[3])]
        sized = self.sizes.findings(line, base, assumed)
        if sized is not None:
            return sized
        if n in self.judges:
            judge_ = self.judges[n]
            found = _as_supposed(judge(judge_, assumed), line, self._is_of_given_weights(line))
            judged = self._judged(base, found, judge_, line, assumed)
            return [self._as_implied(line, self._in_chain(line, judged, assumed))]
        found = [] if _only_indices(line) else relations.judged(self.document, self.part, line, base)
        return [self._as_implied(line, f) for f in found]

    def _is_of_given_weights(self, line: Line) -> bool:
        """Does the text say in passing what one of its weights is, "let $W = Q D Q^{-1}$"?"""
        section = self.part.section
        weights = {q.name for q in section.recurrence.parameters} if section is not None else set()
        for x in self.part.lines:
            inline = isinstance(x.item, Inline) and x.is_equation and x.kind == "claim" and x.item.at.start < line.item.at.start
            if inline and isinstance(x.left, Symbol) and x.left.name in weights:
                return any(x.left in walk(side) for side in (line.left, line.right) if side is not None)
        return False

    def _in_chain(self, line: Line, finding: Finding, assumed: Convention) -> Finding:
        """A = B = C with a B that is not read says A = C."""
        sides = line.statement.sides if line.statement is not None else ()
        place = next((n for n, side in enumerate(sides) if side is line.left), 0)
        equal = line.statement is not None and all(r.name in EQUALS for r in line.statement.relations[:place])
        if not _has_no_meaning(finding) or self.part.section is None or line.right is None or not equal:
            return finding
        for left in reversed(sides[:place]):
            judge_ = Judge(self.part.section, left, line.right, times_of(line.statement))
            found = self._judged(self._base(line), judge(judge_, assumed), judge_, line, assumed)
            if not _has_no_meaning(found):
                return replace(found, message=f"{found.message} (of {source(line.item, left)}: what stands between is not read)")
        return finding

    def _as_implied(self, line: Line, finding: Finding) -> Finding:
        """What an arrow draws something from is supposed unless it is proved; what it draws is not false for that."""
        if finding.kind != "claim" or finding.verdict == "proved":
            return finding
        if is_premise(line, self.part.lines):
            self.supposed.append(line)
            return replace(self._base(line), kind="hypothesis", message="supposed, for what the arrow draws from it")
        if any(x in self.supposed for x in premises(line, self.part.lines)):
            return replace(self._base(line), verdict="undecided", also=finding.also,
                           message="not proved without what is supposed before the arrow")
        return finding

    def _base(self, line: Line) -> Finding:
        row, column = self.document.position(line.item.at.start + line.start)
        end, _ = self.document.position(line.item.at.start + max(line.start, line.start + len(line.latex) - 1))
        return Finding(
            row, column, end, line.latex, line.kind, scope=self.part.number, display=isinstance(line.item, Display)
        )

    def _judged(self, base: Finding, judged: Judged, judge_: Judge, line: Line, assumed: Convention) -> Finding:
        correction, edit, condition = None, None, None
        right = None if is_put(line.statement) else right_side(self.document, self.part, line, judge_, judged, assumed)
        if right is not None:
            edit = source(line.item, judge_.right), right
            correction, condition = f"{source(line.item, judge_.left)} = {right}", judged.correction_condition
        reused = {"W205"} if is_reused(judge_.left, judge_.right, judge_.section.vocabulary.indexing) else set()
        warnings = tuple(sorted((judge_.warnings | reused) - {judged.code}))
        return replace(
            base,
            verdict=judged.verdict,
            code=judged.code,
            also=(*judged.also, *warnings),
            message=judged.message,
            condition=judged.condition,
            correction=correction,
            edit=edit,
            script=self._script(base, judged, judge_),
            correction_condition=condition,
            witness=judged.witness,
            evidence=judged.evidence,
            reading=self._reading(judged, judge_),
        )

    def _script(self, base: Finding, judged: Judged, judge_: Judge) -> str | None:
        """The NumPy program that shows a refutation; None where it would need more than differences of the model."""
        shown = judged.shown
        if judged.verdict != "refuted" or judged.witness is None or shown is None or not shown.sides:
            return None
        title = f"{self.document.path or 'text'}, line {base.line}: refuted {judged.code}"
        _, later = judge_.section.later.get(shown.convention, ({}, ()))
        net = judge_.section.recurrence.then(once(*later))
        try:
            return script(title, base.latex, *shown.sides, net, judged.witness)
        except NotLowered:
            return None

    def _reading(self, judged: Judged, judge_: Judge) -> dict[str, object] | None:
        if judged.outcome is None or judged.outcome.sides is None:
            return None
        section = judge_.section
        names = {str(name) for side in judged.outcome.sides for q in named_in(side) for name in q.label.atoms(Str)}
        convention, reading = judged.outcome.convention, judged.outcome.reading
        return {
            "symbols": {
                k: [str(section.vocabulary.shapes.size(d)) for d in section.vocabulary.quantities[k].shape]
                for k in sorted(names & section.vocabulary.quantities.keys())
            },
            "layout": convention.layout,
            "loss": convention.loss,
            "derivative": convention.derivative,
            "superscript_T": reading.power if "power" in judge_.relevant else None,
        }


def _head(line: Line) -> Node | None:
    """What the chain begins with that the line goes on."""
    return None if line.first or line.statement is None else line.statement.sides[0]


def _has_no_meaning(finding: Finding) -> bool:
    """Is it not read, or does it hold a name of which nothing is known?"""
    return finding.verdict == "not_read" or (finding.verdict == "undecided" and finding.code == "W204")


def _proved_in(convention: Convention, judges: Iterable[Judge]) -> int:
    """How many of the claims hold in the convention."""
    return sum(isinstance(j.outcome(convention, Reading()).answer, Equal) for j in judges)


def _as_supposed(judged: Judged, line: Line, given: bool) -> Judged:
    """What is false in general may be true under a condition that is not read.  given: some weights are said to be something."""
    if judged.verdict != "refuted" or not (given or line.under or is_supposing(line.statement)):
        return judged
    return Judged("undecided", "false in general; it is said under a condition that is not read", outcome=judged.outcome)


def _is_fragment(line: Line) -> bool:
    """< 1, \\approx 0 in the middle of a sentence, whose subject is in words."""
    return isinstance(line.item, Inline) and line.first and Blank in (type(line.left), type(line.right))


def _only_indices(line: Line) -> bool:
    """t = 1, k \\le T, t = T, \\dots, 1: says something of indices, not of quantities."""
    return all(side is not None and all(map(_is_index, side.items if isinstance(side, List) else (side,)))
               for side in (line.left, line.right))


def _is_index(node: Node) -> bool:
    """t - 1, dots, or the last step of one of several sequences: T_x."""
    last = isinstance(node, Scripts) and node.base == Symbol("T") and isinstance(node.sub, Symbol) and node.sup is None
    return isinstance(node, Dots) or last or affine_of(node) is not None
