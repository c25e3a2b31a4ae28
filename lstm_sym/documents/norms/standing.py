"""Which suppositions hold where a claim stands: those said to fail, made of most cases only, or dropped again do not.

Sentences come with their formulas between dollars.
"""
from __future__ import annotations

import re
from collections.abc import Callable

_NOT = (r"(?:(?:does|do|did|is|are|was|were|can|could|need|must|may|should|will|would|has|have)\s*(?:not|n't)"
        r"|cannot|never|no longer)")
_BROKEN = r"(?:false|wrong|untrue|violated|broken|impossible|relaxed|dropped|removed|lifted)"
SAID_BEHIND = re.compile(rf"\$\s*(?:\w+\s+){{0,2}}?(?:{_NOT}|fails?|failed"
                         rf"|(?:is|are|be|being|was|were)\s+(?:\w+ly\s+)?{_BROKEN})\b", re.I)
SAID_BEFORE = re.compile(r"(?:\b(?:not|no|without|unless|except|neither|nor|never|false|untrue|wrong|violat\w+|rather than"
                         r"|instead of)|n't)\b(?:\s+[\w-]+){0,8}?\s*:?\s*$", re.I)
TURNED = re.compile(r"(?:\b(?:without|not|never|no longer|rather than|instead of|no matter|regardless(?: of)?"
                    r"|irrespective(?: of)?|independent(?:ly)?(?: of)?)|n't)\s*$", re.I)
# What may stand between two formulas that are supposed together; other words say how they are related.
JOINS = re.compile(r"(?:[\s,;:$()]|\b(?:and|but|with|where|that|also|both|as|well|together|for|all|every|each|any|some|times?"
                   r"|steps?|the|an?|if|when|is|are|be|we|have|has|assume|suppose|let|further(?:more)?|moreover|additionally"
                   r"|addition|in|on|of|over|by|holds?|satisf(?:y|ies)|such|so|matrix|weights?|recurrent|number|constant|norm"
                   r"|slopes?|derivative|activation|function|its?|bounded|large|enough)\b)*", re.I)
OF_MOST = re.compile(r"\b(?:almost (?:everywhere|surely|always|all|every)|(?:on|in) average|in expectation|probability|initially"
                     r"|at (?:random )?initiali[sz]ation|typical(?:ly)?|usually|often|sometimes|mostly|(?<!at )most|roughly"
                     r"|approximately|nearly)\b", re.I)
_SUPPOSED = r"(?:assum\w+|suppos\w+|hypothes[ie]s|conditions?|restrictions?|requir\w+|constraints?)"
_DROP = r"(?:drop\w*|remov\w+|relax\w*|lift\w*|weaken\w*|replac\w+)"
DROPS = re.compile(
    rf"\bwithout (?:this|that|the|these|those|any|such|our|its|it)\b(?:[^.]*\b{_SUPPOSED}|\s*,)"
    rf"|(?:\b(?:{_DROP}|no longer|not|never|forget)|n't)\b[^.]*\b{_SUPPOSED}|\b{_DROP} (?:this|that|it|these|them|the)\b"
    r"|\bin (?:the )?general\b|\bgeneral case\b|\bgenerally\b|\botherwise\b|\binstead\b|\bconversely\b"
    r"|\b(?:suppose|assume|let)\b.*\bonly\b"
    r"|\b(?:first|second|third|last|other|latter|former|opposite|remaining) (?:case|regime)\b"
    r"|\b(?:for|with) (?:any|every|all|arbitrary|general)\b[^.,$]*(?:\b(?:matri\w+|weights?)\b|\$\s*W\s*\$)", re.I)
SETTING = re.compile(r"\bin (?:the|this|that|a|such an?|our)\s+(?:[\w-]+\s+){1,3}?"
                     r"(?:regime|setting|situation|scenario|phase|limit|(?<!general )case)\b", re.I)


def is_said_to_fail(condition: str) -> bool:
    """Do the words beside a supposed formula say that it fails, or that it holds mostly?"""
    before = re.split(r"\$[^$]*\$", condition)[:-1]
    plain = re.sub(r"\$[^$]*\$", "$", condition)
    return bool(SAID_BEHIND.search(plain) or OF_MOST.search(plain)) or any(map(SAID_BEFORE.search, before))


def are_joined(condition: str, is_relation: Callable[[str], object]) -> bool:
    """Are the formulas of a condition supposed together, by no more than "and" and the like between them?"""
    parts = re.split(r"\$([^$]*)\$", condition)
    between: str | None = None                               # the words behind a relation
    for formula, words in zip(parts[1::2], parts[2::2], strict=True):
        if is_relation(formula):
            if between is not None and not JOINS.fullmatch(between):
                return False
            between = words
        elif between is not None:
            between += f"$ {words}"
    return True


def is_turned(before: str) -> bool:
    """Do the words before "assuming A" turn it around: without assuming A?"""
    return bool(TURNED.search(before))


def drops(text: str) -> bool:
    """Does the sentence let go of what was supposed before?"""
    return bool(DROPS.search(text))


def is_of_a_setting(text: str) -> bool:
    """Does the sentence speak of a regime that it names, and nothing reads?"""
    return bool(SETTING.search(text))
