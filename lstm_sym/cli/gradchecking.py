"""gradcheck MODEL: the gradients of the compiled model against independent derivatives."""
from __future__ import annotations

from lstm_sym.cli.coding import only
from lstm_sym.cli.names import chosen
from lstm_sym.codegen.compile import TARGETS, compile
from lstm_sym.codegen.gradcheck import gradcheck


def compared(model: str, target: str, seed: int) -> tuple[str, bool]:
    """The table of comparisons, and did all agree?  Errors: UnknownName, DocumentError, NotLowered, NoCompiler."""
    report = gradcheck(compile(only(model), chosen(target, TARGETS, "target")), seed=seed)
    return f"{report}\n", report.passed
