r"""Time, however a document writes it, told in one way: as a bracket in the superscript, `h^{(t)}`.

    where a line computes a name from others at t  i = \sigma(W x_t) is i_t
    everywhere                                 a^{<t>}, x^{(t)^\top}, h^{(t)}
    where a line defines h'_t                  h'_t, a name of its own
    where a line defines z^1_t                 z^1_t, z^2_t, W^1, names of their own
    where a line defines h(t) by h(t-1)        h(t), h_i(t), x(0); so with h[t] and h[t-1]
    where a line defines h^t by h^{t-1}        h^t, \mathbf{z}^{t+1}, of names that never stand without a time
    where steps run up to another letter       \tau in \sum_{t=1}^{\tau} or t = 1, \dots, \tau is the T of the others

The kind of bracket keeps how it was written, for corrections: see PLACES.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from lstm_sym.documents.layout.expression import spelled
from lstm_sym.documents.layout.mapped import L, mapped
from lstm_sym.documents.layout.tree import (
    Accent,
    Blank,
    Chain,
    Delimited,
    Layout,
    Node,
    Product,
    Scripts,
    Statement,
    Symbol,
    tokens,
    walk,
)
from lstm_sym.documents.reading.calls import FUNCTION_NAMES
from lstm_sym.documents.reading.last_step import last_step, with_last
from lstm_sym.documents.reading.nested import unnested
from lstm_sym.documents.reading.numbered import numbered_names, with_number
from lstm_sym.documents.reading.primes import primed, with_prime
from lstm_sym.documents.reading.silent import key_of, silent, spoken
from lstm_sym.documents.reading.spelling import RUNNING, affine_of, letters_of

ARGUMENT, BARE = {"(": "of", "[": "at"}, ""             # kinds of bracket: h(t), h[t], h^t
COMPONENT = re.compile(r"^(.+)_\{[ijklmnpqr]\}$")       # h_i(t) are the components of h(t)
MARKS = frozenset((r"\top", r"\intercal", r"\prime", "T"))


@dataclass(frozen=True, slots=True)
class Times:
    """How a document writes times: the names with a time as argument, as bare superscript, or none; its last step; h'_t."""
    argument: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    last: Node | None = None
    with_primes: frozenset[Symbol] = frozenset()
    with_numbers: frozenset[str] = frozenset()

    def told(self, part: L) -> L:
        """The part with every time in a bracket of the superscript, and the last step called T."""
        part = mapped(part, _plain)
        if self.with_primes:
            part = mapped(part, lambda node: with_prime(node, self.with_primes))
        if self.with_numbers:
            part = mapped(part, lambda node: with_number(node, self.with_numbers))
        if self.argument:
            part = mapped(part, lambda node: _arguments(node, self.argument))
        if self.bare:
            part = mapped(part, lambda node: _superscripts(node, self.bare))
        if self.silent:
            part = spoken(part, self.silent)
        return part if self.last is None else mapped(part, lambda node: with_last(node, self.last))


def times(statements: Iterable[Statement], named_last: Iterable[Node] = ()) -> Times:
    """What the statements of a document show of its times; named_last: what its words call the last step."""
    plain = [mapped(s, _plain) for s in statements]
    names = frozenset(name for s in plain for name in primed(s))
    plain = [mapped(s, lambda node: with_prime(node, names)) for s in plain] if names else plain
    numbered = numbered_names(plain)
    plain = [mapped(s, lambda node: with_number(node, numbered)) for s in plain] if numbered else plain
    named = _families(plain, _argument_of)
    arguments = named | {base for key in named for base in COMPONENT.findall(key)}
    found = Times(arguments, _families(plain, _superscript_of), with_primes=names, with_numbers=numbered)
    told = [found.told(s) for s in plain]
    return replace(found, last=last_step(told, tuple(named_last)), silent=silent(told))


# --- rewriting ------------------------------------------------------------------------------------------------------

def _hull(*parts: Layout) -> tuple[int, int]:
    return min(p.span[0] for p in parts), max(p.span[1] for p in parts)


def _marked(time: Delimited, mark: Node | None) -> Node:
    """The superscript of a name at a time to which something is done: (t) \\top."""
    return time if mark is None else Product((time, mark), ("",), span=_hull(time, mark))


def _plain(node: Layout) -> Layout:
    """Scripts outside of accents, a time in a bracket of its own, and one outside of the name in a script, \\delta_{h_t}."""
    return _bracketed(unnested(_unaccented(node)))


def _unaccented(node: Layout) -> Layout:
    """\\tilde{c_t} and \\tilde{c_t}^\\top as \\tilde{c}_t and \\tilde{c}_t^\\top."""
    if isinstance(node, Accent) and isinstance(node.body, Scripts):
        inner = node.body
        return replace(inner, base=replace(node, body=inner.base), span=node.span)
    if isinstance(node, Scripts) and isinstance(node.base, Scripts) and isinstance(node.base.base, Accent):
        inner = node.base
        if node.sub is None and inner.sup is None:
            return replace(node, base=inner.base, sub=inner.sub, sub_text=inner.sub_text, marks=(*inner.marks, *node.marks))
    return node


def _bracketed(node: Layout) -> Layout:
    """a^{<t>T} and x^{(t)^\\top} as a^{\\langle t \\rangle T} and x^{(t) \\top}."""
    if not isinstance(node, Scripts) or node.sup is None:
        return node
    sup = node.sup
    if isinstance(sup, Chain) and len(sup.sides) == 3 and [r.name for r in sup.relations] == ["<", ">"]:
        before, inside, after = sup.sides
        if isinstance(before, Blank) and affine_of(inside) is not None:
            own = (*before.marks, *(m for r in sup.relations for m in r.marks), *sup.marks)
            time = Delimited("<", inside, ">", span=inside.span, marks=own)
            return replace(node, sup=_marked(time, None if isinstance(after, Blank) else after))
    if isinstance(sup, Scripts) and isinstance(sup.base, Delimited) and sup.sub is None and sup.sup is not None:
        return replace(node, sup=replace(_marked(sup.base, sup.sup), marks=sup.marks))
    return node


# --- h(t) -----------------------------------------------------------------------------------------------------------

def _is_name(node: Layout) -> bool:
    """Can the node be a name with a time behind it?  No function, and no letter for sigmoid."""
    base = node.base if isinstance(node, Scripts) else node
    if isinstance(node, Scripts) and (node.primes or _time_of(node.sup) is not None):
        return False
    return isinstance(base, Accent) or (isinstance(base, Symbol) and base.name not in (*FUNCTION_NAMES, r"\partial", "d"))


def _time_of(node: Node | None) -> Delimited | None:
    """The bracket around an index: (t - 1)."""
    return node if isinstance(node, Delimited) and node.open in ("(", "[", "<", r"\langle") and affine_of(node.body) else None


def _behind(product: Product, n: int) -> tuple[Delimited, Node | None] | None:
    """The time behind factor n, and what is done to the quantity at that time: the (t) and \\top of h(t)^\\top."""
    if n + 1 >= len(product.factors) or product.operators[n] or not _is_name(product.factors[n]):
        return None
    bracket = product.factors[n + 1]
    mark = bracket.sup if isinstance(bracket, Scripts) and bracket.sub is None and not bracket.primes else None
    time = _time_of(bracket.base if isinstance(bracket, Scripts) and mark is not None else bracket)
    return None if time is None or time.open not in ARGUMENT else (time, mark)


def _argument_of(node: Layout) -> Iterator[tuple[Node, Node]]:
    """Each name in a product with the index behind it in parentheses or square brackets."""
    if isinstance(node, Product):
        for n, factor in enumerate(node.factors):
            found = _behind(node, n)
            if found is not None:
                yield factor, found[0].body


def _arguments(node: Layout, names: frozenset[str]) -> Layout:
    """h (t) as one name at a time."""
    if not isinstance(node, Product):
        return node
    factors: list[Node] = []
    operators, n = list(node.operators), 0
    while n < len(node.factors):
        factor, found = node.factors[n], _behind(node, n)
        if found is not None and key_of(factor) in names:
            bracket = node.factors[n + 1]
            time = replace(found[0], open=ARGUMENT[found[0].open])
            marks = bracket.marks if found[1] is not None else ()
            factors.append(_at(factor, _marked(time, found[1]), marks, _hull(factor, bracket)))
            del operators[len(factors) - 1]
            n += 1
        else:
            factors.append(factor)
        n += 1
    if len(factors) == 1:
        return replace(factors[0], marks=(*factors[0].marks, *node.marks))
    return replace(node, factors=tuple(factors), operators=tuple(operators))


def _at(name: Node, sup: Node, marks: tuple[Any, ...], span: tuple[int, int]) -> Scripts:
    """The name with a time in its superscript; what stood there belongs to the name: y^{in}(t)."""
    text = spelled(tokens(sup))
    if isinstance(name, Scripts) and name.sup is None:
        return replace(name, sup=sup, sup_text=text, span=span, marks=(*name.marks, *marks))
    return Scripts(name, None, sup, sup_text=text, span=span, marks=marks)


# --- h^t ------------------------------------------------------------------------------------------------------------

def _superscript_of(node: Layout) -> Iterator[tuple[Node, Node]]:
    """A name with an index as its bare superscript."""
    if isinstance(node, Scripts) and node.sup is not None and _is_name(node):
        time = _split(node.sup)[0]
        if affine_of(time) is not None:
            yield replace(node, sup=None), time


def _split(sup: Node) -> tuple[Node, Node | None]:
    """t \\top of h^{t \\top}: the time, and what is done to the quantity at that time."""
    if isinstance(sup, Product) and len(sup.factors) == 2 and isinstance(sup.factors[1], Symbol) and \
            sup.factors[1].name in MARKS and affine_of(sup.factors[0]) is not None:
        return sup.factors[0], sup.factors[1]
    return sup, None


def _superscripts(node: Layout, names: frozenset[str]) -> Layout:
    """h^t as h^{(t)}; h^0 too, not h^2, which is a square."""
    found = next(iter(_superscript_of(node)), None) if isinstance(node, Scripts) else None
    if found is None or not isinstance(node, Scripts) or node.sup is None or key_of(found[0]) not in names:
        return node
    time, mark = _split(node.sup)
    form = affine_of(time)
    if form is None or (not form.terms and form.constant) or (isinstance(time, Symbol) and time.name == "T"):
        return node
    return replace(node, sup=_marked(Delimited(BARE, time, BARE, span=time.span), mark))


# --- which names ----------------------------------------------------------------------------------------------------

def _families(statements: list[Statement], find: Callable[[Layout], Iterator[tuple[Node, Node]]]) -> frozenset[str]:
    """The names written so at a running index, if a statement defines one of them by a step before."""
    found = [(key_of(name), affine_of(time)) for s in statements for node in walk(s) for name, time in find(node)]
    running = {key for key, form in found if form is not None and letters_of(form) & RUNNING and len(form.terms) == 1}
    alone = {key_of(node) for s in statements for node in _bare_names(s, find)}
    names = frozenset(running - alone - {""})
    return names if any(_steps(s, names, find) for s in statements) else frozenset()


def _bare_names(part: Layout, find: Callable[[Layout], Iterator[tuple[Node, Node]]]) -> Iterator[Node]:
    """Names that stand without an index of that kind: matrices, whose superscript is a power, and the like."""
    if find is _superscript_of:
        for node in walk(part):
            if isinstance(node, Scripts) and (node.sup is None or affine_of(node.sup) is None):
                yield replace(node, sup=None)


def _steps(statement: Statement, names: frozenset[str], find: Callable[[Layout], Iterator[tuple[Node, Node]]]) -> bool:
    """Is it h at t = ... h at t - 1 ...?"""
    left = next(iter(find(statement.sides[0])), None)
    here = affine_of(left[1]) if left is not None else None
    if left is None or here is None or len(here.terms) != 1 or key_of(left[0]) not in names or len(statement.sides) < 2:
        return False
    forms = [affine_of(time) for node in walk(statement.sides[1]) for name, time in find(node) if key_of(name) in names]
    return any(f is not None and f.terms == here.terms and f.constant == here.constant - 1 for f in forms)
