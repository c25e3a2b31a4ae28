"""`lstm-sym prove` prints what the kernel proved, as mathematics, in every format, and says who checked it."""
from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from lstm_sym.cli import main, proving
from lstm_sym.notation.style import TERMINAL
from lstm_sym.proof import syntax as s
from lstm_sym.proof.account import TRUSTED, account, law
from lstm_sym.proof.cited import LAWS
from lstm_sym.proof.formulas import WRITE, writer
from lstm_sym.proof.kernel import Theorem, assume, conjoin
from lstm_sym.proof.registry import THEOREMS, theorem
from lstm_sym.proof.rules import RULES
from lstm_sym.proof.statements import SIGNATURE
from lstm_sym.proof.vacuous import contradiction, is_vacuous
from lstm_sym.proof.write import PAPER, latex, markdown, plain, show, text, told

PACKAGE = Path(__file__).parents[1] / "lstm_sym"
LATEX = shutil.which("pdflatex") or shutil.which("lualatex")
W, h = s.named("W", "n", "n"), s.named("h", "n", 1, "k")


@pytest.fixture
def lstm_sym(capsys):
    """Run the command: lstm_sym(*arguments) -> code, out, err."""
    def run(*arguments: str) -> SimpleNamespace:
        code = main(arguments)
        return SimpleNamespace(code=code, **capsys.readouterr()._asdict())
    return run


# --- statements as mathematics ------------------------------------------------------------------------------------

@pytest.mark.parametrize("e, plain_text, tex", [
    (s.between("k", s.shift("t", 1), "T", s.within(h, s.neg("c"), "c")),
     "|h_k| ≤ c entrywise, for t < k ≤ T",
     r"\lvert h_k \rvert \le c \text{ entrywise} \text{, for } t < k \le T"),
    (s.every("k", s.at_least("k", 1), s.within(h, 0, 1)), "0 ≤ h_k ≤ 1 entrywise, for k ≥ 1",
     r"0 \le h_k \le 1 \text{ entrywise} \text{, for } k \ge 1"),
    (s.le(s.norm(s.descending("k", s.shift("t", 1), "T", s.mul(s.diag(h), W))), s.power(s.prod("gamma", s.norm(W)), "T")),
     "‖Π_{k=T}^{t+1} diag(h_k) W‖_p ≤ (γ ‖W‖_p)^T",
     r"\lVert \prod_{k=T}^{t+1} \operatorname{diag}(h_k) W \rVert_{p} \le (\gamma \lVert W \rVert_{p})^{T}"),
    (s.eq(s.mul(s.tr(W), s.add(h, h)), s.sub(s.ones("n"), s.had(h, h))), "Wᵀ (h_k + h_k) = 1 - h_k^2",
     r"W^{\top} (h_k + h_k) = 1 - h_k^{2}"),
    (s.radius(s.table([[s.real(1), "x"], [0, s.log(3)]]), s.prod(-1, s.plus("x", s.neg("y")))), "ρ([1, x; 0, ln 3]) ≤ -(x - y)",
     r"\rho\left(\begin{pmatrix} 1 & x \cr 0 & \ln 3 \end{pmatrix}\right) \le -(x - y)"),
    (s.at_least("T", s.shift("t", 1)), "t < T", "t < T"),
    (s.at_least("t", 0), "0 ≤ t", r"0 \le t"),
    (s.limit("k", s.power("x", "k")), "x^k → 0 as k → ∞", r"\lim_{k \to \infty} x^{k} = 0"),
    (s.derivative(W, s.named("W'", "n", "n")), "d/dε W = W'", r"\frac{d}{d\varepsilon} W = W'"),
    (s.eq(s.inner(W, W), s.total("k", 1, "T", s.mul(s.tr(h), h))), "⟨W, W⟩ = Σ_{k=1}^T h_kᵀ h_k",
     r"\langle W, W \rangle = \sum_{k=1}^{T} h_k^{\top} h_k"),
    (s.le(s.norm(s.scaled("x", W), "inf"), s.prod(s.absolute("x"), s.norm(W, "inf"))), "‖x W‖_∞ ≤ |x| ‖W‖_∞",
     r"\lVert x W \rVert_{\infty} \le \lvert x \rvert \lVert W \rVert_{\infty}"),
])
def test_a_statement_is_written_as_in_a_paper(e, plain_text, tex):
    assert text(e) == plain_text and writer(PAPER, e).text(e) == tex


def test_every_sort_of_statement_can_be_written():
    assert set(WRITE) == set(SIGNATURE)


def test_a_bound_index_never_takes_the_name_of_a_free_one():
    k_is_free = s.le(s.norm(s.descending("s", 1, "k", s.mul(W, s.diag(s.named("h", "n", 1, "s"))))), s.real("j"))
    assert text(k_is_free) == "‖Π_{l=k}^1 W diag(h_l)‖_p ≤ j"
    nested = s.every("k", s.every("t", s.le(s.member("x", "k"), s.member("x", "t"))))
    assert text(nested) == "x_k ≤ x_j, for all j, for all k"


def test_every_law_of_the_rules_can_be_written():
    assert all(law(name, writer(style)) for name in RULES for style in (TERMINAL, PAPER))


# --- theorems as pages --------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", THEOREMS)
def test_a_page_names_hypotheses_statement_steps_and_what_the_proof_rests_on(name):
    shown, t, w = show(name), theorem(name), told(name).writer(TERMINAL)
    assert all(f"H{n}  {w.text(x)}" in shown for n, x in enumerate(t.hypotheses, 1))
    assert [x for x in ("Hypotheses", "Statement", "Proof", "Rests on") if f"\n{x}\n" not in shown] == []
    assert "#" not in shown and "Fraction" not in shown and "Affine" not in shown


@pytest.mark.parametrize("name", THEOREMS)
def test_the_steps_end_with_the_theorem_and_look_only_back(name):
    a = told(name)
    assert a.steps[-1].statement == a.theorem.conclusion
    labels = {f"H{n}" for n in range(1, len(a.theorem.hypotheses) + 1)}
    for step in a.steps:
        assert set(step.premises) <= labels | {str(n) for n in range(1, step.number)}


@pytest.mark.parametrize("name", ["rnn-tanh", "bptt"])
def test_json_has_every_step_and_who_accepted_them(lstm_sym, name):
    run = lstm_sym("prove", name, "--format", "json")
    found = json.loads(run.out)["theorem"]
    assert run.code == 0 and found["evidence"]["kernel"] and found["evidence"]["replayed_steps"] == len(found["steps"])
    assert found["statement"].keys() == {"text", "latex"} and found["vacuous"] is False
    assert all(p < step["number"] for step in found["steps"] for p in step["premises"])


@pytest.mark.skipif(LATEX is None, reason="no LaTeX is installed")
def test_latex_compiles_every_theorem(tmp_path):
    (tmp_path / "all.tex").write_text(latex(*map(told, THEOREMS)), encoding="utf-8")
    run = subprocess.run([str(LATEX), "-interaction=nonstopmode", "-halt-on-error", "all.tex"], cwd=tmp_path, capture_output=True,
                         text=True, errors="replace", check=False)
    assert run.returncode == 0 and (tmp_path / "all.pdf").is_file(), run.stdout[-2000:]


@pytest.mark.parametrize("name", THEOREMS)
def test_latex_is_a_document_with_its_braces_and_environments_closed(name):
    source = show(name, "latex")
    assert source.startswith(r"\documentclass") and source.rstrip().endswith(r"\end{document}") and source.isascii()
    assert source.count("{") - source.count(r"\{") == source.count("}") - source.count(r"\}")
    body = source.partition(r"\begin{document}")[2].removesuffix("\\end{document}\n")
    opened, closed = (sorted(re.findall(rf"\\{word}\{{(\w+\*?)\}}", body)) for word in ("begin", "end"))
    assert opened == closed and {"theorem", "proof", "steps"} <= set(opened)


@pytest.mark.parametrize("name", THEOREMS)
def test_formulas_of_markdown_survive_markdown(name):
    """A backslash before a sign is an escape in Markdown, so none may stand in a formula; dollars pair."""
    page = show(name, "markdown")
    formulas = re.findall(r"\$\$([^$]+)\$\$|\$([^$\n]+)\$", page)
    assert page.count("$") == sum(4 if a else 2 for a, _ in formulas)
    assert [f for pair in formulas for f in pair if re.search(r"\\[^a-zA-Z]", f)] == []


# --- the command --------------------------------------------------------------------------------------------------

def test_a_theorem_that_does_not_exist_is_an_error_with_the_nearest_name(lstm_sym):
    run = lstm_sym("prove", "rnn-tan")
    assert run.code == 2 and run.out == "" and "did you mean rnn-tanh?" in run.err and run.err.count("\n") == 1


@pytest.mark.parametrize("arguments, meant", [
    (("rnn-tanh", "--format", "latx"), "latex"), (("--list", "--format", "jsn"), "json")])
def test_a_format_that_does_not_exist_is_an_error_with_the_nearest_one(lstm_sym, arguments, meant):
    run = lstm_sym("prove", *arguments)
    assert run.code == 2 and f"did you mean {meant}?" in run.err


def test_the_list_has_every_theorem_with_its_marks_and_the_trusted_base(lstm_sym):
    run = lstm_sym("prove", "--list")
    assert run.code == 0 and lstm_sym("prove").out == run.out
    for name, row in THEOREMS.items():
        assert re.search(rf"^{name} +yes +\d+ +(by hand|exported) ", run.out, re.MULTILINE) and row.title in run.out
    assert all(re.search(rf"^ +\d+  {name}$", run.out, re.MULTILINE) for name in TRUSTED)


def test_the_list_counts_the_laws_of_determinants_that_claims_of_documents_cite(lstm_sym):
    run, data = lstm_sym("prove", "--list"), json.loads(lstm_sym("prove", "--list", "--format", "json").out)
    assert f"cited for claims about determinants: {len(LAWS)} laws" in run.out
    assert data["laws"] == LAWS and all(name in run.out for name in LAWS)


def test_the_list_as_json_names_what_is_cited(lstm_sym):
    data = json.loads(lstm_sym("prove", "--list", "--format", "json").out)
    cited = {row["name"]: row["cited"] for row in data["theorems"]}
    assert list(cited) == list(THEOREMS) and "Gelfand" in cited["linear-vanishing"]["GELFAND"]
    assert data["trusted"]["proof/kernel.py"] <= 200


def test_without_coq_a_recheck_says_so(lstm_sym, monkeypatch):
    monkeypatch.setattr(proving, "is_available", lambda: False)
    run = lstm_sym("prove", "chrono", "--recheck")
    assert run.code == 0 and "replayed by the second reader" in run.err and "kernel, not re-checked" in run.err


def test_a_proof_that_coq_refuses_fails_the_run(lstm_sym, monkeypatch):
    monkeypatch.setattr(proving, "is_available", lambda: True)
    monkeypatch.setattr(proving, "compile_library", lambda to: "")
    monkeypatch.setattr(proving, "check", lambda theorems, to: dict.fromkeys(theorems, "rests on cheat"))
    run = lstm_sym("prove", "chrono", "--recheck")
    assert run.code == 1 and "refused: rests on cheat" in run.err


def test_a_proof_that_the_second_reader_refuses_fails_the_run(lstm_sym, monkeypatch):
    forged = object.__new__(Theorem)
    for slot, value in (("hypotheses", ()), ("conclusion", s.le(1, 0)), ("rule", "NORM_EYE"), ("data", ()), ("premises", ())):
        object.__setattr__(forged, slot, value)
    monkeypatch.setattr(proving, "is_available", lambda: False)
    monkeypatch.setattr(proving, "theorem", lambda name: forged)
    run = lstm_sym("prove", "--list", "--recheck")
    assert run.code == 1 and "refused" in run.out


def test_no_theorem_is_read_from_a_file():
    """Nothing in the package makes a theorem from text: the kernel's rules are the only callers of its constructor."""
    makers = [path.name for path in sorted((PACKAGE / "proof").rglob("*.py")) for node in ast.walk(ast.parse(path.read_text()))
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Theorem"]
    assert set(makers) == {"kernel.py"}


def test_the_trusted_base_is_everything_that_the_kernel_imports():
    pending, found = ["proof/kernel.py"], set()
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            nodes = ast.walk(ast.parse((PACKAGE / name).read_text()))
            imports = (n.module for n in nodes if isinstance(n, ast.ImportFrom) and n.module)
            pending += [m.removeprefix("lstm_sym.").replace(".", "/") + ".py" for m in imports if m.startswith("lstm_sym.")]
    assert found - {"errors.py"} == set(TRUSTED)


# --- vacuous truth ------------------------------------------------------------------------------------------------

x, y = "x", "y"


@pytest.mark.parametrize("hypotheses", [
    (s.lt(x, 0), s.le(0, x)),
    (s.le(s.norm(W), x), s.lt(x, 0)),
    (s.same(x, 2), s.same(x, 3)),
    (s.le(x, y), s.le(s.plus(y, 1), x)),
    (s.at_least("T", "t"), s.at_least("t", s.shift("T", 1))),
])
def test_hypotheses_that_contradict_each_other_are_reported(hypotheses):
    vacuous = conjoin(*map(assume, hypotheses))
    assert is_vacuous(vacuous)
    assert "VACUOUS" in plain(account("none", "nothing", vacuous)) and "VACUOUS" in markdown(account("none", "nothing", vacuous))


def test_a_contradiction_is_itself_a_theorem_of_the_kernel():
    hypotheses = s.le(s.norm(W), x), s.lt(x, 0)
    found = contradiction(conjoin(*map(assume, hypotheses)))
    assert found is not None and found.conclusion == s.lt(0, 0) and set(found.hypotheses) == set(hypotheses)


@pytest.mark.parametrize("hypotheses", [(s.le(0, x), s.le(x, 0)), (s.lt(x, y), s.lt(0, x)), (s.lt(s.norm(W), 1),),
                                        (s.at_least("T", "t"), s.at_least("t", "T"))])
def test_hypotheses_that_can_hold_are_not_called_contradictory(hypotheses):
    assert not is_vacuous(conjoin(*map(assume, hypotheses)))


@pytest.mark.parametrize("name", THEOREMS)
def test_no_theorem_of_the_list_is_vacuous(name):
    assert not is_vacuous(theorem(name))
