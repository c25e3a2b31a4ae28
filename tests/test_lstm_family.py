"""The LSTM family and the GRUs are the published functions: recorded vectors, identities between models, other code."""

import json
from fractions import Fraction
from pathlib import Path

import gradients as witness
import numpy as np
import pytest

import lstm_sym as ls
from lstm_sym.cells.catalogue import MODELS, model
from lstm_sym.expr.evaluate import Evaluation, evaluate_affine
from lstm_sym.expr.indices import affine
from lstm_sym.expr.recurrence import Equation, once
from lstm_sym.notation.style import DELTA

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors_lstm.json").read_text(encoding="utf-8"))
SIZES = {"n": 2, "m": 2, "T": 3}
SMALL = {"n": 3, "m": 2, "T": 4}


# --- recorded values: Greff's names R (recurrent), W (input), z (candidate), y (state) -----------------------------

def ours(name: str) -> tuple[str, tuple[int, ...]]:
    """Greff's name of a quantity -> ours and its indices."""
    if name.endswith("0"):
        return {"y": "h"}.get(name[0], name[0]), (0,)
    kind, units = {"R": "W", "W": "U"}.get(name[0], name[0]), name[1:].replace("z", "g")
    return f"{kind}_{units}", ()


def column(values: list) -> np.ndarray:
    array = np.array(values, dtype=float)
    return array[:, None] if array.ndim == 1 else array


def with_recorded_loss(name: str) -> ls.Recurrence:
    """loss = sum of C[t]' h[t] + C_c' c[T]."""
    recurrence = model(name)
    (time,) = recurrence.axes
    t, T = time.index, time.length
    h, c = recurrence.quantity("h"), recurrence.quantity("c")
    C, Cc = ls.Named("C", *h.shape)[t], ls.Named("C_c", *c.shape)
    loss = ls.SumOver(C.T @ h, t, 1, T) + Cc.T @ c[T]
    return recurrence.then(once(Equation(witness.LOSS, loss)), given=(C, Cc))


def recorded(case: dict, recurrence: ls.Recurrence) -> witness.Values:
    """The values of a recorded case for the free quantities of `recurrence`."""
    values = {ours(name): column(value) for name, value in case["params"].items()}
    values |= {("x", (t,)): column(row) for t, row in enumerate(VECTORS["X"], 1)}
    values |= {("C", (t,)): column(row) for t, row in enumerate(VECTORS["C"], 1)} | {("C_c", ()): column(VECTORS["Cc"])}
    return {key: values[key] for q in recurrence.free for key in witness.members(recurrence, q, SIZES)}


@pytest.mark.parametrize("case", VECTORS["cases"])
def test_every_variant_has_the_recorded_states_loss_and_gradients(case):
    name = "lstm-" + {"V": "vanilla"}.get(case, case.lower())
    record, recurrence = VECTORS["cases"][case], with_recorded_loss(name)
    values = recorded(record, recurrence)
    back = Evaluation(ls.backward(recurrence, "L"), SIZES, values)
    found = {f"{state}{t}": back.quantity(recurrence.quantity(state), (t,)) for state in "hc" for t in (1, 2, 3)}
    expected = {f"{state}{t}": column(row) for state, key in (("h", "y"), ("c", "c"))
                for t, row in enumerate(record[key], 1)}
    assert witness.largest_gap(found, expected) < 1e-13
    assert abs(back(witness.LOSS)[0, 0] - record["loss"]) < 1e-13
    gradients = {(str(g.label.by), at): back.quantity(g, at) for g in back.recurrence.outputs if g.label.by.name != "x"
                 for _, at in witness.members(recurrence, g, SIZES)}
    recorded_gradients = {ours(key): column(value) for key, value in record["grads"].items()}
    assert witness.largest_gap(gradients, recorded_gradients) < 1e-13
    assert all(not value.any() for key, value in recorded_gradients.items() if key not in gradients)


# --- identities between models ------------------------------------------------------------------------------------

def states(name: str, values: witness.Values, sizes: dict[str, int] = SMALL, state: str = "h") -> np.ndarray:
    """The trajectory of a state."""
    recurrence = model(name)
    evaluation = Evaluation(recurrence, sizes, {k: np.asarray(v, dtype=float) for k, v in values.items()})
    return np.array([evaluation.quantity(recurrence.quantity(state), (t,)) for t in range(1, sizes["T"] + 1)])


def test_without_peepholes_the_vanilla_lstm_is_the_lstm():
    values = witness.drawn(model("lstm"), SMALL, seed=1)
    assert (states("lstm-np", values) == states("lstm", values)).all()
    no_peepholes = {(f"p_{k}", ()): np.zeros((3, 1)) for k in "ifo"}
    assert (states("lstm-peephole", values | no_peepholes) == states("lstm", values)).all()
    assert (states("lstm-vanilla", values | no_peepholes) == states("lstm-peephole", values | no_peepholes)).all()


def test_the_concatenated_lstm_is_the_lstm_whose_matrices_stand_side_by_side():
    values = witness.drawn(model("lstm"), SMALL, seed=2)
    side_by_side = {(f"W_{k}", ()): np.hstack([values[f"W_{k}", ()], values[f"U_{k}", ()]]) for k in "ifog"}
    assert np.allclose(states("lstm-concatenated", values | side_by_side), states("lstm", values), atol=1e-15)


def test_an_update_gate_that_renews_is_one_that_keeps_with_its_weights_negated():
    for form in ("gru", "gru-after"):
        values = witness.drawn(model(form), SMALL, seed=3)
        negated = {(f"{k}_z", ()): -values[f"{k}_z", ()] for k in "WUb"}
        assert np.allclose(states(f"{form}-renewing", values | negated), states(form, values), atol=1e-15)


def test_reset_before_and_reset_after_are_different_functions():
    values = witness.drawn(model("gru-after"), SMALL, seed=4) | {("d_g", ()): np.zeros((3, 1))}
    assert abs(states("gru", values) - states("gru-after", values)).max() > 1e-4


def test_the_squashing_functions_of_1997_are_scaled_sigmoids():
    """g = 4 sigma(a) - 2 and h = o o (2 sigma(c) - 1), as the paper writes them."""
    values = witness.drawn(model("lstm-1997"), SMALL, seed=5)
    v = {k: np.asarray(x, dtype=float) for k, x in values.items()}
    sigma = lambda a: 1 / (1 + np.exp(-a))
    h, c = v["h", (0,)], v["c", (0,)]
    for t in range(1, 5):
        i, o, net = (v[f"W_{k}", ()] @ h + v[f"U_{k}", ()] @ v["x", (t,)] + v[f"b_{k}", ()] for k in "iog")
        c = c + sigma(i) * (4 * sigma(net) - 2)
        h = sigma(o) * (2 * sigma(c) - 1)
    assert np.allclose(states("lstm-1997", values)[-1], h, atol=1e-15)


# --- published backward passes ------------------------------------------------------------------------------------

PUBLISHED = {
    "gru": (r"\delta a_{g,t} &= \delta h_t \odot \left(1 - z_t\right) \odot \left(1 - g_t^{2}\right)",
            r"\delta a_{z,t} &= \delta h_t \odot \left(h_{t-1} - g_t\right) \odot z_t \odot \left(1 - z_t\right)",
            r"\delta a_{r,t} &= \left(W_g^{\top} \delta a_{g,t}\right) \odot h_{t-1} \odot r_t "
            r"\odot \left(1 - r_t\right)",
            r"\delta W_g &= \sum_{t=1}^{T} \delta a_{g,t} \left(r_t \odot h_{t-1}\right)^{\top}"),
    "gru-after": (r"\delta a_{r,t} &= \delta a_{g,t} \odot q_t \odot r_t \odot \left(1 - r_t\right)",
                  r"\delta q_t &= \delta a_{g,t} \odot r_t",
                  r"\delta d_g &= \sum_{t=1}^{T} \delta q_t"),
    "lstm-vanilla": (r"\delta p_i &= \sum_{t=1}^{T} \delta a_{i,t} \odot c_{t-1}",
                     r"\delta p_o &= \sum_{t=1}^{T} \delta a_{o,t} \odot c_t",
                     r"\delta c_0 &= \delta a_{i,1} \odot p_i + \delta a_{f,1} \odot p_f + \delta c_1 \odot f_1"),
    "lstm-cifg": (r"\delta a_{i,t} &= \delta c_t \odot \left(g_t - c_{t-1}\right) \odot i_t "
                  r"\odot \left(1 - i_t\right)",),
    "lstm-1997": (r"\delta a_{g,t} &= \delta c_t \odot i_t \odot \left(1 - \theta_{g,t}^{2}\right)",
                  r"\delta c_0 &= \delta c_1"),
    "lstm-fgr":  (r"\delta W_{if} &= \sum_{t=1}^{T} \delta a_{f,t} i_{t-1}^{\top}",),
}


@pytest.mark.parametrize("name, expected", [(name, row) for name, rows in PUBLISHED.items() for row in rows])
def test_gradients_print_as_published(name, expected):
    assert expected in ls.latex(ls.backward(name), DELTA).replace(" \\\\\n", "\n").split("\n")


# --- counts and ranges --------------------------------------------------------------------------------------------

GATE = 12 + 16 + 4                                           # n m + n n + n
COUNTS = {"rnn": GATE, "lstm": 4 * GATE, "lstm-vanilla": 140, "lstm-fgr": 284, "lstm-np": 128, "lstm-niaf": 140,
          "lstm-nig": 140 - GATE - 4, "lstm-cifg": 140 - GATE - 4, "gru": 3 * GATE, "gru-after": 3 * GATE + 4}


@pytest.mark.parametrize("name, count", COUNTS.items())
def test_the_number_of_parameters_at_n_4_m_3_is_the_published_one(name, count):
    sizes = {"n": 4, "m": 3}
    assert sum(evaluate_affine(affine(p.shape[0]), sizes) * evaluate_affine(affine(p.shape[1]), sizes)
               for p in model(name).parameters) == count


@pytest.mark.parametrize("name", [name for name in MODELS if name.startswith("gru")])
def test_a_gru_stays_within_its_initial_state_and_1(name):
    values = {k: 16 * v for k, v in witness.drawn(model(name), SMALL, seed=6).items()}
    bound = max(1, max(abs(Fraction(e)) for e in values["h", (0,)].flat))
    assert abs(states(name, values)).max() <= bound


def test_torch_computes_the_same_lstm_and_gru():
    torch = pytest.importorskip("torch")
    for name, module, units in (("lstm", torch.nn.LSTM, "ifgo"), ("gru-after", torch.nn.GRU, "rzg")):
        net = module(2, 3, dtype=torch.float64)
        values = witness.drawn(model(name), SMALL, seed=8)
        v = {k: torch.tensor(np.asarray(x, dtype=float)) for k, x in values.items()}
        zero = torch.zeros(3, 1, dtype=torch.float64)
        with torch.no_grad():
            net.weight_hh_l0.copy_(torch.cat([v[f"W_{k}", ()] for k in units]))
            net.weight_ih_l0.copy_(torch.cat([v[f"U_{k}", ()] for k in units]))
            net.bias_ih_l0.copy_(torch.cat([v[f"b_{k}", ()] for k in units])[:, 0])
            net.bias_hh_l0.copy_(torch.cat([v.get((f"d_{k}", ()), zero) for k in units])[:, 0])
            start = tuple(v[s, (0,)].T[None] for s in MODELS[name].states)
            out, _ = net(torch.stack([v["x", (t,)].T for t in range(1, 5)]), start if len(start) > 1 else start[0])
        assert np.allclose(out[:, 0].numpy(), states(name, values)[:, :, 0], atol=1e-14)
