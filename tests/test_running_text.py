"""Claims in running text: names defined by the way, displays after "for $t > 1$", and what goes on from the sentence before."""
from __future__ import annotations

import pytest
from claims import last_claim

NET = r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$"
RELU = r"$$h_t = \mathrm{relu}(W h_{t-1} + U x_t + b)$$"
STEP = r"\frac{\partial h_k}{\partial h_{k-1}}"
FAR = r"\frac{\partial h_T}{\partial h_t}"


@pytest.mark.parametrize("text", [
    rf"Let $J_k = \operatorname{{diag}}(1 - h_k^2) W$ be the Jacobian of one step. Then $${FAR} = \prod_{{k=t+1}}^T J_k.$$",
    r"Let $J_k = \operatorname{diag}(1 - h_k^2) W$. Then $$\|J_k\| \le \|W\|.$$",
    rf"With $$J_k = \frac{{\partial h_k}}{{\partial h_{{k-1}}}}$$ we have $$\|{FAR}\| \le \prod_{{k=t+1}}^T \|J_k\|.$$",
    rf"If $\|J_k\| \le \eta < 1$ for all $k$, where $J_k = {STEP}$, then $$\|{FAR}\| \le \eta^{{T-t}}.$$",
])
def test_a_name_that_is_defined_at_any_step_is_defined_at_each(text: str) -> None:
    assert last_claim(NET, text).verdict == "proved"


@pytest.mark.parametrize("text", [
    r"Let $J_k = \operatorname{diag}(1 - h_k^2) W$. Then $$\|J_k\|_2 \le \rho(W).$$",
    rf"Let $J_k = \operatorname{{diag}}(1 - h_k^2) W$. If $\rho(W) < 1$, then $$\lim_{{T\to\infty}} \|{FAR}\| = 0.$$",
])
def test_beside_a_definition_what_is_false_is_refuted(text: str) -> None:
    assert last_claim(NET, text).verdict == "refuted"


def test_what_a_display_says_behind_a_range_of_steps_is_claimed() -> None:
    found = last_claim("<!-- lstm-sym: model: lstm -->", r"Let $c_0 = 0$. Then for $t \ge 1$ $$|c_t| \le t$$")
    assert found.verdict == "proved"
    found = last_claim("<!-- lstm-sym: model: lstm -->", r"Let $c_0 = 0$. Then for $t \ge 1$ $$\|c_t\|_2 \le t$$")
    assert found.verdict == "refuted"


@pytest.mark.parametrize("text, verdict", [
    (rf"If $W$ is orthogonal, then $$\|W\|_2 \le 1.$$ Moreover $$\|{FAR}\|_2 \le 1.$$", "conditional"),
    (rf"If $W$ is orthogonal, then $$\|W\|_2 \le 1.$$ Moreover $$\|{FAR}\|_2 = 1.$$", "refuted"),
    (rf"If $W$ is orthogonal, then $$\|W\|_2 \le 1.$$ In general $$\|{FAR}\|_2 \le 1.$$", "refuted"),
])
def test_what_goes_on_from_a_kind_of_matrix_is_not_refuted_by_others(text: str, verdict: str) -> None:
    found = last_claim(RELU, text)
    assert found.verdict == verdict, found.message
    assert verdict != "conditional" or "orthogonal" in str(found.condition)


@pytest.mark.parametrize("text, verdict", [
    (rf"$$\forall k, \left\|{STEP}\right\| \le \|W\|$$", "proved"),
    (rf"Let $\eta$ be such that $\forall k, \|{STEP}\| \le \eta < 1$. Then $$\|{FAR}\| \le \eta^{{T-t}}.$$", "proved"),
    (rf"Let $\eta$ be such that $\forall k, \|{STEP}\| \le \eta$. Then $$\|{FAR}\| \le \eta^{{T-t-1}}.$$", "refuted"),
    (rf"$$\forall k, {STEP} = W$$", "refuted"),
])
def test_what_is_said_of_every_step_is_claimed_or_supposed_of_any(text: str, verdict: str) -> None:
    found = last_claim(NET, text)
    assert found.verdict == verdict, found.message
