r"""Sums and products over time: \sum_{t=1}^{T}, \prod_{k=t+1}^{T}, and products written with dots."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from lstm_sym.documents.layout.tree import (
    BigOperator,
    Chain,
    Dots,
    Layout,
    Node,
    Product,
    Scripts,
    Symbol,
    children,
    walk,
)
from lstm_sym.documents.reading.algebra import over_steps
from lstm_sym.documents.reading.chains import chained
from lstm_sym.documents.reading.conventions import START
from lstm_sym.documents.reading.derivatives import LOSSES, differential
from lstm_sym.documents.reading.series import ordered, summed
from lstm_sym.documents.reading.shapes import Typed
from lstm_sym.documents.reading.spelling import affine_of
from lstm_sym.documents.reading.superscripts import is_transpose
from lstm_sym.errors import ShapeMismatch, Unreadable
from lstm_sym.expr import nodes as e
from lstm_sym.expr.affine import Affine, coefficient, constant, minus, variable
from lstm_sym.expr.indices import expression, integer

if TYPE_CHECKING:
    from lstm_sym.documents.reading.reader import Reader


def big(node: BigOperator, r: Reader) -> Typed:
    if node.name not in (r"\sum", r"\prod", "sum", "prod", "∑", "∏"):
        raise Unreadable(f"{node.name} is not read here", node.span)
    letter, low, high = _bounds(node, r)
    inside = r.bound(letter)
    index = integer(letter)
    if "sum" in node.name or node.name == "∑":
        body = inside.read(node.body)
        return Typed(body.shape, lambda: e.SumOver(body.build(), index, expression(low), expression(high)))
    factor, rest, body = _square(node.body, letter, inside)
    back = _transposed(factor) or _is_transposed_jacobian(factor, inside)
    step, low, high = _direction(low, high, back != _steps_back(factor, letter))
    r.relevant.add("order")
    step = step if r.reading.order == "as written" else -step
    whole = over_steps(r, body, lambda x: e.ProductOver(x, index, expression(low), expression(high), step))
    return whole if rest is None else r.product(whole, r.read(rest), "", node)


def _direction(low: Affine, high: Affine, transposed: bool) -> tuple[int, Affine, Affine]:
    """The order of the factors: bounds that run down are believed; else the latest factor of Jacobians is leftmost, and
    the earliest of transposed ones, as in gradients.  transposed: or of those that step back in time, but not both."""
    difference = minus(high, low)
    down = dict(difference.terms).get("T", 0) < 0 or (not difference.terms and difference.constant < 0)
    return (-1, high, low) if down else (1 if transposed else -1, low, high)


def _steps_back(factor: Layout, letter: str) -> bool:
    """Does its time run back as the letter runs on, J_{t-i}?"""
    forms = (form for x in walk(factor) if isinstance(x, Scripts) and (form := affine_of(x.sub)) is not None)
    return {coefficient(form, letter) for form in forms} - {0} == {-1}


def _transposed(node: Layout) -> bool:
    return (
        isinstance(node, Scripts)
        and node.sup is not None
        and (is_transpose(node.sup) or affine_of(node.sup) == variable("T"))
    ) or any(_transposed(child) for child in children(node))


def _is_transposed_jacobian(factor: Layout, r: Reader) -> bool:
    """A Jacobian in denominator layout, which is one of numerator layout transposed?"""
    found = (differential(node, r.indexing) for node in walk(factor)) if r.convention.layout == "denominator" else ()
    return any(d is not None and d.of.key not in LOSSES for d in found)


def _bounds(node: BigOperator, r: Reader) -> tuple[str, Affine, Affine]:
    """The letter and its range; a bare letter runs over all steps, and so does a missing end."""
    lower, upper = node.lower, affine_of(node.upper) if node.upper is not None else None
    whole = constant(1), variable("T")
    if isinstance(lower, Symbol) and node.upper is None:
        return lower.name, *whole
    if isinstance(lower, Symbol) and upper is not None:
        r.relevant.add(START)
        return lower.name, whole[0], upper
    if isinstance(lower, Chain) and (node.upper is None) == (upper is None):
        found = _range(lower, r)
        if found is not None:
            letter, low, high = found
            if high is None or upper is None:
                return letter, low or whole[0], high or upper or whole[1]
    raise Unreadable("the bounds of this sum or product are not read", node.span)


DOWN = {r"\le": 0, "<": 1, "=": 0}                           # a \le b: b is a at least, a < b: a + 1 at least
UP = {r"\ge": 0, ">": 1}


def _range(chain: Chain, r: Reader) -> tuple[str, Affine | None, Affine | None] | None:
    """k, low, high of k = 1, 1 \\le k \\le t, t \\ge k > s, k < t; the letter is the one that nothing around binds."""
    forms = [form for side in chain.sides if (form := affine_of(side)) is not None]
    relations = [relation.name for relation in chain.relations]
    names = [side.name if isinstance(side, Symbol) and side.name not in r.indexing.bound | {"T"} else ""
             for side in chain.sides]
    if len(forms) != len(names) or not (set(relations) <= DOWN.keys() or set(relations) <= UP.keys()):
        return None
    if relations == ["="]:
        return (names[0], forms[1], None) if names[0] else None
    if set(relations) <= UP.keys():
        forms, names, relations = forms[::-1], names[::-1], ["<" if x == ">" else r"\le" for x in relations[::-1]]
    place = 1 if len(forms) == 3 else int(not names[0])
    if len(forms) > 3 or not names[place]:
        return None
    low = minus(forms[place - 1], constant(-DOWN[relations[place - 1]])) if place else None
    high = minus(forms[place + 1], constant(DOWN[relations[place]])) if place + 1 < len(forms) else None
    return names[place], low, high


def _square(body: Node, letter: str, r: Reader) -> tuple[Node, Node | None, Typed]:
    """A product reaches as far as its factors make a square matrix, at least to the last one that holds the letter.

    Where they make none, but a column: that column.
    """
    factors = body.factors if isinstance(body, Product) else (body,)
    last = max((n for n, f in enumerate(factors) if _holds(f, letter)), default=0)
    fault: ShapeMismatch | None = None
    shortest = part_of(body, 0, last + 1) if isinstance(body, Product) else body
    ends = (last + 1,) if _is_number(shortest, r) else range(len(factors), last, -1)
    for stop in ends:
        part = part_of(body, 0, stop) if isinstance(body, Product) else body
        try:
            read = r.read(part)
            r.shapes.unify(read.shape[0], read.shape[1])
        except ShapeMismatch as mismatch:
            fault = mismatch
            continue
        rest = part_of(body, stop, len(factors)) if isinstance(body, Product) and stop < len(factors) else None
        return part, rest, read
    column = r.read(shortest) if fault is not None else None
    if column is not None and r.is_column(column):           # a product of columns, entry by entry
        rest = part_of(body, last + 1, len(factors)) if isinstance(body, Product) and last + 1 < len(factors) else None
        return shortest, rest, column
    raise fault or ShapeMismatch("the factor of a product over time is not square")


def _is_number(node: Node, r: Reader) -> bool:
    try:
        return r.is_scalar(r.read(node))
    except ShapeMismatch:
        return False


def _holds(node: Layout, letter: str) -> bool:
    return any(isinstance(inner, Symbol) and inner.name == letter for inner in walk(node))


def part_of(node: Product, start: int, stop: int) -> Node:
    if stop - start == 1:
        return node.factors[start]
    span = node.factors[start].span[0], node.factors[stop - 1].span[1]
    return Product(node.factors[start:stop], node.operators[start : stop - 1], span=span)


# --- dots -----------------------------------------------------------------------------------------------------------


def dotted(items: list[Any], joins: list[str], node: Layout, r: Reader) -> Typed:
    """a b ... z rest: the factors before the dots and the one after them make an ordered product."""
    place = next(n for n, x in enumerate(items) if isinstance(x, Dots))
    before = [x if isinstance(x, Typed) else r.read(x) for x in items[:place]]
    after = [x if isinstance(x, Typed) else r.read(x) for x in items[place + 1 :]]
    if not before or not after or any(isinstance(x, Dots) for x in items[place + 1 :]):
        raise Unreadable("dots need a factor before and one after", node.span)
    two = len(before) > 1 and not (r.is_column(before[-2]) or r.is_row(before[-2]))      # a gradient is no factor of its kind
    lead, second = (before[-2], before[-1]) if two else (before[-1], None)
    r.shapes.unify(lead.shape[0], lead.shape[1])
    r.shapes.unify_shapes(lead.shape, after[0].shape)
    whole, first = Typed(lead.shape, lambda: _series(lead, second, after[0], node)), place - 1 - two
    parts = [*items[:first], items[place - 1], *items[place + 2:]]                       # a factor stands for the product
    typed, _ = chained(parts, [*before[:first], whole, *after[1:]], [*joins[:first], *joins[place + 1:]], r)
    return reduce(lambda a, b: r.product(a, b, "", node), typed)


def dotted_sum(terms: Sequence[tuple[str, Typed | Dots, Layout]], node: Layout, r: Reader) -> list[tuple[str, Typed, Layout]]:
    """a + b + ... + z + rest: the terms before the dots and the one after them make a sum."""
    place = next(n for n, (_, x, _) in enumerate(terms) if isinstance(x, Dots))
    before, after = terms[:place], terms[place + 1 :]
    around = [x for _, x, _ in (*before[-2:], *after[:1]) if isinstance(x, Typed)]
    alike = {sign or "+" for sign, _, _ in (*before[-2:], *after[:1])} == {"+"}
    if not before or not after or not alike or len(around) != len(before[-2:]) + 1:
        raise Unreadable("dots need a term before and one after", node.span)
    first, *second, last = around
    for x in (*second, last):
        r.shapes.unify_shapes(first.shape, x.shape)
    whole = Typed(first.shape, lambda: _sum_of(first, second[0] if second else None, last, node))
    return [(s, x, w) for s, x, w in (*before[:-2], ("+", whole, before[-1][2]), *after[1:]) if isinstance(x, Typed)]


def _sum_of(first: Typed, second: Typed | None, last: Typed, node: Layout) -> e.Node:
    a, b, z = first.build(), second.build() if second else None, last.build()
    found = summed(a, b, z)
    if found is not None:
        return found
    tail = summed(b, None, z) if b is not None else None         # a stands alone, the pattern begins behind it
    if tail is None:
        raise Unreadable("the terms around the dots do not follow one pattern", node.span)
    return e.add(a, tail)


def _series(first: Typed, second: Typed | None, last: Typed, node: Layout) -> e.Node:
    found = ordered(first.build(), second.build() if second else None, last.build())
    if found is None:
        raise Unreadable("the factors around the dots do not follow one pattern", node.span)
    return found
