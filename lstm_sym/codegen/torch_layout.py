"""Parameters of torch.nn.RNN and torch.nn.LSTM: gates stacked in the order i, f, g, o, two biases that add up."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lstm_sym.errors import BadArgument

# rows of weight_ih over columns of weight_hh -> suffixes of our names, in torch's order
GATES: dict[int, tuple[str, ...]] = {
    1: ("",),                                                # W, U, b
    4: ("_i", "_f", "_g", "_o"),                             # W_i ... b_o
}


def params_from_torch(module: Any, layer: int = 0) -> dict[str, np.ndarray[Any, Any]]:
    """W, U, b of one layer: W = rows of weight_hh, U = rows of weight_ih, b = bias_ih + bias_hh.

    module: a torch module, or a dict with its names.  One direction, no projection, tanh where it is an RNN.
    Errors: BadArgument for other modules.
    """
    for name, wanted in (("bidirectional", False), ("proj_size", 0), ("nonlinearity", "tanh")):
        if getattr(module, name, wanted) != wanted:
            raise BadArgument(f"the module has {name} = {getattr(module, name)!r}, only {wanted!r} has a place here")
    named = module if isinstance(module, Mapping) else module.state_dict()
    arrays = {name: _array(value) for name, value in named.items()}
    missing = [name for k in ("ih", "hh") if (name := f"weight_{k}_l{layer}") not in arrays]
    if missing:
        raise BadArgument(f"the module lacks {', '.join(missing)}; it has {', '.join(arrays)}")
    U, W = arrays[f"weight_ih_l{layer}"], arrays[f"weight_hh_l{layer}"]
    n = W.shape[1]
    if W.shape[0] % n or W.shape[0] // n not in GATES or U.shape[0] != W.shape[0]:
        raise BadArgument(f"weights of shapes {U.shape} and {W.shape} are those of no RNN or LSTM")
    b = np.zeros(W.shape[0], W.dtype)
    for name in (f"bias_ih_l{layer}", f"bias_hh_l{layer}"):
        b = b + arrays.get(name, 0)
    stacked = {"W": W, "U": U, "b": b}
    return {name + gate: block[k * n:(k + 1) * n].copy() for name, block in stacked.items()
            for k, gate in enumerate(GATES[W.shape[0] // n])}


def params_to_torch(params: Mapping[str, Any], layer: int = 0) -> dict[str, np.ndarray[Any, Any]]:
    """The inverse: arrays under torch's names, the second bias zero.  Errors: BadArgument for other names."""
    gates = next((g for g in GATES.values() if set(params) == {name + gate for name in "WUb" for gate in g}), None)
    if gates is None:
        raise BadArgument(f"the names {', '.join(sorted(params))} are those of no RNN or LSTM")
    W, U, b = (np.concatenate([np.asarray(params[name + gate]) for gate in gates]) for name in "WUb")
    arrays = {"weight_ih": U, "weight_hh": W, "bias_ih": b, "bias_hh": np.zeros_like(b)}
    return {f"{name}_l{layer}": array for name, array in arrays.items()}


def _array(value: Any) -> np.ndarray[Any, Any]:
    return np.asarray(value.detach().cpu().numpy() if hasattr(value, "detach") else value)
