"""Names both ways: the label "a_f" at t is written a_{f,t}, and an h with a tilde is the label "h_tilde".

A label is a base (one letter, a Greek letter's name, or a word), subscripts after underscores, accents among them.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

import sympy as sp
from sympy.core.symbol import Str

from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import Derivative, Direct, Excess, Label, Tangent
from lstm_sym.notation.style import Style
from lstm_sym.notation.symbols import ACCENT, LETTER, SIGN

BRACED = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Parts:
    """base with accents and subscripts: ("h", accents=("tilde",)), ("W", subscripts=("f",))."""

    base: str
    subscripts: tuple[str, ...] = ()
    accents: tuple[str, ...] = ()


def parts_of(name: str) -> Parts:
    """"W_f" and "W_{f}" -> W with subscript f; "h1" -> h with subscript 1; "h_tilde" -> h with a tilde."""
    base, *rest = (part[1:-1] if BRACED.fullmatch(part) else part for part in name.split("_"))
    stem = base.rstrip("0123456789")
    if stem and stem != base:
        base, rest = stem, [base[len(stem):], *rest]
    return Parts(base, tuple(r for r in rest if r not in ACCENT), tuple(r for r in rest if r in ACCENT))


def name_of(parts: Parts) -> str:
    """The label of what was read as these parts; `parts_of(name_of(p)) == p`."""
    return "_".join((parts.base, *parts.accents, *parts.subscripts))


def write_label(label: Label, indices: tuple[sp.Expr, ...], style: Style) -> str:
    """A quantity's name with its indices."""
    if isinstance(label, Derivative):
        return _derivative(label, indices, style)
    if isinstance(label, Tangent):
        return _tangent(label.of, indices, style)
    if isinstance(label, Excess):
        return f"{style.dialect.sign(SIGN['excess'])} {_derivative(label.of, indices, style)}"
    return _with_index(template_of(str(label), style), indices, style)


def write_symbol(name: str, style: Style) -> str:
    """A size, a length or an index."""
    return template_of(name, style)


def write_index(expression: sp.Expr, style: Style) -> str:
    """An affine index, positive terms first, without blanks: t-1, T-t, 2k+1."""
    form = affine(expression)
    text = ""
    for name, c in sorted(form.terms, key=lambda term: (term[1] < 0, term[0])):
        text += f"{'-' if c < 0 else '+'}{abs(c) if abs(c) != 1 else ''}{write_symbol(name, style)}"
    return (text + (f"{form.constant:+d}" if form.constant or not text else "")).removeprefix("+")


def is_scripted(text: str) -> bool:
    """Has `text` a superscript, prime or blank outside braces, so that a superscript needs parentheses?"""
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and sign in "^' /":
            return True
    return "frac{" in text


# --- one name: its template, then its index --------------------------------------------------------------------

def template_of(name: str, style: Style) -> str:
    """The author's template of a name, or ours: a_f, \\theta, \\tilde{h}, W_{ii}, \\mathrm{net}_c."""
    if name in style.names:
        return style.names[name]
    parts, dialect = parts_of(name), style.dialect
    base = _word(parts.base, style)
    for accent in parts.accents:
        base = dialect.accent(dialect.sign(ACCENT[accent]), base)
    below = ",".join(_word(s, style, short=2) for s in parts.subscripts)
    return dialect.script(base, "_", below) if below else base


def _word(word: str, style: Style, short: int = 1) -> str:
    """One letter as it is, a Greek letter by its sign, a word upright; up to `short` letters stand as they are."""
    stem = word.rstrip("'")
    if stem in LETTER:
        return style.dialect.sign(LETTER[stem]) + word[len(stem):]
    return word if len(stem) <= short or not stem.isalpha() else style.dialect.word(stem) + word[len(stem):]


def _with_index(template: str, indices: tuple[sp.Expr, ...], style: Style) -> str:
    at = ",".join(write_index(i, style) for i in indices)
    if not at or "#" in template:
        return template.replace("#", at)
    if style.index != "_#":
        return template + style.index.replace("#", at)
    found = re.fullmatch(r"(.*)_(\{.*\}|\\?\w+)", template)          # an index joins the subscript that is there
    base, below = (found[1], f"{_inside(found[2])},{at}") if found else (template, at)
    return style.dialect.script(base, "_", below)


def _inside(script: str) -> str:
    return script[1:-1] if script.startswith("{") else script


def _tangent(of: Label, indices: tuple[sp.Expr, ...], style: Style) -> str:
    if not isinstance(of, Str):
        return style.dialect.word("D") + style.dialect.bracket(write_label(of, indices, style))
    template = template_of(str(of), style)
    base = re.split("[_^]", template, maxsplit=1)[0]
    dotted = style.dialect.accent(style.dialect.sign(ACCENT["tangent"]), base)
    return _with_index(dotted + template[len(base):], indices, style)


def _derivative(label: Derivative, indices: tuple[sp.Expr, ...], style: Style) -> str:
    sign, fraction = style.dialect.sign, style.dialect.fraction
    of = _nested(label.of, indices[:label.arity], style)
    by = _nested(label.by, indices[label.arity:], style)
    if isinstance(label, Direct):
        d = sign(SIGN["partial"])
        return fraction(_joined(style.dialect.script(d, "^", sign(SIGN["direct"])), of), _joined(d, by))
    if style.derivative == "delta" and not label.arity:
        return _joined(sign(SIGN["adjoint"]), by)
    return fraction(_joined(style.total, of), _joined(style.total, by))


def _nested(label: Label, indices: tuple[sp.Expr, ...], style: Style) -> str:
    text = write_label(label, indices, style)
    return style.dialect.group(text) if isinstance(label, Derivative) else text


def _joined(sign: str, name: str) -> str:
    return f"{sign} {name}" if sign.startswith("\\") else f"{sign}{name}"
