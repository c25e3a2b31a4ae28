"""For the terminal: each finding under its source line, with reason, correction, condition and a short witness."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO

from rich.console import Console
from rich.text import Text

from lstm_sym.documents.findings import Checked, Finding
from lstm_sym.report.sheet import Sheet, summary, told_apart
from lstm_sym.report.verdicts import LOOKS
from lstm_sym.report.witness import short_lines

WINDOW = 110               # characters of a source line that are shown


def pretty(sheets: Sequence[Sheet], colour: bool = False) -> str:
    """Findings in order, document by document; the last line is the summary.  Lines are not wrapped, for copying."""
    console = Console(file=StringIO(), force_terminal=colour, no_color=not colour, width=WINDOW, highlight=False,
                      color_system="standard" if colour else None, emoji=False, markup=False)
    for sheet in sheets:
        for line in _document(sheet):
            console.print(line, soft_wrap=True)
        console.print()
    console.print(Text(summary(sheets), "bold"), soft_wrap=True)
    return _text_of(console)


def _text_of(console: Console) -> str:
    return console.file.getvalue() if isinstance(console.file, StringIO) else ""


def _document(sheet: Sheet) -> Iterator[Text]:
    common = conventions(sheet.checked)
    yield _headline(sheet.checked, common)
    for note in sheet.checked.notes:
        yield Text(f"  {note}", "dim")
    for finding in sheet.checked.findings:
        yield from _claim(sheet, finding, common) if finding.verdict is not None else _plain(sheet, finding)


def conventions(checked: Checked) -> dict[str, str]:
    """What every reading of the document has in common, as far as it is said in words."""
    readings = [f.reading for f in checked.findings if f.reading]
    first = readings[0] if readings else {}
    return {k: v for k, v in first.items() if isinstance(v, str) and all(r.get(k) == v for r in readings)}


def _headline(checked: Checked, common: dict[str, str]) -> Text:
    line = Text(checked.path, "bold underline")
    said = [f"model {checked.model}"] if checked.model else []
    said += ["assumed " + ", ".join(f"{_words(k)} {v}" for k, v in common.items())] if common else []
    return line.append(f"  {'; '.join(said)}" if said else "", "not bold not underline dim")


def _plain(sheet: Sheet, f: Finding) -> Iterator[Text]:
    """A line that is no claim: model, definition, declaration, hypothesis, prose."""
    text, start, end = sheet.shown(f)
    equation, *_ = window(text[start:end].strip(), 0, 1)
    yield Text(f"\n{f.line:>6}:{f.column:<3} {f.kind:<12}{equation}", "dim")


def _claim(sheet: Sheet, f: Finding, common: dict[str, str]) -> Iterator[Text]:
    look = LOOKS[f.verdict or ""]
    head = Text(f"\n{f.line:>6}:{f.column:<3} ").append(f"{look.word:<12}", look.colour)
    yield head.append(" ".join(filter(None, (f.code, *f.also, "(expected)" if f.expected else ""))), "bold")
    yield from _source(sheet, f, look.colour)
    for name, lines in _rows(f, common):
        for n, line in enumerate(lines):
            yield Text(f"{'' if n else name:>20}  ", "dim").append(line, "cyan" if name == "correct" else "")


def _source(sheet: Sheet, f: Finding, colour: str) -> Iterator[Text]:
    text, start, end = sheet.shown(f)
    text, start, end = window(text.replace("\t", " "), start, end)
    yield Text(f"{f.line:>6} | ", "dim").append(text, "not dim")
    yield Text(f"{'':>6} | ", "dim").append(" " * start + "^" * max(1, end - start), colour)


def _rows(f: Finding, common: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """What is said of a finding: name and lines."""
    yield from ((name, [line]) for name, line in (
        ("because", f.message), ("true if", told_apart(f)),
        ("correct", f.correction), ("where", f.correction_condition)) if line)
    if f.witness is not None:
        yield "witness", short_lines(f.witness)
    own = {k: v for k, v in (f.reading or {}).items() if isinstance(v, str) and common.get(k) != v}
    if own:
        yield "read with", [", ".join(f"{_words(k)} {v}" for k, v in own.items())]


def _words(name: str) -> str:
    return name.replace("_", " ")


def window(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a long line that is shown, and where the equation stands in it."""
    if len(text) <= WINDOW:
        return text, start, end
    first = max(0, start - 10) if end > WINDOW else 0
    shown = text[first:first + WINDOW]
    shown = ("..." + shown[3:] if first else shown) + ("..." if first + WINDOW < len(text) else "")
    return shown, start - first, min(end - first, len(shown))
