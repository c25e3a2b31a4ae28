"""check PATH...: every document judged and reported."""
from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from lstm_sym.cli.expectations import from_file, nearest, of_document
from lstm_sym.cli.names import chosen
from lstm_sym.cli.sources import STDIN, documents, standard_input, text_of
from lstm_sym.documents.check import Expectation, check_file, check_text
from lstm_sym.documents.findings import Checked
from lstm_sym.errors import DocumentError, LstmSymError
from lstm_sym.report.formats import FORMATS
from lstm_sym.report.sheet import Sheet

FAILING = ("conditional", "undecided", "not-read")
SHAPE = re.compile(r"\s*[^\s:]+\s*:\s*\w+(\s*[x×]\s*\w+)?\s*")
DONE, REFUTED, UNREADABLE = 0, 1, 2


def run(paths: tuple[str, ...], format: str, fail_on: str, expect: tuple[str, ...], declare: tuple[str, ...],
        color: str) -> int:
    """Judge and report; the exit code.

    Errors: DocumentError, UnknownName before anything is judged; an internal error after the other documents' report.
    """
    _well_formed(declare)
    show = FORMATS[chosen(format, FORMATS, "format")]
    strict = {chosen(v, FAILING, "verdict to fail on").replace("-", "_") for v in fail_on.replace(",", " ").split()}
    colour = _in_colour(chosen(color, ("auto", "always", "never"), "colour mode"))
    given = tuple(x for path in expect for x in from_file(path))
    sheets: list[Sheet] = []
    complaints: list[str] = []
    broken: list[Exception] = []
    for path in _with_progress(documents(paths)):
        try:
            sheet, damage = _sheet(path, given, declare)
        except LstmSymError as error:
            complaints.append(str(error))
        except Exception as error:                     # our bug: the other documents are judged all the same
            complaints.append(f"{path}: not judged")
            broken.append(error)
        else:
            sheets.append(sheet)
            complaints += [damage] if damage else []
    if sheets:
        sys.stdout.write(show(sheets, colour))
    for line in (*(u for s in sheets for u in s.checked.unmet), *complaints):
        print(f"lstm-sym: {line}", file=sys.stderr)
    if broken:
        raise broken[0]
    return UNREADABLE if complaints else REFUTED if any(_fails(s.checked, strict) for s in sheets) else DONE


def _well_formed(declare: tuple[str, ...]) -> None:
    wrong = next((d for d in declare if not SHAPE.fullmatch(d)), None)
    if wrong is not None:
        raise DocumentError(f"--declare {wrong!r}: expected a name and its shape, such as W: n x m, h: n or b: 1")


def _sheet(path: str, given: tuple[Expectation, ...], declare: tuple[str, ...]) -> tuple[Sheet, str | None]:
    """The checked document, and what of it is no text.  Errors: DocumentError."""
    if path == STDIN:
        data = standard_input()
        text = text_of(path, data)
        checked = check_text("\n".join(text.lines), path, "markdown", of_document(given, path), declare)
        return Sheet(checked, text.lines), text.damage
    checked = check_file(path, (*of_document(given, path), *of_document(nearest(path), path)), declare)
    text = text_of(path, Path(path).read_bytes())
    return Sheet(checked, text.lines), text.damage


def _fails(checked: Checked, strict: set[str]) -> bool:
    """Something refuted, or of a verdict that fails too, that nobody expects; or an expectation that is not met."""
    return bool(checked.unmet) or any(f.verdict in {"refuted", *strict} and not f.expected for f in checked.findings)


def _in_colour(mode: str) -> bool:
    """https://no-color.org: a NO_COLOR that is not empty turns colour off unless it is asked for."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return mode == "always" or (mode == "auto" and sys.stdout.isatty() and not plain)


def _with_progress(paths: Sequence[str]) -> Iterator[str]:
    """The paths; meanwhile one line on a terminal's stderr that says which."""
    shown = sys.stderr.isatty() and len(paths) > 1
    for n, path in enumerate(paths, 1):
        if shown:
            print(f"\r\x1b[K{n}/{len(paths)} {path}", end="", file=sys.stderr, flush=True)
        yield path
    if shown:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
