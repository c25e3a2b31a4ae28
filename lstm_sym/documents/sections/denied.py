"""What a sentence denies ("it is not true that A", "A, which is wrong"), and what it leaves open: questions, wishes, definitions.

The verdict on a formula stays that on the formula, and what the text rightly denies is expected to be refuted; the verdict on
a consequence in words turns around.  What is only asked, wished for or described is not called false.
"""
from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, TypeVar

_FALSE = (r"(?:not (?:\w+ )?(?:true|the case|correct|right|valid)|(?:\w+ly )?(?:false|wrong|incorrect|untrue)"
          r"|an? (?:[\w-]+ )*(?:mistake|error|misconception|fallacy|myth))")
_SAY = r"(?:write|say|claim|assume|think|believe|conclude|suppose|state|use)"
_IS = r"(?:is|are|was|would be)"
DENIES = re.compile(
    rf"\b(?:it|this|that) {_IS} (?:in general )?{_FALSE}(?: in general)? (?:to {_SAY}(?: that)?|that)(?: in general,?)?"
    rf"|\bit {_IS} {_FALSE}\s*:?\s*$"
    rf"|\ban? (?:[\w-]+ )*(?:mistake|error|misconception|fallacy|myth) {_IS} (?:to {_SAY}(?: that)?|that)\b"
    r"|\b(?:does|do) not (?:\w+ )?(?:follow|mean|imply|guarantee|ensure|entail)(?: that)?\b"
    r"|\bwe (?:do not|don't|cannot) (?:\w+ )?(?:have|conclude)(?: that)?\b"
    r"|\bcontrary to [^.,;]* that\b|\b(?:but|and) not\s*$", re.I)
ENDS_IT = re.compile(r"[.!?;](?:\s|$)|\b(?:but|however|since|because|although|though|instead|in fact|hence|therefore|so)\b",
                     re.I)
DENIED_AFTER = re.compile(
    r"^[\s,;.:)]*(?:(?:but|however|yet|and|which|this|that|it"
    r"|the (?:equation|claim|statement|bound|inequality|formula))[\s,]+)*"
    rf"(?:{_IS} {_FALSE}|(?:does|do) not (?:\w+ )?(?:hold|follow)|fails)"
    r"(?=\s*(?:[.,;!)]|$|in general\b|for (?:all|every|general|arbitrary)\b|since\b|because\b|as\b))", re.I)
ASKED = re.compile(r"[^.!]*\?")
WISHED = re.compile(r"\b(?:ideal(?:ly)?|would (?:like|need|want|be (?:nice|good|best))|in the (?:best|worst|ideal|extreme) case"
                    r"|hope(?:s|fully)?|desir(?:ed|able))\b|\b(?:rather than|instead of)\s*$", re.I)
DESCRIBED = re.compile(
    r"\b(?:vanishing|exploding) gradients?(?: problem)?(?: (?:means?|occurs?|happens?|arises?)(?: that| when| if)?)?\s*[:,]?\s*$"
    r"|\b(?:is|are) said to \w+(?: if| when)?\s*$|\bwe (?:say|call) [^$]*$|^\W*definition\b[^$]*$", re.I)
ONLY = re.compile(r"\s*(?:which )?(?:only )?(?:holds|is (?:true|valid)|applies)(?: with equality)?"
                  r" (?:only|just|for|if|when|in)\b", re.I)
OPEN = "asked, wished for or described, and not claimed; as a claim: "
SENTENCE = re.compile(r"[.!?](?=\s|$)")
RIGHTLY, WRONGLY = "denied, and false indeed: ", "denied, though it is true: "
OF_AN_ERROR = ("code", "also", "correction", "correction_condition", "edit")
PARTLY = "denied together with other things; by itself it is true"
Judged = TypeVar("Judged")


def is_denied(before: str, after: str) -> bool:
    """Do the words before or behind a formula say that it is false?"""
    sentence = SENTENCE.split(before)[-1]
    found = list(DENIES.finditer(sentence))
    return bool(found and not ENDS_IT.search(sentence[found[-1].end():])) or bool(DENIED_AFTER.match(after))


def is_asked(after: str) -> bool:
    """Does the sentence end with a question mark?"""
    return bool(ASKED.match(after))


def is_open(before: str, after: str) -> bool:
    """Do the words ask for a formula, wish for it, say what is called so, or claim it of some cases only?"""
    sentence = SENTENCE.split(before)[-1]
    return is_asked(after) or bool(WISHED.search(sentence) or DESCRIBED.search(sentence) or ONLY.match(after))


def opened(found: Judged) -> Judged:
    """What is not claimed is not false."""
    made: Any = found
    if made.verdict != "refuted":
        return found
    plain = {name: () if name == "also" else None for name in OF_AN_ERROR if hasattr(made, name)}
    return replace(made, verdict="undecided", message=OPEN + made.message, evidence=None, **plain)


def denies(words: str) -> bool:
    """Do words deny the consequence they name?"""
    return bool(DENIES.search(words))


def affirmed(words: str) -> str:
    """The words without their denial."""
    return DENIES.sub(" ", words)


def formula_denied(found: Judged) -> Judged:
    """The finding of a formula that its sentence denies: if it is false, that is what the text says."""
    made: Any = found
    if made.verdict == "refuted":
        return replace(made, message=f"as the text says, it is false: {made.message}", expected=True)
    return replace(made, message=f"the text denies it: {made.message}") if made.verdict in ("proved", "conditional") else found


def denial(found: Judged, alone: bool = True) -> Judged:
    """The verdict on the denial of what `found` is about.  alone: nothing else is denied with it."""
    made: Any = found
    plain = {name: () if name == "also" else None for name in OF_AN_ERROR if hasattr(made, name)}
    match made.verdict:
        case "refuted":
            return replace(made, verdict="proved", message=RIGHTLY + made.message, **plain)
        case "proved" if alone:
            return replace(made, verdict="refuted", message=WRONGLY + made.message, **plain)
        case "proved" | "conditional":
            message = PARTLY if made.verdict == "proved" else f"denied, though it is {made.message}"
            return replace(made, verdict="undecided", message=message, condition=None, evidence=None, **plain)
    return found
