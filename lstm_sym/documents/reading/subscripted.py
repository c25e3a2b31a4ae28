r"""Functions with a subscript: \sigma_g(W x_t + U h_{t-1}), f_s(z_t), g_1(a).

A letter for functions with a subscript that is no time, and that stands before a bracket wherever it stands, is a function
and no factor. Which one, the words say ("\sigma_g is the sigmoid, \sigma_h the hyperbolic tangent"); f_s and \sigma_h of
which they say nothing are any elementwise function. So is a letter that stands before brackets only, somewhere as F'(a).
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeGuard

from lstm_sym.documents.layout.mapped import L, mapped
from lstm_sym.documents.layout.tree import (
    Chain,
    Delimited,
    Function,
    Layout,
    List,
    Product,
    Scripts,
    Statement,
    Symbol,
    children,
    walk,
)
from lstm_sym.documents.reading.calls import GENERIC, OPEN
from lstm_sym.documents.reading.spelling import RUNNING, affine_of, base_text, letters_of

LETTERS = GENERIC | {OPEN}
WEIGHTS = frozenset("WUVRAB")
WORDS = {"sigmoid": r"\sigma", "logistic": r"\sigma", "tanh": r"\tanh", "hyperbolic tangent": r"\tanh", "relu": "ReLU"}
WORD = re.compile(r"(?i)\b(sigmoid|logistic|hyperbolic[ -]tangent)\b|\\?\b(tanh|ReLU)\b")
SENTENCE = re.compile(r"\.\s|\n\s*\n|;|\$\$|\\\]|\\begin|\\end")
SINGULAR = re.compile(r".*m(?:ax|in)$|\d+$|[ijklmnr]$")     # \sigma_{\max}(W), \sigma_1(W) and \sigma_i(W) are singular values
PLAIN = re.compile(r"[{}\s]|\\(?:text|mathrm|rm)\b")


@dataclass(frozen=True, slots=True)
class Subscripted:
    """The functions with a subscript, each with the function it is."""

    functions: frozenset[tuple[str, str]] = frozenset()
    primed: frozenset[str] = frozenset()                     # F, which stands before brackets only, somewhere as F'

    def told(self, part: L) -> L:
        """The part with one sign for each such function."""
        meaning = dict(self.functions)
        return mapped(part, lambda node: _sign(node, meaning)) if meaning else part


def subscripted(statements: Iterable[Statement], text: str) -> Subscripted:
    """The functions with a subscript that the statements apply, and what the text says they are."""
    statements = tuple(statements)
    names = [node for s in statements for node in walk(s) if isinstance(node, Scripts)]
    times = frozenset(("t",)).union(*(_letters(node) for node in names if not _is_letter(node)))
    timed = {node.base for node in names if _letters(node) & times}
    keys = {_key(f) for s in statements for f in _applied(s) if f.base not in timed or not _key(f)[-1].isdigit()}
    keys -= {_key(f) for s in statements for f in _alone(s)} | {_key(node) for node in names if _letters(node) & times}
    said = _said(text, keys) if keys else {}
    return Subscripted(frozenset((key, said.get(key, key)) for key in keys), _primed(statements))


def _is_letter(node: Layout) -> TypeGuard[Scripts]:
    """Is it a letter for functions with a subscript?"""
    if not isinstance(node, Scripts) or node.sub is None:
        return False
    base = node.base
    if not isinstance(base, Symbol) or base.name not in LETTERS or base.font:
        return False
    return base.name != OPEN or not SINGULAR.match(PLAIN.sub("", node.sub_text))


def _key(node: Layout) -> str:
    r"""\sigma_g for \sigma_g, \sigma_{g}' and \sigma_{\text{g}}."""
    return f"{base_text(node.base)}_{PLAIN.sub('', node.sub_text)}" if _is_letter(node) else ""


def _letters(node: Scripts) -> frozenset[str]:
    """The letters of a subscript that can be a time."""
    form = affine_of(node.sub)
    return letters_of(form) & RUNNING if form is not None else frozenset()


def _is_call(node: Product, n: int) -> bool:
    """Is factor n applied to the bracket behind it, around something else than a time?"""
    bracket = node.factors[n + 1] if n + 1 < len(node.factors) and not node.operators[n] else None
    bracket = bracket.base if isinstance(bracket, Scripts) else bracket
    return isinstance(bracket, Delimited) and bracket.open in ("(", "[") and affine_of(bracket.body) is None


def _applied(part: Layout) -> Iterator[Scripts]:
    """Those that stand before a bracket."""
    for node in walk(part):
        if isinstance(node, Product):
            yield from (f for n, f in enumerate(node.factors) if _is_letter(f) and _is_call(node, n))


def _alone(part: Layout) -> Iterator[Scripts]:
    """Those that stand before no bracket within a formula; a formula that is no more than the name speaks of it."""
    for child in children(part):
        if _is_letter(child) and not isinstance(part, Statement | List | Chain):
            called = isinstance(part, Product) and any(f is child and _is_call(part, n) for n, f in enumerate(part.factors))
            if not called:
                yield child
        yield from _alone(child)


def _primed(statements: Iterable[Statement]) -> frozenset[str]:
    """The letters before brackets only, somewhere with a prime; W' of a letter for weights is a transpose."""
    heads: list[tuple[str, int]] = []
    others: set[str] = set()

    def look(part: Layout) -> None:
        for child in children(part):
            base = child.base if isinstance(child, Scripts) and child.sub is None and child.sup is None else child
            calls = isinstance(part, Product) and any(f is child and _is_call(part, n) for n, f in enumerate(part.factors))
            if calls and isinstance(base, Symbol):
                heads.append((base.name, child.primes if isinstance(child, Scripts) else 0))
            elif isinstance(child, Symbol):
                others.add(child.name)
            if not (calls and isinstance(base, Symbol)):
                look(child)

    for statement in statements:
        look(statement)
    plain = {name for name, primes in heads if not primes}
    return frozenset(name for name, primes in heads if primes and name in plain) - others - WEIGHTS


def _sign(node: Layout, meaning: dict[str, str]) -> Layout:
    """The sign of the function, primes and powers kept."""
    name = meaning.get(_key(node))
    if name is None or not isinstance(node, Scripts):
        return node
    sign = Function(name, span=node.span) if name == r"\tanh" else Symbol(name, span=node.span)
    plain = not node.primes and node.sup is None
    return replace(sign, marks=node.marks) if plain else replace(node, base=sign, sub=None, sub_text="")


def _said(text: str, keys: set[str]) -> dict[str, str]:
    """What the sentences say of the functions: the word behind a name, or before it, or in turn with "respectively"."""
    said: dict[str, str] = {}
    bases = "|".join(sorted({re.escape(key.partition("_")[0]) for key in keys}))
    name = re.compile(rf"(?:{bases})_(?:\{{[^{{}}]*(?:\{{\w+\}})?\}}|\w)(?!\s*[('{{\[])")
    for sentence in SENTENCE.split(text):
        found = sorted([(m.start(), PLAIN.sub("", m[0])) for m in name.finditer(sentence)])
        words = [(m.start(), WORDS[(m[1] or m[2]).lower().replace("-", " ")]) for m in WORD.finditer(sentence)]
        found = [(at, key) for at, key in found if key in keys]
        if not found or not words:
            continue
        if "respectively" in sentence and len(found) == len(words):
            pairs = [(key, word) for (_, key), (_, word) in zip(found, words, strict=True)]
        else:
            behind = found[0][0] < words[0][0]
            pairs = [(key, w[0 if behind else -1]) for at, key in found if (w := [x for p, x in words if (p > at) == behind])]
        for key, word in pairs:
            said.setdefault(key, word)
    return said
