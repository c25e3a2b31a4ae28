"""Derivations for recurrent networks: read, proved or refuted equation by equation, derived, printed and run.

    import lstm_sym as ls
    print(ls.latex(ls.backward("lstm")))

Public names are loaded when they are first used, so that `import lstm_sym` is quick.
"""
from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Where each public name lives, module:name where it has another there.  One row a name, or the names of one module.
PUBLIC: dict[str, str] = {
    "Cell": "cells.builder",
    "Style": "notation.style",
    "decide": "equality.decide",
    **dict.fromkeys(("Equal", "Different", "Undecided", "Witness"), "equality.verdicts"),
    **dict.fromkeys(("Model", "models", "as_recurrence"), "cells.catalogue"),
    **dict.fromkeys(("stacked", "bidirectional", "readout"), "cells.compose"),
    **dict.fromkeys(("compile", "source"), "codegen.compile"),
    "gradcheck": "codegen.gradcheck",
    "check": "documents.check:check_file",
    "check_text": "documents.check",
    "prove": "proof.registry:theorem",
    "show": "proof.write",
    "bound": "proof.bounds",
    "certify": "proof.certify",
    **dict.fromkeys(("params_from_torch", "params_to_torch"), "codegen.weights.torch_layout"),
    **dict.fromkeys(("params_from_onnx", "params_to_onnx"), "codegen.weights.onnx_layout"),
    **dict.fromkeys(("params_from_keras", "params_to_keras"), "codegen.weights.keras_layout"),
    **dict.fromkeys(("Recurrence", "Axis", "Equation", "Scan"), "expr.recurrence"),
    **dict.fromkeys((
        "Named", "Ones", "Zeros", "Identity", "Add", "Hadamard", "MatMul", "Scale", "Transpose", "Diag", "Elementwise",
        "Stack", "Slice", "SumOver", "ProductOver", "When", "add", "hadamard", "matmul", "scale", "transpose", "divide",
        "sum_over", "stack", "take"), "expr.nodes"),
    **dict.fromkeys(("apply", "tanh", "sigmoid", "relu", "softplus", "exp", "log", "softmax"), "expr.functions"),
    **dict.fromkeys((
        "LstmSymError", "ShapeMismatch", "NotAffine", "UnknownName", "ModelError", "DomainViolation", "Inexact",
        "MissingRule", "BudgetExceeded", "DocumentError"), "errors"),
}
# Functions of a model: their first argument may also be a catalogue name or a Cell.
OF_MODEL: dict[str, str] = {
    "backward": "calculus.backward",
    "tangent":  "calculus.tangent",
    "jacobian": "calculus.jacobian",
    "latex":    "notation.latex",
    "text":     "notation.latex",
}


@cache
def load(name: str) -> Any:
    """The public object `name`.  Errors: AttributeError."""
    if name in PUBLIC:
        home, _, there = PUBLIC[name].partition(":")
        return getattr(import_module(f"lstm_sym.{home}"), there or name)
    if name in OF_MODEL:
        return _of_model(getattr(import_module(f"lstm_sym.{OF_MODEL[name]}"), name))
    raise AttributeError(f"lstm_sym has no public name {name!r}; there are {', '.join(__dir__())}")


def _of_model(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(model: Any, *arguments: Any, **options: Any) -> Any:
        return function(recurrence_of(model), *arguments, **options)

    return call


def recurrence_of(model: Any) -> Any:
    """The Recurrence of a catalogue name or a Cell; anything else as it is.  Errors: UnknownName, ModelError."""
    return load("as_recurrence")(model) if isinstance(model, str | load("Cell")) else model


def __getattr__(name: str) -> Any:
    return load(name)


def __dir__() -> list[str]:
    return sorted([*PUBLIC, *OF_MODEL, "__version__"])
