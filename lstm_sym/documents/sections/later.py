"""Definitions that hold derivatives, delta_t = dL/da_t: they are read once the model stands, as each convention has them."""

from __future__ import annotations

from lstm_sym.documents.layout.tree import Layout
from lstm_sym.documents.reading.conventions import Convention
from lstm_sym.documents.reading.reader import Quantity, Reader
from lstm_sym.documents.reading.spelling import Spelled, spell
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.lines import Part
from lstm_sym.documents.sections.meaning import Derivatives
from lstm_sym.errors import LstmSymError, Undeclared
from lstm_sym.expr.indices import expression
from lstm_sym.expr.nodes import Named
from lstm_sym.expr.recurrence import Equation


def later_definitions(section: Section, convention: Convention) -> dict[str, Quantity]:
    """The names of the section, with those whose definitions hold derivatives as they are under a convention."""
    if convention not in section.later:
        v = section.vocabulary
        quantities, equations = dict(v.quantities), []
        for name, right in section.written:
            r = Reader(v.shapes.copy(), quantities, v.indexing, Derivatives(section), no_new_names, convention,
                       functions=v.functions)
            value = r.read(right)
            body = value.build()
            quantities[name.key] = Quantity(name.key, value.shape, name.time is not None)
            over = section.recurrence.axes if name.time is not None else ()
            lhs = Named(name.key, *body.shape, *(() if name.time is None else (expression(name.time),)))
            equations.append(Equation(lhs, body, over))
        section.later[convention] = quantities, tuple(equations)
    return section.later[convention][0]


def no_new_names(name: Spelled, where: Layout, reader: Reader) -> Quantity:
    """A claim introduces no names."""
    raise Undeclared(name.key, where.span)


def read_later(part: Part, later: list[int]) -> None:
    """Definitions that hold derivatives: \\delta_t = \\partial L / \\partial a_t."""
    section = part.section
    if section is None:
        return
    for n in later:
        line = part.lines[n]
        name = spell(line.left, section.vocabulary.indexing) if line.left is not None else None
        if name is None or line.right is None:
            continue
        section.written.append((name, line.right))
        try:
            later_definitions(section, Convention(**section.declared))
        except LstmSymError as fault:
            line.fault = fault
            section.written.pop()
            continue
        section.later.clear()
        line.kind = "definition"
