"""The formulas of a document as lines, one a link of a chain."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lstm_sym.documents.layout.parse import parse
from lstm_sym.documents.layout.tree import (
    Delimited,
    Function,
    Layout,
    List,
    Node,
    Product,
    Scripts,
    Statement,
    Statements,
    Symbol,
    tokens,
    walk,
)
from lstm_sym.documents.reading import diagonals, differentiated_calls, long_sums
from lstm_sym.documents.reading.adjoints import Adjoints, adjoints
from lstm_sym.documents.reading.algebra import ALWAYS
from lstm_sym.documents.reading.barred import Barred, barred
from lstm_sym.documents.reading.bound_letters import usual
from lstm_sym.documents.reading.branches import branches
from lstm_sym.documents.reading.calls import FUNCTION_NAMES
from lstm_sym.documents.reading.components import Components, components
from lstm_sym.documents.reading.lost_rows import rows_apart
from lstm_sym.documents.reading.named_losses import NamedLosses, named_losses
from lstm_sym.documents.reading.spelling import RUNNING, Indexing, affine_of, letters_of, spell
from lstm_sym.documents.reading.stacked import unstacked
from lstm_sym.documents.reading.subscripted import Subscripted, subscripted
from lstm_sym.documents.reading.times import Times, times
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.prose import names_another, names_last
from lstm_sym.documents.sources.items import Display, Document, Formula
from lstm_sym.errors import LayoutError, LstmSymError
from lstm_sym.expr.affine import variable

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
    under: bool = False  # behind a formula that its sentence supposes
    defining: bool = False  # inside a sentence that defines it
    variant: bool = False  # behind words about another form of the model
    running: str = ""  # the letter that is said to run over time
    apart: bool = False  # under another heading than that of its part's model

    @property
    def displayed(self) -> bool:
        """Does it stand as a display, or between the dollars of one within a paragraph that does not suppose it?"""
        return isinstance(self.item, Display) or (self.item.fence == "$$" and not self.supposed)

    @property
    def is_equation(self) -> bool:
        """Does it say that two things are equal?"""
        return self.relation in EQUALS


@dataclass(frozen=True, slots=True)
class Writing:
    """How a document writes times and components, and its statements told in the way they are read."""

    times: Times = field(default_factory=Times)
    entries: Components = field(default_factory=Components)
    letter: str = ""  # that runs over time, where the document says so
    signs: Adjoints = field(default_factory=Adjoints)
    functions: Subscripted = field(default_factory=Subscripted)
    accents: Barred = field(default_factory=Barred)
    losses: NamedLosses = field(default_factory=NamedLosses)

    def told(self, statement: Statement) -> Statement:
        """The statement with every time in one place, about whole vectors and matrices."""
        return self.entries.told(self.signs.told(differentiated_calls.told(self._timed(statement))))

    def axes(self, statement: Statement) -> tuple[str, ...]:
        """The letters of the components that its first side is about."""
        return self.entries.axes(self.signs.told(self._timed(statement)).sides[0])

    def _timed(self, statement: Statement) -> Statement:
        timed = _in_steps(self.times, self.functions.told(statement))
        return self.losses.told(self.accents.told(timed))


@dataclass(slots=True)
class Part:
    """A stretch of the document under one model."""

    number: int
    writing: Writing = field(default_factory=Writing)
    lines: list[Line] = field(default_factory=list)
    section: Section | None = None
    name: str | None = None


def layouts(document: Document, items: list[Formula], letter: str = "") -> tuple[list[Statements | LayoutError], Writing]:
    """The statements of each formula, or why it cannot be laid out, as the writing of the document has them told."""
    found = [_rows_apart(_layout(document, item)) for item in items]
    named = [s.sides[0] for item, whole in zip(items, found, strict=True) if isinstance(whole, Statements)
             for s in whole.statements if names_last(document.text[max(0, item.at.start - WIDEST):item.at.start])]
    statements = [s for whole in found if isinstance(whole, Statements) for s in whole.statements]
    letter = letter or _counter(statements)
    functions = subscripted(statements, document.text)
    statements = [functions.told(s) for s in statements]
    timed = times(statements, named)
    statements = [_in_steps(timed, s) for s in statements]
    accents = barred(statements)
    statements = [accents.told(s) for s in statements]
    losses = named_losses(statements)
    statements = [losses.told(s) for s in statements]
    signs = adjoints(statements)
    writing = Writing(timed, components((signs.told(s) for s in statements), letter or "t"), letter, signs,
                      functions, accents, losses)
    return [replace(whole, statements=tuple(map(writing.told, whole.statements))) if isinstance(whole, Statements) else whole
            for whole in found], writing


def _in_steps(times: Times, statement: Statement) -> Statement:
    """The statement with every time in one place, letters of steps below sums, and diagonal matrices by their columns."""
    return diagonals.told(usual(times.told(statement)))


def _counter(statements: list[Statement]) -> str:
    """The i of s_i = f(s_{i-1}, ...), where it alone counts steps: entries are never shifted; "" for t, and where others do."""
    found = {letter for s in statements if s.relations for letter in _stepping(s.sides[0], s.sides[1])}
    usual = any(isinstance(x, Symbol) and x.name == "t" for s in statements for x in walk(s))
    return next(iter(found)) if len(found) == 1 and not usual else ""


def _stepping(left: Node, right: Node) -> frozenset[str]:
    """The letter by which a name is made of itself one step before."""
    form = affine_of(left.sub) if isinstance(left, Scripts) else None
    if not isinstance(left, Scripts) or form is None or form.constant or len(form.terms) != 1:
        return frozenset()
    before = (affine_of(x.sub) for x in walk(right) if isinstance(x, Scripts) and x.base == left.base)
    return letters_of(form) if any(f and f.terms == form.terms and f.constant == -1 for f in before) else frozenset()


def _rows_apart(whole: Statements | LayoutError) -> Statements | LayoutError:
    if isinstance(whole, LayoutError):
        return whole
    rows = (row for statement in whole.statements for part in rows_apart(statement) for row in unstacked(part))
    return replace(whole, statements=tuple(branch for row in rows for branch in branches(long_sums.told(row))))


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
    stepping = False
    for n, (start, relation) in enumerate(zip(statement.starts, statement.relations, strict=True)):
        left, right = statement.sides[n], statement.sides[n + 1]
        latex = item.latex[start : max(extent(right)[1], extent(relation)[1])].strip()
        line = Line(item, statement, left, relation.name, right, start, latex, first=n == 0)
        inner = replace(line, first=True, **dict(zip(("left", "right"), _inside(left, right), strict=True)))
        defines = n > 0 and not stepping and is_model_line(inner)
        stepping = stepping or defines or is_model_line(line)
        yield inner if defines else line


def _inside(left: Node, right: Node) -> tuple[Node, Node]:
    """z and W h + b, where f(z) = f(W h + b) goes on a chain that gives z no other meaning; else the sides themselves."""
    calls = [side.factors for side in (left, right) if isinstance(side, Product) and len(side.factors) == 2]
    if len(calls) < 2 or calls[0][0] != calls[1][0]:
        return left, right
    z, value = (brackets.body if isinstance(brackets, Delimited) else brackets for _, brackets in calls)
    return z, value


def extent(part: Layout) -> tuple[int, int]:
    """From its first to its last token, braces included."""
    marks = tokens(part)
    return (min(m.start for m in marks), max(m.end for m in marks)) if marks else part.span


def source(item: Formula, part: Layout) -> str:
    """The part as the author wrote it."""
    return item.latex[slice(*extent(part))].strip()


# --- models apart under a heading -----------------------------------------------------------------------------------------

def models_apart(document: Document, group: list[Line]) -> Iterator[list[Line]]:
    """The lines under a heading, from where words announce another model that defines a name of the one before anew."""
    start, announced = 0, 0
    defined: dict[str, tuple[int, object]] = {}
    for n, line in enumerate(group):
        opens = isinstance(line.item, Display) and (n == 0 or group[n - 1].item is not line.item)
        announced = n if opens and names_another(document.words_before(line.item)) else announced
        name = _defines_each_step(line)
        if name is None or line.right is None:
            continue
        at, how = defined.get(name, (n, None))
        if start <= at < announced and how != _signature(line.right):
            yield group[start:announced]
            start = announced
        defined[name] = n, _signature(line.right)
    yield group[start:]


def _defines_each_step(line: Line) -> str | None:
    """h of h_t = ..., in a display and without derivatives."""
    if not (line.is_equation and line.first and line.displayed and line.left is not None):
        return None
    if line.right is None or has_derivative(line.right):
        return None
    letter = running_letter([line])
    name = spell(line.left, Indexing(letter))
    return name.key if name is not None and name.time == variable(letter) and name.sup is None else None


def _signature(right: Node) -> tuple[frozenset[str], bool]:
    """What tells models apart: the functions that are applied, and whether products are entrywise."""
    nodes = list(walk(right))
    functions = {n.name for n in nodes if isinstance(n, Function) or (isinstance(n, Symbol) and n.name in FUNCTION_NAMES)}
    return frozenset(functions), any(ALWAYS & set(n.operators) for n in nodes if isinstance(n, Product))


def is_model_line(line: Line) -> bool:
    """A name at a time = an expression that holds a name one step back (and no derivative)?"""
    if not (line.is_equation and line.first and line.left is not None and line.right is not None):
        return False
    letter = running_letter([line])
    name = spell(line.left, Indexing(letter))
    if name is None or name.time is None or name.sup is not None or has_derivative(line.right) or is_any(line.right):
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


def is_any(right: Node) -> bool:
    """Does it say no more than what a step depends on, as f(h_{t-1}, x_t)?"""
    return any(isinstance(n, Delimited) and n.open == "(" and isinstance(n.body, List) for n in walk(right))


def has_derivative(node: Layout) -> bool:
    return any(isinstance(n, Symbol) and n.name in (r"\partial", r"\nabla") for n in walk(node))


def running_letter(lines: list[Line]) -> str:
    """The letter that runs over time in the model lines: t, unless another stands in its place."""
    for line in lines:
        if line.running:
            return line.running
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
