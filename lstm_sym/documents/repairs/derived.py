"""The derived equation of a claim's left side, in the form an author would write."""

from __future__ import annotations

from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Add, Diag, Hadamard, MatMul, Named, Node, add, hadamard
from lstm_sym.expr.recurrence import Recurrence
from lstm_sym.expr.substitute import exchanged, named_in, replace_indices, replace_named
from lstm_sym.notation.ends import forms


def derived_form(left: Node, given: Recurrence, wanted: frozenset[Named] = frozenset()) -> Node | None:
    """The interior form of the derived equation of `left`.

    Adjoints are unfolded up to `wanted` ones, and up to those of the states unless only others are wanted.
    """
    if not isinstance(left, Named) or not isinstance(left.label, Total) or left.label.arity:
        return None
    node = _interior(left, given)
    gradients = {q.label for q in wanted if isinstance(q.label, Total)}
    of_states = {Total(left.label.of, s.label) for s in given.states}
    labels = {left.label, *gradients, *(of_states if not gradients or gradients & of_states else ())}
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


def by_names(left: Node, right: Node, given: Recurrence) -> Node | None:
    r"""The derived form in the author's names for gradients: of \delta_t, where \delta_t = \partial L / \partial a_t is given."""
    names = {e.lhs.label: e for e in given.equations if isinstance(e.rhs, Named) and isinstance(e.rhs.label, Total)
             and not isinstance(e.lhs.label, Total) and e.lhs.indices == e.rhs.indices}
    gradients = {e.rhs.label: e.lhs for e in names.values() if isinstance(e.rhs, Named)}

    def meant(node: Node) -> Node:
        return replace_named(node, lambda q: names[q.label].rhs[q.indices] if q.label in names else q)

    found = derived_form(meant(left), given, frozenset(named_in(meant(right))))
    return None if found is None else replace_named(found, lambda q: gradients[q.label][q.indices] if q.label in gradients else q)


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
