"""Expected findings from TOML: `--expect FILE`, and `[[tool.lstm-sym.expect]]` of the nearest pyproject.toml.

    [[expect]]
    path = "notes.md"       # relative to the TOML file, or to where the command runs
    line = 9
    verdict = "refuted"
    code = "E101"           # may be left out
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from lstm_sym.cli.names import chosen
from lstm_sym.cli.toml import project_above, toml
from lstm_sym.documents.expecting import Expectation
from lstm_sym.documents.findings import VERDICTS
from lstm_sym.errors import DocumentError, UnknownName
from lstm_sym.report.explain import codes

KEYS = {"path": str, "line": int, "verdict": str, "code": str}
NEEDED = ("path", "line", "verdict")


def from_file(path: str) -> tuple[Expectation, ...]:
    """The expectations of a TOML file.  Errors: DocumentError, which says where and what was expected."""
    data = toml(Path(path))
    unknown = next(iter(data.keys() - {"expect"}), None)
    if unknown is not None or "expect" not in data:
        raise DocumentError(f"{path}: expected [[expect]] tables, got {f'the key {unknown!r}' if unknown else 'none'}")
    return _rows(data["expect"], path)


def nearest(document: str) -> tuple[Expectation, ...]:
    """Those of the first pyproject.toml beside the document or in a folder above.  Errors: DocumentError."""
    found = project_above(Path(document).resolve().parent)
    return () if found is None else _from_project(found)


@cache
def _from_project(path: Path) -> tuple[Expectation, ...]:
    return _rows(toml(path).get("tool", {}).get("lstm-sym", {}).get("expect", []), str(path))


def of_document(expectations: Iterable[Expectation], document: str) -> tuple[Expectation, ...]:
    """Those about a document, under the path it was given by."""
    here = Path(document).resolve()
    return tuple(replace(x, path=document) for x in expectations if x.path == document or Path(x.path) == here)


def _rows(rows: Any, path: str) -> tuple[Expectation, ...]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise DocumentError(f"{path}: expected a list of [[expect]] tables, got {type(rows).__name__}")
    return tuple(_row(row, f"{path}: expectation {n}", Path(path).parent) for n, row in enumerate(rows, 1))


def _row(row: dict[str, Any], where: str, folder: Path) -> Expectation:
    try:
        for key in row:
            chosen(key, KEYS, "key")
        missing = [key for key in NEEDED if key not in row]
        if missing:
            raise DocumentError(f"{where}: {missing[0]} is missing; expected path, line, verdict and perhaps code")
        for key, value in row.items():
            if type(value) is not KEYS[key]:
                raise DocumentError(f"{where}: {key}: expected {KEYS[key].__name__}, got {value!r}")
        verdict = chosen(row["verdict"].replace("-", "_"), VERDICTS, "verdict")
        code = chosen(row["code"], codes(), "code") if "code" in row else None
    except UnknownName as error:
        raise DocumentError(f"{where}: {error}") from error
    if row["line"] < 1:
        raise DocumentError(f"{where}: lines count from 1, got {row['line']}")
    return Expectation(_place(row["path"], folder, where), row["line"], verdict, code)


def _place(path: str, folder: Path, where: str) -> str:
    """The absolute path of the document, - for standard input."""
    if path == "-":
        return path
    found = next((p for p in (folder / path, Path(path)) if p.exists()), None)
    if found is None:
        raise DocumentError(f"{where}: there is no document {path} beside {folder} or where the command runs")
    return str(found.resolve())
