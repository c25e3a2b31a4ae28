"""A display formula to its statements: `parse(latex)`.

    a = b, \\quad c = d                two statements
    a &= b \\\\ &= c                     one: a row that begins with a relation goes on with the chain above
    t = 1, \\dots, T                    one: what follows a comma and holds no relation joins the side before it
    a = b \\text{ if } t < T            one, with a condition
    \\text{where } a = b                one, led by "where"
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from lstm_sym.documents.alphabet import CONDITION_WORDS, CONNECTIVES, PUNCTUATION
from lstm_sym.documents.arrange import arrange, is_aligned
from lstm_sym.documents.expression import Parser
from lstm_sym.documents.fold import Mark, Piece, Sides, build, gathered, hull
from lstm_sym.documents.macros import Macro, expand, without_definitions
from lstm_sym.documents.tokens import Token, tokenize
from lstm_sym.documents.tree import (
    Annotated,
    Chain,
    Condition,
    Delimited,
    Layout,
    Node,
    Number,
    Statement,
    Statements,
    Symbol,
    Text,
    tokens,
)
from lstm_sym.errors import LayoutError

LONGEST = 100_000          # characters of one formula


def parse(latex: str, macros: Iterable[Macro] = ()) -> Statements:
    """All statements of one formula.

    Errors: LayoutError with the offsets of the token that could not be placed and what was expected there.
    """
    return parse_tokens(stream(latex, macros), latex)


def stream(latex: str, macros: Iterable[Macro] = ()) -> tuple[Token, ...]:
    """The formula's tokens with macros expanded; the tree lists exactly these."""
    if len(latex) > LONGEST:
        raise LayoutError(f"a formula of {len(latex)} characters; expected at most {LONGEST}", 0, LONGEST)
    source, own = without_definitions(latex)
    return expand(tokenize(source), (*macros, *own))


def parse_tokens(stream: tuple[Token, ...], source: str) -> Statements:
    """All statements of a token stream."""
    arranged = arrange(stream)
    reader = _Reader(Parser(arranged))
    found = _named(reader.statements(), arranged.named)
    marks = tuple(sorted((*arranged.ignored, *reader.ignored), key=lambda token: token.index))
    return Statements(found, source=source, marks=marks, span=hull([s.span for s in found]))


@dataclass(slots=True)
class _Draft:
    """A statement being gathered."""
    chain: Sides
    lead: Text | None = None
    conditions: list[Condition] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    tag: str | None = None
    marks: tuple[Token, ...] = ()

    def done(self) -> Statement:
        sides, relations = unboxed(self.chain)
        parts = (sides, relations, self.lead, tuple(self.conditions), tuple(self.notes), self.tag, None)
        return build(Statement, *parts, marks=self.marks)


class _Reader:
    """Rows of statements, words between them, and the environments around them."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser
        self.drafts: list[_Draft] = []
        self.waiting: list[Condition] = []         # conditions before their statement: `if A then B`
        self.lead: Text | None = None
        self.ignored: list[Token] = []
        self.around: list[Token] = []              # \begin{aligned}, \left\{ around the rows
        self.new_row = True

    def statements(self) -> tuple[Statement, ...]:
        while self.parser.i < len(self.parser.tokens):
            self.step()
        if self.around:
            raise self.parser.error(f"{self.around[-1].text} is not closed", self.around[-1])
        if self.waiting or self.lead:
            self.close_open_words()
        return tuple(draft.done() for draft in self.drafts)

    def step(self) -> None:
        """One separator, wrapper, word or run of formulas."""
        parser = self.parser
        if self.separator() or self.wrapper():
            return
        if parser.stands_word() and not self.is_operand():
            self.word()
            return
        at, before = parser.at(), parser.i
        rows, commas = parser.segments()
        if parser.i == before:
            raise parser.error("expected a formula")
        for part in statements_of(rows, commas):
            self.add(gathered(*part[:2], at, first_may_lack=True), part[2])

    def add(self, chain: Sides, marks: tuple[Token, ...]) -> None:
        if self.is_equation_number(chain):
            self.drafts[-1].tag = "".join(t.text for t in tokens(chain[0][0])[1:-1])
            self.drafts[-1].marks += tokens(chain[0][0])
            return
        self.drafts.append(_Draft(chain, self.lead, self.waiting, marks=marks))
        self.lead, self.waiting, self.new_row = None, [], False

    def is_equation_number(self, chain: Sides) -> bool:
        """(3) after a wide space."""
        side = chain[0][0]
        known = bool(self.drafts) and not self.new_row and not chain[1] and isinstance(side, Delimited)
        return known and isinstance(side, Delimited) and side.open == "(" and isinstance(side.body, Number | Symbol)

    # --- between statements ------------------------------------------------------------------------

    def separator(self) -> bool:
        text = self.parser.text()
        if text not in PUNCTUATION and text not in (r"\\", "&"):
            return False
        self.new_row = self.new_row or text == r"\\"
        self.ignored.append(self.parser.take())
        return True

    def wrapper(self) -> bool:
        r"""\begin{aligned}, \left\{ \begin{aligned} and their ends are no part of a statement."""
        parser = self.parser
        braced = parser.text() == r"\left" and parser.text(1) in (r"\{", ".", "[", "(") and parser.text(2) == "begin"
        k = parser.i + (2 if braced else 0)
        if k < len(parser.tokens) and parser.tokens[k].kind == "begin" and is_aligned(parser.tokens[k]):
            begun = [parser.take() for _ in range(k + 1 - parser.i)]
            self.around.append(begun[-1])
            self.ignored += begun
            self.around += begun[:1] if braced else []
            if braced:
                self.around[-2:] = [begun[0], begun[-1]]
            return True
        return self.end_of_wrapper()

    def end_of_wrapper(self) -> bool:
        parser = self.parser
        if not self.around or parser.text() not in ("end", r"\right"):
            return False
        opened = self.around.pop()
        if opened.kind == "begin":
            self.ignored.append(parser.end_of(opened))
        else:
            self.ignored += [parser.expect(r"\right", opened), parser.delimiter(opened)]
        return True

    def is_operand(self) -> bool:
        r"""\text{new memory} = ...: words that stand as a side."""
        parser = self.parser
        token = parser.tokens[parser.i]
        return token.kind == "text" and connective(token.argument) == "" and parser.text(1) in ("=", "_", "^", "'", r"\approx")

    def word(self) -> None:
        """Words open a condition, lead the next statement, or are a note to the last."""
        parser = self.parser
        word = parser.word()
        assert word is not None
        role = connective(word.text)
        if role == "condition":
            condition = self.condition(word)
            (self.drafts[-1].conditions if self.drafts and not self.lead else self.waiting).append(condition)
        elif role == "lead" or self.new_row or not self.drafts:
            self.lead = word if self.lead is None else joined(self.lead, word)
        else:
            self.drafts[-1].notes.append(word)

    def condition(self, word: Text) -> Condition:
        """word formula; formulas after it that hold relations of their own become statements."""
        parser = self.parser
        if parser.text() in ("", r"\\", "end", r"\right") or parser.text() in PUNCTUATION or parser.stands_word():
            return build(Condition, word, None)
        at = parser.at()
        rows, commas = parser.segments()
        if not rows[0]:
            raise parser.error(f"nothing stands after {word.text}; expected its condition")
        first, *others = statements_of(rows, commas)
        body = gathered(*first[:2], at)
        self.ignored += first[2]
        condition = build(Condition, word, build(Chain, *body) if body[1] else body[0][0])
        self.later = others
        for rows_, commas_, marks in others:
            self.drafts.append(_Draft(gathered(rows_, commas_, at), marks=marks))
        return condition

    def close_open_words(self) -> None:
        """Words after the last statement are notes to it; words alone stand for themselves."""
        if self.lead is None and not self.drafts:
            empty: tuple[Node, ...] = tuple(c.body for c in self.waiting if c.body) or (self.waiting[0].word or Text(""),)
            raise LayoutError("a condition without a statement; expected a formula after it", *empty[0].span)
        if self.drafts:
            self.drafts[-1].notes += [self.lead] if self.lead else []
            self.drafts[-1].conditions += self.waiting
        elif self.lead:
            self.drafts.append(_Draft(((self.lead,), ()), None, self.waiting))


# --- rows to statements ----------------------------------------------------------------------------

def statements_of(rows: list[list[Piece]], commas: list[Mark]) -> list[tuple[list[list[Piece]], list[Mark], tuple[Token, ...]]]:
    """(rows, commas inside, comma before): a new statement at each relation but the first."""
    cuts, seen = [0], False
    for k, row in enumerate(rows):
        relates = any(isinstance(p, Mark) and p.kind == "relation" for p in row)
        cuts += [k] if relates and seen else []
        seen = seen or relates
    return [(rows[a:b], commas[a:b - 1], commas[a - 1].tokens if a else ())
            for a, b in zip(cuts, [*cuts[1:], len(rows)], strict=True)]


def connective(words: str) -> str:
    """condition, lead or "": what words between formulas do."""
    first = (words.strip(" ,.;:()~").lower().split() or [""])[0].strip(",:;")
    if words == r"\forall" or first in CONDITION_WORDS:
        return "condition"
    return "lead" if words in CONNECTIVES or first in LEAD_OR_AND else ""


LEAD_OR_AND = frozenset("""where with and or so hence thus then therefore but while i.e. ie that let which also namely e.g.
    implies i.e consequently now""".split())


def joined(first: Text, second: Text) -> Text:
    """Two words side by side."""
    return build(Text, f"{first.text} {second.text}", marks=(*first.marks, *second.marks))


def unboxed(chain: Sides) -> Sides:
    r"""\boxed{a = b} as a whole statement is a = b."""
    sides, relations = chain
    box = sides[0]
    if relations or not (isinstance(box, Annotated) and box.name == r"\boxed" and isinstance(box.body, Chain)):
        return chain
    first = replace(box.body.relations[0], marks=(*box.body.relations[0].marks, *box.marks, *box.body.marks))
    return box.body.sides, (first, *box.body.relations[1:])


def _named(found: tuple[Statement, ...], named: tuple[Token, ...]) -> tuple[Statement, ...]:
    """Tags and labels given to the statement they follow, or to the first."""
    result = list(found)
    for token in named:
        if not result:
            raise LayoutError(f"{token.text} without a formula", token.start, token.end)
        k = max((k for k, s in enumerate(found) if first_index(s) < token.index), default=0)
        marks = (*result[k].marks, token)
        result[k] = (replace(result[k], tag=token.argument.strip(), marks=marks) if token.kind == "tag"
                     else replace(result[k], label=token.argument.strip(), marks=marks))
    return tuple(result)


def first_index(part: Layout) -> int:
    """Index of a part's first token."""
    found = tokens(part)
    return found[0].index if found else -1
