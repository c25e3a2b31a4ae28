"""What a text supposes counts as it is said: not where it is said to fail or dropped again, and also where no "if" is said."""
from __future__ import annotations

import pytest
from claims import last_claim

from lstm_sym.documents.check import check_text

NET = r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$"
FAR = r"\left\|\frac{\partial h_T}{\partial h_t}\right\|"
VANISHES = rf"$$\lim_{{T\to\infty}}{FAR} = 0$$"
SMALL = r"$\|W\| < 1$"


@pytest.mark.parametrize("words", [
    f"If {SMALL} does not hold, then ", f"If {SMALL} fails, then ", f"If not {SMALL}, then ",
    f"If it is not true that {SMALL}, then ", f"If the condition {SMALL} is not satisfied, then ",
    f"Suppose {SMALL} is false. Then ",
    f"Without assuming {SMALL}, ", "If it is not true that the spectral norm of $W$ is less than 1, then ",
    f"If {SMALL} on average, then ", f"If {SMALL} at initialization, then ", f"If {SMALL} with high probability, then "])
def test_nothing_is_proved_by_what_is_said_to_fail_or_to_hold_mostly(words: str) -> None:
    assert last_claim(NET, words + VANISHES).verdict == "undecided"


@pytest.mark.parametrize("words", [
    f"If {SMALL} is replaced by $\\rho(W) < 1$, then ", f"If $\\rho(W) < 1$ (weaker than {SMALL}), then ",
    f"If $\\rho(W) < 1$, which is implied by {SMALL}, then ", f"If $\\rho(W) < 1$ as opposed to {SMALL}, then ",
    f"If $\\rho(W) < 1$, for instance because {SMALL}, then ", f"No matter if {SMALL}, "])
def test_formulas_that_words_other_than_and_relate_are_not_supposed_together(words: str) -> None:
    assert last_claim(NET, words + VANISHES).verdict == "undecided"


@pytest.mark.parametrize("words", ["Suppose instead $\\rho(W) < 1$. Then ", "Now let $\\rho(W) < 1$ only. Then "])
def test_a_supposition_that_is_made_instead_of_another_stands_alone(words: str) -> None:
    assert last_claim(NET, f"Suppose {SMALL}. Then all is well. {words}{VANISHES}").verdict != "proved"


@pytest.mark.parametrize("text", [f"The gradient vanishes precisely when {SMALL}.",
                                  f"The gradient vanishes if {SMALL} and only then.",
                                  f"The gradient vanishes if {SMALL}; otherwise it explodes.",
                                  f"If {SMALL}, the gradient with respect to the weights vanishes.",
                                  rf"If {SMALL}, the gradient $\frac{{\partial L}}{{\partial W}}$ vanishes."])
def test_words_that_claim_more_or_of_something_else_are_not_judged(text: str) -> None:
    found = check_text(f"{NET}\n\n{text}\n").findings
    assert not any(f.verdict == "proved" for f in found if f.kind == "claim")


@pytest.mark.parametrize("words", [
    "Now drop this assumption. Then ", "Without this assumption, ", "In general, ", "We no longer assume this. Then ",
    "For arbitrary weights, "])
def test_what_was_supposed_and_is_dropped_again_proves_nothing(words: str) -> None:
    found = last_claim(NET, f"Suppose {SMALL}. Then all is well. {words}{VANISHES}")
    assert found.verdict == "conditional" and "supposes in another form" in found.message


def test_a_directive_is_not_dropped_by_words() -> None:
    assert last_claim(NET, f"<!-- lstm-sym: assume sigma_max(W) < 1 -->\n\nIn general, {VANISHES}").verdict == "proved"


@pytest.mark.parametrize("text", [
    f"Consider the case {SMALL}. Then {VANISHES}", f"Our assumption is {SMALL}. {VANISHES}", f"Now {SMALL}, hence {VANISHES}",
    f"**Case 1:** {SMALL}. {VANISHES}", f"{VANISHES} This needs {SMALL}.", f"{VANISHES} This is true only for {SMALL}.",
    VANISHES.replace("= 0", r"= 0 \quad (\|W\| < 1)"), VANISHES.replace("= 0", r"= 0, \quad \|W\| < 1")])
def test_a_claim_that_is_true_under_what_is_stated_nearby_is_not_called_false(text: str) -> None:
    claims = [f for f in check_text(f"{NET}\n\n{text.replace('$$', chr(10) + '$$' + chr(10))}\n").findings if f.kind == "claim"]
    (found,) = (f for f in claims if "lim" in f.latex)
    assert found.verdict == "conditional" and "nearby" in found.message


@pytest.mark.parametrize("text", [
    rf"Consider the case $\rho(W) < 1$. Then {VANISHES}", rf"Here $\|W\| \le 1$. {VANISHES}",
    rf"Now $\|W\| > 1$. {VANISHES}"])
def test_a_claim_that_is_false_under_what_is_stated_nearby_too_is_refuted(text: str) -> None:
    assert last_claim(NET, text).verdict == "refuted"


@pytest.mark.parametrize("words", [f"If {SMALL}, then ", f"Let {SMALL}. Then ", f"**Theorem.** Let {SMALL}. Then ",
                                   f"Once {SMALL}, ", f"In case {SMALL}, ", f"Imagine that {SMALL}. Then ", f"{SMALL} gives "])
def test_many_words_suppose_something(words: str) -> None:
    assert last_claim(NET, words + VANISHES).verdict == "proved"


@pytest.mark.parametrize("beside", [
    r"\text{ unless } \|W\| \ge 1", r"\text{ if not } \|W\| < 1", r"\text{ or } \|W\| < 1", r"\iff \|W\| < 1",
    r"\impliedby \|W\| < 1"])
def test_more_than_one_implication_inside_a_formula_is_not_judged(beside: str) -> None:
    assert last_claim(NET, VANISHES.replace("= 0", f"= 0 {beside}")).verdict == "undecided"


@pytest.mark.parametrize("claim", [
    rf"$${FAR} \to 0 \text{{ as }} t \to T$$", rf"$${FAR} \to 0 \text{{ as }} \|W\| \to 0$$", rf"$$\lim_{{T\to 0}}{FAR} = 0$$",
    rf"$$\lim_{{T\to\infty}}{FAR} < \infty$$"])
def test_of_limits_only_those_at_infinity_are_read(claim: str) -> None:
    assert last_claim(NET, f"If {SMALL}, then {claim}").verdict == "not_read"


def test_a_limit_in_an_index_that_no_product_grows_with_is_not_refuted() -> None:
    assert last_claim(NET, rf"$${FAR} \to 0 \text{{ as }} t \to \infty$$").verdict == "undecided"


def test_a_bound_up_to_a_factor_is_not_refuted_by_one_net() -> None:
    assert last_claim(NET, rf"$${FAR} \lesssim \rho(W)^{{T-t}}$$").verdict == "undecided"


@pytest.mark.parametrize("claim, verdict", [(r"$$|h_t| \le |o_t|$$", "undecided"), (r"$$|o_t| \le |h_t|$$", "refuted")])
def test_columns_are_compared_entry_by_entry(claim: str, verdict: str) -> None:
    assert last_claim("<!-- lstm-sym: model: lstm -->", claim).verdict == verdict
