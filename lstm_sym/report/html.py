"""HTML: one page that needs nothing else; equations as LaTeX text, verdicts in colour, reasons beside them."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from lstm_sym.documents.findings import Finding
from lstm_sym.report.sheet import Sheet, summary, told_apart
from lstm_sym.report.verdicts import LOOKS
from lstm_sym.report.witness import lines_of

HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>lstm-sym</title>
<style>
body { font: 15px/1.5 sans-serif; margin: 2em; }
table { border-collapse: collapse; } td { vertical-align: top; padding: .3em .8em; border-top: 1px solid #ccc; }
p, pre { margin: 0 0 .5em; }
code, pre { font-size: 13px; white-space: pre-wrap; }
.proved { color: #176f2c; } .refuted { color: #b3261e; } .conditional { color: #8a5a00; }
.undecided { color: #7b2d8b; } .not_read { color: #1d5fa8; }
</style>
</head>
<body>
"""


def html(sheets: Sequence[Sheet], colour: bool = False) -> str:
    """A table a document, a row a judged finding."""
    body = "".join(_document(s) for s in sheets)
    return f"{HEAD}{body}<p><strong>{escape(summary(sheets))}</strong></p>\n</body>\n</html>\n"


def _document(sheet: Sheet) -> str:
    c = sheet.checked
    rows = "".join(_row(f) for f in c.findings if f.verdict is not None)
    notes = "".join(f"<p>{escape(note)}</p>\n" for note in c.notes)
    model = f" ({escape(c.model)})" if c.model else ""
    return f"<h2>{escape(c.path)}{model}</h2>\n{notes}<table>\n{rows}</table>\n"


def _row(f: Finding) -> str:
    verdict = f.verdict or ""
    codes = " ".join(filter(None, (f.code, *f.also, "(expected)" if f.expected else "")))
    said = "".join(f"<p>{name}{escape(line)}</p>" for name, line in _said(f))
    witness = f"<pre>{escape(chr(10).join(lines_of(f.witness)))}</pre>" if f.witness else ""
    shown = f'<span class="{escape(verdict)}">{escape(LOOKS[verdict].word)}</span> {escape(codes)}'
    cells = (f"{f.line}:{f.column}", shown, f"<code>{escape(f.latex)}</code>", said + witness)
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n"


def _said(f: Finding) -> Iterator[tuple[str, str]]:
    names = ("", f.message), ("true if ", told_apart(f)), ("correct: ", f.correction), ("where ", f.correction_condition)
    return ((name, line) for name, line in names if line)
