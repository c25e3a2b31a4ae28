"""A place in the arranged tokens of a formula, and what words stand there."""
from __future__ import annotations

import re

from lstm_sym.documents.layout.alphabet import AFTER_BARE, BARE_WORDS, CONDITION_WORDS, CONNECTIVES, LEAD_WORDS
from lstm_sym.documents.layout.arrange import DEEPEST, Arranged
from lstm_sym.documents.layout.fold import build
from lstm_sym.documents.layout.function_words import NAMED
from lstm_sym.documents.layout.tokens import Token
from lstm_sym.documents.layout.tree import Text
from lstm_sym.errors import LayoutError

NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*")
BETWEEN = CONDITION_WORDS | LEAD_WORDS | {"all", "otherwise"}
LONGEST_WORD = 12


class Cursor:
    """Moves over the tokens, only forward."""

    def __init__(self, arranged: Arranged) -> None:
        self.tokens, self.gap, self.role = arranged.tokens, arranged.gap, arranged.role
        self.run_end, self.later_bars = arranged.run_end, arranged.later_bars
        self.i = 0
        self.font = ""
        self.open: list[str] = []          # what is not yet closed, innermost last
        self.depth = 0

    # --- tokens -----------------------------------------------------------------------------------------------------

    def text(self, ahead: int = 0) -> str:
        """Spelling of the token ahead, "" past the end; of an environment's two ends "begin" and "end"."""
        k = self.i + ahead
        if not 0 <= k < len(self.tokens):
            return ""
        token = self.tokens[k]
        return token.kind if token.kind in ("begin", "end", "text") else token.text

    def at(self) -> int:
        """Offset of the next token, or of the end of the last."""
        return self.tokens[self.i].start if self.i < len(self.tokens) else self.tokens[-1].end if self.tokens else 0

    def take(self) -> Token:
        """The next token.  Errors: LayoutError at the end of the formula."""
        if self.i >= len(self.tokens):
            raise self.error("expected one more token")
        self.i += 1
        return self.tokens[self.i - 1]

    def expect(self, text: str, opened: Token) -> Token:
        """The token `text` that closes `opened`."""
        if self.text() != text:
            raise self.error(f"{opened.text} is not closed; expected {text}", opened)
        return self.take()

    def end_of(self, begin: Token) -> Token:
        """The \\end of an environment."""
        if self.text() != "end" or self.tokens[self.i].text != begin.text:
            raise self.error(f"\\begin{{{begin.text}}} is not closed; expected \\end{{{begin.text}}}", begin)
        return self.take()

    def error(self, what: str, where: Token | None = None) -> LayoutError:
        """`what`, found `the next token`; placed at the given or the next token."""
        token = self.tokens[self.i] if self.i < len(self.tokens) else None
        place = where or token or (self.tokens[-1] if self.tokens else None)
        found = f"\\{token.kind}{{{token.text}}}" if token and token.kind in ("begin", "end") else token and token.text
        return LayoutError(f"{what}; found {found or 'the end of the formula'}",
                           place.start if place else 0, place.end if place else 0)

    def enter(self, opened: str = "") -> None:
        """One level deeper.  Errors: LayoutError below DEEPEST."""
        self.depth += 1
        self.open += [opened] if opened else []
        if self.depth > DEEPEST:
            raise self.error(f"formula nested deeper than {DEEPEST}")

    def leave(self, opened: str = "") -> None:
        """One level up."""
        self.depth -= 1
        if opened:
            self.open.pop()

    # --- words ------------------------------------------------------------------------------------------------------

    def letters(self) -> str:
        """The run of adjacent letters from here to its end, "" if it is longer than any word we know."""
        if self.i >= len(self.tokens) or self.tokens[self.i].kind != "letter":
            return ""
        end = self.run_end[self.i]
        return "".join(t.text for t in self.tokens[self.i:end]) if end - self.i <= LONGEST_WORD else ""

    def bare_word(self) -> str:
        """The word between formulas that is spelled in letters here (`as T \\to \\infty`), else ""."""
        word = self.letters()
        if word not in BARE_WORDS or self.font or self.open[-1:] not in ([], ["begin"]):
            return ""
        before = self.i == 0 or self.gap[self.i]
        after = self.i + len(word) == len(self.tokens) or self.gap[self.i + len(word)]
        return word if before and after and self.text(len(word)) not in ("_", "^", "'") else ""

    def stands_word(self) -> bool:
        """Does a word between formulas stand here?"""
        if self.i >= len(self.tokens):
            return False
        token = self.tokens[self.i]
        return (token.kind == "text" and not is_name(token)) or token.text in CONNECTIVES or self.bare_word() != ""

    def word(self) -> Text | None:
        """The word between formulas: \\text{if }, a bare `for all`, \\forall; None if there is none."""
        if self.text() == "text" and not is_name(self.tokens[self.i]):
            token = self.take()
            return build(Text, token.argument.strip(" \t\n.,;:"), marks=[token])
        if self.text() in CONNECTIVES:
            token = self.take()
            return build(Text, token.text, marks=[token])
        words, marks = [], []
        word = self.bare_word()
        while word:
            words.append(word)
            marks += [self.take() for _ in word]
            word = self.letters() if self.letters() in AFTER_BARE else ""
        return build(Text, " ".join(words), marks=marks) if words else None


def is_name(token: Token) -> bool:
    """Is this \\text{..} one word that names something (`\\text{loss}`), not a word between formulas (`\\text{if}`)?"""
    words = token.argument
    return words.strip() in NAMED or (NAME.fullmatch(words) is not None and words.lower() not in BETWEEN)
