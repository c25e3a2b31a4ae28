"""The LSTM with forget gate: gates i, f, o, candidate g, cell c, state h."""
from __future__ import annotations

from lstm_sym.cells.builder import Cell
from lstm_sym.cells.papers import GERS_FORGET
from lstm_sym.expr.functions import sigmoid, tanh
from lstm_sym.expr.nodes import stack
from lstm_sym.expr.recurrence import Recurrence


def lstm() -> Recurrence:
    """c[t] = f[t] o c[t-1] + i[t] o g[t],  h[t] = o[t] o tanh(c[t]); a gate is sigma(W h[t-1] + U x[t] + b).

    Shapes: x (m, 1); h, c, gates, biases (n, 1); W_* (n, n); U_* (n, m).  Gates in (0, 1); g and h in (-1, 1).
    Source: Gers, Schmidhuber, Cummins 2000.  Differs from the paper: one cell a block, tanh for its scaled sigmoids.
    """
    cell = Cell("lstm", cite=GERS_FORGET)
    n, m = cell.sizes("n m")
    x, h, c = cell.input("x", m), cell.state("h", n), cell.state("c", n)
    W_i, W_f, W_o, W_g = cell.parameters("W_i W_f W_o W_g", n, n)
    U_i, U_f, U_o, U_g = cell.parameters("U_i U_f U_o U_g", n, m)
    b_i, b_f, b_o, b_g = cell.parameters("b_i b_f b_o b_g", n)
    i = cell.let("i", sigmoid(W_i @ h.previous + U_i @ x + b_i))
    f = cell.let("f", sigmoid(W_f @ h.previous + U_f @ x + b_f))
    o = cell.let("o", sigmoid(W_o @ h.previous + U_o @ x + b_o))
    g = cell.let("g", tanh(W_g @ h.previous + U_g @ x + b_g))
    cell.let(c, f * c.previous + i * g)
    cell.let(h, o * tanh(c))
    return cell.recurrence


def lstm_concatenated() -> Recurrence:
    """v[t] = [h[t-1]; x[t]], a gate is sigma(W v[t] + b); then as `lstm`.

    Shapes: v (n + m, 1); W_* (n, n + m), the columns in the order of v; the rest as `lstm`.
    Source: the form of Olah 2015, "Understanding LSTM Networks".
    """
    cell = Cell("lstm-concatenated", cite=GERS_FORGET)
    n, m = cell.sizes("n m")
    x, h, c = cell.input("x", m), cell.state("h", n), cell.state("c", n)
    W_i, W_f, W_o, W_g = cell.parameters("W_i W_f W_o W_g", n, n + m)
    b_i, b_f, b_o, b_g = cell.parameters("b_i b_f b_o b_g", n)
    v = cell.let("v", stack(h.previous, x))
    i = cell.let("i", sigmoid(W_i @ v + b_i))
    f = cell.let("f", sigmoid(W_f @ v + b_f))
    o = cell.let("o", sigmoid(W_o @ v + b_o))
    g = cell.let("g", tanh(W_g @ v + b_g))
    cell.let(c, f * c.previous + i * g)
    cell.let(h, o * tanh(c))
    return cell.recurrence
