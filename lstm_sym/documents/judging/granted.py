r"""What directives grant: `given h_0 = 0`, `given \sum_j y_j = 1`; `assume sigma_max(W) < 1` is a matter of sizes.

It holds in the part of the document in which it stands, as a formula of that part would.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lstm_sym.documents.layout.parse import parse
from lstm_sym.documents.layout.tree import BigOperator, Chain, List, Node, Number, Product, Scripts, Statement, Symbol
from lstm_sym.documents.norms.links import is_supposition, links_of, of_directive
from lstm_sym.documents.reading.model import Vocabulary
from lstm_sym.documents.reading.spelling import Spelled, spell
from lstm_sym.documents.reading.superscripts import is_transpose
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.lines import Part
from lstm_sym.documents.sources.items import Directive, Document
from lstm_sym.errors import LayoutError
from lstm_sym.expr.affine import constant

NAMES = frozenset(("given", "assume"))


@dataclass(frozen=True, slots=True)
class Granted:
    """Names whose initial value is 0, names whose entries sum to 1, and the directives that say neither."""

    zero: frozenset[str] = frozenset()
    summing: frozenset[str] = frozenset()
    unread: tuple[Directive, ...] = ()


def granted(document: Document, part: Part, start: int) -> Granted:
    """What is granted between `start`, where the part before ends, and the end of this part's last formula."""
    end = part.lines[-1].item.at.end if part.lines else start
    found = [d for d in document.items if isinstance(d, Directive) and d.name in NAMES and start <= d.at.start < end]
    if part.section is None:
        return Granted()
    vocabulary = part.section.vocabulary
    zero = {d: frozenset(_zero(s, vocabulary) for s in _statements(d)) - {""} for d in found}
    summing = {d: frozenset(_summing(s, vocabulary) for s in _statements(d)) - {""} for d in found}
    of_sizes = [d for d in found if any(map(is_supposition, links_of(of_directive(d.value))))]
    unread = tuple(d for d in found if not zero[d] and not summing[d] and d not in of_sizes)
    return Granted(frozenset().union(*zero.values()), frozenset().union(*summing.values()), unread)


def grant(section: Section, given: Granted) -> None:
    """Enter it in the section."""
    section.zero |= given.zero
    section.values = replace(section.values, summing=section.values.summing | given.summing)


def _statements(directive: Directive) -> Iterator[Statement]:
    """a = b, and a = c, b = c for a = b = c."""
    try:
        chains = parse(directive.value.strip("$ ")).statements
    except (LayoutError, RecursionError):
        return
    for s in chains:
        if s.relations and all(r.name == "=" for r in s.relations):
            yield from (replace(s, sides=(side, s.sides[-1]), relations=s.relations[:1]) for side in s.sides[:-1])


def _zero(statement: Statement, vocabulary: Vocabulary) -> str:
    """The h of h_0 = 0."""
    name = spell(statement.sides[0], vocabulary.indexing)
    is_start = name is not None and name.time == constant(0) and name.key in vocabulary.quantities
    return name.key if name is not None and is_start and _is_number(statement.sides[1], "0") else ""


def _summing(statement: Statement, vocabulary: Vocabulary) -> str:
    r"""The y of \sum_j y_{t,j} = 1, \sum_{j=1}^n y_j = 1 and 1' y_t = 1."""
    left, right = statement.sides
    if not _is_number(right, "1"):
        return ""
    found: Spelled | None = None
    if isinstance(left, BigOperator) and "sum" in left.name and left.upper != Symbol("T"):
        found = _without(left.body, _letter(left.lower), vocabulary)
    if isinstance(left, Product) and len(left.factors) == 2 and _is_row_of_ones(left.factors[0]):
        found = spell(left.factors[1], vocabulary.indexing)
    return found.key if found is not None and found.key in vocabulary.quantities else ""


def _letter(lower: Node | None) -> Node | None:
    return lower.sides[0] if isinstance(lower, Chain) else lower


def _without(entry: Node, letter: Node | None, vocabulary: Vocabulary) -> Spelled | None:
    """The column whose entry at `letter` this is: y of y_j, y_t of y_{t,j}; \\sum_t y_t is no sum of entries."""
    if not isinstance(entry, Scripts) or not isinstance(letter, Symbol) or letter.name == vocabulary.indexing.letter:
        return None
    if entry.sub == letter:
        return spell(entry.base if entry.sup is None else replace(entry, sub=None, sub_text=""), vocabulary.indexing)
    parts = entry.sub.items if isinstance(entry.sub, List) else entry.sub.factors if isinstance(entry.sub, Product) else ()
    if letter in parts and len(parts) == 2:
        rest = next(part for part in parts if part != letter)
        return spell(replace(entry, sub=rest, sub_text=""), vocabulary.indexing)
    return None


def _is_number(node: Node, text: str) -> bool:
    return isinstance(node, Number) and node.text == text


def _is_row_of_ones(node: Node) -> bool:
    return isinstance(node, Scripts) and _is_number(node.base, "1") and node.sup is not None and is_transpose(node.sup)
