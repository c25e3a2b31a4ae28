"""Superscripts that are no index and no power: of transposition, of entrywise powers, of what is to be met."""
from __future__ import annotations

from lstm_sym.documents.layout.tree import Function, Group, Node, Number, Product, Symbol, Text

STARS = frozenset(("*", r"\star"))                            # of what is to be met: y_t^*
TRANSPOSES = frozenset((r"\top", r"\intercal", r"\mathsf{T}", "Tr"))


def is_transpose(sup: Node) -> bool:
    """Is a superscript a sign of transposition?  A plain T may be a number, and is none."""
    if isinstance(sup, Group):
        return is_transpose(sup.body)
    if isinstance(sup, Function):
        return sup.name in TRANSPOSES                        # Tr, which is the trace where it is applied
    return (
        isinstance(sup, Symbol)
        and (sup.name in TRANSPOSES or (sup.name == "T" and sup.font in ("roman", "sans", "bold")))
    ) or (isinstance(sup, Text) and sup.text in ("T", "Tr"))


def circled(sup: Node) -> int | None:
    """The 2 of h^{\\odot 2} or h^{\\circ 2}."""
    inner = sup.body if isinstance(sup, Group) else sup
    if isinstance(inner, Product) and len(inner.factors) == 2 and inner.operators[0] in (r"\odot", r"\circ"):
        number = inner.factors[1]
        return int(number.text) if isinstance(number, Number) and number.text.isdigit() else None
    return None
