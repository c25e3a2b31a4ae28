"""A witness as a short NumPy program that needs nothing of this package: a sceptic runs it and sees both sides.

The model is evaluated by its own equations and derivatives are central differences, so that it shares nothing with the
derivation it puts to the test.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from keyword import iskeyword
from typing import Any

import sympy as sp

from lstm_sym.codegen.numpy.text import number
from lstm_sym.equality.verdicts import Witness
from lstm_sym.errors import NotLowered
from lstm_sym.expr.functions import function, is_generic
from lstm_sym.expr.labels import Direct, Total, label_text
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
    ProductOver,
    Scale,
    Slice,
    Stack,
    SumOver,
    Transpose,
    When,
    Zeros,
)
from lstm_sym.expr.recurrence import Equation, Recurrence

PROGRAM = '''"""{title}

{claim}

Both sides at one point; derivatives by central differences.  Needs NumPy alone.
"""
import numpy as np

{places}
GIVEN = {{
{given}
}}
LAWS = {{
{laws}
}}
known, nudge = {{}}, {{}}


def q(name, *at):
    key = name, *at
    if key not in known:
        known[key] = (np.array(GIVEN[key], float) if key in GIVEN else LAWS[name](*at)) + nudge.get(key, 0)
    return known[key]

{helpers}
left = {left}
right = {right}
print("left ", left[{entry}])
print("right", right[{entry}])
'''
SLOPES = '''
def slopes(value, by, step=1e-5):
    for unit in np.eye(q(*by).size):
        ends = []
        for sign in (1, -1):
            nudge[by] = sign * step * unit.reshape(q(*by).shape)
            known.clear()
            ends.append(value())
            known.clear(), nudge.clear()
        yield (ends[0] - ends[1]) / (2 * step)

'''
GRADIENT = '''
def loss():
    return {loss}


def gradient(*by):
    return np.reshape(list(slopes(loss, by)), q(*by).shape)

'''
JACOBIAN = '''
def jacobian(of, by):
    return np.concatenate(list(slopes(lambda: q(*of), by)), axis=1)

'''
OWN = frozenset(("q", "np", "known", "nudge", "loss", "slopes", "gradient", "jacobian", "left", "right"))
LOSS = "q('L')[0, 0]"
ANY_LOSS = "sum(np.sum(g * q(of[0][4:], *of[1:])) for of, g in GIVEN.items() if of[0].startswith('∂L/∂'))"


def script(title: str, claim: str, left: Node, right: Node, recurrence: Recurrence, witness: Witness) -> str:
    """The program for the claim left = right of the model; the recurrence holds no derived gradients.

    Errors: NotLowered for a derivative of which no difference is taken, such as a direct partial of a state, and for an
    index that Python cannot name.
    """
    i, j = witness.entry
    places = {**witness.sizes, **witness.at}
    _named_in_python((left, right, *(e.rhs for e in recurrence.equations)), places)
    laws, sides = _laws(recurrence), (text(left), text(right))
    return PROGRAM.format(
        title=_quoted(title), claim="\n".join(f"    {line}" for line in _quoted(claim).splitlines()),
        places=f"{', '.join(places)} = {', '.join(map(str, places.values()))}" if places else "",
        given="\n".join(f"    {_key(name)}: {_rows(rows)}," for name, rows in witness.assign.items()),
        laws="\n".join(f"    {name!r}: {law}," for name, law in laws.items()),
        helpers=_helpers("".join((*laws.values(), *sides)), "L" in laws),
        left=sides[0], right=sides[1], entry=f"{i - 1}, {j - 1}",
    )


def _quoted(words: str) -> str:
    """Words of a document inside a docstring: they stay words."""
    return words.replace("\\", "\\\\").replace('"', '\\"')


def _named_in_python(nodes: Iterable[Node], places: Iterable[str]) -> None:
    symbols = {s.name for node in nodes for s in node.atoms(sp.Symbol)}
    wrong = next((n for n in sorted({*symbols, *places}) if not n.isidentifier() or iskeyword(n) or n in OWN), None)
    if wrong is not None:
        raise NotLowered(f"Python cannot call an index {wrong!r}")


def _laws(recurrence: Recurrence) -> dict[str, str]:
    """name -> lambda t: its right side."""
    families: dict[str, list[Equation]] = {}
    for equation in recurrence.equations:
        families.setdefault(equation.lhs.name, []).append(equation)
    return {name: _law(equations) for name, equations in families.items()}


def _helpers(used: str, explicit: bool) -> str:
    """The functions that the program's text calls."""
    gradient, jacobian = "gradient(" in used, "jacobian(" in used
    return ((SLOPES if gradient or jacobian else "")
            + (GRADIENT.format(loss=LOSS if explicit else ANY_LOSS) if gradient else "") + (JACOBIAN if jacobian else ""))


def _key(member: str) -> str:
    """x[1] as ('x', 1), W as ('W',); the [2] of W^{[2]} is part of a name."""
    name, _, at = member.rpartition("[") if member.endswith("]") else (member, "", "")
    return repr((name, *(int(i) for i in at.rstrip("]").split(",") if i)))


def _rows(rows: Iterable[Iterable[str]]) -> str:
    """Exact entries as Python text: ln(2) as np.log(2), powers of it as **."""
    return f"[{', '.join('[' + ', '.join(row) + ']' for row in rows)}]".replace("ln(", "np.log(").replace("^", "**")


def _law(equations: list[Equation]) -> str:
    """lambda t: the right side; the boundary's where there is one; 0 where the quantity does not exist."""
    general = max(equations, key=lambda e: sum(bool(i.free_symbols) for i in e.lhs.indices))
    names = [str(i) for i in general.lhs.indices]
    exists = " and ".join(f"1 <= {axis.index} <= {axis.length}" for axis in general.over)
    law = text(general.rhs) + (f" if {exists} else {text(Zeros(*general.lhs.shape))}" if exists else "")
    for e in equations:
        if e is not general:
            here = " and ".join(f"{name} == {i}" for name, i in zip(names, e.lhs.indices, strict=True))
            law = f"{text(e.rhs)} if {here} else {law}"
    return f"lambda {', '.join(names)}: {law}"


def text(node: Node) -> str:
    """The node as NumPy text; every value has two axes.  Errors: NotLowered."""
    return TEXT[type(node)](node)


def _named(n: Named) -> str:
    label, at = n.label, [str(i) for i in n.indices]
    if isinstance(label, Direct) and label_text(label.of) == "L":
        return _call("q", label_text(label), at)
    if isinstance(label, Total) and label_text(label.of) == "L":
        return _call("gradient", label_text(label.by), at)
    if isinstance(label, Total):
        of, by = _member(label_text(label.of), at[:label.arity]), _member(label_text(label.by), at[label.arity:])
        return f"jacobian({of}, {by})"
    if isinstance(label, Direct) or type(label).__name__ == "Tangent":
        raise NotLowered(f"no difference is taken for {n}")
    return _call("q", label_text(label), at)


def _call(function_name: str, name: str, at: list[str]) -> str:
    return f"{function_name}({', '.join([repr(name), *at])})"


def _member(name: str, at: list[str]) -> str:
    return f"({', '.join([repr(name), *at])}{'' if at else ','})"


def _applied(name: str, operand: str) -> str:
    """f(operand); tanh stands for a generic function, as in the witness."""
    if not is_generic(name):
        return function(name).numpy.format(operand)
    order = len(name) - len(name.rstrip("'"))
    if order > 1:
        raise NotLowered(f"no text for {name}")
    return f"(1 - np.tanh({operand}) ** 2)" if order else f"np.tanh({operand})"


def _shape(n: Node) -> str:
    return f"({n.shape[0]}, {n.shape[1]})"


def _range(n: Node) -> str:
    return f"for {n.args[1]} in range({n.args[2]}, {n.args[3]} + 1)"


def _product(n: Node) -> str:
    factors = f"[{text(n.args[0])} {_range(n)}]" + ("[::-1]" if n.args[4] == -1 else "")
    return f"np.linalg.multi_dot([np.eye({n.shape[0]}), np.eye({n.shape[0]}), *{factors}])"


def _joined(sign: str) -> Callable[[Any], str]:
    return lambda n: f"({sign.join(map(text, n.args))})"


TEXT: dict[type[Node], Callable[[Any], str]] = {
    Named:       _named,
    Ones:        lambda n: f"np.ones({_shape(n)})",
    Zeros:       lambda n: f"np.zeros({_shape(n)})",
    Identity:    lambda n: f"np.eye({n.shape[0]})",
    Add:         _joined(" + "),
    Hadamard:    _joined(" * "),
    MatMul:      _joined(" @ "),
    Scale:       lambda n: f"({number(n.args[0]) if n.args[0].is_number else sp.sstr(n.args[0])}) * {text(n.args[1])}",
    Transpose:   lambda n: f"{text(n.args[0])}.T",
    Diag:        lambda n: f"np.diag({text(n.args[0])}[:, 0])",
    Elementwise: lambda n: _applied(str(n.args[0]), text(n.args[1])),
    Stack:       lambda n: f"np.concatenate([{', '.join(map(text, n.args))}])",
    Slice:       lambda n: f"{text(n.args[0])}[{n.args[1]}:{n.args[1] + n.args[2]}]",
    SumOver:     lambda n: f"sum(({text(n.args[0])} {_range(n)}), np.zeros({_shape(n)}))",
    ProductOver: _product,
    When:        lambda n: f"({text(n.args[0])} if {' and '.join(f'{c} >= 0' for c in n.args[1:])} "
                           f"else np.zeros({_shape(n)}))",
}
