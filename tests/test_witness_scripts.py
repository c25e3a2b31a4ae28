"""The program of a witness, which shares no code with the checker, computes the two sides that the checker says."""
from __future__ import annotations

import math
import runpy
import subprocess
import sys

import pytest
from claims import snippets

from lstm_sym.documents.check import check_text
from lstm_sym.documents.findings import Finding

SNIPPETS = [(file, snippet) for file in ("wrong.txt", "claims.txt") for snippet in snippets(file)
            if any(row.verdict == "refuted" for row in snippet.rows)
            and "f(x_t" not in snippet.before]               # of a step by any function there is nothing to run


def shown(script: str, tmp_path, capsys) -> list[float]:
    """Left and right as the program prints them."""
    (tmp_path / "witness.py").write_text(script, encoding="utf-8")
    runpy.run_path(str(tmp_path / "witness.py"))
    return [float(line.split()[1]) for line in capsys.readouterr().out.splitlines()]


def exact(text: str) -> float:
    """A value of a witness: a sum of rationals times powers of logarithms."""
    return eval(text.replace("ln(", "math.log(").replace("^", "**"), {"math": math})


@pytest.mark.parametrize(("file", "snippet"), SNIPPETS, ids=[f"{file}: {s.name}" for file, s in SNIPPETS])
def test_central_differences_of_the_bare_model_confirm_every_refutation(file, snippet, tmp_path, capsys):
    refuted = [f for f in check_text(snippet.text).findings if f.verdict == "refuted" and f.witness]
    assert sum(f.script is None for f in refuted) <= len(refuted) / 4
    for f in (f for f in refuted if f.script is not None):
        left, right = shown(f.script, tmp_path, capsys)
        assert left == pytest.approx(exact(f.witness.left), rel=1e-5, abs=1e-5), f.latex
        assert right == pytest.approx(exact(f.witness.right), rel=1e-5, abs=1e-5), f.latex


def refutation(claim: str) -> Finding:
    text = f"$$\nh_t = \\tanh(W h_{{t-1}} + U x_t + b)\n$$\n\n$$\n{claim}\n$$\n"
    return next(f for f in check_text(text).findings if f.verdict == "refuted")


def test_a_program_needs_numpy_alone_and_runs_by_itself():
    f = refutation(r"\frac{\partial L}{\partial h_t} = W^\top \frac{\partial L}{\partial h_{t+1}}")
    run = subprocess.run([sys.executable, "-I", "-"], input=f.script, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("left ") and "lstm_sym" not in f.script


def test_words_of_a_document_stay_words_in_its_program(tmp_path, capsys):
    claim = r'\frac{\partial L}{\partial h_t} = W^\top \frac{\partial L}{\partial h_{t+1}} \text{"""; print(7); """}'
    found = [f for f in check_text(f"$$\nh_t = \\tanh(W h_{{t-1}})\n$$\n\n$$\n{claim}\n$$\n").findings if f.script]
    for f in found:
        assert len(shown(f.script, tmp_path, capsys)) == 2


def test_emit_numpy_writes_one_program_a_refuted_equation(lstm_sym, tmp_path, capsys):
    text = "$$\nh_t = \\tanh(W h_{t-1})\n$$\n\n$$\n\\frac{\\partial h_t}{\\partial h_{t-1}} = W\n$$\n"
    run = lstm_sym("check", "docs/a.md", "--emit-numpy", "out", files={"docs/a.md": text})
    assert run.code == 1 and "out: 1 program that" in run.err
    assert len(shown((tmp_path / "out" / "docs_a_line6_1.py").read_text(encoding="utf-8"), tmp_path, capsys)) == 2
