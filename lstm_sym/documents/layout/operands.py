"""The table of operands: what begins with which token, one row a kind.  Other commands are symbols."""
from __future__ import annotations

from lstm_sym.documents.layout import brackets, environments, names
from lstm_sym.documents.layout.alphabet import (
    ACCENTS,
    BARS,
    BIG,
    BRACES,
    BRACKETS,
    DOTS,
    FONTS,
    SWITCHES,
    WRAPPERS,
)
from lstm_sym.documents.layout.expression import Operand
from lstm_sym.documents.layout.function_words import FUNCTIONS

OPERANDS: dict[str, Operand] = {
    "letter":                  names.letter,                 # h
    "number":                  names.number,                 # 0.5
    "command":                 names.symbol,                 # \sigma
    "text":                    names.words,                  # \text{loss}
    **dict.fromkeys(FONTS,     names.in_font),               # \mathbf{h}
    **dict.fromkeys(SWITCHES,  names.switch),                # {\bf h}
    **dict.fromkeys(FUNCTIONS, names.function),              # \tanh
    **dict.fromkeys(BIG,       names.big),                   # \sum_{t=1}^{T}
    **dict.fromkeys(DOTS,      names.dots),                  # \cdots
    **dict.fromkeys(BRACKETS,  brackets.bracket),            # (..)
    **dict.fromkeys(BARS,      brackets.bar),                # |..|
    r"\left":                  brackets.sized,               # \left( .. \right)
    "{":                       brackets.group,               # {..}
    r"\frac":                  brackets.fraction,            # \frac{a}{b}
    r"\sqrt":                  brackets.root,                # \sqrt[3]{x}
    **dict.fromkeys(ACCENTS,   brackets.accent),             # \tilde{C}
    **dict.fromkeys(BRACES,    brackets.brace_with_note),    # \underbrace{..}_{..}
    **dict.fromkeys(WRAPPERS,  brackets.wrapper),            # \boxed{..}
    r"\substack":              brackets.substack,            # \substack{a \\ b}
    "begin":                   environments.environment,     # \begin{bmatrix} .. \end{bmatrix}
}
