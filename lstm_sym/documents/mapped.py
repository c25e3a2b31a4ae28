"""A layout tree with a change done to each of its parts."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, TypeVar

from lstm_sym.documents.tree import Layout

L = TypeVar("L", bound=Layout)


def mapped(part: L, change: Callable[[Any], Any], enters: Callable[[Layout], bool] = bool) -> L:
    """The tree with `change` done to each part, the inner ones first; a part that it does not enter stays as it is."""
    if not enters(part):
        return part
    values = {f.name: getattr(part, f.name) for f in fields(part) if f.name not in ("span", "marks")}
    inner = {name: _value(value, change, enters) for name, value in values.items()}
    changed = {name: value for name, value in inner.items() if value is not values[name]}
    whole: L = change(replace(part, **changed) if changed else part)
    return whole


def _value(value: Any, change: Callable[[Any], Any], enters: Callable[[Layout], bool]) -> Any:
    if isinstance(value, Layout):
        return mapped(value, change, enters)
    if isinstance(value, tuple):
        inner = tuple(_value(v, change, enters) for v in value)
        return value if all(a is b for a, b in zip(inner, value, strict=True)) else inner
    return value
