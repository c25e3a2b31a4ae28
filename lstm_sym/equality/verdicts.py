"""Answers to "is a = b?": types, not booleans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Witness:
    """Values at which two sides differ: sizes and lengths, free quantities, the entry, both values.

    exact: the values are exact; else they are decimals of balls that do not meet.  interior: the indices `at` are as far
    from the ends of their ranges as the claim allows.
    """

    sizes: dict[str, int]
    assign: dict[str, list[list[str]]]
    entry: tuple[int, int]
    left: str
    right: str
    exact: bool
    at: dict[str, int] = field(default_factory=dict)
    interior: bool = True


@dataclass(frozen=True, slots=True)
class Equal:
    """Equal for all sizes, lengths and values; `evidence` is "normal-form" or "induction"; `steps` says how."""

    evidence: str = "normal-form"
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Different:
    """Not equal, and a certified witness says where."""

    witness: Witness


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither proved nor refuted, and why; agreement of numbers is evidence, never more."""

    reason: str
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def is_hard(self) -> bool:
        """Did it run out of its budget, or out of ways to a proof of what numbers do not speak against?"""
        return self.reason.startswith(("budget", "numbers agree"))


Answer: TypeAlias = Equal | Different | Undecided
