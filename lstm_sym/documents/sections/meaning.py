"""The meaning of a written derivative in a section: the gradient of the loss, or a Jacobian."""
from __future__ import annotations

from dataclasses import dataclass, replace

import sympy as sp

from lstm_sym.calculus.jacobian import direct_jacobian
from lstm_sym.documents.reading.any_function import called
from lstm_sym.documents.reading.conventions import SHARE
from lstm_sym.documents.reading.derivatives import LOSSES, Differential
from lstm_sym.documents.reading.losses import LOSS, OF_STEP
from lstm_sym.documents.reading.reader import Quantity, Reader
from lstm_sym.documents.reading.shapes import Typed
from lstm_sym.documents.reading.slopes import immediate, total
from lstm_sym.documents.reading.spelling import Spelled
from lstm_sym.documents.reading.step_losses import gradient, number_of_steps
from lstm_sym.documents.sections.deciding import Section
from lstm_sym.documents.sections.direct_paths import path
from lstm_sym.errors import OutOfReach, Undeclared, Unreadable
from lstm_sym.expr.indices import expression
from lstm_sym.expr.labels import Direct, Total
from lstm_sym.expr.nodes import Identity, Named, Node, hadamard


def _timed(name: Spelled, r: Reader) -> Spelled:
    """The name, at t if it stands at times and has none here."""
    known = r.quantities.get(name.key)
    return r.at_running_time(name) if known is not None and known.indexed and name.time is None else name


@dataclass(slots=True)
class Derivatives:
    """The meaning of a written derivative in a section: the gradient of the loss, or a Jacobian."""

    section: Section

    def __call__(self, found: Differential, r: Reader) -> Typed:
        if found.layout:
            told = replace(r, convention=replace(r.convention, layout=found.layout))
            return self(replace(found, layout=""), told)
        call = called(found.head, found.bracket, r.indexing) if found.head is not None and found.bracket is not None else None
        if call is not None and call[0] in r.functions:
            return self._slope(found, *call, r)
        found = replace(found, of=_timed(found.of, r), by=_timed(found.by, r))
        by = self._quantity(found.by, found, r)
        if found.of == found.by and r.shapes.is_one(by.shape[1]):
            return Typed((by.shape[0], by.shape[0]), lambda: Identity(r.size(by.shape[0])))
        at = () if found.by.time is None else (expression(found.by.time),)
        if found.of.key in LOSSES and (found.of.key not in r.quantities or r.quantities[found.of.key].key == LOSS):
            return self._gradient(found, by, at, r)
        return self._jacobian(found, self._quantity(found.of, found, r), by, at, r)

    def _slope(self, found: Differential, name: str, arguments: tuple[Spelled, ...], r: Reader) -> Typed:
        r"""\partial f(x_t, h_{t-1}, w) / \partial h_{t-1}: of f itself, at the values of its arguments."""
        f = r.functions[name]
        step = f.step_of(arguments)
        if step is None or found.by not in arguments:
            raise Unreadable(f"{name} by anything but an argument of it", found.where.span)
        r.relevant.add("jacobian")
        plain = f.slope(found.by, step, r)
        return r.transpose(plain) if r.convention.layout == "denominator" else plain

    def _quantity(self, name: Spelled, found: Differential, r: Reader) -> Quantity:
        if name.key not in r.quantities:
            raise Undeclared(name.key, found.where.span)
        if r.quantities[name.key].indexed != (name.time is not None):
            raise Unreadable(f"{name.key} needs a time index, or has one it should not have", found.where.span)
        return r.quantities[name.key]

    def _gradient(self, found: Differential, by: Quantity, at: tuple[sp.Expr, ...], r: Reader) -> Typed:
        """dL/dv: the shape of v, a row in numerator layout; dL_t/dv_t, of one step's loss, stays inside the step."""
        r.relevant |= {"gradient", SHARE} if found.of_step and not at else {"gradient"}
        loss = self.section.loss
        if found.of.key in loss.others:
            raise Unreadable(f"{found.of.key} is defined beside another loss: the gradients of one are read", found.where.span)
        if found.of.time not in (None, found.by.time) and r.convention.loss == "last":
            raise Unreadable("the loss of one step, where the loss reads the last step only", found.where.span)
        if found.of.time is not None and (loss.weighted or (loss.mean and self.section.explicit)):
            raise Unreadable("the loss of a step, where the loss is no plain sum over the steps", found.where.span)
        plain = Typed(by.shape, lambda: self._of_loss(found, by.key, (r.size(by.shape[0]), r.size(by.shape[1])), at))
        if found.of.time is not None and loss.mean:
            share = plain
            plain = Typed(share.shape, lambda: hadamard(number_of_steps(), share.build()))
        return r.transpose(plain) if r.convention.layout == "numerator" else plain

    def _of_loss(self, found: Differential, by: str, shape: tuple[sp.Expr, sp.Expr], at: tuple[sp.Expr, ...]) -> Named:
        if found.of.time is not None and found.of.time != found.by.time:
            return gradient(by, shape, expression(found.of.time), *at)
        label = Direct(LOSS, by) if found.direct else Total(LOSS if found.of.time is None else OF_STEP, by)
        return Named(label, *shape, *at)

    def _jacobian(self, found: Differential, of: Quantity, by: Quantity, at: tuple[sp.Expr, ...], r: Reader) -> Typed:
        """dv_s/du_k: rows of v by rows of u; transposed in denominator layout."""
        if r.beside is not None and found.of.time is not None and not at:
            return self._beside(found, of, by, r.beside, r)
        for q in (of, by):
            if not r.shapes.is_one(q.shape[1]):
                raise OutOfReach(f"a derivative of or by the matrix {q.key} has more than two indices", found.where.span)
        r.relevant.add("jacobian")
        when = () if found.of.time is None else (expression(found.of.time),)
        direct = self._is_direct(found, r)
        plain = Typed((of.shape[0], by.shape[0]), lambda: self._node(of, by, when, at, direct, r))
        return r.transpose(plain) if r.convention.layout == "denominator" else plain

    def _beside(self, found: Differential, of: Quantity, by: Quantity, g: Typed, r: Reader) -> Typed:
        """g' dv_k/dW, shaped as W: as its transpose in numerator layout."""
        g = g if r.shapes.is_one(g.shape[1]) else r.transpose(g)
        r.shapes.unify_shapes(g.shape, of.shape)
        r.relevant |= {"jacobian", "gradient"}
        pull = immediate if self._is_direct(found, r) else total
        model, k = self.section.recurrence, expression(found.of.time)

        def build() -> Node:
            v = Named(of.key, r.size(of.shape[0]), r.size(of.shape[1]), k)
            return pull(model, v, Named(by.key, r.size(by.shape[0]), r.size(by.shape[1])), g.build())

        plain = Typed(by.shape, build)
        return r.transpose(plain) if r.convention.layout == "numerator" else plain

    def _is_direct(self, found: Differential, r: Reader) -> bool:
        chosen = r.convention.derivative
        return found.direct or chosen == "immediate" or (chosen == "direct" and found.sign != "total")

    def _node(
        self, of: Quantity, by: Quantity, when: tuple[sp.Expr, ...], at: tuple[sp.Expr, ...], direct: bool, r: Reader
    ) -> Node:
        rows, columns = r.size(of.shape[0]), r.size(by.shape[0])
        far = len(when) == len(at) == 1 and when[0] - at[0] != 1
        states = {q.name for q in self.section.recurrence.states}
        if direct and far and of.key == by.key and of.key in states and len(states) > 1:
            return path(Named(of.key, rows, 1, *when), *when, *at)
        if direct and not (far and {of.key, by.key} == states):             # of the only state, all paths are direct ones
            return direct_jacobian(
                self.section.recurrence, Named(of.key, rows, 1, *when), Named(by.key, columns, 1, *at)
            )
        return Named(Total(of.key, by.key, len(when)), rows, columns, *when, *at)
