"""Matrix identities the plain way: every entry written out, bound indices named in every order.

It decides less than the normal form of `equality`, on a sixth of its lines, and shares no code with it.

Names that end up in a spelled word cannot meet: entry indices are slots, which no quantity is; a bound time starts with "?",
which no statement may use; and both carry how deep functions and products are nested below them, so that what is bound
inside f(...) never has the name of what is bound around it.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import count, permutations
from typing import Any, NamedTuple, TypeAlias

from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import ONE, Affine, combine, minus, substitute, variable
from lstm_sym.proof.statements import indices

Entry: TypeAlias = tuple[Any, ...]


class Slot(NamedTuple):
    """An index of entries: "row" and "column" of the whole, "left" and "right" of a factor, or bound."""

    kind: str
    level: int = 0
    number: int = 0


class Word(NamedTuple):
    """coefficient * factors, summed over entry indices (slot, size) and times (name, length): 0, 1, ..., length."""

    coefficient: Fraction
    factors: tuple[Entry, ...] = ()
    over: tuple[tuple[Slot, Affine], ...] = ()
    times: tuple[tuple[str, Affine], ...] = ()


Sum: TypeAlias = tuple[tuple[Any, Fraction], ...]            # spelled words and their coefficients, in order
ONLY = Slot("only")                                          # the index of a single row or column
MOST_SLOTS, MOST_TIMES = 6, 3                                # bound indices of a word beyond this are not ordered


def equal(left: Entry, right: Entry) -> bool:
    """left = right, entry by entry, for all sizes?  Errors: ProofError for what it does not read."""
    fresh = count()
    a, b = (total(expand(e, Slot("row"), Slot("column"), {}, fresh)) for e in (left, right))
    return a == b


# --- the entry (i, j) as words ------------------------------------------------------------------------------

def expand(e: Entry, i: Slot, j: Slot, at: Mapping[str, Affine], fresh: Iterator[int]) -> list[Word]:
    """The entry (i, j) of e, its times replaced as `at` says."""
    i, j = (ONLY if size == ONE else k for size, k in zip(e[1], (i, j), strict=True))
    match e[0]:
        case "named":
            return [Word(Fraction(1), (("x", e[2], i, j, tuple(substitute(t, at) for t in e[3])),))]
        case "ones":
            return [Word(Fraction(1))]
        case "zeros":
            return []
        case "identity":
            return [Word(Fraction(1), (delta(i, j),))]
        case "add":
            return [w for x in e[2:] for w in expand(x, i, j, at, fresh)]
        case "hadamard":
            return join(*(expand(x, i, j, at, fresh) for x in e[2:]))
        case "scale" if not any(s in at for _, powers in e[2] for s, _ in powers):
            return join([Word(c, tuple(("size", s, n) for s, n in powers)) for c, powers in e[2]], expand(e[3], i, j, at, fresh))
        case "transpose":
            return expand(e[2], j, i, at, fresh)
        case "diag":
            return join([Word(Fraction(1), (delta(i, j),))], expand(e[2], i, ONLY, at, fresh))
        case "matmul":
            left, right = e[2], e[3] if len(e) == 4 else ("matmul", (e[3][1][0], e[1][1]), *e[3:])
            k = ONLY if left[1][1] == ONE else Slot("new", number=next(fresh))
            words = join(expand(left, i, k, at, fresh), expand(right, k, j, at, fresh))
            return words if k == ONLY else [w._replace(over=((k, left[1][1]), *w.over)) for w in words]
        case "function":
            return applied(e[2][0], total(expand(e[3], i, j, at, fresh)))
        case "sum":
            t, (low, length) = f"?{next(fresh)}", steps(e, at)
            words = expand(e[5], i, j, {**at, e[2]: combine(variable(t), low)}, fresh)
            return [w._replace(times=((t, length), *w.times)) for w in words]
        case "product":
            return [Word(Fraction(1), (min(product(e, i, j, at, fresh), key=repr),))]
    raise ProofError(f"{e[0]} is not written out entry by entry")


def product(e: Entry, i: Slot, j: Slot, at: Mapping[str, Affine], fresh: Iterator[int]) -> Iterator[Entry]:
    """The factor of an ordered product: with the latest rightmost, else everything transposed; equal factors in both ways."""
    level, (low, length) = products(e), steps(e, at)
    ends, inside = (Slot("left", level), Slot("right", level)), {**at, e[2]: combine(variable(f"?step{level}"), low)}
    for way in (e[5],) if e[2] in indices(e[6]) else (1, -1):
        row, column = ends[::way]
        yield "p", total(expand(e[6], row, column, inside, fresh)), length, *(i, j)[::way]


def steps(e: Entry, at: Mapping[str, Affine]) -> tuple[Affine, Affine]:
    """Where a sum or product starts, and how far it goes from there."""
    low, high = substitute(e[3], at), substitute(e[4], at)
    return low, minus(high, low)


def delta(i: Slot, j: Slot) -> Entry:
    """1 if i = j, else 0."""
    return ("d", *sorted((i, j)))


def products(e: Any) -> int:
    """How deep ordered products are nested in e."""
    if not isinstance(e, tuple) or isinstance(e, Affine) or not e:
        return 0
    return (e[0] == "product") + max(map(products, e))


def applied(name: str, inside: Sum) -> list[Word]:
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


# --- words in one spelling ----------------------------------------------------------------------------------

def total(words: list[Word]) -> Sum:
    """Like words added; each in the least of all its spellings."""
    found: dict[Any, Fraction] = {}
    for word in words:
        w = without_deltas(word)
        spelled = spelling(w)
        found[spelled] = found.get(spelled, Fraction(0)) + w.coefficient
    return tuple(sorted(((k, c) for k, c in found.items() if c), key=repr))


def without_deltas(w: Word) -> Word:
    """sum_j delta_ij v_j = v_i;  delta_ij v_j = delta_ij v_i."""
    for f in w.factors:
        if f[0] != "d":
            continue
        rest = tuple(x for x in w.factors if x is not f)
        if f[1] == f[2]:
            return without_deltas(w._replace(factors=rest))
        bound = next((k for k, _ in w.over if k in f[1:]), None)
        if bound is not None:
            keep = f[1] if f[2] == bound else f[2]
            moved = tuple(renamed(x, {bound: keep}, {}) for x in rest)
            return without_deltas(w._replace(factors=moved, over=tuple(o for o in w.over if o[0] != bound)))
        moved = tuple(renamed(x, {f[2]: f[1]}, {}) for x in rest)
        if moved != rest:
            return without_deltas(w._replace(factors=(*moved, f)))
    return w


def spelling(w: Word) -> Any:
    """The least way to write a word, over all orders of its bound indices.  Errors: ProofError beyond the limits."""
    if len(w.over) > MOST_SLOTS or len(w.times) > MOST_TIMES:
        raise ProofError("too many bound indices to name them in every order")
    level = nesting(w.factors)
    ways = []
    for order in permutations(w.over):
        slots = {k: Slot("bound", level, n) for n, (k, _) in enumerate(order)}
        for time_order in permutations(w.times):
            times: dict[str, Affine] = {}
            lengths = []
            for n, (t, length) in enumerate(time_order):
                lengths.append(substitute(length, times))
                times[t] = variable(f"?{level}.{n}")
            factors = tuple(sorted((renamed(f, slots, times) for f in w.factors), key=repr))
            ways.append((factors, tuple(size for _, size in order), tuple(lengths)))
    return min(ways, key=repr)


def nesting(x: Any) -> int:
    """How deep functions and products are nested in factors."""
    if not isinstance(x, tuple) or isinstance(x, Affine) or not x:
        return 0
    return (x[0] in ("f", "p")) + max(map(nesting, x))


def renamed(x: Any, slots: Mapping[Slot, Slot], times: Mapping[str, Affine]) -> Any:
    """Indices replaced inside a factor."""
    if isinstance(x, Slot):
        return slots.get(x, x)
    if isinstance(x, Affine):
        return substitute(x, times)
    if isinstance(x, tuple):
        y = tuple(renamed(v, slots, times) for v in x)
        return delta(*y[1:]) if y and y[0] == "d" else y
    return x
