"""The formats of a report: one row a format."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from lstm_sym.report.html import html
from lstm_sym.report.lines import concise, github
from lstm_sym.report.pretty import pretty
from lstm_sym.report.record import as_json
from lstm_sym.report.sarif import sarif
from lstm_sym.report.sheet import Sheet

Format: TypeAlias = Callable[[Sequence[Sheet], bool], str]       # sheets, with colour?

FORMATS: dict[str, Format] = {
    "pretty":  pretty,         # for a terminal
    "concise": concise,        # path:line:column: CODE verdict message
    "json":    as_json,        # version 1
    "github":  github,         # ::error file=...
    "sarif":   sarif,          # 2.1.0, for code scanning
    "html":    html,           # one page
}
