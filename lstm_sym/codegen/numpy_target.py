"""The NumPy target: the generated module, imported, and a small pool of its working arrays."""
from __future__ import annotations

from threading import Lock
from typing import Any

from lstm_sym.codegen.cache import load
from lstm_sym.codegen.compiled import Gradients
from lstm_sym.codegen.signature import Arrays, Call

POOLED_BYTES = 256 * 2**20                                   # larger working arrays go back to the system
POOLED = 2                                                   # a net keeps so many


class Held:
    """The working arrays of one forward run; they go back to the pool when the tape is gone."""

    __slots__ = ("lock", "pool", "work")

    def __init__(self, work: dict[str, Any], pool: list[dict[str, Any]]) -> None:
        self.work, self.pool, self.lock = work, pool, Lock()

    def __del__(self) -> None:
        size = sum(getattr(a, "nbytes", 0) for part in ("forward", "backward") for a in self.work.get(part, ()))
        if len(self.pool) < POOLED and size <= POOLED_BYTES:
            self.pool.append(self.work)


class NumpyNet:
    """forward and backward of a generated module; what they hand out shares no memory with the pool."""

    def __init__(self, text: str) -> None:
        self.module = load(text)
        self.pool: list[dict[str, Any]] = []

    def forward(self, call: Call) -> tuple[Arrays, Any]:
        """Trajectory and tape."""
        held = Held(self._taken((call.steps, call.samples, tuple(call.sizes.items()))), self.pool)
        trajectory, tape = self.module.forward(call.params, call.inputs, call.state, held.work)
        return {name: value.copy() for name, value in trajectory.items()}, (tape, held)

    def backward(self, call: Call, tape: Any, given: Arrays) -> Gradients:
        """Gradients; runs on one tape wait for each other."""
        values, held = tape
        with held.lock:
            return Gradients(*self.module.backward(call.params, values, given))

    def _taken(self, key: object) -> dict[str, Any]:
        """Working arrays for these sizes: from the pool, or none yet."""
        try:
            work = self.pool.pop()
        except IndexError:
            work = {}
        return work if work.get("key") == key else {"key": key}
