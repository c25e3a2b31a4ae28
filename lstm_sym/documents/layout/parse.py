"""A display formula to its statements: `parse(latex)`.

    a = b, \\quad c = d                two statements
    a &= b \\\\ &= c                     one: a row that begins with a relation goes on with the chain above
    t = 1, \\dots, T                    one: what follows a comma and holds no relation joins the side before it
    a = b \\text{ if } t < T            one, with a condition
    \\text{where } a = b                one, led by "where"
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from lstm_sym.documents.layout.alphabet import PUNCTUATION, UP_TO
from lstm_sym.documents.layout.arrange import arrange, opens_rows
from lstm_sym.documents.layout.brackets import delimiter
from lstm_sym.documents.layout.expression import CLOSED, Parser
from lstm_sym.documents.layout.fold import Mark, as_node, build, gathered, hull
from lstm_sym.documents.layout.macros import Macro, expand, without_definitions
from lstm_sym.documents.layout.operands import OPERANDS
from lstm_sym.documents.layout.statements import (
    Draft,
    Part,
    at_colon,
    first_related,
    joined,
    numbered,
    parts_of,
    role_of,
)
from lstm_sym.documents.layout.tokens import Token, tokenize
from lstm_sym.documents.layout.tree import Blank, Condition, Statement, Statements, Text
from lstm_sym.errors import LayoutError

LONGEST = 50_000           # characters of one formula


@lru_cache(maxsize=1024)   # a formula is looked at as one of its part, and as one of its sentence
def parse(latex: str, macros: tuple[Macro, ...] = ()) -> Statements:
    """All statements of one formula.

    Errors: LayoutError with the offsets of the token that could not be placed, and what was expected there.
    """
    return parse_tokens(stream(latex, macros), latex)


def stream(latex: str, macros: Iterable[Macro] = ()) -> tuple[Token, ...]:
    """The formula's tokens with macros expanded; the tree stands on exactly these."""
    if len(latex) > LONGEST:
        raise LayoutError(f"a formula of {len(latex)} characters; expected at most {LONGEST}", 0, LONGEST)
    source, own = without_definitions(latex)
    return expand(_unescaped(tokenize(source)), (*macros, *own))


def _unescaped(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    r"""h\_t is h_t where all underscores are escaped, as some Markdown needs it."""
    escaped = any(t.text == r"\_" for t in tokens) and not any(t.text == "_" for t in tokens)
    return tuple(replace(t, kind="sign", text="_") if t.text == r"\_" else t for t in tokens) if escaped else tokens


def parse_tokens(stream: tuple[Token, ...], source: str = "") -> Statements:
    """All statements of a token stream."""
    arranged = arrange(stream)
    reader = _Reader(arranged_parser := Parser(arranged, OPERANDS))
    try:
        found = numbered(reader.statements(), arranged.named)
    except RecursionError:                # the caller's own stack was nearly full
        raise arranged_parser.error("formula nested deeper than the stack allows") from None
    marks = sorted((*arranged.ignored, *reader.ignored), key=lambda token: token.index)
    return Statements(found, source=source, marks=tuple(marks), span=hull([s.span for s in found]))


class _Reader:
    """Rows of statements, words between them, and the environments around them."""

    def __init__(self, parser: Parser) -> None:
        self.parser = parser
        self.drafts: list[Draft] = []
        self.waiting: list[Condition] = []         # conditions before their statement: `if A then B`
        self.lead: Text | None = None
        self.ignored: list[Token] = []
        self.around: list[Token] = []              # \begin{aligned}, \left\{ around the rows
        self.after_comma = False
        self.new_row = True                        # no statement yet in this row

    def statements(self) -> tuple[Statement, ...]:
        """Everything up to the end of the formula."""
        while self.parser.i < len(self.parser.tokens):
            if not (self.separator() or self.opening() or self.closing() or self.word()):
                self.formulas()
        if self.around:
            raise self.parser.error(f"{self.around[-1].text} is not closed", self.around[-1])
        self.settle()
        return tuple(draft.done() for draft in self.drafts)

    def formulas(self) -> None:
        """A run of formulas parted by commas."""
        at, before = self.parser.at(), self.parser.i
        wide = self.parser.gap[before] == "wide"
        rows, commas = self.parser.segments()
        if self.parser.i == before:
            raise self.parser.error("expected a formula")
        behind = wide and not self.new_row and len(rows) == 1
        if not (behind and self.drafts[-1].remark(gathered(rows, commas, at, first_may_lack=True))):
            self.add(parts_of(rows, commas), at)

    def add(self, parts: Iterable[Part], at: int) -> None:
        """Each part is a statement; the first takes the words and conditions that wait for one."""
        for rows, commas, before in parts:
            chain = gathered(rows, commas, at, first_may_lack=True)
            if chain[1] and isinstance(chain[0][0], Blank) and self.drafts and not self.lead and not self.waiting:
                self.drafts[-1].go_on(chain, before)
                continue
            self.drafts.append(Draft(chain, self.lead, self.waiting, marks=list(before)))
            self.lead, self.waiting, self.new_row, self.after_comma = None, [], False, False

    # --- rows and what stands around them ---------------------------------------------------------------------------

    def separator(self) -> bool:
        """Punctuation, or a row break, which ends what the words before it can refer to."""
        text = self.parser.text()
        if text not in PUNCTUATION and text not in (r"\\", "&"):
            return False
        if text == r"\\":
            self.settle(at_end=False)
            self.new_row = True
        self.ignored.append(self.parser.take())
        self.after_comma = True
        return True

    def opening(self) -> bool:
        r"""\begin{aligned}, perhaps behind \left\{."""
        p = self.parser
        braced = p.text() == r"\left" and p.text(1) in (r"\{", ".") and p.text(2) == "begin"
        k = p.i + (2 if braced else 0)
        if k >= len(p.tokens) or p.tokens[k].kind != "begin" or not opens_rows(p.tokens, k):
            return False
        taken = [p.take() for _ in range(k + 1 - p.i)]
        self.around += [taken[0], taken[-1]] if braced else taken
        self.ignored += taken
        return True

    def closing(self) -> bool:
        r"""\end{aligned}, \right."""
        p = self.parser
        if not self.around or p.text() not in ("end", r"\right"):
            return False
        opened = self.around.pop()
        if opened.kind == "begin":
            self.ignored.append(p.end_of(opened))
        else:
            self.ignored += [p.expect(r"\right", opened), delimiter(p, opened)]
        return True

    # --- words ------------------------------------------------------------------------------------------------------

    def word(self) -> bool:
        """Words open a condition, lead the next statement, or are a note to the last."""
        if not self.parser.stands_word() or self.names_side():
            return False
        word = self.parser.word() or Text("")
        role = role_of(word.text)
        if role == "condition":
            self.condition(word)
        elif role == "lead" or self.new_row:
            self.lead = joined(self.lead, word)
        else:
            self.drafts[-1].notes.append(word)
        return True

    def names_side(self) -> bool:
        r"""\text{new memory} = ...: words that are a side of a relation."""
        words, after = self.parser.tokens[self.parser.i], self.parser.text(1)
        if not (self.new_row or self.lead or self.after_comma):
            return False
        return words.kind == "text" and not role_of(words.argument) and after in ("=", ":=", "_", "^", "'", r"\approx")

    def condition(self, word: Text) -> None:
        """word formula, for the statement before it in this row, else for the next one."""
        p = self.parser
        long = len(word.text.split()) > 2 and p.i < len(p.tokens) and p.gap[p.i] == "wide"
        if p.text() in CLOSED or p.text() in PUNCTUATION or p.stands_word() or long:
            self.belongs(build(Condition, word, None))
            return
        at, (rows, commas) = p.at(), p.segments()
        while p.i < len(p.tokens) and p.tokens[p.i].kind == "text" and p.tokens[p.i].argument.strip().lower() in UP_TO:
            commas.append(Mark("separator", "to", (p.take(),)))
            more, inside = p.segments()
            rows, commas = rows + more, commas + inside
        head, colon, tail = at_colon(rows[0])
        if colon:
            self.ignored += colon.tokens
            self.waiting.append(build(Condition, word, as_node(gathered([head], [], at))))
            self.add(parts_of([tail, *rows[1:]], commas), at)
        elif self.new_row and word.text == r"\forall" and (n := first_related(rows)):      # \forall i, k, a < b
            self.ignored += commas[n - 1].tokens
            self.waiting.append(build(Condition, word, as_node(gathered(rows[:n], commas[:n - 1], at))))
            self.add(parts_of(rows[n:], commas[n:]), at)
        else:
            (some, inside, _), *others = parts_of(rows, commas)
            self.belongs(build(Condition, word, as_node(gathered(some, inside, at))))
            self.add(others, at)

    def belongs(self, condition: Condition) -> None:
        """Gives a condition to its statement."""
        (self.waiting if self.new_row or self.lead else self.drafts[-1].conditions).append(condition)

    def settle(self, at_end: bool = True) -> None:
        """Words no statement follows belong to the one before; words alone stand for themselves."""
        if self.drafts and (at_end or self.new_row):
            self.drafts[-1].conditions += self.waiting
            self.waiting = []
        if not at_end:
            return
        if self.lead and self.drafts:
            self.drafts[-1].notes.append(self.lead)
        elif self.lead or self.waiting:
            self.alone()

    def alone(self) -> None:
        """A display of words only."""
        if self.waiting:
            raise LayoutError("a condition without a statement; expected a formula after it", *self.waiting[0].span)
        if self.lead:
            self.drafts.append(Draft(((self.lead,), ())))
