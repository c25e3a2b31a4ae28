"""What is claimed of the entries of a state is proved by induction over the steps from the initial one, and refuted by a run."""
from __future__ import annotations

import pytest
from claims import last_claim

from lstm_sym.documents.findings import Finding


def judged(model: str, text: str) -> Finding:
    """The last claim about the model of that name."""
    return last_claim(f"<!-- lstm-sym: model: {model} -->", text)


@pytest.mark.parametrize("model, text", [
    ("lstm", r"If $c_0 = 0$, then $$|c_t| \le t.$$"),
    ("lstm", r"With $c_0 = 0$ we have $$|c_t| \le t.$$"),
    ("lstm", r"If $|c_0| \le 1$, then $$|c_t| \le t + 1.$$"),
    ("lstm", r"If $|c_0| \le 1$, then $$|c_k| \le k + 1.$$"),
    ("lstm", r"If $c_0 = 0$, then $$|c_t| \le 2t.$$"),
    ("lstm", r"If $|c_0| \le 1$, then $$|c_t| \le 3t + 2.$$"),
    ("gru",  r"If $|h_0| \le 1$, then $$|h_t| \le 1.$$"),
    ("gru",  r"If $h_0 = 0$, then $$|h_t| \le 1.$$"),
    ("gru-after", r"If $|h_0| \le 2$, then $$|h_t| \le 2.$$"),
])
def test_a_state_is_bounded_by_what_it_begins_with_and_what_each_step_adds(model: str, text: str) -> None:
    found = judged(model, text)
    assert (found.verdict, found.evidence) == ("proved", "kernel"), found.message


@pytest.mark.parametrize("text", [
    r"If $c_0 = 0$, then $$|c_t| \le \frac{t}{10}.$$",
    r"If $c_0 = 0$, then $$|c_t| \le t - 2.$$ ",
    r"If $|c_0| \le 1$, then $$|c_t| \le \frac{1}{10}.$$",
])
def test_a_bound_that_a_run_of_the_net_breaks_is_refuted(text: str) -> None:
    assert judged("lstm", text).verdict == "refuted"


@pytest.mark.parametrize("model, text", [
    ("lstm", r"$$|c_t| \le t$$"),
    ("lstm", r"If $c_0 = 1$, then $$|c_t| \le t.$$"),
    ("lstm", r"If $|c_0| \le 2$, then $$|c_t| \le t + 1.$$"),
    ("gru",  r"$$|h_t| \le 1$$"),
    ("gru",  r"If $|h_0| \le 2$, then $$|h_t| \le 1.$$"),
])
def test_no_bound_is_proved_that_the_initial_state_may_break(model: str, text: str) -> None:
    assert judged(model, text).verdict in ("undecided", "refuted")
