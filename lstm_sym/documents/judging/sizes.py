"""Sizes that the author leaves unnamed may be one: a misfit counts only if the claim fails with all sizes equal as well."""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.documents.repairs.contrary import mapped
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.expr.nodes import Node
from lstm_sym.expr.substitute import replace_indices


def with_one_size(section: Section) -> Section | None:
    """The section with all sizes equal; None if the author named each of them."""
    shapes = section.vocabulary.shapes.copy()
    if not shapes.invented:
        return None
    sizes = shapes.made_one()

    def put(node: Node) -> Node:
        return replace_indices(node, sizes)

    vocabulary = replace(section.vocabulary, shapes=shapes)
    return replace(section, vocabulary=vocabulary, recurrence=mapped(section.recurrence, put), later={})
