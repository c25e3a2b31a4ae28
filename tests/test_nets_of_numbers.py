"""Nets of one number: absolute values of weights and derivatives are their norms, and gates bound what passes them."""
from __future__ import annotations

import pytest
from claims import last_claim

TANH = "Here $w, u, b, h_t, x_t \\in \\mathbb{R}$.\n\n$$\nh_t = \\tanh(w h_{t-1} + u x_t + b)\n$$"
CELL = r"\left\|\frac{\partial^+ c_T}{\partial c_t}\right\|"
FAR = r"\frac{\partial h_T}{\partial h_t}"


@pytest.mark.parametrize("text, verdict", [
    (r"$$\left|\frac{\partial h_t}{\partial h_{t-1}}\right| \le |w|$$", "proved"),
    (rf"$$\left|{FAR}\right| \le |w|^{{T-t}}$$", "proved"),
    (rf"If $|w| < 1$, then $$\lim_{{T\to\infty}} {FAR} = 0.$$", "proved"),
    (r"If $|w| < 1$, the gradient vanishes.", "proved"),
    (r"$$|h_t| < 1$$", "proved"),
    (rf"$$\left|{FAR}\right| \le |w|^{{T-t+1}}$$", "refuted"),
    (rf"$$\left|{FAR}\right| \ge |w|^{{T-t}}$$", "refuted"),
    (r"If $|w| > 1$, the gradient explodes.", "refuted"),
    (r"If $|w| \le 1$, the gradient vanishes.", "refuted"),
])
def test_claims_about_numbers_are_judged_as_those_about_matrices(text: str, verdict: str) -> None:
    found = last_claim(TANH, text)
    assert found.verdict == verdict, found.message


@pytest.mark.parametrize("text, verdict", [
    (r"$$\left\|\prod_{k=t+1}^T \operatorname{diag}(f_k)\right\| \le \prod_{k=t+1}^T \|f_k\|_\infty$$", "proved"),
    (rf"If $\|f_k\|_\infty \le \gamma$ for all $k$, then $${CELL} \le \gamma^{{T-t}}.$$", "proved"),
    (rf"If $\|f_k\|_\infty \le \gamma$ for all $k$, then $${CELL} \le \gamma^{{T-t+1}}.$$", "refuted"),
    (r"$$\|\operatorname{diag}(f_t)\|_2 \le \|f_t\|_\infty$$", "proved"),
    (r"$$\|\operatorname{diag}(f_t)\|_2 \le \frac12$$", "refuted"),
])
def test_a_diagonal_matrix_is_as_large_as_the_largest_entry_of_its_column(text: str, verdict: str) -> None:
    found = last_claim("<!-- lstm-sym: model: lstm -->", text)
    assert found.verdict == verdict, found.message
