"""Expressions for one column, brought to the form that a sample axis can be added to.

v^T w = 1'(v o w); diag(v) w = v o w; (I o a b^T) w = a o b o w; c s = s o c for a scalar s; a chain with an
outer product inside is (M a)(N^T b)^T.  What depends on no sample (parameters) stays a matrix.
"""
from __future__ import annotations

from collections.abc import Callable

from lstm_sym.errors import NotLowered
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
    add,
    hadamard,
    matmul,
    scale,
    transpose,
)
from lstm_sym.expr.substitute import named_in

IsFixed = Callable[[Node], bool]


def columns(node: Node, fixed: IsFixed) -> Node:
    """`node` without transposes and diagonal matrices of what depends on the sample; an outer product a b^T stays.

    fixed: does a quantity depend on no sample?  Errors: NotLowered for an expression of another form.
    """
    return _Columns(fixed)(node)


class _Columns:
    def __init__(self, fixed: IsFixed) -> None:
        self.fixed = fixed
        self.memo: dict[Node, Node] = {}

    def __call__(self, n: Node) -> Node:
        if n not in self.memo:
            self.memo[n] = n if is_fixed(n, self.fixed) else RULES[type(n)](n, self)
        return self.memo[n]

    def product(self, n: Node) -> Node:
        factors = n.args
        for i in range(1, len(factors)):
            inner = factors[-1].shape[1] != 1 and factors[i].shape[0] == 1
            if inner and not is_fixed(MatMul(*factors[i:]), self.fixed):
                left, right = matmul(*factors[:i]), transpose(matmul(*factors[i:]))
                return MatMul(self(left), Transpose(self(right)))
        return self.onto_column(factors)

    def onto_column(self, factors: tuple[Node, ...]) -> Node:
        """M_1 ... M_k v from the right."""
        result = factors[-1] if is_fixed(factors[-1], self.fixed) else self(factors[-1])
        for factor in reversed(factors[:-1]):
            result = self.times(factor, result)
        return result

    def times(self, a: Node, v: Node) -> Node:
        if is_fixed(a, self.fixed):
            return v if isinstance(a, Identity) else matmul(a, v)
        if isinstance(a, Diag):
            return hadamard(self(a.args[0]), v)
        if isinstance(a, Scale):
            return scale(a.args[0], self.times(a.args[1], v))
        if isinstance(a, Add):
            return add(*(self.times(x, v) for x in a.args))
        if isinstance(a, Hadamard) and any(isinstance(x, Identity) for x in a.args):
            outer = [self(x) for x in a.args if not isinstance(x, Identity)]
            if len(outer) == 1 and is_outer(outer[0]):
                return hadamard(outer[0].args[0], outer[0].args[1].args[0], v)
        if a.shape[1] == 1 and v.is_scalar:
            return hadamard(v, self(a))
        if a.shape[0] == 1:
            inner = hadamard(self(transpose(a)), v)
            return inner if inner.is_scalar else matmul(Ones(1, inner.shape[0]), inner)
        if isinstance(a, MatMul):
            return self.onto_column((*a.args, v))
        raise NotLowered(f"the matrix {a} of shape {a.shape} depends on the sample; only columns may")

    def slice_of(self, n: Node) -> Node:
        return Slice(self(n.args[0]), *n.args[1:])

    def each(self, n: Node) -> Node:
        return n.func(*(self(a) if isinstance(a, Node) else a for a in n.args))

    def transposed(self, n: Node) -> Node:
        x = self(n.args[0])
        if is_outer(x):
            return MatMul(x.args[1].args[0], Transpose(x.args[0]))
        return x if x.is_scalar else transpose(x)

    def refuse(self, n: Node) -> Node:
        raise NotLowered(f"no program is generated for {type(n).__name__} in {n}; use target='reference'")


RULES: dict[type[Node], Callable[[Node, _Columns], Node]] = {
    Named:       lambda n, r: n,
    Ones:        lambda n, r: n,
    Zeros:       lambda n, r: n,
    Identity:    lambda n, r: n,
    Add:         lambda n, r: add(*map(r, n.args)),
    Hadamard:    lambda n, r: hadamard(*map(r, n.args)),
    MatMul:      lambda n, r: r.product(n),
    Scale:       lambda n, r: scale(n.args[0], r(n.args[1])),
    Transpose:   lambda n, r: r.transposed(n),
    Diag:        lambda n, r: r.refuse(n),
    Elementwise: lambda n, r: r.each(n),
    Stack:       lambda n, r: r.each(n),
    Slice:       lambda n, r: r.slice_of(n),
    SumOver:     lambda n, r: SumOver(r(n.args[0]), *n.args[1:]),
    ProductOver: lambda n, r: r.refuse(n),
    When:        lambda n, r: When(r(n.args[0]), *n.args[1:]),
}


def is_fixed(node: Node, fixed: IsFixed) -> bool:
    """Does `node` depend on no sample?"""
    return all(map(fixed, named_in(node)))


def is_outer(node: Node) -> bool:
    """a b^T with columns a and b?"""
    return (isinstance(node, MatMul) and len(node.args) == 2 and node.args[0].shape[1] == 1
            and isinstance(node.args[1], Transpose) and node.args[1].shape[0] == 1)
