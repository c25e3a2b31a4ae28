"""Documents that speak of several models: where one ends and the next begins, with headings and without."""
from __future__ import annotations

from lstm_sym.documents.check import check_text

ELMAN = r"""
A vanilla RNN computes
$$h_t = \tanh(W h_{t-1} + U x_t + b)$$
$$\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) W$$
"""
LSTM = r"""
$$i_t = \sigma(W_i h_{t-1} + U_i x_t + b_i)$$
$$c_t = c_{t-1} + i_t$$
$$h_t = i_t \odot \tanh(c_t)$$
"""
OUTWARD = r"""
$$\frac{\partial h_t}{\partial c_t} = \operatorname{diag}(i_t \odot (1 - \tanh^2(c_t)))$$
"""


def _verdicts(text: str) -> list[str]:
    return [f.verdict for f in check_text(text).findings if f.verdict is not None]


def test_words_that_announce_another_model_begin_a_new_one() -> None:
    assert _verdicts(f"{ELMAN}\nAn LSTM keeps a cell instead:\n{LSTM}{OUTWARD}") == ["proved"] * 2


def test_without_such_words_a_second_equation_for_a_name_is_a_claim() -> None:
    assert _verdicts(f"{ELMAN}\nHence\n$$h_t = W h_{{t-1}} + U x_t + b$$\n") == ["proved", "refuted"]


def test_words_that_recall_a_model_announce_none() -> None:
    assert _verdicts(f"{ELMAN}\nRecall the linear part of the RNN:\n$$h_t = W h_{{t-1}} + U x_t + b$$\n") == ["proved", "refuted"]


def test_an_activation_may_be_exchanged_in_words() -> None:
    linear = "With a linear activation\n$$h_t = W h_{t-1} + U x_t$$\n$$\\frac{\\partial h_t}{\\partial h_{t-1}} = W$$\n"
    assert _verdicts(f"{ELMAN}\n{linear}") == ["proved", "proved"]


def test_a_step_in_general_does_not_hide_the_model() -> None:
    text = f"We write $$h_t = f(h_{{t-1}}, x_t)$$ for a step.\n{ELMAN}"
    assert [f.verdict for f in check_text(text).findings if f.kind == "claim"] == ["proved"]
