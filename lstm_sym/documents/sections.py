"""A part of a document read: which lines define, declare, suppose; what is left are claims about its model."""
from __future__ import annotations

from lstm_sym.documents.claims import later_definitions
from lstm_sym.documents.conventions import Convention
from lstm_sym.documents.deciding import LOSS, Section
from lstm_sym.documents.declared import declare, in_formula
from lstm_sym.documents.derivatives import LOSSES
from lstm_sym.documents.items import Inline
from lstm_sym.documents.lines import Line, Part, has_derivative, is_model_line, running_letter
from lstm_sym.documents.model import Definition, Vocabulary, build, no_derivatives
from lstm_sym.documents.presets import preset
from lstm_sym.documents.reading import Quantity, Reader
from lstm_sym.documents.shapes import Dimension
from lstm_sym.documents.spelling import Indexing, Spelled, names_in, spell, survey
from lstm_sym.documents.tree import (
    BigOperator,
    Node,
    Number,
    Scripts,
    Symbol,
    walk,
)
from lstm_sym.errors import LstmSymError, ShapeMismatch, Unreadable
from lstm_sym.expr.recurrence import Recurrence


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
        later = [n for n, line in enumerate(part.lines) if line.right is not None and has_derivative(line.right)
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
            if in_formula(line.left, line.right, vocabulary):
                kinds[n] = "declaration"
            continue
        zero = _starts_at_zero(line, vocabulary.indexing)
        if zero:
            vocabulary.zero |= zero
            kinds[n] = "definition"
            continue
        name = _defines(line, vocabulary.indexing)
        if name is None or line.left is None or line.right is None:
            continue
        if (name.key, name.time) in defined or _general(name, defined):
            continue
        if name.time is not None and not name.time.terms and name.time.constant:
            continue  # h_2 = ... says something of the model; only h_0 is given
        if name.key.startswith(r"\delta") and any(found.key == name.key for found in names_in(line.right, vocabulary.indexing)):
            continue                                         # a recursion back in time is a claim about gradients
        if has_derivative(line.right):
            later.append(n)
            defined.add((name.key, name.time))
            continue
        if name.key in LOSSES and not _readable(line.right, vocabulary):
            kinds[n] = "definition"
            vocabulary.opaque |= not any(found.key in LOSSES for found in names_in(line.right, vocabulary.indexing))
            defined.add((name.key, name.time))
            continue
        try:
            definitions.append(_definition(name, line.left, line.right, vocabulary))
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


def _definition(name: Spelled, left: Node, right: Node, vocabulary: Vocabulary) -> Definition:
    """Reads on a copy first, so that a formula that does not fit leaves no trace."""
    trial = Vocabulary(vocabulary.indexing, vocabulary.shapes.copy(), dict(vocabulary.quantities), vocabulary.kind)
    for there in (trial, vocabulary):
        value = _reader(there).read(right)
        _enter(name, value.shape, there)
    return Definition(vocabulary.quantities[name.key].key, name.time, value, left)


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
