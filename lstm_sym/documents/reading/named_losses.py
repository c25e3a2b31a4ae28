r"""Losses with words beside their letter, and losses of the steps to come, told as L, L_t and sums of L_t.

    L_{seq}(g, y) = \sum_t L_{elt}(g_t, y_t)    L and L(g_t, y_t): one loss, and those of its steps
    F_t = \sum_{k=t+1}^{T} L_k                  \partial F_t / \partial v is \sum_{k=t+1}^{T} \partial L_k / \partial v
    \xi, only on top of derivatives             L
    C = \sum_t C_t                               L = \sum_t L_t
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from lstm_sym.documents.layout.mapped import L, mapped
from lstm_sym.documents.layout.tree import (
    Accent,
    BigOperator,
    Chain,
    Delimited,
    Fraction,
    Group,
    Layout,
    List,
    Node,
    Product,
    Scripts,
    Statement,
    Symbol,
    Text,
    children,
    tokens,
    walk,
)
from lstm_sym.documents.reading.derivatives import LOSSES, Differential, differential, with_fractions
from lstm_sym.documents.reading.losses import named_loss
from lstm_sym.documents.reading.spelling import Indexing, Spelled, base_text, spell
from lstm_sym.expr.affine import variable

NOW = variable("t")


@dataclass(frozen=True, slots=True)
class NamedLosses:
    """The letters with the words beside them that name the loss or that of a step, and the sums of losses to come."""

    names: frozenset[tuple[str, str]] = frozenset()
    to_come: dict[str, BigOperator] = field(default_factory=dict)
    letter: tuple[str, str] = ("", "")                       # the author's name for the loss, and the one it is read by

    def told(self, part: L) -> L:
        """The part with plain names of losses, and derivatives of sums to come as sums of derivatives."""
        part = mapped(part, self._plain) if self.names else part
        part = mapped(part, self._usual) if self.letter[0] else part
        return mapped(part, self._of_sum) if self.to_come else part

    def _plain(self, node: Layout) -> Layout:
        if not isinstance(node, Scripts) or (base_text(node.base) or "", _words(node)) not in self.names:
            return node
        rest = [x for x in _items(node) if not _word(x)]
        if not rest and node.sup is None and not node.primes:
            return replace(node.base, span=node.span, marks=tokens(node))
        text = "".join(m.text for m in tokens(rest[0])) if rest else ""
        return replace(node, sub=rest[0] if rest else None, sub_text=text, marks=tokens(node))

    def _usual(self, node: Layout) -> Layout:
        if not isinstance(node, Symbol | Group | Accent) or base_text(node) != self.letter[0]:
            return node
        return Symbol(self.letter[1], span=node.span, marks=tokens(node))

    def _of_sum(self, node: Layout) -> Layout:
        """\\partial F_{t-1} / \\partial v = \\sum_{k=t} \\partial L_k / \\partial v."""
        if isinstance(node, Product):
            factors, operators = with_fractions(node)
            changed = tuple(map(self._of_sum, factors)) if len(factors) < len(node.factors) else factors
            if changed == factors:
                return node
            return changed[0] if len(changed) == 1 else replace(node, factors=changed, operators=operators)
        found = differential(node, Indexing()) if isinstance(node, Fraction) else None
        whole = self.to_come.get(found.of.key) if found is not None and found.of.time is not None else None
        if whole is None or not isinstance(node, Fraction) or not isinstance(node.numerator, Product):
            return node
        sign, name, *_ = node.numerator.factors
        now = name.sub if isinstance(name, Scripts) else None
        body = whole.body.factors if isinstance(whole.body, Product) else (whole.body,)
        top = Product((sign, *body), ("",) * len(body), span=node.numerator.span)
        start = mapped(whole.lower, lambda x: Group(now, span=x.span) if x == Symbol("t") and now is not None else x)
        return replace(whole, lower=start, body=replace(node, numerator=top), span=node.span, marks=tokens(node))


def named_losses(statements: Iterable[Statement]) -> NamedLosses:
    """What the statements say of losses and of sums of them."""
    said = list(statements)
    plain = NamedLosses(frozenset(name for s in said for name in _of_sums(s)) | _alone(said))
    told = [plain.told(s) for s in said]
    plain = replace(plain, letter=_of_any_letter(told))
    return replace(plain, to_come={key: whole for s in said for key, whole in _to_come(plain.told(s))})


def _of_any_letter(said: list[Statement]) -> tuple[str, str]:
    """The author's name for the loss, if it is no usual one, and a letter to read it by: the sum of itself at each step, or
    the one name that stands on top of derivatives by several names, and nowhere else but on the left.
    """
    found = [d for s in said for side in s.sides for d in _derivatives(side)]
    below, above = {d.by.key for d in found}, {d.of.key for d in found}
    if above & LOSSES:
        return "", ""
    used = {n.key for s in said for side in s.sides[1:] for n in _names(side)}
    used |= {n.key for s in said for n in _names(s.sides[0]) if spell(_head(s.sides[0]), Indexing()) != n}
    sums = {key for s in said if (key := _sum_of_itself(s))} & above
    alone = sums or {key for key in above - below - used if len({d.by.key for d in found if d.of.key == key}) > 1}
    bases = {base_text(n) for s in said for n in walk(s) if isinstance(n, Symbol)}
    free = next((letter for letter in ("L", "J", "E", r"\ell") if letter not in bases), "")
    return (next(iter(alone)), free) if len(alone) == 1 and free else ("", "")


def _sum_of_itself(statement: Statement) -> str:
    """The C of C = sum_t C_t(y_t); "" of any other statement."""
    left, right = statement.sides[0], statement.sides[1] if len(statement.sides) > 1 else None
    step = _head(right.body) if isinstance(right, BigOperator) and right.name == "sum" else None
    own = isinstance(left, Symbol) and isinstance(step, Scripts) and step.base == left and step.sup is None
    return base_text(left) or "" if own else ""


def _derivatives(side: Layout) -> Iterator[Differential]:
    """The derivatives in a formula, those written with a slash too."""
    for node in walk(side):
        parts = with_fractions(node)[0] if isinstance(node, Product) else (node,)
        yield from (d for x in parts if isinstance(x, Fraction) and (d := differential(x, Indexing())) is not None)


def _names(node: Layout) -> Iterator[Spelled]:
    """The names outside of derivatives."""
    if isinstance(node, Product):
        for factor in with_fractions(node)[0]:
            yield from _names(factor)
    elif isinstance(node, Symbol | Scripts | Accent) and (name := spell(node, Indexing())) is not None:
        yield name
    elif not (isinstance(node, Fraction) and differential(node, Indexing()) is not None):
        for child in children(node):
            yield from _names(child)


def _items(node: Scripts) -> tuple[Node, ...]:
    return node.sub.items if isinstance(node.sub, List) else () if node.sub is None else (node.sub,)


def _words(node: Scripts) -> str:
    """The total of L_{\\text{total}} and L_{\\text{total}, t}; "" for no words, or more than a time beside them."""
    items = _items(node)
    words = [word for x in items if (word := _word(x))]
    return words[0] if len(words) == 1 and len(items) < 3 else ""


def _word(node: Node) -> str:
    """The text of a word; "" for letters that may be indices."""
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Symbol):
        return node.name if node.font == "roman" and len(node.name) > 1 else ""
    letters = node.factors if isinstance(node, Product) and not any(node.operators) else ()
    plain = len(letters) > 2 and all(isinstance(x, Symbol) and x.name.isalpha() and not x.font for x in letters)
    return "".join(x.name for x in letters if isinstance(x, Symbol)) if plain else ""


def _worded(node: Layout) -> Iterator[tuple[str, str]]:
    """The letter of a loss and the words beside it."""
    if isinstance(node, Scripts) and base_text(node.base) in LOSSES and _words(node):
        yield base_text(node.base) or "", _words(node)


def _head(node: Node) -> Node:
    """L_{elt} of L_{elt}(g_t, y_t)."""
    called = isinstance(node, Product) and len(node.factors) == 2 and isinstance(node.factors[1], Delimited)
    return node.factors[0] if isinstance(node, Product) and called else node


def _of_sums(statement: Statement) -> Iterator[tuple[str, str]]:
    """The names of a loss with words and of that of a step, in L_{seq} = \\sum_t L_{elt} or with a mean."""
    if len(statement.sides) < 2:
        return
    left, right = _head(statement.sides[0]), statement.sides[1]
    whole = right.factors[-1] if isinstance(right, Product) else right
    body = _head(whole.body) if isinstance(whole, BigOperator) and whole.name == "sum" else None
    bases = [base_text(x.base if isinstance(x, Scripts) else x) for x in (left, body) if x is not None]
    if len(bases) == 2 and all(base in LOSSES for base in bases) and body is not None:
        yield from (name for x in (left, body) for name in _worded(x))


def _alone(said: list[Statement]) -> frozenset[tuple[str, str]]:
    """The only words beside a letter that never stands without them."""
    nodes = [n for s in said for n in walk(s)]
    found = {name for n in nodes for name in _worded(n)}
    inside = {id(n.base) for n in nodes if isinstance(n, Scripts) and _words(n)}
    bare = {base_text(n) for n in nodes if isinstance(n, Symbol) and id(n) not in inside}
    letters = [base for base, _ in found]
    return frozenset((base, words) for base, words in found if letters.count(base) == 1 and base not in bare)


def _to_come(statement: Statement) -> Iterator[tuple[str, BigOperator]]:
    """The F and the sum of F_t = \\sum_{k=t+1}^{T} L_k."""
    if len(statement.sides) < 2 or not isinstance(statement.sides[1], BigOperator):
        return
    name, whole = spell(statement.sides[0], Indexing()), statement.sides[1]
    first = whole.lower.sides[0] if isinstance(whole.lower, Chain) else None
    of_loss = isinstance(first, Symbol) and named_loss(whole.body, Indexing().with_bound(first.name)) is not None
    if name is not None and name.time == NOW and name.key not in LOSSES and whole.name == "sum" and of_loss:
        yield name.key, whole
