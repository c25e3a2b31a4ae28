"""What documents that were met late taught: what is read of them, and what must never be said of them."""
from __future__ import annotations

import pytest

from lstm_sym.documents.check import check_text

NET = r"$$s_t = \tanh(A s_{t-1} + B u_t)$$" "\n\n"
TURNED = r"$$\frac{\partial s_t}{\partial s_{t-1}} = A \operatorname{diag}(1 - s_t^2)$$"


def verdicts(text: str) -> list[str]:
    """What is said of each formula, in order."""
    return [f.verdict or f.kind for f in check_text(text).findings]


# --- what is never said of a document -----------------------------------------------------------------------------------

def test_a_step_with_a_number_makes_no_net_of_numbers():
    assert verdicts(NET + "Look at $t = 4$.\n\n" + TURNED)[-1] == "refuted"
    assert verdicts(NET + "Look at $A = 0.4$.\n\n" + TURNED)[-1] == "proved"


def test_the_softmax_is_of_columns_in_a_net_of_numbers_too():
    text = "All variables are scalars.\n\n" + NET + r"$$p_t = \operatorname{softmax}(C s_t)$$" "\n\n"
    assert verdicts(text + r"$$\frac{\partial p_t}{\partial s_t} = \frac{\partial p_t}{\partial s_{t-1}}$$")[-1] != "proved"


def test_what_the_model_carries_along_may_be_computed_in_a_sentence():
    text = r"Let $v_t = A z_{t-1} + B u_t$, where $z_t = \tanh(v_t)$ as usual." "\n\n"
    assert verdicts(text)[:2] == ["model", "definition"]
    claim = r"$$\frac{\partial v_t}{\partial v_{t-1}} = A \operatorname{diag}(1 - z_{t-1}^2)$$"
    assert verdicts(text + claim)[-1] == "proved"
    assert verdicts(text + claim.replace("{t-1}^2", "t^2"))[-1] == "refuted"


def test_nothing_is_refuted_about_a_name_without_a_time_whose_line_is_not_read():
    text = r"$$a_t = A [s_{t-1}, u_t], \quad s_t = \tanh(a_t)$$" "\n\n" r"$$y_t = C X$$" "\n\n"
    text += r"$$X = (u_t \vert s_{t-1})$$" "\n\n"
    assert verdicts(text + r"$$\frac{dL}{dA} = X^\top \frac{dL}{da_t}$$")[-1] == "undecided"


def test_what_is_said_of_a_function_with_known_arguments_only_is_not_false():
    text = NET + r"$$p_t = \operatorname{softmax}(C s_t), \quad q_t = \operatorname{misfit}(p_t, d_t)$$" "\n\n"
    assert verdicts(text + r"$$\frac{\partial q_t}{\partial p_t} = p_t - d_t$$")[-1] == "undecided"
    assert verdicts(text + r"$$\frac{\partial q_t}{\partial s_t} = \frac{\partial q_t}{\partial p_t} C$$")[-1] == "refuted"


def test_a_sum_over_some_steps_with_numbers_may_be_about_a_sequence_of_as_many():
    text = NET + r"$$\frac{\partial L}{\partial A} = \frac{\partial L_1}{\partial A} + \frac{\partial L_2}{\partial A}$$"
    assert verdicts(text)[-1] == "undecided"
    assert verdicts(NET + r"$$\frac{\partial s_3}{\partial s_2} = A$$")[-1] == "refuted"


@pytest.mark.parametrize("words, verdict", [("In a simpler variant", "undecided"), ("This says that", "refuted")])
def test_another_step_behind_words_about_a_variant_is_no_error(words: str, verdict: str):
    text = r"$$f_t = \sigma(A s_{t-1} + B u_t), \quad s_t = f_t \odot s_{t-1} + u_t$$" "\n\n"
    assert verdicts(text + words + "\n\n" + r"$$s_t = f_t \odot s_{t-1} + (1 - f_t) \odot u_t$$")[-1] == verdict


def test_a_link_of_a_chain_about_what_one_step_adds_is_not_false():
    text = r"$$a = A s_{t-1} + c, \quad s_t = \tanh(a)$$" "\n\n"
    text += r"$$\frac{dL}{dc} = \frac{dL}{da} \frac{da}{dc} = \frac{dL}{da}$$"
    assert verdicts(text)[-2:] == ["undecided", "undecided"]


# --- what is read of it ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("item", ["- $#$", "* \\\\(#\\\\)", "2. $#$.", "- \\(#\\),"])
def test_a_formula_that_is_all_an_item_of_a_list_says_stands_as_a_display(item: str):
    lines = (r"s_t = \tanh(a_t)", "a_t = A s_{t-1} + B u_t", "y_t = C s_t")
    text = "\n".join(item.replace("#", line) for line in lines) + "\n\n"
    assert verdicts(text) == ["definition", "model", "definition"]
    assert verdicts("A state $s_t = u_t$ in passing.\n\n" + text)[0] != "definition"


@pytest.mark.parametrize("sign", [r"\delta_{s_#}", r"\delta^{s_#}"])
def test_a_name_at_a_time_in_the_script_of_delta_is_a_name_and_a_time(sign: str):
    now, before = sign.replace("#", "t"), sign.replace("#", "{t-1}")
    text = NET + rf"$${now} = \frac{{\partial L}}{{\partial s_t}}$$" "\n\n"
    claim = rf"$${before} = A^\top ((1 - s_t^2) \odot {now}) + \frac{{\partial^+ L}}{{\partial s_{{t-1}}}}$$"
    assert verdicts(text + claim)[-1] == "proved"
    assert verdicts(text + claim.replace(r"A^\top", "A"))[-1] == "refuted"


SEQUENCE = NET + r"$$q_t = C s_t$$" "\n\n" + (
    r"$$\mathcal{L}_{\text{all}}(q, d) = \sum_{t=1}^{N} \mathcal{L}_{\text{one}}(q_t, d_t)$$" "\n\n")


def test_the_losses_of_a_sequence_and_of_its_steps_are_told_apart_by_their_words():
    claim = r"$$\frac{d \mathcal{L}_{\text{all}}(q, d)}{d A} = "
    claim += r"\sum_{v=1}^{N} \frac{d \mathcal{L}_{\text{one}}(q_v, d_v)}{d A}$$"
    assert verdicts(SEQUENCE + claim)[-1] == "proved"
    assert verdicts(SEQUENCE + claim.replace("v=1", "v=2"))[-1] == "refuted"
    alone = r"$$\frac{\partial L_{\text{sum}}}{\partial s_t} = A^\top \operatorname{diag}(1 - s_{t+1}^2) "
    alone += r"\frac{\partial L_{\text{sum}}}{\partial s_{t+1}} + \frac{\partial^+ L_{\text{sum}}}{\partial s_t}$$"
    assert verdicts(NET + alone)[-1] == "proved"


def test_losses_that_are_terms_of_another_stay_apart():
    text = NET + r"$$L = L_{\text{fit}} + L_{\text{size}}$$" "\n\n"
    claim = r"$$\frac{\partial L}{\partial A} = \frac{\partial L_{\text{fit}}}{\partial A}$$"
    assert verdicts(text + claim)[-1] not in ("proved", "refuted")


def test_the_derivative_of_the_losses_to_come_is_the_sum_of_theirs():
    text = SEQUENCE + r"$$G_t = \sum_{v=t+1}^{N} \mathcal{L}_{\text{one}}(q_v, d_v)$$" "\n\n"
    text += r"$$e_t = \frac{\partial G_t}{\partial s_t}$$" "\n\n"
    step = r"$$e_{t-1} = A^\top \operatorname{diag}(1 - s_t^2) "
    step += r"\left[\frac{\partial \mathcal{L}_{\text{one}}(q_t, d_t)}{\partial s_t} + e_t\right]$$"
    assert verdicts(text + step)[-1] == "proved"
    assert verdicts(text + step.replace(" + e_t", ""))[-1] == "refuted"
    assert verdicts(text + step.replace("e_{t-1}", r"\frac{\partial G_{t-1}}{\partial s_{t-1}}"))[-1] == "proved"


PATHS = NET + r"$$q_t = C s_t$$" "\n\n" r"$$\frac{\partial L_t}{\partial %s} = \sum_{k=1}^{t} \frac{\partial L_t}{\partial s_t} "


PRODUCT = r"\left(\prod_{j=k+1}^{t} \frac{\partial s_j}{\partial s_{j-1}}\right)"


@pytest.mark.parametrize("between", [r"\frac{\partial s_t}{\partial s_k}", PRODUCT])
def test_paths_between_two_steps_may_be_written_as_products(between: str):
    claim = PATHS % "A" + between + r"\frac{\partial s_k}{\partial A}$$"
    assert verdicts(claim)[-1] in ("proved", "conditional")
    assert verdicts(claim.replace("k=1", "k=2"))[-1] not in ("proved", "conditional")
    assert "j=k" not in claim or verdicts(claim.replace("j=k+1", "j=k"))[-1] not in ("proved", "conditional")


def test_a_weight_that_stands_for_any_is_one_that_the_state_depends_on():
    claim = PATHS % r"\theta" + r"\frac{\partial s_t}{\partial s_k} \frac{\partial^+ s_k}{\partial \theta}$$"
    assert (check_text(claim).findings[-1].condition or "").startswith(r"\theta stands for any of A, B")
    assert verdicts(claim.replace("t}{\\partial s_k}", "t}{\\partial s_{k-1}}"))[-1] == "undecided"


SOFTMAX = NET + r"$$g_t = C s_t, \quad p_t = \operatorname{softmax}(g_t)$$" "\n\n"
ROWS = (r"\begin{cases} p_i (1 - p_i) & i = j \\ -p_i p_j & i \ne j \end{cases}",
        r"\begin{cases} -p_i p_j, & \text{if } j \neq i \\ p_j - p_j^2, & \text{if } i = j \end{cases}",
        r"\begin{cases} p_j (1 - p_i) & \text{for } i = j \\ -p_i p_j & \text{otherwise} \end{cases}")


@pytest.mark.parametrize("right", [*ROWS, r"p_i (\delta_{ij} - p_j)", r"\delta_{ij} p_i - p_i p_j"])
@pytest.mark.parametrize("timed", [False, True])
def test_the_jacobian_of_the_softmax_is_read_entry_by_entry(right: str, timed: bool):
    claim = rf"$$\frac{{\partial p_i}}{{\partial g_j}} = {right}$$"
    false = claim.replace("- p_j", "+ p_j").replace("-p_i p_j", "p_i p_j").replace("- p_i p_j", "+ p_i p_j")
    if timed:
        claim, false = (x.replace("p_i", "p_{t,i}").replace("p_j", "p_{t,j}").replace("g_j", "g_{t,j}") for x in (claim, false))
    assert verdicts(SOFTMAX + claim)[-1] == "proved"
    assert verdicts(SOFTMAX + false)[-1] == ("refuted" if timed else "undecided")


@pytest.mark.parametrize("slope", [
    r"\operatorname{diag}(1 - s_{t,1}^2, \dots, 1 - s_{t,m}^2)",
    r"\operatorname{diag}(1 - s_{t,1}^2, 1 - s_{t,2}^2, \ldots, 1 - s_{t,m}^2)",
    r"\begin{pmatrix} 1 - s_{t,1}^2 & & \\ & \ddots & \\ & & 1 - s_{t,n}^2 \end{pmatrix}",
    r"\begin{bmatrix} 1 - s_{t,1}^2 & 0 & \cdots \\ 0 & 1 - s_{t,2}^2 & \cdots \\ \vdots & \vdots & \ddots \end{bmatrix}",
])
def test_a_diagonal_matrix_may_be_written_with_dots(slope: str):
    claim = rf"$$\frac{{\partial s_t}}{{\partial s_{{t-1}}}} = {slope} A$$"
    assert verdicts(NET + claim)[-1] == "proved"
    assert verdicts(NET + claim.replace(r"1 - s", r"s"))[-1] == "refuted"
    assert verdicts(NET + claim.replace(r"s_{t,1}^2", r"s_{t,3}^2"))[-1] not in ("proved", "refuted")


def test_the_lengths_of_two_sequences_are_no_claim():
    assert verdicts(NET + r"Here $T_x = T_y$, in translation $T_x \neq T_y$.") == ["model"]


def test_a_product_whose_first_step_is_not_written_may_begin_at_any():
    claim = r"$$\frac{\partial s_t}{\partial s_1} = \prod_#^t \operatorname{diag}(1 - s_k^2) A$$"
    assert verdicts(NET + claim.replace("#", "k"))[-1] == "undecided"
    assert verdicts(NET + claim.replace("#", "{k=1}"))[-1] == "refuted"
    assert verdicts(NET + claim.replace("#", "{k=2}"))[-1] == "proved"


def test_two_weights_that_are_called_equal_are_supposed_to_be():
    assert verdicts(NET + "The picture is drawn for $A = B$.")[-1] == "undecided"


@pytest.mark.parametrize("loss", [r"\xi", "cost", r"\mathbf{J}", r"\xi_t", "E_t"])
def test_what_stands_only_on_top_of_derivatives_is_the_loss(loss: str):
    of = r"\frac{\partial LOSS}{\partial #}".replace("LOSS", loss)
    text = NET + r"$$q_t = C s_t$$" "\n\n" + f"$${of.replace('#', 's_{t-1}')} = SLOPE {of.replace('#', 's_t')} + C^\\top "
    text += of.replace("#", "q_{t-1}") + "$$"
    assert verdicts(text.replace("SLOPE", r"A^\top \operatorname{diag}(1 - s_t^2)"))[-1] == "proved"
    wrong = check_text(text.replace("SLOPE", r"\operatorname{diag}(1 - s_t^2) A^\top")).findings[-1]
    assert (wrong.verdict, wrong.code) == ("refuted", "E104")
    assert " L" not in (wrong.correction or " L")


def test_what_is_defined_and_differentiated_is_no_loss():
    text = NET + r"$$v = s_T^\top s_T$$" "\n\n" + (
        r"$$\frac{\partial v}{\partial s_T} = 2 s_T, \quad \frac{\partial v}{\partial s_T} = s_T$$")
    assert verdicts(text)[-2] in ("proved", "conditional")
    assert verdicts(text)[-1] == "refuted"


@pytest.mark.parametrize("environment", ["split", "aligned"])
def test_a_row_that_cannot_be_laid_out_hides_no_other_row(environment: str):
    rows = r"& a_t = \sigma(A s_{t-1} \\ & s_t = a_t \odot s_{t-1} + u_t \\[2pt] & q_t = C s_t"
    text = rf"$$\begin{{{environment}}} {rows} \end{{{environment}}}$$" "\n\n"
    findings = check_text(text).findings
    assert [f.verdict or f.kind for f in findings] == ["not_read", "model", "definition"]
    assert findings[1].column == text.index("s_t = a_t") + 1


@pytest.mark.parametrize("more", [
    r"+ \unknown{B} u_t", r"= \unknown{x}", r"\unknown{B} \sum_{k=1}^t u_k", r"\cdot \unknown{x} = s_t"])
def test_a_row_that_another_goes_on_with_does_not_stand_for_itself(more: str):
    text = NET + rf"$$\begin{{aligned}} \frac{{\partial s_t}}{{\partial s_{{t-1}}}} &= A \\ &{more} \end{{aligned}}$$"
    assert verdicts(text)[-1] == "not_read"


def test_kroneckers_delta_makes_no_components_of_steps_where_components_stand_behind_times():
    entries = r"$$\frac{\partial p_{t,j}}{\partial g_{t,k}} = p_{t,j} (\delta_{jk} - p_{t,k})$$" "\n\n"
    claim = r"$$\frac{\partial s_t}{\partial s_k} = \prod_{j=k+1}^{t} \frac{\partial s_j}{\partial s_{j-1}}$$"
    assert verdicts(SOFTMAX + entries + claim)[-2:] == ["proved", "proved"]
