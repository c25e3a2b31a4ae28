"""The checker on mutants: an equation of a derivation with one error put in is no longer proved.

A mutant that is not proved is refuted by a certified witness, or does not fit in shapes, or is open; it is never taken for true.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lstm_sym.documents.expecting import Directives
from lstm_sym.documents.layout.parse import parse
from lstm_sym.documents.reading.conventions import Convention, Reading
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.establish import establish
from lstm_sym.documents.sections.parts import split
from lstm_sym.documents.sections.settings import settings_of
from lstm_sym.documents.sources import scan
from lstm_sym.equality.verdicts import Equal
from lstm_sym.errors import LayoutError

BOUNDS = {"lstm_cell_path", "vanishing_gradient"}       # claims about sizes: their false neighbours are in test_norm_claims
DERIVATIONS = sorted(p for p in (Path(__file__).parent.parent / "derivations").glob("*.md") if p.stem not in BOUNDS)
SLOPE = re.compile(r" \\odot \\left\(1 - [^)]*\\right\)| \\odot \(1 - [^)]*\)|\\operatorname\{diag\}\\left\(1 - [^)]*\\right\)")
MUTATIONS = {
    #      code  what is replaced in the right side                                  by what
    "E101": (SLOPE,                                                                  ""),
    "E102": (re.compile(r"\^\\top"),                                                 ""),
    "E103": (re.compile(r"_\{t\+1\}|_\{t-1\}"),                                      "_t"),
    "E104": (re.compile(r"(\\operatorname\{diag\}\\left\([^)]*\\right\)) (W)"),      r"\2 \1"),
    "E108": (re.compile(r"^(?P<first>.*?) \+ .*$", re.S),                            r"\g<first>"),
    "bound": (re.compile(r"\\sum_\{t=1\}"),                                          r"\\sum_{t=2}"),
}


def _judge(section: Section, latex: str) -> Judge | None:
    """A judge of an equation; None if the mutant is no equation any more."""
    try:
        statement = parse(latex).statements[0]
    except LayoutError:
        return None
    return Judge(section, *statement.sides) if len(statement.sides) == 2 else None


def _is_true(section: Section, latex: str) -> bool | None:
    judge = _judge(section, latex)
    if judge is None:
        return None
    return isinstance(judge.outcome(Convention(**{"loss": "every", **section.declared}), Reading()).answer, Equal)


def _claims(path: Path) -> Iterator[tuple[Section, str]]:
    """Every equation of a document that holds, with its section."""
    document = scan.read(str(path))
    directives = Directives.of(document)
    for part in split(document, directives.ignored):
        establish(part, settings_of(document, part.lines[-1].item.at.end))
        for line in part.lines:
            if part.section is not None and line.kind == "claim" and line.is_equation and _is_true(part.section, line.latex):
                yield part.section, line.latex


def _mutants(latex: str) -> Iterator[tuple[str, str]]:
    left, equals, right = latex.partition("=")
    for name, (pattern, replacement) in MUTATIONS.items():
        changed = pattern.sub(replacement, right, count=1)
        if changed.strip() != right.strip() and changed.strip():
            yield name, left + equals + changed


@pytest.mark.parametrize("path", DERIVATIONS, ids=lambda p: p.stem)
def test_a_mutated_equation_is_not_proved(path: Path) -> None:
    outcomes = [(name, mutant, _is_true(section, mutant)) for section, latex in _claims(path) for name, mutant in _mutants(latex)]
    assert len([o for o in outcomes if o[2] is not None]) >= 8
    assert [o for o in outcomes if o[2]] == []
