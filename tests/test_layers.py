"""Data flows one way: a part of the package imports itself and parts on rows above its own, at the top of its file."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parents[1] / "lstm_sym"

# One row a layer; parts on the same row do not know each other.
LAYERS = (
    ("errors",),
    ("expr",),
    ("notation",),
    ("cells", "calculus", "equality"),
    ("proof", "codegen"),
    ("documents",),
    ("report",),
    ("cli",),
)
# The folders of documents, in the same order; findings.py is plain data, and check.py stands above them all.
FLOORS = ("layout", "sources", "reading", "sections", "norms", "repairs", "judging")
ROW = {part: row for row, parts in enumerate(LAYERS) for part in parts}
FACADE = {"__init__", "__main__"}       # the package's own face: it may import every part, and no part imports it


class Wrong(NamedTuple):
    file: str
    line: int
    reason: str


def wrong_imports(package: Path) -> Iterator[Wrong]:
    """Every import of the package that breaks the order, one record each; and every part that has no row."""
    for path in sorted(package.rglob("*.py")):
        home = (package.name, *path.relative_to(package).with_suffix("").parts)
        file, part = "/".join(home[1:]) + ".py", home[1]
        if part not in ROW and part not in FACADE:
            yield Wrong(file, 1, f"part {part} has no row")
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            for target in imported_parts(node, home):
                if part in ROW and not is_allowed(part, target):
                    yield Wrong(file, node.lineno, f"{part} imports {target}")
        yield from (Wrong(file, line, "import inside a function") for line in hidden_imports(tree))


def is_allowed(part: str, target: str) -> bool:
    return part == target or ROW.get(target, len(LAYERS)) < ROW[part]


def imported_parts(node: ast.AST, home: tuple[str, ...]) -> set[str]:
    """Parts of the package that one statement imports; `home` is the dotted place of the file that holds it.

    A name taken from the package itself (`from lstm_sym import Cell`) is the facade and stands above every row.
    """
    match node:
        case ast.Import(names=names):
            targets = [name.name.split(".") for name in names]
        case ast.ImportFrom(module=module, level=level, names=names):
            base = [*home[:len(home) - level]] if level else []
            base += module.split(".") if module else []
            targets = [[*base, name.name] for name in names]
        case _:
            return set()
    return {target[1] if len(target) > 1 else "the facade" for target in targets if target[0] == home[0]}


def hidden_imports(tree: ast.AST, inside: bool = False) -> Iterator[int]:
    """Lines of imports inside a function; a function named `load` (an optional backend's) may have them."""
    for node in ast.iter_child_nodes(tree):
        if inside and is_import(node):
            yield node.lineno
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from hidden_imports(node, inside=node.name != "load")
        else:
            yield from hidden_imports(node, inside or isinstance(node, ast.Lambda))


def is_import(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in {"import_module", "__import__"}
    return False


def test_every_import_of_the_package_points_to_a_row_above():
    assert [f"{w.file}:{w.line}: {w.reason}" for w in wrong_imports(PACKAGE)] == []


WRONG = {
    "a part below":         ("expr/a.py",        "expr imports cells",        "from p.cells import rnn\n"),
    "a part below, ..":     ("expr/a.py",        "expr imports cells",        "from ..cells.rnn import rnn\n"),
    "a neighbour":          ("cells/a.py",       "cells imports calculus",    "from ..calculus import vjp\n"),
    "proof to codegen":     ("proof/a.py",       "proof imports codegen",     "import p.codegen.program\n"),
    "a part as a name":     ("equality/a.py",    "equality imports report",   "from .. import report\n"),
    "from a part as such":  ("expr/__init__.py", "expr imports notation",     "from ..notation import latex\n"),
    "from a single file":   ("errors.py",        "errors imports expr",       "from .expr import Node\n"),
    "deeper in a part":     ("expr/b/a.py",      "expr imports notation",     "from ...notation import latex\n"),
    "second of two":        ("expr/a.py",        "expr imports cli",          "import p.errors, p.cli\n"),
    "the facade's name":    ("report/a.py",      "report imports decide",     "from p import decide\n"),
    "the facade":           ("report/a.py",      "report imports the facade", "import p as package\n"),
    "for types only":       ("expr/a.py",        "expr imports cells",        "if True:\n  from p.cells import rnn\n"),
    "in a function":        ("cells/a.py",       "import inside a function",  "def f():\n  from p.expr import y\n"),
    "in a function, any":   ("cells/a.py",       "import inside a function",  "def f():\n  import torch\n"),
    "in a method":          ("cells/a.py",       "import inside a function",  "class C:\n  def f(s):\n   import re\n"),
    "by name":              ("cells/a.py",       "import inside a function",  "def f():\n  import_module('re')\n"),
    "below, in load":       ("cells/a.py",       "cells imports cli",         "def load():\n    import p.cli\n"),
    "a part with no row":   ("helpers/a.py",     "part helpers has no row",   "x = 1\n"),
}


@pytest.mark.parametrize("file, reason, text", WRONG.values(), ids=WRONG.keys())
def test_each_kind_of_wrong_import_is_found(tmp_path, file, reason, text):
    assert [w.reason for w in wrong_imports(write(tmp_path, file, text))] == [reason]


RIGHT = {
    "itself":               ("expr/a.py",      "from .nodes import Node\nfrom p.expr.time import Axis\n"),
    "rows above":           ("cells/a.py",     "from ..expr import Node\nfrom .. import errors, notation\n"),
    "two rows above":       ("cli/a.py",       "from p.expr import Node\nimport p.report\n"),
    "another package":      ("expr/a.py",      "import sympy\nfrom cells import nothing_of_ours\n"),
    "the facade imports":   ("__init__.py",    "from .cli import main\nfrom .cells import rnn\n"),
    "load and a backend":   ("codegen/a.py",   "def load():\n    import torch\n    return torch\n"),
}


@pytest.mark.parametrize("file, text", RIGHT.values(), ids=RIGHT.keys())
def test_each_kind_of_right_import_passes(tmp_path, file, text):
    assert list(wrong_imports(write(tmp_path, file, text))) == []


def write(tmp_path: Path, file: str, text: str) -> Path:
    path = tmp_path / "p" / file
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path / "p"


def test_the_folders_of_documents_are_floors():
    wrong = []
    for path in sorted((PACKAGE / "documents").glob("*/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module.split(".") if isinstance(node, ast.ImportFrom) and node.module else []
            target = module[2] if module[:2] == ["lstm_sym", "documents"] and len(module) > 2 else ""
            allowed = {"", "findings", *FLOORS[:FLOORS.index(path.parent.name) + 1]}
            wrong += [f"{path.parent.name}/{path.name} imports {target}"] if target not in allowed else []
    assert wrong == []
