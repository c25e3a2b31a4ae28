r"""Sizes of a matrix that words compare with a number: "the largest singular value of $W$ is less than 1".

Sentences come with their formulas between dollars; what is read comes as directives, \sigma_{\max}(W) < 1.
"""
from __future__ import annotations

import re

_LARGEST = r"(?:largest|greatest|maximum|maximal|top|leading|dominant)"
_SIZE = r"(?:absolute values?|modul(?:us|i)|magnitudes?)"
MEASURES = (                                                 # words; the size bounded above, and below
    (rf"{_LARGEST} singular values?|(?:spectral|operator|(?:induced )?(?:2|two)-)\s*norm",
     r"\sigma_{\max}(#)", r"\sigma_{\max}(#)"),
    (r"all (?:of )?(?:the )?singular values|every singular value", r"\sigma_{\max}(#)", r"\sigma_{\min}(#)"),
    (r"(?:smallest|minimum|minimal|least) singular value", r"\sigma_{\min}(#)", r"\sigma_{\min}(#)"),
    (r"Frobenius norm", r"\|#\|_F", r"\|#\|_F"),
    (rf"spectral radius|(?:{_SIZE} of the )?{_LARGEST} eigenvalue,? in {_SIZE}|{_SIZE} of the {_LARGEST} eigenvalue"
     rf"|{_LARGEST} (?:absolute )?eigenvalue {_SIZE}", r"\rho(#)", r"\rho(#)"),
    (rf"{_LARGEST} eigenvalue", r"\lambda_{\max}(#)", r"\lambda_{\max}(#)"),
    (r"norm", r"\|#\|", r"\|#\|"),
)
BELOW = {"<": r"(?:strictly )?(?:less|smaller|lower) than|(?:strictly )?below|under",
         r"\le": r"at most|no (?:more|greater|larger|bigger) than|bounded by|less than or equal to"}
ABOVE = {">": r"(?:strictly )?(?:greater|larger|bigger|more) than|(?:strictly )?above",
         r"\ge": r"at least|no (?:less|smaller) than"}
_WORDS = {**BELOW, **ABOVE}
_NUMBER = r"\$\s*(?P<formula>[^$=<>]+?)\s*\$|(?P<number>\d+(?:\.\d+)?(?![\w.]*\w))|(?P<one>one|unity)\b"
COMPARED = re.compile(
    rf"\b(?:the )?(?P<measure>{'|'.join(f'(?:{words})' for words, *_ in MEASURES)})\s+of\s+(?:the\s+)?"
    r"(?:(?:square|recurrent|hidden|weight|transition|matrix|weights)\s+)*\$\s*(?P<of>[^$=<>,]+?)\s*\$\s+"
    r"(?:is|are|be|stays?|remains?)\s+(?:always\s+)?"
    rf"(?P<relation>{'|'.join(f'(?:{words})' for _, words in sorted(_WORDS.items(), key=lambda pair: -len(pair[1])))})\s+"
    rf"(?:{_NUMBER})", re.I)
SPOKEN = re.compile(r"\b(?:norms?|singular|eigenvalues?|eigenvectors?|spectr\w+|Lipschitz|contract\w+|expan\w+)\b", re.I)


def measured(text: str) -> frozenset[str]:
    """What the words say of sizes, as directives."""
    return frozenset(_directive(found) for found in COMPARED.finditer(text))


def speaks_of_sizes_unread(text: str) -> bool:
    """Is there more in the words about sizes than `measured` reads?"""
    return bool(SPOKEN.search(re.sub(r"\$[^$]*\$", " ", COMPARED.sub(" ", text))))


def _directive(found: re.Match[str]) -> str:
    sign = next(s for s, words in _WORDS.items() if re.fullmatch(words, found["relation"], re.I))
    above, below = next(sizes for words, *sizes in MEASURES if re.fullmatch(words, found["measure"], re.I))
    size = (above if sign in BELOW else below).replace("#", found["of"])
    return f"{size} {sign} {found['formula'] or found['number'] or '1'}"
