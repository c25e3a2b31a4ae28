"""Tokens to operands: one method per kind of operand; `fold` puts the operands of a row together."""
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from lstm_sym.documents.alphabet import (
    ACCENTS,
    AFTER_BARE,
    BARE,
    BARE_WORDS,
    BARS,
    BIG,
    BRACES,
    BRACKETS,
    CASES,
    CLOSERS,
    CONDITION_WORDS,
    CONNECTIVES,
    DOTS,
    FONTS,
    FUNCTIONS,
    LEAD_WORDS,
    LIMITS,
    MATRICES,
    NAMED,
    OPERATOR_WRAPPERS,
    OPERATORS,
    OVERS,
    PUNCTUATION,
    RELATIONS,
    SEPARATORS,
    SIGNS,
    SWITCHES,
    SYMBOLS,
    TEXTS,
    WRAPPERS,
)
from lstm_sym.documents.arrange import DEEPEST, Arranged
from lstm_sym.documents.fold import OPEN_BODY, Mark, Piece, as_node, build, fold, gathered
from lstm_sym.documents.tokens import Token
from lstm_sym.documents.tree import (
    Abs,
    Accent,
    Annotated,
    BigOperator,
    Blank,
    Case,
    Cases,
    Chain,
    Condition,
    Delimited,
    Dots,
    Fraction,
    Function,
    Group,
    List,
    Matrix,
    Node,
    Norm,
    Number,
    Product,
    Root,
    Scripts,
    Sum,
    Symbol,
    Text,
    tokens,
)
from lstm_sym.errors import LayoutError

KIND = {**dict.fromkeys(SEPARATORS, "separator"), **dict.fromkeys(RELATIONS, "relation"), **dict.fromkeys(SIGNS, "sign"),
        **dict.fromkeys(OPERATORS, "operator"), r"\over": "over", r"\atop": "over"}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*")
LOOSE = (Sum, Product, List, Chain)        # in braces these stay a Group
N = TypeVar("N", bound=Node)


class Parser:
    """A cursor over arranged tokens.  Every method either moves past what it returns or raises LayoutError."""

    def __init__(self, arranged: Arranged) -> None:
        self.tokens, self.gap, self.role = arranged.tokens, arranged.gap, arranged.role
        self.run_end, self.later_bars = arranged.run_end, arranged.later_bars
        self.i = 0
        self.font = ""
        self.open: list[str] = []          # brackets not yet closed, innermost last
        self.depth = 0

    # --- the cursor --------------------------------------------------------------------------------

    def text(self, ahead: int = 0) -> str:
        """Spelling of the token ahead, "" past the end; an environment's begin and end are told by `begin`, `end`."""
        k = self.i + ahead
        if not 0 <= k < len(self.tokens):
            return ""
        token = self.tokens[k]
        return token.kind if token.kind in ("begin", "end") else token.text

    def at(self) -> int:
        """Offset of the next token, or of the end of the last."""
        return self.tokens[self.i].start if self.i < len(self.tokens) else self.tokens[-1].end if self.tokens else 0

    def take(self) -> Token:
        self.i += 1
        return self.tokens[self.i - 1]

    def expect(self, text: str, opened: Token) -> Token:
        """The token `text` that closes `opened`."""
        if self.text() != text:
            raise self.error(f"{opened.text} is not closed; expected {text}", opened)
        return self.take()

    def error(self, what: str, where: Token | None = None) -> LayoutError:
        """`what`, found `the next token`, at the given or the next token."""
        token = self.tokens[self.i] if self.i < len(self.tokens) else None
        place = where or token or (self.tokens[-1] if self.tokens else None)
        found = f"\\{token.kind}{{{token.text}}}" if token and token.kind in ("begin", "end") else token and token.text
        return LayoutError(f"{what}; found {found or 'the end of the formula'}",
                           place.start if place else 0, place.end if place else 0)

    # --- a row of operands and signs ---------------------------------------------------------------

    def row(self, top: bool = False) -> list[Piece]:
        """Operands and signs up to what closes the row; at the top also up to punctuation, words and wide spaces."""
        row: list[Piece] = []
        while self.i < len(self.tokens):
            before = not row or isinstance(row[-1], Mark)
            if self.closes(row, before) or (top and self.breaks(row, before)):
                break
            row.append(self.piece(row, before, top))
        return row

    def piece(self, row: list[Piece], before: bool, top: bool) -> Piece:
        """The next operand or sign.  `before`: an operand may begin here."""
        text = self.text()
        if text == r"\cdot" and self.text(1) == self.text(2) == text:
            return self.cdots()
        if text in BARS and not before:
            return self.bar_after_operand(row, top)
        if text in KIND:
            return Mark(KIND[text], text, (self.take(),))
        if text in SPECIAL_MARKS:
            return self.special_mark()
        return self.factor()

    def nested(self, loose: bool = False) -> Node:
        """A whole row inside something."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(f"formula nested deeper than {DEEPEST}")
        at = self.at()
        node = fold(self.row(), at, loose)
        self.depth -= 1
        return node

    def closes(self, row: list[Piece], before: bool) -> bool:
        """Does the next token end a row at any level?"""
        text = self.text()
        if text in CLOSERS or text in ("}", r"\right", "end", "&", r"\\"):
            return True
        if text not in BARS or not self.open:
            return False
        closing = self.open[-1] == text or (self.open[-1] == r"\|" and self.is_double_bar())
        only_signs = bool(row) and all(isinstance(p, Mark) for p in row)
        return closing and (not before or only_signs or self.role[self.i] == "close")

    def breaks(self, row: list[Piece], before: bool) -> bool:
        """Does the next token end a row of a statement?"""
        token = self.tokens[self.i]
        if token.text in PUNCTUATION or token.text in CONNECTIVES or self.bare_word():
            return True
        if before:
            return False
        wide = self.gap[self.i] == "wide" and token.text not in KIND and token.text not in SPECIAL_MARKS
        return wide or (token.kind == "text" and not self.is_name(token))

    # --- signs that are more than one token --------------------------------------------------------

    def cdots(self) -> Node:
        r"""\cdot \cdot \cdot."""
        marks = [self.take()]
        while self.text() == r"\cdot":
            marks.append(self.take())
        return build(Dots, r"\cdots", marks=marks)

    def special_mark(self) -> Mark | Node:
        r"""\not=, \mathbin{\odot}, \overset{(a)}{=}, \xrightarrow{..}, \middle|; or the operand it turns out to be."""
        first = self.take()
        if first.text == r"\middle":
            return Mark("separator", self.text(), (first, self.take()))
        if first.text == r"\not":
            if self.text() not in RELATIONS:
                raise self.error(r"expected a relation after \not")
            return Mark("relation", r"\ne" if self.text() == "=" else rf"\not{self.text()}", (first, self.take()))
        if first.text in ARROWS:
            note = self.argument(first)
            return Mark("relation", first.text, (first,), note)
        note = self.argument(first) if first.text in OVERS else None
        braces = self.text() == "{" and self.text(1) in KIND and self.text(2) == "}"
        if braces or self.text() in KIND:
            marks = tuple(self.take() for _ in range(3 if braces else 1))
            sign = marks[len(marks) // 2].text
            return Mark(KIND[sign], sign, (first, *marks), note)
        body = self.argument(first)
        return self.scripts(build(Annotated, first.text, body, note, marks=[first]))

    def bar_after_operand(self, row: list[Piece], top: bool) -> Piece:
        """|, not closing anything: an evaluation bar, a new |..|, or a separator as in p(x | y)."""
        token, double = self.tokens[self.i], self.is_double_bar()
        text = r"\|" if double else token.text
        count = self.later_bars[self.i] // (2 if double else 1)
        if self.text(2 if double else 1) in ("_", "^") and count % 2:
            return self.scripts(build(Delimited, ".", row.pop(), token.text, marks=[self.take()]))
        if self.role[self.i] == "open" or (self.role[self.i] != "middle" and count % 2 == 0):
            return self.factor()
        if top:
            raise self.error("expected a second bar, or a bracket around the formula")
        return Mark("separator", text, tuple(self.take() for _ in range(1 + double)))

    def is_double_bar(self) -> bool:
        """| | side by side, meant as ||."""
        return self.text() == self.text(1) == "|" and not self.gap[self.i + 1]

    # --- one operand -------------------------------------------------------------------------------

    def factor(self) -> Node:
        """An operand with its scripts."""
        return self.scripts(self.operand())

    def operand(self) -> Node:
        """An operand without scripts."""
        if self.i >= len(self.tokens):
            raise self.error("expected an operand")
        token = self.tokens[self.i]
        if token.kind == "letter":
            return self.letter()
        if token.kind == "number":
            return build(Number, token.text, self.font, marks=[self.take()])
        if token.kind == "text":
            return self.words(self.take())
        if token.kind == "begin":
            return self.environment(self.take())
        if token.text in HANDLERS:
            return HANDLERS[token.text](self, self.take())
        if token.text in ("_", "^"):
            return Blank(span=(token.start, token.start))
        if token.kind == "command" and token.text not in CLOSERS and token.text not in KIND:
            return self.symbol(self.take())
        raise self.error("expected an operand")

    def letter(self) -> Node:
        """One letter, or a function spelled in letters."""
        end = self.run_end[self.i]
        name = "".join(t.text for t in self.tokens[self.i:end]) if end - self.i <= 12 else ""
        if len(name) > 1 and self.font in ("roman", "sans", "typewriter") and name not in BARE:
            return build(Symbol, name, self.font, marks=[self.take() for _ in name])
        if name in BARE:
            return self.limits(name, [self.take() for _ in name], bare=not self.font)
        return build(Symbol, self.tokens[self.i].text, self.font, marks=[self.take()])

    def symbol(self, token: Token) -> Node:
        r"""\sigma; an unknown command is a symbol if it takes no braces."""
        if token.text not in SYMBOLS and self.text() == "{":
            raise LayoutError(f"unknown macro {token.text}; expected a definition or a known command", token.start, token.end)
        if not token.text[1:].isalpha() and token.text not in SYMBOLS:
            raise LayoutError(f"unknown command {token.text}", token.start, token.end)
        return build(Symbol, token.text, self.font, marks=[token])

    def words(self, token: Token) -> Node:
        r"""\text{..}: a name if it is one word, else Text."""
        words, font = token.argument.strip(), TEXTS[token.text]
        if words in NAMED:
            return self.limits(words, [token])
        return build(Symbol, words, font, marks=[token]) if self.is_name(token) else build(Text, words, marks=[token])

    def is_name(self, token: Token) -> bool:
        words = token.argument
        return words.strip() in NAMED or (bool(NAME.fullmatch(words)) and words not in BETWEEN)

    def bare_word(self) -> int:
        """How many letters here spell a word between formulas (`as T \\to \\infty`), else 0."""
        k, end = self.i, self.run_end[self.i] if self.i < len(self.tokens) else 0
        if not 1 < end - k <= 9 or self.tokens[k].kind != "letter" or self.font or self.open[-1:] not in ([], ["begin"]):
            return 0
        alone = ((k == 0 or self.gap[k]) and end < len(self.tokens) and self.gap[end]) or end == len(self.tokens)
        word = "".join(t.text for t in self.tokens[k:end])
        return end - k if alone and word in BARE_WORDS and self.text(end - k) not in ("_", "^", "'") else 0

    # --- scripts -----------------------------------------------------------------------------------

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
                raise LayoutError(f"second {mark.text} on one base; expected braces around the inner one", mark.start, mark.end)
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
        if self.tokens[self.i:] and self.tokens[self.i].kind == "number" and len(self.text()) > 1:
            raise self.error(f"{mark.text} takes one digit only; expected {mark.text}{{{self.text()}}}")
        node = self.argument(mark, loose=True)
        self.font = font
        inside = self.tokens[first:self.i]
        if inside[0].text == "{":
            inside = inside[1:-1]
        return node, spelled(inside)

    # --- arguments and groups ----------------------------------------------------------------------

    def argument(self, of: Token, loose: bool = False) -> Node:
        """{..} or one operand without scripts: what \\frac, \\hat, _ and ^ take."""
        if self.i >= len(self.tokens) or self.text() in ("}", "&", r"\\", "end", r"\right"):
            raise self.error(f"{of.text} needs an argument", of)
        if self.text() == "{":
            return self.braces(self.take(), loose)
        if loose and self.text() in KIND:
            token = self.take()
            return fold([Mark(KIND[token.text], token.text, (token,))], token.start, True)
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(f"formula nested deeper than {DEEPEST}")
        node = self.operand()
        self.depth -= 1
        return node

    def braces(self, opening: Token, loose: bool = False) -> Node:
        """{..}; the braces become marks of what they hold."""
        self.open.append("{")
        font = self.font
        node = self.nested(loose)
        self.font = font
        self.open.pop()
        return with_marks(node, opening, self.expect("}", opening))

    def group(self, opening: Token) -> Node:
        """Braces as an operand."""
        node = self.braces(opening)
        if not isinstance(node, LOOSE):
            return node
        braces = [m for m in node.marks if m is opening or m is self.tokens[self.i - 1]]
        return build(Group, replace(node, marks=tuple(m for m in node.marks if m not in braces)), marks=braces)

    def substack(self, token: Token) -> Node:
        r"""\substack{a \\ b}: a List with separators \\."""
        opening = self.take() if self.text() == "{" else self.expect("{", token)
        self.open.append(r"\substack")
        rows, marks = [self.nested(loose=True)], [token, opening]
        while self.text() == r"\\":
            marks.append(self.take())
            rows.append(self.nested(loose=True))
        self.open.pop()
        marks.append(self.expect("}", opening))
        return build(List, tuple(rows), (r"\\",) * (len(rows) - 1), marks=marks)

    # --- fonts and names ---------------------------------------------------------------------------

    def in_font(self, token: Token) -> Node:
        r"""\mathbf{h}, \operatorname{diag}, \mathrm{loss}."""
        font = FONTS[token.text]
        k = self.i + (self.text() == "{")
        end = k
        while end < len(self.tokens) and (self.tokens[end].kind in ("letter", "number") or self.tokens[end].text == "-"):
            end += 1
        name = "".join(t.text for t in self.tokens[k:end])
        whole = self.text() == "{" and end < len(self.tokens) and self.tokens[end].text == "}" and name[:1].isalpha()
        if whole and (name in NAMED or font not in ("bold", "calligraphic", "blackboard", "fraktur") or len(name) == 1):
            marks = [token, *(self.take() for _ in range(end + 1 - self.i))]
            return self.limits(name, marks) if name in NAMED else build(Symbol, name, font, marks=marks)
        outer, self.font = self.font, font
        node = self.group(self.take()) if self.text() == "{" else self.argument(token)
        self.font = outer
        return with_marks(node, token)

    def switch(self, token: Token) -> Node:
        r"""{\bf h}: the font of what follows, to the end of the group."""
        self.font = SWITCHES[token.text]
        return with_marks(self.operand(), token)

    def function(self, token: Token) -> Node:
        r"""\tanh."""
        return self.limits(token.text[1:], [token])

    def limits(self, name: str, marks: list[Token], bare: bool = False) -> Node:
        """max, lim ... are big operators when they carry a bound, else functions."""
        if name in LIMITS and self.text() == "_":
            return self.bounds(name, marks, bare)
        return build(Function, name, bare, marks=marks)

    def big(self, token: Token) -> Node:
        r"""\sum_{t=1}^{T}; its body is given by the product it stands in."""
        return self.bounds(BIG[token.text], [token])

    def bounds(self, name: str, marks: list[Token], bare: bool = False) -> Node:
        scripted = self.scripts(Blank(span=(self.at(), self.at())))
        lower, upper, own = None, None, list(marks)
        if isinstance(scripted, Scripts):
            lower, upper, own = scripted.sub, scripted.sup, [*marks, *scripted.marks]
            if scripted.primes:
                raise LayoutError(f"a prime on \\{name}; expected bounds", marks[0].start, marks[-1].end)
        return build(BigOperator, name, lower, upper, OPEN_BODY, bare, marks=own)

    # --- commands with arguments -------------------------------------------------------------------

    def fraction(self, token: Token) -> Node:
        return build(Fraction, self.argument(token), self.argument(token), marks=[token])

    def accent(self, token: Token) -> Node:
        return build(Accent, token.text, self.argument(token), marks=[token])

    def root(self, token: Token) -> Node:
        degree, marks = None, [token]
        if self.text() == "[":
            marks.append(self.take())
            degree = self.nested()
            marks.append(self.expect("]", token))
        return build(Root, self.argument(token), degree, marks=marks)

    def brace_with_note(self, token: Token) -> Node:
        r"""\underbrace{body}_{note}."""
        body, marks, note = self.argument(token), [token], None
        if self.text() == ("_" if "under" in token.text else "^"):
            marks.append(self.take())
            note = self.argument(marks[-1], loose=True)
        return build(Annotated, token.text, body, note, marks=marks)

    def wrapper(self, token: Token) -> Node:
        return build(Annotated, token.text, self.argument(token), None, marks=[token])

    def dots(self, token: Token) -> Node:
        return build(Dots, token.text, marks=[token])

    # --- brackets ----------------------------------------------------------------------------------

    def bracket(self, opening: Token) -> Node:
        """( [ \\{ \\langle ...: closed by its partner; ( and [ also by the other's, as in (0, 1]."""
        allowed = (")", "]") if opening.text in ("(", "[") else (BRACKETS[opening.text],)
        self.open.append(opening.text)
        body = self.nested()
        self.open.pop()
        if self.text() not in allowed:
            raise self.error(f"{opening.text} is not closed; expected {allowed[0]}", opening)
        return enclosed(opening.text, body, self.text(), (opening, self.take()))

    def bar(self, opening: Token) -> Node:
        """|x|, ||x||."""
        double = self.text() == "|" == opening.text and not self.gap[self.i]
        marks = [opening, *([self.take()] if double else [])]
        text = r"\|" if double else opening.text
        self.open.append(text)
        body = self.nested()
        self.open.pop()
        for _ in range(1 + double):
            marks.append(self.expect(opening.text, opening))
        return enclosed(text, body, text, tuple(marks))

    def sized(self, left: Token) -> Node:
        r"""\left( .. \right)."""
        opening = self.delimiter(left)
        self.open.append(r"\left")
        piecewise = opening.text == r"\{" and self.text() == "begin" and self.tokens[self.i].text == "array"
        body = self.cases(self.take()) if piecewise else self.nested()
        self.open.pop()
        right = self.expect(r"\right", left)
        closing = self.delimiter(right)
        marks = (left, opening, right, closing)
        if piecewise and closing.text == ".":
            return with_marks(body, *marks)
        return enclosed(ANGLES.get(opening.text, opening.text), body, ANGLES.get(closing.text, closing.text), marks)

    def delimiter(self, side: Token) -> Token:
        if self.text() not in DELIMITERS:
            raise self.error(f"expected a bracket after {side.text}", side if self.i >= len(self.tokens) else None)
        return self.take()

    # --- environments ------------------------------------------------------------------------------

    def environment(self, begin: Token) -> Node:
        """Matrices and cases; aligned rows inside an expression must read as one expression."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(f"formula nested deeper than {DEEPEST}")
        if begin.text in CASES:
            node = self.cases(begin)
        elif begin.text in MATRICES:
            node = self.matrix(begin)
        else:
            self.open.append("begin")
            body = self.nested()
            self.open.pop()
            node = build(Group, body, marks=[begin, self.end_of(begin)])
        self.depth -= 1
        return node

    def end_of(self, begin: Token) -> Token:
        if self.text() != "end" or self.tokens[self.i].text != begin.text:
            raise self.error(f"\\begin{{{begin.text}}} is not closed; expected \\end{{{begin.text}}}", begin)
        return self.take()

    def matrix(self, begin: Token) -> Node:
        self.open.append("begin")
        rows: list[tuple[Node, ...]] = []
        cells, marks = [self.nested()], [begin]
        while self.text() in ("&", r"\\"):
            mark = self.take()
            marks.append(mark)
            if mark.text == r"\\":
                rows.append(tuple(cells))
                cells = []
                if self.text() == "end":
                    break
            cells.append(self.nested())
        rows += [tuple(cells)] if cells else []
        self.open.pop()
        return build(Matrix, begin.text, tuple(rows), marks=[*marks, self.end_of(begin)])

    def cases(self, begin: Token) -> Node:
        self.open.append("begin")
        found: list[Case] = []
        marks = [begin]
        while self.text() not in ("end", ""):
            found.append(self.case())
            if self.text() != r"\\":
                break
            marks.append(self.take())
        self.open.pop()
        return build(Cases, tuple(found), marks=[*marks, self.end_of(begin)])

    def case(self) -> Case:
        """value & condition."""
        marks: list[Token] = []
        at = self.at()
        value = fold(self.row(top=True), at)
        while self.text() in PUNCTUATION or self.text() == "&":
            marks.append(self.take())
        if self.text() in (r"\\", "end", ""):
            return build(Case, value, None, marks=marks)
        condition = self.condition()
        while self.text() in PUNCTUATION:
            marks.append(self.take())
        return build(Case, value, condition, marks=marks)

    def condition(self) -> Condition:
        """[word] [formula]."""
        word = self.word()
        if self.text() in CLOSED or self.text() in PUNCTUATION:
            return build(Condition, word, None)
        rows, marks = self.segments()
        return build(Condition, word, as_node(gathered(rows, marks, self.at())))

    def segments(self) -> tuple[list[list[Piece]], list[Mark]]:
        """row , row ; row: what commas part, up to words, a wide space or a full stop."""
        rows, marks = [self.row(top=True)], []
        while self.text() in (",", ";") and self.text(1) not in CLOSED | PUNCTUATION and self.goes_on():
            marks.append(Mark("separator", self.text(), (self.take(),)))
            rows.append(self.row(top=True))
            if not rows[-1]:
                raise self.error(f"nothing stands after {marks[-1].name}; expected an expression")
        return rows, marks

    def goes_on(self) -> bool:
        """Is the token after this comma close by, and no word?"""
        self.i += 1
        close = self.gap[self.i] != "wide" and not self.stands_word()
        self.i -= 1
        return close

    def stands_word(self) -> bool:
        """Does a word between formulas stand here?"""
        token = self.tokens[self.i]
        return (token.kind == "text" and not self.is_name(token)) or token.text in CONNECTIVES or self.bare_word() > 0

    def word(self) -> Text | None:
        """Words here: \\text{if }, a bare `for all`, \\forall, or none."""
        if self.i < len(self.tokens) and self.tokens[self.i].kind == "text":
            token = self.take()
            return build(Text, token.argument.strip(), marks=[token])
        if self.text() in CONNECTIVES:
            token = self.take()
            return build(Text, token.text, marks=[token])
        marks: list[Token] = []
        words: list[str] = []
        length = self.bare_word()
        while length:
            words.append("".join(t.text for t in self.tokens[self.i:self.i + length]))
            marks += [self.take() for _ in range(length)]
            length = self.run_end[self.i] - self.i if self.i < len(self.tokens) else 0
            if "".join(t.text for t in self.tokens[self.i:self.i + length]) not in AFTER_BARE:
                length = 0
        return build(Text, " ".join(words), marks=marks) if words else None


# --- tables of the parser --------------------------------------------------------------------------

CLOSED = frozenset(("&", "\\\\", "end", "}", "\\right", ""))
BETWEEN = CONDITION_WORDS | LEAD_WORDS | {"all", "otherwise"}
ARROWS = frozenset((r"\xrightarrow", r"\xleftarrow"))
SPECIAL_MARKS = OVERS | OPERATOR_WRAPPERS | ARROWS | {r"\middle", r"\not"}
KIND = {text: kind for text, kind in KIND.items() if text not in SPECIAL_MARKS}
ANGLES = {"<": r"\langle", ">": r"\rangle"}
DELIMITERS = BRACKETS.keys() | CLOSERS | BARS | {".", "/", "<", ">", r"\backslash", r"\uparrow", r"\downarrow"}
HANDLERS: dict[str, Callable[[Parser, Token], Node]] = {
    **dict.fromkeys(FONTS,     Parser.in_font),
    **dict.fromkeys(SWITCHES,  Parser.switch),
    **dict.fromkeys(ACCENTS,   Parser.accent),
    **dict.fromkeys(BRACES,    Parser.brace_with_note),
    **dict.fromkeys(WRAPPERS,  Parser.wrapper),
    **dict.fromkeys(BIG,       Parser.big),
    **dict.fromkeys(FUNCTIONS, Parser.function),
    **dict.fromkeys(DOTS,      Parser.dots),
    **dict.fromkeys(BRACKETS,  Parser.bracket),
    **dict.fromkeys(BARS,      Parser.bar),
    r"\frac":                  Parser.fraction,
    r"\sqrt":                  Parser.root,
    r"\substack":              Parser.substack,
    r"\left":                  Parser.sized,
    "{":                       Parser.group,
}


# --- small builders --------------------------------------------------------------------------------

def with_marks(node: N, *marks: Token) -> N:
    """The node, also standing on these tokens (braces, a font command)."""
    return replace(node, marks=(*node.marks, *marks))


def enclosed(opening: str, body: Node, closing: str, marks: tuple[Token, ...]) -> Node:
    """Norm, Abs, or Delimited."""
    if opening in (r"\|", r"\lVert") and closing in (r"\|", r"\rVert"):
        return build(Norm, body, marks=marks)
    if opening in ("|", r"\lvert") and closing in ("|", r"\rvert"):
        return build(Abs, body, marks=marks)
    return build(Delimited, opening, body, closing, marks=marks)


def spelled(tokens: tuple[Token, ...]) -> str:
    """The characters of a script without spaces; a command is told from a letter after it by its backslash."""
    words = [t.argument.strip() if t.kind == "text" else t.text for t in tokens]
    spaced = [" " if a[:1] == "\\" and a[-1:].isalpha() and b[:1].isalpha() else "" for a, b in zip(words, words[1:], strict=False)]
    return "".join(w + s for w, s in zip(words, [*spaced, ""], strict=False))
