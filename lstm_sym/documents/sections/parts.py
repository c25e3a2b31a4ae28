"""The lines of a document as parts, one a model: which headings begin a model of their own.

A heading goes on with the model above if what it defines has to do with it: gates are often given one a heading. A name
defined anew, in another way, begins a new model; so does a model said again as a whole, and what reads nothing of the one
above. The new part begins at the highest heading in between: the section about GRUs, not the subsection in which its h_t is
reached at last.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lstm_sym.documents.layout.mapped import mapped
from lstm_sym.documents.layout.tree import Blank, Node, Sum, Term
from lstm_sym.documents.reading.spelling import Indexing, Spelled, names_in, spell
from lstm_sym.documents.sections.lines import (
    Line,
    Part,
    Writing,
    has_derivative,
    is_any,
    is_model_line,
    layouts,
    lines_of,
    models_apart,
    running_letter,
)
from lstm_sym.documents.sections.prose import (
    defines_a_model,
    is_hypothesis,
    is_said_nearby,
    names_a_variant,
    supposes_a_formula,
)
from lstm_sym.documents.sections.settings import settings_of
from lstm_sym.documents.sources.items import Display, Document, Heading, Inline
from lstm_sym.expr.affine import variable


@dataclass(slots=True)
class _Group:
    """What stands under one heading."""

    level: int
    lines: list[Line] = field(default_factory=list)
    announced: bool = False                                  # by words, as another model


@dataclass(frozen=True, slots=True)
class _Definition:
    """key[t] = right, in display; generic: no more is said than what it depends on, f(x_t, h_{t-1})."""

    key: str
    left: Node
    right: Node
    names: tuple[Spelled, ...]
    generic: bool
    group: int

    @property
    def stepping(self) -> bool:
        """Does it read a step back?"""
        return bool(self.lagged)

    @property
    def lagged(self) -> frozenset[str]:
        """The names it reads one step back."""
        return frozenset(n.key for n in self.names if n.time is not None and n.time.terms and n.time.constant == -1)

    @property
    def reads(self) -> frozenset[str]:
        """The names it reads at any time."""
        return frozenset(n.key for n in self.names if n.time is not None)


def split(document: Document, ignored: frozenset[int] = frozenset()) -> list[Part]:
    """Parts of the document: a heading, or words such as "an LSTM instead", that bring a model of its own begin a new one."""
    groups, writing = _groups(document, ignored)
    begins = {0, *_beginnings(groups)}
    parts: list[Part] = []
    home: int | None = None                                  # the level of the heading that brings the part's model
    for n, group in enumerate(groups):
        if n in begins:
            parts.append(Part(len(parts), writing))
            home = None
        brings = any(is_model_line(line) for line in group.lines if line.displayed)
        apart = not brings and home is not None and group.level <= home
        home = group.level if brings else home
        parts[-1].lines.extend(replace(line, apart=apart) for line in group.lines)
    return parts


def _groups(document: Document, ignored: frozenset[int]) -> tuple[list[_Group], Writing]:
    groups = [_Group(0)]
    formulas = [i for i in document.items if isinstance(i, Display | Inline) and i.at.start not in ignored]
    letter = settings_of(document, len(document.text)).values.get("time", "")
    found, writing = layouts(document, formulas, letter)
    letter = writing.letter
    of_item = dict(zip((i.at.start for i in formulas), found, strict=True))
    for item in document.items:
        if isinstance(item, Heading):
            groups.append(_Group(item.level))
        elif isinstance(item, Display | Inline) and item.at.start in of_item:
            lines = [replace(line, running=letter) for line in lines_of(item, of_item[item.at.start])]
            lines = _going_on(lines, groups[-1].lines)
            before = document.words_before(item)
            under, inline = supposes_a_formula(before) or is_said_nearby(before), isinstance(item, Inline)
            supposed, defining = inline and is_hypothesis(before), inline and defines_a_model(before)
            variant = not inline and names_a_variant(before)
            groups[-1].lines += [replace(line, supposed=supposed, defining=defining, under=under, variant=variant)
                                 for line in lines]
            _accumulate(groups[-1].lines, len(lines))
    return [_Group(group.level, lines, n > 0) for group in groups
            for n, lines in enumerate(models_apart(document, group.lines))], writing


def _going_on(lines: list[Line], before: list[Line]) -> list[Line]:
    """A display that begins with = goes on with the one before."""
    last = next((line for line in reversed(before) if isinstance(line.item, Display)), None)
    if not lines or not isinstance(lines[0].left, Blank) or not lines[0].is_equation or last is None or last.right is None:
        return lines
    return [replace(lines[0], left=last.right, first=False), *lines[1:]]


def _accumulate(lines: list[Line], new: int) -> None:
    """x += b after x = a says that x = a + b, and x = a by itself says nothing."""
    for n in range(len(lines) - new, len(lines)):
        line = lines[n]
        k = next((k for k in range(n - 1, -1, -1) if lines[k].is_equation and lines[k].left == line.left), None)
        if line.relation != "+=" or k is None or line.left is None or not has_derivative(line.left):
            continue
        before, more = lines[k].right, line.right
        if before is not None and more is not None:
            lines[k] = replace(lines[k], kind="definition")
            lines[n] = replace(line, relation="=", right=Sum((Term("", before), Term("+", more)), span=more.span))


def _beginnings(groups: list[_Group]) -> Iterator[int]:
    """The groups at which a new part begins."""
    model: list[_Definition] = []
    for n, group in enumerate(groups):
        new = list(_definitions(group, n))
        if group.announced:
            model = []
            yield n
        if any(d.stepping for d in model):
            steps = any(d.stepping for d in new)
            named = {d.left: d.right for d in new}
            concrete = [d for d in model if not d.generic]   # a formula after f(x_t, h_{t-1}) says what f is
            anew = [old.group for d in new for old in concrete if _anew(d, old, [*model, *new], steps)
                    and mapped(d.right, lambda node, named=named: named.get(node, node)) != old.right]
            apart = steps and not anew and (_whole(new, concrete) or not _connected(new, model))
            if anew or apart:
                after = max(anew) if anew else model[-1].group
                start = _highest(groups, after, _first(new, [d for d in model if d.group > after]))
                model = [d for d in model if d.group >= start]
                yield start
        model += new
        if not any(d.stepping for d in model):
            model += _definitions(group, n, by_the_way=True)


def _first(new: list[_Definition], before: list[_Definition]) -> int:
    """The group in which the first of the names is defined that the new definitions are made of."""
    of, pending = {d.key: d for d in before}, list(new)
    first = new[0].group
    while pending:
        d = pending.pop()
        first = min(first, d.group)
        pending += [of.pop(key) for key in d.reads & of.keys()]
    return first


def _highest(groups: list[_Group], after: int, up_to: int) -> int:
    """The highest heading in between, and the last of these."""
    return min(range(up_to, after, -1), key=lambda n: groups[n].level)


def _definitions(group: _Group, n: int, by_the_way: bool = False) -> Iterator[_Definition]:
    """The names at a running time that displays of a group define, or sentences that say so; by the way: any model line."""
    letter = running_letter([line for line in group.lines if is_model_line(line)])
    for line in group.lines:
        told = line.displayed or line.defining or (by_the_way and not line.supposed and is_model_line(line))
        if line.first and line.is_equation and told and line.left and line.right:
            name = spell(line.left, Indexing(letter))
            plain = name is not None and name.sup is None and name.time == variable(letter)
            if name is not None and plain and not has_derivative(line.right):
                names = tuple(names_in(line.right, Indexing(letter)))
                yield _Definition(name.key, line.left, line.right, names, is_any(line.right), n)


def _anew(new: _Definition, old: _Definition, model: list[_Definition], steps: bool) -> bool:
    """Is the name defined in another way below a later heading, beside a step in time or by what came in since?"""
    if new.key != old.key or new.right == old.right:
        return False
    since = {d.key for d in model if d.group > old.group and d.key != new.key}
    return steps or (old.stepping and bool(new.reads & since))


def _whole(new: list[_Definition], model: list[_Definition]) -> bool:
    """Is every name that the model carries along defined again?"""
    carried = {key for d in model for key in d.lagged}
    return bool(carried) and carried <= {d.key for d in new}


def _connected(new: list[_Definition], model: list[_Definition]) -> bool:
    """Do the definitions read what the model defines or carries along, or define what it reads?"""
    defined = {d.key for d in model}
    read = {key for d in model for key in d.reads}
    carried = {key for d in model for key in d.lagged}
    return any(d.key in read or d.reads & defined or d.lagged & carried for d in new)
