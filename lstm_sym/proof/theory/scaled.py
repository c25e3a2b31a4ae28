"""Vanishing by a diagonal scale: the bound that `decay` instantiates for a given W."""
from __future__ import annotations

from functools import cache

from lstm_sym.proof.kernel import Theorem, assume, conjoin
from lstm_sym.proof.kernel import substitute as kernel_substitute
from lstm_sym.proof.statements import Substitution
from lstm_sym.proof.syntax import at_least, index, le, lt, power, prod
from lstm_sym.proof.tactics import at, cut, for_all, linear, nonnegative, use
from lstm_sym.proof.theory.rnn import ALWAYS_BOUNDED, SLOPE, scaled_bound


@cache
def scaled_decay() -> Theorem:
    """||dh[k]/dh[0]||_2 <= a b (gamma c)^k -> 0 if ||S W R|| <= c, ||R|| <= a, ||S|| <= b, gamma c < 1, all norms spectral."""
    from_start = Substitution({"t": index(0), "T": index("k")}, kinds={"p": "2"})
    bound, gamma, bounded = kernel_substitute(scaled_bound(), from_start), assume(SLOPE[0]), assume(ALWAYS_BOUNDED)
    R, power_of, S = bound.conclusion[2][1:]
    inner, k = power_of[1][2], index("k")
    below_c, below_a, below_b = (assume(le(x, y)) for x, y in ((inner, "c"), (R, "a"), (S, "b")))
    positive = [linear("le", 0, t.conclusion[2], use("NORM_NONNEG", A=t.conclusion[1][2], p="2"), t)
                for t in (below_c, below_a, below_b)]
    known = (gamma, *positive)
    rate = prod("gamma", "c")
    smaller = linear("le", power_of[1], rate, ("gamma", below_c), known=known)
    slower = use("POW_LE", nonnegative(power_of[1], *known), smaller, k=k)

    def one(low: Theorem) -> Theorem:
        inside = for_all("i", (at_least("i", 1), at_least("k", "i")), lambda x, y: at(bounded, "i", given=(x,)))
        return linear("le", bound.conclusion[1], prod(prod("a", "b"), power(rate, k)), cut(bound, inside, low),
                      (prod(power_of, S), below_a), (prod("a", S), slower), (prod("a", power(rate, k)), below_b), known=known)

    below = for_all("k", (at_least("k", 0),), one)
    not_negative = for_all("k", (at_least("k", 0),), lambda low: use("NORM_NONNEG", A=bound.conclusion[1][2], p="2"))
    limit = use("LIM_SCALED", use("LIM_POW", nonnegative(rate, *known), assume(lt(rate, 1))), c=prod("a", "b"))
    return conjoin(below, use("LIM_SQUEEZE", not_negative, below, limit))
