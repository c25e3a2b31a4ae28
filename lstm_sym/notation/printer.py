"""The printer: one line a node.  LATEX serves LaTeX and plain text; the style's dialect draws scripts and fractions.

What is written is read back to the same node.  Juxtaposition is the matrix product (and scaling); `\\odot` is entrywise
and takes matrix products in parentheses; h^{2} of a column is entrywise; a sum's body reaches to the next + or -.
"""
from __future__ import annotations

from typing import Any

import sympy as sp

from lstm_sym.expr.affine import negative
from lstm_sym.expr.indices import affine
from lstm_sym.expr.nodes import (
    Add,
    Diag,
    Elementwise,
    Hadamard,
    Identity,
    MatMul,
    Named,
    Node,
    Ones,
    ProductOver,
    Scale,
    Slice,
    Stack,
    SumOver,
    Transpose,
    When,
    Zeros,
    scale,
)
from lstm_sym.expr.substitute import free_indices
from lstm_sym.notation.names import is_scripted, template_of, write_label
from lstm_sym.notation.symbols import FUNCTION
from lstm_sym.notation.writer import Level, Piece, Printer, Rules

# --- sums and coefficients -----------------------------------------------------------------------------------

def is_number(n: Node) -> bool:
    """A multiple of ones, written as the number alone beside other terms: the 1 in 1 - h."""
    return isinstance(n.args[1] if isinstance(n, Scale) else n, Ones)


def _add(n: Node, p: Printer) -> Piece:
    numbers = not all(map(is_number, n.args))
    text = ""
    for term in n.args:
        is_negative = isinstance(term, Scale) and term.args[0].could_extract_minus_sign()
        term = scale(-1, term) if is_negative else term
        sign = "- " if is_negative else "+ "
        body = _number(term, p) if numbers and is_number(term) else p.text(term, Level.TERM)
        text += f" {sign}{body}" if text else sign.strip(" +") + body
    return Piece(text, Level.SUM)


def _number(n: Node, p: Printer) -> str:
    return p.coefficient(n.args[0]) if isinstance(n, Scale) else "1"


def _scale(n: Node, p: Printer) -> Piece:
    c, x = n.args
    if c.could_extract_minus_sign():
        return Piece(f"-{p.text(scale(-c, x), Level.TERM)}", Level.SUM)
    if isinstance(x, Ones) and x.is_scalar:
        return Piece(p.coefficient(c), Level.ATOM)
    least = Level.TERM if isinstance(x, SumOver) else Level.HADAMARD
    return Piece(f"{p.coefficient(c)} {p.text(x, least)}", Level.TERM)


def _ones(n: Node, p: Printer) -> Piece:
    if n.is_scalar:
        return Piece("1", Level.ATOM)
    column = p.sign("ones")
    row = p.shape.script(column, "^", p.style.transpose)
    if n.shape[1] == 1:
        return Piece(column, Level.BASE)
    return Piece(row, Level.ATOM) if n.shape[0] == 1 else Piece(f"{column} {row}", Level.PRODUCT)


# --- products ------------------------------------------------------------------------------------------------

def _hadamard(n: Node, p: Printer) -> Piece:
    below = [f for f in n.args if is_reciprocal(f) and f.is_scalar]
    if not below:
        return _entrywise(n.args, p)
    above = [f for f in n.args if f not in below]
    denominator = _entrywise([f.args[1] for f in below], p)
    return p.fraction(_entrywise(above, p) if above else Piece("1", Level.BASE), denominator)


def _entrywise(factors: Any, p: Printer) -> Piece:
    """a^{2} \\odot b with scalars in front; equal columns become a power."""
    if len(factors) == 1:
        return p.piece(factors[0])
    counts = {f: factors.count(f) for f in factors}
    scalars = [_power(f, k, p) for f, k in counts.items() if f.is_scalar]
    full = [_power(f, k, p) for f, k in counts.items() if not f.is_scalar]
    text = " ".join([*scalars, f" {p.style.hadamard} ".join(full)]).strip()
    single = len(full) <= 1 and not any(f" {p.style.hadamard} " in x for x in full)
    return Piece(text, Level.ATOM if len(counts) == 1 and single else Level.PRODUCT if single else Level.HADAMARD)


def _power(f: Node, k: int, p: Printer) -> str:
    if k == 1:
        return p.text(f, Level.ATOM)
    if f.shape[1] != 1:                                      # W^{2} would be the matrix product W W
        return f" {p.style.hadamard} ".join([p.text(f, Level.ATOM)] * k)
    if isinstance(f, Elementwise) and not _special(f):
        return p.shape.script(_function(f, p), "^", str(k)) + p.shape.group(p.text(f.args[1]))
    return p.shape.script(p.text(f, Level.BASE), "^", str(k))


def _product_over(n: Node, p: Printer) -> Piece:
    body, k, low, high, step = n.args
    power = p.index(high - low + 1)
    if k not in free_indices(body) and power != "T":         # ^T is a transpose
        return Piece(p.shape.script(p.text(body, Level.BASE), "^", power), Level.ATOM)
    first, last = (low, high) if step == 1 else (high, low)
    return Piece(f"{_big('product', k, first, last, p)} {p.text(body, Level.PRODUCT)}", Level.TERM)


def _sum_over(n: Node, p: Printer) -> Piece:
    body, k, low, high = n.args
    return Piece(f"{_big('sum', k, low, high, p)} {p.text(body, Level.TERM)}", Level.TERM)


def _big(meaning: str, k: sp.Symbol, first: sp.Expr, last: sp.Expr, p: Printer) -> str:
    """\\sum_{t=1}^{T}; in \\prod_{k=T}^{t+1} the lower bound's factor stands leftmost."""
    bound = f"{p.index(k)}={p.index(first)}"
    return p.shape.script(p.shape.script(p.sign(meaning), "_", bound), "^", p.index(last))


# --- functions, blocks, conditions -----------------------------------------------------------------------------

def is_reciprocal(n: Node) -> bool:
    """1 / x?"""
    return isinstance(n, Elementwise) and str(n.args[0]) == "reciprocal"


def _special(n: Node) -> bool:
    return str(n.args[0]) in ("reciprocal", "sqrt")


def _elementwise(n: Node, p: Printer) -> Piece:
    if is_reciprocal(n):
        return p.fraction(Piece("1", Level.BASE), p.piece(n.args[1]))
    if _special(n):
        return Piece(p.shape.root(p.text(n.args[1])), Level.ATOM)
    return Piece(_function(n, p) + p.shape.group(p.text(n.args[1])), Level.ATOM)


def _function(n: Node, p: Printer) -> str:
    """The function's own sign; a generic phi' is \\phi'."""
    name = str(n.args[0])
    return p.shape.sign(FUNCTION[name]) if name in FUNCTION else template_of(name, p.style)


def _stack(n: Node, p: Printer) -> Piece:
    """[h; x] of columns; of matrices rows of one, since [W; U] can be meant side by side."""
    texts = [p.text(x) for x in n.args]
    return Piece(f"[{'; '.join(texts)}]" if n.shape[1] == 1 else p.shape.rows(texts), Level.BASE)


def _slice(n: Node, p: Printer) -> Piece:
    """Rows start+1 : start+rows, counted from 1."""
    x, start, rows = n.args
    text = p.shape.group(p.text(x))
    return Piece(p.shape.script(text, "_", f"{p.index(start + 1)}:{p.index(sp.expand(start + rows))}"), Level.BASE)


def _when(n: Node, p: Printer) -> Piece:
    conditions = {affine(c) for c in n.args[1:]}
    texts = []
    for form in sorted(conditions):
        if negative(form) not in conditions:
            texts.append(p.condition(form))
        elif form > negative(form):                          # both a >= 0 and -a >= 0
            texts.append(p.condition(form).replace(p.sign("less or equal"), p.sign("equal")))
    if not texts:
        return p.piece(n.args[0])
    return Piece(f"{p.shape.bracket(', '.join(texts))} {p.text(n.args[0], Level.HADAMARD)}", Level.TERM)


def _named(n: Node, p: Printer) -> Piece:
    text = write_label(n.label, n.indices, p.style)
    return Piece(text, Level.ATOM if is_scripted(text) else Level.BASE)


def _transpose(n: Node, p: Printer) -> Piece:
    return Piece(p.shape.script(p.text(n.args[0], Level.BASE), "^", p.style.transpose), Level.ATOM)


def _diag(n: Node, p: Printer) -> Piece:
    return Piece(p.shape.sign(FUNCTION["diag"]) + p.shape.group(p.text(n.args[0])), Level.ATOM)


def _matmul(n: Node, p: Printer) -> Piece:
    return Piece(" ".join(p.text(f, Level.ATOM) for f in n.args), Level.PRODUCT)


LATEX: Rules = {
    Named:       _named,             # h_{t-1}, W_f
    Ones:        _ones,              # \mathbf{1}
    Zeros:       lambda n, p: Piece("0", Level.ATOM),
    Identity:    lambda n, p: Piece(p.sign("identity"), Level.BASE),
    Add:         _add,               # a - b
    Hadamard:    _hadamard,          # a \odot b
    MatMul:      _matmul,            # A B
    Scale:       _scale,             # \tfrac{1}{2} a
    Transpose:   _transpose,         # A^{\top}
    Diag:        _diag,              # \operatorname{diag}(a)
    Elementwise: _elementwise,       # \tanh(a)
    Stack:       _stack,             # [a; b]
    Slice:       _slice,             # (a)_{1:n}
    SumOver:     _sum_over,          # \sum_{t=1}^{T} a
    ProductOver: _product_over,      # \prod_{k=T}^{t+1} A
    When:        _when,              # [t < T] a
}
