"""code MODEL: the generated program of a model, as text."""
from __future__ import annotations

from lstm_sym.cells.catalogue import MODELS
from lstm_sym.cli.deriving import sources
from lstm_sym.cli.names import chosen
from lstm_sym.codegen.compile import SOURCES, source
from lstm_sym.errors import DocumentError
from lstm_sym.expr.recurrence import Recurrence


def generated(model: str, target: str) -> str:
    """Forward and backward pass of a model.  Errors: UnknownName, DocumentError, NotLowered."""
    return source(only(model), chosen(target, SOURCES, "target"))


def only(model: str) -> str | Recurrence:
    """A catalogue name, or the one model of a document.  Errors: UnknownName, DocumentError."""
    if model in MODELS:
        return model
    found = sources(model)
    if len(found) > 1:
        raise DocumentError(f"{model}: {len(found)} models are in it; expected one, put each into a file of its own")
    return found[0].recurrence
