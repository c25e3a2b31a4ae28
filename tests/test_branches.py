"""A claim made under a condition is judged under it: each row of cases at its times, and never refuted elsewhere."""

import pytest

from lstm_sym.documents.check import check_text
from lstm_sym.documents.findings import Finding

NET = "The loss may read the state at every step.\n\n" + r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$" + "\n\n"
LEFT = r"\frac{\partial L}{\partial h_t}"
LAST = r"\frac{\partial^+ L}{\partial h_t}"                                               # true at t = T alone
BEFORE = LAST + r" + W^\top \operatorname{diag}(1 - h_{t+1}^2) \frac{\partial L}{\partial h_{t+1}}"
WRONG = LAST + r" + W^\top \frac{\partial L}{\partial h_{t+1}}"


def claims(*formulas: str) -> list[Finding]:
    found = check_text(NET + "\n\n".join(f"$${f}$$" for f in formulas) + "\n").findings
    return [f for f in found if f.kind == "claim"]


def cases(first: str, second: str) -> str:
    return rf"{LEFT} = \begin{{cases}} {first} \\ {second} \end{{cases}}"


@pytest.mark.parametrize(("first", "second", "verdicts"), [
    (f"{LAST} & t = T", f"{BEFORE} & t < T", ["proved", "proved"]),
    (rf"{LAST} & \text{{if }} t = T", rf"{BEFORE} & \text{{otherwise}}", ["proved", "proved"]),
    (rf"{BEFORE} & t \le T - 1", rf"{LAST} & \text{{otherwise}}", ["proved", "proved"]),
    (f"{LAST}, & t = T,", f"{WRONG}, & t < T.", ["proved", "refuted"]),
    (f"{LAST} & t < T", f"{BEFORE} & t = T", ["refuted", "conditional"]),                  # if terms of step T + 1 are 0
    (rf"{LAST} & x_t > 0", rf"{BEFORE} & \text{{otherwise}}", ["undecided"]),
])
def test_each_row_of_cases_is_a_claim_at_its_times(first, second, verdicts):
    assert [f.verdict for f in claims(cases(first, second))] == verdicts


@pytest.mark.parametrize(("claim", "verdict"), [
    (rf"{LEFT} = {LAST} \quad \text{{if }} t = T", "proved"),
    (rf"{LEFT} = {BEFORE} \quad \text{{for }} t < T", "proved"),
    (rf"{LEFT} = {LAST} \quad \text{{for }} t < T", "refuted"),
    (rf"{LEFT} = {LAST} \quad \text{{for all }} t", "refuted"),
    (rf"{LEFT} = {LAST} \quad \text{{for }} t = 1, \dots, T", "refuted"),
    (rf"{LEFT} = {LAST} \quad \text{{if the weights are small}}", "undecided"),
    (r"h_t = W h_{t-1} \quad \text{if } h_t > 0", "undecided"),
])
def test_a_condition_behind_a_claim_says_where_it_is_judged(claim, verdict):
    assert [f.verdict for f in claims(claim)] == [verdict]


def test_a_correction_is_not_offered_for_another_time_than_the_text_names():
    (found,) = claims(rf"{LEFT} = 2 {LAST} \quad \text{{if }} t = T")
    assert (found.verdict, found.correction) == ("refuted", None)


def test_a_state_defined_by_cases_is_the_state_with_its_start():
    net = r"$$h_t = \begin{cases} 0 & t = 0 \\ \tanh(W h_{t-1} + U x_t + b) & t > 0 \end{cases}$$"
    claim = r"$$\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) W$$"
    assert [f.verdict for f in check_text(f"{net}\n\n{claim}\n").findings] == [None, None, "proved"]


def test_activations_defined_by_cases_of_their_argument_are_undecided_and_never_taken_for_one_of_the_rows():
    text = r"\mathrm{relu}(x) = \begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}"
    assert [f.verdict for f in claims(text)] == ["undecided"]
