"""What a row of the rules says of numbers: letters get values that meet its premises, and statements are judged in balls.

Curves are A(e) = A + e A1 and derivatives difference quotients, limits a late member: nothing here knows a rule.
"""
from __future__ import annotations

from fractions import Fraction

import flint

from lstm_sym.proof.coq_text import curves_of
from lstm_sym.proof.grammar import names

NOW = flint.arb(0)
LATE, TINY, LARGE, STEP = 400, flint.arb(10) ** -6, flint.arb(10) ** 6, flint.arb(2) ** -30
CLOSE = flint.arb(2) ** -20
TIMES = range(-2, 6)
RATIONAL = [Fraction(k, 4) for k in (-8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8)]
FUNCTIONS = {
    "tanh": lambda x: x.tanh(), "sigmoid": lambda x: 1 / (1 + (-x).exp()), "exp": lambda x: x.exp(), "log": lambda x: x.log(),
    "softplus": lambda x: (1 + x.exp()).log(), "sqrt": lambda x: x.sqrt(), "reciprocal": lambda x: 1 / x,
    "relu": lambda x: x if x > 0 else flint.arb(0), "step": lambda x: flint.arb(1 if x > 0 else 0),
    "phi": lambda x: x.sin(), "phi'": lambda x: x.cos(),                         # any function and its derivative
}


def ball(x):
    return flint.arb(flint.fmpq(x.numerator, x.denominator))


class Numbers:
    """Values of the letters of one row; `of` evaluates terms, `holds` judges statements: True, False or None if too close."""

    def __init__(self, row, rng):
        self.rng, self.row = rng, row
        whole = ("and", *row.premises, row.conclusion)
        self.sizes = {k: rng.choice((1, 2)) for k in "nmq"}
        self.times = {k: rng.choice(TIMES) for k in "klh"}
        self.kind = rng.choice(("1", "2", "inf"))
        self.curves = curves_of(whole)
        self.values = {}
        for (kind, name), (shape, indices) in names(whole).items():
            self.values[name] = self.random(kind, shape, indices, name)
        for p in row.premises:
            self.meet(p)

    # --- values ---------------------------------------------------------------------------------------------

    def rational(self):
        return ball(self.rng.choice(RATIONAL))

    def table(self, shape):
        rows, columns = (self.form(n) for n in shape)
        return [[self.rational() for _ in range(columns)] for _ in range(rows)]

    def random(self, kind, shape, indices, name):
        """A function of (times, e)."""
        if kind == "real" and indices:
            start, rate = self.rational(), ball(self.rng.choice([Fraction(1, 2), Fraction(-1, 3), Fraction(2), Fraction(3)]))
            return lambda k, e: start * (rate ** k if k >= 0 else 1 / rate ** -k)
        if kind == "real":
            value = self.rational()
            return lambda *_: value
        at = {k: (self.table(shape), self.table(shape)) for k in (range(-4, 10) if indices else (None,))}
        def value(*arguments):
            k, e = (arguments[0] if indices else None), arguments[-1]
            start, speed = at[k]
            return [[x + e * y for x, y in zip(a, b, strict=True)] for a, b in zip(start, speed, strict=True)]
        return value if name in self.curves else lambda *arguments: value(*arguments[:-1], flint.arb(0))

    def meet(self, p):
        """Changes values so that a premise becomes true, where there is a simple way."""
        if p[0] == "all":
            while p[0] in ("all", "imp"):
                p = p[2]
        match p:
            case ("always" | "eq", ("named", _, a, _), right):
                self.values[a] = lambda *given: self.of(right, given[-1], **({"#0": given[0]} if len(given) > 1 else {}))
            case ("derivative", a, ("named", _, d, _)):
                def slope(*arguments):
                    at = {"#0": arguments[0]} if len(arguments) > 1 else {}
                    return [[(y - x) / (2 * STEP) for x, y in zip(u, v, strict=True)]
                            for u, v in zip(self.of(a, -STEP, **at), self.of(a, STEP, **at), strict=True)]
                self.values[d] = slope
            case ("within", a, low, high):
                entries = [x for row in self.of(a) for x in row]
                for bound, value in ((low, min(entries, key=float)), (high, max(entries, key=float))):
                    if (bound[0] == "real" and bound[1] not in ("x", "c")) or (bound[0] == "real" and self.rng.random() < 0.7):
                        self.values[bound[1]] = lambda *_, v=value: v
            case ("under", a, ("named", _, c, _)):
                larger = [[abs(x) + abs(self.rational()) for x in row] for row in self.of(a)]
                self.values[c] = lambda *_: larger
            case ("strict", ("named", _, a, _)):
                above = [[x if j > i else flint.arb(0) for j, x in enumerate(row)] for i, row in enumerate(self.of(p[1]))]
                self.values[a] = lambda *_: above
            case ("eq", *_) if self.row.name in SPECIAL:
                SPECIAL[self.row.name](self)

    # --- terms ----------------------------------------------------------------------------------------------

    def form(self, form, **bound):
        known = {**self.sizes, **self.times, **bound}
        return form.constant + sum(c * known[s] for s, c in form.terms)

    def of(self, t, e=NOW, **bound):
        def here(x): return self.of(x, e, **bound)
        match t:
            case ("num", x):
                return ball(x)
            case ("named", _, name, at) | ("real", name, at):
                return self.values[name](*(self.form(k, **bound) for k in at), e)
            case ("+", *terms):
                return sum(map(here, terms), flint.arb(0))
            case ("*", *factors):
                result = flint.arb(1)
                for f in factors:
                    result *= here(f)
                return result
            case ("^", x, k):
                return here(x) ** max(self.form(k, **bound), 0)
            case ("abs", x):
                return abs(here(x))
            case ("entry", x):
                return here(x)[0][0]
            case ("norm", kind, x):
                return norm(here(x), kind if kind in ("1", "2", "inf") else self.kind)
        rows, columns = (range(self.form(n, **bound)) for n in t[1])
        match t:
            case ("ones" | "zeros", _):
                return [[flint.arb(t[0] == "ones") for _ in columns] for _ in rows]
            case ("identity", _):
                return [[flint.arb(i == j) for j in columns] for i in rows]
            case ("table", _, entries):
                return [[here(x) for x in row] for row in entries]
            case ("transpose", _, x):
                return [list(row) for row in zip(*here(x), strict=True)]
            case ("diag", _, x):
                return [[here(x)[i][0] if i == j else flint.arb(0) for j in columns] for i in rows]
            case ("scale", _, ((c, ()),), x):
                return [[ball(c) * y for y in row] for row in here(x)]
            case ("function", _, (name, *_), x):
                return [[FUNCTIONS[name](y) for y in row] for row in here(x)]
            case ("add" | "hadamard", _, *parts):
                values = [here(x) for x in parts]
                def entry(v, i, j): return v[i if len(v) > 1 else 0][j if len(v[0]) > 1 else 0]
                def combined(i, j):
                    result = entry(values[0], i, j)
                    for v in values[1:]:
                        result = result + entry(v, i, j) if t[0] == "add" else result * entry(v, i, j)
                    return result
                return [[combined(i, j) for j in columns] for i in rows]
            case ("matmul", _, *parts):
                result = here(parts[0])
                for x in parts[1:]:
                    result = times(result, here(x))
                return result
            case ("sum", _, k, low, high, body):
                over = range(self.form(low, **bound), self.form(high, **bound) + 1)
                terms = [self.of(body, e, **{**bound, k: s}) for s in over]
                return [[sum((x[i][j] for x in terms), flint.arb(0)) for j in columns] for i in rows]
            case ("product", _, k, low, high, way, body):
                result = [[flint.arb(i == j) for j in columns] for i in rows]
                for s in range(self.form(low, **bound), self.form(high, **bound) + 1):
                    factor = self.of(body, e, **{**bound, k: s})
                    result = times(factor, result) if way == -1 else times(result, factor)
                return result
        raise LookupError(t[0])

    # --- statements -----------------------------------------------------------------------------------------

    def holds(self, p, **bound):
        def real(x): return self.of(x, **bound)
        match p:
            case ("le", x, y):
                return compared(real(y) - real(x))
            case ("lt", x, y):
                d = real(y) - real(x)
                return True if d > 0 else False if d <= 0 else None
            case ("same", x, y):
                return None if (real(x) - real(y)).overlaps(flint.arb(0)) else False
            case ("eq", a, b) | ("always", a, b):
                moments = (flint.arb(0),) if p[0] == "eq" else (flint.arb(0), STEP, -STEP)
                pairs = [(x, y) for e in moments for u, v in zip(self.of(a, e, **bound), self.of(b, e, **bound), strict=True)
                         for x, y in zip(u, v, strict=True)]
                return all(x.overlaps(y) for x, y in pairs) and None
            case ("within", a, low, high):
                return every(compared(d) for row in real(a) for x in row for d in (x - real(low), real(high) - x))
            case ("under", a, b):
                rows = zip(real(a), real(b), strict=True)
                return every(compared(y - abs(x)) for u, v in rows for x, y in zip(u, v, strict=True))
            case ("strict", a):
                return all(x == 0 for i, row in enumerate(real(a)) for x in row[:i + 1])
            case ("slope", *_):
                return True
            case ("dom", k):
                return self.form(k, **bound) >= 0
            case ("imp", a, b):
                return True if self.holds(a, **bound) is False else self.holds(b, **bound)
            case ("and", *parts):
                return every(self.holds(x, **bound) for x in parts)
            case ("all", k, body):
                return every(self.holds(body, **{**bound, k: s}) for s in TIMES)
            case ("limit", value, k, x):
                return bool(abs(self.of(x, **{**bound, k: LATE}) - real(value)) < TINY)
            case ("infinite", k, x):
                return bool(self.of(x, **{**bound, k: LATE}) > LARGE)
            case ("derivative", a, d):
                after, before = self.of(a, STEP, **bound), self.of(a, -STEP, **bound)
                return every(abs((x - y) / (2 * STEP) - z) < CLOSE for u, v, w in zip(after, before, real(d), strict=True)
                             for x, y, z in zip(u, v, w, strict=True))
            case ("radius", a, x):
                return compared(real(x) - radius(real(a)))
        raise LookupError(p[0])


def compared(d):
    """Is d >= 0?"""
    return True if d >= 0 else False if d < 0 else None


def every(answers):
    answers = list(answers)
    return False if False in answers else None if None in answers else True


def times(a, b):
    def entry(row, column): return sum((x * y for x, y in zip(row, column, strict=True)), flint.arb(0))
    return [[entry(row, column) for column in zip(*b, strict=True)] for row in a]


def largest(values):
    result = flint.arb(0)
    for x in values:
        result = result.max(x)
    return result


def norm(a, kind):
    if kind != "2":
        return largest(sum(map(abs, line), flint.arb(0)) for line in (a if kind == "inf" else zip(*a, strict=True)))
    gram = times([list(c) for c in zip(*a, strict=True)], a)
    return radius(gram).max(flint.arb(0)).sqrt()


def radius(a):
    """max |lambda| of a matrix of size 1 or 2, by the quadratic formula."""
    if len(a) == 1:
        return abs(a[0][0])
    trace, det = a[0][0] + a[1][1], a[0][0] * a[1][1] - a[0][1] * a[1][0]
    gap = trace * trace - 4 * det
    return det.sqrt() if gap < 0 else (abs(trace) + gap.max(flint.arb(0)).sqrt()) / 2


def _matrix(n, entries):
    return [[ball(Fraction(entries[i][j])) for j in range(n)] for i in range(n)]


def _square_is_a_multiple(v):
    """S S = y I: a multiple of I, or trace 0."""
    n, (a, b, c) = v.sizes["n"], (v.rng.choice(RATIONAL) for _ in range(3))
    v.values["S"] = lambda *_: _matrix(n, [[a, b], [c, -a]])
    v.values["y"] = lambda *_: ball(a * a + (b * c if n == 2 else 0))


def _shift_is_nilpotent(v):
    n, (a, b) = v.sizes["n"], (v.rng.choice(RATIONAL) for _ in range(2))
    v.values["S"] = lambda *_: _matrix(n, [[a, b], [0, a]])
    v.values["y"] = lambda *_: ball(a)


def _certificate(v):
    """diag(a, b)^2 + I diag(c^2 - a^2, c^2 - b^2) I = c^2 I."""
    n, (a, b) = v.sizes["n"], (v.rng.choice(RATIONAL) for _ in range(2))
    c = max(abs(a), abs(b)) + v.rng.choice([Fraction(0), Fraction(1, 2)])
    v.values["S"], v.values["R"] = (lambda *_: _matrix(n, [[a, 0], [0, b]])), (lambda *_: _matrix(n, [[1, 0], [0, 1]]))
    v.values["u"] = lambda *_: [[ball(c * c - x * x)] for x in (a, b)[:n]]
    v.values["c"], v.values["x"] = (lambda *_: ball(c)), (lambda *_: ball(c * c))


def _normal(v):
    n, (a, b) = v.sizes["n"], (v.rng.choice(RATIONAL) for _ in range(2))
    sign = v.rng.choice((1, -1))
    v.values["S"] = lambda *_: _matrix(n, [[a, b], [sign * b, a]])


SPECIAL = {"RADIUS_SQUARE": _square_is_a_multiple, "RADIUS_SHIFT": _shift_is_nilpotent, "NORM_CERTIFICATE": _certificate,
           "NORMAL": _normal}


def example(row, rng, tries=400):
    """Values under which every premise holds, or None."""
    for _ in range(tries):
        numbers = Numbers(row, rng)
        if all(numbers.holds(p) is not False for p in row.premises):
            return numbers
    return None

