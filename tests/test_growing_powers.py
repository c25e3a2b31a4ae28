"""What is at least as large as something: powers of a matrix, gradients of linear nets that explode, determinants above 1."""
from __future__ import annotations

from fractions import Fraction

import pytest
from claims import last_claim

from lstm_sym.documents.norms.values import Value, radius, spectral_norm
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.registry import cited, theorem

LINEAR = r"$$h_t = W h_{t-1} + U x_t + b$$"
TRANSPOSED = r"$$h_t = W^\top h_{t-1} + b$$"
TANH = r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$"
FAR = r"\left\|\frac{\partial h_T}{\partial h_t}\right\|"
EARLY, NOW = (rf"\left\|\frac{{\partial E_t}}{{\partial h_{x}}}\right\|_2" for x in "kt")
NOW_AND_FAR = r"\frac{\partial E_t}{\partial h_t} \frac{\partial h_t}{\partial h_k}"

CLAIMS = [
    (TANH,   r"$$\rho(W)^k \le \|W^k\|_2$$", "proved"),
    (LINEAR, rf"$$\rho(W)^{{T-t}} \le {FAR}_2$$", "proved"),
    (LINEAR, r"If $\rho(W) > 1$, gradients explode.", "proved"),
    (LINEAR, r"If $\rho(W) > 1$, then $$\lim_{k\to\infty} \|W^k\| = \infty.$$", "proved"),
    (TRANSPOSED, r"If $\rho(W) > 1$, gradients explode.", "proved"),
    (LINEAR, r"If $|\det W| > 1$, then $\rho(W) > 1$.", "proved"),
    (LINEAR, r"If $|\det W| > 1$, then $\|W\|_2 > 1$.", "proved"),
    (LINEAR, r"If $|\det W| > 2$, the gradient explodes.", "proved"),
    (TANH,   r"$$\rho(W)^{k+1} \le \|W^k\|_2$$", "refuted"),
    (TANH,   rf"$$\rho(W)^{{T-t}} \le {FAR}_2$$", "refuted"),
    (LINEAR, rf"$$\rho(W)^{{T-t+1}} \le {FAR}_2$$", "refuted"),
    (LINEAR, r"If $\rho(W) > \frac12$, gradients explode.", "refuted"),
    (LINEAR, r"If $\sigma_{\max}(W) > 1$, gradients explode.", "refuted"),
    (TANH,   r"If $\rho(W) > 1$, gradients explode.", "refuted"),
    (TANH,   r"If $|\det W| > 1$, gradients explode.", "refuted"),
    (LINEAR, r"If $|\det W| > \frac12$, then $\rho(W) > 1$.", "refuted"),
    (LINEAR, r"If $|\det W| > 1$, then $\|W\|_2 > 2$.", "refuted"),
]


@pytest.mark.parametrize("model, text, verdict", CLAIMS)
def test_lower_bounds_by_eigenvalues_are_judged(model: str, text: str, verdict: str) -> None:
    found = last_claim(model, text)
    assert found.verdict == verdict, found.message


@pytest.mark.parametrize("text", [
    r"If $\|W\|_2 < 1$ and $|\det W| > 1$, gradients vanish.",
    r"If $\sigma_{\max}(W) < 1$ and $\rho(W) > 1$, the gradient explodes.",
    r"If $\|W\|_2 \le \frac12$ and $\rho(W) \ge 1$, the gradient explodes.",
])
def test_hypotheses_of_which_one_follows_contrary_from_the_others_are_vacuous(text: str) -> None:
    found = last_claim(TANH, text)
    assert found.verdict == "undecided" and "contradicts itself" in found.message


@pytest.mark.parametrize("name", ["linear-lower-bound", "linear-explosion"])
def test_growth_of_powers_is_proved_from_an_eigenvector_and_rests_on_no_citation(name: str) -> None:
    t = theorem(name)
    assert recheck(t) > 0 and not cited(t)
    assert len(t.hypotheses) == (5 if name == "linear-lower-bound" else 6)


@pytest.mark.parametrize("rows", [[[2, -4], [1, -2]], [[1, 2], [3, 4]], [[0, -2], [2, 0]], [[1, 1], [0, 1]], [[-2, 1], [0, 1]]])
def test_powers_of_matrices_with_numbers_are_as_large_as_the_theorem_says(rows: list[list[int]]) -> None:
    w = [[Value.of(Fraction(x)) for x in row] for row in rows]
    power, rate = w, radius(w)
    for _ in range(5):
        power = [[sum((a * b for a, b in zip(row, column, strict=True)), Value.of(0)) for column in zip(*w, strict=True)]
                 for row in power]
        rate = rate * radius(w)
        assert (rate - spectral_norm(power)).sign in (-1, 0, None)


@pytest.mark.parametrize("text, verdict", [
    (rf"$${EARLY} \le \|W\|_2^{{t-k}} {NOW}$$", "proved"),
    (rf"$${EARLY} \le \rho(W)^{{t-k}} {NOW}$$", "refuted"),
    (rf"$$\left\|{NOW_AND_FAR}\right\|_2 \le \|W\|_2^{{t-k}} {NOW}$$", "conditional"),
    (rf"$$\left\|{NOW_AND_FAR}\right\|_2 \le \|W\|_2^{{t-k+1}} {NOW}$$", "refuted"),
])
def test_the_loss_of_one_step_by_earlier_states_is_bounded_by_their_jacobians(text: str, verdict: str) -> None:
    assert last_claim(TANH, text).verdict == verdict
