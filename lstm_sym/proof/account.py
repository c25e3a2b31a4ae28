"""What a reader is told of a theorem: names, hypotheses, statement, the steps that say something, what it all rests on.

The steps left out are bookkeeping: conditions on indices, open implications, A = A, 0 <= ||A||.  JSON has every step.
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from lstm_sym.expr.affine import ONE, variable
from lstm_sym.notation.style import Style
from lstm_sym.proof.formulas import is_inner, writer
from lstm_sym.proof.grammar import names
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.registry import cited, steps
from lstm_sym.proof.rules import RULES
from lstm_sym.proof.statements import KINDS, Term, children, indices
from lstm_sym.proof.vacuous import is_vacuous
from lstm_sym.proof.writer import LETTERS, Writer, letters

TRUSTED = ("proof/kernel.py", "proof/rules.py", "proof/checks.py", "proof/statements.py", "proof/grammar.py", "proof/syntax.py",
           "proof/expander.py", "proof/arithmetic.py", "expr/affine.py")

REASONS: dict[str, str] = {
    "ASSUME":       "assumed here",
    "DISCHARGE":    "the implication",
    "MODUS_PONENS": "a special case",
    "GENERALISE":   "for all indices",
    "SPECIALISE":   "a special case",
    "SUBSTITUTE":   "an instance",
    "REWRITE":      "equals for equals",
    "CONJOIN":      "together",
    "PART":         "a part",
    "UP":           "induction upward",
    "DOWN":         "induction downward",
    "IDENTITY":     "both sides written out are the same",
    "LINEAR":       "a combination with multipliers that are not negative",
    "DOMAIN":       "integer arithmetic",
    "EVALUATE":     "computed entry by entry, exactly",
    "POLYNOMIAL":   "the range of a polynomial, by a certificate in squares",
    "TABLE_ENTRY":  "one entry of the matrix",
    "TABLE_WITHIN": "every entry of the matrix",
}
MEANINGS = {"W": "the recurrent matrix", "U": "the input matrix", "h": "the states", "a": "the pre-activations",
            "phi'": "the slopes of the activation", "L": "the loss"}
# A remark on notation, and what in a statement calls for it.
Words: TypeAlias = tuple[str, str]                           # plain, LaTeX
REMARKS: dict[str, Words] = {
    "product":    ("In a product Π the factor of the lower bound stands leftmost.",
                   r"In a product $\prod$ the factor of the lower bound stands leftmost."),
    "derivative": ("Quantities under d/dε depend on a real ε; d/dε is taken at ε = 0, and other values are those at ε = 0.",
                   r"Quantities under $d/d\varepsilon$ depend on a real $\varepsilon$; $d/d\varepsilon$ is taken at "
                   r"$\varepsilon=0$, and other values are those at $\varepsilon=0$."),
    "kind":       ("‖A‖_p is the norm induced by the vector norm p, for p = 1, 2 and ∞ alike.",
                   r"$\lVert A \rVert_p$ is the norm induced by the vector norm $p$, for $p = 1, 2, \infty$ alike."),
    "radius":     ("ρ(A) is the largest modulus of a complex eigenvalue of A.",
                   r"$\rho(A)$ is the largest modulus of a complex eigenvalue of $A$."),
    "inner":      ("⟨A, B⟩ is the sum of A_ij B_ij over all places i, j.",
                   r"$\langle A, B \rangle$ is the sum of $A_{ij} B_{ij}$ over all places $i, j$."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """number: among those shown;  reason: in words, or the name of a rule;  premises: numbers, and H1, H2 ..."""

    number: int
    statement: Term
    rule: str
    premises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """A theorem as it is told."""

    name: str
    title: str
    theorem: Theorem
    steps: tuple[Step, ...]
    total: int                                               # all steps, shown or not

    @property
    def cited(self) -> dict[str, str]:
        """Rules taken from the literature, with their sources."""
        return cited(self.theorem)

    @property
    def is_vacuous(self) -> bool:
        """Do the hypotheses contradict each other?  The theorem says nothing then."""
        return is_vacuous(self.theorem)

    @property
    def whole(self) -> Term:
        """Hypotheses and conclusion in one."""
        return ("and", *self.theorem.hypotheses, self.theorem.conclusion)

    def writer(self, style: Style) -> Writer:
        """A writer whose bound letters are free in the whole proof."""
        return writer(style, *(p for t in steps(self.theorem) for p in (*t.hypotheses, t.conclusion)))


def account(name: str, title: str, theorem: Theorem) -> Account:
    """The account of a proof."""
    return Account(name, title, theorem, tuple(_told(theorem)), len(steps(theorem)))


def trusted_base() -> dict[str, int]:
    """The files that a proof rests on without a recheck, and their lines."""
    package = Path(__file__).parents[1]
    return {name: len((package / name).read_text(encoding="utf-8").splitlines()) for name in TRUSTED}


# --- steps ----------------------------------------------------------------------------------------------------

def _told(theorem: Theorem) -> Iterator[Step]:
    """The steps that are shown, premises first; what is not shown passes its premises on."""
    labels = {h: f"H{n}" for n, h in enumerate(theorem.hypotheses, 1)}
    order = steps(theorem)
    inner = _inner_rewrites(order)
    seen: dict[int, tuple[str, ...]] = {}
    shown: dict[tuple[Term, tuple[str, ...]], str] = {}
    number = 0
    for t in order:
        above = tuple(dict.fromkeys(label for p in t.premises for label in seen[id(p)]))
        if t.rule == "ASSUME" and t.conclusion in labels:
            seen[id(t)] = (labels[t.conclusion],)
        elif t is not theorem and (id(t) in inner or _is_bookkeeping(t)):
            seen[id(t)] = above
        elif (t.conclusion, above) in shown:
            seen[id(t)] = (shown[t.conclusion, above],)
        else:
            number += 1
            seen[id(t)] = (str(number),)
            shown[t.conclusion, above] = str(number)
            yield Step(number, t.conclusion, t.rule, above)


def _inner_rewrites(order: Sequence[Theorem]) -> set[int]:
    """Equals for equals, used once and for the same again: of such a chain the end is shown."""
    users: dict[int, list[Theorem]] = {}
    for t in order:
        for p in t.premises:
            users.setdefault(id(p), []).append(t)
    return {id(t) for t in order if t.rule == "REWRITE" and [u.rule for u in users.get(id(t), ())] == ["REWRITE"]}


def _is_bookkeeping(t: Theorem) -> bool:
    tag = t.conclusion[0]
    if tag == "dom" or t.rule in ("DISCHARGE", "GENERALISE", "NORM_NONNEG") or (tag == "imp" and t.rule != "ASSUME"):
        return True
    if (t.rule == "LINEAR" and not t.premises) or (tag in ("eq", "same", "le") and t.conclusion[1] == t.conclusion[2]):
        return True
    return t.rule == "REWRITE" and t.premises[0].conclusion in (t.conclusion, _reversed(t.conclusion))


def _reversed(e: Term) -> Term:
    return (e[0], *e[:0:-1])


# --- names and words ------------------------------------------------------------------------------------------

def declared(a: Account, w: Writer) -> list[tuple[str, str]]:
    """(W in R^{n x n}, what it is) for every free name of the statement."""
    k = next(x for x in LETTERS if x not in indices(a.whole) | letters(a.whole))
    return [(f"{w.text(_example(kind, name, shape, arity, k))} {w.sign('element of')} {_space(shape, w)}",
             MEANINGS.get(name, "") if kind == "named" else "")
            for (kind, name), (shape, arity) in sorted(names(a.whole).items(), key=lambda x: (x[0][1].lower(), x[0]))]


def _example(kind: str, name: str, shape: Any, arity: int, k: str) -> Term:
    times = tuple(variable(k) for _ in range(arity))
    return ("named", shape, name, times) if kind == "named" else ("real", name, times)


def _space(shape: Any, w: Writer) -> str:
    if shape is None or shape == (ONE, ONE):
        return w.mark("reals")
    rows, columns = map(w.index, shape)
    return w.script(w.mark("reals"), "^", rows if shape[1] == ONE else f"{rows} {w.mark('by')} {columns}")


def remarks(a: Account) -> list[Words]:
    """The remarks on notation that the statement calls for."""
    found = set(_features(a.whole))
    return [words for feature, words in REMARKS.items() if feature in found]


def _features(e: Term) -> Iterator[str]:
    match e:
        case ("norm", kind, _) if kind not in KINDS:
            yield "kind"
        case ("product", _, k, *_) if k in indices(e[-1]):
            yield "product"
        case ("derivative" | "always", *_):
            yield "derivative"
        case ("radius", *_):
            yield "radius"
        case ("matmul", *_) if is_inner(e):
            yield "inner"
    for x in children(e):
        yield from _features(x)


def law(rule: str, w: Writer) -> str:
    """The law of a row of the rules as mathematics; "" for other steps."""
    row = RULES.get(rule)
    if row is None:
        return ""
    free = writer(w.style, *row.premises, row.conclusion)
    conclusion = free.text(row.conclusion)
    return w.mark("implies").join(("; ".join(map(free.text, row.premises)), conclusion)) if row.premises else conclusion


def reason(rule: str) -> str:
    """Why a step holds, in words."""
    return REASONS.get(rule, rule)
