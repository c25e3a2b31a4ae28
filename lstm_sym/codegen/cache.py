"""Generated files in the user's cache directory: named by the hash of what made them, written whole or not at all."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from lstm_sym import errors


def directory() -> Path:
    """Where generated files are kept: LSTM_SYM_CACHE, or the platform's user cache directory."""
    chosen = os.environ.get("LSTM_SYM_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "lstm_sym"


def key(*parts: str) -> str:
    """A short name for a content."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


def stored(name: str, write: Callable[[Path], None]) -> Path:
    """The file `name` of the cache; if it is not there, `write` makes it under another name, and it is moved in place.

    The cache is the user's own (mode 0700), so that nobody else can put code there.
    """
    home = directory()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid") and home.stat().st_uid != os.getuid():
        raise errors.BadArgument(
            f"the cache {home} belongs to another user; set LSTM_SYM_CACHE to a directory of your own"
        )
    path = home / name
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=home, prefix="new-") as made:
            fresh = Path(made) / name
            write(fresh)
            fresh.replace(path)
    return path


def load(text: str) -> ModuleType:
    """The module with this text, which this package has generated."""
    name = f"lstm_sym_{key(text)}"

    def write(fresh: Path) -> None:
        fresh.write_text(text, encoding="utf-8")

    path = stored(f"{name}.py", write)
    if path.read_text(encoding="utf-8") != text:             # damaged: made again
        path.unlink()
        path = stored(f"{name}.py", write)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise errors.NotLowered(f"Python cannot import {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
