"""Which headings begin a model of their own, and which go on with the one above."""

import pytest

from lstm_sym.documents.check import check_text

FORGET = r"$$f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)$$"
INPUT = r"$$i_t = \sigma(W_i x_t + U_i h_{t-1} + b_i)$$"
CANDIDATE = r"$$g_t = \tanh(W_g x_t + U_g h_{t-1} + b_g)$$"
CELL = r"$$c_t = f_t \odot c_{t-1} + i_t \odot g_t$$"
OUTPUT = r"$$o_t = \sigma(W_o x_t + U_o h_{t-1} + b_o)$$"
HIDDEN = r"$$h_t = o_t \odot \tanh(c_t)$$"
LSTM = (FORGET, INPUT, CANDIDATE, CELL, OUTPUT, HIDDEN)
RNN = r"$$h_t = \tanh(V h_{t-1} + R x_t)$$"
GRU = (r"$$z_t = \sigma(W_z x_t + U_z h_{t-1})$$", r"$$r_t = \sigma(W_r x_t + U_r h_{t-1})$$",
       r"$$n_t = \tanh(W_n x_t + U_n (r_t \odot h_{t-1}))$$", r"$$h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}$$")


def under(level, *formulas):
    """Each formula below a heading of its own."""
    return "\n\n".join(f"{'#' * level} Step {n}\n\n{formula}" for n, formula in enumerate(formulas))


def verdicts(*texts):
    """The verdicts of the claims of a document."""
    return [f.verdict for f in check_text("\n\n".join(texts)).findings if f.verdict is not None]


@pytest.mark.parametrize("level", [2, 3])
def test_gates_with_a_heading_each_are_one_model(level):
    claims = (r"$$\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_{t-1}$$",
              r"$$\frac{\partial L}{\partial c_t} = \frac{\partial L}{\partial h_t} \odot o_t \odot (1 - \tanh^2(c_t))$$")
    assert verdicts("# LSTM", under(level, *LSTM), "## Gradients", *claims) == ["proved", "refuted"]


@pytest.mark.parametrize("level", [2, 3])
def test_a_state_defined_anew_begins_a_model_at_the_heading_above_its_first_gate(level):
    of_rnn = r"$$\frac{\partial h_t}{\partial x_t} = \operatorname{diag}(1 - h_t^2) R$$"
    of_gru = r"$$\frac{\partial L}{\partial n_t} = \frac{\partial L}{\partial h_t} \odot (1 - z_t)$$"
    text = ("## RNN", RNN, "## Gradients", of_rnn, "## GRU", under(level, *GRU), f"{'#' * level} Gradients", of_gru)
    assert verdicts(*text) == ["proved", "proved"]


def test_a_state_read_out_anew_begins_a_model_too():
    of_gru = r"$$\frac{\partial L}{\partial n_t} = \frac{\partial L}{\partial h_t} \odot (1 - z_t)$$"
    of_lstm = r"$$\frac{\partial L}{\partial o_t} = \frac{\partial L}{\partial h_t} \odot \tanh(c_t)$$"
    assert verdicts("# GRU", under(2, *GRU), of_gru, "# LSTM", under(2, *LSTM), of_lstm) == ["proved", "proved"]


def test_what_a_model_reads_out_stays_with_it():
    read_out = "## Scores\n\n$$y_t = Q h_t$$"
    of_rnn = r"$$\frac{\partial y_t}{\partial x_t} = Q \operatorname{diag}(1 - h_t^2) R$$"
    assert verdicts("## RNN", RNN, read_out, of_rnn, under(2, *GRU)) == ["proved"]


def test_a_definition_said_again_begins_nothing_and_is_a_claim():
    claim = r"$$\frac{\partial L}{\partial o_t} = \frac{\partial L}{\partial h_t} \odot \tanh(c_t)$$"
    assert verdicts("# LSTM", *LSTM, "## The cell", CELL, claim) == ["proved", "proved"]


def test_a_model_of_other_names_is_one_of_its_own():
    other = r"$$s_t = A s_{t-1} + B x_t$$"
    claim = r"$$\frac{\partial L}{\partial A} = \sum_t \frac{\partial L}{\partial s_t} s_{t-1}^\top$$"
    assert verdicts("# RNN", RNN, "# Linear", other, claim) == ["proved"]
