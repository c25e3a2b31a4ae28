"""Rows of operands and signs, and the scripts of an operand.  What an operand is, says the table in `operands`."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TypeAlias

from lstm_sym.documents.layout.alphabet import (
    ACCENTS,
    BARS,
    BETWEEN,
    CLOSERS,
    CONNECTIVES,
    FONTS,
    LIMITS,
    OPERATOR_WRAPPERS,
    OPERATORS,
    OVERS,
    PUNCTUATION,
    RELATIONS,
    SEPARATORS,
    SIGNS,
    SYMBOLS,
)
from lstm_sym.documents.layout.arrange import DEEPEST, Arranged
from lstm_sym.documents.layout.cursor import Cursor, is_name
from lstm_sym.documents.layout.fold import OPEN_BODY, Mark, Piece, build, fold, is_bodiless, with_marks
from lstm_sym.documents.layout.tokens import Token
from lstm_sym.documents.layout.tree import (
    Annotated,
    BigOperator,
    Blank,
    Delimited,
    Dots,
    Function,
    List,
    Node,
    Scripts,
    tokens,
)
from lstm_sym.errors import LayoutError

ARROWS = frozenset((r"\xrightarrow", r"\xleftarrow"))
LONG_MARKS = OVERS | OPERATOR_WRAPPERS | ARROWS | {r"\middle", r"\not"}
KIND = {
    **dict.fromkeys(SEPARATORS,              "separator"),
    **dict.fromkeys(RELATIONS - LONG_MARKS,  "relation"),
    **dict.fromkeys(SIGNS,                   "sign"),
    **dict.fromkeys(OPERATORS,               "operator"),
    r"\over":                                "over",
}
HALVES = {"+": "+=", "-": "-=", ":": ":=", "<": r"\le", ">": r"\ge"}       # what they make with a = behind
CLOSED = frozenset(("&", r"\\", "end", "}", r"\right", ""))


class Parser(Cursor):
    """Every method either moves past what it returns or raises LayoutError; `operands` is the table of operands."""

    def __init__(self, arranged: Arranged, operands: Mapping[str, Operand]) -> None:
        super().__init__(arranged)
        self.operands = operands

    # --- rows -------------------------------------------------------------------------------------------------------

    def nested(self, opened: str, loose: bool = False) -> Node:
        """A whole row inside something."""
        self.enter(opened)
        at = self.at()
        node = fold(self.row(), at, loose)
        self.leave(opened)
        return node

    def row(self, top: bool = False) -> list[Piece]:
        """Operands and signs up to what closes the row; at the top also up to punctuation, words and wide spaces."""
        row: list[Piece] = []
        bodiless = 0
        while self.i < len(self.tokens):
            before = not row or isinstance(row[-1], Mark)
            if self.closes(row, before) or (top and self.breaks(before)):
                break
            row.append(self.mark(row, before, top) or self.factor())
            bodiless += isinstance(row[-1], BigOperator)
            if self.depth + bodiless > DEEPEST:
                raise self.error(f"formula nested deeper than {DEEPEST}")
        return row

    def segments(self) -> tuple[list[list[Piece]], list[Mark]]:
        """row , row ; row: what commas part, up to words, a wide space or a full stop."""
        rows, commas = [self.row(top=True)], []
        while self.text() in (",", ";") and self.text(1) not in CLOSED | PUNCTUATION and self.goes_on():
            commas.append(Mark("separator", self.text(), (self.take(),)))
            rows.append(self.row(top=True))
        return rows, commas

    def goes_on(self) -> bool:
        """Is the token after this comma close by, and no word?"""
        self.i += 1
        close = self.gap[self.i] != "wide" and not self.stands_word()
        self.i -= 1
        return close

    def closes(self, row: list[Piece], before: bool) -> bool:
        """Does the next token end a row at any level?  `before`: an operand may begin here."""
        text = self.text()
        if text in CLOSERS or text in CLOSED:
            return True
        if text not in BARS or not self.open:
            return False
        closing = self.open[-1] == text or (self.open[-1] == r"\|" and self.is_double_bar())
        return closing and (not before or self.role[self.i] == "close" or (len(row) == 1 and before))

    def breaks(self, before: bool) -> bool:
        """Does the next token end a row of a statement?"""
        token = self.tokens[self.i]
        if token.text == "." and not before and self.is_dot_between():
            return False
        if token.text in PUNCTUATION or token.text in CONNECTIVES or self.bare_word():
            return True
        if before:
            return False
        wide = self.gap[self.i] == "wide" and token.text not in KIND and token.text not in LONG_MARKS
        return wide or (token.kind == "text" and not is_name(token))

    # --- signs ------------------------------------------------------------------------------------------------------

    def mark(self, row: list[Piece], before: bool, top: bool) -> Piece | None:
        """The sign here; None if an operand stands here."""
        text = self.text()
        if text == r"\cdot" and self.text(1) == self.text(2) == text:
            return self.cdots()
        if text in BARS and not before:
            return self.bar_after_operand(row, top)
        half = row[-1] if row and text == "=" else None
        if isinstance(half, Mark) and half.name in HALVES:
            row.pop()
            return Mark("relation", HALVES[half.name], (*half.tokens, self.take()))
        if not before and text == "." and self.is_dot_between():
            text = r"\cdot"
        if not before and text in BETWEEN and self.text(1) not in ("_", "^"):
            text = BETWEEN[text]
        if text in KIND:
            return Mark(KIND[text], text, (self.take(),))
        return self.long_mark(self.take()) if text in LONG_MARKS else None

    def is_dot_between(self) -> bool:
        r"""The . of W^T.x, close to an operand on the line: a product; a full stop has a space or nothing behind it."""
        close = self.i + 1 < len(self.tokens) and not self.gap[self.i + 1]
        return close and (self.text(1).isalpha() or self.text(1) in SYMBOLS | FONTS.keys() | ACCENTS | {r"\frac"})

    def cdots(self) -> Node:
        r"""\cdot \cdot \cdot."""
        marks = [self.take()]
        while self.text() == r"\cdot":
            marks.append(self.take())
        return build(Dots, r"\cdots", marks=marks)

    def long_mark(self, first: Token) -> Piece:
        r"""\not=, \mathbin{\odot}, \overset{(a)}{=}, \xrightarrow{..}, \middle|; or the operand it turns out to be."""
        if first.text == r"\middle":
            return Mark("separator", self.text(), (first, self.take()))
        if first.text == r"\not":
            if self.text() not in RELATIONS:
                raise self.error(r"expected a relation after \not")
            return Mark("relation", r"\ne" if self.text() == "=" else rf"\not{self.text()}", (first, self.take()))
        if first.text in ARROWS:
            return self.arrow(first)
        note = self.argument(first) if first.text in OVERS else None
        braces = self.text() == "{" and self.text(1) in KIND and self.text(2) == "}"
        if braces or self.text() in KIND:
            marks = tuple(self.take() for _ in range(3 if braces else 1))
            sign = marks[len(marks) // 2].text
            return Mark(KIND[sign], sign, (first, *marks), note)
        body = self.argument(first)
        if first.text == r"\underset" and isinstance(body, Function) and body.name in LIMITS:
            return build(BigOperator, body.name, note, None, OPEN_BODY, body.bare, marks=[first, *body.marks])
        return self.scripts(build(Annotated, first.text, body, note, marks=[first]))

    def arrow(self, first: Token) -> Mark:
        r"""\xrightarrow[below]{above}; the note is what is set there, a List if both are."""
        brackets, below = [], None
        if self.text() == "[":
            brackets.append(self.take())
            below = self.nested("[")
            brackets.append(self.expect("]", first))
        above = self.argument(first)
        note = build(List, (above, below), (r"\\",)) if below else above
        return Mark("relation", first.text, (first, *brackets), note)

    def bar_after_operand(self, row: list[Piece], top: bool) -> Piece:
        """|, not closing anything: an evaluation bar, a new |..|, or a separator as in p(x | y)."""
        double, role = self.is_double_bar(), self.role[self.i]
        count = self.later_bars[self.i] // (2 if double else 1)
        if self.text(1) in ("_", "^") and count % 2:
            return self.evaluated(row.pop())
        if role == "open" or (role != "middle" and count % 2 == 0):
            return self.factor()
        if top:
            raise self.error("expected a second bar, or a bracket around the formula")
        name = r"\|" if double else self.text()
        return Mark("separator", name, tuple(self.take() for _ in range(1 + double)))

    def evaluated(self, body: Piece) -> Node:
        """x |_{h = 0}: a Delimited with no opening, and its script."""
        again = isinstance(body, Scripts) and isinstance(body.base, Delimited) and body.base.open == "."
        if isinstance(body, Mark) or is_bodiless(body) or again:
            raise self.error("expected one operand before an evaluation bar")
        return self.scripts(build(Delimited, ".", body, self.text(), marks=[self.take()]))

    def is_double_bar(self) -> bool:
        """| | side by side, meant as ||."""
        return self.text() == self.text(1) == "|" and not self.gap[self.i + 1]

    # --- operands ---------------------------------------------------------------------------------------------------

    def factor(self) -> Node:
        """An operand with its scripts."""
        return self.scripts(self.operand())

    def operand(self) -> Node:
        """An operand without scripts."""
        if self.i >= len(self.tokens):
            raise self.error("expected an operand")
        token = self.tokens[self.i]
        handler = self.operands.get(token.kind if token.kind not in ("command", "sign") else token.text)
        if handler is not None:
            return handler(self, self.take())
        if token.text in ("_", "^", "'"):
            return Blank(span=(token.start, token.start))
        if token.kind == "command" and token.text not in CLOSERS and token.text not in KIND:
            return self.operands["command"](self, self.take())
        raise self.error("expected an operand")

    def scripts(self, base: Node) -> Node:
        """base_sub^sup'."""
        found: dict[str, tuple[Node, str]] = {}
        marks: list[Token] = []
        primes = 0
        while self.text() in ("_", "^", "'"):
            mark = self.take()
            marks.append(mark)
            if mark.text == "'" or (mark.text == "^" and self.text() == r"\prime"):
                marks += [self.take()] if mark.text == "^" else []
                primes += 1
                continue
            if mark.text in found:
                raise LayoutError(f"a second {mark.text} on one base; expected braces", mark.start, mark.end)
            found[mark.text] = self.script(mark)
        if not marks:
            return base
        sub, sup = found.get("_", (None, "")), found.get("^", (None, ""))
        if sup[1] and not sup[1].replace(r"\prime", ""):
            primes, sup = primes + sup[1].count(r"\prime"), (None, "")
            marks += tokens(found["^"][0])
        return build(Scripts, base, sub[0], sup[0], primes, sub[1], sup[1], marks=marks)

    def script(self, mark: Token) -> tuple[Node, str]:
        """What stands after _ or ^, and its characters."""
        first, font = self.i, self.font
        self.font = ""
        node = self.argument(mark, loose=True)
        self.font = font
        inside = self.tokens[first:self.i]
        return node, spelled(inside[1:-1] if inside[0].text == "{" else inside)

    def argument(self, of: Token, loose: bool = False) -> Node:
        """{..} or one operand without scripts: what \\frac, \\hat, _ and ^ take."""
        if self.text() in CLOSED or self.text() in ("_", "^", "'"):
            raise self.error(f"{of.text} needs an argument", of)
        if self.text() == "{":
            font, opening = self.font, self.take()
            node = self.nested("{", loose)
            self.font = font
            return with_marks(node, opening, self.expect("}", opening))
        if loose and self.text() in KIND:
            return fold([Mark(KIND[self.text()], self.text(), (self.take(),))], of.end, True)
        if self.text().isdecimal() and len(self.text()) > 1:
            raise self.error(f"{of.text} takes one digit only; expected {of.text}{{{self.text()}}}")
        self.enter()
        node = self.operand()
        self.leave()
        if is_bodiless(node):
            raise LayoutError(f"{of.text} needs an argument; found a big operator without its body", *node.span)
        return node


Operand: TypeAlias = Callable[[Parser, Token], Node]


def spelled(tokens: tuple[Token, ...]) -> str:
    """The characters of a script without spaces; `\\langle t` keeps one, for it would read \\langlet."""
    words = [t.argument.strip() if t.kind == "text" else t.text for t in tokens]
    space = [" " if a[:1] == "\\" and a[-1:].isalpha() and b[:1].isalpha() else "" for a, b in pairwise(words)]
    return "".join(word + gap for word, gap in zip(words, [*space, ""], strict=False))
