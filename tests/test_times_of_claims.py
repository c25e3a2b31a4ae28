"""What is supposed of all times, of some times and of one time are three suppositions; a claim is judged under the right one."""
from __future__ import annotations

import pytest
from claims import last_claim

from lstm_sym.documents.findings import Finding

MODELS = {"tanh":   r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$",
          "linear": r"$$h_t = W h_{t-1} + U x_t + b$$",
          "phi":    r"$$h_t = \phi(W h_{t-1} + U x_t + b)$$",
          "lstm":   "<!-- lstm-sym: model: lstm -->"}
FAR, APART = r"\frac{\partial h_T}{\partial h_t}", r"\frac{\partial h_k}{\partial h_t}"
STEP, EACH = r"\frac{\partial h_{t+1}}{\partial h_t}", r"\frac{\partial h_k}{\partial h_{k-1}}"
HALVED = r"$$\left\|\frac{\partial^+ c_T}{\partial c_t}\right\| \le \left(\frac12\right)^{T-t}.$$"


def judged(model: str, text: str) -> Finding:
    """The last claim about the model of that name."""
    return last_claim(MODELS[model], text)


@pytest.mark.parametrize("model, text", [
    ("lstm", rf"If $f_k \le \frac12$ for all $k$, then {HALVED}"),
    ("lstm", rf"If $f_k \le \frac12$ for every $k > t$, then {HALVED}"),
    ("lstm", rf"If $f_k \le \frac12$ for $t < k \le T$, then {HALVED}"),
    ("lstm", rf"If $f_k \le \frac12$ for $k = t+1, \dots, T$, then {HALVED}"),
    ("lstm", rf"If $f_t \le \frac12$ for all $1 \le t \le T$, then {HALVED}"),
    ("lstm", r"If $f_k \le \frac12$ for all $k$, then $$|f_T| \le \frac12.$$"),
    ("tanh", rf"If $\left\|{EACH}\right\| \le \gamma$ for all $k$, then $$\left\|{FAR}\right\| \le \gamma^{{T-t}}.$$"),
    ("tanh", rf"If $\left\|{EACH}\right\| \le \gamma$ for $t < k \le T$, then $$\left\|{FAR}\right\| \le \gamma^{{T-t}}.$$"),
    ("tanh", rf"If $\left\|{EACH}\right\|_2 \le 1$ for all $k$, then $$\left\|{FAR}\right\|_2 \le 1.$$"),
])
def test_what_is_supposed_of_all_times_that_matter_is_used_at_each(model: str, text: str) -> None:
    assert judged(model, text).verdict == "proved"


@pytest.mark.parametrize("model, text", [
    ("lstm", rf"If $f_t \le \frac12$ for some $t$, then {HALVED}"),
    ("lstm", rf"If $f_t \le \frac12$ at some step $t$, then {HALVED}"),
    ("lstm", rf"If $f_t \le \frac12$ at the last step, then {HALVED}"),
    ("lstm", rf"If some $f_t \le \frac12$, then {HALVED}"),
    ("lstm", rf"Suppose $f_t \le \frac12$ for some $t$. Then {HALVED}"),
    ("lstm", rf"If $f_t \le \frac12$ for $t < 5$, then {HALVED}"),
    ("lstm", rf"If $f_k \le \frac12$ for $k \le t$, then {HALVED}"),
    ("lstm", rf"If $f_k \le \frac12 \quad \forall k > T - 3$, then {HALVED}"),
    ("lstm", rf"If $f_k \le \frac12$ for $k \in S$, then {HALVED}"),
    ("lstm", rf"If $f_T \le \frac12$, then {HALVED}"),
    ("tanh", rf"If $\left\|{STEP}\right\| \le \gamma$ at one time step, then $$\left\|{FAR}\right\| \le \gamma^{{T-t}}.$$"),
    ("phi",  rf"If $|\phi'(a)| \le \gamma$ for some $a$, then $$\left\|{FAR}\right\| \le (\gamma \|W\|)^{{T-t}}.$$"),
])
def test_what_is_supposed_of_some_times_proves_nothing_about_the_others(model: str, text: str) -> None:
    assert judged(model, text).verdict in ("undecided", "refuted")


@pytest.mark.parametrize("model, text", [
    ("lstm",   r"If $|h_k| \le \frac14$ for all $k$, then $$|h_T| \le \frac14.$$"),
    ("lstm",   r"If $\|c_k\|_2 \le \frac12$ for all $k$, then $$\|c_T\|_2 \le \frac12.$$"),
    ("lstm",   r"If $f_k \le \frac35$ for $k > t$, then $$|f_T| \le \frac35.$$"),
    ("lstm",   r"If $|f_t| = \frac34$ for all $t$, then $$|f_T| \ge \frac34.$$"),
    ("linear", rf"If $W^\top W = I$, then $$\left\|{APART}\right\|_2 = 1.$$"),
])
def test_no_net_speaks_against_a_claim_that_breaks_what_is_supposed_at_another_time(model: str, text: str) -> None:
    assert judged(model, text).verdict in ("undecided", "proved")


@pytest.mark.parametrize("text", [
    rf"$$\left\|{APART}\right\|_1 \le \|W\|_2^{{k-t}}$$",
    rf"$$\left\|{APART}\right\| \le 1 \text{{ for }} k > t$$"])
def test_a_false_claim_about_two_times_is_refuted_where_the_later_is_later(text: str) -> None:
    found = judged("linear", text)
    assert found.verdict == "refuted" and found.witness is not None
    assert found.witness.at["k"] > found.witness.at["t"]
