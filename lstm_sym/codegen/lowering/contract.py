"""sum over t of delta_i[t] s[t]^T for several i and one s: one matrix product over all t."""
from __future__ import annotations

from typing import Any

from lstm_sym.codegen.lowering.columns import is_outer
from lstm_sym.codegen.lowering.known import Known
from lstm_sym.codegen.lowering.program import Assign, Contract, members
from lstm_sym.errors import NotLowered
from lstm_sym.expr.nodes import Add, Named, Node, Scale, SumOver, add, scale
from lstm_sym.expr.recurrence import Equation


def contractions(equations: list[Equation], known: Known) -> tuple[tuple[Contract, ...], list[Assign]]:
    """Sums over time on the right sides of once-equations, names with one right factor together; and what is left."""
    groups: dict[tuple[Any, ...], list[tuple[Named, Node, SumOver]]] = {}
    rest: list[Assign] = []
    for e in equations:
        terms = [part for term in members(e.rhs, Add) for part in _parts(term, known)]
        names = [_named(e.lhs, k if len(terms) > 1 else None, known) for k in range(len(terms))]
        sums = {term: name for name, term in zip(names, terms, strict=True) if _is_sum(term, known)}
        for term, name in sums.items():
            left, right = _factors(term.args[0])
            groups.setdefault((right, *term.args[1:], isinstance(left, Named)), []).append((name, left, term))
        if len(terms) > 1 or not sums:
            rest.append(Assign(e.lhs, add(*(sums.get(t, t) for t in terms))))
    return tuple(_contract(key, group) for key, group in groups.items()), rest


def _parts(term: Node, known: Known) -> list[Node]:
    """sum (a + b) = sum a + sum b, where the terms are outer products."""
    if not _is_sum(term, known) or not isinstance(term.args[0], Add) or term.shape[1] == 1:
        return [term]
    return [SumOver(part, *term.args[1:]) for part in term.args[0].args]


def _named(lhs: Named, part: int | None, known: Known) -> Named:
    return lhs if part is None else Named(known.fresh(f"{lhs.name}_part{part + 1}"), *lhs.shape)


def _is_sum(term: Node, known: Known) -> bool:
    return isinstance(term, SumOver) and not known.is_fixed(term.args[0])


def _factors(body: Node) -> tuple[Node, Node | None]:
    """(a, b) of a b^T, or of c a b^T; (a, None) of a column.  Errors: NotLowered."""
    number, bare = body.args if isinstance(body, Scale) else (1, body)
    if is_outer(bare):
        return scale(number, bare.args[0]), bare.args[1].args[0]
    if body.shape[1] != 1:
        raise NotLowered(f"the sum over time of {body} is no sum of outer products; use target='reference'")
    return body, None


def _contract(key: tuple[Any, ...], group: list[tuple[Named, Node, SumOver]]) -> Contract:
    right, index, low, high, _ = key
    return Contract(tuple(n for n, _, _ in group), tuple(left for _, left, _ in group), right, low, high, index)
