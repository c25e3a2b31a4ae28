r"""Which formulas speak of sizes, and how they are spelled: \sigma_{\max}, \lambda_1, \rho, \det, \lim, \to."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lstm_sym.documents.layout import tree
from lstm_sym.documents.reading.calls import FUNCTION_NAMES
from lstm_sym.documents.reading.components import OPAQUE
from lstm_sym.documents.reading.reader import Quantity
from lstm_sym.documents.reading.spelling import affine_of
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.errors import Unreadable
from lstm_sym.expr.affine import constant
from lstm_sym.expr.nodes import MatMul, Named, Node

SPECTRA = {(r"\sigma", "max"): "2", (r"\sigma", "1"): "2", (r"\lambda", "max"): "largest", (r"\lambda", "1"): "largest",
           (r"\rho", ""): "radius", ("s", "max"): "2", (r"\sigma", "min"): "least", ("s", "min"): "least"}
ORDERS = {r"\le": ("<=", 1), r"\leq": ("<=", 1), r"\leqslant": ("<=", 1), "<": ("<", 1), r"\lt": ("<", 1), r"\lesssim": ("<=", 1),
          r"\ge": ("<=", -1), r"\geq": ("<=", -1), r"\geqslant": ("<=", -1), ">": ("<", -1), r"\gt": ("<", -1), "=": ("=", 1)}
LOOSE = frozenset((r"\lesssim",))             # up to a factor that is not named: no net speaks against it
TENDS = frozenset((r"\to", r"\rightarrow", r"\longrightarrow", r"\approx"))
INFINITE = (tree.Symbol(r"\infty"), tree.Symbol("∞"))
LIMITS = frozenset((r"\lim", "lim"))
PRODUCTS = frozenset((r"\prod", "prod", "∏"))


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


def exponents(sides: tuple[tree.Node, ...], quantities: Mapping[str, Quantity]) -> set[str]:
    """The k of W^k, W a weight."""
    weights = {key for key, q in quantities.items() if key[:1].isupper() and not q.indexed}
    raised = (n for side in sides for n in tree.walk(side) if isinstance(n, tree.Scripts) and n.sub is None)
    found = {n.sup.name for n in raised if isinstance(n.base, tree.Symbol) and n.base.name in weights
             and isinstance(n.sup, tree.Symbol)}
    return {name for name in found if re.fullmatch("[a-z]", name)}


def grows(link: tuple[str, tree.Node, tree.Node]) -> str | None:
    """The index of T \\to \\infty, T - t \\to \\infty: the last step, or one that the form grows with; None of anything else."""
    sign, left, right = link
    form = affine_of(left) if sign in TENDS and right in INFINITE else None
    growing = [s for s, c in form.terms if c == 1] if form is not None else []
    return "T" if "T" in growing else next(iter(growing), None)


def limit_index(lower: tree.Node | None) -> str:
    """The index of \\lim_{T \\to \\infty}.  Errors: Unreadable for anything else."""
    if isinstance(lower, tree.Chain) and len(lower.sides) == 2:
        index = grows((lower.relations[0].name, *lower.sides))
        if index is not None:
            return index
    raise Unreadable("what tends to infinity is not read", lower.span if lower is not None else (0, 0))


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


def argument(node: tree.Node) -> tree.Node:
    r"""The (W) of \rho(W)^k."""
    return node.base if isinstance(node, tree.Scripts) and isinstance(node.base, tree.Delimited) and node.sub is None else node


def power_of(node: tree.Node) -> tree.Node | None:
    r"""The k of \rho(W)^k."""
    return node.sup if isinstance(node, tree.Scripts) and isinstance(node.base, tree.Delimited) else None


def is_function(node: tree.Node) -> bool:
    r"""Does it want an argument: \tanh, \phi'?"""
    if not isinstance(node, tree.Scripts):
        return isinstance(node, tree.Function)
    primed = isinstance(node.base, tree.Symbol) and node.base.name in FUNCTION_NAMES and node.primes > 0
    return primed or isinstance(node.base, tree.Function)


def parted(body: tree.Node, letter: tree.Symbol) -> tuple[tree.Node, tree.Node | None]:
    r"""The factors of \prod_k up to the last that changes with k, and those behind it."""
    if not isinstance(body, tree.Product):
        return body, None
    n = 1 + max((n for n, f in enumerate(body.factors) if letter in tree.walk(f)), default=len(body.factors) - 1)
    if n == len(body.factors) or "/" in body.operators[n - 1:]:
        return body, None
    front = replace(body, factors=body.factors[:n], operators=body.operators[:n - 1])
    return front, replace(body, factors=body.factors[n:], operators=body.operators[n:])


def column_of_entries(node: tree.BigOperator) -> tuple[tree.Node, str] | None:
    r"""The f_t and the letter of \prod_i f_{t,i} and \prod_{i=1}^n (f_t)_i; None of any other product."""
    lower, body = node.lower, node.body
    if isinstance(lower, tree.Chain) and node.upper is not None and lower.sides[1:] == (tree.Number("1"),):
        lower = lower.sides[0]
    elif node.upper is not None:
        return None
    if not isinstance(lower, tree.Symbol) or not isinstance(body, tree.Scripts) or body.sup is not None or body.primes:
        return None
    if body.sub == lower:
        return body.base, lower.name
    if isinstance(body.sub, tree.List) and len(body.sub.items) == 2 and body.sub.items[1] == lower:
        time = body.sub.items[0]
        return replace(body, sub=time, sub_text=body.sub_text.rpartition(",")[0]), lower.name
    return None


def entries_told_apart(left: tree.Node, right: tree.Node) -> tuple[tree.Node, tree.Node]:
    r"""The sides of a formula with components under \prod_i only.  Errors: Unreadable where h_i, beside h_t, may be a time."""
    sides = [s.body if isinstance(s, tree.Annotated) and s.name == OPAQUE else s for s in (left, right)]
    products = [p for s in sides for p in tree.walk(s) if isinstance(p, tree.BigOperator) and p.name in PRODUCTS]
    columns = [(p, found) for p in products if (found := column_of_entries(p)) is not None]
    others = [p for s in sides for p in tree.walk(s) if isinstance(p, tree.Scripts) and all(p != o.body for o, _ in columns)]
    for node, (column, _) in columns:
        if node.upper is None and any(p.base == column for p in others):
            raise Unreadable("an entry, or a time?", node.span)
    letters = {tree.Symbol(letter) for _, (_, letter) in columns}
    behind = any(isinstance(p.sub, tree.List) or p.sub in letters for p in others)
    return (left, right) if behind or not columns else (sides[0], sides[1])


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
