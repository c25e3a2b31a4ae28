"""What a refuted claim would hold for, against the document: the identity as activation, or a scalar state."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import sympy as sp

from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.repairs.sieve import Sieve
from lstm_sym.documents.sections.deciding import Section, is_true
from lstm_sym.documents.sections.jacobians import Sides
from lstm_sym.documents.sections.outcomes import Outcome
from lstm_sym.equality.decide import proof_of
from lstm_sym.errors import LstmSymError
from lstm_sym.expr.nodes import Elementwise, Named, Node
from lstm_sym.expr.recurrence import Recurrence, Scan
from lstm_sym.expr.substitute import replace_indices

IDENTITY = "for the identity activation"


def would_hold(section: Section, best: Outcome) -> str | None:
    """Contradicts the document, but is worth saying; None if neither makes it true."""
    if best.sides is None or best.given is None:
        return None
    without = replace(section, recurrence=linear(section.recurrence), later={})
    for loss in ("every", "last"):
        if _is_true(best.sides, without, replace(best.convention, loss=loss)):
            return IDENTITY + (", with a loss that reads the last step only" if loss == "last" else "")
    sizes = {s for q in section.recurrence.states for n in q.shape for s in n.free_symbols}
    return "for a scalar state" if _is_true_at(best.sides, best.given, dict.fromkeys(sizes, 1)) else None


def _is_true(sides: Sides, section: Section, convention: Convention) -> bool:
    try:
        return _agrees(sides, section.given(convention, sides)) and is_true(section, sides, convention)
    except LstmSymError:
        return False


def _agrees(sides: Sides, given: Recurrence) -> bool:
    """In numbers?  A proof of what is false, which most are, is not looked for."""
    return Sieve(*sides, given).passes(sides[1])


def _is_true_at(sides: Sides, given: Recurrence, sizes: dict[sp.Symbol, int]) -> bool:
    """For these sizes?"""
    def put(node: Node) -> Node:
        return replace_indices(node, sizes)

    try:
        small, defined = (put(sides[0]), put(sides[1])), mapped(given, put)
        return _agrees(small, defined) and proof_of(*small, defined) is not None
    except LstmSymError:
        return False


@lru_cache(maxsize=16)
def linear(recurrence: Recurrence) -> Recurrence:
    """The same model with the identity for every activation."""
    return mapped(recurrence, _without_functions)


def _without_functions(node: Node) -> Node:
    if isinstance(node, Named):
        return node
    node = node.func(*(_without_functions(a) if isinstance(a, Node) else a for a in node.args))
    return node.args[1] if isinstance(node, Elementwise) else node


def mapped(recurrence: Recurrence, change: Callable[[Node], Node]) -> Recurrence:
    """The recurrence with every name and every right side changed; a name stays a name."""
    def name(q: Named) -> Named:
        new = change(q)
        return new if isinstance(new, Named) else q

    def names(quantities: tuple[Named, ...]) -> tuple[Named, ...]:
        return tuple(map(name, quantities))

    r = recurrence
    return replace(
        r, parameters=names(r.parameters), inputs=names(r.inputs), noise=names(r.noise), initial=names(r.initial),
        outputs=names(r.outputs), given=names(r.given),
        scans=tuple(Scan(tuple(replace(e, lhs=name(e.lhs), rhs=change(e.rhs)) for e in s.equations), s.direction)
                    for s in r.scans))
