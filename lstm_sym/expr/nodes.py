"""The closed set of expression nodes.  Every node has a shape (rows, columns); vectors are columns, a scalar is (1, 1).

Constructors of classes check shapes and flatten, so that `e.func(*e.args) == e` is safe; they know no other law.
The functions `add`, `hadamard`, `matmul`, `scale`, `transpose` and the operators drop units and zeros on top.
"""
from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from typing import Any, ClassVar, TypeAlias

import sympy as sp
from sympy.core.symbol import Str

from lstm_sym.errors import DomainViolation, ShapeMismatch
from lstm_sym.expr.affine import constant, minus
from lstm_sym.expr.indices import IndexLike, affine, index
from lstm_sym.expr.interned import Interned, interned
from lstm_sym.expr.labels import Label, label, label_text

Shape: TypeAlias = tuple[sp.Expr, sp.Expr]
SCALAR: Shape = (sp.S.One, sp.S.One)


class Node(Interned):
    """A matrix-valued expression of shape (rows, columns).  Immutable, hashable; equal nodes are one object."""

    __slots__ = ("shape",)
    __array_ufunc__ = None                                  # NumPy must not broadcast over us
    is_commutative: ClassVar[bool] = False
    shape: Shape

    def __add__(self, other: Any) -> Node: return add(self, lift(other, self))
    def __radd__(self, other: Any) -> Node: return add(lift(other, self), self)
    def __sub__(self, other: Any) -> Node: return add(self, scale(-1, lift(other, self)))
    def __rsub__(self, other: Any) -> Node: return add(lift(other, self), scale(-1, self))
    def __neg__(self) -> Node: return scale(-1, self)
    def __mul__(self, other: Any) -> Node: return hadamard(self, other) if _is_node(other) else scale(other, self)
    def __rmul__(self, other: Any) -> Node: return scale(other, self)
    def __matmul__(self, other: Node) -> Node: return matmul(self, other)
    def __truediv__(self, other: Any) -> Node: return divide(self, other)
    def __pow__(self, exponent: int) -> Node: return power(self, exponent)

    def _sympystr(self, printer: Any) -> str:
        return TEXT[type(self)](self, *map(printer._print, self.args))

    @property
    def T(self) -> Node:
        """The transpose."""
        return transpose(self)

    @property
    def is_scalar(self) -> bool:
        """Shape (1, 1)?"""
        return self.shape == SCALAR


def _is_node(value: Any) -> bool:
    return isinstance(value, Node)


def _make(cls: type[Node], shape: Shape, *args: sp.Basic) -> Any:
    node = interned(cls, *args)
    node.shape = shape
    return node


class Named(Node):
    """A quantity by its name: a parameter `W`, or a member `h[t-1]` of a family indexed by time, depth ..."""

    __slots__ = ()

    def __new__(cls, name: str | Str | Label, rows: IndexLike, columns: IndexLike = 1, *indices: IndexLike) -> Named:
        shape = index(rows), index(columns)
        return _make(cls, shape, label(name), *shape, *map(index, indices))

    def __getitem__(self, at: IndexLike | tuple[IndexLike, ...]) -> Named:
        """The member of this family at `at`: h[t], h1[t, l]."""
        return Named(self.label, *self.shape, *(at if isinstance(at, tuple) else (at,)))

    @property
    def label(self) -> Label:
        """Name without indices."""
        return self.args[0]

    @property
    def name(self) -> str:
        """The label as text."""
        return label_text(self.args[0])

    @property
    def indices(self) -> tuple[sp.Expr, ...]:
        """Where in its family it stands; () for a parameter."""
        return self.args[3:]

    @property
    def previous(self) -> Named:
        """One step back along the first index: h[t-1] of h[t]."""
        if not self.indices:
            raise DomainViolation(f"{self} has no time index, so it has no previous value")
        return self[(self.indices[0] - 1, *self.indices[1:])]


class Ones(Node):
    """The matrix of ones."""

    __slots__ = ()

    def __new__(cls, rows: IndexLike, columns: IndexLike = 1) -> Ones:
        shape = index(rows), index(columns)
        return _make(cls, shape, *shape)


class Zeros(Node):
    """The matrix of zeros."""

    __slots__ = ()

    def __new__(cls, rows: IndexLike, columns: IndexLike = 1) -> Zeros:
        shape = index(rows), index(columns)
        return _make(cls, shape, *shape)


class Identity(Node):
    """The identity matrix."""

    __slots__ = ()

    def __new__(cls, size: IndexLike) -> Identity:
        return _make(cls, (index(size), index(size)), index(size))


class Add(Node):
    """A + B + ...; equal shapes."""

    __slots__ = ()

    def __new__(cls, *terms: Node) -> Add:
        flat = _flatten(cls, terms)
        for term in flat:
            if term.shape != flat[0].shape:
                raise ShapeMismatch.between("+", flat[0], term)
        return _make(cls, flat[0].shape, *flat)


class Hadamard(Node):
    """A o B o ...; equal shapes, where a scalar factor goes with every shape."""

    __slots__ = ()

    def __new__(cls, *factors: Node) -> Hadamard:
        flat = _flatten(cls, factors)
        full = [f for f in flat if not f.is_scalar]
        for factor in full:
            if factor.shape != full[0].shape:
                raise ShapeMismatch.between("o", full[0], factor)
        return _make(cls, full[0].shape if full else SCALAR, *flat)


class MatMul(Node):
    """A B ...; columns of each factor = rows of the next."""

    __slots__ = ()

    def __new__(cls, *factors: Node) -> MatMul:
        flat = _flatten(cls, factors)
        for left, right in pairwise(flat):
            if left.shape[1] != right.shape[0]:
                raise ShapeMismatch.between("@", left, right)
        return _make(cls, (flat[0].shape[0], flat[-1].shape[1]), *flat)


class Scale(Node):
    """coefficient * A; the coefficient is a rational number, or a rational function of sizes and lengths."""

    __slots__ = ()

    def __new__(cls, coefficient: sp.Expr | int, operand: Node) -> Scale:
        return _make(cls, operand.shape, exact(coefficient), operand)


class Transpose(Node):
    """A^T."""

    __slots__ = ()

    def __new__(cls, operand: Node) -> Transpose:
        return _make(cls, operand.shape[::-1], operand)


class Diag(Node):
    """diag(v): the square matrix with the column v on its diagonal."""

    __slots__ = ()

    def __new__(cls, operand: Node) -> Diag:
        if operand.shape[1] != 1:
            raise ShapeMismatch("diag needs a column (n, 1), got {0.shape} in diag({0})", operand)
        return _make(cls, (operand.shape[0], operand.shape[0]), operand)


class Elementwise(Node):
    """f(A) entry by entry; f is the name of a row of `functions.FUNCTIONS` or of a generic function such as "phi"."""

    __slots__ = ()

    def __new__(cls, function: str | Str, operand: Node) -> Elementwise:
        return _make(cls, operand.shape, label(str(function)), operand)


class Stack(Node):
    """[A; B; ...]: blocks above one another; equal numbers of columns."""

    __slots__ = ()

    def __new__(cls, *blocks: Node) -> Stack:
        flat = _flatten(cls, blocks)
        for block in flat:
            if block.shape[1] != flat[0].shape[1]:
                raise ShapeMismatch.between("stacked on", flat[0], block)
        return _make(cls, (sp.expand(sp.Add(*(b.shape[0] for b in flat))), flat[0].shape[1]), *flat)


class Slice(Node):
    """Rows start .. start + rows - 1 of A, the first row being 0."""

    __slots__ = ()

    def __new__(cls, operand: Node, start: IndexLike, rows: IndexLike) -> Slice:
        return _make(cls, (index(rows), operand.shape[1]), operand, index(start), index(rows))


class SumOver(Node):
    """sum of body for index = low .. high; empty (0) if low > high."""

    __slots__ = ()

    def __new__(cls, body: Node, over: sp.Symbol, low: IndexLike, high: IndexLike) -> SumOver:
        return _make(cls, body.shape, body, over, index(low), index(high))


class ProductOver(Node):
    """Ordered product of the square body for index = low .. high; empty (I) if low > high.

    step = +1: low is the leftmost factor; step = -1: high is the leftmost factor (the order of Jacobians in time).
    """

    __slots__ = ()

    def __new__(cls, body: Node, over: sp.Symbol, low: IndexLike, high: IndexLike, step: int = 1) -> ProductOver:
        if body.shape[0] != body.shape[1]:
            raise ShapeMismatch("an ordered product needs a square factor, got {0.shape} in {0}", body)
        return _make(cls, body.shape, body, over, index(low), index(high), sp.Integer(step))


class When(Node):
    """body where every condition (an affine expression) is >= 0; absent, that is 0, elsewhere.

    Outside its conditions the body may name what does not exist (h[T+1]): it is never looked at there.
    """

    __slots__ = ()

    def __new__(cls, body: Node, *conditions: IndexLike) -> When:
        return _make(cls, body.shape, body, *map(index, conditions))


NODES: tuple[type[Node], ...] = (
    Named, Ones, Zeros, Identity, Add, Hadamard, MatMul, Scale, Transpose, Diag, Elementwise, Stack, Slice, SumOver,
    ProductOver, When,
)
BINDERS: tuple[type[Node], ...] = (SumOver, ProductOver)     # args = body, bound index, low, high ...

TEXT: dict[type[Node], Callable[..., str]] = {               # plain text, for error messages
    Named:       lambda n, name, r, c, *at: f"{name}[{', '.join(at)}]" if at else name,
    Ones:        lambda n, r, c: "1",
    Zeros:       lambda n, r, c: "0",
    Identity:    lambda n, size: "I",
    Add:         lambda n, *a: f"({' + '.join(a)})",
    Hadamard:    lambda n, *a: f"({' o '.join(a)})",
    MatMul:      lambda n, *a: " @ ".join(a),
    Scale:       lambda n, c, a: f"{c}*{a}",
    Transpose:   lambda n, a: f"{a}^T",
    Diag:        lambda n, a: f"diag({a})",
    Elementwise: lambda n, f, a: f"{f}({a})",
    Stack:       lambda n, *a: f"[{'; '.join(a)}]",
    Slice:       lambda n, a, start, rows: f"{a}[{start} : +{rows}]",
    SumOver:     lambda n, a, k, low, high: f"sum({a}, {k} = {low} .. {high})",
    ProductOver: lambda n, a, k, low, high, step: f"product({a}, {k} = {low} .. {high}, step {step})",
    When:        lambda n, a, *c: f"[{' and '.join(f'{x} >= 0' for x in c)}] {a}",
}


def _flatten(cls: type[Node], nodes: tuple[Node, ...]) -> list[Node]:
    flat: list[Node] = []
    for node in nodes:
        if not isinstance(node, Node):
            raise TypeError(f"{cls.__name__} takes nodes, got {node!r}; numbers scale a node: 2 * h, or 1 - h")
        flat.extend(node.args if type(node) is cls else (node,))
    if not flat:
        raise TypeError(f"{cls.__name__} needs at least one operand")
    return flat


def exact(value: Any) -> sp.Expr:
    """`value` as an exact coefficient.  Errors: TypeError for a float, which cannot be exact."""
    if isinstance(value, float) or isinstance(value, sp.Float):
        raise TypeError(f"floats are refused in derivations: write Rational instead of {value!r}")
    coefficient = sp.Integer(value) if isinstance(value, int) else value
    if not isinstance(coefficient, sp.Expr):
        raise TypeError(f"a coefficient must be an exact number, got {value!r}")
    return coefficient


def lift(value: Any, like: Node) -> Node:
    """A number c as c * (matrix of ones of the other operand's shape): the 1 in 1 - h."""
    return value if isinstance(value, Node) else scale(value, Ones(*like.shape))


def is_zero(node: Node) -> bool:
    """Syntactically zero?"""
    return isinstance(node, Zeros)


def add(*terms: Node) -> Node:
    """Sum without zero terms."""
    total = Add(*terms)
    kept = [term for term in total.args if not is_zero(term)]
    return Zeros(*total.shape) if not kept else kept[0] if len(kept) == 1 else Add(*kept)


def hadamard(*factors: Node) -> Node:
    """Entrywise product; coefficients to the front, zeros absorb, ones vanish where the shape stays."""
    product = Hadamard(*factors)
    if any(map(is_zero, product.args)):
        return Zeros(*product.shape)
    coefficient, bare = _coefficients(product.args)
    kept = [f for f in bare if not isinstance(f, Ones)]
    if not any(f.shape == product.shape for f in kept):
        kept.extend([f for f in bare if f.shape == product.shape][:1])
    return scale(coefficient, kept[0] if len(kept) == 1 else Hadamard(*kept))


def matmul(*factors: Node) -> Node:
    """Matrix product; coefficients to the front, zeros absorb, identities vanish."""
    product = MatMul(*factors)
    if any(map(is_zero, product.args)):
        return Zeros(*product.shape)
    coefficient, bare = _coefficients(product.args)
    kept = [f for f in bare if not isinstance(f, Identity)] or [bare[0]]
    return scale(coefficient, kept[0] if len(kept) == 1 else MatMul(*kept))


def _coefficients(factors: tuple[Node, ...]) -> tuple[sp.Expr, list[Node]]:
    coefficient, bare = sp.S.One, []
    for factor in factors:
        while isinstance(factor, Scale):
            coefficient, factor = coefficient * factor.args[0], factor.args[1]
        bare.append(factor)
    return coefficient, bare


def scale(coefficient: Any, node: Node) -> Node:
    """coefficient * node without units."""
    c = exact(coefficient)
    if isinstance(node, Scale):
        return scale(c * node.args[0], node.args[1])
    return node if c == 1 else Zeros(*node.shape) if c == 0 or is_zero(node) else Scale(c, node)


def transpose(node: Node) -> Node:
    """A^T with (A B)^T = B^T A^T, (A^T)^T = A and scalars as they are."""
    if isinstance(node, Transpose):
        return node.args[0]
    if isinstance(node, Scale):
        return scale(node.args[0], transpose(node.args[1]))
    if isinstance(node, MatMul):
        return MatMul(*(transpose(f) for f in reversed(node.args)))
    if isinstance(node, Ones | Zeros):
        return node.func(*node.shape[::-1])
    return node if node.is_scalar or isinstance(node, Identity | Diag) else Transpose(node)


def divide(node: Node, by: Any) -> Node:
    """node / scalar."""
    if not isinstance(by, Node):
        return scale(1 / exact(by), node)
    if not by.is_scalar:
        raise ShapeMismatch(f"only division by a scalar is defined, got a divisor of shape {by.shape}: {by}")
    return hadamard(node, Elementwise("reciprocal", by))


def power(node: Node, exponent: int) -> Node:
    """Entrywise power with a nonnegative integer exponent, as NumPy's **."""
    if not isinstance(exponent, int) or exponent < 0:
        raise TypeError(f"only nonnegative integer powers are defined, got exponent {exponent!r}")
    one: Node = Ones(*node.shape)
    return reduce(hadamard, [node] * exponent, one)


def sum_over(body: Node, over: sp.Symbol, low: IndexLike, high: IndexLike) -> Node:
    """SumOver without a zero body."""
    return body if is_zero(body) else SumOver(body, over, low, high)


def stack(*blocks: Node) -> Node:
    """[A; B; ...] without blocks of no rows."""
    kept = [b for b in blocks if b.shape[0] != 0]
    return kept[0] if len(kept) == 1 else Stack(*kept)


def take(node: Node, start: IndexLike, rows: IndexLike) -> Node:
    """Rows start .. start + rows - 1; the whole node if they are all its rows."""
    whole = affine(index(start)) == constant(0) and minus(affine(index(rows)), affine(node.shape[0])) == constant(0)
    return node if whole else Slice(node, start, rows)


def operands(node: Node) -> tuple[Node, ...]:
    """The node's arguments that are nodes."""
    return tuple(a for a in node.args if isinstance(a, Node))
