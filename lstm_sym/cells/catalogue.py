"""The catalogue: one row a model."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from lstm_sym.cells.builder import Cell
from lstm_sym.cells.lstm import lstm, lstm_concatenated
from lstm_sym.cells.papers import ELMAN, GERS_FORGET
from lstm_sym.cells.rnn import rnn
from lstm_sym.errors import UnknownName
from lstm_sym.expr.recurrence import Recurrence


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the literature.  states: what is carried from step to step; differs: from the plain LSTM or RNN."""

    name: str
    build: Callable[[], Recurrence]
    paper: str
    differs: str
    states: tuple[str, ...]


_ROWS = (
    Model("rnn",                rnn,                       ELMAN,       "tanh of the pre-activation",         ("h",)),
    Model("rnn-linear",         partial(rnn, "identity"),  ELMAN,       "h = a, no activation",               ("h",)),
    Model("lstm",               lstm,                      GERS_FORGET,  "forget gate, no peepholes",          ("h", "c")),
    Model("lstm-concatenated",  lstm_concatenated,         GERS_FORGET,  "one matrix a gate, on [h; x]",       ("h", "c")),
)
MODELS: dict[str, Model] = {row.name: row for row in _ROWS}


def models() -> tuple[Model, ...]:
    """Every row of the catalogue."""
    return _ROWS


@cache
def model(name: str) -> Recurrence:
    """The model of this name.  Errors: UnknownName, which lists the names."""
    if name not in MODELS:
        raise UnknownName(f"no model is called {name!r}; there are {', '.join(MODELS)}")
    return MODELS[name].build()


def as_recurrence(source: str | Cell | Recurrence) -> Recurrence:
    """A catalogue name, a Cell or a Recurrence as a Recurrence.  Errors: UnknownName, TypeError."""
    if isinstance(source, str):
        return model(source)
    if isinstance(source, Cell | Recurrence):
        return source.recurrence if isinstance(source, Cell) else source
    raise TypeError(f"a model is a catalogue name, a Cell or a Recurrence, got {source!r}")
