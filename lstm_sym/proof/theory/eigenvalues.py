"""Where eigenvalues are the right quantity: the largest singular value; normal, nonnegative and triangular W."""
from __future__ import annotations

from lstm_sym.expr.affine import minus
from lstm_sym.proof.kernel import Theorem, assume, conjoin, discharge
from lstm_sym.proof.kernel import substitute as kernel_substitute
from lstm_sym.proof.statements import Substitution
from lstm_sym.proof.syntax import (
    add,
    at_least,
    diag,
    eq,
    every,
    index,
    le,
    lt,
    mul,
    named,
    norm,
    prod,
    radius,
    real,
    strict,
    tr,
    within,
)
from lstm_sym.proof.tactics import (
    at,
    cut,
    for_all,
    identity,
    instantiated,
    linear,
    nonnegative,
    rewritten,
    transitive,
    use,
)
from lstm_sym.proof.theory.rnn import SLOPE, W, entrywise_bound, instantiated_norm, jacobian, jacobian_bound, slope


def largest_singular_value() -> Theorem:
    """sigma_max(W)^2 = lambda_max(W'W): ||W||_2^2 bounds every eigenvalue of W'W, and is at most every such bound x."""
    gram = mul(tr(W), W)
    square = use("NORM_GRAM", A=W)
    bounds = rewritten(square, use("RADIUS_NORM", S=gram))
    positive, bounded = assume(le(0, "x")), assume(radius(gram, "x"))
    normal = identity(mul(tr(gram), gram), mul(gram, tr(gram)))
    least = rewritten(square, use("NORMAL", positive, normal, bounded))
    return conjoin(bounds, discharge(positive.conclusion, discharge(bounded.conclusion, least)))


def normal_bound() -> Theorem:
    """||dh[T]/dh[t]||_2 <= (gamma x)^(T - t) for W'W = WW' and every eigenvalue of modulus at most x."""
    bound = instantiated_norm(jacobian_bound(), "2")
    size = use("NORMAL", assume(le(0, "x")), assume(eq(mul(tr(W), W), mul(W, tr(W)))), assume(radius(W, "x")))
    gamma = assume(SLOPE[0])
    rate = prod("gamma", norm(W, "2"))
    smaller = linear("le", rate, prod("gamma", "x"), (real("gamma"), size), known=(gamma,))
    return transitive(bound, use("POW_LE", nonnegative(rate, gamma), smaller, k=minus(index("T"), index("t"))))


def nonnegative_vanishes() -> Theorem:
    """dh[k]/dh[0] -> 0 if |W_ij| <= B_ij, |phi'| <= 1 and every eigenvalue of B has modulus at most x < 1."""
    bounded = assume(every("k", at_least("k", 1), within(slope("k"), -1, 1)))
    bound = kernel_substitute(entrywise_bound(), Substitution({"t": index(0), "T": index("k")}))

    def one(low: Theorem) -> Theorem:
        return cut(bound, for_all("s", (at_least("s", 1), at_least("k", "s")), lambda a, b: at(bounded, "s", given=(a,))), low)

    positive = for_all("k", (at_least("k", 0),), lambda low: use("NORM_NONNEG", A=jacobian(0, "k"), p="p"))
    powers = use("GELFAND", assume(radius(named("B", "n", "n"), "x")), assume(lt("x", 1)), p="p")
    return use("LIM_SQUEEZE", positive, for_all("k", (at_least("k", 0),), one), powers)


def triangular_vanishes() -> Theorem:
    """dh[k]/dh[0] -> 0 if |W| <= diag(d) + N, N zero on and below the diagonal, |d| <= x < 1 and |phi'| <= 1: W triangular."""
    d, N = named("d", "n"), named("N", "n", "n")
    positive = assume(le(0, "x"))
    of_diagonal = use("RADIUS_TRIANGULAR", positive, assume(within(d, prod(-1, "x"), "x")), assume(strict(N)))
    return cut(instantiated(nonnegative_vanishes(), B=add(diag(d), N)), of_diagonal)
