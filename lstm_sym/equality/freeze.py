"""Expressions as plain tuples (tag, shape, ...): the boundary between SymPy and the normal form.

Sizes, indices, bounds and conditions become `Affine`; coefficients become polynomials with `Fraction`s.
"""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeAlias

import sympy as sp

from lstm_sym.errors import Inexact, MissingRule
from lstm_sym.expr.functions import function
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
    Ones,
    ProductOver,
    Scale,
    Slice,
    Stack,
    SumOver,
    Transpose,
    When,
    Zeros,
)

Frozen: TypeAlias = tuple[Any, ...]
Coefficient: TypeAlias = tuple[tuple[Fraction, tuple[tuple[str, int], ...]], ...]


@lru_cache(maxsize=65536)
def freeze(node: Node) -> Frozen:
    """`node` as nested tuples.  Errors: MissingRule for a foreign node type, Inexact for a coefficient that is not rational."""
    rule = FREEZE.get(type(node))
    if rule is None:
        raise MissingRule.for_node("FREEZE", node)
    tag, *payload = rule(node)
    return (tag, (affine(node.shape[0]), affine(node.shape[1])), *payload)


@lru_cache(maxsize=4096)
def coefficient(value: sp.Expr) -> Coefficient:
    """A sum of rational * product of symbol^integer.  Errors: Inexact for anything else, such as sqrt(2) or 1/(n + 1)."""
    terms = []
    for term in sp.Add.make_args(sp.expand(value)):
        number, rest = term.as_coeff_Mul()
        powers = {} if rest == 1 else rest.as_powers_dict()
        if not number.is_Rational or not all(b.is_Symbol and k.is_Integer for b, k in powers.items()):
            raise Inexact(f"the coefficient {value} is no sum of rational * product of size^integer")
        terms.append((Fraction(int(number.p), int(number.q)), tuple(sorted((b.name, int(k)) for b, k in powers.items()))))
    return tuple(terms)


@lru_cache(maxsize=4096)
def name_of(label: Label) -> str:
    """A text for each label, a different one even for labels that print alike (a derivative and a name "dL/dh")."""
    return str(sp.srepr(label))


def facts(name: str) -> tuple[Any, ...]:
    """(name, f(0), parity): what the normal form knows of a function."""
    row = function(name)
    return name, row.at_zero, row.parity


def _all(n: Node) -> tuple[Frozen, ...]:
    return tuple(map(freeze, n.args))


FREEZE: dict[type[Node], Callable[[Any], Frozen]] = {
    Named:       lambda n: ("named", name_of(n.label), tuple(map(affine, n.indices))),
    Ones:        lambda n: ("ones",),
    Zeros:       lambda n: ("zeros",),
    Identity:    lambda n: ("identity",),
    Add:         lambda n: ("add", *_all(n)),
    Hadamard:    lambda n: ("hadamard", *_all(n)),
    MatMul:      lambda n: ("matmul", *_all(n)),
    Scale:       lambda n: ("scale", coefficient(n.args[0]), freeze(n.args[1])),
    Transpose:   lambda n: ("transpose", freeze(n.args[0])),
    Diag:        lambda n: ("diag", freeze(n.args[0])),
    Elementwise: lambda n: ("function", facts(n.args[0].name), freeze(n.args[1])),
    Stack:       lambda n: ("stack", *_all(n)),
    Slice:       lambda n: ("slice", affine(n.args[1]), freeze(n.args[0])),
    SumOver:     lambda n: ("sum", n.args[1].name, affine(n.args[2]), affine(n.args[3]), freeze(n.args[0])),
    ProductOver: lambda n: ("product", n.args[1].name, affine(n.args[2]), affine(n.args[3]), int(n.args[4]), freeze(n.args[0])),
    When:        lambda n: ("when", frozenset(map(affine, n.args[1:])), freeze(n.args[0])),
}
