"""Independent implementations that a net is compared with, where they are installed: torch, JAX, the ONNX reference."""
from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from lstm_sym.codegen.jax_oracle import STEPS, differentiated
from lstm_sym.codegen.weights.gate_blocks import Arrays
from lstm_sym.codegen.weights.onnx_layout import params_to_onnx
from lstm_sym.codegen.weights.torch_layout import params_from_torch, params_to_torch

Compared = list[tuple[str, float]]
# Which models of the catalogue a library has, and what it calls them.
TORCH = {"rnn": "RNN", **dict.fromkeys(("lstm", "lstm-np"), "LSTM"), "gru-after": "GRU"}
ONNX = {"rnn": "RNN", **dict.fromkeys(("lstm", "lstm-np", "lstm-peephole", "lstm-vanilla"), "LSTM"),
        **dict.fromkeys(("gru", "gru-after"), "GRU")}


def load(name: str) -> Any:
    """The optional library, or None where it is not installed."""
    if find_spec(name.split(".")[0]) is None:
        return None
    return import_module(name)


def torch_oracle(net: Any, point: Any) -> Compared:
    """Trajectory and every gradient of torch.nn.RNN, LSTM or GRU with the same parameters."""
    kind, torch = TORCH.get(getattr(net, "name", "")), load("torch")
    if torch is None or kind is None:
        return []
    x = next(iter(point.x.values()))
    module = getattr(torch.nn, kind)(x.shape[2], point.state["h"].shape[1], dtype=torch.from_numpy(x).dtype)
    module.load_state_dict({name: torch.from_numpy(value) for name, value in params_to_torch(point.params).items()})
    leaves = {k: torch.from_numpy(np.array(v)).requires_grad_() for k, v in {"x": x, **point.state}.items()}
    start = tuple(leaves[k][None] for k in ("h", "c") if k in leaves)
    y, _ = module(leaves["x"], start if kind == "LSTM" else start[0])
    only_h = {k: v if k == "h" else np.zeros_like(v) for k, v in point.weights.items()}      # torch hands out h alone
    (y * torch.from_numpy(only_h["h"])).sum().backward()
    trajectory, tape = net.forward(point.params, point.x, point.state)
    mine = net.backward(point.params, tape, only_h)
    theirs = _gradients({name: p.grad for name, p in module.named_parameters()})
    pairs = [("trajectory h", trajectory["h"], y.detach().numpy())]
    pairs += [("x", next(iter(mine.x.values())), leaves["x"].grad.numpy())]
    pairs += [(f"params {k}", mine.params[k], v) for k, v in theirs.items()]
    pairs += [(f"state {k}", mine.state[k], leaves[k].grad.numpy()) for k in point.state]
    return [(of, _error(a, b)) for of, a, b in pairs]


def _gradients(by_name: Arrays) -> Arrays:
    """Gradients in our names: by a sum of two biases as by the first of them, by d_g as by the second."""
    first = params_from_torch({name: g for name, g in by_name.items() if "bias_hh" not in name})
    return {**first, **{name: g for name, g in params_from_torch(by_name).items() if name == "d_g"}}


def jax_oracle(net: Any, point: Any) -> Compared:
    """Trajectory and every gradient of a scan in JAX."""
    name, jax = getattr(net, "name", ""), load("jax")
    if jax is None or name not in STEPS:
        return []
    x = next(iter(point.x.values()))
    theirs, by = differentiated(jax, name, point.params, x, point.state, point.weights)
    trajectory, tape = net.forward(point.params, point.x, point.state)
    mine = net.backward(point.params, tape, point.weights)
    groups = (("trajectory", trajectory, theirs), ("params", mine.params, by[0]), ("state", mine.state, by[2]))
    pairs = [(f"{where} {k}", ours[k], v) for where, ours, found in groups for k, v in found.items()]
    pairs.append(("x", next(iter(mine.x.values())), by[1]))
    return [(of, _error(a, np.asarray(b))) for of, a, b in pairs]


def onnx_oracle(net: Any, point: Any) -> Compared:
    """The trajectory h of the ONNX reference evaluator's RNN, LSTM (with peepholes) or GRU (both resets)."""
    kind, onnx = ONNX.get(getattr(net, "name", "")), load("onnx")
    if onnx is None or kind is None:
        return []
    evaluator, x = load("onnx.reference").ReferenceEvaluator, next(iter(point.x.values()))
    feeds = {"X": x, **params_to_onnx(point.params), **{f"{k}0": v[None] for k, v in point.state.items()}}
    inputs = [name if name in feeds else "" for name in ("X", "W", "R", "B", "", "h0", "c0", "P")]
    while not inputs[-1]:
        inputs.pop()
    helper = onnx.helper
    number = helper.np_dtype_to_tensor_dtype(x.dtype)
    reset = {"linear_before_reset": int("d_g" in point.params)} if kind == "GRU" else {}
    node = helper.make_node(kind, inputs, ["Y"], hidden_size=point.state["h"].shape[1], **reset)
    given = [helper.make_tensor_value_info(k, number, v.shape) for k, v in feeds.items()]
    graph = helper.make_graph([node], "net", given, [helper.make_tensor_value_info("Y", number, None)])
    y = evaluator(helper.make_model(graph)).run(None, feeds)[0][:, 0]
    return [("trajectory h", _error(net.forward(point.params, point.x, point.state)[0]["h"], y))]


def _error(a: Any, b: Any) -> float:
    return float(np.abs(a - b).max(initial=0.0)) / (float(np.abs(b).max(initial=0.0)) or 1.0)


ORACLES: dict[str, Callable[[Any, Any], Compared]] = {
    "torch":          torch_oracle,
    "jax":            jax_oracle,
    "onnx reference": onnx_oracle,
}
