"""What the lines of the printer's table share: precedence and parentheses, signs, coefficients, conditions."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, NamedTuple, TypeAlias

import sympy as sp

from lstm_sym.errors import MissingRule
from lstm_sym.expr.affine import Affine, negative
from lstm_sym.expr.indices import expression
from lstm_sym.expr.nodes import Node
from lstm_sym.notation.names import write_index
from lstm_sym.notation.style import TEX, Style
from lstm_sym.notation.symbols import SIGN


class Level(IntEnum):
    """How tightly a text holds together; a looser text gets parentheses inside a tighter one."""

    SUM = 0              # a + b, -a
    TERM = 1             # 2 a, \\sum a, [t < T] a
    HADAMARD = 2         # a \\odot b
    PRODUCT = 3          # A B
    ATOM = 4             # W^{\\top}, \\tanh(a), a fraction
    BASE = 5             # takes a superscript


class Piece(NamedTuple):
    """A text and how tightly it holds together."""

    text: str
    level: Level


Rules: TypeAlias = "Mapping[type[Node], Callable[[Any, Printer], Piece]]"


class Printer:
    """One style at work.  rules: one line a node."""

    def __init__(self, style: Style, rules: Rules) -> None:
        self.style, self.shape, self.rules = style, style.dialect, rules

    def piece(self, n: Node) -> Piece:
        """The text of a node.  Errors: MissingRule."""
        rule = self.rules.get(type(n))
        if rule is None:
            raise MissingRule.for_node("LATEX", n)
        return rule(n, self)

    def text(self, n: Node, least: Level = Level.SUM) -> str:
        """The text of a node where at least `least` is needed."""
        text, level = self.piece(n)
        return text if level >= least else self.shape.group(text)

    def fraction(self, above: Piece, below: Piece) -> Piece:
        """above / below; where a fraction is a slash, what is loose in it gets parentheses."""
        is_slash = self.shape is not TEX
        parts = (self.shape.group(x.text) if is_slash and x.level < Level.ATOM else x.text for x in (above, below))
        return Piece(self.shape.fraction(*parts), Level.ATOM)

    def sign(self, meaning: str) -> str:
        """A sign of the table."""
        return self.shape.sign(SIGN[meaning])

    def index(self, i: sp.Expr) -> str:
        """An index, a size or a bound."""
        return write_index(i, self.style)

    def coefficient(self, c: sp.Expr) -> str:
        """A positive exact coefficient."""
        above, below = c.as_numer_denom()
        if below != 1:
            return self.shape.rational(self._polynomial(above), self._polynomial(below))
        return self.shape.group(self._polynomial(c)) if isinstance(c, sp.Add) else self._polynomial(c)

    def _polynomial(self, c: sp.Expr) -> str:
        if isinstance(c, sp.Mul | sp.Pow):
            return " ".join(self._power(*f.as_base_exp()) for f in sp.Mul.make_args(c))
        return self.index(c)

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> str:
        text = self.shape.group(self._polynomial(base)) if isinstance(base, sp.Add) else self._polynomial(base)
        return text if exponent == 1 else self.shape.script(text, "^", self._polynomial(exponent))

    def condition(self, form: Affine) -> str:
        """form >= 0 with positive terms on the right: t < T for T - t - 1 >= 0."""
        low = negative(Affine(tuple(x for x in form.terms if x[1] < 0), min(form.constant, 0)))
        high = Affine(tuple(x for x in form.terms if x[1] > 0), max(form.constant, 0))
        relation = "less" if low.constant == 1 and low.terms else "less or equal"
        low = low._replace(constant=0) if relation == "less" else low
        return f"{self.index(expression(low))} {self.sign(relation)} {self.index(expression(high))}"
