"""Coq proves every exported theorem again, and the statements written by hand; false ones it refuses."""
from concurrent.futures import ThreadPoolExecutor
from subprocess import run

import pytest
from forged import FORGED

from lstm_sym.proof.coq import script
from lstm_sym.proof.coq_check import (
    HEAD,
    WORKERS,
    assumptions,
    check,
    compile_library,
    coqc,
    golden_statements,
    is_available,
    verdict,
)
from lstm_sym.proof.registry import theorem, theorems

pytestmark = [pytest.mark.recheck, pytest.mark.skipif(not is_available(), reason="kernel, not re-checked: no coqc here")]


WRITTEN = {name: make for name, make in FORGED.items() if name != "not_a_number"}         # which Coq has no word for


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    directory = tmp_path_factory.mktemp("coq")
    with ThreadPoolExecutor(1) as pool:
        compiled = pool.submit(compile_library, directory)
        for t in theorems():                                 # proved while Coq is at work
            theorem(t.name)
    assert compiled.result() == ""
    return directory


def test_every_theorem_compiles_meets_its_statement_and_rests_on_the_reals(library):
    assert {n: why for n, why in check({t.name: theorem(t.name) for t in theorems()}, library).items() if why} == {}


def test_every_statement_written_by_hand_belongs_to_a_theorem():
    assert golden_statements() <= {t.name.replace("-", "_") for t in theorems()}


TRUE = "rnn-tanh"


@pytest.fixture(scope="session")
def said_of_forged(library):
    """What Coq says first against each script, in one session that goes on behind an error; "" where the lemma is proved."""
    made = {**{f"forged_{name}": make() for name, make in WRITTEN.items()}, "no_forgery": theorem(TRUE)}
    texts = (f"Check {n}_begins.\n{script(n, t)}\nCheck {n}.\nCheck {n}_ends.\nAbort All.\n" for n, t in made.items())
    command = ["coqtop", "-q", "-w", "none", "-Q", str(library), "LstmSym"]
    session = run(command, input=HEAD + "".join(texts), capture_output=True, text=True, check=True).stderr
    said = {n: session.split(f"> Check {n}_begins.")[1].split(f"> Check {n}_ends.")[0] for n in made}
    return {n: "".join(text.split("Error:")[2:3]).strip() for n, text in said.items()}      # the first error is of the mark


def test_coq_accepts_a_true_theorem_among_the_forged(said_of_forged):
    assert said_of_forged["no_forgery"] == ""


@pytest.mark.parametrize("name", WRITTEN)
def test_coq_refuses_a_forged_theorem_for_a_reason_of_its_own(said_of_forged, name):
    why = said_of_forged[f"forged_{name}"]
    assert why != "" and "Stack overflow" not in why


PLANTED = [
    "Axiom cheat : 1 <= 0.\nLemma x : 1 <= 0. Proof. exact cheat. Qed.\nPrint Assumptions x.\n",
    "Axiom functional_extensionality_dep : 1 <= 0.\nLemma x : 1 <= 0. Proof. exact functional_extensionality_dep. Qed.\n"
    "Print Assumptions x.\n",
    "Lemma x : 1 <= 0. Admitted.\nPrint Assumptions x.\n",
    "Lemma x : 0 <= 1. Proof. lra. Qed.\n",
    "#[bypass_check(guard)] Fixpoint loop (n : nat) : 1 <= 0 := loop n.\nLemma x : 1 <= 0. Proof. exact (loop 0). Qed.\n"
    "Print Assumptions x.\n",
    "Lemma rule_GELFAND : 1 <= 0. Admitted.\nPrint Assumptions rule_GELFAND.\n",
    "Lemma x : 1 <= 0. Admitted.\nPrint Assumptions x.\nGoal True. idtac \"Closed under the global context\".\n",
]


@pytest.fixture(scope="session")
def said_of_planted(library):
    paths = {text: library / f"Planted{n}.v" for n, text in enumerate(PLANTED)}
    for text, path in paths.items():
        path.write_text(HEAD + text, encoding="utf-8")
    with ThreadPoolExecutor(WORKERS) as pool:
        return dict(zip(PLANTED, pool.map(lambda path: verdict(coqc(path), path), paths.values()), strict=True))


@pytest.mark.parametrize("text", PLANTED)
def test_a_planted_axiom_does_not_pass(said_of_planted, text):
    assert said_of_planted[text] != ""


def test_assumptions_are_read_from_what_coq_prints():
    assert assumptions("Closed under the global context\n") == set()
    assert assumptions("Axioms:\ncheat : 1 <= 0\nA.b\n  : forall x, x\n") == {"cheat", "A.b"}
    assert assumptions("Axioms:\ncheat : 1 <= 0\nloop is assumed to be guarded.\n") == {"cheat", "loop"}
    assert assumptions("Closed under the global context\nAxioms:\ncheat : 1 <= 0\n") == {"cheat"}
    assert assumptions("") is None


def test_a_rule_that_cites_nothing_may_not_rest_on_what_is_cited(library):
    path = library / "Resting.v"
    path.write_text(HEAD + "Definition x := rule_GELFAND.\nPrint Assumptions x.\n", encoding="utf-8")
    answer = coqc(path)
    assert verdict(answer, path) == "" and "gelfand" in verdict(answer, path, cited=frozenset())
