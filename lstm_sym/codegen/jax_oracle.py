"""Steps of nets written anew for JAX: a scan and its automatic derivative, to compare a net with."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lstm_sym.codegen.signature import Arrays

Jax = Any                                                    # the module, loaded where it is installed


def rnn(jax: Jax, p: Arrays, s: Arrays, x: Any) -> Arrays:
    """h = tanh(W h + U x + b)."""
    return {"h": jax.numpy.tanh(_sum(p, "", s["h"], x))}


def lstm(jax: Jax, p: Arrays, s: Arrays, x: Any) -> Arrays:
    """c = f o c + i o g, h = o o tanh(c)."""
    i, f, o = (jax.nn.sigmoid(_sum(p, k, s["h"], x)) for k in ("_i", "_f", "_o"))
    c = f * s["c"] + i * jax.numpy.tanh(_sum(p, "_g", s["h"], x))
    return {"h": o * jax.numpy.tanh(c), "c": c}


def _sum(p: Arrays, k: str, h: Any, x: Any) -> Any:
    return h @ p["W" + k].T + x @ p["U" + k].T + p["b" + k]


STEPS: dict[str, Callable[[Jax, Arrays, Arrays, Any], Arrays]] = {
    "rnn":     rnn,
    "lstm":    lstm,
    "lstm-np": lstm,
}


def differentiated(jax: Jax, name: str, params: Arrays, x: Any, state: Arrays, weights: Arrays) -> tuple[Arrays, Any]:
    """Trajectory, and gradients by params, x and state, of the loss sum of weights o trajectory; in x's precision."""
    def loss(params: Arrays, x: Any, state: Arrays) -> tuple[Any, Arrays]:
        def step(before: Arrays, x_t: Any) -> tuple[Arrays, Arrays]:
            after = STEPS[name](jax, params, before, x_t)
            return after, after

        trajectory = jax.lax.scan(step, state, x)[1]
        return sum((w * trajectory[k]).sum() for k, w in weights.items()), trajectory

    with jax.enable_x64(x.dtype.itemsize == 8):
        (_, trajectory), gradients = jax.value_and_grad(loss, (0, 1, 2), has_aux=True)(params, x, state)
    return trajectory, gradients
