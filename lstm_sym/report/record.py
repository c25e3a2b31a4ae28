"""JSON, version 1: the names other tools rely on; every key always present, in this order."""
from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lstm_sym.documents.findings import Finding
from lstm_sym.equality.verdicts import Witness
from lstm_sym.report.sheet import Sheet, tally

VERSION = 1


def as_json(sheets: Sequence[Sheet], colour: bool = False) -> str:
    """The whole run as one JSON object, ASCII only."""
    return json.dumps(record(sheets), indent=2) + "\n"


def record(sheets: Sequence[Sheet]) -> dict[str, Any]:
    """{"version", "documents", "summary"}."""
    t = tally(sheets)
    summary = {"models": t.models, **t.verdicts}
    return {"version": VERSION, "documents": [_document(s) for s in sheets], "summary": summary}


def _document(sheet: Sheet) -> dict[str, Any]:
    c = sheet.checked
    return {"path": c.path, "model": c.model, "findings": [_finding(f) for f in c.findings]}


def _finding(f: Finding) -> dict[str, Any]:
    return {
        "line": f.line, "column": f.column, "end_line": f.end_line, "latex": f.latex, "kind": f.kind,
        "verdict": f.verdict, "code": f.code, "also": list(f.also), "message": f.message, "expected": f.expected,
        "scope": f.scope, "condition": f.condition, "reading": f.reading,
        "correction": f.correction, "correction_condition": f.correction_condition,
        "witness": None if f.witness is None else _witness(f.witness), "evidence": f.evidence,
    }


def _witness(w: Witness) -> dict[str, Any]:
    """sizes also holds the time indices: what is needed to compute both sides again."""
    return {"sizes": {**w.sizes, **w.at}, "assign": w.assign, "entry": list(w.entry),
            "left": w.left, "right": w.right, "exact": w.exact}
