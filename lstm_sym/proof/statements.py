"""Statements as plain tuples (tag, ...): matrices as `freeze` gives them, real numbers, propositions.

One line a tag in SIGNATURE says what its fields are; substitution, free indices and the form check (`grammar`) read it.
Bound names are canonical ("#" and the height of the binder), so statements equal up to renaming are equal tuples.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from lstm_sym.errors import ProofError
from lstm_sym.expr.affine import Affine, substitute, variable

Term: TypeAlias = tuple[Any, ...]

# Fields: s shape, n name or number, i index, I indices, t term, * terms, b bound index (scope: the last field),
# c coefficient, d conditions, r rows of real terms, k kind of norm.
SIGNATURE: dict[str, str] = {
    # matrices                        # real numbers                     # propositions
    "named":     "snI",               "num":   "n",                      "eq":         "tt",     # A = B
    "ones":      "s",                 "real":  "nI",                     "same":       "tt",     # x = y
    "zeros":     "s",                 "+":     "*",                      "le":         "tt",     # x <= y
    "identity":  "s",                 "*":     "*",                      "lt":         "tt",     # x < y
    "add":       "s*",                "^":     "ti",                     "within":     "ttt",    # low <= A_ij <= high
    "hadamard":  "s*",                "norm":  "kt",                     "dom":        "i",      # index >= 0
    "matmul":    "s*",                "entry": "t",                      "imp":        "tt",
    "scale":     "sct",               "abs":   "t",                      "and":        "*",
    "transpose": "st",                "log":   "n",                      "all":        "bt",     # for all integers
    "diag":      "st",                                                   "limit":      "tbt",    # (limit, value) of a sequence
    "function":  "snt",                                                  "infinite":   "bt",     # a sequence tends to +infinity
    "sum":       "sbiit",                                                "derivative": "tt",     # along a curve
    "product":   "sbiint",                                               "radius":     "tt",     # complex eigenvalues are <= x
    "table":     "sr",                                                   "always":     "tt",     # A = B all along a curve
    "under":     "tt",                                                                             # |A_ij| <= B_ij
    "strict":    "t",                                                                              # A_ij = 0 for i >= j
    "slope":     "nn",                                                                             # f' is the derivative of f
}
MATRICES = {tag for tag, fields in SIGNATURE.items() if fields[0] == "s"}
REALS = {"num", "real", "+", "*", "^", "norm", "entry", "abs", "log"}
KINDS = ("1", "2", "inf")                                    # any other kind is a variable for one of these
# (name, f(0), (constant, sign) with f(-x) = constant + sign f(x)): what the normal form may know of a function.
FACTS: dict[str, tuple[Any, ...]] = {
    "tanh":       ("tanh", Fraction(0), (Fraction(0), -1)),
    "sigmoid":    ("sigmoid", Fraction(1, 2), (Fraction(1), -1)),
    "relu":       ("relu", Fraction(0), None),
    "step":       ("step", None, None),
    "exp":        ("exp", Fraction(1), None),
    "softplus":   ("softplus", None, None),
    "log":        ("log", None, None),
    "reciprocal": ("reciprocal", None, (Fraction(0), -1)),
    "sqrt":       ("sqrt", Fraction(0), None),
}


@dataclass(frozen=True, slots=True)
class Substitution:
    """What free names become: sizes and times; matrices and reals with their parameters; kinds of norm."""

    forms: Mapping[str, Affine] = field(default_factory=dict)
    terms: Mapping[str, tuple[tuple[str, ...], Term]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)


def substituted(e: Term, s: Substitution, depth: int = 0) -> Term:
    """e with its free names replaced; no name is captured.  Errors: ProofError where a shape or an arity does not fit."""
    fields = SIGNATURE[e[0]]
    if e[0] in ("named", "real") and e[1 if e[0] == "real" else 2] in s.terms:
        return _replaced(e, s, depth)
    if "b" not in fields:
        return (e[0], *_mapped(e, fields, s, depth))
    here, apart = e[fields.index("b") + 1], f"!{depth}"      # opened under a name that no binder has
    body = substituted(renamed(e[-1], here, apart), s, depth + 1)
    return bind((e[0], *_mapped(e[:-1], fields[:-1], s, depth), body), apart)


def _mapped(e: Term, fields: str, s: Substitution, depth: int) -> Iterator[Any]:
    code = ""
    for place, value in enumerate(e[1:]):
        code = fields[place] if place < len(fields) else code            # "*" stands for the rest
        yield FIELD[code](value, s, depth)


def _replaced(e: Term, s: Substitution, depth: int) -> Term:
    name, times = e[-2:]
    parameters, body = s.terms[name]
    at = {p: substitute(i, s.forms) for p, i in zip(parameters, times, strict=False)}
    if len(parameters) != len(times) or (e[0] == "real") != (body[0] in REALS):
        raise ProofError(f"{name} has {len(times)} indices and is {e[0]}; it cannot become {body} of {parameters}")
    result = substituted(body, Substitution(at), depth)
    if e[0] == "named" and result[1] != tuple(substitute(n, s.forms) for n in e[1]):
        raise ProofError(f"{name} has shape {e[1]}; it cannot become a matrix of shape {result[1]}")
    return result


def _coefficient(value: Any, s: Substitution, depth: int) -> Any:
    if any(name in s.forms for _, powers in value for name, _ in powers):
        raise ProofError(f"a size in the coefficient {value} cannot be replaced")
    return value


FIELD: dict[str, Callable[[Any, Substitution, int], Any]] = {
    "s": lambda v, s, d: tuple(substitute(n, s.forms) for n in v),
    "n": lambda v, s, d: v,
    "b": lambda v, s, d: v,
    "i": lambda v, s, d: substitute(v, s.forms),
    "I": lambda v, s, d: tuple(substitute(i, s.forms) for i in v),
    "t": substituted,
    "*": substituted,
    "c": _coefficient,
    "r": lambda v, s, d: tuple(tuple(substituted(x, s, d) for x in row) for row in v),
    "k": lambda v, s, d: s.kinds.get(v, v),
}


def renamed(e: Term, old: str, new: str) -> Term:
    """e with the free index `old` called `new`, a name that no binder of e has; e is not taken apart further."""
    return e if old == new else _renamed(e, Substitution({old: variable(new)}), old)


def _renamed(e: Term, s: Substitution, old: str) -> Term:
    fields = SIGNATURE[e[0]]
    if "b" in fields and e[fields.index("b") + 1] == old:                # a binder of that name ends its scope
        return (*(e[0], *_plain(e[:-1], fields[:-1], s, old)), e[-1])
    return (e[0], *_plain(e, fields, s, old))


def _plain(e: Term, fields: str, s: Substitution, old: str) -> Iterator[Any]:
    code = ""
    for place, value in enumerate(e[1:]):
        code = fields[place] if place < len(fields) else code
        if code in "t*":
            yield _renamed(value, s, old)
        elif code == "r":
            yield tuple(tuple(_renamed(x, s, old) for x in row) for row in value)
        else:
            yield FIELD[code](value, s, 0)


def height(e: Term) -> int:
    """How many binders are nested in e."""
    return ("b" in SIGNATURE[e[0]]) + max(map(height, children(e)), default=0)


def children(e: Term) -> Iterator[Term]:
    """The terms directly below e."""
    fields, code = SIGNATURE[e[0]], ""
    for place, value in enumerate(e[1:]):
        code = fields[place] if place < len(fields) else code
        if code in "t*":
            yield value
        elif code == "r":
            yield from (x for row in value for x in row)


def bind(e: Term, index: str) -> Term:
    """The binder e over `index`, its bound name made canonical."""
    place, canonical = SIGNATURE[e[0]].index("b") + 1, f"#{height(e[-1])}"
    return (*e[:place], canonical, *e[place + 1:-1], renamed(e[-1], index, canonical))


def canonical(e: Term) -> Term:
    """e with every bound name canonical: what enters a proof."""
    return substituted(e, Substitution())


# --- free indices -------------------------------------------------------------------------------------------

def indices(e: Term, codes: str = "isIc") -> set[str]:
    """Free sizes and times of e: those in shapes and coefficients ("sc"), in times and bounds ("iI")."""
    fields = SIGNATURE[e[0]]
    found: set[str] = set()
    for code, value in zip(fields, e[1:], strict=False):
        if code in codes and code in "isI":
            found |= {s for form in ((value,) if code == "i" else value) for s, _ in form.terms}
        elif code in codes and code == "c":
            found |= {s for _, powers in value for s, _ in powers}
    below = [indices(x, codes) for x in children(e)]
    if "b" in fields and below:
        below[-1] -= {e[fields.index("b") + 1]}
    return found.union(*below)


def along_curves(e: Term) -> Iterator[Term]:
    """The parts of e that speak of a whole curve, not of its values at 0: there only `always` gives equals for equals."""
    if e[0] in ("derivative", "always"):
        yield from e[1:2] if e[0] == "derivative" else e[1:]
    for x in children(e):
        yield from along_curves(x)
