"""What an arrow supposes is no claim, and what it draws is judged under it: never called false for want of it."""
from __future__ import annotations

import pytest

from lstm_sym.documents.check import check_text

NET = r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$" + "\n\n"
VANISHES = r"\lim_{T \to \infty} \left\| \frac{\partial h_T}{\partial h_1} \right\| = 0"


def judged(*formulas: str, words: str = "") -> list[tuple[str, str | None, str | None]]:
    found = check_text(NET + words + "\n\n" + "\n\n".join(f"$${f}$$" for f in formulas) + "\n").findings
    return [(f.kind, f.verdict, f.code) for f in found if f.kind != "model"]


SUPPOSED = ("hypothesis", None, None)


@pytest.mark.parametrize(("formula", "drawn"), [
    (rf"\|W\|_2 < 1 \implies {VANISHES}",                                      ("claim", "proved", None)),
    (rf"\rho(W) < 1 \Rightarrow {VANISHES}",                                   ("claim", "refuted", "E106")),
    (rf"|\lambda_{{\max}}(W)| < 1 \implies {VANISHES}",                        ("claim", "refuted", "E106")),
    (r"W = 0 \implies h_t = \tanh(U x_t + b)",                                 ("claim", "undecided", None)),
    (r"W = 0 \Rightarrow \frac{\partial h_t}{\partial h_{t-1}} = 0",           ("claim", "undecided", None)),
    (r"x_t = 0 \implies \frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) W", ("claim", "proved", None)),
])
def test_what_stands_before_an_arrow_is_supposed_of_what_it_draws(formula, drawn):
    assert judged(formula) == [SUPPOSED, drawn]


def test_a_formula_with_an_arrow_supposes_nothing_for_the_next_one():
    words = "If the largest eigenvalue of $W$ is smaller than one, the gradients vanish:"
    found = judged(rf"\rho(W) < 1 \implies {VANISHES}", rf"\|W\|_2 < 1 \implies {VANISHES}", words=words)
    assert [f for f in found if f[0] == "claim"] == [("claim", "refuted", "E106"), ("claim", "proved", None)]


def test_a_derivative_before_an_arrow_is_a_step_and_is_judged():
    found = judged(r"\frac{\partial h_t}{\partial h_{t-1}} = W \implies \frac{\partial L}{\partial b} = 0")
    assert found[0] == ("claim", "refuted", "E101") and len(found) == 2


def test_what_is_proved_before_an_arrow_supposes_nothing():
    first, second = judged(r"h_t - \tanh(W h_{t-1} + U x_t + b) = 0 \implies \frac{\partial h_t}{\partial h_{t-1}} = W")
    assert first == ("claim", "proved", None) and second == ("claim", "refuted", "E101")
