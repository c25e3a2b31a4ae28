"""J_k = D_k W of any step k, told of the step t that the model's own lines are about."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lstm_sym.documents.layout.tree import Layout, Node, Scripts, Symbol, contents, walk
from lstm_sym.documents.reading.spelling import RUNNING, TIME_LETTERS, affine_of, base_text, letters_of
from lstm_sym.documents.sections.lines import Line, is_model_line


def at_the_running_step(lines: list[Line], letter: str) -> Iterator[Line]:
    """The lines; the first to define a new name at another step than the running one is told of that.  letter: t."""
    states = {_name(line.left) for line in lines if is_model_line(line)}
    defined = set(states)
    for line in lines:
        k, name = _step(line.left), _name(line.left)
        if k in TIME_LETTERS - {letter, "T"} and name not in defined and _is_about(line, states, k, letter):
            line = replace(line, left=_moved(line.left, k, letter), right=_moved(line.right, k, letter))
        defined |= {name} if line.is_equation else set()
        yield line


def _name(node: Node | None) -> str | None:
    return base_text(node.base) if isinstance(node, Scripts) else None


def _step(node: Node | None) -> str:
    """The k of J_k."""
    return node.sub.name if isinstance(node, Scripts) and isinstance(node.sub, Symbol) else ""


def _is_about(line: Line, states: set[str | None], k: str, letter: str) -> bool:
    """Does the right side speak of states at k, or a step from it, and nothing of t?  i and j may count components otherwise."""
    if line.right is None or not line.is_equation or not line.first or line.fault is not None:
        return False
    parts = list(walk(line.right))
    forms = [affine_of(x.sub) for x in parts if isinstance(x, Scripts) and _name(x) in states]
    at_step = [f for f in forms if f is not None and letters_of(f) == {k} and (k in RUNNING or f.constant)]
    return Symbol(letter) not in parts and bool(at_step)


def _moved(part: Any, k: str, letter: str) -> Any:
    if isinstance(part, tuple):
        return tuple(_moved(x, k, letter) for x in part)
    if part == Symbol(k):
        return replace(part, name=letter)
    if not isinstance(part, Layout):
        return part
    inner = {name: _moved(getattr(part, name), k, letter) for name in contents(type(part))}
    return replace(part, **inner, **({"sub_text": letter} if isinstance(part, Scripts) and part.sub_text == k else {}))
