r"""Kronecker's delta as a condition, \mathbf{1}(i = j), or as cases, and products over sums of it told term by term.

    y_i (\mathbf{1}(i = j) - y_j) = y_i \mathbf{1}(i = j) - y_i y_j
    \begin{cases} a_i & i = j \\ b_{ij} & i \ne j \end{cases} = \delta_{ij} a_i + b_{ij} - \delta_{ij} b_{ij}
    \sum_k a_k (b_k + c_i) = \sum_k a_k b_k + \sum_k a_k c_i
"""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.layout.tree import (
    BigOperator,
    Cases,
    Chain,
    Delimited,
    Layout,
    List,
    Node,
    Number,
    Product,
    Scripts,
    Sum,
    Symbol,
    Term,
    tokens,
)

DELTA = Symbol(r"\delta")


def kronecker(head: Node, condition: Node) -> tuple[str, ...]:
    """The i and j of \\mathbf{1}(i = j), \\mathbb{1}\\{i = j\\}, \\mathbb{I}[i = j]; () for anything else."""
    one = isinstance(head, Number | Symbol) and head.font in ("bold", "blackboard") and (
        getattr(head, "text", "") == "1" or getattr(head, "name", "") in ("1", "I"))
    chain = condition.body if one and isinstance(condition, Delimited) else None
    if not isinstance(chain, Chain) or [r.name for r in chain.relations] != ["="]:
        return ()
    return tuple(side.name for side in chain.sides if isinstance(side, Symbol) and not side.font)


def equal_letters(node: Layout) -> tuple[str, ...]:
    """The i and j of \\delta_{ij}, \\mathbf{1}(i = j) and of cases by i = j."""
    if isinstance(node, Scripts) and node.base == DELTA and isinstance(node.sub, Product | List):
        return _pair(node.sub.factors if isinstance(node.sub, Product) else node.sub.items)
    if isinstance(node, Product):
        return next(filter(None, map(kronecker, node.factors, node.factors[1:])), ())
    return _by_equality(node)[0] if isinstance(node, Cases) else ()


def by_cases(node: Cases) -> Sum | None:
    """Cases by i = j as a sum; None for others."""
    letters, equal, other = _by_equality(node)
    if not letters or equal is None or other is None:
        return None
    sub = Product(tuple(Symbol(x, span=node.span) for x in letters), ("",), span=node.span)
    delta = Scripts(DELTA, sub, sub_text="".join(letters), span=node.span)
    same, off = (Product((delta, Delimited("(", x, ")", span=x.span)), ("",), span=x.span) for x in (equal, other))
    return Sum((Term("", same), Term("+", other), Term("-", off)), span=node.span, marks=tokens(node))


def _by_equality(node: Cases) -> tuple[tuple[str, ...], Node | None, Node | None]:
    """The letters i and j of two rows, where they are equal and where they are not, with what each row has."""
    found: dict[str, Node] = {}
    letters: set[tuple[str, ...]] = set()
    for case in node.cases:
        chain = case.condition.body if case.condition is not None else None
        if isinstance(chain, Chain) and len(chain.relations) == 1:
            letters.add(tuple(sorted(_pair(chain.sides))))
            found[chain.relations[0].name] = case.value
        elif chain is None:
            found.setdefault(r"\ne", case.value)
    equal, other = found.get("="), found.get(r"\ne")
    whole = len(node.cases) == len(found) == 2 and len(letters) == 1
    return (next(iter(letters)) if whole and equal and other else (), equal, other)


def _pair(sides: tuple[Node, ...]) -> tuple[str, ...]:
    """Two letters, or nothing."""
    names = tuple(x.name for x in sides if isinstance(x, Symbol) and not x.font)
    return names if len(names) == len(sides) == 2 else ()


def termwise(node: Layout) -> Sum | None:
    """A product with a sum in brackets, or the sum over an index of one, as a sum of products; None for anything else."""
    if isinstance(node, BigOperator) and node.name == "sum":
        body = node.body if isinstance(node.body, Sum) else termwise(node.body)
        terms = body.terms if body is not None else ()
        apart = tuple(replace(t, body=replace(node, body=t.body)) for t in terms)
        return Sum(apart, span=node.span, marks=tokens(node)) if terms else None
    if not isinstance(node, Product):
        return None
    for n, factor in enumerate(node.factors):
        inner = factor.body if isinstance(factor, Delimited) else None
        if isinstance(inner, Sum):
            made = ((t.sign, replace(node, factors=(*node.factors[:n], t.body, *node.factors[n + 1:]))) for t in inner.terms)
            return Sum(tuple(Term(sign, body) for sign, body in made), span=node.span, marks=tokens(node))
    return None
