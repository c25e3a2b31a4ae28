"""low <= A_ij <= high for every entry, found from the form of A and proved by the kernel."""
from __future__ import annotations

from collections.abc import Iterator

from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import constant
from lstm_sym.proof.arithmetic import value
from lstm_sym.proof.bounds import SLOPES
from lstm_sym.proof.kernel import Theorem, compute
from lstm_sym.proof.statements import Term, children
from lstm_sym.proof.syntax import prod
from lstm_sym.proof.tactics import linear, use

RANGED = ("tanh", "sigmoid", "step")
STRICT = ("tanh", "sigmoid")


def within(e: Term, known: tuple[Theorem, ...] = ()) -> Theorem:
    """low <= e_ij <= high.  Errors: ProofError if no range is known."""
    held = next((t for t in known if t.conclusion[0] == "within" and t.conclusion[1] == e), None)
    if held is not None:
        return held
    if e[0] == "function" and e[2][0] in RANGED:
        return use(f"WITHIN_{e[2][0].upper()}", A=e[3])
    slope = _slope(e)
    if slope is not None:
        return slope
    match e[0]:
        case "ones":
            return use("WITHIN_ONES", n=e[1][0], m=e[1][1])
        case "hadamard" if len(e) == 4 and e[2][1] == e[3][1]:
            return _product(*(within(x, known) for x in e[2:]))
        case "add" if len(e) == 4:
            return use("WITHIN_ADD", *(within(x, known) for x in e[2:]))
    raise ProofError(f"no range is known for {e[0]}")


def below_one(e: Term) -> Iterator[Theorem]:
    """||tanh(u)||_inf < 1 and ||sigma(u)||_inf < 1 of the columns inside e."""
    if e[0] == "function" and e[2][0] in STRICT and e[1][1] == constant(1):
        yield use(f"NORM_{e[2][0].upper()}", u=e[3])
    for x in children(e) if e[0] in ("norm", "hadamard") else ():
        yield from below_one(x)


def _slope(e: Term) -> Theorem | None:
    """The range of 1 - y^2 or y (1 - y), y the value of tanh or sigma, by a certificate."""
    for y in (y for y in _functions(e) if y[2][0] in RANGED):
        for box, ends, lower, upper in SLOPES:
            try:
                return compute("POLYNOMIAL", (y, e, box, ends, lower, upper), within(y))
            except ProofError:
                continue
    return None


def _functions(e: Term) -> list[Term]:
    if e[0] == "function":
        return [e]
    return [y for x in children(e) for y in _functions(x)] if e[0] in ("add", "hadamard", "scale") else []


def _product(a: Theorem, b: Theorem) -> Theorem:
    """The product of two ranges: of numbers from 0, or of absolute values."""
    lows = [value(t.conclusion[2]) for t in (a, b)]
    if all(low is not None and low >= 0 for low in lows):
        return use("WITHIN_HAD", *(linear("le", 0, t.conclusion[2]) for t in (a, b)), a, b)
    a, b = (symmetrical(t) for t in (a, b))
    return use("WITHIN_HAD_ABS", *(linear("le", 0, t.conclusion[3]) for t in (a, b)), a, b)


def symmetrical(inside: Theorem) -> Theorem:
    """-c <= e <= c from low <= e <= high, c the larger end."""
    low, high = inside.conclusion[2:]
    if low == prod(-1, high):
        return inside
    a, b = value(low), value(high)
    if a is None or b is None:
        raise ProofError("the ends of the range are no numbers")
    c = max(abs(a), abs(b))
    return use("WITHIN_WIDEN", linear("le", prod(-1, c), low), linear("le", high, c), inside)
