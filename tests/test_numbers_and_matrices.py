r"""What a lower-case letter is: a matrix, a column or a number, by what it stands beside; one output, one target a step."""
from __future__ import annotations

import pytest
from claims import last_claim

OUTPUT = r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$ $$y_t = v^\top h_t + c$$ "
SQUARES = OUTPUT + r"$$L = \frac12 \sum_{t=1}^T (y_t - d_t)^2$$ "
PROBABILITY = OUTPUT.replace("y_t", "p_t").replace(r"v^\top h_t + c", r"\sigma(v^\top h_t + c)")
ENTROPY = PROBABILITY + r"$$L = -\sum_{t=1}^T y_t \log p_t + (1 - y_t) \log(1 - p_t)$$ "


def verdict(model, claim):
    return last_claim(model.replace("$$ ", "$$\n\n"), f"$${claim}$$").verdict


@pytest.mark.parametrize(("claim", "expected"), [
    (r"\frac{\partial L}{\partial v} = \sum_t (y_t - d_t) h_t", "proved"),
    (r"\frac{\partial L}{\partial v} = \sum_t (d_t - y_t) h_t", "refuted"),
    (r"\frac{\partial L}{\partial c} = \sum_t (y_t - d_t)", "proved"),
    (r"\frac{\partial L}{\partial h_T} = (y_T - d_T) v", "proved"),
    (r"\frac{\partial L}{\partial h_T} = v^\top", "refuted"),
])
def test_a_target_of_an_output_that_is_a_number_is_a_number(claim, expected):
    assert verdict(SQUARES, claim) == expected
    assert verdict(SQUARES.replace("(y_t - d_t)^2", "(d_t - y_t)^2"), claim) == expected
    assert verdict(SQUARES.replace(" + c", ""), claim) == expected or "partial c" in claim


def test_a_target_of_a_column_stays_a_column():
    columns = SQUARES.replace(r"v^\top h_t", "V h_t").replace("(y_t - d_t)^2", r"\|y_t - d_t\|^2")
    assert verdict(columns, r"\frac{\partial L}{\partial V} = \sum_t (y_t - d_t) h_t^\top") == "proved"
    assert verdict(columns, r"\frac{\partial L}{\partial V} = \sum_t (y_t - d_t) h_t") == "refuted"


def test_the_cross_entropy_of_one_probability_a_step():
    assert verdict(ENTROPY, r"\frac{\partial L}{\partial v} = \sum_t (p_t - y_t) h_t") == "proved"
    assert verdict(ENTROPY, r"\frac{\partial L}{\partial c} = \sum_t (p_t - y_t)") == "proved"
    assert verdict(ENTROPY, r"\frac{\partial L}{\partial v} = \sum_t (p_t - y_t) p_t (1 - p_t) h_t") == "refuted"


def test_brackets_that_are_not_written_stand_around_all_that_holds_the_letter_of_a_sum():
    bracketed = ENTROPY.replace("y_t \\log p_t + (1 - y_t) \\log(1 - p_t)", "[y_t \\log p_t + (1 - y_t) \\log(1 - p_t)]")
    claim = r"\frac{\partial L}{\partial c} = \sum_t p_t - y_t"
    assert verdict(bracketed, claim) == verdict(ENTROPY, claim) == "proved"


BOLD = (r"$$\mathbf{s}_t = \tanh(\mathbf{w} \mathbf{s}_{t-1} + \mathbf{u} \mathbf{x}_t)$$ "
        r"$$\mathbf{y}_t = \mathbf{v} \mathbf{s}_t$$ $$L = \sum_{t=1}^T \ell(\mathbf{y}_t)$$ ")


@pytest.mark.parametrize(("claim", "expected"), [
    (r"\frac{\partial \mathbf{s}_t}{\partial \mathbf{s}_{t-1}} = \operatorname{diag}(1 - \mathbf{s}_t^2) \mathbf{w}", "proved"),
    (r"\frac{\partial \mathbf{s}_t}{\partial \mathbf{s}_{t-1}} = \mathbf{w} \operatorname{diag}(1 - \mathbf{s}_t^2)", "refuted"),
    (r"\nabla_{\mathbf{v}} L = \sum_t \nabla_{\mathbf{y}_t} L \; \mathbf{s}_t^\top", "proved"),
    (r"\nabla_{\mathbf{s}_T} L = \mathbf{v}^\top \nabla_{\mathbf{y}_T} L", "proved"),
])
def test_a_bold_letter_beside_a_state_is_a_matrix(claim, expected):
    assert verdict(BOLD, claim) == expected
    assert verdict(BOLD.replace("mathbf", "boldsymbol"), claim.replace("mathbf", "boldsymbol")) == expected


def test_a_plain_input_beside_a_column_is_a_number():
    net = r"$$\mathbf{h}_t = \tanh(\mathbf{W} \mathbf{h}_{t-1} + \mathbf{u} x_t)$$ $$L = \ell(\mathbf{h}_T)$$ "
    plain = net.replace(r"\mathbf{h}", "h").replace(r"\mathbf{W}", "W").replace(r"\mathbf{u}", "u")
    of_u = r"\frac{\partial L}{\partial u} = \sum_t x_t (1 - h_t^2) \odot \frac{\partial L}{\partial h_t}"
    of_x = r"\frac{\partial L}{\partial x_t} = u^\top ((1 - h_t^2) \odot \frac{\partial L}{\partial h_t})"
    for claim in (of_u, of_x):
        bold = claim.replace("h_t", r"\mathbf{h}_t").replace(" u", r" \mathbf{u}").replace("{u", r"{\mathbf{u}")
        assert verdict(plain, claim) == verdict(net, bold) == "proved"


def test_an_output_that_a_sentence_gives_for_the_last_step_is_read():
    net = r"A net $s_t = \tanh(W s_{t-1} + U x_t)$ predicts $\hat{y} = V s_T$, with $E = \frac12 \|\hat y - y\|^2$. "
    assert verdict(net, r"\frac{\partial E}{\partial V} = (\hat y - y) s_T^\top") == "proved"
    assert verdict(net, r"\frac{\partial E}{\partial s_T} = V^\top (y - \hat y)") == "refuted"


def test_a_letter_that_a_sum_binds_is_an_exponent():
    net = r"$$h_t = W h_{t-1} + x_t$$ $$c_t = \lambda c_{t-1} + x_t$$ $$h_0 = 0$$ "
    assert verdict(net, r"h_T = \sum_{k=0}^{T-1} W^k x_{T-k}") == "proved"
    assert verdict(net, r"c_T = \lambda^T c_0 + \sum_{k=1}^{T} \lambda^k x_k") == "refuted"


def test_a_peephole_is_a_column_multiplied_entry_by_entry():
    gate = (r"$$i_t = \sigma(W x_t + U h_{t-1} + p c_{t-1} + b)$$ $$c_t = (1 - i_t) \odot c_{t-1} + i_t \odot \tanh(V x_t)$$ "
            r"$$h_t = \tanh(c_t)$$ $$L = \ell(h_T)$$ ")
    of_p = r"\frac{\partial L}{\partial p} = \sum_t \frac{\partial L}{\partial i_t} \odot i_t \odot (1 - i_t) \odot c_{t-1}"
    assert verdict(gate, of_p) == "proved"
    assert verdict(gate, of_p.replace(r" \odot c_{t-1}", r" c_{t-1}^\top")) == "refuted"


def test_what_holds_of_targets_that_sum_to_one_is_not_false_in_the_other_layout():
    net = OUTPUT.replace(r"v^\top h_t + c", "V h_t") + r"$$p_t = \mathrm{softmax}(y_t)$$ $$L = -\sum_t d_t^\top \log p_t$$ "
    rows = last_claim(net.replace("$$ ", "$$\n\n"), r"$$\frac{\partial L}{\partial V} = \sum_t h_t (p_t - d_t)^\top$$")
    assert (rows.verdict, rows.code) == ("conditional", "E111")
    assert "sum to 1" in rows.condition and "numerator layout" in rows.condition


def test_the_squared_norm_of_rows_and_of_a_batch():
    net = r"$$h_t = \tanh(h_{t-1} A + x_t B)$$ $$p_t = h_t C$$ $$L = \frac12 \sum_t \|p_t - y_t\|^2$$ "
    batch = net.replace("h_", "H_").replace("x_", "X_").replace("p_", "P_").replace("y_", "Y_").replace(r"\|^2", r"\|_F^2")
    assert verdict(net, r"\frac{\partial L}{\partial C} = \sum_t h_t^\top (p_t - y_t)") == "proved"
    assert verdict(batch, r"\frac{\partial L}{\partial C} = \sum_t H_t^\top (P_t - Y_t)") == "proved"
    assert verdict(batch, r"\frac{\partial L}{\partial H_T} = (Y_T - P_T) C^\top") == "refuted"


def test_where_nothing_speaks_of_vectors_the_names_are_numbers():
    unit = r"$$c_t = \lambda c_{t-1} + (1 - \lambda) x_t$$ "
    assert verdict(unit, r"\frac{\partial c_T}{\partial c_0} = \lambda^T") == "proved"
    assert verdict(unit, r"\frac{\partial c_T}{\partial x_k} = (1 - \lambda) \lambda^{T-k}") == "proved"
    assert verdict(unit, r"\frac{\partial c_t}{\partial c_{t-1}} = \lambda I") == "proved"
    vectors = unit + r"$$x_t \in \mathbb{R}^n$$ "
    assert verdict(vectors, r"\frac{\partial c_t}{\partial c_{t-1}} = \lambda I") == "proved"
    assert verdict(vectors, r"\frac{\partial c_t}{\partial c_{t-1}} = \lambda^2 I") == "refuted"


COUNTED = r"$$h_t = \tanh(W h_{t-1} + U x_t)$$ $$y_t = V h_t$$ $$L = \sum_{t=1}^{T} \ell(y_t)$$ "
OF_V = r"\frac{\partial L}{\partial V} = \sum_{t=1}^{T} \frac{\partial L}{\partial y_t} h_t^\top"


@pytest.mark.parametrize("letter", ["n", "m", "i", "k", "s", "p"])
def test_a_letter_that_counts_steps_is_no_size(letter):
    def counted(text):
        return text.replace("_t", f"_{letter}").replace("{t", f"{{{letter}")

    if letter != "p":                                        # of which no document makes its time
        assert verdict(counted(COUNTED), counted(OF_V)) == "proved"
    assert verdict(COUNTED, counted(OF_V)) == "proved"
    declared = COUNTED + rf"$$h_t \in \mathbb{{R}}^{{{letter}}}$$ "
    assert verdict(declared, counted(OF_V)) == "proved"
    assert verdict(declared, counted(OF_V).replace(r"h_", r"x_")) == "refuted"


@pytest.mark.parametrize("letter", ["t", "k"])
def test_a_greek_letter_that_is_added_to_a_matrix_times_a_vector_is_a_column(letter):
    def counted(text):
        return text.replace("_t", f"_{letter}").replace("{t", f"{{{letter}")

    cell = counted(r"$$h_t = \tanh(W h_{t-1} + U x_t + \beta)$$ $$E = \sum_t \epsilon(h_t)$$ ")
    of_bias = counted(r"\frac{\partial E}{\partial \beta} = \sum_t \frac{\partial E}{\partial h_t} \circ (1 - h_t^2)")
    assert verdict(cell, of_bias) == "proved"
    assert verdict(cell, of_bias.replace(r" \circ (1", r" \circ (2")) == "refuted"
