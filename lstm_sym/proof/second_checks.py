"""The computed rules a second time: by other methods than the kernel's."""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from lstm_sym.equality.normal_form import normal_form
from lstm_sym.equality.terms import Work
from lstm_sym.expr.affine import Affine, is_empty
from lstm_sym.proof.reading import free, like, put

Sum = dict[str, tuple[Any, Fraction]]                        # spelled product -> (itself, coefficient)


def _negated(form: Affine) -> Affine:
    return put(Affine((("x", -1),), -1), {"x": form})


def _domain(data: Any, premises: Any, conclusion: Any) -> bool:
    """No integer satisfies the conditions and form < 0."""
    form, *given = data
    return (conclusion == ("dom", form) and [("dom", g) for g in given] == premises
            and is_empty(frozenset({*given, _negated(form)})))


def _identity(data: Any, premises: Any, conclusion: Any) -> bool:
    """The normal form of the difference is 0."""
    left, right = data
    shape, minus = left[1], ((Fraction(-1), ()),)
    sizes = frozenset(Affine(((size, 1),), -1) for size in free(("eq", left, right), sizes=True))
    difference = normal_form(("add", shape, left, ("scale", shape, minus, right)), sizes, Work())
    return not premises and not any(difference) and like(conclusion, ("eq", left, right))


# --- reals: sums of sorted products, spelled out -----------------------------------------------------------

def flat(x: Any) -> dict[tuple[str, ...], Fraction]:
    """x as coefficients of products of spelled atoms."""
    if x[0] == "num":
        return {(): x[1]}
    if x[0] == "+":
        result: dict[tuple[str, ...], Fraction] = {}
        for y in x[1:]:
            for k, c in flat(y).items():
                result[k] = result.get(k, Fraction(0)) + c
        return result
    if x[0] == "*" or (x[0] == "^" and not x[2].terms and x[2].constant >= 0):
        result = {(): Fraction(1)}
        for y in x[1:] if x[0] == "*" else [x[1]] * x[2].constant:
            step: dict[tuple[str, ...], Fraction] = {}
            for a, c in result.items():
                for b, d in flat(y).items():
                    key = tuple(sorted((*a, *b)))
                    step[key] = step.get(key, Fraction(0)) + c * d
            result = step
        return result
    return {} if x == ("log", Fraction(1)) else {(repr(x),): Fraction(1)}


def _zero(x: Any) -> dict[tuple[str, ...], Fraction]:
    return {k: c for k, c in flat(x).items() if c}


def _linear(data: Any, premises: Any, conclusion: Any) -> bool:
    """y - x - sum of m (b - a) is a number of the right sign, every multiplier is a number >= 0 or has its premise."""
    relation, x, y, *items = data
    left, strict, expected = ["+", y, ("*", ("num", Fraction(-1)), x)], False, []
    for m, (kind, a, b) in items:
        left += [("*", ("num", Fraction(-1)), m, b), ("*", m, a)]
        expected.append((kind, a, b))
        number = _zero(m)
        constant = number.get((), Fraction(0)) if set(number) <= {()} else None
        if kind != "same":
            if relation == "same" or kind not in ("le", "lt") or (constant is not None and constant < 0):
                return False
            expected += [("le", ("num", Fraction(0)), m)] if constant is None else []
            strict |= kind == "lt" and constant is not None and constant > 0
    rest = _zero(tuple(left))
    slack = rest.get((), Fraction(0))
    right_sign = {"same": slack == 0, "le": slack >= 0, "lt": slack > 0 or (slack == 0 and strict)}[relation]
    return set(rest) <= {()} and right_sign and conclusion == (relation, x, y) and expected == premises


# --- tables, one entry at a time ----------------------------------------------------------------------------

def _entry(e: Any, i: int, j: int) -> Any:
    """The entry (i, j) of an expression of tables, as a real term."""
    def number(x: Any) -> Any: return ("num", Fraction(x))
    match e[0]:
        case "table":
            return e[2][i][j]
        case "ones" | "zeros":
            return number(e[0] == "ones")
        case "identity":
            return number(i == j)
        case "transpose":
            return _entry(e[2], j, i)
        case "diag":
            return _entry(e[2], i, 0) if i == j else number(0)
        case "add":
            return ("+", *(_entry(x, i, j) for x in e[2:]))
        case "hadamard":
            return ("*", *(_entry(x, *((i, j) if x[1] == e[1] else (0, 0))) for x in e[2:]))
        case "scale":
            return "*", number(sum(c for c, powers in e[2] if not powers)), _entry(e[3], i, j)
        case "matmul":
            left, right = e[2], e[3] if len(e) == 4 else ("matmul", (e[3][1][0], e[1][1]), *e[3:])
            return ("+", number(0), *(("*", _entry(left, i, k), _entry(right, k, j)) for k in range(left[1][1].constant)))
        case "function":
            return number(_value(e[2][0], _zero(_entry(e[3], i, j))))
    raise LookupError(e[0])


def _value(name: str, x: dict[tuple[str, ...], Fraction]) -> Fraction:
    """f at 0, at a rational number, or at +-ln r, from r = e^x."""
    if name in ("relu", "step"):
        if set(x) - {()} or (name == "step" and not x):
            raise LookupError("not a number")
        number = x.get((), Fraction(0))
        return max(number, Fraction(0)) if name == "relu" else Fraction(number > 0)
    power = Fraction(1)
    if x:
        ((key, sign),) = x.items()
        (spelled,) = key
        head, tail = "('log', Fraction(", "))"
        if not spelled.startswith(head) or abs(sign) != 1:
            raise LookupError("not a logarithm")
        power = Fraction(*map(int, spelled[len(head):-len(tail)].split(","))) ** int(sign)
    return {"tanh": 1 - 2 / (power * power + 1), "sigmoid": 1 - 1 / (1 + power)}[name]


def _evaluate(data: Any, premises: Any, conclusion: Any) -> bool:
    left, right = data
    places = [(i, j) for i in range(left[1][0].constant) for j in range(left[1][1].constant)]
    same = all(_zero(("+", _entry(left, i, j), ("*", ("num", Fraction(-1)), _entry(right, i, j)))) == {} for i, j in places)
    numbers = not any(n.terms for n in left[1])
    return not premises and left[1] == right[1] and numbers and same and like(conclusion, ("eq", left, right))


def _table_entry(data: Any, premises: Any, conclusion: Any) -> bool:
    a, low, high, i, j = data
    return a[0] == "table" and premises == [("within", a, low, high)] and conclusion == ("le", a[2][i][j], high)


def _table_within(data: Any, premises: Any, conclusion: Any) -> bool:
    a, low, high = data
    wanted = [p for row in a[2] for x in row for p in (("le", low, x), ("le", x, high))]
    return a[0] == "table" and premises == wanted and conclusion == ("within", a, low, high)


def _polynomial(data: Any, premises: Any, conclusion: Any) -> bool:
    """Both sides of each certificate agree at more points than their degree, so they are the same polynomial."""
    a, e, (low, high), (bottom, top), lower, upper = data
    if any(c < 0 or i < 0 or j < 0 for c, i, j, _ in (*lower, *upper)):
        return False
    degree = max([_degree(a, e), *(i + j + 2 * len(q) for _, i, j, q in (*lower, *upper))])
    for n in range(degree + 2):
        y = Fraction(n)
        value = _at(a, e, y)
        for target, squares in ((value - bottom, lower), (top - value, upper)):
            parts = (c * (y - low) ** i * (high - y) ** j * _value_at(q, y) ** 2 for c, i, j, q in squares)
            if target != sum(parts, Fraction(0)):
                return False
    def number(x: Any) -> Any: return ("num", x)
    return (premises == [("within", a, number(low), number(high))]
            and conclusion == ("within", e, number(bottom), number(top)))


def _value_at(q: tuple[Fraction, ...], y: Fraction) -> Fraction:
    return sum((c * y**k for k, c in enumerate(q)), Fraction(0))


def _at(a: Any, e: Any, y: Fraction) -> Fraction:
    if e == a:
        return y
    match e[0]:
        case "ones":
            return Fraction(1)
        case "add":
            return sum((_at(a, x, y) for x in e[2:]), Fraction(0))
        case "hadamard":
            result = Fraction(1)
            for x in e[2:]:
                result *= _at(a, x, y)
            return result
        case "scale" if all(not powers for _, powers in e[2]):
            return sum((c for c, _ in e[2]), Fraction(0)) * _at(a, e[3], y)
    raise LookupError(e[0])


def _degree(a: Any, e: Any) -> int:
    if e == a:
        return 1
    if e[0] in ("ones", "scale"):
        return 0 if e[0] == "ones" else _degree(a, e[3])
    return (sum if e[0] == "hadamard" else max)(_degree(a, x) for x in e[2:])


CHECKED: dict[str, Callable[[Any, Any, Any], bool]] = {
    "IDENTITY":     _identity,
    "LINEAR":       _linear,
    "DOMAIN":       _domain,
    "EVALUATE":     _evaluate,
    "POLYNOMIAL":   _polynomial,
    "TABLE_ENTRY":  _table_entry,
    "TABLE_WITHIN": _table_within,
}
