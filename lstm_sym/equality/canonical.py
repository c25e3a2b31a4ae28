"""Canonical names for bound indices: terms that differ by renaming, shifting or reflecting them become one term.

A term falls into components that share no bound index; each is named by itself.  Time indices: each is anchored on the
time of some atom (v = +-(u - rest)).  Entry indices: told apart by the atoms they stand in, ties are tried.  Of all ways
the smallest result wins; it is a renaming of the term, so like terms are equal terms.  A canonical name carries the
height of what it is bound in (functions and products nested so deep), so it is never bound again inside.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import permutations
from operator import add
from typing import Any

from lstm_sym.equality.terms import (
    Atom,
    Nested,
    Polynomial,
    Term,
    Work,
    bound_in,
    forms_in,
    forms_of,
    indices_of,
    inner,
    move,
    the_one,
    variables_of,
)
from lstm_sym.expr.affine import (
    ONE,
    ZERO,
    Affine,
    Domain,
    coefficient,
    combine,
    minus,
    reduce_domain,
    symbols,
    variable,
)

Parts = tuple[Term, list[Term]]


def collect(polynomial: Polynomial, context: Domain, work: Work) -> Polynomial:
    """Like terms added, in canonical order."""
    found: dict[Any, list[Fraction]] = {}
    for term in polynomial:
        t = canonical(term, context, work)
        found.setdefault(t[1:], []).append(t.coefficient)
    return the_one(Nested(Term(c, *rest) for rest in _in_order(found) if (c := reduce(add, found[rest]))))


def canonical(term: Term, context: Domain, work: Work) -> Term:
    """The same for all names of the bound indices of `term`."""
    known = term[1:], context
    rest = work.memo.get(known)
    if rest is None:
        work.spend()
        loose, parts = components(term)
        result = _finish(loose, context, work)
        h = height(term)
        for part in _in_order([_named(p, context, work) for p in parts]):
            result = _join(result, part, h)
        rest = work.memo[known] = (tuple(_in_order(result.atoms)), *result[2:])
    return Term(term.coefficient, *rest)


def _in_order(keys: Collection[Any]) -> Iterable[Any]:
    return sorted(keys, key=rank) if len(keys) > 1 else keys


@lru_cache(maxsize=65536)
def rank(key: Any) -> Any:
    """A total order on terms and atoms: their sets of guards compare as sorted tuples."""
    if isinstance(key, frozenset):
        return tuple(sorted(key))
    return tuple(map(rank, key)) if isinstance(key, tuple) and not isinstance(key, Affine) else key


@lru_cache(maxsize=65536)
def height(term: Term) -> int:
    """How deep functions and ordered products are nested in `term`."""
    return max((1 + max(map(height, inner(a)), default=0) for a in term.atoms if a[0] in "fp"), default=0)


def components(term: Term) -> Parts:
    """What holds no bound index, and the parts of `term` that share none."""
    bound = {*term.time, *(v for v, _ in term.space)}
    if not bound:
        return term, []
    atoms = [(a, (variables_of(a) | indices_of(a)) & bound) for a in term.atoms]
    guards = [(g, symbols([g]) & bound) for g in term.guards]
    groups = [{v} for v in bound]
    for _, names in (*atoms, *guards):
        if len(names) > 1:
            joined = set().union(*(g for g in groups if g & names))
            groups = [*(g for g in groups if not g & names), joined]

    def part(group: set[str]) -> Term:
        return Term(Fraction(1), tuple(a for a, names in atoms if names & group or names == group),
                    tuple(s for s in term.space if s[0] in group), tuple(k for k in term.time if k in group),
                    frozenset(g for g, names in guards if names & group or names == group))

    loose = Term(term.coefficient, tuple(a for a, names in atoms if not names),
                 guards=frozenset(g for g, names in guards if not names))
    return loose, [part(g) for g in groups]


# --- naming one component -----------------------------------------------------------------------------------

def _named(part: Term, context: Domain, work: Work) -> Term:
    """The smallest naming."""
    h = height(part)
    apart = _renamed(part, [v for v, _ in part.space], [f"~?{n}" for n in range(len(part.time))])
    ways = [_finish(e, context, work) for t in _timed(apart, apart.time, h, work) for e in _spaced(t, h, context, work)]
    return min(ways, key=rank) if len(ways) > 1 else ways[0]


def _finish(term: Term, context: Domain, work: Work) -> Term:
    """Everything nested canonical, atoms in order, guards that follow dropped."""
    atoms = tuple(_in_order([inside(a, context, work) for a in term.atoms]))
    return Term(term.coefficient, atoms, term.space, term.time, reduce_domain(term.guards, context))


def _renamed(term: Term, entries: list[str], steps: list[str]) -> Term:
    slots = {v: (ZERO, name, n) for (v, n), name in zip(term.space, entries, strict=True) if v != name}
    moved = move(term, slots, {k: variable(name) for k, name in zip(term.time, steps, strict=True) if k != name})
    space = tuple((name, n) for (_, n), name in zip(term.space, entries, strict=True))
    return Term(term.coefficient, moved.atoms, space, tuple(steps), moved.guards)


def _join(left: Term, right: Term, h: int) -> Term:
    """The product of two named terms, the names of the right one counted on from those of the left."""
    n, k = len(left.space), len(left.time)
    entries = [f"%{h}.{n + i:02d}" for i in range(len(right.space))]
    moved = _renamed(right, entries, [f"~{h}.{k + i:02d}" for i in range(len(right.time))])
    return Term(left.coefficient, left.atoms + moved.atoms, left.space + moved.space, left.time + moved.time,
                left.guards | moved.guards)


def _timed(term: Term, left: tuple[str, ...], h: int, work: Work) -> Iterator[Term]:
    """`term` with its bound time indices named by anchoring each in turn, in every way."""
    done = len(term.time) - len(left)
    if not left:
        yield term._replace(time=tuple(f"~{h}.{i:02d}" for i in range(done)))
    for v in left:
        for form in _anchors(term, v):
            work.spend()
            name = variable(f"~{h}.{done:02d}")
            value = combine(variable(v), minus(name, form), coefficient(form, v))          # form = name, solved for v
            yield from _timed(move(term, {}, {v: value}), tuple(k for k in left if k != v), h, work)


def _anchors(term: Term, v: str) -> list[Affine]:
    hidden = set().union(*map(bound_in, term.atoms))
    forms = {f for a in term.atoms for f in forms_of(a) if abs(coefficient(f, v)) == 1 and not symbols([f]) & hidden}
    return sorted(forms or {g for g in term.guards if abs(coefficient(g, v)) == 1} or {variable(v)})


def _spaced(term: Term, h: int, context: Domain, work: Work) -> Iterator[Term]:
    """`term` with its bound entry indices named in every order that their colours leave open."""
    bound = [v for v, _ in term.space]
    sizes = dict(term.space)
    for order in permutations(bound) if len(bound) < 3 else _orders(_colours(term, sizes, context, work)):
        work.spend()
        ordered = term._replace(space=tuple((v, sizes[v]) for v in order))
        yield _renamed(ordered, [f"%{h}.{i:02d}" for i in range(len(order))], list(term.time))


def _colours(term: Term, sizes: dict[str, Affine], context: Domain, work: Work) -> dict[str, int]:
    """Indices of different colours can be told apart by the atoms they stand in."""
    colours = _ranked(sizes)
    for _ in sizes:
        refined = _ranked({v: (colours[v], _signature(term, v, colours, context, work)) for v in sizes})
        if len(set(refined.values())) == len(set(colours.values())):
            return refined
        colours = refined
    return colours


def _signature(term: Term, v: str, colours: dict[str, int], context: Domain, work: Work) -> Any:
    names = {w: (ZERO, "%!" if w == v else f"%!{c:02d}", ONE) for w, c in colours.items()}
    touched = term._replace(atoms=tuple(a for a in term.atoms if v in variables_of(a)), guards=frozenset())
    return rank(_finish(move(touched, names, {}), context, work).atoms)


def _ranked(values: dict[str, Any]) -> dict[str, int]:
    order = sorted(set(values.values()))
    return {v: order.index(value) for v, value in values.items()}


def _orders(colours: dict[str, int]) -> Iterator[tuple[str, ...]]:
    if not colours:
        yield ()
    for v in [v for v in colours if colours[v] == min(colours.values())]:
        yield from ((v, *rest) for rest in _orders({w: c for w, c in colours.items() if w != v}))


# --- what is nested -----------------------------------------------------------------------------------------

def inside(atom: Atom, context: Domain, work: Work) -> Atom:
    """The atom with what is nested in it canonical; its own indices keep their names."""
    if atom[0] == "d":
        return ("d", *sorted(atom[1:]))
    if atom[0] == "f":
        return (*atom[:2], collect(atom[2], context, work))
    return _product(atom, context, work) if atom[0] == "p" else atom


def _product(a: Atom, context: Domain, work: Work) -> Atom:
    """An ordered product; of a constant factor only the number of factors matters: prod_{a}^{b} W = W^(b - a + 1).

    (prod_{k = a}^{b} F_k)_ij = (prod_{k = -b}^{-a} F_-k^T)_ji: what is reflected is transposed.
    """
    left, right = a[3:5]
    known = a[1:3], a[5:], context
    ways = work.memo.get(known)
    if ways is None:
        ways = work.memo[known] = _ways(a, context, work)
    return min((("p", *factor, *(left, right)[::sign], *ends) for sign, factor, ends in ways), key=rank)


def _ways(a: Atom, context: Domain, work: Work) -> list[tuple[int, tuple[Any, ...], tuple[Affine, Affine]]]:
    """The ways to name the step of a product: whether it is reflected, the factor with its names, the range of the step."""
    _, body, (row, column, k, size), _, _, low, high = a
    h = 1 + max(map(height, body), default=0)
    mine, step = (f"%{h}.row", f"%{h}.column", f"~{h}.step", size), variable(f"~{h}.step")
    forms, hidden = forms_in(body), bound_in(a) - {k}
    anchors = {f for f in forms if abs(coefficient(f, k)) == 1 and not symbols([f]) & hidden} or {variable(k)}
    if any(coefficient(f, k) for f in forms):
        ways = [_anchored(f, k, step, low, high) for f in sorted(anchors)]
    else:
        ways = [(sign, {}, ONE, combine(minus(high, low), ONE)) for sign in (1, -1)]
    found = []
    for sign, at, first, last in ways:
        slots = dict(zip((row, column)[::sign], ((ZERO, mine[0], size), (ZERO, mine[1], size)), strict=True))
        factor = collect(tuple(move(t, slots, at) for t in body), context, work)
        found.append((sign, (factor, mine), (first, last)))
    return found


def _anchored(form: Affine, k: str, step: Affine, low: Affine, high: Affine) -> tuple[int, dict[str, Affine], Affine, Affine]:
    """step = form = sign k + rest, solved for k, and the range of the step."""
    sign = coefficient(form, k)
    rest = combine(form, variable(k), -sign)
    first, last = (combine(rest, end, sign) for end in (low, high)[::sign])
    return sign, {k: combine(ZERO, minus(step, rest), sign)}, first, last

