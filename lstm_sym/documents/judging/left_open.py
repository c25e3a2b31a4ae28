"""Why a claim with a witness against each of its readings is left open: what it is about is not told, or not read."""
from __future__ import annotations

from lstm_sym.documents.judging.fixed_length import fixed_steps
from lstm_sym.documents.layout.tree import Fraction, Sum, walk
from lstm_sym.documents.reading.calls import FUNCTION_NAMES
from lstm_sym.documents.reading.conventions import SHARE, SHORT, SILENT, START
from lstm_sym.documents.reading.derivatives import LOSSES, differential
from lstm_sym.documents.reading.losses import OF_LOSS, is_about_any_loss
from lstm_sym.documents.reading.silent import is_of_one_step
from lstm_sym.documents.reading.spelling import names_in, spell
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.outcomes import Outcome
from lstm_sym.expr.labels import Total
from lstm_sym.expr.nodes import Elementwise
from lstm_sym.expr.substitute import named_in, nodes_in


def why_open(judge_: Judge, first: Outcome) -> str | None:
    """Why a claim is not called false, though every reading of it has a witness against it."""
    if SILENT in judge_.relevant:
        return "false with each name at the time t, and some are written without a time"
    if SHORT in judge_.relevant:
        return "a derivative by a matrix has more than two indices, and behind a gradient this is not what it stands for"
    if START in judge_.relevant:
        return "false from the step 1 on; the first step of a sum or product is not written"
    put = given_name(judge_)
    if put is not None:
        return f"it says what {put} is, which the model takes as given"
    if _stands_on_both_sides(judge_):
        return "one gradient on both sides: which paths each of them has is not said"
    if SHARE in judge_.relevant or is_of_one_step(judge_.head or judge_.left, judge_.right, judge_.section.vocabulary.indexing):
        return "false as the gradient of all steps; it may be what one step adds"
    steps = fixed_steps(judge_)
    if steps:
        return f"false of sequences of any length; it may be about one of {steps} steps"
    function = _says_what_a_function_is(judge_, first)
    if function is not None:
        return f"it says what {function} is, of which nothing is defined but its arguments"
    unused = _unused(judge_, first)
    if unused is not None:
        return f"nothing that is read makes anything of {unused}"
    if _says_what_the_loss_is(judge_, first):
        return "it says what the gradient of one loss is, and no definition of the loss is read"
    if judge_.is_about_a_function and _is_any(r"\sigma", judge_):
        return r"false of the logistic function; here \sigma may be the name of another"
    return None


def _stands_on_both_sides(judge_: Judge) -> bool:
    """dL/dh_t = A + dL/dh_t: on the right it is what came from later steps; dv_t/dW = dv_t/dW dW/dW + ...: what one step adds."""
    if isinstance(judge_.right, Sum) and any(term.body == judge_.left for term in judge_.right.terms):
        return True
    own = differential(judge_.left, judge_.section.vocabulary.indexing) if isinstance(judge_.left, Fraction) else None
    shared = own is not None and own.of.time is not None and own.by.time is None and own.of.key not in LOSSES
    return shared and any(node == judge_.left for node in walk(judge_.right))


def _is_any(name: str, judge_: Judge) -> bool:
    """Does one side of the claim alone apply this function, which no equation of the model does?"""
    applied = [any(getattr(n, "name", "") == name for n in walk(side)) for side in (judge_.left, judge_.right)]
    known = FUNCTION_NAMES[name]
    uses = (n for e in judge_.section.recurrence.equations for n in nodes_in(e.rhs) if isinstance(n, Elementwise))
    return applied.count(True) == 1 and not any(str(n.args[0]) == known for n in uses)


def _says_what_the_loss_is(judge_: Judge, first: Outcome) -> bool:
    """Is the claim about one loss, whose definition is not there or not read?  Then no other loss speaks against it."""
    section = judge_.section
    if first.sides is None or section.explicit:
        return False
    written = {e.lhs.label: e.rhs for e in section.later.get(first.convention, ({}, ()))[1]}
    return not is_about_any_loss(*first.sides, written)


def _unused(judge_: Judge, first: Outcome) -> str | None:
    """A name whose gradient the claim holds, though neither a line nor the loss reads it, which may read other outputs."""
    section = judge_.section
    outputs = {q.label for q in section.recurrence.outputs} - {q.label for q in section.recurrence.states}
    if first.sides is None or section.explicit or len(outputs) < 2:
        return None
    read = set(section.loss.reads)
    by = (q.label.by for side in first.sides for q in named_in(side) if isinstance(q.label, Total) and str(q.label.of) in OF_LOSS)
    return next((str(name) for name in by if name in outputs and str(name) not in read), None)


def _says_what_a_function_is(judge_: Judge, first: Outcome) -> str | None:
    """The function of which only the arguments are known, where one side alone depends on it: dJ_t/dp_t = p_t - y_t."""
    functions = judge_.section.vocabulary.functions.values()
    if first.sides is None or first.given is None or not functions:
        return None
    here, there = (first.given.reached(q.label for q in named_in(side)) for side in first.sides)
    return next((f.name for f in functions if any(f.owns(str(x)) for x in here) != any(f.owns(str(x)) for x in there)), None)


def says_what_something_is(judge_: Judge, first: Outcome) -> bool:
    """Is it about one loss or function, of which the text says less than the claim does?"""
    return _says_what_the_loss_is(judge_, first) or _says_what_a_function_is(judge_, first) is not None


def of_any_shape(judge_: Judge) -> str | None:
    """A name of the claim for the value of a function of which only the arguments are known: it may be a column or a number."""
    v, model = judge_.section.vocabulary, judge_.section.recurrence
    names = {n.key for side in (judge_.left, judge_.right) for n in names_in(side, v.indexing)}
    outputs = (e for e in model.equations if e.lhs.name in names and e.lhs in model.outputs)
    return next((e.lhs.name for e in outputs if any(f.owns(q.name) for q in named_in(e.rhs) for f in v.functions.values())), None)


def given_name(judge_: Judge) -> str | None:
    """The name alone on the left of a claim, if the model takes it as given: then this may be the line that computes it."""
    model, name = judge_.section.recurrence, spell(judge_.left, judge_.section.vocabulary.indexing)
    plain = name is not None and name.sup is None and not name.primes
    given = {q.name for q in (*model.parameters, *model.inputs)}
    return name.key if name is not None and plain and name.key in given else None
