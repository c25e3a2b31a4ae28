"""Statements as mathematics: one line a tag, for LaTeX and for plain text alike; the style's dialect draws the signs.

|A| <= x and low <= A <= high are meant entrywise, and say so.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from lstm_sym.expr.affine import ONE, minus
from lstm_sym.notation.names import is_scripted, template_of
from lstm_sym.notation.style import Style
from lstm_sym.notation.symbols import FUNCTION
from lstm_sym.notation.writer import Level, Piece
from lstm_sym.proof.statements import Term, children, indices
from lstm_sym.proof.writer import Rule, Writer, letters, parts_of

LABEL = re.compile(r"Str\('([^']*)'\)")                      # how `freeze` writes a plain name


def writer(style: Style, *terms: Term) -> Writer:
    """A writer whose bound letters are free in all of these."""
    return Writer(style, WRITE, frozenset().union(*(letters(e) | indices(e) for e in terms)))


# --- names and numbers ----------------------------------------------------------------------------------------

def _member(e: Term, w: Writer) -> Piece:
    """A name with its times: h_{t-1}."""
    name = template_of(LABEL.sub(r"\1", e[-2]), w.style)
    if not e[-1]:
        return Piece(name, Level.ATOM if is_scripted(name) else Level.BASE)
    base, _, below = name.partition("_")
    scripts = ",".join((*([below.strip("{}")] if below else []), *map(w.index, e[-1])))
    return Piece(w.script(base, "_", scripts), Level.ATOM if is_scripted(base) else Level.BASE)


def _signed(terms: Iterable[tuple[bool, str]]) -> str:
    text = ""
    for negative, body in terms:
        text += f" {'-' if negative else '+'} {body}" if text else ("-" if negative else "") + body
    return text


def _sum(terms: Iterable[Term], w: Writer) -> Piece:
    """a + b - c, the ones of a sum written as 1."""
    return Piece(_signed((_is_negative(x), _unsigned(x, w)) for x in terms), Level.SUM)


def _is_negative(e: Term) -> bool:
    return _factor(e) < 0


def _factor(e: Term) -> Fraction:
    """The number in front."""
    match e:
        case ("num", value):
            return Fraction(value)
        case ("scale", _, ((number, ()),), _):
            return Fraction(number)
        case ("*", ("num", value), *_):
            return Fraction(value)
    return Fraction(1)


def _unsigned(e: Term, w: Writer) -> str:
    c = abs(_factor(e))
    match e:
        case ("num", _):
            return w.number(c).text
        case ("scale", _, ((_, ()),), body):
            return _multiple(c, body, w)
        case ("*", ("num", _), *rest):
            return _multiple(c, rest[0] if len(rest) == 1 else ("*", *rest), w)
        case ("ones", (_, columns)) if columns == ONE:
            return "1"
    return w.text(e, Level.TERM)


def _multiple(c: Fraction, body: Term, w: Writer) -> str:
    if body[0] == "ones" and body[1][1] == ONE:
        return w.number(c).text
    if c == 1:
        return w.text(body, Level.TERM)
    number, level = w.number(c)
    number = number if level >= Level.ATOM else w.style.dialect.group(number)
    return number + (w.mark("times") if body[0] == "num" else " ") + w.text(body, Level.HADAMARD)


def _scale(e: Term, w: Writer) -> Piece:
    if len(e[2]) == 1 and not e[2][0][1]:
        return Piece(("-" if e[2][0][0] < 0 else "") + _unsigned(e, w), Level.SUM if e[2][0][0] < 0 else Level.TERM)
    sizes = " + ".join(" ".join((str(c), *(f"{s}^{k}" if k != 1 else s for s, k in powers))) for c, powers in e[2])
    return Piece(f"{w.style.dialect.group(sizes)} {w.text(e[3], Level.HADAMARD)}", Level.TERM)


# --- products -------------------------------------------------------------------------------------------------

def _product(e: Term, w: Writer) -> Piece:
    """x y z; a number in front."""
    if e[1][0] == "num":
        return Piece(("-" if e[1][1] < 0 else "") + _unsigned(e, w), Level.SUM if e[1][1] < 0 else Level.TERM)
    return Piece(" ".join(w.text(x, Level.ATOM) for x in e[1:]), Level.PRODUCT)


def _hadamard(e: Term, w: Writer) -> Piece:
    """x A for a 1 x 1 factor; h^2 for a column twice."""
    single = [x for x in e[2:] if x[1] == (ONE, ONE) != e[1]]
    full = [x for x in e[2:] if x not in single]
    front = [w.text(_only(x), Level.ATOM) for x in single]
    if e[1][1] == ONE and len(full) == 2 and full[0] == full[1]:
        return Piece(" ".join((*front, w.script(w.text(full[0], Level.BASE), "^", "2"))), Level.PRODUCT if front else Level.ATOM)
    body = f" {w.sign('hadamard')} ".join(w.text(x, Level.PRODUCT if len(full) == 1 else Level.ATOM) for x in full)
    return Piece(" ".join((*front, body)).strip(), Level.HADAMARD if len(full) > 1 else Level.PRODUCT)


def _only(e: Term) -> Term:
    """The number of a 1 x 1 table; any other matrix as it is."""
    return e[2][0][0] if e[0] == "table" and e[1] == (ONE, ONE) else e


def _matmul(e: Term, w: Writer) -> Piece:
    """A B C;  1'(A o B) 1 is <A, B>."""
    if is_inner(e):
        return Piece(w.mark("inner", *map(w.text, e[2][3][2:])), Level.ATOM)
    return Piece(" ".join(w.text(x, Level.ATOM) for x in parts_of(e)), Level.PRODUCT)


def is_inner(e: Term) -> bool:
    """Is a product the sum of A_ij B_ij, as `inner` writes it?"""
    match e:
        case ("matmul", _, ("matmul", _, ("ones", (left, _)), ("hadamard", (_, _), _, _)), ("ones", (_, right))):
            return bool(left == right == ONE)
    return False


def _over(e: Term, w: Writer) -> Piece:
    """A sum, or an ordered product, which is a power where its factors are all the same."""
    name, low, high, body = e[2], e[3], e[4], e[-1]
    inner = w.under(body, name)
    if e[0] == "product" and name not in indices(body):
        count = minus(high, minus(low, ONE))
        return Piece(w.script(w.text(body, Level.BASE), "^", w.index(count)), Level.ATOM)
    first, last = (high, low) if e[0] == "product" and e[5] == -1 else (low, high)
    sign = w.script(w.sign(e[0]), "_", f"{inner.bound[name]}={w.index(first)}")
    return Piece(f"{w.script(sign, '^', w.index(last))} {inner.text(body, Level.PRODUCT)}", Level.TERM)


# --- functions, tables, propositions --------------------------------------------------------------------------

def _function(e: Term, w: Writer) -> Piece:
    name = e[2][0]
    sign = w.style.dialect.sign(FUNCTION[name]) if name in FUNCTION else template_of(name, w.style)
    return Piece(sign + w.style.dialect.group(w.text(e[3])), Level.ATOM)


def _ones(e: Term, w: Writer) -> Piece:
    column, row = w.sign("ones"), w.mark("transpose", w.sign("ones"))
    if e[1][1] == ONE:
        return Piece(column, Level.BASE)
    return Piece(row, Level.ATOM) if e[1][0] == ONE else Piece(f"{column} {row}", Level.PRODUCT)


def _table(e: Term, w: Writer) -> Piece:
    if e[1] == (ONE, ONE):
        return WRITE[e[2][0][0][0]](e[2][0][0], w)
    return Piece(w.mark("table", w.mark("row").join(w.mark("cell").join(map(w.text, row)) for row in e[2])), Level.BASE)


def _norm(e: Term, w: Writer) -> Piece:
    kind = w.mark("infinity") if e[1] == "inf" else e[1]
    return Piece(w.mark("kind", w.mark("tall" if is_tall(e[2]) else "norm", w.text(e[2])), kind), Level.BASE)


def is_tall(e: Term) -> bool:
    """Is e written higher than a line?"""
    return (e[0] == "table" and e[1] != (ONE, ONE)) or any(map(is_tall, children(e)))


def _power(e: Term, w: Writer) -> Piece:
    return Piece(w.script(w.text(e[1], Level.BASE), "^", w.index(e[2])), Level.ATOM)


def _within(e: Term, w: Writer) -> Piece:
    _, a, low, high = e
    inside = w.mark("abs", w.text(a)) if low in (("*", ("num", Fraction(-1)), high), _negative(high)) else None
    chain = w.relation(inside or w.relation(w.text(low), "less or equal", w.text(a)), "less or equal", w.text(high))
    return Piece(chain if a[1] == (ONE, ONE) else w.mark("entry", chain), Level.SUM)


def _negative(x: Term) -> Term | None:
    return ("num", -x[1]) if x[0] == "num" and x[1] >= 0 else None


def _under(e: Term, w: Writer) -> Piece:
    return Piece(w.mark("entry", w.relation(w.mark("abs", w.text(e[1])), "less or equal", w.text(e[2]))), Level.SUM)


def _all(e: Term, w: Writer) -> Piece:
    """p for all k of a range: the conditions on k behind the statement."""
    _, k, body = e
    inner, conditions = w.under(body, k), []
    while body[0] == "imp" and body[1][0] == "dom":
        conditions.append(body[1][1])
        body = body[2]
    return Piece(w.mark("for", inner.text(body, Level.TERM if body[0] == "imp" else Level.SUM),
                        inner.domain(k, conditions) if conditions else f"all {inner.bound[k]}"), Level.SUM)


def _premise(e: Term, w: Writer) -> str:
    return w.text(e, Level.TERM if e[0] in ("imp", "all", "and") else Level.SUM)


def _limit(e: Term, w: Writer) -> Piece:
    """(limit, value, k, sequence) and (infinite, k, sequence)."""
    k = e[-2]
    inner = w.under(e[-1], k)
    value = w.text(e[1]) if e[0] == "limit" else w.mark("infinity")
    return Piece(w.mark("limit", inner.bound[k], inner.text(e[-1], Level.TERM), value), Level.SUM)


def _between(meaning: str) -> Rule:
    return lambda e, w: Piece(w.relation(w.text(e[1]), meaning, w.text(e[2])), Level.SUM)


def _now(e: Term, w: Writer) -> Piece:
    return Piece(w.mark("now", w.text(e[1], Level.ATOM), w.text(e[2])), Level.SUM)


WRITE: dict[str, Rule] = {
    "named":      _member,                                                                       # h_{t-1}
    "real":       _member,
    "ones":       _ones,
    "zeros":      lambda e, w: Piece("0", Level.BASE),
    "identity":   lambda e, w: Piece(w.sign("identity"), Level.BASE),
    "add":        lambda e, w: _sum(parts_of(e), w),                                                   # A + B - C
    "hadamard":   _hadamard,                                                                     # A o B
    "matmul":     _matmul,                                                                       # A B
    "scale":      _scale,                                                                        # 2 A
    "transpose":  lambda e, w: Piece(w.mark("transpose", w.text(e[2], Level.BASE)), Level.ATOM),
    "diag":       lambda e, w: Piece(w.style.dialect.sign(FUNCTION["diag"]) + w.style.dialect.group(w.text(e[2])), Level.ATOM),
    "function":   _function,                                                                     # tanh(a)
    "sum":        _over,
    "product":    _over,
    "table":      _table,                                                                        # a matrix of numbers
    "num":        lambda e, w: w.number(e[1]),
    "+":          lambda e, w: _sum(parts_of(e), w),
    "*":          _product,
    "^":          _power,
    "norm":       _norm,                                                                         # ||A||_2
    "entry":      lambda e, w: WRITE[e[1][0]](e[1], w),                                          # of a 1 x 1 matrix
    "abs":        lambda e, w: Piece(w.mark("abs", w.text(e[1])), Level.BASE),
    "log":        lambda e, w: Piece(w.mark("log", w.number(e[1]).text), Level.PRODUCT),
    "eq":         _between("equal"),
    "same":       _between("equal"),
    "le":         _between("less or equal"),
    "lt":         _between("less"),
    "within":     _within,                                                                       # low <= A <= high entrywise
    "strict":     lambda e, w: Piece(w.mark("strict", w.text(e[1])), Level.SUM),
    "slope":      lambda e, w: Piece(w.mark("slope", template_of(e[2], w.style), template_of(e[1], w.style)), Level.SUM),
    "under":      _under,                                                                        # |A| <= B entrywise
    "dom":        lambda e, w: Piece(w.condition(e[1]), Level.SUM),                            # t <= T
    "imp":        lambda e, w: Piece(_premise(e[1], w) + w.mark("implies") + w.text(e[2]), Level.SUM),
    "and":        lambda e, w: Piece(w.mark("and").join(w.text(x) for x in e[1:]), Level.SUM),
    "all":        _all,                                                                          # p for t < k <= T
    "limit":      _limit,
    "infinite":   _limit,
    "derivative": _now,                                                                          # at e = 0
    "always":     lambda e, w: Piece(w.mark("always", w.relation(w.text(e[1]), "equal", w.text(e[2]))), Level.SUM),
    "radius":     lambda e, w: Piece(w.relation(w.mark("rho") + w.style.dialect.group(w.text(e[1])), "less or equal",
                                                w.text(e[2])), Level.SUM),                       # rho(A) <= x
}
