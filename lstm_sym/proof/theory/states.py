"""Bounds of the states of gated cells: the cell of an LSTM, the state of a GRU."""
from __future__ import annotations

from functools import cache
from typing import Any

from lstm_sym.expr.affine import minus
from lstm_sym.proof.kernel import Theorem, assume, compute, conjoin, part
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    add,
    at_least,
    between,
    both,
    call,
    entry,
    eq,
    had,
    index,
    le,
    member,
    named,
    neg,
    ones,
    plus,
    prod,
    real,
    shift,
    sub,
    table,
    total,
    within,
    zeros,
)
from lstm_sym.proof.tactics import (
    at,
    chain,
    chain_in,
    condition,
    cut,
    for_all,
    instantiated,
    linear,
    rewritten,
    symmetric,
    unfolded,
    upward,
    use,
)

FROM_0 = ("k", 1, "T")


def _family(name: str) -> Any: return lambda t: named(name, "n", 1, t)
def _before(t: Index) -> Index: return shift(t, -1)


def cell_state() -> Theorem:
    """|c[T]| <= B[T] for c[k] = f[k] o c[k-1] + w[k], 0 <= f <= x, |w| <= y, where x B[k-1] + y <= B[k]."""
    c, f, w = map(_family, "cfw")
    def B(k: Index) -> Term: return member("B", k)
    model = assume(between(*FROM_0, eq(c("k"), add(had(f("k"), c(_before("k"))), w("k")))))
    gates, writes = (assume(between(*FROM_0, p)) for p in (within(f("k"), 0, "x"), within(w("k"), neg("y"), "y")))
    grows = assume(between(*FROM_0, both(le(plus(prod("x", B(_before("k"))), "y"), B("k")), le(0, B(_before("k"))))))
    positive, start = assume(le(0, "x")), assume(within(c(0), neg(B(0)), B(0)))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        s = shift("k", 1)
        gate, write, room, equation = (at(t, s, given=(above, below)) for t in (gates, writes, grows, model))
        wide = use("WITHIN_WIDEN", linear("le", neg("x"), 0, positive), linear("le", "x", "x"), gate)
        inside = use("WITHIN_ADD", use("WITHIN_HAD_ABS", positive, part(room, 1), wide, known), write)
        enough = part(room, 0)
        held = use("WITHIN_WIDEN", linear("le", neg(B(s)), inside.conclusion[2], enough),
                   linear("le", inside.conclusion[3], B(s), enough), inside)
        return rewritten(symmetric(equation), held)

    claim = within(c("k"), neg(B("k")), B("k"))
    return at(upward("k", 0, "T", claim, start, step), "T", given=(assume(at_least("T", 0)),))


UNIT = table([[1]])


def count(high: Index) -> Term:
    """The number of steps up to `high`, as a real: 1 + ... + 1."""
    return entry(total("k", 1, high, UNIT))


def one_more(before: Index, above: Theorem) -> Theorem:
    """One step more counts 1 more.  above: there are no fewer than no steps before."""
    last = use("SUM_LAST", above, h=shift(before, 1), l=1, F=(("k",), UNIT))
    opened = chain(unfolded(count(shift(before, 1)), last), use("ENTRY_ADD", A=last.conclusion[2][2], B=UNIT))
    return chain_in(opened, use("ENTRY_NUMBER", x=1))


def none_yet() -> Theorem:
    """No step counts 0."""
    empty = chain(use("SUM_EMPTY", h=0, F=(("k",), UNIT)), compute("EVALUATE", (zeros(1), table([[0]]))))
    return chain_in(unfolded(count(0), empty), use("ENTRY_NUMBER", x=0))


@cache
def lstm_cell_state() -> Theorem:
    """|c[T]| <= C + T for c[k] = sigma(a_f) o c[k-1] + sigma(a_i) o tanh(a_g), |c[0]| <= C: a step adds no more than 1."""
    def kept(k: Index) -> Term: return call("sigmoid", named("a_f", "n", 1, k))
    def written(k: Index) -> Term: return had(call("sigmoid", named("a_i", "n", 1, k)), call("tanh", named("a_g", "n", 1, k)))
    def reached(k: Index) -> Term: return plus("C", count(k))
    some, unit, none = assume(le(0, "C")), linear("le", 0, 1), none_yet()
    counted = upward("k", 0, "T", le(0, count("k")), linear("le", 0, count(0), (-1, none)),
                     lambda above, below, known: linear("le", 0, count(shift("k", 1)), known, (-1, one_more("k", above))))

    def gate(above: Theorem, below: Theorem) -> Theorem: return use("WITHIN_SIGMOID", A=kept("k")[3])
    def write(above: Theorem, below: Theorem) -> Theorem:
        i, g = (symmetric_range(use(f"WITHIN_{e[2][0].upper()}", A=e[3])) for e in written("k")[2:])
        held = use("WITHIN_HAD_ABS", unit, unit, i, g)
        return use("WITHIN_WIDEN", linear("le", neg(1), held.conclusion[2]), linear("le", held.conclusion[3], 1), held)

    def room(above: Theorem, below: Theorem) -> Theorem:
        before = _before("k")
        more = one_more(before, condition(minus(index("k"), index(1)), above))
        enough = linear("le", plus(prod(1, reached(before)), 1), reached("k"), (-1, more))
        return conjoin(enough, linear("le", 0, reached(before), some, at(counted, before, given=(above, below))))

    f, w, B = ((("k",), body("k")) for body in (kept, written, reached))
    general = instantiated(cell_state(), x=real(1), y=real(1), f=f, w=w, B=B)
    ends = linear("le", neg(reached(0)), neg("C"), (-1, none)), linear("le", "C", reached(0), (-1, none))
    start = use("WITHIN_WIDEN", *ends, assume(within(named("c", "n", 1, 0), neg("C"), "C")))
    running = at_least("k", 1), at_least("T", "k")
    return cut(general, *(for_all("k", running, p) for p in (gate, write, room)), unit, start)


def gru_state() -> Theorem:
    """|h[T]| <= 1 for h[k] = z[k] o h[k-1] + (1 - z[k]) o tanh(a[k]), 0 <= z <= 1, if |h[0]| <= 1."""
    h, z, a = map(_family, "hza")
    def mixed(k: Index) -> Term: return add(had(z(k), h(_before(k))), had(sub(ones("n"), z(k)), call("tanh", a(k))))
    model = assume(between(*FROM_0, eq(h("k"), mixed("k"))))
    gates, start = assume(between(*FROM_0, within(z("k"), 0, 1))), assume(within(h(0), -1, 1))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        s = shift("k", 1)
        one, enough = linear("le", 1, 1), linear("le", plus(prod(1, 1), prod(plus(1, neg(1)), 1)), 1)
        new = use("WITHIN_TANH", A=a(s))
        gate = at(gates, s, given=(above, below))
        held = use("WITHIN_MIX", one, one, enough, gate, symmetric_range(known), symmetric_range(new))
        return rewritten(symmetric(at(model, s, given=(above, below))), plain_range(held))

    claim = within(h("k"), -1, 1)
    return at(upward("k", 0, "T", claim, start, step), "T", given=(assume(at_least("T", 0)),))


def symmetric_range(inside: Theorem) -> Theorem:
    """-1 * x <= A <= x from -x <= A <= x, x a number: the rules write -x as a product."""
    _, _, low, high = inside.conclusion
    return use("WITHIN_WIDEN", linear("le", prod(-1, high), low), linear("le", high, high), inside)


def plain_range(inside: Theorem) -> Theorem:
    """The same range with its lower end as one number."""
    _, _, low, high = inside.conclusion
    return use("WITHIN_WIDEN", linear("le", neg(high), low), linear("le", high, high), inside)
