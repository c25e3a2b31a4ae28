r"""Which formulas speak of sizes, and how they are spelled: \sigma_{\max}, \lambda_1, \rho, \det, \lim, \to."""
from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from lstm_sym.documents.layout import tree
from lstm_sym.documents.reading.spelling import affine_of
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.expr.affine import constant
from lstm_sym.expr.nodes import MatMul, Named, Node

SPECTRA = {(r"\sigma", "max"): "2", (r"\sigma", "1"): "2", (r"\lambda", "max"): "largest", (r"\lambda", "1"): "largest",
           (r"\rho", ""): "radius", ("s", "max"): "2"}
ORDERS = {r"\le": ("<=", 1), r"\leq": ("<=", 1), r"\leqslant": ("<=", 1), "<": ("<", 1), r"\lt": ("<", 1), r"\lesssim": ("<=", 1),
          r"\ge": ("<=", -1), r"\geq": ("<=", -1), r"\geqslant": ("<=", -1), ">": ("<", -1), r"\gt": ("<", -1), "=": ("=", 1)}
TENDS = frozenset((r"\to", r"\rightarrow", r"\longrightarrow", r"\approx"))
LIMITS = frozenset((r"\lim", "lim"))


def speaks_of_sizes(*sides: tree.Layout | None) -> bool:
    """Does a formula hold a norm, an eigenvalue, an absolute value, a limit, a determinant?"""
    return any(_is_size(n) for side in sides if side is not None for n in _reachable(side))


def _reachable(part: tree.Layout) -> list[tree.Layout]:
    """The parts outside squared lengths, which are ordinary expressions."""
    if isinstance(part, tree.Scripts) and isinstance(part.base, tree.Norm) and affine_of(part.sup) == constant(2):
        return []
    return [part, *(p for child in tree.children(part) for p in _reachable(child))]


def _is_size(n: tree.Layout) -> bool:
    if isinstance(n, tree.Norm | tree.Abs):
        return True
    if isinstance(n, tree.BigOperator):
        return n.name in LIMITS
    if isinstance(n, tree.Function):
        return n.name == "det"
    if isinstance(n, tree.Scripts) and isinstance(n.base, tree.Symbol):
        return (n.base.name, plain(n.sub_text)) in SPECTRA
    return isinstance(n, tree.Product) and any(
        isinstance(a, tree.Symbol) and a.name == r"\rho" and isinstance(b, tree.Delimited)
        for a, b in zip(n.factors, n.factors[1:], strict=False))


def plain(script: str) -> str:
    """A script without its font: max of \\max and \\mathrm{max}."""
    return script.replace("\\", "").removeprefix("mathrm").removeprefix("text").strip("{} ")


def powers(part: Any, index: str) -> Any:
    """W^k with k an exponent and no part of a name, where k tends to infinity."""
    if isinstance(part, tuple):
        return tuple(powers(x, index) for x in part)
    if not isinstance(part, tree.Layout):
        return part
    if isinstance(part, tree.Scripts) and part.sup == tree.Symbol(index) and index != "T" and isinstance(part.base, tree.Symbol):
        return replace(part, base=tree.Delimited("(", part.base, ")", span=part.base.span))
    return replace(part, **{name: powers(getattr(part, name), index) for name in tree.contents(type(part))})


def of_every(node: tree.Node) -> tree.Node:
    r"""|\lambda_i| as |\lambda_{\max}|: what every eigenvalue is at most, the largest modulus is at most."""
    if not isinstance(node, tree.Abs):
        return node
    named = node.body.factors[0] if isinstance(node.body, tree.Product) else node.body
    if not isinstance(named, tree.Scripts) or named.base != tree.Symbol(r"\lambda") or not re.fullmatch("[a-z]", named.sub_text):
        return node
    largest = replace(named, sub_text="max")
    body = replace(node.body, factors=(largest, *node.body.factors[1:])) if isinstance(node.body, tree.Product) else largest
    return replace(node, body=body)


def recurrent(section: Section) -> list[Node]:
    """The matrices that multiply the state one step back."""
    states = {q.previous for q in section.recurrence.states}
    found: dict[Node, None] = {}
    for equation in section.recurrence.equations:
        for product_ in _products(equation.rhs):
            found.update({a: None for a, b in zip(product_.args, product_.args[1:], strict=False)
                          if b in states and isinstance(a, Named) and not a.indices})
    return list(found)


def _products(node: Node) -> list[Node]:
    below = [p for a in node.args if isinstance(a, Node) for p in _products(a)]
    return [node, *below] if isinstance(node, MatMul) else below
