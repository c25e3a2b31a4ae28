"""What `recheck` takes up at all: plain exact data, shapes that fit, sizes that are at least 1, one shape a name, and
names of bound indices that no free index has, so that one of one statement is never taken for one of another.

Types are compared exactly, because a tuple or a number of a class of one's own could answer what it likes, and a float is
not what it prints.  An index beginning with "?" is refused: so the second reader names what it opens.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

from lstm_sym.expr.affine import Affine
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.reading import BOUND_AT, OWN, SHAPED, Refused, below, free
from lstm_sym.proof.statements import Substitution

ONE = Affine((), 1)
BOUND = "#"                                                  # how the names of bound indices begin, and no others


@dataclass(frozen=True, slots=True)
class Known:
    """What was read already, by identity: tuples, which are kept so that no other takes their place, and shapes of names."""

    plain: dict[int, Any] = field(default_factory=dict)
    shapes: dict[int, dict[Any, Any]] = field(default_factory=dict)


def readable(t: Theorem, known: Known) -> None:
    """Errors: Refused."""
    if type(t) is not Theorem or type(t.hypotheses) is not tuple or type(t.premises) is not tuple:
        raise Refused(f"{t!r} is no theorem")
    _plain((t.rule, t.data), known)
    shapes: dict[Any, Any] = {}
    for e in (*t.hypotheses, t.conclusion):
        _plain(e, known)
        if id(e) not in known.shapes:
            known.shapes[id(e)] = _shapes(e)
        for name, here in known.shapes[id(e)].items():
            if shapes.setdefault(name, here) != here:
                raise Refused(f"{name[1]} has two shapes")


def _shapes(statement: Any) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    pending = [statement]
    if any(s.startswith(BOUND) for s in free(statement)):
        raise Refused(f"a bound index is loose in {statement}")
    while pending:
        e = pending.pop()
        if e[0] in BOUND_AT and not e[BOUND_AT[e[0]]].startswith(BOUND):
            raise Refused(f"an index is bound in {e} by the name of a free one")
        here = (e[1] if e[0] == "named" else None, len(e[-1])) if e[0] in ("named", "real") else None
        if here is not None and found.setdefault((e[0], e[-2]), here) != here:
            raise Refused(f"{e[-2]} has two shapes")
        if e[0] in SHAPED and any(n.constant < 0 or any(c < 0 for _, c in n.terms) or n == Affine((), 0) for n in e[1]):
            raise Refused(f"a size of {e} may be less than 1")
        if e[0] in SHAPED and not _fits(e):
            raise Refused(f"the shapes in {e} do not fit")
        pending.extend(below(e))
    return found


def _plain(x: Any, known: Known) -> None:
    if id(x) in known.plain:
        return
    if type(x) is tuple:
        for y in x:
            _plain(y, known)
        known.plain[id(x)] = x
    elif type(x) is Affine:
        _plain(tuple(x), known)
        symbols = [s for s, c in x.terms if c]
        if len(symbols) != len(x.terms) or any(a >= b for a, b in pairwise(symbols)) or any(s.startswith(OWN) for s in symbols):
            raise Refused(f"{x!r} is not written as forms are")
    elif type(x) is Substitution:
        for part in (x.forms, x.terms, x.kinds):
            _plain(tuple(part.items()) if isinstance(part, Mapping) else part, known)
    elif type(x) not in (str, int, Fraction, type(None)):
        raise Refused(f"{x!r} is neither a name nor an exact number")


def _fits(e: Any) -> bool:
    parts = [x[1] for x in below(e)] if e[0] != "table" else []
    match e[0]:
        case "add" | "scale" | "function" | "sum" | "product":
            return all(s == e[1] for s in parts) and (e[0] != "product" or e[1][0] == e[1][1])
        case "hadamard":
            return all(s == e[1] or s == (ONE, ONE) for s in parts)
        case "matmul":
            inner = all(a[1] == b[0] for a, b in pairwise(parts))
            return inner and e[1] == (parts[0][0], parts[-1][1])
        case "transpose":
            return bool(parts[0] == e[1][::-1])
        case "diag":
            return bool(parts[0] == (e[1][0], ONE) and e[1][0] == e[1][1])
        case "identity":
            return bool(e[1][0] == e[1][1])
    return True
