"""From PATH... to documents, each with its text."""
from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from lstm_sym.errors import DocumentError

SUFFIXES = (".md", ".markdown", ".tex", ".ipynb")      # in folders; a file given by name may have any
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a document, and what of it was no text: None, or where and what."""

    lines: tuple[str, ...]
    damage: str | None


def documents(paths: Iterable[str], exclude: Iterable[str] = ()) -> list[str]:
    """Every document once, folders in alphabetical order; exclude: patterns of absolute paths left out of folders.

    Errors: DocumentError for a path that does not exist or a folder without documents.
    """
    patterns = tuple(exclude)
    return list(dict.fromkeys(found for path in paths for found in _documents(path, patterns)))


def _documents(path: str, exclude: tuple[str, ...]) -> list[str]:
    if path == STDIN or Path(path).is_file():
        return [str(Path(path))]                       # ./notes.md is notes.md
    if not Path(path).is_dir():
        raise DocumentError(f"{path}: there is no such file or folder")
    found = [p for p in _within(path) if not any(fnmatch(os.path.abspath(p), pattern) for pattern in exclude)]
    if not found:
        raise DocumentError(f"{path}: this folder holds no document (*{', *'.join(SUFFIXES)})")
    return found


def _within(folder: str) -> Iterator[str]:
    """Documents of a folder and those below; hidden folders are left out."""
    for here, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (str(Path(here, name)) for name in sorted(names) if name.lower().endswith(SUFFIXES))


def text_of(path: str, data: bytes) -> Text:
    """The lines of a document, and the first byte that is no text."""
    lines = tuple(data.decode("utf-8-sig", errors="replace").split("\n"))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = f"byte 0x{data[error.start]:02x} is no UTF-8; save the file as UTF-8"
        return Text(lines, _damage(path, data, error.start, byte))
    nul = data.find(b"\0")
    return Text(lines, None if nul < 0 else _damage(path, data, nul, "a NUL byte; remove it, text has none"))


def _damage(path: str, data: bytes, at: int, what: str) -> str:
    before = data[:at].decode("utf-8", errors="replace")
    return f"{path}:{before.count(chr(10)) + 1}:{at - data.rfind(bytes([10]), 0, at)}: {what}"


def standard_input() -> bytes:
    """All bytes of standard input."""
    return sys.stdin.buffer.read()
