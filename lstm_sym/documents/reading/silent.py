"""Names written without their time: i for i_t, where a line computes i from names at the time t."""
from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from lstm_sym.documents.layout.tree import (
    Accent,
    BigOperator,
    Delimited,
    Dots,
    Fraction,
    Layout,
    List,
    Node,
    Scripts,
    Statement,
    Symbol,
    contents,
    walk,
)
from lstm_sym.documents.reading.derivatives import LOSSES, differential
from lstm_sym.documents.reading.spelling import Indexing, letters_of, spell
from lstm_sym.expr.affine import constant, minus, variable

L = TypeVar("L", bound=Layout)


def key_of(node: Node) -> str:
    """A name without its time."""
    found = spell(node, Indexing())
    return found.key if found is not None else ""


def silent(statements: list[Statement]) -> frozenset[str]:
    """Names that never have a time, and are computed from names at the time t alone, in a document that has model lines."""
    timed = {key for s in statements for node in walk(s) if isinstance(node, Scripts) and (key := _timed_key(node))}
    found: set[str] = set()
    for s in statements:
        key = key_of(s.sides[0]) if len(s.sides) > 1 and s.relations[0].name in ("=", ":=") else ""
        right = list(walk(s.sides[1])) if key else []
        steps = any(isinstance(n, Scripts) and _at_step(n) for n in right)
        whole = any(isinstance(n, BigOperator | Fraction) or n == Symbol("T") for n in right)
        listed = isinstance(s.sides[1], Delimited) and not _is_stack(s.sides[1]) if key else False
        if steps and not whole and not listed and s.sides[0] not in LOSS_NAMES:
            found.add(key)
    return frozenset(found - timed - {""}) if _carries(statements) else frozenset()


def _is_stack(side: Node) -> bool:
    """[h_{t-1}, x_t], and no list of steps?"""
    listed = isinstance(side, Delimited) and side.open == "[" and isinstance(side.body, List)
    return listed and not any(isinstance(n, Dots) for n in walk(side))


LOSS_NAMES = tuple(Symbol(name, font) for name in ("L", "J", "E", r"\ell") for font in ("", "calligraphic", "roman", "bold"))


def _at_step(node: Scripts) -> bool:
    found = spell(node, Indexing())
    return found is not None and found.time is not None and "t" in letters_of(found.time)


def _timed_key(node: Scripts) -> str:
    found = spell(node, Indexing())
    return found.key if found is not None and found.time is not None else ""


def _carries(statements: list[Statement]) -> bool:
    """Is a name at t, alone on a left side, read at t - 1 on a right one?"""
    t = variable("t")
    defined: set[str] = set()
    read: set[str] = set()
    for s in statements:
        for n, side in enumerate(s.sides[:2] if len(s.sides) > 1 else ()):
            named = (side,) if not n else tuple(x for x in walk(side) if isinstance(x, Scripts))
            for found in filter(None, (spell(x, Indexing()) for x in named)):
                if not n and found.time == t:
                    defined.add(found.key)
                elif n and found.time == minus(t, constant(1)):
                    read.add(found.key)
    return bool(defined & read)


def spoken(part: L, names: frozenset[str]) -> L:
    """i as i_t, and W_i as it is: scripts are not looked into."""
    def value(x: Any) -> Any:
        if isinstance(x, Node) and isinstance(x, Symbol | Scripts | Accent) and key_of(x) in names:
            return _at_time_t(x)
        if isinstance(x, Scripts):
            return replace(x, base=value(x.base))
        if isinstance(x, Layout):
            inner = {name: getattr(x, name) for name in contents(type(x))}
            changed = {n: c for n, v in inner.items() if (c := value(v)) is not v}
            return replace(x, **changed) if changed else x
        if isinstance(x, tuple):
            items = tuple(map(value, x))
            return x if all(a is b for a, b in zip(items, x, strict=True)) else items
        return x
    whole: L = value(part)
    return whole


def is_of_one_step(left: Layout, right: Layout, indexing: Indexing) -> bool:
    """dL/dW = dL/da da/dW of names whose times are not written: perhaps what one step adds to the gradient of all."""
    own = differential(left, indexing) if isinstance(left, Fraction) else None
    return own is not None and own.by.time is None and own.of.key in LOSSES and any(map(_is_told, walk(right)))


def _is_told(node: Layout) -> bool:
    """Is it a name whose time was not written?"""
    sub = node.sub if isinstance(node, Scripts) else None
    last = sub.items[-1] if isinstance(sub, List) else sub
    return isinstance(last, Symbol) and last.name == "t" and not last.marks


def _at_time_t(name: Node) -> Node:
    t = Symbol("t", span=name.span)
    if not isinstance(name, Scripts):
        return Scripts(name, t, sub_text="t", span=name.span)
    if name.sub is None:
        return replace(name, sub=t, sub_text="t")
    return replace(name, sub=List((name.sub, t), (",",), span=name.sub.span), sub_text=f"{name.sub_text},t")
