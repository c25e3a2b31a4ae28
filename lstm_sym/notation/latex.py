"""latex and text: anything we have, as LaTeX or as plain text."""
from __future__ import annotations

from collections.abc import Iterable

from lstm_sym.expr.nodes import Node
from lstm_sym.expr.recurrence import Equation, Recurrence
from lstm_sym.notation.present import present
from lstm_sym.notation.printer import LATEX
from lstm_sym.notation.style import DEFAULT, TERMINAL, Style
from lstm_sym.notation.writer import Printer


def latex(source: Node | Equation | Recurrence, style: Style = DEFAULT) -> str:
    """LaTeX of an expression, an equation, or a recurrence (an `aligned` block, one row an equation).

    A recurrence is presented: adjoints used once inlined, interior forms followed by end forms.  Errors: MissingRule.
    """
    if isinstance(source, Recurrence):
        return block((e for scan in present(source) for e in scan.equations), style)
    return row(source, style) if isinstance(source, Equation) else Printer(style, LATEX).text(source)


def text(source: Node | Equation | Recurrence, style: Style = TERMINAL) -> str:
    """Plain text for a terminal; a recurrence gives one line an equation, a blank line between scans."""
    if isinstance(source, Recurrence):
        return "\n\n".join("\n".join(row(e, style) for e in scan.equations) for scan in present(source))
    return row(source, style) if isinstance(source, Equation) else Printer(style, LATEX).text(source)


def block(equations: Iterable[Equation], style: Style = DEFAULT) -> str:
    """LaTeX of equations below one another, aligned at their signs."""
    rows = " \\\\\n".join(row(e, style, " &= ") for e in equations)
    return "\n".join((r"\begin{aligned}", rows, r"\end{aligned}"))


def row(equation: Equation, style: Style = DEFAULT, sign: str = " = ") -> str:
    """One equation; `sign` stands between its sides."""
    printer = Printer(style, LATEX)
    return printer.text(equation.lhs) + sign + printer.text(equation.rhs)
