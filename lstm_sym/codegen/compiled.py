"""A compiled net: forward and backward on arrays, whatever the target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from lstm_sym.codegen.signature import Arrays, Call, Signature
from lstm_sym.errors import BadArgument


@dataclass(frozen=True, slots=True)
class Gradients:
    """dL/dv for every parameter, input and initial state, of the shape of v; x as forward was given it."""

    params: Arrays
    x: Any
    state: Arrays


@dataclass(frozen=True, slots=True)
class Tape:
    """What backward needs of a forward run: it can be used again, and by several threads."""

    owner: object
    call: Call
    values: Any
    single: bool


class Runner(Protocol):
    """What a target provides, on checked arguments; its gradients hold the inputs by name."""

    def forward(self, call: Call) -> tuple[Arrays, Any]:
        """Trajectory and what the tape holds."""

    def backward(self, call: Call, tape: Any, given: Arrays) -> Gradients:
        """Gradients by name."""


class Compiled:
    """forward(params, x, state) -> (trajectory, tape);  backward(params, tape, d_trajectory) -> grads.

    Shapes: x (T, B, m) or a dict of such; state {"h": (B, n), ...} at t = 0; trajectory {"h": (T, B, n)}; T, B >= 0.
    Errors: BadArgument for arrays of a wrong name, shape or type.
    """

    def __init__(self, name: str, target: str, signature: Signature, runner: Runner,
                 as_complex: Callable[[], Compiled] | None = None) -> None:
        self.name, self.target, self.signature, self._runner = name, target, signature, runner
        self.as_complex = as_complex                         # the same model on complex numbers, for complex steps

    def __repr__(self) -> str:
        return f"<{self.name} compiled for {self.target}, {self.signature.dtype}>"

    def forward(self, params: Mapping[str, Any], x: Any, state: Mapping[str, Any]) -> tuple[Arrays, Tape]:
        """The trajectory at t = 1 .. T, and the tape that backward reads; leave the arguments as they are until then."""
        call = self.signature.check(params, x, state)
        trajectory, values = self._runner.forward(call)
        return trajectory, Tape(self, call, values, not isinstance(x, Mapping))

    def backward(self, params: Mapping[str, Any], tape: Tape, d_trajectory: Mapping[str, Any]) -> Gradients:
        """Gradients of the loss with direct partials d_trajectory by the trajectory; missing names are zero."""
        if not isinstance(tape, Tape) or tape.owner is not self:
            raise BadArgument(f"the tape is not one that forward of {self!r} has returned")
        call = tape.call
        if any(params.get(name) is not call.params[name] for name in call.params):
            call = self.signature.check(params, tape.call.inputs, tape.call.state)
        grads = self._runner.backward(call, tape.values, self.signature.check_d_trajectory(d_trajectory, call))
        return Gradients(grads.params, next(iter(grads.x.values())) if tape.single else grads.x, grads.state)
