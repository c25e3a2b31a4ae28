"""The skeleton of a formula: each glyph that is printed, in order, with the path of scripts, fractions, roots, rows to it.

Two readers that agree on the skeleton agree on what stands where; letters of one name, fonts and spaces are left out.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from typing import TypeAlias

from lstm_sym.documents.layout import parse as layout
from lstm_sym.documents.layout import tree
from lstm_sym.documents.layout.alphabet import (
    ACCENTS,
    BRACES,
    FONTS,
    OPERATOR_WRAPPERS,
    OVERS,
    SAME,
    SIZES,
    SPACES,
    SWITCHES,
    TEXTS,
    UNICODE,
    WIDE,
    WRAPPERS,
)
from lstm_sym.documents.layout.function_words import NAMED
from lstm_sym.documents.layout.tokens import Token
from lstm_sym.documents.layout.tree import Layout

Path_: TypeAlias = tuple[str, ...]
Skeleton: TypeAlias = tuple[tuple[str, Path_], ...]

FENCES = {"pmatrix": "()", "bmatrix": "[]", "vmatrix": "||", "Vmatrix": (r"\|", r"\|"), "Bmatrix": (r"\{", r"\}"),
          "cases": (r"\{", ""), "dcases": (r"\{", "")}       # what an environment prints around its rows
UNPRINTED = {"{", "}", "_", "^", r"\left", r"\right", r"\middle", r"\over", r"\substack", r"\frac", r"\sqrt", *FONTS, *SIZES,
             *SPACES, *WIDE, *ACCENTS, *BRACES, *OVERS, *WRAPPERS, *OPERATOR_WRAPPERS, *SWITCHES, *TEXTS}
ROLES: dict[type[Layout], dict[str, str]] = {                # field of a node: the step it adds to the path
    tree.Scripts:     {"sub": "_", "sup": "^"},
    tree.BigOperator: {"lower": "_", "upper": "^"},
    tree.Fraction:    {"numerator": "above", "denominator": "below"},
    tree.Root:        {"body": "root", "degree": "degree"},
    tree.Matrix:      {"rows": "rows"},
    tree.Cases:       {"cases": "rows"},
    tree.Relation:    {"note": "^"},
}
BRACKET = "of an option"
OF_MARKS = (                                                 # marks of a node that stand elsewhere than the node
    (tree.Scripts,             ("'", r"\prime"), "^"),
    (tree.Matrix | tree.Cases, ("&", r"\\"),    "rows"),
    (tree.Root | tree.Relation, ("[", "]"),      BRACKET),
)


# --- ours -----------------------------------------------------------------------------------------------------------

def skeleton(latex: str) -> Skeleton:
    """As `layout.parse` lays it out; the paths are those of the tree, the order that of the formula."""
    found = sorted(_placed(layout.parse(latex), ()), key=lambda pair: pair[0].index)
    order = [token for token, _ in found]
    unprinted = {b for a, b in pairwise(order) if b.text == "." and a.text in (r"\left", r"\right")}
    unprinted |= {a for a, b in pairwise(order) if a.text == r"\\" and b.kind == "end"}
    seen = (pair for pair in found if pair[0] not in unprinted)
    return canonical((glyph, path) for token, path in seen for glyph in _glyphs(token, latex[token.start:token.end]))


def _placed(part: Layout, path: Path_) -> Iterator[tuple[Token, Path_]]:
    for mark in part.marks:
        step = next((step for kind, marks, step in OF_MARKS if isinstance(part, kind) and mark.text in marks), None)
        if step != BRACKET:
            yield mark, (*path, step) if step else path
    for name in type(part).__dataclass_fields__:
        for below in _parts(getattr(part, name)):
            step = _step(part, name)
            yield from _placed(below, (*path, step) if step else path)


def _parts(value: object) -> Iterator[Layout]:
    if isinstance(value, Layout):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _parts(item)


def _step(part: Layout, name: str) -> str:
    """What the path to a field of the node has more than the path to the node."""
    if isinstance(part, tree.Accent):
        return part.name
    if isinstance(part, tree.Annotated):
        return ("_" if "under" in part.name else "^") if name == "note" else part.name if part.name in BRACES else ""
    return ROLES.get(type(part), {}).get(name, "")


def _glyphs(token: Token, source: str) -> Iterable[str]:
    if token.kind == "text":
        return split_glyphs(token.argument)
    if token.kind in ("space", "wide", "tag", "label") or token.text in UNPRINTED:
        return ()
    if token.kind in ("begin", "end"):
        return (FENCES.get(token.text, ("", ""))[token.kind == "end"],)
    return split_glyphs(source if re.fullmatch(r"[-<>=!:+.]{2,}", source) else token.text)


def split_glyphs(text: str) -> list[str]:
    """Letters and digits one by one, a command as one."""
    return re.findall(r"\\[A-Za-z@]+|\\.|\S", text)


# --- one spelling ---------------------------------------------------------------------------------------------------

ONE = {                                                      # of what is drawn alike: the one that stands for it
    "*": r"\ast", "'": r"\prime", "{": r"\{", "}": r"\}", "\\": r"\backslash", "\u0338": r"\not", r"\mid": "|",
    r"\lvert": "|", r"\rvert": "|", r"\lVert": r"\|", r"\rVert": r"\|", r"\parallel": r"\|", r"\@cdots": r"\dots",
    r"\cdots": r"\dots", r"\xrightarrow": r"\to", r"\xleftarrow": r"\leftarrow", r"\amalg": r"\coprod", r"\bullet": r"\cdot",
}
MORE = {r"\ne": (r"\not", "="), r"\notin": (r"\not", r"\in"), r"\bmod": ("m", "o", "d")}   # drawn as several


def canonical(leaves: Iterable[tuple[str, Path_]]) -> Skeleton:
    """One spelling for each glyph, a command spelled out as letters is letters, and below stands before above."""
    return _low_first(_unfilled(tuple((letter, path) for glyph, path in leaves for letter in _spelled(glyph))), 0)


def _unfilled(leaves: Skeleton) -> Skeleton:
    """Without each & that nothing of its row follows: some readers fill short rows up."""
    kept: list[tuple[str, Path_]] = []
    for glyph, path in reversed(leaves):
        after = kept[-1] if kept else (r"\\", path)
        if glyph != "&" or (after != (r"\\", path) and after[1][:len(path)] == path):
            kept.append((glyph, path))
    return tuple(reversed(kept))


def _low_first(leaves: Skeleton, depth: int) -> Skeleton:
    runs = [(step, tuple(run)) for step, run in groupby(leaves, lambda leaf: leaf[1][depth:depth + 1])]
    inside = [(step, _low_first(run, depth + 1) if step else run) for step, run in runs]
    for i in range(len(inside) - 1):
        if (inside[i][0], inside[i + 1][0]) == (("^",), ("_",)):
            inside[i:i + 2] = inside[i + 1], inside[i]
    return tuple(leaf for _, run in inside for leaf in run)


def _spelled(glyph: str) -> Iterable[str]:
    plain = unicodedata.normalize("NFKC", glyph) if glyph.isalpha() and glyph not in UNICODE else glyph
    name = UNICODE.get(plain, plain)
    name = SAME.get(ONE.get(name, name), ONE.get(name, name))
    name = ONE.get(name, name)
    if name in MORE:
        return MORE[name]
    return name[1:] if name[1:] in NAMED and name[:1] == "\\" else (name,) if name else ()
