"""Style: how one author writes.  What a style does not say is written as the symbol table says.

Dialect: how scripts, fractions and calls look at all, in LaTeX and in plain text; one printer serves both.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from lstm_sym.notation.symbols import SIGN, Symbol


@dataclass(frozen=True, slots=True)
class Dialect:
    """The shapes of formulas.  Each takes the texts of its parts."""

    sign: Callable[[Symbol], str]
    script: Callable[[str, str, str], str]                   # base, "_" or "^", script
    fraction: Callable[[str, str], str]
    rational: Callable[[str, str], str]
    group: Callable[[str], str]                              # parentheses
    bracket: Callable[[str], str]                            # of Iverson
    rows: Callable[[list[str]], str]                         # of matrices above one another
    word: Callable[[str], str]                               # a name of several letters
    accent: Callable[[str, str], str]                        # mark, letter
    root: Callable[[str], str]


def _tex_script(base: str, mark: str, script: str) -> str:
    return f"{base}_{script}" if mark == "_" and len(script) == 1 else f"{base}{mark}{{{script}}}"


TEX = Dialect(
    sign=lambda s: s.latex,
    script=_tex_script,
    fraction=lambda a, b: rf"\frac{{{a}}}{{{b}}}",
    rational=lambda a, b: rf"\tfrac{{{a}}}{{{b}}}",
    group=lambda a: rf"\left({a}\right)",
    bracket=lambda a: rf"\left[{a}\right]",
    rows=lambda a: r"\begin{bmatrix} " + r" \\ ".join(a) + r" \end{bmatrix}",
    word=lambda a: rf"\mathrm{{{a}}}",
    accent=lambda mark, a: rf"{mark}{{{a}}}",
    root=lambda a: rf"\sqrt{{{a}}}",
)


def _plain_script(base: str, mark: str, script: str) -> str:
    """h_t, h_{t-1}, W^T; what is a superscript sign already stands as it is."""
    if script == SIGN["direct"].text:
        return base + script
    return f"{base}{mark}{script}" if script.isalnum() else f"{base}{mark}{{{script}}}"


PLAIN = Dialect(
    sign=lambda s: s.text,
    script=_plain_script,
    fraction=lambda a, b: f"{a}/{b}",
    rational=lambda a, b: f"{a}/{b}",
    group=lambda a: f"({a})",
    bracket=lambda a: f"[{a}]",
    rows=lambda a: f"[{'; '.join(a)}]",
    word=lambda a: a,
    accent=lambda mark, a: f"{a}_{mark}",
    root=lambda a: f"sqrt({a})",
)


@dataclass(frozen=True, slots=True)
class Style:
    """One author's notation.

    derivative: \\frac{\\partial L}{\\partial h_t} or \\delta h_t, for the total derivative of a scalar;
    total: the d of total derivatives;  index: how an index stands on a name without a template, "_#" or "^{(#)}";
    names: label -> the author's LaTeX, where # is the place of the index: {"h": r"h^{(#)}", "W_f": r"\\mathbf{W}_f"}.
    """

    derivative: Literal["fraction", "delta"] = "fraction"
    transpose: str = SIGN["transpose"].latex
    hadamard: str = SIGN["hadamard"].latex
    total: str = SIGN["partial"].latex
    index: str = "_#"
    names: Mapping[str, str] = field(default_factory=dict)
    dialect: Dialect = TEX

    def named(self, names: Mapping[str, str]) -> Style:
        """This style with more of the author's names."""
        return replace(self, names={**self.names, **names})


DEFAULT = Style()
DELTA = Style(derivative="delta")
TERMINAL = Style(transpose="T", hadamard="⊙", total="∂", dialect=PLAIN)
