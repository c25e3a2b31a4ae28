"""Recurrences for tests of the calculus, written without the catalogue: every kind of axis, scan and node."""

from lstm_sym.expr.functions import exp, log, sigmoid, softplus, tanh
from lstm_sym.expr.indices import integers
from lstm_sym.expr.nodes import Named, Node, Ones, ProductOver, Slice, Stack, SumOver, When
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, Scan, once

n, m, q, t, T, l, D, s = integers("n m q t T l D s")
TIME, DEPTH = Axis(t, T), Axis(l, D)
LOSS = Named("L", 1, 1)
W, U, V = Named("W", n, n), Named("U", n, m), Named("V", q, n)
b, x, h, a, y = Named("b", n), Named("x", m), Named("h", n), Named("a", n), Named("y", q)
SIZES = {"n": 2, "m": 3, "q": 2, "T": 3, "D": 2}


def over_time(lhs: Named, rhs: Node) -> Equation:
    return Equation(lhs, rhs, (TIME,))


def square(v: Node) -> Node:
    """v' v."""
    return v.T @ v


def rnn(*losses: Equation) -> Recurrence:
    """a = W h + U x + b, h = tanh(a)."""
    step = over_time(a[t], W @ h[t - 1] + U @ x[t] + b), over_time(h[t], tanh(a[t]))
    scans = Scan(step, (1,)), once(*losses)
    return Recurrence((TIME,), (W, U, b), (x[t],), (), (h[0],), scans, (h[t],))


def with_time_sum() -> Recurrence:
    return rnn(Equation(LOSS, SumOver(square(h[t]), t, 1, T)))


def with_last_step() -> Recurrence:
    return rnn(Equation(LOSS, square(h[T])))


def with_double_sum() -> Recurrence:
    """Pairs of steps, one of them reversed, and the step 0."""
    return rnn(Equation(LOSS, SumOver(SumOver(h[t].T @ W @ h[T + 1 - s], s, 1, t), t, 1, T) + square(h[0] + h[1])))


def with_running_sum() -> Recurrence:
    """y[t] reads every earlier step, the bound index named as the axis."""
    running = over_time(Named("r", n)[t], SumOver(h[s], s, 1, t) + SumOver(h[t], t, 1, T) * tanh(b))
    base = rnn()
    loss = Equation(LOSS, SumOver(square(Named("r", n)[t]), t, 1, T))
    return base.then(Scan((running,), (1,)), once(loss))


def with_product() -> Recurrence:
    """A product of matrices over time, in both orders."""
    gate = W + h[t] @ b.T
    body = ProductOver(gate, t, 1, T) @ h[0] + ProductOver(gate, t, 1, T - 1, -1) @ b
    return rnn(Equation(LOSS, square(body)))


def with_condition() -> Recurrence:
    """A loss on the second half of the steps, and an even part of a state."""
    return rnn(Equation(LOSS, SumOver(When(square(h[t]), t - 2) + When(h[T + 1 - t].T @ h[t], T - t - 1), t, 1, T)))


def softmax_readout() -> Recurrence:
    """Cross-entropy of a softmax readout at each step; V is q by n, the target is an input."""
    k, target = Named("k", 1, 1), Named("tau", q)
    logits = over_time(y[t], V @ h[t])
    total = over_time(k[t], log(Ones(1, q) @ exp(y[t])))
    loss = Equation(LOSS, SumOver(k[t] * (Ones(1, q) @ target[t]) - target[t].T @ y[t], t, 1, T))
    base = rnn()
    return base.then(Scan((logits, total), (1,)), once(loss), parameters=(*base.parameters, V),
                     inputs=(*base.inputs, target[t]))


def lstm(peepholes: bool = False) -> Recurrence:
    """The LSTM with one equation a gate."""
    c, theta = Named("c", n), Named("theta", n)
    parameters, equations, gate = [], [], {}
    for name in "ifog":
        weights = Named(f"W_{name}", n, n), Named(f"U_{name}", n, m), Named(f"b_{name}", n)
        peephole = Named(f"p_{name}", n)
        before, gate[name] = Named(f"a_{name}", n), Named(name, n)[t]
        sees = c[t - 1] if name in "if" else None
        inside = weights[0] @ h[t - 1] + weights[1] @ x[t] + weights[2]
        if peepholes and sees is not None:
            inside, weights = inside + peephole * sees, (*weights, peephole)
        parameters += weights
        equations += [over_time(before[t], inside),
                      over_time(gate[name], (tanh if name == "g" else sigmoid)(before[t]))]
    equations += [over_time(c[t], gate["f"] * c[t - 1] + gate["i"] * gate["g"]), over_time(theta[t], tanh(c[t])),
                  over_time(h[t], gate["o"] * theta[t])]
    loss = Equation(LOSS, SumOver(square(h[t]), t, 1, T) + Ones(1, n) @ c[T])
    scans = Scan(tuple(equations), (1,)), once(loss)
    return Recurrence((TIME,), tuple(parameters), (x[t],), (), (h[0], c[0]), scans, (h[t],))


def peephole_lstm() -> Recurrence:
    return lstm(peepholes=True)


def stacked_lstm() -> Recurrence:
    """The gates as rows of one pre-activation K [h; x] + b: Stack and Slice."""
    K, bias, big = Named("K", 4 * n, n + m), Named("b", 4 * n), Named("a", 4 * n)
    c, v = Named("c", n), Named("v", n + m)
    i, f, o = (sigmoid(Slice(big[t], k * n, n)) for k in range(3))
    step = (over_time(v[t], Stack(h[t - 1], x[t])), over_time(big[t], K @ v[t] + bias),
            over_time(c[t], f * c[t - 1] + i * tanh(Slice(big[t], 3 * n, n))), over_time(h[t], o * tanh(c[t])))
    loss = Equation(LOSS, SumOver(square(Stack(h[t], c[t])), t, 1, T))
    return Recurrence((TIME,), (K, bias), (x[t],), (), (h[0], c[0]), (Scan(step, (1,)), once(loss)), (h[t],))


def grid(corner: bool = True) -> Recurrence:
    """h[t, l] from both directions, weights for each layer; the loss at the corner or over all."""
    A, B, bias, z = Named("A", n, n), Named("B", n, n), Named("b", n), Named("z", n)
    pre = Equation(z[t, l], A[l] @ h[t - 1, l] + B[l] @ h[t, l - 1] + bias[l], (TIME, DEPTH))
    step = Equation(h[t, l], tanh(z[t, l]), (TIME, DEPTH))
    every = SumOver(SumOver(square(h[t, l]), l, 1, D), t, 1, T)
    loss = Equation(LOSS, square(h[T, D]) if corner else every)
    return Recurrence((TIME, DEPTH), (A[l], B[l], bias[l]), (), (), (h[0, l], h[t, 0]),
                      (Scan((pre, step), (1, 1)), once(loss)), (h[t, l],))


def grid_over_all() -> Recurrence:
    return grid(corner=False)


def bidirectional() -> Recurrence:
    """The second scan runs backwards and reads the first one's trajectory; the loss reads both."""
    R, r, e = Named("R", n, n), Named("r", n), Named("e", n)
    end = Named("r_end", n)
    first = over_time(a[t], W @ h[t - 1] + U @ x[t] + b), over_time(h[t], tanh(a[t]))
    back = over_time(r[t], tanh(R @ When(r[t + 1], T - t - 1) + When(end, t - T) + h[t] * b + U @ x[t])),
    both = over_time(e[t], h[t] * r[t] + h[t - 1])
    loss = Equation(LOSS, SumOver(square(e[t]), t, 1, T))
    scans = Scan(first, (1,)), Scan(back, (-1,)), Scan((both,), (1,)), once(loss)
    return Recurrence((TIME,), (W, U, b, R, end), (x[t],), (), (h[0],), scans, (e[t],))


def variational() -> Recurrence:
    """A small VRNN: z = mu + sd o eps, a KL term against a prior that reads h, a reconstruction term."""
    mu, sd, prior, z, eps, kl = (Named(k, n) for k in ("mu", "sd", "prior", "z", "eps", "kl"))
    kl = Named("kl", 1, 1)
    P, Q = Named("P", n, n), Named("Q", n, n)
    difference = mu[t] - prior[t]
    scan = (over_time(prior[t], tanh(P @ h[t - 1])), over_time(mu[t], tanh(Q @ h[t - 1] + U @ x[t])),
            over_time(sd[t], softplus(Q @ mu[t] + b)), over_time(z[t], mu[t] + sd[t] * eps[t]),
            over_time(h[t], tanh(W @ h[t - 1] + P @ z[t] + b)),
            over_time(kl[t], (square(difference) + square(sd[t])) / 2 - Ones(1, n) @ log(sd[t])))
    loss = Equation(LOSS, SumOver(kl[t] + square(x[t] - U.T @ z[t]), t, 1, T))
    return Recurrence((TIME,), (W, U, b, P, Q), (x[t],), (eps[t],), (h[0],), (Scan(scan, (1,)), once(loss)), (z[t],))


def computed_start() -> Recurrence:
    """h[0] is computed from a parameter, and h0 reads a scalar."""
    start, scalar = Named("h_start", n), Named("k", 1, 1)
    first = once(Equation(h[0], tanh(W @ start) * scalar))
    step = Scan((over_time(a[t], W @ h[t - 1] + b), over_time(h[t], scalar * tanh(a[t]) + h[t - 1] / 2)), (1,))
    return Recurrence((TIME,), (W, b, start, scalar), (), (), (), (first, step, once(Equation(LOSS, square(h[T])))))


NETS = [with_time_sum, with_last_step, with_double_sum, with_running_sum, with_product, with_condition,
        softmax_readout, lstm, peephole_lstm, stacked_lstm, grid, grid_over_all, bidirectional, variational,
        computed_start]
