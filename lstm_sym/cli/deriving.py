"""derive MODEL and models: what the catalogue holds, and the gradients of a model, be it a document's own."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from lstm_sym.calculus.backward import backward
from lstm_sym.calculus.excess import excess
from lstm_sym.calculus.truncate import recurrent_edges
from lstm_sym.cells.catalogue import MODELS, model, models, number_of_parameters
from lstm_sym.cli.names import chosen
from lstm_sym.documents.check import read_parts
from lstm_sym.documents.repairs.style import author_style
from lstm_sym.documents.sources.scan import read
from lstm_sym.errors import DocumentError
from lstm_sym.expr.labels import Excess
from lstm_sym.expr.recurrence import Equation, Recurrence
from lstm_sym.expr.substitute import named_in
from lstm_sym.notation.latex import latex, text
from lstm_sym.notation.present import present
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


def derived(model: str, format: str, loss: str, delta: bool, truncated: bool = False) -> str:
    """Forward equations and gradients; truncated: with no error through the recurrent edges, as in 1997.

    Errors: UnknownName, DocumentError.
    """
    write = WRITERS[chosen(format, WRITERS, "format")]
    kind = LOSSES[chosen(loss, LOSSES, "loss")]
    found = [(_styled(source, delta), gradients(source, kind, truncated), cut_edges(source) if truncated else "")
             for source in sources(model)]
    return "\n\n".join(write(*each) for each in found) + "\n"


def sources(model: str) -> list[Source]:
    """The model of a catalogue name, or those of a document's sections.  Errors: UnknownName, DocumentError."""
    if model not in MODELS and (Path(model).suffix or Path(model).exists()):
        return _of_document(model)
    row = MODELS[chosen(model, MODELS, "model")]
    return [Source(f"{row.name}: {row.paper}", row.build())]


def _of_document(path: str) -> list[Source]:
    found = []
    for part in read_parts(read(path)):
        if part.section is not None and any(line.kind == "model" for line in part.lines):
            found.append(Source(Path(path).stem, part.section.recurrence, author_style(part)))
    if not found:
        raise DocumentError(f"{path}: there is no model line in it, such as {EXAMPLE} between $$ signs")
    return found


def one(model: str) -> Source:
    """The model of a catalogue name, or the one of a document.  Errors: UnknownName, DocumentError."""
    found = sources(model)
    if len(found) > 1:
        raise DocumentError(f"{model}: {len(found)} models are in it; expected one, put each into a file of its own")
    return found[0]


def gradients(source: Source, loss: str | None, truncated: bool = False) -> Recurrence:
    """A loss that the model itself defines is taken; else the arbitrary one, or the one at the last step."""
    r = source.recurrence
    return backward(r, _loss(r, loss), name=LOSS, cut=recurrent_edges(r) if truncated else ())


def left_out(source: Source, loss: str | None) -> tuple[Equation, ...]:
    """The full gradients minus the truncated ones, in the names of the full ones; none where they do not differ."""
    r = source.recurrence
    found = excess(r, _loss(r, loss), name=LOSS, cut=recurrent_edges(r))
    return tuple(e for scan in present(found) for e in scan.equations if isinstance(e.lhs.label, Excess))


def _loss(recurrence: Recurrence, loss: str | None) -> str | None:
    return LOSS if any(e.lhs.name == LOSS for e in recurrence.equations) else loss


def cut_edges(source: Source) -> str:
    """The edges that truncation cuts: h[t - 1] -> a_i[t], ..."""
    cut = {(e.source, e.user) for e in recurrent_edges(source.recurrence)}
    edges = (f"{q} -> {e.lhs}" for e in source.recurrence.equations for q in named_in(e.rhs) if (q.label, e.lhs.label) in cut)
    return ", ".join(edges) or "none: no pre-activation reads a state of another step"


def _styled(source: Source, delta: bool) -> Source:
    return replace(source, style=replace(source.style, derivative="delta" if delta else "fraction"))


# --- one function a format ----------------------------------------------------------------------------------------

def _latex(source: Source, gradients: Recurrence, cut: str) -> str:
    return (f"% cut: {cut}\n" if cut else "") + latex(gradients, source.style)


def _text(source: Source, gradients: Recurrence, cut: str) -> str:
    return (f"cut: {cut}\n\n" if cut else "") + text(gradients, replace(TERMINAL, derivative=source.style.derivative))


def _markdown(source: Source, gradients: Recurrence, cut: str) -> str:
    """A document that `check` reads; it would refute a truncated gradient, which is that of another network."""
    backward_only = replace(gradients, scans=gradients.scans[len(source.recurrence.scans):])
    heading = f"## Truncated gradients\n\nNo error flows through `{cut}`.\n\n<!-- lstm-sym: off -->" if cut else "## Gradients"
    parts = ((f"# {source.title}", source.recurrence), (heading, backward_only))
    return "\n\n".join(f"{heading}\n\n$$\n{latex(r, source.style)}\n$$" for heading, r in parts)


WRITERS: dict[str, Callable[[Source, Recurrence, str], str]] = {"latex": _latex, "text": _text, "markdown": _markdown}


def catalogue() -> str:
    """One line a model: name, states, number of parameters, what differs, parameters, paper."""
    head = ("name", "states", "parameters", "what differs", "names", "paper")
    rows = [head, *((m.name, " ".join(m.states), number_of_parameters(m.name), m.differs, _families(m.name), m.paper)
                    for m in models())]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _families(name: str) -> str:
    """Parameters by their first letter: W_i,f,o,g U_i,f,o,g b_i,f,o,g."""
    found: dict[str, list[str]] = {}
    for parameter in model(name).parameters:
        base, _, unit = parameter.name.partition("_")
        found.setdefault(base, []).append(unit)
    return " ".join(f"{base}_{','.join(units)}" if any(units) else base for base, units in found.items())
