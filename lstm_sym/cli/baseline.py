"""A baseline: the findings a project already has, so that only new ones fail a run.

    {"version": 1, "findings": [{"path": "notes.md", "latex": "...", "verdict": "refuted", "code": "E101", "count": 1}]}

A finding is known by its equation, not by its line: text may be added above it.
"""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from os.path import relpath
from pathlib import Path, PurePath
from typing import Any, TypeAlias

from lstm_sym.documents.findings import Finding
from lstm_sym.errors import DocumentError
from lstm_sym.report.sheet import Sheet

VERSION = 1
FAULTY = frozenset(("refuted", "conditional", "undecided", "not_read"))
Known: TypeAlias = Counter[tuple[str, str, str, str]]      # path, latex, verdict, code -> how many times


def write(path: str, sheets: Iterable[Sheet]) -> int:
    """Write what is not proved and not expected already; how many findings that is.  Errors: OSError."""
    home = Path(path).resolve().parent
    known = Counter(_key(s.checked.path, f, home) for s in sheets for f in s.checked.findings
                    if f.verdict in FAULTY and not f.expected)
    rows = [{"path": p, "latex": latex, "verdict": verdict, "code": code, "count": n}
            for (p, latex, verdict, code), n in sorted(known.items())]
    Path(path).write_text(json.dumps({"version": VERSION, "findings": rows}, indent=2) + "\n", encoding="utf-8")
    return known.total()


def read(path: str) -> Known:
    """The findings of a baseline.  Errors: DocumentError."""
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        return Counter({(r["path"], r["latex"], r["verdict"], r["code"]): int(r["count"]) for r in _rows(data)})
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise DocumentError(f"{path}: this is no baseline of lstm-sym; write it again with --write-baseline") from error


def _rows(data: Any) -> list[Any]:
    if data["version"] != VERSION:
        raise ValueError(data["version"])
    return list(data["findings"])


def without_known(sheets: Iterable[Sheet], known: Known, path: str) -> list[Sheet]:
    """The sheets, with as many findings of each kind expected as the baseline at `path` knows."""
    left, home = Counter(known), Path(path).resolve().parent
    return [replace(s, checked=replace(s.checked, findings=tuple(_known(s.checked.path, f, left, home)
                                                                  for f in s.checked.findings))) for s in sheets]


def _known(path: str, finding: Finding, left: Known, home: Path) -> Finding:
    key = _key(path, finding, home)
    if finding.expected or not left[key]:
        return finding
    left[key] -= 1
    return replace(finding, expected=True)


def _key(path: str, f: Finding, home: Path) -> tuple[str, str, str, str]:
    return PurePath(relpath(path, home)).as_posix(), f.latex, f.verdict or "", f.code or ""
