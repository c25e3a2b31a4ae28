"""The target that is obviously right: every sample by itself, the recurrence evaluated as it stands.  Slow."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_sym.codegen.compiled import Gradients
from lstm_sym.codegen.signature import Arrays, Call
from lstm_sym.expr.evaluate import Evaluation, Key, evaluate_affine
from lstm_sym.expr.fields import COMPLEX, FLOAT
from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Named
from lstm_sym.expr.recurrence import Recurrence


class Reference:
    """forward and backward by `expr.evaluate`, one sample after the other."""

    def __init__(self, recurrence: Recurrence, adjoint: Recurrence, trajectory: tuple[Named, ...]) -> None:
        self.recurrence, self.adjoint, self.trajectory = recurrence, adjoint, trajectory

    def forward(self, call: Call) -> tuple[Arrays, Any]:
        """Trajectory, and the call as the tape."""
        runs = [self._run(self.recurrence, call, b, {}) for b in range(call.samples)]
        return {q.name: self._collect(q, q.name, runs, call) for q in self.trajectory}, None

    def backward(self, call: Call, tape: Any, given: Arrays) -> Gradients:
        """Gradients; those of parameters are sums over the samples."""
        runs = [self._run(self.adjoint, call, b, given) for b in range(call.samples)]
        r = self.recurrence
        params = {
            q.name: sum((self._gradient(q, run, call) for run in runs), np.zeros_like(call.params[q.name]))
            for q in r.parameters
        }
        inputs = {q.name: self._collect(q, str(Total("L", q.label)), runs, call) for q in (*r.inputs, *r.noise)}
        state = {
            q.name: self._stack([self._gradient(q, run, call) for run in runs], call.state[q.name]) for q in r.initial
        }
        return Gradients(params, inputs, state)

    def _run(self, r: Recurrence, call: Call, b: int, given: Arrays) -> dict[Key, Any]:
        field = COMPLEX if np.iscomplexobj(np.empty(0, self._type(call))) else FLOAT
        values: dict[Key, Any] = {(q.name, ()): _column(call.params[q.name]) for q in r.parameters}
        for q in (*r.inputs, *r.noise):
            values |= {(q.name, (t + 1,)): call.inputs[q.name][t, b][:, None] for t in range(call.steps)}
        values |= {(q.name, _at(q, call)): call.state[q.name][b][:, None] for q in r.initial}
        for q in self.trajectory:
            name, rows = str(Direct("L", q.label)), evaluate_affine(affine(q.shape[0]), call.sizes)
            if q.indices:
                values |= {
                    (name, (t + 1,)): given[q.name][t, b][:, None] if q.name in given else np.zeros((rows, 1))
                    for t in range(call.steps)
                }
            else:
                values[name, ()] = given[q.name][b][:, None] if q.name in given else np.zeros((rows, 1))
        return Evaluation(r, call.sizes, values, field).run() if call.steps else {}

    def _type(self, call: Call) -> Any:
        return next(iter([*call.params.values(), *call.inputs.values(), *call.state.values()])).dtype

    def _gradient(self, q: Named, run: dict[Key, Any], call: Call) -> Any:
        key = str(Total("L", q.label)), _at(q, call)
        if key in run:
            return run[key][:, 0] if q.shape[1] == 1 else run[key]
        return np.zeros(call.params[q.name].shape if q.name in call.params else call.state[q.name].shape[1:])

    def _collect(self, q: Named, name: str, runs: list[dict[Key, Any]], call: Call) -> Any:
        rows = evaluate_affine(affine(q.shape[0]), call.sizes)
        if not q.indices:
            return self._stack([run[name, ()][:, 0] for run in runs], np.empty((call.samples, rows)))
        out = np.zeros((call.steps, call.samples, rows), self._type(call))
        for b, run in enumerate(runs):
            for t in range(call.steps):
                if (name, (t + 1,)) in run:
                    out[t, b] = run[name, (t + 1,)][:, 0]
        return out

    def _stack(self, rows: list[Any], like: Any) -> Any:
        return np.array(rows, like.dtype).reshape(like.shape)


def _at(q: Named, call: Call) -> tuple[int, ...]:
    return tuple(evaluate_affine(affine(i), call.sizes) for i in q.indices)


def _column(value: Any) -> Any:
    return value[:, None] if value.ndim == 1 else value
