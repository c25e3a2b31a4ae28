"""Weights of the Keras layers SimpleRNN, LSTM and GRU: kernels transposed, gates as columns in the orders i, f, c, o and z, r, h.

The LSTM is our `lstm`; the GRU our `gru-after` where its bias has two rows (reset_after, the default), else our `gru`.
Source: keras/src/layers/rnn of Keras 3.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lstm_sym.codegen.weights.gate_blocks import Array, Arrays, Orders, Stacked, params_of, stacked_of
from lstm_sym.errors import BadArgument

ORDERS: Orders = {
    1: ("",),                                                # W, U, b
    3: ("_z", "_r", "_g"),                                   # h is our g
    4: ("_i", "_f", "_g", "_o"),                             # c is our g
}


def params_from_keras(weights: Sequence[Any]) -> Arrays:
    """Our parameters from layer.get_weights(): kernel (m, gates n), recurrent kernel (n, gates n) and perhaps a bias.

    A layer without bias has zeros; a GRU without one is taken to reset before the product.
    Errors: BadArgument for shapes of no such layer.
    """
    if len(weights) not in (2, 3):
        raise BadArgument(f"expected a kernel, a recurrent kernel and perhaps a bias, got {len(weights)} arrays")
    U, W = (np.asarray(w).T for w in weights[:2])
    bias = np.asarray(weights[2]) if len(weights) == 3 else np.zeros(len(W), W.dtype)
    first, second = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))
    return params_of(Stacked(U, W, first, second), ORDERS, reset_after=bias.ndim == 2)


def params_to_keras(params: Mapping[str, Any]) -> list[Array]:
    """The inverse: [kernel, recurrent kernel, bias] for layer.set_weights.  Errors: BadArgument for other names."""
    s = stacked_of(params, ORDERS)
    return [s.U.T.copy(), s.W.T.copy(), np.stack([s.first, s.second]) if "d_g" in params else s.first]
