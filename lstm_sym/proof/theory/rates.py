"""Two sequences that bound each other: X[k] <= g X[k-1] + e Y[k-1], Y[k] <= r X[k-1] + d Y[k-1], and when both tend to 0."""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

from lstm_sym.expr.affine import minus
from lstm_sym.proof.kernel import Theorem, assume, conjoin, part
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    at_least,
    between,
    both,
    every,
    index,
    le,
    limit,
    lt,
    member,
    neg,
    plus,
    power,
    prod,
    real,
    shift,
)
from lstm_sym.proof.tactics import (
    at,
    condition,
    cut,
    for_all,
    instance,
    instantiated,
    linear,
    nonnegative,
    upward,
    use,
)

HALF = Fraction(1, 2)
LETTERS = (("g", "e", "w"), ("r", "d", "u"))                 # factors of X and Y, weight


def _before(k: Index) -> Index: return shift(k, -1)
def X(k: Index) -> Term: return member("X", k)
def Y(k: Index) -> Term: return member("Y", k)
def _row(left: Any, a: Any, b: Any) -> Term:
    """left[k] <= a X[k-1] + b Y[k-1]."""
    return le(left("k"), plus(prod(a, X(_before("k"))), prod(b, Y(_before("k")))))


@cache
def two_rates() -> Theorem:
    """m X[T] <= x^(T-t) w s and m Y[T] <= x^(T-t) u s if g w + e u <= x w, r w + d u <= x u."""
    rows = [assume(between("k", shift("t", 1), "T", _row(*row))) for row in ((X, "g", "e"), (Y, "r", "d"))]
    positive = {name: assume(le(0, name)) for name in "gerdxms"}
    fits = [assume(le(plus(prod(a, "w"), prod(b, "u")), prod("x", weight))) for a, b, weight in LETTERS]
    def rate(k: Index) -> Term: return power("x", minus(index(k), index("t")))
    def claim(k: Index) -> Term:
        return both(*(le(prod("m", left(k)), prod(rate(k), weight, "s")) for left, weight in ((X, "w"), (Y, "u"))))
    starts = [assume(le(prod("m", left("t")), prod(weight, "s"))) for left, weight in ((X, "w"), (Y, "u"))]
    base = conjoin(*(linear("le", *p[1:], start) for p, start in zip(instance(claim("k"), {"k": "t"})[1:], starts, strict=True)))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        k = shift("k", 1)
        power_law = use("POW_STEP", condition(minus(index("k"), index("t")), above), x=real("x"))
        old = prod(rate("k"), "s")
        never = nonnegative(old, use("POW_NONNEG", positive["x"], k=minus(index("k"), index("t"))), positive["s"])
        before = part(known, 0), part(known, 1)
        new = (at(row, k, given=(above, below)) for row in rows)
        return conjoin(*(linear("le", *goal[1:], ("m", one), (a, before[0]), (b, before[1]), (old, fit),
                                (prod(-1, weight, "s"), power_law), known=(*positive.values(), never))
                         for goal, one, fit, (a, b, weight) in zip(claim(k)[1:], new, fits, LETTERS, strict=True)))

    return at(upward("k", "t", "T", claim("k"), base, step), "T", given=(assume(at_least("T", "t")),))


# x = 1 - y is a rate with the weights w = 1 - f - y and u = b + y^2, because
#   x w - (a + o b) w - o f u  =  ((1 - f)(1 - a) - o b - 2 y) + y (f + a + o b) + y^2 (1 - o f)      >= 0
#   x u - b w - f u            =  y^2 w                                                               >= 0
@cache
def two_state_decay() -> Theorem:
    """X[k], Y[k] -> 0 like (1 - y)^k if o b + 2 y <= (1 - f)(1 - a), 0 < y, f < 1, o <= 1, for the rows of two-state-vanishing.

    y^2 X[T] <= (1 - y)^T (1 - f - y)(y X[0] + Y[0]) and y^2 Y[T] <= (1 - y)^T (b + y^2)(y X[0] + Y[0]).
    """
    a, b, o, f = (assume(le(0, x)) for x in "abof")
    small, open_, gap = assume(lt("f", 1)), assume(le("o", 1)), assume(lt(0, "y"))
    criterion = assume(le(plus(prod("o", "b"), prod(2, "y")), prod(plus(1, neg("f")), plus(1, neg("a")))))
    to_x, over = plus("a", prod("o", "b")), prod("o", "f")
    rows = [assume(every("k", at_least("k", 1), _row(*row))) for row in ((X, to_x, over), (Y, "b", "f"))]
    never = [assume(every("k", at_least("k", 0), le(0, left("k")))) for left in (X, Y)]
    zero, y = condition(index(0)), linear("le", 0, "y", gap)
    y2, f1 = linear("le", 0, prod("y", "y"), ("y", y), known=(y,)), linear("le", "f", 1, small)
    ob = nonnegative(prod("o", "b"), o, b)
    ends = [at(t, 0, given=(zero,)) for t in never]
    w, u = plus(1, neg("f"), neg("y")), plus("b", prod("y", "y"))
    size, x, m = plus(prod("y", X(0)), Y(0)), plus(1, neg("y")), prod("y", "y")
    wide = linear("le", "y", w, criterion, ob, ("a", f1), known=(a,))
    known = (a, b, o, f, y, y2, ob, nonnegative(size, *ends, y))
    w0 = linear("le", 0, w, wide, y)
    of1 = linear("le", prod("o", "f"), 1, ("f", open_), f1, known=known)
    first = linear("le", plus(prod(to_x, w), prod(over, u)), prod(x, w), criterion,
                   ("y", nonnegative(plus("f", "a", prod("o", "b")), *known)), (prod("y", "y"), of1), known=known)
    second = linear("le", plus(prod("b", w), prod("f", u)), prod(x, u), (prod("y", "y"), w0), known=known)
    starts = (linear("le", prod(m, X(0)), prod(w, size), (prod("y", X(0)), wide), (w, ends[1]),
                     known=(w0, nonnegative(prod("y", X(0)), y, ends[0]))),
              linear("le", prod(m, Y(0)), prod(u, size), (Y(0), b), (prod(u, "y"), ends[0]),
                     known=(ends[1], nonnegative(prod(u, "y"), b, y, y2))))
    general = instantiated(two_rates(), {"t": 0}, g=to_x, e=over, r=real("b"), d=real("f"), w=w, u=u, x=x, m=m, s=size)
    inside = at_least("k", 1), at_least("T", "k")
    held = [for_all("k", inside, lambda low, high, row=row: at(row, "k", given=(low,))) for row in rows]
    rate0 = linear("le", 0, x, w0, f)
    return cut(general, first, second, *starts, *held, rate0, y2, nonnegative(size, *ends, y),
               nonnegative(to_x, a, ob), nonnegative(over, o, f))


@cache
def two_state_vanishing() -> Theorem:
    """X[k], Y[k] -> 0 if X[k] <= (a + o b) X[k-1] + o f Y[k-1], Y[k] <= b X[k-1] + f Y[k-1], o b < (1 - f)(1 - a), f < 1."""
    room, ob = prod(plus(1, neg("f")), plus(1, neg("a"))), prod("o", "b")
    gap = prod(HALF, plus(room, neg(ob)))
    criterion = assume(lt(ob, room))
    a, b, o, f = (assume(le(0, x)) for x in "abof")
    wide = linear("lt", 0, gap, (HALF, criterion))
    decay = cut(instantiated(two_state_decay(), {"T": "k"}, y=gap), wide, linear("le", plus(ob, prod(2, gap)), room))
    f1, half_a = linear("le", "f", 1, assume(lt("f", 1))), prod(HALF, "a")
    large = linear("le", 0, plus(1, neg(gap)), (HALF, nonnegative(ob, o, b)), (half_a, f1), (HALF, f),
                   known=(nonnegative(half_a, a),))
    small = use("LIM_POW", large, linear("lt", plus(1, neg(gap)), 1, wide))
    square = linear("lt", 0, prod(gap, gap), use("POW_POSITIVE", wide, k=2))
    return conjoin(*(_vanishes(part_of, left, square, small) for part_of, left in (
        (lambda low: part(cut(decay, low), 0), X), (lambda low: part(cut(decay, low), 1), Y))))


def _vanishes(decay: Callable[[Theorem], Theorem], left: Any, positive: Theorem, small: Theorem) -> Theorem:
    """left[k] -> 0 from m left[k] <= x^k c, 0 < m, x^k -> 0."""
    start = (at_least("k", 0),)
    never = assume(every("k", *start, le(0, left("k"))))
    m = positive.conclusion[2]
    def lower(low: Theorem) -> Theorem:
        return linear("le", 0, prod(m, left("k")), (m, at(never, "k", given=(low,))), known=(linear("le", 0, m, positive),))
    def upper(low: Theorem) -> Theorem:
        bound = decay(low)
        rate, *factors = bound.conclusion[2][1:]
        return linear("le", prod(m, left("k")), prod(prod(*factors), rate), bound)
    above = for_all("k", start, upper)
    scaled = use("LIM_SCALED", small, goal=limit("k", above.conclusion[2][2][2]))
    return use("LIM_UNSCALED", positive, use("LIM_SQUEEZE", for_all("k", start, lower), above, scaled))
