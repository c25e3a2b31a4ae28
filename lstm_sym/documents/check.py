"""Check a document: every formula gets a finding, every claim a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path

from lstm_sym.cells import catalogue
from lstm_sym.documents import order, prose, scan
from lstm_sym.documents.claims import Judge
from lstm_sym.documents.conventions import Convention, Reading
from lstm_sym.documents.declared import in_tables
from lstm_sym.documents.expecting import CONVENTIONS, Directives
from lstm_sym.documents.expecting import Expectation as Expectation
from lstm_sym.documents.findings import Checked, Finding
from lstm_sym.documents.items import Display, Document, Fault, Inline, Prose
from lstm_sym.documents.judged import Judged
from lstm_sym.documents.lines import Line, Part, source, split
from lstm_sym.documents.sections import establish
from lstm_sym.documents.spelling import affine_of
from lstm_sym.documents.style import author_style
from lstm_sym.documents.verdict import judge
from lstm_sym.equality.verdicts import Equal, Witness
from lstm_sym.errors import LstmSymError, Unreadable
from lstm_sym.notation.latex import latex

ORDER = frozenset((r"\le", "<", r"\ge", ">", r"\leq", r"\geq"))
RELATION = re.compile(r"[=<>≤≥≈→]|\\(le|ge|leq|geq|approx|to|equiv|propto|in|neq?)\b")
RELATED = re.compile(r"[=<>≤≥≈→]|\\(le|ge|leq|geq|approx|to|in|equiv|propto)\b")
LIMITS = frozenset((r"\approx", r"\to", r"\propto", r"\sim", r"\rightarrow", r"\longrightarrow"))


def check_file(path: str | Path, expectations: Iterable[Expectation] = (), declare: tuple[str, ...] = ()) -> Checked:
    """Check one file.  Errors: DocumentError if it cannot be read."""
    return check_document(scan.read(str(path)), str(path), tuple(expectations), declare)


def check_text(
    text: str,
    path: str = "-",
    format: str = "markdown",
    expectations: tuple[Expectation, ...] = (),
    declare: tuple[str, ...] = (),
) -> Checked:
    """Check a text.  Errors: DocumentError."""
    return check_document(scan.scan(text, format), path, expectations, declare)


def check_document(
    document: Document, path: str, expectations: tuple[Expectation, ...] = (), declare: tuple[str, ...] = ()
) -> Checked:
    """Check a document that has been scanned."""
    directives = Directives.of(document)
    parts = split(document, directives.ignored)
    findings: list[Finding] = [_fault(document, item) for item in document.items if isinstance(item, Fault)]
    notes: list[str] = []
    shapes = (*in_tables(document), *declare)
    for part in parts:
        settings = directives.in_force(part.lines[-1].item.at.end if part.lines else 0)
        model = catalogue.model(settings["model"]) if "model" in settings else None
        establish(part, {**_said(document, part), **{k: v for k, v in settings.items() if k in CONVENTIONS}}, model, shapes)
        checker = PartChecker(document, part)
        findings += checker.findings()
        notes += checker.notes
    findings.sort(key=lambda f: (f.line, f.column))
    wanted = (*expectations, *directives.expectations(path))
    mine = [x for x in wanted if x.path in (path, "", "*") or Path(x.path) == Path(path)]
    findings = [replace(f, expected=any(x.met_by(f) for x in mine)) for f in findings]
    unmet = tuple(_unmet(path, x) for x in mine if not any(x.met_by(f) for f in findings))
    models = [p.name for p in parts if p.name]
    return Checked(path, models[0] if models else None, tuple(findings), tuple(dict.fromkeys(notes)), unmet)


def _unmet(path: str, x: Expectation) -> str:
    return f"{path}:{x.line}: expected {x.verdict}{' ' + x.code if x.code else ''}, and no finding there is"


def _fault(document: Document, fault: Fault) -> Finding:
    return Finding(
        fault.at.line,
        fault.at.column,
        fault.at.end_line,
        document.text[fault.at.start : fault.at.end][:80].strip(),
        "claim",
        "not_read",
        "N303",
        message=fault.message,
    )


def _said(document: Document, part: Part) -> dict[str, str]:
    """What the prose around a part's formulas says of the loss."""
    items = [line.item for line in part.lines]
    if not items:
        return {}
    first, last = items[0].at.start, items[-1].at.end
    text = " ".join(i.text for i in document.items if isinstance(i, Prose) and first - 400 <= i.at.start <= last)
    loss = prose.loss_convention(text)
    return {} if loss is None else {"loss": loss}


# --- one part -------------------------------------------------------------------------------------------------------


class PartChecker:
    """The findings of one part: conventions are chosen for all of its claims together."""

    def __init__(self, document: Document, part: Part) -> None:
        self.document, self.part = document, part
        self.notes: list[str] = []
        self.judges: dict[int, Judge] = {
            n: Judge(part.section, line.left, line.right)
            for n, line in enumerate(part.lines)
            if part.section is not None
            and line.kind == "claim"
            and line.is_equation
            and line.fault is None
            and line.left is not None
            and line.right is not None
            and not _only_indices(line)
        }

    def findings(self) -> list[Finding]:
        """One finding for each line that says something."""
        assumed = self._assumed()
        return [f for n, line in enumerate(self.part.lines) for f in self._finding(n, line, assumed)]

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
        best = max((usual, *sorted(others - {usual}, key=str)), key=lambda c: self._proved_in(c) - _doubt(c, usual))
        for f in fields(Convention):
            if getattr(best, f.name) != getattr(usual, f.name):
                self.notes.append(f"assumed: {f.name} = {getattr(best, f.name)}, which proves most of the claims")
        return best

    def _proved_in(self, convention: Convention) -> int:
        return sum(isinstance(j.outcome(convention, Reading()).answer, Equal) for j in self.judges.values())

    def _finding(self, n: int, line: Line, assumed: Convention) -> list[Finding]:
        base = self._base(line)
        if line.fault is not None and line.kind == "claim":
            if isinstance(line.item, Inline) and not RELATION.search(line.item.latex):
                return []
            return [replace(base, verdict="not_read", code="N301", message=str(line.fault))]
        if line.kind != "claim":
            return [] if line.kind == "prose" else [base]
        if n in self.judges:
            judge_ = self.judges[n]
            return [self._judged(base, judge(judge_, assumed), judge_, line)]
        return self._other(base, line)

    def _base(self, line: Line) -> Finding:
        row, column = self.document.position(line.item.at.start + line.start)
        end, _ = self.document.position(line.item.at.start + max(line.start, line.start + len(line.latex) - 1))
        return Finding(
            row, column, end, line.latex, line.kind, scope=self.part.number, display=isinstance(line.item, Display)
        )

    def _judged(self, base: Finding, judged: Judged, judge_: Judge, line: Line) -> Finding:
        correction, edit = None, None
        if judged.correction is not None and line.left is not None and line.right is not None:
            edit = source(line.item, line.right), latex(judged.correction, author_style(self.part))
            correction = f"{source(line.item, line.left)} = {edit[1]}"
        warnings = tuple(sorted(judge_.warnings - {judged.code}))
        return replace(
            base,
            verdict=judged.verdict,
            code=judged.code,
            also=(*judged.also, *warnings),
            message=judged.message,
            condition=judged.condition,
            correction=correction,
            edit=edit,
            correction_condition=judged.correction_condition,
            witness=judged.witness,
            evidence=judged.evidence,
            reading=self._reading(judged, judge_),
        )

    def _reading(self, judged: Judged, judge_: Judge) -> dict[str, object] | None:
        if judged.outcome is None or judged.outcome.sides is None:
            return None
        section = judge_.section
        names = {q for side in judged.outcome.sides for q in section.vocabulary.quantities if q in str(side)}
        convention, reading = judged.outcome.convention, judged.outcome.reading
        return {
            "symbols": {
                k: [str(section.vocabulary.shapes.size(d)) for d in section.vocabulary.quantities[k].shape]
                for k in sorted(names)
            },
            "layout": convention.layout,
            "loss": convention.loss,
            "derivative": convention.derivative,
            "superscript_T": reading.power if "power" in judge_.relevant else None,
        }

    # --- relations that are not equations ---------------------------------------------------------------------------

    def _other(self, base: Finding, line: Line) -> list[Finding]:
        if line.left is None or line.right is None or _only_indices(line):
            return []
        if line.relation == r"\in":
            return [replace(base, kind="declaration")]
        if line.relation in ORDER:
            supposed = self._supposed(base, line)
            return supposed if supposed else [self._ordered(base, line)]
        if line.relation in LIMITS:
            return [self._limit(base, line)]
        return [replace(base, verdict="not_read", code="N302", message=f"the relation {line.relation} is not read")]

    def _supposed(self, base: Finding, line: Line) -> list[Finding]:
        """A display that the sentence supposes, and the consequence claimed after it."""
        if not isinstance(line.item, Display) or not prose.is_hypothesis(self.document.words_before(line.item)):
            return []
        hypothesis = replace(base, kind="hypothesis", message="supposed by the sentence before it")
        claimed = prose.consequence(self.document.words_after(line.item))
        if claimed is None:
            return [hypothesis]
        about = r"\lambda" in line.latex or r"\rho" in line.latex
        reason = (
            "a bound on an eigenvalue is no bound on what one multiplication does, which the largest singular value is"
            if about
            else "no theorem about this hypothesis is applied yet"
        )
        claim = replace(
            base,
            verdict="undecided",
            code="E106" if about else None,
            evidence=None,
            message=f'"{claimed}": {reason}; norm bounds and limits are not decided yet',
        )
        return [hypothesis, claim]

    def _ordered(self, base: Finding, line: Line) -> Finding:
        """a <= b by the ranges of functions."""
        left, right, relation = line.left, line.right, line.relation
        if relation in order.FLIPPED:
            left, right, relation = right, left, order.FLIPPED[relation]
        strict = relation == "<"
        try:
            a, b = (self._interval(side) for side in (left, right))
        except LstmSymError as fault:
            return replace(base, verdict="not_read", code="N301", message=str(fault))
        if order.holds(a, b, strict):
            sharper = not strict and (a.open or b.open)
            return replace(
                base,
                verdict="proved",
                evidence="exact",
                message="by the range of the function" + (", and strict for finite arguments" if sharper else ""),
            )
        broken = self._broken(left, right, a, b, strict)
        if broken is not None:
            return replace(
                base,
                verdict="refuted",
                evidence="exact",
                message=f"at the argument {broken[0]} the value is {broken[1]}",
                witness=Witness({}, {"argument": [[broken[0]]]}, (1, 1), broken[1], line.latex, True),
            )
        return replace(
            base,
            verdict="undecided",
            message="the ranges of the functions do not settle this inequality; "
            "norms, eigenvalues and limits are not decided yet",
        )

    def _interval(self, side: object) -> order.Interval:
        bare = order.of_function(side) if side is not None else None  # type: ignore[arg-type]
        if bare is not None:
            return bare
        section = self.part.section
        if section is None or side is None:
            raise Unreadable("no model to read this with", (0, 0))
        reader = Judge(section, side, side)  # type: ignore[arg-type]
        outcome = reader.assumed()
        if outcome.sides is None:
            raise outcome.fault or Unreadable("not understood", (0, 0))
        return order.interval(outcome.sides[0], section.recurrence)

    def _broken(
        self, left: object, right: object, a: order.Interval, b: order.Interval, strict: bool
    ) -> tuple[str, str] | None:
        if order.of_function(left) is not None and b.low is not None and b.low == b.high:  # type: ignore[arg-type]
            return order.counterexample(left, Fraction(b.low), True, strict)  # type: ignore[arg-type]
        if order.of_function(right) is not None and a.low is not None and a.low == a.high:  # type: ignore[arg-type]
            return order.counterexample(right, Fraction(a.low), False, strict)  # type: ignore[arg-type]
        return None

    def _limit(self, base: Finding, line: Line) -> Finding:
        also = (
            ("W201",)
            if "^T" in line.latex and ("T}" in line.latex or ")^T" in line.latex or "T-" in line.latex)
            else ()
        )
        return replace(
            base,
            verdict="undecided",
            code=None,
            also=also,
            message="a limit or an approximation: true for a linear net if the spectral radius is below 1, "
            "and limits are not decided yet",
        )


def _doubt(convention: Convention, usual: Convention) -> int:
    """How many claims more a convention must prove than the usual one: a single claim does not make a convention."""
    return sum(getattr(convention, f.name) != getattr(usual, f.name) for f in fields(Convention))


def _only_indices(line: Line) -> bool:
    """t = 1, k \\le T: says something of indices, not of quantities."""
    return all(side is not None and affine_of(side) is not None for side in (line.left, line.right))
