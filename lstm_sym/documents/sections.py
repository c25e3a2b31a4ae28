"""A document as sections, each with its model: which formulas define, declare, suppose, and which claim."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lstm_sym.documents.claims import later_definitions, names_in
from lstm_sym.documents.conventions import Convention
from lstm_sym.documents.deciding import LOSS, Section
from lstm_sym.documents.declared import declare
from lstm_sym.documents.derivatives import LOSSES
from lstm_sym.documents.items import Display, Document, Formula, Heading, Inline
from lstm_sym.documents.layout import parse
from lstm_sym.documents.model import Definition, Vocabulary, build, no_derivatives
from lstm_sym.documents.presets import preset
from lstm_sym.documents.reading import Quantity, Reader
from lstm_sym.documents.shapes import ONE, Dimension
from lstm_sym.documents.spelling import Indexing, Spelled, affine_of, letters_of, spell, survey
from lstm_sym.documents.tree import (
    BigOperator,
    Layout,
    Node,
    Number,
    Product,
    Scripts,
    Statement,
    Statements,
    Symbol,
    tokens,
    walk,
)
from lstm_sym.errors import LayoutError, LstmSymError, ShapeMismatch, Unreadable
from lstm_sym.expr.indices import integer
from lstm_sym.expr.recurrence import Recurrence

EQUALS = frozenset(("=", ":=", r"\equiv", r"\triangleq", r"\doteq", r"\coloneqq"))
DEFINES = frozenset((":=", r"\triangleq", r"\coloneqq"))


@dataclass(slots=True)
class Line:
    """One link of one statement: left relation right, with where it stands and what it turned out to be."""

    item: Formula
    statement: Statement | None
    left: Node | None
    relation: str
    right: Node | None
    start: int  # offset of the link in the formula
    latex: str
    kind: str = "claim"
    fault: LstmSymError | None = None
    first: bool = True  # the first link of its chain

    @property
    def is_equation(self) -> bool:
        """Does it say that two things are equal?"""
        return self.relation in EQUALS


@dataclass(slots=True)
class Part:
    """A stretch of the document under one model."""

    number: int
    lines: list[Line] = field(default_factory=list)
    section: Section | None = None
    name: str | None = None


def lines_of(document: Document, item: Formula) -> Iterator[Line]:
    """The links of a formula; a formula that cannot be laid out is one line with its fault."""
    try:
        statements = parse(item.latex, document.macros_at(item))
    except LayoutError as fault:
        yield Line(item, None, None, "", None, fault.start, item.latex.strip(), fault=fault)
        return
    except RecursionError:
        fault_deep = LayoutError("nested too deeply", 0, 0)
        yield Line(item, None, None, "", None, 0, item.latex.strip(), fault=fault_deep)
        return
    for statement in statements.statements:
        yield from _links(item, statement, statements)


def _links(item: Formula, statement: Statement, whole: Statements) -> Iterator[Line]:
    if not statement.relations:
        yield Line(
            item, statement, statement.sides[0], "", None, statement.span[0], source(item, statement), kind="prose"
        )
        return
    for n, (start, relation) in enumerate(zip(statement.starts, statement.relations, strict=True)):
        left, right = statement.sides[n], statement.sides[n + 1]
        latex = item.latex[start : max(extent(right)[1], extent(relation)[1])].strip()
        yield Line(item, statement, left, relation.name, right, start, latex, first=n == 0)


def extent(part: Layout) -> tuple[int, int]:
    """From its first to its last token, braces included."""
    marks = tokens(part)
    return (min(m.start for m in marks), max(m.end for m in marks)) if marks else part.span


def source(item: Formula, part: Layout) -> str:
    """The part as the author wrote it."""
    return item.latex[slice(*extent(part))].strip()


# --- splitting into parts -------------------------------------------------------------------------------------------


def split(document: Document, ignored: frozenset[int] = frozenset()) -> list[Part]:
    """Parts of the document: a heading whose text brings a model of its own begins a new one."""
    groups: list[list[Line]] = [[]]
    for item in document.items:
        if isinstance(item, Heading):
            groups.append([])
        elif isinstance(item, Display | Inline) and item.at.start not in ignored:
            groups[-1].extend(lines_of(document, item))
    parts: list[Part] = [Part(0)]
    seen_model = False
    for group in groups:
        brings = any(is_model_line(line) for line in group if isinstance(line.item, Display))
        if brings and seen_model:
            parts.append(Part(len(parts)))
        seen_model = seen_model or brings
        parts[-1].lines.extend(group)
    return parts


def is_model_line(line: Line) -> bool:
    """A name at a time = an expression that holds a name one step back (and no derivative)?"""
    if not (line.is_equation and line.first and line.left is not None and line.right is not None):
        return False
    letter = running_letter([line])
    name = spell(line.left, Indexing(letter))
    if name is None or name.time is None or name.sup is not None or _has_derivative(line.right):
        return False
    here = name.time
    return any(
        (found := spell(node, Indexing(letter))) is not None
        and found.time is not None
        and found.time.terms == here.terms
        and found.time.constant == here.constant - 1
        for node in walk(line.right)
        if isinstance(node, Scripts)
    )


def _has_derivative(node: Layout) -> bool:
    return any(isinstance(n, Symbol) and n.name in (r"\partial", r"\nabla") for n in walk(node))


def running_letter(lines: list[Line]) -> str:
    """The letter that runs over time in the model lines: t, unless another stands in its place."""
    for line in lines:
        if line.left is None or not (line.is_equation and line.first) or not isinstance(line.left, Scripts):
            continue
        for script in (line.left.sub, line.left.sup):
            form = affine_of(script) if script is not None else None
            inner = getattr(script, "body", None)
            form = form or (affine_of(inner) if inner is not None else None)
            letters = letters_of(form) if form is not None else frozenset()
            if len(letters) == 1 and letters <= {"t", "k", "s", r"\tau", "n"}:
                return next(iter(letters))
    return "t"


# --- reading the definitions of a part ------------------------------------------------------------------------------


def establish(
    part: Part, declared: dict[str, str], model: Recurrence | None = None, shapes: tuple[str, ...] = ()
) -> None:
    """Read declarations, definitions and model lines of the part; what is left are claims.

    model: taken if the part brings none of its own.  shapes: stated apart from the formulas, as "W: n x m".
    """
    trees = [t for line in part.lines for t in (line.left, line.right) if t is not None]
    candidates = [line for line in part.lines if is_model_line(line)]
    indexing = survey(trees, running_letter(candidates))
    if model is not None and not candidates:
        vocabulary, recurrence = preset(model, indexing)
        part.section = Section(vocabulary, recurrence, dict(declared))
        later = [n for n, line in enumerate(part.lines) if line.right is not None and _has_derivative(line.right)
                 and (name := _defines(line, indexing)) is not None and name.key not in vocabulary.quantities]
        _read_later(part, later)
        return
    last: LstmSymError | None = None
    for kind in ("numbers",) if _of_numbers(candidates, indexing) else ("columns", "rows"):
        vocabulary = Vocabulary(indexing, kind=kind)
        for text in shapes:
            declare(text, vocabulary)
        try:
            kinds, definitions, later = _define(part, vocabulary)
            recurrence = build(vocabulary, definitions)
        except LstmSymError as fault:
            last = last or fault
            continue
        for n, role in kinds.items():
            part.lines[n].kind = role
        names = {q.name for q in recurrence.quantities}
        vocabulary.shapes.settle(q.shape for q in vocabulary.quantities.values() if q.key in names)
        part.section = Section(vocabulary, recurrence, _conventions(part, declared))
        part.section.zero = vocabulary.zero
        _read_later(part, later)
        return
    part.section = Section(Vocabulary(indexing), Recurrence(), dict(declared))
    for line in candidates:
        line.kind, line.fault = "claim", last


def _of_numbers(lines: list[Line], indexing: Indexing) -> bool:
    """Are all weights of the model lines plain lower-case letters, w and u?  Then the model has one unit."""
    names = [
        found
        for line in lines
        if line.right is not None
        for node in walk(line.right)
        if isinstance(node, Symbol | Scripts) and (found := spell(node, indexing)) is not None and found.time is None
    ]
    weights = {n.key for n in names} & {"w", "u", "v", r"w_{h}", r"w_{x}", r"w_{hh}", r"w_{xh}"}
    return bool(weights) and not any(n.key[0].isupper() or "mathbf" in n.key for n in names)


def _define(part: Part, vocabulary: Vocabulary) -> tuple[dict[int, str], list[Definition], list[int]]:
    kinds: dict[int, str] = {}
    definitions: list[Definition] = []
    later: list[int] = []
    defined: set[tuple[str, object]] = set()
    for n, line in enumerate(part.lines):
        if line.relation == r"\in" and line.left is not None and line.right is not None:
            if _declaration(line, vocabulary):
                kinds[n] = "declaration"
            continue
        zero = _starts_at_zero(line, vocabulary.indexing)
        if zero:
            vocabulary.zero |= zero
            kinds[n] = "definition"
            continue
        name = _defines(line, vocabulary.indexing)
        if name is None or line.right is None or (name.key, name.time) in defined or _general(name, defined):
            continue
        if name.time is not None and not name.time.terms and name.time.constant:
            continue  # h_2 = ... says something of the model; only h_0 is given
        if name.key.startswith(r"\delta") and any(found.key == name.key for found in names_in(line.right, vocabulary.indexing)):
            continue                                         # a recursion back in time is a claim about gradients
        if _has_derivative(line.right):
            later.append(n)
            defined.add((name.key, name.time))
            continue
        if name.key in LOSSES and not _readable(line.right, vocabulary):
            kinds[n] = "definition"
            vocabulary.opaque |= not any(found.key in LOSSES for found in names_in(line.right, vocabulary.indexing))
            defined.add((name.key, name.time))
            continue
        try:
            definitions.append(_definition(line, name, vocabulary))
        except (ShapeMismatch, Unreadable):
            if is_model_line(line):
                raise
            continue
        kinds[n] = "model" if is_model_line(line) else "definition"
        defined.add((name.key, name.time))
    return kinds, definitions, later


def _starts_at_zero(line: Line, indexing: Indexing) -> set[str]:
    """The names in h_0 = c_0 = 0."""
    sides = line.statement.sides if line.statement is not None else ()
    last = sides[-1] if sides else None
    nothing = (isinstance(last, Number) and last.text == "0") or (
        isinstance(last, Scripts | Symbol) and spell(last, indexing) in (Spelled(r"\mathbf{0}"), Spelled(r"\vec{0}"))
    )
    names = [spell(side, indexing) for side in sides[:-1]]
    at_start = all(n is not None and n.time is not None and not n.time.terms and not n.time.constant for n in names)
    return {n.key for n in names if n is not None} if nothing and at_start and line.is_equation else set()


def _general(name: Spelled, defined: set[tuple[str, object]]) -> bool:
    """Has the family a definition at the running index already, so that this one at the running index is a claim?"""
    return (
        name.time is not None
        and bool(name.time.terms)
        and any(key == name.key and time is not None and getattr(time, "terms", ()) for key, time in defined)
    )


def _defines(line: Line, indexing: Indexing) -> Spelled | None:
    """The name that the link may define: alone on the left of the first equality."""
    if not (line.is_equation and line.first and line.left is not None) or (
        isinstance(line.item, Inline) and not is_model_line(line)
    ):
        return None
    name = spell(line.left, indexing)
    return None if name is None or name.sup is not None or name.primes else name


def _readable(node: Node, vocabulary: Vocabulary) -> bool:
    trial = Vocabulary(vocabulary.indexing, vocabulary.shapes.copy(), dict(vocabulary.quantities), vocabulary.kind)
    try:
        read = _reader(trial).read(node)
        return _reader(trial).is_scalar(read)
    except (ShapeMismatch, Unreadable):
        return False


def _reader(vocabulary: Vocabulary) -> Reader:
    return Reader(vocabulary.shapes, vocabulary.quantities, vocabulary.indexing, no_derivatives, vocabulary.introduce)


def _definition(line: Line, name: Spelled, vocabulary: Vocabulary) -> Definition:
    """Reads on a copy first, so that a formula that does not fit leaves no trace."""
    trial = Vocabulary(vocabulary.indexing, vocabulary.shapes.copy(), dict(vocabulary.quantities), vocabulary.kind)
    value = _reader(trial).read(line.right or line.left)  # type: ignore[arg-type]
    _enter(name, value.shape, trial)
    value = _reader(vocabulary).read(line.right or line.left)  # type: ignore[arg-type]
    _enter(name, value.shape, vocabulary)
    return Definition(vocabulary.quantities[name.key].key, name.time, value, line.left or line.item)  # type: ignore[arg-type]


def _enter(name: Spelled, shape: tuple[Dimension, Dimension], vocabulary: Vocabulary) -> None:
    known = vocabulary.quantities.get(name.key)
    if known is not None:
        vocabulary.shapes.unify_shapes(known.shape, shape)
    else:
        key = LOSS if name.key in LOSSES and name.time is None else name.key
        vocabulary.quantities[name.key] = Quantity(key, shape, name.time is not None)
        vocabulary.quantities.setdefault(key, vocabulary.quantities[name.key])


def _read_later(part: Part, later: list[int]) -> None:
    """Definitions that hold derivatives: \\delta_t = \\partial L / \\partial a_t."""
    section = part.section
    if section is None:
        return
    for n in later:
        line = part.lines[n]
        name = spell(line.left, section.vocabulary.indexing) if line.left is not None else None
        if name is None or line.right is None:
            continue
        section.written.append((name, line.right))
        try:
            later_definitions(section, Convention(**section.declared))
        except LstmSymError as fault:
            line.fault = fault
            section.written.pop()
            continue
        section.later.clear()
        line.kind = "definition"


# --- declarations and conventions -----------------------------------------------------------------------------------


def _declaration(line: Line, vocabulary: Vocabulary) -> bool:
    """W, U \\in \\mathbb{R}^{n \\times m}."""
    space = line.right
    if not isinstance(space, Scripts) or not isinstance(space.base, Symbol) or space.base.name not in ("R", r"\R"):
        return False
    sizes = _sizes(space.sup, vocabulary)
    names = getattr(line.left, "items", (line.left,))
    for node in names:
        name = spell(node, vocabulary.indexing) if node is not None else None
        if name is not None and sizes is not None:
            vocabulary.declare(name.key, sizes)
    return True


def _sizes(sup: Node | None, vocabulary: Vocabulary) -> tuple[Dimension, Dimension] | None:
    if sup is None:
        return (ONE, ONE)
    parts = sup.factors if isinstance(sup, Product) and set(sup.operators) <= {r"\times"} else (sup,)
    found = [_size(p, vocabulary) for p in parts]
    if any(f is None for f in found) or len(found) > 2:
        return None
    return (found[0], found[1] if len(found) == 2 else ONE)  # type: ignore[return-value]


def _size(node: Node, vocabulary: Vocabulary) -> Dimension | None:
    if isinstance(node, Number):
        return ONE if node.text == "1" else None
    name = spell(node, vocabulary.indexing)
    if name is None:
        return None
    for number, known in vocabulary.shapes.names.items():
        if known == integer(name.key):
            return number
    return vocabulary.shapes.fresh(name.key, wide=True)


LAST = re.compile(r"\b(only|last|final)\b[^.]*\b(loss|state|step)\b|\b(loss|cost)\b[^.]*\b(only|last|final)\b", re.I)


def _conventions(part: Part, declared: dict[str, str]) -> dict[str, str]:
    """What the section says of its loss: L = \\ell(h_T) reads the last step, L = \\sum_t ... every step."""
    found = dict(declared)
    for line in part.lines:
        if line.kind == "definition" and line.left is not None and line.right is not None:
            name = spell(line.left, Indexing())
            if name is not None and name.key in LOSSES and "loss" not in found:
                every = any(isinstance(n, BigOperator) for n in walk(line.right))
                found["loss"] = "every" if every else "last" if "T" in line.latex else found.get("loss", "every")
    return found
