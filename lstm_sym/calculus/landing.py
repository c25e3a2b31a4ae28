"""Where a contribution lands: source indices = target indices, solved; what stays free is summed.

A contribution from an equation at s exists only if s lies in that equation's domain: elsewhere it is absent.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from lstm_sym.expr.affine import (
    ZERO,
    Affine,
    Domain,
    between,
    coefficient,
    combine,
    equal_to,
    implies,
    is_empty,
    minus,
    negative,
    reduce_domain,
    substitute,
    variable,
)
from lstm_sym.expr.indices import affine, expression, integer
from lstm_sym.expr.nodes import Add, Named, Node, When, Zeros, add, is_zero, sum_over
from lstm_sym.expr.substitute import replace_indices


@dataclass(frozen=True, slots=True)
class Range:
    """index = low .. high."""

    index: sp.Symbol
    low: sp.Expr
    high: sp.Expr

    @property
    def domain(self) -> Domain:
        """low <= index <= high."""
        return between(affine(self.low), variable(self.index.name), affine(self.high))


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one occurrence of `source` adds to its cotangent, summed over `ranges`, outermost first."""

    source: Named
    cotangent: Node
    ranges: tuple[Range, ...] = ()


def contribution_at(target: Named, use: Contribution, domain: Domain, support: Domain = frozenset()) -> Node | None:
    """What `use` adds to the cotangent of `target`: source indices = target indices solved, what stays free summed.

    support: where the cotangent is not zero, over range symbols (then apart from the target's) and those of `domain`.
    None if no equation that uses the source lies in its own domain there: the term is absent.
    """
    use = _apart(use, {s for i in target.indices for s in i.free_symbols})
    solved, conditions = _solve(target, use)
    body, inner = use.cotangent, support
    while isinstance(body, When):                            # a condition on the whole becomes a bound of its sums
        body, inner = body.args[0], inner.union(map(affine, body.args[1:]))
    conditions |= {substitute(c, solved) for c in inner}
    node = replace_indices(body, _expressions(solved))
    left = [Range(r.index, *(_at(bound, solved) for bound in (r.low, r.high)))
            for r in use.ranges if r.index.name not in solved]
    return _settle(node, left, conditions, domain)


def narrow(node: Node, over: Range, domain: Domain) -> Node:
    """sum of node over a range, conditions made bounds: sum_{t=1..T} [t >= k] = sum_{t=k..T}; [t = k] picks a term."""
    if isinstance(node, Add):
        return add(*(narrow(term, over, domain) for term in node.args))
    if not isinstance(node, When):
        return sum_over(node, over.index, over.low, over.high)
    body, conditions, k = node.args[0], frozenset(map(affine, node.args[1:])), over.index.name
    pin = next((c for c in sorted(conditions) if abs(coefficient(c, k)) == 1 and negative(c) in conditions), None)
    if pin is None:
        summed = _settle(body, [over], conditions, domain)
    else:
        at = {k: _root(pin, k)}
        conditions = frozenset(substitute(c, at) for c in conditions | over.domain)
        summed = _settle(replace_indices(body, _expressions(at)), [], conditions, domain)
    return Zeros(*node.shape) if summed is None else summed


def when(node: Node, conditions: Domain, given: Domain) -> Node:
    """[conditions] node, without the conditions that `given` implies; 0 where it contradicts them."""
    if is_empty(conditions | given):
        return Zeros(*node.shape)
    needed = sorted(reduce_domain(conditions, given))
    return node if is_zero(node) or not needed else When(node, *map(expression, needed))


def _settle(node: Node, left: list[Range], conditions: Domain, domain: Domain) -> Node | None:
    """[conditions] node, summed over the ranges `left`: each condition becomes a bound, or a case where it must."""
    around = [domain.union(*(r.domain for r in left[:i])) for i in range(len(left) + 1)]
    if is_empty(around[-1] | conditions):
        return None
    conditions = frozenset(c for c in conditions if not implies(around[-1], c))
    for r, outside in zip(reversed(left), reversed(around[:-1]), strict=True):
        low, high, conditions = _tighten(r.index.name, affine(r.low), affine(r.high), conditions, outside)
        mine = frozenset(c for c in conditions if coefficient(c, r.index.name))
        node, conditions = when(node, mine, outside | r.domain), conditions - mine
        node = sum_over(node, r.index, expression(low), expression(high))
    return when(node, conditions, domain)


def _at(bound: sp.Expr, values: Mapping[str, Affine]) -> sp.Expr:
    return expression(substitute(affine(bound), values))


def _expressions(values: Mapping[str, Affine]) -> dict[sp.Symbol, sp.Expr]:
    return {integer(s): expression(v) for s, v in values.items()}


def _root(form: Affine, symbol: str) -> Affine:
    """The value of `symbol`, of coefficient +-1, at which the form is zero."""
    return minus(variable(symbol), combine(ZERO, form, coefficient(form, symbol)))


def _apart(use: Contribution, taken: set[sp.Symbol]) -> Contribution:
    """`use` with its range symbols renamed away from `taken` (primes), so that solving cannot confuse them."""
    renamed = {r.index: integer(r.index.name + "'") for r in use.ranges if r.index in taken}
    if not renamed:
        return use
    ranges = tuple(Range(renamed.get(r.index, r.index), r.low.xreplace(renamed), r.high.xreplace(renamed))
                   for r in use.ranges)
    return Contribution(replace_indices(use.source, renamed), replace_indices(use.cotangent, renamed), ranges)


def _solve(target: Named, use: Contribution) -> tuple[dict[str, Affine], Domain]:
    """Range symbols that source = target determines, and the conditions under which it can hold."""
    free = [r.index.name for r in use.ranges]
    solved: dict[str, Affine] = {}
    conditions: set[Affine] = set()
    for wanted, given in zip(target.indices, use.source.indices, strict=True):
        here, there = affine(wanted), substitute(affine(given), solved)
        symbol = next((s for s in free if s not in solved and abs(coefficient(there, s)) == 1), None)
        if symbol is None:
            conditions |= equal_to(here, there)
        else:
            sign = coefficient(there, symbol)
            value = combine(variable(symbol), minus(here, there), sign)        # s + sign * (here - there)
            solved = {s: substitute(v, {symbol: value}) for s, v in solved.items()} | {symbol: value}
    for r in use.ranges:
        if r.index.name in solved:
            low, high = (substitute(affine(b), solved) for b in (r.low, r.high))
            conditions |= between(low, solved[r.index.name], high)
    return solved, frozenset(conditions)


def _tighten(s: str, low: Affine, high: Affine, conditions: Domain, given: Domain) -> tuple[Affine, Affine, Domain]:
    """Conditions s >= a, s <= b that are sharper than the sum's own bounds become its bounds.

    Sharper wherever the sum stands, `given` its surroundings, not only where it has terms: an empty sum stays empty.
    """
    for c in sorted(conditions):
        at = coefficient(c, s)
        bound = _root(c, s) if abs(at) == 1 else ZERO
        if at == 1 and implies(given, minus(bound, low)):
            low, conditions = bound, conditions - {c}
        elif at == -1 and implies(given, minus(high, bound)):
            high, conditions = bound, conditions - {c}
    return low, high, conditions
