r"""Gradients of the loss written with an accent: \bar{c}_t for \partial L / \partial c_t, as in automatic differentiation.

Where a line says so of one name, it holds of every name that the document has without the accent too.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lstm_sym.documents.layout.mapped import L, mapped
from lstm_sym.documents.layout.tree import Accent, Fraction, Layout, Node, Product, Scripts, Statement, Symbol, children
from lstm_sym.documents.reading.adjoints import unmarked
from lstm_sym.documents.reading.derivatives import LOSSES, differential, with_fractions
from lstm_sym.documents.reading.silent import key_of
from lstm_sym.documents.reading.spelling import Indexing, base_text


@dataclass(frozen=True, slots=True)
class Barred:
    """The accents that stand for gradients of the loss, the loss, and the names that stand without one."""

    accents: frozenset[str] = frozenset()
    loss: Node | None = None
    bare: frozenset[str] = frozenset()

    def told(self, part: L) -> L:
        """The part with such gradients as fractions."""
        return mapped(part, self._gradient) if self.accents else part

    def _gradient(self, node: Layout) -> Layout:
        if isinstance(node, Scripts) and isinstance(node.base, Fraction) and isinstance(node.base.denominator, Product):
            d, name = node.base.denominator.factors          # its scripts are those of the name
            whole, mark = unmarked(replace(node, base=name))
            below = replace(node.base.denominator, factors=(d, whole))
            return _marked(replace(node.base, denominator=below, span=node.span), mark)
        if not isinstance(node, Accent) or node.name not in self.accents or base_text(node.body) not in self.bare:
            return node
        d = Symbol(r"\partial", span=node.span)
        top = Product((d, replace(self.loss or d, span=node.span)), ("",), span=node.span)
        return Fraction(top, Product((d, node.body), ("",), span=node.span), span=node.span)


def _marked(gradient: Fraction, mark: Node | None) -> Node:
    return gradient if mark is None else Scripts(gradient, None, mark, sup_text="T", span=gradient.span)


def barred(statements: Iterable[Statement]) -> Barred:
    """What the statements say of accents."""
    said = tuple(statements)
    found = [pair for s in said for pair in _defined(s)]
    accents = frozenset(accent for accent, _ in found)
    bare = frozenset(_base(node) for s in said for node in _names(s, accents)) if accents else frozenset()
    return Barred(accents, found[0][1] if found else None, bare)


def _defined(statement: Statement) -> Iterator[tuple[str, Node]]:
    r"""The \bar and the L of \bar{h}_t = \partial L / \partial h_t."""
    for left, right in zip(statement.sides, statement.sides[1:], strict=False):
        accent = _accent(left)
        right = with_fractions(right)[0][0] if isinstance(right, Product) else right
        derivative = differential(right, Indexing()) if accent is not None else None
        if accent is None or derivative is None or derivative.of.key not in LOSSES or not isinstance(right, Fraction):
            continue
        name = _without(left, {accent.name})
        below = right.denominator.factors[-1] if isinstance(right.denominator, Product) else None
        loss = right.numerator.factors[1] if isinstance(right.numerator, Product) else None
        if name is not None and below is not None and loss is not None and key_of(name) == key_of(below):
            yield accent.name, loss


def _accent(node: Layout) -> Accent | None:
    base = node.base if isinstance(node, Scripts) else node
    return base if isinstance(base, Accent) else None


def _without(node: Layout, accents: Iterable[str]) -> Node | None:
    """The name without its accent, if it has one of these; None for any other node."""
    accent = _accent(node)
    if accent is None or accent.name not in accents or not isinstance(accent.body, Symbol | Accent):
        return None
    return replace(node, base=accent.body) if isinstance(node, Scripts) else accent.body


def _base(name: Layout) -> str:
    base = name.base if isinstance(name, Scripts) else name
    return base_text(base) or "" if isinstance(base, Symbol | Accent) else ""


def _names(part: Layout, accents: frozenset[str]) -> Iterator[Layout]:
    """The names without such an accent."""
    accent = _accent(part)
    if isinstance(part, Scripts | Symbol | Accent) and (accent is None or accent.name not in accents):
        yield part
        return
    if accent is None:
        for child in children(part):
            yield from _names(child, accents)
