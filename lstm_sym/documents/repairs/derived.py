"""The derived equation of a claim's left side, in the form an author would write."""

from __future__ import annotations

from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Add, Diag, Hadamard, MatMul, Named, Node, add, hadamard
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import exchanged, named_in, replace_indices
from lstm_sym.notation.ends import forms


def derived_form(left: Node, given: Recurrence, wanted: frozenset[Named] = frozenset()) -> Node | None:
    """The interior form of the derived equation of `left`; adjoints are unfolded up to `wanted` ones and those of states."""
    if not isinstance(left, Named) or not isinstance(left.label, Total) or left.label.arity:
        return None
    node = _interior(left, given)
    labels = {left.label, *(q.label for q in wanted), *(Total(left.label.of, s.label) for s in given.states)}
    for _ in range(4):
        unwanted = (
            [q for q in named_in(node) if isinstance(q.label, Total) and q.label not in labels]
            if node is not None
            else []
        )
        if node is None or not unwanted or not wanted:
            return node
        node = exchanged(node, {q: _interior(q, given) or q for q in unwanted})
    return node


def _interior(q: Named, given: Recurrence) -> Node | None:
    for equation in given.definitions(q.label):
        fixed = [p for p in equation.lhs.indices if p.is_number]
        if (
            len(equation.lhs.indices) == len(q.indices)
            and all(p == i for p, i in zip(equation.lhs.indices, q.indices, strict=True) if p.is_number)
            and (fixed or all(not i.is_number or i > 0 for i in q.indices))
        ):
            interior = forms(equation, given.context)[0]
            values = {g: h for g, h in zip(interior.lhs.indices, q.indices, strict=True) if g.is_Symbol}
            return replace_indices(interior.rhs, values)
    return None


def without_direct(node: Node) -> Node:
    """A sum without its direct partials: what is left where the loss reads the last step only."""
    terms = node.args if isinstance(node, Add) else (node,)
    kept = [t for t in terms if not any(isinstance(q.label, Direct) for q in named_in(t))]
    return add(*kept) if kept else node


def with_diag(node: Node) -> Node:
    """g o f'(a) beside a matrix written as diag(f'(a)) g."""
    if isinstance(node, Named):
        return node
    node = node.func(*(with_diag(a) if isinstance(a, Node) else a for a in node.args))
    if isinstance(node, MatMul):
        factors = [x for f in node.args for x in (_split(f) if isinstance(f, Hadamard) else (f,))]
        return MatMul(*factors)
    return node


def _split(product: Hadamard) -> tuple[Node, ...]:
    gradients = [f for f in product.args if isinstance(f, Named) and isinstance(f.label, Total)]
    rest = [f for f in product.args if f not in gradients]
    if len(gradients) != 1 or not rest or product.shape[1] != 1:
        return (product,)
    return Diag(hadamard(*rest)), gradients[0]
