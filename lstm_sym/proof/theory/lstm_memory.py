"""Fading memory of the LSTM: two runs with the same inputs come together.

Along the second run the states are H and D; a gate of it is written f~.  Each function moves by its slope at most.
"""
from __future__ import annotations

from fractions import Fraction
from typing import Any

from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import add, call, diag, eq, had, mul, neg, norm, plus, prod, sub, within
from lstm_sym.proof.tactics import at, identity, linear, rewritten, symmetric, use
from lstm_sym.proof.theory.lstm import GATES, POSITIVE, W, before, concluded, family, from_, row_bounds

h, c, H, D = map(family, "hcHD")
u = {k: family(f"u_{k}") for k in GATES}
ONE = linear("le", 0, 1)


def _pre(k: str, state: Any) -> Term: return add(mul(W[k], state(before("k"))), u[k]("k"))
def _gate(k: str, state: Any) -> Term: return call(GATES[k], _pre(k, state))
def _tanh(cell: Any) -> Term: return call("tanh", cell("k"))
def _apart(s: Any, t: Any) -> Any: return lambda k: sub(s(k), t(k))
def _moved(k: str) -> Term: return sub(_gate(k, h), _gate(k, H))


def _wrote(state: Any, cell: Any) -> Term:
    """f o c[k-1] + i o g."""
    return add(had(_gate("f", state), cell(before("k"))), had(_gate("i", state), _gate("g", state)))


#  c - D = f o (c' - D') + (f - f~) o D' + i o (g - g~) + (i - i~) o g~             c' = c[k-1], D' = D[k-1]
#  h - H = o o (tanh c - tanh D) + (o - o~) o tanh D
def lstm_fading_memory() -> Theorem:
    """||h[k] - H[k]|| -> 0 and ||c[k] - D[k]|| -> 0 for two runs of an LSTM with the same inputs, if o b < (1 - f)(1 - a).

    a and b as in lstm-vanishing, for gates of the first run at most i, f, o, and |D| <= C, |tanh(D)| <= y in the second.
    """
    cells = [from_(1, eq(t("k"), _wrote(s, t))) for s, t in ((h, c), (H, D))]
    states = [from_(1, eq(s("k"), had(_gate("o", s), _tanh(t)))) for s, t in ((h, c), (H, D))]
    limits = {k: from_(1, within(_gate(k, h), 0, f"x_{k}")) for k in "ifo"}
    second = from_(0, within(D("k"), neg("C"), "C")), from_(1, within(_tanh(D), neg("y"), "y"))
    apart, distance = _apart(c, D)(before("k")), norm(_apart(c, D)(before("k")))

    def rows(low: Theorem) -> tuple[Theorem, Theorem]:
        def now(t: Theorem) -> Theorem: return at(t, "k", given=(low,))
        def gate(k: str, e: Term, size: Theorem) -> Theorem:
            x = f"x_{k}"
            inside = use("WITHIN_WIDEN", linear("le", neg(x), 0, POSITIVE[x]), linear("le", x, x), now(limits[k]))
            return _weighed(inside, POSITIVE[x], e, size)
        value = use("WITHIN_WIDEN", linear("le", neg(1), -1), linear("le", 1, 1), use("WITHIN_TANH", A=_pre("g", H)))
        of_c = _sum(sub(_wrote(h, c), _wrote(H, D)), gate("f", apart, linear("le", distance, distance)),
                    _weighed(at(second[0], before("k"), given=(low,)), POSITIVE["C"], _moved("f"), _closer("f")),
                    gate("i", _moved("g"), _closer("g")), _weighed(value, ONE, _moved("i"), _closer("i")))
        of_c = _folded(of_c, *map(now, cells))
        through = use("LIPSCHITZ_TANH", u=c("k"), v=D("k"), p="p")
        through = linear("le", through.conclusion[1], of_c.conclusion[2], through, of_c)
        of_h = _sum(sub(had(_gate("o", h), _tanh(c)), had(_gate("o", H), _tanh(D))), gate("o", sub(_tanh(c), _tanh(D)), through),
                    _weighed(now(second[1]), POSITIVE["y"], _moved("o"), _closer("o")))
        return row_bounds(_folded(of_h, *map(now, states)), of_c, _apart(h, H), _apart(c, D))

    return concluded(_apart(h, H), _apart(c, D), rows)


def _closer(k: str) -> Theorem:
    """||gate - gate~|| <= 1/4 ||W|| ||h' - H'|| for a logistic gate, without the 1/4 for tanh."""
    apart = _apart(h, H)(before("k"))
    one = use(f"LIPSCHITZ_{GATES[k].upper()}", u=_pre(k, h), v=_pre(k, H), p="p")
    moved = rewritten(identity(one.conclusion[2][2], mul(W[k], apart)), one)
    slope = Fraction(1, 4) if GATES[k] == "sigmoid" else Fraction(1)
    return linear("le", norm(_moved(k)), prod(slope, norm(W[k]), norm(apart)), (slope, moved),
                  (slope, use("NORM_MUL", A=W[k], B=apart, p="p")))


def _weighed(limit: Theorem, positive: Theorem, e: Term, size: Theorem) -> Theorem:
    """||g o e|| <= x s from |g| <= x, ||e|| <= s."""
    g, x = limit.conclusion[1], positive.conclusion[2]
    scaled = rewritten(identity(mul(diag(g), e), had(g, e)), use("NORM_MUL", A=diag(g), B=e, p="p"))
    return linear("le", norm(had(g, e)), prod(x, size.conclusion[2]), scaled, (norm(e), use("NORM_DIAG", positive, limit, p="p")),
                  (x, size), known=(positive,))


def _sum(whole: Term, *pieces: Theorem) -> Theorem:
    """||whole|| <= the sum of the bounds of pieces that add up to it."""
    terms = [t.conclusion[1][2] for t in pieces]
    sums = [use("NORM_ADD", A=add(*terms[:n]), C=terms[n], p="p") for n in range(1, len(terms))]
    bound = linear("le", norm(add(*terms)), plus(*(t.conclusion[2] for t in pieces)), *sums, *pieces)
    return rewritten(identity(add(*terms), whole), bound)


def _folded(bound: Theorem, first: Theorem, second: Theorem) -> Theorem:
    """The bound of a difference, both sides of it by their names."""
    return rewritten(symmetric(second), rewritten(symmetric(first), bound))
