"""||F[h] ... F[l]|| <= r^(h - l + 1), or <= ||F[h]|| ... ||F[l]||: by induction, from a bound of any one factor."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import Affine, minus, variable
from lstm_sym.proof.kernel import Theorem, assume, compute
from lstm_sym.proof.statements import Term, renamed
from lstm_sym.proof.syntax import Index, at_least, entry, eq, eye, index, le, mul, norm, power, prod, shift, table
from lstm_sym.proof.tactics import (
    at,
    chain,
    condition,
    cut,
    downward,
    identity,
    instance,
    linear,
    rewritten,
    symmetric,
    unfolded,
    upward,
    use,
)

STEP = "s'"                                 # the running step of an induction
OPEN = "k'"                                 # the index of a factor
Bounded = Callable[[Term], Theorem]         # F[k] -> ||F[k]|| <= its bound


@dataclass(frozen=True, slots=True)
class Factors:
    """The ordered product of F[k] over k = low .. high; direction -1: the latest leftmost."""

    low: Affine
    high: Affine
    direction: int
    body: Term                                               # F at the index OPEN
    whole: Term

    @classmethod
    def of(cls, product: Term) -> Factors:
        """Taken apart."""
        _, _, bound, low, high, direction, body = product
        return cls(low, high, direction, renamed(body, bound, OPEN), product)

    @property
    def start(self) -> Affine:
        """Where the product is empty."""
        return shift(self.low, -1)

    def count(self, high: Affine) -> Affine:
        """How many factors there are up to a step."""
        return minus(high, self.start)

    def factor(self, k: Index) -> Term:
        """F[k]."""
        return instance(self.body, {OPEN: index(k)})

    def upto(self, high: Index) -> Term:
        """The product up to a step."""
        return (*self.whole[:4], index(high), *self.whole[5:])

    def empty(self, at_: Affine | None = None) -> Theorem:
        """The product of no factors is the identity.  at_: the end that moves, where there are none."""
        rule = "DESCENDING_EMPTY" if self.direction == -1 else "ASCENDING_EMPTY"
        last = self.start if at_ is None else at_ if self.direction == -1 else shift(at_, -1)
        return use(rule, h=last, F=((OPEN,), self.body))

    def last(self, high: Affine, above: Theorem) -> Theorem:
        """The product up to a step is its last factor by the product before."""
        rule = "DESCENDING_LAST" if self.direction == -1 else "ASCENDING_LAST"
        return use(rule, condition(minus(high, self.low), above), goal=eq(self.upto(high), self.body))

    @property
    def nearest(self) -> Affine:
        """The end next to a column behind the product, where no factor is applied to it."""
        return self.start if self.direction == -1 else shift(self.high, 1)

    def towards(self, k: Index) -> Term:
        """The factors between a column behind the product and step k."""
        return self.upto(k) if self.direction == -1 else (*self.whole[:3], index(k), *self.whole[4:])

    def steps(self, k: Affine) -> Affine:
        """How many they are."""
        return self.count(k) if self.direction == -1 else minus(self.nearest, k)

    def outermost(self, k: Affine, above: Theorem, below: Theorem) -> Theorem:
        """These factors are the one at k by those before."""
        if self.direction == -1:
            return self.last(k, above)
        return use("ASCENDING_FIRST", condition(minus(self.high, k), below), goal=eq(self.towards(k), self.body))

    def outwards(self, claim: Term, base: Theorem, step: Callable[..., Theorem]) -> Theorem:
        """The claim about all factors, by induction from the one next to a column behind them."""
        if self.direction == -1:
            return self.everywhere(claim, base, step)
        def inside(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
            return _ended(step(above, below, known), above, below)
        every = downward(STEP, self.low, self.nearest, claim, base, inside)
        return at(every, self.low, given=(assume(at_least(self.nearest, self.low)),))

    def norm_of_last(self, high: Affine, above: Theorem, kind: str) -> Theorem:
        """||F[high] P|| <= ||F[high]|| ||P||, P the product before."""
        here, before = self.factor(high), self.upto(shift(high, -1))
        a, b = (here, before) if self.direction == -1 else (before, here)
        return rewritten(symmetric(self.last(high, above)), use("NORM_MUL", A=a, B=b, p=kind))

    def everywhere(self, claim: Term, base: Theorem, step: Callable[..., Theorem]) -> Theorem:
        """The claim at the last step, by induction; the range may be empty but not turned around."""
        def inside(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
            return _ended(step(above, below, known), above, below)

        every = upward(STEP, self.start, self.high, claim, base, inside)
        return at(every, self.high, given=(assume(at_least(self.high, self.start)),))


def _ended(theorem: Theorem, above: Theorem, below: Theorem) -> Theorem:
    """Conditions on the running step as conditions on the ends it stays between."""
    for h in theorem.hypotheses:
        moving = dict(h[1].terms).get(STEP, 0) if h[0] == "dom" else 0
        end = above if moving > 0 else below
        if moving and h != end.conclusion:
            theorem = cut(theorem, condition(h[1], end, assume(("dom", minus(h[1], end.conclusion[1])))))
    return theorem


#  ||F[k]|| <= r for every k
# ----------------------------------
#  ||F[h] ... F[l]|| <= r^(h - l + 1)
def geometric(product: Term, kind: str, rate: Term, bounded: Bounded, positive: tuple[Theorem, ...]) -> Theorem:
    """The bound of a product by a power.  bounded: ||F[k]|| <= rate for one F[k]."""
    f = Factors.of(product)
    s = variable(STEP)
    claim = le(norm(f.upto(s), kind), power(rate, f.count(s)))
    one = rewritten(symmetric(f.empty()), use("NORM_EYE", n=product[1][0], p=kind))
    base = linear("le", *instance(claim, {STEP: f.start})[1:], one)

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        after = shift(s, 1)
        whole = f.norm_of_last(after, above, kind)
        grow = use("POW_STEP", condition(f.count(s), above), x=rate)
        return linear("le", *instance(claim, {STEP: after})[1:], whole, (norm(f.upto(s), kind), bounded(f.factor(after))),
                      (rate, known), (-1, grow), known=positive)

    return f.everywhere(claim, base, step)


#  ||F[k]|| <= x[k] for every k
# ---------------------------------------
#  ||F[h] ... F[l]|| <= x[h] ... x[l]
def factorwise(product: Term, kind: str, numbers: Term, bounded: Callable[[Term, Term], Theorem]) -> Theorem:
    """The bound of a product by the product of the bounds.  numbers: the product of 1 x 1 tables of them."""
    f, g = Factors.of(product), Factors.of(numbers)
    if (f.low, f.high) != (g.low, g.high) or g.body[0] != "table":
        raise ProofError("the products run over different steps")
    s = variable(STEP)
    claim = le(norm(f.upto(s), kind), entry(g.upto(s)))
    single = compute("EVALUATE", (eye(1), table([[1]])))
    unit = rewritten(symmetric(g.empty()), rewritten(symmetric(single), _entry_of(table([[1]]))))
    one = rewritten(symmetric(f.empty()), use("NORM_EYE", n=product[1][0], p=kind))
    base = linear("le", *instance(claim, {STEP: f.start})[1:], one, unit)

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        after, here = shift(s, 1), norm(f.factor(shift(s, 1)), kind)
        box = g.factor(after)
        x, before = box[2][0][0], entry(g.upto(s))
        one_factor = bounded(f.factor(after), x)
        a, b = (box, g.upto(s)) if g.direction == -1 else (g.upto(s), box)
        parted = use("ENTRY_MUL", A=a, B=b)
        last = unfolded(entry(g.upto(after)), g.last(after, above))
        enough = linear("le", 0, before, use("NORM_NONNEG", A=f.upto(s), p=kind), known)
        some = linear("le", 0, x, use("NORM_NONNEG", A=here[2], p=kind), one_factor)
        return linear("le", *instance(claim, {STEP: after})[1:], f.norm_of_last(after, above, kind),
                      (norm(f.upto(s), kind), one_factor), (x, known), (before, _entry_of(box)), (-1, last), (-1, parted),
                      known=(enough, some))

    return f.everywhere(claim, base, step)


@dataclass(frozen=True, slots=True)
class Rates:
    """What the factors multiply by at least, and the product of that over those towards step k: r^k, or x[k] ... x[l]."""

    one: Callable[[Affine], Term]                            # r, or x[k]
    whole: Callable[[Affine], Term]
    none: Theorem                                            # the whole of no factors is 1
    more: Callable[[Affine, Affine, Theorem, Theorem], Theorem]              # at `after` it is one factor by that at `before`

    @classmethod
    def powers(cls, f: Factors, rate: Term) -> Rates:
        """r^k."""
        def whole(k: Affine) -> Term: return power(rate, f.steps(k))
        return cls(lambda k: rate, whole, linear("same", whole(f.nearest), 1),
                   lambda after, before, above, below: use("POW_STEP", condition(f.steps(before), above, below), x=rate))

    @classmethod
    def numbers(cls, f: Factors, numbers: Term) -> Rates:
        """x[k] ... x[l], an ordered product of 1 x 1 tables over the same steps.  Errors: ProofError for any other."""
        g = Factors.of(numbers)
        if (f.low, f.high, f.direction) != (g.low, g.high, g.direction) or g.body[0] != "table":
            raise ProofError("the products run over different steps")
        def one(k: Affine) -> Term: return g.factor(k)[2][0][0]
        def whole(k: Affine) -> Term: return entry(g.towards(k))

        def more(after: Affine, before: Affine, above: Theorem, below: Theorem) -> Theorem:
            parted = use("ENTRY_MUL", A=g.factor(after), B=g.towards(before))
            return unfolded(whole(after), g.outermost(after, above, below), parted, use("ENTRY_NUMBER", x=one(after)))

        single = compute("EVALUATE", (eye(1), table([[1]])))
        return cls(one, whole, unfolded(whole(g.nearest), g.empty(g.nearest), single, use("ENTRY_NUMBER", x=1)), more)


#  x[k] ||u|| <= ||F[k] u|| for every k and u
# --------------------------------------------
#  x[h] ... x[l] ||v|| <= ||F[h] ... F[l] v||
def kept(product: Term, v: Term, kind: str, rates: Rates, one: Callable[[Term, Term, Term], Theorem],
         positive: Callable[[Term], Theorem]) -> Theorem:
    """What a product leaves of a column, by induction outwards.  one: x ||u|| <= ||F[k] u||, of F[k], u, x.  positive: 0 <= x."""
    f = Factors.of(product)
    def far(k: Index) -> Term: return mul(f.towards(k), v)
    def bound(k: Affine) -> Term: return le(prod(rates.whole(k), norm(v, kind)), norm(far(k), kind))
    s, none = variable(STEP), f.nearest
    same_column = chain(unfolded(far(none), f.empty(none)), identity(mul(eye(product[1][0]), v), v))
    base = linear("le", *bound(none)[1:], (-1, unfolded(norm(far(none), kind), same_column)), (norm(v, kind), rates.none))

    def step(above: Theorem, below: Theorem, known: Theorem) -> Theorem:
        after, before = (shift(s, 1), s) if f.direction == -1 else (s, shift(s, 1))
        x = rates.one(after)
        grown = one(f.factor(after), far(before), x)
        opened = unfolded(far(after), f.outermost(after, above, below))
        same = chain(opened, identity(opened.conclusion[2], mul(f.factor(after), far(before))))
        longer, more = unfolded(norm(far(after), kind), same), rates.more(after, before, above, below)
        return linear("le", *bound(after)[1:], grown, (-1, longer), (x, known), (norm(v, kind), more), known=(positive(x),))

    return f.outwards(bound(s), base, step)


def _entry_of(box: Term) -> Theorem:
    """x <= the entry of the 1 x 1 table with x."""
    x = box[2][0][0]
    same = linear("le", x, x)
    return use("ENTRY_LOW", compute("TABLE_WITHIN", (box, x, x), same, same))


def merged(bases: list[Term], count: Affine) -> Theorem:
    """(x y ...)^k = x^k y^k ..."""
    x, *rest = bases
    if not rest:
        return linear("same", power(x, count), power(x, count))
    more = merged(rest, count)
    split = use("POW_MUL", x=x, y=prod(*rest), k=count)
    whole = power(prod(x, prod(*rest)), count)
    return linear("same", whole, prod(*(power(b, count) for b in bases)), split, (power(x, count), more))
