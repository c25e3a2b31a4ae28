"""The simple recurrent network."""
from __future__ import annotations

from lstm_sym.cells.builder import Cell
from lstm_sym.cells.papers import ELMAN
from lstm_sym.expr.functions import apply
from lstm_sym.expr.recurrence import Recurrence


def rnn(activation: str = "tanh") -> Recurrence:
    """a[t] = W h[t-1] + U x[t] + b,  h[t] = phi(a[t]).

    Shapes: x (m, 1); h, a, b (n, 1); W (n, n); U (n, m).  activation: a row of the functions table, "identity" (the
    linear network), or any other name for a generic smooth function.
    Source: Elman 1990, Cognitive Science 14(2).  Differs from the paper: any activation; no readout.
    """
    cell = Cell("rnn", cite=ELMAN)
    n, m = cell.sizes("n m")
    x, h = cell.input("x", m), cell.state("h", n)
    W, U, b = cell.parameter("W", n, n), cell.parameter("U", n, m), cell.parameter("b", n)
    a = cell.let("a", W @ h.previous + U @ x + b)
    cell.let(h, apply(activation, a))
    return cell.recurrence
