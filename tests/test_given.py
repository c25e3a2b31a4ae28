"""What directives grant counts in their part of the document, and nothing else does."""
from __future__ import annotations

import pytest

from lstm_sym.documents.check import check_text
from lstm_sym.documents.findings import Finding

NET = r"""
$$h_t = \tanh(W h_{t-1} + U x_t + b)$$
$$o_t = V h_t + d$$
$$p_t = \operatorname{softmax}(o_t)$$
$$L = -\sum_t y_t^\top \log p_t$$
"""
START, HEAD = r"$$h_1 = \tanh(U x_1 + b)$$", r"$$\frac{\partial L}{\partial o_t} = p_t - y_t$$"
STEP = r"$$\left\|\frac{\partial h_t}{\partial h_{t-1}}\right\| < 1$$"


def last(directive: str, claim: str, between: str = "") -> Finding:
    """The finding on the claim, behind a directive and the net."""
    comment = f"<!-- lstm-sym: {directive} -->\n" if directive else ""
    return check_text(f"{comment}{NET}\n{between}\n{claim}\n").findings[-1]


@pytest.mark.parametrize("directive", ["given h_0 = 0", "given: h_0 = 0", r"given $h_0 = \mathbf{0}$", "assume h_0 = 0"])
def test_an_initial_state_is_zero_where_it_is_given(directive: str) -> None:
    assert (last(directive, START).verdict, last("", START).verdict) == ("proved", "refuted")
    assert last(directive, r"$$h_1 = \tanh(U x_1)$$").verdict == "refuted"


SUMS = (r"\sum_j y_j = 1", r"\sum_{j=1}^{K} y_{t,j} = 1", r"\sum_k y_{tk} = 1", r"\mathbf{1}^\top y_t = 1")


@pytest.mark.parametrize("sums", SUMS)
def test_targets_sum_to_one_where_it_is_given(sums: str) -> None:
    assert (last(f"given {sums}", HEAD).verdict, last("", HEAD).verdict) == ("proved", "conditional")


def test_a_sum_over_the_steps_says_nothing_of_entries() -> None:
    checked = check_text("<!-- lstm-sym: given \\sum_t y_t = 1 -->\n" + NET + HEAD)
    assert [(f.verdict, f.code) for f in checked.findings if f.verdict] == [("not_read", "N302"), ("conditional", None)]


def test_what_is_granted_below_one_model_is_not_granted_below_the_next() -> None:
    text = f"# One\n<!-- lstm-sym: given h_0 = 0 -->\n{NET}\n{START}\n\n# Two\n{NET}\n{START}\n"
    assert [f.verdict for f in check_text(text).findings if f.verdict] == ["proved", "refuted"]


def test_a_bound_on_a_singular_value_is_assumed() -> None:
    assert last("assume sigma_max(W) < 1", STEP).verdict == "proved"
    assert last("", STEP).verdict != "proved"


def test_what_cannot_be_granted_is_told() -> None:
    checked = check_text("<!-- lstm-sym: given W is nice -->\n" + NET)
    assert [(f.line, f.verdict, f.code) for f in checked.findings if f.verdict] == [(1, "not_read", "N302")]
