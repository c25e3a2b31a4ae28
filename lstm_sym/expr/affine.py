"""Integer-affine forms over named symbols and the systems of inequalities between them.

Sizes, time indices and the bounds of sums are affine: `n + m`, `t - 1`, `T - t`.  Here they are plain tuples,
so the normal form can use them without SymPy.  A *domain* is a set of affine forms that are all >= 0.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from math import gcd
from typing import NamedTuple


class Affine(NamedTuple):
    """sum of coefficient * symbol + constant, the symbols in order and no coefficient zero."""

    terms: tuple[tuple[str, int], ...]
    constant: int

    def __str__(self) -> str:
        text = "".join(f"{'+' if c > 0 else '-'}{abs(c) if abs(c) != 1 else ''}{s}" for s, c in self.terms)
        return (text + (f"{self.constant:+d}" if self.constant or not text else "")).lstrip("+")


Domain = frozenset[Affine]
MOST_PAIRS = 400                      # elimination steps beyond this answer "not proved empty"
ZERO, ONE = Affine((), 0), Affine((), 1)


def variable(name: str) -> Affine:
    """The form `name`."""
    return Affine(((name, 1),), 0)


def constant(value: int) -> Affine:
    """The form `value`."""
    return Affine((), value)


@lru_cache(maxsize=65536)
def combine(a: Affine, b: Affine, factor: int = 1) -> Affine:
    """a + factor * b."""
    if not b.terms:
        return Affine(a.terms, a.constant + factor * b.constant)
    coefficients = dict(a.terms)
    for symbol, c in b.terms:
        coefficients[symbol] = coefficients.get(symbol, 0) + factor * c
    return Affine(tuple(sorted((s, c) for s, c in coefficients.items() if c)), a.constant + factor * b.constant)


def minus(a: Affine, b: Affine) -> Affine:
    """a - b."""
    return combine(a, b, -1)


def negative(a: Affine) -> Affine:
    """-a."""
    return combine(ZERO, a, -1)


def coefficient(a: Affine, name: str) -> int:
    """The coefficient of `name` in a."""
    for symbol, c in a.terms:
        if symbol == name:
            return c
    return 0


def substitute(a: Affine, values: Mapping[str, Affine]) -> Affine:
    """a with every symbol of `values` replaced, all at once."""
    result = a
    for symbol, c in a.terms:
        if symbol in values:
            result = combine(result, minus(values[symbol], variable(symbol)), c)
    return result


def symbols(forms: Iterable[Affine]) -> set[str]:
    """Every symbol in the forms."""
    return {s for a in forms for s, _ in a.terms}


# --- domains: conjunctions of  form >= 0  over the integers ------------------------------------------------

def equal_to(a: Affine, b: Affine) -> Domain:
    """The domain a = b."""
    return frozenset({minus(a, b), minus(b, a)})


def between(low: Affine, x: Affine, high: Affine) -> Domain:
    """The domain low <= x <= high."""
    return frozenset({minus(x, low), minus(high, x)})


def complement(a: Affine) -> Affine:
    """not (a >= 0), over the integers:  -a - 1 >= 0."""
    return minus(constant(-1), a)


def _tighten(a: Affine) -> Affine:
    """a >= 0 divided by the common divisor of its coefficients, the constant rounded down: exact over integers."""
    divisor = gcd(*(c for _, c in a.terms)) if a.terms else 1
    return a if divisor == 1 else Affine(tuple((s, c // divisor) for s, c in a.terms), a.constant // divisor)


@lru_cache(maxsize=65536)
def is_empty(domain: Domain) -> bool:
    """True only if no integer point satisfies the domain (Fourier-Motzkin elimination with integer tightening).

    False does not promise a point; for difference constraints, which is nearly all we meet, it does.
    """
    forms = {_tighten(a) for a in domain}
    while True:
        if any(not a.terms and a.constant < 0 for a in forms):
            return True
        names = symbols(forms)
        if not names:
            return False
        name = min(names, key=lambda s: (_pairs(forms, s), s))
        lower = [a for a in forms if coefficient(a, name) > 0]
        upper = [a for a in forms if coefficient(a, name) < 0]
        if len(lower) * len(upper) > MOST_PAIRS:
            return False
        forms = {a for a in forms if coefficient(a, name) == 0} | {_eliminate(a, b, name) for a in lower for b in upper}


def _pairs(forms: Collection[Affine], name: str) -> int:
    signs = [coefficient(a, name) for a in forms]
    return sum(c > 0 for c in signs) * sum(c < 0 for c in signs)


def _eliminate(lower: Affine, upper: Affine, name: str) -> Affine:
    """The consequence of two bounds on `name` in which it no longer occurs."""
    p, q = coefficient(lower, name), -coefficient(upper, name)
    return _tighten(combine(combine(ZERO, lower, q), upper, p))


def implies(domain: Domain, a: Affine) -> bool:
    """domain => a >= 0, proved; False where no proof is found."""
    return a.constant >= 0 if not a.terms else a in domain or is_empty(domain | {complement(a)})


def implies_all(domain: Domain, forms: Iterable[Affine]) -> bool:
    """domain => every form >= 0."""
    return all(implies(domain, a) for a in forms)


def reduce_domain(forms: Domain, given: Domain) -> Domain:
    """The forms that do not follow from the others and from `given`, one order of trial."""
    kept = set(forms)
    for a in sorted(forms, reverse=True):
        if implies(frozenset(kept - {a}) | given, a):
            kept.discard(a)
    return frozenset(kept)
