"""Running Coq over exported theorems: the library compiled, each theorem closed against its statement written by hand.

A theorem counts only if its file compiles and `Print Assumptions` names nothing but the axioms of the real numbers.
"""
from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lstm_sym.proof.coq import HEAD, rule_statements, script
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.rules import RULES

LIBRARY = Path(__file__).parents[2] / "coq"
ORDER = ("Matrices", "Norms", "Functions", "Rules", "Tactics", "Statements")
# The axioms on which Coq's real numbers and Coquelicot stand; a cited rule is named by its own lemma.
REALS = {"ClassicalDedekindReals.sig_forall_dec", "ClassicalDedekindReals.sig_not_dec", "Classical_Prop.classic",
         "FunctionalExtensionality.functional_extensionality_dep", "functional_extensionality_dep"}
# A script may not bring assumptions of its own, under whatever name.
PLANTED = re.compile(r"\b(Axioms?|Admitted|admit|Parameters?|Conjectures?|Hypothes[ie]s|Variables?|Context)\b")
CITED = {f"rule_{r.name}" for r in RULES.values() if r.source}


def is_available() -> bool:
    """Is there a Coq and the project's Coq library?"""
    return shutil.which("coqc") is not None and (LIBRARY / "Rules.v").is_file()


def compile_library(to: Path) -> str:
    """The library, and every rule against the statement its row generates, compiled in `to`.  The answer is "" or what failed."""
    for name in ORDER:
        shutil.copy(LIBRARY / f"{name}.v", to)
    (to / "RuleStatements.v").write_text(rule_statements(), encoding="utf-8")
    for name in (*ORDER, "RuleStatements"):
        answer = coqc(to / f"{name}.v")
        if answer.returncode:
            return f"{name}.v: {answer.stderr.strip()}"
    return ""


def coqc(path: Path) -> subprocess.CompletedProcess[str]:
    """One run of the compiler."""
    command = ["coqc", "-w", "none", "-Q", str(path.parent), "LstmSym", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def golden_statements() -> frozenset[str]:
    """The names that coq/Statements.v states by hand."""
    text = (LIBRARY / "Statements.v").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^Definition (\w+) : Prop", text, re.MULTILINE))


def check(theorems: Mapping[str, Theorem], to: Path, workers: int = 2) -> dict[str, str]:
    """For each theorem "" or what Coq says against it; the library has been compiled in `to`."""
    golden = golden_statements()
    texts = {n.replace("-", "_"): t for n, t in theorems.items()}
    for n, t in texts.items():
        end = f"Print Assumptions {n}.\n" if n not in golden else ""
        (to / f"T_{n}.v").write_text(_head(n) + script(n, t, f"Statements.{n}" if n in golden else None) + end, encoding="utf-8")
    with ThreadPoolExecutor(workers) as pool:
        answers = pool.map(lambda n: coqc(to / f"T_{n}.v"), texts)
    return {name: verdict(answer, to / f"T_{n}.v") for name, n, answer in zip(theorems, texts, answers, strict=True)}


def _head(name: str) -> str:
    return HEAD.replace("Tactics.", "Tactics Statements.")


def verdict(answer: subprocess.CompletedProcess[str], path: Path) -> str:
    """"" if the file compiled, assumes nothing itself, and only allowed axioms were used; else why not."""
    planted = PLANTED.search(path.read_text(encoding="utf-8"))
    if planted:
        return f"the script assumes something itself: {planted.group()}"
    if answer.returncode:
        return answer.stderr.strip() or "coqc failed"
    used = assumptions(answer.stdout)
    if used is None:
        return "Coq printed no assumptions"
    foreign = used - REALS - CITED
    return f"rests on {', '.join(sorted(foreign))}" if foreign else ""


def assumptions(output: str) -> set[str] | None:
    """The axioms that `Print Assumptions` lists; None if it said nothing."""
    if "Closed under the global context" in output:
        return set()
    if "Axioms:" not in output:
        return None
    return set(re.findall(r"^([\w.']+)\s*:", output.split("Axioms:", 1)[1], re.MULTILINE))
