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
