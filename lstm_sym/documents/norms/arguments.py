"""Names that stand for any argument of a function: the a of |phi'(a)| <= gamma, which then holds at every step of the net."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstm_sym.documents.layout import tree
from lstm_sym.documents.norms.reals import Entries, Hypothesis, Number, Real, Relation, matrices
from lstm_sym.documents.reading.calls import FUNCTION_NAMES, GENERIC
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.errors import LstmSymError
from lstm_sym.expr.functions import FUNCTIONS
from lstm_sym.expr.nodes import Elementwise, Named, Node, operands
from lstm_sym.expr.substitute import named_in, nodes_in, replace_named

STEEPEST_AT_ZERO = ("tanh", "sigmoid")      # and the generic function, whose instance in nets is tanh


def anywhere(node: tree.Node) -> tree.Node:
    r"""f' alone, f'(\cdot) and f'(x) of an x without a time as f'(x) of any x; what is no slope as it is."""
    slope, argument = node, None
    if isinstance(node, tree.Product) and len(node.factors) == 2 and isinstance(node.factors[1], tree.Delimited):
        slope, argument = node.factors[0], node.factors[1].body
    if not _is_slope(slope) or not (argument is None or isinstance(argument, tree.Symbol | tree.Operator)):
        return node
    return tree.Product((slope, tree.Delimited("(", tree.Symbol(r"\xi"), ")")), ("",), span=node.span)


def _is_slope(node: tree.Node) -> bool:
    """Is it the sign of the derivative of a function?"""
    if not isinstance(node, tree.Scripts) or not node.primes or node.sub is not None or node.sup is not None:
        return False
    named = isinstance(node.base, tree.Symbol) and node.base.name in FUNCTION_NAMES.keys() | GENERIC
    return named or isinstance(node.base, tree.Function)


def arguments(relations: tuple[Hypothesis, ...]) -> set[str]:
    """The names that stand inside functions, and nowhere else."""
    inner, outer = set[str](), set[str]()
    for node in matrices(relations):
        inner |= {q.name for f in nodes_in(node) if isinstance(f, Elementwise) for q in named_in(f)}
        outer |= {q.name for q in _outside(node)}
    return inner - outer


def _outside(node: Node) -> list[Named]:
    if isinstance(node, Elementwise):
        return []
    return [node] if isinstance(node, Named) else [q for x in operands(node) for q in _outside(x)]


def at_the_net(h: Hypothesis, names: set[str], section: Section) -> Iterator[Hypothesis]:
    """What is supposed for any argument, for those the model applies the function to."""
    slopes = (n for n in matrices(h) if isinstance(n, Elementwise) and isinstance(n.args[1], Named))
    for node in (n for n in slopes if n.args[1].name in names):
        base = str(node.args[0]).rstrip("'")
        for equation in section.recurrence.equations:
            for f in (f for f in nodes_in(equation.rhs) if isinstance(f, Elementwise) and str(f.args[0]) == base):
                try:
                    yield _moved(h, node.args[1], f.args[1])
                except LstmSymError:
                    continue


def _moved(h: Hypothesis, a: Named, argument: Node) -> Hypothesis:
    def moved(x: Real) -> Real:
        if isinstance(x, Entries) and isinstance(x.of, Node):
            return replace(x, of=replace_named(x.of, lambda q: argument if q == a else q))
        return x

    return replace(h, left=moved(h.left), right=moved(h.right)) if isinstance(h, Relation) else h


def is_told_at_zero(h: Hypothesis) -> bool:
    """Is what is supposed for any argument true if it is true at 0: a bound of a slope that is steepest there, or 0 below it?"""
    if not isinstance(h, Relation) or h.sign == "=":
        return False
    slope = h.right if isinstance(h.left, Number) and h.left.value is not None and h.left.value <= 0 else h.left
    return isinstance(slope, Entries) and isinstance(slope.of, Node) and _is_steepest_at_zero(slope.of)


def _is_steepest_at_zero(of: Node) -> bool:
    """Is it the slope of tanh, of the logistic function or of a generic one?"""
    if isinstance(of, Elementwise):
        return str(of.args[0]).endswith("'") and not str(of.args[0]).endswith("''")
    inner = next((f.args[1] for f in nodes_in(of) if isinstance(f, Elementwise)), None)
    return inner is not None and any(
        of == FUNCTIONS[name].derivative(inner, Elementwise(name, inner)) for name in STEEPEST_AT_ZERO)
