"""Random well-shaped expressions, valid laws and small edits, for the fuzzer of `decide`.

Every name exists wherever it is used: bound indices stay in 1 .. T, and so does the free index t.
"""

from collections.abc import Callable
from random import Random

import sympy as sp

from lstm_sym.expr.affine import Affine, between, constant, variable
from lstm_sym.expr.indices import integer, integers
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
    operands,
    take,
)
from lstm_sym.expr.recurrence import Axis, Recurrence
from lstm_sym.expr.substitute import free_indices, replace_indices

n, m, t, T = integers("n m t T")
TIME = Axis(t, T)
ONE, SUM = sp.S.One, n + m
PARAMETERS = [
    Named("A", n, n),
    Named("B", n, n),
    Named("C", n, m),
    Named("u", n),
    Named("v", m),
    Named("w", n),
    Named("s", 1),
]
FAMILIES = [Named("x", n), Named("y", m), Named("r", 1), Named("M", n, n), Named("h", n)]
NET = Recurrence((TIME,), tuple(PARAMETERS), tuple(q[t] for q in FAMILIES), (), (Named("h", n)[0],))
CONTEXT = between(constant(1), variable("t"), variable("T"))
SHAPES = [(n, ONE), (m, ONE), (ONE, ONE), (n, n), (n, m)]
FUNCTIONS = ["tanh", "sigmoid", "exp", "relu", "phi", "softplus"]


class Maker:
    """Random expressions from one seed."""

    def __init__(self, random: Random) -> None:
        self.random, self.count = random, 0

    def pick(self, options):
        return self.random.choice(options)

    def index(self) -> sp.Symbol:
        self.count += 1
        return integer(f"k{self.count}")

    def expression(self) -> Node:
        return self.make(self.pick(SHAPES), self.pick([1, 2, 2, 3]), [t])

    def make(self, shape, depth: int, scope: list) -> Node:
        return self.leaf(shape, scope) if depth <= 0 else self.pick(MAKE)(self, shape, depth - 1, scope)

    def leaf(self, shape, scope: list) -> Node:
        k = self.pick(scope)
        found = [q for q in PARAMETERS if q.shape == shape] + [
            Transpose(q) for q in PARAMETERS if q.shape == shape[::-1] != shape
        ]
        found += [q[self.pick([k, k, T + 1 - k])] for q in FAMILIES if q.shape == shape] * 2
        found += [q[k - 1] for q in FAMILIES if q.name == "h" and q.shape == shape]
        found += [Ones(*shape)] if self.random.random() < 0.3 or not found else []
        return self.pick(found + ([Identity(n)] if shape == (n, n) else []))

    def bounds(self, scope: list):
        k = self.pick(scope)
        return self.pick([ONE, ONE, k, sp.Integer(2), k + 1]), self.pick([T, T, k, T - 1, k - 1])

    def condition(self, scope: list):
        k, j = self.pick(scope), self.pick(scope)
        return self.pick([k - 2, T - k - 1, k - j, j - k - 1, T - 2])


def made_function(x: Maker, shape, depth, scope):
    return Elementwise(x.pick(FUNCTIONS), x.make(shape, depth, scope))


def made_matmul(x: Maker, shape, depth, scope):
    inner = x.pick([n, m, ONE, n])
    return MatMul(x.make((shape[0], inner), depth, scope), x.make((inner, shape[1]), depth, scope))


def made_sum(x: Maker, shape, depth, scope):
    k, (low, high) = x.index(), x.bounds(scope)
    return SumOver(x.make(shape, depth, [*scope, k]), k, low, high)


def made_product(x: Maker, shape, depth, scope):
    k, (low, high) = x.index(), x.bounds(scope)
    if shape == (ONE, ONE):
        return ProductOver(x.make(shape, min(depth, 1), [k]), k, low, high, x.pick([1, -1]))
    chain = ProductOver(x.make((n, n), min(depth, 1), [k]), k, low, high, x.pick([1, -1]))
    return (
        chain
        if shape == (n, n)
        else MatMul(chain, x.make(shape, depth, scope))
        if shape[0] == n
        else x.make(shape, depth, scope)
    )


def made_slice(x: Maker, shape, depth, scope):
    if shape[1] != 1 or shape[0] not in (n, m):
        return x.make(shape, depth, scope)
    up, down = x.make((n, ONE), depth, scope), x.make((m, ONE), depth, scope)
    whole = (
        Stack(up, down)
        if x.random.random() < 0.5
        else Add(Stack(up, down), Stack(*(x.make((k, ONE), 0, scope) for k in (n, m))))
    )
    return Slice(whole, 0, n) if shape[0] == n else Slice(whole, n, m)


def made_stacked_product(x: Maker, shape, depth, scope):
    left = Transpose(Stack(x.make((n, shape[0]), depth, scope), x.make((m, shape[0]), depth, scope)))
    return MatMul(left, Stack(x.make((n, shape[1]), 0, scope), x.make((m, shape[1]), 0, scope)))


MAKE: list[Callable[..., Node]] = [
    lambda x, shape, d, scope: Add(x.make(shape, d, scope), x.make(shape, d, scope)),
    lambda x, shape, d, scope: Add(x.make(shape, d, scope), Scale(x.pick([-1, 2, n]), x.make(shape, d, scope))),
    lambda x, shape, d, scope: Hadamard(x.make(shape, d, scope), x.make(shape, d, scope)),
    lambda x, shape, d, scope: Hadamard(x.make((ONE, ONE), d, scope), x.make(shape, d, scope)),
    lambda x, shape, d, scope: Transpose(x.make(shape[::-1], d, scope)),
    lambda x, shape, d, scope: Diag(x.make((n, ONE), d, scope)) if shape == (n, n) else made_matmul(x, shape, d, scope),
    lambda x, shape, d, scope: When(x.make(shape, d, scope), x.condition(scope)),
    made_matmul,
    made_matmul,
    made_function,
    made_sum,
    made_sum,
    made_product,
    made_slice,
    made_stacked_product,
]


# --- laws: each takes a node and gives an equal one, or None where it does not apply --------------------------


def moved_index(x: Maker, e: Node) -> Node | None:
    if not isinstance(e, (SumOver, ProductOver)):
        return None
    body, k, low, high, *step = e.args
    j = x.index()
    if x.random.random() < 0.5:
        return e.func(replace_indices(body, {k: j - 1}), j, low + 1, high + 1, *step)
    reflected = replace_indices(body, {k: T - j})
    return e.func(reflected, j, T - high, T - low, *(-s for s in step))


def swapped_sums(x: Maker, e: Node) -> Node | None:
    if (
        isinstance(e, SumOver)
        and isinstance(e.args[0], SumOver)
        and e.args[1] not in free_indices(e.args[0]) - free_indices(e.args[0].args[0])
    ):
        inner = e.args[0]
        if e.args[1] not in inner.args[2].free_symbols | inner.args[3].free_symbols:
            return SumOver(SumOver(inner.args[0], *e.args[1:]), *inner.args[1:])
    return None


def split_sum(x: Maker, e: Node) -> Node | None:
    """The first or last term of a sum that is not empty, apart."""
    if not isinstance(e, SumOver) or (e.args[2], e.args[3]) != (ONE, T):
        return None
    body, k, low, high = e.args
    if x.random.random() < 0.5:
        return Add(replace_indices(body, {k: low}), SumOver(body, k, low + 1, high))
    return Add(SumOver(body, k, low, high - 1), replace_indices(body, {k: high}))


def split_product(x: Maker, e: Node) -> Node | None:
    if not isinstance(e, ProductOver) or (e.args[2], e.args[3]) != (ONE, T):
        return None
    body, k, low, high, step = e.args
    first, rest = (replace_indices(body, {k: low}), ProductOver(body, k, low + 1, high, step))
    return MatMul(*(first, rest)[:: int(step)])


def parted_product(x: Maker, e: Node) -> Node | None:
    """prod a b = prod a prod b for scalars, in either direction."""
    if not isinstance(e, ProductOver) or not isinstance(e.args[0], Hadamard) or e.shape != (ONE, ONE):
        return None
    body, *middle, step = e.args
    return Hadamard(ProductOver(body.args[0], *middle, -step), ProductOver(Hadamard(*body.args[1:]), *middle, step))


def distributed(x: Maker, e: Node) -> Node | None:
    if isinstance(e, MatMul | Hadamard):
        for i, a in enumerate(e.args):
            if isinstance(a, Add) and (isinstance(e, MatMul) or a.shape == e.shape):
                return Add(*(e.func(*e.args[:i], b, *e.args[i + 1 :]) for b in a.args))
    return None


def transposed(x: Maker, e: Node) -> Node | None:
    inner = e.args[0] if isinstance(e, Transpose) else None
    if isinstance(inner, MatMul):
        return MatMul(*(Transpose(a) for a in reversed(inner.args)))
    if isinstance(inner, ProductOver):
        body, *middle, step = inner.args
        return ProductOver(Transpose(body), *middle, -step)
    return inner.func(*(Transpose(a) for a in inner.args)) if isinstance(inner, Add) else Transpose(Transpose(e))


def odd(x: Maker, e: Node) -> Node | None:
    if isinstance(e, Elementwise):
        f, a = str(e.args[0]), e.args[1]
        table = {
            "tanh": lambda: Scale(-1, Elementwise(f, Scale(-1, a))),
            "sigmoid": lambda: Add(Ones(*a.shape), Scale(-1, Elementwise(f, Scale(-1, a)))),
            "relu": lambda: Elementwise(f, e),
            "exp": lambda: Hadamard(Elementwise(f, Scale(2, a)), Elementwise(f, Scale(-1, a))),
        }
        return table[f]() if f in table else None
    return None


def stacked(x: Maker, e: Node) -> Node | None:
    if e.shape not in ((n, ONE), (m, ONE)):
        return None
    other = x.pick([Named("u", n), Named("v", m)])
    return (
        Slice(Stack(e, other), 0, e.shape[0])
        if x.random.random() < 0.5
        else Slice(Stack(other, e), other.shape[0], e.shape[0])
    )


def as_diagonal(x: Maker, e: Node) -> Node | None:
    if (
        isinstance(e, Hadamard)
        and e.shape[1] == 1
        and e.shape[0] != 1
        and len(e.args) == 2
        and all(a.shape == e.shape for a in e.args)
    ):
        return MatMul(Diag(e.args[0]), e.args[1])
    return None


def by_rows(x: Maker, e: Node) -> Node | None:
    """1' v as a sum over the rows of v."""
    if (
        isinstance(e, MatMul)
        and isinstance(e.args[0], Ones)
        and e.args[0].shape[0] == 1
        and e.shape == (1, 1)
        and len(e.args) == 2
    ):
        j = x.index()
        return SumOver(Slice(e.args[1], j, 1), j, 0, e.args[1].shape[0] - 1)
    return None


LAWS: list[Callable[[Maker, Node], Node | None]] = [
    moved_index,
    swapped_sums,
    split_sum,
    split_product,
    parted_product,
    distributed,
    transposed,
    odd,
    stacked,
    as_diagonal,
    by_rows,
    lambda x, e: e.func(*e.args[::-1]) if isinstance(e, Add | Hadamard) else None,
    lambda x, e: MatMul(Identity(e.shape[0]), e),
    lambda x, e: Add(When(e, t - 2), When(e, 1 - t)),
    lambda x, e: Hadamard(e, Ones(*e.shape)),
    lambda x, e: take(e, 0, e.shape[0]),
]


# --- edits: each takes a node and gives one that is near, and mostly not equal --------------------------------


def other_index(x: Maker, e: Node) -> Node | None:
    if isinstance(e, Named) and e.indices and e.name == "h":
        return e[e.indices[0] - 1] if isinstance(e.indices[0], sp.Symbol) else None
    return e[T + 1 - e.indices[0]] if isinstance(e, Named) and e.indices else None


def other_bound(x: Maker, e: Node) -> Node | None:
    if isinstance(e, (SumOver, ProductOver)):
        body, k, low, high, *step = e.args
        return (
            e.func(body, k, low + 1, high, *step) if x.random.random() < 0.5 else e.func(body, k, low, high - 1, *step)
        )
    return None


EDITS: list[Callable[[Maker, Node], Node | None]] = [
    other_index,
    other_bound,
    lambda x, e: e.args[0] if isinstance(e, Transpose) and e.shape == e.args[0].shape else None,
    lambda x, e: Transpose(e) if e.shape == (n, n) else None,
    lambda x, e: Scale(-1, e),
    lambda x, e: MatMul(*e.args[::-1]) if isinstance(e, MatMul) and all(a.shape == (n, n) for a in e.args) else None,
    lambda x, e: Add(*e.args[1:]) if isinstance(e, Add) and len(e.args) > 1 else None,
    lambda x, e: Hadamard(*e.args[1:]) if isinstance(e, Hadamard) and e.args[1].shape == e.shape else None,
    lambda x, e: ProductOver(*e.args[:4], -e.args[4]) if isinstance(e, ProductOver) else None,
    lambda x, e: When(e.args[0], -1 - e.args[1]) if isinstance(e, When) else None,
    lambda x, e: e.args[0] if isinstance(e, When) else None,
    lambda x, e: Elementwise(x.pick(FUNCTIONS), e.args[1]) if isinstance(e, Elementwise) else None,
    lambda x, e: Hadamard(*e.args) if isinstance(e, MatMul) and all(a.shape == (n, n) for a in e.args) else None,
    lambda x, e: (
        x.pick([q for q in PARAMETERS if q.shape == e.shape]) if isinstance(e, Named) and not e.indices else None
    ),
]


def places(e: Node, path=()):
    """The paths to every node of e."""
    yield path
    for i, a in enumerate(e.args):
        if isinstance(a, Node):
            yield from places(a, (*path, i))


def changed(x: Maker, e: Node, changes, times: int) -> Node:
    """e with one of the changes at a random node, several times."""
    for _ in range(times):
        for _ in range(8):
            path = x.pick(list(places(e)))
            found = x.pick(changes)(x, at(e, path))
            if found is not None and found.shape == at(e, path).shape:
                e = replaced(e, path, found)
                break
    return e


def at(e: Node, path) -> Node:
    for i in path:
        e = e.args[i]
    return e


def replaced(e: Node, path, by: Node) -> Node:
    if not path:
        return by
    arguments = list(e.args)
    arguments[path[0]] = replaced(e.args[path[0]], path[1:], by)
    return e.func(*arguments)


def pair(seed: int) -> tuple[Node, Node]:
    """Two expressions of one shape: one, and it rewritten by laws, every second time with an edit."""
    x = Maker(Random(seed))
    a = x.expression()
    b = changed(x, a, LAWS, x.pick([1, 2, 3, 4]))
    return a, changed(x, b, EDITS, 1) if seed % 2 else b


__all__ = ["CONTEXT", "NET", "Affine", "Maker", "operands", "pair"]
