"""The gated recurrent unit: reset before or after the recurrent product, and both conventions for the update gate."""
from __future__ import annotations

from collections.abc import Callable

from lstm_sym.cells.builder import Cell
from lstm_sym.expr.functions import sigmoid, tanh
from lstm_sym.expr.nodes import Named, Node
from lstm_sym.expr.recurrence import Recurrence

Update = Callable[[Named, Node, Node], Node]


def keeps(z: Named, old: Node, new: Node) -> Node:
    """z o old + (1 - z) o new: z = 1 keeps the state."""
    return z * old + (1 - z) * new


def renews(z: Named, old: Node, new: Node) -> Node:
    """(1 - z) o old + z o new: z = 1 renews the state; `keeps` with W_z, U_z, b_z negated."""
    return (1 - z) * old + z * new


def gru_reset_before(name: str, cite: str, update: Update) -> Recurrence:
    """g[t] = tanh(W_g (r[t] o h[t-1]) + U_g x[t] + b_g),  h[t] = update of h[t-1] by g[t] with z[t].

    Shapes: x (m, 1); h, r, z, g, b_* (n, 1); W_* (n, n); U_* (n, m).  Gates in (0, 1); |h| <= max(1, |h[0]|).
    Source: Cho et al. 2014, equations 5 to 8, where z keeps; Chung et al. 2014, where z renews.
    """
    cell = Cell(name, cite)
    n, m = cell.sizes("n m")
    x, h = cell.input("x", m), cell.state("h", n)
    W_r, W_z, W_g = cell.parameters("W_r W_z W_g", n, n)
    U_r, U_z, U_g = cell.parameters("U_r U_z U_g", n, m)
    b_r, b_z, b_g = cell.parameters("b_r b_z b_g", n)
    r = cell.let("r", sigmoid(W_r @ h.previous + U_r @ x + b_r))
    z = cell.let("z", sigmoid(W_z @ h.previous + U_z @ x + b_z))
    g = cell.let("g", tanh(W_g @ (r * h.previous) + U_g @ x + b_g))
    cell.let(h, update(z, h.previous, g))
    return cell.recurrence


def gru_reset_after(name: str, cite: str, update: Update) -> Recurrence:
    """q[t] = W_g h[t-1] + d_g,  g[t] = tanh(U_g x[t] + b_g + r[t] o q[t]): one product for all gates, a second bias.

    Shapes: as `gru_reset_before`; d_g (n, 1).  Another function than reset before, not another form of it.
    Source: the form of cuDNN, torch.nn.GRU and Keras (reset_after), where z keeps.
    """
    cell = Cell(name, cite)
    n, m = cell.sizes("n m")
    x, h = cell.input("x", m), cell.state("h", n)
    W_r, W_z, W_g = cell.parameters("W_r W_z W_g", n, n)
    U_r, U_z, U_g = cell.parameters("U_r U_z U_g", n, m)
    b_r, b_z, b_g = cell.parameters("b_r b_z b_g", n)
    d_g = cell.parameter("d_g", n)
    r = cell.let("r", sigmoid(W_r @ h.previous + U_r @ x + b_r))
    z = cell.let("z", sigmoid(W_z @ h.previous + U_z @ x + b_z))
    q = cell.let("q", W_g @ h.previous + d_g)
    g = cell.let("g", tanh(U_g @ x + b_g + r * q))
    cell.let(h, update(z, h.previous, g))
    return cell.recurrence
