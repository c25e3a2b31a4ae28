"""The author's notation, for corrections that can be pasted."""

from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.reading.derivatives import LOSSES
from lstm_sym.documents.reading.losses import AT_STEP, OF_STEP
from lstm_sym.documents.reading.spelling import Spelled, names_in
from lstm_sym.documents.sections.lines import Part
from lstm_sym.notation.style import DEFAULT, Style


def author_style(part: Part) -> Style:
    """Names, times and the loss as the part spells them."""
    names: dict[str, str] = {}
    if part.section is None:
        return DEFAULT
    indexing = part.section.vocabulary.indexing
    own, usual = part.writing.losses.letter
    sides = ((line.latex, side) for line in part.lines for side in (line.left, line.right) if side is not None)
    for text, found in ((text, name) for text, side in sides for name in names_in(side, indexing)):
        found = replace(found, key=own) if own and found.key == usual else found
        loss = found.key in LOSSES or found.key == own
        if loss and found.time is None and (found.key == own or found.key in text):   # L is put for \delta h_t
            names.setdefault("L", found.key)
        elif loss:
            names.setdefault(AT_STEP, _placed(found))
        elif found.key in part.section.vocabulary.quantities:
            names.setdefault(found.key, _placed(found))
    if AT_STEP in names:
        name, t = names[AT_STEP], indexing.letter
        names[OF_STEP] = name.replace("#", t) if "#" in name else f"{name}_{t}"
    return DEFAULT.named(names)


def _placed(found: Spelled) -> str:
    """The name with # for its time: h^{(#)}, a^{[1] (#)}."""
    layered = found.place.startswith("^") and found.key.endswith("}") and "^{" in found.key
    return found.key[:-1] + found.place.removeprefix("^{") if layered else found.key + found.place
