"""code MODEL: the generated program of a model, as text."""
from __future__ import annotations

from lstm_sym.cells.catalogue import MODELS
from lstm_sym.cli.deriving import one
from lstm_sym.cli.names import chosen
from lstm_sym.codegen.compile import SOURCES, source
from lstm_sym.expr.recurrence import Recurrence


def generated(model: str, target: str) -> str:
    """Forward and backward pass of a model.  Errors: UnknownName, DocumentError, NotLowered."""
    return source(only(model), chosen(target, SOURCES, "target"))


def only(model: str) -> str | Recurrence:
    """A catalogue name, or the one model of a document.  Errors: UnknownName, DocumentError."""
    return model if model in MODELS else one(model).recurrence
