"""What sentences state of values: targets that sum to 1, and one-hot inputs and targets."""
from __future__ import annotations

import re
from collections.abc import Iterator

from lstm_sym.documents.reading.spelling import Indexing, names_in
from lstm_sym.documents.sections.deciding import Values
from lstm_sym.documents.sections.lines import Part
from lstm_sym.documents.sources.items import Document, Inline

ONE_HOT = re.compile(r"\bone[- ]?hot\b", re.I)
SUMS_TO_ONE = re.compile(r"\bone[- ]?hot\b|\bsums? to (1|one|\$1\$)\b|\b(is|are|be) (a )?(probability )?distributions?\b", re.I)
TARGETS = re.compile(r"\b(targets?|labels?)\b", re.I)
HEDGED = re.compile(
    r"\b(usually|often|mostly|sometimes|may|might|can|if|when|whether|unless|not|rest|entry|entries|condition)\b", re.I)
END = re.compile(r"[.!?](?:\s|$)")


def values_of(document: Document, part: Part, indexing: Indexing) -> Values:
    """The names of which a sentence around them in the text says it; of targets also by that word alone."""
    one_hot, summing = set(), set()
    for sentence, names in _sentences(document, part, indexing):
        one_hot |= names if ONE_HOT.search(sentence) else set()
        summing |= names if _says_sum(sentence) else set()
    of_targets = any(TARGETS.search(sentence) and _says_sum(sentence) for sentence in END.split(document.text))
    return Values(frozenset(one_hot), frozenset(summing), of_targets)


def _says_sum(sentence: str) -> bool:
    """Plainly, and not as what may be so."""
    return bool(SUMS_TO_ONE.search(sentence)) and not HEDGED.search(sentence)


def _sentences(document: Document, part: Part, indexing: Indexing) -> Iterator[tuple[str, set[str]]]:
    """The sentence around each formula of the text, and the formula's names."""
    for line in part.lines:
        if isinstance(line.item, Inline) and line.left is not None:
            before, after = document.words_before(line.item), document.words_after(line.item)
            yield f"{END.split(before)[-1]} {END.split(after)[0]}", {n.key for n in names_in(line.left, indexing)}
