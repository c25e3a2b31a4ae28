"""derive MODEL and models: what the catalogue holds, and the gradients of a model, be it a document's own."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from lstm_sym.calculus.backward import backward
from lstm_sym.cells.catalogue import MODELS, models
from lstm_sym.cli.names import chosen
from lstm_sym.documents.lines import split
from lstm_sym.documents.scan import read
from lstm_sym.documents.sections import establish
from lstm_sym.documents.style import author_style
from lstm_sym.errors import DocumentError
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.notation.latex import latex, text
from lstm_sym.notation.style import DEFAULT, TERMINAL, Style

LOSSES = {"every": None, "last": "last"}          # as backward takes them
LOSS = "L"
EXAMPLE = r"h_t = \tanh(W h_{t-1} + U x_t + b)"


@dataclass(frozen=True, slots=True)
class Source:
    """A model to derive from, and how its author writes."""

    title: str
    recurrence: Recurrence
    style: Style = DEFAULT


def derived(model: str, format: str, loss: str, delta: bool) -> str:
    """Forward equations and gradients.  Errors: UnknownName, DocumentError."""
    write = WRITERS[chosen(format, WRITERS, "format")]
    kind = LOSSES[chosen(loss, LOSSES, "loss")]
    found = [(_styled(source, delta), _gradients(source.recurrence, kind)) for source in sources(model)]
    return "\n\n".join(write(*each) for each in found) + "\n"


def sources(model: str) -> list[Source]:
    """The model of a catalogue name, or those of a document's sections.  Errors: UnknownName, DocumentError."""
    if model not in MODELS and (Path(model).suffix or Path(model).exists()):
        return _of_document(model)
    row = MODELS[chosen(model, MODELS, "model")]
    return [Source(f"{row.name}: {row.paper}", row.build())]


def _of_document(path: str) -> list[Source]:
    found = []
    for part in split(read(path)):
        establish(part, {})
        if part.section is not None and any(line.kind == "model" for line in part.lines):
            found.append(Source(Path(path).stem, part.section.recurrence, author_style(part)))
    if not found:
        raise DocumentError(f"{path}: there is no model line in it, such as {EXAMPLE} between $$ signs")
    return found


def _gradients(recurrence: Recurrence, loss: str | None) -> Recurrence:
    """A loss that the model itself defines is taken; else the arbitrary one, or the one at the last step."""
    own = any(e.lhs.name == LOSS for e in recurrence.equations)
    return backward(recurrence, LOSS if own else loss, name=LOSS)


def _styled(source: Source, delta: bool) -> Source:
    return replace(source, style=replace(source.style, derivative="delta" if delta else "fraction"))


# --- one function a format ----------------------------------------------------------------------------------------

def _latex(source: Source, gradients: Recurrence) -> str:
    return latex(gradients, source.style)


def _text(source: Source, gradients: Recurrence) -> str:
    return text(gradients, replace(TERMINAL, derivative=source.style.derivative))


def _markdown(source: Source, gradients: Recurrence) -> str:
    """A document that `check` reads."""
    backward_only = replace(gradients, scans=gradients.scans[len(source.recurrence.scans):])
    parts = ((f"# {source.title}", source.recurrence), ("## Gradients", backward_only))
    return "\n\n".join(f"{heading}\n\n$$\n{latex(r, source.style)}\n$$" for heading, r in parts)


WRITERS: dict[str, Callable[[Source, Recurrence], str]] = {"latex": _latex, "text": _text, "markdown": _markdown}


def catalogue() -> str:
    """One line a model: name, states, what differs, paper."""
    head = ("name", "states", "what differs", "paper")
    rows = [head, *((m.name, " ".join(m.states), m.differs, m.paper) for m in models())]
    widths = [max(len(row[k]) for row in rows) for k in range(3)]
    lines = ("  ".join((*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[3])) for row in rows)
    return "\n".join(line.rstrip() for line in lines) + "\n"
