"""The tables of the README, from what the program says: `python tests/readme_tables.py` writes them into README.md."""

import re
from collections.abc import Iterable
from pathlib import Path

import lstm_sym as ls
from lstm_sym.documents.check import check_file
from lstm_sym.report.explain import codes, title

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
EXCERPT = ROOT / "tests" / "data" / "tutorial_excerpt.md"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ("---",) * len(head), *rows))


def models() -> str:
    """One row a model of the catalogue."""
    return table(("model", "states", "what differs from the plain RNN or LSTM", "paper"),
                 ((f"`{m.name}`", ", ".join(m.states), m.differs, m.paper) for m in ls.models()))


def error_codes() -> str:
    """One row a code of a finding."""
    return table(("code", "what it means"), ((code, title(code)) for code in codes()))


def verdicts() -> str:
    """One row a judged line of the excerpt."""
    lines = EXCERPT.read_text(encoding="utf-8").splitlines()
    found = [f for f in check_file(EXCERPT).findings if f.verdict is not None]
    return table(("line", "equation", "verdict", "code"),
                 ((str(f.line), f"`{f.latex if len(f.latex) > 8 else _around(lines[f.line - 1])}`",
                   f.verdict.replace("_", " "), " ".join(c for c in (f.code, *f.also) if c)) for f in found))


def _around(line: str) -> str:
    """The formula that a short finding is part of."""
    inline = re.search(r"\$([^$]+)\$", line)
    return inline[1] if inline else line


TABLES = {"MODELS": models, "CODES": error_codes, "VERDICTS": verdicts}


def block(name: str) -> str:
    """A table between its marks."""
    return f"<!-- {name.lower()} -->\n{TABLES[name]()}\n<!-- end -->"


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    for mark in TABLES:
        pattern = rf"^(?:{mark}$|<!-- {mark.lower()} -->\n.*?\n<!-- end -->)"
        text = re.sub(pattern, lambda _, mark=mark: block(mark), text, flags=re.MULTILINE | re.DOTALL)
    README.write_text(text, encoding="utf-8")
