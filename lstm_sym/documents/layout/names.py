"""Operands that are names: letters, numbers, commands, words, fonts, functions, big operators."""
from __future__ import annotations

from lstm_sym.documents.layout.alphabet import BIG, FONTS, LIMITS, SWITCHES, SYMBOLS, TEXTS, WORDS
from lstm_sym.documents.layout.cursor import is_name
from lstm_sym.documents.layout.expression import Parser
from lstm_sym.documents.layout.fold import OPEN_BODY, build, with_marks
from lstm_sym.documents.layout.function_words import BARE, NAMED
from lstm_sym.documents.layout.tokens import Token
from lstm_sym.documents.layout.tree import BigOperator, Blank, Dots, Function, Node, Number, Scripts, Symbol, Text
from lstm_sym.errors import LayoutError

UPRIGHT = frozenset(("roman", "sans", "typewriter"))                  # fonts in which letters spell one name
OF_LETTERS = frozenset(("bold", "calligraphic", "blackboard", "fraktur"))   # fonts in which each letter is a symbol


def letter(p: Parser, token: Token) -> Node:
    """One letter, or a function spelled in letters."""
    p.i -= 1
    name = p.letters()
    if name in BARE:
        return limits(p, name, [p.take() for _ in name], bare=not p.font)
    if name in WORDS:
        return build(Symbol, name, "roman", marks=[p.take() for _ in name])
    if len(name) > 1 and p.font in UPRIGHT:
        return build(Symbol, name, p.font, marks=[p.take() for _ in name])
    return build(Symbol, token.text, p.font, marks=[p.take()])


def number(p: Parser, token: Token) -> Node:
    """Digits."""
    return build(Number, token.text, p.font, marks=[token])


def symbol(p: Parser, token: Token) -> Node:
    r"""\sigma; an unknown command is a symbol if it takes no braces."""
    if token.text not in SYMBOLS and (p.text() == "{" or not token.text[1:].isalpha()):
        message = f"unknown macro {token.text}; expected a definition or a known command"
        raise LayoutError(message, token.start, token.end)
    return build(Symbol, token.text, p.font, marks=[token])


def words(p: Parser, token: Token) -> Node:
    r"""\text{..}: a name if it is one word, else Text."""
    text = token.argument.strip()
    if text in NAMED:
        return limits(p, text, [token])
    return build(Symbol, text, TEXTS[token.text], marks=[token]) if is_name(token) else build(Text, text, marks=[token])


def dots(p: Parser, token: Token) -> Node:
    r"""\dots."""
    return build(Dots, token.text, marks=[token])


# --- fonts ----------------------------------------------------------------------------------------------------------

def in_font(p: Parser, token: Token) -> Node:
    r"""\mathbf{h}, \operatorname{diag}, \mathrm{loss}, \boldsymbol{\sigma}."""
    font, name = FONTS[token.text], name_in_braces(p)
    if name and (name in NAMED or font not in OF_LETTERS or len(name) == 1):
        marks = [token, p.take()]
        while marks[-1].text != "}":
            marks.append(p.take())
        return limits(p, name, marks) if name in NAMED else build(Symbol, name, font, marks=marks)
    outer, p.font = p.font, font
    node = p.operands["{"](p, p.take()) if p.text() == "{" else p.argument(token)
    p.font = outer
    return with_marks(node, token)


def name_in_braces(p: Parser) -> str:
    """The letters, digits and hyphens of {loss}, if the braces hold nothing else."""
    k, end = p.i + 1, p.i + 1
    while end < len(p.tokens) and (p.tokens[end].kind in ("letter", "number") or p.tokens[end].text == "-"):
        end += 1
    whole = p.text() == "{" and end < len(p.tokens) and p.tokens[end].text == "}"
    name = "".join(t.text for t in p.tokens[k:end]) if whole else ""
    return name if name[:1].isalpha() else ""


def switch(p: Parser, token: Token) -> Node:
    r"""{\bf h}: the font of what follows, to the end of the group."""
    p.font = SWITCHES[token.text]
    p.enter()
    node = with_marks(p.operand(), token)
    p.leave()
    return node


# --- functions and big operators ------------------------------------------------------------------------------------

def function(p: Parser, token: Token) -> Node:
    r"""\tanh."""
    return limits(p, token.text[1:], [token])


def limits(p: Parser, name: str, marks: list[Token], bare: bool = False) -> Node:
    """max, lim ... are big operators when they carry a bound, else functions."""
    if name in LIMITS and p.text() == "_":
        return bounds(p, name, marks, bare)
    return build(Function, name, bare, marks=marks)


def big(p: Parser, token: Token) -> Node:
    r"""\sum_{t=1}^{T}; its body is the product that follows, given by `fold`."""
    return bounds(p, BIG[token.text], [token])


def bounds(p: Parser, name: str, marks: list[Token], bare: bool = False) -> Node:
    """name_{lower}^{upper}."""
    scripted = p.scripts(Blank(span=(p.at(), p.at())))
    if not isinstance(scripted, Scripts):
        return build(BigOperator, name, None, None, OPEN_BODY, bare, marks=marks)
    if scripted.primes:
        raise LayoutError(f"a prime on \\{name}; expected bounds", marks[0].start, marks[-1].end)
    return build(BigOperator, name, scripted.sub, scripted.sup, OPEN_BODY, bare, marks=[*marks, *scripted.marks])
