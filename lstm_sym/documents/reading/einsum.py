r"""Products and sums of entries told as products of whole vectors and matrices.

    each part has axes, the letters of its components: none a number, (i) a column, (i, j) a matrix of rows i, columns j
    a_i b_i = (a \odot b)_i     a_i b_j = (a b^T)_{ij}     a_i M_{ij} = (diag(a) M)_{ij}     M_{ij} a_j = (M diag(a))_{ij}
    \sum_j M_{ij} a_j = (M a)_i     \sum_i M_{ij} a_i = (M^T a)_j     \sum_j a_j = 1^T a     \sum_j M_{ij} N_{jk} = (M N)_{ik}
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, NoReturn, TypeAlias

from lstm_sym.documents.layout.tree import (
    Annotated,
    BigOperator,
    Cases,
    Chain,
    Delimited,
    Fraction,
    Function,
    Group,
    Layout,
    Node,
    Number,
    Product,
    Scripts,
    Sum,
    Symbol,
    Term,
    walk,
)
from lstm_sym.documents.reading.calls import FUNCTION_NAMES, is_generic
from lstm_sym.documents.reading.derivatives import differential, with_fractions
from lstm_sym.documents.reading.kronecker import DELTA, by_cases, kronecker, termwise
from lstm_sym.documents.reading.spelling import Indexing, affine_of
from lstm_sym.errors import Unreadable

LETTERS = frozenset("ijklmnpqr")        # a component is counted by one of these
ENTRIES = "entries"                     # around a Jacobian of entries, which has no layout
Entry: TypeAlias = Callable[[Layout], tuple[Node | None, tuple[str, ...]]]   # a name without its components, their letters


def bound(node: Layout, name: str = "sum") -> str:
    """The letter of \\sum_j, \\sum_{j=1}^n; "" for another node."""
    if not isinstance(node, BigOperator) or node.name != name:
        return ""
    first = node.lower.sides[0] if isinstance(node.lower, Chain) else node.lower
    return first.name if isinstance(first, Symbol) and first.name in LETTERS else ""


@dataclass(frozen=True, slots=True)
class Part:
    """A formula about whole vectors and matrices, of which the entries with the letters `axes` are meant."""
    node: Node
    axes: tuple[str, ...] = ()


class Einsum:
    """Reads formulas about components; Errors: Unreadable for what is not of the kinds above."""

    def __init__(self, entry: Entry, letters: frozenset[str]) -> None:
        self.entry, self.letters = entry, letters

    def read(self, node: Node) -> Part:
        """The part a formula is about, and its axes."""
        name, letters = self.entry(node)
        if name is not None:
            return self._named(name, letters)
        rule = RULES.get(type(node), Einsum._free)
        try:
            return rule(self, node)
        except Unreadable:
            apart = termwise(node)
            if apart is None:
                raise
        return self.read(apart)

    def _free(self, node: Node) -> Part:
        """What holds no component is a number or a name of its own."""
        if any(self.entry(inner)[1] for inner in walk(node)):
            _not_followed(node)
        return Part(node)

    def _named(self, name: Node, letters: tuple[str, ...]) -> Part:
        if len(letters) == 2 and letters[0] == letters[1]:
            if not isinstance(name, Delimited):                                  # w_{jj}, of a W that need not be square
                _not_followed(name)
            return Part(_diagonal(self._free(name).node), letters[:1])
        if isinstance(name, Delimited):
            return Part(self._free(name).node, letters)                          # [W h]_i
        if getattr(name, "name", "") == DELTA.name and len(letters) == 2:
            return Part(Symbol("I", span=name.span), letters)                   # Kronecker's
        if len(letters) == 2 and isinstance(name, Scripts) and name.sup is not None and affine_of(name.sup) is not None:
            if not isinstance(name.sup, Number) or name.sup.text != "2":
                _not_followed(name)
            return Part(_product("\\odot", name.base, name.base), letters)     # the square of an entry
        return Part(name, letters)

    def _sum(self, node: Sum) -> Part:
        terms = [self.read(term.body) for term in node.terms]
        axes = next((p.axes for p in terms if p.axes), ())
        bodies = [aligned(p, axes).node for p in terms]
        return Part(replace(node, terms=tuple(replace(t, body=b) for t, b in zip(node.terms, bodies, strict=True))), axes)

    def _inside(self, node: Any) -> Part:
        """Brackets, braces, notes around a formula."""
        inner = self.read(node.body)
        return Part(replace(node, body=inner.node), inner.axes)

    def _fraction(self, node: Fraction) -> Part:
        found = differential(node, Indexing())
        if found is not None:
            return self._derivative(node)
        top, bottom = self.read(node.numerator), self.read(node.denominator)
        if len(bottom.axes) > 1:
            _not_followed(node)
        if bottom.axes:
            minus_one = Sum((Term("-", Number("1")),), span=node.span)
            return _times(top, Part(Scripts(_bracket(bottom.node), None, minus_one, span=node.span), bottom.axes))
        return Part(replace(node, numerator=top.node, denominator=bottom.node), top.axes)

    def _derivative(self, node: Fraction) -> Part:
        """dL/dh_i is entry i of a gradient; dh_i/dx_j entry i, j of a Jacobian, whose diagonal is (J \\odot I) 1."""
        if not isinstance(node.numerator, Product) or not isinstance(node.denominator, Product):
            _not_followed(node)
        of, by = self.read(node.numerator.factors[1]), self.read(node.denominator.factors[1])
        whole = replace(node, numerator=replace(node.numerator, factors=(node.numerator.factors[0], of.node)),
                        denominator=replace(node.denominator, factors=(node.denominator.factors[0], by.node)))
        if not of.axes or not by.axes:
            return Part(whole, of.axes or by.axes)
        if len(of.axes) + len(by.axes) > 2:
            _not_followed(node)
        jacobian = Annotated(ENTRIES, whole, span=node.span)
        if of.axes == by.axes:
            return Part(_diagonal(jacobian), of.axes)
        return Part(jacobian, (*of.axes, *by.axes))

    def _scripts(self, node: Scripts) -> Part:
        """(...)^2 entry by entry; e^{z_i}."""
        if node.base == Symbol("e") and node.sub is None and node.sup is not None and not node.primes:
            inner = self.read(node.sup)
            return Part(_product("", Function("exp"), _bracket(inner.node)), inner.axes) if inner.axes else Part(node)
        if not isinstance(node.base, Delimited) or node.sub is not None or affine_of(node.sup) is None:
            return self._free(node)
        inner = self.read(node.base)
        if len(inner.axes) == 2:
            _not_followed(node)
        return Part(replace(node, base=inner.node), inner.axes)

    def _cases(self, node: Cases) -> Part:
        apart = by_cases(node)
        return self._free(node) if apart is None else self._sum(apart)

    def _product_of(self, node: Product) -> Part:
        return reduce(_times, self._factors(node))

    def _factors(self, node: Node) -> list[Part]:
        """The factors of a product, calls of functions as one each."""
        if not isinstance(node, Product):
            return [self.read(node)]
        factors, operators = with_fractions(node)
        parts: list[Part] = []
        n = 0
        while n < len(factors):
            if n and operators[n - 1] not in ("", r"\cdot", r"\times", "*"):
                _not_followed(node)
            head = factors[n]
            letters = kronecker(head, factors[n + 1]) if n + 1 < len(factors) else ()
            if letters and set(letters) <= self.letters:
                n += 1
                parts.append(Part(Symbol("I", span=head.span), letters))
            elif self._is_head(head, factors[n + 1] if n + 1 < len(factors) else None):
                n += 1
                argument = self.read(factors[n])
                parts.append(Part(_product("", head, argument.node), argument.axes))
            else:
                parts.append(self.read(head))
            n += 1
        return parts

    def _is_head(self, node: Node, argument: Node | None) -> bool:
        base = node.base if isinstance(node, Scripts) and node.sub is None else node
        if isinstance(base, Function):
            return argument is not None
        called = isinstance(argument, Delimited) or (isinstance(argument, Scripts) and isinstance(argument.base, Delimited))
        return called and isinstance(base, Symbol) and (base.name in FUNCTION_NAMES or is_generic(base.name)
                                                         or base.name in (r"\phi", r"\varphi", r"\psi"))

    def _big(self, node: BigOperator) -> Part:
        """A sum over components, or over time."""
        letter = bound(node)
        if letter not in self.letters:
            inner = self.read(node.body)
            columns = node.name == "prod" and len(inner.axes) == 1 and bound(node, "prod") not in inner.axes
            if node.name != "sum" and inner.axes and not columns:                    # a product of columns is one of entries
                _not_followed(node)
            return Part(replace(node, body=inner.node), inner.axes)
        if isinstance(node.body, Sum | Delimited):
            return self._termwise(node, letter)
        parts = self._factors(node.body)
        counted = [p for p in parts if letter in p.axes]
        if not counted:
            _not_followed(node)
        return reduce(_times, [*(p for p in parts if letter not in p.axes), _contracted(counted, letter, node)])

    def _termwise(self, node: BigOperator, letter: str) -> Part:
        """\\sum_j (a_j + b_j): the sum of a whole column, or of the rows of a matrix."""
        inner = self.read(node.body)
        if letter not in inner.axes:
            _not_followed(node)
        return _contracted([inner], letter, node)


def _not_followed(node: Node) -> NoReturn:
    raise Unreadable("the indices of components are not followed here", node.span)


def _product(operator: str, a: Node, b: Node) -> Product:
    return Product((a, b), (operator,), span=(min(a.span[0], b.span[0]), max(a.span[1], b.span[1])))


def _bracket(node: Node) -> Node:
    closed = isinstance(node, Symbol | Number | Scripts | Delimited | Fraction)
    return node if closed else Delimited("(", node, ")", span=node.span)


def _transposed(node: Node) -> Node:
    return Scripts(_bracket(node), None, Symbol(r"\top"), sup_text=r"\top", span=node.span)


def _diagonal(matrix: Node) -> Node:
    """Its diagonal as a column: (M \\odot I) 1."""
    return _product("", _bracket(_product("\\odot", matrix, Symbol("I"))), Number("1", "bold"))


def _diag(node: Node) -> Node:
    return _product("", Function("diag"), Delimited("(", node, ")", span=node.span))


def aligned(part: Part, axes: tuple[str, ...]) -> Part:
    """The part with its axes in this order; a number stands for all entries."""
    if part.axes == axes or not part.axes:
        return part
    if part.axes == axes[::-1]:
        return Part(_transposed(part.node), axes)
    raise Unreadable(f"components {', '.join(part.axes)} beside {', '.join(axes)}", part.node.span)


def _times(a: Part, b: Part) -> Part:
    """The product, entry by entry."""
    x, y = _bracket(a.node), _bracket(b.node)
    if not a.axes or not b.axes:
        return Part(_product("", x, y), a.axes or b.axes)
    if set(a.axes) == set(b.axes):
        return Part(_product(r"\odot", x, _bracket(aligned(b, a.axes).node)), a.axes)
    if len(a.axes) == len(b.axes) == 1:
        return Part(_product("", x, _transposed(b.node)), (*a.axes, *b.axes))
    if len(a.axes) == 1 and a.axes[0] in b.axes:
        a, b, x, y = b, a, y, x
    if len(b.axes) == 1 and b.axes[0] in a.axes:
        rows = b.axes[0] == a.axes[0]
        return Part(_product("", _diag(b.node), x) if rows else _product("", x, _diag(b.node)), a.axes)
    raise Unreadable("more than two indices of components", a.node.span)


def _contracted(parts: list[Part], letter: str, where: Node) -> Part:
    """The sum over `letter` of a product in which every factor has it."""
    columns, matrices = [p for p in parts if len(p.axes) == 1], [p for p in parts if len(p.axes) == 2]
    column = reduce(_times, columns).node if columns else None
    if not matrices:
        ones = _transposed(Number("1", "bold", span=where.span))
        return Part(_product("", ones, _bracket(column or where)), ())
    if len(matrices) > 2:
        _not_followed(where)
    first, last = matrices[0], matrices[-1]
    other = next(c for c in first.axes if c != letter)
    left = _bracket(aligned(first, (other, letter)).node)
    if len(matrices) == 1:
        return Part(_product("", left, _bracket(column or Number("1", "bold", span=where.span))), (other,))
    end = next(c for c in last.axes if c != letter)
    right = _bracket(aligned(last, (letter, end)).node)
    if end == other:
        return Part(_product("", _bracket(_product(r"\odot", left, _transposed(right))), Number("1", "bold")), (other,))
    middle = left if column is None else _product("", left, _diag(column))
    return Part(_product("", _bracket(middle), right), (other, end))


RULES: dict[type[Node], Callable[[Einsum, Any], Part]] = {
    Sum:         Einsum._sum,
    Product:     Einsum._product_of,
    Fraction:    Einsum._fraction,
    Delimited:   Einsum._inside,
    Group:       Einsum._inside,
    Annotated:   Einsum._inside,
    Cases:       Einsum._cases,
    Scripts:     Einsum._scripts,
    BigOperator: Einsum._big,
}
