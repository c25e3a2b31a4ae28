r"""What a statement says under conditions on times: one statement for each row of cases, with t = T put in.

    g_t = \begin{cases} a & t = T \\ b_{t+1} & t < T \end{cases}     is   g_T = a,   g_t = b_{t+1} where t < T
    g_t = a \text{ if } t = T                                        is   g_T = a

Cases by anything else than times stay as they are, and are not judged.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from lstm_sym.documents.layout.tree import (
    BigOperator,
    Case,
    Cases,
    Chain,
    Condition,
    Layout,
    Node,
    Number,
    Relation,
    Scripts,
    Statement,
    Symbol,
    contents,
    walk,
)
from lstm_sym.documents.reading.iverson import conditions
from lstm_sym.documents.reading.spelling import RUNNING, TIME_LETTERS
from lstm_sym.expr.affine import Affine, Domain

SUPPOSING = frozenset("if when whenever unless provided assuming suppose iff otherwise".split())
ELSE = {"<": r"\ge", r"\ge": "<", ">": r"\le", r"\le": ">"}


def branches(statement: Statement) -> Iterator[Statement]:
    """The statement, or one for each row of its cases."""
    cases = statement.sides[-1]
    rows = _rows(cases.cases) if isinstance(cases, Cases) and [r.name for r in statement.relations] == ["="] else None
    if not rows or not all(_holds_in(statement, condition) for _, condition in rows):
        yield _put(statement)
        return
    for case, condition in rows:
        row = replace(statement, sides=(statement.sides[0], case.value), span=case.span)
        yield _put(replace(row, conditions=(*statement.conditions, condition)))


def times_of(statement: Statement | None) -> Domain:
    """The times of which the statement is made."""
    found = (form for c in _conditions(statement) for form in _forms(c) or ())
    return frozenset(form for form in found if form.terms or form.constant < 0)


def is_put(statement: Statement | None) -> bool:
    """Does it speak of another time than its letters, as `g_t = a if t = T` does of g_T?"""
    bodies = [c.body for c in _conditions(statement)]
    return any(isinstance(b, Chain) and [r.name for r in b.relations] == ["="] and b.sides[0] == b.sides[1] for b in bodies)


def is_supposing(statement: Statement | None) -> bool:
    """Is it made under a condition that is not one on times?"""
    return any(_word(c) in SUPPOSING and _forms(c) is None for c in _conditions(statement))


def _conditions(statement: Statement | None) -> tuple[Condition, ...]:
    return statement.conditions if statement is not None else ()


def _word(condition: Condition) -> str:
    return (condition.word.text.lower().split() or [""])[0].strip(",.:") if condition.word is not None else ""


def _forms(condition: Condition) -> tuple[Affine, ...] | None:
    found = conditions(condition.body) if condition.body is not None else None
    return found if found and all(letter in RUNNING | {"T"} for form in found for letter, _ in form.terms) else None


# --- rows of cases --------------------------------------------------------------------------------------------------

def _rows(cases: Sequence[Case]) -> list[tuple[Case, Condition]] | None:
    """Each row with its condition; None if one of them is not on times."""
    found: list[tuple[Case, Condition]] = []
    for case in cases:
        condition = case.condition
        if condition is None or condition.body is None:      # otherwise, after one other row
            condition = _otherwise(found[0][1]) if len(found) == 1 else None
        if condition is None or _forms(condition) is None:
            return None
        found.append((case, condition))
    return found


def _otherwise(other: Condition) -> Condition | None:
    """Where another condition does not hold; t = T leaves t < T, and t = 0 leaves t > 0."""
    chain = other.body
    if not isinstance(chain, Chain) or len(chain.relations) != 1:
        return None
    name, last = chain.relations[0].name, chain.sides[1]
    end = "<" if last == Symbol("T") else ">" if isinstance(last, Number) and last.text in ("0", "1") else None
    relation = end if name == "=" else ELSE.get(name)
    return None if relation is None else replace(other, body=replace(chain, relations=(Relation(relation),)))


def _holds_in(statement: Statement, condition: Condition) -> bool:
    """May the row be a statement of its own?  One that defines a quantity must do so at a time, or at all steps from 1."""
    derived = any(isinstance(n, Symbol) and n.name in (r"\partial", r"\nabla", r"\delta") for n in walk(statement.sides[0]))
    forms = _forms(condition) or ()
    return derived or _equal(condition) is not None or all(
        [k for _, k in form.terms] == [1] and form.constant >= -1 for form in forms)


# --- t = T ----------------------------------------------------------------------------------------------------------

def _equal(condition: Condition) -> tuple[str, Node] | None:
    """t and T, of t = T."""
    chain = condition.body
    if not isinstance(chain, Chain) or [r.name for r in chain.relations] != ["="]:
        return None
    left, right = chain.sides
    fixed = (isinstance(right, Number) and right.text.isdigit()) or (isinstance(right, Symbol) and right.name in TIME_LETTERS)
    return (left.name, right) if isinstance(left, Symbol) and left.name in RUNNING and fixed else None


def _put(statement: Statement) -> Statement:
    """The statement at the time its conditions fix."""
    for condition in statement.conditions:
        found = _equal(condition)
        if found is not None and not any(_binds(node, found[0]) for side in statement.sides for node in walk(side)):
            sides, all_conditions = _at(statement.sides, *found), _at(statement.conditions, *found)
            statement = replace(statement, sides=sides, conditions=all_conditions)
    return statement


def _binds(node: Layout, letter: str) -> bool:
    return isinstance(node, BigOperator) and node.lower is not None and Symbol(letter) in walk(node.lower)


def _at(part: Any, letter: str, value: Node) -> Any:
    """The part with the value for the letter, names apart: of s_s only the index is a time."""
    if isinstance(part, tuple):
        return tuple(_at(x, letter, value) for x in part)
    if not isinstance(part, Layout):
        return part
    if part == Symbol(letter):
        return replace(value, span=part.span, marks=part.marks)
    named = {"base"} if isinstance(part, Scripts) and part.base == Symbol(letter) else set()
    below = {name: _at(getattr(part, name), letter, value) for name in contents(type(part)) if name not in named}
    texts = {name: _text(text, letter, value) for name, text in below.items() if name in ("sub_text", "sup_text")}
    return replace(part, **{**below, **texts})


def _text(text: str, letter: str, value: Node) -> str:
    written = value.text if isinstance(value, Number) else value.name if isinstance(value, Symbol) else letter
    return re.sub(rf"(?<![A-Za-z\\]){re.escape(letter)}(?![A-Za-z])", lambda _: written, text)
