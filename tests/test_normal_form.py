"""The normal form: idempotent, free of order and of the names of bound indices, sound where it is easy to be wrong."""

from fractions import Fraction
from random import Random

import pytest
import sympy as sp
from expressions import LAWS, Maker, changed
from proving import SIZES, A, B, C, M, T, f, form, g, j, k, m, n, proves, s, t, u, v, w, x, y

from lstm_sym.equality.canonical import canonical, collect
from lstm_sym.equality.simplify import simplify
from lstm_sym.equality.terms import Work, move, refresh
from lstm_sym.errors import Inexact
from lstm_sym.expr.affine import between, constant, variable
from lstm_sym.expr.functions import apply, exp, log, relu, sigmoid, softmax, tanh
from lstm_sym.expr.nodes import (
    Add,
    Diag,
    Hadamard,
    Identity,
    Ones,
    ProductOver,
    Scale,
    Slice,
    Stack,
    SumOver,
    When,
    Zeros,
)
from lstm_sym.expr.substitute import replace_indices

INSIDE = SIZES | between(constant(1), variable("t"), variable("T"))


def total(v):
    return Ones(1, v.shape[0]) @ v


def forms(seed):
    """A random expression's polynomials."""
    from_seed = Maker(Random(seed)).expression()
    return from_seed, form(from_seed)


@pytest.mark.parametrize("seed", range(60))
def test_the_normal_form_is_idempotent(seed):
    for block in forms(seed)[1]:
        assert collect(simplify(block, SIZES, Work()), SIZES, Work()) == block


@pytest.mark.parametrize("seed", range(60))
def test_the_normal_form_does_not_depend_on_names_of_bound_indices_nor_on_the_order_of_terms(seed):
    for block in forms(seed)[1]:
        work = Work()
        work.count = 1000  # beyond the names of the free indices
        renamed = [refresh(term, work) for term in block]
        Random(seed).shuffle(renamed)
        shuffled = [term._replace(atoms=tuple(Random(seed).sample(term.atoms, len(term.atoms)))) for term in renamed]
        assert collect(tuple(shuffled), SIZES, Work()) == block


@pytest.mark.parametrize("seed", range(60))
def test_a_canonical_term_is_its_own_canonical_term(seed):
    for block in forms(seed)[1]:
        for term in block:
            assert canonical(term, SIZES, Work()) == term


@pytest.mark.parametrize("seed", range(40))
def test_the_order_of_operands_leaves_no_trace(seed):
    maker = Maker(Random(seed))
    e = maker.expression()
    swap = [lambda _, node: node.func(*node.args[::-1]) if isinstance(node, Add | Hadamard) else None]
    assert form(e) == form(changed(maker, e, swap, 4))


def test_the_laws_of_the_fuzzer_are_tried_at_all():
    maker = Maker(Random(1))
    assert sum(changed(maker, e, LAWS, 1) != e for e in (maker.expression() for _ in range(50))) > 30


TRUE = {
    "1'1 = n": (Ones(1, n) @ Ones(n), Scale(n, Ones(1, 1))),
    "scalar product": (u.T @ v, v.T @ u),
    "(sum b)^2 has two indices": (total(u) * total(u), u.T @ Ones(n, n) @ u),
    "delta renames": (Hadamard(Identity(n), u @ Ones(1, n)), Hadamard(Identity(n), Ones(n) @ u.T)),
    "diag": (Diag(u) @ v, u * v),
    "f(X)' = f(X')": (tanh(A).T, tanh(A.T)),
    "off-diagonal f(0) of tanh": (tanh(Diag(u)), Diag(tanh(u))),
    "off-diagonal f(0) of sigmoid": (
        sigmoid(Diag(u)),
        Diag(sigmoid(u)) + (Ones(n, n) - Identity(n)) * sp.Rational(1, 2),
    ),
    "tanh is odd": (tanh(-(A @ u)), -tanh(A @ u)),
    "sigma(-x) = 1 - sigma(x)": (sigmoid(-u), 1 - sigmoid(u)),
    "sigma and tanh": (sigmoid(u), (1 + tanh(u * sp.Rational(1, 2))) * sp.Rational(1, 2)),
    "sigma and exp": (sigmoid(u), exp(u) * apply("reciprocal", 1 + exp(u))),
    "softmax sums to 1": (total(softmax(u)), Ones(1, 1)),
    "softmax under a sum": (SumOver(total(softmax(x[t])), t, 1, T), Scale(T, Ones(1, 1))),
    "softmax of shifted logits": (softmax(u), softmax(u + Ones(n) * f[t])),
    "log softmax": (log(softmax(u)), u - Ones(n) * log(total(exp(u)))),
    "exp of a sum": (exp(u + v), exp(u) * exp(v)),
    "exp(x) exp(-x) = 1": (exp(u) * exp(-u), Ones(n)),
    "exp(log x) = x": (exp(log(u)), u),
    "relu of relu": (relu(relu(u)), relu(u)),
    "relu scales": (relu(2 * u), 2 * relu(u)),
    "1/(a b)": (apply("reciprocal", u * v), apply("reciprocal", u) * apply("reciprocal", v)),
    "x/x where x is not 0": (u * apply("reciprocal", u), Ones(n)),
    "a/(a+b) + b/(a+b) = 1": (u * apply("reciprocal", u + v) + v * apply("reciprocal", u + v), Ones(n)),
    "triangle sum": (
        SumOver(SumOver(x[t] @ y[s].T, s, 1, t), t, 1, T),
        SumOver(SumOver(x[t] @ y[s].T, t, s, T), s, 1, T),
    ),
    "reversal": (SumOver(x[t], t, 1, T), SumOver(x[T + 1 - t], t, 1, T)),
    "last term": (SumOver(x[t], t, 1, T), SumOver(x[t], t, 1, T - 1) + x[T]),
    "first term": (SumOver(x[t], t, 1, T), x[1] + SumOver(x[t], t, 2, T)),
    "last term as a condition": (SumOver(When(x[t], t - T, T - t), t, 1, T), x[T]),
    "sum 1 = T": (SumOver(Ones(1, 1), t, 1, T), Scale(T, Ones(1, 1))),
    "rows": (SumOver(Slice(u, k, 1), k, 0, n - 1), total(u)),
    "stack and slice": (Slice(Stack(w, u), m, n), u),
    "block product": (Stack(A, C.T).T @ Stack(u, w), A.T @ u + C @ w),
    "adjacent products": (ProductOver(M[k], k, 1, t) @ ProductOver(M[k], k, t + 1, T), ProductOver(M[k], k, 1, T)),
    "transposed product": (ProductOver(M[k], k, 1, T).T, ProductOver(M[k].T, k, 1, T, -1)),
    "reflected product": (ProductOver(M[k], k, 1, T), ProductOver(M[T + 1 - k], k, 1, T, -1)),
    "first factor": (ProductOver(M[k], k, 1, T), M[1] @ ProductOver(M[k], k, 2, T)),
    "powers add": (ProductOver(A, k, 1, t) @ A @ ProductOver(A, k, t, T), ProductOver(A, k, 0, T + 1)),
    "a power commutes": (A @ ProductOver(A, k, 1, T), ProductOver(A, k, 1, T) @ A),
    "empty product": (ProductOver(A, k, T + 1, T), Identity(n)),
}
FALSE = {
    "(sum h)'(sum h) is no sum h'h": (
        SumOver(x[t], t, 1, T).T @ SumOver(x[t], t, 1, T),
        SumOver(x[t].T @ x[t], t, 1, T),
    ),
    "(sum b)^2 is no sum b^2": (total(u) * total(u), u.T @ u),
    "tanh is not linear": (tanh(Diag(u) + A), Diag(tanh(u)) + tanh(A)),
    "sigmoid is not odd": (sigmoid(-u), -sigmoid(u)),
    "sigmoid off the diagonal": (sigmoid(Diag(u)), Diag(sigmoid(u))),
    "step is not odd": (relu(-u), -relu(u)),
    "log-sum-exp": (log(total(exp(u))), total(u)),
    "transposes matter": (A @ u, A.T @ u),
    "order matters": (A @ B, B @ A),
    "blocks do not cancel": (Stack(Ones(n), -Ones(m)), Zeros(n + m)),
    "scalar blocks do not cancel": (Stack(f[t], -f[t]), Zeros(2)),
    "a slice has only its rows": (Ones(1, n) @ Slice(Stack(u, v), n, n), total(u) + total(v)),
    "row 0 is a row": (SumOver(Slice(Identity(n), k, 1) @ Slice(Identity(n), 0, 1).T, k, 0, n - 1), Zeros(1, 1)),
    "a bound index in a function": (
        SumOver(g[s] * tanh(SumOver(f[k] * f[s], k, 1, T)), s, 1, T),
        SumOver(g[s] * tanh(SumOver(f[k] * f[k], k, 1, T)), s, 1, T),
    ),
    "a product in a product": (
        ProductOver(ProductOver(A * f[s] * g[t], s, 1, T), t, 1, T),
        ProductOver(ProductOver(A * f[s] * g[s], s, 1, T), t, 1, T),
    ),
    "a free index named as a bound": (SumOver(f[k] * f[t], k, 1, T), SumOver(f[k] * f[k], k, 1, T)),
    "the size of a product counts": (
        Slice(Slice(ProductOver(Ones(n, n), k, 1, T), 0, 1).T, 0, 1),
        Slice(Slice(ProductOver(Ones(m, m), k, 1, T), 0, 1).T, 0, 1),
    ),
    "a condition in a factor": (
        ProductOver(When(A, k - 2) + When(B, 1 - k), k, 1, T),
        ProductOver(When(A, k - 2) + When(B, 1 - k), k, 2, T + 1),
    ),
    "direction": (ProductOver(M[k], k, 1, T), ProductOver(M[k], k, 1, T, -1)),
    "a gap between products": (
        ProductOver(M[k], k, 1, t - 1) @ ProductOver(M[k], k, t + 1, T),
        ProductOver(M[k], k, 1, T),
    ),
    "a diagonal is no factor": (Hadamard(Identity(n), A) @ ProductOver(A, k, 1, T), ProductOver(A, k, 0, T)),
    "a trace is no product": (SumOver(Slice(Slice(A, k, 1).T, k, 1), k, 0, n - 1), Slice(Slice(A @ A, 0, 1).T, 0, 1)),
    "T terms are not T - 1": (SumOver(Ones(1, 1), t, 2, T), Scale(T, Ones(1, 1))),
    "a moved range": (SumOver(x[t], t, 1, T - 1), SumOver(x[t], t, 2, T)),
    "generic is not tanh": (apply("phi", u), tanh(u)),
    "generic is not odd": (apply("phi", -u), -apply("phi", u)),
    "softmax is not sigmoid": (softmax(u), sigmoid(u)),
    "a square is no double": (exp(2 * u), 2 * exp(u)),
    "sqrt": (apply("sqrt", u * u), 2 * u),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_law_is_proved(name):
    assert proves(*TRUE[name], where=INSIDE)


@pytest.mark.parametrize("name", FALSE)
def test_a_false_law_is_not_proved(name):
    assert not proves(*FALSE[name], where=INSIDE)


@pytest.mark.parametrize("name", ["t0", "k0", "step", "row", "column", "c1", "%1", "~1"])
def test_no_name_of_an_index_is_taken_for_a_bound_one(name):
    free = sp.Symbol(name, integer=True)
    there = between(constant(1), variable(name), variable("T"))
    a, b = SumOver(f[k] * f[free], k, 1, T), SumOver(f[k] * f[k], k, 1, T)
    chain, other = ProductOver(A * f[k] * f[free], k, 1, T), ProductOver(A * f[k] * f[k], k, 1, T)
    assert not proves(a, b, where=there) and not proves(chain, other, where=there)


def test_a_coefficient_that_is_no_rational_function_of_sizes_is_refused():
    for c in (sp.sqrt(2), 1 / (n + 1), sp.pi):
        with pytest.raises(Inexact):
            form(Scale(c, u))


def test_a_move_captures_nothing():
    ((term,),) = form(SumOver(f[k] * tanh(SumOver(f[j] * f[k], j, 1, T)), k, 1, T))
    moved = move(refresh(term, Work()), {}, {})
    assert canonical(moved, SIZES, Work()) == term and term.coefficient == Fraction(1)


def test_renaming_the_bound_index_of_a_sum_to_the_name_of_a_free_one_changes_nothing():
    e = SumOver(x[k] * f[t], k, 1, T)
    assert form(e) == form(SumOver(replace_indices(x[k] * f[t], {k: j}), j, 1, T))


def test_a_sum_divides_itself():
    def below(e):
        return apply("reciprocal", e)

    assert proves(below(2 - 2 * u) * (1 - u), sp.Rational(1, 2) * Ones(n, 1))
    assert proves(below(u + v) * u + below(v + u) * v, Ones(n, 1))
    assert proves(below(u + v) * u * u, u - v + below(u + v) * v * v)
    assert not proves(below(u + v) * u, Ones(n, 1) + below(u + v) * v)
    assert not proves(below(u + v) * u * u, u - v)
