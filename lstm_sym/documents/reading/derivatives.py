r"""Derivatives as written: \frac{\partial L}{\partial h_t}, \partial L/\partial h_t, \frac{dL}{dh}, \nabla_{h_t} L."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lstm_sym.documents.layout.mapped import mapped
from lstm_sym.documents.layout.tree import (
    Delimited,
    Fraction,
    Function,
    Layout,
    Node,
    Operator,
    Product,
    Scripts,
    Sum,
    Symbol,
)
from lstm_sym.documents.reading.spelling import Indexing, Spelled, names_in, spell
from lstm_sym.documents.reading.superscripts import is_transpose
from lstm_sym.expr.affine import Affine

SIGNS = {r"\partial": "partial", "d": "total", r"\mathrm{d}": "total", r"\nabla": "gradient"}
LAYOUTS = {(False, False): "", (False, True): "numerator", (True, False): "denominator"}     # \\partial h / \\partial x^\\top
ONE_STEP = "step"                                            # the font of a sign written d, as programs have it
LOSSES = frozenset(
    (
        "L",
        "J",
        "E",
        "l",
        r"\ell",
        r"\mathcal{L}",
        r"\mathcal{J}",
        r"\mathcal{E}",
        r"\mathrm{loss}",
        r"\mathrm{Loss}",
        r"\mathbf{L}",
        "Loss",
        "loss",
        r"\mathrm{L}",
        r"\mathrm{E}",
    )
)


@dataclass(frozen=True, slots=True)
class Differential:
    """d of / d by; direct: written as an immediate partial, \\partial^{+}; gradient: written with nabla."""

    of: Spelled
    by: Spelled
    sign: str
    where: Layout
    direct: bool = False
    bracket: Layout | None = None                            # the arguments of what is differentiated, f(x_t, h_{t-1})
    head: Layout | None = None
    of_step: bool = False                                    # dW, in the manner of a program: perhaps of one step
    layout: str = ""                                         # that the transpose of one of the two says


def differential(node: Layout | None, indexing: Indexing) -> Differential | None:
    """The derivative that `node` is, or None."""
    if not isinstance(node, Fraction):
        return None
    top, bottom = _quotient(node.numerator), _quotient(node.denominator)
    if top is None or bottom is None:
        return None
    of, by = spell(top.name, indexing), spell(bottom.name, indexing)
    if of is None or by is None or bottom.bracket is not None:
        return None
    layout = LAYOUTS.get((_is_turned(of), _is_turned(by)))
    if layout is None:
        return None
    of, by = replace(of, sup=None), replace(by, sup=None)
    if top.bracket is not None:
        of = of if of.time is not None else replace(of, time=latest(top.bracket, indexing))
    of_step = isinstance(top.sign, Symbol) and top.sign.font == ONE_STEP
    return Differential(of, by, top.kind, node, _is_immediate(top.sign), top.bracket, top.name, of_step, layout)


def _is_turned(name: Spelled) -> bool | None:
    """Is it transposed?  None for any other superscript, and for an h^T that may be h at the step T."""
    sure = name.sup is not None and (is_transpose(name.sup) or (name.sup == Symbol("T") and (name.time or name.is_upper)))
    return True if sure else None if name.sup is not None else False


def is_derivative(node: Node | None, indexing: Indexing) -> bool:
    """Is the node a derivative and nothing else, perhaps less than 0, a fraction or \\nabla_{h_t} L?"""
    if isinstance(node, Sum) and len(node.terms) == 1:
        return is_derivative(node.terms[0].body, indexing)
    factors = with_fractions(node)[0] if isinstance(node, Product) else (node,)
    return len(factors) == 1 and differential(factors[0], indexing) is not None


def with_own_direct(left: Node, right: Node, indexing: Indexing) -> Node:
    """The right side of dL/dh = \\partial L/\\partial h + ..., where that first term is the direct partial."""
    own = differential(left, indexing)
    if own is None or own.direct or not isinstance(right, Sum):
        return right
    terms = tuple(replace(t, body=_direct(t.body)) if _is_same(t.body, own, indexing) else t for t in right.terms)
    return right if terms == right.terms else replace(right, terms=terms)


def with_direct_inside(left: Node, right: Node, indexing: Indexing) -> Node:
    """The right side of dv_t/db = sum_k dv_t/dv_k dv_k/db, where that last factor is the direct partial."""
    own = differential(left, indexing)
    if own is None or own.of.time is None or own.by.time is not None or own.of.key in LOSSES:
        return right

    def changed(node: Layout) -> Layout:
        found = differential(node, indexing) if isinstance(node, Fraction) else None
        inner = found is not None and (found.of.key, found.by) == (own.of.key, own.by) and found.of.time is not None
        return _direct(node) if inner and isinstance(node, Node) else node

    return mapped(right, changed)


def _is_same(node: Node, own: Differential, indexing: Indexing) -> bool:
    found = differential(node, indexing)
    return found is not None and (found.of, found.by) == (own.of, own.by) and not found.direct


def _direct(node: Node) -> Node:
    """\\partial^+ L / \\partial h."""
    if not isinstance(node, Fraction) or not isinstance(node.numerator, Product):
        return node
    sign, name = node.numerator.factors
    immediate = Scripts(Symbol(r"\partial", span=sign.span), None, Operator("+", span=sign.span), span=sign.span)
    return replace(node, numerator=replace(node.numerator, factors=(immediate, name)))


@dataclass(frozen=True, slots=True)
class _Part:
    """\\partial h_t, or \\partial l(y_t, o_t) with its bracket."""

    kind: str
    sign: Node
    name: Node
    bracket: Layout | None = None


def _quotient(node: Node) -> _Part | None:
    if isinstance(node, Product) and len(node.factors) in (2, 3) and not any(node.operators):
        sign, name, *rest = node.factors
        kind = sign_of(sign)
        if kind in ("partial", "total") and all(isinstance(x, Delimited) and x.open == "(" for x in rest):
            return _Part(kind, sign, name, *rest)
    return None


def latest(bracket: Layout, indexing: Indexing) -> Affine | None:
    """The step of l(y_t, o_t): the latest of its arguments'; none if they are of several steps, as those of L(x_1, ..., x_T)."""
    times = {n.time for n in names_in(bracket, indexing) if n.time is not None}
    return times.pop() if len(times) == 1 else None


def sign_of(node: Node) -> str | None:
    """Is the node a sign of differentiation?"""
    if isinstance(node, Scripts):
        return (
            SIGNS.get(node.base.name)
            if isinstance(node.base, Symbol) and (node.base.name == r"\nabla" or _is_immediate(node))
            else None
        )
    if isinstance(node, Symbol):
        return "total" if node.name == "d" and node.font in ("", "roman") else SIGNS.get(node.name)
    return None


def _is_immediate(node: Node) -> bool:
    return isinstance(node, Scripts) and isinstance(node.sup, Operator) and node.sup.name == "+"


def with_fractions(product: Product) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    r"""Factors and operators with `\partial L / \partial h` and `\nabla_h L` folded into fractions."""
    factors, operators = list(product.factors), list(product.operators)
    n = 0
    while n < len(factors):
        length, folded = (
            _slash(factors, operators, n)
            or _nabla(factors, operators, n)
            or _delta(factors, operators, n)
            or _operator(factors, operators, n)
            or (0, None)
        )
        if folded is not None:
            factors[n : n + length] = [folded]
            del operators[n : n + length - 1]
        n += 1
    return tuple(factors), tuple(operators)


def _pair(sign: Node, name: Node) -> Product:
    return Product((sign, name), ("",), span=(sign.span[0], name.span[1]))


def _slash(factors: list[Node], operators: list[str], n: int) -> tuple[int, Node] | None:
    """\\partial L / \\partial h: five factors' worth of tokens, four factors."""
    part = factors[n : n + 4]
    if (
        len(part) == 4
        and operators[n : n + 3] == ["", "/", ""]
        and sign_of(part[0])
        and sign_of(part[0]) == sign_of(part[2])
    ):
        return 4, Fraction(_pair(*part[:2]), _pair(*part[2:]), span=(part[0].span[0], part[3].span[1]))
    return None


def _nabla(factors: list[Node], operators: list[str], n: int) -> tuple[int, Node] | None:
    """\\nabla_{h_t} L."""
    sign = factors[n]
    if (
        isinstance(sign, Scripts)
        and sign_of(sign) == "gradient"
        and sign.sub is not None
        and n + 1 < len(factors)
        and operators[n] == ""
        and not isinstance(factors[n + 1], Function)
    ):
        d = Symbol(r"\partial", span=sign.span)
        return 2, Fraction(_pair(d, factors[n + 1]), _pair(d, sign.sub), span=(sign.span[0], factors[n + 1].span[1]))
    return None


def _delta(factors: list[Node], operators: list[str], n: int) -> tuple[int, Node] | None:
    """\\delta h_t, for the gradient of the loss by h_t."""
    sign = factors[n]
    if (
        isinstance(sign, Symbol)
        and sign.name == r"\delta"
        and n + 1 < len(factors)
        and operators[n] == ""
        and isinstance(factors[n + 1], Scripts)
    ):
        d = Symbol(r"\partial", span=sign.span)
        return 2, Fraction(
            _pair(d, Symbol("L", span=sign.span)), _pair(d, factors[n + 1]), span=(sign.span[0], factors[n + 1].span[1])
        )
    return None


def _operator(factors: list[Node], operators: list[str], n: int) -> tuple[int, Node] | None:
    """\\frac{\\partial}{\\partial h_t} L."""
    sign = factors[n]
    if isinstance(sign, Fraction) and sign_of(sign.numerator) and _quotient(sign.denominator) and n + 1 < len(factors):
        return 2, Fraction(
            _pair(sign.numerator, factors[n + 1]), sign.denominator, span=(sign.span[0], factors[n + 1].span[1])
        )
    return None
