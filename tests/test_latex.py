"""What is printed is what papers print, in any author's notation, and says one thing only."""

import gradients as witness
import pytest

import lstm_sym as ls
from lstm_sym.expr.evaluate import Evaluation
from lstm_sym.expr.functions import FUNCTIONS, apply
from lstm_sym.expr.indices import integers
from lstm_sym.expr.labels import Direct, Tangent, Total
from lstm_sym.expr.nodes import NODES, Elementwise, MatMul, Slice
from lstm_sym.notation.ends import forms
from lstm_sym.notation.latex import latex, text
from lstm_sym.notation.names import Parts, name_of, parts_of
from lstm_sym.notation.present import collected, inlined, present
from lstm_sym.notation.printer import LATEX
from lstm_sym.notation.style import DELTA, Style
from lstm_sym.notation.symbols import SYMBOLS, read

n, m, t, k, T = integers("n m t k T")
W, U, V = ls.Named("W", n, n), ls.Named("U", n, m), ls.Named("W_f", n, n)
h, c, x, a, b = (ls.Named(name, n)[t] for name in ("h", "c", "x", "a_f", "b"))
d = ls.Named(Total("L", "a_f"), n)[t]
s, z = ls.Named("eta", 1), ls.Named("z", 1)[t]
J = ls.Diag(1 - h * h) @ W

# --- the LSTM's backward pass, term by term, in names W recurrent, U input -------------------------------------

LSTM = r"""
\delta h_t &= \frac{\partial^{+} L}{\partial h_t} + W_i^{\top} \delta a_{i,t+1} + W_f^{\top} \delta a_{f,t+1}
    + W_o^{\top} \delta a_{o,t+1} + W_g^{\top} \delta a_{g,t+1}
\delta h_T &= \frac{\partial^{+} L}{\partial h_T}
\delta c_t &= \frac{\partial^{+} L}{\partial c_t} + \delta c_{t+1} \odot f_{t+1}
    + \delta h_t \odot o_t \odot \left(1 - \theta_t^{2}\right)
\delta c_T &= \frac{\partial^{+} L}{\partial c_T} + \delta h_T \odot o_T \odot \left(1 - \theta_T^{2}\right)
\delta a_{g,t} &= \delta c_t \odot i_t \odot \left(1 - g_t^{2}\right)
\delta a_{o,t} &= \delta h_t \odot \theta_t \odot o_t \odot \left(1 - o_t\right)
\delta a_{f,t} &= \delta c_t \odot c_{t-1} \odot f_t \odot \left(1 - f_t\right)
\delta a_{i,t} &= \delta c_t \odot g_t \odot i_t \odot \left(1 - i_t\right)
\delta W_i &= \sum_{t=1}^{T} \delta a_{i,t} h_{t-1}^{\top}
\delta W_f &= \sum_{t=1}^{T} \delta a_{f,t} h_{t-1}^{\top}
\delta W_o &= \sum_{t=1}^{T} \delta a_{o,t} h_{t-1}^{\top}
\delta W_g &= \sum_{t=1}^{T} \delta a_{g,t} h_{t-1}^{\top}
\delta U_i &= \sum_{t=1}^{T} \delta a_{i,t} x_t^{\top}
\delta U_f &= \sum_{t=1}^{T} \delta a_{f,t} x_t^{\top}
\delta U_o &= \sum_{t=1}^{T} \delta a_{o,t} x_t^{\top}
\delta U_g &= \sum_{t=1}^{T} \delta a_{g,t} x_t^{\top}
\delta b_i &= \sum_{t=1}^{T} \delta a_{i,t}
\delta b_f &= \sum_{t=1}^{T} \delta a_{f,t}
\delta b_o &= \sum_{t=1}^{T} \delta a_{o,t}
\delta b_g &= \sum_{t=1}^{T} \delta a_{g,t}
\delta x_t &= U_i^{\top} \delta a_{i,t} + U_f^{\top} \delta a_{f,t} + U_o^{\top} \delta a_{o,t}
    + U_g^{\top} \delta a_{g,t}
\delta h_0 &= W_i^{\top} \delta a_{i,1} + W_f^{\top} \delta a_{f,1} + W_o^{\top} \delta a_{o,1}
    + W_g^{\top} \delta a_{g,1}
\delta c_0 &= \delta c_1 \odot f_1
"""
RNN = r"""
a_t &= W h_{t-1} + U x_t + b
h_t &= \tanh\left(a_t\right)
\frac{\partial L}{\partial h_t} &= \frac{\partial^{+} L}{\partial h_t} + W^{\top} \frac{\partial L}{\partial a_{t+1}}
\frac{\partial L}{\partial h_T} &= \frac{\partial^{+} L}{\partial h_T}
\frac{\partial L}{\partial a_t} &= \frac{\partial L}{\partial h_t} \odot \left(1 - h_t^{2}\right)
\frac{\partial L}{\partial W} &= \sum_{t=1}^{T} \frac{\partial L}{\partial a_t} h_{t-1}^{\top}
\frac{\partial L}{\partial U} &= \sum_{t=1}^{T} \frac{\partial L}{\partial a_t} x_t^{\top}
\frac{\partial L}{\partial b} &= \sum_{t=1}^{T} \frac{\partial L}{\partial a_t}
\frac{\partial L}{\partial x_t} &= U^{\top} \frac{\partial L}{\partial a_t}
\frac{\partial L}{\partial h_0} &= W^{\top} \frac{\partial L}{\partial a_1}
"""


def rows(block: str) -> list[str]:
    """The rows of an aligned block, or of a listing above where a row may go on behind an indent."""
    body = block.replace(r"\begin{aligned}", "").replace(r"\end{aligned}", "").replace(" \\\\\n", "\n")
    return body.strip().replace("\n    ", " ").split("\n")


def test_backpropagation_through_the_lstm_prints_term_by_term_as_papers_print_it():
    forward = len(rows(latex(ls.as_recurrence("lstm"))))
    assert rows(ls.latex(ls.backward("lstm"), DELTA))[forward:] == rows(LSTM)


def test_backpropagation_through_the_rnn_prints_as_papers_print_it():
    assert rows(ls.latex(ls.backward("rnn"))) == rows(RNN)


def test_a_loss_at_the_last_step_gives_an_interior_form_without_a_direct_partial():
    printed = rows(ls.latex(ls.backward("rnn", "last"), DELTA))
    assert printed[2] == r"\delta h_t &= W^{\top} \delta a_{t+1}"
    assert printed[3] == r"\delta h_T &= \frac{\partial^{+} L}{\partial h_T}"


def test_the_concatenated_lstm_prints_its_blocks():
    printed = ls.latex(ls.backward("lstm-concatenated"), DELTA)
    assert r"v_t &= [h_{t-1}; x_t]" in printed
    assert r"\delta x_t &= \left(\delta v_t\right)_{n+1:m+n}" in printed
    assert r"\delta h_0 &= \left(\delta v_1\right)_{1:n}" in printed


# --- spellings -------------------------------------------------------------------------------------------------

SPELLINGS = {
    r"h_{t-1}":                                            h.previous,
    r"a_{f,t}":                                            a,
    r"W_f":                                                V,
    r"\theta_t":                                           ls.Named("theta", n)[t],
    r"\tilde{h}_t":                                        ls.Named("h_tilde", n)[t],
    r"W_{ii}":                                             ls.Named("W_ii", n, n),
    r"\mathrm{net}_{\mathrm{out},t}":                      ls.Named("net_out", n)[t],
    r"h_{1,t-1,T}":                                        ls.Named("h1", n)[t - 1, T],
    r"\frac{\partial L}{\partial h_t}":                    ls.Named(Total("L", "h"), n)[t],
    r"\frac{\partial^{+} L}{\partial h_t}":                ls.Named(Direct("L", "h"), n)[t],
    r"\frac{\partial h_t}{\partial h_k}":                  ls.Named(Total("h", "h", 1), n, n)[t, k],
    r"\dot{a}_{f,t}":                                      ls.Named(Tangent("a_f", "v"), n)[t],
    r"W^{\top} \frac{\partial L}{\partial a_{f,t}}":       W.T @ d,
    r"\frac{\partial L}{\partial a_{f,t}} h_{t-1}^{\top}": d @ h.previous.T,
    r"1 - h_t^{2}":                                        1 - h * h,
    r"h_t^{3} \odot c_t":                                  h * c * h * h,
    r"W \odot W":                                          W * W,
    r"\tanh^{2}\left(c_t\right)":                          ls.tanh(c) ** 2,
    r"\left(W h_t\right) \odot c_t":                       (W @ h) * c,
    r"W \left(h_t \odot c_t\right)":                       W @ (h * c),
    r"\left(h_t + c_t\right) \odot b_t":                   (h + c) * b,
    r"W \left(h_t - c_t\right)":                           W @ (h - c),
    r"h_t - \left(c_t + b_t\right)":                       ls.Add(h, ls.Scale(-1, c + b)),
    r"-h_t - c_t":                                         -h - c,
    r"2 h_t - \tfrac{1}{2} W c_t":                         2 * h - (W @ c) / 2,
    r"\tfrac{1}{T} \sum_{t=1}^{T} h_t":                    ls.SumOver(h, t, 1, T) / T,
    r"W \left(2 h_t\right)":                               MatMul(W, ls.Scale(2, h)),
    r"2 W h_t":                                            W @ (2 * h),
    r"\left(W + U U^{\top}\right)^{\top}":                 ls.Transpose(W + U @ U.T),
    r"U^{\top} W^{\top}":                                  (W @ U).T,
    r"\left(h_t \odot c_t\right)^{\top}":                  (h * c).T,
    r"\eta h_t":                                           s * h,
    r"\eta h_t \odot c_t":                                 s * h * c,
    r"\left(h_t^{\top} c_t\right) h_t":                    (h.T @ c) * h,
    r"\eta z_t^{2}":                                       s * z * z,
    r"\frac{h_t \odot c_t}{z_t}":                          (h * c) / z,
    r"\frac{1}{\eta z_t}":                                 apply("reciprocal", s * z),
    r"\sqrt{h_t + c_t}":                                   apply("sqrt", h + c),
    r"\frac{\exp\left(h_t\right)}{\mathbf{1}^{\top} \exp\left(h_t\right)}": ls.softmax(h),
    r"\sigma\left(W h_{t-1} + b_t\right)":                 ls.sigmoid(W @ h.previous + b),
    r"\phi'\left(h_t\right)":                              Elementwise("phi'", h),
    r"\operatorname{diag}\left(1 - h_t^{2}\right) W":      J,
    r"\mathbf{1}^{\top} h_t":                              ls.Ones(1, n) @ h,
    r"\mathbf{1}":                                         ls.Ones(n),
    r"2":                                                  2 * ls.Ones(1, 1),
    r"I - W":                                              ls.Identity(n) - W,
    r"[h_{t-1}; x_t]":                                     ls.stack(h.previous, x),
    r"\left(h_t\right)_{1:m}":                             Slice(h, 0, m),
    r"\sum_{t=1}^{T} \left(h_t + c_t\right)":              ls.SumOver(h + c, t, 1, T),
    r"\sum_{t=1}^{T} h_t + b_t":                           ls.SumOver(h, t, 1, T) + b,
    r"W \left(\sum_{t=1}^{T} h_t\right)":                  W @ ls.SumOver(h, t, 1, T),
    r"\prod_{t=k+1}^{T} \operatorname{diag}\left(h_t\right) W": ls.ProductOver(ls.Diag(h) @ W, t, k + 1, T),
    r"\prod_{t=T}^{k+1} \operatorname{diag}\left(h_t\right) W": ls.ProductOver(ls.Diag(h) @ W, t, k + 1, T, -1),
    r"\left(W^{\top}\right)^{T-t}":                        ls.ProductOver(W.T, k, t + 1, T),
    r"\left(\prod_{k=1}^{T} W\right) h_0":                  ls.ProductOver(W, k, 1, T) @ h[0],
    r"W^{T-1} h_0":                                        ls.ProductOver(W, k, 2, T) @ h[0],
    r"\left[t < T\right] h_{t+1}":                         ls.When(h[t + 1], T - t - 1),
    r"\left[k \le t\right] h_k":                           ls.When(h[k], t - k),
    r"\left[t = T\right] h_t":                             ls.When(h, T - t, t - T),
}


@pytest.mark.parametrize("expected, node", SPELLINGS.items(), ids=SPELLINGS.keys())
def test_an_expression_prints_with_the_fewest_parentheses_that_leave_it_one_reading(expected, node):
    assert latex(node) == expected


def test_different_nodes_print_differently():
    assert len({latex(node) for node in SPELLINGS.values()}) == len(SPELLINGS)


def test_every_node_type_has_a_line_in_the_printers_table():
    assert set(LATEX) == set(NODES)


# --- styles ----------------------------------------------------------------------------------------------------

def test_an_author_finds_his_own_notation_again():
    style = Style(names={"h": r"\mathbf{h}^{(#)}", "a_f": r"\mathbf{a}_f", "W": r"\mathbf{W}_{hh}", "T": "N", "c": "C"},
                  transpose="T", hadamard=r"\circ", total=r"\mathrm{d}")
    assert latex(W.T @ d, style) == r"\mathbf{W}_{hh}^{T} \frac{\mathrm{d} L}{\mathrm{d} \mathbf{a}_{f,t}}"
    assert latex(h.previous * c[T], style) == r"\mathbf{h}^{(t-1)} \circ C_N"
    assert latex(d @ h.previous.T, style).endswith(r"\left(\mathbf{h}^{(t-1)}\right)^{T}")
    assert latex(1 - h * h, style) == r"1 - \left(\mathbf{h}^{(t)}\right)^{2}"


def test_time_can_stand_as_a_superscript_everywhere():
    style = Style(index="^{(#)}")
    assert latex(a + h.previous, style) == "a_f^{(t)} + h^{(t-1)}"


def test_a_tangent_dots_the_letter_in_any_notation():
    tangent = ls.Named(Tangent("h", "v"), n)[t]
    assert latex(tangent, Style(names={"h": r"\mathbf{h}^{(#)}"})) == r"\dot{\mathbf{h}}^{(t)}"
    assert latex(tangent, Style(names={"h": "s_h"})) == r"\dot{s}_{h,t}"


def test_plain_text_says_the_same_for_a_terminal():
    assert text(W.T @ d + (1 - h * h) * c) == "W^T ∂L/∂a_{f,t} + (1 - h_t^2) ⊙ c_t"
    assert text((h * c) / z) == "(h_t ⊙ c_t)/z_t"
    assert "∂L/∂h_T = ∂⁺L/∂h_T" in ls.text(ls.backward("rnn")).split("\n")


# --- names and signs, both ways --------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["h", "W_f", "a_theta", "h_tilde", "net_out", "h_hat_1"])
def test_a_name_is_read_back_from_its_parts(name):
    assert name_of(parts_of(name)) == name


@pytest.mark.parametrize("parts", [Parts("h"), Parts("W", ("f",)), Parts("theta", ("c", "1"), ("tilde",))])
def test_parts_are_read_back_from_their_name(parts):
    assert parts_of(name_of(parts)) == parts


@pytest.mark.parametrize("symbol", SYMBOLS, ids=lambda s: s.meaning)
def test_every_sign_is_read_back_as_what_it_was_printed_for(symbol):
    assert symbol in read(symbol.latex) and all(symbol in read(spelling) for spelling in symbol.also)


def test_an_unknown_sign_is_nothing():
    assert read(r"\heartsuit") == ()


def test_no_two_functions_or_operators_share_a_spelling():
    for kind in ("function", "operator", "letter", "relation", "accent"):
        spellings = [spelling for s in SYMBOLS if s.kind == kind for spelling in {s.latex, *s.also}]
        assert sorted(spellings) == sorted({*spellings}), kind


def test_the_sign_of_a_function_stands_in_its_own_row():
    assert all(row in {s.meaning for s in read(FUNCTIONS[row].latex)} for row in FUNCTIONS)


# --- presentation ----------------------------------------------------------------------------------------------

def test_inlining_removes_equations_and_changes_no_value():
    loss, sizes = witness.linear_loss(ls.as_recurrence("lstm"), "every"), {"n": 2, "m": 3, "T": 3}
    values = witness.in_field(witness.drawn(loss, sizes, seed=5), witness.FLOAT)
    back = ls.backward(loss, "L")
    short = inlined(back)
    assert len(short.equations) == len(back.equations) - 5 and short.outputs == back.outputs
    full, less = (Evaluation(r, sizes, values) for r in (back, short))
    assert all(abs(full.quantity(g, at) - less.quantity(g, at)).max() < 1e-15
               for g in back.outputs for _, at in witness.members(back, g, sizes))


@pytest.mark.parametrize("loss", [None, "last"])
@pytest.mark.parametrize("name", ["rnn", "lstm", "lstm-concatenated", "lstm-fgr", "gru-after"])
def test_every_printed_equation_is_true_where_it_is_printed_for(name, loss):
    """Interior forms at t = 1 .. T - 1, end forms at their end."""
    back, sizes = ls.backward(name, loss), {"n": 2, "m": 3, "T": 4}
    values = Evaluation(back, sizes, witness.in_field(witness.drawn(back, sizes, seed=9), witness.FLOAT))
    for e in (e for scan in present(back) for e in scan.equations):
        for at in range(1, 4) if e.over else [1]:
            assert abs(values(e.lhs, {"t": at}) - values(e.rhs, {"t": at})).max() < 1e-15, text(e)


def test_conditions_on_two_axes_give_the_forms_at_each_end_and_at_the_corner():
    u, depth = ls.Named("u", n), ls.Axis(k, m)
    rhs = u[t, k] + ls.When(u[t + 1, k], T - t - 1) + ls.When(u[t, k - 1], k - 2)
    shown = forms(ls.Equation(ls.Named("s", n)[t, k], rhs, (ls.Axis(t, T), depth)), frozenset())
    assert [latex(e.lhs) + " = " + latex(e.rhs) for e in shown] == [
        "s_{t,k} = u_{t,k} + u_{t+1,k} + u_{t,k-1}", "s_{t,1} = u_{t,1} + u_{t+1,1}",
        "s_{T,k} = u_{T,k} + u_{T,k-1}", "s_{T,1} = u_{T,1}"]


def test_a_condition_that_no_end_decides_stays_in_brackets():
    e = ls.Equation(ls.Named("s", n)[t], ls.When(h, t - k), (ls.Axis(t, T),))
    assert [latex(shown) for shown in forms(e, frozenset())] == [r"s_t = \left[k \le t\right] h_t"]


def test_the_factor_that_all_terms_share_stands_in_front():
    assert latex(collected(h * c - 2 * (h * b))) == r"h_t \odot \left(c_t - 2 b_t\right)"
    assert collected(h * c + c * b + b * h) == h * c + c * b + b * h
    assert collected(h + h * c) == h + h * c
