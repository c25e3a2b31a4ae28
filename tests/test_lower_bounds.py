"""How large a gradient is at least: the smallest singular value and the least slope say it, other numbers do not."""
from __future__ import annotations

import pytest
from claims import last_claim

MODELS = {
    "tanh":   r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$",
    "phi":    r"$$h_t = \phi(W h_{t-1} + U x_t + b)$$",
    "sigmoid": r"$$h_t = \sigma(W h_{t-1} + U x_t + b)$$",
    "linear": r"$$h_t = W h_{t-1} + U x_t + b$$",
    "inner":  "$$a_t = W h_{t-1} + U x_t + b$$\n\n$$h_t = \\tanh(a_t)$$",
    "lstm":   "<!-- lstm-sym: model: lstm -->",
}
LEAST = r"\sigma_{\min}(W)"
FAR, PATH = r"\frac{\partial h_T}{\partial h_t}", r"\frac{\partial^+ c_T}{\partial c_t}"
STEEP, SLOPES = r"If $1 - h_k^2 \ge \beta > 0$ for all $k$, then ", r"If $|\phi'(x)| \ge \beta > 0$ for all $x$, then "
STEP = r"\frac{\partial h_k}{\partial h_{k-1}}"
INNER = r"\left\|\frac{\partial a_T}{\partial a_t}\right\|"

PROVED = [
    ("linear", rf"$$\|{FAR}\|_2 \ge {LEAST}^{{T-t}}$$"),
    ("linear", rf"$$\|{FAR} v\|_2 \ge {LEAST}^{{T-t}} \|v\|_2$$"),
    ("tanh",   rf"$$\|W v\|_2 \ge {LEAST} \|v\|_2$$"),
    ("tanh",   rf"$${LEAST} \le \|W\|_2$$"),
    ("tanh",   rf"{STEEP}$$\|{FAR}\|_2 \ge (\beta {LEAST})^{{T-t}}.$$"),
    ("tanh",   rf"{STEEP}$$\|{FAR}^\top v\|_2 \ge (\beta {LEAST})^{{T-t}} \|v\|_2.$$"),
    ("phi",    rf"{SLOPES}$$\|{FAR}\|_2 \ge (\beta {LEAST})^{{T-t}}.$$"),
    ("phi",    rf"If $|\phi'(x)| \ge \beta > 0$ for all $x$ and ${LEAST} > 1/\beta$, then the gradient explodes."),
    ("linear", rf"If ${LEAST} > 1$, then $$\lim_{{T\to\infty}} \|{FAR}\| = \infty.$$"),
    ("linear", rf"If ${LEAST} \ge 1$, the gradient does not vanish."),
    ("linear", r"If $\rho(W) \ge 1$, the gradient does not vanish."),
    ("linear", rf"If $W^\top W = I$, then $$\|{FAR}\|_2 = 1.$$"),
    ("tanh",   rf"$$\|{FAR}\|_2 \ge \prod_{{k=t+1}}^T \sigma_{{\min}}({STEP})$$"),
    ("lstm",   rf"$$\left\|{PATH}\right\|_2 \ge \prod_{{k=t+1}}^T \sigma_{{\min}}(\operatorname{{diag}}(f_k))$$"),
    ("tanh",   rf"If $1 - h_k^2 \ge \frac12$ for all $k$ and ${LEAST} \ge 2$, then the gradient does not vanish."),
    ("lstm",   rf"If $f_k \ge \frac12$ for all $k$, then $$\left\|{PATH}\right\| \ge (1/2)^{{T-t}}.$$"),
    ("inner",  rf"$${INNER} \le \|W\|^{{T-t}}$$"),
    ("inner",  rf"If $\|W\| < 1$, then $$\lim_{{T\to\infty}} {INNER} = 0.$$"),
]
REFUTED = [
    ("linear", rf"$$\|{FAR}\|_2 \ge \sigma_{{\max}}(W)^{{T-t}}$$", LEAST),
    ("tanh",   rf"{STEEP}$$\|{FAR}\|_2 \ge (\beta \sigma_{{\max}}(W))^{{T-t}}.$$", LEAST),
    ("linear", r"If $\sigma_{\max}(W) > 1$, the gradient explodes.", LEAST),
    ("linear", r"If $\sigma_{\max}(W) > 1$, the gradient does not vanish.", LEAST),
    ("tanh",   rf"$$\|{FAR}\|_2 \ge {LEAST}^{{T-t}}$$", ""),
    ("tanh",   rf"{STEEP}$$\|{FAR}\|_2 \ge {LEAST}^{{T-t}}.$$", ""),
    ("tanh",   rf"{STEEP}$$\|{FAR}\|_2 \ge (\beta {LEAST})^{{T-t-1}}.$$", ""),
    ("tanh",   rf"{STEEP}$$\|{FAR}\|_2 > (\beta {LEAST})^{{T-t}}.$$", LEAST),
    ("tanh",   rf"$$\|{FAR}\|_2 \ge \prod_{{k=t}}^T \sigma_{{\min}}({STEP})$$", ""),
    ("tanh",   rf"$$\|{FAR}\|_2 \ge \prod_{{k=t+1}}^T \sigma_{{\max}}({STEP})$$", r"\sigma_{\min}"),
    ("tanh",   rf"If ${LEAST} > 1$, the gradient does not vanish.", ""),
    ("linear", r"If $\|W\|_2 = 1$, the gradient does not vanish.", LEAST),
    ("sigmoid", rf"If ${LEAST} > 4$, the gradient explodes.", ""),
    ("linear", r"If $\rho(W) < 1$, the gradient does not vanish.", ""),
    ("inner",  rf"If $\rho(W) < 1$, then $$\lim_{{T\to\infty}} {INNER} = 0.$$", r"\sigma_{\max}(W) < 1"),
]


@pytest.mark.parametrize("model, text", PROVED)
def test_a_true_lower_bound_is_proved_by_the_kernel(model: str, text: str) -> None:
    found = last_claim(MODELS[model], text)
    assert (found.verdict, found.evidence) == ("proved", "kernel"), found.message


@pytest.mark.parametrize("model, text, correction", REFUTED)
def test_a_false_lower_bound_is_refuted_by_a_net(model: str, text: str, correction: str) -> None:
    found = last_claim(MODELS[model], text)
    assert found.verdict == "refuted" and found.witness is not None, found.message
    assert correction in str(found.correction or "")


@pytest.mark.parametrize("text", [rf"If $f_k \ge \beta$ for all $k$, then $$\left\|{PATH}\right\| \ge \beta^{{T-t}}.$$"])
def test_a_bound_by_powers_of_a_number_that_may_be_negative_is_conditional(text: str) -> None:
    found = last_claim(MODELS["lstm"], text)
    assert (found.verdict, found.condition) == ("conditional", r"\beta \ge 0")


def test_slopes_that_are_small_somewhere_are_bounded_by_no_positive_number() -> None:
    claim = rf"If $|\tanh'(x)| \ge \beta$ for all $x$, then $$\|{FAR}\|_2 \ge (\beta {LEAST})^{{T-t}}.$$"
    assert last_claim(MODELS["tanh"], claim).verdict == "undecided"


def test_a_matrix_with_more_columns_than_rows_has_no_least_singular_value_here() -> None:
    assert last_claim(MODELS["tanh"], r"$$\|U v\|_2 \ge \sigma_{\min}(U) \|v\|_2$$").verdict == "undecided"
