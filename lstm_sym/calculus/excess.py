"""What truncation leaves out: the full gradient minus the truncated one, as a recurrence of its own.

Both are affine in the adjoints.  From F = A F + f and G = B G + f follows F - G = (A - B) F + B (F - G): the terms that
were cut enter with the full adjoints, and what they bring is carried on as the truncated gradient carries its own.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from lstm_sym.calculus.backward import backward
from lstm_sym.calculus.truncate import Edge
from lstm_sym.expr.labels import Excess, Label
from lstm_sym.expr.nodes import Add, Named, Node, Zeros, add, scale
from lstm_sym.expr.recurrence import Equation, Recurrence
from lstm_sym.expr.substitute import named_in, replace_named


def excess(recurrence: Recurrence, loss: str | None = None, *, name: str = "L", cut: Iterable[Edge]) -> Recurrence:
    """The full gradient, then Excess(dL/dv) = full - truncated for each quantity of which the two differ.

    loss, name: as `backward` takes them.  Shapes: as the gradient.  Errors: as `backward`.
    """
    full, truncated = backward(recurrence, loss, name=name), backward(recurrence, loss, name=name, cut=cut)
    behind = len(recurrence.scans)
    kept = {e.lhs: e.rhs for scan in truncated.scans[behind:] for e in scan.equations}
    cut_terms = {e.lhs: _minus(e.rhs, kept.get(e.lhs)) for scan in full.scans[behind:] for e in scan.equations}
    moved = _moved({q.label for q, terms in cut_terms.items() if terms}, kept)

    def equation(e: Equation) -> Equation:
        carried = [replace_named(term, lambda q: _excess(q) if q.label in moved else q)      # one adjoint in each term
                   for term in _terms(kept.get(e.lhs)) if _labels(term) & moved]
        return Equation(_excess(e.lhs), add(Zeros(*e.lhs.shape), *cut_terms[e.lhs], *carried), e.over)

    scans = (replace(scan, equations=tuple(equation(e) for e in scan.equations if e.lhs.label in moved))
             for scan in full.scans[behind:])
    return full.then(*(scan for scan in scans if scan.equations),
                     outputs=tuple(_excess(q) for q in full.outputs if q.label in moved))


def _minus(ours: Node, theirs: Node | None) -> tuple[Node, ...]:
    """The terms of ours - theirs that do not cancel."""
    mine, other = Counter(_terms(ours)), Counter(_terms(theirs))
    return (*(mine - other).elements(), *(scale(-1, term) for term in (other - mine).elements()))


def _terms(node: Node | None) -> tuple[Node, ...]:
    """The terms of a sum; nothing is no term."""
    return () if node is None else tuple(node.args) if isinstance(node, Add) else (node,)


def _moved(differing: set[Label], kept: dict[Named, Node]) -> set[Label]:
    """Every adjoint that differs, or reads one that does."""
    moved, before = set(differing), -1
    while len(moved) != before:
        before = len(moved)
        moved |= {q.label for q, rhs in kept.items() if _labels(rhs) & moved}
    return moved


def _labels(node: Node) -> set[Label]:
    return {q.label for q in named_in(node)}


def _excess(named: Named) -> Named:
    """The name of what the truncation of an adjoint leaves out."""
    return Named(Excess(named.label), *named.shape, *named.indices)
