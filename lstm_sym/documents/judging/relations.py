"""Relations that are not equations: bounds, limits, and what a sentence supposes before a display."""
from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from lstm_sym.documents.findings import Finding
from lstm_sym.documents.judging import order
from lstm_sym.documents.layout.tree import Blank, Dots, List, Node, Scripts
from lstm_sym.documents.reading.spelling import base_text, names_in
from lstm_sym.documents.sections import prose
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.lines import Line, Part
from lstm_sym.documents.sources.items import Display, Document, Inline
from lstm_sym.equality.verdicts import Witness
from lstm_sym.errors import LstmSymError, Unreadable

ORDER = frozenset((r"\le", "<", r"\ge", ">", r"\leq", r"\geq"))
LIMITS = frozenset((r"\approx", r"\to", r"\propto", r"\sim", r"\rightarrow", r"\longrightarrow"))
ARROWS = frozenset((r"\to", r"\rightarrow", r"\longrightarrow", r"\mapsto"))
ASSIGNS = frozenset((r"\leftarrow", "+=", "-="))              # a step of a program: it says what is done, not what is so
WRITTEN = re.compile(r"[=<>≤≥≈→]|\\(le|ge|leq|geq|approx|to|equiv|propto|in|neq?)\b")
OF_EIGENVALUES = "a bound on an eigenvalue is no bound on what one multiplication does, which the largest singular value is"
GIVEN = "supposed of what the model does not compute"
OF_ANYTHING = "no theorem about this hypothesis is applied yet"


def judged(document: Document, part: Part, line: Line, base: Finding) -> list[Finding]:
    """The findings of a line whose relation is not an equality."""
    if line.left is None or line.right is None:
        return []
    if line.relation == r"\in":
        return [replace(base, kind="declaration")]
    if line.relation in ASSIGNS:
        return [replace(base, kind="definition")]
    if line.relation in ORDER:
        found = _ordered(part, line.left, line.relation, line.right, base)
        if found.verdict == "undecided" and isinstance(line.item, Inline) and _is_of_what_is_given(part, line.left, line.right):
            return [replace(base, kind="hypothesis", message=GIVEN)]
        return _supposed(document, line, base) or [found]
    if line.relation in LIMITS:
        return [_limit(line, base)]
    return [replace(base, verdict="not_read", code="N302", message=f"the relation {line.relation} is not read")]


def _supposed(document: Document, line: Line, base: Finding) -> list[Finding]:
    """A display that the sentence supposes, and the consequence claimed after it."""
    if not isinstance(line.item, Display) or not prose.is_hypothesis(document.words_before(line.item)):
        return []
    hypothesis = replace(base, kind="hypothesis", message="supposed by the sentence before it")
    claimed = prose.consequence(document.words_after(line.item))
    if claimed is None:
        return [hypothesis]
    of_eigenvalues = r"\lambda" in line.latex or r"\rho" in line.latex
    reason = OF_EIGENVALUES if of_eigenvalues else OF_ANYTHING
    message = f'"{claimed}": {reason}; norm bounds and limits are not decided yet'
    return [hypothesis, replace(base, verdict="undecided", code="E106" if of_eigenvalues else None, message=message)]


def _is_of_what_is_given(part: Part, *sides: Node) -> bool:
    """Does it name parameters of the model and numbers alone, as 0 < a < 1 does?"""
    if part.section is None:
        return False
    names = {n.key for side in sides for n in names_in(side, part.section.vocabulary.indexing)}
    return bool(names) and names <= {q.name for q in part.section.recurrence.parameters}


def draws(line: Line) -> bool:
    """x_1 \\to h_1 \\to h_2: what feeds what, and no limit?"""
    return line.relation in ARROWS and line.left is not None and line.right is not None and all(
        map(_is_station, (line.left, line.right)))


def _is_station(node: Node) -> bool:
    """A name, a list of names, or dots."""
    items = node.items if isinstance(node, List) else (node,)
    return all(isinstance(x, Dots | Blank) or base_text(x.base if isinstance(x, Scripts) else x) is not None for x in items)


# --- a <= b by the ranges of functions -------------------------------------------------------------------------------

def _ordered(part: Part, left: Node, relation: str, right: Node, base: Finding) -> Finding:
    if relation in order.FLIPPED:
        left, right, relation = right, left, order.FLIPPED[relation]
    strict = relation == "<"
    try:
        a, b = _interval(part, left), _interval(part, right)
    except LstmSymError as fault:
        return replace(base, verdict="not_read", code="N301", message=str(fault))
    if order.holds(a, b, strict):
        sharper = ", and strict for finite arguments" if not strict and (a.open or b.open) else ""
        return replace(base, verdict="proved", evidence="exact", message=f"by the range of the function{sharper}")
    broken = _broken(left, right, a, b, strict)
    if broken is not None:
        argument, value = broken
        witness = Witness({}, {"argument": [[argument]]}, (1, 1), value, base.latex, True)
        text = f"at the argument {argument} the value is {value}"
        return replace(base, verdict="refuted", evidence="exact", message=text, witness=witness)
    text = "the ranges of the functions do not settle this inequality; norms, eigenvalues and limits are not decided yet"
    return replace(base, verdict="undecided", message=text)


def _interval(part: Part, side: Node) -> order.Interval:
    bare = order.of_function(side)
    if bare is not None:
        is_put = any(x.left == side and x.is_equation and not x.fault for x in part.lines)     # sigma = ||W||: no function
        return order.Interval(None, None) if is_put else bare
    if part.section is None:
        raise Unreadable("no model to read this with", (0, 0))
    outcome = Judge(part.section, side, side).assumed()
    if outcome.sides is None:
        raise outcome.fault or Unreadable("not understood", (0, 0))
    return order.interval(outcome.sides[0], part.section.recurrence)


def _broken(left: Node, right: Node, a: order.Interval, b: order.Interval, strict: bool) -> tuple[str, str] | None:
    """An argument at which a bare function breaks a constant bound, and its value there."""
    if order.of_function(left) is not None and b.low is not None and b.low == b.high:
        return order.counterexample(left, Fraction(b.low), True, strict)
    if order.of_function(right) is not None and a.low is not None and a.low == a.high:
        return order.counterexample(right, Fraction(a.low), False, strict)
    return None


def _limit(line: Line, base: Finding) -> Finding:
    powers = "^T" in line.latex and ("T}" in line.latex or ")^T" in line.latex or "T-" in line.latex)
    text = "a limit or an approximation: true for a linear net if the spectral radius is below 1, and limits are not decided yet"
    return replace(base, verdict="undecided", also=("W201",) if powers else (), message=text)
