r"""The loss as a document defines it: what its definition says where it is not read, and the loss of one step.

L = \ell(o_T, y) + \lambda \|W\|^2 reads o at the last step, and W apart from the states: its gradient by W is open.
\partial L_t / \partial h_t stays inside the step.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from lstm_sym.calculus.backward import backward
from lstm_sym.calculus.truncate import Edge
from lstm_sym.documents.layout.tree import (
    BigOperator,
    Chain,
    Delimited,
    Fraction,
    Group,
    Layout,
    Number,
    Product,
    Relation,
    Sum,
    Symbol,
    walk,
)
from lstm_sym.documents.layout.tree import Node as Formula
from lstm_sym.documents.reading.derivatives import LOSSES, latest, sign_of
from lstm_sym.documents.reading.shapes import SCALAR, Shapes, Typed
from lstm_sym.documents.reading.spelling import Indexing, Spelled, letters_of, names_in, spell
from lstm_sym.errors import Unreadable
from lstm_sym.expr.affine import variable
from lstm_sym.expr.labels import Direct, Label, Total, label
from lstm_sym.expr.nodes import (
    Add,
    Elementwise,
    Named,
    Node,
    Ones,
    ProductOver,
    Scale,
    Stack,
    SumOver,
    is_zero,
    matmul,
    operands,
    scale,
)
from lstm_sym.expr.recurrence import Equation, Recurrence, Scan
from lstm_sym.expr.substitute import named_in, replace_named

LOSS = "L"
OF_STEP = "L_t"                                              # the loss of one step, where L is the sum of them
AT_STEP = "L'"                                               # the same as a family over the steps
OF_LOSS = frozenset((LOSS, OF_STEP, AT_STEP))


@dataclass(frozen=True, slots=True)
class Loss:
    """What a part says of its loss.  Where nothing is said, the loss is any."""

    when: str = ""                                           # it reads the "last" step or "every" step; "": not said
    reads: tuple[str, ...] = ()                              # the computed quantities it reads; none: not said
    own: frozenset[str] = frozenset()                        # what it may read beside the states: a penalty on W
    penalty: bool = False                                    # a term in nothing known, such as Omega(theta)
    opaque: bool = False                                     # it is defined, and the definition is not read
    others: frozenset[str] = frozenset()                     # further losses: J = L + ... beside L = ...
    weighted: bool = False                                   # it is not the plain sum of the losses of its steps
    mean: bool = False                                       # it is their mean: 1/T times the sum

    def reads_apart(self, parameter: str) -> bool:
        """Can it depend on the parameter otherwise than through the states?"""
        return self.opaque and (self.penalty or parameter in self.own)


def losses_named(sides: Iterable[tuple[Layout | None, Layout | None]], indexing: Indexing) -> frozenset[str]:
    r"""The names for a loss that are differentiated, in a fraction or on a line, or put for others, L = \sum_t \ell(y_t)."""
    sides = tuple(sides)
    parts = [n for pair in sides for side in pair if side is not None for n in walk(side)]
    below = {id(n.denominator) for n in parts if isinstance(n, Fraction)}
    above = (f for n in parts if isinstance(n, Product) and id(n) not in below for f in _behind_signs(n))
    put = (left for left, right in sides if left is not None and right is not None and not _is_derivative(right)
           and any(n.key in LOSSES for n in names_in(right, indexing)))
    return frozenset(n.key for f in (*above, *put) if (n := spell(f, indexing)) is not None and n.key in LOSSES)


def _is_derivative(node: Layout) -> bool:
    return any(isinstance(n, Symbol) and n.name in (r"\partial", r"\nabla") for n in walk(node))


def _behind_signs(node: Product) -> Iterator[Formula]:
    """The L of \\partial L / \\partial h and of \\nabla_h L."""
    for before, sign, f in zip(("", *node.operators), node.factors, node.factors[1:], strict=False):
        if sign_of(sign) and before != "/":
            yield f


def unread(definitions: Sequence[tuple[Spelled, Formula]], indexing: Indexing, model: Recurrence) -> Loss:
    """What definitions of a loss, L = ... or L_t = ..., say where they are not read."""
    computed, parameters = {e.lhs.name for e in model.equations}, {q.name for q in model.parameters}
    terms = [list(names_in(t, indexing)) for _, right in definitions for t in _terms(right)]
    of_states = [names for names in terms if any(n.key in computed or n.key in LOSSES for n in names)]
    apart = [names for names in terms if names not in of_states]
    read = [n for names in of_states for n in names if n.key in computed]
    return Loss(
        when=_when(definitions, read),
        reads=tuple(dict.fromkeys(n.key for n in read)),
        own=frozenset(n.key for names in terms for n in names if n.key in parameters),
        penalty=any(not any(n.key in parameters for n in names) for names in apart),
        opaque=not all(name.time is None and is_sum_of_losses(right, indexing) for name, right in definitions),
        weighted=is_weighted(definitions),
        mean=is_mean(definitions),
    )


def is_weighted(definitions: Sequence[tuple[Spelled, Formula]]) -> bool:
    """Is the loss, if it is defined, anything but a bare sum over the steps, or their mean?"""
    return any(name.time is None and _over_steps(right) is None for name, right in definitions)


def is_mean(definitions: Sequence[tuple[Spelled, Formula]]) -> bool:
    """Is it \\frac{1}{T} \\sum_t L_t?"""
    return any(name.time is None and isinstance(_bare(right), Product) and _over_steps(right) is not None
               for name, right in definitions)


def _over_steps(right: Formula) -> BigOperator | None:
    """The sum over the steps that the loss is, perhaps divided by their number."""
    whole = _bare(right)
    if isinstance(whole, Product) and len(whole.factors) == 2 and whole.factors[0] == Fraction(Number("1"), Symbol("T")):
        whole = whole.factors[1]
    return whole if isinstance(whole, BigOperator) and "sum" in whole.name else None


def named_loss(node: Layout, indexing: Indexing) -> Spelled | None:
    """The name of a loss, with the step of its arguments: L, L_t, l(y_t, o_t), L(x_1, ..., x_T); None for anything else."""
    bracket = node.factors[1] if isinstance(node, Product) and len(node.factors) == 2 and not any(node.operators) else None
    called = isinstance(bracket, Delimited) and bracket.open == "("
    name = spell(node.factors[0] if isinstance(node, Product) and called else node, indexing)
    if name is None or name.key not in LOSSES or name.sup is not None or name.primes:
        return None
    return replace(name, time=latest(bracket, indexing)) if called and bracket is not None and name.time is None else name


def _bare(node: Formula) -> Formula:
    return _bare(node.body) if isinstance(node, Group) else node


def _terms(node: Layout) -> Iterator[Layout]:
    """The terms of a sum, and of sums in brackets and under sums over time."""
    if isinstance(node, Sum):
        for term in node.terms:
            yield from _terms(term.body)
    elif isinstance(node, Group | Delimited | BigOperator):
        yield from _terms(node.body)
    else:
        yield node


def is_sum_of_losses(node: Formula, indexing: Indexing) -> bool:
    """sum_t L_t?  That is any loss."""
    whole = _over_steps(node)
    return whole is not None and named_loss(_bare(whole.body), indexing) is not None


def _when(definitions: Sequence[tuple[Spelled, Formula]], read: Sequence[Spelled]) -> str:
    """At which steps it reads: the last, if nothing else is named; every, under a sum; not said without times."""
    times = {n.time for n in read if n.time is not None}
    if any(isinstance(n, BigOperator) for _, right in definitions for n in walk(right)):
        return "every"
    if times == {variable("T")}:
        return "last"
    running = any(letters_of(t) - {"T"} for t in times)
    return "every" if times and (not running or any(name.time is not None for name, _ in definitions)) else ""


def with_steps(right: Formula, steps: Sequence[tuple[Spelled, Formula]], indexing: Indexing) -> Formula:
    """sum_t L_t with the definition of L_t put in."""
    whole = _over_steps(right)
    name = named_loss(_bare(whole.body), indexing) if whole is not None else None
    body = next((r for s, r in steps if name is not None and (s.key, s.time) == (name.key, name.time)), None)
    if whole is None or body is None:
        return right
    total, outer = replace(whole, body=body), _bare(right)
    return replace(outer, factors=(outer.factors[0], total)) if isinstance(outer, Product) else total


def in_total(losses: Sequence[tuple[Spelled, Formula]], indexing: Indexing) -> list[tuple[Spelled, Formula]]:
    """L = sum_t L_t, where only the loss of one step is defined."""
    if len(losses) != 1 or losses[0][0].time != variable(indexing.letter):
        return []
    (name, step), = losses
    first = Chain((Symbol(indexing.letter), Number("1")), (Relation("="),))
    return [(Spelled(name.key), BigOperator("sum", first, Symbol("T"), step))]


def as_number(value: Node) -> Node:
    """-sum_t y_t o log p_t as sum_t -1'(y_t o log p_t): the loss is a number, so the entries of a column are added."""
    if isinstance(value, Scale):
        inner = as_number(value.args[1])
        if isinstance(inner, SumOver):
            return SumOver(scale(value.args[0], inner.args[0]), *inner.args[1:])
        return scale(value.args[0], inner)
    if isinstance(value, SumOver):
        return SumOver(as_number(value.args[0]), *value.args[1:])
    return value if value.shape[0] == 1 else matmul(Ones(1, value.shape[0]), value)


def one_number(value: Typed, shapes: Shapes) -> Typed:
    """The value of a loss: the entries of a column are added, unless it is a column for no more than a letter's sake."""
    if shapes.is_one(value.shape[0]) or shapes.made_number(value.shape[0]):
        return value
    return Typed(SCALAR, lambda: as_number(value.build()))


# --- what holds of every loss -----------------------------------------------------------------------------------------

def is_about_any_loss(left: Node, right: Node, written: Mapping[Label, Node]) -> bool:
    """Has every term of both sides one gradient as a factor, or none any?

    Then the claim says nothing of what the loss is: a counterexample with gradients of one's own choice counts.
    dL/do = p - y says what the loss is.  written: the author's names for gradients, with their definitions.
    """
    here, there = _degrees(left, written), _degrees(right, written)
    return here | there <= {0} or here == there == {1}


def _degrees(node: Node, written: Mapping[Label, Node]) -> frozenset[int]:
    """How many gradients of the loss the terms of an expression have as factors; no terms in 0."""
    if isinstance(node, Named):
        if node.label in written:
            return _degrees(written[node.label], written)
        return frozenset((int(isinstance(node.label, Total | Direct) and str(node.label.of) in OF_LOSS),))
    parts = [_degrees(x, written) for x in operands(node)]
    if is_zero(node):
        return frozenset()
    if isinstance(node, Add | Stack):
        return frozenset().union(*parts)
    if isinstance(node, Elementwise | ProductOver):
        return frozenset(2 * d for d in parts[0])            # no longer linear in what it holds
    return frozenset(map(sum, product(*parts))) if parts else frozenset((0,))


# --- the loss of one step ---------------------------------------------------------------------------------------------

def of_step(q: Named) -> bool:
    """Is it a gradient of the loss of one step?"""
    return isinstance(q.label, Total) and q.label.of == label(OF_STEP)


def step_scans(model: Recurrence, loss: str | None, reads: tuple[str, ...] | None) -> tuple[Scan, ...]:
    """The gradients of one step's loss by quantities of the same step: backpropagation with every edge in time cut.

    Errors: Unreadable where an equation reads one quantity at this step and at another.
    """
    edges = [(Edge(e.lhs.label, q.label), q.indices == e.lhs.indices)
             for e in model.equations if e.over for q in named_in(e.rhs) if q.indices]
    late = frozenset(edge for edge, here in edges if not here)
    if any(here and edge in late for edge, here in edges):
        raise Unreadable("the loss of one step, of a model that reads a quantity at two steps in one equation", (0, 0))
    scans = backward(model, loss, name=LOSS, reads=reads, cut=late).scans[len(model.scans):]
    inside = (replace(s, equations=tuple(map(_renamed, (e for e in s.equations if e.over)))) for s in scans)
    return tuple(s for s in inside if s.equations)


def _renamed(equation: Equation) -> Equation:
    def of_this_step(q: Named) -> Named:
        return Named(_of_step(q.label), *q.shape, *q.indices)

    return replace(equation, lhs=of_this_step(equation.lhs), rhs=replace_named(equation.rhs, of_this_step))


def _of_step(name: Label) -> Label:
    return Total(OF_STEP, name.by) if isinstance(name, Total) and name.of == label(LOSS) else name
