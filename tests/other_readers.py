"""The skeletons of formulas as KaTeX and LaTeXML lay them out: one process for all formulas, one table for each reader.

Where a reader does not know what a formula needs, it gives the reason, a string, instead of a skeleton.
"""
from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from skeletons import Path_, Skeleton, canonical, split_glyphs

from lstm_sym.documents.layout.alphabet import ACCENTS, BRACES, COMBINING, SUBSCRIPT, SUPERSCRIPT

HERE = Path(__file__).parent
KATEX = next((p for p in (Path("/usr/share/javascript/katex/katex.js"), Path("/usr/lib/node_modules/katex/dist/katex.js"))
              if p.exists()), None)
TIMEOUT = 900                                                # seconds; LaTeXML needs less than one minute of work


def as_rows(latex: str) -> str:
    """Rows outside of an environment in an aligned one, as a display has them; no labels, no environment of a display."""
    known = re.sub(r"\\label\{[^}]*\}|\\tag\*?\{[^}]*\}|(?<=\{aligned\})\[t\]", "", latex)
    known = re.sub(r"\{(?:align|eqnarray|multline|split)\*?\}", "{aligned}", known)
    outside = re.sub(r"(?s)\\begin.*\\end", "", known)
    return rf"\begin{{aligned}}{known}\end{{aligned}}" if re.search(r"\\\\|&", outside) else known


def settled(leaves: Iterable[tuple[str, Path_]]) -> Skeleton:
    """Canonical; rows that are the whole formula, perhaps behind a brace, are statements and no step of a path."""
    found = list(leaves)
    first = 1 if found[:1] in ([("{", ())], [(r"\{", ())]) else 0
    if found[first:] and all(path[:1] == ("rows",) for _, path in found[first:]):
        found[first:] = [(glyph, path[1:]) for glyph, path in found[first:]]
    return canonical(found)


# --- KaTeX ----------------------------------------------------------------------------------------------------------

def of_katex(formulas: Sequence[str], folder: Path) -> list[Skeleton | str]:
    """As `katex.__parse` gives them to skeletons.js."""
    listing = folder / "formulas.json"
    listing.write_text(json.dumps([as_rows(latex) for latex in formulas]), encoding="utf-8")
    told = subprocess.run(["node", str(HERE / "skeletons.js"), str(listing), str(KATEX)], capture_output=True, text=True,
                          check=True, timeout=TIMEOUT)
    return [str(one[0]) if one[1:] == [None] else settled((glyph, tuple(path)) for glyph, path in one)
            for one in json.loads(told.stdout)]


# --- LaTeXML --------------------------------------------------------------------------------------------------------

TEX = r"""\documentclass{article}
\usepackage{amsmath,amssymb,bm,bbm,color,dsfont,undertilde}
\DeclareMathOperator*{\argmin}{argmin}
\begin{document}
%s
\end{document}
"""
XML = "{http://dlmf.nist.gov/LaTeXML}"
NO_TEX = re.compile(f"[{''.join(map(re.escape, (*SUBSCRIPT, *SUPERSCRIPT, *COMBINING)))}]")
ARGUMENTS = {                                                # role or meaning of a command: the steps of its arguments
    "FRACOP":      ("above", "below"),
    "square-root": ("root",),
    "nth-root":    ("degree", "root"),
}
SCRIPTS = {"POSTSUBSCRIPT": "_", "POSTSUPERSCRIPT": "^", "FLOATSUBSCRIPT": "_", "FLOATSUPERSCRIPT": "^"}
NOTES = {"UNDERACCENT": "_", "OVERACCENT": "^"}
ROWLESS = {"aligned", "gathered"}


def of_latexml(formulas: Sequence[str], folder: Path) -> list[Skeleton | str]:
    """As the XMath of one document has them, a formula a paragraph; its own parser of mathematics is left out."""
    paragraphs = (re.sub(r"\s*\n\s*", "\n", f"${as_rows(latex)}\n$") for latex in formulas)
    (folder / "formulas.tex").write_text(TEX % "\n\n".join(paragraphs), encoding="utf-8")
    subprocess.run(["latexml", "--noparse", "--quiet", "--dest=formulas.xml", "formulas.tex"], cwd=folder, capture_output=True,
                   check=True, timeout=TIMEOUT)
    found = ET.parse(folder / "formulas.xml").getroot().iter(f"{XML}p")
    return [refusal(latex, paragraph) or settled(placed(paragraph, ()))
            for latex, paragraph in zip(formulas, found, strict=True)]


def refusal(latex: str, paragraph: ET.Element) -> str:
    """The commands LaTeXML does not know; what Unicode writes as a script or an accent is a sign like others to TeX."""
    return " ".join(str(e.text) for e in paragraph.iter(f"{XML}ERROR")) or "scripts in Unicode" * bool(NO_TEX.search(latex))


def placed(node: ET.Element, path: Path_) -> Iterator[tuple[str, Path_]]:
    """Each glyph with its path; what XMDual has twice is read as it is shown."""
    match node.tag.removeprefix(XML):
        case "XMHint" | "XMRef":
            pass
        case "XMDual":
            yield from placed(node[1], path)
        case "XMArray":
            yield from _rows(node, path if node.get("name") in ROWLESS or node.get("rowsep") == "0pt" else (*path, "rows"))
        case "XMApp" if node.get("role") not in SCRIPTS:
            yield from _applied(node, path)
        case "XMApp":
            for part in node:
                yield from placed(part, (*path, SCRIPTS[node.get("role", "")]))
        case _:
            yield from ((glyph, path) for glyph in split_glyphs(node.text or ""))
            for part in node:
                yield from placed(part, path)
                yield from ((glyph, path) for glyph in split_glyphs(part.tail or ""))


def _applied(node: ET.Element, path: Path_) -> Iterator[tuple[str, Path_]]:
    """A command with its arguments; notes above and below signs stand before them, those of arrows behind."""
    command, *arguments = node
    role, name = command.get("role", ""), rf"\{command.get('name')}"
    steps: tuple[str, ...] = ("",) * len(arguments)
    if node.get("role") == "ARROW":
        arguments, steps = [*arguments, command], ("", "^")
    elif role == "SUPERSCRIPTOP":
        arguments, steps = arguments[::-1], ("^", "")
    elif role in NOTES and name in ACCENTS | BRACES:
        steps = (name,)
    elif role in NOTES:
        arguments, steps = [command, *arguments], (NOTES[role], *steps)
    else:
        steps = ARGUMENTS.get(role) or ARGUMENTS.get(command.get("meaning", "")) or steps
        yield from placed(command, path)
    for step, argument in zip(steps, arguments, strict=True):
        yield from placed(argument, (*path, step) if step else path)


def _rows(array: ET.Element, path: Path_) -> Iterator[tuple[str, Path_]]:
    """Cells with `&` between them, rows with `\\\\`; an empty last row is no row."""
    for i, row in enumerate(array):
        cells = [list(placed(cell, path)) for cell in row]
        if i and any(cells):
            yield r"\\", path
        for j, cell in enumerate(cells):
            yield from (("&", path), *cell) if j else cell
