"""Independent implementations that a net is compared with, where they are installed: torch, the ONNX reference."""
from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from lstm_sym.codegen.torch_layout import params_from_torch, params_to_torch
from lstm_sym.errors import BadArgument

Compared = list[tuple[str, float]]


def load(name: str) -> Any:
    """The optional library, or None where it is not installed."""
    if find_spec(name.split(".")[0]) is None:
        return None
    return import_module(name)


def torch_oracle(net: Any, point: Any) -> Compared:
    """Trajectory and every gradient of torch.nn.LSTM or RNN with the same parameters."""
    torch = load("torch")
    arrays = _layout(net, point)
    if torch is None or arrays is None:
        return []
    kind, x = ("LSTM" if "c" in point.state else "RNN"), next(iter(point.x.values()))
    module = getattr(torch.nn, kind)(x.shape[2], point.state["h"].shape[1], dtype=torch.from_numpy(x).dtype)
    module.load_state_dict({name: torch.from_numpy(value) for name, value in arrays.items()})
    leaves = {k: torch.from_numpy(np.array(v)).requires_grad_() for k, v in {"x": x, **point.state}.items()}
    start = tuple(leaves[k][None] for k in ("h", "c") if k in leaves)
    y, _ = module(leaves["x"], start if kind == "LSTM" else start[0])
    only_h = {k: v if k == "h" else np.zeros_like(v) for k, v in point.weights.items()}      # torch hands out h alone
    (y * torch.from_numpy(only_h["h"])).sum().backward()
    trajectory, tape = net.forward(point.params, point.x, point.state)
    mine = net.backward(point.params, tape, only_h)
    theirs = params_from_torch({name: p.grad for name, p in module.named_parameters() if "bias_hh" not in name})
    pairs = [("trajectory h", trajectory["h"], y.detach().numpy())]
    pairs += [("x", next(iter(mine.x.values())), leaves["x"].grad.numpy())]
    pairs += [(f"params {k}", mine.params[k], v) for k, v in theirs.items()]
    pairs += [(f"state {k}", mine.state[k], leaves[k].grad.numpy()) for k in point.state]
    return [(of, _error(a, b)) for of, a, b in pairs]


def onnx_oracle(net: Any, point: Any) -> Compared:
    """The trajectory h of the ONNX reference evaluator's LSTM or RNN; gates in the order i, o, f, c."""
    arrays = _layout(net, point)
    onnx = load("onnx")
    if onnx is None or arrays is None:
        return []
    evaluator, x = load("onnx.reference").ReferenceEvaluator, next(iter(point.x.values()))
    lstm, n = "c" in point.state, point.state["h"].shape[1]
    order = "iofg" if lstm else [""]
    W, U, b = (np.concatenate([point.params[name + ("_" + g if g else "")] for g in order])[None] for name in "WUb")
    feeds = {"X": x, "W": U, "R": W, "B": np.concatenate([b, np.zeros_like(b)], axis=1), "h0": point.state["h"][None]}
    feeds |= {"c0": point.state["c"][None]} if lstm else {}
    helper = onnx.helper
    kind = helper.np_dtype_to_tensor_dtype(x.dtype)
    inputs = ["X", "W", "R", "B", "", "h0", *(["c0"] if lstm else [])]
    node = helper.make_node("LSTM" if lstm else "RNN", inputs, ["Y"], hidden_size=n)
    given = [helper.make_tensor_value_info(k, kind, v.shape) for k, v in feeds.items()]
    graph = helper.make_graph([node], "net", given, [helper.make_tensor_value_info("Y", kind, None)])
    y = evaluator(helper.make_model(graph)).run(None, feeds)[0][:, 0]
    return [("trajectory h", _error(net.forward(point.params, point.x, point.state)[0]["h"], y))]


def _layout(net: Any, point: Any) -> dict[str, Any] | None:
    """The parameters as torch has them, if the net says that it is the catalogue's rnn or lstm."""
    if getattr(net, "name", "") not in ("rnn", "lstm"):
        return None
    try:
        return params_to_torch(point.params)
    except BadArgument:
        return None


def _error(a: Any, b: Any) -> float:
    return float(np.abs(a - b).max(initial=0.0)) / (float(np.abs(b).max(initial=0.0)) or 1.0)


ORACLES: dict[str, Callable[[Any, Any], Compared]] = {
    "torch":          torch_oracle,
    "onnx reference": onnx_oracle,
}
