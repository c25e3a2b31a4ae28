r"""Declared shapes: W \in \mathbb{R}^{n \times m}, `--declare "W, V: n x m"`, tables with a symbol and a shape column."""
from __future__ import annotations

import re
from collections.abc import Iterator

from lstm_sym.documents.layout.parse import parse
from lstm_sym.documents.layout.tree import Accent, Delimited, Group, List, Node, Number, Product, Scripts, Sum, Symbol
from lstm_sym.documents.reading.model import Vocabulary
from lstm_sym.documents.reading.shapes import ONE, SCALAR, Dimension, Shape
from lstm_sym.documents.reading.spelling import spell
from lstm_sym.documents.sources.items import Document, Table
from lstm_sym.errors import DocumentError, LayoutError, ShapeMismatch

TIMES = re.compile(r"\s*(?:\\times|[x×*,])\s*")
OUTER = re.compile(r"^\(([^()]*)\)$")                         # (n, m) is n, m
NAMES, SIZES = (Symbol, Scripts, Accent), (Symbol, Scripts, Number, Sum, Delimited, Group)
SYMBOLS, SHAPES = re.compile(r"symbol|name|quantity", re.I), re.compile(r"shape|size|dimension", re.I)


def in_formula(names: Node, space: Node, vocabulary: Vocabulary) -> bool:
    r"""Enter W, U \in \mathbb{R}^{n \times m}; False if the right side is no space of real arrays."""
    if not isinstance(space, Scripts) or not isinstance(space.base, Symbol) or space.base.name not in ("R", r"\R"):
        return False
    _enter(names, _shape(space.sup, vocabulary), vocabulary)
    return True


def sized(names: Node, sizes: Node, vocabulary: Vocabulary) -> bool:
    r"""Enter W, U : n \times m; False if the right side is no product of two sizes."""
    shape = _shape(sizes, vocabulary) if isinstance(sizes, Product) else None
    _enter(names, shape, vocabulary)
    return shape is not None


def _enter(names: Node, shape: Shape | None, vocabulary: Vocabulary) -> None:
    for node in names.items if isinstance(names, List) else (names,):
        name = spell(node, vocabulary.indexing)
        if name is not None and shape is not None:
            try:
                vocabulary.declare(name.key, shape)
            except ShapeMismatch:                            # of another shape before: an exercise, an example, a batch
                vocabulary.disputed.add(name.key)


def _shape(sup: Node | None, vocabulary: Vocabulary) -> Shape | None:
    if sup is None:
        return SCALAR
    parts = sup.factors if isinstance(sup, Product) and set(sup.operators) <= {r"\times"} else (sup,)
    sizes = [size for p in parts if (size := _size(p, vocabulary)) is not None]
    if len(sizes) != len(parts) or len(sizes) > 2:
        return None
    return sizes[0], sizes[1] if len(sizes) == 2 else ONE


def _size(node: Node, vocabulary: Vocabulary) -> Dimension | None:
    """n, 1, or m + n, with or without parentheses."""
    if isinstance(node, Number):
        return ONE if node.text == "1" else None
    if isinstance(node, Delimited | Group):
        return _size(node.body, vocabulary)
    if isinstance(node, Sum):
        blocks = tuple(size for t in node.terms if not t.sign.strip("+") and (size := _size(t.body, vocabulary)) is not None)
        return blocks if len(blocks) == len(node.terms) else None
    name = spell(node, vocabulary.indexing)
    return None if name is None else _dimension(name.key, vocabulary)


def in_tables(document: Document) -> Iterator[str]:
    """`W: n x m` for each row that says so, of a table whose header has a symbol and a shape column."""
    for table in (item for item in document.items if isinstance(item, Table)):
        heads = [cell.text for cell in table.header]
        name = next((n for n, h in enumerate(heads) if SYMBOLS.search(h)), None)
        shape = next((n for n, h in enumerate(heads) if SHAPES.search(h)), None)
        if name is not None and shape is not None:
            rows = (row for row in table.rows if len(row) > max(name, shape))
            texts = (f"{_bare(row[name].text)}: {_bare(row[shape].text)}" for row in rows)
            yield from (text for text in texts if _stated(text) is not None)


def declare(text: str, vocabulary: Vocabulary) -> None:
    """Enter `W, V: n x m`.  Errors: DocumentError, which says what was expected."""
    stated = _stated(text)
    names = [spell(node, vocabulary.indexing) for node in stated[0]] if stated else [None]
    sizes = [_size(node, vocabulary) for node in stated[1]] if stated else [None]
    if None in names or None in sizes:
        raise DocumentError(f"the declaration {text!r} is not read; expected names, a colon and a shape, as in W: n x m")
    for name in names:
        vocabulary.declare_apart(name.key, (sizes[0], sizes[1] if len(sizes) > 1 else ONE))


def _stated(text: str) -> tuple[list[Node], list[Node]] | None:
    """The names and the one or two sizes of `W, V: n x m`; None if it is no such text."""
    names, colon, sizes = text.partition(":")
    try:
        found = [[_operand(part) for part in parts]
                 for parts in (names.split(","), TIMES.split(OUTER.sub(r"\1", sizes.strip())))]
    except (LayoutError, ValueError):
        return None
    is_shape = 1 <= len(found[1]) <= 2 and all(isinstance(size, SIZES) for size in found[1])
    return (found[0], found[1]) if colon and is_shape and all(isinstance(n, NAMES) for n in found[0]) else None


def _operand(text: str) -> Node:
    """One expression.  Errors: LayoutError; ValueError if it is more, or none."""
    (statement,) = parse(text).statements
    (side,) = statement.sides
    return side


def _dimension(size: str, vocabulary: Vocabulary) -> Dimension:
    if size == "1":
        return ONE
    return vocabulary.shapes.of_author(size)


def _bare(cell: str) -> str:
    return cell.replace("$", "").replace("`", "").replace(r"\(", "").replace(r"\)", "").strip()
