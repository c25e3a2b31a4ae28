r"""Gradients of the loss written with a sign and a name: \delta h_t, dc_t, dW_f, dc_{next}.

A sign before a name that the document uses without it too is the gradient by that name. Before any other name the two are
one name, of what the author defines so or leaves open: the gradient that comes from the next step, dc_{next}. A d is such
a sign where a left side is the gradient by a parameter or by an earlier step: differentials, dh_t = J dh_{t-1}, run forward.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from lstm_sym.documents.layout.mapped import mapped
from lstm_sym.documents.layout.tree import (
    Accent,
    BigOperator,
    Fraction,
    Layout,
    List,
    Node,
    Number,
    Product,
    Scripts,
    Statement,
    Sum,
    Symbol,
    Term,
    children,
    walk,
)
from lstm_sym.documents.reading.derivatives import LOSSES, ONE_STEP, differential
from lstm_sym.documents.reading.silent import key_of
from lstm_sym.documents.reading.spelling import Indexing, base_text, spell
from lstm_sym.expr.affine import constant, minus, variable

L = TypeVar("L", bound=Layout)
DELTA, D = r"\delta", "d"
PREVIOUS, NEXT = "prev", "next"
WORDS = frozenset((PREVIOUS, NEXT))


@dataclass(frozen=True, slots=True)
class Adjoints:
    """How a document writes gradients: its signs, the names it uses without one, and whether c_{next} is c_t."""

    signs: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    timed: frozenset[str] = frozenset()
    steps: bool = False

    def told(self, part: L) -> L:
        """The part with its gradients as fractions, and with names of the step before as names at t - 1."""
        if not self.signs:
            return part
        part = mapped(part, self._product, _is_no_derivative)
        return mapped(part, _at_step) if self.steps else part

    def _product(self, node: Layout) -> Layout:
        if not isinstance(node, Product):
            return node
        factors, operators, n = list(node.factors), list(node.operators), 0
        while n + 1 < len(factors):
            if _signed(factors, operators, n, self.signs):
                factors[n : n + 2] = [self._gradient(factors[n], factors[n + 1])]
                del operators[n]
            n += 1
        if len(factors) == len(node.factors):
            return node
        return factors[0] if len(factors) == 1 else replace(node, factors=tuple(factors), operators=tuple(operators))

    def _gradient(self, sign: Node, name: Node) -> Node:
        span = (sign.span[0], name.span[1])
        plain, mark = unmarked(name)
        known = self._known(plain)
        if known is None:
            fused: Node = _fused(sign, plain, self.timed)
        else:
            font = "" if getattr(sign, "name", "") == DELTA else ONE_STEP
            d = Symbol(r"\partial", font, span=sign.span, marks=sign.marks)
            top = Product((d, Symbol("L", span=sign.span)), ("",), span=sign.span)
            fused = Fraction(top, Product((replace(d, marks=()), known), ("",), span=name.span), span=span)
        return fused if mark is None else Scripts(fused, None, mark, sup_text="T", span=span)

    def _known(self, name: Node) -> Node | None:
        """The name where the document has it without a sign; at t where it stands at times there."""
        key = key_of(name)
        if key not in self.bare or getattr(name, "sub_text", "") in WORDS:
            return None
        found = spell(name, Indexing())
        return _at(name, 0) if key in self.timed and found is not None and found.time is None else name


def names_a_step(key: str) -> bool:
    """Is it dc_{next}: what one step gives to another?"""
    return key.startswith(r"\delta ") and any(word in key for word in WORDS)


def adjoints(statements: Iterable[Statement]) -> Adjoints:
    """What the statements of a document show of its gradients."""
    said = list(statements)
    signs = frozenset(sign for sign in (DELTA, D) if _is_sign(sign, said))
    if not signs:
        return Adjoints()
    names = [name for s in said for name in _bare(s, signs)]
    bare = frozenset(key_of(name) for name in names) - {""}
    timed = frozenset(found.key for name in names if (found := spell(name, Indexing())) and found.time is not None)
    return Adjoints(signs, bare, timed, D in signs and any(w == PREVIOUS for s in said for w in _words(s)))


def _is_sign(sign: str, said: list[Statement]) -> bool:
    """Does the letter stand before names only, and on the left before what is no loss, in a way no differential does?"""
    if any(_stands_alone(sign, s) for s in said):
        return False
    lefts = [(s, name) for s in said if len(s.sides) > 1 and (name := _of_left(s.sides[0], sign)) is not None]
    if any(key_of(name) in LOSSES for _, name in lefts):
        return False
    return any(sign == DELTA or _runs_back(s, name) for s, name in lefts)


def _of_left(side: Node, sign: str) -> Node | None:
    """The name of a side that is a sign and a name."""
    signed = isinstance(side, Product) and len(side.factors) == 2 and _signed(list(side.factors), list(side.operators), 0, {sign})
    return side.factors[1] if signed and isinstance(side, Product) else None


def _runs_back(statement: Statement, name: Node) -> bool:
    """Is it the gradient by a parameter, or by an earlier step, or one that is said to be a derivative of the loss?"""
    found = spell(name, Indexing())
    if found is None:
        return False
    parameter = (base_text(name.base if isinstance(name, Scripts) else name) or "")[:1] in ("W", "U", "V", "R", "b")
    earlier = found.time == minus(variable("t"), constant(1)) or getattr(name, "sub_text", "") in WORDS
    return parameter or earlier or isinstance(statement.sides[1], Fraction)


def _signed(factors: list[Node], operators: list[str], n: int, signs: Iterable[str]) -> bool:
    """Is factor n a sign, and the next one a name?"""
    sign, name = factors[n], factors[n + 1]
    plain = isinstance(sign, Symbol) and sign.name in signs and sign.font in ("", "roman")
    over = operators[n] or "/" in operators[max(0, n - 1) : n + 2]         # dL/dh is a derivative
    return plain and not over and isinstance(name, Symbol | Scripts | Accent) and key_of(unmarked(name)[0]) != ""


def _stands_alone(sign: str, part: Layout) -> bool:
    """Is the letter a name of its own somewhere: d = 3, d_t, d x y?"""
    if isinstance(part, Symbol):
        return part.name == sign
    if isinstance(part, BigOperator) and part.name == "int":
        return True
    if isinstance(part, Scripts):
        return _stands_alone(sign, part.base)
    inner = list(children(part)) if _is_no_derivative(part) else []
    if isinstance(part, Product):
        factors, operators = list(part.factors), list(part.operators)
        inner = [f for n, f in enumerate(factors) if n + 1 == len(factors) or not _signed(factors, operators, n, {sign})]
    return any(_stands_alone(sign, child) for child in inner)


def _bare(part: Layout, signs: frozenset[str]) -> Iterator[Node]:
    """The names that no sign stands before."""
    if isinstance(part, Symbol | Scripts | Accent) and key_of(part):
        yield part
        return
    parts = list(children(part))
    if isinstance(part, Product):
        factors, operators = list(part.factors), list(part.operators)
        parts = [f for n, f in enumerate(factors) if not (n and _signed(factors, operators, n - 1, signs))]
    for child in parts:
        yield from _bare(child, signs)


def _words(part: Layout) -> Iterator[str]:
    return (node.sub_text for node in walk(part) if isinstance(node, Scripts))


def _is_no_derivative(part: Layout) -> bool:
    return not (isinstance(part, Fraction) and differential(part, Indexing()) is not None)


# --- names ----------------------------------------------------------------------------------------------------------

def _at_step(node: Layout) -> Layout:
    """c_{next} as c_t and c_{prev} as c_{t-1}: the step leads from one to the other."""
    if not isinstance(node, Scripts) or node.sub_text not in WORDS or node.sup is not None:
        return node
    return _at(node, -1 if node.sub_text == PREVIOUS else 0)


def unmarked(name: Node) -> tuple[Node, Node | None]:
    """W_f and \\top of W_f^\\top."""
    if not isinstance(name, Scripts) or name.sup is None:
        return name, None
    found = spell(name, Indexing())
    if found is None or found.sup is None:
        return name, None
    bare = replace(name, sup=None, sup_text="")
    return (bare if name.sub is not None else name.base), name.sup


def _fused(sign: Node, name: Node, timed: frozenset[str]) -> Node:
    """The sign and the name as one name, at the time t where it has none."""
    base = name.base if isinstance(name, Scripts) else name
    symbol = Symbol(rf"\delta {base_text(base)}", span=(sign.span[0], base.span[1]), marks=(*sign.marks, *base.marks))
    whole = replace(name, base=symbol) if isinstance(name, Scripts) else symbol
    found = spell(whole, Indexing())
    return whole if not timed or found is None or found.time is not None else _at(whole, 0, keep=True)


def _at(name: Node, shift: int, keep: bool = False) -> Node:
    """The name at t or t - 1, in place of its word or beside it."""
    t, text = Symbol("t", span=name.span), "t-1" if shift else "t"
    time = Sum((Term("", t), Term("-", Number("1", span=name.span))), span=name.span) if shift else t
    if not isinstance(name, Scripts):
        return Scripts(name, time, sub_text=text, span=name.span)
    if name.sub is None or (name.sub_text in WORDS and not keep):
        return replace(name, sub=time, sub_text=text)
    return replace(name, sub=List((name.sub, time), (",",), span=name.sub.span), sub_text=f"{name.sub_text},{text}")
