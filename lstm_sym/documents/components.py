r"""Formulas about components told with whole vectors and matrices: \sum_j W_{ij} h_{t-1,j} is entry i of W h_{t-1}.

    each part has axes, the letters of its components: none a number, (i) a column, (i, j) a matrix of rows i, columns j
    a_i b_i = (a \odot b)_i     a_i b_j = (a b^T)_{ij}     a_i M_{ij} = (diag(a) M)_{ij}     M_{ij} a_j = (M diag(a))_{ij}
    \sum_j M_{ij} a_j = (M a)_i     \sum_i M_{ij} a_i = (M^T a)_j     \sum_j a_j = 1^T a     \sum_j M_{ij} N_{jk} = (M N)_{ik}

A formula that is not of this kind is left with a part that has no meaning, so that nothing is concluded from it.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, NoReturn

from lstm_sym.documents.calls import FUNCTION_NAMES, is_generic
from lstm_sym.documents.derivatives import differential, with_fractions
from lstm_sym.documents.spelling import Indexing, affine_of, base_text, letters_of
from lstm_sym.documents.tree import (
    Annotated,
    BigOperator,
    Chain,
    Delimited,
    Fraction,
    Function,
    Group,
    Layout,
    List,
    Node,
    Number,
    Product,
    Scripts,
    Statement,
    Sum,
    Symbol,
    walk,
)
from lstm_sym.errors import Unreadable

LETTERS = frozenset("ijklmnpqr")        # a component is counted by one of these
ENTRIES, OPAQUE = "entries", "components"  # around a Jacobian of entries, which has no layout; around what is not followed


@dataclass(frozen=True, slots=True)
class Components:
    """The letters that count components in a document, and the names with entries W_{ij}, h_{t,i}, b_i."""
    letters: frozenset[str] = frozenset()
    matrices: frozenset[str] = frozenset()
    vectors: frozenset[str] = frozenset()

    def told(self, statement: Statement) -> Statement:
        """The statement about whole vectors and matrices, if it is one about components."""
        if not self.letters or not statement.relations or not any(self._of(n)[1] for s in statement.sides for n in walk(s)):
            return statement
        try:
            sides = [Einsum(self).read(side) for side in statement.sides]
            axes = next((s.axes for s in sides if s.axes), ())
            return replace(statement, sides=tuple(_aligned(s, axes).node for s in sides))
        except Unreadable:
            return replace(statement, sides=tuple(Annotated(OPAQUE, s, span=s.span) for s in statement.sides))

    def _of(self, node: Layout) -> tuple[Node | None, tuple[str, ...]]:
        """A name without its components, and their letters; () if it has none."""
        if not isinstance(node, Scripts) or node.sub is None:
            return None, ()
        base, (times, letters) = base_text(node.base) or "", _subscript(node)
        matrix = len(letters) == 2 and (base in self.matrices or base == r"\delta")
        if not letters or not set(letters) <= self.letters or not (matrix or (base in self.vectors and len(letters) == 1)):
            return None, ()
        name = _as_matrix(node.base) if matrix else node.base
        if not times and node.sup is None and not node.primes:
            return replace(name, span=node.span, marks=(*name.marks, *node.marks)), letters
        text = "".join(m.text for m in times[0].marks) if times else ""
        return replace(node, base=name, sub=times[0] if times else None, sub_text=text), letters

    def entry(self, node: Layout) -> tuple[Node | None, tuple[str, ...]]:
        """The same for names that are powers too: W_{ij}^2 is no name."""
        return self._of(node)


def components(statements: Iterable[Statement], running: str = "t") -> Components:
    """What the statements of a document count by components."""
    nodes = [node for s in statements for node in walk(s)]
    summed = {c for node in nodes for c in _bound(node)} - {running}
    named = [(base_text(n.base) or "", *_subscript(n)) for n in nodes if isinstance(n, Scripts) and n.sub is not None]
    at_time = {base for base, times, _ in named
               if any(running in letters_of(form) for t in times if (form := affine_of(t)) is not None)}
    at_time |= {base_text(n.base) or "" for n in nodes if isinstance(n, Scripts) and _is_timed(n)}
    matrices = {base for base, times, letters in named if len(letters) == 2 and not times and summed & set(letters)}
    of_matrices = {c for base, _, letters in named if base in matrices and len(letters) == 2 for c in letters}
    timed = {base for base, times, letters in named if len(letters) == 1 and (times or base in at_time)}
    of_vectors = {letters[0] for base, times, letters in named if base in timed and len(letters) == 1} & (summed | of_matrices)
    plain = {letters[0] for base, times, letters in named if len(letters) == 1 and not times and base not in at_time} & summed
    letters = (of_matrices | of_vectors | plain) - at_time - {running}
    vectors = {base for base, times, own in named if len(own) == 1 and own[0] in letters and (
        times or base not in at_time or base in _with_bracket(nodes))}
    return Components(frozenset(letters), frozenset(matrices), frozenset(vectors)) if letters & summed else Components()


# --- what is written ------------------------------------------------------------------------------------------------

def _bound(node: Layout) -> Iterator[str]:
    """The letter of \\sum_j, \\sum_{j=1}^n."""
    if isinstance(node, BigOperator) and node.name == "sum":
        first = node.lower.sides[0] if isinstance(node.lower, Chain) else node.lower
        if isinstance(first, Symbol) and first.name in LETTERS:
            yield first.name


def _subscript(node: Scripts) -> tuple[list[Node], tuple[str, ...]]:
    """The times and the letters of components in a subscript: t-1, j of h_{t-1,j}; i, j of W_{ij}."""
    sub = node.sub
    if isinstance(sub, Product) and len(sub.factors) == 2 and sub.operators == ("",):
        items: tuple[Node, ...] = sub.factors
    else:
        items = sub.items if isinstance(sub, List) else (sub,) if sub is not None else ()
    letters = tuple(x.name for x in items if isinstance(x, Symbol) and x.name in LETTERS and not x.font)
    times = [x for x in items if not (isinstance(x, Symbol) and x.name in LETTERS)]
    readable = len(times) <= 1 and all(affine_of(x) is not None for x in times) and not (times and sub is not None and
                                                                                      isinstance(sub, Product))
    return (times, letters) if readable and len(letters) <= 2 else ([], ())


def _is_timed(node: Scripts) -> bool:
    """Has the name a time in a bracket of its superscript, or is it at a running time?"""
    sup = node.sup.factors[0] if isinstance(node.sup, Product) else node.sup
    return isinstance(sup, Delimited) and affine_of(sup.body) is not None


def _with_bracket(nodes: list[Layout]) -> set[str]:
    return {base_text(n.base) or "" for n in nodes if isinstance(n, Scripts) and _is_timed(n)}


def _as_matrix(base: Node) -> Node:
    """A name whose entries have two indices is a matrix, even in lower case."""
    return replace(base, font="matrix") if isinstance(base, Symbol) and not base.font and base.name.islower() else base


# --- what it says of whole vectors and matrices -----------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Part:
    """A formula about whole vectors and matrices, of which the entries with the letters `axes` are meant."""
    node: Node
    axes: tuple[str, ...] = ()


class Einsum:
    """Reads formulas about components; Errors: Unreadable for what is not of the kinds above."""

    def __init__(self, names: Components) -> None:
        self.names = names

    def read(self, node: Node) -> Part:
        """The part a formula is about, and its axes."""
        name, letters = self.names.entry(node)
        if name is not None:
            return self._named(name, letters)
        rule = RULES.get(type(node))
        return rule(self, node) if rule is not None else self._free(node)

    def _free(self, node: Node) -> Part:
        """What holds no component is a number or a name of its own."""
        if any(self.names.entry(inner)[1] for inner in walk(node)):
            _not_followed(node)
        return Part(node)

    def _named(self, name: Node, letters: tuple[str, ...]) -> Part:
        if len(letters) == 2 and letters[0] == letters[1]:
            _not_followed(name)
        if name == Symbol(r"\delta") and len(letters) == 2:
            return Part(Symbol("I", span=name.span), letters)                   # Kronecker's
        if len(letters) == 2 and isinstance(name, Scripts) and name.sup is not None and affine_of(name.sup) is not None:
            if not isinstance(name.sup, Number) or name.sup.text != "2":
                _not_followed(name)
            return Part(_product("\\odot", name.base, name.base), letters)     # the square of an entry
        return Part(name, letters)

    def _sum(self, node: Sum) -> Part:
        terms = [self.read(term.body) for term in node.terms]
        axes = next((p.axes for p in terms if p.axes), ())
        bodies = [_aligned(p, axes).node for p in terms]
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
        if bottom.axes:
            _not_followed(node)
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
            diagonal = _bracket(_product("\\odot", jacobian, Symbol("I")))
            return Part(_product("", diagonal, Symbol("1", "bold")), of.axes)
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
            if self._is_head(head, factors[n + 1] if n + 1 < len(factors) else None):
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
        letter = next(_bound(node), "")
        if letter not in self.names.letters:
            inner = self.read(node.body)
            if node.name != "sum" and inner.axes:
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
    return node if isinstance(node, Symbol | Scripts | Delimited | Fraction) else Delimited("(", node, ")", span=node.span)


def _transposed(node: Node) -> Node:
    return Scripts(_bracket(node), None, Symbol(r"\top"), sup_text=r"\top", span=node.span)


def _diag(node: Node) -> Node:
    return _product("", Function("diag"), Delimited("(", node, ")", span=node.span))


def _aligned(part: Part, axes: tuple[str, ...]) -> Part:
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
        return Part(_product(r"\odot", x, _bracket(_aligned(b, a.axes).node)), a.axes)
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
        ones = _transposed(Symbol("1", "bold", span=where.span))
        return Part(_product("", ones, _bracket(column or where)), ())
    if len(matrices) > 2:
        _not_followed(where)
    first, last = matrices[0], matrices[-1]
    other = next(c for c in first.axes if c != letter)
    left = _bracket(_aligned(first, (other, letter)).node)
    if len(matrices) == 1:
        return Part(_product("", left, _bracket(column or Symbol("1", "bold", span=where.span))), (other,))
    end = next(c for c in last.axes if c != letter)
    right = _bracket(_aligned(last, (letter, end)).node)
    if end == other:
        return Part(_product("", _bracket(_product(r"\odot", left, _transposed(right))), Symbol("1", "bold")), (other,))
    middle = left if column is None else _product("", left, _diag(column))
    return Part(_product("", _bracket(middle), right), (other, end))


RULES: dict[type[Node], Callable[[Einsum, Any], Part]] = {
    Sum:         Einsum._sum,
    Product:     Einsum._product_of,
    Fraction:    Einsum._fraction,
    Delimited:   Einsum._inside,
    Group:       Einsum._inside,
    Annotated:   Einsum._inside,
    Scripts:     Einsum._scripts,
    BigOperator: Einsum._big,
}
