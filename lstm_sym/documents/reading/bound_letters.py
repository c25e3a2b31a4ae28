r"""Letters that a sum over steps binds, where they are none of those that usually stand for steps: \sum_{u=t}^{T} L_u."""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.layout.mapped import L, mapped
from lstm_sym.documents.layout.tree import BigOperator, Chain, Layout, Node, Scripts, Symbol, walk
from lstm_sym.documents.reading.spelling import TIME_LETTERS, affine_of, letters_of

USUAL = ("k", "s", "j", "i", "m", "l", r"\tau")


def usual(part: L) -> L:
    """The part with letters of steps in their place."""
    taken = {n.name for n in walk(part) if isinstance(n, Symbol)}
    free = [letter for letter in USUAL if letter not in taken]
    return mapped(part, lambda node: _renamed(node, free))


def _renamed(node: Layout, free: list[str]) -> Layout:
    if not isinstance(node, BigOperator) or not isinstance(node.lower, Chain) or node.upper is None or not free:
        return node
    letter, last = node.lower.sides[0], affine_of(node.upper)
    if not isinstance(letter, Symbol) or letter.font or letter.name in TIME_LETTERS or len(letter.name) != 1:
        return node
    if last is None or not letters_of(last) & {"t", "T"}:
        return node
    new = Symbol(free[0])

    def put(x: Layout) -> Layout:
        return replace(new, span=x.span, marks=x.marks) if isinstance(x, Symbol) and x == letter else x

    def in_scripts(x: Layout) -> Layout:
        names = [n for n in ("sub", "sup", "lower", "upper") if isinstance(getattr(x, n, None), Node)]
        inner = isinstance(x, Scripts | BigOperator)
        return replace(x, **{n: mapped(getattr(x, n), put) for n in names}) if inner and names else x

    return replace(node, lower=mapped(node.lower, put), body=mapped(node.body, in_scripts))
