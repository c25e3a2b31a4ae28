"""The theory of vanishing gradients as papers write it: what is true is proved, its false neighbour is refuted by a net."""
from __future__ import annotations

import pytest

from lstm_sym.documents.check import check_text
from lstm_sym.documents.findings import Finding

MODELS = {"tanh":    r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$",
          "sigmoid": r"$$h_t = \sigma(W h_{t-1} + U x_t + b)$$",
          "relu":    r"$$h_t = \mathrm{relu}(W h_{t-1} + U x_t + b)$$",
          "linear":  r"$$h_t = W h_{t-1} + U x_t + b$$"}
FAR = r"\frac{\partial h_T}{\partial h_t}"
VANISHES = rf"$$\lim_{{T\to\infty}}\left\|{FAR}\right\|_2 = 0.$$"
# model, what is true, what is false beside it
PAIRS = [
    ("linear",  r"$$\|W^k\|_2 \le \|W\|_2^k$$",                                 r"$$\|W^k\|_2 = \rho(W)^k$$"),
    ("linear",  r"If $W$ is normal, then $$\|W^k\|_2 \le \rho(W)^k.$$",         r"$$\|W^k\|_2 \le \rho(W)^k$$"),
    ("linear",  r"If $\|W\|_2 < 1$, then $$\rho(W) < 1.$$",                     r"If $\rho(W) < 1$, then $$\|W\|_2 \le 1.$$"),
    ("linear",  r"If $\rho(W) < 1$, the gradient vanishes.",                    r"If $\rho(W) > 1$, the gradient vanishes."),
    ("linear",  r"If $\|W\|_2 \le 1$, the gradients never explode.",         r"If $\sigma_{\max}(W) > 1$, gradients explode."),
    ("tanh",    rf"If $W$ is normal and $\rho(W) < 1$, then {VANISHES}",        rf"If $\rho(W) < 1$, then {VANISHES}"),
    ("relu",    r"If $W$ is normal and $\rho(W) < 1$, the gradient vanishes.",  r"If $\rho(W) < 1$, the gradient vanishes."),
    ("sigmoid", r"If $W$ is normal and $\rho(W) < 4$, the gradient vanishes.",  rf"If $\rho(W) < 4$, then {VANISHES}"),
    ("tanh",    rf"If $W$ is orthogonal, then $$\left\|{FAR}\right\|_2 \le 1.$$",
                rf"If $W$ is normal and $\rho(W) \le 1$, then {VANISHES}"),
    ("linear",  rf"$$\det {FAR} = (\det W)^{{T-t}}$$",                          rf"$$\left\|{FAR}\right\|_2 \le |\det W|$$"),
]


def judged(model: str, text: str) -> Finding:
    """The last claim; $$ ... $$ stands on lines of its own."""
    found = check_text(MODELS[model] + "\n\n" + text.replace("$$", "\n$$\n") + "\n").findings
    return [f for f in found if f.kind == "claim"][-1]


@pytest.mark.parametrize("model, true, false", PAIRS)
def test_a_theorem_is_proved_and_its_false_neighbour_refuted(model: str, true: str, false: str) -> None:
    held, broken = judged(model, true), judged(model, false)
    assert (held.verdict, held.evidence, broken.verdict) == ("proved", "kernel", "refuted"), (held.message, broken.message)
    assert broken.witness is not None
