r"""dL/dz_t = p_t - y_t beside p_t = softmax(z_t), where nothing says what y and the loss are: true of the cross-entropy."""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.calculus.sensitivity import upstream
from lstm_sym.documents.reading.losses import LOSS, Loss
from lstm_sym.documents.reading.reader import Quantity
from lstm_sym.documents.reading.shapes import SCALAR
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.judged import Judged, conditional
from lstm_sym.documents.sections.outcomes import Outcome, proved
from lstm_sym.documents.sections.targets import summing_to_one
from lstm_sym.errors import Undeclared
from lstm_sym.expr.functions import apply, softmax
from lstm_sym.expr.nodes import Named, SumOver, matmul, scale, transpose
from lstm_sym.expr.recurrence import Equation, Scan, once
from lstm_sym.expr.substitute import named_in, nodes_in


def for_cross_entropy(judge_: Judge, outcomes: list[Outcome]) -> Judged | None:
    """True, in some reading, if the loss is the cross-entropy of the one softmax with the one name that nothing computes?"""
    section = judge_.section
    found = [q for e in section.recurrence.equations if (q := _of_softmax(e)) is not None]
    if len(found) != 1 or section.explicit or section.loss.when == "last" or "gradient" not in judge_.relevant:
        return None
    (p,), sides = found, outcomes[0].sides or ()
    model = section.recurrence
    reached = set(model.reached(q.label for side in sides for q in named_in(side))) - upstream(model, p.label)
    given = {q.name for q in model.inputs if q.label in reached and q.shape == p.shape}
    unknown = {o.fault.name for o in outcomes if isinstance(o.fault, Undeclared)} | given
    target = unknown.pop() if len(unknown) == 1 else ""
    other = replace(judge_, section=_with_loss(section, p, target), known={}) if target else None
    held = next(proved(other.outcomes(outcomes[0].convention)), None) if other is not None else None
    if held is None:
        return None
    rest = conditional(held, outcomes[0])
    words = f"the loss is the cross-entropy of {p.name} with targets {target}, whose entries sum to 1"
    condition = " and ".join(filter(None, (words, rest.condition)))
    return replace(rest, message=f"true if {condition}", code="W204", also=(rest.code,) if rest.code else (), condition=condition)


def _of_softmax(equation: Equation) -> Named | None:
    """The p of p_t = softmax(z_t)."""
    columns = (n for n in nodes_in(equation.rhs) if n.shape == equation.rhs.shape and n.shape[1] == 1)
    return equation.lhs if equation.over and any(softmax(n) == equation.rhs for n in columns) else None


def _with_loss(section: Section, p: Named, target: str) -> Section:
    """The section with L = -sum_t y_t' log p_t, of targets y_t that sum to 1."""
    model, (time,) = section.recurrence, section.recurrence.axes
    y, free = (Named(name, *p.shape, time.index) for name in (target, f"_{target}"))
    loss = SumOver(scale(-1, matmul(transpose(y), apply("log", p))), time.index, 1, time.length)
    targets, last = Scan((Equation(y, summing_to_one(free), (time,)),), (1,)), once(Equation(Named(LOSS, 1, 1), loss))
    whole = replace(model, inputs=(*(q for q in model.inputs if q != y), free), scans=(targets, *model.scans, last))
    vocabulary = section.vocabulary.copy()
    shape = vocabulary.quantities[p.name].shape
    names = {target: Quantity(target, shape, True), **dict.fromkeys((*vocabulary.losses, LOSS), Quantity(LOSS, SCALAR))}
    vocabulary.quantities |= names
    return replace(section, recurrence=whole, vocabulary=vocabulary, loss=Loss(), later={})
