"""bound FILE.npy, bound --matrix ROWS: what a given recurrent matrix proves, printed with its certificates."""
from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

import numpy as np

from lstm_sym.cli.names import chosen
from lstm_sym.errors import BadMatrix
from lstm_sym.proof.balls import MOST
from lstm_sym.proof.certify import Enclosure, Report, certify
from lstm_sym.proof.decay import Decay
from lstm_sym.proof.growth import Growth
from lstm_sym.proof.kernel import Theorem
from lstm_sym.proof.nets import NETS
from lstm_sym.proof.recheck import recheck
from lstm_sym.proof.statements import Term
from lstm_sym.proof.write import text

ROWS = re.compile(r"\[\s*(\[[^\[\]]*\]\s*(?:,\s*\[[^\[\]]*\]\s*)*)\]")
ROW = re.compile(r"\[([^\[\]]*)\]")
NUMBER = re.compile(r"[+-]?(\d+/\d+|(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?)")
SHOWN = 12                                                   # entries of a vector that are printed
DIGITS = 8                                                   # decimals of an enclosure


def bounded(path: str, rows: str, activation: str, epsilon: str, format: str) -> str:
    """The report on a matrix.  Errors: BadMatrix, UnknownName."""
    show = FORMATS[chosen(format, FORMATS, "format")]
    net = chosen(activation, NETS, "activation")
    if bool(path) == bool(rows):
        raise BadMatrix("expected one matrix: a .npy file, or --matrix '[[2,-4],[1,-2]]'")
    return show(certify(read(path) if path else parsed(rows), net, number(epsilon, "--eps")))


# --- what is read -------------------------------------------------------------------------------------------------

def read(path: str) -> Any:
    """The array of a .npy file; nothing in it is executed.  Errors: BadMatrix."""
    if not Path(path).is_file():
        raise BadMatrix(f"{path}: there is no such file")
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError, zipfile.BadZipFile) as error:    # objects and pickles too
        raise BadMatrix(f"{path}: expected a matrix of numbers, as numpy.save writes it; this file is none") from error
    if not isinstance(array, np.ndarray):
        raise BadMatrix(f"{path}: expected one matrix, got an archive of {', '.join(array.files[:5])}; save one with numpy.save")
    if array.ndim == 2 and max(array.shape) > MOST:
        raise BadMatrix(f"{path}: expected at most {MOST} units, got {' x '.join(map(str, array.shape))}")
    return _with_place(path, array)


def _with_place(path: str, array: Any) -> Any:
    if array.ndim != 2 or array.dtype.kind not in "iuf":
        raise BadMatrix(f"{path}: expected a matrix of integers or floats, got shape {array.shape} of {array.dtype}")
    return np.asarray(array)


def parsed(rows: str) -> list[list[Fraction]]:
    """"[[2, -4], [1/2, 1e-3]]" as exact numbers.  Errors: BadMatrix."""
    whole = ROWS.fullmatch(rows.strip())
    if whole is None:
        raise BadMatrix(f"--matrix: expected rows such as [[2,-4],[1,-2]], got {rows[:60]!r}")
    return [[number(x, f"--matrix, row {i}, column {j}") for j, x in enumerate(row.split(","), 1)] if row.strip() else []
            for i, row in enumerate(ROW.findall(whole[1]), 1)]


def number(x: str, where: str) -> Fraction:
    """An integer, a fraction or a decimal, exact.  Errors: BadMatrix."""
    if NUMBER.fullmatch(x.strip()) is None or re.fullmatch(r".*/0+", x.strip()):
        raise BadMatrix(f"{where}: expected a number such as 2, -1/3 or 1e-6, got {x.strip()[:30]!r}")
    return Fraction(x.strip())


# --- text ---------------------------------------------------------------------------------------------------------

def as_text(report: Report) -> str:
    """For a terminal."""
    n = len(report.W)
    name = {"tanh": "tanh", "sigmoid": "σ", "relu": "relu"}.get(report.net.name)
    model = f"{name}(W h_{{t-1}} + x_t)" if name else "W h_{t-1} + x_t"
    return "\n".join((
        f"W: {n} x {n}, rank {report.rank}{'' if report.rank == n else ' (singular)'}; the net h_t = {model}",
        f"spectral radius  {_enclosed(report.radius)}", f"                 {report.radius.by}",
        f"sigma_max        {_enclosed(report.sigma_max)}",
        f"                 {report.sigma_max.by}{_of(report.sigma_max.theorem)}",
        "", *_conclusion(report))) + "\n"


def _conclusion(report: Report) -> Iterator[str]:
    if report.decay is not None:
        yield from _vanishing(report, report.decay)
    elif report.growth is not None:
        yield from _growing(report.growth)
    else:
        yield "gradients: neither vanishing for all inputs nor growth for some is certified"
        yield f"  no diagonal S with ||S W S^-1||_2 < {1 / report.net.largest} was found, and no inputs under which"
        yield "  gradients grow; that is no proof that there are none"


def _vanishing(report: Report, found: Decay) -> Iterator[str]:
    yield "gradients VANISH, whatever the inputs"
    yield f"  ||dh_T/dh_t||_2 <= {_at_most(found.spread)} * ({_at_most(found.rate)})^(T-t)"
    if report.horizon is None:
        yield f"  this bound is below {float(report.epsilon):g} only after more than a million steps"
    else:
        yield f"  this bound is below {float(report.epsilon):g} from T - t = {report.horizon} on"
    yield f"  because  |{report.net.name}'| <= {report.net.largest} and ||S W S^-1||_2 <= {_at_most(found.norm)}"
    yield f"           for S = diag({_vector(found.scale)})"
    balls = "theorem rnn-scaled-decay; c^2 I - V'V is positive definite for V = S W S^-1 (in balls)"
    by = "the kernel" if found.theorem else balls
    yield f"  by       {by}{_of(found.theorem)}"


def _growing(found: Growth) -> Iterator[str]:
    yield "gradients GROW without bound for some inputs"
    for t, (inputs, states) in enumerate(zip(found.inputs, found.states, strict=True), 1):
        yield f"  x_{t} = ({_vector(inputs)})"
        yield f"  h_{t} = ({_vector(states)})"
    yield f"  {'constant' if found.period == 1 else f'with period {found.period}'}, from h_0 = h_{found.period}; all exact"
    step = "k" if found.period == 1 else f"{{{found.period}k}}"
    yield f"  ||dh_{step}/dh_0||_2^2 >= {_decimal(found.factor, floor)} * ({found.rate})^k for all k"
    yield f"  because  J'QJ - y Q is positive definite for J = dh_{found.period}/dh_0, y = {found.rate}, and v'Qv > 0"
    yield f"           v = ({_vector(found.start)}); Q with --format json"
    by = "the kernel" if found.theorem else "theorem quadratic-growth, where the matrix is positive definite (in balls)"
    yield f"  by       {by}{_of(found.theorem)}"


def _of(theorem: Theorem | None) -> str:
    return f", {recheck(theorem)} steps replayed by the second reader" if theorem else ""


def _enclosed(x: Enclosure) -> str:
    if x.low == x.high:
        return f"= {_number(x.low)}"
    return f"in [{_decimal(x.low, floor)}, {_decimal(x.high, ceil)}]"


def _decimal(x: Fraction, rounding: Callable[[Fraction], int]) -> str:
    """A decimal not above, or not below x."""
    digits = DIGITS if x == 0 else max(DIGITS - floor(log10(max(abs(float(x)), 1e-300))), 0)
    return f"{float(Fraction(rounding(x * 10**digits), 10**digits)):.{DIGITS + 1}g}"


def _at_most(x: Fraction) -> str:
    """A short exact number, or a decimal that is not below x."""
    return str(x) if len(str(x)) <= 20 else _decimal(x, ceil)


def _number(x: Fraction) -> str:
    """A short exact number, or a decimal that says how it is rounded."""
    return str(x) if len(str(x)) <= 20 else f"{float(x):.10g}..."


def _vector(x: Sequence[Fraction | Term]) -> str:
    shown = [_number(e) if isinstance(e, Fraction) else text(e) for e in x[:SHOWN]]
    return ", ".join(shown) + (f", ... {len(x) - SHOWN} more with --format json" if len(x) > SHOWN else "")


# --- JSON ---------------------------------------------------------------------------------------------------------

def as_json(report: Report) -> str:
    """Every number as an exact string."""
    d, g = report.decay, report.growth
    data = {
        "version": 1, "size": len(report.W), "rank": report.rank, "activation": report.net.name, "slope": str(report.net.largest),
        "verdict": report.verdict, "spectral_radius": _ends(report.radius), "sigma_max": _ends(report.sigma_max),
        "epsilon": str(report.epsilon), "horizon": report.horizon,
        "decay": d and {"scale": _strings(d.scale), "norm": str(d.norm), "rate": str(d.rate), "spread": str(d.spread),
                        **_evidence(d.theorem)},
        "growth": g and {"period": g.period, "inputs": [_strings(x) for x in g.inputs], "states": [_strings(h) for h in g.states],
                         "jacobian": [_strings(row) for row in g.jacobian], "form": [_strings(row) for row in g.form],
                         "rate": str(g.rate), "start": _strings(g.start), **_evidence(g.theorem)}}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _ends(x: Enclosure) -> dict[str, Any]:
    return {"low": str(x.low), "high": str(x.high), "by": x.by, **_evidence(x.theorem)}


def _evidence(theorem: Theorem | None) -> dict[str, Any]:
    return {"evidence": "kernel" if theorem else "ball", "replayed_steps": recheck(theorem) if theorem else None,
            "statement": text(theorem.conclusion) if theorem else None}


def _strings(x: Iterable[Fraction | Term]) -> list[str]:
    return [str(e) if isinstance(e, Fraction) else text(e) for e in x]


FORMATS: dict[str, Callable[[Report], str]] = {"text": as_text, "json": as_json}
