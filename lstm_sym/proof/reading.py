"""How `recheck` reads statements: free indices, substitution, sameness up to bound names, and matching of its own table."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import count
from typing import Any

from lstm_sym.expr.affine import Affine

FUNCTIONS = {f: f for f in "tanh sigmoid relu step exp softplus log reciprocal sqrt phi".split()} | {"dphi": "phi'"}
BOUND_AT = {"sum": 2, "product": 2, "all": 1, "limit": 2, "infinite": 1}
OWN = "?"                                                    # how the names begin under which binders are opened
_FRESH = count()


class Refused(Exception):
    """A step of a proof that the second reader does not accept."""


def put(form: Affine, at: dict[str, Affine]) -> Affine:
    """form with indices replaced."""
    coefficients: dict[str, int] = {}
    constant = form.constant
    for s, c in form.terms:
        inner = at.get(s, Affine(((s, 1),), 0))
        constant += c * inner.constant
        for t, d in inner.terms:
            coefficients[t] = coefficients.get(t, 0) + c * d
    return Affine(tuple(sorted((s, c) for s, c in coefficients.items() if c)), constant)


def below(e: Any) -> Iterator[Any]:
    """The tuples with a tag directly inside e."""
    for x in e[3:] if e[0] in ("function", "scale") else e[1:]:
        if isinstance(x, tuple) and not isinstance(x, Affine):
            if x and isinstance(x[0], str):
                yield x
            elif e[0] == "table" and x and isinstance(x[0], tuple) and not isinstance(x[0], Affine):
                yield from (y for row in x for y in row)


TAGS = frozenset("""named ones zeros identity add hadamard matmul scale transpose diag function sum product table num real + * ^
norm entry abs log eq same le lt within dom imp and all limit infinite derivative radius always under strict slope""".split())


def replace(e: Any, at: dict[str, Affine], terms: dict[str, Any], kinds: dict[str, str]) -> Any:
    """e with times and sizes, named quantities and kinds of norm replaced; every binder gets a name never used before."""
    if isinstance(e, Affine):
        return put(e, at)
    if not isinstance(e, tuple) or not e:
        return e
    if e[0] in ("named", "real") and e[-2] in terms:
        parameters, body = terms[e[-2]]
        if len(parameters) != len(e[-1]):
            raise Refused(f"{e[-2]} has {len(e[-1])} indices")
        return replace(body, {p: put(i, at) for p, i in zip(parameters, e[-1], strict=True)}, {}, {})
    if e[0] == "norm":
        return "norm", kinds.get(e[1], e[1]), replace(e[2], at, terms, kinds)
    if e[0] == "scale" and any(s in at for _, powers in e[2] for s, _ in powers):
        raise Refused("a size in a coefficient is replaced")
    if e[0] in ("function", "scale"):
        return (e[0], replace(e[1], at, terms, kinds), e[2], replace(e[3], at, terms, kinds))
    if e[0] in BOUND_AT:
        place, new = BOUND_AT[e[0]], f"{OWN}{next(_FRESH)}"
        head = tuple(replace(x, at, terms, kinds) for x in e[:-1])
        body = replace(e[-1], {**at, e[place]: Affine(((new, 1),), 0)}, terms, kinds)
        return (*head[:place], new, *head[place + 1:], body)
    return tuple(replace(x, at, terms, kinds) for x in e)


def at_index(e: Any, index: str, form: Affine) -> Any:
    """e at one value of a free index."""
    return replace(e, {index: form}, {}, {})


def like(a: Any, b: Any, names: tuple[tuple[str, str], ...] = ()) -> bool:
    """The same up to the names of bound indices?"""
    if a is b and not names:
        return True
    if isinstance(a, Affine) and isinstance(b, Affine):
        return _named(a, dict(names)) == _named(b, {y: x for x, y in names}, keep=dict(names))
    if not isinstance(a, tuple) or not isinstance(b, tuple):
        return type(a) is type(b) and a == b
    if len(a) != len(b) or isinstance(a, Affine) != isinstance(b, Affine):
        return False
    if a and isinstance(a[0], str) and a[0] in BOUND_AT and a[0] == b[0]:
        place = BOUND_AT[a[0]]
        outside = all(like(x, y, names) for n, (x, y) in enumerate(zip(a[:-1], b[:-1], strict=True)) if n != place)
        inner = tuple((x, y) for x, y in names if x != a[place] and y != b[place])
        return outside and like(a[-1], b[-1], (*inner, (a[place], b[place])))
    return all(like(x, y, names) for x, y in zip(a, b, strict=True))


def _named(form: Affine, bound: dict[str, str], keep: dict[str, str] | None = None) -> Any:
    """form with bound names as pairs, so that a free name is never taken for a bound one."""
    pairs = {s: (s, bound[s]) if keep is None else (bound[s], s) for s, _ in form.terms if s in bound}
    return sorted((repr(pairs.get(s, s)), c) for s, c in form.terms), form.constant


@lru_cache(maxsize=65536)
def free(e: Any, sizes: bool = False) -> set[str]:
    """Free indices of e: all, or those in shapes only."""
    if isinstance(e, Affine):
        return {s for s, _ in e.terms}
    if not isinstance(e, tuple) or not e:
        return set()
    tag = e[0] if isinstance(e[0], str) and e[0] in TAGS else ""
    if not tag:
        return set().union(*(free(x, sizes) for x in e))
    shaped = tag in SHAPED
    found = set().union(*(free(x) for x in e[1])) if shaped else set()
    if tag == "scale":
        found |= {s for _, powers in e[2] for s, _ in powers}
    rest = e[2:-1] if shaped else e[1:-1]
    if not sizes:
        found |= set().union(*(free(x) for x in rest if isinstance(x, tuple) and x))
    else:
        found |= set().union(*(free(x, True) for x in below(e)))
    last = free(e[-1], sizes) if isinstance(e[-1], tuple) and not (sizes and isinstance(e[-1], Affine)) else set()
    if sizes and tag in ("named", "real"):
        last = set()
    return found | (last - {e[BOUND_AT[tag]]} if tag in BOUND_AT else last)


SHAPED = frozenset("named ones zeros identity add hadamard matmul scale transpose diag function sum product table".split())


# --- matching a line of the table -------------------------------------------------------------------------

class Matcher:
    """One rule used once: what its letters stand for.  Families whose index is not bound are compared at the end."""

    def __init__(self) -> None:
        self.letters: dict[str, Any] = {}
        self.later: list[tuple[str, ast.expr, Any, dict[str, str]]] = []
        self.forms: list[tuple[ast.expr, Affine, dict[str, str]]] = []

    def finish(self) -> bool:
        """Were all members of families what the families say?"""
        families = all(name in self.letters and self._member(name, at, e, b) for name, at, e, b in self.later)
        return families and all(self.form(n, b) == form for n, form, b in self.forms)

    def _member(self, name: str, at: ast.expr, e: Any, bound: dict[str, str]) -> bool:
        parameter, body = self.letters[name]
        form = self.form(at, bound)
        return form is not None and like(at_index(body, parameter, form), e)

    def form(self, node: ast.expr, bound: dict[str, str]) -> Affine | None:
        """The value of an index once its letters are known."""
        match node:
            case ast.Constant(value=int(n)):
                return Affine((), n)
            case ast.Name(id=name):
                return Affine(((bound[name], 1),), 0) if name in bound else self.letters.get(name)
            case ast.BinOp(left=left, right=right, op=op):
                a, b = self.form(left, bound), self.form(right, bound)
                sign = 1 if isinstance(op, ast.Add) else -1
                return None if a is None or b is None else put(Affine((("a", 1), ("b", sign)), 0), {"a": a, "b": b})
        return None

    def index(self, node: ast.expr, form: Affine, bound: dict[str, str]) -> bool:
        """Does an index stand for a form?  A lone letter that is not known yet is bound, x + 1 and x - 1 solved."""
        known = self.form(node, bound)
        if known is not None:
            return known == form
        match node:
            case ast.Name(id=name):
                self.letters[name] = form
                return True
            case ast.BinOp(left=ast.Name(id=name), right=right, op=op) if (b := self.form(right, bound)) is not None:
                sign = -1 if isinstance(op, ast.Add) else 1
                self.letters[name] = put(Affine((("a", 1), ("b", sign)), 0), {"a": form, "b": b})
                return True
        self.forms.append((node, form, dict(bound)))
        return True

    def __call__(self, node: Any, e: Any, bound: dict[str, str] | None = None) -> bool:
        """Does the pattern stand for e?"""
        bound = bound or {}
        match node:
            case ast.Constant(value=int(n)):
                return bool(e == ("num", Fraction(n)))
            case ast.Name(id="I"):
                return bool(e[0] == "identity")
            case ast.Name(id="zeros") | ast.Name(id="ones"):
                return bool(e[0] == node.id)
            case ast.Name(id=name):
                return like(self.letters.setdefault(name, e), e)
            case ast.UnaryOp(operand=x) if e[0] == "scale":
                return e[2] == ((Fraction(-1), ()),) and self(x, e[3], bound)
            case ast.BinOp(left=ast.Constant(value=int(n)), op=ast.Mult(), right=x) if e[0] == "scale":
                return e[2] == ((Fraction(n), ()),) and self(x, e[3], bound)
            case ast.UnaryOp(operand=x):
                return ((e[0] == "num" and self(x, ("num", -e[1]), bound))
                        or (e[0] == "*" and len(e) == 3 and e[1] == ("num", Fraction(-1)) and self(x, e[2], bound)))
            case ast.Attribute(value=x, attr="T"):
                return e[0] == "transpose" and self(x, e[2], bound)
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=k)) if k in bound and name not in self.letters:
                self.letters[name] = bound[k], e
                return True
            case ast.Subscript(value=ast.Name(id=name), slice=at):
                self.later.append((name, at, e, dict(bound)))
                return True
            case ast.BinOp(left=x, op=ast.Pow(), right=k):
                return e[0] == "^" and self(x, e[1], bound) and self.index(k, e[2], bound)
            case ast.BinOp(left=x, op=ast.Mod(), right=y):
                return (e[0] == "hadamard" and len(e) == 4 and e[2][0] == "table" and len(e[2][2]) == len(e[2][2][0]) == 1
                        and self(x, e[2][2][0][0], bound) and self(y, e[3], bound))
            case ast.BinOp(left=x, op=ast.Sub(), right=y):
                minus = ((Fraction(-1), ()),)
                return (e[0] == "add" and len(e) == 4 and e[3][0] == "scale" and e[3][2] == minus
                        and self(x, e[2], bound) and self(y, e[3][3], bound))
            case ast.BinOp(left=x, op=op, right=y):
                tags = {ast.Add: ("add", "+"), ast.Mult: ("hadamard", "*"), ast.MatMult: ("matmul",)}[type(op)]
                whole = e[2:] if e[0] in SHAPED else e[1:]
                return e[0] in tags and len(whole) == 2 and self(x, whole[0], bound) and self(y, whole[1], bound)
            case ast.Compare(left=x, ops=[op], comparators=[y]):
                tags = {ast.LtE: ("le",), ast.Lt: ("lt",), ast.Eq: ("eq", "same")}[type(op)]
                return e[0] in tags and self(x, e[1], bound) and self(y, e[2], bound)
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._call(name, args, e, bound)
        return False

    def _call(self, name: str, args: list[ast.expr], e: Any, bound: dict[str, str]) -> bool:
        match name, e[0], args:
            case "N", "norm", [x]:
                return bool(self.letters.setdefault("p", e[1]) == e[1]) and self(x, e[2], bound)
            case "N1" | "N2" | "Ninf", "norm", [x]:
                return bool(e[1] == name[1:]) and self(x, e[2], bound)
            case "column", _, [x]:
                return e[1][1] == Affine((), 1) and self(x, e, bound)
            case "scalar", _, [x]:
                return e[1] == (Affine((), 1), Affine((), 1)) and self(x, e, bound)
            case "at", "dom", [ast.Compare(left=left, comparators=[right])]:
                a, b = self.form(left, bound), self.form(right, bound)
                return a is not None and b is not None and put(Affine((("a", 1), ("b", -1)), 0), {"a": a, "b": b}) == e[1]
            case _, "function", [x] if name in FUNCTIONS:
                return bool(e[2][0] == FUNCTIONS[name]) and self(x, e[3], bound)
            case "number", "table", [x]:
                return len(e[2]) == len(e[2][0]) == 1 and self(x, e[2][0][0], bound)
            case "slope", "slope", [ast.Name(id=f), ast.Name(id=df)]:
                return bool(e[1:] == (FUNCTIONS[f], FUNCTIONS[df]))
            case ("sum", "sum", [ast.Name(id=k), low, high, x]) | ("down" | "up", "product", [ast.Name(id=k), low, high, x]):
                way = name == "sum" or e[5] == (1 if name == "up" else -1)
                return (way and self.index(low, e[3], bound) and self.index(high, e[4], bound)
                        and self(x, e[-1], {**bound, k: e[2]}))
            case "lim", "limit", [ast.Name(id=k), x, y]:
                return self(y, e[1], bound) and self(x, e[3], {**bound, k: e[2]})
            case "inf", "infinite", [ast.Name(id=k), x]:
                return self(x, e[2], {**bound, k: e[1]})
            case "all", "all", [ast.Name(id=k), *xs]:
                return self._all(xs, e[2], {**bound, k: e[1]})
        tags = {"d": "derivative"}
        parts = list(below(e))
        return e[0] == tags.get(name, name) and len(parts) == len(args) and all(
            self(x, y, bound) for x, y in zip(args, parts, strict=True))

    def _all(self, parts: list[ast.expr], e: Any, bound: dict[str, str]) -> bool:
        if len(parts) == 1:
            return self(parts[0], e, bound)
        return e[0] == "imp" and self(parts[0], e[1], bound) and self._all(parts[1:], e[2], bound)
