"""Real numbers that claims speak of: norms, eigenvalues and names with what is made of them, and relations between them."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any, TypeAlias

from lstm_sym.documents.reading.shapes import Typed
from lstm_sym.errors import Unreadable
from lstm_sym.expr.affine import Affine, constant
from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import Direct
from lstm_sym.expr.labels import Total as Total_
from lstm_sym.expr.nodes import Diag, Identity, MatMul, Named, Node, ProductOver, Transpose, operands

NORMS = ("2", "1", "inf", "F")              # spectral (Euclidean), column sums, row sums, Frobenius
PLAIN = "plain"                             # a norm whose kind is not written


@dataclass(frozen=True, slots=True)
class Number:
    """A rational number; infinity is the absence of one."""

    value: Fraction | None


@dataclass(frozen=True, slots=True)
class Name:
    """A number of the author's: gamma."""

    key: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a matrix: a norm, "largest" eigenvalue, spectral "radius", "det", the product of a column's "entries"."""

    kind: str
    of: Node | Typed                        # Typed until all of a claim is read


@dataclass(frozen=True, slots=True)
class Entries:
    """Every entry of a matrix, or its absolute value."""

    of: Node | Typed
    absolute: bool = False


@dataclass(frozen=True, slots=True)
class Length:
    """An index as a number: the t of |c_t| <= t."""

    form: Affine


@dataclass(frozen=True, slots=True)
class Total:
    """x + y + ..."""

    terms: tuple[Real, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """x y ..."""

    factors: tuple[Real, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """x / y."""

    top: Real
    bottom: Real


@dataclass(frozen=True, slots=True)
class Power:
    """x^k."""

    base: Real
    exponent: Affine


@dataclass(frozen=True, slots=True)
class Absolute:
    """|x|."""

    of: Real


@dataclass(frozen=True, slots=True)
class OverTime:
    """The product of body over index = low .. high."""

    body: Real
    index: str
    low: Affine
    high: Affine


Real: TypeAlias = (Number | Name | Measure | Entries | Length | Total | Times | Quotient | Power | Absolute | OverTime)


@dataclass(frozen=True, slots=True)
class Relation:
    """left "<=" "<" "=" right; as `index` tends to infinity left "->" right, stays "away" from it, or is "bounded"."""

    sign: str
    left: Real
    right: Real
    index: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a matrix is: "symmetric", "normal"; a product W'W or WW' that is the identity is "orthogonal"."""

    kind: str
    of: Node


Hypothesis: TypeAlias = Relation | Fact


def parts(x: Any) -> Iterator[Any]:
    """x and every real below it."""
    yield x
    if isinstance(x, tuple):
        yield from (p for y in x for p in parts(y))
    elif type(x) in BELOW:
        yield from (p for f in BELOW[type(x)] for p in parts(getattr(x, f)))


BELOW: dict[type, tuple[str, ...]] = {
    Total: ("terms",), Times: ("factors",), Quotient: ("top", "bottom"), Power: ("base",), Absolute: ("of",),
    OverTime: ("body",), Relation: ("left", "right"),
}


def changed(x: Any, table: dict[Any, Any]) -> Any:
    """x with the reals that are keys of the table replaced."""
    if isinstance(x, tuple):
        return tuple(changed(y, table) for y in x)
    if x in table:
        return table[x]
    if type(x) not in BELOW:
        return x
    return type(x)(*(changed(getattr(x, f.name), table) if f.name in BELOW[type(x)] else getattr(x, f.name) for f in fields(x)))


def matrices(x: Any) -> list[Node]:
    """The matrices that are measured in x, each once."""
    measured = (p.of for p in parts(x) if isinstance(p, Measure | Entries | Fact))
    return list(dict.fromkeys(m for m in measured if isinstance(m, Node)))


def product(*factors: Real) -> Real:
    """x y ..., flat, a single factor as it is."""
    flat = tuple(f for x in factors for f in (x.factors if isinstance(x, Times) else (x,)))
    return flat[0] if len(flat) == 1 else Times(flat)


def built(x: Any) -> Any:
    """A relation with its expressions built, once all of them are read and all sizes known."""
    if isinstance(x, tuple):
        return tuple(map(built, x))
    if isinstance(x, Measure):
        return x if isinstance(x.of, Node) else measured(x.kind, x.of.build())
    if isinstance(x, Entries):
        return _of_number(x if isinstance(x.of, Node) else Entries(x.of.build(), x.absolute))
    if type(x) not in BELOW:
        return x
    result = replace(x, **{name: built(getattr(x, name)) for name in BELOW[type(x)]})
    return absolute(result.of) if isinstance(result, Absolute) else result


def _of_number(x: Entries) -> Real:
    """|w| of a number as its norm; of a state of numbers what its entries are."""
    of_state = isinstance(x.of, Named) and x.of.indices and not isinstance(x.of.label, Total_ | Direct)
    return Measure("inf", x.of) if x.absolute and kind_of(x.of) == "inf" and not of_state else x


def kind_of(x: Node | Typed) -> str:
    """The norm that the absolute value of a number is; of a matrix a norm whose kind is not written."""
    return "inf" if isinstance(x, Node) and x.shape == (1, 1) else PLAIN


def absolute(x: Real) -> Real:
    """|x y| = |x| |y|, |x^k| = |x|^k."""
    match x:
        case Times(factors=factors):
            return product(*map(absolute, factors))
        case Power(base=base, exponent=k):
            return Power(absolute(base), k)
    return Absolute(x)


def measured(kind: str, of: Node) -> Real:
    """A number of a matrix; lambda_max(A'A) and lambda_max(AA') are the square of the largest singular value."""
    if kind == "det":
        return determinant(of)
    if kind in ("largest", "radius", "root") and isinstance(of, MatMul) and len(of.args) == 2:
        a, b = of.args
        if Transpose(a) == b or Transpose(b) == a:
            size = Measure("2", a if isinstance(a, Named) else b)
            return size if kind == "root" else Power(size, constant(2))
    if kind == "root":
        raise Unreadable("the root of an eigenvalue is read where it is a singular value", (0, 0))
    return Measure(kind, of)


def determinant(a: Node) -> Real:
    """det AB = det A det B of square factors, det A' = det A, det I = 1, det diag(v) = the product of the entries of v."""
    if a.shape[0] != a.shape[1]:
        raise Unreadable("the determinant of a matrix that is not square", (0, 0))
    match a:
        case MatMul() if all(x.shape[0] == x.shape[1] for x in operands(a)):
            return product(*map(determinant, operands(a)))
        case Transpose():
            return determinant(operands(a)[0])
        case Identity():
            return Number(Fraction(1))
        case Diag():
            return Measure("entries", operands(a)[0])
        case ProductOver():
            body, index, low, high = a.args[:4]
            return OverTime(determinant(body), index.name, affine(low), affine(high))
    return Measure("det", a)
