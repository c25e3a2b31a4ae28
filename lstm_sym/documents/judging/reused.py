r"""W205: a letter that a sum or product binds, and that the same equation uses outside of it or binds again inside.

\partial L/\partial h_t = \sum_{t=1}^T ...: the t on the left is one step, the t on the right runs over all of them.
"""
from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.documents.layout.tree import Accent, BigOperator, Chain, Layout, Node, Scripts, Symbol, children
from lstm_sym.documents.reading.spelling import Indexing, affine_of, letters_of, spell

Use = tuple[str, bool]                                       # a letter, and whether it is bound here


def is_reused(left: Layout, right: Layout, indexing: Indexing) -> bool:
    """Has a letter two meanings in left = right?"""
    uses = {use for side in (left, right) for use in _uses(side, indexing, frozenset())}
    return any((letter, True) in uses for letter, bound in uses if not bound)


def _uses(node: Layout, indexing: Indexing, around: frozenset[str]) -> Iterator[Use]:
    """Where letters are bound, and where they stand free of what is bound around."""
    if isinstance(node, BigOperator):
        letter, ends = _binds(node)
        yield from ((x, False) for end in ends if (form := affine_of(end)) is not None for x in letters_of(form) - around)
        yield from ((letter, True), *(((letter, False),) if letter in around else ())) if letter else ()
        yield from _uses(node.body, indexing, around | {letter})
        return
    name = spell(node, indexing) if isinstance(node, Symbol | Scripts | Accent) else None
    if name is not None and name.time is not None:
        yield from ((x, False) for x in letters_of(name.time) - around)
    elif name is None:
        for child in children(node):
            yield from _uses(child, indexing, around)


def _binds(node: BigOperator) -> tuple[str, tuple[Node, ...]]:
    """The letter of k, k = 1 and 1 \\le k \\le t, "" for no such; and the ends of its range."""
    ends = (node.upper,) if node.upper is not None else ()
    if isinstance(node.lower, Symbol):
        return node.lower.name, ends
    if not isinstance(node.lower, Chain):
        return "", ends
    sides = node.lower.sides
    middle = 1 if len(sides) == 3 else 0
    letter = sides[middle]
    if not isinstance(letter, Symbol) or (not middle and node.lower.relations[0].name != "="):
        return "", ends
    return letter.name, (*sides[:middle], *sides[middle + 1:], *ends)
