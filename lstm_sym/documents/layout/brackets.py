"""Operands in brackets: ( [ \\{ |..| \\left..\\right, invisible braces, and commands with braced arguments."""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.layout.alphabet import BARS, BRACKETS, CLOSERS
from lstm_sym.documents.layout.environments import cases
from lstm_sym.documents.layout.expression import Parser
from lstm_sym.documents.layout.fold import build, with_marks
from lstm_sym.documents.layout.tokens import Token
from lstm_sym.documents.layout.tree import (
    Abs,
    Accent,
    Annotated,
    Cases,
    Chain,
    Delimited,
    Fraction,
    Group,
    List,
    Node,
    Norm,
    Product,
    Root,
    Sum,
)

SEVERAL = (Sum, Product, List, Chain)      # in braces these stay a Group
ANGLES = {"<": r"\langle", ">": r"\rangle"}
DELIMITERS = BRACKETS.keys() | CLOSERS | BARS | {".", "/", "<", ">", r"\backslash", r"\uparrow", r"\downarrow"}


def bracket(p: Parser, opening: Token) -> Node:
    """( [ \\{ \\langle ...: closed by its partner; ( and [ also by the other's, as in (0, 1]."""
    allowed = (")", "]") if opening.text in ("(", "[") else (BRACKETS[opening.text],)
    body = p.nested(opening.text)
    if p.text() not in allowed:
        raise p.error(f"{opening.text} is not closed; expected {allowed[0]}", opening)
    return enclosed(opening.text, body, p.text(), (opening, p.take()))


def bar(p: Parser, opening: Token) -> Node:
    """|x|, ||x||."""
    double = p.text() == "|" == opening.text and not p.gap[p.i]
    marks = [opening, *([p.take()] if double else [])]
    name = r"\|" if double else opening.text
    body = p.nested(name)
    marks += [p.expect(opening.text, opening) for _ in range(1 + double)]
    return enclosed(name, body, name, tuple(marks))


def sized(p: Parser, left: Token) -> Node:
    r"""\left( .. \right); \left\{ \begin{array} .. \end{array} \right. is cases."""
    opening = delimiter(p, left)
    if opening.text == r"\{" and p.text() == "begin" and p.tokens[p.i].text == "array":
        p.enter(r"\left")
        body: Node = cases(p, p.take())
        p.leave(r"\left")
    else:
        body = p.nested(r"\left")
    right = p.expect(r"\right", left)
    marks = (left, opening, right, delimiter(p, right))
    names = [ANGLES.get(m.text, m.text) for m in marks[1::2]]
    if isinstance(body, Cases) and names == [r"\{", "."]:
        return with_marks(body, *marks)
    return enclosed(names[0], body, names[1], marks)


def delimiter(p: Parser, side: Token) -> Token:
    """The bracket after \\left or \\right."""
    if p.text() not in DELIMITERS:
        raise p.error(f"expected a bracket after {side.text}", None if p.i < len(p.tokens) else side)
    return p.take()


def enclosed(opening: str, body: Node, closing: str, marks: tuple[Token, ...]) -> Node:
    """Norm, Abs, or Delimited."""
    if opening in (r"\|", r"\lVert") and closing in (r"\|", r"\rVert"):
        return build(Norm, body, marks=marks)
    if opening in ("|", r"\lvert") and closing in ("|", r"\rvert"):
        return build(Abs, body, marks=marks)
    return build(Delimited, opening, body, closing, marks=marks)


def group(p: Parser, opening: Token) -> Node:
    """Braces as an operand: around one operand they vanish."""
    p.i -= 1
    node = p.argument(opening)
    if not isinstance(node, SEVERAL):
        return node
    braces = (opening, p.tokens[p.i - 1])
    return build(Group, replace(node, marks=tuple(m for m in node.marks if m not in braces)), marks=braces)


# --- commands with arguments ----------------------------------------------------------------------------------------

def fraction(p: Parser, token: Token) -> Node:
    r"""\frac{a}{b}."""
    return build(Fraction, p.argument(token), p.argument(token), marks=[token])


def accent(p: Parser, token: Token) -> Node:
    r"""\tilde{C}."""
    return build(Accent, token.text, p.argument(token), marks=[token])


def root(p: Parser, token: Token) -> Node:
    r"""\sqrt[degree]{body}."""
    degree, marks = None, [token]
    if p.text() == "[":
        marks.append(p.take())
        degree = p.nested("[")
        marks.append(p.expect("]", token))
    return build(Root, p.argument(token), degree, marks=marks)


def brace_with_note(p: Parser, token: Token) -> Node:
    r"""\underbrace{body}_{note}."""
    body, marks, note = p.argument(token), [token], None
    if p.text() == ("_" if "under" in token.text else "^"):
        marks.append(p.take())
        note = p.argument(marks[-1], loose=True)
    return build(Annotated, token.text, body, note, marks=marks)


def wrapper(p: Parser, token: Token) -> Node:
    r"""\boxed{body}."""
    return build(Annotated, token.text, p.argument(token), None, marks=[token])


def substack(p: Parser, token: Token) -> Node:
    r"""\substack{a \\ b}: a List with separators \\."""
    opening = p.expect("{", token)
    rows, marks = [p.nested(r"\substack", loose=True)], [token, opening]
    while p.text() == r"\\":
        marks.append(p.take())
        rows.append(p.nested(r"\substack", loose=True))
    marks.append(p.expect("}", opening))
    return build(List, tuple(rows), (r"\\",) * (len(rows) - 1), marks=marks)
