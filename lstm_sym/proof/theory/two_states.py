"""Gradients through both states of an LSTM: v[k] = F[k] v[k-1] + E[k] z[k-1], z[k] = N[k] v[k-1] + D[k] z[k-1]."""
from __future__ import annotations

from functools import cache
from typing import Any

from lstm_sym.expr.affine import minus
from lstm_sym.proof.kernel import Theorem, assume, conjoin, part
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    Index,
    add,
    at_least,
    between,
    both,
    descending,
    eq,
    eye,
    index,
    le,
    member,
    mul,
    named,
    neg,
    norm,
    plus,
    power,
    prod,
    real,
    same,
    shift,
    sub,
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

STEPS = ("k", shift("t", 1), "T")
LONG = at_least("T", "t")


_BLOCKS = {"F": "f", "E": "e", "N": "r", "D": "d"}               # each block and the bound of its norm
_ROWS = (("F", "E"), ("N", "D"))


def v(t: Index) -> Term: return named("v", "n", 1, t)
def z(t: Index) -> Term: return named("z", "n", 1, t)
def _before(t: Index) -> Index: return shift(t, -1)


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
