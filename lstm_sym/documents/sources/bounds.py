"""What is too long to be a document's: one line, or all of it.  The rest is read as if that were not there."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lstm_sym.documents.sources.items import Fault, Source

LONGEST_LINE = 100_000     # characters; a longer line is left empty
LONGEST = 1_000_000        # characters of a whole text; what follows is cut off


@dataclass(frozen=True, slots=True)
class Bounded:
    """The text within the bounds, and what was left out: (offset of the empty line, its length), and whether an end."""
    text: str
    emptied: tuple[tuple[int, int], ...] = ()
    cut: bool = False


def bounded(text: str) -> Bounded:
    """The text without its overlong lines (their line feeds stay) and without what comes after LONGEST characters."""
    if len(text) <= LONGEST_LINE:
        return Bounded(text)
    kept: list[str] = []
    emptied: list[tuple[int, int]] = []
    at = length = 0
    while at <= len(text) and length <= LONGEST:
        end = text.find("\n", at)
        end = end if end >= 0 else len(text)
        if end - at > LONGEST_LINE:
            emptied.append((length, end - at))
        kept.append(text[at:end] if end - at <= LONGEST_LINE else "")
        length += len(kept[-1]) + 1
        at = end + 1
    return Bounded("\n".join(kept), tuple(emptied), at <= len(text))


def overlong(text: Bounded, source: Source) -> Iterator[Fault]:
    """One Fault for each line left out, and one for the end cut off."""
    for at, length in text.emptied:
        message = f"a line of {length} characters; expected at most {LONGEST_LINE}, it is not read"
        yield Fault(source.place(at, at), message)
    if text.cut:
        at = len(text.text)
        yield Fault(source.place(at, at), f"the text is longer than {LONGEST} characters; the rest is not read")


def nul_bytes(source: Source) -> Iterator[Fault]:
    """The first NUL byte, and how many there are."""
    first = source.text.find("\0")
    if first >= 0:
        yield Fault(source.place(first, first + 1), f"a NUL byte ({source.text.count(chr(0))} in all); expected text")
