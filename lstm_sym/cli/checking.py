"""check PATH...: every document judged and reported."""
from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from lstm_sym.cli import baseline
from lstm_sym.cli.configuration import Settings
from lstm_sym.cli.expectations import from_file
from lstm_sym.cli.fixing import Fix, fix
from lstm_sym.cli.judging import Request, outcomes, with_progress
from lstm_sym.cli.names import chosen
from lstm_sym.cli.sources import documents
from lstm_sym.documents.findings import Checked
from lstm_sym.errors import DocumentError
from lstm_sym.report.formats import FORMATS
from lstm_sym.report.sheet import Sheet

FAILING = ("conditional", "undecided", "not-read")
SHAPE = re.compile(r"\s*[^\s:]+\s*:\s*\w+(\s*[x×]\s*\w+)?\s*")
DONE, REFUTED, UNREADABLE = 0, 1, 2


def run(paths: tuple[str, ...], settings: Settings) -> int:
    """Judge and report; the exit code.

    Errors: DocumentError, UnknownName before anything is judged; an internal error after the other documents' report.
    """
    _well_formed(settings)
    show = FORMATS[chosen(settings.format, FORMATS, "format")]
    colour = in_colour(chosen(settings.color, ("auto", "always", "never"), "colour mode"))
    strict = {chosen(v, FAILING, "verdict to fail on").replace("-", "_") for v in settings.fail_on}
    request = Request(tuple(x for path in settings.expect for x in from_file(path)), settings.declare, settings.cache)
    found = documents(paths, settings.exclude)
    known = baseline.read(settings.baseline) if settings.baseline and not settings.write_baseline else None
    if settings.diff:
        return _shown([fix(path, request) for path in found])
    if settings.fix:
        _write([fix(path, request) for path in found])
    judged = list(with_progress(found, outcomes(found, request, settings.jobs)))
    sheets = [o.sheet for o in judged if o.sheet is not None]
    complaints = [o.complaint for o in judged if o.complaint is not None]
    complaints += [bug for sheet in sheets for bug in sheet.checked.bugs]
    if settings.write_baseline and not complaints:
        return _written(settings.baseline, sheets)
    sheets = sheets if known is None else baseline.without_known(sheets, known, settings.baseline)
    if settings.emit_numpy:
        _emit(Path(settings.emit_numpy), sheets)
    if sheets:
        sys.stdout.write(show(sheets, colour))
    _say((*(u for s in sheets for u in s.checked.unmet), *complaints))
    if broken := [o.broken for o in judged if o.broken is not None]:
        raise broken[0]
    return UNREADABLE if complaints else REFUTED if any(_fails(s.checked, strict) for s in sheets) else DONE


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(f"lstm-sym: {line}", file=sys.stderr)


def _well_formed(settings: Settings) -> None:
    wrong = next((d for d in settings.declare if not SHAPE.fullmatch(d)), None)
    if wrong is not None:
        raise DocumentError(f"--declare {wrong!r}: expected a name and its shape, such as W: n x m, h: n or b: 1")
    if settings.write_baseline and not settings.baseline:
        raise DocumentError("--write-baseline: name the file too, as --baseline FILE")


def _shown(fixes: Sequence[Fix]) -> int:
    """Print what --fix would write; 1 if it would write something."""
    sys.stdout.write("".join(one.diff() for one in fixes))
    _say(f"{one.path}: {_equations(one.corrected)} would be corrected by --fix" for one in fixes if one.corrected)
    return REFUTED if any(one.corrected for one in fixes) else DONE


def _write(fixes: Sequence[Fix]) -> None:
    for one in fixes:
        if one.corrected:
            one.write()
            _say((f"{one.path}: {_equations(one.corrected)} corrected",))


def _equations(n: int) -> str:
    return f"{n} equation{'' if n == 1 else 's'}"


def _emit(folder: Path, sheets: Sequence[Sheet]) -> None:
    """One program a refuted equation: notes_line23.py."""
    folder.mkdir(parents=True, exist_ok=True)
    shown = [(s.checked.path, f) for s in sheets for f in s.checked.findings if f.script is not None]
    for path, f in shown:
        name = "_".join(part for part in re.split(r"\W+", os.path.splitext(path)[0]) if part) or "text"
        (folder / f"{name}_line{f.line}_{f.column}.py").write_text(f.script or "", encoding="utf-8")
    _say((f"{folder}: {len(shown)} program{'' if len(shown) == 1 else 's'} that show the witnesses",))


def _written(path: str, sheets: Sequence[Sheet]) -> int:
    n = baseline.write(path, sheets)
    print(f"{path}: {n} finding{'' if n == 1 else 's'} of today will not fail a run")
    return DONE


def _fails(checked: Checked, strict: set[str]) -> bool:
    """Something refuted, or of a verdict that fails too, that nobody expects; or an expectation that is not met."""
    return bool(checked.unmet) or any(f.verdict in {"refuted", *strict} and not f.expected for f in checked.findings)


def in_colour(mode: str) -> bool:
    """https://no-color.org: a NO_COLOR that is not empty turns colour off unless it is asked for."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return mode == "always" or (mode == "auto" and sys.stdout.isatty() and not plain)
