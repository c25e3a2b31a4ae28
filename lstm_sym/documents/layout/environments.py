"""Operands that are environments: matrices, cases, and aligned rows that read as one expression."""
from __future__ import annotations

from lstm_sym.documents.layout.alphabet import CASES, MATRICES, PUNCTUATION
from lstm_sym.documents.layout.expression import CLOSED, Parser
from lstm_sym.documents.layout.fold import as_node, build, fold, gathered
from lstm_sym.documents.layout.tokens import Token
from lstm_sym.documents.layout.tree import Case, Cases, Condition, Group, Matrix, Node


def environment(p: Parser, begin: Token) -> Node:
    """Matrices and cases; any other environment must hold one expression."""
    if begin.text in CASES:
        return cases(p, begin)
    if begin.text in MATRICES:
        return matrix(p, begin)
    body = p.nested("begin")
    return build(Group, body, marks=[begin, p.end_of(begin)])


def matrix(p: Parser, begin: Token) -> Node:
    """cell & cell \\\\ cell & cell; a last \\\\ opens no row."""
    rows: list[tuple[Node, ...]] = []
    cells, marks = [p.nested("begin")], [begin]
    while p.text() in ("&", r"\\"):
        marks.append(p.take())
        if marks[-1].text == r"\\":
            rows.append(tuple(cells))
            cells = []
            if p.text() == "end":
                break
        cells.append(p.nested("begin"))
    rows += [tuple(cells)] if cells else []
    return build(Matrix, begin.text, tuple(rows), marks=[*marks, p.end_of(begin)])


def cases(p: Parser, begin: Token) -> Node:
    """value & condition \\\\ value & condition."""
    p.enter("begin")
    found, marks = [], [begin]
    while p.text() not in ("end", ""):
        found.append(case(p))
        if p.text() != r"\\":
            break
        marks.append(p.take())
    p.leave("begin")
    return build(Cases, tuple(found), marks=[*marks, p.end_of(begin)])


def case(p: Parser) -> Case:
    """value & condition, or value \\text{if } condition."""
    at, marks = p.at(), []
    value = fold(p.row(top=True), at)
    while p.text() in PUNCTUATION or p.text() == "&":
        marks.append(p.take())
    found = condition(p) if p.text() not in CLOSED else None
    while p.text() in PUNCTUATION or p.text() == "&":
        marks.append(p.take())
    return build(Case, value, found, marks=marks)


def condition(p: Parser) -> Condition:
    """[word] [formula]."""
    word, at = p.word(), p.at()
    if p.text() in CLOSED or p.text() in PUNCTUATION:
        return build(Condition, word, None)
    return build(Condition, word, as_node(gathered(*p.segments(), at)))
