"""bound(expression): a norm bound of any expression, found from its form and proved by the kernel.

Entries are bounded by ranges of functions, by what is known of named quantities, as slopes, else by their own norm.
Errors: ProofError where an expression has no rule here (sums over time, stacks and slices, products whose factors are not
bounded alike).
"""
from __future__ import annotations

from fractions import Fraction

from lstm_sym.equality.freeze import freeze
from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import constant, minus, variable
from lstm_sym.expr.nodes import Elementwise, Node
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.proof.arithmetic import value
from lstm_sym.proof.grammar import well_formed
from lstm_sym.proof.kernel import Theorem, assume, compute
from lstm_sym.proof.statements import SIGNATURE, Substitution, Term, canonical, renamed, substituted
from lstm_sym.proof.syntax import (
    add,
    diag,
    eq,
    had,
    mul,
    norm,
    ones,
    plus,
    prod,
    scale,
    shift,
)
from lstm_sym.proof.tactics import (
    chain,
    chain_in,
    condition,
    cut,
    for_all,
    identity,
    instantiated,
    linear,
    nonnegative,
    rewritten,
    symmetric,
    unfolded,
    use,
)
from lstm_sym.proof.theory.rnn import instantiated_norm, product_bound

F, SINGLE = Fraction, constant(1)
Known = tuple[Theorem, ...]
ONE = ((F(1), 1, 1, (F(1),)),)
# y in [-1, 1]: 0 <= 1 - y^2 <= 1;  y in [0, 1]: 0 <= y (1 - y) <= 1/4, 0 <= 1 - y <= 1.  Box, ends, certificates.
SLOPES = (
    ((F(-1), F(1)), (F(0), F(1)),    ONE, ((F(1), 0, 0, (F(0), F(1))),)),
    ((F(0), F(1)),  (F(0), F(1, 4)), ONE, ((F(1), 0, 0, (F(1, 2), F(-1))),)),
    ((F(0), F(1)),  (F(0), F(1)),    ((F(1), 0, 1, (F(1),)),), ((F(1), 1, 0, (F(1),)),)),
)


def bound(expression: Node | Term, kind: str = "2", known: Known = ()) -> Theorem:
    """||e|| <= B, B in the norms of named quantities; `known`: ranges and norm bounds of named quantities, as theorems."""
    return _bound(_term(expression), kind, known)


def sharpen(expression: Node | Term, scales: tuple[Term, Term], kind: str = "2", known: Known = ()) -> Theorem:
    """||e|| <= ||R|| B ||S||, B a bound of S e R, for S = diag(s), R = diag(r) and s o r = 1: the scaling sharpens B.

    scales: the columns s and r.  Hypothesis: s o r = 1.
    """
    e = _term(expression)
    s, r = scales
    S, R = diag(s), diag(r)
    unit = unfolded(diag(had(s, r)), assume(eq(had(s, r), ones(s[1][0]))))
    scaled = identity(mul(R, mul(mul(S, mul(e, R)), S)), mul(diag(had(s, r)), mul(e, diag(had(s, r)))))
    same = chain_in(scaled, unit)
    same = chain(same, identity(same.conclusion[2], e))
    inside = bound(mul(S, mul(e, R)), kind, known)
    outer = use("NORM_MUL", A=R, B=mul(mul(S, mul(e, R)), S), p=kind)
    middle = use("NORM_MUL", A=mul(S, mul(e, R)), B=S, p=kind)
    total = linear("le", outer.conclusion[1], prod(norm(R, kind), inside.conclusion[2], norm(S, kind)), outer,
                   (norm(R, kind), middle), (prod(norm(R, kind), norm(S, kind)), inside))
    return rewritten(same, total)


def _term(expression: Node | Term) -> Term:
    if not isinstance(expression, Node | tuple):
        raise ProofError(f"expected an expression, got {type(expression).__name__}; a matrix of numbers is for certify")
    e = freeze(expression) if isinstance(expression, Node) else expression
    well_formed(e)
    return canonical(e)


def known_of(model: Recurrence) -> Known:
    """The ranges of the quantities of a model that are functions of others, such as 0 <= f[t] <= 1; hypotheses: its equations."""
    facts = []
    for scan in model.scans:
        for equation in scan.equations:
            if isinstance(equation.rhs, Elementwise) and freeze(equation.rhs)[2][0] in ("tanh", "sigmoid"):
                given = assume(eq(freeze(equation.lhs), freeze(equation.rhs)))
                facts.append(rewritten(symmetric(given), _of_function(freeze(equation.rhs))))
    return tuple(facts)


# --- norms --------------------------------------------------------------------------------------------------

def _bound(e: Term, kind: str, known: Known) -> Theorem:
    held = next((t for t in known if t.conclusion[0] == "le" and t.conclusion[1] == norm(e, kind)), None)
    if held is not None:
        return held
    match e[0]:
        case "named" | "ones" | "table":
            return linear("le", norm(e, kind), norm(e, kind))
        case "identity":
            return use("NORM_EYE", n=e[1][0], p=kind)
        case "zeros":
            return linear("le", norm(e, kind), 0, use("NORM_ZEROS", goal=("same", norm(e, kind), ("num", F(0)))))
        case "matmul" | "add" if len(e) > 4:
            return _as(e, (mul if e[0] == "matmul" else add)(*e[2:]), kind, known)
        case "matmul":
            return _product(e, kind, *(_bound(x, kind, known) for x in e[2:]))
        case "add":
            a, b = (_bound(x, kind, known) for x in e[2:])
            return linear("le", norm(e, kind), plus(a.conclusion[2], b.conclusion[2]),
                          use("NORM_ADD", A=e[2], C=e[3], p=kind), a, b)
        case "diag":
            return use("NORM_DIAG", *size(e[2], known), p=kind)
        case "scale" if all(not powers for _, powers in e[2]):
            factor = scale(sum((c for c, _ in e[2]), F(0)), ones(e[1][0]))
            return _as(e, mul(diag(factor), e[3]), kind, known)
        case "hadamard" if e[1][1] == SINGLE and all(x[1] == e[1] for x in e[2:]):
            first, *rest = e[2:]
            return _as(e, mul(diag(first), had(*rest)), kind, known)
        case "function" if e[1][1] == SINGLE and kind == "inf":
            return use("NORM_COLUMN_INF", *size(e, known))
        case "transpose":
            return _transposed(e, kind, known)
        case "product":
            return _ordered(e, kind, known)
    raise ProofError(f"no bound is known for the form {e[0]}")


def _product(e: Term, kind: str, a: Theorem, b: Theorem) -> Theorem:
    right = b.conclusion[2]
    return linear("le", norm(e, kind), prod(a.conclusion[2], right), use("NORM_MUL", A=e[2], B=e[3], p=kind),
                  (norm(e[2], kind), b), (right, a), known=_positive(b))


def _transposed(e: Term, kind: str, known: Known) -> Theorem:
    """||A'||_2 = ||A||_2, ||A'||_1 = ||A||_inf, ||A'||_inf = ||A||_1."""
    other = {"1": "inf", "2": "2", "inf": "1"}[kind]
    inner = _bound(e[2], other, known)
    if kind == "inf":
        same = rewritten(identity(("transpose", e[2][1], e), e[2]), use("NORM_TRANSPOSE_1", A=e))          # ||A||_1 = ||A'||_inf
        return linear("le", norm(e, kind), inner.conclusion[2], inner, (-1, same))
    same = use("NORM_TRANSPOSE" if kind == "2" else "NORM_TRANSPOSE_1", A=e[2])
    return linear("le", norm(e, kind), inner.conclusion[2], same, inner)


def _ordered(e: Term, kind: str, known: Known) -> Theorem:
    """||F[h] ... F[l]|| <= B^(h - l + 1) where every factor has the same bound B."""
    _, _, k, low, high, direction, body = e
    one = _bound(renamed(body, k, "k"), kind, known)
    B = one.conclusion[2]
    if direction != -1 or substituted(B, Substitution({"k": variable("!")})) != B:
        raise ProofError("an ordered product is bounded with the latest factor leftmost and one bound for all factors")
    bounded = for_all("k", (("dom", minus(variable("k"), low)), ("dom", minus(high, variable("k")))), lambda a, b: one)
    general = instantiated(instantiated_norm(product_bound(), kind), {"n": e[1][0], "l": low, "h": high},
                           F=(("k",), one.conclusion[1][2]), x=B)
    span = minus(shift(high, 1), low)
    return cut(general, bounded, *_positive(one), *([condition(span)] if not span.terms and span.constant >= 0 else []))


def _as(e: Term, form: Term, kind: str, known: Known) -> Theorem:
    """The bound of an equal form."""
    return rewritten(symmetric(identity(e, form)), _bound(form, kind, known))


def _positive(bounded: Theorem) -> Known:
    """0 <= B from 0 <= ||e|| <= B."""
    _, whole, b = bounded.conclusion
    return (linear("le", 0, b, use("NORM_NONNEG", A=whole[2], p=whole[1]), bounded),)


# --- entries ------------------------------------------------------------------------------------------------

def size(e: Term, known: Known) -> tuple[Theorem, Theorem]:
    """0 <= c and -c <= e_ij <= c."""
    held = _range(e, known)
    if held is not None:
        return _largest(held, known)
    match e[0]:
        case "hadamard" if all(x[1] == e[1] for x in e[2:]) and len(e) == 4:
            (zero, a), (nil, b) = (size(x, known) for x in e[2:])
            inside = use("WITHIN_HAD_ABS", zero, nil, a, b)
            return nonnegative(inside.conclusion[3], zero, nil), inside
        case "hadamard" | "add" if len(e) > 4 and all(x[1] == e[1] for x in e[2:]):
            form = had(e[2], had(*e[3:])) if e[0] == "hadamard" else add(*e[2:])
            zero, inside = size(form, known)
            return zero, rewritten(identity(form, e), inside)
        case "add":
            (zero, a), (nil, b) = (size(x, known) for x in e[2:])
            x, y = a.conclusion[3], b.conclusion[3]
            both, top = use("WITHIN_ADD", a, b), plus(x, y)
            wide = use("WITHIN_WIDEN", linear("le", prod(-1, top), both.conclusion[2]), linear("le", top, top), both)
            return linear("le", 0, top, zero, nil), wide
        case "scale" if all(not powers for _, powers in e[2]) and e[3][0] != "ones":
            form = had(scale(sum((c for c, _ in e[2]), F(0)), ones(*e[1])), e[3])
            zero, inside = size(form, known)
            return zero, rewritten(identity(form, e), inside)
    if SIGNATURE[e[0]][0] != "s":
        raise ProofError(f"{e} is no matrix")
    whole = linear("le", norm(e, "inf"), norm(e, "inf"))
    return use("NORM_NONNEG", A=e, p="inf"), use("WITHIN_NORM", whole)


def entry_range(e: Term, known: Known = ()) -> Theorem:
    """low <= e_ij <= high, the tightest that is found.  Errors: ProofError where there is none."""
    found = _range(e, known)
    if found is None:
        raise ProofError(f"no range is known for {e}")
    return found


def _range(e: Term, known: Known) -> Theorem | None:
    """low <= e_ij <= high: known, the range of a function, a constant, or a slope of something with a range."""
    held = next((t for t in known if t.conclusion[0] == "within" and t.conclusion[1] == e), None)
    if held is not None or e[0] == "ones":
        return held or use("WITHIN_ONES", n=e[1][0], m=e[1][1])
    if e[0] == "function" and e[2][0] in ("tanh", "sigmoid", "step"):
        return _of_function(e)
    if e[0] == "scale" and e[3][0] == "ones" and all(not powers for _, powers in e[2]):
        return _constant(e)
    for y in (y for y in _named_below(e) if y != e):
        inside = _range(y, known)
        slope = None if inside is None else _slope(y, e, inside)
        if slope is not None:
            return slope
    return None


def _slope(y: Term, e: Term, inside: Theorem) -> Theorem | None:
    for box, ends, lower, upper in SLOPES:
        try:
            return compute("POLYNOMIAL", (y, e, box, ends, lower, upper), inside)
        except ProofError:
            continue
    return None


def _of_function(e: Term) -> Theorem:
    return use(f"WITHIN_{e[2][0].upper()}", A=e[3])


def _constant(e: Term) -> Theorem:
    """q <= q <= q for the constant matrix q: a polynomial of 1."""
    q = sum((c for c, _ in e[2]), F(0))
    up, down = ((abs(q), 1, 0, (F(1),)),), ((abs(q), 0, 1, (F(1),)),)
    certificates = (up, down) if q >= 0 else (down, up)
    return compute("POLYNOMIAL", (e[3], e, (F(1), F(1)), (q, q), *certificates), use("WITHIN_ONES", n=e[1][0], m=e[1][1]))


def _named_below(e: Term) -> list[Term]:
    if e[0] in ("named", "function"):
        return [e]
    return [y for x in e[2:] if isinstance(x, tuple) and x and isinstance(x[0], str) for y in _named_below(x)]


def _largest(inside: Theorem, known: Known) -> tuple[Theorem, Theorem]:
    """0 <= c and -c <= e_ij <= c: c the larger end of numbers, else the upper end x of -x .. x or 0 .. x with 0 <= x known."""
    _, _, low, high = inside.conclusion
    a, b = value(low), value(high)
    if a is not None and b is not None:
        c = max(abs(a), abs(b))
        return linear("le", 0, c), use("WITHIN_WIDEN", linear("le", prod(-1, c), low), linear("le", high, c), inside)
    zero = nonnegative(high, *known)
    below = linear("le", prod(-1, high), low, *([zero] if a == 0 else []))
    return zero, use("WITHIN_WIDEN", below, linear("le", high, high), inside)
