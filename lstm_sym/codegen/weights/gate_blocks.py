"""Gates in one matrix: W = [W_i; W_f; ...], block k for gate k in the order of a library, and what becomes of two biases.

A library that adds b_ih + b_hh has one bias of ours; inside a reset, r o (W_g h + d_g), the second one stays apart as d_g.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from lstm_sym.errors import BadArgument

Array: TypeAlias = "np.ndarray[Any, Any]"
Arrays: TypeAlias = dict[str, Array]
Orders: TypeAlias = Mapping[int, Sequence[str]]              # number of gates -> suffixes of our names, in a library's order
INSIDE = "_g"                                                # the gate whose second bias stands inside the reset


@dataclass(frozen=True, slots=True)
class Stacked:
    """Every gate in one array: U (gates n, m), W (gates n, n), and the biases beside U and beside W, (gates n)."""

    U: Array
    W: Array
    first: Array
    second: Array


def apart(base: str, stacked: Array, order: Sequence[str]) -> Arrays:
    """Rows of `stacked` by gate: W_i, W_f ...  Errors: BadArgument if they do not divide."""
    if len(stacked) % len(order):
        raise BadArgument(f"{base} has {len(stacked)} rows, expected a multiple of {len(order)} for {', '.join(order)}")
    return {base + k: block.copy() for k, block in zip(order, np.split(stacked, len(order)), strict=True)}


def together(base: str, params: Mapping[str, Any], order: Sequence[str]) -> Array:
    """The inverse: the blocks of all gates above one another."""
    return np.concatenate([np.asarray(params[base + k]) for k in order])


def params_of(stacked: Stacked, orders: Orders, reset_after: bool = False) -> Arrays:
    """Our parameters; reset_after: if it is a GRU, the candidate's second bias is d_g, inside the reset.

    Errors: BadArgument for shapes of no cell with one, three or four gates.
    """
    gates, rest = divmod(len(stacked.W), stacked.W.shape[1])
    if rest or gates not in orders or len(stacked.U) != len(stacked.W):
        raise BadArgument(f"weights of shapes {stacked.U.shape} and {stacked.W.shape} are those of no RNN, LSTM or GRU")
    order = orders[gates]
    params = {**apart("W", stacked.W, order), **apart("U", stacked.U, order), **apart("b", stacked.first, order)}
    for name, second in apart("b", stacked.second, order).items():
        if reset_after and gates == 3 and name == f"b{INSIDE}":
            params[f"d{INSIDE}"] = second
        else:
            params[name] = params[name] + second
    return params


def stacked_of(params: Mapping[str, Any], orders: Orders) -> Stacked:
    """The inverse: all of b beside U, d_g beside W, 0 elsewhere.  Errors: BadArgument for names of no such cell."""
    order = _order(set(params), orders)
    first = together("b", params, order)
    second = {f"b{k}": np.zeros_like(np.asarray(params[f"b{k}"])) for k in order}
    if f"d{INSIDE}" in params:
        second[f"b{INSIDE}"] = np.asarray(params[f"d{INSIDE}"])
    return Stacked(together("U", params, order), together("W", params, order), first, together("b", second, order))


def _order(names: set[str], orders: Orders) -> Sequence[str]:
    for order in orders.values():
        needed = {base + k for base in "WUb" for k in order}
        if names in (needed, needed | ({f"d{INSIDE}"} if len(order) == 3 else set())):
            return order
    raise BadArgument(f"the names {', '.join(sorted(names))} are those of no RNN, LSTM or GRU that this layout has")
