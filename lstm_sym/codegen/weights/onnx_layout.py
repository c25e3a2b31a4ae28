"""Inputs W, R, B, P of the ONNX operators RNN, LSTM and GRU: orders i, o, f, c and z, r, h; a leading axis of directions.

W multiplies the input (our U) and R the state (our W).  B = [Wb, Rb]; P are peepholes in the order i, o, f.
The LSTM is our `lstm`, with P our `lstm-vanilla`; the GRU our `gru`, with linear_before_reset our `gru-after`.
Source: the operators of ONNX.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lstm_sym.codegen.weights.gate_blocks import Arrays, Orders, Stacked, apart, params_of, stacked_of, together
from lstm_sym.errors import BadArgument

ORDERS: Orders = {
    1: ("",),                                                # W, U, b
    3: ("_z", "_r", "_g"),                                   # h is our g
    4: ("_i", "_o", "_f", "_g"),                             # c is our g
}
PEEPHOLES = ("_i", "_o", "_f")


def params_from_onnx(arrays: Mapping[str, Any], linear_before_reset: bool = False, direction: int = 0) -> Arrays:
    """Our parameters of one direction: W (directions, gates n, m), R (directions, gates n, n), and B and P if there are any.

    Errors: BadArgument for missing inputs or shapes of no such operator.
    """
    if not {"W", "R"} <= set(arrays) <= {"W", "R", "B", "P"}:
        raise BadArgument(f"expected the inputs W, R and perhaps B and P, got {', '.join(arrays)}")
    given = {name: np.asarray(value)[direction] for name, value in arrays.items()}
    first, second = np.split(given.get("B", np.zeros(2 * len(given["R"]), given["R"].dtype)), 2)
    peepholes = apart("p", given["P"], PEEPHOLES) if "P" in given else {}
    return {**params_of(Stacked(given["W"], given["R"], first, second), ORDERS, linear_before_reset), **peepholes}


def params_to_onnx(params: Mapping[str, Any]) -> Arrays:
    """The inverse, one direction.  A model with d_g needs linear_before_reset = 1.  Errors: BadArgument for other names."""
    peepholes = {f"p{k}" for k in PEEPHOLES} & set(params)
    s = stacked_of({name: p for name, p in params.items() if name not in peepholes}, ORDERS)
    arrays = {"W": s.U, "R": s.W, "B": np.concatenate([s.first, s.second])}
    if peepholes:
        if len(peepholes) < len(PEEPHOLES):
            raise BadArgument(f"of the peepholes p_i, p_o, p_f there are only {', '.join(sorted(peepholes))}")
        arrays["P"] = together("p", params, PEEPHOLES)
    return {name: array[None] for name, array in arrays.items()}
