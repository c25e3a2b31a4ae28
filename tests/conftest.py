"""Fixtures that several files share."""
from __future__ import annotations

import io
from types import SimpleNamespace

import pytest

from lstm_sym.cli import main


@pytest.fixture
def lstm_sym(tmp_path, tmp_path_factory, monkeypatch, capsys):
    """Run the command in an empty folder with an empty cache: lstm_sym(*arguments, files=...) -> code, out, err."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LSTM_SYM_CACHE", str(tmp_path_factory.mktemp("cache")))

    def run(*arguments: str, stdin: bytes = b"", files: dict[str, str | bytes] | None = None) -> SimpleNamespace:
        for name, content in (files or {}).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(arguments)
        return SimpleNamespace(code=code, **capsys.readouterr()._asdict())

    return run
