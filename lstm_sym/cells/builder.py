"""Cell: a recurrence written down equation by equation, as a paper writes it.

    cell = Cell("rnn", cite="Elman 1990")
    n, m = cell.sizes("n m")
    x, h = cell.input("x", m), cell.state("h", n)
    W, U, b = cell.parameter("W", n, n), cell.parameter("U", n, m), cell.parameter("b", n)
    cell.let(h, tanh(W @ h.previous + U @ x + b))

Pre-activations are named on the way (a for h, a_f for f; theta for tanh(c) inside h), so that derivatives come out as
papers print them.
"""
from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from lstm_sym.cells.naming import Names, name_parts
from lstm_sym.errors import DomainViolation, ModelError, ShapeMismatch, UnknownName
from lstm_sym.expr.affine import constant, minus
from lstm_sym.expr.indices import IndexLike, affine, integer
from lstm_sym.expr.nodes import Named, Node, sum_over
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, Scan, once
from lstm_sym.expr.substitute import free_indices, named_in, replace_indices


class Cell:
    """One step of a recurrent model along one time axis 1 .. length; `recurrence` is what everything else reads.

    States are known at 0 (initial values); inputs and noise at 1 .. length.  Shapes: vectors are columns.
    """

    def __init__(self, name: str, cite: str = "", time: str = "t", length: str = "T") -> None:
        self.name, self.cite = name, cite
        self.time = Axis(integer(time), integer(length))
        self._names = Names(name)
        self._names.take(time, "the time index")
        self._names.take(length, "the number of steps")
        self._given: dict[str, list[Named]] = {"parameter": [], "input": [], "noise": [], "state": []}
        self._steps: list[Equation] = []
        self._losses: list[Equation] = []
        self._outputs: list[Named] = []

    # --- what is given ---

    def sizes(self, names: str) -> tuple[sp.Symbol, ...]:
        """Symbolic sizes from a blank-separated list: n, m = cell.sizes("n m")."""
        return tuple(self.size(name) for name in names.split())

    def size(self, name: str) -> sp.Symbol:
        """One symbolic size."""
        self._names.take(name, "a size")
        return integer(name)

    def parameters(self, names: str, rows: IndexLike = 1, columns: IndexLike = 1) -> tuple[Named, ...]:
        """Parameters of one shape: W_f, W = cell.parameters("W_f W", n, n).  Without sizes they are scalars."""
        return tuple(self.parameter(name, rows, columns) for name in names.split())

    def parameter(self, name: str, rows: IndexLike = 1, columns: IndexLike = 1) -> Named:
        """One parameter, the same at all steps."""
        return self._give("parameter", Named(name, rows, columns))

    def input(self, name: str, rows: IndexLike = 1, columns: IndexLike = 1) -> Named:
        """An input x[t], given at t = 1 .. T."""
        return self._give("input", Named(name, rows, columns, self.time.index))

    def noise(self, name: str, rows: IndexLike = 1, columns: IndexLike = 1) -> Named:
        """A noise eps[t], given at t = 1 .. T; no gradient rule treats it differently from an input."""
        return self._give("noise", Named(name, rows, columns, self.time.index))

    def state(self, name: str, rows: IndexLike = 1, columns: IndexLike = 1) -> Named:
        """A state h[t], still to be defined by `let`; h.previous is h[t-1], and h[0] is given."""
        return self._give("state", Named(name, rows, columns, self.time.index))

    def _give(self, kind: str, named: Named) -> Named:
        self._names.take(named.name, f"{'an' if kind == 'input' else 'a'} {kind}")
        self._given[kind].append(named)
        return named

    # --- what is computed ---

    def let(self, name: str | Named, value: Node) -> Named:
        """name[t] = value: a new quantity, or the definition of a declared state.

        Errors: ModelError (name taken, state defined twice), ShapeMismatch, UnknownName, DomainViolation.
        """
        target = self._target(name, value)
        is_state = target in self._given["state"]
        return self._define(target, name_parts(target.name, value, self._part, is_state))

    def output(self, name: str | Named, value: Node | None = None) -> Named:
        """Marks a quantity as output; with a value, defines it first.  Without outputs the states are the outputs."""
        out = self.let(name, value) if value is not None else name
        if not isinstance(out, Named):
            raise ModelError(f"{self.name}: output {out} needs an equation: cell.output({out!r}, V @ h + d)")
        self._outputs.append(out)
        return out

    def loss(self, name: str, value: Node, steps: str = "every") -> Named:
        """name = sum of value over t = 1 .. T (steps="every"), or value at t = T (steps="last").

        value: a scalar; one without the time index (a sum already) is taken as it stands.
        Errors: ShapeMismatch if value is no scalar, ModelError for another word in `steps`.
        """
        if not value.is_scalar:
            raise ShapeMismatch(f"{self.name}: a loss is a scalar (1, 1), got shape {value.shape} for {name} = {value}")
        if steps not in ("every", "last"):
            raise ModelError(f"{self.name}: steps of the loss {name} are 'every' or 'last', got {steps!r}")
        self._names.take(name, "a loss")
        self._check(value, {self.time.index})
        t, length = self.time.index, self.time.length
        if t in free_indices(value):
            value = replace_indices(value, {t: length}) if steps == "last" else sum_over(value, t, 1, length)
        target = Named(name, 1, 1)
        self._losses.append(Equation(target, value))
        return target

    @property
    def recurrence(self) -> Recurrence:
        """The cell as a Recurrence.  Errors: ModelError for a state that no equation defines."""
        defined = {e.lhs for e in self._steps}
        for state in self._given["state"]:
            if state not in defined:
                raise ModelError(f"{self.name}: the state {state} is never defined; add cell.let({state.name}, ...)")
        scans = [Scan(tuple(self._steps), (1,))] + ([once(*self._losses)] if self._losses else [])
        return Recurrence(
            axes=(self.time,), parameters=tuple(self._given["parameter"]), inputs=tuple(self._given["input"]),
            noise=tuple(self._given["noise"]), initial=tuple(s[0] for s in self._given["state"]), scans=tuple(scans),
            outputs=tuple(self._outputs or self._given["state"]), cite=self.cite,
        )

    # --- checks ---

    def _target(self, name: str | Named, value: Node) -> Named:
        if not isinstance(value, Node):
            raise TypeError(f"{self.name}: {name} needs an expression of named quantities, got {value!r}")
        if isinstance(name, str):
            self._names.take(name, "a quantity")
            return Named(name, *value.shape, self.time.index)
        if name not in self._given["state"]:
            raise ModelError(f"{self.name}: {name} is no state of this cell; a new quantity is named by text: "
                             f"let({name.name!r}, ...)")
        if any(e.lhs == name for e in self._steps):
            raise ModelError(f"{self.name}: the state {name} is defined twice")
        if name.shape != value.shape:
            raise ShapeMismatch(f"{self.name}: {name} has shape {name.shape}, its value has {value.shape}: {value}")
        return name

    def _part(self, value: Node, role: str, *wishes: str) -> Named:
        """The name of a part of an equation; one value has one name."""
        for equation in self._steps:
            if equation.rhs == value:
                return equation.lhs
        return self._define(Named(self._names.fresh(role, *wishes), *value.shape, self.time.index), value)

    def _define(self, target: Named, value: Node) -> Named:
        self._check(value, {self.time.index})
        self._steps.append(Equation(target, value, (self.time,)))
        return target

    def _check(self, value: Node, bound: set[sp.Symbol]) -> None:
        """Every name in `value` is known and exists where it is used."""
        known = {q.label: q for q in self._known()}
        for used in named_in(value):
            if used.label not in known:
                names = ", ".join(q.name for q in known.values())
                raise UnknownName(f"{self.name}: {used} is not declared; there are {names}")
            pattern = known[used.label]
            if used.shape != pattern.shape or len(used.indices) != len(pattern.indices):
                raise ShapeMismatch(f"{self.name}: {used} {used.shape} was declared as {pattern} {pattern.shape}")
            if used.indices and set(used.indices[0].free_symbols) == bound:
                self._check_time(used)

    def _check_time(self, used: Named) -> None:
        back = minus(affine(self.time.index), affine(used.indices[0]))
        carried = any(used.label == s.label for s in self._given["state"])
        if back == constant(0):
            if carried and all(e.lhs != used for e in self._steps):
                raise DomainViolation(f"{self.name}: {used} is used before it is defined; known: {used.name}.previous")
        elif back != constant(1) or not carried:
            hint = "" if carried else f"; only states have a value at 0: declare {used.name} with cell.state"
            raise DomainViolation(f"{self.name}: {used} does not exist at all steps 1 .. {self.time.length}{hint}")

    def _known(self) -> Iterator[Named]:
        for group in self._given.values():
            yield from group
        yield from (e.lhs for e in self._steps + self._losses)
