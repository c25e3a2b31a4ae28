"""The author's notation, for corrections that can be pasted."""

from __future__ import annotations

from lstm_sym.documents.derivatives import LOSSES
from lstm_sym.documents.lines import Part
from lstm_sym.documents.losses import AT_STEP
from lstm_sym.documents.spelling import spell
from lstm_sym.documents.tree import Scripts, Symbol, walk
from lstm_sym.notation.style import DEFAULT, Style


def author_style(part: Part) -> Style:
    """Names, times and the loss as the part spells them."""
    names: dict[str, str] = {}
    if part.section is None:
        return DEFAULT
    indexing = part.section.vocabulary.indexing
    for line in part.lines:
        for side in (line.left, line.right):
            for node in walk(side) if side is not None else ():
                found = spell(node, indexing) if isinstance(node, Scripts | Symbol) else None
                if found is None:
                    continue
                if found.key in LOSSES and found.time is None:
                    names.setdefault("L", found.key)
                elif found.key in LOSSES:
                    names.setdefault(AT_STEP, found.key + found.place)
                elif found.key in part.section.vocabulary.quantities:
                    names.setdefault(found.key, found.key + found.place)
    return DEFAULT.named(names)
