"""Directives in comments and the front matter's own key: `<!-- lstm-sym: layout: numerator -->`, `lstm_sym:`."""
from __future__ import annotations

import re
from collections.abc import Iterator

from lstm_sym.documents.sources.items import Directive, Entry, Fault, FrontMatter, Source

MARK = re.compile(r"\s*lstm[-_]sym\s*:", re.IGNORECASE)
DIRECTIVE = re.compile(r"\s*([A-Za-z][\w-]*)\s*:?[ \t]*(.*?)\s*$", re.DOTALL)
ENTRY = re.compile(r"^(?P<indent>[ \t]*)(?P<key>[^\s:#][^:\n]*?)[ \t]*:(?:[ \t]+(?P<value>[^\n]*))?$")
FENCE = re.compile(r"---[ \t]*\r?\n")
CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)


def directives(source: Source, start: int, end: int) -> Iterator[Directive | Fault]:
    """The directives in the comment whose inside is text[start:end]; none if it is an ordinary comment.

    One a line: `lstm-sym: expect refuted E101`, `lstm-sym: model: lstm`.
    """
    text = source.text
    if not MARK.match(text, start, end):
        return
    for match in re.finditer(r"[^\n]+", text[start:end]):
        line = match.group()
        mark = MARK.match(line)
        first = start + match.start() + (mark.end() if mark else 0)
        words = line[mark.end() if mark else 0:]
        if not words.strip():
            if mark:
                yield Fault(source.place(first - 1, first), "an empty directive; expected a word such as `ignore`")
            continue
        first += len(words) - len(words.lstrip())
        found = DIRECTIVE.match(words)
        at = source.place(first, first + len(words.strip()))
        message = f"unreadable directive {words.strip()!r}; expected a word such as `ignore`"
        yield Directive(at, found[1], found[2]) if found else Fault(at, message)


def front_matter(source: Source, start: int, limit: int) -> tuple[FrontMatter | None, int]:
    """The entries under `lstm_sym:` and the offset after the front matter; (None, start) if there is none.

    Only `key: value` lines are read, nested by indentation; lists, quotes and anchors of YAML are left as written.
    """
    opened = FENCE.match(source.text, start, limit)
    closed = CLOSE.search(source.text, opened.end(), min(limit, opened.end() + 100_000)) if opened else None
    if not opened or not closed:
        return None, start
    entries = tuple(_entries(source, opened.end(), closed.start()))
    return FrontMatter(source.place(start, closed.end()), entries), closed.end()


def _entries(source: Source, start: int, end: int) -> Iterator[Entry]:
    path: list[tuple[int, str]] = []
    at = start
    for line in source.text[start:end].splitlines(keepends=True):
        match = ENTRY.match(line.rstrip())
        if match and not line.lstrip().startswith("#"):
            indent = len(match["indent"])
            path = [(width, key) for width, key in path if width < indent] + [(indent, match["key"].strip("'\""))]
            value = (match["value"] or "").strip()
            if len(path) > 1 and path[0][1] in ("lstm_sym", "lstm-sym") and value:
                yield Entry(".".join(key for _, key in path[1:]), unquoted(value), source.position(at)[0])
        at += len(line)


def unquoted(value: str) -> str:
    """'a' and "a" without their quotes."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
