"""Cross-entropy: p - y holds for targets that sum to 1, so it is never refuted; y - p is."""
import pytest

from lstm_sym.documents.check import check_text

NET = r"""
$$h_t = \tanh(W h_{t-1} + U x_t + b)$$
$$o_t = V h_t + c$$
$$\hat{y}_t = \mathrm{softmax}(o_t)$$
$$L = -\sum_t y_t^\top \log \hat{y}_t$$
$$\frac{\partial L}{\partial o_t} = %s$$
"""


@pytest.mark.parametrize("right, refuted", [(r"\hat{y}_t - y_t", False), (r"y_t - \hat{y}_t", True)])
def test_the_gradient_of_cross_entropy_is_refuted_only_with_the_wrong_sign(right, refuted):
    finding = check_text(NET % right).findings[-1]
    assert (finding.verdict == "refuted") == refuted
    assert refuted or "sum to 1" in finding.message


def test_an_upright_word_before_a_bracket_is_a_function_and_never_a_factor():
    findings = check_text(r"$$h_t = \operatorname{mish}(W h_{t-1} + U x_t)$$").findings
    assert [f.verdict for f in findings] == ["not_read"] and "mish" in findings[0].message


def test_a_declared_size_of_a_target_may_be_the_unnamed_size_of_the_output():
    text = r"""
The target is $y_t \in \mathbb{R}^p$.
$$h_t = \tanh(W h_{t-1} + U x_t + b)$$
$$o_t = V h_t + c, \quad \hat{y}_t = \mathrm{softmax}(o_t)$$
$$L = \sum_t \mathrm{CE}(\hat y_t, y_t)$$
$$\frac{\partial L}{\partial h_t} = V^\top (\hat y_t - y_t)
  + W^\top \operatorname{diag}(1-h_{t+1}^2) \frac{\partial L}{\partial h_{t+1}}$$
"""
    assert check_text(text).findings[-1].verdict == "undecided"


@pytest.mark.parametrize("sentence", [
    "The target $y_t$ is a one-hot vector.", "Each $y_t$ is a probability distribution.", "Labels sum to 1."])
def test_the_gradient_of_cross_entropy_is_proved_where_the_text_says_that_targets_sum_to_1(sentence):
    finding = check_text(sentence + "\n" + NET % r"\hat{y}_t - y_t").findings[-1]
    assert finding.verdict == "proved" and "as the text says" in finding.message


@pytest.mark.parametrize("sentence", [
    "The targets usually sum to 1.", "This holds whether labels sum to 1 or not.", "If $y_t$ is one-hot, $p$ is not."])
def test_what_the_text_only_considers_stays_a_condition(sentence):
    assert check_text(sentence + "\n" + NET % r"\hat{y}_t - y_t").findings[-1].verdict == "conditional"


def test_what_holds_of_one_hot_columns_is_not_refuted_by_others():
    text = "The input $x_t$ is one-hot.\n$$h_t = \\tanh(W h_{t-1} + U x_t)$$\n$$%s$$"
    claims = {r"x_t \odot x_t = x_t": "undecided", r"x_t \odot x_t = 2 x_t": "refuted", r"U x_t = W x_t": "refuted"}
    assert {claim: check_text(text % claim).findings[-1].verdict for claim in claims} == claims
