"""A flat row of operands and signs to a tree, by precedence: separators < relations < + - < juxtaposition and * .

No recursion, so a row may be as long as it likes.  A sign with nothing beside it is an error, or a Blank in a script.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from lstm_sym.documents.layout.tokens import Token
from lstm_sym.documents.layout.tree import (
    BigOperator,
    Blank,
    Chain,
    Fraction,
    Layout,
    List,
    Node,
    Operator,
    Product,
    Relation,
    Span,
    Sum,
    Term,
)
from lstm_sym.errors import LayoutError

T = TypeVar("T", bound=Layout)
N = TypeVar("N", bound=Node)


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign between operands; kind: separator relation sign operator over."""
    kind: str
    name: str
    tokens: tuple[Token, ...]
    note: Node | None = None


Piece: TypeAlias = Node | Mark
Row: TypeAlias = Sequence[Piece]
Sides: TypeAlias = tuple[tuple[Node, ...], tuple[Relation, ...]]


def build(kind: Callable[..., T], *values: object, marks: Iterable[Token] = ()) -> T:
    """kind(*values), its span the hull of its own tokens and its parts."""
    marks = tuple(marks)
    return kind(*values, marks=marks, span=hull([*_spans(values), *((m.start, m.end) for m in marks)]))


def with_marks(node: N, *marks: Token) -> N:
    """The node, also standing on these tokens (braces, a font command)."""
    span = hull([node.span, *((m.start, m.end) for m in marks)])
    return replace(node, marks=(*node.marks, *marks), span=span)


def hull(spans: Sequence[Span]) -> Span:
    """Smallest span around all; an empty span counts only if there is no other."""
    wide = [s for s in spans if s[0] < s[1]] or list(spans) or [(0, 0)]
    return min(s[0] for s in wide), max(s[1] for s in wide)


def fold(row: Row, at: int = 0, loose: bool = False) -> Node:
    """The row as one node: List of Chain of Sum of Product.  `at`: where an empty row stands.

    Errors: LayoutError where a sign has no operand (unless loose: then a Blank stands there).
    """
    halves, overs = split(row, "over")
    if len(overs) > 1:
        second = overs[1].tokens[0]
        raise LayoutError(r"a second \over in one group; expected braces", second.start, second.end)
    if overs:
        above, below = (fold(half, at, loose) for half in halves)
        return build(Fraction, above, below, marks=overs[0].tokens)
    rows, separators = split(row, "separator")
    if not separators:
        return chain(row, at, loose)
    items = tuple(chain(r, _end(s, at), loose) for r, s in zip(rows, [separators[0], *separators], strict=True))
    return build(List, items, tuple(s.name for s in separators), marks=(t for s in separators for t in s.tokens))


def chain(row: Row, at: int, loose: bool) -> Node:
    """side relation side ...; a lone sign is an Operator."""
    if len(row) == 1 and isinstance(row[0], Mark):
        return build(Operator, row[0].name, marks=row[0].tokens)
    sides, relations = sides_of(row, at, loose)
    return build(Chain, sides, relations) if relations else sides[0]


def sides_of(row: Row, at: int, loose: bool, first_may_lack: bool = False) -> Sides:
    """The sides of a chain and the relations between them."""
    rows, marks = split(row, "relation")
    sides = []
    for k, side in enumerate(rows):
        if not side and marks and not loose and not (k == 0 and first_may_lack):
            near = marks[min(k, len(marks) - 1)]
            raise LayoutError(f"nothing stands {'before' if k == 0 else 'after'} {near.name}; expected an expression",
                              near.tokens[0].start, near.tokens[-1].end)
        sides.append(total(side, _end(marks[k - 1], at) if k else at, loose))
    return tuple(sides), tuple(build(Relation, m.name, m.note, marks=m.tokens) for m in marks)


def gathered(rows: Sequence[Row], commas: Sequence[Mark], at: int, first_may_lack: bool = False) -> Sides:
    """The chain of rows parted by commas, of which at most one holds a relation: `t = 1, 2` is t = (1, 2) as a List."""
    k = next((k for k, row in enumerate(rows) if any(_is(p, "relation") for p in row)), 0)
    sides, relations = sides_of(rows[k], at, False, first_may_lack)
    if k:
        sides = (_listed([*(total(r, at, False) for r in rows[:k]), sides[0]], commas[:k]), *sides[1:])
    if k + 1 < len(rows):
        sides = (*sides[:-1], _listed([sides[-1], *(chain(r, at, False) for r in rows[k + 1:])], commas[k:]))
    return sides, relations


def as_node(chain: Sides) -> Node:
    """sides and relations as one node."""
    return build(Chain, *chain) if chain[1] else chain[0][0]


def _listed(items: Sequence[Node], commas: Sequence[Mark]) -> Node:
    return build(List, tuple(items), tuple(c.name for c in commas), marks=(t for c in commas for t in c.tokens))


def total(row: Row, at: int, loose: bool) -> Node:
    """x_1 + x_2 - x_3 ...; a sign after another sign or an operator belongs to the factor that follows."""
    starts = [k for k, piece in enumerate(row) if _is(piece, "sign") and (k == 0 or not isinstance(row[k - 1], Mark))]
    if not starts:
        return product(row, at, loose)
    cuts = ([] if starts[0] == 0 else [-1]) + starts
    terms = []
    for k, after in zip(cuts, [*cuts[1:], len(row)], strict=True):
        sign = row[k] if k >= 0 else None
        marks = sign.tokens if isinstance(sign, Mark) else ()
        if k + 1 == after and not loose:
            raise LayoutError(f"nothing stands after {marks[0].text}; expected a term", marks[0].start, marks[0].end)
        body = product(row[k + 1:after], marks[0].end if marks else at, loose)
        terms.append(build(Term, sign.name if isinstance(sign, Mark) else "", body, marks=marks))
    return build(Sum, tuple(terms))


def product(row: Row, at: int, loose: bool) -> Node:
    """x_1 o_1 x_2 ...; a big operator takes all that follows it as its body."""
    pieces = list(row)
    for k in range(len(pieces) - 1, -1, -1):
        big = pieces[k]
        if isinstance(big, BigOperator) and is_bodiless(big):
            if k + 1 == len(pieces) and not loose:
                raise LayoutError(f"nothing stands after \\{big.name}; expected its body", *big.span)
            body = _factors(pieces[k + 1:], big.span[1], loose)
            pieces[k:] = [build(BigOperator, big.name, big.lower, big.upper, body, big.bare, marks=big.marks)]
    return _factors(pieces, at, loose)


def _factors(row: Row, at: int, loose: bool) -> Node:
    factors: list[Node] = []
    operators: list[str] = []
    marks: list[Token] = []
    waiting: Mark | None = None
    for piece in _signed(row, loose):
        if isinstance(piece, Mark):
            if waiting is not None or not factors:
                factors.append(_missing(piece, "before", loose))
                operators += [waiting.name] if waiting else []
            waiting = piece
            marks += piece.tokens
            continue
        operators += [waiting.name if waiting else ""] if factors else []
        factors.append(piece)
        waiting = None
    if waiting is not None:
        operators.append(waiting.name)
        factors.append(_missing(waiting, "after", loose))
    if not factors:
        return Blank(span=(at, at))
    one = len(factors) == 1 and not marks
    return factors[0] if one else build(Product, tuple(factors), tuple(operators), marks=marks)


def _signed(row: Row, loose: bool) -> Iterator[Piece]:
    """a \\cdot -b: the sign goes with b."""
    signs: list[Mark] = []
    for piece in row:
        if isinstance(piece, Mark) and piece.kind == "sign":
            signs.append(piece)
            continue
        if signs:
            yield _under(signs, _missing(signs[-1], "after", loose) if isinstance(piece, Mark) else piece)
        if not signs or isinstance(piece, Mark):
            yield piece
        signs = []
    if signs:
        yield _under(signs, _missing(signs[-1], "after", loose))


def _under(signs: list[Mark], body: Node) -> Node:
    if len(signs) > 3:
        raise LayoutError("more than three signs in a row", signs[0].tokens[0].start, signs[-1].tokens[-1].end)
    for sign in reversed(signs):
        body = build(Sum, (build(Term, sign.name, body, marks=sign.tokens),))
    return body


def split(row: Row, kind: str) -> tuple[list[Row], list[Mark]]:
    """The rows between the marks of one kind, and those marks."""
    rows: list[list[Piece]] = [[]]
    marks: list[Mark] = []
    for piece in row:
        if isinstance(piece, Mark) and piece.kind == kind:
            marks.append(piece)
            rows.append([])
        else:
            rows[-1].append(piece)
    return list(rows), marks


OPEN_BODY = Blank(span=(-1, -1))


def is_bodiless(node: Node) -> bool:
    """A big operator that waits for the product it stands in."""
    return isinstance(node, BigOperator) and node.body is OPEN_BODY


def _is(piece: Piece, kind: str) -> bool:
    return isinstance(piece, Mark) and piece.kind == kind


def _missing(mark: Mark, where: str, loose: bool) -> Node:
    if loose:
        at = mark.tokens[0].start if where == "before" else mark.tokens[-1].end
        return Blank(span=(at, at))
    message = f"nothing stands {where} {mark.name}; expected a factor"
    raise LayoutError(message, mark.tokens[0].start, mark.tokens[-1].end)


def _end(mark: Mark, at: int) -> int:
    return mark.tokens[-1].end if mark.tokens else at


def _spans(values: object) -> Iterator[Span]:
    if isinstance(values, Layout):
        yield values.span
    elif isinstance(values, tuple):
        for value in values:
            yield from _spans(value)
