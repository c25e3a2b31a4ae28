"""What the lines of a part turned out to be, while they are read."""
from __future__ import annotations

from dataclasses import dataclass, field, replace

from lstm_sym.documents.layout.tree import Node
from lstm_sym.documents.reading.derivatives import LOSSES
from lstm_sym.documents.reading.losses import Loss, is_mean, is_sum_of_losses, is_weighted, named_loss, unread
from lstm_sym.documents.reading.model import Definition
from lstm_sym.documents.reading.spelling import Indexing, Spelled, names_in
from lstm_sym.documents.sections.lines import Line
from lstm_sym.expr.affine import Affine, variable
from lstm_sym.expr.recurrence import Recurrence


@dataclass(slots=True)
class Found:
    """What the lines of a part turned out to be."""

    taken: frozenset[str] = frozenset()                      # what displays define and the model's own lines read
    read: frozenset[str] = frozenset()                       # what the model's own lines read
    shown: frozenset[str] = frozenset()                      # what displays and the model's own lines define
    stepped: frozenset[str] = frozenset()                    # what the model's own lines define
    carried: frozenset[str] = frozenset()                    # what the model reads one step back, and no display computes
    kinds: dict[int, str] = field(default_factory=dict)
    definitions: list[Definition] = field(default_factory=list)
    later: list[int] = field(default_factory=list)           # definitions with derivatives in them
    gradients: dict[tuple[str, Affine | None], int] = field(default_factory=dict)   # the lines that name a derivative
    defined: set[tuple[str, Affine | None]] = field(default_factory=set)
    losses: list[tuple[Spelled, Node]] = field(default_factory=list)
    unread: list[tuple[Spelled, Node]] = field(default_factory=list)
    targets: frozenset[str] = frozenset()                    # what is to be met, though an earlier line calls an output so
    misfits: int = 0                                         # displays that would define a name, and could not be read

    def may_define(self, name: Spelled, line: Line, indexing: Indexing) -> bool:
        """Does a sentence define an output by the way, as in "the scores are y_t = V h_t" or "y = V h_T"?

        It says it of every step, or of all, from what is known, and nothing else defines or reads the name, unless the sentence
        says that it defines it ("Let y_t = V h_t"), or makes what the model reads of what the same step computes, or of
        what is known where the model carries it along.
        """
        if line.supposed or line.right is None or name.time not in (None, variable(indexing.letter)):
            return False
        others = list(names_in(line.right, indexing))
        known = {key for key, _ in self.defined}
        within = bool(others) and all(other.time == name.time for other in others if other.time is not None)
        given = name.key in self.read and name.key not in self.shown and name.time is not None and within
        if given and any(other.key in self.shown for other in others):
            return True                                      # y_t = f(a_t) beside a_t = W y_{t-1}
        if name.key in self.taken - self.carried and not (line.defining and name.key not in self.stepped):
            return False
        if line.defining and name.time is None and name.key not in self.taken and not self.stepped:
            return True                                      # let p = softmax(z), where no net is
        if name.key in LOSSES and name.time is None:
            return is_sum_of_losses(line.right, indexing) or any(other.key in known for other in others)
        return any(other.time is not None and other.key in known for other in others)

    def says_more(self, line: Line, indexing: Indexing) -> bool:
        """Does a chain go on from \\sum_t L_t or \\ell(y_t, o_t), of which nothing is known, to what the loss is?"""
        if line.first or not line.is_equation or line.left is None or line.right is None or not self.losses:
            return False
        name, right = self.losses[-1]
        known = {key for key, _ in self.defined}
        opaque = is_sum_of_losses(right, indexing) or named_loss(right, indexing) is not None
        if right is not line.left or not opaque or not any(n.key in known for n in names_in(line.right, indexing)):
            return False
        self.losses[-1] = name, line.right
        return True

    def loss(self, indexing: Indexing, model: Recurrence) -> Loss:
        """What the definitions of the loss say."""
        totals = [name.key for name, _ in self.losses if name.time is None]
        others = frozenset(totals[1:]) - {*totals[:1]}
        of_first = [(name, right) for name, right in self.unread if name.key not in others]
        found = unread(of_first, indexing, model) if of_first else Loss(
            weighted=is_weighted(self.losses), mean=is_mean(self.losses))
        return replace(found, others=others)
