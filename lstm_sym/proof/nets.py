"""The nets h[t] = phi(W h[t-1] + x[t]) that a given W is judged in: one row an activation, with states of known slope."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from lstm_sym.expr.functions import FUNCTIONS
from lstm_sym.proof.statements import Term
from lstm_sym.proof.syntax import Number, call, had, log, ones, sub

F = Fraction
State = tuple[Fraction, Number, Fraction]                    # h, a with h = phi(a), and phi'(a)


@dataclass(frozen=True, slots=True)
class Net:
    """open: a state where the slope is largest;  closed: states where it is small, smaller and smaller.

    phi: phi(a) as a term;  slope: phi'(a) from a and h = phi(a);  largest: sup |phi'|.
    """

    name: str
    open: State
    closed: tuple[State, ...]
    phi: Callable[[Term], Term]
    slope: Callable[[Term, Term], Term]

    @property
    def largest(self) -> Fraction:
        """sup |phi'|, from the row of the function."""
        found = FUNCTIONS[self.name].lipschitz if self.name in FUNCTIONS else None
        return F(1) if found is None else found


def _tanh(r: int) -> State:
    h = F(r * r - 1, r * r + 1)                              # tanh(ln r)
    return h, log(r), 1 - h * h


def _sigmoid(r: int) -> State:
    return F(r, r + 1), log(r), F(r, (r + 1)**2)             # sigma(ln r)


def _tanh_slope(a: Term, h: Term) -> Term:
    return sub(ones(h[1][0]), had(h, h))


def _relu_slope(a: Term, h: Term) -> Term:
    return call("step", a)


def _one(a: Term, h: Term) -> Term:
    return ones(h[1][0])


def _sigmoid_slope(a: Term, h: Term) -> Term:
    return had(h, sub(ones(h[1][0]), h))


STEEP = (2, 3, 4, 8, 16, 64, 256, 4096, 2**20)
_ROWS = (
    #   name       open                   closed                        phi                           slope
    Net("tanh",    (F(0), 0, F(1)),       tuple(map(_tanh, STEEP)),     lambda a: call("tanh", a),    _tanh_slope),
    Net("sigmoid", (F(1, 2), 0, F(1, 4)), tuple(map(_sigmoid, STEEP)),  lambda a: call("sigmoid", a), _sigmoid_slope),
    Net("relu",    (F(1), 1, F(1)),       ((F(0), -1, F(0)),),          lambda a: call("relu", a),    _relu_slope),
    Net("linear",  (F(0), 0, F(1)),       (),                           lambda a: a,                  _one),
)
NETS: dict[str, Net] = {row.name: row for row in _ROWS}
