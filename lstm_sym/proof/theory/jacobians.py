"""One step of an LSTM or a GRU: its tangent, and the norms of the blocks of its Jacobian."""
from __future__ import annotations

from fractions import Fraction
from functools import cache

from lstm_sym.proof.bounds import bound, entry_range
from lstm_sym.proof.kernel import Theorem, assume, conjoin
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    add,
    always,
    call,
    derivative,
    diag,
    had,
    le,
    mul,
    named,
    neg,
    norm,
    ones,
    plus,
    prod,
    sub,
    within,
    zeros,
)
from lstm_sym.proof.tactics import identity, identity_in, linear, nonnegative, rewritten, use


def _lstm(theta: Term, before: Term) -> tuple[dict[str, Term], dict[str, Term], dict[str, Term]]:
    """The gates by their pre-activations, the recurrent matrices, and the blocks dc/dc, dc/dh, dh/dc, dh/dh of one step."""
    gates = {k: call("tanh" if k == "g" else "sigmoid", named(f"a_{k}", "n")) for k in "ifog"}
    W = {k: named(f"W_{k}", "n", "n") for k in gates}
    i, f, o, g = gates.values()
    di, df, do = (had(gate, sub(ones("n"), gate)) for gate in (i, f, o))
    dg = sub(ones("n"), had(g, g))
    to_cell = add(mul(diag(had(before, df)), W["f"]), mul(diag(had(g, di)), W["i"]), mul(diag(had(i, dg)), W["g"]))
    through = diag(had(o, sub(ones("n"), had(theta, theta))))
    blocks = {"cc": diag(f), "ch": to_cell, "hc": mul(through, diag(f)),
              "hh": add(mul(diag(had(theta, do)), W["o"]), mul(through, to_cell))}
    return gates, W, blocks


@cache
def lstm_tangent() -> Theorem:
    """One LSTM step moves by the blocks: c. = [dc/dc] q + [dc/dh] p, h. = [dh/dc] q + [dh/dh] p, q, p the moves before."""
    c, h, before, state, q, p = (named(k, "n") for k in ("c", "h", "c_0", "h_0", "q", "p"))
    theta = call("tanh", c)
    gates, W, blocks = _lstm(theta, before)
    moves = assume(derivative(before, q)), assume(derivative(state, p))
    rules = {}
    for k, gate in gates.items():
        fixed, offset = named(f"u_{k}", "n"), zeros("n")
        model = assume(always(gate[3], add(mul(W[k], state), fixed)))
        still = assume(derivative(W[k], zeros("n", "n"))), assume(derivative(fixed, offset))
        moved = use("D_ADD", use("D_MUL", still[0], moves[1]), still[1])
        one = use("D_EQUAL", model, rewritten(identity(moved.conclusion[2], mul(W[k], p)), moved))
        rules[k] = use("D_TANH" if k == "g" else "D_SIGMOID", one)
    i, f, o, g = gates.values()
    kept = use("D_ADD", use("D_HAD", rules["f"], moves[0]), use("D_HAD", rules["i"], rules["g"]))
    of_c = use("D_EQUAL", assume(always(c, add(had(f, before), had(i, g)))), kept)
    of_c = rewritten(identity(of_c.conclusion[2], add(mul(blocks["cc"], q), mul(blocks["ch"], p))), of_c)
    of_h = use("D_EQUAL", assume(always(h, had(o, theta))), use("D_HAD", rules["o"], use("D_TANH", of_c)))
    whole = add(mul(blocks["hc"], q), mul(blocks["hh"], p))
    of_h = rewritten(identity_in(of_h.conclusion[2], whole, A=blocks["cc"], B=blocks["ch"], x=theta, y=o), of_h)
    return conjoin(of_c, of_h)


@cache
def lstm_blocks() -> Theorem:
    """Norms of dc/dc, dc/dh, dh/dc, dh/dh of one LSTM step with i, f, o = sigma(a), g = tanh(a_g), gates at most x_i, x_f, x_o.

    |c[t-1]| <= C and |tanh(c)| <= y: at most f, b, o f, a + o b with b = C/4 ||W_f|| + 1/4 ||W_i|| + i ||W_g||, a = y/4 ||W_o||.
    """
    c, theta = named("c", "n"), named("theta", "n")
    gates, _, blocks = _lstm(theta, c)
    positive = tuple(assume(le(0, x)) for x in ("x_i", "x_f", "x_o", "C", "y"))
    limits = tuple(assume(within(gates[k], 0, f"x_{k}")) for k in "ifo")
    states = assume(within(c, neg("C"), "C")), assume(within(theta, neg("y"), "y"))
    slopes = (entry_range(had(gates[k], sub(ones("n"), gates[k]))) for k in "ifo")
    flat = entry_range(sub(ones("n"), had(theta, theta)), (assume(within(theta, -1, 1)),))
    known = (*limits, *states, *slopes, flat, *positive)
    return conjoin(*(bound(b, "p", known) for b in blocks.values()))


@cache
def gru_jacobian() -> Theorem:
    """||J v|| <= (x + (1 - x) K + 1/2 ||W_z||) s in the infinity norm, J v = z o v + (1 - z) o w + ((h - g) o z') o (W_z v).

    0 <= z <= x <= 1, |v| <= s, and the candidate moves by w with |w| <= K s, K <= 1 (gru-candidate); |h|, |g| <= 1.
    """
    h, g, v, w = (named(k, "n") for k in "hgvw")
    gate, Wz = call("sigmoid", named("a_z", "n")), named("W_z", "n", "n")
    small, *positive = (assume(p) for p in (le("x", 1), le(0, "x"), le(0, "s"), le(0, "K")))
    K, rest = assume(le("K", 1)), linear("le", 0, plus(1, neg("x")), small)
    ranges = [assume(p) for p in (within(gate, 0, "x"), within(v, neg("s"), "s"), within(w, neg(prod("K", "s")), prod("K", "s")))]
    top = plus(prod("x", "s"), prod(plus(1, neg("x")), prod("K", "s")))
    shorter = linear("le", prod("K", "s"), "s", ("s", K), known=tuple(positive))
    mixed = use("WITHIN_MIX", small, shorter, linear("le", top, top), *ranges)
    states = [assume(within(e, -1, 1)) for e in (h, g)]
    slope = entry_range(had(gate, sub(ones("n"), gate)))
    turned = bound(had(sub(h, g), had(slope.conclusion[1], mul(Wz, v))), "inf", (*states, slope))
    column = use("NORM_COLUMN_INF", nonnegative(top, *positive, rest), mixed)
    speed = use("NORM_COLUMN_INF", positive[1], ranges[1])
    half = prod(Fraction(1, 2), norm(Wz, "inf"))
    added = use("NORM_ADD", A=mixed.conclusion[1], C=turned.conclusion[1][2], p="inf")
    total = prod(plus("x", prod(plus(1, neg("x")), "K"), half), "s")
    return linear("le", added.conclusion[1], total, added, column, turned, (half, speed))


def gru_candidate() -> Theorem:
    """||diag(1 - g^2) W_g (diag(r) + diag(h o r') W_r)|| <= ||W_g|| (x + 1/4 ||W_r||) for r <= x, |h| <= 1: K of a GRU."""
    reset, g = call("sigmoid", named("a_r", "n")), call("tanh", named("a_g", "n"))
    h, Wg, Wr = named("h", "n"), named("W_g", "n", "n"), named("W_r", "n", "n")
    slope = had(reset, sub(ones("n"), reset))
    moves = mul(diag(sub(ones("n"), had(g, g))), mul(Wg, add(diag(reset), mul(diag(had(h, slope)), Wr))))
    known = assume(within(reset, 0, "x")), assume(le(0, "x")), assume(within(h, -1, 1)), entry_range(slope)
    return bound(moves, "p", known)
