"""The LSTM as it was first published: no forget gate, a constant error carousel."""
from __future__ import annotations

from lstm_sym.cells.builder import Cell
from lstm_sym.cells.papers import HOCHREITER
from lstm_sym.expr.functions import sigmoid, tanh
from lstm_sym.expr.recurrence import Recurrence


def lstm_1997() -> Recurrence:
    """c[t] = c[t-1] + i[t] o g[t],  h[t] = o[t] o tanh(c[t] / 2),  g[t] = 2 tanh(a_g[t] / 2).

    The squashing functions are those of the paper: 4 sigma(a) - 2 = 2 tanh(a / 2) and 2 sigma(c) - 1 = tanh(c / 2).
    Shapes: x (m, 1); h, c, gates, biases (n, 1).  Gates in (0, 1); g in (-2, 2); h in (-1, 1).
    Source: Hochreiter & Schmidhuber 1997.
    Differs from the paper: one cell a block; gates see h and x only; gradients are not truncated unless asked for.
    """
    cell = Cell("lstm-1997", cite=HOCHREITER)
    n, m = cell.sizes("n m")
    x, h, c = cell.input("x", m), cell.state("h", n), cell.state("c", n)
    W_i, W_o, W_g = cell.parameters("W_i W_o W_g", n, n)
    U_i, U_o, U_g = cell.parameters("U_i U_o U_g", n, m)
    b_i, b_o, b_g = cell.parameters("b_i b_o b_g", n)
    i = cell.let("i", sigmoid(W_i @ h.previous + U_i @ x + b_i))
    o = cell.let("o", sigmoid(W_o @ h.previous + U_o @ x + b_o))
    a_g = cell.let("a_g", W_g @ h.previous + U_g @ x + b_g)
    theta_g = cell.let("theta_g", tanh(a_g / 2))
    g = cell.let("g", 2 * theta_g)
    cell.let(c, c.previous + i * g)
    cell.let(h, o * tanh(c / 2))
    return cell.recurrence
