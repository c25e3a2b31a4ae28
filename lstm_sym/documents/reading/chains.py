r"""A gradient times Jacobians, dL/dh dh/do: a row in one layout, and beside gradients as columns what the chain rule means.

    dL/do = dL/dh dh/do = dL/dh \odot \tanh(c)

No one layout fits both steps. Read as the column (dh/do)' dL/dh, the first holds in the layout of the second.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lstm_sym.documents.layout.tree import Delimited, Layout
from lstm_sym.documents.reading.algebra import ELEMENTWISE, PRODUCTS
from lstm_sym.documents.reading.derivatives import LOSSES, Differential, differential
from lstm_sym.documents.reading.shapes import Typed

if TYPE_CHECKING:
    from lstm_sym.documents.reading.reader import Reader


def chained(
    items: Sequence[Layout | Typed], typed: list[Typed], joins: list[str], r: Reader
) -> tuple[list[Typed], list[str]]:
    """The factors with each gradient and the Jacobians behind it folded into one column, where that is the reading."""
    out, rest, of_loss = [typed[0]], [], _is_gradient(items[0], r)
    for n, (item, x, join) in enumerate(zip(items[1:], typed[1:], joins, strict=True), 1):
        links = of_loss and join in PRODUCTS | ELEMENTWISE and _is_jacobian(item, r) and r.convention.layout == "columns"
        r.relevant |= {"chain"} if links else set()
        if links and r.reading.chain == "transposed":
            out[-1] = r.matmul(r.transpose(x), out[-1])
            continue
        out.append(x)
        rest.append(join)
        of_loss = _is_gradient(items[n], r)
    return out, rest


def _is_gradient(item: Layout | Typed, r: Reader) -> bool:
    """Is it dL/dv, by what has a time?"""
    found = _differential(item, r)
    return found is not None and found.of.key in LOSSES and found.by.time is not None


def _is_jacobian(item: Layout | Typed, r: Reader) -> bool:
    """Is it dv/du of a name with a time?  By a matrix it would have three indices, and is no factor by itself."""
    found = _differential(item, r)
    return found is not None and found.of.key not in LOSSES and found.of.time is not None


def _differential(item: Layout | Typed, r: Reader) -> Differential | None:
    """The derivative, perhaps in parentheses."""
    while isinstance(item, Delimited):
        item = item.body
    return None if isinstance(item, Typed) else differential(item, r.indexing)
