"""Signs that authors put beside names: numbers above them, subscripts of functions, accents, operators before sums."""
from __future__ import annotations

import pytest

from lstm_sym.documents.check import check_text

CELL = "\n\n".join((
    r"$$f_t = \sigma_g(W_f x_t + U_f h_{t-1} + b_f)$$",
    r"$$i_t = \sigma_g(W_i x_t + U_i h_{t-1} + b_i)$$",
    r"$$o_t = \sigma_g(W_o x_t + U_o h_{t-1} + b_o)$$",
    r"$$\tilde{c}_t = \sigma_c(W_c x_t + U_c h_{t-1} + b_c)$$",
    r"$$c_t = f_t \odot c_{t-1} + i_t \odot \tilde{c}_t$$",
    r"$$h_t = o_t \odot \sigma_h(c_t)$$", ""))
PLAIN = CELL.replace("_g(", "(").replace(r"\sigma_c(", r"\tanh(").replace(r"\sigma_h(", r"\tanh(")
OF_TANH = r"$$\frac{\partial h_t}{\partial c_t} = \operatorname{diag}(o_t \odot (1 - \tanh^2(c_t)))$$"
SAID = r"Here $\sigma_g$ is the sigmoid function, and $\sigma_c$ and $\sigma_h$ are the hyperbolic tangent." "\n\n"


def last(text):
    return check_text(text).findings[-1].verdict


@pytest.mark.parametrize("words", [
    SAID,
    r"where $\sigma_g, \sigma_c, \sigma_h$ are sigmoid, tanh and tanh, respectively." "\n\n",
    r"with the logistic sigmoid $\sigma_g$; $\sigma_c = \tanh$; $\sigma_h = \tanh$." "\n\n",
])
def test_the_words_say_which_function_a_sigma_with_a_subscript_is(words):
    assert last(CELL + words + OF_TANH) == "proved"
    assert last(CELL + words + OF_TANH.replace("^2", "")) == "refuted"


def test_a_sigma_with_a_subscript_that_nobody_explains_may_be_any_function():
    of_gate = r"$$\frac{\partial f_t}{\partial b_f} = \operatorname{diag}(f_t \odot (1 - f_t))$$"
    of_slope = r"$$\frac{\partial h_t}{\partial c_t} = \operatorname{diag}(o_t \odot \sigma_h'(c_t))$$"
    assert last(CELL + of_slope) == "proved"
    assert last(CELL + of_gate) == "conditional"
    assert last(CELL + OF_TANH) != "refuted"
    assert last(CELL + of_slope.replace(r"o_t \odot ", "")) == "refuted"


def test_a_function_with_a_subscript_is_no_factor():
    net = r"$$s_t = f_s(W s_{t-1} + U x_t)$$" "\n\n"
    jacobian = r"$$\frac{\partial s_t}{\partial s_{t-1}} = \operatorname{diag}(f_s'(W s_{t-1} + U x_t)) W$$"
    assert last(net + jacobian) == "proved"
    assert last(net + r"$$\frac{\partial s_t}{\partial s_{t-1}} = f_s W$$") not in ("proved", "conditional")


def test_numbers_above_names_that_a_line_defines_tell_them_apart():
    net = "\n\n".join((r"$$z^1_t = W^1 x_t + R s_{t-1}$$", r"$$s_t = \tanh(z_t^1)$$", r"$$z_t^2 = W^2 s_t$$", ""))
    assert last(net + r"$$\frac{\partial z^2_t}{\partial z^1_t} = W^2 \operatorname{diag}(1 - s_t^2)$$") == "proved"
    assert last(net + r"$$\frac{\partial z^2_t}{\partial z^1_t} = W^1 \operatorname{diag}(1 - s_t^2)$$") == "refuted"


def test_without_such_a_line_a_number_above_is_a_power():
    net = r"$$h_t = W h_{t-1}$$" "\n\n"
    assert last(net + r"$$h_t = W^2 h_{t-2}$$") == "proved"
    assert last(net + r"$$h_t = W^1 h_{t-1}$$") == "proved"


def test_accents_said_to_be_gradients_are_gradients():
    said = PLAIN + r"Write $\bar{h}_t = \partial L/\partial h_t$ and $\bar{c}_t = \partial L/\partial c_t$. Then" "\n\n"
    step = r"$$\bar{c}_t = \bar{c}_{t+1} \odot f_{t+1} + \bar{h}_t \odot o_t \odot (1 - \tanh^2(c_t))$$"
    assert last(said + step) == "proved"
    assert last(said + step.replace("f_{t+1}", "f_t")) == "refuted"
    assert last(said + r"$$\bar{o}_t = \bar{h}_t \odot \tanh(c_t)$$") == "proved"
    assert last(said + r"$$\bar{\tilde{c}}_t = \bar{c}_t \odot \tilde{c}_t$$") == "refuted"


def test_an_operator_before_a_loss_or_a_bracket_of_losses_differentiates_each():
    net = "\n\n".join((r"$$h_t = \tanh(W h_{t-1} + U x_t)$$", r"$$o_t = V h_t$$",
                       r"$$L = \sum_{t=1}^{T} \ell(o_t, y_t)$$", r"Gradients are columns.", ""))
    claim = r"$$\frac{\partial L}{\partial o_t} = \frac{\partial}{\partial o_t} \ell(o_t, y_t)$$"
    assert last(net + claim) == "proved"
    assert last(net + claim.replace(r"\ell(o_t, y_t)", r"\ell(o_{t-1}, y_{t-1})")) != "proved"


def test_singular_values_are_no_functions_of_their_own():
    net = r"$$h_t = \tanh(W h_{t-1} + U x_t)$$" "\n\n"
    assert last(net + r"$$\left\|\frac{\partial h_t}{\partial h_{t-1}}\right\| \le \sigma_{\max}(W)$$") == "proved"
    assert last(net + r"$$\left\|\frac{\partial h_t}{\partial h_{t-1}}\right\| \le \sigma_1(W)$$") != "refuted"
    assert last(net + r"If $\sigma_{\max}(W) < 1$, then" "\n\n" + r"$$\|W\|_2 < 1$$") == "proved"


@pytest.mark.parametrize("f", ["F", r"\alpha"])
@pytest.mark.parametrize("words", ["where $%s$ is the activation function.", "with a nonlinearity $%s$.",
                                   "$%s$ is applied elementwise."])
def test_a_letter_that_the_words_call_an_activation_function_is_no_factor(f, words):
    net = rf"$$h_t = {f}(W h_{{t-1}} + U x_t)$$" "\n\n" + words % f + "\n\n"
    jacobian = rf"$$\frac{{\partial h_t}}{{\partial h_{{t-1}}}} = \operatorname{{diag}}({f}'(W h_{{t-1}} + U x_t)) W$$"
    assert last(net + jacobian) == "proved"
    assert last(net + rf"$$\frac{{\partial h_t}}{{\partial h_{{t-1}}}} = {f} W$$") not in ("proved", "conditional")


def test_an_activation_called_rho_is_not_refuted_as_a_spectral_radius():
    net = r"$$h_t = \rho(W h_{t-1} + U x_t)$$" "\n\n" r"where $\rho$ is the activation function." "\n\n"
    jacobian = r"$$\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(\rho'(W h_{t-1} + U x_t)) W$$"
    assert last(net + jacobian) not in ("refuted", "conditional")


def test_a_letter_before_brackets_only_with_a_prime_somewhere_is_a_function():
    net = r"$$s_t = F(A s_{t-1} + B x_t)$$" "\n\n"
    jacobian = r"$$\frac{\partial s_t}{\partial s_{t-1}} = \operatorname{diag}(F'(A s_{t-1} + B x_t)) A$$"
    assert last(net + jacobian) == "proved"
    assert last(net + jacobian.replace("A$$", "B$$")) == "refuted"
    assert last(r"$$y_t = W(x_t + h_{t-1})$$" "\n\n" r"$$\frac{\partial y_t}{\partial x_t} = W$$") == "proved"


def test_bold_greek_capitals_are_matrices():
    net = r"$$\boldsymbol{s}_t = \tanh(\boldsymbol{\Theta} \boldsymbol{s}_{t-1} + \boldsymbol{\Xi} \boldsymbol{u}_t)$$" "\n\n"
    left = r"$$\frac{\partial \boldsymbol{s}_t}{\partial \boldsymbol{s}_{t-1}} = "
    jacobian = left + r"\operatorname{diag}(1 - \boldsymbol{s}_t^2) \boldsymbol{\Theta}$$"
    assert last(net + jacobian) == "proved"
    assert last(net + jacobian.replace("Theta}$$", "Theta}^\\top$$")) != "proved"
