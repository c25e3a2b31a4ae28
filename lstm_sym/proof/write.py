"""Theorems for people: hypotheses, statement, numbered steps with their reasons, what they rest on; one row a format."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from lstm_sym.errors import UnknownName
from lstm_sym.notation.style import DEFAULT, TERMINAL, TEX
from lstm_sym.proof.account import Account, Step, account, declared, law, reason, remarks, trusted_base
from lstm_sym.proof.coq import statement
from lstm_sym.proof.formulas import writer
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.registry import THEOREMS, steps, theorem
from lstm_sym.proof.statements import Term
from lstm_sym.proof.writer import Writer, parts_of


def _parentheses(a: str) -> str:
    """Small ones, so that lines can break inside, but around a matrix."""
    return rf"\left({a}\right)" if "pmatrix" in a else f"({a})"


PAPER = replace(DEFAULT, dialect=replace(TEX, group=_parentheses))
PLAIN_WORDS, TEX_WORDS = 0, 1                                # columns of a remark
DOCUMENT = r"""\documentclass[11pt]{article}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath,amssymb,amsthm}
\newtheorem*{theorem}{Theorem}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt plus 2pt}
\emergencystretch=6em
\newenvironment{steps}{\begin{enumerate}\setlength{\itemsep}{0pt}\setlength{\parskip}{1pt}}{\end{enumerate}}
\newenvironment{given}{\begin{itemize}\setlength{\itemsep}{0pt}\setlength{\parskip}{1pt}}{\end{itemize}}
\begin{document}
%s
\end{document}
"""
SPECIAL = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "#": r"\#", "%": r"\%", "&": r"\&", "_": r"\_", "$": r"\$",
           "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


def text(e: Term) -> str:
    """A statement in plain notation."""
    return writer(TERMINAL, e).text(e)


def told(name: str) -> Account:
    """The account of a theorem of the registry.  Errors: UnknownName."""
    proved = theorem(name)
    return account(name, THEOREMS[name].title, proved)


def _parts(e: Term) -> list[Term]:
    return parts_of(e) if e[0] == "and" else [e]


# --- plain text -----------------------------------------------------------------------------------------------

def plain(a: Account) -> str:
    """For a terminal."""
    w = a.writer(TERMINAL)
    t = a.theorem
    hypotheses = [f"  H{n}  {w.text(h)}" for n, h in enumerate(t.hypotheses, 1)]
    return "\n".join((
        f"{a.name}: {a.title}", "",
        *_lines("Names", [f"  {x}{f'  {what}' if what else ''}" for x, what in declared(a, w)]),
        *_lines("Hypotheses", hypotheses or ["  none"]),
        *_lines("Statement", [*(f"  {w.text(x)}" for x in _parts(t.conclusion)), *(f"  ({x[PLAIN_WORDS]})" for x in remarks(a))]),
        *_lines("Proof", [line for s in a.steps for line in _plain_step(s, a, w)]),
        *_lines("Rests on", [f"  {x}" for x in foundation(a)]))).rstrip() + "\n"


def _lines(heading: str, lines: list[str]) -> list[str]:
    return [heading, *lines, ""] if lines else []


def _plain_step(s: Step, a: Account, w: Writer) -> list[str]:
    width = len(str(len(a.steps)))
    return [f"  {s.number:>{width}}. {w.text(s.statement)}", f"  {'':{width}}      {_because(s, law(s.rule, w))}"]


def _because(s: Step, words: str) -> str:
    """The reason, and where its premises stand."""
    why = f"by {words} [{s.rule}]" if words else reason(s.rule)
    return f"{why}; from {', '.join(s.premises)}" if s.premises else why


def foundation(a: Account) -> list[str]:
    """What a proof rests on, one thing a line."""
    lines = [f"cited {rule}: {source}" for rule, source in a.cited.items()]
    if a.is_vacuous:
        lines.append("VACUOUS: the hypotheses contradict each other, so the theorem says nothing")
    return [*lines, f"{sum(trusted_base().values())} trusted lines (prove --list names the files); "
                    f"{a.total} step{'s' if a.total > 1 else ''}, {len(a.steps)} shown"]


# --- LaTeX and Markdown ---------------------------------------------------------------------------------------

def _escaped(words: str) -> str:
    return "".join(SPECIAL.get(x, x) for x in words)


def latex(*accounts: Account) -> str:
    """A document that LaTeX compiles."""
    return DOCUMENT % "\n\\bigskip\n".join(map(_latex, accounts))


def _latex(a: Account) -> str:
    w, t = a.writer(PAPER), a.theorem
    names = "; ".join(f"${x}$" + (f" ({what})" if what else "") for x, what in declared(a, w))
    items = [f"\\item[(H{n})] ${w.text(h)}$" for n, h in enumerate(t.hypotheses, 1)]
    suppose = ["Suppose", r"\begin{given}", *items, r"\end{given}", "Then"] if items else ["Then"] if names else []
    told_steps = [line for s in a.steps for line in (rf"\item {_math(s.statement, w)}\\", f"{{\\small {_tex_because(s, w)}}}")]
    return "\n".join((
        rf"\begin{{theorem}}[{_escaped(a.name)}]", *([f"Let {names}."] if names else []), *suppose,
        *(line for x in _parts(t.conclusion) for line in (r"\begin{quote}", f"${w.text(x)}$", r"\end{quote}")),
        r"\end{theorem}", rf"In plain notation: {{\small\texttt{{{_escaped(a.title)}}}}}", "",
        *(x[TEX_WORDS] for x in remarks(a)),
        r"\begin{proof}\mbox{}", r"\begin{steps}", *told_steps, r"\end{steps}", r"\end{proof}",
        *(rf"\par{{\small {_escaped(x)}.}}" for x in foundation(a))))


def _math(e: Term, w: Writer) -> str:
    return " and ".join(f"${w.text(x)}$" for x in _parts(e))


def _tex_because(s: Step, w: Writer) -> str:
    words = law(s.rule, w)
    why = f"by ${words}$" if words else reason(s.rule)
    return f"{why}; from {', '.join(s.premises)}" if s.premises else why


def markdown(a: Account) -> str:
    """With formulas between $ signs, as GitHub renders them."""
    w, t = a.writer(PAPER), a.theorem
    names = [f"- ${x}$" + (f", {what}" if what else "") for x, what in declared(a, w)]
    hypotheses = [f"- (H{n}) ${w.text(h)}$" for n, h in enumerate(t.hypotheses, 1)]
    listed = [f"{s.number}. {_math(s.statement, w)}<br>{_tex_because(s, w)}" for s in a.steps]
    return "\n".join((
        f"## {a.name}", "", f"`{a.title}`", "",
        *_part("Names", names), *_part("Hypotheses", hypotheses or ["none"]),
        *_part("Statement", [*(y for x in _parts(t.conclusion) for y in ("$$", w.text(x), "$$")),
                             *(y for x in remarks(a) for y in ("", x[TEX_WORDS]))]),
        *_part("Proof", listed), *_part("Rests on", [f"- {x}" for x in foundation(a)]))).rstrip() + "\n"


def _part(heading: str, lines: list[str]) -> list[str]:
    return [f"**{heading}**", "", *lines, ""] if lines else []


# --- data -----------------------------------------------------------------------------------------------------

def as_dict(a: Account) -> dict[str, Any]:
    """Everything that is printed, and every step of the proof."""
    w, tex, t = a.writer(TERMINAL), a.writer(PAPER), a.theorem
    names = zip(declared(a, w), declared(a, tex), strict=True)
    def both(e: Term) -> dict[str, str]: return {"text": w.text(e), "latex": tex.text(e)}
    return {
        "name": a.name, "title": a.title,
        "names": [{"text": x, "latex": y, "what": what} for (x, what), (y, _) in names],
        "hypotheses": [both(h) for h in t.hypotheses],
        "statement": both(t.conclusion),
        "steps": list(_every_step(t, w)),
        "cited": a.cited, "vacuous": a.is_vacuous,
        "evidence": {"kernel": True, "replayed_steps": recheck(t)},
        "trusted": trusted_base()}


def _every_step(t: Theorem, w: Writer) -> Iterator[dict[str, Any]]:
    place: dict[int, int] = {}
    for number, s in enumerate(steps(t), 1):
        place[id(s)] = number
        yield {"number": number, "statement": w.text(s.conclusion), "rule": s.rule, "reason": law(s.rule, w) or reason(s.rule),
               "premises": [place[id(p)] for p in s.premises]}


FORMATS: dict[str, Callable[[Account], str]] = {
    "text":     plain,
    "latex":    latex,
    "markdown": markdown,
    "json":     lambda a: json.dumps({"version": 1, "theorem": as_dict(a)}, indent=1, ensure_ascii=False) + "\n",
    "coq":      lambda a: statement(a.theorem) + "\n",
}


def show(name: str, target: str = "text") -> str:
    """A theorem as text, latex, markdown, json or coq.  Errors: UnknownName."""
    if target not in FORMATS:
        raise UnknownName(f"no format is called {target!r}; there are {', '.join(FORMATS)}")
    return FORMATS[target](told(name))
