"""compare LEFT RIGHT: equations and gradients of two models side by side, the lines that differ marked.

A truncated gradient beside the full one of the same model: their difference below, in the names of the full one.
"""
from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from io import StringIO
from typing import TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from lstm_sym.cli.checking import in_colour
from lstm_sym.cli.deriving import LOSSES, Source, gradients, left_out, one
from lstm_sym.cli.names import chosen
from lstm_sym.equality.decide import proof_of
from lstm_sym.expr.nodes import Node
from lstm_sym.expr.recurrence import Equation
from lstm_sym.expr.substitute import named_in
from lstm_sym.notation.comparison import Row, compared
from lstm_sym.notation.latex import block, latex, text
from lstm_sym.notation.latex import row as line
from lstm_sym.notation.style import DEFAULT, DELTA, TERMINAL, Style

WIDTH = 160                                                  # of a table that no terminal shows
DIFFERS = "yellow"
DIFFERENCE = "full minus truncated"
Titles: TypeAlias = tuple[str, str]
Difference: TypeAlias = tuple[Equation, ...]                 # one equation for each gradient that truncation changes


def comparison(left: str, right: str, format: str, loss: str, delta: bool, truncated: bool) -> str:
    """The table.  right "" is the same model; truncated: the right one, with no error through the recurrent edges.

    In a terminal what differs has a colour.

    Errors: UnknownName, DocumentError.
    """
    write = WRITERS[chosen(format, WRITERS, "format")]
    kind = LOSSES[chosen(loss, LOSSES, "loss")]
    sources: tuple[Source, Source] = one(left), one(right or left)
    rows = compared(gradients(sources[0], kind), gradients(sources[1], kind, truncated), same)
    titles = left, (right or left) + (", truncated" if truncated else "")
    difference = left_out(sources[0], kind) if truncated and right in ("", left) else ()
    return write(rows, titles, difference, DELTA if delta else DEFAULT)


def same(left: Node, right: Node) -> bool:
    """Equal for all values of their names: terms in another order are no difference.  A name has one shape."""
    shapes = {(q.label, q.shape) for side in (left, right) for q in named_in(side)}
    fits = left.shape == right.shape and len(shapes) == len({label for label, _ in shapes})
    return left == right or (fits and proof_of(left, right) is not None)


def mark(row: Row) -> str:
    """"" the same; < only left; > only right; != both, and different."""
    return "" if not row.differs else "<" if row.right is None else ">" if row.left is None else "!="


def _cells(row: Row, write: Callable[[Node, Style], str], style: Style) -> tuple[str, str, str]:
    of, left, right = (write(x, style) if x is not None else "" for x in (row.of, row.left, row.right))
    return of, left, right


# --- one function a format ----------------------------------------------------------------------------------------

def _table(rows: tuple[Row, ...], titles: Titles, difference: Difference, style: Style) -> str:
    plain = Style(style.derivative, TERMINAL.transpose, TERMINAL.hadamard, TERMINAL.total, dialect=TERMINAL.dialect)
    table = Table("", "", show_lines=True)
    for title in titles:
        table.add_column(Text(title))
    for row in rows:
        table.add_row(*map(Text, (mark(row), *_cells(row, text, plain))), style=DIFFERS if row.differs else None)
    colour, out = in_colour("auto"), StringIO()
    width = shutil.get_terminal_size((WIDTH, 24)).columns
    Console(file=out, width=width, force_terminal=colour, color_system="standard" if colour else None).print(table)
    below = [f"\n{DIFFERENCE}:\n", *(line(e, plain) for e in difference), ""] if difference else []
    return out.getvalue() + "\n".join(below)


def _markdown(rows: tuple[Row, ...], titles: Titles, difference: Difference, style: Style) -> str:
    lines = [f"| | | {titles[0]} | {titles[1]} |", "|---|---|---|---|"]
    for row in rows:
        cells = (f"${cell}$" if cell else "" for cell in _cells(row, latex, style))
        lines.append(f"| {' | '.join((mark(row), *cells))} |")
    lines += ["", f"{DIFFERENCE.capitalize()}:", "", "$$", block(difference, style), "$$"] if difference else []
    return "\n".join(lines) + "\n"


def _latex(rows: tuple[Row, ...], titles: Titles, difference: Difference, style: Style) -> str:
    lines = [r"\begin{array}{llll}", rf"& & \text{{{titles[0]}}} & \text{{{titles[1]}}} \\"]
    for row in rows:
        sign = {"!=": r"\ne"}.get(mark(row), mark(row))
        lines.append(" & ".join((sign, *_cells(row, latex, style))).strip() + r" \\")
    lines += [r"\end{array}", *([f"% {DIFFERENCE}", block(difference, style)] if difference else [])]
    return "\n".join(lines) + "\n"


def _json(rows: tuple[Row, ...], titles: Titles, difference: Difference, style: Style) -> str:
    found = [dict(zip(("of", "left", "right"), (c or None for c in _cells(row, latex, style)), strict=True),
                  differs=row.differs) for row in rows]
    below = [{"of": latex(e.lhs, style), "value": latex(e.rhs, style)} for e in difference]
    return json.dumps({"version": 1, "left": titles[0], "right": titles[1], "rows": found, "difference": below}, indent=1) + "\n"


WRITERS: dict[str, Callable[[tuple[Row, ...], Titles, Difference, Style], str]] = {
    "text": _table, "markdown": _markdown, "latex": _latex, "json": _json,
}
