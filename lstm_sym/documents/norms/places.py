"""The indices that stand free in claims, and where the names of a claim exist."""
from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from lstm_sym.documents.norms.reals import BELOW, Entries, Fact, Length, Measure, OverTime, Power, matrices, parts
from lstm_sym.expr.affine import Affine, Domain, constant, minus, substitute, variable
from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Named, Node, ProductOver
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import free_indices, named_in, nodes_in

LAST = "T"                                  # the number of steps: the one index that stands for itself
DIMENSION = "dim "                          # before a size that counts factors, as the n of ||W||^n does: no time, and not any


def letters(x: Any) -> set[str]:
    """The times that may be any in x: neither sizes, nor the last step, nor what a product runs over."""
    sizes = {s.name for node in matrices(x) for q in named_in(node) for n in q.shape for s in n.free_symbols}
    return _free(x) - sizes - {LAST}


def _free(x: Any) -> set[str]:
    if isinstance(x, tuple):
        return {name for y in x for name in _free(y)}
    found = {name for form in _forms(x) for name, _ in form.terms}
    if isinstance(x, Measure | Entries | Fact) and isinstance(x.of, Node):
        found |= {s.name for s in free_indices(x.of)}
    below = {name for field in BELOW.get(type(x), ()) for name in _free(getattr(x, field))}
    return found | below - ({x.index} if isinstance(x, OverTime) else set())


def dimension(form: Affine, sizes: Iterable[str]) -> Affine:
    """A number of factors in which sizes are told apart from times."""
    return substitute(form, {n: variable(DIMENSION + n) for n in sizes})


def where_it_exists(recurrence: Recurrence, letter: str, claim: Any) -> Domain:
    """1 <= t <= T and what the names ask of other indices: 0 <= k <= T of states, 1 <= k <= T else, k <= t in dh_t/dh_k."""
    running = _running(claim)
    found = {minus(variable(letter), constant(1)), minus(variable(LAST), variable(letter))}
    for node in matrices(claim):
        free = {s.name for s in free_indices(node)} - running
        for x in nodes_in(node):
            forms = _asked(x, recurrence)
            found |= {form for form in forms if form.terms and {name for name, _ in form.terms} <= free | {LAST}}
    return frozenset(found | {f for p in parts(claim) if isinstance(p, OverTime) for f in _of_range(p.low, p.high)})


def _asked(x: Node, recurrence: Recurrence) -> tuple[Affine, ...]:
    if isinstance(x, ProductOver):
        return _of_range(affine(x.args[2]), affine(x.args[3]))
    if not isinstance(x, Named) or not x.indices:
        return ()
    states = {s.name for s in recurrence.states}
    carried = x.name in states or (isinstance(x.label, Total | Direct) and str(x.label.by) in states)
    times = [affine(i) for i in x.indices]
    order = [minus(a, b) for a, b in pairwise(times)] if isinstance(x.label, Total | Direct) else []
    first, last = constant(0 if carried else 1), variable(LAST)
    return (*order, *(minus(k, first) for k in times), *(minus(last, k) for k in times))


def _of_range(low: Affine, high: Affine) -> tuple[Affine, ...]:
    """A product from low to high has no fewer than no factors."""
    return (minus(high, minus(low, constant(1))),)


def _forms(x: Any) -> tuple[Affine, ...]:
    match x:
        case Power(exponent=form) | Length(form=form):
            return (form,)
        case OverTime(low=low, high=high):
            return low, high
    return ()


def _running(x: Any) -> set[str]:
    return {p.index for p in parts(x) if isinstance(p, OverTime)}
