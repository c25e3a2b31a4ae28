"""The words that carry an argument, of other languages in English: if, then, suppose, the gradients vanish.

What sentences suppose and claim is found by such words (sections/prose.py, norms/sentences.py). They are told in English
once, where words are scanned, so that a hypothesis in another language is none the less a hypothesis.
"""
from __future__ import annotations

import re

EASTERN = {                                                  # patterns: a sign can be part of another word
    "if":        "如果|假如|倘若|只要|若(?!干)|(?<![相应適适])[当當](?![前然代中])|もし|만약",
    "then":      "那么|那麼|(?<![规規否法原准])[则則]",
    "suppose":   "假设|假設|假定",
    "let":       "(?<![建预預假])[设設](?![计計置备備施])|(?<!命)令(?![人牌])",
    "where":     "其中",
    "since":     "因为|因為|由于|由於",
    "gradients": "梯度",
    "vanish":    "消失|衰减|衰減|趋[于近]*零",
    "explode":   "爆炸",
    "last":      "最[后後终終]",
    "may":       "可能|可以",
    "not":       "不|没有|沒有",
}
EUROPEAN = {
    "if":        "wenn|falls|sofern|lorsque|cuando|quando|если|когда",
    "then":      "dann|alors|entonces|então|allora|тогда",
    "suppose":   "angenommen|supposons|supongamos|suponha|предположим",
    "let":       "seien|soit|soient|пусть",
    "where":     "wobei|donde|onde|где",
    "since":     "weil|puisque|porque",
    "gradients": "gradienten|gradientes|градиенты|градиент",
    "vanish":    "verschwinde[nt]|disparaissent|desaparece[mn]|затухают|исчезают",
    "explode":   "explodier(?:en|t)|explosent|explotan|explodem|взрываются",
    "last":      "letzten?|derni[eè]re?|últim[oa]|последний|последнем",
    "may":       "kann|können|peut|peuvent|pueden?|podem?|может|могут",
    "not":       "nicht|keine?|pas|não|не",
}
MARKS = str.maketrans({"。": ". ", "，": ", ", "；": "; ", "：": ": ",
                       "！": "! ", "？": "? ", "、": ", ", "（": " (", "）": ") "})
WORD = re.compile(r"\b(?:" + "|".join(f"({pattern})" for pattern in EUROPEAN.values()) + r")\b", re.I)
SIGN = re.compile("|".join(f"({pattern})" for pattern in EASTERN.values()))
BEGINNING = re.compile(r"(?<=[.!?]) +[a-z]")


def in_english(text: str) -> str:
    """The text with these words, and the marks between sentences, in English; the others as they are."""
    text = WORD.sub(lambda found: [*EUROPEAN][found.lastindex - 1], text)
    if text.isascii():
        return text
    told = SIGN.sub(lambda found: f" {[*EASTERN][found.lastindex - 1]} ", text.translate(MARKS))
    return text if told == text else BEGINNING.sub(lambda found: found[0].upper(), told)
