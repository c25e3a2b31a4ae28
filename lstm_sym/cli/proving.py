"""prove [THEOREM]: theorems proved, replayed and printed; the list of them with what the proofs rest on."""
from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lstm_sym.cli.names import chosen
from lstm_sym.proof.account import trusted_base
from lstm_sym.proof.cited import LAWS, SOURCE
from lstm_sym.proof.coq_check import LIBRARY, check, compile_library, golden_statements, is_available
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.reading import Refused
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.registry import THEOREMS, cited, theorem
from lstm_sym.proof.write import FORMATS, show

LISTED = ("text", "json")
LEGEND = """
kernel: proved by this run.  replayed: steps accepted by the second reader, which shares no code with the rules.
Coq: what Coq says of the exported proof, under --recheck; else "by hand" where the statement is also written by hand for
Coq to compare, "exported" where not.  cited: lemmas of the literature that the proof takes over.
`lstm-sym prove NAME` prints hypotheses, statement, steps and reasons.
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the readers of a proof say.  replayed: the number of steps, or why not;  coq: "yes", or why not."""

    replayed: int | str
    coq: str

    @property
    def refused(self) -> bool:
        """Did a reader that ran refuse the proof?"""
        return isinstance(self.replayed, str) or self.coq.startswith("refused")


def printed(name: str, format: str, again: bool) -> tuple[str, bool]:
    """A theorem in a format, and was it accepted?  Errors: UnknownName."""
    target = chosen(format, FORMATS, "format")
    shown = show(chosen(name, THEOREMS, "theorem"), target)
    if not again:
        return shown, True
    verdict = rechecked({name: theorem(name)})[name]
    sys.stderr.write(f"lstm-sym: {name}: {_in_words(verdict)}\n")
    return shown, not verdict.refused


def listed(format: str, again: bool) -> tuple[str, bool]:
    """Every theorem with its marks, then the trusted base; and were all accepted?  Errors: UnknownName."""
    chosen(format, LISTED, "format of the list")
    proved = {name: theorem(name) for name in THEOREMS}
    verdicts = rechecked(proved) if again else {n: Checked(_replayed(t), _exported(n)) for n, t in proved.items()}
    accepted = not any(v.refused for v in verdicts.values())
    return (_as_json if format == "json" else _as_text)(proved, verdicts), accepted


def rechecked(theorems: Mapping[str, Theorem]) -> dict[str, Checked]:
    """Every proof replayed by the second reader, and by Coq where it is installed."""
    replayed = {name: _replayed(t) for name, t in theorems.items()}
    if not is_available():
        missing = "not installed" if (LIBRARY / "Rules.v").is_file() else "its library is not installed"
        return {name: Checked(replayed[name], f"kernel, not re-checked: {missing}") for name in theorems}
    if sys.stderr.isatty():
        sys.stderr.write("lstm-sym: Coq compiles the library and the proofs, about a minute\n")
    with tempfile.TemporaryDirectory(prefix="lstm-sym-") as folder:
        broken = compile_library(Path(folder))
        against = dict.fromkeys(theorems, broken) if broken else check(theorems, Path(folder))
    return {name: Checked(replayed[name], f"refused: {why}" if why else "yes") for name, why in against.items()}


@cache
def _replayed(t: Theorem) -> int | str:
    try:
        return recheck(t)
    except Refused as refusal:
        return f"refused: {refusal}"


def _exported(name: str) -> str:
    if not (LIBRARY / "Statements.v").is_file():
        return "exported"
    return "by hand" if name.replace("-", "_") in golden_statements() else "exported"


def _in_words(v: Checked) -> str:
    steps = f"{v.replayed} steps replayed by the" if isinstance(v.replayed, int) else f"{v.replayed}, by the"
    return f"{steps} second reader; Coq: {'accepted, on the axioms of the reals and what is cited' if v.coq == 'yes' else v.coq}"


# --- the list -----------------------------------------------------------------------------------------------------

def _as_text(proved: Mapping[str, Theorem], verdicts: Mapping[str, Checked]) -> str:
    rows = [("theorem", "kernel", "replayed", "Coq", "cited", "says")]
    for name, t in proved.items():
        v = verdicts[name]
        rows.append((name, "yes", str(v.replayed), v.coq, ", ".join(cited(t)) or "-", THEOREMS[name].title))
    base = trusted_base()
    trusted = [f"  {lines:>5}  {name}" for name, lines in base.items()]
    laws = [f"  {name:<15}{law}" for name, law in LAWS.items()]
    return "\n".join((*_columns(rows), LEGEND, f"cited for claims about determinants: {len(laws)} laws ({SOURCE})", *laws, "",
                      f"trusted without a recheck: {sum(base.values())} lines", *trusted)) + "\n"


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]) - 1)]
    return ["  ".join((*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1])).rstrip() for row in rows]


def _as_json(proved: Mapping[str, Theorem], verdicts: Mapping[str, Checked]) -> str:
    rows: list[dict[str, Any]] = [
        {"name": name, "says": THEOREMS[name].title, "kernel": True, "replayed": verdicts[name].replayed,
         "coq": verdicts[name].coq, "cited": cited(t)} for name, t in proved.items()]
    listed = {"version": 1, "theorems": rows, "laws": LAWS, "trusted": trusted_base()}
    return json.dumps(listed, indent=1, ensure_ascii=False) + "\n"
