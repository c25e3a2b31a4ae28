"""What a document may leave open, as data: conventions (one choice a document) and readings (one choice a formula)."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from itertools import product
from typing import Any

SHORT = "short"                                             # dz_t/dW = x_t', for what a gradient of z_t is multiplied by
SILENT = "silent"                                            # what a formula depends on that leaves out times
SHARE = "share"                                              # and on dW, which may be what one step adds
START = "start"                                              # a sum or product whose first step is not written


@dataclass(frozen=True, slots=True)
class Convention:
    """The first value of each field's choices is what is assumed where nothing is said.

    layout: "columns" gradients are columns and Jacobians output x input; "denominator" Jacobians are transposed too;
    "numerator" gradients are rows.  loss: reads every step, or the last only.  reads: the loss reads h, or every state.
    derivative: Jacobians of states are total, or direct partials where not written with d; "immediate": all of them.
    """

    layout: str = "columns"
    loss: str = "every"
    reads: str = "output"
    derivative: str = "total"


@dataclass(frozen=True, slots=True)
class Reading:
    """power: a superscript T on a matrix is a transpose or the power T.  order: which factor of a product over time is
    leftmost.  hadamard: juxtaposition binds tighter than o, or looser.  own: in d = d + ..., the second d is the direct
    partial or, as it is written, the total derivative again.  chain: dL/dh dh/do is that product, or, where gradients are
    columns, the column (dh/do)' dL/dh that the chain rule means."""

    power: str = "transpose"
    order: str = "as written"
    hadamard: str = "tight"
    own: str = "direct"
    chain: str = "as written"


def differing(a: Convention | Reading, b: Convention | Reading) -> int:
    """In how many choices they differ."""
    return sum(getattr(a, f.name) != getattr(b, f.name) for f in fields(a))


CHOICES: dict[str, tuple[str, ...]] = {
    "layout": ("columns", "denominator", "numerator"),
    "loss": ("every", "last"),
    "reads": ("output", "states"),
    "derivative": ("total", "direct"),
    "power": ("transpose", "power"),
    "order": ("as written", "reversed"),
    "hadamard": ("tight", "loose"),
    "own": ("direct", "total"),
    "chain": ("as written", "transposed"),
}


def conventions(declared: dict[str, str], choices: dict[str, tuple[str, ...]]) -> Iterator[Convention]:
    """Every convention among the open choices, the assumed one first."""
    yield from _all(Convention(), declared, choices)


def readings(relevant: frozenset[str]) -> Iterator[Reading]:
    """Every reading that differs in something relevant, the usual one first."""
    names = {f.name for f in fields(Reading)}
    yield from _all(Reading(), {}, {n: CHOICES[n] for n in CHOICES if n in names & relevant})


def _all(base: Any, fixed: dict[str, str], choices: dict[str, tuple[str, ...]]) -> Iterator[Any]:
    for values in product(*choices.values()):
        yield replace(base, **fixed, **dict(zip(choices, values, strict=True)))
