"""Documents judged one by one or side by side, in the order they were given."""
from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from lstm_sym.cli.caching import remembered
from lstm_sym.cli.expectations import nearest, of_document
from lstm_sym.cli.sources import STDIN, standard_input, text_of
from lstm_sym.documents.expecting import Expectation
from lstm_sym.documents.findings import Checked
from lstm_sym.documents.sources import scan
from lstm_sym.documents.sources.items import Document
from lstm_sym.errors import LstmSymError
from lstm_sym.report.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of every document."""

    expectations: tuple[Expectation, ...] = ()
    declare: tuple[str, ...] = ()
    cached: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """A document's sheet or none; complaint: why not, or what of it is no text; broken: an error of ours."""

    sheet: Sheet | None = None
    complaint: str | None = None
    broken: Exception | None = None


def outcomes(paths: Sequence[str], request: Request, jobs: int = 0) -> Iterator[Outcome]:
    """One for each path, in order; jobs: how many processes work, 0 for one a core."""
    workers = min(jobs or os.cpu_count() or 1, len(paths))
    if workers < 2 or STDIN in paths:
        yield from (outcome(path, request) for path in paths)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(outcome, paths, [request] * len(paths))


def outcome(path: str, request: Request) -> Outcome:
    """Judge one document; nothing is raised, so that it does not hide the others."""
    try:
        return _judged(path, request)
    except LstmSymError as error:
        return Outcome(complaint=str(error))
    except Exception as error:                         # our bug: the other documents are judged all the same
        return Outcome(complaint=f"{path}: not judged", broken=error)


def _judged(path: str, request: Request) -> Outcome:
    data = standard_input() if path == STDIN else None
    if data is None:
        document = scan.read(path)
        text = text_of(path, _bytes(path))
    else:
        text = text_of(path, data)
        document = scan.scan("\n".join(text.lines))
    return Outcome(Sheet(checked(document, path, request), text.lines), text.damage)


def checked(document: Document, path: str, request: Request) -> Checked:
    """The document judged, or remembered."""
    wanted = of_document(request.expectations, path)
    wanted += of_document(nearest(path), path) if path != STDIN else ()

    def judge() -> Checked:
        return load()(document, path, wanted, request.declare)

    return remembered(document, (path, wanted, request.declare), judge) if request.cached else judge()


def load() -> Callable[..., Checked]:
    """The checker: it needs all of the mathematics, which a document that is remembered does not wait for."""
    from lstm_sym.documents.check import check_document

    return check_document


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def with_progress(paths: Sequence[str], found: Iterator[Outcome]) -> Iterator[Outcome]:
    """The outcomes; meanwhile one line on a terminal's stderr that says which is awaited."""
    shown = sys.stderr.isatty() and len(paths) > 1
    for n, path in enumerate(paths, 1):
        if shown:
            print(f"\r\x1b[K{n}/{len(paths)} {path}", end="", file=sys.stderr, flush=True)
        yield next(found)
    if shown:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
