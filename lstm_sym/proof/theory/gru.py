"""One step of a GRU whose reset gate acts after the recurrent product: the norm of its Jacobian.

q = W_g h + d,  g = tanh(U x + b + r o q),  and dg/dh = M = diag(1 - g^2) (diag(r) W_g + diag(q o r') W_r).
Source: the cell `gru-after`; with the reset before the product the candidate's bound is another (`jacobians.gru_candidate`).
"""
from __future__ import annotations

from fractions import Fraction
from functools import cache

from lstm_sym.proof.bounds import bound, entry_range
from lstm_sym.proof.kernel import Theorem, assume
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import add, call, diag, had, le, mul, named, neg, norm, ones, plus, prod, real, sub, within
from lstm_sym.proof.tactics import cut, instantiated, linear, nonnegative, use
from lstm_sym.proof.theory.jacobians import gru_jacobian
from lstm_sym.proof.theory.states import symmetric_range

h, v, d = (named(k, "n") for k in ("h", "v", "d_g"))
Wg, Wr = (named(f"W_{k}", "n", "n") for k in "gr")
reset = call("sigmoid", named("a_r", "n"))
product = add(mul(Wg, h), d)                                 # q
g = call("tanh", named("a_g", "n"))                          # a_g = U x + b + r o q


def _size(e: Term) -> Term: return norm(e, "inf")


@cache
def gru_after_candidate() -> Theorem:
    """||M|| <= ||W_g|| x + 1/4 (||W_g|| + ||d||) ||W_r|| in the infinity norm for r <= x, |h| <= 1: K of a GRU, reset after."""
    slope = entry_range(had(reset, sub(ones("n"), reset)))
    moves = mul(diag(sub(ones("n"), had(g, g))), add(mul(diag(reset), Wg), mul(diag(had(product, slope.conclusion[1])), Wr)))
    column = use("NORM_COLUMN_INF", linear("le", 0, 1), symmetric_range(assume(within(h, -1, 1))))
    most = plus(_size(Wg), _size(d))
    reached = linear("le", _size(product), most, use("NORM_ADD", A=mul(Wg, h), C=d, p="inf"),
                     use("NORM_MUL", A=Wg, B=h, p="inf"), (_size(Wg), column))
    known = use("WITHIN_NORM", reached), assume(within(reset, 0, "x")), assume(le(0, "x")), slope
    found = bound(moves, "inf", known)
    told = plus(prod("x", _size(Wg)), prod(Fraction(1, 4), most, _size(Wr)))
    return linear("le", found.conclusion[1], told, found)


def gru_after_jacobian() -> Theorem:
    """||J v|| <= (x + (1 - x) K + 1/2 ||W_z||) s, J v = z o v + (1 - z) o (M v) + ((h - g) o z') o (W_z v).

    In the infinity norm, for z <= x <= 1, r <= y, |v| <= s, |h| <= 1 and K <= 1, K of gru-after-candidate with y for x.
    """
    candidate = instantiated(gru_after_candidate(), x=real("y"))
    moves, K = candidate.conclusion[1][2], candidate.conclusion[2]
    positive = assume(le(0, "s"))
    speed = use("NORM_COLUMN_INF", positive, assume(within(v, neg("s"), "s")))
    moved = linear("le", _size(mul(moves, v)), prod(K, "s"), use("NORM_MUL", A=moves, B=v, p="inf"), (_size(moves), speed),
                   ("s", candidate), known=(positive,))
    whole = instantiated(gru_jacobian(), K=K, w=mul(moves, v), g=g)
    return cut(whole, use("WITHIN_NORM", moved), nonnegative(K, assume(le(0, "y"))), use("WITHIN_TANH", A=g[3]))
