"""Reals of claims as terms of the kernel: Jacobians as products over time, states as the bounded functions they are."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from lstm_sym.calculus.jacobian import direct_jacobian
from lstm_sym.documents.norms import reals
from lstm_sym.documents.norms.places import dimension
from lstm_sym.documents.norms.reals import (
    BELOW,
    PLAIN,
    Absolute,
    Entries,
    Fact,
    Measure,
    Name,
    Number,
    OverTime,
    Power,
    Quotient,
    Real,
    Times,
    matrices,
    measured,
    product,
)
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.reading.losses import LOSS, OF_STEP
from lstm_sym.documents.reading.step_losses import of_any_step
from lstm_sym.documents.sections.deciding import Section, is_true
from lstm_sym.documents.sections.direct_paths import is_path
from lstm_sym.documents.sections.jacobians import is_jacobian
from lstm_sym.equality.existence import local_domain
from lstm_sym.equality.freeze import freeze
from lstm_sym.errors import LstmSymError, ProofError
from lstm_sym.expr.affine import Domain, constant, implies, minus, variable
from lstm_sym.expr.functions import FUNCTIONS
from lstm_sym.expr.indices import affine, integer
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import (
    Add,
    Elementwise,
    Hadamard,
    Named,
    Node,
    Ones,
    ProductOver,
    Scale,
    matmul,
    operands,
    transpose,
)
from lstm_sym.expr.substitute import free_indices, named_in, replace_indices
from lstm_sym.proof.arithmetic import value
from lstm_sym.proof.statements import MATRICES, Term, children
from lstm_sym.proof.syntax import absolute, descending, member, norm, plus, prod, real, shift, table
from lstm_sym.proof.theory.states import count

NUMBERS = ("radius", "largest", "least", "F", "det", "entries")       # names to the kernel
DETERMINANTS = ("det", "entries")
BOUND = "j"                                 # the index of the products made here


def term(x: Real, kind: str) -> Term:
    """x for the kernel; a norm whose kind is not written is of this kind.  Errors: ProofError where it has no word for x."""
    rule = TERMS.get(type(x))
    if rule is None:
        raise ProofError(f"the kernel has no word for {type(x).__name__}")
    return rule(x, kind)


def _measure(x: Measure, kind: str) -> Term:
    chosen = kind if x.kind == PLAIN else x.kind
    if chosen in ("1", "2", "inf"):
        return norm(frozen(x.of), chosen)
    if chosen in NUMBERS and isinstance(x.of, Node):
        return known_by_name(chosen, x.of)
    raise ProofError(f"the kernel has no word for {chosen}")


def known_by_name(kind: str, node: Node) -> Term:
    """rho(A[t]) as a member of a family: at another time it is another number."""
    times = sorted({s for q in named_in(node) for i in q.indices for s in i.free_symbols} & free_indices(node), key=str)
    return member(f"{kind}({replace_indices(node, {s: integer(f'_{n}') for n, s in enumerate(times)})})", *map(str, times))


def frozen(node: Any) -> Term:
    """A matrix for the kernel.  Errors: ProofError where a part of it has no word there."""
    e = freeze(node)
    pending = [e]
    while pending:
        x = pending.pop()
        if x[0] not in MATRICES:
            raise ProofError(f"the kernel has no word for {x[0]}")
        pending.extend(children(x))
    return e


def _quotient(x: Quotient, kind: str) -> Term:
    divisor = value(term(x.bottom, kind))
    if not divisor:
        raise ProofError("the kernel divides by numbers only")
    return prod(1 / divisor, term(x.top, kind))


def _number(x: Number, kind: str) -> Term:
    if x.value is None:
        raise ProofError("infinity is no number")
    return real(x.value)


def _length(x: reals.Length, kind: str) -> Term:
    if len(x.form.terms) != 1 or x.form.terms[0][1] != 1:
        raise ProofError("of times only t + a number is counted")
    return plus(count(variable(x.form.terms[0][0])), real(x.form.constant))


TERMS: dict[type, Callable[[Any, str], Term]] = {
    Number:   _number,
    Name:     lambda x, kind: real(x.key),
    reals.Length: _length,
    Measure:  _measure,
    reals.Total: lambda x, kind: plus(*(term(y, kind) for y in x.terms)),
    Times:    lambda x, kind: prod(*(term(y, kind) for y in x.factors)),
    Quotient: _quotient,
    Power:    lambda x, kind: ("^", term(x.base, kind), x.exponent),
    Absolute: lambda x, kind: absolute(term(x.of, kind)),
    OverTime: lambda x, kind: ("entry", descending(x.index, x.low, x.high, table([[term(x.body, kind)]]))),
}


# --- in terms of the model ------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Model:
    """A section under one convention: what derivatives and states are there, at indices within `context`."""

    section: Section
    convention: Convention
    context: Domain = frozenset()

    def __call__(self, x: Any, end: Named | None = None) -> Any:
        """A relation with its derivatives as products over time, and states as the bounded functions they are.

        end: the gradient that the others are expressed by; the latest one in the relation.
        """
        end = end or latest_gradient(x)
        if isinstance(x, tuple):
            return tuple(self(y, end) for y in x)
        if isinstance(x, Measure) and isinstance(x.of, Node):
            found = measured(x.kind, self.expanded(x.of, self.context, end))
            return self._over(found) if isinstance(found, OverTime) else found
        if isinstance(x, Entries | Fact) and isinstance(x.of, Node):
            return replace(x, of=self.expanded(x.of, self.context, end))
        if isinstance(x, Absolute):
            return reals.absolute(self(x.of, end))
        if isinstance(x, Power):
            return Power(self(x.base, end), dimension(x.exponent, self._sizes))
        if isinstance(x, OverTime):
            k = variable(x.index)
            inside = replace(self, context=self.context | {minus(k, x.low), minus(x.high, k)})
            return self._over(replace(x, body=inside(x.body, end)))
        return replace(x, **{f: self(getattr(x, f), end) for f in BELOW[type(x)]}) if type(x) in BELOW else x

    @property
    def _sizes(self) -> set[str]:
        return {s.name for q in self.section.recurrence.quantities for n in q.shape for s in n.free_symbols}

    def _over(self, x: OverTime) -> Real:
        """Of determinants: the product of x[k] y[k] is that of x[k] by that of y[k]; of one that stays it is a power."""
        factors = x.body.factors if isinstance(x.body, Times) else (x.body,)
        if not all(isinstance(f, Measure) and f.kind in DETERMINANTS for f in factors):
            return x
        if len(factors) > 1:
            return product(*(self._over(replace(x, body=f)) for f in factors))
        count = shift(minus(x.high, x.low), 1)
        stays = all(x.index not in map(str, free_indices(node)) for node in matrices(x.body))
        return Power(x.body, count) if stays and implies(self.context, count) else x

    def expanded(self, node: Node, around: Domain, end: Named | None) -> Node:
        """node with every quantity as what it is."""
        if isinstance(node, Elementwise):
            return node                                      # bounded whatever its argument is
        if isinstance(node, Named):
            return self._quantity(node, around, end)
        within = around | local_domain(node)
        places = (within, *(around for _ in node.args))
        rebuilt: Node = node.func(*(self.expanded(a, p, end) if isinstance(a, Node) else a
                                    for a, p in zip(node.args, places, strict=False)))
        return rebuilt

    def _quantity(self, q: Named, around: Domain, end: Named | None) -> Node:
        if q == end or not q.indices:
            return q
        if isinstance(q.label, Total | Direct):
            derived = self._derivative(q, around, end)
            return q if derived is None else self.expanded(derived, around, end)
        _, later = self.section.later.get(self.convention, ({}, ()))
        equations = (*self.section.recurrence.equations, *later)
        defined = next((e for e in equations if e.lhs.label == q.label and e.over), None)
        if defined is None or not implies(around, minus(affine(q.indices[0]), constant(1))):
            return q                                         # an input, or perhaps the initial state
        body = self.expanded(replace_indices(defined.rhs, {defined.lhs.indices[0]: q.indices[0]}), around, end)
        return body if is_bounded(body) or q.shape[1] != 1 else q                # a matrix of the author's is what it is

    def _derivative(self, q: Named, around: Domain, end: Named | None) -> Node | None:
        """The product over time that a derivative is proved to be; None if it is not."""
        states = self.section.recurrence.states
        state = next((s for s in states if s.name == str(q.label.by)), None)
        if state is None:
            return self._of_input(q) or self._before_activation(q)
        if is_path(q) or (is_jacobian(q) and str(q.label.of) == state.name):
            late, early = q.indices
            chain = self._steps(state, early, late)
        elif end is not None and end.label == q.label:
            early, late = q.indices[0], end.indices[0]
            chain = matmul(transpose(self._steps(state, early, late)), end)
        elif of_any_step(q) and len(q.indices) == 2 and q.indices[0] != q.indices[1]:
            late, early = q.indices                          # the loss of step t by an earlier state
            there = Named(Total(OF_STEP, state.name, 0), *q.shape, late)
            chain = matmul(transpose(self._steps(state, early, late)), there)
        else:
            return None
        if is_path(q):
            return chain                                     # its definition
        return chain if self._equal(q, chain) else None

    def _of_input(self, q: Named) -> Node | None:
        """dh_t/dx_t: one step."""
        given = self.section.recurrence
        of, by = (next((x for x in found if x.name == str(name)), None)
                  for found, name in ((given.states, q.label.of), (given.inputs, q.label.by)))
        if of is None or by is None or len(q.indices) != 2 or q.indices[0] != q.indices[1]:
            return None
        one = replace_indices(direct_jacobian(given, of, by), {given.axes[0].index: q.indices[0]})
        return one if isinstance(q.label, Direct) or self._equal(q, one) else None

    def _before_activation(self, q: Named) -> Node | None:
        """da_T/da_t and dh_T/da_t of what the activation of the one state h is applied to."""
        given = self.section.recurrence
        a = next((e.lhs for e in given.equations if e.lhs.name == str(q.label.by) and e.over), None)
        if a is None or len(given.states) != 1 or len(q.indices) != 2 or a.name == given.states[0].name:
            return None
        (h,), t, k = given.states, given.axes[0].index, integer(BOUND)
        late, early = q.indices
        inner = direct_jacobian(given, h, a)
        if str(q.label.of) == h.name:
            chain = matmul(self._steps(h, early, late), replace_indices(inner, {t: early}))
        elif str(q.label.of) == a.name:
            one = matmul(direct_jacobian(given, a, h.previous), replace_indices(inner, {t: t - 1}))
            near = late - early == 1
            chain = replace_indices(one, {t: late}) if near else ProductOver(replace_indices(one, {t: k}), k, early + 1, late, -1)
        else:
            return None
        return chain if self._equal(q, chain) else None

    def _steps(self, state: Named, early: sp.Expr, late: sp.Expr) -> Node:
        """The Jacobians of single steps, the latest leftmost; of one step alone where they are neighbours."""
        t, k = self.section.recurrence.axes[0].index, integer(BOUND)
        one = direct_jacobian(self.section.recurrence, state, state.previous)
        if late - early == 1:
            return replace_indices(one, {t: late})
        return ProductOver(replace_indices(one, {t: k}), k, early + 1, late, -1)

    def _equal(self, q: Named, chain: Node) -> bool:
        try:
            return is_true(self.section, (q, chain), self.convention)
        except LstmSymError:
            return False


def is_bounded(node: Node) -> bool:
    """Is it made of functions with a range?"""
    if isinstance(node, Elementwise):
        return FUNCTIONS[str(node.args[0])].high is not None if str(node.args[0]) in FUNCTIONS else False
    return isinstance(node, Hadamard | Add | Scale | Ones) and all(map(is_bounded, operands(node)))


def latest_gradient(x: Any) -> Named | None:
    """The gradient of the loss at the latest step among those of a claim."""
    found = [q for m in matrices(x) for q in named_in(m) if isinstance(q.label, Total) and str(q.label.of) == LOSS and q.indices]
    latest = None
    for q in found:
        if latest is None or not _precedes(q, latest):
            latest = q
    return latest


def _precedes(a: Named, b: Named) -> bool:
    """Is a earlier than b, T being later than any other index?"""
    difference = minus(affine(b.indices[0]), affine(a.indices[0]))
    return dict(difference.terms).get("T", 0) > 0 or (not difference.terms and difference.constant > 0)
