r"""h_t = f(x_t, h_{t-1}, w) with a function f of which nothing is said.

To first order h_t = f_t + sum_a (\partial f / \partial a)_t a, with a column f_t and matrices (\partial f / \partial a)_t that
are given at each step.  Inputs differ from step to step, so every such choice belongs to some f: a claim about values and first
derivatives is true of every f if it is true of all of these, and false of some f if it is false of one.
"""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lstm_sym.documents.layout.tree import Delimited, Layout, List, Node, Scripts, Symbol
from lstm_sym.documents.reading.derivatives import LOSSES
from lstm_sym.documents.reading.shapes import Shape, Typed
from lstm_sym.documents.reading.spelling import Indexing, Spelled, spell
from lstm_sym.errors import Unreadable
from lstm_sym.expr import nodes as e
from lstm_sym.expr.affine import Affine, combine, minus
from lstm_sym.expr.indices import expression

if TYPE_CHECKING:
    from lstm_sym.documents.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class AnyFunction:
    """f as its first call has it: the arguments, the step of the call, the shape of the value."""

    name: str
    arguments: tuple[Spelled, ...]
    step: Affine
    shape: Shape

    def step_of(self, arguments: tuple[Spelled, ...]) -> Affine | None:
        """The step of another call; None if it does not take the same arguments, all moved by as much."""
        if [a.key for a in arguments] != [a.key for a in self.arguments]:
            return None
        pairs = [(a.time, b.time) for a, b in zip(arguments, self.arguments, strict=True)]
        shifts = {minus(new, old) for new, old in pairs if new is not None and old is not None}
        alike = len(shifts) == 1 and all((a is None) == (b is None) for a, b in pairs)
        return combine(self.step, shifts.pop()) if alike else None

    def owns(self, label: str) -> bool:
        """Is it f_t or (df/da)_t?"""
        return label == rf"{self.name}_{{0}}" or label.startswith(rf"\left(\frac{{\partial {self.name}}}")

    def slope(self, argument: Spelled, step: Affine, r: Reader) -> Typed:
        """(df/da)_t, output by input."""
        key = rf"\left(\frac{{\partial {self.name}}}{{\partial {argument.key}}}\right)"
        return _given(key, (self.shape[0], r.quantities[argument.key].shape[0]), step, r)


def called(head: Node, bracket: Layout, indexing: Indexing) -> tuple[str, tuple[Spelled, ...]] | None:
    """f and its arguments in f(x_t, h_{t-1}, w) and f_w(x_t, h_{t-1}); None for anything else."""
    if not isinstance(bracket, Delimited) or bracket.open != "(" or not isinstance(bracket.body, List):
        return None
    base, inside = (head.base, head.sub) if isinstance(head, Scripts) and head.sup is None and not head.primes else (head, None)
    own = spell(inside, indexing) if inside is not None else None
    found = [spell(x, indexing) for x in bracket.body.items]
    names = tuple(n for n in (*found, own) if n is not None and n.sup is None and not n.primes)
    if len(names) != len(found) + (own is not None) or (inside is not None and own is None) or all(n.time is None for n in names):
        return None
    key = base.name if isinstance(base, Symbol) else getattr(base, "name", "")
    return (f"{key}_{{{own.key}}}" if own is not None else key, names) if key else None


def value(call: tuple[str, tuple[Spelled, ...]], where: Layout, r: Reader) -> Typed:
    """f(x_t, h_{t-1}, w).  Errors: Unreadable for a second call with other arguments, and where samples are rows."""
    name, arguments = call
    if name in LOSSES:
        raise Unreadable(f"nothing is said of the loss {name} but what it reads", where.span)
    columns = tuple(_column(a, where, r) for a in arguments)
    if name not in r.functions:
        step = r.defines or max((a.time for a in arguments if a.time is not None), key=lambda time: (time.constant, str(time)))
        own = r.introduce(Spelled(rf"{name}_{{0}}", step, column=True), where, r)
        r.functions[name] = AnyFunction(name, arguments, step, own.shape)
    f = r.functions[name]
    step = f.step_of(arguments)
    if step is None:
        raise Unreadable(f"{name} has other arguments elsewhere", where.span)
    terms = [r.matmul(f.slope(a, step, r), c) for a, c in zip(arguments, columns, strict=True)]
    return r.add([("", x, where) for x in (_given(rf"{name}_{{0}}", f.shape, step, r), *terms)])


def _column(name: Spelled, where: Layout, r: Reader) -> Typed:
    """An argument; a parameter met here first is a column of numbers, whatever its letter."""
    if name.key not in r.quantities:
        r.introduce(replace(name, column=True), where, r)
    q = r.quantities[name.key]
    if not r.shapes.is_one(q.shape[1]) or q.indexed != (name.time is not None):
        raise Unreadable(f"{name.key} is no column beside the other arguments", where.span)
    indices = () if name.time is None else (expression(name.time),)
    return Typed(q.shape, lambda: e.Named(q.key, r.size(q.shape[0]), r.size(q.shape[1]), *indices))


def _given(key: str, shape: Shape, step: Affine, r: Reader) -> Typed:
    """A quantity that is given at each step."""
    return Typed(shape, lambda: e.Named(key, r.size(shape[0]), r.size(shape[1]), expression(step)))
