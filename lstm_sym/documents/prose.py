"""What sentences say: hypotheses before a display, the loss a section means, consequences claimed after it."""

from __future__ import annotations

import re

HYPOTHESIS = re.compile(r"\b(if|when|whenever|suppose|assume|assuming|provided|as long as)\b[^.!?]*$", re.I)
CONSEQUENCE = re.compile(
    r"^[\s,;:]*(then|,?\s*the gradients?|gradients?|it)\b[^.]*?"
    r"\b(shrinks?|vanish\w*|decays?|explod\w*|grows?|tends?|converges?|goes|bounded|zero)\b",
    re.I,
)
VANISHING = re.compile(r"\b(shrinks?|vanish\w*|decays?|tends? to (0|zero)|goes to (0|zero)|converges?)\b", re.I)
LAST_ONLY = re.compile(
    r"\bloss\b[^.]{0,80}\b(only on|depends on|reads|at|from|of)\b[^.]{0,40}\b(last|final)\b|"
    r"\b(last|final) (state|step|hidden state|output)\b[^.]{0,40}\bonly\b|"
    r"\bloss\b[^.]{0,60}\bonly\b[^.]{0,40}h_T",
    re.I,
)
EVERY_STEP = re.compile(r"\bloss\b[^.]{0,80}\b(every|each|all)\b[^.]{0,20}\b(step|state|time)", re.I)
LAST_STEP = re.compile(
    r"\b(final|last|number of)( time)?[- ]?(steps?|times?|index),?\s*(is|=)?\s*[$(\\]*$|"
    r"\blength\s+[$(\\]*$",
    re.I,
)


def names_last(before: str) -> bool:
    """Do the words before a letter call it the last step: the final time step, tau?"""
    return bool(LAST_STEP.search(before))


def is_hypothesis(before: str) -> bool:
    """Does the sentence before a display suppose it?"""
    return bool(HYPOTHESIS.search(before.strip()))


def consequence(after: str) -> str | None:
    """The consequence the sentence after a supposed display claims, in the author's words."""
    found = CONSEQUENCE.search(after.strip())
    if found is None:
        return None
    sentence = re.split(r"[.!?](\s|$)", after.strip())[0]
    return " ".join(sentence.split()).lstrip(",;: ")


def loss_convention(text: str) -> str | None:
    """Whether the loss reads the last step or every step, if the text says so."""
    if LAST_ONLY.search(text):
        return "last"
    return "every" if EVERY_STEP.search(text) else None
