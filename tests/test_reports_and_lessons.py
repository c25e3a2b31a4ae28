"""Documents as reports, blogs and lecture notes have them, true and with one error: the verdict, the code, the mended line."""
from __future__ import annotations

import pytest

from lstm_sym.documents.check import check_text
from lstm_sym.documents.findings import Finding

BATCH = r"""Inputs $x_t \in \mathbb{R}^{N \times D}$ and states $h_t \in \mathbb{R}^{N \times H}$ have a row for each sample:

$$h_t = \tanh(x_t W_x + h_{t-1} W_h + b)$$

Put $a_t = x_t W_x + h_{t-1} W_h + b$, so that $h_t = \tanh(a_t)$, and write $\delta_t = \frac{\partial L}{\partial a_t}$.

"""
OUTPUT = r"""$$h_t = \tanh(W h_{t-1} + U x_t + b), \quad o_t = V h_t + c, \quad p_t = \operatorname{softmax}(o_t)$$

"""
TARGETS = OUTPUT + r"The loss is $L = -\sum_t \sum_i y_{t,i} \log p_{t,i}$ with one-hot targets $y_t$." "\n\n"
DELTAS = r"""$$a_t = U x_t + W h_{t-1}, \quad h_t = \tanh(a_t), \quad z_t = V h_t, \quad p_t = \operatorname{softmax}(z_t)$$

The loss at time $t$ is $\ell_t = -\sum_k y_{t,k} \log p_{t,k}$, where each target $y_t$ is one-hot;
in total $\mathcal{L} = \sum_t \ell_t$.
Let $\delta^z_t = \frac{\partial \mathcal{L}}{\partial z_t}$ and $\delta^h_t = \frac{\partial \mathcal{L}}{\partial a_t}$.

"""
GATES = r"""$$f_t = \sigma(W_f x_t + U_f h_{t-1}), \quad g_t = \tanh(W_g x_t + U_g h_{t-1}), \quad h_t = f_t \odot h_{t-1} + g_t$$

"""
RESET = r"""$$r_t = \sigma(W_r x_t + U_r h_{t-1}), \quad g_t = \tanh(W x_t + U (r_t \odot h_{t-1})), \quad h_t = g_t + h_{t-1}$$

"""
NET = r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$" "\n\n"


def last(text: str, claim: str) -> Finding:
    return check_text(f"{text}$${claim}$$").findings[-1]


@pytest.mark.parametrize(("claim", "code"), [
    (r"\delta_t = \frac{\partial L}{\partial h_t} \odot (1 - h_t^2)", None),
    (r"\frac{\partial L}{\partial W_h} = \sum_{t=1}^{T} h_{t-1}^\top \delta_t", None),
    (r"\frac{\partial L}{\partial x_t} = \delta_t W_x^\top", None),
    (r"\delta_t = \frac{\partial L}{\partial h_t}", "E101"),
    (r"\frac{\partial L}{\partial x_t} = \delta_t W_x", "E102"),
    (r"\frac{\partial L}{\partial W_h} = \sum_{t=1}^{T} h_t^\top \delta_t", "E103"),
    (r"\frac{\partial L}{\partial W_h} = h_{t-1}^\top \delta_t", "E108"),
])
def test_batches_with_a_row_a_sample_are_read_and_judged(claim: str, code: str | None) -> None:
    found = last(BATCH, claim)
    assert (found.verdict, found.code) == ("refuted" if code else "proved", code)


@pytest.mark.parametrize(("claim", "code"), [
    (r"\frac{\partial L}{\partial o_{t,i}} = p_{t,i} - y_{t,i}", None),
    (r"\nabla_{h_t} L = W^\top \operatorname{diag}(1 - h_t^2) \nabla_{h_{t+1}} L + V^\top (p_t - y_t)", "E103"),
    (r"\frac{\partial h_t}{\partial h_k} = \prod_{j=k}^{t} \operatorname{diag}(1 - h_j^2) W", "E103"),
])
def test_a_cross_entropy_in_entries_has_the_gradient_p_minus_y_and_its_claims_are_mended(claim: str, code: str | None) -> None:
    found = last(TARGETS, claim)
    assert (found.verdict, found.code, found.correction is None) == (("refuted", code, False) if code else ("proved", None, True))


@pytest.mark.parametrize(("claim", "code"), [
    (r"\delta^z_t = p_t - y_t", None),
    (r"\delta^h_t = (1 - h_t^2) \odot (V^\top \delta^z_t + W^\top \delta^h_{t+1})", None),
    (r"\delta^h_t = V^\top \delta^z_t + W^\top \delta^h_{t+1}", "E101"),
    (r"\delta^h_t = (1 - h_{t-1}^2) \odot (V^\top \delta^z_t + W^\top \delta^h_{t+1})", "E103"),
    (r"\delta^h_t = (1 - h_t^2) \odot W^\top \delta^h_{t+1}", "E108"),
    (r"\frac{\partial \mathcal{L}}{\partial V} = \delta^z_T h_T^\top", "E108"),
    (r"\frac{\partial \mathcal{L}}{\partial U} = \sum_t x_t (\delta^h_t)^\top", "E102"),
])
def test_a_sentence_that_names_a_gradient_says_what_delta_is(claim: str, code: str | None) -> None:
    found = last(DELTAS, claim)
    assert (found.verdict, found.code) == ("refuted" if code else "proved", code)


def test_a_gradient_that_is_named_outweighs_a_wrong_formula_for_it_before() -> None:
    net = r"$$a_t = W h_{t-1} + U x_t, \quad h_t = \tanh(a_t)$$" "\n\n"
    wrong = r"$$\delta_t = \frac{\partial L}{\partial h_t} \odot (1 - h_t)$$" "\n\n"
    found = check_text(net + wrong + r"where $\delta_t = \frac{\partial L}{\partial a_t}$.").findings
    assert [(f.verdict, f.code) for f in found][2:] == [("refuted", "E110"), (None, None)]


@pytest.mark.parametrize(("slope", "code"), [
    (r"f_t \odot (1 - f_t)", None),
    (r"(1 - f_t)", "E101"),
    (r"(1 - f_t^2)", "E101"),
    (r"\tanh'(W_f x_t + U_f h_{t-1})", "E101"),
    (r"f_t^2 \odot (1 - f_t)", "E110"),
    (r"f_t^2 \odot (1 - f_t)^2", "E107"),
])
def test_a_wrong_derivative_of_a_gate_is_named_and_mended(slope: str, code: str | None) -> None:
    gradient = r"\frac{\partial L}{\partial U_f} = \sum_{t=1}^T (\frac{\partial L}{\partial f_t} \odot SLOPE) h_{t-1}^\top"
    found = last(GATES, gradient.replace("SLOPE", slope))
    assert (found.verdict, found.code) == ("refuted" if code else "proved", code)
    assert code is None or found.correction is not None


@pytest.mark.parametrize(("claim", "code"), [
    (r"\frac{\partial h_t}{\partial h_{t-1}} = I + \frac{\partial g_t}{\partial h_{t-1}}", None),
    (r"\frac{\partial g_t}{\partial h_{t-1}} = \operatorname{diag}(1 - g_t^2) U \operatorname{diag}(r_t)", "E108"),
    (r"\frac{\partial h_t}{\partial h_{t-1}} = I + (1 - g_t^2) U \operatorname{diag}(r_t)", "E105"),
])
def test_a_path_that_is_missing_from_the_jacobian_of_a_step_is_named(claim: str, code: str | None) -> None:
    found = last(RESET, claim)
    assert (found.verdict, found.code) == ("refuted" if code else "proved", code)


def test_a_gate_left_out_of_a_power_of_the_weights_is_a_wrong_power() -> None:
    found = last(NET, r"\frac{\partial h_t}{\partial h_k} = W^{t-k} \prod_{j=k+1}^{t} \operatorname{diag}(1 - h_j^2)")
    assert (found.verdict, found.code) == ("refuted", "E110") and r"\prod_{j=k+1}^{t}" in (found.correction or "")


@pytest.mark.parametrize("since", [
    r"Since $|\tanh'| \le 1$, we have", r"As $\tanh' \le 1$, we have", r"Because $0 < \tanh'(x) \le 1$, we have",
    r"Since $\|\operatorname{diag}(1 - h_t^2)\| \le 1$, where $a_t = W h_{t-1} + U x_t + b$, we have",
])
def test_what_is_known_of_an_activation_hinders_no_claim_about_sizes(since: str) -> None:
    bound = r"\left\| \frac{\partial h_t}{\partial h_{t-1}} \right\|_2 \le "
    assert last(f"{NET}{since}\n\n", bound + r"\|W\|_2").verdict == "proved"
    found = last(f"{NET}{since}\n\n", bound + r"\rho(W)")
    assert (found.verdict, found.code) == ("refuted", "E106")


def test_a_loss_that_a_sentence_gives_is_the_loss() -> None:
    text = r"$$h_t = \tanh(w h_{t-1} + u x_t), \qquad q = v h_T$$" "\n\n" r"The loss is $L = \frac{1}{2}(q - y)^2$." "\n\n"
    assert last(text, r"\frac{\partial L}{\partial v} = (q - y) h_T").verdict == "proved"
    assert last(text, r"\frac{\partial L}{\partial v} = (q - y) h_{T-1}").code == "E103"


def test_what_comes_from_above_may_be_called_delta() -> None:
    text = r"$$a_t = W h_{t-1} + U x_t, \quad h_t = \tanh(a_t)$$" "\n\n"
    found = last(text, r"\frac{\partial E}{\partial h_t} = \Delta_t + W^\top \frac{\partial E}{\partial a_{t+1}}")
    assert (found.verdict, found.code) == ("conditional", "W204")
    assert r"\Delta_t = \frac{\partial^{+} E}{\partial h_t}" in found.message


def test_a_correction_keeps_the_name_of_the_loss() -> None:
    net = r"$$f_t = \sigma(W h_{t-1}), \quad h_t = f_t * h_{t-1}$$" "\n\n" r"$$df_t = dh_{next} * h_{t-1}$$" "\n\n"
    found = last(net, r"\frac{\partial J}{\partial f_t} = \frac{\partial J}{\partial h_t} * h_t")
    assert found.verdict == "refuted" and found.correction is not None and r"\partial L" not in found.correction


@pytest.mark.parametrize(("claim", "verdict"), [
    (r"\frac{d}{dx} \sigma(x) = \sigma(x) (1 - \sigma(x))", "proved"),
    (r"\frac{\partial \tanh(h_t)}{\partial h_t} = \operatorname{diag}(1 - \tanh^2(h_t))", "proved"),
    (r"\frac{\partial \tanh(h_t)}{\partial h_t} = 1 - \tanh^2(h_t)", "conditional"),
    (r"\frac{d}{dx} \tanh(x) = 1 - \tanh(x)", "refuted"),
])
def test_a_function_may_be_differentiated_by_its_argument(claim: str, verdict: str) -> None:
    assert last(GATES, claim).verdict == verdict
