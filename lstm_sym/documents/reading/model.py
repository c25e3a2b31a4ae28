"""From the equations of a section to its model: the names that are parameters, inputs, states, and their Recurrence."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from lstm_sym.documents.layout.tree import Layout
from lstm_sym.documents.reading.any_function import AnyFunction
from lstm_sym.documents.reading.derivatives import Differential
from lstm_sym.documents.reading.reader import Quantity, Reader
from lstm_sym.documents.reading.shapes import ONE, SCALAR, Dimension, Shape, Shapes, Typed
from lstm_sym.documents.reading.spelling import Indexing, Spelled
from lstm_sym.errors import Unreadable
from lstm_sym.expr.affine import Affine, minus, variable
from lstm_sym.expr.indices import affine, expression, integer
from lstm_sym.expr.labels import Label
from lstm_sym.expr.nodes import Add, Named, Node, Stack, add
from lstm_sym.expr.recurrence import Axis, Equation, Recurrence, Scan, once
from lstm_sym.expr.substitute import named_in, nodes_in, replace_indices, replace_named

SCALAR_GREEK = frozenset(
    (r"\lambda", r"\gamma", r"\eta", r"\alpha", r"\beta", r"\epsilon", r"\varepsilon", r"\rho", r"\mu")
)


@dataclass(frozen=True, slots=True)
class Definition:
    """key[time] = value, as read."""

    key: str
    time: Affine | None
    value: Typed
    where: Layout


@dataclass(slots=True)
class Vocabulary:
    """The names of one section with their shapes, growing while its definitions are read."""

    indexing: Indexing
    shapes: Shapes = field(default_factory=Shapes)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    kind: str = "columns"  # or "rows": H_t = X_t U + H_{t-1} W, or "numbers"
    zero: set[str] = field(default_factory=set)  # whose initial values the author takes as 0
    losses: frozenset[str] = frozenset()                     # the names that are differentiated as a loss
    functions: dict[str, AnyFunction] = field(default_factory=dict)  # those of which nothing is said but their arguments
    unknown: frozenset[str] = frozenset()  # computed by lines that are not read
    guessed: set[str] = field(default_factory=set)  # kinds inferred from the spelling alone
    apart: set[str] = field(default_factory=set)  # shapes stated apart from the formulas
    disputed: set[str] = field(default_factory=set)  # of which the text states another shape than the formulas before

    def __post_init__(self) -> None:
        self.shapes.reserved |= self.indexing.counting

    def copy(self) -> Vocabulary:
        """An independent copy, to try a reading."""
        return replace(self, shapes=self.shapes.copy(), quantities=dict(self.quantities), functions=dict(self.functions),
                       guessed=set(self.guessed))

    def declare(self, key: str, shape: Shape) -> None:
        """A shape that a formula states; one stated apart from the formulas wins over it."""
        if key not in self.apart:
            known = self.quantities.get(key)
            if known is not None:
                self.shapes.unify_shapes(known.shape, shape)
            self.quantities[key] = Quantity(key, shape, key in self.indexing.families)

    def declare_apart(self, key: str, shape: Shape) -> None:
        """A shape stated in a table, a setting or on the command line, in this order: the later one wins."""
        self.quantities[key] = Quantity(key, shape, key in self.indexing.families)
        self.apart.add(key)

    def introduce(self, name: Spelled, where: Layout, reader: Reader) -> Quantity:
        """A name met for the first time in a definition: its kind from its spelling.  Errors: Unreadable if it is unknown."""
        if name.key in self.unknown:
            raise Unreadable(f"{name.key} is computed by a line that is not read", where.span)
        quantity = Quantity(name.key, self._kind(name), name.time is not None)
        self.guessed.add(name.key)
        self.quantities[name.key] = quantity
        return quantity

    def _kind(self, name: Spelled) -> Shape:
        """Indexed: a vector.  Upper case: a matrix.  Loss and Greek letters: a number.  Other lower case: a vector."""
        base = name.key.split("_")[0].split("^")[0]
        if name.key in self.indexing.numbers:
            return SCALAR
        if name.time is not None or name.column:
            return self.vector(self.shapes.fresh(single=True) if name.is_upper else ONE)
        greek = base in SCALAR_GREEK and name.key not in self.indexing.biases
        if base in self.losses or greek or self.kind == "numbers":
            return SCALAR
        if name.matrix or name.is_upper or name.key in self.indexing.matrices:
            return (self.shapes.fresh(wide=True), self.shapes.fresh())  # W_c o c has a column, W_c c a matrix
        return self.vector()

    def vector(self, one: Dimension = ONE) -> Shape:
        """A column; a row where samples are rows; a number in a model of one unit.  one: of a batch, Y_t, not yet known."""
        if self.kind == "numbers":
            return SCALAR
        n = self.shapes.fresh(wide=True, guessed=True)
        return (one, n) if self.kind == "rows" else (n, one)


def no_derivatives(found: Differential, reader: Reader) -> Typed:
    """Definitions of the model hold no derivatives."""
    raise Unreadable("a derivative in a definition of the model", found.where.span)


def build(vocabulary: Vocabulary, definitions: list[Definition]) -> Recurrence:
    """The recurrence the definitions make.  Errors: Unreadable for a lag of several steps or a circular definition."""
    timed = {q.name for d in definitions for q in named_in(d.value.build()) if q.indices}
    definitions = [d for d in definitions if d.time is not None or d.key not in timed]      # x = (1, 2): an example of x_t
    t, length = integer(vocabulary.indexing.letter), integer("T")
    axis = Axis(t, length)
    general = {d.key: d for d in definitions if d.time is not None and d.time.terms}
    stepped = [_equation(d, vocabulary, axis) for d in definitions if d.time is not None and d.time.terms]
    boundary = [
        _boundary(d, vocabulary) for d in definitions if d.time is not None and not d.time.terms and d.key in general
    ]
    single = [
        Equation(Named(d.key, *_sizes(vocabulary, d.key)), d.value.build()) for d in definitions if d.time is None
    ]
    stepped = by_name(stepped, {q.label for e in (*boundary, *single) for q in named_in(e.rhs)})
    used = dict.fromkeys(q for e in (*stepped, *boundary, *single) for q in named_in(e.rhs))
    lagged = _carried(used, general, t)
    fixed = {e.lhs.label for e in boundary}
    free = [q for q in used if q.name not in general and q.name not in {d.key for d in definitions}]
    families = list(dict.fromkeys((q.name, q.shape) for q in free if q.indices))
    late = [q for q in free if q.indices and minus(affine(q.indices[0]), variable(t.name)).constant == -1]
    before = dict.fromkeys(Named(q.name, *q.shape, 0) for q in late)                      # y_0 of inputs y_{t-1}
    return Recurrence(
        axes=(axis,),
        parameters=tuple(q for q in free if not q.indices),
        inputs=tuple(Named(name, *shape, t) for name, shape in families),
        initial=(*(Named(key, *_sizes(vocabulary, key), 0) for key in lagged if Named(key, 1).label not in fixed), *before),
        scans=tuple(
            s for s in (once(*boundary), Scan(ordered(stepped, definitions), (1,)), once(*single)) if s.equations
        ),
        outputs=read_out(stepped, [Named(key, 1).label for key in lagged]),
    )


def _sizes(vocabulary: Vocabulary, key: str) -> tuple[object, object]:
    shape = vocabulary.quantities[key].shape
    return vocabulary.shapes.size(shape[0]), vocabulary.shapes.size(shape[1])


def _equation(d: Definition, vocabulary: Vocabulary, axis: Axis) -> Equation:
    """key[t] = value, moved so that the left side stands at t."""
    time = d.time if d.time is not None else variable(axis.index.name)
    shift = minus(time, variable(axis.index.name))
    if shift.terms:
        raise Unreadable(f"{d.key} is defined at {time}, not at a step after {axis.index}", d.where.span)
    rhs = replace_indices(d.value.build(), {axis.index: axis.index - shift.constant})
    return Equation(Named(d.key, *_sizes(vocabulary, d.key), axis.index), rhs, (axis,))


def _boundary(d: Definition, vocabulary: Vocabulary) -> Equation:
    return Equation(Named(d.key, *_sizes(vocabulary, d.key), expression(d.time)), d.value.build())


def by_name(equations: list[Equation], beside: Collection[Label] = ()) -> list[Equation]:
    """y_t = softmax(V h_t) beside z_t = V h_t as y_t = softmax(z_t), where nothing else reads z: it names that part of y."""
    read = {q.label for e in equations for q in named_in(e.rhs)} | set(beside)
    names = [e for e in equations if e.lhs.label not in read and not isinstance(e.rhs, Named) and named_in(e.rhs)]
    stacks = {e.lhs: e.rhs for e in equations if isinstance(e.rhs, Stack)}
    for e in sorted(names, key=lambda e: len(nodes_in(e.rhs))):
        part = next((x.rhs for x in equations if x.lhs == e.lhs), e.rhs)
        spelled = dict.fromkeys((part, replace_named(part, lambda q: stacks.get(q, q))))    # W [h; x] for W u with u = [h; x]
        for way in spelled:
            equations = [x if part == x.rhs else replace(x, rhs=_named(x.rhs, way, e.lhs)) for x in equations]
    return equations


def _named(node: Node, part: Node, name: Named) -> Node:
    """node with the name put where the part stands, or some terms of a sum that are all of its terms."""
    if node == part:
        return name
    if isinstance(node, Named):
        return node
    if isinstance(node, Add) and isinstance(part, Add) and set(part.args) < set(node.args):
        return add(name, *(x for x in node.args if x not in part.args))
    return node.func(*(_named(a, part, name) if isinstance(a, Node) else a for a in node.args))


def _carried(used: dict[Named, None], general: dict[str, Definition], t: object) -> list[str]:
    """The defined names that are read one step back."""
    lags: dict[str, int] = {}
    for q in used:
        if q.name in general and q.indices:
            form = affine(q.indices[0])
            if form.terms == ((str(t), 1),):
                lags[q.name] = min(lags.get(q.name, 0), form.constant)
    late = [k for k, lag in lags.items() if lag < -1]
    if late:
        raise Unreadable(f"{late[0]} is read more than one step back", general[late[0]].where.span)
    return [k for k, lag in lags.items() if lag == -1]


def ordered(equations: list[Equation], definitions: Sequence[Definition]) -> tuple[Equation, ...]:
    """Each equation after those of the same step that it reads."""
    done: list[Equation] = []
    waiting = list(equations)
    while waiting:
        names = {e.lhs for e in waiting}
        ready = [e for e in waiting if not names & set(named_in(e.rhs))]
        if not ready:
            where = next(d.where for d in definitions if d.key == waiting[0].lhs.name)
            raise Unreadable(f"{waiting[0].lhs.name} is defined in terms of itself at the same step", where.span)
        done.extend(ready)
        waiting = [e for e in waiting if e not in ready]
    return tuple(done)


def read_out(equations: Sequence[Equation], states: Collection[Label]) -> tuple[Named, ...]:
    """What a loss can be meant to read: what no other equation of the step reads, helpers apart."""
    mere = {e.lhs.label for e in helpers(equations, states)}
    real = [e for e in equations if e.lhs.label not in mere]
    return tuple(e.lhs for e in real if not any(e.lhs in named_in(other.rhs) for other in real))


def helpers(equations: Sequence[Equation], states: Collection[Label]) -> list[Equation]:
    """Names for what is derived, as A_t = diag(1 - h_t^2) W: what no state reads, and is no column made with a parameter
    or an input of its own.  y_t = U' h_t is an output, even where U is a parameter of the states too.
    """
    of_model = _reached(equations, states)
    computed = {e.lhs.label for e in equations}
    apart = [e for e in equations if states and e.lhs.label not in of_model]
    return [e for e in apart if 1 not in e.lhs.shape or not (
        _reached(equations, (e.lhs.label,)) - of_model - computed or any(not q.indices for q in named_in(e.rhs)))]


def _reached(equations: Sequence[Equation], labels: Collection[Label]) -> frozenset[Label]:
    """The labels, and all that their equations read."""
    found, pending = set(labels), list(labels)
    while pending:
        label = pending.pop()
        new = {q.label for e in equations if e.lhs.label == label for q in named_in(e.rhs)} - found
        found |= new
        pending += new
    return frozenset(found)
