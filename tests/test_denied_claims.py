"""What a text denies, draws from a condition or says not to exist is judged as it is said, and not as the bare formula."""
from __future__ import annotations

import pytest
from claims import last_claim

from lstm_sym.documents.check import check_text

NET = r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$"
STEP = r"\frac{\partial h_t}{\partial h_{t-1}}"
JACOBIAN = rf"{STEP} = \operatorname{{diag}}(1 - h_t^2) W"
VANISHES = r"\lim_{T\to\infty}\left\|\frac{\partial h_T}{\partial h_t}\right\| = 0"

DENIED = [
    (r"It is not true that $$\|W\|_2 \le \rho(W).$$", "refuted"),
    (r"In general it is not the case that $$\|W\|_2 = \rho(W).$$", "refuted"),
    (r"One might think that $$\|W\|_2 \le \rho(W),$$ but this is wrong.", "refuted"),
    (r"$$\|W\|_2 = \rho(W)$$ This is not true in general.", "refuted"),
    (r"The claim $\|W\|_2 \le \rho(W)$ is false.", "refuted"),
    (rf"If $\rho(W) < 1$, it does not follow that $${VANISHES}.$$", "refuted"),
    (rf"It is not true that $${STEP} = W.$$", "refuted"),
    (rf"A common mistake is to write $${STEP} = \operatorname{{diag}}(1 - h_t^2) W^\top.$$", "refuted"),
    (r"It is not true that $$\|W\|_2 \ge \rho(W).$$", "proved"),
    (r"We do not have $\|W\|_2 \le \|W\|_F$.", "proved"),
    (rf"It is wrong to write ${JACOBIAN}$.", "proved"),
]
IN_WORDS = [
    (r"It is a common misconception that the gradient vanishes if $\rho(W) < 1$.", "proved"),
    (r"$\rho(W) < 1$ does not imply that the gradient vanishes.", "proved"),
    (r"It is not true that $\rho(W) < 1$ implies that the gradient vanishes.", "proved"),
    (r"It is wrong that the gradient vanishes if $\sigma_{\max}(W) < 1$.", "refuted"),
    # no denial
    (r"It is not hard to see that $$\|W\|_2 \ge \rho(W).$$", "proved"),
    (rf"It is not true that a net forgets. But $${JACOBIAN}.$$", "proved"),
    (r"$$\|W\|_2 \ge \rho(W)$$ It is wrong to conclude more.", "proved"),
    (r"$$\|W\|_2 \le \rho(W)$$ This is not true for normal matrices only.", "refuted"),
]


@pytest.mark.parametrize("text, verdict", DENIED)
def test_the_verdict_on_a_formula_that_is_denied_is_that_on_the_formula(text: str, verdict: str) -> None:
    found = last_claim(NET, text)
    assert (found.verdict, found.expected) == (verdict, verdict == "refuted"), found.message
    assert ("as the text says" if verdict == "refuted" else "the text denies it") in found.message


@pytest.mark.parametrize("text, verdict", IN_WORDS)
def test_a_denial_in_words_of_what_is_false_is_proved_and_of_what_is_true_refuted(text: str, verdict: str) -> None:
    found = last_claim(NET, text)
    assert (found.verdict, found.expected) == (verdict, False), found.message


def test_each_of_several_formulas_that_are_denied_together_is_judged() -> None:
    found = check_text(f"{NET}\n\nIt is not true that $\\|W\\|_2 \\ge \\rho(W)$ and $\\|W\\|_2 \\le \\rho(W)$.\n").findings
    assert [f.verdict for f in found if f.kind == "claim"] == ["proved", "refuted"]


DRAWN = [
    (r"The condition $\sigma_{\max}(W) < 1$ implies that the gradient vanishes.", "proved"),
    (r"$\sigma_{\max}(W) < 1$ is sufficient for the gradient to vanish.", "proved"),
    (r"A sufficient condition for vanishing gradients is $\|W\|_2 < 1$.", "proved"),
    (r"Having $\|W\|_2 < 1$ is enough for the gradient to vanish.", "proved"),
    (r"$\|W\|_2 < 1$ implies $\rho(W) < 1$.", "proved"),
    (r"$\rho(W) < 1$ guarantees that the gradients vanish.", "refuted"),
    (r"A sufficient condition for vanishing gradients is $\rho(W) < 1$.", "refuted"),
    (r"$\rho(W) < 1$ implies $\|W\|_2 < 1$.", "refuted"),
    (r"The interesting case is $\rho(W) < 1$.", "undecided"),
    (r"We require $\|W\|_2 < 1$.", "undecided"),
]


@pytest.mark.parametrize("text, verdict", DRAWN)
def test_a_condition_on_the_weights_is_no_claim_and_what_is_drawn_from_it_is_one(text: str, verdict: str) -> None:
    found = last_claim(NET, text)
    assert found.verdict == verdict, found.message


@pytest.mark.parametrize("text, verdict", [
    (r"There is a matrix $W$ with $\rho(W) < 1$ and $\|W\|_2 > 5$.", "proved"),
    (r"There exists $W$ with $\|W\|_2 < \rho(W)$.", "refuted"),
    (r"There is no matrix $W$ such that $$\|W\|_2 < \rho(W).$$", "proved"),
    (r"There is no matrix $W$ with $\|W\|_2 < \rho(W)$.", "proved"),
    (r"No matrix $W$ satisfies $\|W\|_2 < \|W\|_F$.", "refuted"),
    (r"There is no input such that $$\|h_t\|_2 > 1.$$", "undecided"),
])
def test_that_there_is_none_is_proved_by_the_contrary_and_refuted_by_an_example(text: str, verdict: str) -> None:
    found = last_claim(NET, text)
    assert found.verdict == verdict, found.message


def test_a_sigma_that_the_text_sets_equal_to_a_norm_is_no_logistic_function() -> None:
    found = check_text(f"{NET}\n\nLet $\\sigma = \\|W\\|_2$ and suppose $\\sigma < 1$.\n").findings
    assert all(f.verdict != "proved" for f in found)


@pytest.mark.parametrize("text", [
    r"Is it true that $\|W\|_2 \le \rho(W)$?",
    r"Does $\rho(W) < 1$ imply that the gradient vanishes?",
    r"Ideally, $\|\frac{\partial h_t}{\partial h_{t-1}}\|_2 = 1$.",
    r"The inequality $\|W\|_2 \le \rho(W)$ holds only for normal matrices.",
    r"Exploding gradients: $\lim_{T\to\infty} \|\frac{\partial h_T}{\partial h_t}\|_2 = \infty$.",
    r"We choose $W^\top W = I$.",
    r"Suppose for contradiction that $\rho(W) > \|W\|_2$. Then $$\|W\|_1 < \rho(W).$$",
])
def test_what_is_asked_wished_for_chosen_or_described_is_not_called_false(text: str) -> None:
    assert last_claim(NET, text).verdict == "undecided"


@pytest.mark.parametrize("text, verdicts", [
    (r"The gradient vanishes whenever $\|W\|_2 < 1$, and explodes whenever $\|W\|_2 > 1$.", ["proved", "refuted"]),
    (r"If $\|W\|_2 < 1$, gradients vanish; if $\|W\|_2 > 1$, they explode.", ["proved", "refuted"]),
    (r"For $\|W\|_2 < 1$ the gradient vanishes, while for $\|W\|_2 > 1$ it may explode.", ["proved"]),
])
def test_two_implications_of_one_sentence_are_judged_apart(text: str, verdicts: list[str]) -> None:
    found = check_text(f"{NET}\n\n{text}\n").findings
    assert [f.verdict for f in found if f.kind == "claim"] == verdicts
