"""What sentences suppose and claim: "if A, then B", "B if A", "suppose A." up to the next heading, `assume` directives.

A clause holds the formulas it supposes, those it claims, and the words of the claim.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from lstm_sym.documents.norms.existence import claimed_of
from lstm_sym.documents.norms.kinds import called, is_called_otherwise, is_given, is_local, without_called
from lstm_sym.documents.norms.links import links_of
from lstm_sym.documents.norms.measured import measured, speaks_of_sizes_unread
from lstm_sym.documents.norms.quantified import is_of_one_time, is_unread_range
from lstm_sym.documents.norms.standing import are_joined, drops, is_of_a_setting, is_said_to_fail, is_turned
from lstm_sym.documents.sections.denied import affirmed
from lstm_sym.documents.sections.prose import is_said_nearby
from lstm_sym.documents.sources.items import Directive, Display, Document, Formula, Heading, Inline, Item, Prose

OPENS = re.compile(r"\b(if|when|whenever|suppose|assume|assuming|imagine|provided|as (?:long|soon) as|once|given that|let|under"
                   r"|in case)\b[^.!?]*$"
                   r"|\b(for|with|where|since|because)\s*$|\bsufficient condition\b[^.!?]*(?P<it>\bis(?: that)?\s*$)", re.I)
IMPLIES = re.compile(r"^\s*,?\s*(?:(?:does|do|is|are) not )?(?:impl(?:y|ies)|guarantees?|ensures?|entails?|makes"
                     r"|gives|yields|forces"
                     r"|(?:is |are )?(?:an? )?(?:sufficient(?: condition)?|enough) (?:for|to)|suffices? (?:for|to))\b", re.I)
STANDS = re.compile(r"^\W*(?:(?:theorem|lemma|proposition|corollary|assumption|case|example|proof)\b[^.:]*[.:]\W*)?"
                    r"(?:\w+\s+){0,2}?(suppose|assume|imagine|let)\b", re.I)
CLOSES = re.compile(
    r"\bthen\b|^\s*,\s*(?:$|(?:the|we|it|they|its|each|all|every|gradients?|this|these|one|so|both|no)\b)"
    r"|,\s*$|\b(?:we (?:have|get|obtain)|it (?:follows|holds))\b"
    r"|^\s*(?:whose|such that|for which|it|they)\b|^\s*:"
    r"|(?P<more>^\s*[,;]?\s*(?:and|but|while|whereas)\s+(?=vanish|explode|shrink|decay|grow))"
    r"|^\s*(?:the |all |each |every )?(?:gradients?|errors?|products?|jacobians?|multiplications?)\b", re.I)
ENDS = re.compile(r"(?<=[.!?])\s+(?=[\"'(*]*[A-Z⺀-鿿])|[.!?][\"')*]*\s*$")
# Properties that are named in words are not read: a claim under them is not refuted.
PROPERTY = re.compile(
    r"\b(orthogonal|unitary|symmetric|skew|normal|diagonal|triangular|positive|non-?negative|identity|contract\w+|stable"
    r"|bounded|invertible|stochastic|sparse|small|zero|initiali[sz]ed|random|full rank)\b", re.I)
NECESSARY = re.compile(r"(?<!not )(?<!nor )\bnecessary\b(?! and sufficient)", re.I)
OF_ANY = re.compile(r"\b(?:in general|generally|for any|for every|arbitrary|otherwise)\b", re.I)
GOES_ON = re.compile(r"\W*(?:[a-z]|(?:This|That|It|Here|These|Where|Provided)\b)")
AGAINST = re.compile(r"\b(?:by|for|towards?|sake of) (?:a )?contradiction\b|\bto the contrary\b", re.I)
BOTH_WAYS = re.compile(r"\b(if and only if|iff|(?:exactly|precisely|just|only) (?:if|when)|only then|unless|otherwise"
                       r"|necessary)\b", re.I)


@dataclass(slots=True)
class Clause:
    """One implication of a sentence, or what stands alone."""

    supposed: list[Formula] = field(default_factory=list)
    claimed: list[Formula] = field(default_factory=list)
    words: str = ""                                          # of the claim
    standing: tuple[Formula, ...] = ()                       # supposed by sentences before, up to the heading
    earlier: tuple[Formula, ...] = ()                        # supposed by other clauses before, up to the heading
    stated: tuple[Formula, ...] = ()                         # claimed before, up to the heading, and in a sentence that goes on
    assumed: tuple[str, ...] = ()                            # by directives
    kinds: tuple[str, ...] = ()                              # what the sentence before supposes a matrix to be
    plain: bool = True                                       # no "if and only if", no "or"
    necessary: bool = False                                  # "A is necessary for B": without A there is no B
    exists: str = ""                                         # what the sentence says to exist, if it does
    named: bool = False                                      # it supposes a property that is named in words
    condition: str = ""                                      # the words of what it supposes, formulas between dollars
    once: bool = False                                       # what it supposes fails, or holds at times that are not read


@lru_cache(maxsize=1)
def clauses(document: Document) -> list[Clause]:
    """Every clause of a document, in order: the same for each of its parts."""
    found: list[Clause] = []
    standing: tuple[Formula, ...] = ()
    earlier, stated = tuple[Formula, ...](), tuple[Formula, ...]()
    assumed, directed, going_on = tuple[str, ...](), tuple[str, ...](), tuple[str, ...]()
    named, last = False, list[Clause]()
    for sentence in _sentences(document.items):
        if isinstance(sentence[0], Heading):
            standing, earlier, stated, assumed, directed, going_on, named = (), (), (), (), (), (), False
            last = []
            continue
        directed += tuple(p.value for p in sentence if isinstance(p, Directive) and p.name == "assume")
        text = " ".join(p for p in sentence if isinstance(p, str))
        whole = "".join(p if isinstance(p, str) else " $ " for p in sentence)
        before, here = named, _parted(sentence)
        apart = _apart(sentence, here)
        if drops(apart):
            standing, assumed = (), ()
        kinds = called(apart)
        special = is_called_otherwise(apart) or is_given(apart) or is_said_nearby(apart) or is_of_a_setting(apart)
        for clause in here:
            clause.standing, clause.earlier = standing, earlier
            clause.plain = not BOTH_WAYS.search(text) and (len(clause.supposed) < 2 or not re.search(r"\bor\b", text))
            clause.necessary = bool(NECESSARY.search(text)) and not clause.supposed
            clause.exists = claimed_of(whole)
            unjoined = is_said_to_fail(clause.condition) or not are_joined(clause.condition, links_of)
            clause.once = clause.once or unjoined or is_of_one_time(clause.condition) or any(
                is_unread_range(f.latex, links_of(f.latex), clause.condition) for f in clause.supposed)
            clause.assumed = (*directed, *assumed, *sorted(_in_words(clause) | kinds))
            unread = PROPERTY.search(re.sub(r"\$[^$]*\$", " ", without_called(clause.condition)))
            in_words = speaks_of_sizes_unread(clause.condition) and not any(links_of(f.latex) for f in clause.supposed)
            clause.named = named = named or bool(unread) or in_words or clause.once or special
            said = _says(clause.words) or any(links_of(f.latex) for f in clause.claimed)
            if clause.exists and clause.supposed and not said:
                clause.claimed.append(clause.supposed.pop())     # "there is a W with A": A is what is said of it
            found.append(clause)
            earlier += tuple(clause.supposed)
            clause.kinds = () if OF_ANY.search(text) else going_on
        formulas = tuple(f for clause in here for f in clause.claimed)
        for clause in here:
            clause.stated = formulas if OF_ANY.search(text) else (*stated, *formulas)
        for clause in last if GOES_ON.match(text) else ():       # "A. This is true for B only"
            clause.stated += tuple(f for clause in here for f in (*clause.supposed, *clause.claimed))
        stated, last = (*stated, *formulas), here
        going_on = tuple(sorted(k for clause in here for k in called(clause.condition)))
        if AGAINST.search(text):
            named = True                                         # supposed so that it may be contradicted
        elif STANDS.match(text):
            standing += tuple(f for p in found[-1:] if not p.once for f in p.supposed)
            assumed += tuple(sorted(_in_words(here[-1])))
        else:
            named = before
        if not is_local(text):
            assumed += tuple(sorted(kinds))
            named = named or is_called_otherwise(apart) or is_given(apart)
    return found


def _in_words(clause: Clause) -> frozenset[str]:
    """What the clause supposes in words, as directives."""
    return frozenset() if clause.once else called(clause.condition) | measured(clause.condition)


def _apart(sentence: list[str | Item], here: list[Clause]) -> str:
    """The sentence without what its clauses suppose, its inline formulas between dollars."""
    text = "".join(p if isinstance(p, str) else f" ${p.latex}$ " if isinstance(p, Inline) else " $ $ " for p in sentence)
    for clause in here:
        for f in clause.supposed:
            text = text.replace(f" ${f.latex}$ ", " $ $ ")
    return text


def _sentences(items: Iterable[Item]) -> Iterator[list[str | Item]]:
    """Words and formulas of one sentence; a heading alone."""
    current: list[str | Item] = []
    before: Item | None = None
    for item in items:
        pieces = _pieces(item, before)
        for n, piece in enumerate(pieces):
            if n and current:
                yield current
                current = []
            if piece:
                current.append(piece)
        if isinstance(item, Heading) or (isinstance(item, Display) and item.latex.rstrip().endswith(".")):
            if current:
                yield current
            current = []
        before = item
    if current:
        yield current


def _pieces(item: Item, before: Item | None) -> list[str | Item]:
    """An item in parts between which a sentence ends; "" where it ends before the first or after the last."""
    if isinstance(item, Prose):
        text = item.text
        starts_anew = isinstance(before, Prose) or (isinstance(before, Display) and re.match(r"\s*(?!Then\b)[A-Z]", text))
        return [*([""] if starts_anew else []), *(ENDS.split(text))]
    if isinstance(item, Display | Inline | Directive):
        return [item]
    return ["", item, ""] if isinstance(item, Heading) else ["", ""]


def _parted(sentence: list[str | Item]) -> list[Clause]:
    """The clauses of a sentence: a new one begins where something more is supposed after a claim."""
    found = [Clause()]
    supposing = False
    for before, piece in pairwise((None, *sentence)):
        here = found[-1]
        supposing = supposing and not (isinstance(before, Inline) and isinstance(piece, Display))      # "for $t > 1$ $$...$$"
        if isinstance(piece, Display | Inline):
            (here.supposed if supposing else here.claimed).append(piece)
            here.words += "" if supposing else " $ "
            here.condition += f" ${piece.latex}$ " if supposing else ""
        elif isinstance(piece, str):
            closed = CLOSES.search(piece) if supposing else None
            supposing = supposing and closed is None
            rest = piece[closed.start():] if closed else "" if supposing else piece
            if IMPLIES.match(piece) and here.claimed and not here.supposed:
                here.supposed, here.claimed = here.claimed, []
                here.condition = affirmed(here.words).replace(" $ ", f" ${here.supposed[-1].latex}$ ")
            if closed and closed["more"] and _says(here.words):
                found.append(Clause(words="it "))                # "vanishes if A, and explodes if B"
            here, opened = found[-1], OPENS.search(rest)
            here.condition += piece if supposing else piece[:closed.start()] if closed else ""
            if opened:
                start = opened.start("it" if opened["it"] else 0)
                here.words += rest[:start]
                if here.supposed and (here.claimed or _says(here.words)):
                    found.append(Clause())
                supposing = True
                found[-1].condition += rest[start:]
                found[-1].once = is_turned(rest[:start])
            else:
                found[-1].words += rest
    if len(found) > 1 and not found[-1].claimed and not _speaks(found[-1].words):
        behind = found.pop()                                     # "A, provided B": B belongs to A
        found[-1].supposed += behind.supposed
        found[-1].condition += behind.condition
    return found


def _says(words: str) -> bool:
    return bool(consequences(words))


def _speaks(words: str) -> bool:
    """Does it speak of a consequence, be it hedged: "it may explode"?"""
    return any(pattern.search(words) for pattern in CONSEQUENCES.values())


# --- consequences in words ------------------------------------------------------------------------------------------

def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.I)


HEDGED = _words(r"\b(may|might|can|could|often|usually|typically|likely|probably|sometimes)\b",
                r"\b(not|nor|cannot|need|hope|seem)\b", "n't")
OF_WEIGHTS = _words(r"\b(?:with respect to|w\.?r\.?t\.?|of|by|for) (?:the )?(?:\w+ )?"
                    r"(?:weights?|parameters?|bias(?:es)?|layers?)\b")
ABOUT = _words(r"\b(gradients?|errors?|jacobians?|products?|multiplications?|signal|nothing|it|they)\b")
CONSEQUENCES: dict[str, re.Pattern[str]] = {
    "bounded":  _words(r"\b(do(es)? not|don't|doesn't|never|cannot|can not|can't) explode", r"\bno explo",
                       r"\b(stays?|remains?|is|are) bounded"),
    "persists": _words(r"\b(?:do(?:es)? not|don't|doesn't|will not|won't|never|cannot|can not|can't) vanish(?:es)?\b"),
    "shrinks":  _words(r"\b(each|every|one|single)\b[^.]*\bshrink\w*", r"\bshrink\w*[^.]*\b(at|with|in) (each|every)\b"),
    "vanishes": _words(r"\bvanish\w*", r"\b(tends?|goes|go|converges?|shrinks?|decays?) (exponentially )?to (0|zero)\b",
                       r"\bdecays?\b", r"\bnothing\b[^.]*\bleft\b", r"\b(gradients?|product|error) shrinks?\b"),
    "explodes": _words(r"\bexplod\w*", r"\bgrows? (exponentially|without)", r"\bblows? up", r"\bdiverges?"),
}


def consequences(words: str) -> tuple[str, ...]:
    """What the words say of gradients: "shrinks" at each step, "vanishes", "explodes", "bounded"; nothing if it is hedged."""
    for name in ("bounded", "persists"):
        if CONSEQUENCES[name].search(words) and ABOUT.search(words):
            return (name,)
    if HEDGED.search(words) or OF_WEIGHTS.search(words) or not ABOUT.search(words):
        return ()
    return tuple(name for name, pattern in CONSEQUENCES.items() if pattern.search(words))
