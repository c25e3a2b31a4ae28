"""Snippets of documents: a model as an author writes it, then equations about it with the verdict each must get.

One row an equation: LaTeX, verdict, code ("" for none).  The verdicts are those of the mathematics, worked out by hand.
"""
from __future__ import annotations

from dataclasses import dataclass

Row = tuple[str, str, str]


@dataclass(frozen=True)
class Snippet:
    """Lines before the claims (prose, declarations, model), and the claims."""

    name: str
    before: str
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """The document: one claim a line, behind the lines of the model."""
        return self.before + "\n" + "\n".join(f"$${latex}$$" for latex, _, _ in self.rows) + "\n"


RNN_NAMED = r"""
The loss may read the state at every step.
$$a_t = W h_{t-1} + U x_t + b, \qquad h_t = \tanh(a_t)$$
$$\delta_t = \frac{\partial L}{\partial a_t}$$
"""

RNN_LAST = r"""
The loss depends on the last state only.
$$h_t = \tanh(W h_{t-1} + U x_t + b)$$
"""

LSTM = r"""
The loss may read the state at every step.
$$i_t = \sigma(W_i h_{t-1} + U_i x_t + b_i)$$
$$f_t = \sigma(W_f h_{t-1} + U_f x_t + b_f)$$
$$o_t = \sigma(W_o h_{t-1} + U_o x_t + b_o)$$
$$g_t = \tanh(W_g h_{t-1} + U_g x_t + b_g)$$
$$c_t = f_t \odot c_{t-1} + i_t \odot g_t$$
$$h_t = o_t \odot \tanh(c_t)$$
"""

OLAH = r"""
The loss may read the state at every step.
$$f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)$$
$$i_t = \sigma(W_i \cdot [h_{t-1}, x_t] + b_i)$$
$$\tilde{C}_t = \tanh(W_C \cdot [h_{t-1}, x_t] + b_C)$$
$$C_t = f_t * C_{t-1} + i_t * \tilde{C}_t$$
$$o_t = \sigma(W_o \cdot [h_{t-1}, x_t] + b_o)$$
$$h_t = o_t * \tanh(C_t)$$
"""

LINEAR = r"""
The loss depends on the last state only.
$$h_t = W h_{t-1} + U x_t + b$$
"""

READOUT = r"""
There is a loss at every step.
$$h_t = \tanh(W h_{t-1} + U x_t + b)$$
$$y_t = V h_t + d$$
"""

SNIPPETS = (
    Snippet("rnn, true", RNN_NAMED, (
        (r"\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) W",                        "proved", ""),
        (r"\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t \odot h_t) W",                "proved", ""),
        (r"\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(\tanh'(a_t)) W",                      "proved", ""),
        (r"\frac{\partial h_t}{\partial h_{t-1}} = (I - \operatorname{diag}(h_t^2)) W",                      "proved", ""),
        (r"\frac{\partial h_t}{\partial a_t} = \mathrm{diag}(1 - \tanh^2(a_t))",                             "proved", ""),
        (r"\frac{\partial a_t}{\partial h_{t-1}} = W",                                                       "proved", ""),
        (r"\frac{\partial h_t}{\partial x_t} = \operatorname{diag}(1 - h_t^2) U",                            "proved", ""),
        (r"\frac{\partial L}{\partial h_t} = \frac{\partial^+ L}{\partial h_t} + W^\top \delta_{t+1}",       "proved", ""),
        (r"\delta_t = \frac{\partial L}{\partial h_t} \odot (1 - h_t^2)",                                    "proved", ""),
        (r"\delta_t = (1 - h_t^2) \circ \frac{\partial L}{\partial h_t}",                                    "proved", ""),
        (r"\delta_t = \operatorname{diag}(1 - h_t^2) \frac{\partial L}{\partial h_t}",                       "proved", ""),
        (r"\frac{\partial L}{\partial W} = \sum_{t=1}^{T} \delta_t h_{t-1}^\top",                            "proved", ""),
        (r"\frac{\partial L}{\partial W} = \sum_{t=0}^{T-1} \delta_{t+1} h_t^\top",                          "proved", ""),
        (r"\frac{\partial L}{\partial W} = \sum_t \delta_t h_{t-1}^{\top}",                                  "proved", ""),
        (r"\frac{\partial L}{\partial U} = \sum_{k=1}^{T} \delta_k x_k^\top",                                "proved", ""),
        (r"\nabla_U L = \sum_{t} \delta_t x_t^\top",                                                         "proved", ""),
        (r"\frac{\partial L}{\partial b} = \sum_{t=1}^{T} \delta_t",                                         "proved", ""),
        (r"\frac{\partial L}{\partial x_t} = U^\top \delta_t",                                               "proved", ""),
        (r"\frac{\partial L}{\partial h_0} = W^\top \delta_1",                                               "proved", ""),
        (r"\frac{\partial L}{\partial W} = \delta_1 h_0^\top + \sum_{t=2}^{T} \delta_t h_{t-1}^\top",        "proved", ""),
    )),
    Snippet("rnn, false", RNN_NAMED, (
        (r"\delta_t = \frac{\partial L}{\partial h_t}",                                                      "refuted", "E101"),
        (r"\delta_t = \frac{\partial L}{\partial h_t} \odot (1 - h_t^2) \odot (1 - h_t^2)",                  "refuted", "E107"),
        (r"\frac{\partial L}{\partial x_t} = U \delta_t",                                                    "refuted", "E102"),
        (r"\frac{\partial L}{\partial h_0} = W \delta_1",                                                    "refuted", "E102"),
        (r"\frac{\partial L}{\partial W} = \sum_{t=1}^{T} \delta_t h_t^\top",                                "refuted", "E103"),
        (r"\frac{\partial L}{\partial W} = \sum_{t=2}^{T} \delta_t h_{t-1}^\top",                            "refuted", "E103"),
        (r"\frac{\partial L}{\partial b} = \sum_{t=1}^{T-1} \delta_t",                                       "refuted", "E103"),
        (r"\frac{\partial L}{\partial b} = \sum_{t=1}^{T} \delta_{t-1}",                                     "refuted", "E103"),
        (r"\frac{\partial L}{\partial h_0} = W^\top \delta_0",                                               "refuted", "E103"),
        (r"\frac{\partial L}{\partial W} = \sum_{t=1}^{T} h_{t-1} \delta_t^\top",                            "refuted", "E102"),
        (r"\frac{\partial L}{\partial W} = \sum_{t=1}^{T} \delta_t \odot h_{t-1}",                           "refuted", "E105"),
        (r"\frac{\partial L}{\partial h_t} = \frac{\partial^+ L}{\partial h_t}",                             "refuted", "E108"),
        (r"\delta_t = W^\top \delta_{t+1} \odot (1 - h_t^2)",                                                "refuted", ""),
        (r"\frac{\partial h_t}{\partial h_{t-1}} = W",                                                       "refuted", "E101"),
        (r"\frac{\partial h_t}{\partial h_{t-1}} = W \operatorname{diag}(1 - h_t^2)",                        "refuted", "E104"),
        (r"\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_{t-1}^2) W",                    "refuted", "E103"),
        (r"\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) W \operatorname{diag}(1 - h_t^2)", "refuted", "E107"),
        (r"\frac{\partial h_t}{\partial x_t} = \operatorname{diag}(1 - h_t) U",                              "refuted", ""),
        (r"\frac{\partial L}{\partial U} = \sum_{t=1}^{T} \delta_t^\top x_t",                                "refuted", "E109"),
        (r"\tanh'(a_t) = 1 - h_t",                                                                           "refuted", ""),
    )),
    Snippet("rnn with the loss at the end", RNN_LAST, (
        (r"\frac{\partial L}{\partial h_t} = W^\top \operatorname{diag}(1 - h_{t+1}^2) \frac{\partial L}{\partial h_{t+1}}", "proved", ""),
        (r"\frac{\partial L}{\partial h_{t-1}} = W^\top \left((1 - h_t^2) \odot \frac{\partial L}{\partial h_t}\right)", "proved", ""),
        (r"\nabla_{h_t} L = W^\top \left(\nabla_{h_{t+1}} L \odot (1 - h_{t+1}^2)\right)",                   "proved", ""),
        (r"\frac{\partial L}{\partial h_t} = \left(\frac{\partial h_{t+1}}{\partial h_t}\right)^\top \frac{\partial L}{\partial h_{t+1}}", "proved", ""),
        (r"\frac{\partial L}{\partial h_t} = \left(\frac{\partial h_T}{\partial h_t}\right)^\top \frac{\partial L}{\partial h_T}", "proved", ""),
        (r"\frac{\partial h_T}{\partial h_t} = \prod_{k=t+1}^{T} \operatorname{diag}(1 - h_k^2) W",          "proved", ""),
        (r"\frac{\partial h_T}{\partial h_0} = \prod_{k=1}^{T} \operatorname{diag}(1 - h_k^2) W",            "proved", ""),
        (r"\frac{\partial h_T}{\partial h_t} = \prod_{k=t+1}^{T} \frac{\partial h_k}{\partial h_{k-1}}",     "proved", ""),
        (r"\frac{\partial h_t}{\partial h_k} = \prod_{j=k+1}^{t} \frac{\partial h_j}{\partial h_{j-1}}",     "proved", ""),
        (r"\frac{\partial h_T}{\partial h_t} = \frac{\partial h_T}{\partial h_{T-1}} \cdots \frac{\partial h_{t+1}}{\partial h_t}", "proved", ""),
        (r"\frac{\partial L}{\partial h_0} = \left(\prod_{k=1}^{T} W^\top \operatorname{diag}(1 - h_k^2)\right) \frac{\partial L}{\partial h_T}", "proved", ""),
        (r"\frac{\partial L}{\partial h_t} = W^\top \frac{\partial L}{\partial h_{t+1}}",                    "refuted", "E101"),
        (r"\frac{\partial L}{\partial h_t} = W^T \cdot \frac{\partial L}{\partial h_{t+1}}",                 "refuted", "E101"),
        (r"\frac{\partial L}{\partial h_t} = W \operatorname{diag}(1 - h_{t+1}^2) \frac{\partial L}{\partial h_{t+1}}", "refuted", "E102"),
        (r"\frac{\partial L}{\partial h_t} = \operatorname{diag}(1 - h_{t+1}^2) W^\top \frac{\partial L}{\partial h_{t+1}}", "refuted", "E104"),
        (r"\frac{\partial L}{\partial h_t} = W^\top \operatorname{diag}(1 - h_t^2) \frac{\partial L}{\partial h_{t+1}}", "refuted", "E103"),
        (r"\frac{\partial L}{\partial h_0} = (W^\top)^T \frac{\partial L}{\partial h_T}",                    "refuted", "E101"),
        (r"\frac{\partial L}{\partial h_0} = (W^T)^T \cdot (W^T)^{T-1} \cdots (W^T) \frac{\partial L}{\partial h_t}", "refuted", "E110"),
        (r"\frac{\partial h_T}{\partial h_t} = W^{T-t}",                                                     "refuted", "E101"),
    )),
    Snippet("lstm, true", LSTM, (
        (r"\frac{\partial L}{\partial o_t} = \frac{\partial L}{\partial h_t} \odot \tanh(c_t)",              "proved", ""),
        (r"\frac{\partial L}{\partial c_t} = \frac{\partial L}{\partial h_t} \odot o_t \odot (1 - \tanh^2(c_t)) + \frac{\partial L}{\partial c_{t+1}} \odot f_{t+1}", "proved", ""),
        (r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_{t-1}",                 "proved", ""),
        (r"\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \circ g_t",                     "proved", ""),
        (r"\frac{\partial L}{\partial g_t} = i_t \odot \frac{\partial L}{\partial c_t}",                     "proved", ""),
        (r"\frac{\partial L}{\partial W_f} = \sum_{t=1}^{T} \left(\frac{\partial L}{\partial f_t} \odot f_t \odot (1 - f_t)\right) h_{t-1}^\top", "proved", ""),
        (r"\frac{\partial L}{\partial U_g} = \sum_{t=1}^{T} \left(\frac{\partial L}{\partial g_t} \odot (1 - g_t^2)\right) x_t^\top", "proved", ""),
        (r"\frac{\partial L}{\partial b_o} = \sum_{t=1}^{T} \frac{\partial L}{\partial o_t} \odot o_t \odot (1 - o_t)", "proved", ""),
        (r"\frac{\partial^+ c_t}{\partial c_{t-1}} = \operatorname{diag}(f_t)",                              "proved", ""),
        (r"\frac{\partial L}{\partial c_0} = f_1 \odot \frac{\partial L}{\partial c_1}",                     "proved", ""),
        (r"c_t - f_t \odot c_{t-1} = i_t \odot g_t",                                                         "proved", ""),
        (r"\tanh(c_t) \odot o_t = h_t",                                                                      "proved", ""),
    )),
    Snippet("lstm, false", LSTM, (
        (r"\frac{\partial L}{\partial c_t} = \frac{\partial L}{\partial h_t} \odot o_t + \frac{\partial L}{\partial c_{t+1}} \odot f_{t+1}", "refuted", "E101"),
        (r"\frac{\partial L}{\partial c_t} = \frac{\partial L}{\partial h_t} \odot o_t \odot (1 - \tanh^2(c_t))", "refuted", "E108"),
        (r"\frac{\partial L}{\partial c_t} = \frac{\partial L}{\partial h_t} \odot o_t \odot (1 - \tanh^2(c_t)) + \frac{\partial L}{\partial c_{t+1}} \odot f_t", "refuted", "E103"),
        (r"\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_t",                     "refuted", "E103"),
        (r"\frac{\partial L}{\partial o_t} = \frac{\partial L}{\partial h_t} \odot c_t",                     "refuted", ""),
        (r"\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \odot i_t",                     "refuted", ""),
        (r"\frac{\partial L}{\partial W_f} = \sum_{t=1}^{T} \frac{\partial L}{\partial f_t} h_{t-1}^\top",   "refuted", "E101"),
        (r"\frac{\partial L}{\partial W_i} = \sum_{t=1}^{T} \left(\frac{\partial L}{\partial i_t} \odot i_t \odot (1 - i_t)\right) h_t^\top", "refuted", "E103"),
        (r"\frac{\partial L}{\partial b_f} = \frac{\partial L}{\partial f_t} \odot f_t \odot (1 - f_t)",     "refuted", "E108"),
        (r"c_t = f_t \odot c_{t-1} + g_t",                                                                   "refuted", ""),
        (r"h_t = o_t \odot c_t",                                                                             "refuted", ""),
        (r"\frac{\mathrm{d} c_t}{\mathrm{d} c_{t-1}} = \operatorname{diag}(f_t)",                            "refuted", "E112"),
    )),
    Snippet("lstm, partial or total", LSTM, (
        (r"\frac{\partial c_t}{\partial c_{t-1}} = \operatorname{diag}(f_t)",                                "conditional", "E112"),
        (r"\frac{\partial L}{\partial c_t} = \frac{\partial L}{\partial h_t} \odot o_t \odot (1 - \tanh^2(c_t)) + f_{t+1} \odot \frac{\partial L}{\partial c_{t+1}}", "proved", ""),
    )),
    Snippet("lstm as Olah writes it", OLAH, (
        (r"\frac{\partial L}{\partial C_t} = \frac{\partial L}{\partial h_t} * o_t * (1 - \tanh^2(C_t)) + \frac{\partial L}{\partial C_{t+1}} * f_{t+1}", "proved", ""),
        (r"\frac{\partial L}{\partial \tilde{C}_t} = \frac{\partial L}{\partial C_t} * i_t",                 "proved", ""),
        (r"\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial C_t} * \tilde{C}_t",                 "proved", ""),
        (r"\frac{\partial L}{\partial W_f} = \sum_{t=1}^T \left(\frac{\partial L}{\partial f_t} * f_t * (1 - f_t)\right) [h_{t-1}, x_t]^\top", "proved", ""),
        (r"\frac{\partial L}{\partial b_C} = \sum_{t=1}^T \frac{\partial L}{\partial \tilde{C}_t} * (1 - \tilde{C}_t^2)", "proved", ""),
        (r"\frac{\partial L}{\partial C_t} = \frac{\partial L}{\partial h_t} * o_t + \frac{\partial L}{\partial C_{t+1}} * f_{t+1}", "refuted", "E101"),
        (r"\frac{\partial L}{\partial \tilde{C}_t} = \frac{\partial L}{\partial C_t} * f_t",                 "refuted", ""),
        (r"C_t = f_t * C_{t-1} + i_t * \tilde{C}_{t-1}",                                                     "refuted", "E103"),
    )),
    Snippet("linear network", LINEAR, (
        (r"\frac{\partial h_t}{\partial h_{t-1}} = W",                                                       "proved", ""),
        (r"\frac{\partial h_T}{\partial h_t} = W^{T-t}",                                                     "proved", ""),
        (r"\frac{\partial L}{\partial h_t} = W^\top \frac{\partial L}{\partial h_{t+1}}",                    "proved", ""),
        (r"\frac{\partial L}{\partial h_t} = (W^\top)^{T-t} \frac{\partial L}{\partial h_T}",                "proved", ""),
        (r"\frac{\partial L}{\partial h_0} = (W^\top)^{T} \frac{\partial L}{\partial h_T}",                  "proved", ""),
        (r"h_t = W^t h_0 + \sum_{k=1}^{t} W^{t-k} (U x_k + b)",                                              "proved", ""),
        (r"\frac{\partial h_t}{\partial x_t} = U",                                                           "proved", ""),
        (r"\frac{\partial L}{\partial h_t} = W^{T-t} \frac{\partial L}{\partial h_T}",                       "refuted", "E102"),
        (r"\frac{\partial L}{\partial h_t} = (W^\top)^{T-t+1} \frac{\partial L}{\partial h_T}",              "refuted", "E110"),
        (r"\frac{\partial h_T}{\partial h_t} = W^{T}",                                                       "refuted", "E110"),
        (r"\frac{\partial L}{\partial h_t} = W \frac{\partial L}{\partial h_{t+1}}",                         "refuted", "E102"),
    )),
    Snippet("readout", READOUT, (
        (r"\frac{\partial L}{\partial V} = \sum_{t=1}^{T} \frac{\partial L}{\partial y_t} h_t^\top",         "proved", ""),
        (r"\frac{\partial L}{\partial d} = \sum_{t=1}^{T} \frac{\partial L}{\partial y_t}",                  "proved", ""),
        (r"\frac{\partial L}{\partial h_T} = V^\top \frac{\partial L}{\partial y_T}",                        "proved", ""),
        (r"\frac{\partial L}{\partial h_t} = V^\top \frac{\partial L}{\partial y_t} + W^\top \operatorname{diag}(1 - h_{t+1}^2) \frac{\partial L}{\partial h_{t+1}}", "proved", ""),
        (r"\frac{\partial y_t}{\partial h_t} = V",                                                           "proved", ""),
        (r"\frac{\partial L}{\partial V} = \sum_{t=1}^{T} \frac{\partial L}{\partial y_t} h_{t-1}^\top",     "refuted", "E103"),
        (r"\frac{\partial L}{\partial V} = \frac{\partial L}{\partial y_t} h_t^\top",                        "refuted", "E108"),
        (r"\frac{\partial L}{\partial h_t} = V^\top \frac{\partial L}{\partial y_t}",                        "refuted", "E108"),
        (r"\frac{\partial L}{\partial V} = \sum_{t=1}^{T} h_t \frac{\partial L}{\partial y_t}^\top",         "refuted", ""),
    )),
    Snippet("one unit", "The loss depends on the last state only.\n$$h_t = \\tanh(w h_{t-1} + u x_t + b)$$", (
        (r"\frac{\partial h_t}{\partial h_{t-1}} = w (1 - h_t^2)",                                           "proved", ""),
        (r"\frac{\partial h_t}{\partial h_{t-1}} = (1 - h_t^2) w",                                           "proved", ""),
        (r"\frac{\partial L}{\partial h_t} = w (1 - h_{t+1}^2) \frac{\partial L}{\partial h_{t+1}}",         "proved", ""),
        (r"\frac{\partial L}{\partial w} = \sum_{t=1}^{T} \frac{\partial L}{\partial h_t} (1 - h_t^2) h_{t-1}", "proved", ""),
        (r"\frac{\partial h_t}{\partial h_{t-1}} = w",                                                       "refuted", "E101"),
        (r"\frac{\partial L}{\partial w} = \sum_{t=1}^{T} \frac{\partial L}{\partial h_t} h_{t-1}",          "refuted", "E101"),
    )),
    Snippet("superscript times", "The loss may read the state at every step.\n" + r"""
$$a^{(t)} = b + W h^{(t-1)} + U x^{(t)}$$
$$h^{(t)} = \tanh(a^{(t)})$$""", (
        (r"\nabla_{a^{(t)}} L = \operatorname{diag}\left(1 - (h^{(t)})^2\right) \nabla_{h^{(t)}} L",         "proved", ""),
        (r"\nabla_{b} L = \sum_t \operatorname{diag}\left(1 - (h^{(t)})^2\right) \nabla_{h^{(t)}} L",        "proved", ""),
        (r"\nabla_{W} L = \sum_t \operatorname{diag}\left(1 - (h^{(t)})^2\right) (\nabla_{h^{(t)}} L) h^{(t-1)\top}", "proved", ""),
        (r"\nabla_{W} L = \sum_t (\nabla_{h^{(t)}} L) h^{(t-1)\top}",                                        "refuted", "E101"),
    )),
    Snippet("double subscripts and Jekyll's spelling", "The loss may read the state at every step.\n" + r"""
$$z_t = W_{hh} h_{t-1} + W_{xh} x_t + b_h$$
$$h_t = tanh(z_t)$$""", (
        (r"\frac{\partial \mathcal{L}}{\partial z_t} = \frac{\partial \mathcal{L}}{\partial h_t} \odot (1 - h_t^2)", "proved", ""),
        (r"\frac{\partial \mathcal{L}}{\partial W_{hh}} = \sum_{t=1}^{T} \frac{\partial \mathcal{L}}{\partial z_t} h_{t-1}^T", "proved", ""),
        (r"\frac{\partial \mathcal{L}}{\partial W_{xh}} = \sum_{t=1}^{T} \frac{\partial \mathcal{L}}{\partial z_t} x_t^T", "proved", ""),
        (r"\frac{\partial \mathcal{L}}{\partial W_{xh}} = \sum_{t=1}^{T} \frac{\partial \mathcal{L}}{\partial z_t} h_{t-1}^T", "refuted", "E109"),
    )),
    Snippet("what is not decided and what is not read", RNN_LAST, (
        (r"\frac{\partial L}{\partial W} = \sum_{t} \frac{\partial L}{\partial h_t} \frac{\partial h_t}{\partial W}", "not_read", "N301"),
        (r"\frac{\partial L}{\partial h_0} \approx 0",                                                       "undecided", ""),
        (r"\frac{\partial L}{\partial q_t} = W^\top \frac{\partial L}{\partial h_t}",                        "not_read", "N301"),
        (r"\frac{\partial L}{\partial h_t} = \oint W",                                                       "not_read", "N301"),
    )),
    Snippet("loss left open", "$$h_t = \\tanh(W h_{t-1} + U x_t + b)$$", (
        (r"\frac{\partial L}{\partial h_t} = \frac{\partial^+ L}{\partial h_t} + W^\top \operatorname{diag}(1 - h_{t+1}^2) \frac{\partial L}{\partial h_{t+1}}", "proved", ""),
        (r"\frac{\partial L}{\partial h_T} = \frac{\partial^+ L}{\partial h_T}",                         "proved", ""),
        (r"\frac{\partial L}{\partial h_t} = W^\top \operatorname{diag}(1 - h_{t+1}^2) \frac{\partial L}{\partial h_{t+1}}", "conditional", "E108"),
        (r"\frac{\partial h_t}{\partial h_{t-1}} = W^\top \operatorname{diag}(1 - h_t^2)",                 "conditional", "E111"),
        (r"\frac{\partial h_t}{\partial x_t} = \operatorname{diag}(1 - h_t^2) U",                          "proved", ""),
    )),
    Snippet("an initial state of zero", r"""
The loss may read the state at every step.
$$h_t = \tanh(W h_{t-1} + U x_t + b), \qquad h_0 = 0$$
""", (
        (r"h_1 = \tanh(U x_1 + b)",                                                                          "proved", ""),
        (r"h_1 = \tanh(U x_1)",                                                                              "refuted", ""),
    )),
    Snippet("loss at the last step by definition", r"""
$$h_t = \tanh(W h_{t-1} + U x_t + b)$$
$$L = \ell(h_T)$$
""", (
        (r"\frac{\partial L}{\partial h_t} = W^\top \operatorname{diag}(1 - h_{t+1}^2) \frac{\partial L}{\partial h_{t+1}}", "proved", ""),
        (r"\frac{\partial L}{\partial h_t} = W^\top \frac{\partial L}{\partial h_{t+1}}",                  "refuted", "E101"),
    )),
    Snippet("losses at all steps by definition", r"""
$$h_t = \tanh(W h_{t-1} + U x_t + b)$$
$$L = \sum_{t=1}^{T} L_t$$
""", (
        (r"\frac{\partial L}{\partial h_t} = \frac{\partial L_t}{\partial h_t} + W^\top \operatorname{diag}(1 - h_{t+1}^2) \frac{\partial L}{\partial h_{t+1}}", "proved", ""),
        (r"\frac{\partial L}{\partial h_t} = W^\top \operatorname{diag}(1 - h_{t+1}^2) \frac{\partial L}{\partial h_{t+1}}", "refuted", "E108"),
    )),
    Snippet("a quadratic loss", r"""
$$h_t = \tanh(W h_{t-1} + U x_t + b)$$
$$L = \frac{1}{2} (h_T - y)^\top (h_T - y)$$
""", (
        (r"\frac{\partial L}{\partial h_T} = h_T - y",                                                      "proved", ""),
        (r"\frac{\partial L}{\partial h_T} = h_T + y",                                                      "refuted", ""),
    )),
    Snippet("a squared distance under another letter", r"""
$$h_t = \tanh(W h_{t-1} + U x_t + b)$$
$$J = \frac{1}{2} \|h_T - y\|^2$$
""", (
        (r"\frac{\partial J}{\partial h_T} = h_T - y",                                                      "proved", ""),
        (r"\frac{\partial J}{\partial h_{T}} = 2 (h_T - y)",                                                "refuted", ""),
    )),
    Snippet("activations", RNN_LAST, (
        (r"\tanh'(x) = 1 - \tanh^2(x)",                                                                      "proved", ""),
        (r"\sigma'(z) = \sigma(z)(1 - \sigma(z))",                                                           "proved", ""),
        (r"\tanh(z) = 2\sigma(2z) - 1",                                                                      "proved", ""),
        (r"\sigma'(z) = 1 - \sigma^2(z)",                                                                    "refuted", ""),
        (r"-1 \le \tanh \le 1",                                                                              "proved", ""),
        (r"0 < \sigma < 1",                                                                                  "proved", ""),
    )),
)
