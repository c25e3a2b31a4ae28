"""Verdicts of `decide`: what the recurrence says counts, nothing refutes a true claim, and every question ends in time."""

from functools import reduce
from time import process_time

import pytest
import sympy as sp
from proving import FREE, TIME, A, B, T, equal, f, j, k, m, n, proves, t, u, v, x

from lstm_sym.calculus.backward import backward
from lstm_sym.cells.catalogue import model
from lstm_sym.equality.decide import decide
from lstm_sym.equality.existence import domain_of, is_covered
from lstm_sym.equality.verdicts import Different, Equal, Undecided
from lstm_sym.errors import ShapeMismatch
from lstm_sym.expr.affine import Affine, between, constant, variable
from lstm_sym.expr.functions import apply, exp, log, relu, softmax, tanh
from lstm_sym.expr.indices import integer, integers
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Hadamard, Identity, Named, Ones, ProductOver, Scale, Slice, SumOver, When, Zeros
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, Scan, once

LSTM = backward(model("lstm"))
i, forget, o, g, c, h = (Named(name, n) for name in "ifogch")
dh, dc = Named(Total("L", "h"), n), Named(Total("L", "c"), n)


def answer(a, b, given=FREE, **options):
    return decide(a, b, given, **options)


PAPER = {
    "c": (c[t], forget[t] * c[t - 1] + i[t] * g[t]),
    "h": (h[t], o[t] * tanh(c[t])),
    "dc": (dc[t], Named(Direct("L", "c"), n)[t] + dh[t] * o[t] * (1 - tanh(c[t]) ** 2) + dc[t + 1] * forget[t + 1]),
    "da_f": (Named(Total("L", "a_f"), n)[t], dc[t] * c[t - 1] * forget[t] * (1 - forget[t])),
    "da_o": (Named(Total("L", "a_o"), n)[t], dh[t] * tanh(c[t]) * o[t] * (1 - o[t])),
    "dW_o": (Named(Total("L", "W_o"), n, n), SumOver((dh[t] * tanh(c[t]) * o[t] * (1 - o[t])) @ h[t - 1].T, t, 1, T)),
}
WRONG = {
    "c": (c[t], forget[t] * c[t - 1] + i[t] * g[t - 1]),
    "h": (h[t], o[t] * c[t]),
    "dc": (dc[t], Named(Direct("L", "c"), n)[t] + dh[t] * o[t] * (1 - tanh(c[t]) ** 2) + dc[t + 1] * forget[t]),
    "da_f": (Named(Total("L", "a_f"), n)[t], dc[t] * c[t] * forget[t] * (1 - forget[t])),
    "dW_o": (Named(Total("L", "W_o"), n, n), SumOver((dh[t] * tanh(c[t]) * o[t]) @ h[t - 1].T, t, 1, T)),
}


@pytest.mark.parametrize("name", PAPER)
def test_the_equations_of_the_lstm_are_proved_as_papers_write_them(name):
    assert isinstance(answer(*PAPER[name], LSTM), Equal)


@pytest.mark.parametrize("name", WRONG)
def test_their_wrong_neighbours_are_refuted(name):
    assert isinstance(answer(*WRONG[name], LSTM), Different)


def test_a_true_equation_of_the_model_is_not_refuted_with_folded_names():
    """With i, f and c as free quantities c[t] - f[t] c[t-1] = i[t] g[t] would be false."""
    assert isinstance(answer(c[t] - forget[t] * c[t - 1], i[t] * g[t], LSTM), Equal)


def test_a_name_that_the_recurrence_does_not_know_never_refutes():
    z = Named("z", n)
    assert isinstance(answer(h[t], z[t], LSTM), Undecided) and isinstance(answer(z[t] + h[t], h[t] + z[t], LSTM), Equal)


def test_without_a_recurrence_every_name_is_arbitrary():
    assert isinstance(decide(A @ B, B @ A), Different) and isinstance(decide((A @ B).T, B.T @ A.T), Equal)
    assert isinstance(decide(x[t], x[k]), Different) and isinstance(decide(tanh(x[t - 1]), x[t - 1]), Different)


def test_different_shapes_are_an_error_that_names_both():
    with pytest.raises(ShapeMismatch, match=r"\(n, 1\) = \(n, n\)"):
        decide(u, A)


def test_softmax_and_cross_entropy_with_a_target_that_sums_to_1():
    """y = r + (1 - 1' r)/n says all y with 1' y = 1; then d(-y' log softmax(z))/dz = p - y."""
    z, p, r, y, loss = (Named(name, n) for name in "z p r y l".split())
    loss = Named("L", 1)
    target = r + Ones(n) * (1 - Ones(1, n) @ r) * (sp.S.One / n)
    scan = once(Equation(p, softmax(z)), Equation(y, target), Equation(loss, -(y.T @ log(p))))
    net = backward(Recurrence(parameters=(z, r), scans=(scan,)), "L")
    assert equal(Ones(1, n) @ y, Ones(1, 1), net) and equal(Ones(1, n) @ p, Ones(1, 1), net)
    assert equal(Named(Total("L", "z"), n), p - y, net)
    assert not equal(Named(Total("L", "z"), n), y - p, net)


def test_without_that_condition_p_minus_y_is_refuted():
    z, p, y, loss = Named("z", n), Named("p", n), Named("y", n), Named("L", 1)
    scan = once(Equation(p, softmax(z)), Equation(loss, -(y.T @ log(p))))
    net = backward(Recurrence(parameters=(z, y), scans=(scan,)), "L")
    assert isinstance(answer(Named(Total("L", "z"), n), p - y, net), Different)
    assert isinstance(answer(Named(Total("L", "z"), n), p * (Ones(1, n) @ y) - y, net), Equal)


def test_a_denominator_under_a_condition_is_not_cleared():
    """[T >= 2] a/a + [T < 2] b/b is 1, but a/(a + b) under a condition does not make a + b nonzero elsewhere."""
    a, b = Named("a", 1), Named("b", 1)
    net = Recurrence((TIME,), (a, b))
    part = When(apply("reciprocal", a + b), T - 2)
    assert not equal(part * (a + b) * (a - b), a - b, net)
    assert equal(apply("reciprocal", a + b) * (a * a - b * b), a - b, net)


def test_a_generic_function_is_refuted_by_an_instance_and_proved_by_none():
    phi = lambda x: apply("phi", x)
    assert isinstance(answer(phi(u), u), Different)
    assert isinstance(answer(phi(-u), -phi(u)), Undecided)  # holds for tanh, the instance of witnesses
    assert isinstance(answer(apply("phi'", u), 1 - phi(u) * phi(u)), Undecided)


def test_relu_at_0_and_division_by_0_refute_nothing():
    assert not isinstance(answer(relu(u - u), Zeros(n)), Different)
    zero = apply("reciprocal", f[t] - f[t])
    assert not isinstance(answer(zero, Ones(1, 1)), Different) and not isinstance(answer(log(-exp(u)), u), Different)


def test_names_below_a_sum_exist_for_all_its_terms_or_the_question_stays_open():
    assert isinstance(answer(SumOver(x[t], t, 0, T), SumOver(x[t], t, 0, T)), Undecided)
    assert isinstance(answer(SumOver(x[k], k, 1, t), SumOver(x[k], k, 1, t - 1) + x[t]), Equal)


def test_a_corner_of_a_grid_that_does_not_exist_is_noticed():
    L, l, s = integers("L l s")
    q, depth = Named("q", 1), Axis(l, L)
    grid = Recurrence(
        (TIME, depth),
        initial=(q[0, l], q[t, 0]),
        scans=(Scan((Equation(q[t, l], q[t - 1, l] + q[t, l - 1], (TIME, depth)),), (1, 1)),),
    )
    everything = SumOver(SumOver(q[j, s], j, 0, T), s, 0, L)
    assert isinstance(answer(everything, everything, grid), Undecided)
    assert isinstance(answer(q[t, l], q[t - 1, l] + q[t, l - 1], grid), Equal)


def test_a_range_is_covered_by_boxes_only_if_each_point_is():
    p, top = variable("p"), variable("T")
    low, high = between(constant(0), p, constant(0)), between(constant(1), p, top)
    assert is_covered(between(constant(0), p, top), [low, high]) and not is_covered(
        between(constant(-1), p, top), [low, high]
    )


def test_rows_that_do_not_exist_are_no_part_of_a_claim():
    row = integer("i")
    context = domain_of(Slice(u, row, 1), FREE, frozenset())
    assert {Affine((("i", 1),), 0), Affine((("i", -1), ("n", 1)), -1)} <= context


def test_a_condition_on_an_index_that_stands_in_no_side_is_kept_by_witnesses():
    """j >= 3 and t >= j: then q[t] = q[3] + ... is asked at t >= 3 only."""
    where = frozenset({Affine((("j", 1),), -3), Affine((("j", -1), ("t", 1)), 0)})
    a = When(x[t], 2 - t)
    inside = between(constant(1), variable("t"), variable("T"))
    assert isinstance(answer(a, Zeros(n), where=where | inside), Equal)
    assert isinstance(answer(a, Zeros(n), where=inside), Different)


@pytest.mark.parametrize("name", ["#0", "~1", "%2"])
def test_an_index_named_as_a_bound_one_is_refused(name):
    odd = sp.Symbol(name, integer=True)
    assert isinstance(answer(SumOver(f[k] * f[odd], k, 1, T), SumOver(f[k] * f[k], k, 1, T)), Undecided)


def test_coefficients_beyond_the_rationals_leave_the_question_open():
    assert isinstance(answer(Scale(sp.sqrt(2), u), u), Undecided)


def test_what_is_known_of_a_free_index_is_not_said_of_a_bound_one_of_the_same_name():
    """theta[t] = tanh(q[t]) for t >= 1; the free t is >= 1, the t of the sum is not."""
    q, theta = Named("q", 1), Named("theta", 1)
    step = Equation(q[t], q[t - 1] + f[t], (TIME,)), Equation(theta[t], tanh(q[t]), (TIME,))
    net = Recurrence((TIME,), inputs=(f[t],), initial=(q[0],), scans=(Scan(step, (1,)),))

    def squared(term, low):
        return SumOver(term, t, low, T) * SumOver(term, t, low, T)

    assert proves(squared(tanh(q[t]), 1) + f[t], squared(theta[t], 1) + f[t], net)
    assert not proves(squared(tanh(q[t]), 0) + f[t], squared(theta[t], 1) + f[t], net)


def total(v):
    return Ones(1, n) @ v


def tower(depth):
    """sum_k1 sum_k2 ... over one another."""
    ks = integers(" ".join(f"k{d}" for d in range(depth)))
    return reduce(
        lambda body, d: SumOver(body, ks[d], 1, ks[d - 1] if d else T), reversed(range(depth)), f[ks[-1]] * f[ks[0]]
    )


def cycle(factors):
    """sum of u_i1 A_i1i2 A_i2i3 ... : a long product of one matrix."""
    return u.T @ reduce(lambda a, _: a @ A, range(factors), Identity(n)) @ v


LARGE = {
    "a product of 30 sums": (
        reduce(Hadamard, [SumOver(f[k], k, 1, T)] * 30),
        reduce(Hadamard, [SumOver(f[T + 1 - k], k, 1, T)] * 30),
    ),
    "12 equal bound factors": (reduce(Hadamard, [u.T @ v] * 12), reduce(Hadamard, [v.T @ u] * 12)),
    "12 factors around one index": (
        total(reduce(Hadamard, [A @ u] * 12)),
        total(reduce(Hadamard, [(u.T @ A.T).T] * 12)),
    ),
    "a tower of 9 sums": (tower(9), tower(9)),
    "a tower of 60 sums": (tower(60), tower(60)),
    "(u + v)^16": (reduce(Hadamard, [u + v] * 16), reduce(Hadamard, [v + u] * 16)),
    "a product of 40 binomials": (reduce(Hadamard, [u + tanh(A @ v)] * 40), reduce(Hadamard, [tanh(A @ v) + u] * 40)),
    "nested functions": (
        reduce(lambda y, _: tanh(A @ y), range(60), u),
        reduce(lambda y, _: tanh(A @ y), range(60), v),
    ),
    "a chain of 40 matrices": (cycle(40), cycle(39)),
    "shared nodes": (reduce(lambda y, _: tanh(y) * y + y, range(14), u), u),
    "products of products": (
        ProductOver(ProductOver(A, j, 1, k), k, 1, T),
        ProductOver(ProductOver(A, j, 1, k), k, 1, T) @ A,
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_every_question_ends_in_time(name):
    start = process_time()
    found = decide(*LARGE[name], FREE, seconds=1.0)
    assert process_time() - start < 5 and (not isinstance(found, Undecided) or found.reason)


def test_equal_sums_side_by_side_cost_no_permutations():
    assert equal(*LARGE["12 equal bound factors"])


def test_time_that_is_used_up_is_said():
    found = decide(*LARGE["(u + v)^16"], FREE, seconds=0)      # with more, single ways may be given up before all time is
    assert isinstance(found, Undecided) and found.reason.startswith("budget")


def test_sizes_of_slices_are_sizes():
    assert equal(Slice(u, 0, m) * 2, Slice(u + u, 0, m), FREE, frozenset({Affine((("m", -1), ("n", 1)), 0)}))
