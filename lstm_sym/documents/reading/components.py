r"""Formulas about components told with whole vectors and matrices: \sum_j W_{ij} h_{t-1,j} is entry i of W h_{t-1}.

A formula that is not of this kind is left with a part that has no meaning, so that nothing is concluded from it.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lstm_sym.documents.layout.tree import (
    Annotated,
    BigOperator,
    Delimited,
    Layout,
    List,
    Node,
    Product,
    Scripts,
    Statement,
    Symbol,
    tokens,
    walk,
)
from lstm_sym.documents.reading.einsum import LETTERS, Einsum, aligned, bound
from lstm_sym.documents.reading.kronecker import equal_letters
from lstm_sym.documents.reading.spelling import affine_of, base_text, letters_of
from lstm_sym.errors import Unreadable

OTHER_TIMES = frozenset(("s", r"\tau", "T"))           # that count no components
OPAQUE = "components"                   # around what is not followed


@dataclass(frozen=True, slots=True)
class Components:
    """The letters that count components in a document, and the names with entries W_{ij}, h_{t,i}, b_i."""
    letters: frozenset[str] = frozenset()
    matrices: frozenset[str] = frozenset()
    vectors: frozenset[str] = frozenset()
    dated: frozenset[str] = frozenset()     # whose components stand behind a time, s_{t,i}: their s_k is s at the step k

    def told(self, statement: Statement) -> Statement:
        """The statement about whole vectors and matrices, if it is one about components."""
        if not self.letters or not statement.relations or not any(self._of(n)[1] for s in statement.sides for n in walk(s)):
            return statement
        try:
            sides = [Einsum(self._of, self.letters).read(side) for side in statement.sides]
            axes = next((s.axes for s in sides if s.axes), ())
            return replace(statement, sides=tuple(aligned(s, axes).node for s in sides))
        except Unreadable:
            return replace(statement, sides=tuple(Annotated(OPAQUE, s, span=s.span) for s in statement.sides))

    def axes(self, side: Node) -> tuple[str, ...]:
        """The letters of the components that a formula is about; none if it is not followed."""
        try:
            return Einsum(self._of, self.letters).read(side).axes if self.letters else ()
        except Unreadable:
            return ()

    def _of(self, node: Layout) -> tuple[Node | None, tuple[str, ...]]:
        """A name without its components, and their letters; () if it has none."""
        if not isinstance(node, Scripts) or node.sub is None:
            return None, ()
        base, (times, letters) = base_text(node.base) or "", _subscript(node)
        if not letters or not set(letters) <= self.letters:
            return None, ()
        if isinstance(node.base, Delimited) and not times and node.sup is None:
            return replace(node.base, span=node.span, marks=tokens(node)), letters
        matrix = len(letters) == 2 and (base in self.matrices or base == r"\delta")
        at_step = base in self.dated and not times and node.sup is None
        if not (matrix or (base in self.vectors and len(letters) == 1 and not at_step)):
            return None, ()
        name = _as_matrix(node.base) if matrix else node.base
        if not times and node.sup is None and not node.primes:
            return replace(name, span=node.span, marks=tokens(node)), letters
        text = "".join(m.text for m in times[0].marks) if times else ""
        return replace(node, base=name, sub=times[0] if times else None, sub_text=text, marks=tokens(node)), letters


def components(statements: Iterable[Statement], running: str = "t") -> Components:
    """What the statements of a document count by components."""
    nodes = [node for s in statements for node in walk(s)]
    named = [(base_text(n.base) or "", *_subscript(n)) for n in nodes if isinstance(n, Scripts) and n.sub is not None]
    at_time = {base for base, times, _ in named
               if any(running in letters_of(form) for t in times if (form := affine_of(t)) is not None)}
    behind = _behind_times(nodes, running, at_time)
    summed = {*(bound(node) for node in nodes if not _over_steps(node, running)), *behind} - {running, ""}
    equal = {x for node in nodes for x in equal_letters(node) if x in LETTERS} - {running}
    summed |= equal
    alone = set() if any(times and own for _, times, own in named) else equal     # beside p_{t,i} a p_i is p at the step i
    bracketed = {base_text(n.base) or "" for n in nodes if isinstance(n, Scripts) and _is_timed(n)}
    at_time |= bracketed
    matrices = {base for base, times, letters in named if len(letters) == 2 and not times and summed & set(letters)}
    of_matrices = {c for base, _, letters in named if base in matrices and len(letters) == 2 for c in letters}
    timed = {base for base, times, letters in named if len(letters) == 1 and (times or base in at_time)}
    of_vectors = {letters[0] for base, times, letters in named if base in timed and len(letters) == 1} & (summed | of_matrices)
    plain = {letters[0] for base, times, letters in named if len(letters) == 1 and not times and base not in at_time} & summed
    letters = (of_matrices | of_vectors | plain | behind | equal) - at_time - {running}
    vectors = {base for base, times, own in named if len(own) == 1 and own[0] in letters and (
        times or base not in at_time or base in bracketed or own[0] in alone)}
    dated = {base for base, times, own in named if times and len(own) == 1 and own[0] in letters and base in at_time}
    if not letters & summed:
        return Components()
    return Components(frozenset(letters), frozenset(matrices), frozenset(vectors), frozenset(dated))


def _over_steps(node: Layout, running: str) -> bool:
    """Does a sum run up to t or T?"""
    last = affine_of(node.upper) if isinstance(node, BigOperator) and node.upper is not None else None
    return last is not None and bool(letters_of(last) & {running, "T"})


def _behind_times(nodes: list[Layout], running: str, at_time: set[str]) -> frozenset[str]:
    """The i and j of \\hat{y}_{t,i} and g_{s,j} beside g_t; none of a name with others there: z_{t,i} and z_{t,f} are gates."""
    found: dict[str, set[str]] = {}
    for node in nodes:
        items = node.sub.items if isinstance(node, Scripts) and isinstance(node.sub, List) else ()
        form = affine_of(items[0]) if len(items) == 2 and isinstance(items[1], Symbol) else None
        base = base_text(node.base) if isinstance(node, Scripts) else None
        letters = letters_of(form) if form is not None else frozenset()
        if base and (running in letters or (base in at_time and letters & OTHER_TIMES)):
            found.setdefault(base, set()).add(items[1].name)
    return frozenset(letter for letters in found.values() if letters <= LETTERS for letter in letters)


# --- what is written ------------------------------------------------------------------------------------------------

def _subscript(node: Scripts) -> tuple[list[Node], tuple[str, ...]]:
    """The times and the letters of components in a subscript: t-1, j of h_{t-1,j}; i, j of W_{ij}."""
    sub = node.sub
    if isinstance(sub, Product) and len(sub.factors) == 2 and sub.operators == ("",):
        items: tuple[Node, ...] = sub.factors
    else:
        items = sub.items if isinstance(sub, List) else (sub,) if sub is not None else ()
    letters = tuple(x.name for x in items if isinstance(x, Symbol) and x.name in LETTERS and not x.font)
    times = [x for x in items if not (isinstance(x, Symbol) and x.name in LETTERS)]
    readable = len(times) <= 1 and all(affine_of(x) is not None for x in times) and not (times and sub is not None and
                                                                                      isinstance(sub, Product))
    return (times, letters) if readable and len(letters) <= 2 else ([], ())


def _is_timed(node: Scripts) -> bool:
    """Has the name a time in a bracket of its superscript, or is it at a running time?"""
    sup = node.sup.factors[0] if isinstance(node.sup, Product) else node.sup
    return isinstance(sup, Delimited) and affine_of(sup.body) is not None


def _as_matrix(base: Node) -> Node:
    """A name whose entries have two indices is a matrix, even in lower case."""
    return replace(base, font="matrix") if isinstance(base, Symbol) and not base.font and base.name.islower() else base
