r"""Layout to typed expressions: what `W^T \delta_{t+1} \odot (1 - h_t^2)` means, by kinds and shapes.

Sums, products, powers, transposes, functions, stacks, diag, sums and products over time.  A reading that does not fit
raises ShapeMismatch (ill typed) or Unreadable (not understood, with the place); nothing is guessed.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction as Rational
from functools import reduce
from typing import Any

import sympy as sp

from lstm_sym.documents.conventions import Convention, Reading
from lstm_sym.documents.derivatives import Differential, differential, with_fractions
from lstm_sym.documents.series import ordered
from lstm_sym.documents.shapes import ONE, SCALAR, Shape, Shapes, Typed
from lstm_sym.documents.spelling import TRANSPOSES, Indexing, Spelled, affine_of, spell
from lstm_sym.documents.tree import (
    Accent,
    Annotated,
    BigOperator,
    Chain,
    Delimited,
    Dots,
    Fraction,
    Function,
    Group,
    Layout,
    List,
    Matrix,
    Node,
    Number,
    Product,
    Scripts,
    Sum,
    Symbol,
    Text,
    children,
)
from lstm_sym.errors import ShapeMismatch, Unreadable
from lstm_sym.expr import nodes as e
from lstm_sym.expr.affine import Affine, constant, minus, variable
from lstm_sym.expr.functions import FUNCTIONS, apply, softmax
from lstm_sym.expr.indices import expression, integer

ELEMENTWISE = frozenset((r"\odot", r"\circ", r"\otimes", r"\ast", "*", r"\star", r"\bullet", r"\bigodot"))
PRODUCTS = frozenset(("", r"\cdot", r"\times", "*", r"\ast"))
FUNCTION_NAMES = {"tanh": "tanh", "sigmoid": "sigmoid", "sigm": "sigmoid", "logistic": "sigmoid", r"\sigma": "sigmoid",
                  "relu": "relu", "ReLU": "relu", "RELU": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "exp": "exp",
                  "log": "log", "ln": "log", "softplus": "softplus", "sqrt": "sqrt"}
DIAGONALS = frozenset(("diag", "Diag"))
GENERIC = frozenset((r"\phi", r"\varphi", r"\psi", "f", "g", r"\Phi"))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A name of the document: its shape, and whether it is indexed by time."""

    key: str
    shape: Shape
    indexed: bool = False


Resolve = Callable[[Spelled, "Reader"], Typed]


@dataclass(slots=True)
class Reader:
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

    def read(self, node: Layout) -> Typed:
        """The expression `node` stands for.  Errors: ShapeMismatch, Unreadable."""
        found = differential(node, self.indexing)
        if found is not None:
            return self.differentials(found, self)
        rule = READ.get(type(node))
        if rule is None:
            raise Unreadable(f"{type(node).__name__} has no meaning here", node.span)
        return rule(node, self)

    def bound(self, letter: str) -> Reader:
        """A reader inside a sum or product over `letter`."""
        return replace(self, indexing=self.indexing.with_bound(letter))

    def size(self, dimension: Any) -> sp.Expr:
        """The symbol of a dimension, once sizes are known."""
        return self.shapes.size(dimension)

    # --- building blocks: one line a law -------------------------------------------------------------------

    def is_scalar(self, x: Typed) -> bool:
        """Known to be (1, 1)?"""
        return self.shapes.is_one(x.shape[0]) and self.shapes.is_one(x.shape[1])

    def is_column(self, x: Typed) -> bool:
        """(n, 1) with n not known to be 1?"""
        return not self.shapes.is_one(x.shape[0]) and self.shapes.is_one(x.shape[1])

    def is_matrix(self, x: Typed) -> bool:
        """Neither dimension known to be 1?"""
        return not self.shapes.is_one(x.shape[0]) and not self.shapes.is_one(x.shape[1])

    def number(self, value: sp.Expr) -> Typed:
        """An exact constant."""
        return Typed(SCALAR, lambda: e.scale(value, e.Ones(1, 1)))

    def add(self, terms: list[tuple[str, Typed, Layout]]) -> Typed:
        """a + b - c; a scalar beside a column or matrix stands for all its entries (the 1 in 1 - h)."""
        shape = next((x.shape for _, x, _ in terms if not self.is_scalar(x)), SCALAR)
        parts = []
        for sign, x, _ in terms:
            if self.is_scalar(x) and shape is not SCALAR:
                x = self.spread(x, shape)
            self.shapes.unify_shapes(shape, x.shape)
            parts.append(Typed(x.shape, lambda x=x: e.scale(-1, x.build())) if sign in ("-", r"\mp") else x)
        return Typed(shape, lambda: e.add(*(p.build() for p in parts)))

    def spread(self, x: Typed, shape: Shape) -> Typed:
        """A scalar as a matrix with equal entries."""
        return Typed(shape, lambda: e.hadamard(x.build(), e.Ones(self.size(shape[0]), self.size(shape[1]))))

    def matmul(self, a: Typed, b: Typed) -> Typed:
        """A B, or a scalar times B."""
        if self.is_scalar(a) or self.is_scalar(b):
            return Typed(b.shape if self.is_scalar(a) else a.shape, lambda: e.hadamard(a.build(), b.build()))
        if self.mend:
            a, b = MENDS[self.mend](self, a, b)
        self.shapes.unify(a.shape[1], b.shape[0])
        return Typed((a.shape[0], b.shape[1]), lambda: e.matmul(a.build(), b.build()))

    def hadamard(self, a: Typed, b: Typed) -> Typed:
        """a o b."""
        if not (self.is_scalar(a) or self.is_scalar(b)):
            self.shapes.unify_shapes(a.shape, b.shape)
        return Typed(b.shape if self.is_scalar(a) else a.shape, lambda: e.hadamard(a.build(), b.build()))

    def transpose(self, a: Typed) -> Typed:
        """A^T."""
        return Typed((a.shape[1], a.shape[0]), lambda: e.transpose(a.build()))

    def apply(self, name: str, a: Typed) -> Typed:
        """f(A) entry by entry."""
        return Typed(a.shape, lambda: apply(name, a.build()))

    def matrix_power(self, a: Typed, exponent: Affine) -> Typed:
        """A^k for an affine k: an ordered product with a constant factor."""
        self.shapes.unify(a.shape[0], a.shape[1])
        k = integer("_power")
        return Typed(a.shape, lambda: e.ProductOver(a.build(), k, 1, expression(exponent)))

    def entry_power(self, a: Typed, exponent: int) -> Typed:
        """a^2 of a vector or scalar: entry by entry."""
        return Typed(a.shape, lambda: e.power(a.build(), exponent))

    def product(self, a: Typed, b: Typed, operator: str, where: Layout) -> Typed:
        """a operator b, by the only way that fits; columns side by side are multiplied entry by entry."""
        if operator == "/":
            return self.divide(a, b, where)
        if operator in (r"\odot", r"\bigodot", r"\circ", r"\bullet") or (operator in ELEMENTWISE and not self.is_matrix(a)):
            return self.hadamard(a, b)
        if operator not in PRODUCTS | ELEMENTWISE:
            raise Unreadable(f"the operator {operator} has no meaning between these", where.span)
        if self.is_column(a) and self.is_column(b):
            return self.matmul(a, self.transpose(b)) if self.mend == "outer" else self.hadamard(a, b)
        return self.matmul(a, b)

    def divide(self, a: Typed, b: Typed, where: Layout) -> Typed:
        """a / b for a scalar b."""
        if not self.is_scalar(b):
            raise Unreadable("division is only by scalars", where.span)
        return Typed(a.shape, lambda: _over(a.build(), b.build()))


def _fits(r: Reader, a: Typed, b: Typed) -> bool:
    trial = r.shapes.copy()
    try:
        trial.unify(a.shape[1], b.shape[0])
    except ShapeMismatch:
        return False
    return True


def as_diagonal(r: Reader, a: Typed) -> Typed:
    """diag(a)."""
    return Typed((a.shape[0], a.shape[0]), lambda: e.Diag(a.build()))


def _mend_diag(r: Reader, a: Typed, b: Typed) -> tuple[Typed, Typed]:
    """A column in front of a matrix, or behind one that it does not fit, becomes its diagonal matrix."""
    if r.is_column(a) and not r.shapes.is_one(b.shape[0]):
        return as_diagonal(r, a), b
    return a, b


def _mend_transpose(r: Reader, a: Typed, b: Typed) -> tuple[Typed, Typed]:
    """The factor whose transpose fits is transposed."""
    if not _fits(r, a, b):
        for x, y in ((r.transpose(a), b), (a, r.transpose(b)), (r.transpose(a), r.transpose(b))):
            if _fits(r, x, y):
                return x, y
    return a, b


def _mend_order(r: Reader, a: Typed, b: Typed) -> tuple[Typed, Typed]:
    """Factors that fit only the other way round are exchanged."""
    return (b, a) if not _fits(r, a, b) and _fits(r, b, a) else (a, b)


def _no_mend(r: Reader, a: Typed, b: Typed) -> tuple[Typed, Typed]:
    return a, b


MENDS: dict[str, Callable[[Reader, Typed, Typed], tuple[Typed, Typed]]] = {
    "diag": _mend_diag, "outer": _no_mend, "transpose": _mend_transpose, "order": _mend_order,
}
MEND_CODES = {"diag": "E105", "outer": "E102", "transpose": "E102", "order": "E104"}


def _over(a: e.Node, b: e.Node) -> e.Node:
    if isinstance(b, e.Ones):
        return a
    return e.divide(a, b.args[0]) if isinstance(b, e.Scale) and isinstance(b.args[1], e.Ones) else e.divide(a, b)


# --- one rule a kind of layout --------------------------------------------------------------------------------

def _name(node: Node, r: Reader) -> Typed:
    """A name, with its time and what is done to it: h_{t-1}, W^T, h_t^2, \\sigma'."""
    found = spell(node, r.indexing)
    if found is None:
        raise Unreadable("not a name", node.span)
    if found.key in ("I", r"\mathbf{I}", r"\mathbb{I}", r"\mathrm{I}") and found.key not in r.quantities:
        d = r.shapes.fresh()
        return Typed((d, d), lambda: e.Identity(r.size(d)))
    if found.key in (r"\mathbf{1}", r"\mathbb{1}", r"\mathbf{0}"):
        d, make = r.shapes.fresh(), e.Zeros if "0" in found.key else e.Ones
        return Typed((d, ONE), lambda: make(r.size(d), 1))
    if found.primes:
        raise Unreadable(f"{found.key} with a prime is not a known quantity", node.span)
    quantity = r.quantities.get(found.key) or r.introduce(found, node, r)
    if quantity.indexed and found.time is None:
        raise Unreadable(f"{found.key} is indexed by time, and has no time here", node.span)
    indices = () if found.time is None else (expression(found.time),)
    if indices and not quantity.indexed:
        raise Unreadable(f"{found.key} has no time index elsewhere, and has one here", node.span)
    plain = Typed(quantity.shape, lambda: e.Named(quantity.key, r.size(quantity.shape[0]), r.size(quantity.shape[1]), *indices))
    return plain if found.sup is None else _raise(plain, found.sup, node, r)


def _raise(base: Typed, sup: Node, node: Node, r: Reader, parenthesised: bool = False) -> Typed:
    """base^sup: a transpose, a matrix power, or an entrywise power."""
    if _is_transpose(sup):
        return r.transpose(base)
    circled = _circled(sup)
    if circled is not None:
        return r.entry_power(base, circled)
    form = affine_of(sup)
    if form is None:
        raise Unreadable("this superscript is neither a transpose nor a power", sup.span)
    if not form.terms:
        return _whole_power(base, form.constant, sup, r)
    if r.is_scalar(base):
        return r.matrix_power(base, form)
    if r.is_matrix(base) or r.shapes.find(base.shape[0]) == r.shapes.find(base.shape[1]):
        if form == variable("T") and not parenthesised:
            r.relevant.add("power")
            r.warnings.add("W201")
            if r.reading.power == "transpose":
                return r.transpose(base)
        return r.matrix_power(base, form)
    if form == variable("T"):
        return r.transpose(base)
    raise Unreadable("a power with a variable exponent needs a square matrix", sup.span)


def _whole_power(base: Typed, exponent: int, sup: Node, r: Reader) -> Typed:
    if r.is_matrix(base):
        if exponent < 0:
            raise Unreadable("an inverse is not read", sup.span)
        return r.matrix_power(base, constant(exponent))
    if exponent < 0:
        return Typed(base.shape, lambda: reduce(e.hadamard, [e.Elementwise("reciprocal", base.build())] * -exponent))
    return r.entry_power(base, exponent)


def _is_transpose(sup: Node) -> bool:
    if isinstance(sup, Group):
        return _is_transpose(sup.body)
    return (isinstance(sup, Symbol) and (sup.name in TRANSPOSES or (sup.name == "T" and sup.font in ("roman", "sans", "bold")))) \
        or (isinstance(sup, Text) and sup.text in ("T", "Tr"))


def _circled(sup: Node) -> int | None:
    """The 2 of h^{\\odot 2} or h^{\\circ 2}."""
    inner = sup.body if isinstance(sup, Group) else sup
    if isinstance(inner, Product) and len(inner.factors) == 2 and inner.operators[0] in (r"\odot", r"\circ"):
        number = inner.factors[1]
        return int(number.text) if isinstance(number, Number) and number.text.isdigit() else None
    return None


def _number(node: Number, r: Reader) -> Typed:
    return r.number(sp.Rational(Rational(node.text).numerator, Rational(node.text).denominator))


def _sum(node: Sum, r: Reader) -> Typed:
    return r.add([(t.sign, r.read(t.body), t) for t in node.terms])


def _fraction(node: Fraction, r: Reader) -> Typed:
    return r.divide(r.read(node.numerator), r.read(node.denominator), node)


def _delimited(node: Delimited, r: Reader) -> Typed:
    if isinstance(node.body, List):
        if node.open == "[":
            return _stack([r.read(x) for x in node.body.items], r)
        raise Unreadable("a list of several expressions", node.span)
    return r.read(node.body)


def _stack(blocks: list[Typed], r: Reader) -> Typed:
    """[h; x]: blocks above one another."""
    for block in blocks[1:]:
        r.shapes.unify(blocks[0].shape[1], block.shape[1])
    rows = tuple(b.shape[0] for b in blocks)
    return Typed((rows, blocks[0].shape[1]), lambda: e.Stack(*(b.build() for b in blocks)))


def _matrix(node: Matrix, r: Reader) -> Typed:
    if any(len(row) != 1 for row in node.rows):
        raise Unreadable("only columns of blocks are read as matrices", node.span)
    return _stack([r.read(row[0]) for row in node.rows], r)


def _scripts(node: Scripts, r: Reader) -> Typed:
    """A name with scripts, or an expression with a superscript: (1 - h_t^2)^T, \\left(...\\right)^{k}."""
    if spell(node, r.indexing) is not None:
        return _name(node, r)
    if node.sub is not None or node.primes:
        raise Unreadable("this subscript or prime has no meaning", node.span)
    base = r.read(node.base)
    return base if node.sup is None else _raise(base, node.sup, node, r, _holds_transpose(node.base))


def _holds_transpose(node: Node) -> bool:
    inner = node.body if isinstance(node, Delimited | Group) else None
    return isinstance(inner, Scripts) and isinstance(inner.sup, Symbol) and (inner.sup.name == "T" or _is_transpose(inner.sup))


def _dots(node: Dots, r: Reader) -> Typed:
    raise Unreadable("dots stand for a pattern that was not recognised", node.span)


# --- sums and products over time ------------------------------------------------------------------------------

def _big(node: BigOperator, r: Reader) -> Typed:
    if node.name not in (r"\sum", r"\prod", "sum", "prod", "∑", "∏"):
        raise Unreadable(f"{node.name} is not read here", node.span)
    letter, low, high = _bounds(node, r)
    inside = r.bound(letter)
    index = integer(letter)
    if "sum" in node.name or node.name == "∑":
        body = inside.read(node.body)
        return Typed(body.shape, lambda: e.SumOver(body.build(), index, expression(low), expression(high)))
    factor, rest, body = _square(node.body, letter, inside)
    step, low, high = _direction(low, high, _transposed(factor))
    r.relevant.add("order")
    step = step if r.reading.order == "as written" else -step
    whole = Typed(body.shape, lambda: e.ProductOver(body.build(), index, expression(low), expression(high), step))
    return whole if rest is None else r.product(whole, r.read(rest), "", node)


def _direction(low: Affine, high: Affine, transposed: bool) -> tuple[int, Affine, Affine]:
    """The order of the factors: bounds that run down are believed; else the latest factor of Jacobians is leftmost, and
    the earliest of transposed ones, as in gradients."""
    difference = minus(high, low)
    down = dict(difference.terms).get("T", 0) < 0 or (not difference.terms and difference.constant < 0)
    return (-1, high, low) if down else (1 if transposed else -1, low, high)


def _transposed(node: Layout) -> bool:
    return (isinstance(node, Scripts) and node.sup is not None and (_is_transpose(node.sup) or affine_of(node.sup) == variable("T"))) \
        or any(_transposed(child) for child in children(node))


def _bounds(node: BigOperator, r: Reader) -> tuple[str, Affine, Affine]:
    """The letter and its range; a bare letter runs over all steps; k \\le t starts at 1."""
    lower, upper = node.lower, affine_of(node.upper) if node.upper is not None else None
    first, last = constant(1), variable("T")
    if isinstance(lower, Chain) and len(lower.sides) == 2 and isinstance(lower.sides[0], Symbol):
        bound = affine_of(lower.sides[1])
        relation = lower.relations[0].name
        if bound is not None and relation == "=" and upper is not None:
            return lower.sides[0].name, bound, upper
        if bound is not None and relation in (r"\le", "<") and upper is None:
            return lower.sides[0].name, first, bound if relation == r"\le" else minus(bound, constant(1))
        if bound is not None and relation in (r"\ge", ">") and upper is None:
            return lower.sides[0].name, bound if relation == r"\ge" else minus(bound, constant(-1)), last
    if isinstance(lower, Symbol) and upper is None:
        return lower.name, first, last
    raise Unreadable("the bounds of this sum or product are not read", node.span)


def _square(body: Node, letter: str, r: Reader) -> tuple[Node, Node | None, Typed]:
    """A product reaches as far as its factors make a square matrix, and at least to the last one that holds the letter."""
    factors = body.factors if isinstance(body, Product) else (body,)
    last = max((n for n, f in enumerate(factors) if _holds(f, letter)), default=0)
    fault: ShapeMismatch | None = None
    for stop in range(len(factors), last, -1):
        part = _part(body, 0, stop) if isinstance(body, Product) else body
        try:
            read = r.read(part)
            r.shapes.unify(read.shape[0], read.shape[1])
        except ShapeMismatch as mismatch:
            fault = mismatch
            continue
        rest = _part(body, stop, len(factors)) if isinstance(body, Product) and stop < len(factors) else None
        return part, rest, read
    raise fault or ShapeMismatch("the factor of a product over time is not square")


def _holds(node: Layout, letter: str) -> bool:
    from_scripts = (getattr(node, "sub", None), getattr(node, "sup", None))
    return any(affine_of(s) is not None and letter in dict(affine_of(s).terms) for s in from_scripts if s is not None) or any(
        _holds(child, letter) for child in children(node))


def _part(node: Product, start: int, stop: int) -> Node:
    if stop - start == 1:
        return node.factors[start]
    span = node.factors[start].span[0], node.factors[stop - 1].span[1]
    return Product(node.factors[start:stop], node.operators[start:stop - 1], span=span)


# --- products -------------------------------------------------------------------------------------------------

def _product(node: Product, r: Reader) -> Typed:
    factors, operators = with_fractions(node)
    items, joins = _applied(list(factors), list(operators), r)
    if any(isinstance(x, Dots) for x in items):
        return _dotted(items, joins, node, r)
    typed = [x if isinstance(x, Typed) else r.read(x) for x in items]
    tight = {j for j in joins if j in ("", r"\cdot", r"\times", "/")}
    loose = set(joins) - tight
    if tight and loose:
        r.relevant.add("hadamard")
    first = tight if r.reading.hadamard == "tight" else loose
    return _fold(*_fold_by(typed, joins, first, node, r), node, r)


def _fold_by(items: list[Typed], joins: list[str], operators: set[str], node: Layout, r: Reader) -> tuple[list[Typed], list[str]]:
    """Neighbours joined by one of `operators` multiplied first."""
    out, rest = [items[0]], []
    for operator, item in zip(joins, items[1:], strict=True):
        if operator in operators:
            out[-1] = r.product(out[-1], item, operator, node)
        else:
            out.append(item)
            rest.append(operator)
    return out, rest


def _fold(items: list[Typed], joins: list[str], node: Layout, r: Reader) -> Typed:
    return _fold_by(items, joins, set(joins), node, r)[0][0]


def _dotted(items: list[Any], joins: list[str], node: Layout, r: Reader) -> Typed:
    """a b ... z rest: the factors before the dots and the one after them make an ordered product."""
    place = next(n for n, x in enumerate(items) if isinstance(x, Dots))
    before = [x if isinstance(x, Typed) else r.read(x) for x in items[:place]]
    after = [x if isinstance(x, Typed) else r.read(x) for x in items[place + 1:]]
    if not before or not after or any(isinstance(x, Dots) for x in items[place + 1:]):
        raise Unreadable("dots need a factor before and one after", node.span)
    lead, second = (before[-2], before[-1]) if len(before) > 1 else (before[-1], None)
    r.shapes.unify(lead.shape[0], lead.shape[1])
    r.shapes.unify_shapes(lead.shape, after[0].shape)
    whole = Typed(lead.shape, lambda: _series(lead, second, after[0], node))
    rest = [*before[:-2], whole, *after[1:]]
    return reduce(lambda a, b: r.product(a, b, "", node), rest)


def _series(first: Typed, second: Typed | None, last: Typed, node: Layout) -> e.Node:
    found = ordered(first.build(), second.build() if second else None, last.build())
    if found is None:
        raise Unreadable("the factors around the dots do not follow one pattern", node.span)
    return found


# --- functions ------------------------------------------------------------------------------------------------

def _applied(factors: list[Any], operators: list[str], r: Reader) -> tuple[list[Any], list[str]]:
    """Function names with their arguments as one factor each."""
    items: list[Any] = []
    joins: list[str] = []
    n = 0
    while n < len(factors):
        if n:
            joins.append(operators[n - 1])
        head = _head(factors[n], r)
        stop = n + 1
        if head is not None and stop < len(factors) and operators[n] in ("", r"\cdot"):
            stop = _argument_end(factors, operators, stop, head)
            items.append(_call(head, _argument(factors, operators, n + 1, stop), r))
        elif isinstance(factors[n], Function):
            raise Unreadable(f"{factors[n].name} has no argument", factors[n].span)
        else:
            items.append(factors[n])
        n = stop
    return items, joins


@dataclass(frozen=True, slots=True)
class Head:
    """A function at the head of its argument: its name, how often it is differentiated, an entrywise power."""

    name: str
    where: Layout
    primes: int = 0
    power: int = 1
    plain: bool = False                                      # spelled as a known function: needs no parentheses


def _head(node: Any, r: Reader) -> Head | None:
    if isinstance(node, Function):
        if node.bare:
            r.warnings.add("W203")
        return Head(node.name.lstrip("\\"), node, plain=True)
    if isinstance(node, Scripts) and (node.sub is None) and isinstance(node.base, Function | Symbol):
        inner = _head(node.base, r)
        if inner is None:
            return None
        power = affine_of(node.sup) if node.sup is not None else constant(1)
        if power is None or power.terms or power.constant < 1:
            return None
        return replace(inner, primes=node.primes, power=power.constant)
    if isinstance(node, Symbol) and node.name not in r.quantities:
        if node.name in FUNCTION_NAMES or (node.name in GENERIC and not node.font):
            return Head(node.name, node)
    return None


def _argument_end(factors: list[Any], operators: list[str], n: int, head: Head) -> int:
    """A parenthesis is the argument; else, after a known function, the factors written beside it."""
    if isinstance(factors[n], Delimited) or not head.plain:
        return n + 1
    while n + 1 < len(factors) and operators[n] == "" and not isinstance(factors[n + 1], Function | Delimited):
        n += 1
    return n + 1


def _argument(factors: list[Any], operators: list[str], start: int, stop: int) -> Node:
    part = tuple(factors[start:stop])
    return part[0] if len(part) == 1 else Product(part, tuple(operators[start:stop - 1]), span=(part[0].span[0], part[-1].span[1]))


def _call(head: Head, argument: Node, r: Reader) -> Typed:
    """f(argument)."""
    if not head.plain and not isinstance(argument, Delimited):
        raise Unreadable(f"{head.name} is neither a quantity nor applied to a parenthesis", head.where.span)
    x = r.read(argument)
    special = CALLS.get(head.name)
    if special is not None and not head.primes:
        return special(x, r)
    name = FUNCTION_NAMES.get(head.name, head.name if head.name in GENERIC else "")
    if not name:
        raise Unreadable(f"the function {head.name} is not known", head.where.span)
    value = _derived(name, head.primes, x) if head.primes else r.apply(name, x)
    return value if head.power == 1 else r.entry_power(value, head.power)


def _derived(name: str, primes: int, x: Typed) -> Typed:
    """f'(x), written in the function's own value where its table does so."""
    if name not in FUNCTIONS:
        return Typed(x.shape, lambda: apply(name + "'" * primes, x.build()))
    if primes > 1:
        raise ShapeMismatch(f"the second derivative of {name} is not read")
    return Typed(x.shape, lambda: FUNCTIONS[name].derivative(x.build(), apply(name, x.build())))


def _diag(x: Typed, r: Reader) -> Typed:
    """diag(v): the matrix of a column."""
    if not r.is_column(x):
        r.shapes.unify(x.shape[1], ONE)
    return Typed((x.shape[0], x.shape[0]), lambda: e.Diag(x.build()))


CALLS: dict[str, Callable[[Typed, Reader], Typed]] = {
    "diag":    _diag,
    "Diag":    _diag,
    "softmax": lambda x, r: Typed(x.shape, lambda: softmax(x.build())),
    "Softmax": lambda x, r: Typed(x.shape, lambda: softmax(x.build())),
    "tr":      lambda x, r: Typed(SCALAR, lambda: trace(x.build())),
    "Tr":      lambda x, r: Typed(SCALAR, lambda: trace(x.build())),
}


def trace(a: e.Node) -> e.Node:
    """1' (I o A) 1."""
    n = a.shape[0]
    return e.matmul(e.Ones(1, n), e.hadamard(e.Identity(n), a), e.Ones(n, 1))


def _bare(node: Layout, r: Reader) -> Typed:
    raise Unreadable(f"{getattr(node, 'name', 'this')} stands alone, without an argument", node.span)


READ: dict[type[Layout], Callable[[Any, Reader], Typed]] = {
    Symbol:      _name,
    Accent:      _name,
    Scripts:     _scripts,
    Number:      _number,
    Sum:         _sum,
    Product:     _product,
    Fraction:    _fraction,
    Delimited:   _delimited,
    Group:       lambda node, r: r.read(node.body),
    Annotated:   lambda node, r: r.read(node.body),
    Matrix:      _matrix,
    BigOperator: _big,
    Function:    _bare,
    Dots:        _dots,
}
