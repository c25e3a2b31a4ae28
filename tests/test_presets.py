"""A document without model lines that names a catalogue model has that model's gradients, as we print them, proved."""

import pytest

import lstm_sym as ls
from lstm_sym.cells.catalogue import MODELS
from lstm_sym.cli.deriving import derived

WRITTEN = "## Gradients"


@pytest.mark.parametrize("name", MODELS)
def test_the_derived_gradients_of_a_preset_are_proved(name):
    gradients = derived(name, "markdown", "every", delta=False).split(WRITTEN)[1]
    findings = ls.check_text(f"<!-- lstm-sym: model: {name} -->\n\n{WRITTEN}{gradients}").findings
    assert len(findings) >= len(ls.backward(name).outputs) and {f.verdict for f in findings} == {"proved"}
