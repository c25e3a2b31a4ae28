"""The tasks of `symbolic.py` by this package."""
from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from child import main, seconds


def import_name() -> dict[str, Any]:
    """`import lstm_sym`; public names load when they are used."""
    return {"seconds": seconds(lambda: importlib.import_module("lstm_sym"), clock=time.perf_counter)}


def import_all() -> dict[str, Any]:
    """`import lstm_sym` and everything behind backward, latex and decide; most of it is SymPy and NumPy."""
    ls = importlib.import_module("lstm_sym")
    return {"seconds": seconds(lambda: (ls.backward, ls.latex, ls.decide, ls.Cell), clock=time.perf_counter)}


def tanh_layer() -> dict[str, Any]:
    """Gradient of 1' tanh(W h + b) by W."""
    ls, vjp = importlib.import_module("lstm_sym"), importlib.import_module("lstm_sym.calculus.vjp")
    n = importlib.import_module("lstm_sym.expr.indices").integer("n")
    W, h, b = ls.Named("W", n, n), ls.Named("h", n), ls.Named("b", n)
    loss = ls.Ones(1, n) @ ls.tanh(W @ h + b)
    return {"seconds": seconds(lambda: vjp.pullback(loss, loss, ls.Ones(1, 1)), 20)}


def lstm_gradients() -> dict[str, Any]:
    """Every gradient of the LSTM, for all n, m and T, at symbolic t."""
    ls = importlib.import_module("lstm_sym")
    cell = ls.as_recurrence("lstm")
    found = ls.backward(cell)
    return {"seconds": seconds(lambda: ls.backward(cell), 20), "count": len(found.outputs)}


def unrolled(steps: int) -> Callable[[], dict[str, Any]]:
    """The LSTM unrolled over `steps` steps, and differentiated."""
    def task() -> dict[str, Any]:
        ls = importlib.import_module("lstm_sym")
        unroll = importlib.import_module("lstm_sym.calculus.unroll").unroll
        nodes_in = importlib.import_module("lstm_sym.expr.substitute").nodes_in
        cell = ls.as_recurrence("lstm")
        ls.backward(unroll(cell, {"T": 2}))
        start = time.process_time()
        found = ls.backward(unroll(cell, {"T": steps}))
        taken = time.process_time() - start
        return {"seconds": taken, "nodes": sum(len(nodes_in(e.rhs)) for e in found.equations)}
    return task


# --- identities ---------------------------------------------------------------------------------------------------

Claim = tuple[str, Any, Any, Any]                            # name, left, right, the recurrence that defines the names


def identities() -> dict[str, Any]:
    """The form of the papers against the derived one: each decided, equal for all n, m, T."""
    decide = importlib.import_module("lstm_sym").decide
    each = {}
    for name, left, right, given in (*rnn_claims(), *lstm_claims()):
        verdict = type(decide(left, right, given)).__name__
        each[name] = [verdict, seconds(lambda a=left, b=right, r=given: decide(a, b, r), 3)]
    return {"each": each, "seconds": max(taken for _, taken in each.values())}


class Net:
    """A model with its gradients; q("h") is h[t], d("h") is dL/dh[t], direct("h") the direct partial."""

    def __init__(self, name: str) -> None:
        self.ls = importlib.import_module("lstm_sym")
        self.labels = importlib.import_module("lstm_sym.expr.labels")
        self.given = self.ls.backward(name)
        self.q = self.given.quantity

    def d(self, name: str) -> Any:
        return self.q(self.labels.Total("L", name))

    def direct(self, name: str) -> Any:
        return self.q(self.labels.Direct("L", name))

    def over_time(self, term: Any) -> Any:
        """sum of term over t = 1 .. T."""
        (time,) = self.given.axes
        return self.ls.sum_over(term, time.index, 1, time.length)


def after(named: Any) -> Any:
    """h[t+1] of h[t]."""
    return named[named.indices[0] + 1]


def rnn_claims() -> Iterator[Claim]:
    """Elman's network: the backward recursion and the gradients."""
    net = Net("rnn")
    h, x, W, U, dh = net.q("h"), net.q("x"), net.q("W"), net.q("U"), net.d("h")
    da = dh * (1 - h * h)
    yield "RNN dL/dh[t]", dh, net.direct("h") + W.T @ (after(dh) * (1 - after(h) * after(h))), net.given
    yield "RNN dL/dW", net.d("W"), net.over_time(da @ h.previous.T), net.given
    yield "RNN dL/dU", net.d("U"), net.over_time(da @ x.T), net.given
    yield "RNN dL/db", net.d("b"), net.over_time(da), net.given
    yield "RNN dL/dx[t]", net.d("x"), U.T @ da, net.given
    yield "RNN dL/dh[0]", dh[0], W.T @ (dh[1] * (1 - h[1] * h[1])), net.given


def lstm_claims() -> Iterator[Claim]:
    """The LSTM with forget gate: cell, gates, parameters, boundary."""
    net = Net("lstm")
    h, c, i, f, o, g, x = map(net.q, "hcifogx")
    dh, dc = net.d("h"), net.d("c")
    tanh_c = net.ls.tanh(c)
    gates = {"i": dc * g * i * (1 - i), "f": dc * c.previous * f * (1 - f), "o": dh * tanh_c * o * (1 - o),
             "g": dc * i * (1 - g * g)}
    later = [net.q(f"W_{k}").T @ after(net.d(f"a_{k}")) for k in gates]
    yield "LSTM dL/dh[t]", dh, sum(later, net.direct("h")), net.given
    yield "LSTM dL/dc[t]", dc, net.direct("c") + after(dc) * after(f) + dh * o * (1 - tanh_c * tanh_c), net.given
    for k, gate in gates.items():
        yield f"LSTM dL/da_{k}[t]", net.d(f"a_{k}"), gate, net.given
        yield f"LSTM dL/dW_{k}", net.d(f"W_{k}"), net.over_time(gate @ h.previous.T), net.given
        yield f"LSTM dL/dU_{k}", net.d(f"U_{k}"), net.over_time(gate @ x.T), net.given
        yield f"LSTM dL/db_{k}", net.d(f"b_{k}"), net.over_time(gate), net.given
    yield "LSTM dL/dx[t]", net.d("x"), sum((net.q(f"U_{k}").T @ a for k, a in gates.items()), 0 * x), net.given
    yield "LSTM dL/dc[0]", dc[0], dc[1] * f[1], net.given


def slopes() -> dict[str, Any]:
    """sigma' = sigma (1 - sigma) and tanh' = 1 - tanh^2, each for all n."""
    net = Net("rnn")
    ls, n = net.ls, net.q("h").shape[0]
    vjp = importlib.import_module("lstm_sym.calculus.vjp")
    z, found = ls.Named("z", n), {}
    for name, of in (("sigma'", lambda y: y * (1 - y)), ("tanh'", lambda y: 1 - y * y)):
        y = (ls.sigmoid if name == "sigma'" else ls.tanh)(z)
        loss = ls.Ones(1, n) @ y
        (part,) = vjp.pullback(loss, loss, ls.Ones(1, 1))
        right = of(y)
        found[name] = [type(ls.decide(part.cotangent, right)).__name__,
                       seconds(lambda a=part.cotangent, b=right: ls.decide(a, b), 3)]
    return {"each": found, "seconds": max(taken for _, taken in found.values())}


TASKS: dict[str, Callable[[], dict[str, Any]]] = {
    "import": import_name, "import-all": import_all, "layer": tanh_layer, "gradients": lstm_gradients, "slopes": slopes,
    "identities": identities, **{f"unrolled-{steps}": unrolled(steps) for steps in (2, 32, 64, 128, 256)},
}

if __name__ == "__main__":
    main(TASKS)
