"""What words say of a matrix or of a place is part of what a claim supposes."""
from __future__ import annotations

import pytest

from lstm_sym.documents.check import check_text

MODEL = r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$"
LINEAR = r"$$h_t = W h_{t-1} + U x_t + b$$"
FAR, STEP = r"\frac{\partial h_T}{\partial h_t}", r"\frac{\partial h_t}{\partial h_{t-1}}"
BY_RADIUS = rf"$$\left\|{FAR}\right\|_2 \le \rho(W)^{{T-t}}.$$"


def verdicts(text: str, model: str = MODEL) -> list[str | None]:
    """Of all claims of a document; $$ ... $$ stands on lines of its own."""
    found = check_text(model + "\n\n" + text.replace("$$", "\n$$\n") + "\n").findings
    return [f.verdict for f in found if f.kind == "claim"]


@pytest.mark.parametrize("text", [
    rf"If $W$ is symmetric, then {BY_RADIUS}",
    rf"For symmetric $W$ we have {BY_RADIUS}",
    rf"Let $W$ be a normal matrix. Then {BY_RADIUS}",
    rf"We use a symmetric weight matrix $W$. Then {BY_RADIUS}",
    r"For a symmetric matrix $W$ with $\rho(W) < 1$, the gradient vanishes.",
    rf"If $W$ is orthogonal, then $$\left\|{FAR}\right\|_2 \le 1.$$",
])
def test_a_matrix_is_what_it_is_called(text: str) -> None:
    assert verdicts(text)[-1] == "proved"


@pytest.mark.parametrize("text", [
    rf"If $W$ is symmetric, then $$\|W\|_2 \le 1.$$ In general {BY_RADIUS}",
    rf"If $W$ is orthogonal, then $$\left\|{FAR}\right\|_2 = 1.$$",
    rf"For symmetric $W$ we have $$\left\|{FAR}\right\|_2 \le 1.$$",
])
def test_what_is_false_of_such_a_matrix_and_of_any_other_is_refuted(text: str) -> None:
    assert verdicts(text)[-1] == "refuted"


@pytest.mark.parametrize("text", [
    rf"For diagonal $W$ we have {BY_RADIUS}",
    rf"Here $W$ is diagonal. Then {BY_RADIUS}",
    rf"We take a diagonalizable $W = Q D Q^{{-1}}$ with orthogonal $Q$. Then {BY_RADIUS}",
    rf"Unlike symmetric $W$, a general $W$ has {BY_RADIUS}",
    rf"If $W$ is not symmetric, then {BY_RADIUS}",
    rf"If $W$ is orthogonal to $V$, then $$\left\|{FAR}\right\|_2 \le 1.$$",
    rf"Near $h = 0$ we have $$\left\|{STEP}\right\|_2 = \|W\|_2.$$",
    rf"At $h_t = 0$, $$\left\|{STEP}\right\|_2 = \|W\|_2.$$",
    rf"At the origin, $${STEP} = W.$$",
    rf"In the linear regime, $$\left\|{FAR}\right\|_2 = \|W^{{T-t}}\|_2.$$",
    rf"If $\|W\|_2 < 1$, then for large $T$ we have $$\left\|{FAR}\right\|_2 \le \frac12.$$",
    rf"If $\|W\|_2 < 1$, then eventually $$\left\|{FAR}\right\|_2 \le \frac12.$$",
])
def test_nothing_is_refuted_or_proved_of_a_matrix_or_a_place_that_is_not_read(text: str) -> None:
    assert verdicts(text)[-1] == "undecided"


def test_what_weights_are_said_to_be_in_passing_is_no_claim_about_all_weights() -> None:
    text = r"Let $W = Q \Lambda Q^\top$ with $Q^\top Q = I$. Then $$W^k = Q \Lambda^k Q^\top.$$"
    assert "refuted" not in verdicts(text, LINEAR)
