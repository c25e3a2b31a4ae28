"""The ledger of theorems, docs/theorems.md: what was proved, replayed and checked by Coq, and what is cited."""
from __future__ import annotations

from lstm_sym.proof.coq_check import golden_statements
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.registry import cited, theorem, theorems
from lstm_sym.proof.write import text

HEAD = """# Theorems

Made by running every proof: `python -m lstm_sym.proof.ledger`.  Kernel: proved by the rules of `lstm_sym/proof`.
Replayed: accepted by the second reader, with the number of its steps.
Coq: the exported proof compiles in `make recheck` and rests on the axioms of the real numbers; "by hand" means its statement is
also compared with the one written by hand in `coq/Statements.v`, "yes" that Coq proves the statement that is exported, which
nobody wrote a second time; "on a cited lemma" that it is no proof from axioms alone.
Cited is one lemma of the literature, GELFAND: it is not proved here, and Coq takes it as the axiom `gelfand` of
`coq/Eigenvalues.v`.  NORMAL is proved there from it.
For the linear net linear-vanishing and linear-vanishing-needs are the two directions of: W^k -> 0 if and only if rho(W) < 1; only
the first rests on GELFAND.
Norms without index are any of the induced 1, 2 and infinity norms.

| theorem | says | hypotheses | kernel | replayed | Coq | cited |
|---|---|---|---|---|---|---|
"""


def ledger() -> str:
    """The whole page."""
    golden = golden_statements()
    rows = []
    for row in theorems():
        t = theorem(row.name)
        coq = "by hand" if row.name.replace("-", "_") in golden else "on a cited lemma" if cited(t) else "yes"
        hypotheses = "; ".join(text(h) for h in t.hypotheses) or "none"
        cells = (row.name, row.title, hypotheses, "yes", f"{recheck(t)} steps", coq, ", ".join(cited(t)) or "none")
        rows.append("| " + " | ".join(c.replace("|", "\\|") for c in cells) + " |")
    return HEAD + "\n".join(rows) + "\n"


def main() -> None:
    """Prints the ledger."""
    print(ledger(), end="")


if __name__ == "__main__":
    main()
