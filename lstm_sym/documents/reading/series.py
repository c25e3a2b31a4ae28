r"""Products and sums written with dots: a \cdots z and a + \dots + z, where z is a with its index moved."""

from __future__ import annotations

import sympy as sp

from lstm_sym.expr import nodes as e
from lstm_sym.expr.affine import constant, minus
from lstm_sym.expr.indices import affine, integer
from lstm_sym.expr.substitute import replace_indices

INDEX = "_dots"


def ordered(first: e.Node, second: e.Node | None, last: e.Node) -> e.Node | None:
    """first second ... last as one ordered product, or None if no single index moves from first to last.

    second, if written, must continue the pattern.
    """
    for a, z in ((first, last), (first, _as_power(last)), (_as_power(first), last)):
        found = _pattern(a, second, z) if a is not None and z is not None else None
        if found is not None:
            body, low, high, step = found
            return e.ProductOver(body, integer(INDEX), low, high, step)
    return None


def summed(first: e.Node, second: e.Node | None, last: e.Node) -> e.Node | None:
    """first + second + ... + last as one sum, or None."""
    found = _pattern(first, second, last)
    return None if found is None else e.SumOver(found[0], integer(INDEX), found[1], found[2])


def _pattern(a: e.Node, second: e.Node | None, z: e.Node) -> tuple[e.Node, sp.Expr, sp.Expr, int] | None:
    """body[k], its range and direction, where a is the first and z the last."""
    k = integer(INDEX)
    moved = _differences(a, z)
    if not moved:
        return None
    start, end = moved[0]
    if end is sp.S.Infinity or any(sp.expand(q - p) not in (sp.expand(end - start), sp.expand(start - end)) for p, q in moved):
        return None
    body, step = _generalise(a, z, (start, end), k), _direction(start, end)
    if not step or (second is not None and replace_indices(body, {k: sp.expand(start + step)}) != second):
        return None
    return body, *((start, end) if step > 0 else (end, start)), step


def _as_power(node: e.Node) -> e.Node | None:
    """A as A^1, so that A can be the last of A^T A^{T-1} ... A."""
    return None if isinstance(node, e.ProductOver) else e.ProductOver(node, integer("_power"), 1, 1)


def _differences(a: sp.Basic, z: sp.Basic) -> list[tuple[sp.Expr, sp.Expr]]:
    """The pairs of indices in which two trees differ; [] also if they differ in anything else."""
    if a == z:
        return []
    if isinstance(a, sp.Expr) and isinstance(z, sp.Expr):
        return [(a, z)]
    if type(a) is not type(z) or len(a.args) != len(z.args):
        return [(sp.S.Zero, sp.S.Infinity)]
    found = [p for x, y in zip(a.args, z.args, strict=True) for p in _differences(x, y)]
    return [(sp.S.Zero, sp.S.Infinity)] if any(q is sp.S.Infinity for _, q in found) else found


def _generalise(a: sp.Basic, z: sp.Basic, ends: tuple[sp.Expr, sp.Expr], k: sp.Symbol) -> sp.Basic:
    """a with each index that differs from z's moving along with k, or against it."""
    if a == z:
        return a
    if isinstance(a, sp.Expr):
        along = sp.expand((z - a) - (ends[1] - ends[0])) == 0
        return sp.expand(a + (k - ends[0] if along else ends[0] - k))
    return a.func(*(_generalise(x, y, ends, k) for x, y in zip(a.args, z.args, strict=True)))


def _direction(start: sp.Expr, end: sp.Expr) -> int:
    """Where only the ends are written: an index that holds T, or else t, or else any letter, at the start runs down.

    0: it may run either way.
    """
    difference = minus(affine(start), affine(end))
    if not difference.terms:
        return -1 if difference > constant(0) else 1
    terms = dict(difference.terms)
    late = terms.get("T") or terms.get("t") or sum(terms.values())
    return (late < 0) - (late > 0)
