"""What every differentiation rule must satisfy, on examples of every node: a check says None or what is wrong."""

from fractions import Fraction
from itertools import product

import numpy as np

from lstm_sym.calculus.jacobian import jacobian_of
from lstm_sym.calculus.jvp import pushforward
from lstm_sym.calculus.vjp import pullback
from lstm_sym.expr.evaluate import Evaluation, evaluate_affine
from lstm_sym.expr.fields import COMPLEX, EXACT, FLOAT, Field
from lstm_sym.expr.functions import FUNCTIONS, softmax
from lstm_sym.expr.indices import affine, integers
from lstm_sym.expr.nodes import (
    Add,
    Diag,
    Elementwise,
    Hadamard,
    Identity,
    MatMul,
    Named,
    Node,
    Ones,
    ProductOver,
    Scale,
    Slice,
    Stack,
    SumOver,
    Transpose,
    When,
    Zeros,
)
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import named_in

n, m, k, j, T = integers("n m k j T")
A, B, C, Q = Named("A", n, n), Named("B", n, m), Named("C", m, n), Named("Q", n, n)
v, w, u, c, d = Named("v", n), Named("w", n), Named("u", m), Named("c", 1), Named("d", 1)
X, Y = Named("X", n, n), Named("y", n)
SIZES = [{"n": 1, "m": 1, "T": 1}, {"n": 2, "m": 3, "T": 3}, {"n": 4, "m": 1, "T": 2}, {"n": 3, "m": 2, "T": 0}]
SMOOTH = [name for name, row in FUNCTIONS.items() if not row.piecewise]

EXAMPLES: dict[str, Node] = {
    "a name":             A,
    "ones":               A + Ones(n, n),
    "zeros":              Add(A, Zeros(n, n)),
    "identity":           Add(A, Identity(n)),
    "sum":                Add(A, Q, A),
    "difference":         B - C.T,
    "sum of columns":     Add(MatMul(A, v), Hadamard(v, w)),
    "Hadamard":           Hadamard(A, Q, A),
    "scalar factor":      Hadamard(c, B),
    "scalar factors":     Hadamard(c, d, A, Q),
    "scalars":            Hadamard(c, d, c),
    "product":            MatMul(A, B, C),
    "square":             MatMul(A, A),
    "matrix on column":   MatMul(A, B, u),
    "inner product":      MatMul(Transpose(v), A, w),
    "outer product":      MatMul(v, Transpose(u)),
    "row":                MatMul(Transpose(v), B),
    "column times scalar": MatMul(v, Transpose(w), A, v),
    "product with diag":  MatMul(Diag(v), A, w),
    "diag on the right":  MatMul(Transpose(w), Diag(v)),
    "scale":              Scale(-3, MatMul(A, v)),
    "scale by a length":  Scale(1 / (T + 1), A),
    "transpose":          MatMul(Transpose(B), Transpose(A)),
    "diag":               Diag(Hadamard(v, w)),
    "stack":              Stack(v, u, c, v),
    "stack of matrices":  Stack(B, Transpose(C), B),
    "slice":              Slice(Stack(v, u), n, m),
    "slice of matrices":  Slice(Stack(A, Q), 1, n),
    "sum over":           SumOver(MatMul(X[k], Y[k - 1]), k, 1, T),
    "sum with a constant": SumOver(Hadamard(Y[k], v), k, 1, T),
    "double sum":         SumOver(SumOver(MatMul(Transpose(Y[k]), Y[j]), j, 1, k), k, 1, T),
    "sums on one index":  MatMul(Transpose(SumOver(Y[k], k, 1, T)), SumOver(Hadamard(Y[k], v), k, 1, T)),
    "product over":       ProductOver(Add(X[k], A), k, 1, T),
    "product over, down": MatMul(ProductOver(MatMul(A, X[k]), k, 1, T, -1), v),
    "condition":          SumOver(When(Hadamard(Y[k], Y[k]), T - k - 1), k, 1, T),
    "condition that fails": Add(v, When(w, -T - 1)),
    "shared":             MatMul(Transpose(MatMul(A, v)), MatMul(A, v)),
    "quotient":           v / (w.T @ w + 2),
    "softmax":            softmax(A @ v),
    **{f"{name} of a column": Elementwise(name, Hadamard(v, v) + 1) for name in [*SMOOTH, "phi", "phi'"]},
    **{f"{name} of a matrix": Elementwise(name, Hadamard(A, A) + 1) for name in SMOOTH},
}
POLYNOMIAL = [name for name, e in EXAMPLES.items() if not any(isinstance(x, Elementwise) for x in e.atoms(Elementwise))]


def values_of(node: Node, sizes: dict[str, int], seed: int, field: Field = FLOAT, prefix: str = "") -> dict:
    """Every name that an example can read, with small multiples of 1/8."""
    rng = np.random.default_rng(seed)
    shapes = {**sizes, "1": 1}
    values = {}
    for name in (A, B, C, Q, v, w, u, c, d, X, Y):
        for at in [(i,) for i in range(sizes["T"] + 1)] if name in (X, Y) else [()]:
            numbers = rng.integers(-8, 9, tuple(shapes[str(s)] for s in name.shape))
            in_field = np.vectorize(lambda i: field.number(Fraction(int(i), 8)), otypes=[field.dtype])
            values[prefix + name.name, at] = in_field(numbers)
    return values


def tangent_of(node: Node, sizes: dict[str, int], values: dict, field: Field) -> np.ndarray:
    """The node's derivative along d, by the JVP table."""
    moved = pushforward(node, node, lambda at, inside: Named(f"d{at.name}", *at.shape, *at.indices))
    return Evaluation(Recurrence(), sizes, values, field)(moved)


def vjp_is_not_transposed(node: Node, sizes: dict[str, int], seed: int, field: Field = FLOAT) -> str | None:
    """<g, J d> = <J^T g, d>."""
    values = {**values_of(node, sizes, seed, field), **values_of(node, sizes, seed + 1, field, "d")}
    run = Evaluation(Recurrence(), sizes, values, field)
    rng = np.random.default_rng(seed + 2)
    cotangent = np.vectorize(lambda i: field.number(Fraction(int(i))), otypes=[field.dtype])(
        rng.integers(-4, 5, run(node).shape))
    run.known["g", ()] = cotangent
    forward = (cotangent * tangent_of(node, sizes, run.known, field)).sum()
    backward = 0
    for use in pullback(node, node, Named("g", *node.shape)):
        moved = Named(f"d{use.source.name}", *use.source.shape, *use.source.indices)
        if use.cotangent.shape != use.source.shape:
            return f"the cotangent of {use.source} has shape {use.cotangent.shape}"
        for at in inside(use.ranges, sizes):
            backward = backward + (run(use.cotangent, at) * run(moved, at)).sum()
    return None if close(forward, backward, field) else f"<g, J d> = {forward}, <J^T g, d> = {backward}"


def inside(ranges, sizes):
    """Every point of the ranges, outermost first."""
    points = [{}]
    for r in ranges:
        ends = [(p, *(evaluate_affine(affine(bound), p | sizes) for bound in (r.low, r.high))) for p in points]
        points = [{**p, r.index.name: i} for p, low, high in ends for i in range(low, high + 1)]
    return points


def close(a, b, field: Field) -> bool:
    """Equal; for floats up to rounding."""
    if field is EXACT:
        return a - b == 0
    return bool(np.max(np.abs(a - b), initial=0) <= 1e-12 * (1 + np.max(np.abs(a), initial=0)))


def jvp_is_not_a_complex_step(node: Node, sizes: dict[str, int], seed: int) -> str | None:
    """J d = Im f(x + i s d) / s."""
    values, directions = values_of(node, sizes, seed), values_of(node, sizes, seed + 1, prefix="d")
    moved = {key: x + 1e-30j * directions["d" + key[0], key[1]] for key, x in values.items()}
    expected = Evaluation(Recurrence(), sizes, moved, COMPLEX)(node).imag / 1e-30
    found = tangent_of(node, sizes, values | directions, FLOAT)
    if found.shape != expected.shape:
        return f"the tangent has shape {found.shape}, its variable {expected.shape}"
    return None if close(expected, found, FLOAT) else f"J d = {found}, by complex step {expected}"


def jacobian_is_not_of_complex_steps(node: Node, sizes: dict[str, int], seed: int) -> str | None:
    """The Jacobian by each column that the node reads, output x input."""
    values = values_of(node, sizes, seed)
    for by in [q for q in named_in(node) if q.shape[1] == 1 and not q.indices]:
        units = (lambda at, inside, by=by: Identity(by.shape[0]) if at == by else Zeros(length(at), by.shape[0]))
        found = Evaluation(Recurrence(), sizes, values)(jacobian_of(node, node, units, by.shape[0]))
        columns = []
        for i in range(len(values[by.name, ()])):
            moved = {key: x + 0j for key, x in values.items()}
            moved[by.name, ()][i, 0] += 1e-30j
            columns.append(Evaluation(Recurrence(), sizes, moved, COMPLEX)(node).ravel().imag / 1e-30)
        expected = np.array(columns).T
        if found.shape != expected.shape or not close(expected, found, FLOAT):
            return f"by {by}: {found}, by complex steps {expected}"
    return None


def length(q: Named):
    return q.shape[1] if q.shape[0] == 1 else q.shape[0]


def is_column(node: Node) -> bool:
    return 1 in node.shape


def wrong(node: Node, seed: int = 0) -> str | None:
    """The first thing that is wrong about the rules on this node, over several sizes; points without value skipped."""
    checks = [vjp_is_not_transposed, jvp_is_not_a_complex_step]
    checks += [jacobian_is_not_of_complex_steps] if is_column(node) and reads_vectors(node) else []
    return next((f"{check.__name__}: {found}" for check, sizes in product(checks, SIZES)
                 if (found := check(node, sizes, seed))), None)


def reads_vectors(node: Node) -> bool:
    """Has the node a Jacobian: does no matrix in it depend on a column?"""
    return not any(isinstance(x, ProductOver) for x in node.atoms(ProductOver))
