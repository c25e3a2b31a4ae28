"""Statements as Coq text, one line a tag.  A quantity on a curve is a function of a real: written at 0, or at e where
a statement speaks of the whole curve.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from lstm_sym.expr.affine import ONE, Affine
from lstm_sym.proof.grammar import names
from lstm_sym.proof.statements import FACTS, KINDS, Term, along_curves, children, indices

RESERVED = frozenset("""
    act add apply as ascending at bounds delta derivative descending diag e else end entry exp ext eye fix
    forall fun H had I if in Inf infinite is_derive kind let limit ln log mat match mul norm O One ones PI powZ
    Prop R radius reciprocal relu S scal sigmoid slope softplus sqrt step strict sum sumZ table tanh then tr Two
    Type under vec with within Z zeros
""".split())


def identifier(name: str) -> str:
    """`name` as a Coq identifier; different names stay different."""
    text = "".join(c if c.isascii() and (c.isalnum() or c in "_'") else f"_{ord(c):x}_" for c in name)
    text = f"k{text[4:]}" if name.startswith("#") else text
    taken = text in RESERVED or not text[0].isalpha() or (re.fullmatch(r"k\d+", text) and not name.startswith("#"))
    return f"{text}_" if taken else text


class Text:
    """Coq text, given which names vary along curves."""

    def __init__(self, curves: Iterable[str] = ()) -> None:
        self.curves = frozenset(curves)

    def __call__(self, e: Term, at: str = "0") -> str:
        """e as a Coq term; quantities that vary, at the real `at`."""
        return TEXT[e[0]](self, e, at)

    def shape(self, shape: tuple[Affine, Affine]) -> str:
        """The two sizes."""
        return " ".join(size(n) for n in shape)

    def type_of(self, name: tuple[str, str], shape: Any) -> str:
        """The type of a free name."""
        result = "R" if name[0] == "real" else f"mat {self.shape(shape[0])}"
        return "R -> " * (name[1] in self.curves) + "Z -> " * shape[1] + result

    def binders(self, e: Term) -> list[tuple[str, str, Any]]:
        """(identifier, type, key) of every free name of e: sizes, norms, times, functions, reals, matrices."""
        found = sorted(names(e).items())
        sizes = sorted(indices(e, "sc"))
        return [*((identifier(n), "nat", n) for n in sizes), *((identifier(k), "kind", k) for k in sorted(kinds(e))),
                *((identifier(t), "Z", t) for t in sorted(indices(e, "iI"))),
                *((identifier(f), "R -> R", f) for f in sorted(functions(e))),
                *((identifier(key[1]), self.type_of(key, shape), key) for key, shape in found if key[0] == "real"),
                *((identifier(key[1]), self.type_of(key, shape), key) for key, shape in found if key[0] == "named")]

    def closed(self, premises: Iterable[Term], conclusion: Term) -> str:
        """forall names, premises -> conclusion."""
        premises = tuple(premises)
        bound = " ".join(f"({name} : {kind})" for name, kind, _ in self.binders(("and", *premises, conclusion)))
        arrows = "".join(f"{self(p)} ->\n  " for p in premises)
        return (f"forall {bound},\n  " if bound else "") + arrows + self(conclusion)


def curves_of(e: Term) -> set[str]:
    """The names that vary in a statement."""
    return {n for x in along_curves(e) for _, n in names_below(x)}


def names_below(e: Term) -> set[tuple[str, str]]:
    """Free matrices and reals, whatever their indices."""
    here = {(e[0], e[-2])} if e[0] in ("named", "real") else set()
    return here.union(*(names_below(x) for x in children(e)))


def kinds(e: Term) -> set[str]:
    """Variables for a norm."""
    here = {e[1]} - set(KINDS) if e[0] == "norm" else set()
    return here.union(*(kinds(x) for x in children(e)))


def functions(e: Term) -> set[str]:
    """Elementwise functions that are variables."""
    here = {e[2][0]} - set(FACTS) if e[0] == "function" else set(e[1:]) if e[0] == "slope" else set()
    return here.union(*(functions(x) for x in children(e)))


def size(n: Affine) -> str:
    """A size, a natural number."""
    parts = [identifier(s) if c == 1 else f"{c} * {identifier(s)}" for s, c in n.terms]
    parts += [str(n.constant)] if n.constant or not parts else []
    return parts[0] if len(parts) == 1 and " " not in parts[0] else f"({' + '.join(parts)})%nat"


def time(k: Affine) -> str:
    """A time, an integer."""
    text = ""
    for s, c in sorted(k.terms, key=lambda term: term[1] < 0):
        text += (" - " if c < 0 else " + " if text else "") + (identifier(s) if abs(c) == 1 else f"{abs(c)} * {identifier(s)}")
    if k.constant or not text:
        text += f" {'-' if k.constant < 0 else '+'} {abs(k.constant)}" if text else str(k.constant)
    return text if re.fullmatch(r"[^\W\d][\w']*", text) else f"({text})%Z"


def rational(x: Fraction) -> str:
    """A rational number."""
    top = str(x.numerator) if x.numerator >= 0 else f"(- {-x.numerator})"
    return top if x.denominator == 1 else f"({top} / {x.denominator})"


def _member(t: Text, e: Term, at: str) -> str:
    words = [identifier(e[-2]), *([f"({at})" if " " in at else at] if e[-2] in t.curves else []), *map(time, e[-1])]
    return words[0] if len(words) == 1 else f"({' '.join(words)})"


def _fold(word: str) -> Callable[[Text, Term, str], str]:
    def text(t: Text, e: Term, at: str) -> str:
        parts = [t(x, at) for x in e[2:]]
        result = parts[0] if word != "mul" else parts[-1]
        for x in parts[1:] if word != "mul" else parts[-2::-1]:
            result = f"({word} {result} {x})" if word != "mul" else f"(mul {x} {result})"
        return result
    return text


def _hadamard(t: Text, e: Term, at: str) -> str:
    *front, last = e[2:]
    result = t(last, at)
    for x in reversed(front):
        if x[0] == "table" and x[1] == (ONE, ONE):
            result = f"(scal {t(x[2][0][0], at)} {result})"
        elif x[1] == (ONE, ONE) != e[1]:
            result = f"(scal (entry {t(x, at)}) {result})"
        else:
            result = f"(had {t(x, at)} {result})"
    return result


def _scale(t: Text, e: Term, at: str) -> str:
    terms = [" * ".join([rational(c), *(f"INR {identifier(s)}" for s, k in powers for _ in range(k))]) for c, powers in e[2]]
    factor = terms[0] if len(terms) == 1 else " + ".join(terms)
    return f"(scal {factor if ' ' not in factor or (factor[0] == '(' and len(terms) == 1) else f'({factor})'} {t(e[3], at)})"


def _bound(word: str) -> Callable[[Text, Term, str], str]:
    def text(t: Text, e: Term, at: str) -> str:
        name = word if e[0] == "sum" else "descending" if e[5] == -1 else "ascending"
        return f"({name} {time(e[3])} {time(e[4])} (fun {identifier(e[2])} : Z => {t(e[-1], at)}))"
    return text


def _table(t: Text, e: Term, at: str) -> str:
    rows = " :: ".join(f"({' :: '.join([*(t(x, at) for x in row), 'nil'])})" for row in e[2])
    return f"(@table {t.shape(e[1])} ({rows} :: nil))"


def _infix(word: str, first: int = 1) -> Callable[[Text, Term, str], str]:
    return lambda t, e, at: f"({f' {word} '.join(t(x, at) for x in e[first:])})"


def _sequence(t: Text, e: Term) -> str:
    k = identifier(e[-2])
    return f"(fun {k} : Z => {t(e[-1])})"


TEXT: dict[str, Callable[[Text, Term, str], str]] = {
    "named":      _member,
    "ones":       lambda t, e, at: f"(@ones {t.shape(e[1])})",
    "zeros":      lambda t, e, at: f"(@zeros {t.shape(e[1])})",
    "identity":   lambda t, e, at: f"(@eye {size(e[1][0])})",
    "add":        _fold("add"),
    "hadamard":   _hadamard,
    "matmul":     _fold("mul"),
    "scale":      _scale,
    "transpose":  lambda t, e, at: f"(tr {t(e[2], at)})",
    "diag":       lambda t, e, at: f"(diag {t(e[2], at)})",
    "function":   lambda t, e, at: f"(apply {identifier(e[2][0]) if e[2][0] not in FACTS else e[2][0]} {t(e[3], at)})",
    "sum":        _bound("sumZ"),
    "product":    _bound(""),
    "table":      _table,
    "num":        lambda t, e, at: rational(e[1]),
    "real":       _member,
    "+":          _infix("+"),
    "*":          _infix("*"),
    "^":          lambda t, e, at: f"(powZ {t(e[1], at)} {time(e[2])})",
    "norm":       lambda t, e, at: f"(norm {({'1': 'One', '2': 'Two', 'inf': 'Inf'}).get(e[1], identifier(e[1]))} {t(e[2], at)})",
    "entry":      lambda t, e, at: f"(entry {t(e[1], at)})",
    "abs":        lambda t, e, at: f"(Rabs {t(e[1], at)})",
    "log":        lambda t, e, at: f"(ln {rational(e[1])})",
    "eq":         _infix("="),
    "same":       _infix("="),
    "le":         _infix("<="),
    "lt":         _infix("<"),
    "within":     lambda t, e, at: f"(within {t(e[1])} {t(e[2])} {t(e[3])})",
    "under":      lambda t, e, at: f"(under {t(e[1])} {t(e[2])})",
    "dom":        lambda t, e, at: f"(0 <= {time(e[1])})%Z",
    "imp":        _infix("->"),
    "and":        _infix("/\\"),
    "all":        lambda t, e, at: f"(forall {identifier(e[1])} : Z, {t(e[2])})",
    "limit":      lambda t, e, at: f"(limit {_sequence(t, e)} {t(e[1])})",
    "infinite":   lambda t, e, at: f"(infinite {_sequence(t, e)})",
    "derivative": lambda t, e, at: f"(derivative (fun e : R => {t(e[1], 'e')}) {t(e[2])})",
    "always":     lambda t, e, at: f"(forall e : R, {t(e[1], 'e')} = {t(e[2], 'e')})",
    "strict":     lambda t, e, at: f"(strict {t(e[1])})",
    "slope":      lambda t, e, at: f"(forall x : R, is_derive {identifier(e[1])} x ({identifier(e[2])} x))",
    "radius":     lambda t, e, at: f"(radius {t(e[1])} {t(e[2])})",
}
