"""Greff's vanilla LSTM (forget gate and peepholes) and its eight variants, each an edit of one builder."""
from __future__ import annotations

from dataclasses import dataclass

from lstm_sym.cells.builder import Cell
from lstm_sym.cells.papers import GERS_PEEPHOLES, GREFF
from lstm_sym.expr.functions import apply, sigmoid
from lstm_sym.expr.nodes import Named, Node, add
from lstm_sym.expr.recurrence import Recurrence


@dataclass(frozen=True, slots=True)
class Variant:
    """What the LSTM has.  gates: those computed from h and x, the others being 1;  coupled: f = 1 - i.

    input_activation of g, output_activation of c: "tanh" or "identity";  gate_recurrence: every gate sees all gates of
    the step before.
    """

    gates: str = "ifo"
    coupled: bool = False
    input_activation: str = "tanh"
    output_activation: str = "tanh"
    peepholes: bool = True
    gate_recurrence: bool = False


VANILLA = Variant()
VARIANTS: dict[str, Variant] = {
    "nig":  Variant(gates="fo"),                             # i = 1
    "nfg":  Variant(gates="io"),                             # f = 1
    "nog":  Variant(gates="if"),                             # o = 1
    "niaf": Variant(input_activation="identity"),            # g = a_g
    "noaf": Variant(output_activation="identity"),           # h = o o c
    "cifg": Variant(gates="io", coupled=True),               # f = 1 - i
    "np":   Variant(peepholes=False),                        # p = 0
    "fgr":  Variant(gate_recurrence=True),                   # a_k = ... + W_ik i[t-1] + W_fk f[t-1] + W_ok o[t-1]
}


def greff(variant: Variant = VANILLA, name: str = "lstm-vanilla", cite: str = GREFF) -> Recurrence:
    """c[t] = f[t] o c[t-1] + i[t] o g[t],  h[t] = o[t] o tanh(c[t]); gates see the cell through peepholes.

    a_i = W_i h[t-1] + U_i x[t] + p_i o c[t-1] + b_i, a_f alike; the peephole of o sees the new cell, p_o o c[t].
    Shapes: x (m, 1); h, c, gates, p_*, b_* (n, 1); W_* (n, n); U_* (n, m); W_jk (n, n) leads from gate j to gate k.
    Source: Greff et al. 2015, section II; the variants: section III.
    """
    cell = Cell(name, cite)
    parts = _Parts(cell, variant)
    i = parts.gate("i", parts.c.previous)
    f = cell.let("f", 1 - i) if variant.coupled and i is not None else parts.gate("f", parts.c.previous)
    g = cell.let("g", apply(variant.input_activation, parts.preactivation("g")))
    c = cell.let(parts.c, _times(f, parts.c.previous) + _times(i, g))
    o = parts.gate("o", c)
    cell.let(parts.h, _times(o, apply(variant.output_activation, c)))
    return cell.recurrence


def lstm_peephole() -> Recurrence:
    """The vanilla LSTM before it had that name.

    Source: Gers, Schraudolph, Schmidhuber 2002.  Differs from the paper: gradients flow through the peepholes too.
    """
    return greff(VANILLA, "lstm-peephole", GERS_PEEPHOLES)


def _times(gate: Named | None, value: Node) -> Node:
    return value if gate is None else gate * value


class _Parts:
    """Declares what a variant needs, and gives the pre-activations of its gates."""

    def __init__(self, cell: Cell, variant: Variant) -> None:
        self.cell, self.variant = cell, variant
        n, m = cell.sizes("n m")
        units = variant.gates + "g"
        self.x, self.h, self.c = cell.input("x", m), cell.state("h", n), cell.state("c", n)
        self.gates = [cell.state(k, n) for k in variant.gates] if variant.gate_recurrence else []
        self.W = {k: cell.parameter(f"W_{k}", n, n) for k in units}
        self.U = {k: cell.parameter(f"U_{k}", n, m) for k in units}
        self.b = {k: cell.parameter(f"b_{k}", n) for k in units}
        self.p = {k: cell.parameter(f"p_{k}", n) for k in variant.gates if variant.peepholes}
        self.R = {(j.name, k): cell.parameter(f"W_{j.name}{k}", n, n) for j in self.gates for k in variant.gates}

    def preactivation(self, k: str, *more: Node) -> Named:
        """a_k = W_k h[t-1] + U_k x[t] + more + b_k."""
        return self.cell.let(f"a_{k}", add(self.W[k] @ self.h.previous, self.U[k] @ self.x, *more, self.b[k]))

    def gate(self, k: str, seen: Node) -> Named | None:
        """k = sigma(a_k), the peephole on `seen`; None for a gate that is not computed."""
        if k not in self.variant.gates:
            return None
        peephole = [self.p[k] * seen] if k in self.p else []
        from_gates = [self.R[j.name, k] @ j.previous for j in self.gates]
        state = next((j for j in self.gates if j.name == k), k)
        return self.cell.let(state, sigmoid(self.preactivation(k, *peephole, *from_gates)))
