r"""What the range of a function says of an inequality, and what numbers say of one.

A range proves a strict inequality only where its end is not reached, and 0 is reached by a product as soon as one factor does.
"""
import pytest

from lstm_sym.documents.check import check_text

RELU = "$$h_t = \\mathrm{relu}(W h_{t-1} + U x_t + b)$$\n\n"
LOGISTIC = "$$h_t = \\sigma(W h_{t-1} + U x_t + b)$$\n\n"


def verdict(model, claim):
    """Of the last line of a document."""
    return check_text(f"{model}$$ {claim} $$\n").findings[-1].verdict


@pytest.mark.parametrize("model, claim", [
    (RELU, r"0 < h_t"), (RELU, r"0 < \mathrm{relu}(b)"), (RELU, r"\mathrm{relu} > 0"),
    (LOGISTIC, r"0 < \mathrm{relu}(b) \odot h_t"), (LOGISTIC, r"0 < 0 \cdot h_t"), (LOGISTIC, r"h_t \odot h_t < 0"),
])
def test_an_end_that_is_reached_is_not_proved_strict(model, claim):
    assert verdict(model, claim) != "proved"


@pytest.mark.parametrize("model, claim", [
    (RELU, r"0 \le h_t"), (RELU, r"0 \le \mathrm{relu}(b)"), (LOGISTIC, r"0 < h_t"), (LOGISTIC, r"0 < h_t \odot h_t"),
    (LOGISTIC, r"h_t \odot h_t < 1"), (LOGISTIC, r"-1 < \tanh(b) \odot h_t"),
])
def test_an_end_that_is_not_reached_is_proved_strict(model, claim):
    assert verdict(model, claim) == "proved"


def test_a_product_of_many_factors_is_no_long_search():
    power = r" \odot ".join([r"h_t"] * 40)
    assert verdict(LOGISTIC, f"{power} < 1") == "proved"


@pytest.mark.parametrize("claim, wanted", [
    (r"\sigma(1)^{15} < \frac{1}{100}", "proved"), (r"\sigma(1)^{14} < \frac{1}{100}", "refuted"),
    (r"\sigma(1)^{100} < 2.6 \cdot 10^{-14}", "proved"), (r"\sigma(1)^{100} \ge 2.4 \cdot 10^{-14}", "proved"),
    (r"\sigma(\ln 9)^{2} \le 0.82", "proved"), (r"0.9^{100} \le 2 \cdot 10^{-5}", "refuted"), (r"\frac{1}{2} \le 0.5", "proved"),
    (r"\sigma(0)^2 \geq \frac{1}{4}", "proved"),
])
def test_numbers_are_compared_in_balls_and_f_of_x_to_a_power_is_the_power_of_the_value(claim, wanted):
    assert verdict("", claim) == wanted
