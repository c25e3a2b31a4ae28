"""A claim that is false of the model as it is written may be true of the one that is meant: two names for one bias, or a
loss, of which nothing is said, that reads one of several outputs.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstm_sym.documents.layout.mapped import mapped
from lstm_sym.documents.layout.tree import Layout, Symbol
from lstm_sym.documents.reading.model import by_name, ordered
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.judged import Judged, conditional
from lstm_sym.documents.sections.outcomes import Outcome, proved
from lstm_sym.expr.nodes import Add, Named
from lstm_sym.expr.recurrence import Equation, Recurrence
from lstm_sym.expr.substitute import named_in, nodes_in, replace_named


def for_what_is_meant(judge_: Judge, outcomes: list[Outcome]) -> Judged | None:
    """True, in some reading, of a model that may be meant?"""
    sections = (*_with_one_output(judge_), *_with_one_bias(judge_.section))
    others = [(condition, replace(judge_, section=section, known={})) for condition, section in sections]
    for condition, other in (*others, *_at_the_last_step(judge_)):
        held = next(proved([other.outcome(o.convention, o.reading) for o in outcomes]), None)
        if held is not None:
            rest = conditional(held, outcomes[0])
            whole = " and ".join(filter(None, (condition, rest.condition)))
            return replace(rest, message=f"true if {whole}", condition=whole)
    return None


def _at_the_last_step(judge_: Judge) -> Iterator[tuple[str, Judge]]:
    """The claim about the step tau made of T, where t runs over the steps: tau may be the last."""
    def last(x: Layout) -> Layout:
        return replace(x, name="T") if isinstance(x, Symbol) and x.name == r"\tau" else x

    left, right = mapped(judge_.left, last), mapped(judge_.right, last)
    if (left is not judge_.left or right is not judge_.right) and judge_.section.vocabulary.indexing.letter != r"\tau":
        yield r"\tau is the last step", replace(judge_, left=left, right=right, known={})


def _with_one_output(judge_: Judge) -> Iterator[tuple[str, Section]]:
    """The section with a loss that reads one output alone, where there are several and the text says nothing of the loss."""
    section, states = judge_.section, {q.label for q in judge_.section.recurrence.states}
    outputs = [q for q in section.recurrence.outputs if q.label not in states]
    if "gradient" in judge_.relevant and len(outputs) > 1 and not section.explicit and not section.loss.reads:
        for q in outputs:
            loss = replace(section.loss, reads=(q.name,))
            yield f"the loss reads {q.name} alone", replace(section, loss=loss, later={})


def _with_one_bias(section: Section) -> Iterator[tuple[str, Section]]:
    """z_t = W h_{t-1} + b beside h_t = f(W h_{t-1} + b_h), where nothing else reads z or b: the two are one bias."""
    model = section.recurrence
    read = {q.label for e in model.equations for q in named_in(e.rhs)}
    for scan in model.scans:
        for e in scan.equations:
            for own, meant in _biases(model, e) if scan.direction and e.lhs.label not in read else ():
                renamed = replace(e, rhs=replace_named(e.rhs, lambda q, own=own, meant=meant: meant if q == own else q))
                equations = ordered(by_name([renamed if x is e else x for x in scan.equations]), ())
                scans = tuple(replace(scan, equations=equations) if x is scan else x for x in model.scans)
                left = tuple(q for q in model.parameters if q != own)
                recurrence = replace(model, scans=scans, parameters=left)
                yield f"{own.name} is {meant.name}", replace(section, recurrence=recurrence, later={})


def _biases(model: Recurrence, e: Equation) -> Iterator[tuple[Named, Named]]:
    """The one term in which e differs from a sum that another equation reads, and the term in its place."""
    others = [x for x in model.equations if x is not e]
    elsewhere = {q.label for x in others for q in named_in(x.rhs)}
    for node in (n for x in others for n in nodes_in(x.rhs)):
        if isinstance(node, Add) and isinstance(e.rhs, Add) and node.shape == e.rhs.shape:
            mine, there = ([a for a in p.args if a not in q.args] for p, q in ((e.rhs, node), (node, e.rhs)))
            names = [a for a in (*mine, *there) if isinstance(a, Named) and not a.indices]
            if len(mine) == len(there) == 1 and len(names) == 2 and names[0].label not in elsewhere:
                yield names[0], names[1]
