"""TOML files, and the pyproject.toml that a folder belongs to."""
from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from lstm_sym.errors import DocumentError


def toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.  Errors: DocumentError."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: this is no TOML: {error}") from error


def project_above(folder: Path) -> Path | None:
    """The pyproject.toml of this folder or the first one above that has one."""
    return next((p for p in (f / "pyproject.toml" for f in (folder, *folder.parents)) if p.is_file()), None)
