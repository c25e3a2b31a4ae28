r"""Notation of lectures: chains that say what the loss is, targets called as an output before, loops over time in words."""
from __future__ import annotations

import pytest
from claims import last_claim

from lstm_sym import check_text

LSTM = r"""
$$f_t = \sigma(W_f [h_{t-1}, x_t] + b_f)$$

$$i_t = \sigma(W_i [h_{t-1}, x_t] + b_i)$$

$$\tilde c_t = \tanh(W_c [h_{t-1}, x_t] + b_c)$$

$$o_t = \sigma(W_o [h_{t-1}, x_t] + b_o)$$

$$c_t = f_t \odot c_{t-1} + i_t \odot \tilde c_t$$

$$h_t = o_t \odot \tanh(c_t)$$
"""
RNN = r"""
$$h_t = \tanh(U x_t + W h_{t-1} + b), \quad z_t = V h_t + c, \quad \hat y_t = \mathrm{softmax}(z_t)$$
"""
CHAINS = (r"$$L_t = \ell(\hat y_t, y_t) = -y_t^\top \log \hat y_t, \qquad L = \sum_t L_t$$",
          r"$$L = \sum_{t=1}^T L_t = -\sum_{t=1}^T \sum_i y_{t,i} \log \hat y_{t,i}$$",
          r"$$L = \sum_{t=1}^T L_t = -\sum_{t=1}^T y_t^\top \log \hat y_t$$")


def verdict(model, claim):
    return last_claim(model + "\n\n", f"$${claim}$$").verdict


@pytest.mark.parametrize("model", [LSTM, LSTM.replace("[h_{t-1}, x_t]", "h_{t-1} + U x_t")])
def test_a_jacobian_of_the_cell_is_the_direct_path_and_that_through_the_output(model):
    whole = (r"\frac{\partial c_t}{\partial c_{t-1}} = \operatorname{diag}(f_t) + "
             r"\frac{\partial c_t}{\partial h_{t-1}} \frac{\partial h_{t-1}}{\partial c_{t-1}}")
    assert verdict(model, whole) == "proved"
    assert verdict(model, whole.replace("(f_t)", "(i_t)")) == "refuted"


@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_goes_on_to_what_the_loss_is(chain):
    model = RNN + chain
    assert verdict(model, r"\frac{\partial L}{\partial z_t} = \hat y_t - y_t") in ("proved", "conditional")
    assert verdict(model, r"\frac{\partial L}{\partial V} = \sum_t (\hat y_t - y_t) h_t^\top") in ("proved", "conditional")
    assert verdict(model, r"\frac{\partial L}{\partial V} = \sum_t (y_t - \hat y_t) h_t^\top") == "refuted"


def test_the_loss_of_a_step_by_what_only_that_step_reads_needs_no_sum():
    model = RNN + CHAINS[0] + "\n\nThe target $y_t$ is one-hot."
    assert verdict(model, r"\frac{\partial L_t}{\partial V} = (\hat y_t - y_t) h_t^\top") == "proved"
    assert verdict(model, r"\frac{\partial L_t}{\partial c} = \hat y_t - y_t") == "proved"
    of_bias = (r"\frac{\partial L_t}{\partial b} = \sum_{k=1}^t \operatorname{diag}(1 - h_k^2) "
               r"\left(\frac{\partial h_t}{\partial h_k}\right)^\top V^\top (\hat y_t - y_t)")
    assert verdict(model, of_bias) == "proved"
    late = last_claim(model + "\n\n", r"$$\frac{\partial L_t}{\partial V} = (\hat y_t - y_t) h_{t-1}^\top$$")
    assert (late.verdict, late.code) == ("refuted", "E103")


def test_a_target_may_be_called_as_an_output_was_before():
    model = ("$$y_t = V h_t + c$$\n" + RNN + r"$$L = \sum_{t=1}^T L_t = \sum_{t=1}^T L(\hat y_t, y_t)$$")
    model = r"$$h_t = \tanh(U x_t + W h_{t-1} + b)$$" + "\n\n" + model
    of_V = r"\frac{\partial L}{\partial V} = \sum_{t=1}^T \frac{\partial L}{\partial z_t} h_t^\top"
    assert verdict(model, of_V) == "proved"
    assert verdict(model, of_V.replace("h_t^", "x_t^")) == "refuted"


def test_a_star_marks_what_is_to_be_met():
    model = RNN.replace("z_t", "y_t") + r"$$L = -\sum_t (y_t^*)^\top \log \hat y_t$$" + "\n\nThe targets $y_t^*$ are one-hot."
    assert verdict(model, r"\frac{\partial L}{\partial y_t} = \hat y_t - y_t^*") == "proved"
    assert verdict(model, r"\frac{\partial L}{\partial y_t} = y_t^* - \hat y_t") == "refuted"


LOOP = r"""
$$
\begin{aligned}
\text{For } t &= 1 \text{ to } T: \\
a_t &= U x_t + W h_{t-1} + b \\
h_t &= \tanh(a_t) \\
o_t &= V h_t + c
\end{aligned}
$$
$$
\begin{aligned}
&\textbf{for } t = T, T-1, \dots, 1: \\
&\quad \frac{\partial L}{\partial a_t} = \frac{\partial L}{\partial h_t} \odot (1 - h_t^2) \\
&\textbf{for } t = T \textbf{ downto } 1 \textbf{ do} \\
&\quad \frac{\partial L}{\partial a_t} = \frac{\partial L}{\partial h_t} \odot (1 + h_t^2) \\
&\textbf{end for}
\end{aligned}
$$
"""


def test_a_loop_over_time_in_words_stands_before_what_it_repeats():
    found = check_text(LOOP).findings
    assert [f.kind for f in found[:3]] == ["model", "definition", "definition"]
    assert [f.verdict for f in found[3:]] == ["proved", "refuted"]


def test_a_bold_delta_is_a_delta():
    model = LOOP.split("$$\n$$")[0] + "$$\n\n" + r"$$\boldsymbol{\delta}_t^{(o)} = \frac{\partial L}{\partial o_t}$$" + "\n\n"
    back = r"$$\boldsymbol{\delta}_t^{(h)} = V^\top \boldsymbol{\delta}_t^{(o)} + W^\top \boldsymbol{\delta}_{t+1}^{(a)}$$"
    found = last_claim(model, back)
    assert (found.verdict, found.latex) == ("conditional", back.strip("$"))
    assert last_claim(model, back.replace("W^", "U^")).verdict != "conditional"
