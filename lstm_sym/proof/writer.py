"""What the lines of the table of formulas share: signs, bound letters, index ranges, numbers.

In a product over k = T .. t+1 the factor of the lower bound stands leftmost.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeAlias

from lstm_sym.expr.affine import Affine, coefficient, combine, minus, substitute, variable
from lstm_sym.expr.indices import expression
from lstm_sym.notation.names import write_index
from lstm_sym.notation.style import PLAIN, Style
from lstm_sym.notation.symbols import SIGN
from lstm_sym.notation.writer import Level, Piece
from lstm_sym.proof.statements import Term, children, indices

LETTERS = "kjlsiruvz"                                        # for bound indices, the first that is free
MARKS: dict[str, tuple[str, str]] = {                        # TeX, plain text
    "norm":     (r"\lVert {} \rVert", "‖{}‖"),
    "tall":     (r"\left\lVert {} \right\rVert", "‖{}‖"),     # around a matrix of numbers
    "kind":     (r"{}_{{{}}}", "{}_{}"),
    "abs":      (r"\lvert {} \rvert", "|{}|"),
    "inner":    (r"\langle {}, {} \rangle", "⟨{}, {}⟩"),
    "limit":    (r"\lim_{{{} \to \infty}} {} = {}", "{1} → {2} as {0} → ∞"),
    "infinity": (r"\infty", "∞"),
    "now":      (r"\frac{{d}}{{d\varepsilon}} {} = {}", "d/dε {} = {}"),
    "always":   (r"{} \text{{ for every }} \varepsilon", "{} for every ε"),
    "entry":    (r"{} \text{{ entrywise}}", "{} entrywise"),
    "for":      (r"{} \text{{, for }} {}", "{}, for {}"),
    "transpose": (r"{}^{{\top}}", "{}ᵀ"),
    "strict":   (r"{} \text{{ strictly upper triangular}}", "{} strictly upper triangular"),
    "slope":    (r"{} \text{{ is the derivative of }} {}", "{} is the derivative of {}"),
    "and":      (r" \text{ and } ", " and "),
    "implies":  (r" \Longrightarrow ", " ⟹ "),
    "log":      (r"\ln {}", "ln {}"),
    "rho":      (r"\rho", "ρ"),
    "table":    (r"\begin{{pmatrix}} {} \end{{pmatrix}}", "[{}]"),
    "cell":     (" & ", ", "),
    "row":      (r" \cr ", "; "),
    "times":    (r" \cdot ", "·"),
    "reals":    (r"\mathbb{R}", "ℝ"),
    "by":       (r"\times", "×"),
}
Rule: TypeAlias = "Callable[[Term, Writer], Piece]"


@dataclass(frozen=True, slots=True)
class Writer:
    """One style at work.  rules: one line a tag;  bound: the letters of bound indices;  taken: names they may not have."""

    style: Style
    rules: Mapping[str, Rule]
    taken: frozenset[str] = frozenset()
    bound: Mapping[str, str] = field(default_factory=dict)

    def mark(self, name: str, *parts: str) -> str:
        """A form of MARKS, filled."""
        shape = MARKS[name][self.style.dialect is PLAIN]
        return shape.format(*parts) if parts else shape

    def sign(self, meaning: str) -> str:
        """A sign of the table of symbols."""
        return self.style.dialect.sign(SIGN[meaning])

    def relation(self, left: str, meaning: str, right: str) -> str:
        """left = right and the like."""
        return f"{left} {self.sign(meaning)} {right}"

    def text(self, e: Term, least: Level = Level.SUM) -> str:
        """The text of a term where at least `least` is needed."""
        text, level = self.rules[e[0]](e, self)
        return text if level >= least else self.style.dialect.group(text)

    def index(self, form: Affine) -> str:
        """A size, a time or a bound."""
        return write_index(expression(substitute(form, {k: variable(v) for k, v in self.bound.items()})), self.style)

    def under(self, e: Term, name: str) -> Writer:
        """This writer inside the binder e of the index `name`."""
        used = self.taken | indices(e) | letters(e) | set(self.bound.values())
        letter = next((x for x in LETTERS if x not in used), name.lstrip("#!") + "'")
        return replace(self, bound={**self.bound, name: letter})

    def condition(self, form: Affine) -> str:
        """form >= 0 with positive terms on both sides: t < T for T - t - 1 >= 0."""
        left = Affine(tuple((s, -c) for s, c in form.terms if c < 0), max(-form.constant, 0))
        right = Affine(tuple((s, c) for s, c in form.terms if c > 0), max(form.constant, 0))
        return self._above(left, self.index(right)) if right.terms else f"{self.index(left)} {self.below(right)}"

    def domain(self, k: str, conditions: Sequence[Affine]) -> str:
        """The conditions on a bound index as one chain, t < k <= T; others behind it."""
        here = variable(k)
        low = next((minus(here, c) for c in conditions if coefficient(c, k) == 1), None)
        high = next((combine(here, c) for c in conditions if coefficient(c, k) == -1), None)
        ends = [*([minus(here, low)] if low else []), *([minus(high, here)] if high else [])]
        others = [self.condition(c) for c in conditions if c not in ends]
        chain = self._above(low, self.bound[k]) if low else self.bound[k]
        if low and not high and not low.terms:
            chain = self.relation(self.bound[k], "greater or equal", self.index(low))
        return ", ".join((f"{chain} {self.below(high)}" if high else chain, *others))

    def _above(self, low: Affine, text: str) -> str:
        """low <= text, or low - 1 < text."""
        strict = bool(low.terms) and low.constant == 1
        return self.relation(self.index(low._replace(constant=0) if strict else low), "less" if strict else "less or equal", text)

    def below(self, high: Affine) -> str:
        """<= high, or < high + 1."""
        strict = bool(high.terms) and high.constant == -1
        return f"{self.sign('less' if strict else 'less or equal')} {self.index(high._replace(constant=0) if strict else high)}"

    def script(self, base: str, mark: str, script: str) -> str:
        """base with a sub- or superscript."""
        return self.style.dialect.script(base, mark, script)

    def number(self, x: Fraction) -> Piece:
        """A rational number."""
        sign, above, below = "-" if x < 0 else "", str(abs(x.numerator)), str(x.denominator)
        text = sign + (above if below == "1" else self.style.dialect.rational(above, below))
        slash = below != "1" and self.style.dialect is PLAIN
        return Piece(text, Level.SUM if x < 0 else Level.PRODUCT if slash else Level.ATOM if below != "1" else Level.BASE)


def letters(e: Term) -> set[str]:
    """Names of matrices, reals and kinds of norm in e."""
    here = {e[-2]} if e[0] in ("named", "real") else {e[1]} if e[0] == "norm" else set()
    return here.union(*map(letters, children(e)))


def parts_of(e: Term) -> list[Term]:
    """The terms of a sum, the factors of a product, the statements of a conjunction, however they are grouped."""
    return [y for x in children(e) for y in (parts_of(x) if x[0] == e[0] else [x])]
