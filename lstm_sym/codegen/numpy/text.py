"""Nodes as NumPy text: matrices of the parameters, expressions over all steps, and ufunc calls into given arrays."""
from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from lstm_sym.codegen.lowering.program import Affine, Term
from lstm_sym.errors import NotLowered
from lstm_sym.expr.affine import coefficient
from lstm_sym.expr.functions import function, is_generic
from lstm_sym.expr.indices import affine
from lstm_sym.expr.nodes import (
    Add,
    Diag,
    Elementwise,
    Hadamard,
    Identity,
    MatMul,
    Named,
    Node,
    Ones,
    Scale,
    Slice,
    Stack,
    Transpose,
    Zeros,
    operands,
)

Leaf = Callable[[Named], str]


def number(c: sp.Expr) -> str:
    """An exact coefficient as text."""
    return str(c) if c.is_Integer else repr(float(c)) if c.is_Rational and c.q & (c.q - 1) == 0 else f"({c})"


def size(e: sp.Expr) -> str:
    """A size or index as text."""
    return str(e) if not isinstance(e, sp.Add) else f"({e})"


def applied(name: str, text: str) -> str:
    """f(text).  Errors: NotLowered for a generic function, which has no numbers."""
    if is_generic(name):
        raise NotLowered(f"the function {name} has no row in FUNCTIONS, so there is no code for it")
    return function(name).numpy.format(text)


# --- what no sample enters: matrices, always with two axes ----------------------------------------------------

def fixed(n: Node, leaf: Leaf) -> str:
    """A matrix of the parameters."""
    if type(n) not in FIXED:
        raise NotLowered(f"no NumPy text for {type(n).__name__} of parameters in {n}; use target='reference'")
    return FIXED[type(n)](n, lambda x: fixed(x, leaf), leaf)


def fixed_column(n: Node, leaf: Leaf) -> str:
    """A column of the parameters with one axis, as it is added to rows of samples."""
    if isinstance(n, Scale):
        return f"{number(n.args[0])} * {fixed_column(n.args[1], leaf)}"
    return leaf(n) if isinstance(n, Named) else f"{fixed(n, leaf)}[:, 0]"


FIXED: dict[type[Node], Callable[[Node, Callable[[Node], str], Leaf], str]] = {
    Named:       lambda n, r, leaf: leaf(n) + ("[:, None]" if n.shape[1] == 1 else ""),
    Ones:        lambda n, r, leaf: f"np.ones(({n.shape[0]}, {n.shape[1]}), dtype)",
    Zeros:       lambda n, r, leaf: f"np.zeros(({n.shape[0]}, {n.shape[1]}), dtype)",
    Identity:    lambda n, r, leaf: f"np.eye({n.shape[0]}, dtype=dtype)",
    Add:         lambda n, r, leaf: f"({' + '.join(map(r, n.args))})",
    Hadamard:    lambda n, r, leaf: f"({' * '.join(map(r, n.args))})",
    MatMul:      lambda n, r, leaf: f"({' @ '.join(map(r, n.args))})",
    Scale:       lambda n, r, leaf: f"({number(n.args[0])} * {r(n.args[1])})",
    Transpose:   lambda n, r, leaf: f"{r(n.args[0])}.T",
    Diag:        lambda n, r, leaf: f"np.diag({r(n.args[0])}[:, 0])",
    Elementwise: lambda n, r, leaf: applied(str(n.args[0]), r(n.args[1])),
    Stack:       lambda n, r, leaf: f"np.concatenate([{', '.join(map(r, n.args))}])",
    Slice:       lambda n, r, leaf: f"{r(n.args[0])}[{n.args[1]}:{n.args[1] + n.args[2]}]",
}


# --- samples along the last axis but one; the rows of a column are the last axis ---------------------------------

class Rows:
    """Expressions whose columns are the last axis of arrays with samples (and steps) before it.

    leaf: the text of a quantity; is_fixed: does no sample enter?; steps: the shape before the rows, as text.
    """

    def __init__(self, leaf: Leaf, fixed_leaf: Leaf, is_fixed: Callable[[Node], bool], steps: str) -> None:
        self.leaf, self.fixed_leaf, self.is_fixed, self.steps = leaf, fixed_leaf, is_fixed, steps

    def __call__(self, n: Node) -> str:
        if isinstance(n, Ones):
            return "1"
        if isinstance(n, Zeros):
            return "0"
        if self.is_fixed(n):
            return fixed_column(n, self.fixed_leaf)
        if type(n) not in ROWS:
            raise NotLowered(f"no NumPy text for {type(n).__name__} in {n}; use target='reference'")
        return ROWS[type(n)](n, self)


def _product(n: Node, r: Rows) -> str:
    matrix = n.args[0] if len(n.args) == 2 else MatMul(*n.args[:-1])
    return f"({r(n.args[-1])} @ {fixed(matrix, r.fixed_leaf)}.T)"


def _stacked(n: Node, r: Rows) -> str:
    blocks = [f"np.broadcast_to({r(b)}, ({r.steps}, {b.shape[0]}))" for b in n.args]
    return f"np.concatenate([{', '.join(blocks)}], axis=-1)"


ROWS: dict[type[Node], Callable[[Node, Rows], str]] = {
    Named:       lambda n, r: r.leaf(n),
    Add:         lambda n, r: f"({' + '.join(map(r, n.args))})",
    Hadamard:    lambda n, r: f"({' * '.join(map(r, n.args))})",
    MatMul:      _product,
    Scale:       lambda n, r: f"({number(n.args[0])} * {r(n.args[1])})",
    Elementwise: lambda n, r: applied(str(n.args[0]), r(n.args[1])),
    Stack:       _stacked,
    Slice:       lambda n, r: f"{r(n.args[0])}[..., {n.args[1]}:{n.args[1] + n.args[2]}]",
}


# --- the same, entry by entry, as calls that write into arrays -----------------------------------------------------

class Calls:
    """Lines of ufunc calls; temporaries come from `temporary(rows)` and go back when read."""

    def __init__(self, rows: Rows, temporary: Callable[[sp.Expr], str], release: Callable[[str], None],
                 constant: Callable[[str], str], optional: Callable[[Node], bool] = lambda n: False) -> None:
        self.rows, self.temporary, self.release = rows, temporary, release
        self.constant, self.optional = constant, optional
        self.lines: list[str] = []

    def into(self, n: Node, out: str) -> None:
        """out = n."""
        if isinstance(n, Add):
            self._sum(n, out)
        elif isinstance(n, Hadamard):
            self._chain("np.multiply", [*n.args], out)
        elif isinstance(n, Scale) and not self.rows.is_fixed(n):
            self._call("np.multiply", [self.operand(n.args[1]), self.constant(number(n.args[0]))], out)
        elif isinstance(n, Elementwise) and not self.rows.is_fixed(n):
            self._function(n, out)
        else:
            self.lines.append(f"{filled(out)} = {self.rows(n)}")

    def operand(self, n: Node) -> str:
        """The text of a leaf; for an expression a temporary that holds it."""
        if isinstance(n, Ones | Zeros):
            return self.constant(self.rows(n))
        if isinstance(n, Named) or self.rows.is_fixed(n):
            return self.rows(n)
        out = self.temporary(n.shape[0])
        self.into(n, out)
        return out

    def _call(self, ufunc: str, arguments: list[str], out: str) -> None:
        self.lines.append(f"{ufunc}({', '.join(arguments)}, {out})")
        for a in arguments:
            if a != out:
                self.release(a)

    def _sum(self, n: Node, out: str) -> None:
        given = [a for a in n.args if self.optional(a)]
        kept = [a for a in n.args if not self.optional(a)]
        if not kept or not given:
            kept, given = list(n.args), []
        if len(given) == 1 and len(kept) == 1 and isinstance(kept[0], Named):
            there, rest = self.rows(given[0]), self.rows(kept[0])
            self.lines += [f"if {there} is None: {out}[...] = {rest}", f"else: np.add({there}, {rest}, {out})"]
            return
        negative = [a for a in kept if _is_minus(a)]
        plus = [a for a in kept if not _is_minus(a)]
        first = self._ordered(plus or [Zeros(*n.shape)], out)
        signed = [("np.add", a) for a in first] + [("np.subtract", _minus(a)) for a in negative]
        self._fold(signed, out)
        for a in given:
            self.lines.append(f"if {self.rows(a)} is not None: np.add({out}, {self.rows(a)}, {out})")

    def _chain(self, ufunc: str, factors: list[Node], out: str) -> None:
        self._fold([(ufunc, f) for f in self._ordered(factors, out)], out)

    def _ordered(self, nodes: list[Node], out: str) -> list[Node]:
        """What lives in `out` itself comes first, before it is overwritten."""
        return sorted(nodes, key=lambda a: 0 if isinstance(a, Named) and self.rows(a) == out else 1)

    def _fold(self, signed: list[tuple[str, Node]], out: str) -> None:
        texts = [self.operand(a) for _, a in signed]
        if len(texts) == 1:
            self.lines.append(f"{filled(out)} = {texts[0]}")
            self.release(texts[0])
            return
        self._call(signed[1][0], texts[:2], out)
        for (ufunc, _), text in zip(signed[2:], texts[2:], strict=True):
            self._call(ufunc, [out, text], out)

    def _function(self, n: Node, out: str) -> None:
        name, x = str(n.args[0]), self.operand(n.args[1])
        if name == "sigmoid":                                # 1/2 + 1/2 tanh(x / 2)
            self._call("np.multiply", [x, self.constant("0.5")], out)
            self._call("np.tanh", [out], out)
            self._call("np.multiply", [out, self.constant("0.5")], out)
            self._call("np.add", [out, self.constant("0.5")], out)
        elif name in ("tanh", "exp", "log", "sqrt"):
            self._call(f"np.{name}", [x], out)
        else:
            self.lines.append(f"{filled(out)} = {applied(name, x)}")
            self.release(x)


def _is_minus(n: Node) -> bool:
    return isinstance(n, Scale) and n.args[0] == -1


def _minus(n: Node) -> Node:
    inner: Node = n.args[1]
    return inner


def bounds(conditions: tuple[sp.Expr, ...], t: sp.Symbol) -> tuple[list[str], list[str], list[str]]:
    """Conditions e >= 0 as lower bounds and upper bounds on t, and those without t, as text."""
    low, high, other = [], [], []
    for c in conditions:
        k = coefficient(affine(c), t.name)
        if k == 1:
            low.append(str(sp.expand(t - c)))
        elif k == -1:
            high.append(str(sp.expand(t + c)))
        elif k == 0:
            other.append(f"{c} >= 0")
        else:
            raise NotLowered(f"the condition {c} >= 0 is no bound on {t}")
    return low, high, other


def holds(n: Node, *kinds: type[Node]) -> bool:
    """Is a node of one of the kinds in `n`?"""
    return isinstance(n, kinds) or any(holds(a, *kinds) for a in operands(n))


def filled(out: str) -> str:
    """The left side of an assignment that fills the array `out`."""
    return out if out.endswith("]") else f"{out}[...]"


def minus(high: str, low: str) -> str:
    """high - low."""
    return high if low == "0" else f"{high} - {low}"


def row_of(i: Affine, k: int) -> Affine:
    """One of the sums by itself."""
    return Affine((i.targets[k],), tuple(Term((t.matrices[k],), t.operands) for t in i.terms), (i.bases[k],))
