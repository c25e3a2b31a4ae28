"""Bounds of the states of gated cells: the cell of an LSTM, the state of a GRU."""
from __future__ import annotations

from typing import Any

from lstm_sym.proof.kernel import Theorem, assume, part
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    add,
    at_least,
    between,
    both,
    call,
    eq,
    had,
    le,
    member,
    named,
    neg,
    ones,
    plus,
    prod,
    shift,
    sub,
    within,
)
from lstm_sym.proof.tactics import (
    at,
    linear,
    rewritten,
    symmetric,
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
