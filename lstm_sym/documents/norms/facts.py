"""What a formula supposes a matrix to be: W = W^T, W W^T = W^T W, W^T W = I."""
from __future__ import annotations

from lstm_sym.documents.layout import tree
from lstm_sym.documents.norms.reals import Fact
from lstm_sym.documents.reading.reader import Reader
from lstm_sym.errors import LstmSymError
from lstm_sym.expr.nodes import Identity, MatMul, Named, Transpose


def fact(reader: Reader, left: tree.Node, right: tree.Node) -> Fact | None:
    """left = right as a property of a matrix; None of any other equation."""
    try:
        a, b = (reader.read(side).build() for side in (left, right))
    except LstmSymError:
        return None
    for w, turned in ((a, b), (b, a)):
        if isinstance(w, Named) and turned == Transpose(w):
            return Fact("symmetric", w)
    if isinstance(a, MatMul) and isinstance(b, Identity) and len(a.args) == 2 and (
            Transpose(a.args[0]) == a.args[1] or Transpose(a.args[1]) == a.args[0]):
        return Fact("orthogonal", a)
    if isinstance(a, MatMul) and isinstance(b, MatMul) and b.args == tuple(reversed(a.args)) and len(a.args) == 2:
        w = next((x for x in a.args if isinstance(x, Named)), None)
        return Fact("normal", w) if w is not None and Transpose(w) in a.args else None
    return None
