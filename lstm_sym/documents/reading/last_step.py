r"""The letter of the last step: \tau in \sum_{t=1}^{\tau} or t = 1, \dots, \tau, where T itself is no index."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstm_sym.documents.layout.mapped import mapped
from lstm_sym.documents.layout.tree import (
    BigOperator,
    Blank,
    Chain,
    Dots,
    Layout,
    List,
    Node,
    Number,
    Product,
    Scripts,
    Statement,
    Symbol,
    children,
    walk,
)
from lstm_sym.documents.reading.spelling import RUNNING


def last_step(statements: list[Statement], named: tuple[Node, ...]) -> Node | None:
    """The letter that stands for T, where T itself is no index: up to which sums or lists of steps run."""
    ends = [*named, *(end for s in statements for node in walk(s) for end in _ends(node))]
    bound = {side.name for s in statements for node in walk(s) if isinstance(node, BigOperator)
             for side in walk(node.lower or Blank()) if isinstance(side, Symbol)}
    distinct = list(dict.fromkeys(e for e in ends if _may_be_last(e, bound)))
    bare = [e for e in distinct if isinstance(e, Symbol) and all(getattr(x, "base", x) == e for x in distinct)]
    distinct = bare or distinct                              # n, of each sequence n^{(i)}
    if len(distinct) != 1:
        return None
    indices = {name for s in statements for node in walk(s) if node != distinct[0] for name in _index_letters(node, distinct[0])}
    return None if "T" in indices else distinct[0]


def _may_be_last(node: Node, bound: set[str]) -> bool:
    name = node.base if isinstance(node, Scripts) else node
    if node == Symbol("T") or not isinstance(name, Symbol) or name.font or isinstance(node, Number):
        return False
    return name.name in ("T", r"\tau", "N", "S", "K", "L", "n") and name.name not in bound


def _ends(node: Layout) -> Iterator[Node]:
    """The \\tau of \\sum_{t=1}^{\\tau} and of t = 1, \\dots, \\tau."""
    if isinstance(node, BigOperator) and node.upper is not None and isinstance(node.lower, Chain):
        if isinstance(node.lower.sides[0], Symbol) and node.lower.sides[0].name in RUNNING:
            yield node.upper
    if isinstance(node, Statement) and isinstance(node.sides[0], Symbol) and node.sides[0].name in RUNNING:
        last = node.sides[-1]
        if isinstance(last, List) and len(last.items) > 1 and isinstance(last.items[-2], Dots):
            yield last.items[-1]


def _index_letters(node: Layout, last: Node) -> Iterator[str]:
    """The letters of indices and bounds; the T of a transpose is none, nor that of a last step T_x."""
    scripts = [getattr(node, name, None) for name in ("sub", "upper", "lower")]
    sup = getattr(node, "sup", None)
    if sup is not None and sup != Symbol("T"):
        scripts.append(sup.factors[0] if isinstance(sup, Product) else sup)
    yield from (name for script in scripts if isinstance(script, Node) for name in _letters(script, last))


def _letters(script: Layout, last: Node) -> Iterator[str]:
    if isinstance(script, Symbol):
        yield script.name
    elif script != last:
        yield from (name for part in children(script) for name in _letters(part, last))


def with_last(node: Layout, last: Node | None) -> Layout:
    """Indices in which the last step is called T."""
    names = [n for n in ("sub", "sup", "upper", "lower") if isinstance(getattr(node, n, None), Node)]
    space = isinstance(node, Scripts) and isinstance(node.base, Symbol) and node.base.font == "blackboard"
    if not isinstance(node, Scripts | BigOperator) or node == last or space:
        return node
    parts = {n: getattr(node, n) for n in names}
    renamed = {n: mapped(p, lambda x: Symbol("T", span=x.span, marks=x.marks) if x == last else x) for n, p in parts.items()}
    changed = {n: p for n, p in renamed.items() if p is not parts[n]}
    return replace(node, **changed) if changed else node
