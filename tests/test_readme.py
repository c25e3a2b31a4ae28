"""What the README shows is what happens: its commands are run and their output compared, its Python is executed.

    ```console   a line that begins with "$ " is a command, run at the root of the project; the lines after it are its
                 output, as a terminal shows it (stdout and stderr, any exit code).  A line "..." stands for any lines,
                 "..." within a line for any text.  Blocks that begin with pip, git, make or cd are only shown.
    ```python    all of these blocks are one program, run in a process of its own; its output is what the comments
                 "#> ..." say, in order; a program without such comments only has to run
    any other    is not run
"""
from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
FENCE = re.compile(r"^```(?P<language>\w+)[^\n]*\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = re.compile(r"^\$ (pip|git|make|python3? -m (venv|pip)|cd) ")


class Block(NamedTuple):
    line: int
    body: str


def blocks(text: str, language: str) -> list[Block]:
    """The fenced blocks of a language, with the line of their fence."""
    found = (m for m in FENCE.finditer(text) if m["language"] == language)
    return [Block(text.count("\n", 0, m.start()) + 1, m["body"]) for m in found]


def commands(body: str) -> Iterator[tuple[str, str]]:
    """(command, output as shown); a command that ends in a backslash goes on in the next line."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command = re.match(r"(?:[^\n]*\\\n)*[^\n]*", part)[0]
        yield command, part.removeprefix(command).removeprefix("\n")


def matches(shown: str, printed: str) -> bool:
    """Line by line, without spaces at the ends of lines; "..." as above."""
    parts = [".*" if line.strip() == "..." else re.escape(line.rstrip()).replace(r"\.\.\.", "[^\n]*")
             for line in shown.rstrip().split("\n")]
    return re.fullmatch("\n".join(parts).replace("\n.*\n", "\n(?:.*\n)?").replace("\n.*", "(?:\n.*)?"),
                        "\n".join(line.rstrip() for line in printed.rstrip().split("\n")), re.DOTALL) is not None


def shell(command: str, folder: Path) -> str:
    """What a terminal shows of a command; `lstm-sym` is this tree's."""
    program = folder / "bin" / "lstm-sym"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m lstm_sym "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join((str(program.parent), str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, env=environment, text=True, timeout=300,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout


TEXT = README.read_text(encoding="utf-8") if README.exists() else ""
CONSOLE = [b for b in blocks(TEXT, "console") if not NOT_RUN.match(b.body)]
PYTHON = blocks(TEXT, "python")


@pytest.mark.parametrize("block", CONSOLE, ids=[f"line {b.line}" for b in CONSOLE])
def test_each_command_prints_what_the_readme_shows(block, tmp_path):
    for command, shown in commands(block.body):
        printed = shell(command, tmp_path)
        assert matches(shown, printed), f"README.md:{block.line}: $ {command}\nprinted:\n{printed}\nshown:\n{shown}"


def test_the_python_of_the_readme_runs_and_prints_what_it_says():
    program = "\n".join(b.body for b in PYTHON)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    said = re.findall(r"^#> ?(.*)$", program, re.MULTILINE)
    assert not said or matches("\n".join(said), done.stdout), done.stdout


# --- the harness itself -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize("shown, printed, same", [
    ("a\nb",        "a\nb\n",           True),
    ("a\nb",        "a\nc",             False),
    ("a\nb",        "a\nb\nc",          False),
    ("a  \nb",      "a\nb  ",           True),
    ("a\n...\nd",   "a\nb\nc\nd",       True),
    ("a\n...\nd",   "a\nd",             True),
    ("a\n...\nd",   "a\nb\nc",          False),
    ("a\n...",      "a\nb\nc",          True),
    ("...\nc",      "a\nb\nc",          True),
    ("a\n...",      "a",                True),
    ("a ... in 3",  "a lot in 3",       True),
    ("a ... in 3",  "a\nlot in 3",      False),
    ("a.c (1 + 2)", "abc (1 + 2)",      False),
    ("",            "",                 True),
    ("",            "a",                False),
])
def test_shown_output_is_compared_line_by_line(shown, printed, same):
    assert matches(shown, printed) is same


def test_commands_of_a_block_are_taken_in_order_with_their_output():
    body = "$ echo a\na\n$ echo \\\n  b\nb\n\nc\n$ true\n"
    assert list(commands(body)) == [("echo a", "a\n"), ("echo \\\n  b", "b\n\nc\n"), ("true", "")]


def test_blocks_are_found_by_their_language():
    text = "x\n```python\n1\n```\n\n```console\n$ a\n```\n```text\nz\n```\n"
    assert blocks(text, "python") == [Block(2, "1\n")] and blocks(text, "console") == [Block(6, "$ a\n")]


def test_a_wrong_example_would_be_noticed(tmp_path):
    assert not matches("lstm-sym 9.9.9", shell("lstm-sym --version", tmp_path))
    assert matches("lstm-sym ...", shell("lstm-sym --version", tmp_path))
