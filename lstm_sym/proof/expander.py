"""A second, slow reader of matrix identities: every entry written out, bound indices named in every order.

It shares no code with the normal form of `equality`.  It decides less: what it cannot read it does not accept.
"""
from __future__ import annotations

from fractions import Fraction
from itertools import count, permutations
from typing import Any, NamedTuple, TypeAlias

from lstm_sym.expr.affine import Affine

Entry: TypeAlias = tuple[Any, ...]


class Word(NamedTuple):
    """coefficient * factors, summed over entry indices (name, size) and times (name, low, high)."""

    coefficient: Fraction
    factors: tuple[Entry, ...] = ()
    over: tuple[tuple[str, Affine], ...] = ()
    times: tuple[tuple[str, Affine, Affine], ...] = ()


class CannotRead(Exception):
    """Outside what the second reader decides."""


def equal(left: Entry, right: Entry) -> bool:
    """left = right, entry by entry, for all sizes?  Errors: CannotRead."""
    names = count()
    a = total(expand(left, "row", "column", {}, names))
    b = total(expand(right, "row", "column", {}, names))
    return a == b


def put(form: Affine, at: dict[str, Affine]) -> Affine:
    """form with times replaced."""
    coefficients: dict[str, int] = {}
    constant = form.constant
    for s, c in form.terms:
        inner = at.get(s, Affine(((s, 1),), 0))
        constant += c * inner.constant
        for t, d in inner.terms:
            coefficients[t] = coefficients.get(t, 0) + c * d
    return Affine(tuple(sorted((s, c) for s, c in coefficients.items() if c)), constant)


def expand(e: Entry, i: str, j: str, at: dict[str, Affine], names: Any) -> list[Word]:
    """The entry (i, j) of e as words; i and j of a single row or column are "1"."""
    i, j = ("1" if n == Affine((), 1) else k for n, k in zip(e[1], (i, j), strict=True))
    match e[0]:
        case "named":
            return [Word(Fraction(1), (("x", e[2], i, j, tuple(put(t, at) for t in e[3])),))]
        case "ones":
            return [Word(Fraction(1))]
        case "zeros":
            return []
        case "identity":
            return [Word(Fraction(1), (("d", *sorted((i, j))),))]
        case "add":
            return [w for x in e[2:] for w in expand(x, i, j, at, names)]
        case "hadamard":
            return join(*(expand(x, i, j, at, names) for x in e[2:]))
        case "scale":
            return join([Word(c, tuple(("size", s, n) for s, n in powers)) for c, powers in e[2]], expand(e[3], i, j, at, names))
        case "transpose":
            return expand(e[2], j, i, at, names)
        case "diag":
            return join([Word(Fraction(1), (("d", *sorted((i, j))),))], expand(e[2], i, "1", at, names))
        case "matmul":
            left, right = e[2], e[3] if len(e) == 4 else ("matmul", (e[3][1][0], e[1][1]), *e[3:])
            k = "1" if left[1][1] == Affine((), 1) else f"k{next(names)}"
            words = join(expand(left, i, k, at, names), expand(right, k, j, at, names))
            return words if k == "1" else [w._replace(over=((k, left[1][1]), *w.over)) for w in words]
        case "function":
            return applied(e[2][0], total(expand(e[3], i, j, at, names)))
        case "sum":
            k = f"t{next(names)}"
            inner = expand(e[5], i, j, {**at, e[2]: Affine(((k, 1),), 0)}, names)
            return [w._replace(times=((k, put(e[3], at), put(e[4], at)), *w.times)) for w in inner]
        case "product":
            body = total(expand(e[6], "left", "right", {**at, e[2]: Affine((("step", 1),), 0)}, names))
            return [Word(Fraction(1), (("p", e[5], body, put(e[3], at), put(e[4], at), i, j),))]
    raise CannotRead(e[0])


def applied(name: str, inside: tuple[Any, ...]) -> list[Word]:
    """f of a scalar; tanh(-x) = -tanh x, sigma(-x) = 1 - sigma(x): the first coefficient is made positive."""
    flip = bool(inside) and inside[0][1] < 0 and name in ("tanh", "sigmoid")
    value = tuple((k, -c) for k, c in inside) if flip else inside
    word = Word(Fraction(-1 if flip else 1), (("f", name, value),))
    return [word, Word(Fraction(1))] if flip and name == "sigmoid" else [word]


def join(*factors: list[Word]) -> list[Word]:
    """The product, distributed."""
    result = [Word(Fraction(1))]
    for words in factors:
        result = [Word(a.coefficient * b.coefficient, a.factors + b.factors, a.over + b.over, a.times + b.times)
                  for a in result for b in words]
    return result


def total(words: list[Word]) -> tuple[tuple[Any, Fraction], ...]:
    """Like words added; each in the least of all its spellings."""
    found: dict[Any, Fraction] = {}
    for word in words:
        w = without_deltas(word)
        spelled = spelling(w)
        found[spelled] = found.get(spelled, Fraction(0)) + w.coefficient
    return tuple(sorted(((k, c) for k, c in found.items() if c), key=repr))


def without_deltas(w: Word) -> Word:
    """sum_j delta_ij v_j = v_i."""
    for f in w.factors:
        if f[0] != "d":
            continue
        rest = tuple(x for x in w.factors if x is not f)
        if f[1] == f[2]:
            return without_deltas(w._replace(factors=rest))
        bound = [k for k, _ in w.over if k in f[1:]]
        if bound:
            keep = f[1] if f[2] == bound[0] else f[2]
            moved = tuple(renamed(x, {bound[0]: keep}) for x in rest)
            return without_deltas(w._replace(factors=moved, over=tuple(o for o in w.over if o[0] != bound[0])))
        low, high = f[1:]
        if any(high in repr(x) for x in rest):
            return without_deltas(w._replace(factors=(*(renamed(x, {high: low}) for x in rest), f)))
    return w


def spelling(w: Word) -> Any:
    """The least way to write a word, over all names of its bound indices; times start from 0."""
    if len(w.over) > 6 or len(w.times) > 3:
        raise CannotRead("too many bound indices")
    ways = []
    for order in permutations(range(len(w.over))):
        entries = {w.over[n][0]: f"b{m}" for m, n in enumerate(order)}
        for time_order in permutations(range(len(w.times))):
            times: dict[str, Affine] = {}
            lengths = []
            for m, n in enumerate(time_order):
                k, low, high = w.times[n]
                lengths.append((put(low, times), put(high, times)))
                times[k] = Affine(((f"s{m}", 1),), 0)
            shifted = tuple(sorted((renamed(f, entries, times) for f in w.factors), key=repr))
            ways.append((shifted, tuple(w.over[n][1] for n in order), tuple(lengths)))
    return min(ways, key=repr)


def renamed(x: Any, entries: dict[str, str], times: dict[str, Affine] | None = None) -> Any:
    """Indices replaced inside a factor."""
    if isinstance(x, Affine):
        return put(x, times or {})
    if isinstance(x, tuple):
        y = tuple(renamed(v, entries, times) for v in x)
        return ("d", *sorted(y[1:])) if y and y[0] == "d" and len(y) == 3 else y
    return entries.get(x, x) if isinstance(x, str) else x
