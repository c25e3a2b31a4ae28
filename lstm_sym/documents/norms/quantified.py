"""Which times a supposition is about: "for all k", "for t < k <= T", or only "for some t"."""
from __future__ import annotations

import re

from lstm_sym.documents.layout import tree
from lstm_sym.documents.norms.formulas import ORDERS
from lstm_sym.documents.norms.links import Link
from lstm_sym.documents.reading.spelling import affine_of
from lstm_sym.expr.affine import Affine, constant, minus

_ONE = r"(?:some|one|a single|a certain|at least one|an? (?:given|particular)|the (?:first|last|final|initial))"
AT_ONE_TIME = re.compile(rf"(?<!of )(?<!over )\b{_ONE}"
                         r" (?:times?|steps?|time[- ]steps?|moments?|instants?|layers?|units?|t|k)\b", re.I)
ONE_OF = re.compile(r"(?:\b(?:some|one|one of(?: the)?|there (?:is|exists|are) (?:an?|some))\s*|\\exists\s*)\$\s*([^$]*)\$")
INDEX = re.compile(r"\s*(?:\\forall\s*)?(?:\\tau|[a-z])(?![A-Za-z_^'({])")
SUBSCRIPT = re.compile(r"_(?:\{([^{}]*)\}|(\\?[A-Za-z]+))|\(([a-z])\)")


def is_of_one_time(condition: str) -> bool:
    """Is something supposed at one time, or one of several things?  condition: its words, formulas between dollars."""
    if AT_ONE_TIME.search(re.sub(r"\$[^$]*\$", " $ ", condition)):
        return True
    return any(_is_index(f, condition) or _letters_below(f) for f in ONE_OF.findall(condition))


def is_unread_range(latex: str, links: list[Link], condition: str) -> bool:
    """Does a formula say where an index of what is supposed runs, in a way that is not read?"""
    if not _is_index(latex, condition) or re.fullmatch(r"\s*(?:\\forall\s*)?[a-z](?:\s*,\s*[a-z])*\s*", latex):
        return False
    if latex.lstrip().startswith(r"\forall") and any(affine_of(left) is None for _, left, _ in links):
        return False                                         # \forall k, A: it says A of every k
    return not links or any(runs_over(x) is None for x in links)


def _is_index(latex: str, condition: str) -> bool:
    """k of k > t, where the words speak of f_k."""
    found = INDEX.match(latex)
    return found is not None and found[0].replace(r"\forall", "").strip() in _letters_below(condition)


def _letters_below(latex: str) -> set[str]:
    """The letters in subscripts, and those that a function is applied to."""
    below = (a or b or c for a, b, c in SUBSCRIPT.findall(latex))
    return {letter for text in below for letter in re.findall(r"\\tau|(?<![A-Za-z\\])[a-zA-Z](?![A-Za-z])", text)}


def runs_over(link: Link) -> tuple[Affine, ...] | None:
    r"""What k > t, k = T, k = 1, \dots, T ask to be at least 0; None where it is no such link."""
    sign, left, right = link
    if sign == "=" and isinstance(right, tree.List) and any(isinstance(x, tree.Dots) for x in right.items):
        first, last = (affine_of(right.items[n]) for n in (0, -1))
        k = affine_of(left)
        if k is None or first is None:
            return None
        above = (minus(k, first),)
        return above if isinstance(right.items[-1], tree.Dots) else None if last is None else (*above, minus(last, k))
    a, b = affine_of(left), affine_of(right)
    if sign not in ORDERS or a is None or b is None:
        return None
    relation, direction = ORDERS[sign]
    more = minus(b, a) if direction > 0 else minus(a, b)
    return {"<=": (more,), "<": (minus(more, constant(1)),), "=": (more, minus(a, b))}[relation]
