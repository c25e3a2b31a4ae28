"""What a compiled net accepts: names, shapes and types of arrays, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lstm_sym.errors import BadArgument
from lstm_sym.expr.affine import Affine, coefficient, variable
from lstm_sym.expr.evaluate import evaluate_affine
from lstm_sym.expr.indices import affine
from lstm_sym.expr.nodes import Named
from lstm_sym.expr.recurrence import Axis, Recurrence

Arrays = dict[str, Any]
Shapes = tuple[tuple[int, ...], ...]
REMEMBERED = 64                                              # combinations of shapes


@dataclass(frozen=True, slots=True)
class Call:
    """Checked arguments with their sizes: steps T, samples B, every size by name."""

    params: Arrays
    inputs: Arrays
    state: Arrays
    steps: int
    samples: int
    sizes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Expected:
    """An array by name: its axes as affine forms in the sizes, T and B."""

    name: str
    axes: tuple[Affine, ...]

    def at(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """The shape at concrete sizes."""
        return tuple(
            sizes[a.terms[0][0]]
            if a.constant == 0 and len(a.terms) == 1 and a.terms[0][1] == 1
            else evaluate_affine(a, sizes)
            for a in self.axes
        )

    def __str__(self) -> str:
        return f"({', '.join(map(str, self.axes))}{',' if len(self.axes) == 1 else ''})"


@dataclass(frozen=True, slots=True)
class Signature:
    """Names and shapes: params (rows, columns) or (rows,), inputs (T, B, rows), state (B, rows), trajectory.

    seen: shapes that have been checked, with their steps, samples and sizes.
    """

    length: str
    params: tuple[Expected, ...]
    inputs: tuple[Expected, ...]
    state: tuple[Expected, ...]
    trajectory: tuple[Expected, ...]
    dtype: np.dtype[Any]
    seen: dict[Shapes, tuple[int, int, dict[str, int]]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, r: Recurrence, trajectory: tuple[Named, ...], axis: Axis, dtype: Any) -> Signature:
        """The signature of a recurrence.  Errors: BadArgument for a number type that is not floating point."""
        kind = np.dtype(dtype)
        if kind.kind not in "fc":
            raise BadArgument(f"dtype must be a floating point or complex type, got {kind}")
        samples, steps = variable("B"), affine(axis.length)
        return cls(
            str(axis.length),
            tuple(
                Expected(q.name, tuple(map(affine, q.shape[:1] if q.shape[1] == 1 else q.shape))) for q in r.parameters
            ),
            tuple(Expected(q.name, (steps, samples, affine(q.shape[0]))) for q in (*r.inputs, *r.noise)),
            tuple(Expected(q.name, (samples, affine(q.shape[0]))) for q in r.initial),
            tuple(Expected(q.name, (*([steps] if q.indices else []), samples, affine(q.shape[0]))) for q in trajectory),
            kind,
        )

    def draw(self, sizes: Mapping[str, int], rng: np.random.Generator) -> tuple[Arrays, Arrays, Arrays]:
        """Random params, inputs and state at sizes; sizes that are not given are 3, 4, 5 ... in order."""
        names = sorted({s for e in (*self.params, *self.inputs, *self.state) for a in e.axes for s, _ in a.terms})
        at = {name: 3 + k for k, name in enumerate(n for n in names if n not in ("B", self.length))}
        at |= {"B": 2, self.length: 4, **{self.length if k == "T" else k: v for k, v in sizes.items()}}
        groups = (self.params, self.inputs, self.state)
        params, inputs, state = (
            {e.name: rng.normal(size=e.at(at)).astype(self.dtype) for e in group} for group in groups)
        return params, inputs, state

    def check(self, params: Any, x: Any, state: Any) -> Call:
        """The arguments of forward.  Errors: BadArgument names the array, what was expected and what it got."""
        groups = (("params", self.params, params), ("x", self.inputs, self.as_inputs(x)), ("state", self.state, state))
        checked: list[Arrays] = []
        for where, wanted, arrays in groups:
            self._names(where, wanted, arrays)
            checked.append({e.name: self._array(where, e, arrays[e.name]) for e in wanted})
        shapes = tuple(array.shape for arrays in checked for array in arrays.values())
        if shapes in self.seen:
            return Call(checked[0], checked[1], checked[2], *self.seen[shapes])
        steps, samples = self._steps(*checked[1:])
        sizes = self._sizes(checked)
        sizes[self.length] = steps
        at = {**sizes, "B": samples}
        for (where, wanted, _), given in zip(groups, checked, strict=True):
            for e in wanted:
                self._fits(where, e, given[e.name], at)
        if len(self.seen) >= REMEMBERED:
            self.seen.clear()
        self.seen[shapes] = steps, samples, sizes
        return Call(checked[0], checked[1], checked[2], steps, samples, sizes)

    def _fits(self, where: str, e: Expected, array: Any, at: Mapping[str, int]) -> None:
        shape = e.at(at)
        if array.shape != shape:
            values = ", ".join(f"{name} = {value}" for name, value in sorted(at.items()))
            raise BadArgument(f'{where}["{e.name}"] has shape {array.shape}, expected {shape} = {e} with {values}')

    def as_inputs(self, x: Any) -> Mapping[str, Any]:
        """x by name; a single array where the model has one input."""
        if isinstance(x, Mapping):
            return x
        if len(self.inputs) != 1:
            raise BadArgument(f"x must be a dict with {_list(self.inputs)}, got {type(x).__name__}")
        return {self.inputs[0].name: x}

    def check_d_trajectory(self, given: Any, call: Call) -> Arrays:
        """Direct partials of the loss by name; a name that is missing is zero."""
        if not isinstance(given, Mapping):
            raise BadArgument(
                f"d_trajectory must be a dict with some of {_list(self.trajectory)}, got {type(given).__name__}"
            )
        extra = sorted(set(given) - {q.name for q in self.trajectory})
        if extra:
            raise BadArgument(f"d_trajectory has {', '.join(extra)}, the trajectory has {_list(self.trajectory)}")
        at, result = {**call.sizes, "B": call.samples}, {}
        for e in self.trajectory:
            if given.get(e.name) is not None:
                result[e.name] = self._array("d_trajectory", e, given[e.name])
                self._fits("d_trajectory", e, result[e.name], at)
        return result

    def _names(self, where: str, wanted: tuple[Expected, ...], given: Any) -> None:
        if not isinstance(given, Mapping):
            raise BadArgument(f"{where} must be a dict with {_list(wanted)}, got {type(given).__name__}")
        names = {e.name for e in wanted}
        if given.keys() == names:
            return
        missing, extra = sorted(names - set(given)), sorted(map(str, set(given) - names))
        if missing:
            raise BadArgument(f"{where} lacks {', '.join(missing)}; expected {_list(wanted)}")
        if extra:
            raise BadArgument(f"{where} has {', '.join(extra)}, which the model does not; expected {_list(wanted)}")

    def _array(self, where: str, e: Expected, value: Any) -> Any:
        array = np.asarray(value)
        if array.dtype != self.dtype:
            raise BadArgument(
                f'{where}["{e.name}"] has type {array.dtype}, expected {self.dtype}; convert it, '
                f"or compile with dtype={array.dtype}"
            )
        if array.ndim != len(e.axes):
            raise BadArgument(f'{where}["{e.name}"] has shape {array.shape}, expected {len(e.axes)} axes {e}')
        return array if array.flags.c_contiguous else np.ascontiguousarray(array)

    def _steps(self, inputs: Arrays, state: Arrays) -> tuple[int, int]:
        if inputs:
            shape = next(iter(inputs.values())).shape
            return int(shape[0]), int(shape[1])
        return 0, int(next(iter(state.values())).shape[0]) if state else 1

    def _sizes(self, groups: Iterable[Arrays]) -> dict[str, int]:
        """Sizes by name, each from the first axis in which it is the only unknown."""
        found: dict[str, int] = {}
        pairs = [
            (e, arrays[e.name])
            for wanted, arrays in zip((self.params, self.inputs, self.state), groups, strict=True)
            for e in wanted
        ]
        for e, array in pairs:
            for axis, k in zip(e.axes, array.shape, strict=True):
                unknown = [s for s, _ in axis.terms if s not in found]
                if len(unknown) == 1 and coefficient(axis, unknown[0]) == 1 and unknown[0] not in ("B", self.length):
                    found[unknown[0]] = k - evaluate_affine(axis, {**found, unknown[0]: 0})
        left = sorted({s for e, _ in pairs for a in e.axes for s, _ in a.terms} - set(found) - {"B", self.length})
        if left:
            raise BadArgument(f"the sizes {', '.join(left)} cannot be read off any array")
        return found


def _list(es: tuple[Expected, ...]) -> str:
    return ", ".join(e.name for e in es) or "nothing"
