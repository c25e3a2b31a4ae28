"""Declared identities between elementwise functions, tried where both functions of a row stand in what is left."""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import sympy as sp

from lstm_sym.expr.functions import apply, exp, log, tanh
from lstm_sym.expr.nodes import Elementwise, Node, scale

HALF = sp.Rational(1, 2)


def _over_one_plus(e: Node) -> Node:
    """1/(1 + e), entry by entry."""
    return apply("reciprocal", e + 1)


@dataclass(frozen=True, slots=True)
class Identity:
    """name(x) = rewrite(x), for all x; worth trying where `beside` stands as well."""

    name: str
    beside: str
    rewrite: Callable[[Node], Node]
    law: str


IDENTITIES: tuple[Identity, ...] = (
    Identity("sigmoid",  "tanh", lambda x: scale(HALF, tanh(scale(HALF, x)) + 1),     "sigma(x) = (1 + tanh(x/2))/2"),
    Identity("sigmoid",  "exp",  lambda x: _over_one_plus(exp(-x)),               "sigma(x) = 1/(1 + exp(-x))"),
    Identity("tanh",     "exp",  lambda x: scale(-2, _over_one_plus(exp(scale(2, x)))) + 1, "tanh(x) = 1 - 2/(1 + exp(2x))"),
    Identity("softplus", "log",  lambda x: log(exp(x) + 1),                       "softplus(x) = log(1 + exp(x))"),
)


def rewritings(node: Node, functions: Collection[str]) -> Iterator[tuple[str, Node]]:
    """The law of each identity that may help and what it makes of node."""
    for identity in IDENTITIES:
        if identity.name in functions and identity.beside in functions:
            yield identity.law, rewrite(node, identity)


def rewrite(node: Node, identity: Identity) -> Node:
    """node with every name(x) replaced."""
    arguments = [rewrite(a, identity) if isinstance(a, Node) else a for a in node.args]
    if isinstance(node, Elementwise) and str(node.args[0]) == identity.name:
        return identity.rewrite(arguments[1])
    return node.func(*arguments)
