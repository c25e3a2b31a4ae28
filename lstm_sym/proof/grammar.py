"""The form check: what may enter a proof.  Shapes fit, sorts fit, one name has one shape, no bound index is loose.

Types are compared exactly: a tuple, a number or a name of a class of one's own could answer what it likes.
"""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import ONE, ZERO, Affine
from lstm_sym.proof.statements import FACTS, KINDS, MATRICES, REALS, SIGNATURE, Substitution, Term, children, indices

APART = ("#", "!", "?")                                      # how names begin that only the two readers make


def statement(p: Term) -> None:
    """Errors: ProofError if p is not well formed, or if its names are not in order."""
    well_formed(p)
    names(p)


def names(e: Term) -> dict[tuple[str, str], Any]:
    """Free matrices and reals of e with their shapes and numbers of indices.

    Errors: ProofError if one has two shapes, if a size is used as a time, if a bound index is loose.
    """
    parts = [_uses(x) for x in (e[:0:-1] if e[0] == "and" else (e,))]
    sizes, times = set[str]().union(*(p[0] for p in parts)), set[str]().union(*(p[1] for p in parts))
    if sizes & times or any(i.startswith(APART) for i in sizes | times):
        raise ProofError(f"used as size and as time, or loose: {sizes & times or sizes | times}")
    found: dict[tuple[str, str], Any] = {}
    for name, here in (use for _, _, uses in parts for use in uses):
        if found.setdefault(name, here) != here:
            raise ProofError(f"{name[1]} is used with two shapes or numbers of indices: {here} and {found[name]}")
    return found


@lru_cache(maxsize=65536)
def _uses(e: Term) -> tuple[set[str], set[str], tuple[tuple[tuple[str, str], Any], ...]]:
    """Sizes, times, and each use of a matrix or a real: its name, its shape and number of indices."""
    found: dict[tuple[tuple[str, str], Any], None] = {}
    pending = [e]
    while pending:
        x = pending.pop()
        if x[0] in ("named", "real"):
            found[(x[0], x[-2]), (x[1] if x[0] == "named" else None, len(x[-1]))] = None
        pending.extend(children(x))
    return indices(e, "sc"), indices(e, "iI"), tuple(found)


def well_formed(e: Term) -> None:
    """Errors: ProofError if a shape in e is not what its parts make it, or a part is of the wrong sort."""
    if type(e) is not tuple or not e or type(e[0]) is not str or e[0] not in SIGNATURE or not _fields_fit(e):
        raise ProofError(f"{e!r} is no statement: the tag or a field is unknown")
    for x in children(e):
        well_formed(x)
    sorts = tuple("matrix" if x[0] in MATRICES else "real" if x[0] in REALS else "proposition" for x in children(e))
    expected = SORTS.get(e[0])
    if expected is not None and any(s != expected[min(n, len(expected) - 1)] for n, s in enumerate(sorts)):
        raise ProofError(f"a part of {e} is of the wrong sort: {sorts}")
    if e[0] in SHAPES and not SHAPES[e[0]](e):
        raise ProofError(f"the shapes in {e} do not fit")


def _fields_fit(e: Term) -> bool:
    fields = SIGNATURE[e[0]]
    fit = all(TYPES[code](value) for code, value in zip(fields, e[1:], strict=False) if code in TYPES)
    whole = fit and (len(e) == len(fields) + 1 or (fields[-1] == "*" and len(e) > len(fields)))
    return whole and ("b" not in fields or e[fields.index("b") + 1] not in indices(e[-1], "sc"))


def is_index(value: Any) -> bool:
    """A form with whole coefficients, its symbols in order and each once?"""
    if type(value) is not Affine or type(value.terms) is not tuple or type(value.constant) is not int:
        return False
    plain = all(type(t) is tuple and len(t) == 2 and type(t[0]) is str and type(t[1]) is int and t[1] for t in value.terms)
    return plain and all(a[0] < b[0] for a, b in pairwise(value.terms))


def is_size(value: Any) -> bool:
    """A form that is at least 1 where every size is?"""
    return is_index(value) and value.constant >= 0 and all(c > 0 for _, c in value.terms) and value != ZERO


def is_coefficient(value: Any) -> bool:
    """A sum of rational * sizes, each to a power that is not 0?"""
    def fits(c: Any, powers: Any) -> bool:
        return type(c) is Fraction and all(type(s) is str and type(n) is int and n for s, n in powers)
    return type(value) is tuple and all(type(t) is tuple and len(t) == 2 and fits(*t) for t in value)


TYPES: dict[str, Callable[[Any], bool]] = {
    "s": lambda v: type(v) is tuple and len(v) == 2 and all(map(is_size, v)),
    "n": lambda v: type(v) in (str, int, Fraction, tuple),
    "b": lambda v: type(v) is str and v.startswith("#"),
    "i": is_index,
    "I": lambda v: type(v) is tuple and all(map(is_index, v)),
    "c": is_coefficient,
    "r": lambda v: type(v) is tuple and all(type(row) is tuple for row in v),
    "k": lambda v: type(v) is str,
}
_M, _R, _P = ("matrix",), ("real",), ("proposition",)
SORTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("add", "hadamard", "matmul", "scale", "transpose", "diag", "function", "sum", "product"), _M),
    **dict.fromkeys(("eq", "always", "under", "derivative", "norm", "entry", "strict"), _M),
    **dict.fromkeys(("+", "*", "^", "abs", "table", "same", "le", "lt", "limit", "infinite"), _R),
    **dict.fromkeys(("imp", "and", "all"), _P),
    "within": _M + _R + _R, "radius": _M + _R,
}
def _square(e: Term) -> bool:
    return bool(e[1][0] == e[1][1])


SHAPES: dict[str, Callable[[Term], bool]] = {
    "add":        lambda e: len(e) > 2 and all(x[1] == e[1] for x in e[2:]),
    "hadamard":   lambda e: len(e) > 2 and all(x[1] in (e[1], (ONE, ONE)) for x in e[2:]),
    "matmul":     lambda e: (len(e) > 2 and e[1] == (e[2][1][0], e[-1][1][1])
                             and all(a[1][1] == b[1][0] for a, b in pairwise(e[2:]))),
    "identity":   _square,
    "scale":      lambda e: e[3][1] == e[1],
    "transpose":  lambda e: e[2][1] == e[1][::-1],
    "diag":       lambda e: _square(e) and e[2][1] == (e[1][0], ONE),
    "function":   lambda e: e[3][1] == e[1] and e[2] == FACTS.get(e[2][0], (e[2][0], None, None)),
    "sum":        lambda e: e[5][1] == e[1],
    "product":    lambda e: _square(e) and e[6][1] == e[1] and e[5] in (1, -1),
    "table":      lambda e: all(not n.terms for n in e[1]) and len(e[2]) == e[1][0].constant
                            and all(len(row) == e[1][1].constant for row in e[2]),
    "eq":         lambda e: e[1][1] == e[2][1],
    "always":     lambda e: e[1][1] == e[2][1],
    "under":      lambda e: e[1][1] == e[2][1],
    "derivative": lambda e: e[1][1] == e[2][1],
    "num":        lambda e: isinstance(e[1], Fraction),
    "log":        lambda e: isinstance(e[1], Fraction) and e[1] > 0,
    "entry":      lambda e: e[1][1] == (ONE, ONE),
    "radius":     lambda e: _square(e[1]),
    "strict":     lambda e: _square(e[1]),
    "slope":      lambda e: all(isinstance(f, str) and f not in FACTS for f in e[1:]),
}


def admissible(s: Substitution, e: Term) -> None:
    """Errors: ProofError if s is no substitution for e: a loose index, a part that is no term, a size that may be < 1."""
    loose = {i for f in s.forms.values() for i, _ in f.terms}
    for parameters, body in s.terms.values():
        well_formed(body)
        loose |= indices(body) | set(parameters)
    if any(i.startswith(APART) for i in loose):
        raise ProofError(f"a loose bound index among {sorted(loose)}")
    if not all(map(is_index, s.forms.values())) or not all(is_size(s.forms[n]) for n in indices(e, "sc") if n in s.forms):
        raise ProofError(f"an index becomes a form, a size one that is at least 1, not {', '.join(map(str, s.forms.values()))}")
    if set(s.kinds) & set(KINDS) or not all(type(k) is str for k in s.kinds.values()):
        raise ProofError(f"the norms {', '.join(KINDS)} are not any norm")


def exact(data: Any) -> None:
    """Errors: ProofError if the data of a step hold a loose index, or anything but names, whole and rational numbers, terms."""
    if type(data) is tuple and data and type(data[0]) is str and data[0] in SIGNATURE:
        statement(data)
    elif type(data) is tuple:
        for x in data:
            exact(x)
    elif type(data) is Affine:
        if not is_index(data) or any(i.startswith(APART) for i, _ in data.terms):
            raise ProofError(f"{data} is no form, or a bound index is loose")
    elif type(data) not in (str, int, Fraction):
        raise ProofError(f"{data!r} is neither a name nor an exact number")


def conditions(*forms: Affine) -> tuple[Term, ...]:
    """form >= 0, one proposition each."""
    return tuple(("dom", f) for f in forms)
