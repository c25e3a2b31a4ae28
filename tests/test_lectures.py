r"""Notation of lectures: chains that say what the loss is, targets called as an output before, loops over time in words."""
from __future__ import annotations

import pytest
from claims import last_claim

from lstm_sym import check_text
from lstm_sym.documents.layout.parse import parse
from lstm_sym.documents.reading.stacked import unstacked

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


HIDDEN = r"$$h_t = W f(h_{t-1}) + U x_t + b$$" + "\n\n" + r"$$L = \sum_t L_t$$" + "\n\n"


@pytest.mark.parametrize(("claim", "expected"), [
    (r"\frac{\partial h_t}{\partial h_{t-1}^\top} = W \operatorname{diag}(f'(h_{t-1}))", "proved"),
    (r"\frac{\partial h_t^\top}{\partial h_{t-1}} = \operatorname{diag}(f'(h_{t-1})) W^\top", "proved"),
    (r"\frac{\partial h_t^\top}{\partial h_{t-1}} = W \operatorname{diag}(f'(h_{t-1}))", "refuted"),
    (r"\frac{\partial L}{\partial U^\top} = \sum_t x_t \frac{\partial L}{\partial h_t^\top}", "proved"),
    (r"\frac{\partial L}{\partial U^\top} = \sum_t \frac{\partial L}{\partial h_t} x_t^\top", "refuted"),
])
def test_a_transpose_in_a_derivative_says_its_layout(claim, expected):
    assert verdict(HIDDEN, claim) == expected


def test_a_gradient_before_a_chain_of_jacobians_is_none_of_them():
    chain = (r"\frac{\partial L_t}{\partial h_k} = \frac{\partial L_t}{\partial h_t} "
             r"\frac{\partial h_t}{\partial h_{t-1}} \cdots \frac{\partial h_{k+1}}{\partial h_k}")
    assert verdict(HIDDEN, chain) == "conditional"           # of rows: it was refuted, as of shapes that do not fit
    rows = chain.replace(r"\partial h_k}", r"\partial h_k^\top}")
    rows = rows.replace(r"\partial L_t}{\partial h_t}", r"\partial L_t}{\partial h_t^\top}")
    assert verdict(HIDDEN, rows) == "proved"
    assert verdict(HIDDEN, rows.replace(r"\partial h_{k+1}}", r"\partial h_{k+2}}")) != "proved"


def test_several_factors_may_repeat_around_dots():
    steps = (r"\frac{\partial h_t}{\partial h_k} = W \operatorname{diag}(f'(h_{t-1})) W \operatorname{diag}(f'(h_{t-2})) \cdots "
             r"W \operatorname{diag}(f'(h_k))")
    assert verdict(HIDDEN, steps) == "proved"
    assert verdict(HIDDEN, steps.replace(r"h_{t-2})) ", r"h_{t-2})) W ")) != "proved"
    assert verdict(HIDDEN, steps.replace("f'(h_k)", "f'(h_{k+1})")) == "refuted"


@pytest.mark.parametrize("left_out", [r"\tanh'(\cdot)", r"\tanh'(\dots)", r"\tanh'"])
def test_an_argument_that_is_left_out_is_that_of_the_model(left_out):
    model = r"$$h_t = \tanh(z_t), \qquad z_t = W h_{t-1} + U x_t$$" + "\n\n"
    slope = rf"\operatorname{{diag}}({left_out})"
    assert verdict(model, rf"\frac{{\partial h_k}}{{\partial h_{{k-1}}}} = {slope} W") == "proved"
    assert verdict(model, rf"\frac{{\partial h_k}}{{\partial h_{{k-1}}}} = W {slope}") == "refuted"
    assert verdict(model, rf"\frac{{\partial h_T}}{{\partial h_t}} = \prod_{{j=t+1}}^T {slope} W") == "proved"
    assert verdict(model, rf"\frac{{\partial h_T}}{{\partial h_t}} = \prod_{{j=t}}^T {slope} W") == "refuted"
    for other in (r"g_t = \tanh(V x_t), \quad z_t = W", r"y_t = h_t \odot \tanh(V h_t), \quad z_t = W"):      # of which?
        gates = model.replace("z_t = W", other)
        assert verdict(gates, rf"\frac{{\partial h_t}}{{\partial h_{{t-1}}}} = {slope} W") in ("not_read", "undecided")


def test_an_entry_of_the_diagonal_of_a_jacobian():
    cell = r"$$f_t = \sigma(A x_t), \qquad c_t = f_t \odot c_{t-1} + B x_t$$" + "\n\n"
    entry = r"\left[\frac{\partial c_t}{\partial c_{t-1}}\right]_{jj} = f_{t,j}"
    assert verdict(cell, entry) == "proved"
    assert verdict(cell, entry.replace("f_{t,j}", "1 - f_{t,j}")) == "refuted"


STACK = LSTM + r"""
Let $u_t = [h_{t-1}, x_t]$ be what all gates read.

$$\begin{pmatrix} \bar f_t \\ \bar i_t \\ \bar c_t \\ \bar o_t \end{pmatrix} = W u_t + b$$
"""


def test_gates_before_their_functions_in_one_column():
    slope = r"\frac{\partial L}{\partial \bar f_t} = \frac{\partial L}{\partial f_t} \odot f_t \odot (1 - f_t)"
    assert verdict(STACK, slope) == "proved"
    assert verdict(STACK, slope.replace(r"f_t \odot (1", "(1")) == "refuted"


@pytest.mark.parametrize(("affine", "rows"), [("W u_t + b", 2), ("W u_t + b - h_{t-1}", 1), ("W u_t - b", 1)])
def test_a_column_of_gates_is_split_where_every_term_is_a_block_of_rows(affine, rows):
    [stack] = parse(rf"\begin{{pmatrix}} \bar f_t \\ \bar i_t \end{{pmatrix}} = {affine}").statements
    assert len(list(unstacked(stack))) == rows


def test_nothing_is_refuted_about_a_column_that_no_line_reads():
    model = LSTM + "\n\n" + r"$$y_t = V h_t, \qquad a_t = A h_{t-1} + f_t$$"
    of_column = r"\frac{\partial L}{\partial a_t} = \frac{\partial L}{\partial f_t} \odot f_t \odot (1 - f_t)"
    assert verdict(model, of_column) == "undecided"


TWO_BIASES = r"""
$$h_t = \tanh(W h_{t-1} + U x_t + b_h), \qquad y_t = V h_t$$

$$z_t = W h_{t-1} + U x_t + b$$

"""


def test_a_bias_by_two_names_makes_a_claim_conditional():
    slope = last_claim(TWO_BIASES, r"$$\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(\tanh'(z_t)) W$$")
    assert (slope.verdict, slope.condition) == ("conditional", "b is b_{h}")
    assert verdict(TWO_BIASES, r"\frac{\partial h_t}{\partial h_{t-1}} = W \operatorname{diag}(\tanh'(z_t))") == "refuted"


def test_a_loss_of_which_nothing_is_said_may_read_one_of_the_outputs():
    whole = last_claim(TWO_BIASES, r"$$\frac{\partial L}{\partial V} = \sum_t \frac{\partial L}{\partial y_t} h_t^\top$$")
    assert whole.verdict == "proved"
    through = (r"$$\frac{\partial L}{\partial W} = \sum_t "
               r"\left(\frac{\partial L}{\partial h_t} \odot (1 - h_t^2)\right) h_{t-1}^\top$$")
    assert last_claim(TWO_BIASES, through).verdict == "conditional"
    steps = (r"$$\frac{\partial L}{\partial W} = \sum_{t=1}^T \sum_{k=1}^t \frac{\partial L_t}{\partial h_t} "
             r"\frac{\partial h_t}{\partial h_k} \frac{\partial h_k}{\partial W}$$")
    assert last_claim(TWO_BIASES, steps).verdict == "conditional"


def test_a_formula_that_is_a_paragraph_defines_a_model():
    alone = "# RNN\n\n$h_t = \\tanh(W h_{t-1} + U x_t)$\n\n"
    assert verdict(alone, r"\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) W") == "proved"
    assert check_text(alone.replace("\n\n$h", "\n\nSay $h")).findings[0].kind in ("model", "claim")


@pytest.mark.parametrize("word", ["Since", "If", "When"])
def test_what_follows_a_colon_behind_a_supposition_is_claimed(word):
    model = r"$$h_t = \tanh(W h_{t-1} + U x_t)$$" + "\n\n"
    step = r"\left\|\frac{\partial h_t}{\partial h_{t-1}}\right\|"
    under = last_claim(model, rf"{word} $\|W\| < 1$:" "\n\n" rf"$${step} \le \|W\|$$")
    assert under.verdict == "proved"
    false = last_claim(model, rf"{word} $\rho(W) < 1$:" "\n\n" rf"$${step} < 1$$")
    assert (false.verdict, false.code) == ("refuted", "E106")


def test_explicit_steps_of_a_sum_are_written_out():
    model = r"$$h_t = \tanh(W h_{t-1} + U x_t), \quad o_t = V h_t, \quad L = \sum_t L_t, \quad L_t = \ell(o_t)$$" + "\n\n"
    last, before = r"\frac{\partial L_2}{\partial o_2} \frac{\partial o_2}{\partial h_2}", r"\frac{\partial h_2}{\partial h_1}"
    of_W = [rf"\frac{{\partial h_{k}}}{{\partial W}}" for k in (1, 2)]
    two = rf"\frac{{\partial L_2}}{{\partial W}} = {last} {of_W[1]} + {last} {before} {of_W[0]}"
    assert verdict(model, two) == "conditional"
    assert verdict(model, two.replace(f" + {last} {before}", f" + {last}")) not in ("proved", "conditional")


def test_a_jacobian_over_k_steps_back_is_the_product_of_k_jacobians():
    model = r"$$h_t = \tanh(W h_{t-1} + U x_t)$$" + "\n\n"
    for product in (r"\prod_{j=t-k+1}^t \frac{\partial h_j}{\partial h_{j-1}}",
                    r"\prod_{j=t-k}^{t-1} \frac{\partial h_{j+1}}{\partial h_j}",
                    r"\prod_{i=1}^k \frac{\partial h_{t-i+1}}{\partial h_{t-i}}",
                    r"\prod_{i=0}^{k-1} \operatorname{diag}(1 - h_{t-i}^2) W"):
        assert verdict(model, r"\frac{\partial h_t}{\partial h_{t-k}} = " + product) == "proved"
    late = r"\frac{\partial h_t}{\partial h_{t-k}} = \prod_{i=0}^k \operatorname{diag}(1 - h_{t-i}^2) W"
    assert verdict(model, late) == "refuted"
    assert verdict(LSTM, r"\frac{\partial c_t}{\partial c_{t-k}} = \prod_{j=t-k+1}^t \operatorname{diag}(f_j)") == "conditional"


def test_a_derivative_of_what_a_name_stands_for_is_that_of_the_name():
    whole = (r"\frac{\partial c_t}{\partial c_{t-1}} = "
             r"\frac{\partial}{\partial c_{t-1}} \left(f_t \odot c_{t-1} + i_t \odot \tilde c_t\right)")
    assert verdict(LSTM, whole) == "proved"
    assert verdict(LSTM, whole.replace(r"f_t \odot c", r"i_t \odot c")) != "proved"


def test_a_column_beside_a_jacobian_stands_for_its_diagonal_matrix_on_either_side():
    slope = r"\frac{\partial f_t}{\partial h_{t-1}}"
    for product in (rf"c_{{t-1}} \odot {slope}", rf"{slope} \odot c_{{t-1}}"):
        claim = (rf"$$\frac{{\partial c_t}}{{\partial h_{{t-1}}}} = {product} + \operatorname{{diag}}(\tilde c_t) "
                 r"\frac{\partial i_t}{\partial h_{t-1}} + "
                 r"\operatorname{diag}(i_t) \frac{\partial \tilde c_t}{\partial h_{t-1}}$$")
        found = last_claim(LSTM + "\n\n", claim)
        assert (found.verdict, found.code) == ("refuted", "E105") and found.correction is not None


def test_a_step_tau_may_be_the_last():
    model = r"$$a^{(t)} = W h^{(t-1)} + U x^{(t)}, \quad h^{(t)} = \tanh(a^{(t)}), \quad o^{(t)} = V h^{(t)}$$" + "\n\n"
    found = last_claim(model, r"$$\nabla_{h^{(\tau)}} L = V^\top \nabla_{o^{(\tau)}} L$$")
    assert (found.verdict, found.condition) == ("conditional", r"\tau is the last step")
    assert last_claim(model, r"$$\nabla_{h^{(\tau)}} L = W^\top \nabla_{o^{(\tau)}} L$$").verdict == "refuted"
    assert last_claim(model, r"$$\nabla_{h^{(t)}} L = V^\top \nabla_{o^{(t)}} L$$").verdict == "refuted"


def test_what_comes_from_the_next_step_has_a_meaning_whatever_the_weights_are_called():
    model = LOOP.split("$$\n$$")[0].replace("W h", "W_{hh} h") + "$$\n\n" + r"$$dW_{hh} = \sum_t da_t h_{t-1}^\top$$" + "\n\n"
    found = last_claim(model, r"$$dh_t = V^\top do_t + dh_{next}$$")
    assert found.verdict == "conditional" and r"W_{hh}^{\top} \frac{\partial L}{\partial a_{t+1}}" in found.condition


ENTROPY = r"""
$$h_t = \tanh(U x_t + W h_{t-1}), \qquad z_t = V h_t, \qquad p_t = \mathrm{softmax}(z_t)$$
"""


def test_a_loss_that_is_not_written_may_be_the_cross_entropy():
    found = last_claim(ENTROPY + "\n\n", r"$$\frac{\partial L}{\partial z_t} = p_t - y_t$$")
    assert (found.verdict, found.code) == ("conditional", "W204") and "cross-entropy of p with targets y" in found.condition
    named = ENTROPY + "\n\n" + r"$$\delta_t = p_t - y_t$$" + "\n\n"
    assert last_claim(named, r"$$\frac{\partial L}{\partial V} = \sum_t \delta_t h_t^\top$$").verdict == "conditional"
    assert last_claim(named, r"$$\frac{\partial L}{\partial V} = \sum_t \delta_t h_{t-1}^\top$$").verdict == "undecided"
    assert last_claim(ENTROPY + "\n\n", r"$$\frac{\partial L}{\partial z_t} = y_t - p_t$$").verdict == "undecided"
    assert last_claim(ENTROPY + "\n\n", r"$$\frac{\partial L}{\partial p_t} = p_t - y_t$$").verdict == "undecided"


def test_steps_with_numbers_may_be_all_of_them():
    unit = r"$$h_t = \tanh(w h_{t-1} + u x_t), \qquad p = v h_3, \qquad L = \tfrac12 (p - y)^2$$" + "\n\n"
    of_u = (r"\frac{\partial L}{\partial u} = (p - y) v \left[(1 - h_3^2) x_3 + (1 - h_3^2)(1 - h_2^2) w x_2"
            r" + (1 - h_3^2)(1 - h_2^2)(1 - h_1^2) w^2 x_1\right]")
    found = last_claim(unit, f"$${of_u}$$")
    assert (found.verdict, found.condition) == ("conditional", "there are 3 steps")
    assert verdict(unit, of_u.replace("w^2 x_1", "w x_1")) == "refuted"


def test_formulas_joined_by_and_are_a_paragraph_of_formulas():
    any_step = "$h_t = f(x_t, h_{t-1}, w)$, $o_t = g(h_t, v)$ and $L = \\sum_{t=1}^T l(y_t, o_t)$.\n\n"
    one = (r"\frac{\partial h_t}{\partial w} = \frac{\partial f(x_t, h_{t-1}, w)}{\partial w} + "
           r"\frac{\partial f(x_t, h_{t-1}, w)}{\partial h_{t-1}} \frac{\partial h_{t-1}}{\partial w}")
    assert verdict(any_step, one) == "proved"


def test_a_weight_with_numbers_in_it_is_no_number():
    model = r"$$h_t = \tanh(W h_{t-1} + U x_t), \quad y_t = V h_t, \quad L = \sum_t L_t$$" + "\n\n"
    values = r"Assume $W = \begin{bmatrix} 0.5 & 0.2 \\ 0.1 & 0.6 \end{bmatrix}$." + "\n\n"
    step = r"\frac{\partial L_3}{\partial h_3} = V^T \frac{\partial L_3}{\partial y_3}"
    assert verdict(model + values, step) == "proved"         # in a net of numbers V^T was a power, and the claim false
    assert verdict(model + values, step.replace("V^T", "V")) == "refuted"


def test_the_gradient_of_one_step_for_that_of_all_is_a_path_left_out():
    model = r"$$a_t = W h_{t-1} + U x_t, \quad h_t = \tanh(a_t), \quad y_t = V h_t, \quad L = \sum_t L_t$$" + "\n\n"
    claim = r"$$\nabla_U L = \sum_t \operatorname{diag}(1 - h_t^2) (\nabla_{h_t} L_t) x_t^\top$$"
    found = last_claim(model, claim)
    assert (found.verdict, found.code) == ("refuted", "E108")
    assert r"\frac{\partial L}{\partial h_t}" in found.correction and "L_t" not in found.correction


def test_labels_are_one_name():
    assert verdict(ENTROPY, r"\frac{\partial L}{\partial z_t} = p_t - labels_t") == "conditional"


@pytest.mark.parametrize(("right", "expected"), [
    (r"h_{t-1}^\top", "conditional"), ("h_{t-1}", "conditional"), (r"h_t^\top", "undecided"), (r"2 h_{t-1}^\top", "undecided"),
])
def test_a_column_for_a_derivative_by_a_matrix_stands_for_what_a_gradient_multiplies(right, expected):
    model = r"$$z_t = U x_t + W h_{t-1}, \qquad h_t = \tanh(z_t)$$" + "\n\n"
    assert verdict(model, rf"\frac{{\partial z_t}}{{\partial W}} = {right}") == expected


@pytest.mark.parametrize("bound", [r"\max_z |\phi'(z)|", r"\sup_z |\phi'(z)|", r"\max |\phi'|"])
def test_the_largest_slope_is_a_bound_of_every_slope(bound):
    model = r"$$h_t = \phi(W h_{t-1} + U x_t)$$" + "\n\n" + rf"Let $\gamma = {bound}$. Then" + "\n\n"
    product = r"\left\|\frac{\partial h_T}{\partial h_t}\right\|_2 \le (\gamma \|W\|_2)^{T-t}"
    assert verdict(model, product) == "proved"
    false = last_claim(model, f"$${product}$$".replace(r"\|W\|_2)", r"\rho(W))"))
    assert (false.verdict, false.code) == ("refuted", "E106")


def test_an_entry_of_the_diagonal_of_a_weight_is_not_followed():
    model = r"$$a_{t,i} = \sum_j W_{ij} x_{t,j}, \qquad h_t = \tanh(a_t)$$" + "\n\n"
    assert verdict(model, r"\frac{\partial a_{t,j}}{\partial x_{t,j}} = W_{jj}") not in ("refuted", "conditional")


def test_the_slope_of_another_gate_is_named_and_mended():
    of_c = r"\frac{\partial L}{\partial \tilde c_t} \odot (1 - %s^2)"
    claim = r"$$\frac{\partial L}{\partial b_c} = \sum_t " + of_c + "$$"
    assert last_claim(LSTM + "\n\n", claim % r"\tilde c_t").verdict == "proved"
    found = last_claim(LSTM + "\n\n", claim % "o_t")
    assert (found.verdict, found.code) == ("refuted", "E101") and r"\tilde{c}_t^{2}" in found.correction
