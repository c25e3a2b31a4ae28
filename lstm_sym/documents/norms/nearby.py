"""A claim that is false in general, under what sentences nearby say: that W is orthogonal, that ||W|| < 1 here.

True under it, it is conditional: the text may mean it there.  It stays refuted only where a net meets all of it.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lstm_sym.documents.norms.claims import Choice, Claim
from lstm_sym.documents.norms.corrections import written
from lstm_sym.documents.norms.judging import CONTRADICTION, Verdict, is_condition, judge
from lstm_sym.documents.norms.links import Link, links_of, of_directive
from lstm_sym.documents.norms.reals import Name, Relation, parts
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.errors import LstmSymError

UNSETTLED = "false in general; no proof was found under what the text states nearby, and no net that meets all of it"


@dataclass(frozen=True, slots=True)
class Nearby:
    """What a matrix is said to be in the sentence before; the links of each formula nearby, the nearest first."""

    kinds: tuple[str, ...] = ()
    stated: tuple[tuple[Link, ...], ...] = ()


def under_nearby(found: Verdict, claim: Claim, nearby: Nearby, assumed: Convention, text: str) -> Verdict:
    """The verdict on a claim, if it was refuted, under what is said nearby."""
    if found.verdict != "refuted":
        return found
    unsettled = False
    for more, condition, where in _supposed(claim, nearby, assumed):
        under = judge(replace(claim, supposed=(*claim.supposed, *more)), assumed, text)
        if under.verdict in ("proved", "conditional"):
            condition = " and ".join((condition, *filter(None, (under.condition,))))
            return replace(under, verdict="conditional", message=f"true if {condition}, {where}", condition=condition)
        unsettled = unsettled or (under.verdict == "undecided" and under.message != CONTRADICTION)
    return Verdict("undecided", UNSETTLED) if unsettled else found


def _supposed(claim: Claim, nearby: Nearby, assumed: Convention) -> Iterator[tuple[tuple[Link, ...], str, str]]:
    """Links, what they say, and where they stand."""
    kinds = tuple(x for kind in nearby.kinds for x in links_of(of_directive(kind)))
    if kinds:
        yield kinds, " and ".join(kind.replace(" ", " is ", 1) for kind in nearby.kinds), "as the sentence before supposes"
    read = {link: _condition(claim, link, assumed) for links in nearby.stated for link in links if link not in claim.supposed}
    stated = [tuple(x for x in links if read.get(x)) for links in nearby.stated]
    groups = [links for links in stated if links]
    for more in dict.fromkeys((*groups[:1], tuple(dict.fromkeys(x for links in groups for x in links)))):
        if more:
            yield more, " and ".join(read[x] for x in more), "which the text states nearby"


def _condition(claim: Claim, link: Link, assumed: Convention) -> str:
    """A comparison of the weights with a number, as LaTeX; nothing of any other formula."""
    if link == claim.link:
        return ""
    try:
        _, relation, _ = replace(claim, supposed=(), link=link, said="").read(Choice(assumed))
    except LstmSymError:
        return ""
    known = not any(isinstance(p, Name) for p in parts(relation))
    return written(relation) if isinstance(relation, Relation) and known and is_condition(claim.section, relation) else ""
