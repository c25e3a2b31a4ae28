"""compile(model, target, dtype): a Recurrence as a fast net; source(model, target): its text."""
from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np

from lstm_sym.calculus.backward import backward
from lstm_sym.cells.builder import Cell
from lstm_sym.cells.catalogue import as_recurrence
from lstm_sym.codegen.c.target import frozen, kernels, with_loops
from lstm_sym.codegen.cache import load
from lstm_sym.codegen.compiled import Compiled, Runner
from lstm_sym.codegen.lowering.lower import lower, outputs_of, single_axis
from lstm_sym.codegen.lowering.program import Lowered
from lstm_sym.codegen.module_net import ModuleNet
from lstm_sym.codegen.numpy.source import c_sources, numpy_source
from lstm_sym.codegen.reference import Reference
from lstm_sym.codegen.signature import Signature
from lstm_sym.errors import UnknownName
from lstm_sym.expr.recurrence import Recurrence

Model: TypeAlias = str | Cell | Recurrence


def compile(model: Model, target: str = "numpy", dtype: Any = np.float64) -> Compiled:
    """The model as forward(params, x, state) and backward(params, tape, d_trajectory).

    model: a name of the catalogue, a Cell or a Recurrence; target: "numpy", "c" (needs a C compiler) or "reference".
    Errors: UnknownName for another target or model, NotLowered for what a target cannot run, NoCompiler.
    """
    if target not in TARGETS:
        raise UnknownName(f"no target is called {target!r}; there are {', '.join(TARGETS)}")
    name, recurrence = named(model)
    signature = Signature.of(recurrence, outputs_of(recurrence), single_axis(recurrence), dtype)
    return Compiled(name, target, signature, TARGETS[target](name, recurrence, np.dtype(dtype)),
                    lambda: compile(model, "numpy" if target == "c" else target, np.complex128))


def source(model: Model, target: str = "numpy") -> str:
    """The text of the generated code: a NumPy module, or the C of the steps.  Errors: as compile."""
    if target not in SOURCES:
        raise UnknownName(f"there is no source for the target {target!r}; there is for {', '.join(SOURCES)}")
    name, recurrence = named(model)
    return SOURCES[target](lowered(recurrence, name))


def named(model: Model) -> tuple[str, Recurrence]:
    """Name and recurrence of a model in any of its forms."""
    name = model if isinstance(model, str) else model.name if isinstance(model, Cell) else "model"
    return name, as_recurrence(model)


@lru_cache(maxsize=64)
def lowered(recurrence: Recurrence, name: str) -> Lowered:
    """The programs of a recurrence."""
    return lower(recurrence, name)


def _reference(name: str, recurrence: Recurrence, dtype: Any) -> Runner:
    trajectory = outputs_of(recurrence)
    return Reference(recurrence, backward(recurrence, None, reads=[q.name for q in trajectory]), trajectory)


TARGETS: dict[str, Callable[[str, Recurrence, Any], Runner]] = {
    "numpy":     lambda name, r, dtype: ModuleNet(load(numpy_source(lowered(r, name))), np.copy),
    "c":         lambda name, r, dtype: ModuleNet(with_loops(lowered(r, name), dtype), frozen),
    "reference": _reference,
}
SOURCES: dict[str, Callable[[Lowered], str]] = {
    "numpy":     numpy_source,
    "c":         lambda model: kernels() + "\n" + c_sources(model)[1],
}
