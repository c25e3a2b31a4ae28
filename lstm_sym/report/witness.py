"""A witness as lines of text: sizes, assigned values row by row, the entry and its two values."""
from __future__ import annotations

from lstm_sym.equality.verdicts import Witness

FEW, WIDE = 6, 100


def lines_of(witness: Witness) -> list[str]:
    """n = 2, T = 4, t = 2 / W = [1/2 1; -1 2] / ... / all else = 0 / entry (1, 2): left 3/4, right 1/2."""
    return [*_places(witness), *_assigned(witness), *_silent(witness), *_values(witness)]


def short_lines(witness: Witness) -> list[str]:
    """The same with the first few assigned values and long ones cropped."""
    assigned = [crop(line) for line in _assigned(witness)]
    more = len(assigned) - FEW
    kept = assigned[:FEW] + ([f"... and {more} more (--format json prints all)"] if more > 0 else [])
    return [*_places(witness), *kept, *_silent(witness), *map(crop, _values(witness))]


def _places(witness: Witness) -> list[str]:
    where = {**witness.sizes, **witness.at}
    return [", ".join(f"{name} = {value}" for name, value in where.items())] if where else []


def _assigned(witness: Witness) -> list[str]:
    """What is not 0."""
    return [f"{name} = [{'; '.join(' '.join(row) for row in rows)}]" for name, rows in witness.assign.items() if _says(rows)]


def _silent(witness: Witness) -> list[str]:
    return [] if all(map(_says, witness.assign.values())) else ["all else = 0"]


def _says(rows: list[list[str]]) -> bool:
    return any(value != "0" for row in rows for value in row)


def _values(witness: Witness) -> list[str]:
    i, j = witness.entry
    about = "" if witness.exact else "  (certified digits)"
    return [f"entry ({i}, {j}): left {witness.left}, right {witness.right}{about}"]


def crop(text: str, width: int = WIDE) -> str:
    """`text` in at most `width` characters."""
    return text if len(text) <= width else text[:width - 3] + "..."
