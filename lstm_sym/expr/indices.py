"""Sizes and time indices: integer-affine SymPy expressions over one kind of symbol, read as `Affine`.

There is one symbol factory, so that `t` is `t` wherever it comes from.
"""
from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import sympy as sp

from lstm_sym.errors import NotAffine
from lstm_sym.expr.affine import Affine, combine, constant, variable

IndexLike: TypeAlias = sp.Expr | int


@lru_cache(maxsize=4096)
def integer(name: str) -> sp.Symbol:
    """The integer symbol `name`: a size, a number of steps or a time index."""
    return sp.Symbol(name, integer=True)


def integers(names: str) -> tuple[sp.Symbol, ...]:
    """The integer symbols of a blank-separated list: integers("n m")."""
    return tuple(integer(name) for name in names.split())


def index(value: IndexLike) -> sp.Expr:
    """`value` as an affine index.  Errors: NotAffine for a float, a product of symbols or a fraction."""
    if isinstance(value, sp.Symbol | sp.Integer):
        return value
    expression = sp.Integer(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(expression, sp.Expr):
        raise NotAffine(f"a size or time index must be an integer or an affine expression, got {value!r}")
    affine(expression)
    return sp.expand(expression)


@lru_cache(maxsize=65536)
def affine(expression: sp.Expr) -> Affine:
    """`expression` as an Affine.  Errors: NotAffine."""
    if isinstance(expression, sp.Symbol):
        return variable(expression.name)
    if isinstance(expression, sp.Integer):
        return constant(int(expression))
    result = constant(0)
    for term in sp.Add.make_args(sp.expand(expression)):
        factor, rest = term.as_coeff_Mul()
        if not isinstance(factor, sp.Integer) or not (rest == 1 or isinstance(rest, sp.Symbol)):
            raise NotAffine(f"{expression} is not an integer-affine index: the term {term} is not integer * symbol")
        result = combine(result, constant(1) if rest == 1 else variable(rest.name), int(factor))
    return result


@lru_cache(maxsize=65536)
def expression(form: Affine) -> sp.Expr:
    """The SymPy expression of an affine form: the inverse of `affine`."""
    return sp.Add(*(c * integer(s) for s, c in form.terms), sp.Integer(form.constant))
