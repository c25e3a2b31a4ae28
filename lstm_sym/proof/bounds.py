"""bound(expression): a norm bound of any expression, found from its form and proved by the kernel.

Errors: ProofError where an expression has no rule here (sums and products over time, functions without a range).
"""
from __future__ import annotations

from fractions import Fraction

from lstm_sym.equality.freeze import freeze
from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import constant
from lstm_sym.expr.nodes import Node
from lstm_sym.proof.arithmetic import value
from lstm_sym.proof.kernel import Theorem, compute
from lstm_sym.proof.statements import Term, canonical
from lstm_sym.proof.syntax import add, diag, mul, norm, plus, prod
from lstm_sym.proof.tactics import identity, linear, rewritten, symmetric, use

F, SINGLE = Fraction, constant(1)
ONE = ((F(1), 1, 1, (F(1),)),)
# y in [-1, 1]: 0 <= 1 - y^2 <= 1;  y in [0, 1]: 0 <= y (1 - y) <= 1/4.  Coefficients, box, ends, certificates.
SLOPES = (
    ((F(-1), F(1)), (F(0), F(1)),    ONE, ((F(1), 0, 0, (F(0), F(1))),)),
    ((F(0), F(1)),  (F(0), F(1, 4)), ONE, ((F(1), 0, 0, (F(1, 2), F(-1))),)),
)


def bound(expression: Node | Term, kind: str = "2", known: tuple[Theorem, ...] = ()) -> Theorem:
    """||e|| <= B, B in the norms of named quantities; `known`: ranges of named quantities, as theorems."""
    e = freeze(expression) if isinstance(expression, Node) else expression
    return _bound(canonical(e), kind, known)


def _bound(e: Term, kind: str, known: tuple[Theorem, ...]) -> Theorem:
    match e[0]:
        case "named":
            return linear("le", norm(e, kind), norm(e, kind))
        case "identity":
            return use("NORM_EYE", n=e[1][0], p=kind)
        case "matmul" | "add" if len(e) > 4:
            return _as(e, _split(e), kind, known)
        case "matmul":
            a, b = (_bound(x, kind, known) for x in e[2:])
            right = b.conclusion[2]
            return linear("le", norm(e, kind), prod(a.conclusion[2], right), use("NORM_MUL", A=e[2], B=e[3], p=kind),
                          (norm(e[2], kind), b), (right, a), known=_positive(b))
        case "add":
            a, b = (_bound(x, kind, known) for x in e[2:])
            return linear("le", norm(e, kind), plus(a.conclusion[2], b.conclusion[2]),
                          use("NORM_ADD", A=e[2], C=e[3], p=kind), a, b)
        case "diag":
            return use("NORM_DIAG", *_largest(entries(e[2], known)), p=kind)
        case "hadamard" if len(e) == 4 and e[1][1] == SINGLE and e[2][1] == e[3][1]:
            return _as(e, mul(diag(e[2]), e[3]), kind, known)
        case "transpose" if kind == "2":
            inner = _bound(e[2], kind, known)
            return linear("le", norm(e, kind), inner.conclusion[2], use("NORM_TRANSPOSE", A=e[2]), inner)
    raise ProofError(f"no bound is known for the form {e[0]}")


def _split(e: Term) -> Term:
    return (mul if e[0] == "matmul" else add)(*e[2:])


def _as(e: Term, form: Term, kind: str, known: tuple[Theorem, ...]) -> Theorem:
    """The bound of an equal form."""
    return rewritten(symmetric(identity(e, form)), _bound(form, kind, known))


def _positive(bounded: Theorem) -> tuple[Theorem, ...]:
    """0 <= B from 0 <= ||e|| <= B."""
    _, size, b = bounded.conclusion
    return (linear("le", 0, b, use("NORM_NONNEG", A=size[2], p=size[1]), bounded),)


def entries(e: Term, known: tuple[Theorem, ...]) -> Theorem:
    """low <= e_ij <= high, by the range of a function, by what is known, or as the slope of tanh or sigma."""
    held = next((t for t in known if t.conclusion[0] == "within" and t.conclusion[1] == e), None)
    if held is not None:
        return held
    if e[0] == "function" and e[2][0] in ("tanh", "sigmoid", "step"):
        return use(f"WITHIN_{e[2][0].upper()}", A=e[3])
    for y in (y for y in _named_below(e) if y != e):
        for box, ends, lower, upper in SLOPES:
            try:
                return compute("POLYNOMIAL", (y, e, box, ends, lower, upper), entries(y, known))
            except ProofError:
                continue
    raise ProofError(f"no range is known for {e}")


def _named_below(e: Term) -> list[Term]:
    if e[0] in ("named", "function"):
        return [e]
    return [y for x in e[2:] if isinstance(x, tuple) and x and isinstance(x[0], str) for y in _named_below(x)]


def _largest(inside: Theorem) -> tuple[Theorem, Theorem]:
    """0 <= c and -c <= e_ij <= c, c the larger end."""
    _, _, low, high = inside.conclusion
    a, b = value(low), value(high)
    if a is None or b is None:
        raise ProofError("the range is not one of numbers")
    c = max(abs(a), abs(b))
    return linear("le", 0, c), use("WITHIN_WIDEN", linear("le", prod(-1, c), low), linear("le", high, c), inside)
