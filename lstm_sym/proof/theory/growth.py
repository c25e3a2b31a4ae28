"""How a gradient grows: the powers of a Jacobian J with J J = x J, and of one that keeps a cone of the plane."""
from __future__ import annotations

from fractions import Fraction
from functools import cache

from lstm_sym.proof.kernel import Theorem, assume, compute, conjoin, part
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    absolute,
    add,
    at_least,
    both,
    descending,
    entry,
    eq,
    eye,
    index,
    le,
    lt,
    mul,
    named,
    norm,
    plus,
    power,
    prod,
    real,
    same,
    scaled,
    shift,
    table,
)
from lstm_sym.proof.tactics import (
    at,
    chain,
    condition,
    cut,
    for_all,
    identity,
    instantiated,
    linear,
    rewritten,
    symmetric,
    unfolded,
    upward,
    use,
)

J = named("J", "n", "n")
Rows = tuple[tuple[Fraction, ...], ...]


def powers(a: Term, high: Index) -> Term:
    """A ... A, `high` times."""
    return descending("i", 1, high, a)


@cache
def rank_one_growth() -> Theorem:
    """||J^(k+1)|| -> infinity if J J = x J, |x| > 1 and J is not 0: then J^(k+1) = x^k J."""
    square, large = assume(eq(mul(J, J), scaled("x", J))), assume(lt(1, absolute("x")))
    positive, not_zero = assume(lt(0, "c")), assume(le("c", norm(J)))
    def claim(k: Index) -> Term: return eq(powers(J, shift(k, 1)), scaled(power("x", k), J))
    def last(k: Index, low: Theorem) -> Theorem: return use("DESCENDING_LAST", low, goal=eq(powers(J, k), J))
    empty = use("DESCENDING_EMPTY", h=0, F=(("i",), J))
    one = unfolded(powers(J, 1), last(index(1), condition(index(0))), empty)
    unit = linear("same", 1, power("x", 0))
    base = chain(one, identity(mul(J, eye("n")), J), symmetric(rewritten(unit, use("SCALED_ONE", A=J))))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        opened = unfolded(powers(J, shift("k", 2)), last(shift("k", 2), condition(shift("k", 1), above)), known)
        moved = use("SCALED_MUL", goal=eq(opened.conclusion[2], J))
        twice = use("SCALED_SCALED", x=power("x", "k"), y=real("x"), A=J)
        same = linear("same", prod(power("x", "k"), "x"), power("x", shift("k", 1)), (-1, use("POW_STEP", above, x=real("x"))))
        return chain(opened, moved, unfolded(moved.conclusion[2], square, twice, same))

    every_k = upward("k", 0, "K", claim("k"), base, step)

    def bounded(low: Theorem) -> Theorem:
        law, rate = at(every_k, "K", given=(low,)), power(absolute("x"), "K")
        size = rewritten(use("ABS_POW", x=real("x"), k="K"), use("NORM_SCALED", x=power("x", "K"), A=J, p="p"))
        rate_positive = use("POW_NONNEG", linear("le", 0, absolute("x"), large), k="K", x=absolute("x"))
        return linear("le", prod("c", rate), norm(law.conclusion[1]), (-1, rewritten(symmetric(law), size)), (rate, not_zero),
                      known=(rate_positive,))

    below = for_all("K", (at_least("K", 0),), bounded)
    return use("INF_LE", below, use("INF_SCALED", positive, use("INF_POW", large)))


def grows(jacobian: Term, rate: Fraction, large: tuple[int, int]) -> Theorem:
    """||J^(k+1)|| -> infinity for a table J with J J = rate J, |rate| > 1, and one positive entry of J."""
    return grows_by(jacobian, rate, jacobian[2][large[0]][large[1]], below_norm(jacobian, large))


def grows_by(jacobian: Term, rate: Fraction, c: Term, not_zero: Theorem) -> Theorem:
    """||J^(k+1)|| -> infinity from c <= ||J||, c a positive number."""
    general = instantiated(rank_one_growth(), {"n": jacobian[1][0]}, J=jacobian, x=("num", rate), c=c)
    square = compute("EVALUATE", (mul(jacobian, jacobian), scaled(rate, jacobian)))
    size = size_of(rate)
    return cut(general, square, linear("lt", 1, absolute(rate), (-1, size)), linear("lt", 0, c), not_zero)


def size_of(x: Fraction) -> Theorem:
    """|x| = x or |x| = -x of a number."""
    positive = use("ABS_POSITIVE", linear("le", 0, abs(x)))
    if x >= 0:
        return positive
    turned = rewritten(linear("same", prod(-1, -x), x), use("ABS_NEG", x=real(-x)))
    return linear("same", absolute(x), -x, turned, positive)


def below_norm(a: Term, place: tuple[int, int]) -> Theorem:
    """A_ij <= ||A|| for an entry of a table."""
    inside = use("WITHIN_NORM", linear("le", norm(a), norm(a)))
    return compute("TABLE_ENTRY", (a, *inside.conclusion[2:], *place), inside)


def grows_in_a_cone(rows: Rows, rate: Fraction, width: Fraction) -> Theorem:
    """||J^k|| -> infinity, rate > 1: J keeps the cone |y| <= width x of the plane and multiplies x there by at least rate."""
    a, R, S, V = table(rows), table([[1, 0]]), table([[0, 1]]), table([[1], [0]])
    general = instantiated(_cone(rows, rate, width), {"n": 2}, J=a, R=R, S=S, V=V)
    splits = (compute("EVALUATE", (mul(unit, a), _split(row, R, S))) for unit, row in zip((R, S), rows, strict=True))
    return cut(general, *splits, _value_of(mul(R, V), 1), _value_of(mul(S, V), 0))


def _split(row: tuple[Fraction, ...], R: Term, S: Term) -> Term:
    return add(*(mul(table([[x]]), unit) for x, unit in zip(row, (R, S), strict=True)))


def _value_of(e: Term, value: int) -> Theorem:
    """The entry of an expression of tables that is the number `value`."""
    return unfolded(entry(e), compute("EVALUATE", (e, table([[value]]))), use("ENTRY_NUMBER", x=real(value)))


_R, _S, _V = named("R", 1, "n"), named("S", 1, "n"), named("V", "n")


def _cone(rows: Rows, rate: Fraction, width: Fraction) -> Theorem:
    """For x = R J^k V and y = S J^k V with R J = a R + b S, S J = c R + d S: rate^k <= x and |y| <= width x.

    a x + b y >= rate x and width (a x + b y) -+ (c x + d y) >= 0 on the cone, by linear arithmetic in x and y.
    """
    units, ((e, f), (g, h)) = (_R, _S), rows
    splits = [assume(eq(mul(unit, J), _split(row, _R, _S))) for unit, row in zip(units, rows, strict=True)]
    starts = [assume(same(entry(mul(unit, _V)), value)) for unit, value in ((_R, 1), (_S, 0))]
    def seen(n: int, k: Index) -> Term: return entry(mul(units[n], mul(powers(J, k), _V)))
    def claim(k: Index) -> Term:
        x, y = seen(0, k), seen(1, k)
        return both(le(power(rate, k), x), le(y, prod(width, x)), le(prod(-width, x), y))

    empty = use("DESCENDING_EMPTY", h=0, F=(("i",), J))
    unit = [identity(mul(u, mul(eye("n"), _V)), mul(u, _V)) for u in units]
    x0, y0 = (unfolded(seen(n, 0), empty, unit[n], starts[n]) for n in range(2))
    base = conjoin(linear("le", power(rate, 0), seen(0, 0), (-1, x0)),
                   linear("le", seen(1, 0), prod(width, seen(0, 0)), y0, (-width, x0)),
                   linear("le", prod(-width, seen(0, 0)), seen(1, 0), (-width, x0), (-1, y0)))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        large, upper, lower = (part(known, n) for n in range(3))
        low = linear("le", 0, seen(0, "k"), use("POW_NONNEG", linear("le", 0, rate), k="k", x=("num", rate)), large)
        last = use("DESCENDING_LAST", condition(index("k"), above), goal=eq(powers(J, shift("k", 1)), J))
        x, y = (_combined(units[n], rows[n], splits[n], last) for n in range(2))

        def in_cone(p: Fraction, q: Fraction) -> Theorem:                                    # 0 <= p x + q y
            return linear("le", 0, plus(prod(p, seen(0, "k")), prod(q, seen(1, "k"))), (abs(q), lower if q >= 0 else upper),
                          (p - abs(q) * width, low))

        grown, over, under = in_cone(e - rate, f), in_cone(width * e - g, width * f - h), in_cone(width * e + g, width * f + h)
        after = seen(0, shift("k", 1)), seen(1, shift("k", 1))
        power_law = use("POW_STEP", above, x=("num", rate))
        return conjoin(linear("le", power(rate, shift("k", 1)), after[0], power_law, (rate, large), grown, (-1, x)),
                       linear("le", after[1], prod(width, after[0]), over, y, (-width, x)),
                       linear("le", prod(-width, after[0]), after[1], under, (-1, y), (-width, x)))

    return _unbounded(upward("k", 0, "K", claim("k"), base, step), rate)


@cache
def _grouped() -> tuple[Theorem, Theorem]:
    """R ((J P) V) = (R J) (P V); (A R + B S) V = A (R V) + B (S V)."""
    A, B, M = named("A", 1), named("B", 1), named("M", "n", "n")
    return (identity(mul(_R, mul(mul(J, M), _V)), mul(mul(_R, J), mul(M, _V))),
            identity(mul(add(mul(A, _R), mul(B, _S)), _V), add(mul(A, mul(_R, _V)), mul(B, mul(_S, _V)))))


def _combined(unit: Term, row: tuple[Fraction, ...], split: Theorem, last: Theorem) -> Theorem:
    """entry(unit (J (J^k V))) = a entry(R (J^k V)) + b entry(S (J^k V)) for unit J = a R + b S."""
    grouped, spread = _grouped()
    before = last.conclusion[2][3]
    regrouped = instantiated(grouped, R=unit, M=before)
    parted = instantiated(spread, A=table([[row[0]]]), B=table([[row[1]]]), V=mul(before, _V))
    whole = unfolded(mul(unit, mul(last.conclusion[1], _V)), last, regrouped, split, parted)
    parts = whole.conclusion[2][2:]
    values = [use("ENTRY_MUL", A=p[2], B=p[3]) for p in parts]
    return unfolded(entry(whole.conclusion[1]), whole, use("ENTRY_ADD", A=parts[0], B=parts[1]), *values,
                    *(use("ENTRY_NUMBER", x=real(x)) for x in row))


def _unbounded(every_k: Theorem, rate: Fraction) -> Theorem:
    """||J^K|| -> infinity from rate^K <= R J^K V: the norms of R and V are positive, whatever they are."""
    ends, product = prod(norm(_R), norm(_V)), powers(J, "K")
    x = mul(_R, mul(product, _V))

    def below(low: Theorem) -> Theorem:
        large = part(at(every_k, "K", given=(low,)), 0)
        sized = linear("le", entry(x), norm(x), use("LE_ABS", x=entry(x)), (-1, use("NORM_SCALAR", A=x, p="p")))
        outer, inner = use("NORM_MUL", A=_R, B=mul(product, _V), p="p"), use("NORM_MUL", A=product, B=_V, p="p")
        return linear("le", power(rate, "K"), prod(ends, norm(product)), large, sized, outer, (norm(_R), inner))

    bounded = for_all("K", (at_least("K", 0),), below)
    first = at(bounded, 0, given=(condition(index(0)),))
    unit = rewritten(symmetric(use("DESCENDING_EMPTY", h=0, F=(("i",), J))), use("NORM_EYE", n="n", p="p"))
    growing = use("INF_LE", bounded, use("INF_POW", linear("lt", 1, rate)))
    return use("INF_UNSCALED", linear("lt", 0, ends, first, (ends, unit)), growing)
