"""Two functions the table lacks, one row each, planted before any other part of the package is read: a plugin of pytest."""

import sympy as sp

from lstm_sym.expr.functions import FUNCTIONS, ElementwiseFunction, F, apply

ROWS = (
    ElementwiseFunction(
        "cube", lambda x, y: 3 * x * x, lambda f, x, y: 3 * x * x,
        lambda x: x**3, lambda x: x**3, lambda x: x**3,
        r"\operatorname{cube}", r"cube Cube \cube",
        "({} ** 3)", "pow({}, 3)",
        parity=(F(0), -1), at_zero=F(0), exact=lambda x: x**3),
    ElementwiseFunction(
        "swish", lambda x, y: y + apply("sigmoid", x) * (1 - y), lambda f, x, y: y + f.apply("sigmoid", x) * (1 - y),
        lambda x: FUNCTIONS["sigmoid"].number(x) * x, lambda x: x / (1 + (-x).exp()), lambda x: x / (1 + sp.exp(-x)),
        r"\operatorname{swish}", "swish silu SiLU",
        "({0} * (0.5 + 0.5 * np.tanh(0.5 * {0})))", "({0} / (1 + exp(-({0}))))",
        F(-2, 7), None, F(11, 10), None, F(0), exact=lambda x: x * (1 - 1 / (1 + x.exponential(1)))),
)
FUNCTIONS.update({row.name: row for row in ROWS})
