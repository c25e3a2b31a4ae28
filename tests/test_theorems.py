"""Every theorem is proved, replayed, printed, quick, and stands in the ledger as it is."""
import json
from pathlib import Path

import pytest

from lstm_sym.errors import UnknownName
from lstm_sym.proof.ledger import ledger
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.registry import THEOREMS, theorem
from lstm_sym.proof.statements import indices
from lstm_sym.proof.vacuous import is_vacuous
from lstm_sym.proof.write import FORMATS, show

PAGE = Path(__file__).parents[1] / "docs" / "theorems.md"


@pytest.mark.parametrize("name", THEOREMS)
def test_each_theorem_is_proved_and_replayed_and_its_hypotheses_do_not_contradict_each_other(name):
    proved = THEOREMS[name].prove()
    assert recheck(proved) > 0
    assert not is_vacuous(proved)


@pytest.mark.parametrize("name", ["rnn-jacobian-bound", "bptt", "cell-path"])
def test_the_main_theorems_hold_for_every_size_and_length(name):
    t = theorem(name)
    assert {"n"} <= indices(t.conclusion) | indices(("and", *t.hypotheses)) and "T" in indices(("and", *t.hypotheses))


@pytest.mark.parametrize("target", FORMATS)
def test_each_format_prints_every_theorem(target):
    assert all(show(name, target) for name in THEOREMS)


def test_a_printed_theorem_holds_hypotheses_statement_and_steps():
    d = json.loads(show("rnn-vanishing", "json"))["theorem"]
    assert any("γ" in h["text"] for h in d["hypotheses"]) and "→ 0" in d["statement"]["text"] and len(d["steps"]) > 10


def test_an_unknown_theorem_or_format_names_what_there_is():
    with pytest.raises(UnknownName, match="bptt"):
        theorem("nothing")
    with pytest.raises(UnknownName, match="markdown"):
        show("bptt", "html")


def test_the_ledger_is_what_running_the_proofs_gives():
    assert PAGE.read_text(encoding="utf-8") == ledger(), "run: python -m lstm_sym.proof.ledger > docs/theorems.md"
