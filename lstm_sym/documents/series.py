r"""Products written with dots: a \cdots z, where z is a with its index moved, become ordered products."""

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
    k = integer(INDEX)
    for a, z in ((first, last), (first, _as_power(last)), (_as_power(first), last)):
        if a is None or z is None:
            continue
        moved = _differences(a, z)
        if not moved:
            continue
        start, end = moved[0]
        if end is sp.S.Infinity or any(
            minus(affine(p), affine(q)) != minus(affine(start), affine(end)) for p, q in moved
        ):
            continue
        body = _generalise(a, z, start, k)
        step = _direction(start, end)
        if second is not None and replace_indices(body, {k: sp.expand(start + step)}) != second:
            continue
        low, high = (start, end) if step > 0 else (end, start)
        return e.ProductOver(body, k, low, high, step)
    return None


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


def _generalise(a: sp.Basic, z: sp.Basic, start: sp.Expr, k: sp.Symbol) -> sp.Basic:
    """a with each index that differs from z's written as k + constant."""
    if a == z:
        return a
    if isinstance(a, sp.Expr):
        return sp.expand(a - start + k)
    return a.func(*(_generalise(x, y, start, k) for x, y in zip(a.args, z.args, strict=True)))


def _direction(start: sp.Expr, end: sp.Expr) -> int:
    """Where only the ends are written: an index that holds T at the start runs down, at the end up."""
    difference = minus(affine(start), affine(end))
    if not difference.terms:
        return -1 if difference > constant(0) else 1
    return -1 if dict(difference.terms).get("T", 0) > 0 else 1
