"""The second reader: replays a theorem from its leaves with no code of the kernel, the rules or the expander.

Errors: Refused at the first step it does not accept.
"""
from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from typing import Any

from lstm_sym.errors import LstmSymError
from lstm_sym.expr.affine import Affine
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.readable import Known, readable
from lstm_sym.proof.reading import Matcher, Refused, at_index, below, free, like, put, replace
from lstm_sym.proof.second_checks import CHECKED
from lstm_sym.proof.second_table import TABLE

Sequent = tuple[tuple[Any, ...], Any]


def recheck(theorem: Theorem) -> int:
    """How many steps were replayed.  Errors: Refused."""
    done: dict[int, Theorem] = {}
    known = Known()
    pending = [theorem]
    while pending:
        t = pending[-1]
        left = [p for p in t.premises if id(p) not in done]
        if left:
            pending.extend(left)
            continue
        pending.pop()
        if id(t) not in done:
            _step(t, known)
            done[id(t)] = t
    return len(done)


def _step(t: Theorem, known: Known) -> None:
    readable(t, known)
    try:
        replayed = (NATURAL[t.rule](t) if t.rule in NATURAL else _rule(t))
    except (LstmSymError, LookupError, TypeError, ValueError, AttributeError) as problem:
        raise Refused(f"{t.rule}: {problem!r}") from problem
    if not replayed:
        raise Refused(f"{t.rule} does not give {t.conclusion} from {[p.conclusion for p in t.premises]}")


# --- natural deduction --------------------------------------------------------------------------------------

def _has(hypotheses: tuple[Any, ...], *premises: Theorem, without: Any = None) -> bool:
    """Are the hypotheses those of the premises, less one?"""
    here = set(map(id, hypotheses))
    wanted = [h for p in premises for h in p.hypotheses if id(h) not in here and (without is None or not like(h, without))]
    return all(any(like(h, w) for h in hypotheses) for w in wanted)


def _discharge(t: Theorem) -> bool:
    (p,) = t.premises
    return like(t.conclusion, ("imp", t.data[0], p.conclusion)) and _has(t.hypotheses, p, without=t.data[0])


def _generalise(t: Theorem) -> bool:
    (p,), k = t.premises, t.data[0]
    tag, bound, body = t.conclusion
    apart = all(k not in free(h) for h in p.hypotheses) and k not in free(p.conclusion, sizes=True)
    opened = at_index(body, bound, Affine(((k, 1),), 0))
    return tag == "all" and apart and k not in free(t.conclusion) and like(opened, p.conclusion) and _has(t.hypotheses, p)


def _specialise(t: Theorem) -> bool:
    (p,) = t.premises
    tag, bound, body = p.conclusion
    return tag == "all" and like(t.conclusion, at_index(body, bound, t.data[0])) and _has(t.hypotheses, p)


def _substitute(t: Theorem) -> bool:
    (p,), s = t.premises, t.data[0]
    def change(e: Any) -> Any: return replace(e, dict(s.forms), dict(s.terms), dict(s.kinds))
    if set(s.kinds) & {"1", "2", "inf"}:                     # these are norms, not variables for one
        return False
    return like(t.conclusion, change(p.conclusion)) and all(any(like(change(h), g) for g in t.hypotheses) for h in p.hypotheses)


def _rewrite(t: Theorem) -> bool:
    (equation, before), (pattern, hole) = t.premises, t.data
    kind, a, b = equation.conclusion
    def fill(x: Any) -> Any: return replace(pattern, {}, {hole: ((), x)}, {})
    return (kind in ("eq", "same") and like(fill(a), before.conclusion) and like(fill(b), t.conclusion)
            and not _in_curve(pattern, hole) and _has(t.hypotheses, *t.premises))


def _in_curve(e: Any, hole: str) -> bool:
    if e[0] in ("named", "real"):
        return False
    inside = e[1:2] if e[0] == "derivative" else e[1:] if e[0] == "always" else ()
    return any(_mentions(x, hole) for x in inside) or any(_in_curve(x, hole) for x in below(e))


def _mentions(e: Any, name: str) -> bool:
    return (e[0] in ("named", "real") and e[-2] == name) or any(_mentions(x, name) for x in below(e))


def _induction(t: Theorem) -> bool:
    (base, step), (k, low, high, claim) = t.premises, t.data
    def at(form: Any) -> Any: return at_index(claim, k, form)
    here, later = Affine(((k, 1),), 0), Affine(((k, 1),), 1)
    start, known, new = (low, here, later) if t.rule == "UP" else (high, later, here)
    def dom(a: Any, b: Any, steps: Any) -> Any: return ("dom", put(Affine((("a", 1), ("b", -1)), steps), {"a": a, "b": b}))
    passes = _every(k, dom(here, low, 0), dom(high, here, -1), at(known), at(new))
    conclusion = _every(k, dom(here, low, 0), dom(high, here, 0), claim)
    return (k not in free(low) | free(high) and k not in free(claim, sizes=True) and like(base.conclusion, at(start))
            and like(step.conclusion, passes) and like(t.conclusion, conclusion) and _has(t.hypotheses, base, step))


def _every(k: str, *parts: Any) -> Any:
    body = parts[-1]
    for p in parts[-2::-1]:
        body = ("imp", p, body)
    return "all", k, body


NATURAL: dict[str, Callable[[Theorem], bool]] = {
    "ASSUME":       lambda t: not t.premises and any(like(h, t.conclusion) for h in t.hypotheses),
    "DISCHARGE":    _discharge,
    "MODUS_PONENS": lambda t: (like(t.premises[0].conclusion, ("imp", t.premises[1].conclusion, t.conclusion))
                               and _has(t.hypotheses, *t.premises)),
    "GENERALISE":   _generalise,
    "SPECIALISE":   _specialise,
    "SUBSTITUTE":   _substitute,
    "REWRITE":      _rewrite,
    "CONJOIN":      lambda t: (like(t.conclusion, ("and", *(p.conclusion for p in t.premises)))
                               and _has(t.hypotheses, *t.premises)),
    "PART":         lambda t: (t.premises[0].conclusion[0] == "and" and _has(t.hypotheses, *t.premises)
                               and like(t.conclusion, t.premises[0].conclusion[1:][t.data[0]])),
    "UP":           _induction,
    "DOWN":         _induction,
}


# --- rules --------------------------------------------------------------------------------------------------

@cache
def lines() -> dict[str, tuple[tuple[ast.expr, ...], ast.expr]]:
    """The second table, read: premises and conclusion by name.  Nothing in it is evaluated."""
    found = {}
    for line in TABLE.strip().splitlines():
        name, law = line.split(None, 1)
        before, after = law.split("|-")
        premises = tuple(_tree(p) for p in before.split(";") if p.strip())
        found[name] = premises, _tree(after)
    return found


def _tree(text: str) -> ast.expr:
    return ast.parse(text.strip(), mode="eval").body


def _rule(t: Theorem) -> bool:
    if t.rule in CHECKED:
        return CHECKED[t.rule](t.data, [p.conclusion for p in t.premises], t.conclusion) and _has(t.hypotheses, *t.premises)
    premises, conclusion = lines()[t.rule]
    fit = Matcher()
    if len(premises) != len(t.premises) or not _has(t.hypotheses, *t.premises):
        return False
    pairs = [(conclusion, t.conclusion), *zip(premises, (p.conclusion for p in t.premises), strict=True)]
    return all(fit(pattern, e) for pattern, e in pairs) and fit.finish()
