"""Statements of proofs changed at random, and what the kernel itself makes of a step: the oracle for the second reader."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

from forged import forge

from lstm_sym.errors import LstmSymError
from lstm_sym.proof import kernel
from lstm_sym.proof.checks import CHECKS
from lstm_sym.proof.grammar import statement
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.registry import steps, theorem
from lstm_sym.proof.rules import RULES
from lstm_sym.proof.statements import SIGNATURE, Substitution, Term, canonical
from lstm_sym.proof.syntax import shift
from lstm_sym.proof.tactics import use

SHORT = ("rnn-vanishing", "rnn-gradient-bound", "rnn-normal", "carousel", "cell-path", "false-tanh", "forget-bias", "latch",
         "memory-kept", "rnn-triangular-vanishing", "linear-vanishing-needs", "bptt-tangent", "gru-state", "lstm-1997")


# --- other statements ---------------------------------------------------------------------------------------

def _numbers(e: Term, r: Random) -> Any: return e[0], e[1] + r.choice((Fraction(1), Fraction(-1), Fraction(1, 2)))
def _exponents(e: Term, r: Random) -> Any: return e[0], e[1], shift(e[2], r.choice((1, -1)))
def _kinds(e: Term, r: Random) -> Any: return e[0], r.choice(("1", "2", "inf", "p", "q")), e[2]
def _names(e: Term, r: Random) -> Any: return *e[:-2], r.choice(("W", "h", "x", f"{e[-2]}'")), e[-1]
def _times(e: Term, r: Random) -> Any: return *e[:-1], tuple(shift(i, r.choice((0, 1, -1))) for i in e[-1])
def _sides(e: Term, r: Random) -> Any: return e[0], e[2], e[1]
def _relations(e: Term, r: Random) -> Any: return r.choice(("le", "lt", "same")), *e[1:]
def _orders(e: Term, r: Random) -> Any: return *e[:2], *r.sample(e[2:], len(e) - 2)
def _parts(e: Term, r: Random) -> Any: return e[0], *r.sample(e[1:], len(e) - 1)
def _inside(e: Term, r: Random) -> Any: return e[-1]
def _ends(e: Term, r: Random) -> Any: return *e[:3], shift(e[3], r.choice((0, 1))), shift(e[4], r.choice((0, 1))), *e[5:]
def _directions(e: Term, r: Random) -> Any: return *e[:5], -e[5], e[6]
def _dropped(e: Term, r: Random) -> Any: return *e[:-1],
def _binders(e: Term, r: Random) -> Any:
    place = SIGNATURE[e[0]].index("b") + 1
    return *e[:place], f"#{r.randrange(3)}", *e[place + 1:]


CHANGES: dict[str, tuple[Callable[[Term, Random], Any], ...]] = {
    "num": (_numbers,), "^": (_exponents, ), "norm": (_kinds,), "named": (_names, _times), "real": (_names, _times),
    "le": (_sides, _relations), "lt": (_sides, _relations), "same": (_sides, _relations), "eq": (_sides,),
    "matmul": (_orders, _dropped), "hadamard": (_orders, _dropped), "add": (_orders, _dropped), "+": (_parts, _dropped),
    "*": (_parts, _dropped), "and": (_parts, _dropped), "imp": (_sides, _inside), "transpose": (_inside,), "diag": (_inside,),
    "sum": (_ends, _binders), "product": (_ends, _directions, _binders), "all": (_binders, _inside), "limit": (_binders,),
    "infinite": (_binders,), "dom": (lambda e, r: ("dom", shift(e[1], r.choice((1, -1)))),), "within": (_parts,),
    "radius": (_parts,), "scale": (_inside,), "abs": (_inside,), "derivative": (_sides,), "under": (_sides,),
}


def places(e: Any, path: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    """Where in e a part stands that can be changed."""
    if type(e) is tuple:
        if e and type(e[0]) is str and e[0] in CHANGES:
            yield path
        for n, x in enumerate(e):
            yield from places(x, (*path, n))


def changed(e: Any, r: Random) -> Any:
    """e with one part of it changed; perhaps into what is no statement."""
    found = list(places(e))
    return _at(e, r.choice(found), lambda x: r.choice(CHANGES[x[0]])(x, r)) if found else e


def _with_other_letters(s: Substitution, r: Random) -> Substitution:
    """The same with another term for one letter, and another form for one index."""
    terms, forms = dict(s.terms), dict(s.forms)
    for letter in r.sample(sorted(terms), min(1, len(terms))):
        terms[letter] = (terms[letter][0], changed(terms[letter][1], r))
    for letter in r.sample(sorted(forms), min(1, len(forms))):
        forms[letter] = shift(forms[letter], r.choice((0, 0, 1)))
    return replace(s, terms=terms, forms=forms)


def _at(e: Any, path: tuple[int, ...], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(e)
    n, *rest = path
    return (*e[:n], _at(e[n], tuple(rest), change), *e[n + 1:])


# --- forged steps -------------------------------------------------------------------------------------------

def forgery(r: Random) -> Theorem:
    """One step of a named theorem with another conclusion, other premises, other data, or fewer hypotheses."""
    t = r.choice(steps(theorem(r.choice(SHORT))))
    hypotheses, conclusion, data, premises = t.hypotheses, t.conclusion, t.data, t.premises
    match r.randrange(5):
        case 0 | 1:
            conclusion = changed(conclusion, r)
        case 2 if premises:
            n = r.randrange(len(premises))
            premises = (*premises[:n], _supposed(changed(premises[n].conclusion, r), premises[n]), *premises[n + 1:])
        case 3 if len(premises) > 1:
            premises = tuple(r.sample(premises, len(premises)))
        case _ if hypotheses:
            hypotheses = tuple(r.sample(hypotheses, len(hypotheses) - 1))
    return forge(hypotheses, conclusion, t.rule, data, premises)


def _supposed(p: Term, instead_of: Theorem) -> Theorem:
    """p, as if the hypotheses of another theorem gave it."""
    return forge((*instead_of.hypotheses, p), p, "ASSUME", (p,))


def states_what_the_kernel_gives(t: Theorem) -> bool:
    """Does the kernel make this conclusion of these premises, of no more hypotheses?"""
    try:
        statement(t.conclusion)
        wanted = canonical(t.conclusion)
        allowed = {canonical(h) for h in t.hypotheses}
    except (LstmSymError, LookupError, TypeError, ValueError, AttributeError):
        return False
    for make in _derivations(t, wanted):
        try:
            made = make()
        except (LstmSymError, LookupError, TypeError, ValueError, AttributeError):
            continue
        if made.conclusion == wanted and set(map(canonical, made.hypotheses)) <= allowed:
            return True
    return False


def _derivations(t: Theorem, wanted: Term) -> Iterator[Callable[[], Theorem]]:
    """The step again; with the data that its conclusion asks for."""
    p, data = t.premises, t.data
    natural: dict[str, Callable[[], Theorem]] = {
        "ASSUME":       lambda: kernel.assume(wanted),
        "DISCHARGE":    lambda: kernel.discharge(data[0], *p),
        "MODUS_PONENS": lambda: kernel.modus_ponens(*p),
        "GENERALISE":   lambda: kernel.generalise(data[0], *p),
        "SPECIALISE":   lambda: kernel.specialise(*p, data[0]),
        "SUBSTITUTE":   lambda: kernel.substitute(*p, data[0]),
        "REWRITE":      lambda: kernel.rewrite(*p, *data),
        "CONJOIN":      lambda: kernel.conjoin(*p),
        "PART":         lambda: kernel.part(*p, data[0]),
        "UP":           lambda: kernel.induction(1, *data, *p),
        "DOWN":         lambda: kernel.induction(-1, *data, *p),
    }
    if t.rule in natural:
        yield natural[t.rule]
    elif t.rule in CHECKS:
        yield lambda: kernel.compute(t.rule, data, *p)
        yield lambda: kernel.compute(t.rule, wanted[1:], *p)                                 # IDENTITY, EVALUATE
        yield lambda: kernel.compute(t.rule, (*wanted[:3], *data[3:]), *p)                   # LINEAR
    elif t.rule in RULES:
        yield lambda: kernel.apply(t.rule, data[0], *p)
        yield lambda: use(t.rule, *p, goal=wanted)


def answer(r: Random) -> Theorem | None:
    """What the kernel makes of a step with other premises or other data; None where it refuses."""
    t = r.choice(steps(theorem(r.choice(SHORT))))
    premises, data = t.premises, t.data
    if premises and r.random() < 0.6:
        premises = tuple(_supposed(changed(p.conclusion, r), p) if r.random() < 0.5 else p for p in premises)
    else:
        data = tuple(_with_other_letters(x, r) if isinstance(x, Substitution) else x for x in changed(data, r))
    try:
        for p in premises:
            statement(p.conclusion)
        return next(_derivations(forge(t.hypotheses, t.conclusion, t.rule, data, premises), t.conclusion))()
    except (LstmSymError, LookupError, TypeError, ValueError, AttributeError):
        return None
