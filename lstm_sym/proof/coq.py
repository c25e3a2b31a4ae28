"""A theorem as a Coq script: every step states its claim, so that Coq checks the whole tree again.

The script of a theorem closes with its statement written by hand in coq/statements.v, and prints its assumptions.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lstm_sym.proof.arithmetic import value
from lstm_sym.proof.coq_text import Text, curves_of, identifier, rational, size, time
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.rules import RULES, Rule
from lstm_sym.proof.statements import Substitution, Term, indices, substituted

HEAD = "From LstmSym Require Import Tactics.\nOpen Scope R_scope.\n"


def rule_statements() -> str:
    """A Coq file in which each row's own statement is met by the lemma of coq/Rules.v."""
    lines = [f"Definition {r.name} : {_text(r).closed(r.premises, r.conclusion)} := rule_{r.name}." for r in RULES.values()]
    return HEAD + "\n".join(lines) + "\n"


def _text(row: Rule) -> Text:
    return Text(curves_of(("and", *row.premises, row.conclusion)))


def statement(theorem: Theorem) -> str:
    """The closed statement: free names universally quantified, hypotheses as premises."""
    return _text_of(theorem).closed(theorem.hypotheses, theorem.conclusion)


def _text_of(theorem: Theorem) -> Text:
    return Text({c for t in nodes(theorem) for p in (*t.hypotheses, t.conclusion) for c in curves_of(p)})


def nodes(theorem: Theorem) -> Iterator[Theorem]:
    """Every theorem in the proof, each once, premises first."""
    seen: set[int] = set()
    pending = [(theorem, False)]
    while pending:
        t, ready = pending.pop()
        if ready:
            yield t
        elif id(t) not in seen:
            seen.add(id(t))
            pending.append((t, True))
            pending.extend((p, False) for p in reversed(t.premises))


Known = dict[tuple[int, frozenset[str]], str]                # lemmas of one file: a theorem and what varies in it -> its name


def script(name: str, theorem: Theorem, golden: str | None = None, known: Known | None = None) -> str:
    """Coq text that proves the theorem as `name`, and then as the statement `golden` written by hand."""
    text, known, lemmas = _text_of(theorem), {} if known is None else known, list[str]()
    before = known.setdefault((id(theorem), text.curves), name)
    if before == name:
        _Script(text, lemmas, name, known).lemma(theorem, name)
    else:                                                    # a lemma of an earlier theorem already
        lemmas.append(f"Definition {name} : {statement(theorem)} := {before}.")
    return "\n".join(lemmas) + "\n" + (f"Definition {name}_as_written : {golden} := {name}.\n" if golden else "")


@dataclass(slots=True)
class _Script:
    """One lemma being written: what is in scope, by theorem and by hypothesis."""

    text: Text
    lemmas: list[str]
    prefix: str
    known: Known
    scope: dict[int, str] = field(default_factory=dict)
    held: dict[Term, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    depth: int = 1
    made: list[int] = field(default_factory=lambda: [0])
    bound: frozenset[str] = frozenset()                      # indices in scope

    def fresh(self, letter: str) -> str:
        self.made[0] += 1
        return f"{letter}__{self.made[0]}"

    def say(self, line: str) -> None:
        self.lines.append("  " * self.depth + line)

    def lemma(self, theorem: Theorem, name: str) -> None:
        """A closed lemma for one theorem, put before what is being written."""
        inner = _Script(self.text, self.lemmas, name, self.known)
        whole = ("and", *theorem.hypotheses, theorem.conclusion)
        intro = [b for b, _, _ in self.text.binders(whole)]
        inner.bound = frozenset(indices(whole))
        for n, h in enumerate(theorem.hypotheses):
            inner.held[h] = f"h__{n}"
        inner.say(f"intros {' '.join([*intro, *inner.held.values()])}.".replace("intros .", "idtac."))
        inner.say(f"exact {inner.step(theorem)}.")
        self.lemmas.append(f"Lemma {name} : {self.text.closed(theorem.hypotheses, theorem.conclusion)}.\n"
                           f"Proof.\n{chr(10).join(inner.lines)}\nQed.")

    def step(self, t: Theorem) -> str:
        """The name under which the theorem's conclusion is now known."""
        if t.rule == "ASSUME":
            return self.held.get(t.conclusion, "a_hypothesis_that_is_not_given")                 # Coq knows no such name
        if id(t) not in self.scope:
            write = STEPS.get(t.rule, _of_row)
            self.scope[id(t)] = write(self, t)
        return self.scope[id(t)]

    def claim(self, t: Theorem, *body: str) -> str:
        """assert (s : conclusion). { body }"""
        name = self.fresh("s")
        self.say(f"assert ({name} : {self.text(t.conclusion)}).")
        self.say(f"{{ {' '.join(body)} }}")
        return name

    def hoist(self, t: Theorem) -> None:
        """The parts of a proof that do not need what is about to be introduced come before it, where all can use them."""
        if id(t) in self.scope or t.rule == "ASSUME":
            return
        if all(h in self.held for h in t.hypotheses) and indices(t.conclusion) <= self.bound:
            self.step(t)
            return
        for p in t.premises if t.rule != "SUBSTITUTE" else ():
            self.hoist(p)

    def inner(self, t: Theorem, premise: Theorem, *opening: str, held: tuple[Term, str] | None = None,
              index: str | None = None) -> str:
        """assert (s : conclusion). { opening; the premise's own steps; exact }"""
        self.hoist(premise)
        name = self.fresh("s")
        self.say(f"assert ({name} : {self.text(t.conclusion)}).")
        self.say(f"{{ {' '.join(opening)}")
        below = _Script(self.text, self.lemmas, self.prefix, self.known, dict(self.scope), dict(self.held), self.lines,
                        self.depth + 1, self.made, self.bound | ({index} if index else set()))
        if held:
            below.held[held[0]] = held[1]
        below.say(f"exact {below.step(premise)}. }}")
        return name


def _of_row(s: _Script, t: Theorem) -> str:
    row = RULES[t.rule]
    text = _text(row)
    given = [_argument(s, t.data[0], kind, key, text) for _, kind, key in text.binders(("and", *row.premises, row.conclusion))]
    return s.claim(t, f"pose proof (rule_{row.name} {' '.join(given)}) as rule.", *_give(s, t.premises), "bridge rule.")


def _give(s: _Script, premises: tuple[Theorem, ...]) -> list[str]:
    return [f"give rule {s.step(p)}." for p in premises]


def _argument(s: _Script, given: Substitution, kind: str, key: Any, inside: Text) -> str:
    """What a letter of a lemma becomes."""
    if kind == "nat":
        return size(given.forms[key]) if key in given.forms else identifier(key)
    if kind == "Z":
        return time(given.forms[key]) if key in given.forms else identifier(key)
    if kind == "kind":
        name = given.kinds.get(key, key)
        return {"1": "One", "2": "Two", "inf": "Inf"}.get(name, identifier(name))
    if isinstance(key, str):
        return identifier(key)
    varies = key[1] in inside.curves
    if key[1] not in given.terms:
        return identifier(key[1])
    parameters, body = given.terms[key[1]]
    heads = [*(["(e : R)"] if varies else []), *(f"({identifier(p)} : Z)" for p in parameters)]
    value = s.text(body, "e" if varies else "0")
    return f"(fun {' '.join(heads)} => {value})" if heads else value


def _substitute(s: _Script, t: Theorem) -> str:
    premise, given = t.premises[0], t.data[0]
    key = id(premise), s.text.curves
    if key not in s.known:
        s.known[key] = f"{s.prefix}_{s.fresh('lemma')}"
        s.lemma(premise, s.known[key])
    whole = ("and", *premise.hypotheses, premise.conclusion)
    arguments = [_argument(s, given, kind, key, s.text) for _, kind, key in s.text.binders(whole)]
    return s.claim(t, f"pose proof ({s.known[key]} {' '.join(arguments)}) as rule.",
                   *(f"give rule {s.held[h]}." for h in _instances(premise, given)), "bridge rule.")


def _instances(premise: Theorem, given: Substitution) -> list[Term]:
    return [substituted(h, given) for h in premise.hypotheses]


def _induction(s: _Script, t: Theorem) -> str:
    index, low, high, claim = t.data
    word = f"induction_{t.rule.lower()}"
    return s.claim(t, f"pose proof ({word} (fun {identifier(index)} : Z => {s.text(claim)}) {time(low)} {time(high)}) as rule.",
                   "cbv beta in rule.", *_give(s, t.premises), "bridge rule.")


def _rewrite(s: _Script, t: Theorem) -> str:
    pattern, hole = t.data
    equation, before = t.premises
    a = equation.conclusion[1]
    kind = "R" if equation.conclusion[0] == "same" else f"mat {s.text.shape(a[1])}"
    body = s.text(pattern).replace(identifier(hole), "z_")
    return s.claim(t, f"exact (@eq_ind ({kind}) {s.text(a)} (fun z_ => {body}) {s.step(before)} _ {s.step(equation)}).")


def _linear(s: _Script, t: Theorem) -> str:
    _, _, _, *items = t.data
    premises = iter(t.premises)
    body = []
    for n, (m, (kind, a, b)) in enumerate(items):
        held = s.step(next(premises))
        if value(m) is None:                                 # lra finds the multipliers that are numbers itself
            weigh = "weigh_eq" if kind == "same" else f"weigh{'_lt' * (kind == 'lt')}"
            sign = "" if kind == "same" else f" {s.step(next(premises))}"
            held = f"({weigh} {s.text(m)} {s.text(a)} {s.text(b)}{sign} {held})"
        body.append(f"pose proof {held} as i{n}.")
    return s.claim(t, *body, f"clear - {' '.join(f'i{n}' for n in range(len(items)))}." if items else "clear.", "by_sum.")


def _polynomial(s: _Script, t: Theorem) -> str:
    a, _, (low, high), _, lower, upper = t.data
    low_text, high_text = s.text(("num", low)), s.text(("num", high))
    hints = [f"pose proof (range_square (y__ - {low_text}) ({high_text} - y__) ({_poly(q)}) {i} {j} ltac:(lra) ltac:(lra))."
             for _, i, j, q in (*lower, *upper)]
    return s.claim(t, f"intros i j. pose proof ({s.step(t.premises[0])} i j) as y_range. unfold had, add, scal, ones.",
                   f"set (y__ := {s.text(a)} i j) in *.", *hints, "simpl in *. split; nra.")


def _poly(q: tuple[Any, ...]) -> str:
    return " + ".join(f"{rational(c)} * y__ ^ {n}" for n, c in enumerate(q)) or "0"


STEPS: dict[str, Callable[[_Script, Theorem], str]] = {
    "DISCHARGE":    lambda s, t: _discharge(s, t),
    "MODUS_PONENS": lambda s, t: s.claim(t, f"pose proof {s.step(t.premises[0])} as rule.", *_give(s, t.premises[1:]),
                                         "bridge rule."),
    "GENERALISE":   lambda s, t: s.inner(t, t.premises[0], f"intro {identifier(t.data[0])}.", index=t.data[0]),
    "SPECIALISE":   lambda s, t: s.claim(t, f"pose proof ({s.step(t.premises[0])} {time(t.data[0])}) as rule. bridge rule."),
    "SUBSTITUTE":   _substitute,
    "REWRITE":      _rewrite,
    "CONJOIN":      lambda s, t: s.claim(t, f"exact {_conjunction([s.step(p) for p in t.premises])}."),
    "PART":         lambda s, t: s.claim(t, f"exact {_part(s.step(t.premises[0]), t)}."),
    "UP":           _induction,
    "DOWN":         _induction,
    "IDENTITY":     lambda s, t: s.claim(t, "clear. identity."),
    "LINEAR":       _linear,
    "DOMAIN":       lambda s, t: s.claim(t, *_posed(s, t), "lia."),
    "EVALUATE":     lambda s, t: s.claim(t, "clear. evaluate."),
    "POLYNOMIAL":   _polynomial,
    "TABLE_ENTRY":  lambda s, t: s.claim(t, f"exact (proj2 ({s.step(t.premises[0])} {_place(t.data[3])} {_place(t.data[4])}))."),
    "TABLE_WITHIN": lambda s, t: s.claim(t, *_posed(s, t), "intros i j; finite_cases; cbn; lra."),
}


def _posed(s: _Script, t: Theorem) -> list[str]:
    return [f"pose proof {s.step(p)}." for p in t.premises]


def _conjunction(steps: list[str]) -> str:
    return steps[0] if len(steps) == 1 else f"(conj {steps[0]} {_conjunction(steps[1:])})"


def _part(conjunction: str, t: Theorem) -> str:
    (place,), last = t.data, len(t.premises[0].conclusion) - 2
    rest = "(proj2 " * place + conjunction + ")" * place
    return rest if place == last else f"(proj1 {rest})"


def _place(n: int) -> str:
    return "(Fin.FS " * n + "Fin.F1" + ")" * n


def _discharge(s: _Script, t: Theorem) -> str:
    name = s.fresh("c")
    return s.inner(t, t.premises[0], f"intro {name}.", held=(t.data[0], name))
