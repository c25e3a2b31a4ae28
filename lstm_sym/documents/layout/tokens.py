"""LaTeX mathematics as tokens, each with its place: `W_{hh}` is W _ { h h }.

A token's text is the TeX spelling the tree uses: `≤` and `\\leq` read `\\le`; `ᵀ` reads `^ { T }`, all at one place.
White space and comments are no tokens; `spaced` remembers that some stood before.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lstm_sym.documents.layout.alphabet import (
    ASIDE,
    COMBINING,
    SAME,
    SUBSCRIPT,
    SUPERSCRIPT,
    TAKES_ARGUMENT,
    TEXTS,
    UNICODE,
)
from lstm_sym.errors import LayoutError


@dataclass(frozen=True, slots=True)
class Token:
    """kind: letter number command sign begin end text label tag space wide; argument: what its braces hold."""
    kind: str
    text: str
    start: int
    end: int
    spaced: bool = False
    argument: str = ""
    index: int = -1                       # place in the formula's own token stream, after expansion


STARRED = "|".join(re.escape(name[1:-1]) for name in sorted({*ASIDE, *TEXTS, r"\operatorname*"}) if name.endswith("*"))
EAST = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"            # letters of words that stand between formulas without \text
LENGTH = r"-?\s*[\d.]+\s*(?:pt|em|ex|cm|mm|in|mu|bp|\\baselineskip)"
COLUMNED = "|".join(re.escape(name) for name in sorted(TAKES_ARGUMENT, reverse=True))
PATTERN = re.compile(rf"""
    (?P<blank>   \s+ | %[^\n]* )
  | (?P<column>  \\begin\s*\{{\s*(?P<wide>{COLUMNED})\s*\}} (?:\s*\[[tbc]\])?
                 \s*\{{(?P<columns>(?:[^{{}}]|\{{[^{{}}]{{0,99}}\}}){{0,99}})\}} )
  | (?P<begin>   \\begin\s*\{{\s*(?P<opened>[A-Za-z]+\*?)\s*\}} (?:\s*\[[tbc]\])? )
  | (?P<end>     \\end\s*\{{\s*(?P<closed>[A-Za-z]+\*?)\s*\}} )
  | (?P<row>     \\\\\*?(?:[ \t]*\[\s*{LENGTH}\s*\])? | \\(?:cr|newline|tabularnewline)(?![A-Za-z]) )
  | (?P<kern>    \\(?:mkern|kern|mskip|hskip)\s*{LENGTH} | \\bbox\[[^\]\n]{{0,80}}\]
               | \\(?:mspace|raisebox)\{{\s*{LENGTH}\s*\}} )
  | (?P<command> \\(?:{STARRED})\* | \\[A-Za-z]+ )
  | (?P<escaped> \\. )
  | (?P<number>  \d+(?:\.\d+)?(?:e-\d+)? | \.\d+ )
  | (?P<combo>   <= | >= | != | -> | => | \+= | -= | := | == | \.\.\.? )
  | (?P<high>    [{''.join(SUPERSCRIPT)}]+ )
  | (?P<low>     [{''.join(SUBSCRIPT)}]+ )
  | (?P<accented>[^\W\d_][{''.join(COMBINING)}]+ )
  | (?P<words>   [{EAST}] (?: [^\\{{}}_^=<>&$|\n]* [{EAST}] )? )
  | (?P<other>   . )
""", re.VERBOSE | re.DOTALL)


def tokenize(source: str) -> tuple[Token, ...]:
    """The tokens of a formula, macros not yet expanded.

    Errors: LayoutError for a `\\text{` whose brace never closes.
    """
    return tuple(_digits_of_fractions(_tokens(source, 0, len(source))))


def _digits_of_fractions(tokens: Iterator[Token]) -> Iterator[Token]:
    r"""\frac12 is \frac 1 2: digits after \frac stand one by one."""
    wanted = 0
    for token in tokens:
        head = token.text[:wanted] if token.kind == "number" and token.text.isdecimal() and wanted else ""
        for k, digit in enumerate(head if len(token.text) > 1 else ""):
            at = token.start + k
            yield replace(token, text=digit, start=at, end=at + 1, spaced=token.spaced and k == 0)
        rest = len(head) if len(token.text) > 1 else 0
        if rest < len(token.text):
            yield replace(token, text=token.text[rest:], start=token.start + rest) if rest else token
        wanted = 2 if token.text == r"\frac" else max(wanted - max(len(head), 1), 0) if head else 0


def numbered(tokens: list[Token]) -> tuple[Token, ...]:
    """The same tokens, each knowing its index."""
    return tuple(replace(token, index=i) for i, token in enumerate(tokens))


def closing_brace(source: str, opening: int, limit: int) -> int:
    """Offset of the `}` that closes source[opening] == "{", or -1 if there is none before limit."""
    depth = 0
    for match in BRACE.finditer(source, opening, limit):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.start()
    return -1


BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


def _tokens(source: str, position: int, limit: int) -> Iterator[Token]:
    spaced = False
    while position < limit:
        match = PATTERN.match(source, position, limit)
        if match is None:
            raise LayoutError("no token can be read here; please report", position, position + 1)
        kind, start, position = match.lastgroup, match.start(), match.end()
        if kind == "blank":
            spaced = True
            continue
        if kind == "command" and match.group() in ARGUMENTS and (brace := _brace(source, position, limit)) >= 0:
            yield from _with_argument(source, match.group(), start, brace, limit, spaced)
            position = closing_brace(source, brace, limit) + 1
        else:
            yield from _plain(match, spaced)
        spaced = False


ARGUMENTS = ASIDE.keys() | TEXTS.keys()
NEXT_BRACE = re.compile(r"\s*\{")


def _brace(source: str, position: int, limit: int) -> int:
    match = NEXT_BRACE.match(source, position, limit)
    return match.end() - 1 if match else -1


def _with_argument(source: str, command: str, start: int, brace: int, limit: int, spaced: bool) -> Iterator[Token]:
    r"""`\label{..}` is one token; `\text{if $t < T$ then}` is the words, then the tokens of t < T, then the words."""
    end = closing_brace(source, brace, limit)
    if end < 0:
        raise LayoutError(f"the brace after {command} is never closed; expected }}", start, brace + 1)
    if command in ASIDE:
        yield Token(ASIDE[command], command, start, end + 1, spaced, source[brace + 1:end])
        return
    pieces = _dollars(source, brace + 1, end)
    for i, (first, last) in enumerate(pieces):
        if i % 2:
            yield from _tokens(source, first, last)
        elif i == 0 or source[first:last].strip() not in ("", "$"):
            edge = (start if i == 0 else first, end + 1 if i == len(pieces) - 1 else last)
            yield Token("text", command, *edge, spaced or i > 0, source[first:last])


def _dollars(source: str, first: int, last: int) -> list[tuple[int, int]]:
    """Spans outside and inside `$`, in turn; an odd number of dollars is plain text."""
    cuts = [m.start() for m in re.finditer(r"(?<!\\)\$", source[first:last])]
    if not cuts or len(cuts) % 2:
        return [(first, last)]
    starts = [first, *(first + c + 1 for c in cuts)]
    return list(zip(starts, [*(first + c for c in cuts), last], strict=True))


# --- one match, one or more tokens ----------------------------------------------------------------------------------

def _plain(match: re.Match[str], spaced: bool) -> Iterator[Token]:
    kind, raw, (start, end) = str(match.lastgroup), match.group(), match.span()
    match kind:
        case "column":
            yield Token("begin", match["wide"], start, end, spaced, match["columns"])
        case "begin":
            yield Token(kind, match["opened"], start, end, spaced)
        case "end":
            yield Token(kind, match["closed"], start, end, spaced)
        case "row":
            yield Token("sign", r"\\", start, end, spaced)
        case "kern":
            yield Token("space", raw, start, end, spaced)
        case "command" | "escaped":
            yield Token("command", SAME.get(raw, raw), start, end, spaced)
        case "number":
            yield Token("number", raw, start, end, spaced)
        case "words":
            yield Token("text", r"\text", start, end, spaced, raw)
        case "combo":
            yield Token("sign", SAME.get(raw, r"\dots" if raw == ".." else raw), start, end, spaced)
        case _:
            for i, text in enumerate(spell(kind, raw)):
                yield Token(_kind(text), text, start, end, spaced and i == 0)


def spell(kind: str, raw: str) -> tuple[str, ...]:
    """TeX spelling of a Unicode run: ₜ₊₁ is _ { t + 1 }, h̃ is \\tilde { h }, 𝐖 is \\mathbf { W }."""
    if kind == "high":
        return ("^", "{", *(SUPERSCRIPT[c] for c in raw), "}")
    if kind == "low":
        return ("_", "{", *(SUBSCRIPT[c] for c in raw), "}")
    if kind == "accented" or (len(unicodedata.normalize("NFD", raw)) == 2 and not raw.isascii()):
        spelling = unicodedata.normalize("NFD", raw)
        base, accents = spelling[0], spelling[1:]
        if all(a in COMBINING for a in accents):
            inner = spell("other", base)
            for accent in accents:
                inner = (COMBINING[accent], "{", *inner, "}")
            return inner
    if raw in UNICODE:
        return tuple("''") if raw == "″" else tuple("'''") if raw == "‴" else (UNICODE[raw],)
    return (raw,) if raw.isascii() else _styled(raw)


ALPHABETS = (("DOUBLE-STRUCK", r"\mathbb"), ("SCRIPT", r"\mathcal"), ("FRAKTUR", r"\mathfrak"), ("BOLD", r"\mathbf"))


def _styled(raw: str) -> tuple[str, ...]:
    """𝐖 ℝ ℒ 𝑊: the plain letter in its font; any other character is itself."""
    plain = unicodedata.normalize("NFKC", raw)
    if len(plain) != 1 or plain == raw:
        return (raw,)
    plain, name = UNICODE.get(plain, plain), unicodedata.name(raw, "")
    return next(((font, "{", plain, "}") for word, font in ALPHABETS if word in name), (plain,))


def _kind(text: str) -> str:
    return "command" if len(text) > 1 else "letter" if text.isalpha() else "number" if text.isdecimal() else "sign"
