"""What a state remembers: fading memory, memory that is kept, and gradients that cannot vanish."""
from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from lstm_sym.expr.affine import minus
from lstm_sym.proof.kernel import Theorem, assume, compute, conjoin
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    add,
    at_least,
    between,
    call,
    eq,
    every,
    eye,
    index,
    le,
    log,
    lt,
    mul,
    named,
    norm,
    power,
    prod,
    shift,
    sub,
    table,
    within,
)
from lstm_sym.proof.tactics import (
    at,
    chain,
    column_low,
    condition,
    cut,
    for_all,
    identity,
    instance,
    instantiated,
    linear,
    nonnegative,
    rewritten,
    symmetric,
    unfolded,
    upward,
    use,
)
from lstm_sym.proof.theory.rnn import W, jacobian, slope, step_jacobian

STEPS = ("k", shift("t", 1), "T")


def h(t: Index) -> Term: return named("h", "n", 1, t)
def y(t: Index) -> Term: return named("y", "n", 1, t)
def v(t: Index) -> Term: return named("v", "n", 1, t)
def _moved(state: Any, t: Index) -> Term: return add(mul(W, state(shift(t, -1))), v(t))


def _fading(function: str, rate: Fraction) -> Theorem:
    """Two runs with the same inputs come closer: one step by the slope of the function, then induction."""
    models = [assume(between(*STEPS, eq(state("k"), call(function, _moved(state, "k"))))) for state in (h, y)]
    x = prod(rate, norm(W))
    def apart(t: Index) -> Term: return sub(h(t), y(t))
    claim = le(norm(apart("s")), prod(power(x, minus(index("s"), index("t"))), norm(apart("t"))))
    base = linear("le", *instance(claim, {"s": "t"})[1:])

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        s = shift("s", 1)
        after = unfolded(apart(s), *(at(m, s, given=(above, below)) for m in models))
        a, b = (_moved(state, s) for state in (h, y))
        closer = use(f"LIPSCHITZ_{function.upper()}", u=a, v=b, p="p")
        one = rewritten(symmetric(after), rewritten(identity(sub(a, b), mul(W, apart("s"))), closer))
        whole = use("NORM_MUL", A=W, B=apart("s"), p="p")
        power_law = use("POW_STEP", condition(minus(index("s"), index("t")), above), x=x)
        return linear("le", *instance(claim, {"s": s})[1:], (rate, one), (rate, whole), (x, known),
                      (prod(-1, norm(apart("t"))), power_law))

    return at(upward("s", "t", "T", claim, base, step), "T", given=(assume(at_least("T", "t")),))


def fading_memory() -> Theorem:
    """||h[T] - y[T]|| <= ||W||^(T - t) ||h[t] - y[t]|| for two runs of a tanh net with the same inputs."""
    return rewritten(linear("same", prod(1, norm(W)), norm(W)), _fading("tanh", Fraction(1)))


def fading_memory_sigmoid() -> Theorem:
    """||h[T] - y[T]|| <= (||W|| / 4)^(T - t) ||h[t] - y[t]|| for two runs of a logistic net with the same inputs."""
    return _fading("sigmoid", Fraction(1, 4))


def memory_kept() -> Theorem:
    """h[k] = h[k-1] + x[k] forgets nothing: two runs with the same inputs stay as far apart as they were, for every T."""
    models = [assume(between(*STEPS, eq(state("k"), add(state(shift("k", -1)), v("k"))))) for state in (h, y)]
    def apart(t: Index) -> Term: return sub(h(t), y(t))
    claim = eq(apart("s"), apart("t"))
    base = use("EQ_SAME", A=apart("t"))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        s = shift("s", 1)
        after = unfolded(apart(s), *(at(m, s, given=(above, below)) for m in models))
        return chain(after, identity(after.conclusion[2], apart("s")), known)

    return at(upward("s", "t", "T", claim, base, step), "T", given=(assume(at_least("T", "t")),))


def latch() -> Theorem:
    """h[k] = tanh(w h[k-1]) with w = 5/3 ln 2 keeps the sign of h[0] = 3/5 or -3/5 for ever, and dh[k]/dh[k-1] = 16/15 ln 2."""
    w = table([[prod(Fraction(5, 3), log(2))]])
    kept = conjoin(*(_kept(name, value, w) for name, value in (("h", Fraction(3, 5)), ("y", Fraction(-3, 5)))))
    state = table([[Fraction(3, 5)]])
    rate = mul(sub(("ones", state[1]), ("hadamard", state[1], state, state)), w)
    return conjoin(kept, compute("EVALUATE", (rate, table([[prod(Fraction(16, 15), log(2))]]))))


def _kept(name: str, value: Fraction, w: Term) -> Theorem:
    def state(k: Index) -> Term: return named(name, 1, 1, k)
    number = table([[value]])
    start = assume(eq(state(0), number))
    model = assume(every("k", at_least("k", 1), eq(state("k"), call("tanh", mul(w, state(shift("k", -1)))))))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        after = unfolded(state(shift("k", 1)), at(model, shift("k", 1), given=(above,)), known)
        return chain(after, compute("EVALUATE", (after.conclusion[2], number)))

    return at(upward("k", 0, "T", eq(state("k"), number), start, step), "T", given=(assume(at_least("T", 0)),))


# --- gradients that cannot vanish ---------------------------------------------------------------------------

R, g = named("R", "n", "n"), named("g", "n")
LEFT_INVERSE = eq(mul(R, W), eye("n")), le(0, "c"), le(prod("c", norm(R)), 1)


@cache
def lower_bound() -> Theorem:
    """(d c)^(T - t) ||g|| <= ||(dh[T]/dh[t]) g|| for slopes >= d >= 0 and R W = I, c ||R|| <= 1: c <= sigma_min(W)."""
    inverse, c_positive, small = map(assume, LEFT_INVERSE)
    d_positive = assume(le(0, "d"))
    bounded = assume(between(*STEPS, within(slope("k"), "d", "x")))
    rate = prod("d", "c")
    def moved(s: Index) -> Term: return mul(jacobian("t", s), g)
    claim = le(prod(power(rate, minus(index("s"), index("t"))), norm(g)), norm(moved("s")))
    empty = use("DESCENDING_EMPTY", h="t", F=(("k",), step_jacobian("k")))
    start = unfolded(moved("t"), empty, identity(mul(eye("n"), g), g))
    same = unfolded(norm(moved("t")), start)
    base = linear("le", *instance(claim, {"s": "t"})[1:], (-1, same))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        s, before = shift("s", 1), moved("s")
        back = chain(identity(mul(R, mul(W, before)), mul(mul(R, W), before)), unfolded(mul(mul(R, W), before), inverse,
                                                                                      identity(mul(eye("n"), before), before)))
        kept = rewritten(back, use("NORM_MUL", A=R, B=mul(W, before), p="p"))
        one = column_low(d_positive, at(bounded, s, given=(above, below)), mul(W, before))
        last = use("DESCENDING_LAST", condition(minus(index("s"), index("t")), above), goal=eq(jacobian("t", s), W))
        opened = unfolded(moved(s), last)
        whole = chain(opened, identity(opened.conclusion[2], mul(_diag(s), mul(W, before))))
        size, power_law = unfolded(norm(moved(s)), whole), use("POW_STEP", above, x=rate)
        nonneg = nonnegative(prod("d", norm(mul(W, before))), d_positive)
        return linear("le", *instance(claim, {"s": s})[1:], (norm(g), power_law), (rate, known), (prod("d", "c"), kept),
                      (prod("d", norm(mul(W, before))), small), one, (-1, size), known=(d_positive, c_positive, nonneg))

    return at(upward("s", "t", "T", claim, base, step), "T", given=(assume(at_least("T", "t")),))


def _diag(s: Index) -> Term:
    return step_jacobian(s)[2]


def explosion() -> Theorem:
    """||(dh[k]/dh[0]) g|| -> infinity if slopes >= d, R W = I, c ||R|| <= 1 and d c > 1: every direction grows."""
    bounded = assume(every("k", at_least("k", 1), within(slope("k"), "d", "x")))
    bound = instantiated(lower_bound(), {"t": 0, "T": "k"})

    def one(low: Theorem) -> Theorem:
        inside = for_all("s", (at_least("s", 1), at_least("k", "s")), lambda a, b: at(bounded, "s", given=(a,)))
        result = cut(bound, inside, low)
        return linear("le", prod(norm(g), power(prod("d", "c"), "k")), result.conclusion[2], result)

    below = for_all("k", (at_least("k", 0),), one)
    growing = use("INF_SCALED", assume(lt(0, norm(g))), use("INF_POW", assume(lt(1, prod("d", "c")))))
    return use("INF_LE", below, growing)
