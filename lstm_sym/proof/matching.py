"""Matching: which letters turn a rule's pattern into a given statement.  A guess, which the kernel checks."""
from __future__ import annotations

from typing import Any

from lstm_sym.expr.affine import Affine, coefficient, combine, minus, substitute, variable
from lstm_sym.proof.statements import KINDS, SIGNATURE, Term, renamed

Letters = dict[str, Any]


def match(pattern: Term, e: Term, found: Letters) -> None:
    """Binds the letters of `pattern` so that it becomes e; what does not match is left to the kernel to refuse."""
    if pattern[0] in ("named", "real"):
        _bind_letter(pattern, e, found)
        return
    if pattern[0] != e[0] or len(pattern) != len(e):
        return
    code, fields = "", SIGNATURE[pattern[0]]
    if "b" in fields:                                        # one name for both bound indices, apart from all others
        place, common = fields.index("b") + 1, f"#{len(found)}:{pattern[fields.index('b') + 1]}"
        pattern, e = ((*t[:place], common, *t[place + 1:-1], renamed(t[-1], t[place], common)) for t in (pattern, e))
    for place, (p, x) in enumerate(zip(pattern[1:], e[1:], strict=False)):
        code = fields[place] if place < len(fields) else code
        if code in "t*":
            match(p, x, found)
        elif code == "k" and p not in KINDS:
            found.setdefault(p, x)
        elif code == "i":
            _form(p, x, found)
        elif code == "s":
            shape_letters(p, x, found)
        elif code == "r" and len(p) == len(x):
            for a, b in zip(p, x, strict=True):
                for y, z in zip(a, b, strict=False):
                    match(y, z, found)


def _bind_letter(pattern: Term, e: Term, found: Letters) -> None:
    name, times = pattern[-2:]
    if pattern[0] == "named" and e[0] in SIGNATURE and SIGNATURE[e[0]][0] == "s":
        shape_letters(pattern[1], e[1], found)
    if name in found:
        return
    parameters, body = [], e
    for n, form in enumerate(times):
        parameters.append(f"z{n}")
        if len(form.terms) == 1 and not form.constant and form.terms[0][0].startswith("#"):
            body = renamed(body, form.terms[0][0], f"z{n}")
        else:
            return
    found[name] = tuple(parameters), body


def _form(p: Affine, x: Affine, found: Letters) -> None:
    known = {s: found[s] for s, _ in p.terms if s in found}
    p = substitute(p, known)
    free = [s for s, _ in p.terms if s not in known and len(s) == 1]
    if len(free) == 1 and coefficient(p, free[0]) in (1, -1):
        sign = coefficient(p, free[0])
        found[free[0]] = combine(variable(free[0]), minus(x, p), sign) if x != p else variable(free[0])


def shape_letters(p: Any, x: Any, found: Letters) -> None:
    """Binds sizes that are letters."""
    for a, b in zip(p, x, strict=False):
        if len(a.terms) == 1 and not a.constant:
            found.setdefault(a.terms[0][0], b)
