r"""Layout to typed expressions: what `W^T \delta_{t+1} \odot (1 - h_t^2)` means, by kinds and shapes.

A reading that does not fit raises ShapeMismatch (ill typed) or Unreadable (not understood, with the place); nothing is
guessed.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction as Rational
from typing import Any

import sympy as sp

from lstm_sym.documents.layout.tree import (
    Accent,
    Annotated,
    BigOperator,
    Cases,
    Delimited,
    Dots,
    Fraction,
    Function,
    Group,
    Layout,
    List,
    Matrix,
    Node,
    Norm,
    Number,
    Product,
    Scripts,
    Sum,
    Symbol,
)
from lstm_sym.documents.reading.algebra import ALWAYS, PRODUCTS, Algebra, in_order, pairing, side_by_side, stacked
from lstm_sym.documents.reading.any_function import AnyFunction
from lstm_sym.documents.reading.batches import repeated
from lstm_sym.documents.reading.calls import applied
from lstm_sym.documents.reading.chains import chained
from lstm_sym.documents.reading.components import OPAQUE
from lstm_sym.documents.reading.conventions import SILENT, Convention, Reading
from lstm_sym.documents.reading.derivatives import Differential, differential, sign_of, with_fractions
from lstm_sym.documents.reading.einsum import ENTRIES
from lstm_sym.documents.reading.iverson import iverson, when
from lstm_sym.documents.reading.losses import named_loss
from lstm_sym.documents.reading.matrices import matrix
from lstm_sym.documents.reading.over_time import big, dotted, dotted_sum, part_of
from lstm_sym.documents.reading.powers import holds_transpose, primed, raised, squared_length, with_power
from lstm_sym.documents.reading.shapes import ONE, SCALAR, Shape, Shapes, Typed
from lstm_sym.documents.reading.slices import rows_of, sliced
from lstm_sym.documents.reading.slopes import ends_by_matrix
from lstm_sym.documents.reading.spelling import Indexing, Spelled, affine_of, spell
from lstm_sym.documents.reading.step_losses import number_of_steps
from lstm_sym.documents.reading.units import in_units
from lstm_sym.errors import OutOfReach, Unreadable
from lstm_sym.expr import nodes as e
from lstm_sym.expr.affine import Affine, constant, variable
from lstm_sym.expr.indices import expression


@dataclass(frozen=True, slots=True)
class Quantity:
    """A name of the document: its shape, and whether it is indexed by time."""

    key: str
    shape: Shape
    indexed: bool = False


@dataclass(slots=True)
class Reader(Algebra):
    """One reading of one formula under one convention."""

    shapes: Shapes
    quantities: dict[str, Quantity]
    indexing: Indexing
    differentials: Callable[[Differential, Reader], Typed]
    introduce: Callable[[Spelled, Layout, Reader], Quantity]
    convention: Convention = field(default_factory=Convention)
    reading: Reading = field(default_factory=Reading)
    mend: str = ""                                           # how to repair what does not fit: a key of MENDS
    warnings: set[str] = field(default_factory=set)
    relevant: set[str] = field(default_factory=set)          # which choices this formula depends on
    expected: Shape | None = None                            # of the left side, while the right one is read
    beside: Typed | None = None                              # the vector left of a derivative by a matrix, dv/dW
    functions: dict[str, AnyFunction] = field(default_factory=dict)  # of which nothing is said but their arguments
    defines: Affine | None = None                            # the time of the name that the formula defines

    @property
    def always(self) -> frozenset[str]:
        """The signs of the entrywise product, with those that the document names."""
        return ALWAYS | self.indexing.elementwise

    def read(self, node: Layout) -> Typed:
        """The expression `node` stands for.  Errors: ShapeMismatch, Unreadable."""
        found = differential(node, self.indexing)
        if found is not None:
            return self.differentials(found, self)
        rule = READ.get(type(node))
        if rule is None:
            raise Unreadable(f"{type(node).__name__} has no meaning here", node.span)
        return rule(node, self)

    def at_running_time(self, name: Spelled) -> Spelled:
        """The name at t: its time is not written."""
        self.relevant.add(SILENT)
        return replace(name, time=variable(self.indexing.letter))

    def bound(self, letter: str) -> Reader:
        """A reader inside a sum or product over `letter`."""
        return replace(self, indexing=self.indexing.with_bound(letter))


# --- one rule a kind of layout --------------------------------------------------------------------------------------

def _name(node: Node, r: Reader) -> Typed:
    """A name, with its time and what is done to it: h_{t-1}, W^T, h_t^2, \\sigma'."""
    found = spell(node, r.indexing)
    if found is None:
        raise Unreadable("not a name", node.span)
    found = with_power(found, node, r)
    if found.key in ("I", r"\mathbf{I}", r"\mathbb{I}", r"\mathrm{I}") and found.key not in r.quantities:
        d = r.shapes.fresh()
        return Typed((d, d), lambda: e.Identity(r.size(d)))
    if found == Spelled("T") and found.key not in r.quantities:
        return Typed(SCALAR, number_of_steps)
    quantity = r.quantities.get(found.key) or r.introduce(found, node, r)
    if quantity.indexed and found.time is None:
        found = r.at_running_time(found)
    indices = () if found.time is None else (expression(found.time),)
    if indices and not quantity.indexed:
        raise Unreadable(f"{found.key} has no time index elsewhere, and has one here", node.span)
    rows, columns = quantity.shape
    plain = Typed(quantity.shape, lambda: e.Named(quantity.key, r.size(rows), r.size(columns), *indices))
    if found.primes:
        plain = primed(plain, found.primes, node, r)
    return plain if found.sup is None else raised(plain, found.sup, node, r)


def _factor(node: Node, r: Reader) -> Typed:
    """What multiplies or is transposed: a bold 1 is the column of ones there, beside terms a number like any other."""
    if not (isinstance(node, Number) and node.font and node.text in ("0", "1")):
        return r.read(node)
    d, make = r.shapes.fresh(), e.Ones if node.text == "1" else e.Zeros
    return Typed((d, ONE), lambda: make(r.size(d), 1))


def _sum(node: Sum, r: Reader) -> Typed:
    if any(isinstance(t.body, Dots) for t in node.terms):
        terms = [(t.sign, t.body if isinstance(t.body, Dots) else r.read(t.body), t) for t in node.terms]
        return r.add(dotted_sum(terms, node, r))
    terms = [(t.sign, r.number(sp.S.One) if _is_ones(t.body, r) else r.read(t.body), t) for t in node.terms]
    return r.add(repeated(r, terms, [spell(t.body, r.indexing) for t in node.terms]))


def _is_ones(node: Node, r: Reader) -> bool:
    """The I of I - h_t^2, once it does not fit as a matrix."""
    return r.mend == "ones" and isinstance(node, Symbol) and node.name == "I"


def _fraction(node: Fraction, r: Reader) -> Typed:
    below = node.denominator
    if isinstance(below, Product) and len(below.factors) > 2 and sign_of(below.factors[-2]):   # \partial l / (T \cdot \partial o)
        split = len(below.factors) - 2
        slope = Fraction(node.numerator, part_of(below, split, split + 2), span=node.span)
        return r.divide(r.read(slope), r.read(part_of(below, 0, split)), node)
    return r.divide(r.read(node.numerator), r.read(node.denominator), node)


def _delimited(node: Delimited, r: Reader) -> Typed:
    if isinstance(node.body, List):
        if node.open == "[":
            blocks = [r.read(x) for x in node.body.items]
            across = all(map(r.is_matrix, blocks)) or all(map(r.is_row, blocks))
            return side_by_side(blocks, r) if across else stacked(blocks, r)
        if node.open == r"\langle" and len(node.body.items) == 2:
            return pairing(r, r.read(node.body.items[0]), r.read(node.body.items[1]), r.expected)
        raise Unreadable("a list of several expressions", node.span)
    return _entry_by_entry(r).read(node.body)


def _scripts(node: Scripts, r: Reader) -> Typed:
    """A name with scripts, or an expression with a superscript: (1 - h_t^2)^T, \\left(...\\right)^{k}."""
    if isinstance(node.base, Norm) and affine_of(node.sup) == constant(2):
        return squared_length(r.read(node.base.body), node, r)
    if spell(node, r.indexing) is not None:
        return _name(node, r)
    rows = rows_of(node.sub)
    if node.sub is not None and rows is None:
        raise Unreadable("this subscript has no meaning", node.span)
    base = _factor(node.base, r) if rows is None else sliced(_factor(node.base, r), rows, node, r)
    if node.primes:
        base = primed(base, node.primes, node, r)
    return base if node.sup is None else raised(base, node.sup, node, r, holds_transpose(node.base))


def _cases(node: Cases, r: Reader) -> Typed:
    raise OutOfReach("cases by anything but conditions on times", node.span)


# --- products -------------------------------------------------------------------------------------------------------

def _product(node: Product, r: Reader) -> Typed:
    if (forms := iverson(node.factors[0])) is not None and node.operators[0] in PRODUCTS:
        return when(forms, part_of(node, 1, len(node.factors)), r)
    loss = named_loss(node, r.indexing)
    if loss is not None and loss.time is None and loss.key in r.quantities:
        return _name(node.factors[0], r)                     # E(y, p), of which the arguments are known
    factors, operators = in_units(*with_fractions(node))
    items, joins = applied(list(factors), list(operators), r)
    if any(isinstance(x, Dots) for x in items):
        return dotted(items, joins, node, r)
    if set(joins) <= PRODUCTS and ends_by_matrix(items[-1], r):
        return _beside(items, joins, node, r)
    typed = [x if isinstance(x, Typed) else _factor(x, replace(r, beside=None)) for x in items]
    typed, joins = chained(items, typed, joins, r)
    tight = {j for j in joins if j in ("", r"\cdot", r"\times", "/")}
    loose = set(joins) - tight
    if tight and loose:
        r.relevant.add("hadamard")
    first = tight if r.reading.hadamard == "tight" else loose
    return _fold(*_fold_by(typed, joins, first, node, r), node, r)


def _beside(items: list[Any], joins: list[str], node: Product, r: Reader) -> Typed:
    """A B dv/dW, or A B (dv/dW + ...): what stands on the left takes one of the three indices."""
    inside = replace(r, beside=None)
    left = [x if isinstance(x, Typed) else _factor(x, inside) for x in items[:-1]]
    if r.beside is not None:
        left, joins = [r.beside, *left], ["", *joins]
    return replace(r, beside=_fold(left, joins[:-1], node, r) if left else None).read(items[-1])


def _fold_by(items: list[Typed], joins: list[str], operators: set[str], node: Layout,
             r: Reader) -> tuple[list[Typed], list[str]]:
    """Neighbours joined by one of `operators` multiplied first."""
    if r.mend == "order" and operators.issuperset(joins) and "/" not in joins:
        items = in_order(r, items)
    out, rest = [items[0]], []
    for left, (operator, item) in zip(range(len(joins), 0, -1), zip(joins, items[1:], strict=True), strict=True):
        if operator in operators:
            out[-1] = (r if left == 1 else _entry_by_entry(r)).product(out[-1], item, operator, node)
        else:
            out.append(item)
            rest.append(operator)
    return out, rest


def _entry_by_entry(r: Reader) -> Reader:
    """In a o b o h for (a o b) h', only the last product is mended."""
    return replace(r, mend="") if r.mend == "entrywise" else r


def _fold(items: list[Typed], joins: list[str], node: Layout, r: Reader) -> Typed:
    return _fold_by(items, joins, set(joins), node, r)[0][0]


def _annotated(node: Annotated, r: Reader) -> Typed:
    """\\underbrace{..}_{..} is what is under it; entries of a Jacobian have no layout."""
    if node.name == OPAQUE:
        raise Unreadable("the indices of components are not followed here", node.span)
    if node.name == ENTRIES:
        r = replace(r, convention=replace(r.convention, layout="columns"))
    return r.read(node.body)


def _bare(node: Layout, r: Reader) -> Typed:
    if isinstance(node, Dots):
        raise Unreadable("dots stand for a pattern that was not recognised", node.span)
    raise Unreadable(f"{getattr(node, 'name', 'this')} stands alone, without an argument", node.span)


READ: dict[type[Layout], Callable[[Any, Reader], Typed]] = {
    Symbol:      _name,
    Accent:      _name,
    Scripts:     _scripts,
    Number:      lambda node, r: r.number(sp.Rational(Rational(node.text))),
    Sum:         _sum,
    Product:     _product,
    Fraction:    _fraction,
    Delimited:   _delimited,
    Group:       lambda node, r: r.read(node.body),
    Annotated:   _annotated,
    Matrix:      matrix,
    BigOperator: big,
    Function:    _bare,
    Dots:        _bare,
    Cases:       _cases,
}
