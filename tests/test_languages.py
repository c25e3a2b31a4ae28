"""Words of other languages carry an argument as the English ones do: hypotheses, claims, notes beside formulas."""
from __future__ import annotations

import pytest

from lstm_sym import check_text
from lstm_sym.documents.layout.languages import in_english

RNN = "$$h_t = \\tanh(W h_{t-1} + U x_t + b)$$\n\n"
GRADIENT = r"\left\|\frac{\partial h_T}{\partial h_1}\right\|_2"

IMPLICATIONS = [
    r"若 $\|W\|_2 < 1$，则 ${} \to 0$。",
    r"如果 $\|W\|_2 < 1$，那么 ${} \to 0$。",
    r"Wenn $\|W\|_2 < 1$, dann ${} \to 0$.",
    r"Lorsque $\|W\|_2 < 1$, alors ${} \to 0$.",
    r"Если $\|W\|_2 < 1$, тогда ${} \to 0$.",
]


@pytest.mark.parametrize("sentence", IMPLICATIONS)
def test_a_hypothesis_in_another_language_is_supposed_and_not_judged(sentence):
    found = check_text(RNN + sentence.replace("{}", GRADIENT)).findings
    assert [(f.kind, f.verdict) for f in found[1:]] == [("hypothesis", None), ("claim", "proved")]
    bare = check_text(RNN + sentence.replace("{}", GRADIENT).replace("< 1", "< 2")).findings
    assert [(f.kind, f.verdict) for f in bare[1:]] == [("hypothesis", None), ("claim", "refuted")]


def test_that_gradients_explode_where_a_norm_exceeds_one_is_refuted_in_chinese_too():
    found = check_text(RNN + r"若 $\|W\|_2 > 1$，梯度爆炸。").findings
    assert [(f.kind, f.verdict) for f in found[1:]] == [("hypothesis", None), ("claim", "refuted")]


@pytest.mark.parametrize("text", ["相当于", "当前时刻", "规则", "否则", "命令行", "建设", "若干", "plain words", "per se"])
def test_a_sign_within_another_word_says_nothing(text):
    assert in_english(text) == text


def test_words_beside_a_formula_without_a_command_are_a_note():
    text = r"""
$$
z_t = \sigma(W_z x_t + U_z h_{t-1})更新门，接近1就保留，接近0就更新\\
h_t = z_t \odot h_{t-1} + (1 - z_t) \odot x_t 输出
$$
$$\frac{\partial h_t}{\partial z_t} = \operatorname{diag}(h_{t-1} - x_t)$$
"""
    assert [(f.kind, f.verdict) for f in check_text(text).findings] == [("model", None), ("model", None), ("claim", "proved")]
