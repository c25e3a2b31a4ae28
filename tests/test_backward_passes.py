"""Backward passes of gated nets as people write them: signs for gradients, words for steps, chains beside columns."""

import pytest

from lstm_sym.documents.check import check_text

LSTM = r"""
$$f_t = \sigma(U_f x_t + W_f h_{t-1} + b_f)$$
$$i_t = \sigma(U_i x_t + W_i h_{t-1} + b_i)$$
$$o_t = \sigma(U_o x_t + W_o h_{t-1} + b_o)$$
$$g_t = \tanh(U_g x_t + W_g h_{t-1} + b_g)$$
$$c_t = f_t \odot c_{t-1} + i_t \odot g_t$$
$$h_t = o_t \odot \tanh(c_t)$$
"""
ROWS = LSTM.replace("U_f x_t + W_f h_{t-1}", "[h_{t-1}, x_t] W_f")
for gate in "iog":
    ROWS = ROWS.replace(f"U_{gate} x_t + W_{gate} h_{{t-1}}", f"[h_{{t-1}}, x_t] W_{gate}")


def verdicts(model, *claims):
    """(verdict, code) of each claim, below a model."""
    checked = check_text(model + "\n\n" + "\n\n".join(f"$$ {claim} $$" for claim in claims))
    return [(f.verdict, f.code) for f in checked.findings if f.verdict is not None]


def test_a_name_under_an_accent_may_have_its_time_there():
    model = LSTM.replace("g_t", r"\tilde{c_t}")
    claim = r"\frac{\partial L}{\partial \tilde{c_t}} = \frac{\partial L}{\partial c_t} \odot i_t"
    assert verdicts(model, claim) == [("proved", None)]


def test_big_circles_between_operands_are_products():
    model = LSTM.replace(r"\odot", r"\bigodot")
    claim = r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \bigodot c_{t-1}"
    assert verdicts(model, claim) == [("proved", None)]


def test_rows_beside_one_another_are_one_row():
    claims = (r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_{t-1}",
              r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_t")
    assert verdicts(ROWS, *claims) == [("proved", None), ("refuted", "E103")]


def test_escaped_underscores_are_scripts():
    model = LSTM.replace("_", r"\_")
    claim = r"\frac{\partial L}{\partial f\_t} = \frac{\partial L}{\partial c\_t} \odot c\_{t-1}"
    assert verdicts(model, claim) == [("proved", None)]


def test_a_dot_between_operands_is_a_product():
    claim = r"\frac{\partial L}{\partial b_f} = \sum_t \frac{\partial L}{\partial c_t}.c_{t-1} \odot f_t \odot (1 - f_t)"
    assert verdicts(LSTM, claim) == [("proved", None)]


def test_a_display_that_begins_with_equals_goes_on():
    claims = (r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_{t-1}",
              r"= c_{t-1} \odot \frac{\partial L}{\partial c_t}")
    assert verdicts(LSTM, *claims) == [("proved", None), ("proved", None)]


@pytest.mark.parametrize("gate, value", [("f", "c_{t-1}"), ("i", "g_t"), ("g", "i_t")])
def test_no_layout_fits_a_chain_of_fractions_and_a_column_and_the_chain_rule_does(gate, value):
    claim = (rf"\frac{{\partial L}}{{\partial {gate}_t}}"
             rf" = \frac{{\partial L}}{{\partial c_t}} \frac{{\partial c_t}}{{\partial {gate}_t}}"
             rf" = \frac{{\partial L}}{{\partial c_t}} \odot {value}")
    assert {verdict for verdict, _ in verdicts(LSTM, claim)} <= {"proved", "conditional"}


def test_a_chain_of_fractions_can_be_false():
    claim = r"\frac{\partial L}{\partial c_t} \frac{\partial c_t}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot i_t"
    assert [verdict for verdict, _ in verdicts(LSTM, claim)] == ["refuted"]


def test_d_before_a_name_is_the_gradient_where_a_pass_runs_back():
    claims = (r"df_t = dc_t \odot c_{t-1}", r"di_t = dc_t \odot f_t", r"do_t = dh_t \odot \tanh(c_t)",
              r"dW_f = \sum_t df_t \odot f_t \odot (1 - f_t) h_{t-1}^\top")
    assert [verdict for verdict, _ in verdicts(LSTM, *claims)] == ["proved", "refuted", "proved", "conditional"]


def test_differentials_are_no_gradients():
    assert [verdict for verdict, _ in verdicts(LSTM, r"dh_t = o_t \odot (1 - \tanh^2(c_t)) \odot dc_t")] == ["undecided"]


def test_the_gradient_of_one_step_is_not_called_false_for_the_missing_sum():
    assert verdicts(LSTM, r"db_o = dh_t \odot \tanh(c_t) \odot o_t \odot (1 - o_t)") == [("undecided", None)]


@pytest.mark.parametrize("d", ["d", r"\delta "])
def test_what_comes_from_the_next_step_is_a_condition(d):
    total = rf"{d}c_t = {d}h_t \odot o_t \odot (1 - \tanh^2(c_t)) + {d}c_{{next}}"
    before = rf"{d}c_{{prev}} = {d}c_t \odot f_t"
    assert verdicts(LSTM, total, before) == [("conditional", "W204"), ("conditional", "W204")]


def test_a_wrong_sum_of_paths_is_not_proved_by_any_meaning():
    assert verdicts(LSTM, r"dc_t = dh_t \odot o_t + dc_{next}", r"dc_{prev} = dc_t \odot i_t") == [("undecided", "W204")] * 2


def test_a_part_of_a_gradient_may_be_defined():
    claims = (r"\delta c_t^{(h)} = \delta h_t \odot o_t \odot (1 - \tanh^2(c_t))",
              r"\delta c_t = \delta c_t^{(h)} + \delta c_{t+1} \odot f_{t+1}", r"\delta c_t = \delta c_t^{(h)} + \delta c_{t+1}")
    assert [verdict for verdict, _ in verdicts(LSTM, *claims)] == ["proved", "refuted"]


def test_what_is_added_later_is_one_claim_with_what_was_there():
    first = r"\frac{\partial L}{\partial c_t} = \frac{\partial L}{\partial h_t} \odot o_t \odot (1 - \tanh^2(c_t))"
    more = r"\frac{\partial L}{\partial c_t} += \frac{\partial L}{\partial c_{t+1}} \odot f_{t+1}"
    wrong = r"\frac{\partial L}{\partial c_t} += \frac{\partial L}{\partial c_{t+1}} \odot f_t"
    assert verdicts(LSTM, first) == [("refuted", "E108")]
    assert verdicts(LSTM, first, more) == [("proved", None)]
    assert [verdict for verdict, _ in verdicts(LSTM, first, wrong)] == ["refuted"]


def test_an_assignment_is_no_claim():
    assert verdicts(LSTM, r"W_f \leftarrow W_f - \eta \frac{\partial L}{\partial W_f}") == []


def test_a_name_without_its_time_is_at_t_and_nothing_is_false_for_that():
    claims = (r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c} \odot c_{t-1}",
              r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c} \odot c")
    assert verdicts(LSTM, *claims) == [("proved", None), ("undecided", None)]


def test_any_weight_is_each_of_the_weights():
    claims = (r"\frac{\partial L}{\partial W} = \sum_{t=1}^{T} \frac{\partial L_t}{\partial W}",
              r"\frac{\partial L}{\partial W} = 2 \sum_{t=1}^{T} \frac{\partial L_t}{\partial W}")
    assert verdicts(LSTM, *claims) == [("conditional", "W204"), ("undecided", "W204")]


def test_a_gradient_on_both_sides_is_not_called_false():
    claim = (r"\frac{\partial L}{\partial c_t} = \frac{\partial L}{\partial h_t} \odot o_t \odot (1 - \tanh^2(c_t))"
             r" + \frac{\partial L}{\partial c_t}")
    assert verdicts(LSTM, claim) == [("undecided", None)]
