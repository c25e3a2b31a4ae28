"""What words call a matrix: "symmetric $W$", "$W$ is orthogonal"; and what no proof uses: "diagonal $W$", `W = Q D Q^{-1}`.

Sentences come with their formulas between dollars.
"""
from __future__ import annotations

import re

USED = ("symmetric", "orthogonal", "normal")                 # `of_directive` knows what they are
_SIGNED = r"(?:\\(?:math(?:bf|rm|it)|boldsymbol|bm)\s*\{?\s*)?[A-Z]"
_MATRIX = rf"\$\s*({_SIGNED}(?![^$]*_\{{?[tks](?![a-z]))[^$=<>,]*)\$"          # a capital without a time
_NOUN = r"(?:(?:square|real|recurrent|hidden|weight|transition|initial|matrix|matrices)\s+)*"
_OTHER = (r"(?:diagonal|(?:upper |lower )?triangular|unitary|skew(?:-symmetric)?|non-?negative|positive(?: (?:semi-?)?definite)?"
          r"|diagonali[sz]able|permutation|rank[- ]one|identity|contraction|invertible|symmetric|orthogonal|normal)")
BEFORE = re.compile(rf"(?<![-\w])({'|'.join(USED)})\s+{_NOUN}{_MATRIX}", re.I)
BEHIND = re.compile(rf"{_MATRIX}\s+(?:is|be|are)\s+(?:an?\s+)?(?:real\s+|square\s+)?({'|'.join(USED)})\b"
                    r"(?!\s+(?:to|with|part|basis|complement|vectors?|columns?|rows?|distribution|or)\b)", re.I)
_SLACK = r"(?:\s+(?!not\b|and\b|acts?\b|times\b)[\w-]+){1,4}?\s+"
_NAMELESS = (rf"(?:for|with)\s+(?:an?|any|every|all)\s+(?:{_OTHER}|contractive|contracting|expanding|stable|small|bounded)"
             rf"\s+{_NOUN}(?:matrix|matrices|weights)")
LOOSELY = re.compile(rf"\b{_OTHER}\s+{_NOUN}{_MATRIX}|{_MATRIX}{_SLACK}{_OTHER}\b|\b{_NAMELESS}\b", re.I)
CONTRAST = re.compile(r"\b(?:unlike|contrast|except|other than|instead|beyond|even|not|no|non|general|arbitrary|any)\b", re.I)
GIVEN = re.compile(r"\$\s*(?:\\(?:mathbf|boldsymbol|bm)\s*\{\s*)?W[^$=<>]*=[^$]*\$")
LOCAL = re.compile(r"\b(?:for|if|when|whenever|unless|in case|were|would|where)\b", re.I)


def called(text: str) -> frozenset[str]:
    """What a matrix is, as directives: "W symmetric"."""
    if CONTRAST.search(text):
        return frozenset()
    found = [(latex, kind) for kind, latex in BEFORE.findall(text)] + BEHIND.findall(text)
    return frozenset(f"{latex.strip()} {kind.lower()}" for latex, kind in found)


def is_called_otherwise(text: str) -> bool:
    """Is a matrix said to be of a kind that no proof uses?"""
    return bool(LOOSELY.search(without_called(text)))


def without_called(text: str) -> str:
    """The text without what `called` finds."""
    return text if CONTRAST.search(text) else BEHIND.sub(" ", BEFORE.sub(" ", text))


def is_given(text: str) -> bool:
    """Is the recurrent matrix said to be this or that?"""
    return bool(GIVEN.search(text))


def is_local(text: str) -> bool:
    """Does the sentence say it of a case, and not of the net from here on?"""
    return bool(LOCAL.search(text))
