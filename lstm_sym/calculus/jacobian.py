"""Jacobians of columns by columns, output x input: the JACOBIAN table, one line a node, and the direct partial.

n node, y its value (the named quantity where there is one), J the Jacobians of its operands.  A row has the Jacobian
of its transpose, diag(v) that of v; a constant has none (zero).
"""
from __future__ import annotations

import sympy as sp

from lstm_sym.calculus.influence import domain_of
from lstm_sym.calculus.jvp import Forward, Leaf, Rule
from lstm_sym.calculus.landing import when
from lstm_sym.errors import NotDefined, UnknownName
from lstm_sym.expr.affine import Domain, equal_to, is_empty
from lstm_sym.expr.functions import derivative
from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import (
    Add,
    Diag,
    Elementwise,
    Hadamard,
    Identity,
    MatMul,
    Named,
    Node,
    ProductOver,
    Scale,
    Slice,
    Stack,
    Transpose,
    Zeros,
    add,
    hadamard,
    is_zero,
    matmul,
    scale,
    stack,
    take,
)
from lstm_sym.expr.recurrence import Recurrence, instances
from lstm_sym.expr.substitute import named_in, replace_indices


def jacobian_of(root: Node, value: Node, leaf: Leaf, columns: sp.Expr, inside: Domain = frozenset()) -> Node:
    """d root / d u, (rows of root) x columns, from the Jacobians that `leaf` gives for named quantities.

    Errors: NotDefined where a matrix depends on u: then only `tangent`, in a direction, is a matrix.
    """
    column(value)
    return Forward("JACOBIAN", JACOBIAN, lambda n: Zeros(length(n), columns), leaf)(root, value, inside)


def length(n: Node) -> sp.Expr:
    """Entries of a column or a row; rows of a matrix."""
    return n.shape[1] if n.shape[0] == 1 else n.shape[0]


# --- the table --------------------------------------------------------------------------------------------

def column(n: Node) -> Node:
    """A column or a row as a column.  Errors: NotDefined for a matrix."""
    if n.shape[1] == 1:
        return n
    if n.shape[0] == 1:
        return n.T
    raise NotDefined(f"{n} of shape {n.shape} is no column: its Jacobian is no matrix; take `tangent` in a direction")


def times(a: Node, J: Node) -> Node:
    """diag(a) J for a column a, where diag(a) diag(b) = diag(a o b); a J for a scalar."""
    if a.is_scalar:
        return matmul(a, J) if J.shape[0] == 1 else hadamard(a, J)
    first, *rest = J.args if isinstance(J, MatMul) else (J,)
    return matmul(Diag(hadamard(a, first.args[0])), *rest) if isinstance(first, Diag) else matmul(Diag(a), J)


def _hadamard(n: Node, y: Node, J: tuple[Node, ...]) -> Node:
    return add(*(_factor(n, column(n), i, J[i]) for i in range(len(J)) if not is_zero(J[i])))


def _factor(n: Node, whole: Node, i: int, J: Node) -> Node:
    """diag(others) J_i, or others J_i where the factor is a scalar among columns."""
    if len(n.args) == 1:
        return J
    others = column(hadamard(*n.args[:i], *n.args[i + 1:]))
    return matmul(others, J) if n.args[i].is_scalar and not whole.is_scalar else times(others, J)


def _matmul(n: Node, y: Node, J: tuple[Node, ...]) -> Node:
    return add(*(_moved(n.args[:i], n.args[i], n.args[i + 1:], J[i]) for i in range(len(J)) if not is_zero(J[i])))


def _moved(left: tuple[Node, ...], x: Node, right: tuple[Node, ...], J: Node) -> Node:
    """The Jacobian of L x R where only x moves: a column, a row or diagonal."""
    L, R = ([matmul(*side)] if side else [] for side in (left, right))
    if x.shape[1] == 1:
        moved = matmul(*L, J)                                # (L x) r for a scalar r
        return moved if not R else times(R[0], moved) if R[0].is_scalar else matmul(R[0].T, moved)
    if x.shape[0] == 1:
        moved = matmul(*(r.T for r in R), J)                 # L (v^T R) = L (R^T v)
        return moved if not L else times(L[0], moved) if L[0].is_scalar else matmul(L[0], moved)
    if not isinstance(x, Diag):
        raise NotDefined(f"the Jacobian of the matrix {x} is no matrix; take `tangent` in a direction")
    if R and R[0].shape[1] == 1:
        return matmul(*L, Diag(R[0]), J)                     # L diag(v) r = L diag(r) v
    return matmul(*(r.T for r in R), Diag(column(matmul(*L))), J)


def _slice(n: Node, y: Node, J: tuple[Node, ...]) -> Node:
    if n.args[0].shape[1] != 1:
        raise NotDefined(f"rows of the matrix {n.args[0]} have no Jacobian; take `tangent` in a direction")
    return take(J[0], *n.args[1:])


def _product_over(n: Node, y: Node, J: tuple[Node, ...]) -> Node:
    raise NotDefined(f"the ordered product {n} is a matrix and has no Jacobian; take `tangent` in a direction")


JACOBIAN: dict[type[Node], Rule] = {
    Add:         lambda n, y, J: add(*J),                                          # J_A + J_B
    Hadamard:    _hadamard,                                                        # diag(b) J_a + diag(a) J_b
    MatMul:      _matmul,                                                          # A J
    Scale:       lambda n, y, J: scale(n.args[0], J[0]),                           # c J
    Transpose:   lambda n, y, J: J[0],                                             # that of the column
    Diag:        lambda n, y, J: J[0],                                             # that of the diagonal
    Elementwise: lambda n, y, J: times(column(derivative(n, y)), J[0]),            # diag(f'(x)) J
    Stack:       lambda n, y, J: stack(*J),
    Slice:       _slice,                                                           # the rows of J
    ProductOver: _product_over,
}


# --- the direct partial: one step -------------------------------------------------------------------------

def direct_jacobian(recurrence: Recurrence, of: Named, by: Named) -> Node:
    """The direct partial of `of` by `by`: intermediates are followed, other states of other steps held fixed.

    direct_jacobian(rnn, h[t], h[t-1]) = diag(1 - h[t] o h[t]) W, at an interior step.  A state of the same step as `of`
    is followed too: of h[t] by c[t-1] through c[t].  Shape: rows of `of` x rows of `by`.
    Errors: UnknownName, NotDefined where one of them is a matrix.
    """
    return _Direct(recurrence, of, by).of(of, _surroundings(recurrence, of, by))


def jacobian(recurrence: Recurrence, of: str, by: str) -> Node:
    """The direct Jacobian of one step, output x input: of `of`[t] by the state `by`[t-1], or by another quantity at t.

    >>> jacobian(lstm, "c", "c")  is  diag(f[t])
    """
    source = recurrence.quantity(by)
    carried = source.label in {state.label for state in recurrence.states}
    return direct_jacobian(recurrence, recurrence.quantity(of), source.previous if carried else source)


def identity(u: Named) -> Node:
    """du/du.  Errors: NotDefined if u is no column."""
    if u.shape[1] != 1:
        raise NotDefined(f"a Jacobian is by a column, got {u} of shape {u.shape}; take `tangent` in a direction")
    return Identity(u.shape[0])


def _surroundings(recurrence: Recurrence, *at: Named) -> Domain:
    """The domain of the axes whose symbols these occurrences name."""
    free = {s for named in at for i in named.indices for s in i.free_symbols}
    return domain_of(recurrence, (a for a in recurrence.axes if a.index in free))


class _Direct:
    """The direct partial by one occurrence, following intermediates and what belongs to the same step."""

    def __init__(self, recurrence: Recurrence, of: Named, by: Named) -> None:
        self.recurrence, self.here, self.by, self.unit = recurrence, of.indices, by, identity(by)
        self.computed = {e.lhs.label for e in recurrence.equations}
        self.carried = recurrent(recurrence)

    def of(self, q: Named, inside: Domain) -> Node:
        """The partial of q by its equation.  Errors: UnknownName if nothing computes it."""
        if q.label not in self.computed:
            raise UnknownName(f"{q} is given, not computed: it has no partial derivatives")
        columns = self.by.shape[0]
        cases: list[Node] = [Zeros(length(q), columns)]
        for equation, values, domain in instances(self.recurrence, q):
            if not is_empty(inside | domain):
                rhs = replace_indices(equation.rhs, values)
                cases.append(when(jacobian_of(rhs, q, self.leaf, columns, inside | domain), domain, inside))
        return add(*cases)

    def leaf(self, q: Named, inside: Domain) -> Node:
        """I for the occurrence itself, the partial of what is followed, 0 for what is held fixed."""
        if q.label == self.by.label:
            same = meet(q.indices, self.by.indices)
            if not is_empty(inside | same):
                return when(self.unit, same, inside)
        followed = q.label in self.computed and (q.indices == self.here or q.label not in self.carried)
        return self.of(q, inside) if followed else Zeros(length(q), self.by.shape[0])


def meet(here: tuple[sp.Expr, ...], there: tuple[sp.Expr, ...]) -> Domain:
    """Where two members of one family are the same."""
    return frozenset().union(*(equal_to(affine(i), affine(j)) for i, j in zip(here, there, strict=True)))


def recurrent(recurrence: Recurrence) -> frozenset[Label]:
    """Labels that depend on themselves through some steps: what must be held fixed to take one step."""
    reads: dict[Label, set[Label]] = {}
    for e in recurrence.equations:
        reads.setdefault(e.lhs.label, set()).update(q.label for q in named_in(e.rhs))
    reach = {name: set(those) for name, those in reads.items()}
    for middle in reads:                                     # transitive closure (Warshall)
        for name in reads:
            if middle in reach[name]:
                reach[name] |= reach[middle]
    return frozenset(name for name in reads if name in reach[name])
