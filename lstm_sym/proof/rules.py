"""The rules: premises, side conditions, conclusion, one row each.  Each row is a lemma of coq/Rules.v, proved there.

Letters: A B C F R matrices, u v columns, x y c reals, X Y sequences, k l h times, p any of the norms 1, 2, infinity.
A row holds for every substitution of its free names; a side condition is a premise.  `source` is empty for what is
proved; a row with a source is cited and printed with every theorem that rests on it.
"""
from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.expr.affine import variable
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import (
    absolute,
    add,
    always,
    ascending,
    at_least,
    between,
    call,
    derivative,
    descending,
    diag,
    entry,
    eq,
    every,
    eye,
    had,
    implies,
    infinite,
    inner,
    le,
    limit,
    lt,
    member,
    mul,
    named,
    neg,
    norm,
    ones,
    plus,
    power,
    prod,
    radius,
    real,
    same,
    scale,
    scaled,
    shift,
    slope,
    strict,
    sub,
    table,
    total,
    tr,
    under,
    within,
    zeros,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """premises |- conclusion."""

    name: str
    premises: tuple[Term, ...]
    conclusion: Term
    source: str = ""


def _rule(name: str, *premises_and_conclusion: Term, source: str = "") -> Rule:
    *premises, conclusion = premises_and_conclusion
    return Rule(name, tuple(premises), conclusion, source)


A, B, C = named("A", "n", "m"), named("B", "m", "q"), named("C", "n", "m")
S, Q, I = named("S", "n", "n"), named("R", "n", "n"), eye("n")
u, v, a, b = named("u", "n"), named("v", "n"), named("A", 1, 1), named("B", 1, 1)
F, Fk = named("F", "n", "m", "k"), named("F", "n", "n", "k")
Fl, Fh = named("F", "n", "n", "l"), named("F", "n", "n", "h")
dA, dB, dC = named("dA", "n", "m"), named("dB", "m", "q"), named("dC", "n", "m")
G = named("G", "n", "m", "k")
dF = named("dF", "n", "m", "k")
X, Y = member("X", "k"), member("Y", "k")
later = shift("k", 1)
tanh, sigmoid = call("tanh", A), call("sigmoid", A)
inverse, root, Z = call("reciprocal", A), call("sqrt", A), named("Z", "n", "m")
xP = power("x", "k")

_ROWS = (
    #     name                 premises ...                                                        |-  conclusion
    # --- norms: induced by |v|_1, |v|_2, |v|_inf
    _rule("NORM_NONNEG",       le(0, norm(A))),
    _rule("NORM_MUL",          le(norm(mul(A, B)), prod(norm(A), norm(B)))),
    _rule("NORM_ADD",          le(norm(add(A, C)), plus(norm(A), norm(C)))),
    _rule("NORM_SCALED",       same(norm(scaled("x", A)), prod(absolute("x"), norm(A)))),
    _rule("NORM_DIAG",         le(0, "c"), within(v, neg("c"), "c"),
                               le(norm(diag(v)), "c")),
    _rule("NORM_EYE",          le(norm(I), 1)),
    _rule("NORM_ZEROS",        same(norm(zeros("n", "m")), 0)),
    _rule("NORM_TRANSPOSE",    same(norm(tr(A), "2"), norm(A, "2"))),
    _rule("NORM_TRANSPOSE_1",  same(norm(tr(A), "1"), norm(A, "inf"))),
    _rule("NORM_GRAM",         same(norm(mul(tr(A), A), "2"), prod(norm(A, "2"), norm(A, "2")))),
    _rule("NORM_SCALAR",       same(norm(a), absolute(entry(a)))),
    _rule("NORM_COLUMN_INF",   le(0, "c"), within(v, neg("c"), "c"),
                               le(norm(v, "inf"), "c")),
    _rule("NORM_ROWS",         le(0, "c"), under(A, C), within(mul(C, ones("m")), "x", "c"),
                               le(norm(A, "inf"), "c")),
    _rule("NORM_UNDER",        under(A, C),
                               le(norm(A), norm(C))),
    _rule("NORM_FROBENIUS",    le(power(norm(A, "2"), 2), entry(mul(ones(1, "n"), had(A, A), ones("m"))))),
    _rule("NORM_CERTIFICATE",  le(0, "c"), within(u, 0, "x"),
                               eq(add(mul(tr(S), S), mul(tr(Q), diag(u), Q)), scaled(prod("c", "c"), I)),
                               le(norm(S, "2"), "c")),
    _rule("EQ_SAME",           eq(A, A)),
    _rule("SCALED_MUL",        eq(mul(A, scaled("x", B)), scaled("x", mul(A, B)))),
    _rule("SCALED_SCALED",     eq(scaled("x", scaled("y", A)), scaled(prod("x", "y"), A))),
    _rule("SCALED_ONE",        eq(scaled(1, A), A)),
    # --- entries
    _rule("WITHIN_TANH",       within(tanh, -1, 1)),
    _rule("WITHIN_SIGMOID",    within(sigmoid, 0, 1)),
    _rule("SIGMOID_GROWS",     within(A, "x", "y"),
                               within(sigmoid, *(entry(call("sigmoid", table([[end]]))) for end in "xy"))),
    _rule("WITHIN_STEP",       within(call("step", A), 0, 1)),
    _rule("LIPSCHITZ_TANH",    le(norm(sub(call("tanh", u), call("tanh", v))), norm(sub(u, v)))),
    _rule("LIPSCHITZ_RELU",    le(norm(sub(call("relu", u), call("relu", v))), norm(sub(u, v)))),
    _rule("LIPSCHITZ_SIGMOID", le(prod(4, norm(sub(call("sigmoid", u), call("sigmoid", v)))), norm(sub(u, v)))),
    _rule("SIGMOID_EXP",       eq(had(sigmoid, add(ones("n", "m"), call("exp", A))), call("exp", A))),
    _rule("WITHIN_WIDEN",      le("c", "x"), le("y", "d"), within(A, "x", "y"),
                               within(A, "c", "d")),
    _rule("WITHIN_NORM",       le(norm(A), "c"),
                               within(A, neg("c"), "c")),
    _rule("WITHIN_ADD",        within(A, "x", "y"), within(C, "c", "d"),
                               within(add(A, C), plus("x", "c"), plus("y", "d"))),
    _rule("WITHIN_HAD",        le(0, "x"), le(0, "c"), within(A, "x", "y"), within(C, "c", "d"),
                               within(had(A, C), prod("x", "c"), prod("y", "d"))),
    _rule("WITHIN_HAD_ABS",    le(0, "x"), le(0, "c"), within(A, neg("x"), "x"), within(C, neg("c"), "c"),
                               within(had(A, C), neg(prod("x", "c")), prod("x", "c"))),
    _rule("WITHIN_MIX",        le("c", 1), le("y", "x"), le(plus(prod("c", "x"), prod(plus(1, neg("c")), "y")), "d"),
                               within(Z, 0, "c"), within(A, neg("x"), "x"), within(C, neg("y"), "y"),
                               within(add(had(Z, A), had(sub(ones("n", "m"), Z), C)), neg("d"), "d")),
    _rule("WITHIN_ONES",       within(ones("n", "m"), 1, 1)),
    _rule("WITHIN_ENTRY",      le("x", entry(a)), le(entry(a), "y"),
                               within(a, "x", "y")),
    _rule("ENTRY_LOW",         within(a, "x", "y"),
                               le("x", entry(a))),
    _rule("ENTRY_HIGH",        within(a, "x", "y"),
                               le(entry(a), "y")),
    _rule("ENTRY_NUMBER",      same(entry(table([["x"]])), "x")),
    _rule("ENTRY_ADD",         same(entry(add(a, b)), plus(entry(a), entry(b)))),
    _rule("ENTRY_MUL",         same(entry(mul(a, b)), prod(entry(a), entry(b)))),
    _rule("COLUMN_LOW",        le(0, "c"), within(u, "c", "x"),
                               le(prod("c", norm(v)), norm(mul(diag(u), v)))),
    # --- |A_ij| <= B_ij
    _rule("UNDER_EYE",         under(I, I)),
    _rule("UNDER_MUL",         under(A, C), under(B, named("D", "m", "q")),
                               under(mul(A, B), mul(C, named("D", "m", "q")))),
    _rule("UNDER_DIAG",        within(v, -1, 1),
                               under(diag(v), I)),
    _rule("UNDER_WITHIN",      under(A, C), within(C, "x", "y"),
                               within(A, neg("y"), "y")),
    # --- absolute value
    _rule("ABS_POSITIVE",      le(0, "x"),
                               same(absolute("x"), "x")),
    _rule("ABS_LE",            le(neg("y"), "x"), le("x", "y"),
                               le(absolute("x"), "y")),
    _rule("LE_ABS",            le("x", absolute("x"))),
    _rule("ABS_NEG",           same(absolute(neg("x")), absolute("x"))),
    _rule("ABS_MUL",           same(absolute(prod("x", "y")), prod(absolute("x"), absolute("y")))),
    _rule("ABS_POW",           same(absolute(xP), power(absolute("x"), "k"))),
    _rule("CONTRAPOSITIVE",    implies(le("x", "y"), le("c", "d")), lt("d", "c"),
                               lt("y", "x")),
    # --- powers with a natural exponent
    _rule("POW_STEP",          at_least("k", 0),
                               same(power("x", later), prod("x", xP))),
    _rule("POW_NONNEG",        le(0, "x"),
                               le(0, xP)),
    _rule("POW_POSITIVE",      lt(0, "x"),
                               lt(0, xP)),
    _rule("POW_LE",            le(0, "x"), le("x", "y"),
                               le(xP, power("y", "k"))),
    _rule("POW_LE_ONE",        le(0, "x"), le("x", 1),
                               le(xP, 1)),
    _rule("POW_GE_ONE",        le(1, "x"),
                               le(1, xP)),
    _rule("SQUARE_LE",         le(0, "y"), le(prod("x", "x"), prod("y", "y")),
                               le("x", "y")),
    _rule("POW_ONE",           same(power(1, "k"), 1)),
    _rule("POW_MUL",           same(power(prod("x", "y"), "k"), prod(xP, power("y", "k")))),
    _rule("POW_ADD",           at_least("k", 0), at_least("l", 0),
                               same(power("x", shift("k", variable("l"))), prod(xP, power("x", "l")))),
    # --- limits of sequences X(0), X(1), ...
    _rule("LIM_POW",           le(0, "x"), lt("x", 1),
                               limit("k", xP)),
    _rule("LIM_SCALED",        limit("k", X),
                               limit("k", prod("c", X))),
    _rule("LIM_UNSCALED",      lt(0, "c"), limit("k", prod("c", X)),
                               limit("k", X)),
    _rule("LIM_MUL",           limit("k", X), limit("k", Y),
                               limit("k", prod(X, Y))),
    _rule("LIM_CONSTANT",      limit("k", real("x")),
                               same("x", 0)),
    _rule("LIM_SQUEEZE",       every("k", at_least("k", 0), le(0, X)), every("k", at_least("k", 0), le(X, Y)),
                               limit("k", Y),
                               limit("k", X)),
    _rule("INF_POW",           lt(1, "x"),
                               infinite("k", xP)),
    _rule("INF_SCALED",        lt(0, "c"), infinite("k", X),
                               infinite("k", prod("c", X))),
    _rule("INF_UNSCALED",      lt(0, "c"), infinite("k", prod("c", X)),
                               infinite("k", X)),
    _rule("INF_LE",            every("k", at_least("k", 0), le(X, Y)), infinite("k", X),
                               infinite("k", Y)),
    # --- sums and ordered products over time
    _rule("SUM_EMPTY",         eq(total("k", shift("h", 1), "h", F), zeros("n", "m"))),
    _rule("SUM_FIRST",         at_least("h", "l"),
                               eq(total("k", "l", "h", F), add(named("F", "n", "m", "l"), total("k", shift("l", 1), "h", F)))),
    _rule("SUM_LAST",          at_least("h", "l"),
                               eq(total("k", "l", "h", F), add(total("k", "l", shift("h", -1), F), named("F", "n", "m", "h")))),
    _rule("SUM_SAME",          between("k", "l", "h", eq(F, G)),
                               eq(total("k", "l", "h", F), total("k", "l", "h", G))),
    _rule("SUM_ADD",           eq(total("k", "l", "h", add(F, G)), add(total("k", "l", "h", F), total("k", "l", "h", G)))),
    _rule("SUM_MUL",           eq(total("k", "l", "h", mul(F, B)), mul(total("k", "l", "h", F), B))),
    _rule("SUM_TRANSPOSE",     eq(total("k", "l", "h", tr(F)), tr(total("k", "l", "h", F)))),
    _rule("INNER_OUTER",       eq(mul(tr(u), mul(A, named("w", "m"))), inner(mul(u, tr(named("w", "m"))), A))),
    _rule("INNER_SUM",         eq(total("k", "l", "h", inner(F, A)), inner(total("k", "l", "h", F), A))),
    _rule("DESCENDING_EMPTY",  eq(descending("k", shift("h", 1), "h", Fk), I)),
    _rule("DESCENDING_LAST",   at_least("h", "l"),
                               eq(descending("k", "l", "h", Fk), mul(Fh, descending("k", "l", shift("h", -1), Fk)))),
    _rule("DESCENDING_FIRST",  at_least("h", "l"),
                               eq(descending("k", "l", "h", Fk), mul(descending("k", shift("l", 1), "h", Fk), Fl))),
    _rule("ASCENDING_EMPTY",   eq(ascending("k", shift("h", 1), "h", Fk), I)),
    _rule("ASCENDING_LAST",    at_least("h", "l"),
                               eq(ascending("k", "l", "h", Fk), mul(ascending("k", "l", shift("h", -1), Fk), Fh))),
    _rule("ASCENDING_FIRST",   at_least("h", "l"),
                               eq(ascending("k", "l", "h", Fk), mul(Fl, ascending("k", shift("l", 1), "h", Fk)))),
    # --- derivatives along a curve: every named quantity may depend on a real e; dA is the derivative of A at e = 0
    _rule("D_EQUAL",           always(A, C), derivative(C, dA),
                               derivative(A, dA)),
    _rule("ALWAYS_NOW",        always(A, C),
                               eq(A, C)),
    _rule("D_UNIQUE",          derivative(A, dA), derivative(A, dC),
                               eq(dA, dC)),
    _rule("D_CONSTANT_ZERO",   derivative(zeros("n", "m"), zeros("n", "m"))),
    _rule("D_CONSTANT_ONE",    derivative(ones("n", "m"), zeros("n", "m"))),
    _rule("D_ADD",             derivative(A, dA), derivative(C, dC),
                               derivative(add(A, C), add(dA, dC))),
    _rule("D_MUL",             derivative(A, dA), derivative(B, dB),
                               derivative(mul(A, B), add(mul(dA, B), mul(A, dB)))),
    _rule("D_HAD",             derivative(A, dA), derivative(C, dC),
                               derivative(had(A, C), add(had(dA, C), had(A, dC)))),
    _rule("D_TRANSPOSE",       derivative(A, dA),
                               derivative(tr(A), tr(dA))),
    _rule("D_SUM",             between("k", "l", "h", derivative(F, dF)),
                               derivative(total("k", "l", "h", F), total("k", "l", "h", dF))),
    _rule("D_TANH",            derivative(A, dA),
                               derivative(tanh, had(sub(ones("n", "m"), had(tanh, tanh)), dA))),
    _rule("D_SIGMOID",         derivative(A, dA),
                               derivative(sigmoid, had(had(sigmoid, sub(ones("n", "m"), sigmoid)), dA))),
    _rule("D_RELU",            lt(0, "c"), within(had(A, A), "c", "x"), derivative(A, dA),
                               derivative(call("relu", A), had(call("step", A), dA))),
    _rule("D_SOFTPLUS",        derivative(A, dA),
                               derivative(call("softplus", A), had(sigmoid, dA))),
    _rule("D_EXP",             derivative(A, dA),
                               derivative(call("exp", A), had(call("exp", A), dA))),
    _rule("D_LOG",             lt(0, "c"), within(A, "c", "x"), derivative(A, dA),
                               derivative(call("log", A), had(call("reciprocal", A), dA))),
    _rule("D_RECIPROCAL",      lt(0, "c"), within(had(A, A), "c", "x"), derivative(A, dA),
                               derivative(inverse, had(scale(-1, had(inverse, inverse)), dA))),
    _rule("D_SQRT",            lt(0, "c"), within(A, "c", "x"), derivative(A, dA),
                               derivative(root, had(call("reciprocal", scale(2, root)), dA))),
    _rule("D_FUNCTION",        slope("phi", "phi'"), derivative(A, dA),
                               derivative(call("phi", A), had(call("phi'", A), dA))),
    # --- eigenvalues: the largest modulus of a complex eigenvalue of a real square matrix
    _rule("RADIUS_NORM",       radius(S, norm(S, "2"))),
    _rule("RADIUS_SQUARE",     le(0, "x"), le(absolute("y"), prod("x", "x")), eq(mul(S, S), scaled("y", I)),
                               radius(S, "x")),
    _rule("RADIUS_SHIFT",      le(0, "x"), le(absolute("y"), "x"),
                               eq(mul(sub(S, scaled("y", I)), sub(S, scaled("y", I))), zeros("n", "n")),
                               radius(S, "x")),
    _rule("RADIUS_WIDEN",      le("x", "y"), radius(S, "x"),
                               radius(S, "y")),
    _rule("RADIUS_TRIANGULAR", le(0, "x"), within(u, neg("x"), "x"), strict(S),
                               radius(add(diag(u), S), "x")),
    _rule("NORMAL",            le(0, "x"), eq(mul(tr(S), S), mul(S, tr(S))), radius(S, "x"),
                               le(norm(S, "2"), "x"),
                               source="proved in coq/Eigenvalues.v from GELFAND: ||S^2||, ||S^4||, ... are powers of ||S||"),
    _rule("GELFAND",           radius(S, "x"), lt("x", 1),
                               limit("k", norm(descending("l", 1, "k", S))),
                               source="Gelfand 1941; Jordan form: Horn & Johnson, Matrix Analysis, Theorem 5.6.12"),
)
RULES: dict[str, Rule] = {row.name: row for row in _ROWS}
