"""Which lines of a Markdown text are code, headings, tables and quotations, as markdown-it reads them.

markdown-it sees only the first characters of each line: blocks are decided there, and a line of 20 MB costs nothing.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token as MarkdownToken

SEEN = 400                 # characters of a line that markdown-it is shown
MOST_LINES = 30_000        # beyond, blocks are told by our own simple rules


@dataclass(frozen=True, slots=True)
class Block:
    """kind: math code indented heading table quote; lines [first, last); info: fence's word, or heading's text.

    closed: a fence has its end, a heading is one of # (not one underlined).
    """
    kind: str
    first: int
    last: int
    info: str = ""
    level: int = 0
    closed: bool = True


def blocks(lines: list[str]) -> list[Block]:
    """The blocks in order of their first line."""
    if len(lines) > MOST_LINES:
        return _fences(lines)
    reader = MarkdownIt("commonmark").enable("table").disable("inline")
    tokens = reader.parse("\n".join(line[:SEEN].replace("\r", " ") for line in lines))
    pairs = zip(tokens, [*tokens[1:], None], strict=False)
    found = (_block(token, after, lines) for token, after in pairs if token.map)
    return sorted((b for b in found if b), key=lambda b: b.first)


def _block(token: MarkdownToken, after: MarkdownToken | None, lines: list[str]) -> Block | None:
    first, last = token.map or (0, 0)
    match token.type:
        case "fence":
            info = token.info.strip()
            ended = last - first > 1 and lines[last - 1].lstrip(" >\t").startswith(token.markup)
            kind = "math" if info.split(" ")[0].lower() in ("math", "{math}") else "code"
            return Block(kind, first, last, info, closed=ended)
        case "code_block":
            return Block("indented", first, last)
        case "heading_open":
            words = after.content if after else ""
            return Block("heading", first, last, words, int(token.tag[1:]), closed=token.markup[0] == "#")
        case "table_open":
            return Block("table", first, last)
        case "blockquote_open":
            return Block("quote", first, last)
    return None


FENCE = re.compile(r" {0,3}(`{3,}|~{3,})\s*(\S*)")
ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")


def _fences(lines: list[str]) -> list[Block]:
    """Fences and headings of a very long text."""
    found: list[Block] = []
    opened: tuple[int, str, str] | None = None
    for k, line in enumerate(lines):
        fence = FENCE.match(line[:SEEN])
        if opened is None and fence:
            opened = (k, fence[1], fence[2])
        elif opened is not None:
            if fence and fence[1].startswith(opened[1]) and not fence[2]:
                found.append(_fence(opened, k + 1, True))
                opened = None
        elif (heading := ATX.match(line[:SEEN])) is not None:
            found.append(Block("heading", k, k + 1, heading[2], len(heading[1])))
    return found + ([_fence(opened, len(lines), False)] if opened else [])


def _fence(opened: tuple[int, str, str], last: int, closed: bool) -> Block:
    kind = "math" if opened[2].lower() in ("math", "{math}") else "code"
    return Block(kind, opened[0], last, opened[2], closed=closed)
