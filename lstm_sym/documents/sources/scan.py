"""A file or text to its items: `scan(text)`, `read(path)`.  Knows no mathematics.

    Markdown  .md .markdown .qmd .txt ...   $ $$ \\( \\[ ```math, bare environments, comments, tables, front matter
    TeX       .tex .ltx                      environments, \\[ $, % comments, \\input of files in the same folder
    notebook  .ipynb                         its Markdown cells
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from lstm_sym.documents.layout.macros import Macro, definitions
from lstm_sym.documents.sources import markdown, notebook, tex
from lstm_sym.documents.sources.bounds import LONGEST, bounded, nul_bytes, overlong
from lstm_sym.documents.sources.items import (
    Cell,
    Directive,
    Display,
    Document,
    Entry,
    Fault,
    Formula,
    FrontMatter,
    Heading,
    Inline,
    Item,
    Place,
    Prose,
    Segment,
    Source,
    Table,
)
from lstm_sym.errors import DocumentError

FORMATS = {".tex": "tex", ".ltx": "tex", ".latex": "tex", ".ipynb": "notebook"}      # all others: markdown
LARGEST = 50_000_000       # bytes of one document


def scan(text: str, format: str = "markdown", path: str = "", folder: Path | None = None) -> Document:
    """The items of a text; format: "markdown", "tex" or "notebook"; folder: where \\input finds files, if anywhere.

    Errors: DocumentError for another format, or a notebook that is none.  Everything else is a Fault among the items.
    """
    if format not in SCANNERS:
        raise DocumentError(f"unknown format {format!r}; expected one of {', '.join(SCANNERS)}")
    return SCANNERS[format](text, path, folder)


def read(path: str | Path) -> Document:
    """The items of a file.

    Errors: DocumentError if it cannot be read, is larger than LARGEST or is UTF-16; other bytes that are no UTF-8
    are a Fault.
    """
    path = Path(path)
    data = _bytes(path)
    text = data.decode("utf-8-sig", errors="replace")
    document = SCANNERS[FORMATS.get(path.suffix.lower(), "markdown")](text, str(path), path.parent)
    return replace(document, items=_sorted([*_undecoded(data), *document.items]))


# --- one function a format ------------------------------------------------------------------------------------------

def _markdown(text: str, path: str, folder: Path | None) -> Document:
    within = bounded(text)
    source = Source.of(within.text)
    items = markdown.items(source, 0, len(source.text))
    return _document(path, "markdown", source, [*overlong(within, source), *items])


def _tex(text: str, path: str, folder: Path | None) -> Document:
    within = bounded(text)
    included = _Inputs(folder, path)
    source = Source.of(*included.join(within.text))
    items = tex.items(source, 0, len(source.text))
    faults = [*overlong(within, Source.of(within.text)), *included.faults(source)]
    return _document(path, "tex", source, [*faults, *items])


def _notebook(text: str, path: str, folder: Path | None) -> Document:
    source, cells = notebook.source_of(text, path)
    cells = tuple((a, b) for a, b in cells if b <= LONGEST)
    return _document(path, "notebook", source, [item for span in cells for item in markdown.items(source, *span)])


SCANNERS = {"markdown": _markdown, "tex": _tex, "notebook": _notebook}


def _document(path: str, format: str, source: Source, items: list[Item]) -> Document:
    faults = nul_bytes(source)
    macros = definitions(source.text) if format == "tex" else _macros(source, items)
    return Document(path, format, source, _sorted([*faults, *items]), tuple(macros))


def _sorted(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: item.at.start))


def _macros(source: Source, items: list[Item]) -> Iterator[Macro]:
    """Definitions in prose, formulas and front matter, not in code."""
    for item in items:
        if isinstance(item, FrontMatter):
            own = [e for e in item.entries if e.key.startswith("macros.")]
            yield from (Macro(e.key.removeprefix("macros."), 0, e.value) for e in own)
        if isinstance(item, Prose | Display | Inline | FrontMatter):
            text = source.text[item.at.start:item.at.end]
            text = CODE_SPAN.sub(lambda m: " " * len(m.group()), text) if isinstance(item, Prose) else text
            for macro in definitions(text):
                yield replace(macro, start=macro.start + item.at.start, end=macro.end + item.at.start)


CODE_SPAN = re.compile(r"`[^`\n]*`")


# --- files ----------------------------------------------------------------------------------------------------------

def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise DocumentError(f"{path}: {path.stat().st_size} bytes; expected at most {LARGEST}")
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror or error}") from error
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DocumentError(f"{path}:1:1: this is UTF-16; expected UTF-8, save it as that")
    return data


def _undecoded(data: bytes) -> Iterator[Fault]:
    """The first byte that is no UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[:error.start].decode("utf-8-sig", errors="replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        place = Place(line, column, line, len(before), len(before) + 1)
        yield Fault(place, f"byte 0x{data[error.start]:02x} is no UTF-8; expected UTF-8, it is read as U+FFFD")


INPUT = re.compile(r"(?<!\\)%[^\n]*|\\(?:input|include)\s*\{\s*([^{}\n]{1,200}?)\s*\}")
DEEPEST, MOST_FILES = 10, 200


class _Inputs:
    """\\input{part} replaced by the file of that name, if it lies in the document's folder or below."""

    def __init__(self, folder: Path | None, path: str) -> None:
        self.folder = folder.resolve() if folder else None
        self.path = path
        self.pieces: list[str] = []
        self.segments: list[Segment] = []
        self.found: list[tuple[int, str]] = []     # offset, what is wrong
        self.length = self.files = 0

    def join(self, text: str) -> tuple[str, tuple[Segment, ...]]:
        """All files in one text, and where each part comes from."""
        self.add(text, "", ())
        return "".join(self.pieces), tuple(self.segments)

    def faults(self, source: Source) -> Iterator[Fault]:
        """What could not be included, and why."""
        return (Fault(source.place(at, at + 1), message) for at, message in self.found)

    def add(self, text: str, name: str, parents: tuple[Path, ...]) -> None:
        own, at = Source.of(text), 0
        for match in INPUT.finditer(text):
            inner = match[1] and self.file(match[1], parents)
            if not isinstance(inner, Path):
                if match[1]:
                    self.found.append((self.length + match.start() - at, str(inner)))
                continue
            self.piece(own, at, match.start(), name)
            self.files += 1
            self.add(inner.read_bytes().decode("utf-8-sig", errors="replace"), str(inner), (*parents, inner))
            at = match.end()
        self.piece(own, at, len(text), name)

    def piece(self, own: Source, start: int, end: int, name: str) -> None:
        line, column = own.position(start)
        self.segments.append(Segment(self.length, name, 0, line, column))
        self.pieces.append(own.text[start:end])
        self.length += end - start

    def file(self, name: str, parents: tuple[Path, ...]) -> Path | str:
        """The file to include, or why it is not."""
        if self.folder is None:
            return f"\\input{{{name}}} is not followed: the text has no folder"
        path = (self.folder / name).resolve()
        path = path if path.is_file() else path.with_name(path.name + ".tex").resolve()
        if not path.is_relative_to(self.folder):
            return f"\\input{{{name}}} is not followed: it leaves the document's folder"
        if not path.is_file() or path.stat().st_size > LARGEST:
            return f"\\input{{{name}}}: no such file in the document's folder"
        if path in parents or len(parents) >= DEEPEST or self.files >= MOST_FILES or path == Path(self.path).resolve():
            return f"\\input{{{name}}} is not followed: the files include each other"
        return path


__all__ = ["Cell", "Directive", "Display", "Document", "Entry", "Fault", "Formula", "FrontMatter", "Heading", "Inline",
           "Item", "Place", "Prose", "Source", "Table", "read", "scan"]
