"""The symbol table: one row a sign, with what it means, how it is written, what else is read as it.

The printer takes `latex` or `text`; the reader of documents finds rows by spelling, Unicode already turned to LaTeX.
"""
from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.expr.functions import FUNCTIONS, ElementwiseFunction


@dataclass(frozen=True, slots=True)
class Symbol:
    """meaning: the key;  kind: the sort of sign;  latex, text: as written;  also: other spellings that are read."""

    meaning: str
    kind: str
    latex: str
    text: str
    also: tuple[str, ...] = ()


_SIGNS = (
    #      meaning             kind          latex             text       also read
    Symbol("hadamard",         "operator",   r"\odot",        "⊙",       (r"\circ", "*", r"\otimes")),
    Symbol("times",            "operator",   r"\cdot",        "·",       (r"\times",)),   # of any kind: by shape
    Symbol("plus",             "operator",   "+",             "+"),
    Symbol("minus",            "operator",   "-",             "-"),
    Symbol("divide",           "operator",   "/",             "/"),
    Symbol("transpose",        "script",     r"\top",         "T",       (r"\intercal", r"\mathsf{T}", "T", "'")),
    Symbol("power",            "script",     "^",             "^"),      # of a column: entrywise; of a matrix: W W
    Symbol("direct",           "script",     "+",             "⁺"),      # \partial^{+}: the direct partial
    Symbol("partial",          "derivative", r"\partial",     "∂",       (r"\mathrm{d}", "d")),
    Symbol("adjoint",          "derivative", r"\delta",       "δ"),      # \delta h_t = dL/dh_t
    Symbol("excess",           "derivative", r"\Delta",       "Δ"),      # of the full gradient over a truncated one
    Symbol("ones",             "letter",     r"\mathbf{1}",   "1",       (r"\mathbb{1}", r"\boldsymbol{1}")),
    Symbol("identity",         "letter",     "I",             "I",       (r"\mathbf{I}",)),
    Symbol("sum",              "big",        r"\sum",         "Σ"),
    Symbol("product",          "big",        r"\prod",        "Π"),      # first bound leftmost
    Symbol("equal",            "relation",   "=",             "=",       (":=", r"\equiv", r"\triangleq")),
    Symbol("not equal",        "relation",   r"\ne",          "≠"),
    Symbol("less",             "relation",   "<",             "<"),
    Symbol("less or equal",    "relation",   r"\le",          "≤"),
    Symbol("greater",          "relation",   ">",             ">"),
    Symbol("greater or equal", "relation",   r"\ge",          "≥"),
    Symbol("approximately",    "relation",   r"\approx",      "≈",       (r"\simeq", r"\sim")),
    Symbol("tends to",         "relation",   r"\to",          "→"),
    Symbol("element of",       "relation",   r"\in",          "∈"),
    Symbol("diag",             "function",   r"\operatorname{diag}", "diag", (r"\operatorname{Diag}",)),
    Symbol("softmax",          "function",   r"\operatorname{softmax}", "softmax", (r"\operatorname{Softmax}",)),
    Symbol("hat",              "accent",     r"\hat",         "hat",     (r"\widehat",)),
    Symbol("tilde",            "accent",     r"\tilde",       "tilde",   (r"\widetilde",)),
    Symbol("bar",              "accent",     r"\bar",         "bar",     (r"\overline",)),
    Symbol("tangent",          "accent",     r"\dot",         "dot"),    # \dot{h}_t: forward mode
)


def _also(row: ElementwiseFunction) -> tuple[str, ...]:
    """The other spellings of a function, words upright."""
    signs = (w if w.startswith("\\") else rf"\operatorname{{{w}}}" for w in row.spellings.split())
    return tuple(sign for sign in signs if sign != row.latex)


_FUNCTIONS = tuple(Symbol(f.name, "function", f.latex, f.name, _also(f)) for f in FUNCTIONS.values())
_VARIANTS = ("epsilon", "theta", "phi", "rho", "pi", "sigma")     # \varepsilon ...
_GREEK = tuple(
    Symbol(name, "letter", f"\\{name}", sign, (f"\\var{name}",) if name in _VARIANTS else ())
    for name, sign in zip(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
        "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell".split(),
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩℓ", strict=True)
)
SYMBOLS: tuple[Symbol, ...] = _SIGNS + _FUNCTIONS + _GREEK

SIGN: dict[str, Symbol] = {s.meaning: s for s in _SIGNS}
FUNCTION: dict[str, Symbol] = {s.meaning: s for s in SYMBOLS if s.kind == "function"}
LETTER: dict[str, Symbol] = {s.meaning: s for s in _GREEK}
ACCENT: dict[str, Symbol] = {s.meaning: s for s in _SIGNS if s.kind == "accent"}


def read(spelling: str) -> tuple[Symbol, ...]:
    """Every row that `spelling` can mean: \\odot one, \\sigma a function and a letter, "T" perhaps a transpose."""
    return tuple(s for s in SYMBOLS if spelling == s.latex or spelling in s.also)
