r"""A sign whose script is a name at a time: \delta_{h_t} and \delta^{h_t} are \delta_h at t."""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.layout.tree import Layout, List, Node, Scripts, Symbol
from lstm_sym.documents.reading.spelling import RUNNING, affine_of, base_text, letters_of

SIGNS = frozenset((r"\delta", r"\Delta", r"\epsilon", r"\varepsilon"))


def unnested(node: Layout) -> Layout:
    """The sign with the name and the time side by side in its subscript."""
    if not isinstance(node, Scripts) or not isinstance(node.base, Symbol) or node.base.name not in SIGNS:
        return node
    inner, other = (node.sub, node.sup) if node.sub is not None else (node.sup, None)
    text = _at_a_time(inner)
    if text is None or not isinstance(inner, Scripts) or inner.sub is None:
        return node
    sub = List((inner.base, inner.sub), (",",), span=inner.span)
    return replace(node, sub=sub, sub_text=f"{text},{inner.sub_text}", sup=other, sup_text=node.sup_text if other else "")


def _at_a_time(inner: Node | None) -> str | None:
    """The h of h_t; None for anything but a name at a running time, or at the last."""
    if not isinstance(inner, Scripts) or inner.sup is not None or inner.primes:
        return None
    form = affine_of(inner.sub)
    letters = letters_of(form) if form is not None else frozenset()
    return base_text(inner.base) if letters and letters <= RUNNING | {"T"} else None
