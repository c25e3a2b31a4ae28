"""The named theorems: one row each, proved when asked for."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from lstm_sym.errors import UnknownName
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.rules import RULES
from lstm_sym.proof.theory import (
    bptt,
    cells,
    counterexamples,
    eigenvalues,
    growth,
    gru,
    jacobians,
    linear_net,
    lstm,
    lstm_memory,
    memory,
    quadratic,
    rates,
    rnn,
    scaled,
    states,
    two_states,
)


@dataclass(frozen=True, slots=True)
class NamedTheorem:
    """A theorem by its name.  prove: makes it in the kernel."""

    name: str
    prove: Callable[[], Theorem]

    @property
    def title(self) -> str:
        """What it says, one line."""
        return (self.prove.__doc__ or "").strip().splitlines()[0]


_T = NamedTheorem
_ROWS = (
    _T("bptt",                      bptt.tanh_gradient),
    _T("bptt-any",                  bptt.gradient),
    _T("bptt-smooth",               bptt.smooth_gradient),
    _T("bptt-sigmoid",              bptt.sigmoid_gradient),
    _T("bptt-relu",                 bptt.relu_gradient),
    _T("bptt-softplus",             bptt.softplus_gradient),
    _T("bptt-exp",                  bptt.exp_gradient),
    _T("bptt-tangent",              bptt.tanh_tangent),
    _T("product-bound",             rnn.product_bound),
    _T("rnn-jacobian-bound",        rnn.jacobian_bound),
    _T("rnn-gradient-bound",        rnn.gradient_bound),
    _T("rnn-vanishing",             rnn.jacobian_vanishes),
    _T("rnn-no-explosion",          rnn.no_explosion),
    _T("rnn-explosion-needs",       rnn.explosion_needs),
    _T("rnn-tanh",                  rnn.tanh_bound),
    _T("rnn-sigmoid",               rnn.sigmoid_bound),
    _T("rnn-horizon",               rnn.horizon),
    _T("rnn-scaling",               rnn.scaled_bound),
    _T("rnn-scaled-decay",          scaled.scaled_decay),
    _T("rnn-entrywise",             rnn.entrywise_bound),
    _T("rnn-nonnegative-vanishing", eigenvalues.nonnegative_vanishes),
    _T("rnn-normal",                eigenvalues.normal_bound),
    _T("rnn-triangular-vanishing",  eigenvalues.triangular_vanishes),
    _T("sigma-max",                 eigenvalues.largest_singular_value),
    _T("linear-vanishing",          linear_net.vanishes),
    _T("linear-vanishing-needs",    linear_net.vanishing_needs),
    _T("linear-lower-bound",        linear_net.powers_are_large),
    _T("linear-explosion",          linear_net.explodes),
    _T("rnn-lower-bound",           memory.lower_bound),
    _T("rnn-explosion",             memory.explosion),
    _T("fading-memory",             memory.fading_memory),
    _T("fading-memory-sigmoid",     memory.fading_memory_sigmoid),
    _T("memory-kept",               memory.memory_kept),
    _T("latch",                     memory.latch),
    _T("false-tanh",                counterexamples.tanh_net),
    _T("false-tanh-integers",       counterexamples.tanh_net_of_integers),
    _T("false-relu",                counterexamples.relu_net),
    _T("false-sigmoid",             counterexamples.sigmoid_net),
    _T("false-one-step",            counterexamples.one_step_growth),
    _T("false-tanh-cone",           counterexamples.tanh_net_in_a_cone),
    _T("false-alternating",         counterexamples.alternating_net),
    _T("false-negative-eigenvalue", counterexamples.negative_eigenvalue),
    _T("rank-one-growth",           growth.rank_one_growth),
    _T("quadratic-growth",          quadratic.quadratic_growth),
    _T("lstm-explodes",             counterexamples.lstm_explodes),
    _T("lstm-vanishes",             counterexamples.lstm_vanishes_with_open_gates),
    _T("cell-path",                 cells.cell_path),
    _T("cell-path-upper",           cells.cell_path_upper),
    _T("cell-path-lower",           cells.cell_path_lower),
    _T("carousel",                  cells.carousel),
    _T("lstm-1997",                 cells.truncated_path),
    _T("cell-state",                states.cell_state),
    _T("lstm-cell-state",           states.lstm_cell_state),
    _T("hidden-state",              cells.hidden_state_bound),
    _T("forget-bias",               cells.forget_bias),
    _T("forget-bias-needed",        cells.forget_bias_needed),
    _T("chrono-time",               cells.chrono_time),
    _T("chrono",                    cells.chrono_gates),
    _T("lstm-tangent",              jacobians.lstm_tangent),
    _T("lstm-blocks",               jacobians.lstm_blocks),
    _T("two-state-bound",           two_states.two_state_bound),
    _T("lstm-stable",               two_states.lstm_stable),
    _T("two-state-decay",           rates.two_state_decay),
    _T("two-state-vanishing",       rates.two_state_vanishing),
    _T("lstm-vanishing",            lstm.lstm_vanishing),
    _T("lstm-fading-memory",        lstm_memory.lstm_fading_memory),
    _T("lstm-direct-path",          two_states.direct_path_dominates),
    _T("gru-state",                 states.gru_state),
    _T("gru-candidate",             jacobians.gru_candidate),
    _T("gru-jacobian",              jacobians.gru_jacobian),
    _T("gru-after-candidate",       gru.gru_after_candidate),
    _T("gru-after-jacobian",        gru.gru_after_jacobian),
)
THEOREMS: dict[str, NamedTheorem] = {row.name: row for row in _ROWS}


def theorems() -> tuple[NamedTheorem, ...]:
    """Every row."""
    return _ROWS


@cache
def theorem(name: str) -> Theorem:
    """The theorem of this name, proved.  Errors: UnknownName, which lists the names."""
    if name not in THEOREMS:
        raise UnknownName(f"no theorem is called {name!r}; there are {', '.join(THEOREMS)}")
    return THEOREMS[name].prove()


def steps(t: Theorem) -> tuple[Theorem, ...]:
    """Every step of a proof once, premises first."""
    found: dict[int, Theorem] = {}
    pending = [(t, False)]
    while pending:
        x, ready = pending.pop()
        if ready:
            found.setdefault(id(x), x)
        elif id(x) not in found:
            pending.append((x, True))
            pending.extend((p, False) for p in reversed(x.premises))
    return tuple(found.values())


def cited(t: Theorem) -> dict[str, str]:
    """The rules with a source that a proof rests on."""
    return {s.rule: RULES[s.rule].source for s in steps(t) if s.rule in RULES and RULES[s.rule].source}
