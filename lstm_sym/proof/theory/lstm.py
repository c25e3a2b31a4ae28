"""The LSTM by its own equations: when its gradients through both states vanish, and when it forgets where it started.

The bounds: i <= x_i, f <= x_f, o <= x_o, |c| <= C, |tanh(c)| <= y; then a = y/4 ||W_o|| and
b = C/4 ||W_f|| + 1/4 ||W_i|| + x_i ||W_g||, and the criterion is x_o b < (1 - x_f)(1 - a).
"""
from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from lstm_sym.proof.kernel import Theorem, assume, conjoin, part
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    add,
    always,
    at_least,
    call,
    derivative,
    every,
    had,
    le,
    mul,
    named,
    neg,
    norm,
    plus,
    prod,
    real,
    shift,
    within,
    zeros,
)
from lstm_sym.proof.tactics import (
    at,
    cut,
    for_all,
    instantiated,
    linear,
    nonnegative,
    rewritten,
    symmetric,
    use,
)
from lstm_sym.proof.theory.jacobians import lstm_blocks, lstm_tangent
from lstm_sym.proof.theory.rates import two_state_vanishing

GATES = {"i": "sigmoid", "f": "sigmoid", "o": "sigmoid", "g": "tanh"}
W = {k: named(f"W_{k}", "n", "n") for k in GATES}
QUARTER = Fraction(1, 4)


def _size(k: str) -> Term: return norm(W[k])
def family(name: str) -> Any: return lambda k: named(name, "n", 1, k)
def before(k: Index) -> Index: return shift(k, -1)
def from_(k0: int, p: Term) -> Theorem: return assume(every("k", at_least("k", k0), p))


a = prod("y", QUARTER, _size("o"))
b = plus(prod("C", QUARTER, _size("f")), prod(QUARTER, _size("i")), prod("x_i", _size("g")))
POSITIVE = {x: assume(le(0, x)) for x in ("x_i", "x_f", "x_o", "C", "y")}


@cache
def _criterion() -> Theorem:
    """X[k], Y[k] -> 0 for the bounds of an LSTM."""
    known = tuple(POSITIVE.values())
    return cut(instantiated(two_state_vanishing(), a=a, b=b, o=real("x_o"), f=real("x_f")), nonnegative(a, *known),
               nonnegative(b, *known), POSITIVE["x_o"], POSITIVE["x_f"])


def concluded(v: Any, z: Any, rows: Any) -> Theorem:
    """||v[k]|| -> 0 and ||z[k]|| -> 0 from both rows of bounds for every k >= 1.  rows: low -> (row of v, row of z)."""
    sizes: dict[str, Any] = {"X": (("k",), norm(v("k"))), "Y": (("k",), norm(z("k")))}
    start = (at_least("k", 1),)
    never = (for_all("k", (at_least("k", 0),), lambda low, e=e: use("NORM_NONNEG", A=e("k"), p="p")) for e in (v, z))
    together = for_all("k", start, lambda low: conjoin(*rows(low)))
    first, second = (for_all("k", start, lambda low, n=n: part(at(together, "k", given=(low,)), n)) for n in range(2))
    return cut(instantiated(_criterion(), **sizes), *never, first, second)


#  c[k] = f o c[k-1] + i o g,  h[k] = o o tanh(c[k]),  pre-activations W h[k-1] + u[k], weights and inputs fixed
#  d/de h[k] = v[k],  d/de c[k] = z[k];  by lstm-tangent and because a derivative is one:
#  v[k] = [dh/dc] z[k-1] + [dh/dh] v[k-1],  z[k] = [dc/dc] z[k-1] + [dc/dh] v[k-1];  norms by lstm-blocks
def lstm_vanishing() -> Theorem:
    """dh[k] -> 0 and dc[k] -> 0 for every change of the initial state of an LSTM if o b < (1 - f)(1 - a), f < 1, o <= 1.

    a = y/4 ||W_o||, b = C/4 ||W_f|| + 1/4 ||W_i|| + i ||W_g|| for gates at most i, f, o, |c| <= C, |tanh(c)| <= y.
    """
    h, c, v, z = map(family, "hcvz")
    pre, u = ({k: family(f"{x}_{k}") for k in GATES} for x in "au")
    gate = {k: call(GATES[k], pre[k]("k")) for k in GATES}
    model = {
        **{k: from_(1, always(pre[k]("k"), add(mul(W[k], h(before("k"))), u[k]("k")))) for k in GATES},
        "c": from_(1, always(c("k"), add(had(gate["f"], c(before("k"))), had(gate["i"], gate["g"])))),
        "h": from_(1, always(h("k"), had(gate["o"], call("tanh", c("k"))))),
    }
    weights = [assume(derivative(W[k], zeros("n", "n"))) for k in GATES]
    inputs = [from_(1, derivative(u[k]("k"), zeros("n"))) for k in GATES]
    moves = [from_(0, derivative(x("k"), dx("k"))) for x, dx in ((h, v), (c, z))]
    limits = [from_(1, within(gate[k], 0, f"x_{k}")) for k in "ifo"]
    states = from_(0, within(c("k"), neg("C"), "C")), from_(1, within(call("tanh", c("k")), neg("y"), "y"))
    here: dict[str, Any] = {f"{x}_{k}": family[k]("k") for x, family in (("a", pre), ("u", u)) for k in GATES}
    step = instantiated(lstm_tangent(), c=c("k"), c_0=c(before("k")), h=h("k"), h_0=h(before("k")), p=v(before("k")),
                        q=z(before("k")), **here)
    blocks = instantiated(lstm_blocks(), c=c(before("k")), theta=call("tanh", c("k")),
                          **{f"a_{k}": pre[k]("k") for k in GATES})

    def rows(low: Theorem) -> tuple[Theorem, Theorem]:
        def now(t: Theorem) -> Theorem: return at(t, "k", given=(low,))
        def earlier(t: Theorem) -> Theorem: return at(t, before("k"), given=(low,))
        moved = cut(step, *map(now, model.values()), *weights, *map(now, inputs), *map(earlier, moves))
        theta = use("WITHIN_TANH", A=c("k"))
        sizes = cut(blocks, *map(now, limits), earlier(states[0]), now(states[1]), theta)
        of_h, of_c = (_one_norm(use("D_UNIQUE", at(old, "k", given=(low,)), part(moved, n)), part(sizes, by_c), part(sizes, by_h))
                      for old, n, by_c, by_h in ((moves[0], 1, 2, 3), (moves[1], 0, 0, 1)))
        return row_bounds(of_h, of_c, v, z)

    return concluded(v, z, rows)


def _one_norm(equation: Theorem, *bounds: Theorem) -> Theorem:
    """||z|| <= a ||q|| + b ||p|| from z = A q + B p, ||A|| <= a, ||B|| <= b."""
    parts = equation.conclusion[2][2:]
    added = use("NORM_ADD", A=parts[0], C=parts[1], p="p")
    factors = [use("NORM_MUL", A=e[2], B=e[3], p="p") for e in parts]
    sizes = [(norm(e[3]), t) for e, t in zip(parts, bounds, strict=True)]
    total = plus(*(prod(t.conclusion[2], size) for size, t in sizes))
    return rewritten(symmetric(equation), linear("le", added.conclusion[1], total, added, *factors, *sizes))


def row_bounds(of_h: Theorem, of_c: Theorem, v: Any, z: Any) -> tuple[Theorem, Theorem]:
    """Both bounds with the factors of the criterion."""
    x, y = norm(v(before("k"))), norm(z(before("k")))
    return (linear("le", of_h.conclusion[1], plus(prod(plus(a, prod("x_o", b)), x), prod(prod("x_o", "x_f"), y)), of_h),
            linear("le", of_c.conclusion[1], plus(prod(b, x), prod("x_f", y)), of_c))
