r"""An undefined \delta_t: a claim about it is true at most if it is some gradient of the loss, and is never refuted.

Tried are dL/dq for every quantity q that the model computes, and dL/dh o f'(a) where h = f(a) and a has no name.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from lstm_sym.documents.layout.parse import parse
from lstm_sym.documents.layout.tree import Node as Formula
from lstm_sym.documents.reading.adjoints import names_a_step
from lstm_sym.documents.reading.conventions import Convention, Reading
from lstm_sym.documents.reading.losses import LOSS
from lstm_sym.documents.reading.spelling import Spelled, names_in
from lstm_sym.documents.repairs.derived import derived_form
from lstm_sym.documents.sections.claims import Judge
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.later import later_definitions
from lstm_sym.documents.sections.outcomes import Outcome, proved
from lstm_sym.errors import LstmSymError
from lstm_sym.expr.affine import variable
from lstm_sym.expr.functions import derivative
from lstm_sym.expr.indices import integer
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Add, Elementwise, Named, Node, add, hadamard
from lstm_sym.expr.recurrence import Equation
from lstm_sym.expr.substitute import named_in, replace_indices
from lstm_sym.notation.latex import latex
from lstm_sym.notation.style import DEFAULT

LETTERS = re.compile(r"(?<![\\A-Za-z])[A-Za-z](?![A-Za-z])|\\[A-Z][a-z]+")        # of names: no words, no accents
SIGN = re.compile(r"\\[dD]elta(?![A-Za-z])")
MOST_MEANINGS = 40  # of all names of a claim together
MOST_READINGS = 300  # of the claim under all of them


def undefined(judge: Judge, convention: Convention) -> tuple[str, ...]:
    r"""The \delta, or \Delta, of a claim, with a time, that nothing in the section says the meaning of."""
    section = judge.section
    try:
        known = later_definitions(section, convention)
    except LstmSymError:
        return ()
    indexing = section.vocabulary.indexing
    names = (n for side in (judge.left, judge.right) for n in names_in(side, indexing))
    return tuple(dict.fromkeys(n.key for n in names if SIGN.search(n.key) and n.key not in known and n.time is not None))


def unread(judge: Judge) -> str | None:
    """A name of the claim that a line of the model computes which is not read."""
    return next((key for key in _keys(judge) if key in judge.section.vocabulary.unknown), None)


def disputed(judge: Judge) -> str | None:
    """A name of the claim of which the text states another shape than its formulas have."""
    return next((key for key in _keys(judge) if key in judge.section.vocabulary.disputed), None)


def _keys(judge: Judge) -> Iterator[str]:
    return (n.key for side in (judge.left, judge.right) for n in names_in(side, judge.section.vocabulary.indexing))


def with_meaning(judge: Judge, names: tuple[str, ...], assumed: Convention) -> tuple[str, Outcome] | None:
    """The first meaning of the names under which the claim is proved, in words, and the outcome; None without any."""
    judges: list[tuple[str, Judge]] = []
    for words, section in islice(_meanings(judge.section, names), MOST_MEANINGS):
        judges.append((words, Judge(section, judge.left, judge.right, judge.where, judge.warnings, judge.relevant)))
        first = judges[-1][1].outcome(assumed, Reading())
        if next(proved([first]), None) is not None:
            return words, first
    for words, other in judges:                              # in another convention only where none does in the usual one
        if sum(len(j.known) for _, j in judges) > MOST_READINGS:
            break
        held = next(proved(other.outcomes(assumed)), None)
        if held is not None:
            return words, held
    return None


def _meanings(section: Section, names: tuple[str, ...]) -> Iterator[tuple[str, Section]]:
    """What the names may stand for, as if the author had defined them, those a subscript names first."""
    t = section.vocabulary.indexing.letter
    every = [[(name, *found) for found in _gradients(section, name)] for name in names]
    for chosen in product(*every):
        written = [(Spelled(name, variable(t)), layout) for name, _, layout in chosen]
        words = " and ".join(f"{_timed(name, t)} = {text}" for name, text, _ in chosen)
        yield words, replace(section, written=[*section.written, *written], later={})


def _gradients(section: Section, name: str) -> list[tuple[str, Formula]]:
    """Every gradient that the name can stand for, as LaTeX and as it is read."""
    loss = min(section.vocabulary.losses - section.loss.others, default=LOSS)
    style = DEFAULT.named({LOSS: loss})
    equations = [e for e in section.recurrence.equations if e.over]
    letters = frozenset(LETTERS.findall(name.removeprefix(r"\delta")))
    near = [e for e in equations if _letter(e) in letters]
    direct = (_from_above(e) for e in equations if name.startswith(r"\Delta") and e.lhs.shape[1] == 1)
    texts = [latex(g, style) for e in near or equations for g in (*_of_steps(section, e, name), *direct, *_of(e))]
    return [(text, parse(text).statements[0].sides[0]) for text in dict.fromkeys(texts)]


def _of_steps(section: Section, equation: Equation, name: str) -> Iterator[Node]:
    """What dc_{next} and dc_{prev} stand for: what the next step adds to the gradient by c, at this step or the one before."""
    if not names_a_step(name):
        return
    t = integer(section.vocabulary.indexing.letter)
    gradient = Named(Total(LOSS, equation.lhs.label), *equation.lhs.shape, t)
    derived = derived_form(gradient, section.with_gradients(Convention()))
    terms = derived.args if isinstance(derived, Add) else () if derived is None else (derived,)
    later = [x for x in terms if any(t + 1 in q.indices for q in named_in(x))]
    for node in ((add(*later), gradient) if later else (gradient,)):
        yield from (node, replace_indices(node, {t: t - 1}))


def _from_above(equation: Equation) -> Node:
    """The direct partial by h: what the layers above and the loss add at this step."""
    h = equation.lhs
    return Named(Direct(LOSS, h.label), *h.shape, *h.indices)


def _letter(equation: Equation) -> str:
    """The c of \\tilde{c}, the last letter of its name."""
    return (LETTERS.findall(equation.lhs.name) or [""])[-1]


def _timed(name: str, t: str) -> str:
    """\\delta_{f} at t is \\delta_{f,t}."""
    return latex(Named(name, 1, 1, integer(t)), DEFAULT.named({name: name}))


def _of(equation: Equation) -> Iterator[Node]:
    """dL/dh; and dL/dh o f'(a) where h = f(a), a without a name."""
    h, value = equation.lhs, equation.rhs
    gradient = Named(Total(LOSS, h.label), *h.shape, *h.indices)
    yield gradient
    if isinstance(value, Elementwise) and not isinstance(value.args[1], Named):
        yield hadamard(gradient, derivative(value, h))
