r"""Gates that are written one above the other, told as one equation each.

    \begin{bmatrix} i_t \\ g_t \end{bmatrix} = \begin{bmatrix} \sigma \\ \tanh \end{bmatrix} (W [h_{t-1}; x_t] + b)
        is   i_t = \sigma(W_i [h_{t-1}; x_t] + b_i),   g_t = \tanh(W_g [h_{t-1}; x_t] + b_g)
    \begin{bmatrix} \bar{f}_t \\ \bar{o}_t \end{bmatrix} = W x_t + b
        is   \bar{f}_t = W_f x_t + b_f,   \bar{o}_t = W_o x_t + b_o
    \begin{bmatrix} a_t \\ b_t \end{bmatrix} = \begin{bmatrix} u \\ v \end{bmatrix}   is   a_t = u,   b_t = v

W_i is the block of rows of W that the first gate needs.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lstm_sym.documents.layout.tree import (
    Accent,
    Delimited,
    Function,
    Group,
    List,
    Matrix,
    Node,
    Product,
    Scripts,
    Statement,
    Sum,
    Symbol,
)
from lstm_sym.documents.reading.spelling import affine_of, base_text


def unstacked(statement: Statement) -> Iterator[Statement]:
    """The statement, or one for each row if both sides are columns of the same length."""
    if len(statement.sides) == 2 and statement.relations[0].name in ("=", ":="):
        left, right = _column(statement.sides[0]), _column(statement.sides[1])
        applied = _applied(statement.sides[1])
        if left and right and len(left) == len(right):
            for a, b in zip(left, right, strict=True):
                yield replace(statement, sides=(a, b), span=a.span)
            return
        if left and applied is not None and len(left) == len(applied[0]) and all(map(_name, left)):
            for gate, function in zip(left, applied[0], strict=True):
                argument = _block(applied[1], _name(gate) or gate)
                call = Product((function, Delimited("(", argument, ")", span=argument.span)), ("",), span=argument.span)
                yield replace(statement, sides=(gate, call), span=gate.span)
            return
        if left and _is_affine(statement.sides[1]) and all(map(_name, left)):
            for gate in left:
                yield replace(statement, sides=(gate, _block(statement.sides[1], _letter(gate))), span=gate.span)
            return
    yield statement


def _is_affine(node: Node) -> bool:
    """A plain matrix, named by one letter, times a column and a bias: W x_t + b?"""
    if isinstance(node, Sum) and any(t.sign not in ("", "+") for t in node.terms):
        return False
    terms = [t.body for t in node.terms] if isinstance(node, Sum) else [node]
    products = [x for x in terms if isinstance(x, Product)]
    matrices = [x.factors[0] for x in products if len(x.factors) == 2 and x.operators[0] in ("", r"\cdot")]
    plain = all(isinstance(m, Symbol) and m.name.isupper() for m in matrices)
    rest = [x for x in terms if x not in products]
    return bool(matrices) and plain and len(matrices) == len(products) and all(isinstance(x, Symbol) for x in rest)


def _letter(gate: Node) -> Node:
    """The f of \\bar{f}_t: its block is that of the gate f."""
    name = _name(gate) or gate
    return name.body if isinstance(name, Accent) and isinstance(name.body, Symbol) else name


def _column(node: Node) -> tuple[Node, ...]:
    """The rows of a matrix of one column; () for anything else."""
    inner = node.body if isinstance(node, Delimited | Group) else node
    if isinstance(inner, Matrix) and len(inner.rows) > 1 and all(len(row) == 1 for row in inner.rows):
        return tuple(row[0] for row in inner.rows)
    return ()


def _applied(node: Node) -> tuple[tuple[Node, ...], Node] | None:
    """A column of functions, and what it is applied to."""
    if not isinstance(node, Product) or node.operators[0] not in ("", r"\circ"):
        return None
    functions, rest = _column(node.factors[0]), node.factors[1:]
    if not functions or not all(isinstance(f, Function | Symbol) for f in functions):
        return None
    whole = rest[0] if len(rest) == 1 else Product(rest, node.operators[1:], span=(rest[0].span[0], rest[-1].span[1]))
    return functions, whole.body if isinstance(whole, Delimited) and not isinstance(whole.body, List) else whole


def _name(node: Node) -> Node | None:
    """The i of i_t."""
    base = node.base if isinstance(node, Scripts) else node
    return base if isinstance(base, Symbol | Accent) else None


def _block(node: Node, gate: Node) -> Node:
    """The same with every matrix and bias of all gates as the block of one: W as W_i, W_x as W_{x,i}."""
    match node:
        case Sum(terms):
            return replace(node, terms=tuple(replace(term, body=_block(term.body, gate)) for term in terms))
        case Product(factors):
            return replace(node, factors=tuple(_block(f, gate) for f in factors))
        case Group(body) | Delimited(body=body) if not isinstance(body, List):
            return replace(node, body=_block(body, gate))
        case Scripts(sub=sub, sup=sup) if not _has_time(sub) and not _has_time(sup):
            text, own = base_text(gate) or "", node.sub
            both = gate if own is None else List((own, gate), (",",), span=own.span)
            return replace(node, sub=both, sub_text=text if own is None else f"{node.sub_text},{text}")
        case Symbol(name) if len(name) == 1 or name.startswith("\\"):
            return Scripts(node, gate, sub_text=base_text(gate) or "", span=node.span)
        case _:
            return node


def _has_time(script: Node | None) -> bool:
    items = script.items if isinstance(script, List) else (script,)
    forms = [affine_of(x.body if isinstance(x, Delimited) else x) for x in items if x is not None]
    return any(form is not None and form.terms for form in forms)
