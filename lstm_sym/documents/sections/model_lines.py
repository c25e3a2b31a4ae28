"""What model lines name, before they are read: what they define, what they read, whether their net has one unit."""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from lstm_sym.documents.layout.tree import List, Matrix, Number, Product, Scripts, walk
from lstm_sym.documents.reading.algebra import ELEMENTWISE, PRODUCTS
from lstm_sym.documents.reading.any_function import called
from lstm_sym.documents.reading.derivatives import is_derivative
from lstm_sym.documents.reading.losses import named_loss
from lstm_sym.documents.reading.spelling import Indexing, Spelled, names_in, spell
from lstm_sym.documents.sections.beside import beside
from lstm_sym.documents.sections.lines import Line, has_derivative, is_model_line
from lstm_sym.documents.sections.numeric import is_number
from lstm_sym.errors import LstmSymError
from lstm_sym.expr.affine import Affine, constant, minus, variable
from lstm_sym.expr.recurrence import Recurrence


class Failed(Exception):
    """A model line that cannot be read, and why; no line where the lines do not make a model together."""

    def __init__(self, line: Line | None, fault: LstmSymError) -> None:
        self.line, self.fault = line, fault


def unread_names(lines: list[Line], indexing: Indexing) -> frozenset[str]:
    """What model lines define that cannot be read, and no line that can."""
    models = [(name.key, line.fault) for line in lines if is_model_line(line) and line.left is not None
              and (name := spell(line.left, indexing)) is not None]
    return frozenset(key for key, fault in models if fault is not None) - {key for key, fault in models if fault is None}


def taken(lines: list[Line], indexing: Indexing) -> Iterator[str]:
    """The names that displays define and that the model's own lines read."""
    yield from read_by_models(lines, indexing)
    yield from shown((line for line in lines if not is_model_line(line)), indexing)


def stepped(lines: list[Line], indexing: Indexing) -> Iterator[str]:
    """The names that the model's own lines define."""
    return shown((line for line in lines if is_model_line(line)), indexing)


def shown(lines: Iterable[Line], indexing: Indexing) -> Iterator[str]:
    """The names that displays and the model's own lines define."""
    for line in lines:
        if line.first and line.left is not None and (line.displayed or is_model_line(line)):
            name = spell(line.left, indexing)
            yield from (name.key,) if name is not None else ()


def read_by_models(lines: list[Line], indexing: Indexing) -> Iterator[str]:
    for line in lines:
        if line.right is not None and is_model_line(line):
            yield from (name.key for name in names_in(line.right, indexing))


def carried(lines: list[Line], indexing: Indexing) -> frozenset[str]:
    """The names that model lines read one step back and that no display computes: a sentence has to."""
    last, models = minus(variable(indexing.letter), constant(1)), [line for line in lines if is_model_line(line)]
    read = {name.key for line in models if line.right is not None for name in names_in(line.right, indexing)
            if name.time == last}
    told = (defines(line, indexing) for line in lines if is_model_line(line) or line.displayed)
    return frozenset(read - {name.key for name in told if name is not None})


def computed_unread(lines: list[Line], indexing: Indexing, model: Recurrence, carried: frozenset[str]) -> Iterator[str]:
    """What the model takes as given, though a line that is not read computes it: X = [x_t, h_{t-1}] without a time, or h_t."""
    given = {q.name for q in model.parameters} | carried & {q.name for q in model.inputs}
    timed = {q.name for q in model.quantities if q.indices}
    for line in lines:
        name = defines(line, indexing)
        if name is None or name.key not in given or line.kind != "claim" or line.supposed or line.right is None:
            continue
        if any(n.key in timed and n.time is not None for n in names_in(line.right, indexing)):
            yield name.key


def schematic(lines: list[Line], indexing: Indexing) -> set[int]:
    """h_t = f(x_t, h_{t-1}, w) where another line says what f is: h_t = tanh(...)."""
    calls: dict[int, str] = {}
    formulas: set[str] = set()
    for n, line in enumerate(lines):
        name = defines(line, indexing)
        if name is not None and name.time is not None and line.right is not None and line.displayed:
            factors = line.right.factors if isinstance(line.right, Product) and len(line.right.factors) == 2 else ()
            if factors and called(factors[0], factors[1], indexing) is not None:
                calls[n] = name.key
            elif not has_derivative(line.right) and any(True for _ in names_in(line.right, indexing)):
                formulas.add(name.key)
    return {n for n, key in calls.items() if key in formulas}


def values(lines: list[Line], indexing: Indexing) -> set[str]:
    """The names without a time to which the text gives a number, W = 0.8; a matrix of numbers is none."""
    given = (spell(line.left, indexing) for line in lines if line.is_equation and line.left is not None
             and line.right is not None and is_number(line.right) and line.right not in (Number("0"), Number("1"))
             and not any(isinstance(n, Matrix | List) for n in walk(line.right)))
    return {name.key for name in given if name is not None and name.time is None}


def of_numbers(lines: list[Line], indexing: Indexing, valued: set[str]) -> bool:
    """Are all weights of the model lines plain lower-case letters, w and u, or has one a value?  Then it has one unit."""
    names = [n for line in lines if line.right is not None for n in names_in(line.right, indexing) if n.time is None]
    if {n.key for n in names} & valued:
        return True
    weights = {n.key for n in names if not n.matrix} & {"w", "u", "v", r"w_{h}", r"w_{x}", r"w_{hh}", r"w_{xh}"}
    return bool(weights) and not any(n.key[0].isupper() or "mathbf" in n.key for n in names)


def may_be_of_numbers(lines: list[Line], indexing: Indexing) -> bool:
    """Does a plain lower-case letter multiply a state, and nothing speak of vectors: no capital, no bold letter, no sign for
    an entrywise product?
    """
    sides = [line.right for line in lines if line.right is not None]
    pairs = [pair for side in sides for pair in beside(side, indexing)]
    names = [n for side in sides for n in names_in(side, indexing)]
    signs = {sign for side in sides for node in walk(side) if isinstance(node, Product) for sign in node.operators}
    vectors = any("mathbf" in n.key or n.matrix or (n.time is None and n.is_upper) for n in names)
    return bool(pairs) and not vectors and not signs & ELEMENTWISE


def is_general(name: Spelled, defined: set[tuple[str, Affine | None]]) -> bool:
    """Has the family a definition at the running index already, so that this one at the running index is a claim?"""
    return (
        name.time is not None
        and bool(name.time.terms)
        and any(key == name.key and time is not None and getattr(time, "terms", ()) for key, time in defined)
    )


def usual_vectors(lines: list[Line], indexing: Indexing, valued: set[str]) -> tuple[str, ...]:
    """What vectors can be, the likely way first: numbers in a net of one unit, rows where a state stands left of a matrix."""
    if of_numbers(lines, indexing, valued):
        return ("numbers",)
    if may_be_of_numbers(lines, indexing):
        return ("numbers", "columns", "rows")
    pairs = [node.factors[:2] for line in lines if line.right is not None for node in walk(line.right)
             if isinstance(node, Product) and node.operators[0] in PRODUCTS]
    spelled = [(spell(a, indexing), spell(b, indexing)) for a, b in pairs]
    rows = any(a is not None and b is not None and a.time is not None and a.sup is None and b.time is None and b.is_upper
               for a, b in spelled)
    return ("rows", "columns") if rows else ("columns", "rows")


def targets(lines: list[Line], indexing: Indexing, losses: frozenset[str]) -> Iterator[str]:
    """The y of a loss that is made of y and a computed \\hat{y}: what is to be met, though an earlier line calls an output y."""
    heads = [(head, line.right) for line in lines if line.right is not None and (head := _head(line, indexing)) is not None]
    computed = {head.key for head, _ in heads}
    of_loss, read = ({n.key for head, right in heads if (head.key in losses) == of and not has_derivative(right)
                      for n in names_in(right, indexing)} for of in (True, False))
    yield from (key for key in of_loss - read if rf"\hat{{{key}}}" in of_loss & computed)


def _head(line: Line, indexing: Indexing) -> Spelled | None:
    """The name that a chain of equations begins with."""
    first = line.statement.sides[0] if line.statement is not None and line.is_equation else None
    return None if first is None else named_loss(first, indexing) or spell(first, indexing)


def defines(line: Line, indexing: Indexing) -> Spelled | None:
    """The name that the link may define: alone on the left of the first equality."""
    if not (line.is_equation and line.first and line.left is not None):
        return None
    name = named_loss(line.left, indexing) or spell(line.left, indexing)
    return None if name is None or name.sup is not None or name.primes else name


def gradients_named(
    lines: list[Line], indexing: Indexing, losses: frozenset[str]
) -> dict[tuple[str, Affine | None], int]:
    r"""Each name put for a derivative alone, \delta_t = \partial L / \partial a_t, with the line, unless the model reads it."""
    found: dict[tuple[str, Affine | None], int] = {}
    for n, line in enumerate(lines):
        name = defines(line, indexing)
        if name is None or name.key in losses or line.supposed or line.fault is not None:
            continue
        if is_derivative(line.right, indexing) and name.time in (None, variable(indexing.letter)):
            found.setdefault((name.key, name.time), n)
    own = {key for key, _ in found}
    others = [line for line in lines if (name := defines(line, indexing)) is None or name.key not in own]
    taken = frozenset(read_by_models(others, indexing))
    return {(key, time): n for (key, time), n in found.items() if key not in taken}


def declares_numbers(lines: list[Line], models: list[Line], indexing: Indexing) -> bool:
    """Is a state declared a number, as in h_t \\in \\mathbb{R} or \\mathbb{R}^1?"""
    states = {spell(line.left, indexing) for line in models if line.left is not None}
    declared = [line for line in lines if line.relation == r"\in" and line.left is not None]
    numbers = [line for line in declared if not isinstance(line.right, Scripts) or line.right.sup == Number("1")]
    return any(spell(line.left, indexing) in states for line in numbers if line.left is not None)
