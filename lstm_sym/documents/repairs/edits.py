"""The errors people make, as edits: each row undoes one class of error in all the ways it may have been made.

An edit takes the right side of a claim and yields corrected candidates; a candidate counts only once it is proved.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sympy as sp

from lstm_sym.documents.reading.losses import LOSS, of_step
from lstm_sym.documents.repairs.case import JOINED, Candidates, Case, indices_of, made, rewritten
from lstm_sym.documents.repairs.factors import MISSING, quantity_missing
from lstm_sym.documents.repairs.slopes import slope_missing, slope_of_another, slope_twice
from lstm_sym.expr import nodes as e
from lstm_sym.expr.indices import affine
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Named, Node
from lstm_sym.expr.substitute import exchanged, free_indices, named_in, replace_indices


def transposed(case: Case) -> Candidates:
    """E102: a transpose dropped or added: one matrix, or each of its occurrences."""
    def rule(node: Node) -> Candidates:
        if node.shape[1] != 1 and isinstance(node, Named | e.Transpose | e.MatMul | e.Add | e.ProductOver):
            yield e.transpose(node)
        if isinstance(node, e.MatMul):
            for n, (a, b) in enumerate(zip(node.args, node.args[1:], strict=False)):
                if a.shape[1] == 1 and b.shape[1] == 1:
                    yield e.matmul(*node.args[:n + 1], b.T, *node.args[n + 2:])
        columns = all(x.shape[1] == 1 != x.shape[0] for x in e.operands(node))
        if isinstance(node, e.Hadamard) and len(node.args) == 2 and columns:
            yield from (e.matmul(a, b.T) for a, b in (node.args, node.args[::-1]))

    yield from rewritten(case.right, rule)


def shifted(case: Case) -> Candidates:
    """E103: a time or the bound of a sum one step off, or the wrong end."""
    def rule(node: Node) -> Candidates:
        if isinstance(node, Named) and node.indices:
            for n, i in enumerate(node.indices):
                for j in (i + 1, i - 1, *_ends(i, case)):
                    yield Named(node.label, *node.shape, *node.indices[:n], sp.expand(j), *node.indices[n + 1:])
        if isinstance(node, e.BINDERS) and (node.args[2].free_symbols or node.args[3].free_symbols):     # no power A^2
            body, k, low, high, *rest = node.args
            for a, b in ((low + 1, high), (low - 1, high), (low, high + 1), (low, high - 1)):
                yield node.func(body, k, sp.expand(a), sp.expand(b), *rest)

    yield from rewritten(case.right, rule)
    for q in (q for q in named_in(case.right) if q.indices):
        for j in (q.indices[0] + 1, q.indices[0] - 1):
            yield exchanged(case.right, {q: q[(j, *q.indices[1:])]})
    for step in (1, -1):
        lengths = {s for axis in case.given.axes for s in axis.length.free_symbols}
        symbols = {s for i in indices_of(case.right) for s in i.free_symbols} - lengths
        yield from (replace_indices(case.right, {s: s + step}) for s in sorted(symbols, key=str))


def _ends(i: sp.Expr, case: Case) -> Iterator[sp.Expr]:
    if not affine(i).terms or any(s in case.given.axes[0].length.free_symbols for s in i.free_symbols):
        return
    yield case.given.axes[0].length


def reordered(case: Case) -> Candidates:
    """E104: factors in the wrong order, the product over time in the wrong direction."""
    def rule(node: Node) -> Candidates:
        if isinstance(node, e.MatMul):
            for n in range(len(node.args) - 1):
                a, b = node.args[n:n + 2]
                yield from made(e.MatMul, *node.args[:n], b, a, *node.args[n + 2:])
            yield from made(e.MatMul, *reversed(node.args))
            yield from (turned for n in range(2, len(node.args) - 1) for turned in made(e.MatMul, *node.args[n:], *node.args[:n]))
        if isinstance(node, e.ProductOver):
            yield node.func(*node.args[:4], -int(node.args[4]))

    yield from rewritten(case.right, rule)


def entrywise(case: Case) -> Candidates:
    """E105: an entrywise product where a matrix product is meant, or the other way round; diag missing."""
    def rule(node: Node) -> Candidates:
        if isinstance(node, e.Hadamard) and len(node.args) == 2:
            a, b = node.args
            yield from made(e.matmul, a, b)
            yield from made(e.matmul, b, a)
        if isinstance(node, e.MatMul) and len(node.args) == 2:
            yield from made(e.hadamard, *node.args)
        if isinstance(node, e.Diag):
            yield e.matmul(node.args[0], e.Ones(1, node.shape[0]))

    yield from rewritten(case.right, rule)


def term_missing(case: Case) -> Candidates:
    """E108: a path or a sum left out: a term of the derived equation is added, the loss of one step is that of all."""
    steps = [q for q in named_in(case.right) if of_step(q)]
    if steps:
        yield exchanged(case.right, {q: Named(Total(LOSS, q.label.by), *q.shape, *q.indices) for q in steps})
    if case.derived is not None:
        for term in case.derived.args if isinstance(case.derived, e.Add) else (case.derived,):
            if term.shape == case.right.shape:
                yield e.add(case.right, term)
        if isinstance(case.derived, e.SumOver) and not isinstance(case.right, e.SumOver):
            _, k, low, high = case.derived.args
            yield e.SumOver(case.right, k, low, high)
            for s in {s for i in indices_of(case.right) for s in i.free_symbols}:         # the term of one step, t or T
                yield e.SumOver(replace_indices(case.right, {s: k}), k, low, high)


def powers(case: Case) -> Candidates:
    """E110: a transpose read as a power, a power inside a product that already counts the steps, an exponent one off."""
    def rule(node: Node) -> Candidates:
        if isinstance(node, e.ProductOver):
            body, k, low, high, step = node.args
            if isinstance(body, e.ProductOver):
                yield e.ProductOver(body.args[0], k, low, high, 1)
                yield e.ProductOver(body.args[0], k, low, high, -1)
            yield body
            yield e.transpose(body)
            if k not in free_indices(body):                  # A^k for A^(t - k) or A^(k - t)
                for i in dict.fromkeys(indices_of(case.left)):
                    yield from (e.ProductOver(body, k, low, sp.expand(end), step) for end in (high - i, i - high))
            if not isinstance(body, e.ProductOver) and body.shape[1] != 1:
                for a, b in ((low, high - 1), (low, high + 1)):
                    yield e.ProductOver(body, k, a, sp.expand(b), step)
                time = [i for i in indices_of(case.left) if i.free_symbols]
                for t in time:
                    yield e.ProductOver(body, k, 1, sp.expand(case.given.axes[0].length - t), step)
        elif isinstance(node, e.Hadamard):
            repeated = [n for n, x in enumerate(node.args) if x in node.args[:n]]
            yield from (e.hadamard(*node.args[:n], *node.args[n + 1:]) for n in repeated)
        elif _is_value(node):
            yield e.hadamard(node, node)

    yield from rewritten(case.right, rule)


def _is_value(node: Node) -> bool:
    """A column, a number or the states of a batch, and no derivative?"""
    named = isinstance(node, Named) and not isinstance(node.label, Total | Direct)
    return (named and bool(node.indices)) or (1 in node.shape and (named or isinstance(node, e.Elementwise)))


def partial_for_total(case: Case) -> Candidates:
    """E112: a direct partial where the total derivative is meant, or the other way round."""
    def rule(node: Node) -> Candidates:
        if isinstance(node, Named) and isinstance(node.label, Total | Direct):
            other = Direct if isinstance(node.label, Total) else Total
            yield Named(other(*node.label.args[:2], int(node.label.args[2])), *node.shape, *node.indices)

    yield from rewritten(case.right, rule)


def sign(case: Case) -> Candidates:
    """A sign turned round."""
    def rule(node: Node) -> Candidates:
        if isinstance(node, e.Add):
            for n, x in enumerate(node.args):
                yield e.Add(*node.args[:n], e.scale(-1, x), *node.args[n + 1:])

    yield e.scale(-1, case.right)
    yield from rewritten(case.right, rule)


def term_extra(case: Case) -> Candidates:
    """A term or factor too many."""
    def rule(node: Node) -> Candidates:
        if isinstance(node, e.Add | e.Hadamard | e.MatMul) and len(node.args) > 1:
            for n in range(len(node.args)):
                yield from made(JOINED[type(node)], *node.args[:n], *node.args[n + 1:])

    yield from rewritten(case.right, rule)


def wrong_quantity(case: Case) -> Candidates:
    """A quantity of the same shape in place of another."""
    others = [q for q in case.given.quantities if not isinstance(q.label, Total | Direct)]

    def rule(node: Node) -> Candidates:
        if isinstance(node, Named) and not isinstance(node.label, Total | Direct):
            for q in others:
                if q.shape == node.shape and q.label != node.label and len(q.indices) == len(node.indices):
                    yield Named(q.label, *q.shape, *node.indices)

    yield from rewritten(case.right, rule)


FOLLOWERS: dict[str | None, frozenset[str | None]] = {       # errors that come together, first to second
    "E110": frozenset(("E101", "E103")),
    "E101": frozenset(("E102", "E103", "E104", "E108")),
    "E102": frozenset(("E101", "E103", "E104", "E108")),
    "E103": frozenset(("E102", "E104", "E108")),
    "E104": frozenset(("E108",)),
    "E107": frozenset(("E108", "E103")),
    "E108": frozenset(("E108",)),
}


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """A class of error: its code (None: no class of its own), its name, and the edits that undo it."""

    code: str | None
    name: str
    edit: Callable[[Case], Candidates]


EDITS: tuple[ErrorClass, ...] = (
    ErrorClass("E101", "the derivative of the activation is missing", slope_missing),
    ErrorClass("E101", "the derivative is that of another function", slope_of_another),
    ErrorClass("E102", "a transpose is missing or too many", transposed),
    ErrorClass("E103", "a time or the bound of a sum is off", shifted),
    ErrorClass("E104", "the factors are in the wrong order", reordered),
    ErrorClass("E105", "an entrywise product and a matrix product are confused", entrywise),
    ErrorClass("E107", "the derivative of the activation is taken twice", slope_twice),
    ErrorClass("E108", "a path or a sum is missing", term_missing),
    ErrorClass("E110", "a power is wrong, or stands where a transpose or a product is meant", powers),
    ErrorClass("E112", "a partial and a total derivative are confused", partial_for_total),
    ErrorClass(None, "a sign is wrong", sign),
    ErrorClass(None, "a term or factor is too many", term_extra),
    ErrorClass(None, MISSING, quantity_missing),
    ErrorClass(None, "a quantity stands for another", wrong_quantity),
)
