"""Errors about the derivative of an activation, as edits: it is missing, taken twice, or that of another function."""
from __future__ import annotations

from lstm_sym.documents.repairs.case import JOINED, Candidates, Case, indices_of, made, rewritten
from lstm_sym.expr import nodes as e
from lstm_sym.expr.nodes import Named, Node


def slope_missing(case: Case) -> Candidates:
    """E101: the factor f'(a) left out: beside a matrix, or in front of a vector."""
    slopes = case.slopes()

    def rule(node: Node) -> Candidates:
        if isinstance(node, e.MatMul):
            for n in range(len(node.args) + 1):
                for slope in slopes:
                    if _fits(node, n, slope):
                        yield e.MatMul(*node.args[:n], e.Diag(slope), *node.args[n:])
        elif isinstance(node, Named | e.Add) or (isinstance(node, e.Transpose) and isinstance(node.args[0], Named)):
            for slope in slopes:
                if node.shape == slope.shape:
                    yield e.hadamard(slope, node)
                if node.shape[0] == slope.shape[0] and node.shape[1] != 1:
                    yield e.MatMul(e.Diag(slope), node)
                if node.shape[1] == slope.shape[0]:
                    yield e.MatMul(node, e.Diag(slope))

    yield from rewritten(case.right, rule)


def _fits(node: Node, n: int, slope: Node) -> bool:
    size = node.args[n - 1].shape[1] if n else node.args[0].shape[0]
    return bool(size == slope.shape[0]) and size != 1


def slope_of_another(case: Case) -> Candidates:
    """E101: the derivative of another function, sigma' for tanh', 1 - c^2 for 1 - tanh^2(c), or that of another quantity."""
    pairs, slopes = list(dict.fromkeys(case.mistaken())), case.slopes()

    def rule(node: Node) -> Candidates:
        for false, true in pairs:
            if node == false:
                yield true
            elif isinstance(node, e.Hadamard) and isinstance(false, e.Hadamard):
                rest = _without(node.args, false.args)
                if rest:
                    yield e.hadamard(*rest, true)
        if isinstance(node, e.Add) and _has_square(node):                                   # 1 - o^2; 1 - h lacks its power
            alike = (s for s in slopes if s != node and s.shape == node.shape and set(indices_of(s)) == set(indices_of(node)))
            yield from alike

    yield from rewritten(case.right, rule)


def _has_square(x: Node) -> bool:
    return any(isinstance(a, e.Scale) and isinstance(a.args[1], e.Hadamard) for a in x.args)


def slope_twice(case: Case) -> Candidates:
    """E107: the derivative of an activation taken twice: one of the factors goes."""
    slopes = case.slopes()
    single = {*slopes, *(e.Diag(s) for s in slopes if s.shape[1] == 1)}
    several = [s.args for s in slopes if isinstance(s, e.Hadamard)]              # y o (1 - y), among other factors

    def rule(node: Node) -> Candidates:
        if isinstance(node, e.ProductOver) and node.args[0] in single:                      # diag(f'(a))^2
            yield node.args[0]
        if isinstance(node, e.Hadamard | e.MatMul) and len(node.args) > 1:
            for n, x in enumerate(node.args):
                if x in single or _is_slope_like(x):
                    yield from made(JOINED[type(node)], *node.args[:n], *node.args[n + 1:])
            for rest in (_without(node.args, these) for these in several):
                if rest:
                    yield from made(JOINED[type(node)], *rest)

    yield from rewritten(case.right, rule)


def _without(args: tuple[Node, ...], these: tuple[Node, ...]) -> tuple[Node, ...]:
    """The factors with one of each of these taken out; none if they are not all there."""
    rest = list(args)
    for x in these:
        if x not in rest:
            return ()
        rest.remove(x)
    return tuple(rest)


def _is_slope_like(x: Node) -> bool:
    """1 - v o v, v o (1 - v), or diag of one."""
    inner = x.args[0] if isinstance(x, e.Diag) else x
    return isinstance(inner, e.Add | e.Hadamard) and any(isinstance(a, e.Ones | e.Add | e.Scale) for a in inner.args)
