"""Names that papers give to parts of an equation: pre-activations a_f, and theta = tanh(c) inside h = o * tanh(c).

Reverse mode runs over named quantities, and f' is written in the function's own value; so these names are what makes
derivatives come out as papers print them.
"""
from __future__ import annotations

from collections.abc import Callable
from itertools import chain, count

from lstm_sym.errors import ModelError
from lstm_sym.expr.functions import function
from lstm_sym.expr.nodes import BINDERS, Elementwise, Named, Node, Scale


class Names:
    """The names of one cell, each used once."""

    def __init__(self, cell: str) -> None:
        self.cell = cell
        self.taken: dict[str, str] = {}

    def take(self, name: str, role: str) -> str:
        """`name` for `role`.  Errors: ModelError if it is taken, or no name at all."""
        if not name or not name[0].isalpha() or not name.replace("_", "").isalnum():
            raise ModelError(f"{self.cell}: {name!r} is no name; letters, digits and _ make one, a letter first: W_f")
        if name in self.taken:
            raise ModelError(f"{self.cell}: the name {name} is taken by {self.taken[name]}; choose another for {role}")
        self.taken[name] = role
        return name

    def fresh(self, role: str, *wishes: str) -> str:
        """The first wish that is free, then the last wish with a number."""
        tries = chain(wishes, (f"{wishes[-1]}_{k}" for k in count(2)))
        return self.take(next(name for name in tries if name not in self.taken), role)


Define = Callable[..., Named]                                # define(value, role, wish, wish ...): the name of a part


def name_parts(target: str, value: Node, define: Define, is_state: bool) -> Node:
    """`value` with its pre-activations and inner activations replaced by names, each given to `define` first.

    f = sigma(W h + b)  ->  a_f = W h + b, f = sigma(a_f);   h = o * tanh(c)  ->  theta = tanh(c), h = o * theta.
    """
    wishes = ("a", f"a_{target}") if is_state else (f"a_{target}",)

    def argument(x: Node) -> Node:
        if isinstance(x, Scale):                             # tanh(a / 2): the scale stays with the function
            return Scale(x.args[0], argument(x.args[1]))
        return x if isinstance(x, Named) else define(x, f"the pre-activation of {target}", *wishes)

    def inner(node: Node) -> Node:
        if isinstance(node, Named) or isinstance(node, BINDERS):
            return node
        node = node.func(*(inner(a) if isinstance(a, Node) else a for a in node.args))
        if not is_squashing(node):
            return node
        here = Elementwise(node.args[0], argument(node.args[1]))
        return define(here, f"{node.args[0]} inside {target}", "theta", f"theta_{target}")

    if not is_squashing(value):
        return inner(value)
    return Elementwise(value.args[0], argument(inner(value.args[1])))


def is_squashing(node: Node) -> bool:
    """An activation whose value and argument papers name?  exp, log ... stay in line."""
    return isinstance(node, Elementwise) and function(str(node.args[0])).activation
