"""What documents of others do beside deriving: examples in numbers, several models, lines that nobody can read."""
from __future__ import annotations

import pytest
from claims import last_claim

from lstm_sym.documents.check import check_text

RNN = r"$$h_t = \tanh(W h_{t-1} + U x_t + b)$$" "\n"
JACOBIAN = r"$$\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) W$$"


def verdicts(text):
    return [f.verdict or f.kind for f in check_text(text).findings]


def test_values_of_an_example_are_no_claims():
    assert verdicts(RNN + r"Take $U = 0.5$, $x_1 = 2$, $h_1 = 0.537$ and $W = 0.8$.")[1:] == ["definition"] * 4
    assert verdicts(RNN + r"$$1 - h_1^2 = 1 - (0.537)^2 = 1 - 0.288 = 0.712$$")[1:] == ["undecided", "conditional", "proved"]


def test_a_number_on_the_way_may_be_rounded_and_a_wrong_one_is_refuted():
    assert verdicts(r"$$0.386 \cdot (1 - 0.982^2) = 0.386 \cdot (1 - 0.964)$$") == ["conditional"]
    assert verdicts(r"$$0.386 \cdot (1 - 0.982^2) = 0.386 \cdot (1 - 0.904)$$") == ["refuted"]


def test_a_weight_with_a_number_for_its_value_makes_a_net_of_one_unit():
    claim = r"$$\frac{\partial h_t}{\partial h_{t-1}} = (1 - h_t^2) \cdot W$$"
    assert verdicts(RNN + claim)[-1] == "refuted"
    assert verdicts(RNN + r"Let $W = 0.8$." "\n\n" + claim)[-1] == "proved"


def test_a_claim_under_a_heading_without_a_model_may_be_about_an_earlier_one():
    two = "# A\n\n" + RNN + "\n# B\n\n" + r"$$h_t = A h_{t-1} + B x_t$$" "\n"
    claim = "\n" + r"$$\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) W$$"
    wrong = "\n" + r"$$\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) A$$"
    assert verdicts(two + "\n# C\n" + claim)[-1] == "proved"
    assert verdicts(two + wrong)[-1] == "refuted"


def test_a_model_line_that_cannot_be_read_hides_no_other():
    other = r"$$s_t = \mathcal{Q}[s_{t-1} \mid x_t]$$" "\n\n"
    assert verdicts(other + RNN + JACOBIAN)[-2:] == ["model", "proved"]


def test_what_an_unread_line_computes_is_no_input():
    text = r"$$a_t = W h_{t-1} + U x_t$$" "\n\n" + r"$$h_t = \mathcal{Q}[h_{t-1} \mid a_t]$$" "\n\n"
    assert "refuted" not in verdicts(text + r"$$\frac{\partial a_t}{\partial h_{t-1}} = W + U$$")


def test_a_formula_for_the_step_outweighs_the_call_of_any_function():
    text = r"$$h_t = f(x_t, h_{t-1}, w)$$" "\n\n" + RNN
    assert verdicts(text + JACOBIAN) == ["model", "model", "proved"]


def test_a_link_behind_one_that_is_not_read_is_judged_against_the_side_before():
    chain = r"$$\frac{\partial h_t}{\partial h_{t-1}} = \mathcal{Q}\{h_t\} = \operatorname{diag}(1 - h_t^2) W$$"
    assert verdicts(RNN + chain)[1:] == ["undecided", "proved"]


def test_a_name_of_the_model_that_is_put_for_a_derivative_is_not_called_false():
    text = r"$$a_t = b_t + c_t \odot a_{t-1}$$" "\n\n" + RNN + r"$$a_t = \frac{\partial h_t}{\partial b}$$"
    assert "refuted" not in verdicts(text)


def test_what_feeds_what_is_no_limit():
    assert verdicts(RNN + r"$$x_1 \to h_1 \to h_2$$") == ["model"]


def test_a_sign_that_may_convolve_is_no_error_of_shapes() -> None:
    net = "$$h_t = \\tanh(W h_{t-1} + U x_t + b)$$\n\n$$o_t = V h_t$$\n\n"
    (claim,) = [f for f in check_text(net + r"$$\frac{\partial L}{\partial h_t} = V \ast x_t$$").findings if f.verdict]
    assert claim.verdict in ("not_read", "undecided")


@pytest.mark.parametrize("claim", [r"\sigma'(a) = 1 - \tanh^2(a)", r"\sigma(z) = z"])
def test_sigma_in_a_net_without_gates_may_be_any_activation(claim: str) -> None:
    net = "$$h_t = \\tanh(W h_{t-1} + U x_t + b)$$\n\n"
    assert check_text(net + f"$${claim}$$").findings[-1].verdict == "undecided"
    gated = "$$f_t = \\sigma(W h_{t-1} + U x_t + b)$$\n\n$$h_t = f_t \\odot h_{t-1}$$\n\n"
    assert check_text(gated + f"$${claim}$$").findings[-1].verdict == "refuted"


def test_products_of_transposed_jacobians_begin_with_the_earliest():
    step, steps = r"W^\top \operatorname{diag}(1 - h_t^2)", r"\prod_{i=k+1}^{t} W^\top \operatorname{diag}(1 - h_i^2)"
    text = (RNN + rf"$$\frac{{\partial h_t}}{{\partial h_{{t-1}}}} = {step}$$" "\n\n"
            rf"$$\prod_{{i=k+1}}^{{t}} \frac{{\partial h_i}}{{\partial h_{{i-1}}}} = {steps}$$" "\n\n"
            rf"$$\frac{{\partial h_t}}{{\partial h_k}} = {steps}$$")
    assert verdicts(text) == ["model", "proved", "proved", "proved"]


def test_a_letter_that_is_shifted_on_a_state_runs_over_time():
    norm = r"$$\left\| \frac{\partial h_i}{\partial h_{i-1}} \right\|_2 \le \|W\|_2$$"
    assert verdicts(RNN + norm) == ["model", "proved"]


def test_targets_have_no_say_in_claims_about_states():
    loss = "$$p_t = \\operatorname{softmax}(V h_t), \\qquad L = -\\sum_t y_t^\\top \\log p_t$$\n\n"
    assert verdicts(RNN + loss + JACOBIAN.replace("W$$", "W^\\top W$$"))[-1] == "refuted"


def test_a_sentence_that_defines_begins_a_model_under_its_heading():
    linear = "# A linear net\n\n$$h_t = W h_{t-1} + U x_t + b$$\n\n"
    text = linear + "# Backward\n\nDefine $a_t = W h_{t-1} + U x_t + b$ and $h_t = \\tanh(a_t)$.\n\n" + JACOBIAN
    assert verdicts(text) == ["model", "model", "definition", "proved"]


def test_what_stands_before_an_arrow_into_words_is_supposed():
    assert verdicts(RNN + r"$$\rho(W) < 1 \Rightarrow \text{fading memory.}$$") == ["model", "hypothesis"]


def test_a_gradient_in_parentheses_times_a_jacobian_is_in_another_layout_than_what_follows():
    claim = (r"$$\frac{\partial L}{\partial a_t} = \left(\frac{\partial L}{\partial a_{t+1}}\right)"
             r"\frac{\partial a_{t+1}}{\partial h_t} \odot (1 - h_t^2)$$")
    text = "$$a_t = W h_{t-1} + U x_t + b, \\qquad h_t = \\tanh(a_t)$$\n\nThe loss reads the last state only.\n\n" + claim
    assert verdicts(text)[-1] == "conditional"


def test_a_candidate_with_a_prime_is_a_name_of_its_own():
    net = (r"$$z_t = \sigma(W_z x_t + U_z h_{t-1})$$" "\n\n" r"$$h'_t = \tanh(W_h x_t + U_h h_{t-1})$$" "\n\n"
           r"$$h_t = (1 - z_t) \odot h_{t-1} + z_t \odot h'_t$$" "\n\n")
    for right, verdict in ((r"\mathrm{diag}(z_t)", "proved"), (r"\mathrm{diag}(1 - z_t)", "refuted")):
        assert verdicts(net + rf"$$\frac{{\partial h_t}}{{\partial h'_t}} = {right}$$")[-1] == verdict


def test_nothing_is_refuted_about_a_name_whose_line_is_not_read():
    net = r"$$z_t = \sigma(W_z x_t + U_z h_{t-1})$$" "\n\n" r"$$h_t = \oint z_t \odot h_{t-1}$$" "\n\n"
    assert verdicts(net + r"$$\frac{\partial h_t}{\partial z_t} = x_t$$")[-1] == "undecided"


@pytest.mark.parametrize("line", [
    r"h^{(t)} = \sigma(z^{(t)}) = \sigma(U x^{(t)} + W h^{(t-1)} + b)",
    r"h^{(t)} = s^{(t)} = \sigma(U x^{(t)} + W s^{(t-1)} + b)",
])
def test_a_chain_that_ends_in_a_step_defines_what_stands_before(line):
    inner = "z" if "z" in line else "s"
    slope = r"\mathrm{diag}(h^{(t)} \odot (1 - h^{(t)}))"
    claim = rf"$$\frac{{\partial h^{{(t)}}}}{{\partial x^{{(t)}}}} = {slope} U$$"
    found = verdicts(f"$${line}$$\n\n{claim}\n\n" + claim.replace(" U$$", "$$"))
    assert found == ["definition", "model", "proved", "refuted"], inner


def test_one_sign_for_every_product_makes_a_column_times_a_row_the_outer_product():
    text = RNN + r"$$\delta_t = \frac{\partial L}{\partial h_t} * (1 - h_t * h_t)$$" "\n\n"
    assert verdicts(text + r"$$\frac{\partial L}{\partial W} = \sum_{t=1}^{T} \delta_t * h_{t-1}^T$$")[-1] == "proved"


@pytest.mark.parametrize("line", [
    r"P(y_1, \ldots, y_S \mid x_1, \ldots, x_T) = \prod_{s=1}^{S} P(y_s \mid y_{<s}, c)",
    r"\text{parameters} = 4 \times n \times (n + m)",
    r"c = \mathrm{Encoder}(x_1, \ldots, x_T)",
])
def test_a_display_that_names_what_no_model_knows_is_a_definition(line):
    assert [f.kind for f in check_text(RNN + f"$${line}$$").findings] == ["model", "definition"]


def test_the_end_of_a_sentence_without_a_subject_is_no_equation():
    assert verdicts(RNN + r"With eigenvalues $< 1$ the gradients vanish, and $\approx 0$ they are.") == ["model"]


def test_formulas_of_another_index_do_not_hide_the_model():
    text = RNN + r"$$c_i = \sum_{j=1}^{T} \alpha_{ij} h_j$$" "\n\n"
    assert verdicts(text + r"$$\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - h_t^2) W$$")[-1] == "proved"


def test_another_formula_for_a_name_whose_shapes_do_not_fit_is_about_another_net():
    text = r"$$e_{t,i} = v^T \tanh(W s_{t-1} + U h_i)$$" "\n\n" r"$$e_{t,i} = s_t^T h_i$$"
    assert "refuted" not in verdicts(text)


def test_displays_within_paragraphs_define_as_displays_do():
    text = r"""The state is $$h_t = \tanh(a_t)$$ where $$a_t = W h_{t-1} + U x_t$$. The output is $$o_t = V h_t$$ for each.

$$\frac{\partial o_t}{\partial a_t} = V \mathrm{diag}(1 - h_t^2)$$
"""
    assert verdicts(text)[-1] == "proved"


SCALAR = "All variables are scalars.\n\n" + r"$$s_t = \tanh(U x_t + W s_{t-1})$$" "\n\n"


def test_the_sum_over_earlier_steps_with_one_sign_for_both_derivatives_is_true_of_numbers_too():
    claim = (r"$$\frac{\partial s_t}{\partial W} = \sum_{k=1}^{t} \frac{\partial s_t}{\partial s_k}"
             r" \frac{\partial s_k}{\partial W}$$")
    assert verdicts(SCALAR + claim)[-1] in ("proved", "conditional")
    wrong = claim.replace(r"\sum_{k=1}^{t} \frac{\partial s_t}{\partial s_k}", r"\sum_{k=1}^{t} W^{t-k}")
    assert verdicts(SCALAR + wrong)[-1] == "refuted"


def test_a_derivative_that_stands_on_both_sides_may_be_what_one_step_adds():
    claim = (r"$$\frac{\partial s_t}{\partial W} = \frac{\partial s_t}{\partial W} \frac{\partial W}{\partial W}"
             r" + \frac{\partial s_t}{\partial s_{t-1}} \frac{\partial s_{t-1}}{\partial W}$$")
    assert verdicts(SCALAR + claim)[-1] != "refuted"


@pytest.mark.parametrize("words", ["All variables are scalars.", "# Scalar form", "The states and weights are one-dimensional."])
def test_words_make_the_net_one_of_numbers(words):
    claim = r"$$\frac{\partial s_t}{\partial s_{t-1}} = W (1 - s_t^2)$$"
    assert verdicts(words + SCALAR[SCALAR.index("\n"):] + claim)[-1] == "proved"
    assert verdicts(words + " In vector form, with a matrix W:" + SCALAR[SCALAR.index("\n"):] + claim)[-1] == "refuted"


def test_sizes_behind_a_colon_are_declared():
    sizes = r"$$\begin{aligned} x_t &: m \times 1 \\ s_t &: n \times 1 \\ W &: n \times n \end{aligned}$$" "\n\n"
    assert verdicts(SCALAR[SCALAR.index("$$"):] + sizes) == ["model", *["declaration"] * 3]


SOFTMAX = (r"$$z_t = U x_t + W s_{t-1}, \quad s_t = \tanh(z_t), \quad g_t = V s_t, \quad p_t = \mathrm{softmax}(g_t)$$" "\n\n"
           r"$$L_t = -y_t^\top \log(p_t)$$" "\n\n")


def test_the_loss_of_one_step_that_is_defined_alone_is_summed():
    claim = r"$$\frac{\partial L_t}{\partial g_t} = p_t - y_t$$"
    assert verdicts(SOFTMAX + "The targets $y_t$ are one-hot.\n\n" + claim)[-1] == "proved"
    assert verdicts(SOFTMAX + "The targets $y_t$ are one-hot.\n\n" + claim.replace("-", "+"))[-1] == "refuted"


@pytest.mark.parametrize("one", [r"\mathbf{1}(i = j)", r"\mathbb{1}[i = j]", r"\mathbf{1}\{j = i\}"])
def test_kroneckers_delta_may_be_a_condition(one):
    claim = r"$$\frac{\partial p_{t,i}}{\partial g_{t,j}} = p_{t,i} (ONE - p_{t,j})$$".replace("ONE", one)
    assert verdicts(SOFTMAX + claim)[-1] == "proved"
    assert verdicts(SOFTMAX + claim.replace("- p", "+ p"))[-1] == "refuted"


def test_a_letter_of_components_at_a_state_by_itself_is_a_step():
    entries = r"$$\frac{\partial p_{t,i}}{\partial g_{t,k}} = p_{t,i} (\mathbf{1}(i = k) - p_{t,k})$$" "\n\n"
    entries += r"$$s_{t,k} = \tanh(z_{t,k})$$" "\n\n"
    claim = r"$$\frac{\partial s_t}{\partial s_k} = \prod_{i=k+1}^{t} \frac{\partial s_i}{\partial z_i} W$$"
    assert verdicts(SOFTMAX + entries + claim)[-1] in ("proved", "conditional")
    assert verdicts(SOFTMAX + entries + claim.replace("W$", "W^\\top$"))[-1] == "refuted"


def test_gates_behind_a_time_are_no_components():
    text = r"$$z_{t,i} = W_i x_t + U_i h_{t-1}, \quad z_{t,f} = W_f x_t + U_f h_{t-1}, \quad "
    text += r"h_t = \sigma(z_{t,i}) \odot \sigma(z_{t,f})$$"
    claim = r"$$\frac{\partial h_t}{\partial z_{t,i}} = \mathrm{diag}(\sigma'(z_{t,i}) \odot \sigma(z_{t,f}))$$"
    assert verdicts(text + "\n\n" + claim)[-1] == "proved"


def test_nothing_is_refuted_by_shapes_that_the_text_states_in_two_ways():
    text = r"$$S(t) = \tanh(X(t) U + S(t-1) W), \quad G(t) = S(t) V$$" "\n\n"
    text += r"$$\begin{aligned} G(t) &: N \times C \end{aligned}$$" "\n\n"
    assert verdicts(text + r"$$\frac{\partial L}{\partial V} = S(t)^\top G(t)$$")[-1] != "refuted"


def test_a_sigma_that_is_called_an_activation_and_no_more_may_be_any():
    net = r"$$h_t = \sigma(W h_{t-1} + U x_t)$$" "\n\n"
    claim = r"$$\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - h_t^2) W$$"
    assert verdicts(net + claim)[-1] == "refuted"
    assert verdicts(net + "Here $\\sigma$ is the activation function, usually tanh.\n\n" + claim)[-1] == "conditional"
    assert verdicts(net + "Here $\\sigma$ is the sigmoid activation.\n\n" + claim)[-1] == "refuted"
    assert verdicts(net + "Here $\\sigma$ is the activation function.\n\n" + claim.replace("W$", "$"))[-1] == "refuted"
    true = claim.replace("1 - h_t^2", r"h_t \odot (1 - h_t)")
    assert verdicts(net + "Here $\\sigma$ is the activation function.\n\n" + true)[-1] == "proved"


def test_a_row_whose_end_got_lost_is_a_statement_of_its_own():
    text = (r"$$c_t = f_t \odot c_{t-1} + x_t$$" "\n\n" r"$$o_t = \sigma(W h_{t-1} + U x_t) h_t = o_t \odot \tanh(c_t)$$" "\n\n")
    for right, verdict in ((r"\mathrm{diag}(\tanh(c_t))", "proved"), (r"\mathrm{diag}(c_t)", "refuted")):
        assert verdicts(text + rf"$$\frac{{\partial h_t}}{{\partial o_t}} = {right}$$")[-1] == verdict


def test_a_gradient_of_names_without_times_may_be_what_one_step_adds():
    net = (r"$$a = W x_t + U h_{t-1}, \quad h_t = \tanh(a)$$" "\n\n")
    claim = r"$$\frac{\partial L}{\partial W} = \frac{\partial L}{\partial a} \frac{\partial a}{\partial W}$$"
    assert verdicts(net + claim)[-1] == "undecided"
    assert verdicts(net.replace("a", "a_t").replace(r"\ta_tnh", r"\tanh") + claim.replace("a}", "a_t}"))[-1] != "proved"


GRU = (r"$$z_t = \sigma(W_z x_t + U_z h_{t-1}), \quad s_t = \tanh(W x_t + U h_{t-1}), \quad "
       r"h_t = (1 - z_t) \odot h_{t-1} + z_t \odot s_t$$" "\n\n")


@pytest.mark.parametrize("sentence", [
    r"If $z_t = 1$, $h_t = s_t$ exactly.",
    r"When \(z_t = 1\) we have \(h_t = s_t\).",
    r"Assuming $z_t = 1$, this is $$h_t = s_t.$$",
])
def test_what_is_said_under_a_formula_that_is_supposed_is_not_false_without_it(sentence):
    assert "refuted" not in verdicts(GRU + sentence)
    assert verdicts(GRU + r"In every case $$h_t = s_t.$$")[-1] == "refuted"


def test_a_condition_on_indices_supposes_nothing_of_the_net():
    assert verdicts(GRU + r"When $t \le T$, $$\frac{\partial h_t}{\partial s_t} = \mathrm{diag}(1 - z_t).$$")[-1] == "refuted"


def test_what_a_sentence_makes_of_what_the_same_step_computes_is_no_free_input():
    net = (r"The units are $y_j(t) = f_j(\mathrm{net}_j(t))$ with net input $\mathrm{net}_j(t) = \sum_i w_{ji} y_i(t-1)$." "\n\n")
    claim = r"\frac{\partial \mathrm{net}_i(t+1)}{\partial \mathrm{net}_j(t)} = w_{ij} f_j'(\mathrm{net}_j(t))"
    assert last_claim(net, f"$${claim}$$").verdict == "proved"
    assert last_claim(net, f"$${claim.replace('w_{ij}', 'w_{ji}')}$$").verdict == "refuted"


@pytest.mark.parametrize("opening", [r"\begin{array}{ll}", r"\begin{array}{ll} \\", r"\begin{array}{l}"])
def test_an_array_of_equations_holds_one_in_each_row(opening):
    net = f"$$\n{opening}\n" + r"h_t = \tanh(W x_t + U h_{t-1}) \\ y_t = V h_t \\ \end{array}" + "\n$$\n"
    assert last_claim(net, r"$$\frac{\partial y_t}{\partial h_t} = V$$").verdict == "proved"
    assert last_claim(net, r"$$\frac{\partial h_t}{\partial x_t} = W$$").verdict == "refuted"


def test_what_a_sentence_lets_be_is_defined_and_a_display_of_the_same_name_is_a_claim():
    net = r"Let $h_t = A h_{t-1} + B x_t$, $y_t = C h_t$ and $h_0 = 0$." "\n\n"
    right = r"y_t = \sum_{k=1}^{t} C A^{t-k} B x_k"
    assert last_claim(net, f"$${right}$$").verdict == "proved"
    found = last_claim(net, f"$${right.replace('t-k', 't-k-1')}$$")
    assert (found.verdict, found.code) == ("refuted", "E103") and last_claim(net, f"$${found.correction}$$").verdict == "proved"


def test_square_brackets_hold_times_where_a_line_defines_a_name_by_the_step_before():
    net = (r"$$s[t] = \phi(W s[t-1] + U x[t])$$" "\n\n" r"$$y[t] = V s[t]$$" "\n\n" r"$$L = \sum_{t=1}^{T} \ell(y[t])$$" "\n\n"
           r"$$D[t] = \operatorname{diag}(\phi'(W s[t-1] + U x[t]))$$" "\n\n")
    right = r"\frac{\partial L}{\partial W} = \sum_{t=1}^T D[t] \frac{\partial L}{\partial s[t]} s[t-1]^\top"
    assert last_claim(net, f"$${right}$$").verdict == "proved"
    found = last_claim(net, f"$${right.replace('s[t-1]^', 's[t]^')}$$")
    assert (found.verdict, found.code) == ("refuted", "E103") and "s[t-1]^{\\top}" in found.correction


def test_a_display_under_another_heading_begins_a_model_after_one_within_a_sentence():
    text = (r"# Leaky" "\n\n" r"A unit $h_t = (1 - \alpha) h_{t-1} + \alpha \tanh(W h_{t-1})$ with $0 < \alpha < 1$." "\n\n"
            r"$$\frac{\partial h_t}{\partial h_{t-1}} = (1 - \alpha) I + \operatorname{diag}(1 - \tanh^2(W h_{t-1})) W$$" "\n\n"
            r"# Residual" "\n\n" r"$$h_t = h_{t-1} + \tanh(W h_{t-1})$$" "\n\n"
            r"$$\frac{\partial h_t}{\partial h_{t-1}} = I + \operatorname{diag}(1 - \tanh^2(W h_{t-1})) W$$")
    assert verdicts(text) == ["model", "hypothesis", "hypothesis", "refuted", "model", "proved"]
    assert [f.message for f in check_text(text).findings if f.verdict == "refuted"] == ["a factor is missing"]


def test_a_product_of_gates_between_any_two_steps_is_shorthand_for_its_diagonal_matrix():
    cell = "\n\n".join((r"$$f_t = \sigma(W_f h_{t-1} + U_f x_t)$$", r"$$i_t = \sigma(W_i h_{t-1} + U_i x_t)$$",
                        r"$$c_t = f_t \odot c_{t-1} + i_t \odot \tanh(W h_{t-1} + U x_t)$$", r"$$h_t = \tanh(c_t)$$"))
    found = last_claim(cell, r"$$\frac{\partial c_t}{\partial c_k} = \prod_{j=k+1}^{t} f_j$$")
    assert (found.verdict, found.code) == ("conditional", "E105") and "direct partial" in found.condition
    assert last_claim(cell, r"$$\frac{\partial c_t}{\partial c_k} = \prod_{j=k}^{t} f_j$$").verdict == "refuted"


def test_an_input_that_is_read_a_step_late_is_given_from_the_start():
    decoder = r"$$s_t = \tanh(W s_{t-1} + U y_{t-1} + C c)$$" "\n\n" r"The loss is $L = \sum_{t=1}^{T} \ell(s_t)$." "\n\n"
    of_input = r"\frac{\partial L}{\partial U} = \sum_{t=1}^T ((1 - s_t^2) \odot \frac{\partial L}{\partial s_t}) y_{t-1}^\top"
    of_context = r"\frac{\partial L}{\partial c} = \sum_{t=1}^T C^\top ((1 - s_t^2) \odot \frac{\partial L}{\partial s_t})"
    assert last_claim(decoder, f"$${of_input}$$").verdict == last_claim(decoder, f"$${of_context}$$").verdict == "proved"
    assert last_claim(decoder, f"$${of_input.replace('y_{t-1}', 'y_t')}$$").code == "E103"
    assert last_claim(decoder, f"$${of_context.replace(chr(92) + 'sum_{t=1}^T', '').replace('_t', '_T')}$$").code == "E108"


def test_a_name_defined_at_step_j_is_defined_at_each():
    net = r"$$h_t = \phi(W h_{t-1} + U x_t)$$" "\n\n" r"with $$a_j = W h_{j-1} + U x_j$$" "\n\n"
    product = r"\frac{\partial h_t}{\partial h_k} = \prod_{j=k+1}^t \operatorname{diag}(\phi'(a_j)) W"
    assert last_claim(net, f"$${product}$$").verdict == "proved"
    slope = r"\operatorname{diag}(\phi'(a_j))"
    assert last_claim(net, f"$${product.replace(f'{slope} W', f'W {slope}')}$$").verdict == "refuted"


def test_a_name_under_a_brace_is_defined_and_a_given_name_alone_on_the_left_is_not_refuted():
    cell = "\n\n".join((r"$$\underbrace{h_t}_{\text{state}} = \underbrace{q_t}_{\text{gate}} \circ \tanh(s_t)$$",
                        r"$$s_t = f_t \circ s_{t-1} + \tanh(W h_{t-1} + U x_t)$$",
                        r"$$f_t = \sigma(V h_{t-1})$$", r"$$q_t = \sigma(R h_{t-1})$$", ""))
    assert last_claim(cell, r"$$\frac{\partial h_t}{\partial q_t} = \operatorname{diag}(\tanh(s_t))$$").verdict == "proved"
    assert verdicts(RNN + r"$$x_t = W h_{t-1}^2 \odot b$$")[-1] not in ("refuted", "not_read")


def test_the_sum_over_the_steps_of_a_letter_at_each_step_is_the_loss_whatever_its_letter():
    net = (r"$$z_t = W h_{t-1} + U x_t$$" "\n\n" r"$$h_t = f(z_t)$$" "\n\n" r"$$\hat{y}_t = g(V h_t)$$" "\n\n"
           r"with $C = \sum_t C_t(\hat y_t)$." "\n\n")
    of_sum = (r"\frac{\partial C}{\partial z_t} = "
              r"f'(z_t) \odot (\frac{\partial C_t}{\partial h_t} + W^\top \frac{\partial C}{\partial z_{t+1}})")
    assert last_claim(net, f"$${of_sum}$$").verdict == "proved"
    assert last_claim(net, f"$${of_sum.replace('C_t}', 'C}')}$$").verdict == "refuted"


def test_a_sentence_defines_a_softmax_where_no_net_is():
    text = (r"Let $p = \operatorname{softmax}(z)$ and $\ell = -\sum_i y_i \log p_i$." "\n\n"
            r"$$\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)$$" "\n\n")
    assert verdicts(text)[-1] == "proved"
    assert last_claim(text, r"$$\frac{\partial p_i}{\partial z_j} = p_i (1 - p_j)$$").verdict == "refuted"
    found = last_claim(text, r"$$\frac{\partial \ell}{\partial z_i} = p_i - y_i$$")
    assert (found.verdict, found.condition) == ("conditional", "the entries of y sum to 1")
    assert last_claim(text, r"$$\frac{\partial \ell}{\partial z_i} = y_i - p_i$$").verdict == "refuted"
