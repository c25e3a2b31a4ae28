"""Parameters of torch.nn.RNN, LSTM and GRU: gates stacked as rows in the orders i, f, g, o and r, z, n; two biases.

The LSTM is our `lstm`, the GRU our `gru-after` (n is g), the RNN our `rnn`, or `rnn-relu` with that nonlinearity.
Source: the documentation of torch.nn.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lstm_sym.codegen.weights.gate_blocks import Array, Arrays, Orders, Stacked, params_of, stacked_of
from lstm_sym.errors import BadArgument

ORDERS: Orders = {
    1: ("",),                                                # W, U, b
    3: ("_r", "_z", "_g"),                                   # W_r ... b_g, and d_g
    4: ("_i", "_f", "_g", "_o"),                             # W_i ... b_o
}


def params_from_torch(module: Any, layer: int = 0, reverse: bool = False) -> Arrays:
    """W, U, b of one layer and direction: W = rows of weight_hh, U = rows of weight_ih, b = bias_ih + bias_hh.

    module: a torch module, or a dict with its names.  Of a GRU b_g is the candidate's bias_ih and d_g its bias_hh.
    Errors: BadArgument for other modules, and for a layer with a projection.
    """
    if getattr(module, "proj_size", 0):
        raise BadArgument(f"the module has proj_size = {module.proj_size}, only 0 has a place here")
    named = module if isinstance(module, Mapping) else module.state_dict()
    arrays = {name: _array(value) for name, value in named.items()}
    end = _end(layer, reverse)
    missing = [name for k in ("ih", "hh") if (name := f"weight_{k}{end}") not in arrays]
    if missing:
        raise BadArgument(f"the module lacks {', '.join(missing)}; it has {', '.join(arrays)}")
    U, W = arrays[f"weight_ih{end}"], arrays[f"weight_hh{end}"]
    first, second = (arrays.get(f"bias_{k}{end}", np.zeros(len(W), W.dtype)) for k in ("ih", "hh"))
    return params_of(Stacked(U, W, first, second), ORDERS, reset_after=True)


def params_to_torch(params: Mapping[str, Any], layer: int = 0, reverse: bool = False) -> Arrays:
    """The inverse: arrays under torch's names, the second bias 0 but for d_g.

    Errors: BadArgument for other names, and for a GRU without d_g: torch resets after the product.
    """
    s = stacked_of(params, ORDERS)
    if len(s.W) == 3 * s.W.shape[1] and "d_g" not in params:
        raise BadArgument("torch.nn.GRU resets after the product and has a second bias d_g; this model resets before it")
    arrays = {"weight_ih": s.U, "weight_hh": s.W, "bias_ih": s.first, "bias_hh": s.second}
    return {name + _end(layer, reverse): array for name, array in arrays.items()}


def _end(layer: int, reverse: bool) -> str:
    return f"_l{layer}{'_reverse' if reverse else ''}"


def _array(value: Any) -> Array:
    return np.asarray(value.detach().cpu().numpy() if hasattr(value, "detach") else value)
