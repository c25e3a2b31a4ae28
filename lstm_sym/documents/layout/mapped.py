"""A layout tree with something done to each of its parts."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from lstm_sym.documents.layout.tree import Layout, contents

L = TypeVar("L", bound=Layout)


def mapped(part: L, change: Callable[[Any], Any], enters: Callable[[Layout], bool] = bool) -> L:
    """The tree with `change` done to each part, the inner ones first; a part that it does not enter stays as it is."""
    if not enters(part):
        return part
    values = {name: getattr(part, name) for name in contents(type(part))}
    changed = {name: new for name, value in values.items() if (new := _value(value, change, enters)) is not value}
    whole: L = change(replace(part, **changed) if changed else part)
    return whole


def _value(value: Any, change: Callable[[Any], Any], enters: Callable[[Layout], bool]) -> Any:
    if isinstance(value, Layout):
        return mapped(value, change, enters)
    if isinstance(value, tuple):
        inner = tuple(_value(v, change, enters) for v in value)
        return value if all(a is b for a, b in zip(inner, value, strict=True)) else inner
    return value
