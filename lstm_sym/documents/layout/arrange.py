"""Tokens made ready for the parser: spaces set aside, row breaks told apart, bars counted, runs of letters measured.

`a &= b \\\\ &= c` is one chain: a row break before a relation or an operator, or inside brackets, is only a space.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from lstm_sym.documents.layout.alphabet import (
    ALIGNED,
    BARS,
    BRACKETS,
    CASES,
    CLOSERS,
    ONE_FORMULA,
    OPERATORS,
    RELATIONS,
    SIGNS,
    SIZES,
    SPACES,
    WIDE,
)
from lstm_sym.documents.layout.tokens import Token
from lstm_sym.errors import LayoutError

DEEPEST = 100              # nesting of brackets, groups and environments


@dataclass(frozen=True, slots=True)
class Arranged:
    """What the parser reads (tokens, with one fact each per column) and what it may ignore."""
    tokens: tuple[Token, ...]
    ignored: tuple[Token, ...]
    named: tuple[Token, ...]       # `\\tag{..}` and `\\label{..}`
    gap: tuple[str, ...]           # before each token: "" nothing, "space" white space or a thin space, "wide" \\quad
    role: tuple[str, ...]          # of a bar after \\bigl: "open", "close", "middle"
    run_end: tuple[int, ...]       # index after the run of adjacent letters the token stands in
    later_bars: tuple[int, ...]    # how many bars of the same kind, this one counted, follow in the same group


def arrange(tokens: tuple[Token, ...]) -> Arranged:
    """Splits the stream.  Errors: LayoutError if brackets nest deeper than DEEPEST."""
    kept, ignored, gap, role = _set_aside(tokens)
    soft = _soft_breaks(kept)
    marked = [k for k in range(len(kept)) if k not in soft]
    ignored += [kept[k] for k in soft]
    gaps = _widened(kept, gap, soft)
    final = tuple(kept[k] for k in marked)
    named = tuple(token for token in tokens if token.kind in ("tag", "label"))
    return Arranged(final, tuple(ignored), named, tuple(gaps), tuple(role[k] for k in marked),
                    _run_ends(final, gaps), _later_bars(final))


def _widened(kept: list[Token], gap: list[str], soft: set[int]) -> list[str]:
    """The gaps of the tokens that stay: an `&` is a wide space, a soft row break a space."""
    gaps, before = [], ""
    for k, token in enumerate(kept):
        if k in soft:
            before = "wide" if "wide" in (before, gap[k]) or token.text == "&" else "space"
        else:
            gaps.append("wide" if "wide" in (before, gap[k]) else before or gap[k])
            before = ""
    return gaps


def _set_aside(tokens: tuple[Token, ...]) -> tuple[list[Token], list[Token], list[str], list[str]]:
    kept: list[Token] = []
    ignored: list[Token] = []
    gap: list[str] = []
    role: list[str] = []
    before, side = "", ""
    torn = _torn_brackets(tokens)
    for k, token in enumerate(tokens):
        if token.kind in ("tag", "label"):
            continue
        if k in torn or token.text in SIZES or is_space(token) or _ends_row(tokens, k):
            ignored.append(token)
            side = SIZES.get(token.text, side)
            before = "wide" if before == "wide" or token.text in WIDE or token.kind == "wide" else "space"
            continue
        kept.append(token)
        gap.append(before or ("space" if token.spaced else ""))
        role.append(side)
        before, side = "", ""
    return kept, ignored, gap, role


def _ends_row(tokens: tuple[Token, ...], k: int) -> bool:
    r"""A colon as the last of its row, as in `\text{for } t = T: \\`, is no relation."""
    after = next((t for t in tokens[k + 1:] if not is_space(t)), None)
    return tokens[k].text == ":" and (after is None or after.text == r"\\" or after.kind == "end")


def _torn_brackets(tokens: tuple[Token, ...]) -> set[int]:
    r"""\left( a \right. \\ \left. b \right): the two missing brackets and the row break between are only spaces."""
    torn: set[int] = set()
    for k, token in enumerate(tokens):
        if token.text == r"\right" and k + 1 < len(tokens) and tokens[k + 1].text == ".":
            j = k + 2
            while j < len(tokens) and (tokens[j].text in ("&", r"\\") or is_space(tokens[j])):
                j += 1
            if any(t.text == r"\\" for t in tokens[k:j]) and [t.text for t in tokens[j:j + 2]] == [r"\left", "."]:
                torn.update(range(k, j + 2))
    return torn


def is_space(token: Token) -> bool:
    """A token with no content: spacing, style, `\\phantom{..}`."""
    return token.kind in ("space", "wide") or token.text in SPACES or token.text in WIDE


# --- row breaks -----------------------------------------------------------------------------------------------------

EQUATION_COLUMNS = frozenset("rcl lcl rl r@{}l rcll rclrcl".split())
OPENING = frozenset(BRACKETS) | {"{", r"\left"}
CLOSING = CLOSERS | {"}", r"\right"}


def _soft_breaks(tokens: list[Token]) -> set[int]:
    """Indices of the `&` and `\\\\` that are only spaces."""
    soft: set[int] = set()
    levels: list[str] = ["aligned"]       # innermost last: aligned, one, cells, bracket, stack
    rows = _rows_with_relation(tokens)
    for k, token in enumerate(tokens):
        if token.text in ("&", r"\\") and token.kind != "begin":
            aligned = levels[-1] == "aligned" and (token.text == "&" or _continues(tokens, k, rows))
            if aligned or levels[-1] in ("bracket", "one"):
                soft.add(k)
            continue
        _step(levels, tokens, k)
        if len(levels) > DEEPEST:
            raise LayoutError(f"brackets nest deeper than {DEEPEST}", token.start, token.end)
    return soft


def _step(levels: list[str], tokens: list[Token], k: int) -> None:
    token, before = tokens[k], tokens[k - 1].text if k else ""
    if token.kind == "begin":
        levels.append("one" if token.text in ONE_FORMULA else "aligned" if opens_rows(tokens, k) else "cells")
    elif token.kind == "end":
        if levels[-1] in ("aligned", "cells", "one") and len(levels) > 1:
            levels.pop()
    elif before in (r"\left", r"\right", r"\middle"):
        pass                              # the bracket itself; \left and \right were counted
    elif token.text in OPENING:
        levels.append("stack" if before == r"\substack" else "bracket")
    elif token.text in CLOSING and levels[-1] in ("bracket", "stack"):
        levels.pop()


def opens_rows(tokens: Sequence[Token], k: int) -> bool:
    """Does the `\\begin` at k open rows of statements, not of cells?  Cases and arrays do if they are all of the display."""
    name, columns = tokens[k].text, tokens[k].argument.replace(" ", "")
    if name in ALIGNED or (name == "array" and columns in EQUATION_COLUMNS):
        return True
    braced = k == 2 and tokens[0].text == r"\left" and tokens[1].text in (r"\{", ".")
    if not ((k == 0 or braced) and name in CASES | {"array"}):
        return False
    first = next((n for n in range(k + 1, len(tokens)) if tokens[n].text != r"\\"), len(tokens))
    row = takewhile(lambda t: t.text not in ("&", r"\\") and t.kind != "end", tokens[first:])
    return any(t.text in RELATIONS for t in row)


def _continues(tokens: list[Token], k: int, rows: dict[int, bool]) -> bool:
    """Does the row after the break at k go on with the formula before it?"""
    after = k + 1
    while after < len(tokens) and tokens[after].text == "&":
        after += 1
    before = k - 1
    while before >= 0 and tokens[before].text == "&":
        before -= 1
    if before >= 0 and tokens[before].text in JOINS:
        return True
    if after >= len(tokens):
        return False
    text = tokens[after].text
    sign = text in SIGNS and (after > k + 1 or not rows.get(k, False))
    return text in RELATIONS or text in OPERATORS or sign


JOINS = RELATIONS | SIGNS | OPERATORS


def _rows_with_relation(tokens: list[Token]) -> dict[int, bool]:
    """For each `\\\\`: does the row that follows hold a relation?  One pass from the right."""
    found: dict[int, bool] = {}
    seen = False
    for k in range(len(tokens) - 1, -1, -1):
        if tokens[k].text == r"\\":
            found[k], seen = seen, False
        seen = seen or tokens[k].text in RELATIONS
    return found


# --- bars and letters -----------------------------------------------------------------------------------------------

def _run_ends(tokens: tuple[Token, ...], gap: list[str]) -> tuple[int, ...]:
    ends = [0] * len(tokens)
    for k in range(len(tokens) - 1, -1, -1):
        joined = k + 1 < len(tokens) and tokens[k + 1].kind == "letter" and not gap[k + 1]
        ends[k] = ends[k + 1] if joined and tokens[k].kind == "letter" else k + 1
    return tuple(ends)


def _later_bars(tokens: tuple[Token, ...]) -> tuple[int, ...]:
    """|a| |b| counts 4 3 2 1: an even count may open a pair, the last of an odd one is a separator."""
    counts = [0] * len(tokens)
    levels: list[dict[str, int]] = [{}]
    for k in range(len(tokens) - 1, -1, -1):
        token = tokens[k]
        if token.kind == "end" or token.text in CLOSING:
            levels.append({})
        elif (token.kind == "begin" or token.text in OPENING) and len(levels) > 1:
            levels.pop()
        elif token.text in BARS and not (k and tokens[k - 1].text in (r"\left", r"\right", r"\middle")):
            levels[-1][token.text] = counts[k] = levels[-1].get(token.text, 0) + 1
        elif token.text in (r"\\", "&"):
            levels[-1] = {}
    return tuple(counts)

