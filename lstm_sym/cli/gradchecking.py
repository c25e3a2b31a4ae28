"""gradcheck MODEL, or --all: the gradients of compiled models against independent derivatives."""
from __future__ import annotations

from lstm_sym.cells.catalogue import MODELS
from lstm_sym.cli.coding import only
from lstm_sym.cli.names import chosen
from lstm_sym.codegen.compile import TARGETS, compile
from lstm_sym.codegen.gradcheck import Report, gradcheck


def compared(model: str, target: str, seed: int) -> tuple[str, bool]:
    """The table of comparisons, and did all agree?  Errors: UnknownName, DocumentError, NotLowered, NoCompiler."""
    report = gradcheck(compile(only(model), chosen(target, TARGETS, "target")), seed=seed)
    return f"{report}\n", report.passed


def compared_all(target: str, seed: int) -> tuple[str, bool]:
    """One line for each model of the catalogue, and did every comparison agree?  Errors: UnknownName, NoCompiler."""
    reports = {name: gradcheck(compile(name, chosen(target, TARGETS, "target")), seed=seed) for name in MODELS}
    width = max(map(len, reports))
    lines = [f"{name:<{width}}  {_summary(report)}" for name, report in reports.items()]
    passed = sum(report.passed for report in reports.values())
    return "\n".join([*lines, f"{passed} of {len(reports)} models pass"]) + "\n", passed == len(reports)


def _summary(report: Report) -> str:
    """For each method the largest error; FAIL where a comparison did not agree."""
    worst: dict[str, float] = {}
    for row in report.rows:
        worst[row.method] = max(worst.get(row.method, 0.0), row.error)
    errors = ", ".join(f"{method} {error:.0e}" for method, error in worst.items())
    return f"{'ok  ' if report.passed else 'FAIL'} {len(report.rows)} comparisons: {errors}"
