"""Functions as they are applied: \\tanh(a), tanh a, \\sigma'(a), \\tanh^2(a), diag(v), softmax(y)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeGuard

from lstm_sym.documents.layout.tree import (
    Annotated,
    Delimited,
    Function,
    Group,
    Layout,
    List,
    Node,
    Product,
    Scripts,
    Symbol,
)
from lstm_sym.documents.reading.algebra import as_diagonal
from lstm_sym.documents.reading.any_function import called, value
from lstm_sym.documents.reading.shapes import ONE, SCALAR, Typed
from lstm_sym.documents.reading.slopes import is_by_matrix
from lstm_sym.documents.reading.spelling import affine_of, spell
from lstm_sym.errors import ShapeMismatch, Unreadable
from lstm_sym.expr import nodes as e
from lstm_sym.expr.affine import constant
from lstm_sym.expr.functions import FUNCTIONS, apply, softmax, spelled

if TYPE_CHECKING:
    from lstm_sym.documents.reading.reader import Reader

FUNCTION_NAMES = spelled()
OPEN = r"\sigma"                                            # a letter that stands for any function with a subscript only
GENERIC = frozenset((r"\phi", r"\varphi", r"\psi", "f", "g", r"\Phi"))


def applied(factors: list[Any], operators: list[str], r: Reader) -> tuple[list[Any], list[str]]:
    """Function names with their arguments as one factor each."""
    items: list[Any] = []
    joins: list[str] = []
    factors, n = [_without_note(x) for x in factors], 0
    while n < len(factors):
        if n:
            joins.append(operators[n - 1])
        head = _head(factors[n], r)
        stop = n + 1
        call = called(factors[n], factors[stop], r.indexing) if stop < len(factors) and not operators[n] else None
        if call is not None and (head is not None or call[0] in r.functions or is_free(factors[n], r)):
            items.append(value(call, factors[n], r))
            n = stop + 1
            continue
        if head is not None and len(head.name) == 1 and not _is_argument(factors, n + 1):
            head = None                                      # a letter beside anything but a bracket is a factor
        if head is not None and stop < len(factors) and operators[n] in ("", r"\cdot"):
            stop = _argument_end(factors, operators, stop, head)
            argument = _argument(factors, operators, n + 1, stop)
            raised = _raised(factors[n], argument)
            items.append(_call(head, argument, r) if raised is None else r.read(raised))
        elif isinstance(factors[n], Function):
            raise Unreadable(f"{factors[n].name} has no argument", factors[n].span)
        else:
            items.append(factors[n])
        n = stop
    return items, joins


def _without_note(factor: Any) -> Any:
    r"""(a) of \underbrace{(a)}_{...}: what a function is applied to."""
    return factor.body if isinstance(factor, Annotated) and isinstance(factor.body, Delimited) else factor


def _is_raised(argument: Layout) -> TypeGuard[Scripts]:
    """Is it (x)^2, without an index?"""
    return isinstance(argument, Scripts) and isinstance(argument.base, Delimited) and argument.sub is None


def _raised(head: Node, argument: Node) -> Node | None:
    """f(x)^2 is the square of f(x), and f(x)^\\top its transpose."""
    if not _is_raised(argument):
        return None
    span = head.span[0], argument.base.span[1]
    return replace(argument, base=Group(Product((head, argument.base), ("",), span=span), span=span))


@dataclass(frozen=True, slots=True)
class Head:
    """A function at the head of its argument: its name, how often it is differentiated, an entrywise power."""

    name: str
    where: Layout
    primes: int = 0
    power: int = 1
    plain: bool = False  # spelled as a known function: needs no parentheses


def _is_argument(factors: list[Any], n: int) -> bool:
    """Is the factor a bracket around an expression, not around a time?"""
    bracket = factors[n] if n < len(factors) else None
    bracket = bracket.base if isinstance(bracket, Scripts) else bracket
    return isinstance(bracket, Delimited) and bracket.open == "(" and affine_of(bracket.body) is None


def is_generic(name: str) -> bool:
    """A name that can stand for any function when a bracket follows and it names nothing else: phi, f, f_s, s."""
    of_subscript = name.startswith(f"{OPEN}_") or name.partition("_")[0] in GENERIC
    return of_subscript or (len(name) == 1 and name.isascii() and name.islower())


def is_free(node: Any, r: Reader) -> bool:
    """A letter with a subscript, f_\\theta, that names no quantity and may be a function."""
    base = node.base if isinstance(node, Scripts) and node.sup is None else node
    name = spell(node, r.indexing)
    return isinstance(base, Symbol) and name is not None and name.time is None and name.key not in r.quantities


def _head(node: Any, r: Reader) -> Head | None:
    if isinstance(node, Function):
        if node.bare:
            r.warnings.add("W203")
        return Head(node.name.lstrip("\\"), node, plain=True)
    if isinstance(node, Scripts) and (node.sub is None) and isinstance(node.base, Function | Symbol):
        inner = _head(node.base, r)
        if inner is None:
            return None
        power = affine_of(node.sup) if node.sup is not None else constant(1)
        if power is None or power.terms or power.constant < 1:
            return None
        return replace(inner, primes=node.primes, power=power.constant)
    if isinstance(node, Symbol) and node.name not in r.quantities:
        if node.font == "roman" and len(node.name) > 1:      # an upright word before a bracket is a function
            return Head(node.name, node)
        if node.name in FUNCTION_NAMES or (is_generic(node.name) and not node.font):
            return Head(node.name, node)
    if isinstance(node, Symbol) and node.name in r.indexing.functions:
        return Head(node.name, node)
    return None


def _argument_end(factors: list[Any], operators: list[str], n: int, head: Head) -> int:
    """A parenthesis is the argument; else, after a known function, the factors written beside it."""
    if isinstance(factors[n], Delimited) or not head.plain or _is_raised(factors[n]):
        return n + 1
    while n + 1 < len(factors) and operators[n] == "" and not isinstance(factors[n + 1], Function | Delimited):
        n += 1
    return n + 1


def _argument(factors: list[Any], operators: list[str], start: int, stop: int) -> Node:
    part = tuple(factors[start:stop])
    return (
        part[0]
        if len(part) == 1
        else Product(part, tuple(operators[start : stop - 1]), span=(part[0].span[0], part[-1].span[1]))
    )


def _call(head: Head, argument: Node, r: Reader) -> Typed:
    """f(argument)."""
    if not head.plain and not isinstance(argument, Delimited):
        raise Unreadable(f"{head.name} is neither a quantity nor applied to a parenthesis", head.where.span)
    if head.name == "prod" and isinstance(argument, Delimited) and isinstance(argument.body, List):
        return chained(argument.body.items, r)
    x = r.read(argument)
    special = CALLS.get(head.name)
    if special is not None and not head.primes:
        return special(x, r)
    name = FUNCTION_NAMES.get(head.name, head.name if is_generic(head.name) or head.name in r.indexing.functions else "")
    if not name:
        raise Unreadable(f"the function {head.name} is not known", head.where.span)
    value = _derived(name, head.primes, x) if head.primes else r.apply(name, x)
    return value if head.power == 1 else r.entry_power(value, head.power)


def chained(links: tuple[Node, ...], r: Reader) -> Typed:
    """prod(dL/do, do/dh): the links of a chain multiplied as their shapes ask, gradient times Jacobian."""
    whole = r.read(links[0])
    for link in links[1:]:
        if is_by_matrix(link, r):
            whole = replace(r, beside=whole).read(link)
        elif r.shapes.is_one(whole.shape[1]):
            whole = r.matmul(r.transpose(r.read(link)), whole)
        else:
            whole = r.matmul(whole, r.read(link))
    return whole


def _derived(name: str, primes: int, x: Typed) -> Typed:
    """f'(x), written in the function's own value where its table does so."""
    if name not in FUNCTIONS:
        return Typed(x.shape, lambda: apply(name + "'" * primes, x.build()))
    if primes > 1:
        raise ShapeMismatch(f"the second derivative of {name} is not read")
    return Typed(x.shape, lambda: FUNCTIONS[name].derivative(x.build(), apply(name, x.build())))


def _diag(x: Typed, r: Reader) -> Typed:
    """diag(v): the matrix of a column."""
    if not r.is_column(x):
        r.shapes.unify(x.shape[1], ONE)
    return as_diagonal(r, x)


def _softmax(x: Typed, r: Reader) -> Typed:
    """softmax(v) of a column; of a number it would be 1 whatever the number."""
    if r.is_scalar(x):
        raise ShapeMismatch("the softmax of a number is 1: it is applied to columns")
    return Typed(x.shape, lambda: softmax(x.build()))


CALLS: dict[str, Callable[[Typed, Reader], Typed]] = {
    "diag": _diag,
    "Diag": _diag,
    "softmax": _softmax,
    "Softmax": _softmax,
    "tr": lambda x, r: Typed(SCALAR, lambda: trace(x.build())),
    "Tr": lambda x, r: Typed(SCALAR, lambda: trace(x.build())),
}


def trace(a: e.Node) -> e.Node:
    """1' (I o A) 1."""
    n = a.shape[0]
    return e.matmul(e.Ones(1, n), e.hadamard(e.Identity(n), a), e.Ones(n, 1))
