"""Every error of the project, one tree.  Messages say what, where, expected, got and what to do."""
from __future__ import annotations

from typing import Any


class LstmSymError(Exception):
    """Root of all errors raised on purpose."""


class ShapeMismatch(LstmSymError):
    """Two shapes that had to fit do not.  The text is written once it is read: repairs try thousands that do not fit."""

    @classmethod
    def between(cls, operation: str, left: Any, right: Any) -> ShapeMismatch:
        """left `operation` right, both shapes named."""
        return cls("shapes do not fit: {1.shape} {0} {2.shape} in ({1}) {0} ({2})", operation, left, right)

    def __str__(self) -> str:
        text, *values = self.args
        return str(text.format(*values) if values else text)


class NotAffine(LstmSymError):
    """A size or time index is not an integer-affine expression."""


class UnknownName(LstmSymError):
    """A quantity, model or theorem that was never introduced."""


class ModelError(LstmSymError):
    """A model is put together wrongly: a name used twice, a state never defined."""


class DomainViolation(LstmSymError):
    """A name is used at an index where it does not exist (h[T+1], x[0])."""


class Inexact(LstmSymError):
    """A value has no exact form in the arithmetic asked for."""


class NotDefined(LstmSymError):
    """The operation has no meaning for these arguments, as the Jacobian of a matrix by a matrix."""


class MissingRule(LstmSymError):
    """A rule table has no line for a node type: our bug, please report."""

    @classmethod
    def for_node(cls, table: str, node: Any) -> MissingRule:
        """`table` lacks a line for the type of `node`."""
        return cls(f"no {table} rule for {type(node).__name__} in {node}; add one line to the {table} table")


class BudgetExceeded(LstmSymError):
    """The work allowed for one question is used up; the question stays open."""


class DocumentError(LstmSymError):
    """A document cannot be read; the message carries path, line and column."""


class LayoutError(DocumentError):
    """A formula cannot be laid out: `text[start:end]` of its source is where reading stopped."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start, self.end = start, end


class NotLowered(LstmSymError):
    """A recurrence, or an expression in it, that the code generator has no program for."""


class BadArgument(LstmSymError):
    """An array given to a compiled net is missing, unknown, or of another shape or type than the model's."""


class NoCompiler(LstmSymError):
    """The C target needs a C compiler, and none works here."""


class Unreadable(DocumentError):
    """A formula is laid out but not understood: `span` of its source is where reading stopped."""

    def __init__(self, message: str, span: tuple[int, int]) -> None:
        super().__init__(message)
        self.span = span


class OutOfReach(Unreadable):
    """A formula is understood, and is of a kind that nothing here decides."""


INTERNAL = "internal error, please report it with the document"


class Broken(Unreadable):
    """Our bug at one formula: the others are judged none the less."""

    def __init__(self, bug: Exception) -> None:
        super().__init__(f"{INTERNAL}: {type(bug).__name__}: {bug}", (0, 0))


class Undeclared(Unreadable):
    """A name in a formula has no meaning: nothing in the document declares or defines it."""

    def __init__(self, name: str, span: tuple[int, int]) -> None:
        super().__init__(f"nothing that is read says what {name} is", span)
        self.name = name


class ProofError(LstmSymError):
    """A rule does not apply: a premise, a side condition, a shape or a certificate is not what the rule asks for."""


class BadMatrix(LstmSymError):
    """A matrix of numbers is not what is asked for: not square, empty, or with an entry that is no finite number."""
