"""Findings kept between runs: a document is judged again only if it, what is asked of it, or the program has changed."""
from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from lstm_sym.codegen import cache
from lstm_sym.documents.findings import Checked, Finding
from lstm_sym.documents.sources.items import Document, Fault
from lstm_sym.equality.verdicts import Witness
from lstm_sym.errors import BadArgument

PACKAGE = Path(__file__).parents[1]
READS_WITH = ("sympy", "numpy", "python-flint", "markdown-it-py", "mdit-py-plugins")
KEPT = 30 * 24 * 3600                      # seconds after its last use that an entry is kept


def remembered(document: Document, asked: Iterable[object], judge: Callable[[], Checked]) -> Checked:
    """What `judge` says of the document, from the cache where the same has been asked before.

    A verdict that a budget cut short is not kept: another run may have the time.  A cache that cannot be written or
    read is no error.
    """
    faults = [item for item in document.items if isinstance(item, Fault)]
    name = f"checked-{cache.key(program(), document.format, document.text, repr(faults), repr(tuple(asked)))}.json"
    try:
        known = _read(cache.directory() / name)
        if known is None:
            known = judge()
            if not any("budget" in f.message for f in known.findings):
                text = json.dumps(asdict(known))
                _forget_old(cache.stored(name, lambda path: _write(path, text)).parent)
        return known
    except (OSError, BadArgument):
        return judge()


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


@lru_cache
def program() -> str:
    """A short name for this program: all of its own text, the interpreter, and what it reads and computes with."""
    own = [path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))]
    return cache.key(sys.version, *(version(name) for name in READS_WITH), *own)


def _read(path: Path) -> Checked | None:
    """The entry of a file; None if there is none or it is damaged."""
    try:
        found = _checked(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    path.touch()
    return found


def _checked(data: dict[str, Any]) -> Checked:
    return Checked(data["path"], data["model"], tuple(_finding(f) for f in data["findings"]), tuple(data["notes"]),
                   tuple(data["unmet"]))


def _finding(data: dict[str, Any]) -> Finding:
    w = data["witness"]
    witness = None if w is None else Witness(**{**w, "entry": tuple(w["entry"])})
    edit = None if data["edit"] is None else tuple(data["edit"])
    return Finding(**{**data, "also": tuple(data["also"]), "witness": witness, "edit": edit})


def _forget_old(home: Path) -> None:
    """Remove entries that no run has used for a while."""
    for path in home.glob("checked-*.json"):
        if time.time() - path.stat().st_mtime > KEPT:
            path.unlink(missing_ok=True)
