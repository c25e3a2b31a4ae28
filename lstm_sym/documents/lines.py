"""The formulas of a document as lines, one a link of a chain, and the lines as parts, one a model."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lstm_sym.documents.branches import branches
from lstm_sym.documents.components import components
from lstm_sym.documents.deciding import Section
from lstm_sym.documents.items import Display, Document, Formula, Heading, Inline
from lstm_sym.documents.layout import parse
from lstm_sym.documents.prose import is_hypothesis, names_last
from lstm_sym.documents.spelling import RUNNING, Indexing, affine_of, letters_of, spell
from lstm_sym.documents.stacked import unstacked
from lstm_sym.documents.times import times
from lstm_sym.documents.tree import Layout, Node, Scripts, Statement, Statements, Symbol, tokens, walk
from lstm_sym.errors import LayoutError, LstmSymError

EQUALS = frozenset(("=", ":=", r"\equiv", r"\triangleq", r"\doteq", r"\coloneqq"))
DEFINES = frozenset((":=", r"\triangleq", r"\coloneqq"))
WIDEST = 60                # characters before a letter in which words may call it the last step


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
    supposed: bool = False  # inside a sentence that supposes it

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


def layouts(document: Document, items: list[Formula]) -> list[Statements | LayoutError]:
    """The statements of each formula, or why it cannot be laid out, with all times written in one way."""
    found = [_rows_apart(_layout(document, item)) for item in items]
    named = [s.sides[0] for item, whole in zip(items, found, strict=True) if isinstance(whole, Statements)
             for s in whole.statements if names_last(document.text[max(0, item.at.start - WIDEST):item.at.start])]
    writing = times((s for whole in found if isinstance(whole, Statements) for s in whole.statements), named)
    timed = [writing.told(whole) if isinstance(whole, Statements) else whole for whole in found]
    entries = components([s for whole in timed if isinstance(whole, Statements) for s in whole.statements])
    return [replace(whole, statements=tuple(map(entries.told, whole.statements))) if isinstance(whole, Statements) else whole
            for whole in timed]


def _rows_apart(whole: Statements | LayoutError) -> Statements | LayoutError:
    if isinstance(whole, LayoutError):
        return whole
    rows = (row for statement in whole.statements for row in unstacked(statement))
    return replace(whole, statements=tuple(branch for row in rows for branch in branches(row)))


def _layout(document: Document, item: Formula) -> Statements | LayoutError:
    try:
        return parse(item.latex, document.macros_at(item))
    except LayoutError as fault:
        return fault
    except RecursionError:
        return LayoutError("nested too deeply", 0, 0)


def lines_of(item: Formula, layout: Statements | LayoutError) -> Iterator[Line]:
    """The links of a formula; a formula that cannot be laid out is one line with its fault."""
    if isinstance(layout, LayoutError):
        yield Line(item, None, None, "", None, layout.start, item.latex.strip(), fault=layout)
        return
    for statement in layout.statements:
        yield from _links(item, statement)


def _links(item: Formula, statement: Statement) -> Iterator[Line]:
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
    formulas = [i for i in document.items if isinstance(i, Display | Inline) and i.at.start not in ignored]
    of_item = dict(zip((i.at.start for i in formulas), layouts(document, formulas), strict=True))
    for item in document.items:
        if isinstance(item, Heading):
            groups.append([])
        elif isinstance(item, Display | Inline) and item.at.start in of_item:
            lines = list(lines_of(item, of_item[item.at.start]))
            supposed = isinstance(item, Inline) and is_hypothesis(document.words_before(item))
            groups[-1].extend(replace(line, supposed=True) for line in lines) if supposed else groups[-1].extend(lines)
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
    if name is None or name.time is None or name.sup is not None or has_derivative(line.right):
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


def has_derivative(node: Layout) -> bool:
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
            if len(letters) == 1 and letters <= RUNNING:
                return next(iter(letters))
    return "t"
