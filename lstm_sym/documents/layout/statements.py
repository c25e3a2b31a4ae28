"""Chains, words and numbers of a display put together as statements."""
from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from lstm_sym.documents.layout.alphabet import CONDITION_WORDS, CONNECTIVES, LEAD_WORDS
from lstm_sym.documents.layout.fold import Mark, Row, Sides, build
from lstm_sym.documents.layout.languages import in_english
from lstm_sym.documents.layout.tokens import Token
from lstm_sym.documents.layout.tree import (
    Annotated,
    Chain,
    Condition,
    Delimited,
    Group,
    Number,
    Statement,
    Symbol,
    Text,
    tokens,
)
from lstm_sym.errors import LayoutError

Part: TypeAlias = tuple[Sequence[Row], Sequence[Mark], tuple[Token, ...]]     # rows, commas inside, the comma before


@dataclass(slots=True)
class Draft:
    """A statement being gathered; marks are tokens of its own (a comma before it, its number)."""
    chain: Sides
    lead: Text | None = None
    conditions: list[Condition] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    tag: str | None = None
    marks: list[Token] = field(default_factory=list)

    def done(self) -> Statement:
        """The finished statement."""
        sides, relations = unboxed(self.chain)
        parts = (sides, relations, self.lead, tuple(self.conditions), tuple(self.notes), self.tag, None)
        return build(Statement, *parts, marks=self.marks)

    def go_on(self, chain: Sides, comma: tuple[Token, ...]) -> None:
        """The chain goes on behind a remark: `a = b (chain rule) \\\\ = c`."""
        self.chain = (*self.chain[0], *chain[0][1:]), (*self.chain[1], *chain[1])
        self.marks += comma

    def remark(self, chain: Sides) -> bool:
        """Is this relationless chain the number `(3)` or the remark `(\\text{chain rule})` behind the statement?"""
        side = chain[0][0]
        if chain[1] or len(chain[0]) > 1 or not isinstance(side, Delimited) or side.open != "(":
            return False
        if isinstance(side.body, Text):
            self.notes.append(replace(side.body, marks=(*side.body.marks, *side.marks)))
        elif isinstance(side.body, Number | Symbol) and self.tag is None:
            self.tag = "".join(t.text for t in tokens(side.body))
            self.marks += tokens(side)
        else:
            return False
        return True


def parts_of(rows: Sequence[Row], commas: Sequence[Mark]) -> list[Part]:
    """A new statement begins at each row with a relation but the first: `i, j > 0, k = 1, 2` is two."""
    cuts, seen = [0], False
    for k, row in enumerate(rows):
        relates = any(isinstance(p, Mark) and p.kind == "relation" for p in row)
        cuts += [k] if relates and seen else []
        seen = seen or relates
    return [(rows[a:b], commas[a:b - 1], commas[a - 1].tokens if a else ())
            for a, b in zip(cuts, [*cuts[1:], len(rows)], strict=True)]


def first_related(rows: Sequence[Row]) -> int:
    """The place of the first row with a relation; 0 if there is none."""
    return next((k for k, row in enumerate(rows) if any(isinstance(p, Mark) and p.kind == "relation" for p in row)), 0)


def at_colon(row: Row) -> tuple[Row, Mark | None, Row]:
    """`t : a = b` is a condition on t, then a statement; with no relation behind it the colon is one itself."""
    for k, piece in enumerate(row):
        if isinstance(piece, Mark) and piece.name == ":":
            related = any(isinstance(p, Mark) and p.kind == "relation" for p in row[k + 1:])
            return (row[:k], piece, row[k + 1:]) if related else (row, None, ())
    return row, None, ()


def role_of(words: str) -> str:
    """What words between formulas do: "condition", "lead", or "" for a remark."""
    first = (in_english(words).strip(" ,.;:()~").lower().split() or [""])[0].strip(",:;()")
    if words == r"\forall" or first in CONDITION_WORDS:
        return "condition"
    return "lead" if words in CONNECTIVES or first in LEAD_WORDS else ""


def joined(first: Text | None, second: Text) -> Text:
    """Two words side by side."""
    return build(Text, f"{first.text} {second.text}", marks=(*first.marks, *second.marks)) if first else second


def unboxed(chain: Sides) -> Sides:
    r"""\boxed{a = b} or {a = b} as a whole statement is a = b."""
    sides, relations = chain
    box = sides[0]
    if relations or not isinstance(box, Annotated | Group) or not isinstance(box.body, Chain):
        return chain
    if isinstance(box, Annotated) and box.name != r"\boxed":
        return chain
    first, *others = box.body.relations
    return box.body.sides, (replace(first, marks=(*first.marks, *box.marks, *box.body.marks)), *others)


def numbered(found: Sequence[Statement], named: Sequence[Token]) -> tuple[Statement, ...]:
    """Tags and labels given to the statement they follow, or to the first.

    Errors: LayoutError for a tag without a formula.
    """
    result = list(found)
    firsts = [min(t.index for t in tokens(s)) for s in found] if named else []
    for token in named:
        if not result:
            raise LayoutError(f"{token.text} without a formula", token.start, token.end)
        k = max(bisect_left(firsts, token.index) - 1, 0)
        old, marks, name = result[k], (*result[k].marks, token), token.argument.strip("() ")
        if token.kind == "tag":
            result[k] = replace(old, tag=f"{old.tag}, {name}" if old.tag else name, marks=marks)
        else:
            result[k] = replace(old, label=old.label or name, marks=marks)
    return tuple(result)
