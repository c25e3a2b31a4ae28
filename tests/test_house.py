"""The rules of the house: no text is evaluated, no file knows its author's machine, every module says what it is."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "lstm_sym").rglob("*.py"))
LINES = 300

# Files above LINES, each with the reason why it is one file.
LONG: dict[str, str] = {
    "lstm_sym/expr/nodes.py": "the closed set of nodes, with operators and plain text: read as a table",
}

# Each turns text into code, or into an expression by rules that evaluate it. A method named eval is another thing.
EVALUATES = {"eval", "exec", "__import__", "lambdify", "parse_expr", "parse_latex"}
OF_MODULES = {("builtins", "eval"), ("builtins", "exec"), ("os", "system"), ("os", "popen")}
UNPACKS = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib"}


def forbidden(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, what) for each construct that has no place in the package."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in EVALUATES:
                yield node.lineno, f"{name}: no text is ever evaluated"
            case ast.Call(func=ast.Attribute(attr=name)) if name in EVALUATES - {"eval", "exec"}:
                yield node.lineno, f"{name}: no text is ever evaluated"
            case ast.Attribute(value=ast.Name(id=module), attr=name) if (module, name) in OF_MODULES:
                yield node.lineno, f"{module}.{name}: no text is ever evaluated"
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in {"sympify", "S"}:
                if not any(is_true(keyword, "strict") for keyword in node.keywords):
                    yield node.lineno, "sympify without strict=True evaluates text"
            case ast.Call(keywords=keywords) if any(is_true(k, "shell", "allow_pickle") for k in keywords):
                yield node.lineno, "shell=True or allow_pickle=True runs what a file says"
            case ast.Import(names=names) if any(name.name.split(".")[0] in UNPACKS for name in names):
                yield node.lineno, "unpickling runs what a file says"
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in UNPACKS:
                yield node.lineno, "unpickling runs what a file says"
            case ast.ImportFrom(names=names) if any(name.name in EVALUATES for name in names):
                yield node.lineno, "an evaluator is imported"
            case ast.ExceptHandler(type=None):
                yield node.lineno, "a bare except hides our own errors"
            case ast.Assert():
                yield node.lineno, "an assert vanishes under -O: raise an error that says what, where and what to do"


def is_true(keyword: ast.keyword, *names: str) -> bool:
    return keyword.arg in names and isinstance(keyword.value, ast.Constant) and keyword.value.value is True


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_package_evaluates_no_text_unpickles_nothing_and_hides_no_error():
    assert [f"{name_of(path)}:{line}: {what}" for path in SOURCES for line, what in forbidden(parse(path))] == []


@pytest.mark.parametrize("text", [
    "eval('1')", "exec(code)", "builtins.eval(x)", "__import__(name)", "os.system(command)", "sympy.lambdify(x, f)",
    "sympify(text)", "sympy.sympify(text)", "S(text)", "sympy.S('x')", "parse_expr(text)", "parse_latex(text)",
    "from sympy.parsing.latex import parse_latex", "from builtins import exec as run",
    "import pickle", "import dill.source", "from marshal import loads", "np.load(path, allow_pickle=True)",
    "subprocess.run(command, shell=True)", "try:\n    f()\nexcept:\n    pass", "def f(x):\n    assert x > 0",
])
def test_each_forbidden_construct_is_found(text):
    assert len(list(forbidden(ast.parse(text)))) == 1


@pytest.mark.parametrize("text", [
    "sympify(x, strict=True)", "S.One", "S.Zero + 1", "module.eval()", "platform.system()", "np.load(path)",
    "try:\n    f()\nexcept KeyError:\n    pass", "subprocess.run(['coqc', file])", "re.compile(pattern)",
    "EXEC = 'exec(x)'", "import re", "evaluate(x)",
])
def test_each_allowed_neighbour_passes(text):
    assert list(forbidden(ast.parse(text))) == []


# The directories that hold homes and mounts, at the start of a path; homes on a drive; hosts of package registries.
MACHINE = re.compile(r"(?<![\w.~<>})/-])/(?:home|root|Users|work|opt|mnt|srv|media|data)/[\w.]|\b[A-Z]:\\Users\\")
REGISTRY = re.compile(r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|proxy[.]golang|crates[.]io|anaconda[.]org")


def committed_files() -> list[Path]:
    """The files git knows; without git (an unpacked archive), all but caches and environments."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
        paths = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        made = re.compile(r"(^|/)(\.git|\.venv|__pycache__|\.hypothesis|\.\w+_cache|build|dist)(/|$)")
        paths = [path for path in ROOT.rglob("*") if not made.search(name_of(path))]
    return sorted(path for path in paths if path.is_file())


def text_of(path: Path) -> str:
    """The text of a file; a binary one has none."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8", errors="replace")


def of_a_machine(text: str) -> list[str]:
    return [found.group() for pattern in (MACHINE, REGISTRY) for found in pattern.finditer(text)]


def test_no_committed_file_mentions_a_path_of_a_machine_or_a_registry():
    assert {name_of(path): found for path in committed_files() if (found := of_a_machine(text_of(path)))} == {}


@pytest.mark.parametrize("place", ["home/ann/x.py", "root/.cache", "Users/ann/x", "work/x", "opt/wheels/y", "mnt/disk"])
@pytest.mark.parametrize("before", ["", "see ", "'", "=", "(", ":"])
def test_a_path_of_a_machine_is_found(before, place):
    assert of_a_machine(f"{before}/{place}")


@pytest.mark.parametrize("text", ["#!/usr/bin/env sh", "https://example.org/home/x", "docs/work/x", "a/data/b"])
def test_an_ordinary_slash_is_no_path_of_a_machine(text):
    assert of_a_machine(text) == []


def test_a_registry_is_found():
    assert of_a_machine("https://pypi" + ".org/simple") and of_a_machine(r"C:" + r"\Users\ann")


def is_public(path: Path) -> bool:
    return not any(part.startswith("_") and part != "__init__.py" for part in path.relative_to(ROOT).parts)


def test_every_public_module_says_what_it_is():
    assert [name_of(path) for path in SOURCES if is_public(path) and not ast.get_docstring(parse(path))] == []


def lengths() -> dict[str, int]:
    return {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}


def test_no_file_is_longer_than_a_few_pages_unless_the_table_says_why():
    assert {name: lines for name, lines in lengths().items() if lines > LINES and name not in LONG} == {}


def test_the_table_of_long_files_holds_only_long_files_and_their_reasons():
    long = lengths()
    assert [name for name, reason in LONG.items() if long.get(name, 0) <= LINES or len(reason.split()) < 4] == []
