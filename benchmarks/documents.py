"""Equations judged a second of computing, and memory, for three kinds of document: python benchmarks/documents.py

True equations; a thesis of chapters with an error planted in every tenth equation, at three lengths, for what a longer text
costs an equation; nothing but errors.  --markdown prints a table; other words choose documents.
"""
from __future__ import annotations

import gc
import re
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time

from lstm_sym.cli import RARELY
from lstm_sym.documents.check import check_text
from lstm_sym.documents.findings import Checked

DERIVATIONS = sorted((Path(__file__).parent.parent / "derivations").glob("*.md"))
MATHEMATICS = re.compile(r"```math\n(.*?)```|(?<!\$)\$([^$\n]+)\$(?!\$)|^#+ ([^\n]*)$", re.S | re.M)
LETTERS = (                                                  # of each further copy of a chapter: another author's
    {},
    {"W": "A", "U": "B", "h": "s", "b": "d"},
    {"W": "R", "U": "W", "h": "y", "x": "u"},
    {"U": "V", "h": "q", "T": "N"},
)
ERRORS = (                                                   # (as it is written, what a hurried author writes)
    (r"^\top", ""),
    (r"_{t+1}", "_t"),
    (r"_{t-1}", "_t"),
    (r"\odot \left(1 - ", r"\odot \left(1 + "),
    (r" + ", " - "),
)
HEAD = r"\documentclass{report}\usepackage{amsmath}\begin{document}" + "\n"


def chapter(path: Path, copy: int, every: int, start: int = 0) -> str:
    """One derivation as a chapter of a thesis, with an error in every n-th of its gradients (0: in none)."""
    letters = LETTERS[copy % len(LETTERS)]
    count = start

    def told(match: re.Match[str]) -> str:
        nonlocal count
        display, inline, heading = match.groups()
        if heading is not None:
            return f"\\section{{{heading}}}" if match.group().startswith("##") else f"\\chapter{{{heading}}}"
        if inline is not None:
            return f"${renamed(inline, letters)}$"
        count += 1
        wrong = every and count % every == 0
        text = renamed(planted(display, count) if wrong else display, letters)
        return f"\\begin{{equation}}\n{text.strip()}\n\\end{{equation}}"

    return MATHEMATICS.sub(told, path.read_text(encoding="utf-8").replace("<!--", "% ").replace("-->", ""))


def planted(display: str, which: int) -> str:
    """The first error, from the which-th on, that this equation about gradients can hold."""
    name, equals, rest = display.partition("=")
    of_gradients = r"\partial L" in name or r"\delta" in name
    if not equals or not of_gradients or r"\begin" in display:
        return display
    turns = (ERRORS[(which + n) % len(ERRORS)] for n in range(len(ERRORS)))
    return next((name + equals + rest.replace(right, wrong, 1) for right, wrong in turns if right in rest), display)


def renamed(text: str, letters: dict[str, str]) -> str:
    """The formula in other letters."""
    pattern = r"(?<![A-Za-z\\])([A-Za-z])(?![A-Za-z])"
    return re.sub(pattern, lambda m: letters.get(m[1], m[1]), text)


def thesis(chapters: int, every: int) -> str:
    """That many derivations, one after the other, and again in other letters."""
    found = (chapter(DERIVATIONS[n % len(DERIVATIONS)], n // len(DERIVATIONS), every, n) for n in range(chapters))
    return HEAD + "\n".join(found) + "\n\\end{document}\n"


def documents() -> Iterator[tuple[str, str, str]]:
    """What it is, its text, its format."""
    yield "true derivations", "\n".join(p.read_text(encoding="utf-8") for p in DERIVATIONS), "markdown"
    yield "thesis of 7 chapters", thesis(7, 10), "tex"
    yield "thesis of 14 chapters", thesis(14, 10), "tex"
    yield "thesis of 28 chapters", thesis(28, 10), "tex"
    yield "errors only", thesis(len(DERIVATIONS), 1), "tex"


def judged(checked: Checked) -> int:
    return sum(f.verdict is not None for f in checked.findings)


def main(options: list[str]) -> None:
    """One row a document: equations judged, refuted, seconds of computing, equations a second, megabytes."""
    cell = "| {} |" if "--markdown" in options else "{}"
    between = " | " if "--markdown" in options else "  "
    head = ("document", "equations", "judged", "refuted", "seconds", "a second", "MB")
    print(cell.format(between.join(head)))
    if "--markdown" in options:
        print("|" + "---|" * len(head))
    gc.set_threshold(*RARELY)                                # as `lstm-sym check` does
    check_text("$$ h_t = \\tanh(W h_{t-1}) $$\n\n$$ W = W $$\n")      # what is imported and made once
    words = [o for o in options if not o.startswith("-")]
    chosen = [d for d in documents() if not words or any(w in d[0] for w in words)]
    for name, text, format in chosen:
        start = process_time()
        checked = check_text(text, name, format)
        spent = process_time() - start
        n, peak = judged(checked), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        row = (name, str(len(checked.findings)), str(n), str(checked.count("refuted")), f"{spent:.1f}", f"{n / spent:.1f}",
               f"{peak:.0f}")
        print(cell.format(between.join(row)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
