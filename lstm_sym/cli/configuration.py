"""What a project chooses for every run, in [tool.lstm-sym] of the nearest pyproject.toml; the command line adds to it.

    [tool.lstm-sym]
    fail-on  = ["undecided", "not-read"]
    exclude  = ["drafts/*"]             # of folders; relative to the pyproject.toml
    declare  = ["W: n x n"]
    baseline = "lstm-sym.baseline.json"
    jobs     = 2                        # processes; 0: one a core
    cache    = true
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lstm_sym.cli.names import chosen
from lstm_sym.cli.toml import project_above, toml
from lstm_sym.errors import DocumentError, UnknownName

KEYS: dict[str, type] = {"fail-on": list, "exclude": list, "declare": list, "baseline": str, "jobs": int,
                         "cache": bool, "expect": list}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run is made."""

    format: str = "pretty"
    fail_on: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()       # absolute patterns
    declare: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()        # files
    baseline: str = ""
    write_baseline: bool = False
    jobs: int = 0
    cache: bool = True
    color: str = "auto"
    fix: bool = False
    diff: bool = False
    emit_numpy: str = ""                # a folder


def with_project(given: Settings, folder: Path | None = None) -> Settings:
    """The settings given, over those of the project that `folder` (where the command runs) belongs to.

    Errors: DocumentError for a key or value that is none.
    """
    path = project_above((folder or Path()).resolve())
    table = {} if path is None else toml(path).get("tool", {}).get("lstm-sym", {})
    if path is None or not table:
        return given
    _well_formed(table, path)
    home = path.parent
    return replace(
        given,
        fail_on=(*given.fail_on, *table.get("fail-on", ())),
        exclude=(*given.exclude, *(str(home / pattern) for pattern in table.get("exclude", ()))),
        declare=(*given.declare, *table.get("declare", ())),
        baseline=given.baseline or (str(home / table["baseline"]) if "baseline" in table else ""),
        jobs=given.jobs or table.get("jobs", 0),
        cache=given.cache and table.get("cache", True),
    )


def _well_formed(table: Any, path: Path) -> None:
    if not isinstance(table, dict):
        raise DocumentError(f"{path}: [tool.lstm-sym]: expected a table, got {table!r}")
    for key, value in table.items():
        try:
            kind = KEYS[chosen(key, KEYS, "key of [tool.lstm-sym]")]
        except UnknownName as error:
            raise DocumentError(f"{path}: {error}") from error
        if type(value) is not kind:
            raise DocumentError(f"{path}: [tool.lstm-sym] {key}: expected {kind.__name__}, got {value!r}")
        if kind is list and key != "expect" and not all(isinstance(v, str) for v in value):
            raise DocumentError(f"{path}: [tool.lstm-sym] {key}: expected a list of texts, got {value!r}")
