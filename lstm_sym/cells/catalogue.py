"""The catalogue: one row a model."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import sympy as sp

from lstm_sym.cells.builder import Cell
from lstm_sym.cells.greff import VARIANTS, greff, lstm_peephole
from lstm_sym.cells.gru import Update, gru_reset_after, gru_reset_before, keeps, renews
from lstm_sym.cells.lstm import lstm, lstm_concatenated
from lstm_sym.cells.lstm_1997 import lstm_1997
from lstm_sym.cells.papers import CHO, CHUNG, CUDNN, ELMAN, GERS_FORGET, GERS_PEEPHOLES, GREFF, HOCHREITER
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


_HC, _H, _GATES = ("h", "c"), ("h",), ("h", "c", "i", "f", "o")


def _rnn(name: str, activation: str, differs: str) -> Model:
    return Model(name, partial(rnn, activation), ELMAN, differs, _H)


def _greff(name: str, differs: str, states: tuple[str, ...] = _HC) -> Model:
    return Model(f"lstm-{name}", partial(greff, VARIANTS[name], f"lstm-{name}"), GREFF, differs, states)


def _gru(name: str, build: Callable[[str, str, Update], Recurrence], paper: str, update: Update, differs: str) -> Model:
    return Model(name, partial(build, name, paper, update), paper, differs, _H)


_ROWS = (
    #      name                builder                                what differs from the plain RNN or LSTM
    _rnn("rnn",                "tanh",                                "h = tanh(a)"),
    _rnn("rnn-linear",         "identity",                            "h = a"),
    _rnn("rnn-relu",           "relu",                                "h = relu(a)"),
    Model("lstm",              lstm,              GERS_FORGET,        "c = f o c + i o g, h = o o tanh(c)",       _HC),
    Model("lstm-concatenated", lstm_concatenated, GERS_FORGET,        "one matrix a gate, on [h; x]",             _HC),
    Model("lstm-1997",         lstm_1997,         HOCHREITER,         "f = 1; g = 2 tanh(a / 2), tanh(c / 2)",    _HC),
    Model("lstm-peephole",     lstm_peephole,     GERS_PEEPHOLES,     "i, f see c[t-1] and o sees c[t]",          _HC),
    Model("lstm-vanilla",      greff,             GREFF,              "i, f see c[t-1] and o sees c[t]",          _HC),
    _greff("nig",                                                     "vanilla with i = 1"),
    _greff("nfg",                                                     "vanilla with f = 1"),
    _greff("nog",                                                     "vanilla with o = 1"),
    _greff("niaf",                                                    "vanilla with g = a_g"),
    _greff("noaf",                                                    "vanilla with h = o o c"),
    _greff("cifg",                                                    "vanilla with f = 1 - i"),
    _greff("np",                                                      "vanilla without peepholes"),
    _greff("fgr",                                                     "vanilla, gates see gates at t-1", _GATES),
    _gru("gru",                   gru_reset_before, CHO,   keeps,     "g sees r o h; z keeps"),
    _gru("gru-renewing",          gru_reset_before, CHUNG, renews,    "g sees r o h; z renews"),
    _gru("gru-after",             gru_reset_after,  CUDNN, keeps,     "r acts on W_g h + d_g; z keeps"),
    _gru("gru-after-renewing",    gru_reset_after,  CUDNN, renews,    "r acts on W_g h + d_g; z renews"),
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


def number_of_parameters(name: str) -> str:
    """The entries of all parameters, as a formula in the sizes: 4 n (m + n + 1) for the LSTM.  Errors: UnknownName."""
    total = sp.Add(*(rows * columns for rows, columns in (p.shape for p in model(name).parameters)))
    return str(sp.factor(total)).replace("*", " ")


def as_recurrence(source: str | Cell | Recurrence) -> Recurrence:
    """A catalogue name, a Cell or a Recurrence as a Recurrence.  Errors: UnknownName, TypeError."""
    if isinstance(source, str):
        return model(source)
    if isinstance(source, Cell | Recurrence):
        return source.recurrence if isinstance(source, Cell) else source
    raise TypeError(f"a model is a catalogue name, a Cell or a Recurrence, got {source!r}")
