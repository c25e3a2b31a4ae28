"""Theorems as text: hypotheses, statement, numbered steps with their reasons, what they rest on."""
from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lstm_sym.errors import UnknownName
from lstm_sym.expr.affine import Affine
from lstm_sym.proof.coq import statement
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.registry import THEOREMS, cited, steps, theorem
from lstm_sym.proof.statements import Term

TRUSTED = ("proof/kernel.py", "proof/rules.py", "proof/checks.py", "proof/statements.py", "proof/arithmetic.py",
           "proof/syntax.py", "expr/affine.py", "equality/freeze.py", "equality/normal_form.py", "equality/terms.py",
           "equality/simplify.py", "equality/canonical.py")


def trusted_base() -> dict[str, int]:
    """The files that a proof rests on without a recheck, and their lines."""
    package = Path(__file__).parents[1]
    existing = (name for name in TRUSTED if (package / name).is_file())
    return {name: len((package / name).read_text(encoding="utf-8").splitlines()) for name in existing}


def _form(k: Affine) -> str:
    return str(k).replace("#", "k")


def _member(e: Term) -> str:
    return re.sub(r"Str\('([^']*)'\)", r"\1", e[-2]) + (f"[{', '.join(map(_form, e[-1]))}]" if e[-1] else "")


def _range(e: Term, word: str) -> str:
    k = _form(Affine(((e[2], 1),), 0))
    return f"{word}({k} = {_form(e[3])} .. {_form(e[4])}: {text(e[-1])})"


def _joined(word: str, first: int) -> Callable[[Term], str]:
    return lambda e: f"({word.join(map(text, e[first:]))})"


TEXT: dict[str, Callable[[Term], str]] = {
    "named":      _member,
    "real":       _member,
    "ones":       lambda e: "1",
    "zeros":      lambda e: "0",
    "identity":   lambda e: "I",
    "add":        _joined(" + ", 2),
    "hadamard":   _joined(" o ", 2),
    "matmul":     lambda e: " ".join(map(text, e[2:])),
    "scale":      lambda e: f"{' + '.join(str(c) for c, _ in e[2])} {text(e[3])}",
    "transpose":  lambda e: f"{text(e[2]) if e[2][0] == 'named' else f'({text(e[2])})'}'",
    "diag":       lambda e: f"diag({text(e[2])})",
    "function":   lambda e: f"{e[2][0]}({text(e[3])})",
    "sum":        lambda e: _range(e, "sum"),
    "product":    lambda e: _range(e, "product, latest leftmost " if e[5] == -1 else "product, latest rightmost "),
    "table":      lambda e: "[" + "; ".join(", ".join(map(text, row)) for row in e[2]) + "]",
    "num":        lambda e: str(e[1]),
    "+":          _joined(" + ", 1),
    "*":          _joined(" * ", 1),
    "^":          lambda e: f"{text(e[1])}^({_form(e[2])})",
    "norm":       lambda e: f"||{text(e[2])}||" + ("" if e[1] == "p" else f"_{e[1]}"),
    "entry":      lambda e: f"entry({text(e[1])})",
    "abs":        lambda e: f"|{text(e[1])}|",
    "log":        lambda e: f"ln {e[1]}",
    "eq":         lambda e: f"{text(e[1])} = {text(e[2])}",
    "same":       lambda e: f"{text(e[1])} = {text(e[2])}",
    "le":         lambda e: f"{text(e[1])} <= {text(e[2])}",
    "lt":         lambda e: f"{text(e[1])} < {text(e[2])}",
    "within":     lambda e: f"entries of {text(e[1])} in [{text(e[2])}, {text(e[3])}]",
    "dom":        lambda e: f"{_form(e[1])} >= 0",
    "imp":        lambda e: f"{text(e[1])} -> {text(e[2])}",
    "and":        lambda e: " and ".join(f"({text(x)})" for x in e[1:]),
    "all":        lambda e: f"for all {_form(Affine(((e[1], 1),), 0))}: {text(e[2])}",
    "limit":      lambda e: f"{text(e[3])} -> {text(e[1])} as {_form(Affine(((e[2], 1),), 0))} -> infinity",
    "infinite":   lambda e: f"{text(e[2])} -> infinity as {_form(Affine(((e[1], 1),), 0))} -> infinity",
    "derivative": lambda e: f"d/de {text(e[1])} = {text(e[2])} at e = 0",
    "always":     lambda e: f"{text(e[1])} = {text(e[2])} along the curve",
    "radius":     lambda e: f"every eigenvalue of {text(e[1])} has modulus at most {text(e[2])}",
    "under":      lambda e: f"|{text(e[1])}| <= {text(e[2])} entrywise",
}


def text(e: Term) -> str:
    """A statement in plain notation."""
    return TEXT[e[0]](e)


def numbered(t: Theorem) -> list[str]:
    """The steps of a proof: number, statement, rule and the numbers of its premises."""
    order = steps(t)
    place = {id(s): n for n, s in enumerate(order, 1)}
    return [f"{n}. {text(s.conclusion)}    [{s.rule}{''.join(f' {place[id(p)]}' for p in s.premises)}]"
            for n, s in enumerate(order, 1)]


def as_dict(name: str) -> dict[str, Any]:
    """Everything that is printed of a theorem."""
    t = theorem(name)
    return {"name": name, "title": THEOREMS[name].title, "hypotheses": [text(h) for h in t.hypotheses],
            "statement": text(t.conclusion), "steps": numbered(t), "cited": cited(t)}


def _plain(name: str) -> str:
    d = as_dict(name)
    lines = [f"{d['name']}: {d['title']}", "hypotheses", *(f"  {h}" for h in d["hypotheses"]), "statement", f"  {d['statement']}",
             "proof", *(f"  {s}" for s in d["steps"]), "rests on",
             *(f"  {rule}: {source}" for rule, source in d["cited"].items()),
             f"  {sum(trusted_base().values())} trusted lines"]
    return "\n".join(lines)


def _markdown(name: str) -> str:
    d = as_dict(name)
    parts = [f"### {d['name']}", d["title"], "**Hypotheses**", *(f"- `{h}`" for h in d["hypotheses"]), "", "**Statement**",
             f"`{d['statement']}`", "", "**Proof**", *(f"    {s}" for s in d["steps"])]
    return "\n".join(parts)


def _latex(name: str) -> str:
    d = as_dict(name)
    listed = "\n".join(rf"\item \verb@{h}@" for h in d["hypotheses"])
    hypotheses = f"\\begin{{itemize}}\n{listed}\n\\end{{itemize}}\n" if listed else ""
    shown = f"\\begin{{verbatim}}\n{d['statement']}\n\\end{{verbatim}}\n"
    return f"\\begin{{theorem}}[{d['name']}]\n{hypotheses}{shown}\\end{{theorem}}"


FORMATS: dict[str, Callable[[str], str]] = {
    "text":     _plain,
    "markdown": _markdown,
    "latex":    _latex,
    "json":     lambda name: json.dumps(as_dict(name), indent=1),
    "coq":      lambda name: statement(theorem(name)),
}


def show(name: str, target: str = "text") -> str:
    """A theorem as text, markdown, latex, json or coq.  Errors: UnknownName."""
    if target not in FORMATS:
        raise UnknownName(f"no format is called {target!r}; there are {', '.join(FORMATS)}")
    return FORMATS[target](name)
