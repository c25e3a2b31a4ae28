"""A part of a document read: which lines define, declare, suppose; what is left are claims about its model."""
from __future__ import annotations

from dataclasses import replace

from lstm_sym.cells import catalogue
from lstm_sym.documents.layout.tree import Node
from lstm_sym.documents.reading.adjoints import names_a_step
from lstm_sym.documents.reading.derivatives import LOSSES
from lstm_sym.documents.reading.losses import (
    LOSS,
    in_total,
    losses_named,
    one_number,
    with_steps,
)
from lstm_sym.documents.reading.model import Definition, Vocabulary, build, no_derivatives
from lstm_sym.documents.reading.reader import Quantity, Reader
from lstm_sym.documents.reading.shapes import Dimension
from lstm_sym.documents.reading.spelling import Spelled, names_in, survey
from lstm_sym.documents.sections.any_step import at_the_running_step
from lstm_sym.documents.sections.beside import with_kinds
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.declared import declare, in_formula, sized
from lstm_sym.documents.sections.foreign import names_its_own
from lstm_sym.documents.sections.found import Found
from lstm_sym.documents.sections.initial import starts_at_zero
from lstm_sym.documents.sections.later import read_later
from lstm_sym.documents.sections.lines import Line, Part, has_derivative, is_model_line, running_letter
from lstm_sym.documents.sections.model_lines import (
    Failed,
    carried,
    computed_unread,
    declares_numbers,
    defines,
    gradients_named,
    is_general,
    read_by_models,
    schematic,
    shown,
    stepped,
    taken,
    targets,
    unread_names,
    usual_vectors,
    values,
)
from lstm_sym.documents.sections.omitted import with_arguments
from lstm_sym.documents.sections.presets import preset
from lstm_sym.documents.sections.settings import Settings
from lstm_sym.documents.sections.spelled_out import by_names
from lstm_sym.errors import LstmSymError, ShapeMismatch, Unreadable
from lstm_sym.expr.affine import Affine, constant, minus, variable
from lstm_sym.expr.recurrence import Recurrence


def establish(part: Part, settings: Settings, shapes: tuple[str, ...] = (), said: dict[str, str] | None = None) -> None:
    """Read declarations, definitions and model lines of the part; what is left are claims.

    said: conventions as the prose has them, which the formula of a loss outweighs.  shapes: stated apart from the
    formulas, as "W: n x m".  The model of the settings is taken if the part brings none of its own.
    """
    candidates = [line for line in part.lines if is_model_line(line)]
    letter = part.writing.letter or running_letter(candidates)
    part.lines[:] = by_names(list(with_arguments(list(at_the_running_step(part.lines, letter)), letter)))
    trees = [t for line in part.lines for t in (line.left, line.right) if t is not None]
    indexing = replace(survey(trees, letter), power=settings.power,
                       functions=settings.functions | part.writing.functions.primed, elementwise=settings.elementwise)
    indexing = with_kinds(indexing, part.lines)
    losses = losses_named(((line.left, line.right) for line in part.lines), indexing)
    name = settings.values.get("model")
    preset_ = preset(catalogue.model(name), indexing) if name is not None and not candidates else None
    usual = usual_vectors(candidates, indexing, values(part.lines, indexing))
    usual = ("numbers", *usual) if settings.numbers or declares_numbers(part.lines, candidates, indexing) else usual
    kinds = (settings.values["vectors"],) if "vectors" in settings.values else usual
    while True:
        failed: Failed | None = None
        read: list[tuple[Found, Vocabulary, Recurrence]] = []
        for kind in kinds:
            vocabulary = preset_[0] if preset_ else Vocabulary(indexing, kind=kind)
            vocabulary.losses = losses
            for text in shapes if preset_ is None else ():
                declare(text, vocabulary)
            try:
                found = _define(part, vocabulary, preset_ is not None)
                recurrence = preset_[1] if preset_ else build(vocabulary, found.definitions)
            except Failed as fault:
                failed = failed or fault
                continue
            except LstmSymError as fault:
                failed = failed or Failed(None, fault)
                continue
            read.append((found, vocabulary, recurrence))
            if not found.misfits:
                break
        if read:
            _settle(part, *min(read, key=lambda r: r[0].misfits), settings.conventions, dict(said or {}))
            return
        if failed is None or failed.line is None:
            break
        failed.line.fault = failed.fault                     # what can be read without this line is still a model
    part.section = Section(Vocabulary(indexing), Recurrence(), settings.conventions)
    for line in candidates:
        line.kind, line.fault = "claim", line.fault or (failed.fault if failed is not None else None)


def _settle(
    part: Part, found: Found, vocabulary: Vocabulary, recurrence: Recurrence, declared: dict[str, str], said: dict[str, str]
) -> None:
    """The model is built: what the lines of the part are, and the section of their claims."""
    for n, role in found.kinds.items():
        part.lines[n].kind = role
    names = {q.name for q in recurrence.quantities}
    vocabulary.shapes.settle(q.shape for q in vocabulary.quantities.values() if q.key in names)
    vocabulary.unknown |= set(computed_unread(part.lines, vocabulary.indexing, recurrence, found.carried))
    loss = found.loss(vocabulary.indexing, recurrence)
    said |= {"loss": loss.when} if loss.when else {}         # what a formula says outweighs the words
    part.section = Section(vocabulary, recurrence, {**said, **declared}, loss, zero=vocabulary.zero)
    read_later(part, found.later)
    for line in part.lines:
        line.kind = "definition" if names_its_own(line, vocabulary) else line.kind


def _define(part: Part, vocabulary: Vocabulary, given: bool) -> Found:
    """given: the model stands already, and the lines define no more than their loss and what is derived."""
    found = Found(*(frozenset(f(part.lines, vocabulary.indexing)) for f in (taken, read_by_models, shown, stepped, carried)))
    found.gradients = gradients_named(part.lines, vocabulary.indexing, vocabulary.losses)
    found.read -= {key for key, _ in found.gradients}
    found.targets = frozenset(targets(part.lines, vocabulary.indexing, vocabulary.losses))
    vocabulary.unknown = unread_names(part.lines, vocabulary.indexing)
    calls = schematic(part.lines, vocabulary.indexing)
    for n, line in sorted(enumerate(part.lines), key=lambda numbered: numbered[1].relation not in (r"\in", ":")):
        role = "model" if n in calls else _role(n, line, vocabulary, found, given)
        if role is not None:
            found.kinds[n] = role
    totals = in_total(found.losses, vocabulary.indexing)
    steps = [(name, right) for name, right in found.losses if name.time is not None and not totals]
    for name, right in totals or found.losses:
        whole = with_steps(right, steps, vocabulary.indexing)
        if name.time is None and not given and _readable(whole, vocabulary, found.definitions):
            found.definitions.append(_definition(name, whole, whole, vocabulary))
            steps = [] if whole is not right else steps
        elif name.time is None:
            found.unread.append((name, right))
    found.unread += steps
    return found


def _role(n: int, line: Line, vocabulary: Vocabulary, found: Found, given: bool) -> str | None:
    """What a line is: None for a claim, or for what defines a derivative, which is read once the model stands."""
    indexing = vocabulary.indexing
    if line.left is None or line.right is None or line.fault is not None:
        return None
    if line.relation in (r"\in", ":"):
        declares = in_formula if line.relation == r"\in" else sized
        return "declaration" if declares(line.left, line.right, vocabulary) else None
    zero = starts_at_zero(line, indexing)
    if zero:
        vocabulary.zero |= zero
        return "definition"
    if found.says_more(line, indexing):
        return "definition"
    name = defines(line, indexing)
    by_the_way = not line.displayed and not is_model_line(line)
    if name is None:
        return None
    named_by = found.gradients.get((name.key, name.time), n)
    if named_by != n or (by_the_way and n not in found.gradients.values() and not found.may_define(name, line, indexing)):
        return None                                          # \delta_t = \partial L / \partial a_t outweighs a formula for it
    if (name.key, name.time) in found.defined or is_general(name, found.defined):
        return None
    of_step = name.time is not None and (name.time == constant(0) or not minus(name.time, variable(indexing.letter)).terms)
    if not of_step and (name.time is not None or name.key in indexing.families - vocabulary.losses):
        return None                                          # h_2 = ..., c_i = ..., h = ...: of all steps, only h_0 is given
    if names_a_step(name.key) or (name.is_delta and name.time not in (None, variable(indexing.letter))):
        return None                                          # of another step: a claim about gradients
    if name.is_delta and any(other.key == name.key for other in names_in(line.right, indexing)):
        return None                                          # a recursion back in time is a claim about gradients
    gradients = {other.key for other in names_in(line.right, indexing) if other.is_delta and other.time}
    if gradients - {key for key, _ in (*found.defined, *found.gradients)}:
        return None                                          # of gradients that nobody defined: a claim about them
    if has_derivative(line.right) or gradients:
        if name.key in found.read:
            return None                                      # a name of the model that a sentence puts something for
        if not given or name.key not in vocabulary.quantities:
            found.later.append(n)
            found.defined.add((name.key, name.time))
        return None
    if name.key in vocabulary.losses:
        found.losses.append((name, line.right))
        found.defined.add((name.key, name.time))
        return "definition"
    if name.key in found.targets:
        return "definition"
    return None if given else _defined(name, line, vocabulary, found)


def _defined(name: Spelled, line: Line, vocabulary: Vocabulary, found: Found) -> str | None:
    """A definition of the model, if it can be read.  Errors: those of a model line."""
    if line.left is None or line.right is None:
        return None
    try:
        found.definitions.append(_definition(name, line.left, line.right, vocabulary))
    except (ShapeMismatch, Unreadable) as fault:
        if is_model_line(line):
            raise Failed(line, fault) from fault
        found.misfits += line.displayed
        return None
    found.defined.add((name.key, name.time))
    return "model" if is_model_line(line) else "definition"


def _readable(node: Node, vocabulary: Vocabulary, model: list[Definition]) -> bool:
    """Is it a number that depends on what the model computes?"""
    if not {n.key for n in names_in(node, vocabulary.indexing)} & {d.key for d in model}:
        return False
    reader = _reader(vocabulary.copy())
    try:
        value = reader.read(node)
        plain = not reader.functions and not any(n.key in LOSSES for n in names_in(node, vocabulary.indexing))
        return reader.is_scalar(value) or (plain and reader.is_column(value))
    except (ShapeMismatch, Unreadable):
        return False


def _reader(vocabulary: Vocabulary, defines: Affine | None = None) -> Reader:
    return Reader(vocabulary.shapes, vocabulary.quantities, vocabulary.indexing, no_derivatives, vocabulary.introduce,
                  functions=vocabulary.functions, defines=defines)


def _definition(name: Spelled, left: Node, right: Node, vocabulary: Vocabulary) -> Definition:
    """Reads on a copy first, so that a formula that does not fit leaves no trace."""
    for there in (vocabulary.copy(), vocabulary):
        value = _reader(there, name.time).read(right)
        value = one_number(value, there.shapes) if name.key in vocabulary.losses and name.time is None else value
        _enter(name, value.shape, there)
    return Definition(vocabulary.quantities[name.key].key, name.time, value, left)


def _enter(name: Spelled, shape: tuple[Dimension, Dimension], vocabulary: Vocabulary) -> None:
    vocabulary.shapes.fix(shape)
    known = vocabulary.quantities.get(name.key)
    if known is not None:
        vocabulary.shapes.unify_shapes(known.shape, shape)
    else:
        key = LOSS if name.key in vocabulary.losses and name.time is None else name.key
        vocabulary.quantities[name.key] = Quantity(key, shape, name.time is not None)
        vocabulary.quantities.setdefault(key, vocabulary.quantities[name.key])
