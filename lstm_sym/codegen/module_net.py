"""A generated module as a runner, with a small pool of its working arrays."""
from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from types import ModuleType
from typing import Any

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


class ModuleNet:
    """forward and backward of a generated module; what they hand out shares no memory with the pool.

    handed_out: makes an array of the trajectory safe to hand out, by a copy or by making it read-only.
    """

    def __init__(self, module: ModuleType, handed_out: Callable[[Any], Any]) -> None:
        self.module, self.handed_out = module, handed_out
        self.pool: list[dict[str, Any]] = []

    def forward(self, call: Call) -> tuple[Arrays, Any]:
        """Trajectory and tape."""
        held = Held(self._taken((call.steps, call.samples, tuple(call.sizes.items()))), self.pool)
        trajectory, tape = self.module.forward(call.params, call.inputs, call.state, held.work)
        return {name: self.handed_out(value) for name, value in trajectory.items()}, (tape, held)

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
