"""How each verdict looks: one row a verdict."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """word: as shown; colour: of the terminal; level: of an annotation, None for none; sarif: kind and level there."""

    word: str
    colour: str
    level: str | None
    sarif: tuple[str, str]


LOOKS: dict[str, Look] = {
    "proved":      Look("proved",      "green",       None,      ("pass", "none")),
    "refuted":     Look("refuted",     "bold red",    "error",   ("fail", "error")),
    "conditional": Look("conditional", "yellow",      "warning", ("review", "none")),
    "undecided":   Look("undecided",   "magenta",     "notice",  ("open", "none")),
    "not_read":    Look("not read",    "bright_blue", "warning", ("notApplicable", "none")),
}
