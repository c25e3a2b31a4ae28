"""Is a gradient right?  Complex steps, differences and independent libraries against backward, entry by entry.

f(v + i h e) = f(v) + i h df/dv + O(h^2), without cancellation: h = 1e-30 gives the derivative to rounding.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_sym.codegen.oracles import ORACLES
from lstm_sym.errors import BadArgument, LstmSymError

TINY = 1e-30                                                 # the complex step
STEP = 6e-6                                                  # of central differences: cube root of the float64 rounding
RTOL = {"complex step": 1e-10, "directional complex step": 1e-10, "central difference": 1e-6}
_WORD = {True: "ok  ", False: "FAIL"}
SINGLE = 2e-5                                                # for float32 gradients, whatever the method
Group = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison: the largest difference, over the largest entry of the witness."""

    of: str
    method: str
    error: float
    rtol: float

    @property
    def passed(self) -> bool:
        """Within the tolerance?  A NaN is not."""
        return bool(self.error <= self.rtol)


@dataclass(frozen=True, slots=True)
class Report:
    """Every comparison; it failed if one did, or if none was made."""

    rows: tuple[Row, ...]

    @property
    def passed(self) -> bool:
        """Did every comparison pass?"""
        return bool(self.rows) and all(row.passed for row in self.rows)

    def __str__(self) -> str:
        width = max((len(row.of) for row in self.rows), default=0)
        lines = [f"{_WORD[r.passed]} {r.of:<{width}}  {r.method:<24} {r.error:.1e} (at most {r.rtol:.0e})"
                 for r in self.rows]
        return "\n".join([*lines, f"{sum(r.passed for r in self.rows)} of {len(self.rows)} comparisons agree"])


@dataclass(frozen=True, slots=True)
class Point:
    """Where the gradient is checked: arguments, and the direct partials of the loss sum of weights o trajectory."""

    params: Group
    x: Group
    state: Group
    weights: Group


def gradcheck(net: Any, params: Group | None = None, x: Any = None, state: Group | None = None, *,
              sizes: Mapping[str, int] | None = None, seed: int = 0, methods: tuple[str, ...] = tuple(RTOL),
              oracles: bool = True) -> Report:
    """Backward of `net` against independent derivatives of its forward, for a random loss.

    net: a compiled net, or anything with such forward and backward (x then a dict by name).  Without arguments they are
    drawn with the seed at `sizes` (T, B and those of the model; small ones where none is given).
    Errors: BadArgument if arguments are needed; a wrong gradient is no error, but a report that has not passed.
    """
    point = _point(net, params, x, state, sizes or {}, seed)
    grads = _gradients(net, point)
    exact = _complex_twin(net, point)
    single = next(iter(point.weights.values())).dtype.itemsize < 8
    rows: list[Row] = []
    for method in methods:
        rtol = SINGLE if single else RTOL[method]
        if method == "directional complex step":
            rows += [Row("all", method, _directional(exact, point, grads, seed), rtol)] if exact is not None else []
        elif method == "complex step":
            found = _entrywise(exact, point, grads, _complex) if exact is not None else []
            rows += [Row(name, method, e, rtol) for name, e in found]
        elif not single:
            rows += [Row(name, method, e, rtol) for name, e in _entrywise(net.forward, point, grads, _central)]
    if oracles:
        rows += [Row(of, name, error, SINGLE if single else 1e-9)
                 for name, oracle in ORACLES.items() for of, error in oracle(net, point)]
    return Report(tuple(rows))


def _point(net: Any, params: Group | None, x: Any, state: Group | None, sizes: Mapping[str, int], seed: int) -> Point:
    rng = np.random.default_rng(seed)
    if params is None or x is None or state is None:
        signature = getattr(net, "signature", None)
        if signature is None:
            raise BadArgument("give params, x and state: the net has no signature to draw them from")
        drawn = signature.draw({"T": 4, "B": 2, **sizes}, rng)
        params, x, state = (d if given is None else given for given, d in zip((params, x, state), drawn, strict=True))
    if not isinstance(x, Mapping):
        x = net.signature.as_inputs(x)
    trajectory, _ = net.forward(params, dict(x), state)
    weights = {name: rng.normal(size=value.shape).astype(value.dtype) for name, value in trajectory.items()}
    return Point(dict(params), dict(x), dict(state), weights)


def _gradients(net: Any, p: Point) -> dict[str, Any]:
    """Backward's answer, "params W" and so on."""
    _, tape = net.forward(p.params, p.x, p.state)
    g = net.backward(p.params, tape, p.weights)
    parts = (("params", g.params), ("x", g.x), ("state", g.state))
    return {f"{where} {name}": np.asarray(v) for where, part in parts for name, v in part.items()}


def _complex_twin(net: Any, p: Point) -> Callable[..., Any] | None:
    """forward on complex arrays: the net's own, or that of its twin; None if it takes none."""
    twin = getattr(net, "as_complex", None)
    forward: Callable[..., Any] = twin().forward if twin is not None else net.forward
    try:
        forward(*({k: v.astype(complex) for k, v in part.items()} for part in (p.params, p.x, p.state)))
    except (TypeError, ValueError, LstmSymError):
        return None
    return forward


def _loss(forward: Callable[..., Any], p: Point, parts: dict[str, Group]) -> Any:
    trajectory, _ = forward(parts["params"], parts["x"], parts["state"])
    return sum((p.weights[name] * value).sum() for name, value in trajectory.items())


def _parts(p: Point, kind: Any) -> dict[str, Group]:
    parts = (("params", p.params), ("x", p.x), ("state", p.state))
    return {where: {k: np.array(v, dtype=kind) for k, v in part.items()} for where, part in parts}


def _complex(forward: Callable[..., Any], p: Point, where: str, name: str) -> Iterator[float]:
    parts = _parts(p, complex)
    flat = parts[where][name].reshape(-1)
    for k in range(flat.size):
        flat[k] += 1j * TINY
        yield _loss(forward, p, parts).imag / TINY
        flat[k] = flat[k].real


def _central(forward: Callable[..., Any], p: Point, where: str, name: str) -> Iterator[float]:
    parts = _parts(p, float)
    flat = parts[where][name].reshape(-1)
    for k in range(flat.size):
        here = flat[k]
        flat[k] = here + STEP
        up, above = _loss(forward, p, parts), flat[k]
        flat[k] = here - STEP
        yield (up - _loss(forward, p, parts)) / (above - flat[k])
        flat[k] = here


def _entrywise(forward: Callable[..., Any], p: Point, grads: dict[str, Any],
               derivative: Callable[..., Iterator[float]]) -> list[tuple[str, float]]:
    """(name, error over the largest entry of all gradients) for each array."""
    found = {key: np.array(list(derivative(forward, p, *key.split(" ", 1)))).reshape(g.shape)
             for key, g in grads.items()}
    largest = max((float(np.abs(v).max()) for v in found.values() if v.size), default=0.0) or 1.0
    return [(key, float(np.abs(found[key] - g).max(initial=0.0)) / largest) for key, g in grads.items()]


def _directional(forward: Callable[..., Any], p: Point, grads: dict[str, Any], seed: int) -> float:
    """One evaluation for all entries: the derivative along a random direction u against <gradient, u>."""
    rng = np.random.default_rng(seed + 1)
    parts, expected, scale = _parts(p, complex), 0.0, 0.0
    for key, g in grads.items():
        where, name = key.split(" ", 1)
        u = rng.choice([-1.0, 1.0], size=g.shape) * rng.uniform(0.5, 1.5, size=g.shape)
        parts[where][name] = parts[where][name] + 1j * TINY * u
        expected += float((g * u).sum())
        scale += float(np.abs(g * u).sum())
    return abs(float(_loss(forward, p, parts).imag / TINY) - expected) / (scale or 1.0)
