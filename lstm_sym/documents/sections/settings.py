r"""What a document fixes about its reading, by a directive or in its front matter: later ones win.

    layout: numerator        time: k            transpose: \top        vectors: rows
    model: lstm              functions: F, g    elementwise: *, \cdot   declare W, V: n x m
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lstm_sym.documents.reading.conventions import CHOICES
from lstm_sym.documents.reading.spelling import TIME_LETTERS
from lstm_sym.documents.sources.items import Directive, Document, FrontMatter

CONVENTIONS = ("layout", "loss", "derivative", "reads")
ALLOWED: dict[str, tuple[str, ...]] = {
    **{name: CHOICES[name] for name in CONVENTIONS},
    "time":    tuple(sorted(TIME_LETTERS)),
    "vectors": ("columns", "rows", "numbers"),
}
FREE = frozenset(("model", "transpose", "functions", "elementwise", "declare"))          # any value
OTHERS = frozenset(("expect", "ignore", "off", "on", "given", "assume"))                 # read elsewhere
IS_ENTRYWISE = r"(?:Hadamard|element-?wise|entry-?wise|component-?wise|point-?wise)"
SIGN = r"\$\s*(\*|\\ast|\\cdot|\\times|\\circ|\\otimes|\\star|\\bullet)\s*\$"
SAID = re.compile(rf"{SIGN}(?:(?!\bnot\b)[^.$])*?\b{IS_ENTRYWISE}\b", re.I)            # where $*$ is the Hadamard product


@dataclass(frozen=True, slots=True)
class Settings:
    """Name and value of what is fixed, and the shapes that are declared, in order."""

    values: dict[str, str] = field(default_factory=dict)
    shapes: tuple[str, ...] = ()
    entrywise: frozenset[str] = frozenset()                  # the signs that the words call entrywise
    numbers: bool = False                                    # the words call what the net computes numbers
    named: frozenset[str] = frozenset()                      # letters that the words call functions

    @property
    def conventions(self) -> dict[str, str]:
        """Those of CONVENTIONS that are fixed."""
        return {name: value for name, value in self.values.items() if name in CONVENTIONS}

    @property
    def power(self) -> str:
        """What a superscript T on a matrix is: "transpose", "power", or "" where nothing is said."""
        signs = self.listed("transpose")
        return "" if not signs else "transpose" if "T" in signs else "power"

    @property
    def elementwise(self) -> frozenset[str]:
        """The signs of the entrywise product beside those that always are."""
        return self.entrywise | self.listed("elementwise")

    @property
    def functions(self) -> frozenset[str]:
        """Letters that stand for functions of the author's own."""
        return self.named | self.listed("functions")

    def listed(self, name: str) -> frozenset[str]:
        """F and g of `functions: F, g`."""
        return frozenset(filter(None, (part.strip().strip("$").strip() for part in self.values.get(name, "").split(","))))


def settings_of(document: Document, end: int) -> Settings:
    """What is fixed before offset `end`."""
    said = [(name, value) for start, name, value in _said(document) if start < end and not fault(name, value)]
    values = {name: value for name, value in said if name != "declare"}
    shapes = tuple(value for name, value in said if name == "declare")
    return Settings(values, shapes, frozenset(SAID.findall(document.text)))


def fault(name: str, value: str) -> str:
    """Why a directive is not followed; "" if it is."""
    if name in OTHERS | FREE or value in ALLOWED.get(name, ()):
        return ""
    if name in ALLOWED:
        return f"{name}: {value} is not followed; expected one of {', '.join(ALLOWED[name])}"
    known = ", ".join(sorted((*ALLOWED, *FREE, *OTHERS)))
    return f"the directive {name} is not known; expected one of {known}"


def _said(document: Document) -> Iterator[tuple[int, str, str]]:
    """(offset, name, value); shapes.W: n x m of the front matter is `declare W: n x m`."""
    for item in document.items:
        if isinstance(item, Directive):
            yield item.at.start, item.name, item.value.strip()
        elif isinstance(item, FrontMatter):
            for entry in item.entries:
                group, _, symbol = entry.key.partition(".")
                if group == "shapes" and symbol:
                    yield item.at.start, "declare", f"{symbol}: {entry.value}"
                else:
                    yield item.at.start, entry.key, entry.value
