"""LSTM and GRU: bounds of states, of the blocks of a step's Jacobian, and of gradients through both states."""
from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from lstm_sym.expr.affine import minus
from lstm_sym.proof.bounds import bound, entry_range
from lstm_sym.proof.kernel import Theorem, assume, conjoin, part
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    add,
    always,
    at_least,
    between,
    both,
    call,
    derivative,
    descending,
    diag,
    eq,
    eye,
    had,
    index,
    le,
    member,
    mul,
    named,
    neg,
    norm,
    ones,
    plus,
    power,
    prod,
    real,
    same,
    shift,
    sub,
    within,
    zeros,
)
from lstm_sym.proof.tactics import (
    at,
    chain,
    condition,
    cut,
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

FROM_0 = ("k", 1, "T")
STEPS = ("k", shift("t", 1), "T")
LONG = at_least("T", "t")


def _family(name: str) -> Any: return lambda t: named(name, "n", 1, t)
def _before(t: Index) -> Index: return shift(t, -1)


# --- states -------------------------------------------------------------------------------------------------

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


# --- the blocks of one step ---------------------------------------------------------------------------------

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
    of_h = rewritten(identity(of_h.conclusion[2], add(mul(blocks["hc"], q), mul(blocks["hh"], p))), of_h)
    return conjoin(of_c, of_h)


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


# --- gradients through both states: v[k] = F v[k-1] + E z[k-1], z[k] = N v[k-1] + D z[k-1] -------------------------

_BLOCKS = {"F": "f", "E": "e", "N": "r", "D": "d"}               # each block and the bound of its norm
_ROWS = (("F", "E"), ("N", "D"))
v, z = _family("v"), _family("z")


def _moves() -> tuple[list[Theorem], dict[str, Theorem]]:
    """The recursion of both tangents, and the norm of each block at most the real of its small letter."""
    def F(name: str, k: Index) -> Term: return named(name, "n", "n", k)
    def row(a: str, b: str) -> Term: return add(mul(F(a, "k"), v(_before("k"))), mul(F(b, "k"), z(_before("k"))))
    equations = [assume(between(*STEPS, eq(left("k"), row(*pair)))) for left, pair in zip((v, z), _ROWS, strict=True)]
    return equations, {name: assume(between(*STEPS, le(norm(F(name, "k")), size))) for name, size in _BLOCKS.items()}


def _one_norm(equation: Theorem, first: Theorem, second: Theorem) -> Theorem:
    """||A v + B z|| <= a ||v|| + b ||z|| from ||A|| <= a, ||B|| <= b."""
    _, _, p, q = equation.conclusion[2]
    sizes = [use("NORM_MUL", A=x[2], B=x[3], p="p") for x in (p, q)]
    added = use("NORM_ADD", A=p, C=q, p="p")
    (a, x), (b, y) = ((t.conclusion[2], norm(e[3])) for t, e in ((first, p), (second, q)))
    whole = linear("le", added.conclusion[1], plus(prod(a, x), prod(b, y)), added, *sizes, (x, first), (y, second))
    return rewritten(symmetric(equation), whole)


@cache
def two_state_bound() -> Theorem:
    """||v[T]|| <= x^(T-t) w s and ||z[T]|| <= x^(T-t) u s if f w + e u <= x w, r w + d u <= x u."""
    equations, norms = _moves()
    positive = {name: assume(le(0, name)) for name in "ferdx"}
    rows = (assume(le(plus(prod("f", "w"), prod("e", "u")), prod("x", "w"))),
            assume(le(plus(prod("r", "w"), prod("d", "u")), prod("x", "u"))))
    size = assume(le(0, "s"))
    starts = [assume(le(norm(left("t")), prod(weight, "s"))) for left, weight in ((v, "w"), (z, "u"))]
    def rate(k: Index) -> Term: return power("x", minus(index(k), index("t")))
    def claim(k: Index) -> Term:
        return both(*(le(norm(left(k)), prod(rate(k), weight, "s")) for left, weight in ((v, "w"), (z, "u"))))
    base = conjoin(*(linear("le", *p[1:], start) for p, start in zip(instance(claim("k"), {"k": "t"})[1:], starts, strict=True)))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        k = shift("k", 1)
        def here(theorem: Theorem) -> Theorem: return at(theorem, k, given=(above, below))
        power_law = use("POW_STEP", condition(minus(index("k"), index("t")), above), x=real("x"))
        old = prod(rate("k"), "s")
        old_positive = nonnegative(old, use("POW_NONNEG", positive["x"], k=minus(index("k"), index("t"))), size)
        parts = []
        for goal, equation, (a, b), row, weight in zip(claim(k)[1:], equations, _ROWS, rows, "wu", strict=True):
            one = _one_norm(here(equation), here(norms[a]), here(norms[b]))
            parts.append(linear("le", *goal[1:], one, (_BLOCKS[a], part(known, 0)), (_BLOCKS[b], part(known, 1)), (old, row),
                                (prod(-1, weight, "s"), power_law), known=(*positive.values(), old_positive)))
        return conjoin(*parts)

    return at(upward("k", "t", "T", claim("k"), base, step), "T", given=(assume(LONG),))


def lstm_stable() -> Theorem:
    """No gradient of an LSTM explodes if o b <= (1 - f)(1 - a), f <= 1, for its block bounds a + o b, o f, b, f (lstm-blocks)."""
    rate: dict[str, Any] = {"f": plus("a", prod("o", "b")), "e": prod("o", "f"), "r": real("b"), "d": real("f"), "x": real(1),
            "w": plus(1, neg("f")), "u": real("b")}
    general = instantiated(two_state_bound(), **rate)
    a, o, b, f = (assume(le(0, x)) for x in "aobf")
    criterion = assume(le(prod("o", "b"), prod(plus(1, neg("f")), plus(1, neg("a")))))
    first = linear("le", plus(prod(rate["f"], rate["w"]), prod(rate["e"], "b")), prod(1, rate["w"]), criterion)
    second = linear("le", plus(prod("b", rate["w"]), prod("f", "b")), prod(1, "b"))
    products = nonnegative(rate["f"], a, o, b), nonnegative(rate["e"], o, f), linear("le", 0, 1)
    stable = cut(general, first, second, *products)
    return rewritten(use("POW_ONE", k=minus(index("T"), index("t"))), stable)


def direct_path_dominates() -> Theorem:
    """||z[T] - D[T] ... D[t+1] z[t]|| <= (q[T] - d^(T-t)) ||z[t]|| for v[t] = 0: how far the cell path is off.

    (y, q) are the sizes along all paths: y[k] = f y[k-1] + e q[k-1], q[k] = r y[k-1] + d q[k-1], y[t] = 0, q[t] = 1.
    """
    equations, norms = _moves()
    positive = {name: assume(le(0, name)) for name in "ferd"}
    def p(k: Index) -> Term: return member("y", k)
    def q(k: Index) -> Term: return member("q", k)
    D = named("D", "n", "n", "k")
    sizes = [assume(between(*STEPS, same(x("k"), plus(prod(a, p(_before("k"))), prod(b, q(_before("k"))))))) for x, (a, b) in (
        (p, ("f", "e")), (q, ("r", "d")))]
    begin = assume(same(p("t"), 0)), assume(same(q("t"), 1)), assume(eq(v("t"), ("zeros", v("t")[1])))
    def path(k: Index) -> Term: return mul(descending("k", shift("t", 1), k, D), z("t"))
    def rate(k: Index) -> Term: return power("d", minus(index(k), index("t")))
    start = norm(z("t"))
    def claim(k: Index) -> Term:
        return both(le(norm(v(k)), prod(p(k), start)), le(norm(z(k)), prod(q(k), start)),
                    le(norm(sub(z(k), path(k))), prod(plus(q(k), neg(rate(k))), start)))
    empty = unfolded(path("t"), use("DESCENDING_EMPTY", h="t", F=(("k",), D)))
    here_only = chain(unfolded(sub(z("t"), path("t")), empty), identity(sub(z("t"), mul(eye("n"), z("t"))), ("zeros", z("t")[1])))
    nothing = use("NORM_ZEROS", n="n", m=1, p="p")
    goals = instance(claim("k"), {"k": "t"})[1:]
    base = conjoin(linear("le", *goals[0][1:], rewritten(symmetric(begin[2]), nothing), (prod(-1, start), begin[0])),
                   linear("le", *goals[1][1:], (prod(-1, start), begin[1])),
                   linear("le", *goals[2][1:], rewritten(symmetric(here_only), nothing), (prod(-1, start), begin[1])))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        k = shift("k", 1)
        def here(theorem: Theorem) -> Theorem: return at(theorem, k, given=(above, below))
        pv, qz, apart = (part(known, n) for n in range(3))
        new = [_one_norm(here(e), here(norms[a]), here(norms[b])) for e, (a, b) in zip(equations, _ROWS, strict=True)]
        low = condition(minus(index("k"), index("t")), above)
        last = use("DESCENDING_LAST", low, goal=eq(descending("k", shift("t", 1), k, D), eye("n")))
        moved = unfolded(sub(z(k), path(k)), last, here(equations[1]))
        N, Dk = (named(x, "n", "n", k) for x in "ND")
        split = add(mul(N, v("k")), mul(Dk, sub(z("k"), path("k"))))
        whole = _one_norm(chain(moved, identity(moved.conclusion[2], split)), here(norms["N"]), here(norms["D"]))
        power_law = use("POW_STEP", low, x=real("d"))
        goals, nonneg = claim(k)[1:], tuple(positive.values())
        scale = prod(-1, start)
        return conjoin(linear("le", *goals[0][1:], new[0], ("f", pv), ("e", qz), (scale, here(sizes[0])), known=nonneg),
                       linear("le", *goals[1][1:], new[1], ("r", pv), ("d", qz), (scale, here(sizes[1])), known=nonneg),
                       linear("le", *goals[2][1:], whole, ("r", pv), ("d", apart), (scale, here(sizes[1])), (start, power_law),
                              known=nonneg))

    return part(at(upward("k", "t", "T", claim("k"), base, step), "T", given=(assume(LONG),)), 2)


# --- GRU ----------------------------------------------------------------------------------------------------

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
