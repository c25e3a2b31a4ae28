"""SARIF 2.1.0: one result a judged finding, for code scanning of hosts and editors.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0, sections 3.13 (log), 3.27 (result).
"""
from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from lstm_sym.documents.findings import Finding
from lstm_sym.report.explain import title
from lstm_sym.report.sheet import Sheet
from lstm_sym.report.verdicts import LOOKS

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(sheets: Sequence[Sheet], colour: bool = False) -> str:
    """One run with one result for each finding that has a verdict; an expected one is suppressed."""
    judged = [(s.checked.path, f) for s in sheets for f in s.checked.findings if f.verdict is not None]
    codes = sorted({f.code for _, f in judged if f.code})
    driver = {"name": "lstm-sym", "rules": [{"id": code, "shortDescription": {"text": title(code)}} for code in codes]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": [_result(*j) for j in judged]}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(path: str, f: Finding) -> dict[str, Any]:
    kind, level = LOOKS[f.verdict or ""].sarif
    region = {"startLine": f.line, "startColumn": f.column, "endLine": f.end_line}
    uri = quote(PurePath(path).as_posix())
    return {
        **({"ruleId": f.code} if f.code else {}),
        "kind": kind, "level": level, "message": {"text": f.message or LOOKS[f.verdict or ""].word},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        **({"suppressions": [{"kind": "inSource"}]} if f.expected else {}),
        "properties": {"verdict": f.verdict, "latex": f.latex, "correction": f.correction},
    }
