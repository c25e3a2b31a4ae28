r"""Displays about what no model here knows: P(y_t \mid c) = softmax(g(y_{t-1}, s_t, c)), \text{parameters} = 4 n (n + m).

Such a line gives its own left side a meaning, whatever stands on its right, so that nothing speaks for it or against it.
"""
from __future__ import annotations

from lstm_sym.documents.layout.tree import Accent, Delimited, Node, Product, Scripts, Symbol, Text
from lstm_sym.documents.reading.calls import FUNCTION_NAMES
from lstm_sym.documents.reading.model import Vocabulary
from lstm_sym.documents.reading.spelling import spell
from lstm_sym.documents.sections.lines import Line, has_derivative


def names_its_own(line: Line, vocabulary: Vocabulary) -> bool:
    """Does a display say what a new name is, or what a new function of its arguments is?"""
    if not (line.kind == "claim" and line.is_equation and line.first and line.displayed and line.fault is None):
        return False
    if line.left is None or line.right is None or has_derivative(line.right):
        return False
    head, *arguments = line.left.factors if isinstance(line.left, Product) else (line.left,)
    called = len(arguments) == 1 and isinstance(arguments[0], Delimited)
    return (called or not arguments) and _is_new(head, vocabulary, called)


def _is_new(head: Node, vocabulary: Vocabulary, called: bool) -> bool:
    """Is it words, or a name that nothing declares, defines, reads or differentiates?  No function of matrices: \\rho(W)."""
    base = head.base if isinstance(head, Scripts) else head
    if isinstance(base, Text):
        return True
    letter = getattr(base, "name", "")
    if letter in FUNCTION_NAMES or (called and letter.startswith("\\")):
        return False
    name = spell(head, vocabulary.indexing) if isinstance(base, Symbol | Accent) else None
    if name is None or name.key in vocabulary.quantities or name.key in vocabulary.losses or name.key in vocabulary.unknown:
        return False
    return not (name.is_delta or name.key.startswith((r"\nabla", r"\partial")))
