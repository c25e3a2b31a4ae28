r"""Claims that something exists: there is a net with A and B exactly if it is false that A implies the contrary of B.

The net against the contrary is the example; where the contrary is proved there is none.  Whether a claim is about some net, or
about some of its inputs for given weights, decides what an example is worth: anything else stays undecided.
"""
from __future__ import annotations

import re
from dataclasses import replace

from lstm_sym.documents.norms.claims import Claim, choices
from lstm_sym.documents.norms.judging import Verdict, judge
from lstm_sym.documents.norms.reals import matrices
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.sections.denied import denial
from lstm_sym.errors import LstmSymError
from lstm_sym.expr.substitute import named_in

CONTRARY = {">": r"\le", r"\gt": r"\le", r"\ge": "<", r"\geq": "<", "<": r"\ge", r"\lt": r"\ge", r"\le": ">", r"\leq": ">"}
OPPOSITE = {"explodes": "bounded"}                           # the others have no contrary that is read
_NET = r"(?:simple |vanilla |recurrent |neural )*(?:RNN|network|net|example)s?\b"          # of the document's own kind
_WEIGHTS = r"(?:square |recurrent |weight )*(?:matrix|matrices|weights?|\$)"               # no property of theirs is named
_THERE = r"\b(?:there (?:is|are|exists?)|exists?)(?: an?| some)? "
SOME = {"none": re.compile(rf"\bthere (?:is|are|exists?) no (?:{_NET}|{_WEIGHTS}|inputs?\b)|"
                           rf"\bno (?:{_NET}|{_WEIGHTS})\s*(?:\$\s*)?(?:has|have|satisf\w+|can have)\b", re.I),
        "net": re.compile(_THERE + _NET, re.I),
        "weights": re.compile(rf"{_THERE}{_WEIGHTS}|\bfor some {_WEIGHTS}", re.I),
        "some": re.compile(r"\bthere (?:is|are|exists?) (?!no\b)|\bexists?\b|\bfor (?:some|suitable|certain)\b"
                           r"|\bpossible (?:that|for)\b|\bcan be (?:chosen|found)\b|\b(?:one|we) can (?:find|choose)\b"
                           r"|\\exists|∃", re.I)}
OF_ALL = re.compile(r"\bfor (?:all|any|every|each)\b|\bgiven\b|\bfixed\b|\bwhatever\b", re.I)   # an example is one of many then
OPEN = "that something exists is claimed, and neither an example nor a proof that there is none was found"
EXAMPLE = "the net below is one"
ELSEWHERE = "the contrary is proved of the net of this document; of other nets it says nothing"
NONE = "there is none: the contrary is proved"


def claimed_of(words: str) -> str:
    """What is said to exist: a "net", "weights", "some" other thing, "none"; "" if nothing is.  A formula in the words is a $."""
    found = next((what for what, pattern in SOME.items() if pattern.search(words)), "")
    return "some" if found in ("net", "weights") and OF_ALL.search(words) else found


def judge_existence(what: str, claim: Claim, assumed: Convention, text: str) -> Verdict:
    """what: as `claimed_of` has it."""
    if what == "none":
        known = _is_of_weights(claim, assumed)
        return denial(judge_existence("weights", claim, assumed, text)) if known else Verdict("undecided", OPEN)
    found = judge(claim, assumed, text)
    if found.verdict in ("proved", "not_read"):
        return found                                         # true of all: there is one, as what is supposed can be met
    contrary = _contrary(claim)
    if contrary is None:
        return Verdict("undecided", OPEN)
    against = judge(contrary, assumed, text)
    if against.verdict == "proved" and what == "net":
        return Verdict("undecided", ELSEWHERE)
    if against.verdict == "proved":
        return Verdict("refuted", NONE, evidence="kernel")
    if against.verdict == "refuted" and what != "some" and (_is_of_weights(claim, assumed) or (what == "net" and claim.said)):
        return replace(against, verdict="proved", message=EXAMPLE, code=None, also=(), correction=None, correction_condition=None)
    return Verdict("undecided", OPEN)


def _contrary(claim: Claim) -> Claim | None:
    if claim.link is not None and claim.link[0] in CONTRARY and not claim.tends:
        return replace(claim, link=(CONTRARY[claim.link[0]], *claim.link[1:]))
    return replace(claim, said=OPPOSITE[claim.said]) if claim.said in OPPOSITE else None


def _is_of_weights(claim: Claim, assumed: Convention) -> bool:
    """Does it speak of weights alone, so that no state, no input and no time is chosen with them?"""
    try:
        supposed, relation, _ = claim.read(next(choices(claim, assumed)))
    except LstmSymError:
        return False
    weights = {q.name for q in claim.section.recurrence.parameters}
    return claim.link is not None and all(q.name in weights for m in matrices((*supposed, relation)) for q in named_in(m))
