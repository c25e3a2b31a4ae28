"""|c_t| <= C + t and |h_t| <= 1 by induction over the steps, from what one step keeps of a state and what it adds.

The equation is the model's: c[k] = f[k] o c[k-1] + w[k], or h[k] = z[k] o h[k-1] + (1 - z[k]) o w[k].
"""
from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

from lstm_sym.documents.norms.entries import symmetrical, within
from lstm_sym.documents.norms.reals import Entries, Relation
from lstm_sym.documents.norms.search import Search, factors, first_of
from lstm_sym.documents.norms.terms import Model, frozen
from lstm_sym.errors import LstmSymError, ProofError
from lstm_sym.expr.affine import variable
from lstm_sym.expr.indices import integer
from lstm_sym.expr.nodes import Named
from lstm_sym.expr.substitute import replace_indices
from lstm_sym.proof.arithmetic import value
from lstm_sym.proof.kernel import Theorem, assume
from lstm_sym.proof.statements import Term, canonical
from lstm_sym.proof.syntax import Index, at_least, eq, every, le, neg, plus, prod, shift
from lstm_sym.proof.syntax import within as between
from lstm_sym.proof.tactics import at, instance, linear, rewritten, symmetric, upward, use
from lstm_sym.proof.theory.states import count, none_yet, one_more, symmetric_range

STEP = "s'"                                 # the running step of the induction


def equations(model: Model, claim: Relation) -> tuple[Theorem, ...]:
    """c[k] = ... for every k >= 1, of a state whose entries are claimed about.  model: within k >= 1."""
    entries = [side.of for side in (claim.left, claim.right) if isinstance(side, Entries) and isinstance(side.of, Named)]
    found = [e for e in model.section.recurrence.equations for q in entries if e.lhs.label == q.label and e.over]
    try:
        return tuple(assume(canonical(every(STEP, at_least(STEP, 1), _at_step(model, e)))) for e in found)
    except LstmSymError:
        return ()


def _at_step(model: Model, e: Any) -> Term:
    moved = {e.lhs.indices[0]: integer(STEP)}
    return eq(frozen(replace_indices(e.lhs, moved)), frozen(model.expanded(replace_indices(e.rhs, moved), model.context, None)))


#  |c[0]| <= B(0)    |c[k]| <= B(k) -> |c[k+1]| <= B(k+1)
# --------------------------------------------------------
#                    |c[t]| <= B(t)
def carried(s: Search, state: Term, bound: Term) -> Theorem:
    """-B <= c[t] <= B of a state at t, B made of numbers and of t.  Errors: ProofError where it is not found."""
    form = state[3][0] if state[0] == "named" and len(state[3]) == 1 else None
    letter = form.terms[0][0] if form is not None and len(form.terms) == 1 else ""
    if form is None or form != variable(letter):
        raise ProofError("no state at a time that may be any")
    def c(k: Index) -> Term: return instance(state, {letter: k})
    def most(k: Index) -> Term: return instance(bound, {letter: k})
    rates = sorted({Fraction(1), *(x for f in _terms(bound) for x in (value(y) for y in factors(f)) if x is not None and x > 1)})
    claim, none = between(c(STEP), neg(most(STEP)), most(STEP)), none_yet()
    start = first_of(partial(_widened, t, most(0), (-r, none)) for t in s.ranges() if t.conclusion[1] == c(0) for r in rates)
    counted = upward(STEP, 0, letter, le(0, count(STEP)), linear("le", 0, count(0), (-1, none)),
                     lambda above, below, known: linear("le", 0, count(shift(STEP, 1)), known, (-1, one_more(STEP, above))))

    def step(above: Theorem, below: Theorem, held: Theorem) -> Theorem:
        after = shift(STEP, 1)
        steps = at(counted, STEP, given=(above, below))
        known = [[], *([(rate, steps)] for rate in rates)]
        room = first_of(partial(linear, "le", 0, most(STEP), *more, *s.positive) for more in known)
        equation = first_of(partial(at, law, after, given=(above,)) for law in s.laws)
        e = equation.conclusion[2]
        if e[0] != "add" or len(e) != 4 or e[2][0] != "hadamard" or e[2][3:] != (c(STEP),) or equation.conclusion[1] != c(after):
            raise ProofError("no equation that keeps a part of the state")
        reached = first_of(partial(way, e[2][2], e[3], symmetric_range(held), room) for way in (_mixed, _added))
        longer = [(-rate, one_more(STEP, above)) for rate in rates]
        return rewritten(symmetric(equation), first_of(partial(_widened, reached, most(after), x) for x in longer))

    return at(upward(STEP, 0, letter, claim, start, step), letter, given=(assume(at_least(letter, 0)),))


def _terms(x: Term) -> tuple[Term, ...]:
    return x[1:] if x[0] == "+" else (x,)


def _widened(inside: Theorem, bound: Term, more: Any) -> Theorem:
    """-B <= A <= B from a narrower range; more: what is known of the number of steps, for a B that grows with it."""
    low, high = inside.conclusion[2:]
    def ends(*known: Any) -> Theorem:
        return use("WITHIN_WIDEN", linear("le", neg(bound), low, *known), linear("le", high, bound, *known), inside)
    return first_of((ends, partial(ends, more)))


def _added(gate: Term, new: Term, held: Theorem, room: Theorem) -> Theorem:
    """f o c + w for |f| <= 1."""
    one = linear("le", 0, 1)
    return use("WITHIN_ADD", use("WITHIN_HAD_ABS", one, room, symmetric_range(within(gate)), held), symmetrical(within(new)))


def _mixed(gate: Term, new: Term, held: Theorem, room: Theorem) -> Theorem:
    """z o h + (1 - z) o w for 0 <= z <= 1 and |w| <= 1 <= B."""
    if new[0] != "hadamard" or len(new) != 4:
        raise ProofError("no mixture")
    most, one = held.conclusion[3], linear("le", 1, 1)
    enough = linear("le", plus(prod(1, most), prod(plus(1, neg(1)), 1)), most)
    return use("WITHIN_MIX", one, linear("le", 1, most), enough, within(gate), held, symmetric_range(within(new[3])))
