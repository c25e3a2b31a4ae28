"""Running Coq over exported theorems: the library compiled, each theorem closed against its statement written by hand.

A theorem counts only if its file compiles and `Print Assumptions` names nothing but the axioms of the real numbers.
"""
from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lstm_sym.proof.coq import HEAD, Known, nodes, rule_statements, script
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.rules import RULES

LIBRARY = Path(__file__).parents[2] / "coq"
ORDER = (("Matrices", "Functions"), ("Norms",), ("Meaning",), ("Eigenvalues",), ("Rules",), ("Tactics",),
         ("Statements", "RuleStatements"))                   # files in a row import those in rows before
WORKERS = min(4, os.cpu_count() or 1)
# The axioms on which Coq's real numbers and Coquelicot stand; a cited rule is named by its own lemma.
REALS = {"ClassicalDedekindReals.sig_forall_dec", "ClassicalDedekindReals.sig_not_dec", "Classical_Prop.classic",
         "FunctionalExtensionality.functional_extensionality_dep", "functional_extensionality_dep"}
# A script may not bring assumptions of its own, under whatever name, nor tell Coq not to check.
PLANTED = re.compile(r"\b(Axioms?|Admitted|admit|Parameters?|Conjectures?|Hypothes[ie]s|Variables?|Context|Checking"
                     r"|bypass_check)\b")
CITED = frozenset({"Eigenvalues.gelfand"})


def is_available() -> bool:
    """Is there a Coq and the project's Coq library?"""
    return shutil.which("coqc") is not None and (LIBRARY / "Rules.v").is_file()


def compile_library(to: Path) -> str:
    """The library, and every rule against the statement its row generates, compiled in `to`.  The answer is "" or what failed.

    The rules that cite nothing rest on the axioms of the real numbers alone.
    """
    names = [name for row in ORDER for name in row]
    for name in names[:-1]:
        shutil.copy(LIBRARY / f"{name}.v", to)
    rules = to / f"{names[-1]}.v"
    rules.write_text(rule_statements() + _printed(r.name for r in RULES.values() if not r.source), encoding="utf-8")
    with ThreadPoolExecutor(WORKERS) as pool:
        for row in ORDER:
            answers = dict(zip(row, pool.map(lambda name: coqc(to / f"{name}.v"), row), strict=True))
            for name, answer in answers.items():
                if answer.returncode:
                    return f"{name}.v: {answer.stderr.strip()}"
    return verdict(answers[names[-1]], rules, cited=frozenset())


def _printed(names: Iterable[str]) -> str:
    """One walk through all that they rest on.  Not as a tuple: its type would hold all their statements, over and over."""
    used = " ".join(f"let _ := {name} in" for name in names)
    return f"Definition all_of_them : True :=\n  {used} I.\nPrint Assumptions all_of_them.\n"


def coqc(path: Path) -> subprocess.CompletedProcess[str]:
    """One run of the compiler."""
    command = ["coqc", "-w", "none", "-Q", str(path.parent), "LstmSym", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def golden_statements() -> frozenset[str]:
    """The names that coq/Statements.v states by hand."""
    text = (LIBRARY / "Statements.v").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^Definition (\w+) : Prop", text, re.MULTILINE))


def check(theorems: Mapping[str, Theorem], to: Path) -> dict[str, str]:
    """For each theorem "" or what Coq says against it; the library has been compiled in `to`.

    Theorems share files, because starting Coq takes longer than most proofs; those of a file that fails are judged alone.
    """
    batches = _shared(theorems, WORKERS)
    with ThreadPoolExecutor(WORKERS) as pool:
        answers = list(pool.map(lambda batch: _judged(theorems, batch, to), batches))
    failed = {n for batch, why in zip(batches, answers, strict=True) if why for n in batch}
    alone = check_alone({n: t for n, t in theorems.items() if n in failed}, to)
    return {n: alone.get(n, "") for n in theorems}


def check_alone(theorems: Mapping[str, Theorem], to: Path) -> dict[str, str]:
    """The same with a file for each theorem."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return dict(zip(theorems, pool.map(lambda name: _judged(theorems, [name], to), theorems), strict=True))


def _shared(theorems: Mapping[str, Theorem], files: int) -> list[list[str]]:
    """The names in their order, which keeps together what shares lemmas, in parts with about as many steps each."""
    seen: set[int] = set()
    ends: dict[str, int] = {}
    for name, t in theorems.items():
        seen |= set(map(id, nodes(t)))
        ends[name] = len(seen)
    parts = [[n for n, end in ends.items() if k * len(seen) < files * end <= (k + 1) * len(seen)] for k in range(files)]
    return [p for p in parts if p]


def _judged(theorems: Mapping[str, Theorem], names: list[str], to: Path) -> str:
    """"" if one file with these theorems compiles and each rests on what is allowed."""
    golden, known = golden_statements(), Known()
    identifiers = {n: n.replace("-", "_") for n in names}
    texts = [script(i, theorems[n], f"Statements.{i}" if i in golden else None, known) for n, i in identifiers.items()]
    path = to / f"T_{identifiers[names[0]]}_{len(names)}.v"
    proved = [f"{i}_as_written" if i in golden else i for i in identifiers.values()]
    path.write_text(HEAD.replace("Tactics.", "Tactics Statements.") + "\n".join([*texts, _printed(proved)]), encoding="utf-8")
    return verdict(coqc(path), path)


def verdict(answer: subprocess.CompletedProcess[str], path: Path, cited: frozenset[str] = CITED) -> str:
    """"" if the file compiled, assumes nothing itself, and what it proves uses only allowed axioms; else why not."""
    planted = PLANTED.search(path.read_text(encoding="utf-8"))
    if planted:
        return f"the script assumes something itself: {planted.group()}"
    if answer.returncode:
        return answer.stderr.strip() or "coqc failed"
    used = assumptions(answer.stdout)
    if used is None:
        return "Coq printed no assumptions"
    foreign = used - REALS - cited
    return f"rests on {', '.join(sorted(foreign))}" if foreign else ""


def assumptions(output: str) -> set[str] | None:
    """What the last `Print Assumptions` lists, one at the start of a line: axioms, and what Coq was told not to check."""
    closed, axioms = map(output.rfind, ("Closed under the global context", "Axioms:"))
    if closed == axioms:                                     # neither was printed
        return None
    return set() if closed > axioms else set(re.findall(r"^(\S+)", output[axioms:].split("\n", 1)[1], re.MULTILINE))
