"""Unrolling: the recurrence at concrete lengths as straight-line named equations.  An independent path for tests."""
from __future__ import annotations

from collections.abc import Iterable, Iterator

import sympy as sp

from lstm_sym.expr.evaluate import Sizes, points
from lstm_sym.expr.explicit import expand
from lstm_sym.expr.nodes import Named
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, Scan, once


def unroll(recurrence: Recurrence, lengths: Sizes) -> Recurrence:
    """h[1] = ..., h[2] = ..., one equation for each point of each scan, in order of evaluation; no axis is left.

    lengths: the value of every length by name ({"T": 3}); sizes may stay symbols.  Size: linear in the points.
    Errors: UnknownName for a length without a value.
    """
    equations = [Equation(_member(e.lhs, at), expand(e.rhs, {**lengths, **_by_name(at)}))
                 for scan in recurrence.scans for e, at in _in_order(scan, lengths)]

    def members(quantities: Iterable[Named]) -> tuple[Named, ...]:
        return tuple(q[at] if at else q for q in quantities for at in points(q.indices, recurrence.axes, lengths))

    return Recurrence((), members(recurrence.parameters), members(recurrence.inputs), members(recurrence.noise),
                      members(recurrence.initial), (once(*equations),), members(recurrence.outputs), recurrence.cite,
                      members(recurrence.given))


def _in_order(scan: Scan, lengths: Sizes) -> Iterator[tuple[Equation, dict[sp.Symbol, int]]]:
    """Each equation at each of its points; one over fewer axes stands at the first point of the others."""
    axes: tuple[Axis, ...] = max((e.over for e in scan.equations), key=len, default=())
    grid = points(tuple(a.index for a in axes), axes, lengths, scan.direction)
    first = dict(zip(axes, grid[0], strict=True)) if grid else {}
    for point in grid:
        here = dict(zip(axes, point, strict=True))
        for e in scan.equations:
            if all(here[a] == first[a] for a in axes if a not in e.over):
                yield e, {a.index: here[a] for a in e.over}


def _member(named: Named, at: dict[sp.Symbol, int]) -> Named:
    return named[tuple(i.xreplace(at) for i in named.indices)] if named.indices else named


def _by_name(at: dict[sp.Symbol, int]) -> dict[str, int]:
    return {symbol.name: value for symbol, value in at.items()}
