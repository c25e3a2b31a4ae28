"""sum over t of delta_i[t] s[t]^T for several i and one s: one matrix product over all t."""
from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.codegen.columns import is_outer
from lstm_sym.codegen.known import Known
from lstm_sym.codegen.program import Assign, Contract, Obligation, members
from lstm_sym.expr.nodes import Add, Named, Node, Slice, Stack, SumOver
from lstm_sym.expr.recurrence import Equation


@dataclass(frozen=True, slots=True)
class Contractions:
    """The products and what they owe."""

    instructions: tuple[Contract, ...]
    obligations: tuple[Obligation, ...]


def contractions(equations: list[Equation], known: Known) -> tuple[Contractions, list[Assign]]:
    """Sums over time on the right sides of once-equations, those with one right factor together; and what is left."""
    groups: dict[tuple[object, ...], list[tuple[Named, Node, SumOver]]] = {}
    rest: list[Assign] = []
    for e in equations:
        terms = members(e.rhs, Add)
        names = [_named(e.lhs, k if len(terms) > 1 else None, known) for k in range(len(terms))]
        sums = [(name, term) for name, term in zip(names, terms, strict=True) if _is_sum(term, known)]
        for name, term in sums:
            left, right = _factors(term.args[0])
            groups.setdefault((right, *term.args[1:]), []).append((name, left, term))
        if len(terms) > 1 or not sums:
            named = dict(sums)
            by_term = {term: name for name, term in named.items()}
            rest.append(Assign(e.lhs, Add(*(by_term.get(t, t) for t in terms)) if len(terms) > 1 else terms[0]))
    made = tuple(_contract(key, group) for key, group in groups.items())
    return Contractions(made, tuple(o for key, group in groups.items() for o in _owed(key, group))), rest


def _named(lhs: Named, part: int | None, known: Known) -> Named:
    return lhs if part is None else Named(known.fresh(f"{lhs.name}_part{part + 1}"), *lhs.shape)


def _is_sum(term: Node, known: Known) -> bool:
    return isinstance(term, SumOver) and not known.is_fixed(term.args[0])


def _factors(body: Node) -> tuple[Node, Node | None]:
    return (body.args[0], body.args[1].args[0]) if is_outer(body) else (body, None)


def _contract(key: tuple[object, ...], group: list[tuple[Named, Node, SumOver]]) -> Contract:
    right, index, low, high = key
    return Contract(tuple(n for n, _, _ in group), tuple(left for _, left, _ in group), right, low, high, index)  # type: ignore[arg-type]


def _owed(key: tuple[object, ...], group: list[tuple[Named, Node, SumOver]]) -> list[Obligation]:
    """sum a_i s^T = rows of sum [a_1; a_2; ...] s^T."""
    if len(group) == 1:
        return []
    right, index, low, high = key
    stacked = Stack(*(left for _, left, _ in group))
    whole = SumOver(stacked @ right.T if isinstance(right, Node) else stacked, index, low, high)
    due, start = [], 0 * low                                 # type: ignore[operator]
    for name, left, term in group:
        due.append(Obligation(f"{name} from one product over all steps", term, Slice(whole, start, left.shape[0])))
        start = start + left.shape[0]
    return due
