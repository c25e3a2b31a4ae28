"""Claims about norms, eigenvalues and limits get the verdict that the mathematics gives them, and never a wrong one."""
from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from lstm_sym.documents.check import check_text
from lstm_sym.documents.findings import Finding
from lstm_sym.documents.norms import claims
from lstm_sym.documents.norms.values import Value, radius, spectral_norm
from lstm_sym.proof.reading import Refused

MODELS = {
    "tanh":    r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$",
    "sigmoid": r"$$h_t = \sigma(W h_{t-1} + U x_t + b)$$",
    "relu":    r"$$h_t = \mathrm{relu}(W h_{t-1} + U x_t + b)$$",
    "phi":     r"$$h_t = \phi(W h_{t-1} + U x_t + b)$$",
    "linear":  r"$$h_t = W h_{t-1} + U x_t + b$$",
    "lstm":    "<!-- lstm-sym: model: lstm -->",
}
FAR, STEP = r"\frac{\partial h_T}{\partial h_t}", r"\frac{\partial h_t}{\partial h_{t-1}}"
APART, OF_INPUT = r"\frac{\partial h_t}{\partial h_k}", r"\frac{\partial h_t}{\partial x_t}"
CELL, LATER = r"\frac{\partial^+ c_T}{\partial c_t}", r"\frac{\partial h_k}{\partial h_{k-1}}"
NOW, NEXT = r"\frac{\partial L}{\partial h_t}", r"\frac{\partial L}{\partial h_{t+1}}"
GRADIENT = r"\left\|\frac{\partial L}{\partial h_t}\right\|_2 \le \|W\|_2^{T-t} \left\|\frac{\partial L}{\partial h_T}\right\|_2"
FACTORS = rf"\prod_{{k=t+1}}^{{T}} \left\|{LATER}\right\|"
GATES = r"\prod_{k=t+1}^T \operatorname{diag}(f_k)"
VANISHES = rf"\lim_{{T\to\infty}}\left\|{FAR}\right\| = 0"


def judged(model: str, text: str) -> list[Finding]:
    """The claims among the findings; $$ ... $$ stands on lines of its own."""
    return [f for f in check_text(MODELS[model] + "\n\n" + text.replace("$$", "\n$$\n") + "\n").findings if f.kind == "claim"]


PROVED = [
    ("tanh",    rf"$$\|{FAR}\| \le \|W\|^{{T-t}}$$"),
    ("tanh",    rf"$$\|{STEP}\| \le \|W\|$$"),
    ("tanh",    rf"If $\sigma_{{\max}}(W) < 1$, then $${VANISHES}.$$"),
    ("tanh",    rf"$${VANISHES} \quad \text{{if }} \sigma_{{\max}}(W) < 1$$"),
    ("tanh",    rf"$${VANISHES}$$ holds provided $\sigma_{{\max}}(W) < 1$."),
    ("tanh",    rf"If $\|W\|_1 < 1$, then $$\lim_{{T\to\infty}}\|{FAR}\|_1 = 0.$$"),
    ("tanh",    rf"If $\|W\| \le \lambda$ and $\lambda < 1$, then $${VANISHES}.$$"),
    ("tanh",    r"If $\sigma_{\max}(W) \le 1$, then the gradients never explode."),
    ("tanh",    r"If $\sigma_{\max}(W) < 1$, each multiplication shrinks the gradient."),
    ("tanh",    rf"If $\sigma_{{\max}}(W) < 1$, then $$\left\|{STEP}\right\| < 1.$$"),
    ("tanh",    r"Suppose that $W = W^\top$. If $\rho(W) < 1$, the gradient vanishes."),
    ("tanh",    rf"If $W^\top W = W W^\top$, then $$\|{FAR}\|_2 \le \rho(W)^{{T-t}}.$$"),
    ("tanh",    r"$$\|W^\top\|_2 = \|W\|_2$$"),
    ("tanh",    r"$$\|W^\top\|_1 = \|W\|_\infty$$"),
    ("tanh",    r"$$\|\operatorname{diag}(1 - h_t^2)\| \le 1$$"),
    ("tanh",    r"$$\|W^\top \operatorname{diag}(1 - h_t^2)\| \le \|W^\top\| \|\operatorname{diag}(1 - h_t^2)\|$$"),
    ("tanh",    rf"$$\left\|{FAR}\right\| \le {FACTORS}$$"),
    ("tanh",    rf"$$\|{FAR}\| \le \sqrt{{\lambda_{{\max}}(W^\top W)}}^{{T-t}}$$"),
    ("tanh",    r"$$|h_t| \le 1$$"),
    ("tanh",    r"$$\|h_t\|_\infty \le 1$$"),
    ("tanh",    r"$$\tanh'(a) \le 1$$"),
    ("tanh",    r"$$\sigma'(a) \le \frac{1}{4}$$"),
    ("tanh",    r"$$\|W h_{t-1} + U x_t\| \le \|W\|\|h_{t-1}\| + \|U\| \|x_t\|$$"),
    ("tanh",    r"$$\|A B\| \le \|A\| \|B\|$$"),
    ("tanh",    rf"If $\|W\| \le 2$, then $$\left\|{FAR}\right\| \le 2^{{T-t}}.$$"),
    ("sigmoid", r"If $\sigma_{\max}(W) < 4$, gradients vanish."),
    ("sigmoid", rf"$$\|{FAR}\| \le (\|W\|/4)^{{T-t}}$$"),
    ("relu",    r"If $\sigma_{\max}(W) < 1$, gradients vanish."),
    ("phi",     r"Let $|\phi'(a)| \le \gamma$. If $\sigma_{\max}(W) < \frac{1}{\gamma}$, gradients vanish."),
    ("phi",     rf"If $|\phi'(a)| \le \gamma$ and $\|W\| \le \sigma$, then $$\|{FAR}\| \le (\gamma \sigma)^{{T-t}}.$$"),
    ("linear",  r"If $\rho(W) < 1$ the gradient vanishes."),
    ("linear",  r"If $\rho(W) < 1$, then $$(W^T)^T \to 0 \text{ as } T \to \infty.$$"),
    ("linear",  r"If $\rho(W) < 1$, then $$\lim_{k \to \infty} \|W^k\| = 0.$$"),
    ("linear",  rf"$$\|{FAR}\| = \|W^{{T-t}}\|$$"),
    ("lstm",    r"$$\|\operatorname{diag}(f_t)\| \le 1$$"),
    ("lstm",    rf"$$\left\|{CELL}\right\| \le 1$$"),
    ("lstm",    rf"If $f_t \le \alpha$ and $\alpha < 1$, then $$\left\|{CELL}\right\| \to 0 \text{{ as }} T \to \infty.$$"),
    ("lstm",    r"If $f_t \le \alpha$, then $$\left\|\prod_{k=t+1}^T \operatorname{diag}(f_k)\right\| \le \alpha^{T-t}.$$"),
    ("lstm",    rf"If $0 \le \beta \le f_t$, then $$\beta^{{T-t}} \|v\| \le \left\|\left({GATES}\right) v\right\|.$$"),
    ("lstm",    r"$$|h_t| \le 1$$"),
    ("linear",  r"If $\rho(W) < 1$, then the gradients never explode."),
    ("tanh",    r"$$\rho(W) \le \|W\|_2$$"),
    ("tanh",    r"$$\lambda_{\max}(W) \le \sigma_{\max}(W)$$"),
    ("tanh",    r"$$|\lambda_i| \le \sigma_{\max}$$"),
    ("tanh",    r"$$\|W\|_2 \le \|W\|_F$$"),
    ("tanh",    rf"$$\|{FAR}\|_2 \le \|W\|_F^{{T-t}}$$"),
    ("tanh",    rf"$$\left\|{APART}\right\| \le \|W\|^{{t-k}}$$"),
    ("tanh",    rf"$$\left\|{OF_INPUT}\right\| \le \|U\|$$"),
    ("sigmoid", rf"$$\left\|{OF_INPUT}\right\| \le \frac{{1}}{{4}} \|U\|$$"),
    ("tanh",    rf"If $W^\top W = I$, then $$\|{FAR}\|_2 \le 1.$$"),
    ("tanh",    rf"If $W W^\top = I$, then $$\|{FAR}\|_2 \le 1.$$"),
    ("linear",  r"If $W^\top W = I$, then the gradients never explode."),
    ("tanh",    r"It is necessary that $\sigma_{\max}(W) > 1$ for the gradients to explode."),
    ("linear",  r"The condition $\rho(W) \ge 1$ is necessary for the gradient to explode."),
    ("tanh",    rf"$$\det\left({FAR}\right) = \prod_{{k=t+1}}^T \det\left({LATER}\right)$$"),
    ("tanh",    rf"$$\det({STEP}) = \det(\operatorname{{diag}}(1 - h_t^2)) \det(W)$$"),
    ("tanh",    rf"$$\left|\det {STEP}\right| \le |\det W|$$"),
    ("tanh",    r"$$\det(W^\top) = \det(W)$$"),
    ("linear",  rf"$$\det {FAR} = (\det W)^{{T-t}}$$"),
    ("lstm",    r"$$\det(\mathrm{diag}(f_t)) = \prod_{i=1}^n f_{t,i}$$"),
    ("lstm",    r"$$\det(\operatorname{diag}(f)) = \prod_i f_i$$"),
    ("lstm",    r"$$|\det(\operatorname{diag}(f_t))| \le 1$$"),
    ("lstm",    rf"$$\det\left({CELL}\right) = \prod_{{k=t+1}}^T \det(\operatorname{{diag}}(f_k))$$"),
    ("lstm",    r"$$\rho(\operatorname{diag}(f_t)) \le \|\operatorname{diag}(f_t)\|_2$$"),
    ("tanh",    r"$$|h_t| < 1$$"),
    ("tanh",    r"$$\|h_t\|_\infty < 1$$"),
    ("lstm",    r"$$\lVert h_t \rVert_\infty < 1$$"),
    ("lstm",    r"$$|h_t| < 1$$"),
    ("lstm",    r"$$|f_t| < 1$$"),
    ("tanh",    r"If $W^\top = W$, then $$\|W\|_2 = \rho(W).$$"),
    ("tanh",    r"$$\det(W^k) = \det(W)^k$$"),
    ("tanh",    r"$$|\det W| \le \|W\|_2^n$$"),
    ("tanh",    r"$$|\det W| \le \rho(W)^n$$"),
    ("tanh",    r"$$\|W^\top W\|_2 = \|W\|_2^2$$"),
    ("tanh",    r"$$\|W^k\|_2 \le \|W\|_2^k$$"),
    ("linear",  r"If all eigenvalues satisfy $|\lambda_i| < 1$, the gradient vanishes."),
    ("tanh",    rf"$$J_t = \operatorname{{diag}}(1 - h_t^2) W$$ Then $$\left\|{FAR}\right\| \le \prod_{{k=t+1}}^T \|J_k\|.$$"),
    ("tanh",    rf"$$J_t = {STEP}$$ If $\|J_t\| \le \eta < 1$ for all $t$, then $$\left\|{FAR}\right\| \le \eta^{{T-t}}.$$"),
]


@pytest.mark.parametrize("model, text", PROVED)
def test_a_true_claim_is_proved_by_the_kernel(model: str, text: str) -> None:
    *_, claim = judged(model, text)
    assert (claim.verdict, claim.evidence) == ("proved", "kernel"), claim.message


def test_what_the_second_reader_refuses_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(theorem: object) -> None: raise Refused("a step")

    monkeypatch.setattr(claims, "recheck", refuse)
    assert {judged(model, text)[-1].verdict for model, text in PROVED[:6]} == {"undecided"}


REFUTED = [
    ("tanh",    rf"If $|\lambda_{{\max}}| < 1$ then $${VANISHES}.$$", "E106"),
    ("tanh",    r"If $\rho(W) < 1$ the gradient vanishes.", "E106"),
    ("tanh",    rf"If $\rho(W) < 1$, then $$\left\|{STEP}\right\| < 1.$$", "E106"),
    ("tanh",    r"If $\lambda_{\max} > 1$, gradients explode.", None),
    ("tanh",    r"If $\sigma_{\max}(W) > 1$, then the gradient explodes.", None),
    ("tanh",    rf"If $\sigma_{{\max}}(W) \le 1$, then $${VANISHES}.$$", None),
    ("tanh",    rf"$${VANISHES}$$", None),
    ("tanh",    rf"$$\|{FAR}\| \le \rho(W)^{{T-t}}$$", "E106"),
    ("tanh",    rf"$$\|{FAR}\| \le |\lambda_{{\max}}|^{{T-t}}$$", "E106"),
    ("tanh",    rf"$$\|{FAR}\| \le \|W\|^{{T-t+1}}$$", "E110"),
    ("tanh",    rf"If $\|W\| \le 2$, then $$\left\|{FAR}\right\| \le 2^{{T-t-1}}.$$", "E110"),
    ("tanh",    rf"If $\|W\| \le 2$, then $$\left\|{FAR}\right\| < 2^{{T-t}}.$$", None),
    ("tanh",    rf"$$\|{FAR}\|_2 \ge \|W\|_2^{{T-t}}$$", None),
    ("tanh",    rf"$$\left\|{FAR}\right\| = {FACTORS}$$", None),
    ("tanh",    r"$$\|W^\top \operatorname{diag}(1 - h_t^2)\| = \|W^\top\| \|\operatorname{diag}(1 - h_t^2)\|$$", None),
    ("tanh",    r"$$\|\operatorname{diag}(1 - h_t^2)\| < 1$$", None),
    ("tanh",    r"$$\|W^\top\|_1 = \|W\|_1$$", None),
    ("tanh",    r"$$\|W\|_F \le \|W\|_2$$", None),
    ("tanh",    r"$$\|W\|_2 \le \rho(W)$$", "E106"),
    ("tanh",    r"$$\|h_t\|_2 \le 1$$", None),
    ("tanh",    r"$$\tanh'(a) < 1$$", None),
    ("tanh",    r"$$|\sigma'(a)| \le \frac18$$", None),
    ("sigmoid", r"If $\rho(W) < 4$, gradients vanish.", "E106"),
    ("sigmoid", r"If $\sigma_{\max}(W) < 5$, gradients vanish.", None),
    ("relu",    r"If $\rho(W) < 1$, gradients vanish.", "E106"),
    ("phi",     r"Let $|\phi'(a)| \le \gamma$. If $|\lambda_1| < \frac{1}{\gamma}$, gradients vanish.", "E106"),
    ("linear",  r"If $\rho(W) < 1$ each multiplication shrinks the gradient.", "E106"),
    ("linear",  r"If $\det(W) < 1$ the gradient vanishes.", "E106"),
    ("linear",  rf"If $|\det W| < 1$, then $${VANISHES}.$$", "E106"),
    ("tanh",    r"If $|\det W| < 1$, the gradient vanishes.", "E106"),
    ("tanh",    r"If $|\det W| > 1$, the gradients explode.", None),
    ("tanh",    rf"$$\det\left({FAR}\right) = \prod_{{k=t}}^T \det\left({LATER}\right)$$", None),
    ("tanh",    rf"$$\det({STEP}) = \det(W)$$", None),
    ("tanh",    rf"$$\det({FAR}) = (\det W)^{{T-t}}$$", None),
    ("tanh",    r"$$\det(2 W) = 2 \det(W)$$", None),
    ("tanh",    r"$$|\det W| \le \|W\|_2$$", None),
    ("tanh",    r"$$|\det W| \le \|W\|_2^{n-1}$$", "E110"),
    ("tanh",    r"$$|\det W| = \|W\|_2^n$$", "E106"),
    ("lstm",    r"$$\det(\operatorname{diag}(f_t)) = \prod_i f_{t-1,i}$$", None),
    ("lstm",    r"$$\det(\operatorname{diag}(f_t)) = f_t$$", None),
    ("lstm",    r"$$\prod_{k=t+1}^T \det(\operatorname{diag}(f_k)) = \det(\operatorname{diag}(f_k))^{T-t}$$", None),
    ("lstm",    r"$$\rho(\operatorname{diag}(f_t)) \le \|\operatorname{diag}(f_{t-1})\|_2$$", None),
    ("relu",    r"$$|h_t| < 1$$", None),
    ("lstm",    r"$$|f_t| < \frac12$$", None),
    ("tanh",    r"$$\|h_t\|_2 < 1$$", None),
    ("linear",  rf"$$\|{FAR}\| = \|W\|^{{T-t}}$$", None),
    ("linear",  r"If $\rho(W) \le 1$, then $$\lim_{k \to \infty} \|W^k\| = 0.$$", None),
    ("lstm",    rf"If $f_t \le \alpha$, then $$\left\|{CELL}\right\| \le \alpha^{{T-t+1}}.$$", "E110"),
    ("lstm",    r"$$|c_t| \le 1$$", None),
    ("linear",  r"If $\rho(W) < 2$, then the gradients never explode.", None),
    ("tanh",    r"If $\|W\|_2 \le 2$, then the gradients never explode.", None),
    ("tanh",    r"$$\rho(W) < \|W\|_2$$", None),
    ("tanh",    r"$$\rho(W)^2 \le \|W\|_2$$", None),
    ("tanh",    r"$$\rho(W) \le \|U\|_2$$", None),
    ("tanh",    r"$$\rho(W) = \|W\|_2$$", "E106"),
    ("tanh",    r"$$|\lambda_i| < \sigma_{\max}$$", None),
    ("tanh",    r"$$\|W\|_2 < \|W\|_F$$", None),
    ("tanh",    r"$$\|W\|_1 \le \|W\|_F$$", None),
    ("tanh",    r"$$\|W\|_F \le \rho(W)$$", "E106"),
    ("tanh",    rf"If $\|W\|_2 < 1$, then $$\left\|{FAR}\right\|_2 \le \rho(W)^{{T-t}}.$$", "E106"),
    ("tanh",    r"$$\|W^k\|_2 = \|W\|_2^k$$", None),
    ("tanh",    r"$$\|W^k\|_2 \le \rho(W)^k$$", "E106"),
    ("tanh",    r"$$\det(W^k) = \det(W)^{k+1}$$", "E110"),
    ("tanh",    r"$$\|W\|_2 = \sigma_{\min}(W)$$", None),
    ("tanh",    rf"$$\sigma_{{\min}}(W)^{{T-t}} \le \left\|{FAR}\right\|_2$$", None),
    ("tanh",    r"$$J_t = \operatorname{diag}(1 - h_t^2) W$$ Then $$\|J_t\|_2 \le \rho(W).$$", "E106"),
    ("tanh",    rf"$$J_t = {STEP}$$ If $\rho(J_t) < 1$ for all $t$, then $$\left\|{FAR}\right\|_2 \le 1.$$", "E106"),
    ("tanh",    rf"$$\left\|{APART}\right\| \le \|W\|^{{t-k-1}}$$", "E110"),
    ("tanh",    rf"$$\left\|{APART}\right\| \le \rho(W)^{{t-k}}$$", "E106"),
    ("tanh",    rf"$$\left\|{OF_INPUT}\right\| \le \|W\|$$", None),
    ("tanh",    rf"$$\left\|{OF_INPUT}\right\| = \|U\|$$", None),
    ("sigmoid", rf"$$\left\|{OF_INPUT}\right\| \le \frac{{1}}{{8}} \|U\|$$", None),
    ("tanh",    r"If $W^\top W = I$, then $$\|W\|_1 \le 1.$$", None),
    ("tanh",    r"If $W^\top W = I$, then $$\|W\|_F \le 1.$$", None),
    ("tanh",    rf"If $W^\top W = I$, then $$\|{FAR}\|_2 = 1.$$", None),
    ("tanh",    r"If $U^\top U = I$, then $$\|W\|_2 \le 1.$$", None),
    ("linear",  r"If $W^\top W = I$, the gradient vanishes.", None),
    ("tanh",    r"$\rho(W) > 1$ is necessary for the gradient to explode.", "E106"),
    ("tanh",    r"$\|W\|_2 > 2$ is necessary for the gradient to explode.", None),
]


@pytest.mark.parametrize("model, text, code", REFUTED)
def test_a_false_claim_is_refuted_by_a_net_that_is_printed(model: str, text: str, code: str | None) -> None:
    *_, claim = judged(model, text)
    assert (claim.verdict, claim.code) == ("refuted", code), claim.message
    assert claim.witness is not None and claim.witness.assign


HALF_TRUE = [
    ("tanh",   r"$$\|W^\top\| = \|W\|$$", "spectral"),
    ("tanh",   f"$${GRADIENT}$$", "last step"),
    ("tanh",   r"Let $W = W^\top$. If $\lambda_{\max}(W) < 1$, the gradient vanishes.", "absolute value"),
    ("linear", r"If the largest eigenvalue $\lambda_{\max}(W) < 1$, the gradient vanishes.", "absolute value"),
    ("lstm",   r"$$\left\|\frac{\partial c_T}{\partial c_t}\right\| \le 1$$", "direct partial"),
    ("tanh",   rf"$$\det({FAR}) = \prod_{{k=t+1}}^T \det(\operatorname{{diag}}(1 - h_k^2)) \det(W)$$", "runs over all factors"),
    ("tanh",   rf"$$\det({FAR}) = \prod_{{k=t+1}}^T \det(\operatorname{{diag}}(1 - h_k^2)) \det(W)^{{T-t}}$$", "ends before"),
]


@pytest.mark.parametrize("model, text, condition", HALF_TRUE)
def test_a_claim_true_in_one_reading_only_says_in_which(model: str, text: str, condition: str) -> None:
    *_, claim = judged(model, text)
    assert claim.verdict == "conditional" and condition in str(claim.condition), claim.message


OPEN = [
    ("tanh",   r"If $\sigma_{\max}(W) < 1$ and $\sigma_{\max}(W) > 2$, gradients vanish.", "contradicts itself"),
    ("tanh",   r"If $\sigma_{\max}(W) < 1$ and $\rho(W) > 1$, gradients vanish.", "contradicts itself"),
    ("phi",    rf"$$\|{FAR}\| \le (\gamma \sigma)^{{T-t}}$$", "nothing says"),
    ("tanh",   r"$$\|J_t\| \le 1$$", "nothing says"),
    ("linear", r"$\lim_{k\to\infty} \|W^k\| = 0$ if and only if $\rho(W) < 1$.", "more than one implication"),
    ("tanh",   r"$$\|\operatorname{diag}(1 - h_{t-1}^2)\| \le 1$$", ""),
]


@pytest.mark.parametrize("model, text, why", OPEN)
def test_a_vacuous_or_open_claim_is_undecided_and_says_why(model: str, text: str, why: str) -> None:
    *_, claim = judged(model, text)
    assert claim.verdict == "undecided" and why in claim.message


EXISTENCE = [
    ("tanh",   r"There is an RNN with $\rho(W) < 1$ whose gradient grows without bound.", "proved"),
    ("tanh",   r"There exists a matrix $W$ such that $$\|W\|_2 \le \rho(W).$$", "proved"),
    ("tanh",   r"For some $W$ we have $$\|W\|_1 \le \|W\|_F.$$", "proved"),
    ("tanh",   r"There is a matrix $W$ such that $$\|W\|_2 < \rho(W).$$", "refuted"),
    ("tanh",   r"There is a symmetric matrix $W$ such that $$\|W\|_2 > \rho(W).$$", "refuted"),
    ("tanh",   r"There exist weights with $\sigma_{\max}(W) < 1$ such that the gradient explodes.", "refuted"),
    # an example of another kind, of inputs for given weights, of one of many, at one time: not what is claimed
    ("linear", r"There is an RNN with $\rho(W) < 1$ whose gradient grows without bound.", "undecided"),
    ("tanh",   r"There is a linear RNN with $\rho(W) < 1$ whose gradient grows without bound.", "undecided"),
    ("tanh",   r"There is an LSTM with $\rho(W) < 1$ whose gradient grows without bound.", "undecided"),
    ("tanh",   r"There exists a $W$ with $\rho(W) < 1$ such that the gradient explodes.", "undecided"),
    ("tanh",   r"If $\sigma_{\max}(W) > 1$, then for some inputs the gradient explodes.", "undecided"),
    ("tanh",   rf"There exist inputs such that $${VANISHES}.$$", "undecided"),
    ("tanh",   r"For every $U$ there is a matrix $W$ such that $$\|W\|_2 < \|U\|_2.$$", "undecided"),
    ("tanh",   r"There is a net such that $$\|h_t\|_2 > 1.$$", "undecided"),
    ("tanh",   r"$$\exists W: \|W\|_2 \le \rho(W)$$", "undecided"),
    ("tanh",   r"It is possible that $$\|W\|_1 \le \|W\|_F.$$", "undecided"),
]


@pytest.mark.parametrize("model, text, verdict", EXISTENCE)
def test_an_existence_claim_is_proved_by_an_example_and_refuted_by_a_proof(model: str, text: str, verdict: str) -> None:
    *_, claim = judged(model, text)
    assert claim.verdict == verdict, claim.message
    assert verdict != "proved" or claim.witness is not None


UNREAD = [
    (r"Let $W$ be diagonal.", rf"$$\left\|{FAR}\right\| \le 1$$"),
    (r"If $f_t = 1$, then", rf"$$\left\|{CELL}\right\| = 1.$$"),
    (r"If some eigenvalue satisfies $|\lambda_i| < 1$, the gradient vanishes.", ""),
]


@pytest.mark.parametrize("supposed, claimed", UNREAD)
def test_a_claim_is_not_refuted_where_what_it_supposes_is_not_read_in_full(supposed: str, claimed: str) -> None:
    *_, claim = judged("lstm" if "f_t" in supposed else "linear", f"{supposed} {claimed}")
    assert claim.verdict == "undecided"


TEX = r"""\documentclass{article}\begin{document}
\[ \mathbf{h}_t = \tanh(\mathbf{W} \mathbf{h}_{t-1} + \mathbf{U} \mathbf{x}_t + \mathbf{b}) \]
%s
\end{document}"""


@pytest.mark.parametrize("text, verdict", [
    (r"\[ \det(\mathbf{W}^\top) = \det(\mathbf{W}) \]", "proved"),
    (r"\[ \det \mathbf{W}^\top = - \det \mathbf{W} \]", "refuted"),
    (r"If $|\det \mathbf{W}| < 1$, the gradient vanishes.", "refuted"),
    (r"If $\lVert \mathbf{W} \rVert_2 < 1$, the gradient vanishes.", "proved")])
def test_bold_letters_in_tex_are_read_as_plain_ones(text: str, verdict: str) -> None:
    assert check_text(TEX % text, format="tex").findings[-1].verdict == verdict


@pytest.mark.parametrize("text", [r"$$\det(\operatorname{diag}(h_t)) = \prod_i h_i$$",
                                  r"$$\det(\operatorname{diag}(h_t)) = \prod_{i=1}^m h_{t,i}$$"])
def test_a_product_over_what_may_be_times_or_does_not_fit_is_not_read(text: str) -> None:
    *_, claim = judged("tanh", text)
    assert claim.verdict == "not_read"


@pytest.mark.parametrize("text", [
    r"The gradient vanishes only if $\sigma_{\max}(W) < 1$.",
    r"If $\sigma_{\max}(W) < 1$ or $\rho(W) < 1$, the gradient vanishes.",
    r"If $\sigma_{\max}(W) > 1$ the gradient need not vanish."])
def test_words_that_are_no_plain_implication_are_no_claim(text: str) -> None:
    assert judged("tanh", text) == []


def test_strict_shrinking_of_a_gradient_fails_at_0_and_holds_with_equality() -> None:
    *_, claim = judged("tanh", rf"If $\sigma_{{\max}}(W) < 1$, then $$\|{NOW}\| < \|{NEXT}\|.$$")
    assert claim.verdict == "refuted" and "both sides can be 0" in claim.message
    assert r"\le" in str(claim.correction) and "last step" in str(claim.correction_condition)


def test_what_is_necessary_is_not_corrected_by_what_stands_without_it() -> None:
    *_, claim = judged("tanh", r"$\rho(W) > 1$ is necessary for the gradient to explode.")
    assert claim.correction is None and "without it" in claim.message


@pytest.mark.parametrize("text", [
    r"$\|W\|_2 > 1$ is not necessary for the gradient to explode.",
    r"$\|W\|_2 > 1$ is necessary and sufficient for the gradient to explode.",
    r"$\|W\|_2 > 1$ is necessary for the gradient to vanish."])
def test_of_necessary_conditions_only_those_of_explosion_are_judged(text: str) -> None:
    *_, claim = judged("tanh", text)
    assert claim.verdict == "undecided"


def test_a_state_one_step_back_may_be_the_initial_state_which_nothing_bounds() -> None:
    now, before = judged("tanh", r"$$h_t \le 1$$ $$h_{t-1} \le 1$$")
    assert (now.verdict, before.verdict) == ("proved", "undecided")


def test_a_consequence_that_is_hedged_is_no_claim() -> None:
    assert judged("tanh", r"If $\rho(W) > 1$, gradients may explode.") == []


def test_an_assumed_hypothesis_holds_up_to_the_next_heading() -> None:
    claim, later = judged("tanh", f"<!-- lstm-sym: assume sigma_max(W) < 1 -->\n$${VANISHES}$$\n\n# Next\n$${VANISHES}$$")
    assert (claim.verdict, later.verdict) == ("proved", "refuted")


def test_the_correction_of_a_misread_eigenvalue_is_proved_when_it_is_put_in() -> None:
    *_, claim = judged("tanh", r"If $\rho(W) < 1$ the gradient vanishes.")
    assert claim.correction == r"\sigma_{\max}(W) < 1"
    *_, again = judged("tanh", f"If ${claim.correction}$ the gradient vanishes.")
    assert again.verdict == "proved"


@pytest.mark.parametrize("false", [r"$$\|W\|_2 \le \rho(W)$$", r"$$\rho(W) = \|W\|_2$$"])
def test_the_correction_of_an_inequality_says_which_number_is_the_smaller(false: str) -> None:
    *_, claim = judged("tanh", false)
    assert claim.correction == r"\rho(W) \le \sigma_{\max}(W)"


def test_the_net_against_the_spectral_radius_has_radius_0_and_a_gradient_that_grows() -> None:
    *_, claim = judged("tanh", r"If $\rho(W) < 1$ the gradient vanishes.")
    assert claim.witness is not None
    w, (h,) = ([[Fraction(x) for x in row] for row in claim.witness.assign["W"]],
               [[Fraction(x[0]) for x in claim.witness.assign["h[0]"]]])
    assert [sum(w[i][k] * w[k][j] for k in (0, 1)) for i in (0, 1) for j in (0, 1)] == [0] * 4      # W W = 0
    jacobian = [[(1 - h[i] ** 2) * x for x in row] for i, row in enumerate(w)]
    trace, det = jacobian[0][0] + jacobian[1][1], jacobian[0][0] * jacobian[1][1] - jacobian[0][1] * jacobian[1][0]
    assert det == 0 and trace > 1                                                                   # J J = (tr J) J


@pytest.mark.parametrize("rows, norm, rho", [
    ([[0, 2], [0, 0]], 2, 0), ([[3, 0], [0, -4]], 4, 4), ([[0, -2], [2, 0]], 2, 2), ([[1, 1], [1, 1]], 2, 2)])
def test_values_of_norms_and_radii_are_exact_where_they_are_rational(rows: list[list[int]], norm: int, rho: int) -> None:
    matrix = [[Value.of(x) for x in row] for row in rows]
    assert (spectral_norm(matrix).exact, radius(matrix).exact) == (norm, rho)


def test_the_tutorial_gets_its_two_verdicts_on_eigenvalues_without_a_note() -> None:
    text = (Path(__file__).parent / "data" / "tutorial_excerpt.md").read_text(encoding="utf-8")
    found = {(f.line, f.kind): f for f in check_text(text).findings}
    shrinks, powers = found[26, "claim"], found[32, "claim"]
    assert (shrinks.verdict, shrinks.code, shrinks.correction) == ("refuted", "E106", r"\sigma_{\max}(W) < 1")
    assert found[26, "hypothesis"].verdict is None
    assert (powers.verdict, powers.code, powers.condition) == ("conditional", "W201", r"\rho(W) < 1")


AT_THE_END = r"$$\left\| \frac{\partial h_T}{\partial h_0} \right\| \to 0 \text{ as } T \to \infty.$$"


@pytest.mark.parametrize(("words", "verdict"), [
    ("If the largest singular value of $W$ is less than $1$, then", "proved"),
    ("If the spectral norm of $W$ is below one, then", "proved"),
    ("When all singular values of $W$ are smaller than 1,", "proved"),
    ("Suppose the norm of the recurrent matrix $W$ is strictly less than 1. Then", "proved"),
    ("If the largest singular value of $W$ is at most $1$, then", "refuted"),
    ("If the spectral radius of $W$ is smaller than one, then", "refuted"),
    ("If the largest eigenvalue of $W$ is less than $1$, then", "refuted"),
    ("If the largest singular value is well behaved, then", "undecided"),
    ("For a contractive recurrent matrix,", "undecided"),
])
def test_words_compare_sizes_and_words_that_are_not_read_keep_a_claim_from_being_refuted(words, verdict):
    net = r"Consider $h_t = \tanh(W h_{t-1} + U x_t)$."
    text = f"{net}\n\n{words}\n{AT_THE_END}\n"
    bold = text.replace("$W$", r"$\mathbf{W}$").replace("(W h", r"(\mathbf{W} h")
    assert check_text(text).findings[-1].verdict == check_text(bold).findings[-1].verdict == verdict


@pytest.mark.parametrize("slope", [r"|\phi'| \le \gamma$", r"|\phi'(\cdot)| \le \gamma$", r"|\phi'(x)| \le \gamma$ for all $x$"])
def test_a_bound_of_the_slope_anywhere_holds_at_every_step(slope):
    net = r"$$a_t = W h_{t-1} + U x_t$$" "\n\n" r"$$h_t = \phi(a_t)$$" "\n\n" f"If ${slope}, then\n"
    bound = r"\left\| \frac{\partial h_t}{\partial h_k} \right\| \le (\gamma \|W\|)^{t-k}"
    assert check_text(f"{net}$${bound}.$$\n").findings[-1].verdict == "proved"
    assert check_text(f"{net}$${bound.replace('t-k', 't-k+1')}.$$\n").findings[-1].verdict == "refuted"
